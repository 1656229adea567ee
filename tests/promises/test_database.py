"""What holds for the whole schema and for every statement: found by walking them."""

import ast
import re
from pathlib import Path

import pytest

from kartotek import standard
from kartotek.store import describe, migrate, queries

STORE = Path(__file__).parents[2] / "kartotek" / "store"
PACKAGE = STORE.parent
SOURCES = "".join(file.read_text() for file in sorted(PACKAGE.rglob("*.py")))
QUERIES = [
    (file.stem, name)
    for file in sorted(STORE.glob("*.sql"))
    if file != describe.FILE
    for name in queries.all_in(file.stem)
]

# By what the large tables would be spread over machines; the tables of records by their ids.
DISTRIBUTED_BY = {
    "kartotek.identifiers": "value",
    "kartotek.associations": "first",
    "kartotek.association_labels": "first",
    "kartotek.association_history": "first",
    "kartotek.primary_marks": "first",
    "kartotek.archivals": "record",
    "kartotek.merges": "record",
    "kartotek.changes": "record",
    "kartotek.bulk_parts": "run",
    "kartotek.import_outcomes": "import",
    "kartotek.import_domains": "import",
    "kartotek.import_links": "import",
    "kartotek.import_cells": "import",
    "kartotek.rehearsal_parts": "import",
    "kartotek.import_problems": "import",
    "kartotek.list_members": "record",
    "kartotek.pins": "record",
    "kartotek.undo_batches": "import",
    "kartotek.undo_remainders": "import",
} | {f"crm.{name}": "_id" for name in standard.NAMES}


def test_the_schema_for_reading_is_what_the_migrations_make(tx):
    assert describe.FILE.read_text() == describe.schema(tx), "run `python -m kartotek.store.describe`"


@pytest.mark.parametrize("query", QUERIES, ids=".".join)
def test_every_named_query_fits_the_schema(tx, query):
    numbers: dict[str, int] = {}
    text = re.sub(
        r"%\((\w+)\)s|%%",
        lambda found: f"${numbers.setdefault(found[1], len(numbers) + 1)}" if found[1] else "%",
        queries.get(*query),
    )

    prepared = tx.connection.pgconn.prepare(b"", text.encode())

    assert prepared.error_message == b""


@pytest.mark.parametrize("query", QUERIES, ids=".".join)
def test_every_named_query_is_called_by_somebody(query):
    name = ".".join(query)

    assert f'"{name}"' in SOURCES or f'f"{query[0]}.{{' in SOURCES, "nobody needs it any more"


def test_every_key_of_a_large_table_contains_what_it_would_be_spread_by(tx):
    keys = tx.rows(
        "SELECT i.indrelid::regclass::text AS of, i.indexrelid::regclass::text AS key, "
        "       array_agg(a.attname::text) AS columns "
        "  FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) "
        " WHERE i.indisunique AND i.indrelid::regclass::text = ANY(%s) GROUP BY 1, 2",
        [names_in(tx, DISTRIBUTED_BY)],
    )

    wrong = [row["key"] for row in keys if DISTRIBUTED_BY[qualified(row["of"])] not in row["columns"]]

    assert len(keys) >= len(standard.NAMES) + 5
    assert wrong == []


def test_every_large_table_has_the_column_that_it_would_be_spread_by(tx):
    columns = {
        (row["of"], row["name"])
        for row in tx.rows(
            "SELECT table_schema || '.' || table_name AS of, column_name AS name FROM information_schema.columns "
            "WHERE table_schema IN ('kartotek', 'crm')"
        )
    }

    assert set(DISTRIBUTED_BY.items()) <= columns


def test_nothing_hangs_between_the_tables(tx):
    of_ours = "relnamespace IN ('kartotek'::regnamespace, 'crm'::regnamespace)"

    foreign_keys = tx.rows(
        f"SELECT conname FROM pg_constraint JOIN pg_class AS c ON c.oid = conrelid WHERE contype = 'f' AND {of_ours}"
    )
    triggers = tx.rows(f"SELECT tgname FROM pg_trigger JOIN pg_class AS c ON c.oid = tgrelid WHERE {of_ours}")

    assert foreign_keys == triggers == []


def test_every_table_of_records_begins_with_the_same_columns(tx):
    rows = tx.rows(
        "SELECT a.attrelid::regclass::text AS of, "
        "       array_agg(a.attname || ' ' || format_type(a.atttypid, -1) ORDER BY a.attnum) AS columns "
        "  FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid "
        " WHERE c.relnamespace = 'crm'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND a.attname ^@ '_' "
        " GROUP BY 1"
    )

    assert {row["of"].removeprefix("crm.") for row in rows} == set(standard.NAMES)
    assert len({tuple(row["columns"]) for row in rows}) == 1


SQL = re.compile(
    r"\bSELECT\b.+\bFROM\b|\bINSERT INTO\b|\bUPDATE\b.+\bSET\b|\bDELETE FROM\b|\b(CREATE|ALTER|DROP) TABLE\b", re.S
)


@pytest.mark.parametrize(
    "file",
    [file for file in sorted(PACKAGE.rglob("*.py")) if STORE not in file.parents],
    ids=lambda file: str(file.relative_to(PACKAGE)),
)
def test_sql_stands_in_the_store_alone(file):
    tree = ast.parse(file.read_text())
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [
        n.value
        for n in ast.walk(tree)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in told
    ]

    assert [text for text in texts if SQL.search(text)] == []


def names_in(tx, tables):
    """As PostgreSQL spells them here: without the schema where the search path leads to it."""
    return [tx.value("SELECT %s::regclass::text", [name]) for name in tables]


def qualified(name):
    return name if "." in name else f"kartotek.{name}"


def test_migrations_are_numbered_without_a_gap():
    numbers = [int(re.match(r"(\d{4})_[a-z_]+$", file.stem)[1]) for file in migrate.files()]

    assert numbers == list(range(1, len(numbers) + 1))
