"""The verdict on each row of a batch: what becomes of its record, by what that was found, and each value old and new.

A rehearsal keeps them; the import after it works them out again and compares. So what is seen before an import is all
that there is to compare, and a record that is not as it was seen is told by the very value that differs.
"""

from collections.abc import Sequence

import polars as pl

from kartotek.domain import comparing, decisions
from kartotek.imports.table import LINE, PROBLEM
from kartotek.model.problems import CHANGED, DIFFERENT
from kartotek.model.records import Outcome
from kartotek.model.rehearsals import BY, FIRST, PROBLEMS, ROW, changes, new, old, properties
from kartotek.values import TYPES

_FACTS: dict[str, pl.DataType | type[pl.DataType]] = {
    ROW: pl.Int64,
    "line": pl.Int64,
    FIRST: pl.Boolean,
    "outcome": pl.String,
    "record": pl.Int64,  # one that was there before, else 0
    BY: pl.String,
    PROBLEMS: pl.List(pl.Struct({name: PROBLEM[name] for name in ("place", "property", "type", "value")})),
}
# A difference: a record by the row that names it first, where it shows, and what is there now.
DIFFERENCE = {"group": pl.Int64, "type": pl.String, "property": pl.String, "value": pl.String}


def of(
    work: decisions.Work, outcomes: pl.DataFrame, found: pl.DataFrame, problems: pl.DataFrame, groups: pl.Series
) -> pl.DataFrame:
    """A line per row. `found`: `group` and `_kind`; `groups`: the record, by the row that names it first."""
    heads = pl.concat([_created(work), _kept(work)], how="diagonal")
    rows = outcomes.select_seq(ROW, "outcome", "record", line=LINE).with_columns_seq(
        (groups == outcomes[ROW]).fill_null(False).alias(FIRST)
    )
    rows = rows.join(heads, left_on=ROW, right_on="_key", how="left", maintain_order="left")
    rows = rows.join(found.rename({"_kind": BY}), left_on=ROW, right_on="group", how="left", maintain_order="left")
    rows = rows.join(_told(work, problems), on=ROW, how="left", maintain_order="left")
    was_there = pl.col(FIRST) & (pl.col("outcome") != Outcome.CREATED.value)
    values = [name for name in heads.columns if name != "_key"]
    return rows.select_seq(
        *(pl.when(was_there).then("record").otherwise(0).alias(name) if name == "record" else name for name in _FACTS),
        *(pl.col(name).fill_null(False) if name.startswith("changes.") else pl.col(name) for name in values),
    )


def differences(now: pl.DataFrame, then: pl.DataFrame) -> pl.DataFrame:
    """As DIFFERENCE, between two verdicts on the same rows; what is held already is passed over."""
    names = list(dict.fromkeys([*properties(then.columns), *properties(now.columns)]))
    there = [pl.DataFrame({"_record": then["record"], "_outcome": then["outcome"]})]
    for name in names:
        there.append(
            _side(then, name).rename({old(name): f"o.{name}", new(name): f"n.{name}", changes(name): f"c.{name}"})
        )
        there.append(_side(now, name))
    both = now.select_seq(ROW, FIRST, "record", "outcome").hstack([column for part in there for column in part])
    both = both.filter(pl.col(FIRST) & (pl.col("outcome") != Outcome.HELD.value)).with_columns_seq(
        _other=pl.col("outcome") != pl.col("_outcome"), **{f"d.{name}": _differs(name) for name in names}
    )
    any_value = pl.any_horizontal(f"d.{name}" for name in names) if names else pl.lit(False)
    different = (pl.col("record") != pl.col("_record")) | (pl.col("_other") & ((pl.col("record") == 0) | ~any_value))
    both = both.with_columns_seq(_different=different)
    found = [_difference(both.filter("_different"), DIFFERENT, None, pl.lit(None, pl.String))]
    same = both.filter(~pl.col("_different"))
    for name in names:
        value = pl.when(pl.col(old(name)).ne_missing(pl.col(f"o.{name}"))).then(old(name)).otherwise(new(name))
        found.append(_difference(same.filter(f"d.{name}"), CHANGED, name, value))
    return pl.concat(found)


def regrouped(groups: Sequence[int]) -> pl.DataFrame:
    """As DIFFERENCE, records that other rows have to do with by now."""
    rows = pl.DataFrame({"group": groups}, schema={"group": pl.Int64})
    return rows.with_columns_seq(
        type=pl.lit(DIFFERENT), property=pl.lit(None, pl.String), value=pl.lit(None, pl.String)
    )


def _created(work: decisions.Work) -> pl.DataFrame:
    dated, said = work.object_type.dated, work.changes.frame
    new_ones = work.new
    # A date that nobody said is that of the writing: it would be another one each time.
    if dated in new_ones.columns:
        new_ones = new_ones.drop(dated)
        if dated in said.columns:
            new_ones = new_ones.join(said.select_seq("_key", dated), on="_key", how="left", maintain_order="left")
    props = [work.object_type.properties[name] for name in new_ones.columns if not name.startswith("_")]
    return new_ones.select_seq(
        "_key",
        *(TYPES[prop.kind].text(pl.col(prop.name)).alias(new(prop.name)) for prop in props),
        *(pl.col(prop.name).is_not_null().alias(changes(prop.name)) for prop in props),
    )


def _kept(work: decisions.Work) -> pl.DataFrame:
    """What a rule only reads beside what is written is told where it changes."""
    moved = work.old.select_seq(
        pl.col(name).ne_missing(pl.col(comparing.OLD + name)).alias(changes(name)) for name in work.names
    )
    written = [name for name in work.names if name in work.changes.frame.columns or moved[changes(name)].any()]
    both = work.old.hstack(moved.select_seq(map(changes, written)))
    return both.select_seq(
        "_key",
        *(_old(work, name) for name in written),
        *(pl.when(changes(name)).then(name).otherwise(None).alias(new(name)) for name in written),
        *map(changes, written),
    )


def _old(work: decisions.Work, name: str) -> pl.Expr:
    was = pl.col(comparing.OLD + name)
    mapped = name in work.changes.frame.columns
    return (was if mapped else pl.when(changes(name)).then(was)).alias(old(name))


def _told(work: decisions.Work, problems: pl.DataFrame) -> pl.DataFrame:
    mine = problems.filter(pl.col("object_type").is_null() | (pl.col("object_type") == work.object_type.name))
    told = pl.struct("place", "property", "type", "value").alias(PROBLEMS)
    return mine.group_by(ROW).agg(told).cast({PROBLEMS: _FACTS[PROBLEMS]})


def _side(verdicts: pl.DataFrame, name: str) -> pl.DataFrame:
    """What they tell of a property; one of which they tell nothing does not change."""
    nothing = {old(name): pl.lit(None, pl.String), new(name): pl.lit(None, pl.String), changes(name): pl.lit(False)}
    return verdicts.select_seq(
        pl.col(column) if column in verdicts.columns else pl.repeat(none, pl.len()).alias(column)
        for column, none in nothing.items()
    )


def _differs(name: str) -> pl.Expr:
    pairs = ((old(name), f"o.{name}"), (new(name), f"n.{name}"), (changes(name), f"c.{name}"))
    return pl.any_horizontal(pl.col(a).ne_missing(pl.col(b)) for a, b in pairs)


def _difference(rows: pl.DataFrame, type: str, name: str | None, value: pl.Expr) -> pl.DataFrame:
    return rows.select_seq(group=ROW, type=pl.lit(type), property=pl.lit(name, pl.String), value=value.cast(pl.String))
