"""A rehearsal that is kept, from the command line: done right here, unless a worker is quicker."""

import time
from dataclasses import dataclass

import polars as pl

from kartotek import errors
from kartotek.domain import Database, catalogue, jobs, rehearsals
from kartotek.imports import run
from kartotek.imports.run import OnProgress
from kartotek.model.imports import Books
from kartotek.model.people import Actor
from kartotek.settings import Settings

_LOOK = 0.3  # seconds between two looks at one that a worker has


@dataclass(frozen=True, slots=True)
class Found:
    books: Books
    problems: pl.DataFrame  # the first ones


def see_through(database: Database, settings: Settings, actor: Actor, id: int, tell: OnProgress | None = None) -> Found:
    """Until it is done, whoever does it."""
    while True:
        with jobs.held(database, "rehearsal", {"id": id}) as mine:
            if mine:
                run.rehearse_draft(database, settings, id, tell)
        with database.transaction() as tx:
            found = rehearsals.get(tx, actor, id)
            if found is None or found.message is not None:
                raise errors.Invalid((found and found.message) or "This rehearsal has been taken away. Rehearse again.")
            if found.books is not None:
                types = catalogue.load(tx).object_types
                objects = [types[one["object_type"]] for one in found.plan["objects"]]
                return Found(found.books, rehearsals.problems(tx, actor, settings.files_url, id, objects))
        time.sleep(_LOOK)
