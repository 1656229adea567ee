"""Undo: takes a whole import back, shows beforehand what that would do, and lists what stays.

What the import did goes, and what others did since stays (docs/importing.md has the rules). `batches.py` takes back one
batch, with `values.py` for what it wrote and `links.py` for what it associated; `imports/run/undoing.py` goes over them
all. The undo is history of its own, booked under the source UNDO with the import as its id.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, import_books, imports, jobs, lists
from kartotek.domain.undoing import batches, links
from kartotek.domain.undoing.batches import Decision, Memory
from kartotek.model.catalogue import Catalogue
from kartotek.model.imports import ENDED, Import, State
from kartotek.model.people import Actor
from kartotek.model.records import Source
from kartotek.model.undos import Remainder, Undo, UndoBooks, UndoPreview, UndoState, Why
from kartotek.store import presence
from kartotek.store import records as rows
from kartotek.store import undoing as store

__all__ = ["Decision", "Memory"]

SHOWN = 100
LANES = presence.LANES
_LINKS = (Why.LABELLED, Why.PRIMARY)


def start(tx: Tx, actor: Actor, id: int) -> None:
    """Puts the undo of an import in line for a worker. One that is running is cancelled first."""
    job = imports.get(tx, actor, id)
    _require(tx, actor, id)
    if job.state is State.DRAFT:
        raise errors.Conflict("This import has not started, so there is nothing to undo.")
    if job.state not in ENDED:
        imports.cancel(tx, actor, id)
    if not tx.query("undoing.start", {"import": id, "person": actor.person}):
        raise errors.Conflict("This import has been undone already, or is being undone just now.")
    jobs.enqueue_next(tx, "undo", {"id": id})


def preview(tx: Tx, actor: Actor, id: int) -> UndoPreview:
    """What an undo would do just now; nothing is written."""
    job = imports.get(tx, actor, id)
    _require(tx, actor, id)
    if job.state is State.DRAFT:
        raise errors.Conflict("This import has not started, so there is nothing to undo.")
    if of(tx, [id]).get(id):
        raise errors.Conflict("This import has been undone already, or is being undone just now.")
    return _preview(tx, job, catalogue.load(tx))


def get(tx: Tx, actor: Actor, id: int) -> Undo:
    access.require_import(actor, ())
    return of_worker(tx, id)


def of_worker(tx: Tx, id: int) -> Undo:
    """The undo as the one who does it sees it, with no rights asked."""
    found = of(tx, [id]).get(id)
    if found is None:
        raise errors.NotFound(f"Import {id} has not been undone.")
    return found


def of(tx: Tx, ids: Sequence[int]) -> dict[int, Undo]:
    """The undos of these imports, of those that have one."""
    found = {}
    for row in tx.query("undoing.of", {"imports": list(ids)}):
        names = ("person", "person_name", "done", "rows", "message", "created", "finished")
        state = UndoState(row["state"])
        given = {name: row[name] for name in names}
        if state is UndoState.DONE:
            given["done"] = given["rows"]
        found[row["import"]] = Undo(row["import"], state=state, **given)
    return found


def running(tx: Tx) -> list[dict[str, Any]]:
    """`id` (of the import), `name`, `rows`, `position`, `state` of what is being undone."""
    return [dict(row) for row in tx.query("undoing.running")]


def books(tx: Tx, id: int) -> UndoBooks:
    """What became of all that the import did; counted from the database."""
    counts = {row["what"]: int(row["n"]) for row in tx.query("undoing.counts", {"import": id})}
    return _books(tx, id, counts)


def remainders(tx: Tx, actor: Actor, id: int, *, limit: int = SHOWN, offset: int = 0) -> list[Remainder]:
    """What stays, by record and property."""
    access.require_import(actor, ())
    found = tx.query("undoing.remainders", {"import": id, "limit": limit, "offset": offset})
    return _named(tx, catalogue.load(tx), [dict(row) for row in found])


def stays(tx: Tx, id: int) -> dict[tuple[str, str | None, Why], int]:
    """How much stays, by object type, property and reason; the most first."""
    known = catalogue.load(tx)
    found = tx.query("undoing.remainder_counts", {"import": id})
    return {(known.by_number(r["object_type"]).name, r["property"], Why(r["why"])): int(r["n"]) for r in found}


# ---------------------------------------------------------------- for the one who does it


def acting(actor: Actor, id: int) -> Actor:
    """Who books what an undo does."""
    return actor.acting_for(Source.UNDO, id)


def positions(tx: Tx, id: int) -> list[int]:
    """Where the import's batches begin, in the order in which they are taken back."""
    return [*(row["position"] for row in tx.query("undoing.positions", {"import": id})), batches.LOOSE]


def claim(tx: Tx, id: int, before: int | None) -> None:
    """Holds the undo until the transaction ends. `before`: the batch taken back last, as this worker knows it."""
    row = tx.query("undoing.claim", {"import": id})[0]
    if row["position"] != before or row["state"] not in (UndoState.STARTED, UndoState.PROCESSING):
        raise errors.Overtaken("Another worker goes on with this undo.")


def done_until(tx: Tx, id: int) -> int | None:
    """The batch that was taken back last."""
    found: int | None = tx.query("undoing.claim", {"import": id})[0]["position"]
    return found


def memory(tx: Tx, id: int) -> Memory:
    """What the batches taken back so far have left for those to come."""
    return Memory(store.staying_links(tx, id, [why.value for why in _LINKS]))


def is_loose(position: int) -> bool:
    """Whether this is what no row of the file is about, which comes when all else is taken back."""
    return position == batches.LOOSE


def lock(tx: Tx, actor: Actor, id: int, position: int, known: Memory, lane: int = 0) -> Decision:
    """Locks what taking back one batch changes, and decides. `lane`: below LANES, and another one for each of the
    batches that are under way at once."""
    _require(tx, actor, id)
    return batches.lock(tx, id, catalogue.load(tx), position, known, lane)


def carry_out(tx: Tx, actor: Actor, id: int, position: int, done: Decision) -> None:
    """Takes the batch back, in the transaction that has locked it; `actor` as `acting` gives it."""
    batches.carry_out(tx, actor, id, position, done)


def advance(tx: Tx, id: int, position: int) -> None:
    tx.call("undoing.advance", {"import": id, "position": position})


def finish(tx: Tx, id: int, state: UndoState, message: str | None = None) -> None:
    if state is UndoState.DONE:
        lists.archive_empty(tx, id)
    tx.call("undoing.finish", {"import": id, "state": state.value, "message": message})


def _require(tx: Tx, actor: Actor, id: int) -> None:
    """Who may import and edit all that the import had to do with."""
    known = catalogue.load(tx)
    numbers = [row["object_type"] for row in tx.query("undoing.object_types", {"import": id})]
    access.require_import(actor, [known.by_number(number) for number in numbers])


def _preview(tx: Tx, job: Import, known: Catalogue) -> UndoPreview:
    counts: dict[str, int] = {}
    found = [pl.DataFrame(schema=store.REMAINDER)]
    parts: dict[str, list[pl.DataFrame]] = {}
    learnt = Memory()  # nothing is ever written
    for position in positions(tx, job.id):
        done = batches.foresee(tx, job.id, known, batches.rows_of(tx, job.id, position), learnt)
        learnt = learnt.and_then(done.learnt)
        for what, n in done.counts.items():
            counts[what] = counts.get(what, 0) + n
        found.append(done.remainders)
        for what, frame in _pairs(done.links):
            parts.setdefault(what, []).append(frame)
    # Rows of several batches may be about one record, whose pairs come with each of them.
    distinct = {what: len(pl.concat(frames).unique()) for what, frames in parts.items()}
    kept = distinct.get("links.kept", 0)
    made = int(tx.query("undoing.links_made", {"import": job.id})[0]["n"])
    counts |= distinct | {"links.ended": made - kept, "lists.ended": lists.put_on_by(tx, job.id)}
    every = pl.concat(found).unique(maintain_order=True)
    counted = every.group_by("object_type", "property", "why").len().sort("len", "property", descending=[True, False])
    shown = every.sort("record", "property", "why", "other", nulls_last=False).head(SHOWN).to_dicts()
    return UndoPreview(
        _books(tx, job.id, counts),
        tuple(_named(tx, known, shown)),
        {(known.by_number(t).name, prop, Why(why)): n for t, prop, why, n in counted.rows()},
    )


def _pairs(plan: links.Plan) -> Iterator[tuple[str, pl.DataFrame]]:
    yield "links.kept", plan.kept
    yield "links.restored", plan.relink
    yield "labels.restored", plan.relabel
    yield "labels.ended", plan.own_labels
    yield "primaries.restored", plan.primaries


def _books(tx: Tx, id: int, counts: dict[str, int]) -> UndoBooks:
    of_types: dict[str, dict[str, dict[str, int]]] = {"records": {}, "values": {}}
    flat: dict[str, dict[str, int]] = {"links": {}, "labels": {}, "primaries": {}, "lists": {}}
    for what, n in counts.items():
        kind, *rest = what.split(".")
        if kind in of_types:
            of_types[kind].setdefault(rest[0], {})[rest[1]] = n
        else:
            flat[kind][rest[0]] = n
    done = import_books.of(tx, id)
    made = done.associations["created"] + done.by_domain["contacts"]
    pairs = {"ended": 0, "kept": 0, "restored": 0} | flat["links"]
    pairs["gone"] = max(0, made - pairs["ended"] - pairs["kept"])
    labels = {"ended": 0, "restored": 0} | flat["labels"]
    blank = {"records": ("archived", "kept", "gone"), "values": ("restored", "kept", "gone")}
    whole = {
        kind: {name: dict.fromkeys(blank[kind], 0) | of for name, of in by_type.items() if any(of.values())}
        for kind, by_type in of_types.items()
    }
    marks, members = {"restored": 0} | flat["primaries"], {"ended": 0} | flat["lists"]
    return UndoBooks(whole["records"], whole["values"], pairs, labels, marks, members)


def _named(tx: Tx, known: Catalogue, found: Sequence[dict[str, Any]]) -> list[Remainder]:
    others = _others(tx, found)
    by_type: dict[int, list[int]] = {}
    for one, other in zip(found, others, strict=True):
        by_type.setdefault(one["object_type"], []).append(one["record"])
        if other is not None:
            by_type.setdefault(other, []).append(one["other"])
    names = dict(rows.names(tx, [(known.by_number(number), ids) for number, ids in by_type.items()]).rows())
    return [
        Remainder(
            known.by_number(one["object_type"]).name, one["record"], names.get(one["record"], str(one["record"])),
            one["property"], Why(one["why"]), one["other"], one["value"],
            None if other is None else known.by_number(other).name, names.get(one["other"]),
        )
        for one, other in zip(found, others, strict=True)
    ]  # fmt: skip


def _others(tx: Tx, found: Sequence[dict[str, Any]]) -> list[int | None]:
    """The number of the object type of each record that something stays because of; None where none is named."""
    pairs = [(one["record"], one["other"]) for one in found if one["other"] is not None]
    linked = store.types_beside(tx, pairs)
    of_why = {Why.PRIMARY.value: links.COMPANY}
    return [
        None if one["other"] is None
        else one["object_type"] if one["why"] == Why.TAKEN.value
        else of_why.get(one["why"], linked.get((one["record"], one["other"])))
        for one in found
    ]  # fmt: skip
