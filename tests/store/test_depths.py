"""A page far inside is the same, whether one passes over all that comes before it or leaps there."""

from dataclasses import replace

import pytest
from psycopg import sql

from kartotek.model.filters import Filter, Query
from kartotek.model.people import Narrowing
from kartotek.store import search, tables
from kartotek.store.search import depths, keys

MANY = 30_000
THERE = sql.SQL("_archived IS NULL")
ANYWHERE = (0, 49, 4_000, 12_345, 21_000, 27_000, MANY - 20, MANY, MANY + 100)


@pytest.fixture
def contacts(tx, cast):
    """A city has a thousand contacts, every seventh has none; half of them were liked by somebody."""
    tx.run(
        "INSERT INTO crm.contacts (_id, _source, city, hubspot_owner_id) "
        "SELECT 1000000 + n, 'USER', CASE WHEN n %% 7 > 0 THEN 'City ' || n * 7919 %% 23 END, nullif(n * 31 %% 997, 0) "
        "FROM generate_series(1, %s) AS n",
        [MANY],
    )
    tx.run("ANALYZE crm.contacts")
    return cast.ada.object_type


def parts_of(contacts, name, where=THERE):
    table = tables.table(contacts)
    key = keys.order(contacts.properties[name])
    return {"table": table, "name": sql.Literal(table.as_string()), "where": where, "key": key}


def whole(tx, parts, order):
    statement = sql.SQL("SELECT _id FROM {table} WHERE {where} ORDER BY {order}")
    return [row["_id"] for row in tx.rows(statement.format(**parts, order=order.format(**parts)))]


@pytest.mark.parametrize("indexed", [False, True])
@pytest.mark.parametrize("order", [depths.FORWARDS, depths.BACKWARDS], ids=["forwards", "backwards"])
@pytest.mark.parametrize("name", ["city", "hubspot_owner_id"])
def test_who_leaps_lands_where_who_walks_does(tx, contacts, name, order, indexed):
    parts = parts_of(contacts, name)
    if indexed:
        tx.run(sql.SQL("CREATE INDEX ON {table} (({key}), _id DESC) WHERE _archived IS NULL").format(**parts))
    walked = whole(tx, parts, order)

    for offset in ANYWHERE:
        assert depths.leap(tx, parts, order, offset, 50) == walked[offset : offset + 50]


def test_who_leaps_over_some_only_lands_among_those(tx, contacts):
    for says in ("city IS NOT NULL", "city IS NULL", "hubspot_owner_id < 100", "city = 'nowhere'"):
        where = sql.SQL("{} AND {}").format(THERE, sql.SQL(says))
        parts = parts_of(contacts, "city", where)
        walked = whole(tx, parts, depths.FORWARDS)

        for offset in (0, 1_000, len(walked) - 30, len(walked)):
            if offset >= 0:
                assert depths.leap(tx, parts, depths.FORWARDS, offset, 50) == walked[offset : offset + 50]


@pytest.mark.parametrize("filters", [(), ((Filter("city", "NEQ", ("City 3",)),),)], ids=["all", "some"])
def test_who_turns_far_finds_every_record_once(tx, contacts, filters):
    tx.run(
        "INSERT INTO crm.contacts (_id, _source, city) "
        "SELECT 2000000 + n, 'USER', 'City ' || n %% 1009 FROM generate_series(1, %s) AS n",
        [search.COUNT_EXACTLY],
    )
    tx.run("ANALYZE crm.contacts")

    for descending in (False, True):
        query = Query(filters=filters, sort="city", descending=descending, limit=50)
        whole = [row["_id"] for row in tx.rows(search.all_that_fit(tx, contacts, query, Narrowing("all")))]
        for offset in (55_000, 55_050, 104_321):
            page = search.find(tx, contacts, replace(query, offset=offset), Narrowing("all"))
            assert page.ids == whole[offset : offset + 50]


def test_a_table_of_which_nothing_is_known_is_walked(tx, cast):
    parts = parts_of(cast.ada.object_type, "city")

    assert depths.leap(tx, parts, depths.FORWARDS, 1, 50) == whole(tx, parts, depths.FORWARDS)[1:]


def test_other_statements_of_the_transaction_are_planned_as_ever(tx, contacts):
    depths.leap(tx, parts_of(contacts, "city"), depths.FORWARDS, 20_000, 50)

    assert tx.value("SELECT current_setting('enable_indexscan')") == "on"
    assert tx.value("SELECT current_setting('enable_seqscan')") == "on"
