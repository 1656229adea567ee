"""Imports: start, follow, pause, cancel. What came of them: import_books. How a file becomes records is told in
`kartotek.imports`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, jobs
from kartotek.model.imports import ENDED, Asked, File, Import, State
from kartotek.model.people import Actor
from kartotek.store import imports as store

EVERY = Asked()


def draft(tx: Tx, actor: Actor, files: Sequence[File], name: str) -> int:
    """An import that is still being shaped in the wizard; gives its id."""
    access.require_import(actor, ())
    return _create(tx, actor, files, name, State.DRAFT, None)


def save_draft(tx: Tx, actor: Actor, id: int, name: str, draft: Mapping[str, Any]) -> None:
    if not tx.query("imports.save_draft", {"id": id, "name": name, "draft": dict(draft)}):
        raise errors.Conflict("This import has started already, so its settings cannot change any more.")


def start(tx: Tx, actor: Actor, id: int, name: str, plan: Mapping[str, Any], objects: Sequence[str]) -> int:
    """Settles a draft's plan and puts it in line for a worker.

    Gives the number of the import that does it: this one, or the one that does the same already; then the draft goes.
    """
    access.require_import(actor, catalogue.types(tx, objects))
    running = joined(tx, actor, [file.digest for file in _get(tx, id).files], plan)
    if running is not None:
        tx.call("imports.discard", {"id": id})
        return running
    if not tx.query("imports.start", {"id": id, "name": name, "plan": dict(plan)}):
        raise errors.Conflict("This import has started already.")
    jobs.enqueue(tx, "import", {"id": id})
    return id


def consent(tx: Tx, actor: Actor, id: int) -> None:
    """That the person said that the contacts expect to hear from them, and that the file was not bought."""
    access.require_import(actor, ())
    tx.call("imports.consent", {"id": id})


def begin(
    tx: Tx, actor: Actor, files: Sequence[File], name: str, plan: Mapping[str, Any], objects: Sequence[str]
) -> int:
    """An import with its plan settled from the start, in line for a worker; gives its id."""
    access.require_import(actor, catalogue.types(tx, objects))
    id = _create(tx, actor, files, name, State.STARTED, plan)
    jobs.enqueue(tx, "import", {"id": id})
    return id


def joined(tx: Tx, actor: Actor, digests: Sequence[bytes], plan: Mapping[str, Any]) -> int | None:
    """An import of the same files with the same plan by the same person that has not ended: it goes on, not twice.

    One that is paused goes on, for it is asked for again; one that is being cancelled is none to go on with. Whoever
    asks this of some files waits for those who asked before and have not committed: two starts at once are one.
    """
    tx.call("imports.one_at_a_time", {"digest": b"".join(digests)})
    rows = tx.query("imports.unfinished", {"digests": list(digests), "plan": dict(plan), "person": actor.person})
    if not rows:
        return None
    id = int(rows[0]["id"])
    if tx.query("imports.resume", {"id": id}):
        jobs.enqueue_next(tx, "import", {"id": id})
    return id


def get(tx: Tx, actor: Actor, id: int) -> Import:
    access.require_import(actor, ())
    if id not in seen(tx, actor, [id]):
        raise errors.NotFound(f"There is no import with the number {id}.")
    return _get(tx, id)


def seen(tx: Tx, actor: Actor, ids: Sequence[int]) -> set[int]:
    """Those of these imports that may be looked at: one's own, and those of objects of which one may see all."""
    whole = _seen_whole(tx, actor)
    if whole is None:
        return set(ids)
    asked = {"ids": list(ids), "whole": whole, "viewer": actor.person}
    return {row["id"] for row in tx.query("imports.seen", asked)}


def _seen_whole(tx: Tx, actor: Actor) -> list[str] | None:
    """The objects of which the actor sees all records; None where that is all of them."""
    types = list(catalogue.load(tx).object_types)
    whole = [name for name in types if access.sees_all(actor, [name])]
    return None if len(whole) == len(types) else whole


def of_worker(tx: Tx, id: int) -> Import:
    """The import as the one who does it sees it, with no rights asked."""
    return _get(tx, id)


def history(
    tx: Tx, actor: Actor, asked: Asked = EVERY, *, limit: int = 50, offset: int = 0
) -> tuple[list[Import], int]:
    """The newest imports that fit, and how many fit in all (none beyond the last page)."""
    access.require_import(actor, ())
    wanted = {
        "state": asked.state, "person": asked.person, "object_type": asked.object_type,
        "search": f"%{plain(asked.search)}%" if asked.search else None, "limit": limit, "offset": offset,
        "whole": _seen_whole(tx, actor), "viewer": actor.person,
    }  # fmt: skip
    rows = tx.query("imports.history", wanted)
    return [_import(row) for row in rows], rows[0]["total"] if rows else 0


def name(tx: Tx, id: int) -> str | None:
    """What an import is called, if there is one of that number."""
    rows = tx.query("imports.get", {"id": id})
    return rows[0]["name"] if rows else None


def importers(tx: Tx, actor: Actor) -> list[tuple[int, str]]:
    """Id and name of everybody who has imported."""
    access.require_import(actor, ())
    return [(row["id"], row["name"]) for row in tx.query("imports.importers")]


def original(tx: Tx, actor: Actor, id: int, number: int = 1) -> File:
    """The how manieth file of an import as it was uploaded: for whoever imported it, and for administrators
    (imports.md 12.9)."""
    job = get(tx, actor, id)
    if not may_have_original(actor, job):
        raise errors.NotAllowed("Only the person who imported this file, or an administrator, may download it.")
    if not 0 < number <= len(job.files):
        raise errors.NotFound(f"This import has {len(job.files)} files.")
    return job.files[number - 1]


def may_have_original(actor: Actor, job: Import) -> bool:
    return actor.rights.settings or (job.person is not None and job.person == actor.person)


def running(tx: Tx) -> list[dict[str, Any]]:
    """`id`, `name`, `rows`, `position`, `state` of what is under way."""
    return [dict(row) for row in tx.query("imports.running")]


def cancel(tx: Tx, actor: Actor, id: int) -> None:
    """It stops after the batch that is being written; what is written stays."""
    get(tx, actor, id)
    if not tx.query("imports.cancel", {"id": id}):
        raise errors.Conflict("This import has ended already, so there is nothing to cancel.")


def pause(tx: Tx, actor: Actor, id: int) -> None:
    """It stops after the batch that is being written, and goes on from there when it is resumed."""
    job = get(tx, actor, id)
    if not tx.query("imports.pause", {"id": id}):
        reason = "is being cancelled" if job.cancelled and job.state not in ENDED else "has ended already"
        raise errors.Conflict(f"This import {reason}, so it cannot be paused.")


def resume(tx: Tx, actor: Actor, id: int) -> None:
    """Puts a paused import in line again."""
    get(tx, actor, id)
    if not tx.query("imports.resume", {"id": id}):
        raise errors.Conflict("This import is not paused, so there is nothing to go on with.")
    jobs.enqueue_next(tx, "import", {"id": id})


# ---------------------------------------------------------------- for the one who does it


def hurry(tx: Tx) -> None:
    """For a batch: its commit need not wait for the disk, as a crash of the server takes back records and position
    together, and the last commit waits. And a worker that falls asleep over it holds up nobody for ever."""
    tx.query("imports.hurry")


def claim(tx: Tx, id: int, position: int) -> bool:
    """Holds the import until the transaction ends; False when somebody asked it to stop.

    Another position than expected means that another worker has taken over: Overtaken.
    """
    row = tx.query("imports.claim", {"id": id})[0]
    if row["position"] != position or row["state"] not in (State.STARTED, State.PROCESSING):
        raise errors.Overtaken("Another worker goes on with this import.")
    return row["to_stop"] is None


def advance(tx: Tx, id: int, position: int, rows: int) -> None:
    tx.call("imports.advance", {"id": id, "position": position, "rows": rows})


def alive(tx: Tx, id: int, batch: int, rows: int | None = None) -> int:
    """Tells those who watch that it goes on; gives the size of its batches, which is that of its first worker."""
    found = tx.query("imports.alive", {"id": id, "rows": rows, "batch": batch})
    return int(found[0]["batch"]) if found else batch


def reading(tx: Tx, id: int, rows: int) -> None:
    """Tells those who watch how many rows have been read."""
    tx.call("imports.read", {"id": id, "read": rows})


def finish(tx: Tx, id: int, state: State, message: str | None = None) -> None:
    tx.call("imports.finish", {"id": id, "state": state.value, "message": message})


def stop(tx: Tx, id: int) -> None:
    """It has stopped as somebody asked: cancelled, or paused."""
    tx.call("imports.stop", {"id": id})


def keep_outcomes(tx: Tx, id: int, object_type: str, position: int, rows: pl.DataFrame) -> None:
    """`rows`: `line`, `record`, `outcome`."""
    number = catalogue.load(tx).object_type(object_type).number
    store.add_outcomes(tx, id, number, position, rows)


def keep_links(tx: Tx, id: int, position: int, counts: Mapping[str, int]) -> None:
    store.add_links(tx, id, position, counts)


def keep_cells(tx: Tx, id: int, position: int, counts: Mapping[str, int]) -> None:
    store.add_cells(tx, id, position, counts)


def keep_problems(tx: Tx, id: int, problems: pl.DataFrame) -> None:
    store.add_problems(tx, id, problems)


def keep_lines(tx: Tx, id: int, lines: Sequence[int]) -> None:
    """How many lines the sources before each one have; problems and outcomes count through them."""
    tx.call("imports.lines", {"id": id, "lines": list(lines)})


def matches(tx: Tx, id: int) -> dict[str, Any] | None:
    """Which rows belong together, if that has been settled."""
    found: dict[str, Any] | None = tx.query("imports.matches", {"id": id})[0]["matches"]
    return found


def keep_matches(tx: Tx, id: int, found: Mapping[str, Any]) -> dict[str, Any]:
    """Settles it, unless another worker was quicker; gives what is settled."""
    kept: dict[str, Any] = tx.query("imports.keep_matches", {"id": id, "matches": dict(found)})[0]["matches"]
    return kept


def done_before(tx: Tx, id: int, object_type: str) -> Iterator[pl.DataFrame]:
    """What earlier batches did, each in its turn: `_row`, `line`, `record` (0 for none), `outcome`."""
    return store.outcomes_before(tx, id, catalogue.load(tx).object_type(object_type).number)


def _create(
    tx: Tx, actor: Actor, files: Sequence[File], name: str, state: State, plan: Mapping[str, Any] | None
) -> int:
    row = {
        "name": name, "files": [file.id for file in files], "person": actor.person, "source": actor.source.value,
        "state": state.value, "plan": None if plan is None else dict(plan),
    }  # fmt: skip
    return int(tx.query("imports.create", row)[0]["id"])


def _get(tx: Tx, id: int) -> Import:
    rows = tx.query("imports.get", {"id": id})
    if not rows:
        raise errors.NotFound(f"There is no import with the number {id}.")
    return _import(rows[0])


def _import(row: Mapping[str, Any]) -> Import:
    files = tuple(File(**{**one, "digest": bytes.fromhex(one["digest"])}) for one in row["files"])
    names = (
        "id", "name", "person", "person_name", "plan", "draft", "rows", "position", "message", "cancelled", "created",
        "started", "finished", "seen", "read", "since", "since_position", "paused", "rehearsed", "held_of",
    )  # fmt: skip
    return Import(
        files=files, lines=tuple(row["lines"]), state=State(row["state"]), **{name: row[name] for name in names}
    )


def plain(text: str) -> str:
    """Nothing in it is a pattern, and no NUL reaches the database."""
    return text.replace("\0", "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
