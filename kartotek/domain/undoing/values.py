"""Which old values of an import's records come back, and which stay because of what happened since.

What the import wrote is what the next change after it says was there before, or else what is there now. Is something
else there now, somebody has changed the value since, and it stays. So a later import that has itself been taken back
is in nobody's way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import polars as pl

from kartotek.domain import Tx, identifiers, rules
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Property
from kartotek.model.undos import Why
from kartotek.store import bulk
from kartotek.store import records as store
from kartotek.values import TYPES, Reading, frames

# Reads records, and locks them unless nothing is to be written.
Reader = Callable[[Tx, ObjectType, pl.Series, Sequence[Property]], pl.DataFrame]

_OLD = "_old_"
# Kinds of which not every text is a value.
_STRICT = ("number", "date", "moment", "boolean")
_HELD = {"property": pl.Int64, "value": pl.String, "record": pl.Int64}
# A value that the import wrote over. `back`: what it was; `now`: what it is; `why` it stays, null when it need not.
_DUE = {
    "record": pl.Int64, "property": pl.String, "back": pl.String, "written": pl.String, "since": pl.Boolean,
    "now": pl.String, "why": pl.String, "other": pl.Int64,
}  # fmt: skip
# Further apart than any transaction lasts (microseconds): where the transactions say the reverse, the clock was moved.
_CLOCK_MOVED = 15 * 60 * 1_000_000
_WRONG = {"record": pl.Int64, "property": pl.String, "why": pl.String, "other": pl.Int64}


@dataclass(slots=True)
class Released:
    """Whose addresses are free for others by now: of records archived so far, and values given up so far."""

    archived: pl.Series = field(default_factory=lambda: pl.Series("record", [], pl.Int64))
    freed: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_HELD))

    def archive(self, ids: pl.Series) -> None:
        self.archived = pl.concat([self.archived, ids.rename("record")])

    def give_up(self, freed: pl.DataFrame) -> None:
        self.freed = pl.concat([self.freed, freed.select("property", "value", record="_id")])

    def and_then(self, later: "Released") -> "Released":
        return Released(pl.concat([self.archived, later.archived]), pl.concat([self.freed, later.freed]))


@dataclass(frozen=True, slots=True)
class Plan:
    """`due`: as _DUE; `rows`: the records that get something back, final texts beside `_old_` ones."""

    object_type: ObjectType
    due: pl.DataFrame
    rows: pl.DataFrame
    fresh: pl.DataFrame
    freed: pl.DataFrame

    @property
    def stays(self) -> pl.DataFrame:
        return self.due.filter(pl.col("why").is_not_null())

    @property
    def back(self) -> pl.DataFrame:
        """The values that come back and are not there by themselves."""
        return self.due.filter(pl.col("why").is_null() & pl.col("now").ne_missing(pl.col("back")))


def plan(tx: Tx, known: Catalogue, one: ObjectType, changes: pl.DataFrame, released: Released) -> Plan:
    """`changes`: as deeds.CHANGE, of records that are locked and live."""
    due = _overwritten(changes)
    current = _current(tx, one, due)
    due = _judged(one, due, current)
    while True:
        due = _kept_together(one, due)
        rows = _final(one, due, current)
        held, later = (_identifiers(one, rows, prefix) for prefix in (_OLD, ""))
        own = ["_key", "property", "value"]
        fresh = later.join(held, on=own, how="anti", maintain_order="left")
        freed = held.join(later, on=own, how="anti", maintain_order="left")
        wrong = pl.concat(
            [_misplaced(known, one, rows), _needed(one, rows), _taken(tx, one, fresh, freed, released)]
        ).unique(["record", "property"], keep="first", maintain_order=True)
        marked = _marked(due, wrong)
        if marked["why"].null_count() == due["why"].null_count():
            return Plan(one, due, rows, fresh, freed)
        due = marked


def edited(tx: Tx, one: ObjectType, changes: pl.DataFrame) -> pl.DataFrame:
    """`record`, `property`: values of created records that others have changed since, for good."""
    first = changes.sort("at").unique(["record", "property"], keep="first", maintain_order=True)
    due = first.select("record", "property", written="old")
    now = _long(_current(tx, one, due))
    joined = due.join(now, on=["record", "property"], how="left", maintain_order="left")
    return joined.filter(pl.col("now").ne_missing(pl.col("written"))).select("record", "property")


def put_back(tx: Tx, actor: Actor, what: Plan) -> None:
    """Writes them, with history; the addresses that the records give up are free before any are taken."""
    back = what.back
    if back.is_empty():
        return
    said = pl.struct(v="now").struct.json_encode().str.strip_prefix('{"v":').str.strip_suffix("}")
    pieces = back.select("record", piece=pl.concat_str(pl.lit('"'), "property", pl.lit('":'), said))
    old = pieces.group_by("record", maintain_order=True).agg(old=pl.col("piece").str.join(","))
    whole = old.select("record", old=pl.concat_str(pl.lit("{"), "old", pl.lit("}")))
    bulk.send(tx, store.memories(actor, whole))
    names = back["property"].unique(maintain_order=True)
    store.update(tx, what.object_type, what.rows, [what.object_type.properties[name] for name in names])
    identifiers.release(tx, what.freed)
    bulk.send(tx, identifiers.pack(what.fresh))


def _overwritten(changes: pl.DataFrame) -> pl.DataFrame:
    """The earliest value that the import wrote over, and what a later change by others says that it wrote."""
    key = ["record", "property"]
    own = changes.filter("own").sort("at").unique(key, keep="first", maintain_order=True)
    own = own.select(*key, back="old", own_at="at", own_age="age")
    others = changes.filter(~pl.col("own")).join(own, on=key).with_columns(later=_is_later())
    since = others.filter("later").sort("at").unique(key, keep="first", maintain_order=True)
    since = since.select(*key, written="old", since=pl.lit(True))
    joined = own.join(since, on=key, how="left", maintain_order="left")
    joined = joined.with_columns(pl.col("since").fill_null(False)).drop("own_at", "own_age")
    before = _before_undone(others.filter(~pl.col("later")), key)
    if before.is_empty():
        return joined
    found = joined.join(before, on=key, how="left", maintain_order="left")
    return found.with_columns(back=pl.when("passed").then("before").otherwise("back")).drop("before", "passed")


def _before_undone(earlier: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Where imports that have been taken back by now wrote what this one wrote over: what stood `before` the first of
    them, with nobody else in between."""
    stays = earlier.filter(~pl.col("undone")).group_by(key).agg(stood=pl.col("at").max())
    undone = earlier.filter("undone").join(stays, on=key, how="left")
    passed = undone.filter(pl.col("stood").is_null() | (pl.col("at") > pl.col("stood"))).sort("at")
    firsts = passed.unique(key, keep="first", maintain_order=True)
    return firsts.select(*key, before="old", passed=pl.lit(True))


def _is_later() -> pl.Expr:
    """Whether a change came after the import's own. Where a backup was put back, one transaction has written all."""
    moved = ((pl.col("at") - pl.col("own_at")).abs() > _CLOCK_MOVED) & (pl.col("age") != pl.col("own_age"))
    return pl.when(moved).then(pl.col("age") < pl.col("own_age")).otherwise(pl.col("at") > pl.col("own_at"))


def _current(tx: Tx, one: ObjectType, due: pl.DataFrame) -> pl.DataFrame:
    """What the records say now, of the properties concerned and of those that a rule reads beside them."""
    names = [name for name in due["property"].unique(maintain_order=True) if name in one.properties]
    wanted = dict.fromkeys(names)
    groups = [group for group in (*_pairs(one), *one.needs) if set(group) & set(names)]
    for group in groups:
        wanted |= dict.fromkeys(name for name in group if name in one.properties)
    # They are locked already, or nothing is to be written.
    ids = due["record"].unique().sort()
    found = store.peek(tx, one, ids, [one.properties[name] for name in wanted])
    return found.select("_id", *wanted)


def _judged(one: ObjectType, due: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    there = pl.col("property").is_in(list(one.properties))
    joined = due.join(_long(current), on=["record", "property"], how="left", maintain_order="left")
    same = pl.col("now").eq_missing(pl.col("back"))
    changed = pl.col("since") & pl.col("now").ne_missing(pl.col("written"))
    why = (
        pl.when(~there | _of_another_kind(one, joined))
        .then(pl.lit(Why.UNFIT.value))
        .when(~same & changed)
        .then(pl.lit(Why.CHANGED.value))
    )
    told = joined.with_columns(why=why, other=pl.lit(None, pl.Int64))
    return frames.cast(told.select(_DUE.keys()), _DUE)


def _of_another_kind(one: ObjectType, due: pl.DataFrame) -> pl.Expr:
    """Whether the property holds something else by now, and could not hold this."""
    found = pl.lit(False)
    for name in due["property"].unique():
        prop = one.properties.get(name)
        if prop is not None and prop.tier == "custom" and prop.kind in _STRICT:
            kind = TYPES[prop.kind]
            same = kind.text(kind.read(pl.col("back"), Reading())).eq_missing(pl.col("back"))
            found = found | ((pl.col("property") == name) & ~same)
    return found


def _long(current: pl.DataFrame) -> pl.DataFrame:
    names = [name for name in current.columns if name != "_id"]
    if not names:
        return pl.DataFrame(schema={"record": pl.Int64, "property": pl.String, "now": pl.String})
    return current.unpivot(names, index="_id", variable_name="property", value_name="now").rename({"_id": "record"})


def _pairs(one: ObjectType) -> list[tuple[str, str]]:
    """Properties of which neither makes sense without the other."""
    found = [(one.pipeline, one.stage)] if one.pipeline and one.stage else []
    both = ((main, further) for further, main in identifiers.FURTHER.items())
    return found + [pair for pair in both if set(pair) <= one.properties.keys()]


def _kept_together(one: ObjectType, due: pl.DataFrame) -> pl.DataFrame:
    """Of a pair that the import wrote over, both come back or none."""
    for pair in _pairs(one):
        mine = pl.col("property").is_in(pair)
        staying = due.filter(mine & pl.col("why").is_not_null())["record"]
        moved = pl.col("now").ne_missing(pl.col("back"))
        left = mine & pl.col("why").is_null() & moved & pl.col("record").is_in(staying.implode())
        due = due.with_columns(why=pl.when(left).then(pl.lit(Why.TOGETHER.value)).otherwise("why"))
    return due


def _final(one: ObjectType, due: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """The records that get something back, as they will be."""
    back = due.filter(pl.col("why").is_null() & pl.col("now").ne_missing(pl.col("back")))
    rows = current.join(back.select(_id="record").unique(), on="_id", how="semi", maintain_order="left")
    names = [name for name in current.columns if name != "_id"]
    rows = rows.select(pl.col("_id").alias("_key"), "_id", *names, *(pl.col(n).alias(_OLD + n) for n in names))
    for (name,), some in back.group_by("property", maintain_order=True):
        values = some.select(_id="record", _back="back", _is=pl.lit(True))
        joined = rows.join(values, on="_id", how="left", maintain_order="left")
        final = pl.when(pl.col("_is")).then("_back").otherwise(str(name))
        rows = joined.with_columns(final.alias(str(name))).drop("_back", "_is")
    return rows


def _identifiers(one: ObjectType, rows: pl.DataFrame, prefix: str) -> pl.DataFrame:
    names = [name.removeprefix(_OLD) for name in rows.columns if name.startswith(_OLD)]
    return identifiers.wanted(one, rows.select("_key", "_id", *(pl.col(prefix + n).alias(n) for n in names)))


def _misplaced(known: Catalogue, one: ObjectType, rows: pl.DataFrame) -> pl.DataFrame:
    """A stage that its pipeline does not have any more."""
    _, problems = rules.staged(known, one, rows)
    return _wrong(problems.select(record="_key"), [one.pipeline or "", one.stage or ""], Why.UNFIT)


def _needed(one: ObjectType, rows: pl.DataFrame) -> pl.DataFrame:
    found = [pl.DataFrame(schema=_WRONG)]
    for group in one.needs:
        if set(group) <= set(rows.columns):
            lacking = rows.filter(pl.all_horizontal(pl.col(name).is_null() for name in group))
            found.append(_wrong(lacking.select(record="_id"), group, Why.NEEDED))
    return pl.concat(found)


def _wrong(records: pl.DataFrame, names: Sequence[str], why: Why) -> pl.DataFrame:
    each = records.join(pl.DataFrame({"property": list(names)}, schema={"property": pl.String}), how="cross")
    return frames.cast(each.with_columns(why=pl.lit(why.value), other=pl.lit(None, pl.Int64)), _WRONG)


def _taken(
    tx: Tx, one: ObjectType, fresh: pl.DataFrame, freed: pl.DataFrame, released: Released
) -> pl.DataFrame:  # fmt: skip
    """Addresses and unique values that belong to others by now, and that nobody gives up for it."""
    asked = fresh.filter("exclusive")
    if asked.is_empty():
        return pl.DataFrame(schema=_WRONG)
    held = [pl.DataFrame(schema=_HELD)]
    for (name,), some in asked.group_by("name"):
        prop = one.properties[str(name)]
        home = identifiers.home(one, prop)
        found = identifiers.matching(tx, one, prop, some["value"])
        held.append(found.select(pl.lit(home.id, pl.Int64).alias("property"), "value", "record"))
    given_up = pl.concat([released.freed, freed.select("property", "value", record="_id")])
    there = pl.concat(held).unique().join(given_up, on=["property", "value", "record"], how="anti")
    there = there.filter(~pl.col("record").is_in(released.archived.implode()))
    clashes = asked.join(there.rename({"record": "other"}), on=["property", "value"]).filter(
        pl.col("other") != pl.col("_id")
    )
    # Two records of one batch cannot both have held it; should history say so, the first has it.
    first = pl.struct("property", "value").is_first_distinct()
    others = pl.col("_id") != pl.col("_id").first().over("property", "value")
    doubled = asked.filter(~first & others).with_columns(other=pl.lit(None, pl.Int64))
    told = {"record": "_id", "property": "name", "why": pl.lit(Why.TAKEN.value), "other": "other"}
    return frames.cast(pl.concat([part.select(**told) for part in (clashes, doubled)]), _WRONG)


def _marked(due: pl.DataFrame, wrong: pl.DataFrame) -> pl.DataFrame:
    """With the reason why these stay, too."""
    new = wrong.rename({"why": "_why", "other": "_other"})
    joined = due.join(new, on=["record", "property"], how="left", maintain_order="left")
    mine = pl.col("why").is_null() & pl.col("now").ne_missing(pl.col("back"))
    return joined.with_columns(
        why=pl.when(mine).then("_why").otherwise("why"), other=pl.when(mine).then("_other").otherwise("other")
    ).drop("_why", "_other")
