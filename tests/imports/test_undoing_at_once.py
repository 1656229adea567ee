"""Two batches of an undo under way at once, about the same companies: it comes to what one after the other comes to."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kartotek.domain import Database, undoing
from kartotek.imports import run
from kartotek.model.people import SYSTEM
from kartotek.model.undos import UndoBooks, UndoState
from kartotek.settings import Settings
from tests.helpers import databases, pictures, statements
from tests.helpers.importing import import_file, sheet_of
from tests.helpers.undoing import AFTER, BEFORE, BOTH, by_hand, dump, id_of, link, told

BATCH = 5
_WHEN = re.compile(r'"_archived(_source_id)?": [^,}]+,? ?')


def test_batches_that_share_companies_are_taken_back_at_once_as_one_after_the_other(
    harbour: Database, home: Settings
) -> None:
    before, id = imported(harbour, home)
    expected = one_by_one(harbour, id), came_of(harbour, id)
    pictures.emptied(harbour)
    again, id = imported(harbour, home)

    books = held_together(harbour, id)

    assert again == before
    assert (books, came_of(harbour, id)) == expected
    assert dump(harbour)["companies"] != before["companies"]  # those that somebody took up since stay


def imported(database: Database, home: Settings) -> tuple[dict[str, list[Any]], int]:
    """Firms that nearly every batch of the import is about, made, renamed and linked by it, and used by hand since."""
    import_file(database, home, sheet_of(*BEFORE), *BOTH)
    before = dump(database)
    done = import_file(database, home, sheet_of(*AFTER), *BOTH, batch=BATCH)
    pier = id_of(database, "companies", domain="pier1.example")
    link(database, ("contacts", id_of(database, "contacts", email="fay0@harbour.example")), ("companies", pier))
    by_hand(database, "companies", id_of(database, "companies", domain="quay3.example"), name="Mole")
    by_hand(database, "contacts", id_of(database, "contacts", email="fay31@harbour.example"), jobtitle="Pilot")
    assert named_by(database, done.id, pier) > 2
    return before, done.id


def named_by(database: Database, id: int, record: int) -> int:
    """How many batches of the import have to do with a record."""
    with database.transaction() as tx:
        return int(
            tx.value(
                "SELECT count(DISTINCT position) FROM kartotek.import_outcomes WHERE import = %s AND %s = ANY(records)",
                [id, record],
            )
        )


def held_together(database: Database, id: int) -> UndoBooks:
    """Nobody can note that a batch is done, until two have got so far as to want to."""
    with ThreadPoolExecutor(1) as other:
        with database.transaction() as tx:
            undoing.start(tx, SYSTEM, id)
        with database.transaction() as tx:
            tx.run("LOCK TABLE kartotek.undo_batches IN SHARE MODE")
            undone = other.submit(run.undo, database, id)
            databases.wait_until_somebody_waits(database, undoing.LANES)
        return undone.result()


def one_by_one(database: Database, id: int) -> UndoBooks:
    with database.transaction() as tx:
        undoing.start(tx, SYSTEM, id)
        actor, known = undoing.acting(SYSTEM, id), undoing.memory(tx, id)
        positions = undoing.positions(tx, id)
    before: int | None = None
    for position in positions:
        with database.transaction() as tx:
            undoing.claim(tx, id, before)
            done = undoing.lock(tx, actor, id, position, known)
            undoing.carry_out(tx, actor, id, position, done)
            undoing.advance(tx, id, position)
        before, known = position, known.and_then(done.learnt).written()
    with database.transaction() as tx:
        undoing.finish(tx, id, UndoState.DONE)
        return undoing.books(tx, id)


def came_of(database: Database, id: int) -> tuple[Any, ...]:
    """Records, history and all, and what stays with its reason; records by what they are known by, without times."""
    with database.transaction() as tx:
        known = tx.rows("SELECT _id, email AS name FROM crm.contacts UNION ALL SELECT _id, domain FROM crm.companies")
        names = {row["_id"]: row["name"] for row in known}
        picture = pictures.of_records(tx, names)
    without_times = {what: [_WHEN.sub("", str(one)) for one in found] for what, found in picture.items()}
    return without_times, sorted((names[record], *rest) for record, *rest in told(database, id))


def test_a_batch_that_ends_associations_of_the_one_behind_it_is_not_in_its_way(
    harbour: Database, home: Settings
) -> None:
    bosses = [*range(7, 12), *range(3), 11, *range(4, 7)]  # of all but one in another batch
    rows = [{"Email": f"gry{n}@harbour.example", "Boss": f"gry{bosses[n]}@harbour.example"} for n in range(12)]
    before = dump(harbour)
    made = import_file(harbour, home, sheet_of(*rows), "contacts", batch=4, maps=("Boss=association:contacts.email",))

    with statements.listening(harbour) as heard:
        books = undone_while_held(harbour, heard, made.id)

        assert heard.count("INSERT INTO kartotek.undo_batches") == 4  # once each, and once for what is of no row
    assert (books.links["ended"], dump(harbour)) == (12, before)


def undone_while_held(database: Database, undoer: Database, id: int) -> UndoBooks:
    """The batch that comes first finds an association of its own held, while the one behind does all that it can."""
    gry = [id_of(database, "contacts", email=f"gry{n}@harbour.example") for n in (8, 11)]
    with ThreadPoolExecutor(1) as other:
        with database.transaction() as tx:
            undoing.start(tx, SYSTEM, id)
        with database.transaction() as tx:
            held = tx.rows("SELECT FROM kartotek.associations WHERE first = %s AND second = %s FOR UPDATE", gry)
            undone = other.submit(run.undo, undoer, id)
            statements.wait_for_lock(tx)
            statements.wait_for_rest(tx)
        assert len(held) == 1
        return undone.result()
