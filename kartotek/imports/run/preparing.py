"""Before an import: open the file, guess what was not said, refuse what cannot be done, put the import in line."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, files, imports, lists, preferences, properties, rehearsals
from kartotek.imports import check, mapping, settle
from kartotek.imports.run import sources
from kartotek.imports.run.sources import Upload
from kartotek.imports.table import Choices, ObjectPlan, Plan, Sheet, SourcePlan
from kartotek.model.catalogue import Catalogue
from kartotek.model.imports import File
from kartotek.model.people import Actor
from kartotek.settings import Settings
from kartotek.values import Reading

_SAID = (
    "dates",
    "numbers",
    "country",
    "zone",
    "short_rows_are_empty",
    "list",
    "legal_basis",
)
_SAMPLE = 100  # rows that guesses may look at


@dataclass(frozen=True, slots=True)
class Prepared:
    """Files with a plan that can be carried out. `sheets`: of each of the plan's sources; `digests`: of each file."""

    uploads: tuple[Upload, ...]
    sheets: tuple[Sheet, ...]
    plan: Plan
    digests: tuple[bytes, ...]


def prepare(
    tx: Tx, actor: Actor, settings: Settings, uploads: Sequence[Upload], scratch: Path, choices: Choices
) -> Prepared:
    """Guesses what was not said, and refuses with a sentence what cannot be guessed or carried out."""
    with digested(uploads) as digests:
        known = catalogue.load(tx)
        chosen = sources.chosen(settings, uploads, choices, scratch)
        sheets = sources.open_all(settings, uploads, chosen, scratch)
        plan = plan_for(known, sheets, chosen, choices, preferences.of_actor(tx, actor).language)
        access.require_import(actor, [known.object_type(one.object_type) for one in plan.objects])
        mapping.check_plan(plan, known.object_types)
        plan = settled(known, sheets, plan, settings.import_batch)
        return Prepared(tuple(uploads), sheets, plan, tuple(digests))


@contextmanager
def digested(uploads: Sequence[Upload]) -> Iterator[Iterator[bytes]]:
    """The digests of the files, worked out while these are looked at."""
    with ThreadPoolExecutor(1) as beside:
        yield beside.map(files.digest_of, [one.path for one in uploads])


def plan_for(
    known: Catalogue,
    sheets: Sequence[Sheet],
    chosen: tuple[SourcePlan, ...],
    choices: Choices,
    preferred: str | None = None,
) -> Plan:
    """The plan as far as it follows from the headers, the first values and what was said.

    `preferred`: the person's language, for headers that may be in several.
    """
    named = choices.objects or tuple(dict.fromkeys(name for _, held in choices.holds for name in held))
    choices = replace(choices, objects=named)
    if not choices.objects:
        raise errors.Ambiguous(
            "Which objects does the file hold? Name them: `--object contacts`, and more if a row is about several.",
            option="--object",
        )
    names = [known.object_type(one).name for one in choices.objects]
    types = known.object_types
    every = [header for sheet in sheets for header in sheet.columns]
    objects = mapping.plans(known, names, choices)
    language = choices.language or mapping.language_of(every, types, names, preferred)
    samples = [next(sheet.batches(_SAMPLE), None) for sheet in sheets]
    tables = [
        mapping.Table(name, sheet.columns, sample)
        for name, sheet, sample in zip(sources.called(sheets), sheets, samples, strict=True)
    ]
    columns = mapping.of_tables(tables, types, names, choices, language)
    said = {name: getattr(choices, name) for name in _SAID}
    name = choices.name or ", ".join(dict.fromkeys(sheet.file for sheet in sheets))
    return Plan(name, objects, columns, chosen, language, **said)


def guessed(known: Catalogue, plan: Plan, objects: Sequence[str]) -> Plan:
    """The plan as if these objects had been chosen, from the headers alone."""
    tables = [
        mapping.Table(str(source), [c.header for c in plan.part(source).columns]) for source in range(len(plan.sources))
    ]
    columns = mapping.of_tables(tables, known.object_types, objects, Choices(), plan.language)
    return replace(plan, objects=tuple(map(ObjectPlan, objects)), columns=columns)


def settled(known: Catalogue, sheets: Sequence[Sheet], plan: Plan, size: int) -> Plan:
    """The plan with its date and number formats, from all rows of the run; Ambiguous when they leave it open."""
    columns = check.columns_of(plan, [known.object_types[one.object_type] for one in plan.objects])
    columns += [*check.dating_of(plan), *check.days_of(plan)]
    open_ones = settle.undecided(plan, columns)
    if not open_ones:
        return plan
    ballot = settle.Ballot(open_ones)
    for sheet in sheets:
        for batch in sheet.batches(size):
            ballot.add(batch)
    return ballot.settle(plan)


def begin(tx: Tx, actor: Actor, settings: Settings, prepared: Prepared) -> int:
    """Keeps files and plan and puts the import in line; the same one that has not ended yet is gone on with instead."""
    require_details(tx, actor, prepared.plan)
    plan = plan_to_json(prepared.plan)
    running = imports.joined(tx, actor, prepared.digests, plan)
    if running is not None:
        return running
    objects = [one.object_type for one in prepared.plan.objects]
    kept = keep(tx, actor, settings, prepared)
    return imports.begin(tx, actor, kept, prepared.plan.name, plan, objects)


def keep(tx: Tx, actor: Actor, settings: Settings, prepared: Prepared) -> list[File]:
    return [
        files.keep(tx, actor, settings.files_url, one.name, one.path, digest)
        for one, digest in zip(prepared.uploads, prepared.digests, strict=True)
    ]


def begin_rehearsal(tx: Tx, actor: Actor, settings: Settings, prepared: Prepared) -> int:
    """Keeps files and plan as a draft, and has it rehearsed; gives its number."""
    require_details(tx, actor, prepared.plan)
    id = imports.draft(tx, actor, keep(tx, actor, settings, prepared), prepared.plan.name)
    objects = [one.object_type for one in prepared.plan.objects]
    rehearsals.ask(tx, actor, settings.files_url, id, plan_to_json(prepared.plan), objects)
    return id


def require_details(tx: Tx, actor: Actor, plan: Plan) -> None:
    """That the records may go on the list that the plan names, and that its legal basis is one."""
    known = catalogue.load(tx)
    check_basis(tx, known, plan)
    if plan.list is not None and plan.listed is not None:
        lists.require_fit(tx, actor, known.object_type(plan.listed), plan.list)


def check_basis(tx: Tx, known: Catalogue, plan: Plan) -> None:
    if plan.legal_basis is None:
        return
    object_type, prop = check.basis_of(known)
    how = properties.reading(tx, known, object_type, prop, Reading())
    if check.fixed(prop, plan.legal_basis, how) is None:
        one_of = ", ".join(f"“{option.label}”" for option in prop.options)
        raise errors.Invalid(f"“{plan.legal_basis}” is not a legal basis. Say one of {one_of}.")


def plan_to_json(plan: Plan) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(asdict(plan))
    return found


def plan_from_json(found: Mapping[str, Any]) -> Plan:
    if "sources" not in found:  # kept before a run could have several
        source = {name: found.get(name) for name in ("sheet", "encoding", "delimiter", "header_line")}
        found = {**found, "sources": [source]}
    return msgspec.convert(found, Plan)
