"""Words for tests of the undo: the whole of it, and what records are, without who wrote them when."""

from dataclasses import replace
from typing import Any

from kartotek.domain import Database, associations, catalogue, records, undoing
from kartotek.imports import run
from kartotek.model.people import SYSTEM, Actor
from kartotek.model.records import Source
from kartotek.model.undos import Remainder, UndoBooks
from tests.helpers.statements import made

BY_HAND = replace(SYSTEM, source=Source.USER)
BEFORE = [
    {
        "First Name": f"Fay {i}", "Email": f"fay{i}@harbour.example", "Job Title": "Sailor" if i % 2 else "",
        "Company name": f"Quay {i % 7}" if i % 3 else "",
        "Company Domain Name": f"quay{i % 7}.example" if i % 3 else "",
    }
    for i in range(60)
]  # fmt: skip
AFTER = [
    {
        "First Name": f"Fay {i}" if i % 4 else "Gry", "Email": f"fay{i}@harbour.example", "Job Title": "Captain",
        "Company name": f"Pier {i % 5}",
        "Company Domain Name": f"pier{i % 5}.example" if i % 2 else f"quay{i % 7}.example",
    }
    for i in range(30, 120)
]  # fmt: skip
BOTH = ("contacts", "companies")
_RECORDS = ("contacts", "companies", "deals", "tickets")


def undo(database: Database, id: int, actor: Actor = SYSTEM) -> UndoBooks:
    """Takes an import back, to its end."""
    with database.transaction() as tx:
        undoing.start(tx, actor, id)
    return run.undo(database, id)


def dump(database: Database) -> dict[str, list[Any]]:
    """All living records with their values, identifiers, pairs, labels and primary companies."""
    queries = {
        kind: f"""SELECT _id, _primary, jsonb_strip_nulls(to_jsonb(r) - '_created' - '_updated' - '_actor' - '_source'
                  - '_source_id')::text AS said FROM crm.{kind} AS r WHERE _archived IS NULL ORDER BY _id"""
        for kind in _RECORDS
    } | {
        "identifiers": "SELECT property, value, record FROM kartotek.identifiers ORDER BY 1, 2, 3",
        "pairs": "SELECT first, second, first_type, second_type FROM kartotek.associations ORDER BY 1, 2",
        "labels": "SELECT first, second, type FROM kartotek.association_labels ORDER BY 1, 2, 3",
        "dates": "SELECT first, second, starts_on, ends_on FROM kartotek.association_dates ORDER BY 1, 2",
    }
    with database.transaction() as tx:
        return {name: [tuple(row.values()) for row in tx.rows(made(query))] for name, query in queries.items()}


def remainders(database: Database, id: int) -> list[Remainder]:
    with database.transaction() as tx:
        return undoing.remainders(tx, SYSTEM, id, limit=100_000)


def told(database: Database, id: int) -> list[tuple[int, str | None, str]]:
    """Record, property and reason of everything that stays."""
    return [(one.record, one.property, one.why.value) for one in remainders(database, id)]


def by_hand(database: Database, object_type: str, id: int, **texts: str | None) -> None:
    with database.transaction() as tx:
        records.update(tx, BY_HAND, catalogue.load(tx).object_type(object_type), id, texts)


def make(database: Database, object_type: str, **texts: str) -> int:
    with database.transaction() as tx:
        return records.create(tx, BY_HAND, catalogue.load(tx).object_type(object_type), texts).id


def link(database: Database, first: tuple[str, int], second: tuple[str, int], **how: Any) -> None:
    with database.transaction() as tx:
        known = catalogue.load(tx)
        associations.link(
            tx, BY_HAND, known.object_type(first[0]), first[1], known.object_type(second[0]), [second[1]], **how
        )


def id_of(database: Database, object_type: str, **said: str) -> int:
    ((name, value),) = said.items()
    with database.transaction() as tx:
        found = made(f"SELECT _id FROM crm.{object_type} WHERE {name} = %s AND _archived IS NULL")
        return int(tx.value(found, [value]))
