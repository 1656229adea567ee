"""A picture of everything that records are: to see that two ways lead to the same."""

from typing import Any

from kartotek.domain import Database, Tx
from tests.helpers.statements import made

TYPES = ("contacts", "companies", "deals", "tickets")
_LETTERS = {"c": "created", "u": "updated", "=": "unchanged", "s": "skipped", "f": "failed", "h": "held"}
_TABLES = """kartotek.identifiers, kartotek.associations, kartotek.association_labels, kartotek.association_dates,
    kartotek.association_history, kartotek.word_parts, kartotek.words, kartotek.words_due,
    kartotek.primary_marks, kartotek.archivals, kartotek.merges,
    kartotek.changes, kartotek.imports, kartotek.import_outcomes, kartotek.import_links, kartotek.import_problems,
    kartotek.import_cells, kartotek.rehearsals, kartotek.rehearsal_parts,
    kartotek.undos, kartotek.undo_batches,
    kartotek.undo_remainders, kartotek.import_domains, kartotek.domain_runs,
    kartotek.account, kartotek.lists, kartotek.list_members,
    kartotek.files, crm.contacts, crm.companies, crm.deals, crm.tickets"""


def emptied(database: Database) -> None:
    """A database without records, whose next record id is 1."""
    with database.transaction() as tx:
        others = [
            row["name"]
            for row in tx.rows("SELECT name FROM kartotek.object_types WHERE name <> ALL(%s)", [list(TYPES)])
        ]
        filled = "".join(f", crm.{name}" for name in others if tx.rows(made(f"SELECT 1 FROM crm.{name} LIMIT 1")))
        tx.run(made(f"TRUNCATE {_TABLES}{filled}"))
        tx.run("SELECT setval('kartotek.record_id', 1, false)")


def of_records(tx: Tx, names: dict[int, str] | None = None) -> dict[str, list[Any]]:
    """All records, identifiers, pairs and history. `names` stand for ids where there are any; times are left out."""
    called = names or {}

    def name(id: int | None) -> Any:
        return called.get(id, id) if id is not None else None

    def rows(statement: str) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in tx.rows(made(statement))]

    picture: dict[str, list[Any]] = {}
    for kind in TYPES:
        select = f"""SELECT _id, _primary, _source::text, jsonb_strip_nulls(to_jsonb(r)
            - '_id' - '_primary' - '_created' - '_updated' - '_source' - '_source_id')::text FROM crm.{kind} AS r"""
        picture[kind] = [(name(id), name(primary), *rest) for id, primary, *rest in rows(select)]
    pairs = rows("SELECT first, second, first_type, second_type, source::text FROM kartotek.associations")
    picture["pairs"] = [(name(first), name(second), *rest) for first, second, *rest in pairs]
    picture["identifiers"] = [
        (name(id), *rest) for id, *rest in rows("SELECT record, property, value, exclusive FROM kartotek.identifiers")
    ]
    picture["changes"] = [
        (name(id), *rest) for id, *rest in rows("SELECT record, source::text, old::text FROM kartotek.changes")
    ]
    return {what: sorted(found, key=str) for what, found in picture.items()}


def of_import(tx: Tx, id: int) -> dict[str, Any]:
    """What an import left behind, new records called by the row that made them."""
    rows: list[tuple[int, str, int, str]] = []
    for batch in tx.rows(
        "SELECT t.name, lines, records, outcomes FROM kartotek.import_outcomes AS o "
        "JOIN kartotek.object_types AS t ON t.number = o.object_type WHERE import = %s ORDER BY o.position",
        [id],
    ):
        letters = map(_LETTERS.get, batch["outcomes"])
        rows += [
            (line, batch["name"], record, str(o))
            for line, record, o in zip(batch["lines"], batch["records"], letters, strict=True)
        ]
    names = {record: f"{kind} of line {line}" for line, kind, record, outcome in rows if outcome == "created"}
    problems = tx.rows(
        "SELECT line, place, object_type, property, type, value FROM kartotek.import_problems WHERE import = %s", [id]
    )
    return {
        "rows": sorted((line, kind, outcome, names.get(record, record)) for line, kind, record, outcome in rows),
        "problems": sorted((tuple(row.values()) for row in problems), key=str),
        **of_records(tx, names),
    }
