"""How a file is cut into batches, and where its import stops and goes on, shows in nothing that comes of it."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, given
from hypothesis import settings as runs

from kartotek.domain import Database
from kartotek.imports import match, run
from kartotek.imports.run import Step
from kartotek.settings import Settings
from tests.helpers import importing, pictures
from tests.imports import worlds
from tests.imports.worlds import World

EXAMPLES = runs(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), report_multiple_bugs=False)


class Stopped(Exception):
    pass


def imported(
    database: Database, home: Settings, world: World, size: int, stop_after: int | None = None
) -> dict[str, Any]:
    """What comes of the world's file in batches of this size, stopped once after some rows."""
    worlds.begin(database, world)
    id = importing.put_in_line(database, home, world.sheet, world.choices, keep=world.keep)

    def look(step: Step) -> None:
        if stop_after is not None and step.phase == "writing" and step.done >= stop_after:
            raise Stopped

    try:
        run.work(database, replace(home, import_batch=size), id, look)
    except Stopped:
        run.work(database, replace(home, import_batch=50), id)
    with database.transaction() as tx:
        found = pictures.of_import(tx, id)
    ended = importing.ended(database, id)
    columns = len({name for row in world.rows for name in row})
    assert importing.balanced(ended.books, columns=columns), ended.books
    return found | {"books": ended.books, "errors": ended.errors}


@EXAMPLES
@given(world=worlds.worlds())
def test_the_size_of_the_batches_does_not_show(harbour: Database, home: Settings, world: World) -> None:
    whole = imported(harbour, home, world, 50_000)

    for size in (1, 3, 7):
        assert imported(harbour, home, world, size) == whole


@EXAMPLES
@given(world=worlds.worlds())
def test_how_many_keys_are_grouped_at_once_does_not_show(harbour: Database, home: Settings, world: World) -> None:
    whole = imported(harbour, home, world, 50_000)

    with patch.object(match, "_SORTED", 2), patch.object(match, "_HELD", 3):
        assert imported(harbour, home, world, 2) == whole


@EXAMPLES
@given(world=worlds.worlds())
def test_an_import_that_was_stopped_goes_on_as_if_it_had_not_been(
    harbour: Database, home: Settings, world: World
) -> None:
    whole = imported(harbour, home, world, 50_000)

    for stop in (1, 3):
        assert imported(harbour, home, world, 1, stop_after=stop) == whole


@EXAMPLES
@given(world=worlds.worlds())
def test_a_rehearsal_says_what_the_import_then_does_and_changes_nothing(
    harbour: Database, home: Settings, world: World
) -> None:
    worlds.begin(harbour, world)
    with harbour.transaction() as tx:
        before = pictures.of_records(tx)
    chosen = {name: getattr(world.choices, name) for name in ("modes", "maps", "numbers")}

    rehearsed = [
        importing.rehearse_file(harbour, home, world.sheet, *world.objects, batch=size, keep=world.keep, **chosen)
        for size in (2, 50_000)
    ]

    with harbour.transaction() as tx:
        assert pictures.of_records(tx) == before
    really = imported(harbour, home, world, 50_000)
    for one in rehearsed:
        assert (one.books, one.errors) == (really["books"], really["errors"])
