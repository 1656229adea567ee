"""Rehearsals: what an import would do to each row, worked out beforehand and kept; and what was held because of one."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import msgspec
import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, import_books, imports, jobs, reach
from kartotek.model.imports import ENDED, Books, State
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.rehearsals import (
    BY,
    FIRST,
    PROBLEMS,
    ROW,
    Change,
    Part,
    Rehearsal,
    RehearsalState,
    Verdict,
    Wanted,
    changes,
    new,
    old,
    properties,
)
from kartotek.store import rehearsals as store
from kartotek.values import frames

DAYS = 14  # a draft that was rehearsed and not imported is left alone for so long
_EVERY = Wanted()


def ask(tx: Tx, actor: Actor, files_url: str, id: int, plan: Mapping[str, Any], objects: Sequence[str]) -> None:
    """Has a worker rehearse a draft's file by this plan; what an earlier rehearsal found is forgotten."""
    access.require_import(actor, catalogue.types(tx, objects))
    if imports.get(tx, actor, id).state is not State.DRAFT:
        raise errors.Conflict("This import has started already, so there is nothing to rehearse any more.")
    store.forget(tx, files_url, id)
    token = secrets.token_hex(8)
    tx.call("rehearsals.ask", {"id": id, "token": token, "person": actor.person, "plan": dict(plan)})
    jobs.enqueue_next(tx, "rehearsal", {"id": id})


def get(tx: Tx, actor: Actor, id: int) -> Rehearsal | None:
    access.require_import(actor, ())
    return of_worker(tx, id)


def start(tx: Tx, actor: Actor, id: int) -> int:
    """Starts the import by the plan that was rehearsed; what is not as the rehearsal found it will be held."""
    found = get(tx, actor, id)
    if found is None or found.state is not RehearsalState.DONE:
        raise errors.Conflict("This import has not been rehearsed to the end yet.")
    objects = [one["object_type"] for one in found.plan["objects"]]
    started = imports.start(tx, actor, id, found.plan["name"], found.plan, objects)
    if started == id:
        tx.call("rehearsals.hold_to", {"id": id})
    return started


def begin_held(tx: Tx, actor: Actor, files_url: str, id: int, name: str) -> int:
    """A rehearsal of the rows that an import held, as a draft of their own; gives its number."""
    job = imports.get(tx, actor, id)
    if job.plan is None or job.state not in ENDED or lines_held(tx, id).is_empty():
        raise errors.Conflict("No row of this import is held.")
    objects = [one["object_type"] for one in job.plan["objects"]]
    access.require_import(actor, catalogue.types(tx, objects))
    wanted = {"id": id, "name": name[:255], "person": actor.person, "source": actor.source.value}
    draft = int(tx.query("rehearsals.held_draft", wanted)[0]["id"])
    ask(tx, actor, files_url, draft, {**job.plan, "name": name[:255]}, objects)
    return draft


def lines_held(tx: Tx, id: int) -> pl.Series:
    """The lines of the rows that an import held."""
    return store.lines_held(tx, id)


def counts(tx: Tx, id: int, object_type: ObjectType) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Of a rehearsal: outcome → rows, and outcome → property → records that it changes."""
    outcomes: dict[str, int] = {}
    props: dict[str, dict[str, int]] = {}
    for part in store.parts(tx, id, object_type.number):
        for name, count in part.outcomes.items():
            outcomes[name] = outcomes.get(name, 0) + count
            mine = props.setdefault(name, {})
            for prop, changed in part.properties.get(name, {}).items():
                mine[prop] = mine.get(prop, 0) + changed
    return outcomes, props


def verdicts(
    tx: Tx,
    actor: Actor,
    files_url: str,
    id: int,
    object_type: ObjectType,
    wanted: Wanted = _EVERY,
    *,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[Verdict], int]:
    """Those that fit, in the order of the file, and how many do in all."""
    access.require_import(actor, [object_type])
    access.require(actor, "view", object_type)
    found: list[Verdict] = []
    total = 0
    for part in store.parts(tx, id, object_type.number):
        start, left = max(0, offset - total), limit - len(found)
        count = part.count(wanted.outcome, wanted.property) if wanted.search is None else None
        if count is not None and (start >= count or left <= 0):
            total += count
            continue
        with store.reading(files_url, part) as frame:
            fits = _fitting(_seen(tx, actor, object_type, frame), wanted)
            count = int(fits.select(pl.len()).collect().item()) if count is None else count
            if left > 0 and start < count:
                found += _verdicts(fits.slice(start, left).collect())
        total += count
    return found, total


def problems(
    tx: Tx, actor: Actor, files_url: str, id: int, objects: Sequence[ObjectType], *, limit: int = 1000
) -> pl.DataFrame:
    """The first ones that the import will find, as import_books.problems gives those of an import."""
    access.require_import(actor, objects)
    found = [import_books.none()]
    for one in objects:
        for part in store.parts(tx, id, one.number) if sum(map(len, found)) < limit else ():
            with store.reading(files_url, part) as frame:
                told = frame.select("line", PROBLEMS).drop_nulls(PROBLEMS).explode(PROBLEMS).unnest(PROBLEMS)
                mine = told.with_columns(object_type=pl.lit(one.name)).collect()
            found.append(frames.cast(mine.select(found[0].columns), found[0].schema))
    every = pl.concat(found).unique(["line", "place", "property", "type", "value"], keep="first", maintain_order=True)
    return every.sort("line", "place", "type", nulls_last=False).head(limit)


def on_lines(
    tx: Tx, actor: Actor, files_url: str, id: int, object_type: ObjectType, lines: Sequence[int]
) -> dict[int, Verdict]:
    """By line, what was foreseen of the rows that stand there."""
    access.require(actor, "view", object_type)
    found: dict[int, Verdict] = {}
    for part in store.parts(tx, id, object_type.number):
        if len(found) < len(set(lines)):
            with store.reading(files_url, part) as frame:
                mine = _seen(tx, actor, object_type, frame.filter(pl.col("line").is_in(list(lines)))).collect()
            found |= {one.line: one for one in _verdicts(mine)}
    return found


# ---------------------------------------------------------------- for the one who does it


def of_worker(tx: Tx, id: int) -> Rehearsal | None:
    rows = tx.query("rehearsals.get", {"id": id})
    if not rows:
        return None
    row = dict(rows[0])
    books = msgspec.convert(row.pop("books"), Books) if row["books"] else row.pop("books")
    return Rehearsal(id, books=books, state=RehearsalState(row.pop("state")), **row)


def advance(tx: Tx, id: int, token: str, phase: str, done: int, rows: int | None) -> bool:
    """Tells those who watch how far it is; False when nobody wants it any more."""
    return bool(tx.query("rehearsals.advance", {"id": id, "token": token, "phase": phase, "done": done, "rows": rows}))


def keep(tx: Tx, files_url: str, id: int, token: str, object_type: str, verdicts: pl.DataFrame) -> None:
    """Of a batch, the verdicts on its rows."""
    number, position = catalogue.load(tx).object_type(object_type).number, int(verdicts[ROW][0])
    outcomes = dict(verdicts.group_by("outcome").len().rows())
    flags = verdicts.group_by("outcome").agg(pl.col("^changes\\..*$").sum())
    props = {row["outcome"]: _counted(row) for row in flags.to_dicts()}
    part = Part(position, len(verdicts), f"rehearsal-{id}-{token}-{number}-{position}", outcomes, props)
    store.add_part(tx, files_url, id, token, number, part, verdicts)


def begin(tx: Tx, files_url: str, id: int) -> None:
    """What somebody found who was killed over it is worked out again."""
    store.forget_parts(tx, files_url, id)


def finish(tx: Tx, id: int, token: str, books: Books, matches: Mapping[str, Any]) -> None:
    found = {"books": asdict(books), "matches": dict(matches), "message": None}
    store.finish(tx, id, token, RehearsalState.DONE.value, found)


def forget_abandoned(tx: Tx, files_url: str) -> int:
    """Removes what is kept of rehearsals that will not be imported any more; how many."""
    found = [row["id"] for row in tx.query("rehearsals.abandoned", {"days": DAYS})]
    for id in found:
        store.forget(tx, files_url, id)
    return len(found)


def fail(tx: Tx, id: int, token: str, sentence: str) -> None:
    store.finish(tx, id, token, RehearsalState.FAILED.value, {"books": None, "matches": None, "message": sentence})


def foreseen(tx: Tx, files_url: str, id: int, object_type: ObjectType, first: int, end: int) -> pl.DataFrame:
    """The verdicts on the rows from number `first` up to `end`, in their order."""
    found = []
    for part in store.parts(tx, id, object_type.number):
        if part.position < end and first < part.position + part.rows:
            with store.reading(files_url, part) as frame:
                found.append(frame.slice(max(0, first - part.position), end - max(first, part.position)).collect())
    return pl.concat(found, how="diagonal")


def _seen(tx: Tx, actor: Actor, object_type: ObjectType, frame: pl.LazyFrame) -> pl.LazyFrame:
    """Without what records say that the actor may not see."""
    if access.narrow(actor, "view", object_type.name).reach == "all":
        return frame
    ids = frame.select("record").unique().drop_nulls().collect()["record"].to_list()
    seen = pl.col("record").is_in(list(reach.seen(tx, actor, object_type, ids)))
    said = [old(name) for name in properties(frame.collect_schema().names())]
    return frame.with_columns(pl.when(seen).then(pl.col(name)).alias(name) for name in said)


def _fitting(frame: pl.LazyFrame, wanted: Wanted) -> pl.LazyFrame:
    columns = frame.collect_schema().names()
    if wanted.outcome is not None:
        frame = frame.filter(pl.col("outcome") == wanted.outcome)
    if wanted.property is not None:
        name = changes(wanted.property)
        frame = frame.filter(pl.col(name) if name in columns else pl.lit(False))
    if wanted.search:
        texts = [name for name in columns if name.startswith(("old.", "new."))]
        text = wanted.search.lower()
        said = [pl.col(name).str.to_lowercase().str.contains(text, literal=True).fill_null(False) for name in texts]
        number = [pl.col("line") == int(text)] if text.isdecimal() and len(text) < 12 else []
        frame = frame.filter(pl.any_horizontal(*said, *number) if said or number else pl.lit(False))
    return frame


def _verdicts(frame: pl.DataFrame) -> list[Verdict]:
    names = properties(frame.columns)
    return [
        Verdict(
            row["line"],
            row["outcome"],
            row["record"] or None,
            row[BY],
            row[FIRST],
            tuple(Change(name, row.get(old(name)), row[new(name)]) for name in names if row[changes(name)]),
            {name: row.get(old(name)) for name in names},
            tuple(row[PROBLEMS] or ()),
        )
        for row in frame.to_dicts()
    ]


def _counted(row: Mapping[str, Any]) -> dict[str, int]:
    return {
        name.removeprefix("changes."): count for name, count in row.items() if name.startswith("changes.") and count
    }
