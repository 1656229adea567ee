"""Many rows come out of the database as they are there, and a query that fails says so."""

from datetime import UTC, datetime

import polars as pl
import psycopg
import pytest
from psycopg import sql

from kartotek.store import bulk

SCHEMA = {"id": pl.Int64, "text": pl.String, "yes": pl.Boolean}


@pytest.mark.parametrize("further", [0, 2_000], ids=["few", "many"])
def test_rows_come_as_they_are(tx, further):
    texts = ["", 'a "quoted", one', "two\nlines", "back\\slash", "(round)", None, "æøå"]

    found = bulk.fetch(
        tx,
        sql.SQL("SELECT place, t, t = '' FROM unnest(%(texts)s::text[]) WITH ORDINALITY AS u(t, place)"),
        SCHEMA,
        {"texts": pl.Series([*texts, *["more"] * further])},
    ).filter(pl.col("text").ne_missing("more"))

    assert found.schema == SCHEMA
    assert found["text"].to_list() == texts
    assert found["id"].to_list() == [1, 2, 3, 4, 5, 6, 7]
    assert found["yes"].to_list() == [True, False, False, False, False, None, False]


@pytest.mark.parametrize("further", [0, 2_000], ids=["few", "many"])
def test_rows_go_as_they_are(tx, further):
    texts = ["", 'a "quoted", one', "two\nlines\tand more", "back\\slash \\N", "(round)", None, "æøå", "null"]
    frame = pl.DataFrame(
        {"id": [1, 2, 3, 4, 5, 6, 7, None], "text": texts, "yes": [True, False, None] * 2 + [True, False]}
    )
    lists = [["a", 'b"\\', ""], [], None, ["{,}"], ["x"], [" "], ["NULL"], ["æ"]]
    sent = pl.concat([frame.with_columns(several=pl.Series(lists, dtype=pl.List(pl.String)))] * (1 + further // 8))
    tx.run("CREATE TEMPORARY TABLE there (id bigint, text text, yes boolean, several text[])")

    bulk.copy_in(tx, sql.Identifier("there"), sent)

    assert tx.rows("SELECT * FROM there") == sent.to_dicts()


@pytest.mark.parametrize("unit", ["ms", "us"])
@pytest.mark.parametrize("times", [1, 50], ids=["each once", "often"])
def test_moments_go_as_they_are(tx, unit, times):
    moments = [
        datetime(1000, 1, 1, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, 0, 120_000, UTC), None,
        datetime(9999, 12, 31, 23, 59, 59, 999_000, UTC), datetime(1969, 12, 31, 23, 59, 59, 1_000, UTC),
    ]  # fmt: skip
    sent = pl.DataFrame({"at": moments * times}, schema={"at": pl.Datetime(unit, "UTC")})
    tx.run("CREATE TEMPORARY TABLE there (at timestamptz)")

    bulk.copy_in(tx, sql.Identifier("there"), sent)

    assert [row["at"] for row in tx.rows("SELECT at FROM there")] == moments * times


def test_any_number_of_rows_comes_whole(tx):
    select = "SELECT i, repeat('x', i % 300), true FROM generate_series(1, {}) AS i"

    found = {count: bulk.fetch(tx, sql.SQL(select.replace("{}", str(count))), SCHEMA) for count in (0, 1, 40_000)}

    assert {count: len(frame) for count, frame in found.items()} == {count: count for count in found}
    assert found[40_000]["id"].sum() == 40_000 * 40_001 // 2
    assert found[40_000]["text"].str.len_bytes().sum() == sum(i % 300 for i in range(1, 40_001))


@pytest.mark.parametrize("at", [1, 5_000])
def test_a_query_that_fails_on_its_way_says_so_and_the_connection_goes_on(own_database, at):
    select = sql.SQL("SELECT 1 / (i - {}), '', true FROM generate_series(1, 9000) AS i").format(sql.Literal(at))

    with own_database.transaction() as tx, pytest.raises(psycopg.errors.DivisionByZero), tx.connection.transaction():
        bulk.fetch(tx, select, SCHEMA)

    with own_database.transaction() as tx:
        assert tx.value("SELECT 1") == 1


def test_ids_come_in_runs():
    ids = pl.Series([7, 3, 4, 9, 5, 4], dtype=pl.Int64)

    runs = bulk.runs(ids)

    assert runs.rows() == [(3, 5), (7, 7), (9, 9)]
