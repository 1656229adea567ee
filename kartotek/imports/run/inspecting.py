"""A look at the whole file before the import, for the mapping page: what the import itself would find in its cells."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from kartotek.domain import Tx, access, catalogue
from kartotek.imports import check, survey
from kartotek.imports.run import passes, preparing
from kartotek.imports.table import ROW, Choices, Plan
from kartotek.model.people import Actor
from kartotek.settings import Settings


def inspect(
    tx: Tx, actor: Actor, settings: Settings, path: Path, name: str, scratch: Path, asked: Choices | Plan
) -> survey.Survey:
    """From choices, the plan is guessed first; a plan is taken as it is, however incomplete."""
    known = catalogue.load(tx)
    sheet = preparing.open_sheet(settings, path, name, scratch, asked)
    plan = preparing.plan_for(known, sheet, asked) if isinstance(asked, Choices) else asked
    access.require_import(actor, [one.object_type for one in plan.objects])
    columns = check.columns_of(plan, [known.object_types[one.object_type] for one in plan.objects])
    formats = survey.Formats([(column.index, prop) for column, prop in columns], plan.zone)
    for batch in sheet.batches(settings.import_batch) if formats else ():
        formats.add(batch)
    dates, numbers = formats.dates(), formats.numbers()
    plan = replace(plan, dates=plan.dates or _settled(dates), numbers=plan.numbers or _settled(numbers))
    checker, tally = passes.checker_of(tx, known, plan), survey.Tally()
    for batch in sheet.batches(settings.import_batch):
        numbered = batch.with_row_index(ROW).with_columns(pl.col(ROW).cast(pl.Int64))
        tally.add(len(batch), checker.check(numbered).problems)
    return survey.Survey(plan, tally.rows, survey.first_values(sheet), tally.kinds(), dates, numbers)


def _settled(found: survey.Format | None) -> str | None:
    return None if found is None or found.settled == "any" else found.settled
