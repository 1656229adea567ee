"""One batch of an import, taken back in one transaction.

Batches go last one first, as one would step back: by the time a record is archived, what later rows added to it has
ended, and an address that two records had after each other goes back the way it came. What a batch changes is locked
first, companies before the other types, and what is read after that decides. A batch may be decided while the one that
is taken back before it is not written yet: what that one comes to goes with its `Memory`.
"""

from collections import Counter
from dataclasses import dataclass, field

import polars as pl

from kartotek.domain import Tx, bounds, identifiers, linking, lists
from kartotek.domain.undoing import links, room, values
from kartotek.domain.undoing.values import Reader, Released
from kartotek.model.catalogue import Catalogue
from kartotek.model.people import Actor
from kartotek.model.undos import Why
from kartotek.store import associations, deeds, presence, undoing
from kartotek.store import records as store
from kartotek.values import frames

# After the last batch comes what no row of the file is about: its position.
LOOSE = -1


@dataclass(slots=True)
class Memory:
    """What goes from batch to batch: pairs that stay; and, of batches that are not written, which addresses would be
    free, which records would have lost the import's associations, and which pairs would be back."""

    kept: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=deeds.PAIR))
    released: Released = field(default_factory=Released)
    firsts: pl.Series = field(default_factory=lambda: pl.Series("_id", [], pl.Int64))
    back: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=associations.TYPED))

    def written(self) -> "Memory":
        """When all the batches so far are."""
        return Memory(self.kept)

    def and_then(self, later: "Memory") -> "Memory":
        """`later`: what a batch has added to it."""
        return Memory(
            pl.concat([self.kept, later.kept]), self.released.and_then(later.released),
            pl.concat([self.firsts, later.firsts]), pl.concat([self.back, later.back]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Archived:
    """Records to archive; `linked`: those of them that the import associated with records it does not account for, and
    `ended`: how many such associations there are."""

    ids: pl.Series
    linked: pl.Series
    ended: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What taking a batch back comes to; `learnt`: what those behind it have to know of it."""

    known: Catalogue
    rows: pl.DataFrame  # as deeds.ROW
    learnt: Memory
    archived: dict[str, "_Archived"]  # by type's name
    values: dict[str, values.Plan]
    links: links.Plan
    counts: Counter[str]  # of records and values
    remainders: pl.DataFrame  # as undoing.REMAINDER

    @property
    def ends_for_others(self) -> bool:
        """Whether associations end with it whose first ends are no records of the batch, and are not locked."""
        return any(len(one.linked) for one in self.archived.values())


def lock(tx: Tx, id: int, known: Catalogue, position: int, memory: Memory, lane: int = 0) -> Decision:
    """Locks what taking back the batch at this position changes, and decides; `lane`: as presence.archive_alone."""
    rows = rows_of(tx, id, position)
    for number in rows.filter(pl.col("letter") == "c")["object_type"].unique().sort():
        presence.archive_alone(tx, known.by_number(number), lane)
    return decide(tx, id, known, rows, memory, store.lock, bounds.hold)


def carry_out(tx: Tx, actor: Actor, id: int, position: int, done: Decision) -> None:
    """Does it, and books what it came to; `actor` is already acting for the undo."""
    gone = pl.concat([pl.Series("record", [], pl.Int64), *(one.ids for one in done.archived.values())])
    linked = links.carry_out(tx, actor, id, done.known, done.links, gone)
    for name, leaving in done.archived.items():
        _archive(tx, actor, done.known, name, leaving)
    for plan in done.values.values():
        values.put_back(tx, actor, plan)
    counts = done.counts | Counter(
        {
            "links.ended": linked.ended + sum(one.ended for one in done.archived.values()),
            "links.restored": linked.relinked, "links.kept": len(done.links.kept),
            "labels.ended": linked.unlabelled, "labels.restored": linked.relabelled,
            "primaries.restored": linked.primaries, "lists.ended": lists.take_off(tx, id, done.rows["record"]),
        }
    )  # fmt: skip
    undoing.add_batch(tx, id, position, {what: n for what, n in counts.items() if n}, done.remainders)


def rows_of(tx: Tx, id: int, position: int) -> pl.DataFrame:
    """The records that the batch at this position had to do with: as deeds.ROW."""
    return deeds.loose(tx, id) if position == LOOSE else deeds.rows(tx, id, position)


def foresee(tx: Tx, id: int, known: Catalogue, rows: pl.DataFrame, memory: Memory) -> Decision:
    """What taking back these rows would do; nothing is locked."""
    return decide(tx, id, known, rows, memory, store.peek, lambda tx, pairs: None)


def decide(
    tx: Tx, id: int, known: Catalogue, rows: pl.DataFrame, memory: Memory, read: Reader, hold: room.Hold
) -> Decision:
    """What taking back these rows of a batch (as deeds.ROW) does; `memory`: of the batches before it."""
    concerned = _concerned(tx, rows)
    locked = _read(tx, known, concerned, read)
    linked = links.plan(tx, id, known, locked, read)
    firsts = linked.firsts["_id"]
    linked = room.fitted(tx, id, known, linked, pl.concat([memory.firsts, firsts]), memory.back, hold)
    learnt = Memory(linked.kept, firsts=firsts, back=linked.relink)
    counts: Counter[str] = Counter()
    remainders = [_links_that_stay(linked)]
    archived, plans = {}, {}
    for name, frame in locked.items():
        of_type = concerned.filter(pl.col("object_type") == known.object_types[name].number)
        archived[name], left = _created(tx, id, known, name, of_type, frame, memory.and_then(learnt), counts)
        learnt.released.archive(archived[name].ids)
        remainders.append(left)
    for name, frame in locked.items():
        of_type = concerned.filter(pl.col("object_type") == known.object_types[name].number)
        released = memory.released.and_then(learnt.released)
        plan, left = _updated(tx, id, known, name, of_type, frame, released, counts)
        learnt.released.give_up(plan.freed)
        plans[name] = plan
        remainders.append(left)
    return Decision(known, rows, learnt, archived, plans, linked, counts, pl.concat(remainders))


def _concerned(tx: Tx, rows: pl.DataFrame) -> pl.DataFrame:
    """Without records that the import has left as they were and that are no first ends of associations: nothing of
    those changes, and two batches may name them at once."""
    left = ~pl.col("letter").is_in(["c", "u"])
    changed, firsts = rows.filter(~left), deeds.firsts(tx, rows.filter(left)["record"].unique().sort())
    return rows.filter(~left | pl.col("record").is_in(pl.concat([firsts, changed["record"]]).implode()))


def _read(tx: Tx, known: Catalogue, rows: pl.DataFrame, read: Reader) -> dict[str, pl.DataFrame]:
    """Per type's name its records, as records.KNOWN, in the order in which types are locked."""
    found = {}
    types = [known.by_number(number) for number in rows["object_type"].unique().to_list()]
    for one in sorted(types, key=store.lock_order):
        ids = rows.filter(pl.col("object_type") == one.number)["record"].unique().sort()
        found[one.name] = read(tx, one, ids, [])
    return found


def _created(
    tx: Tx, id: int, known: Catalogue, name: str, rows: pl.DataFrame, locked: pl.DataFrame, memory: Memory,
    counts: Counter[str],
) -> tuple[_Archived, pl.DataFrame]:  # fmt: skip
    """The created records to archive, and why the others stay: what somebody changed or associated since. `memory`: of
    this batch as well."""
    one = known.object_types[name]
    created = rows.filter(pl.col("letter") == "c").select("record")
    alive = locked.filter(~pl.col("_archived")).select(record="_id")
    mine = created.join(alive, on="record", how="semi").sort("record")
    changes = deeds.changes(tx, id, mine["record"]).filter(~pl.col("own"))
    edited = values.edited(tx, one, changes)
    beside = deeds.beside(tx, id, mine["record"], memory.firsts)
    strangers = beside.filter(~pl.col("own")).select("record", "other")
    # A pair of the import's that stays keeps both its ends, also where the batch of the first has yet to come.
    stays = [memory.kept]
    if len(own := beside.filter("own")):
        stays.append(links.staying(tx, id, known, own["other"].unique().sort()))
    pairs = pl.concat(stays)
    ends = [pairs.select(record=a, other=b) for a, b in (("first", "second"), ("second", "first"))]
    linked = pl.concat([strangers, *ends]).join(mine, on="record", how="semi").unique(maintain_order=True)
    kept = pl.concat([edited.select("record"), linked.select("record")]).unique()
    archived = mine.join(kept, on="record", how="anti", maintain_order="left")["record"]
    counts[f"records.{name}.archived"] = len(archived)
    counts[f"records.{name}.kept"] = len(kept)
    counts[f"records.{name}.gone"] = len(created) - len(mine)
    left = [
        edited.select("record", "property", why=pl.lit(Why.EDITED.value)),
        linked.select("record", "other", why=pl.lit(Why.LINKED.value)),
    ]
    own = beside.filter(pl.col("own") & pl.col("record").is_in(archived.implode())).unique(["record", "other"])
    leaving = _Archived(archived, own["record"].unique().sort(), len(own))
    return leaving, pl.concat([_remainders(one.number, part) for part in left])


def _updated(
    tx: Tx, id: int, known: Catalogue, name: str, rows: pl.DataFrame, locked: pl.DataFrame, released: Released,
    counts: Counter[str],
) -> tuple[values.Plan, pl.DataFrame]:  # fmt: skip
    """What comes back of values written over, and what stays."""
    one = known.object_types[name]
    updated = rows.filter(pl.col("letter") == "u").select("record")
    changes = deeds.changes(tx, id, updated["record"].sort())
    alive = locked.filter(~pl.col("_archived")).select(record="_id")
    lost = changes.filter("own").join(alive, on="record", how="anti").unique(["record", "property"])
    plan = values.plan(tx, known, one, changes.join(alive, on="record", how="semi"), released)
    stays = plan.stays
    counts[f"values.{name}.restored"] = len(plan.due) - len(stays)
    counts[f"values.{name}.kept"] = len(stays)
    counts[f"values.{name}.gone"] = len(lost)
    gone = lost.select("record", why=pl.lit(Why.ARCHIVED.value)).unique()
    parts = [stays.select("record", "property", "why", "other", value="back"), gone]
    return plan, pl.concat([_remainders(one.number, part) for part in parts])


def _links_that_stay(plan: links.Plan) -> pl.DataFrame:
    named = plan.stays.select(
        pl.col("first_type").alias("object_type"), record="first", other="second", why="why",
        property=pl.lit(None, pl.String), value=pl.lit(None, pl.String),
    )  # fmt: skip
    return frames.cast(named.select(undoing.REMAINDER.keys()), undoing.REMAINDER)


def _remainders(number: int, rows: pl.DataFrame) -> pl.DataFrame:
    """As undoing.REMAINDER, from some of its columns."""
    whole = rows.with_columns(object_type=pl.lit(number, pl.Int64))
    missing = [name for name in undoing.REMAINDER if name not in whole.columns]
    whole = whole.with_columns(pl.lit(None).alias(name) for name in missing)
    return frames.cast(whole.select(undoing.REMAINDER.keys()), undoing.REMAINDER)


def _archive(tx: Tx, actor: Actor, known: Catalogue, name: str, leaving: _Archived) -> None:
    """As records.archive: nothing is left of what associates them, and their addresses are free."""
    ids = leaving.ids
    if ids.is_empty():
        return
    one = known.object_types[name]
    if len(leaving.linked):
        linking.end_all(tx, actor, known, one, leaving.linked.to_list())
    for prop in identifiers.identifying(one):
        undoing.free(tx, one, prop, identifiers.home(one, prop), ids)
    store.archive(tx, actor, one, ids)
