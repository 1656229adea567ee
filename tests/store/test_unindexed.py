"""The first pages in an order without an index are those of the whole order, though most of it is never sorted."""

import random
from dataclasses import replace

import pytest
from psycopg import sql

from kartotek.model.filters import Filter, Query
from kartotek.model.people import Narrowing
from kartotek.store import search, tables
from kartotek.store.search import depths, keys, unindexed

THERE = sql.SQL("_archived IS NULL")
# Letters that fold into others, that come apart, that belong to none; a ring and a dot on the letter before.
LETTERS = "aAbBdDzZ_'+47 ~éÉåÅæØäßđłİ\u212a\u030a\u0323ж"
MANY = 6_000


@pytest.fixture
def contacts(tx, cast):
    """Their texts are of few letters, so that many are alike but for one; a third has none."""
    luck = random.Random(7)

    def text():
        return luck.choice(("", "Renewal of ", "dab")) + "".join(luck.choices(LETTERS, k=luck.randrange(5)))

    cities = [text() if luck.random() < 0.7 else None for _ in range(MANY)]
    tx.run(
        "INSERT INTO crm.contacts (_id, _source, city, annualrevenue, hs_legal_basis, _archived) "
        "SELECT 1000000 + n, 'USER', city, nullif(n * 7919 %% 501, 0), string_to_array(city, '4'), "
        "       CASE WHEN n %% 50 = 0 THEN now() END FROM unnest(%s::text[]) WITH ORDINALITY AS t(city, n)",
        [cities],
    )
    tx.run("ANALYZE crm.contacts")
    return cast.ada.object_type


def parts_of(contacts, name, where=THERE):
    table, prop = tables.table(contacts), contacts.properties[name]
    return {
        "table": table, "name": sql.Literal(table.as_string()), "where": where, "key": keys.order(prop),
        "value": tables.value(prop),
    }  # fmt: skip


def whole(tx, parts, order):
    statement = sql.SQL("SELECT _id FROM {table} WHERE {where} ORDER BY ({value} IS NULL), {order}")
    return [row["_id"] for row in tx.rows(statement.format(**parts, order=order.format(**parts)))]


@pytest.mark.parametrize("order", [depths.FORWARDS, depths.BACKWARDS], ids=["up", "down"])
@pytest.mark.parametrize("name", ["city", "annualrevenue", "hs_legal_basis", "createdate", "fax"])
def test_a_page_without_an_index_is_that_of_the_whole_order(tx, contacts, name, order):
    parts = parts_of(contacts, name)
    everything = whole(tx, parts, order)

    for offset in (0, 7, 50, 300, 3_000, len(everything) - 20, len(everything) + 5):
        assert unindexed.read(tx, parts, order, offset, 50) == everything[offset : offset + 50]


@pytest.mark.parametrize("order", [depths.FORWARDS, depths.BACKWARDS], ids=["up", "down"])
@pytest.mark.parametrize("name", ["city", "annualrevenue"])
def test_pages_are_read_from_the_end_as_well(tx, contacts, name, order):
    parts = parts_of(contacts, name)
    turned = depths.BACKWARDS if order is depths.FORWARDS else depths.FORWARDS
    everything = whole(tx, parts, order)[::-1]

    for offset in (0, 1_000, 2_500, 5_800):
        assert unindexed.read_back(tx, parts, turned, offset, 50) == everything[offset : offset + 50]


@pytest.mark.parametrize("says", ["city LIKE 'Renewal%'", "city LIKE 'd%'", "city > 'd'", "_id > 1005970", "false"])
def test_only_some_are_paged_as_all_are(tx, contacts, says):
    parts = parts_of(contacts, "city", sql.SQL("_archived IS NULL AND {}").format(sql.SQL(says)))

    for order in (depths.FORWARDS, depths.BACKWARDS):
        everything = whole(tx, parts, order)
        for offset in (0, 45, 200):
            assert unindexed.read(tx, parts, order, offset, 50) == everything[offset : offset + 50]


def test_what_stands_for_a_letter_in_a_key_is_known(tx):
    asked = [chr(code) for code in unindexed.LETTERS]

    found = tx.rows(
        "SELECT letter, left(kartotek.sort_key(letter || more), 1) AS key "
        "FROM unnest(%s::text[]) AS letter, unnest(ARRAY['', 'x', 'å', U&'\\0327', 'ж']) AS more",
        [asked],
    )

    assert {row["letter"] for row in found} == set(asked)
    assert [row for row in found if row["key"] != chr(unindexed.in_key(ord(row["letter"])))] == []


@pytest.mark.parametrize("filters", [(), ((Filter("zip", "NEQ", ("3",)),),)], ids=["all", "some"])
def test_the_index_that_is_built_meanwhile_changes_no_page(tx, cast, filters):
    tx.run(
        "INSERT INTO crm.contacts (_id, _source, city, zip) "
        "SELECT 1000000 + n, 'USER', CASE WHEN n %% 7 > 0 THEN 'City ' || n * 7919 %% 1009 END, n %% 11 "
        "FROM generate_series(1, %s) AS n",
        [unindexed.LARGE],
    )
    tx.run("ANALYZE crm.contacts")
    contacts = cast.ada.object_type
    asked = [
        Query(filters=filters, sort="city", descending=descending, from_end=from_end, offset=offset, limit=50)
        for descending in (False, True)
        for from_end in (False, True)
        for offset in (0, 100, 20_000)
    ]

    before = [search.find(tx, contacts, query, Narrowing("all")) for query in asked]
    prop = contacts.properties["city"]
    index = sql.SQL("CREATE INDEX {} ON crm.contacts (({}), _id DESC) WHERE _archived IS NULL")
    tx.run(index.format(sql.Identifier(keys.index(prop)), keys.order(prop)))

    assert [search.find(tx, contacts, query, Narrowing("all")) for query in asked] == before
    every = [row["_id"] for row in tx.rows(search.all_that_fit(tx, contacts, replace(asked[0]), Narrowing("all")))]
    assert before[0].ids == every[:50] and before[1].ids == every[100:150]
