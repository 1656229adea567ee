"""Before an import: open the file, guess what was not said, refuse what cannot be done, put the import in line."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, files, imports, lists, people, properties, rehearsals
from kartotek.imports import check, mapping, readers, settle
from kartotek.imports.table import Choices, Mode, ObjectPlan, Plan, Sheet
from kartotek.model.catalogue import Catalogue
from kartotek.model.people import Actor
from kartotek.settings import Settings
from kartotek.values import Reading

_SAID = (
    "dates",
    "numbers",
    "country",
    "zone",
    "sheet",
    "encoding",
    "delimiter",
    "header_line",
    "short_rows_are_empty",
    "list",
    "legal_basis",
)
_SAMPLE = 100  # rows that guesses may look at


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file with a plan that can be carried out."""

    path: Path
    sheet: Sheet
    plan: Plan


def open_sheet(settings: Settings, path: Path, name: str, scratch: Path, asked: Choices | Plan) -> Sheet:
    """Reads as the plan says; what it leaves open is detected."""
    return readers.open(
        path, name=name, sheet=asked.sheet, encoding=asked.encoding, delimiter=asked.delimiter,
        header_line=asked.header_line, limit_bytes=settings.file_limit, scratch=scratch,
    )  # fmt: skip


def prepare(
    tx: Tx, actor: Actor, settings: Settings, path: Path, name: str, scratch: Path, choices: Choices
) -> Prepared:
    """Guesses what was not said, and refuses with a sentence what cannot be guessed or carried out."""
    known = catalogue.load(tx)
    sheet = open_sheet(settings, path, name, scratch, choices)
    plan = plan_for(known, sheet, choices, people.preferences_of(tx, actor).language)
    access.require_import(actor, [one.object_type for one in plan.objects])
    mapping.check_plan(plan, known.object_types)
    return Prepared(path, sheet, settled(known, sheet, plan, settings.import_batch))


def plan_for(known: Catalogue, sheet: Sheet, choices: Choices, preferred: str | None = None) -> Plan:
    """The plan as far as it follows from the headers, the first values and what was said.

    `preferred`: the person's language, for headers that may be in several.
    """
    if not choices.objects:
        raise errors.Ambiguous(
            "Which objects does the file hold? Name them: `--object contacts`, and more if a row is about several.",
            option="--object",
        )
    names = [known.object_type(one).name for one in choices.objects]
    types, samples = known.object_types, next(sheet.batches(_SAMPLE))
    language = choices.language or mapping.language_of(sheet.columns, types, names, preferred)
    columns = mapping.from_user(sheet.columns, types, names, choices.maps, samples, language)
    columns = mapping.with_policies(columns, choices)
    modes, keys = dict(choices.modes), dict(choices.match_by)
    lone = keys.get("") if len(names) == 1 else None
    objects = tuple(ObjectPlan(one, modes.get(one, modes.get("", Mode.UPSERT)), keys.get(one, lone)) for one in names)
    said = {name: getattr(choices, name) for name in _SAID}
    return Plan(choices.name or sheet.file, objects, columns, language, **said)


def guessed(known: Catalogue, plan: Plan, objects: Sequence[str]) -> Plan:
    """The plan as if these objects had been chosen, from the headers alone."""
    headers = [column.header for column in plan.columns]
    columns = mapping.from_user(headers, known.object_types, objects, (), language=plan.language)
    return replace(plan, objects=tuple(map(ObjectPlan, objects)), columns=columns)


def settled(known: Catalogue, sheet: Sheet, plan: Plan, size: int) -> Plan:
    """The plan with its date and number formats, from all rows of the file; Ambiguous when they leave it open."""
    columns = check.columns_of(plan, [known.object_types[one.object_type] for one in plan.objects])
    columns += check.dating_of(plan)
    open_ones = settle.undecided(plan, columns)
    if not open_ones:
        return plan
    ballot = settle.Ballot(open_ones)
    for batch in sheet.batches(size):
        ballot.add(batch)
    return ballot.settle(plan)


def begin(tx: Tx, actor: Actor, settings: Settings, prepared: Prepared) -> int:
    """Keeps file and plan and puts the import in line; the same one that has not ended yet is gone on with instead."""
    require_details(tx, actor, prepared.plan)
    digest, plan = files.digest_of(prepared.path), plan_to_json(prepared.plan)
    running = imports.joined(tx, actor, digest, plan)
    if running is not None:
        return running
    file = files.keep(tx, actor, settings.files_url, prepared.sheet.file, prepared.path, digest)
    objects = [one.object_type for one in prepared.plan.objects]
    return imports.begin(tx, actor, file, prepared.plan.name, plan, objects)


def begin_rehearsal(tx: Tx, actor: Actor, settings: Settings, prepared: Prepared) -> int:
    """Keeps file and plan as a draft, and has it rehearsed; gives its number."""
    require_details(tx, actor, prepared.plan)
    file = files.keep(tx, actor, settings.files_url, prepared.sheet.file, prepared.path)
    id = imports.draft(tx, actor, file, prepared.plan.name)
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
    return msgspec.convert(found, Plan)
