"""An import by a plan that is there already: a recipe, or the plan of a former import."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, imports
from kartotek.imports import mapping, recipes
from kartotek.imports.recipes import Headers
from kartotek.imports.run import preparing, sources
from kartotek.imports.run.preparing import Prepared
from kartotek.imports.run.sources import Upload
from kartotek.imports.table import As, Plan, Sheet, SourcePlan
from kartotek.model.imports import Import
from kartotek.model.people import Actor
from kartotek.model.recipes import Recipe
from kartotek.settings import Settings

Fit = Callable[[Plan, Headers], Plan]


def plan_of(job: Import) -> Plan:
    """What was decided about an import that has started, or so far about one in the wizard."""
    found: Mapping[str, Any] = job.plan or job.draft.get("plan") or {}
    if not found.get("objects"):
        raise errors.Invalid(f"Nothing has been decided yet about the import “{job.name}”.")
    return preparing.plan_from_json(found)


def recipe_of(job: Import) -> str:
    return recipes.write(plan_of(job))


def plan_to_repeat(tx: Tx, actor: Actor, id: int) -> Plan:
    return plan_of(imports.get(tx, actor, id))


def read_recipe(tx: Tx, text: str) -> Plan:
    """With every name in it known, or Invalid with the line."""
    return recipes.read(text, catalogue.load(tx).object_types)


def check_recipe(tx: Tx, recipe: Recipe) -> Plan:
    """A kept recipe as a plan; what it names may have gone since."""
    return replace(read_recipe(tx, recipe.text), name=recipe.name)


def prepare_plan(
    tx: Tx, actor: Actor, settings: Settings, uploads: Sequence[Upload], scratch: Path, plan: Plan, fit: Fit
) -> Prepared:
    with preparing.digested(uploads) as digests:
        found, sheets = open_given(settings, uploads, plan, scratch)
        plan = replace(plan, sources=found)
        plan = fit_plan(tx, actor, plan, sources.headers(sheets), fit)
        settled = preparing.settled(catalogue.load(tx), sheets, plan, settings.import_batch)
        return Prepared(tuple(uploads), sheets, settled, tuple(digests))


def open_given(
    settings: Settings, uploads: Sequence[Upload], plan: Plan, scratch: Path
) -> tuple[tuple[SourcePlan, ...], tuple[Sheet, ...]]:
    """The sources of a plan that is there. A file that lacks its columns as the plan reads it, and has them as it is
    found by itself, is read so: rows to correct are plain text, whatever file they stood in."""
    try:
        sheets = sources.open_all(settings, uploads, plan.sources, scratch)
        refusal = None
    except errors.BadFile as error:
        sheets, refusal = (), error
    if _has_columns(plan, sheets):
        return plan.sources, sheets
    several = Counter(one.file for one in plan.sources)
    plain = tuple(SourcePlan(one.file, one.sheet if several[one.file] > 1 else None) for one in plan.sources)
    try:
        others = sources.open_all(settings, uploads, plain, scratch)
    except errors.BadFile:
        others = ()
    if others and (refusal is not None or _has_columns(plan, others)):
        return plain, others
    if refusal is not None:
        raise refusal
    return plan.sources, sheets


def _has_columns(plan: Plan, sheets: Sequence[Sheet]) -> bool:
    return len(sheets) == len(plan.sources) and all(
        {c.header for c in plan.part(source).columns if c.imported_as is not As.NOTHING} <= set(sheet.columns)
        for source, sheet in enumerate(sheets)
    )


def fit_plan(tx: Tx, actor: Actor, plan: Plan, headers: Headers, fit: Fit) -> Plan:
    """The plan for sources with these headers, by somebody who may; `fit` is recipes.fitted or recipes.repeated."""
    plan = fit(plan, headers)
    access.require_import(actor, catalogue.types(tx, (one.object_type for one in plan.objects)))
    mapping.check_plan(plan, catalogue.load(tx).object_types)
    return plan
