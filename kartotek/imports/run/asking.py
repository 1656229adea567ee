"""What there is to find out about the cells of a file, and what is known by now.

A question is named by all that its answer depends on: the column, the property, the formats, the
options' names.
"""

import hashlib
from collections.abc import Iterator, Set
from dataclasses import replace

from kartotek.imports import check, survey
from kartotek.imports.table import As, ColumnPlan, Plan
from kartotek.values import Reading


def survey_of(checker: check.Checker, kept: survey.Kept) -> survey.Survey:
    plan, dates, numbers = settled(checker, kept)
    asked = questions(read_by(checker, plan))
    waiting = unsettled(checker, kept)
    keys = {key: index for key, index in asked.items() if index not in waiting}
    known = {key: kept.answers[key] for key in keys if key in kept.answers}
    missing = {index for key, index in keys.items() if key not in known and index is not None} | waiting
    kinds = sorted((kind for kinds in known.values() for kind in kinds), key=lambda one: (-one.rows, one.line))
    alone = {
        index: found
        for what, keys in _ballot_keys(checker).items()
        for index, key in keys
        if key in kept.ballots and (found := survey.format_of(what, [kept.ballots[key]]))
    }
    return survey.Survey(
        plan,
        kept.rows,
        tuple(kinds),
        frozenset(missing),
        dates,
        numbers,
        alone,
        kept.distinct,
        kept.notes,
        trouble=kept.trouble,
    )


def settled(checker: check.Checker, kept: survey.Kept) -> tuple[Plan, survey.Format | None, survey.Format | None]:
    """The plan with the formats that its columns say."""
    plan = checker.plan
    own = {"dates": [c.index for c in plan.columns if c.dates], "numbers": [c.index for c in plan.columns if c.numbers]}
    dates, numbers = (
        survey.format_of(what, [kept.ballots[key] for i, key in keys if i not in own[what] and key in kept.ballots])
        for what, keys in _ballot_keys(checker).items()
    )
    plan = replace(plan, dates=plan.dates or _said(dates), numbers=plan.numbers or _said(numbers))
    return plan, dates, numbers


def _said(found: survey.Format | None) -> str | None:
    return None if found is None else found.said


def _ballot_keys(checker: check.Checker) -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {"dates": [], "numbers": []}
    for column in checker.formed():
        if (what := survey.FORMATS.get(column.property.kind)) is not None:
            found[what].append((column.plan.index, survey.ballot_key(column.plan.index, what)))
    return found


def what(checker: check.Checker, index: int) -> str:
    column = next(one for one in checker.formed() if one.plan.index == index)
    return survey.FORMATS[column.property.kind]


def unsettled(checker: check.Checker, kept: survey.Kept) -> frozenset[int]:
    """The columns whose cells cannot be read before the rows say how: all of a format of which one was not asked."""
    keys = _ballot_keys(checker)
    missing = {what for what, found in keys.items() if not kept.ballots.keys() >= {key for _, key in found}}
    return frozenset(c.plan.index for c in checker.formed() if survey.FORMATS.get(c.property.kind) in missing)


def read_by(checker: check.Checker, plan: Plan) -> check.Checker:
    """The same columns, read in the formats of this plan, but for those that have their own."""

    def formed(own: ColumnPlan, how: Reading) -> Reading:
        return replace(how, dates=own.dates or plan.dates, numbers=own.numbers or plan.numbers)

    def read(one: check.Column) -> check.Column:
        return replace(one, reading=formed(one.plan, one.reading))

    labels = tuple(replace(one, reading=formed(one.plan, one.reading)) for one in checker.labels)
    dated = None if checker.dated is None else read(checker.dated)
    return replace(checker, plan=plan, columns=tuple(map(read, checker.columns)), dated=dated, labels=labels)


def only(checker: check.Checker, indexes: set[int]) -> check.Checker:
    """What these columns take: a stage is read beside its pipeline."""
    beside = {
        other.plan.index
        for one in checker.objects
        for column in checker.columns
        if column.plan.index in indexes and (column.property.object_type, column.property.name) == (one.name, one.stage)
        for other in checker.columns
        if (other.property.object_type, other.property.name) == (one.name, one.pipeline)
    }
    wanted = indexes | beside
    columns = tuple(
        c if c.index in wanted else ColumnPlan(c.index, c.header, source=c.source) for c in checker.plan.columns
    )
    return replace(
        checker,
        plan=replace(checker.plan, columns=columns),
        columns=tuple(c for c in checker.columns if c.plan.index in wanted),
        dated=None,
        labels=tuple(c for c in checker.labels if c.plan.index in wanted),
        keys=tuple(c for c in checker.keys if c.plan.index in wanted),
    )


def taken_for(checker: check.Checker, indexes: Set[int]) -> Set[int]:
    """The columns whose cells it takes to answer for these: what is said of associations needs both ends named."""
    labels = [one for one in checker.labels if one.plan.index in indexes]
    return indexes | {column.index for one in labels for end in one.ends for column in end.columns}


def questions(checker: check.Checker) -> dict[str, int | None]:
    """What there is to find out, each with its column: a question's name is all that its answer depends on."""
    rows = checker.plan.short_rows_are_empty
    found: dict[str, int | None] = {f"rows:{rows}": None}
    for column in checker.columns:
        found[_named(column.plan, rows, *_depends_on(checker, column))] = column.plan.index
    for plan in checker.plan.columns:
        if plan.imported_as is As.RECORD_ID:
            found[_named(plan, rows)] = plan.index
    for one in checker.labels:
        how = (sorted(one.reading.options.items()), one.reading.dates if one.kind == "date" else None)
        ends = [[(c.index, c.values) for c in end.columns] for end in one.ends]
        found[_named(one.plan, rows, one.plan.other, *how, ends)] = one.plan.index
    for key in (one for one in checker.keys if one.is_reference):
        found[_named(key.plan, rows, key.plan.key)] = key.plan.index
    return found


def _named(plan: ColumnPlan, *facts: object) -> str:
    told = repr((plan.imported_as.value, plan.object_type, plan.property, plan.values, plan.skips_wrong, *facts))
    return f"{plan.index}:{hashlib.blake2b(told.encode(), digest_size=12).hexdigest()}"


def _depends_on(checker: check.Checker, column: check.Column) -> Iterator[object]:
    how, kind = column.reading, column.property.kind
    yield kind
    yield {
        "date": (how.dates,), "moment": (how.dates, how.zone), "number": (how.numbers,), "phone": (how.country,)
    }.get(kind)  # fmt: skip
    yield column.property.limits or None
    yield sorted(how.options.items()), sorted(how.ambiguous)
    one = next(one for one in checker.objects if one.name == column.property.object_type)
    if column.property.name == one.stage:
        beside = (c for c in checker.columns if (c.property.object_type, c.property.name) == (one.name, one.pipeline))
        yield [c.plan for c in beside]
        yield [(p.id, [stage.id for stage in p.stages]) for p in checker.pipelines.get(one.name, ())]
