"""Pages of many records: from the first on and from the last back, they are one and the same order."""

from dataclasses import replace
from itertools import chain

import pytest

from kartotek.model.filters import Filter, Query
from kartotek.model.people import Narrowing
from kartotek.store import search

MANY = search.SORTED_AT_ONCE + 2_345
ALL = Narrowing("all")
# All but one of a thousand.
MOST = ((Filter("jobtitle", "NEQ", ("Captain",)),),)


@pytest.fixture
def contacts(tx, cast):
    """A city has a hundred contacts; every seventh has none, every thousandth is a captain."""
    tx.run(
        "INSERT INTO crm.contacts (_id, _source, lastname, city, jobtitle) "
        "SELECT 1000000 + n, 'USER', 'N' || n, CASE WHEN n %% 7 > 0 THEN 'City ' || n %% 123 END, "
        "       CASE WHEN n %% 1000 = 0 THEN 'Captain' END FROM generate_series(1, %s) AS n",
        [MANY],
    )
    tx.run("ANALYZE crm.contacts")
    return cast.ada.object_type


def ids(tx, contacts, query):
    return [row["_id"] for row in tx.rows(search.all_that_fit(tx, contacts, query, ALL))]


@pytest.mark.parametrize("filters", [(), MOST], ids=["all", "filtered"])
@pytest.mark.parametrize(("sort", "descending"), [(None, False), ("city", False), ("city", True)])
def test_a_page_is_the_same_from_both_ends(tx, contacts, filters, sort, descending):
    query = Query(filters=filters, sort=sort, descending=descending, limit=50)
    whole = ids(tx, contacts, query)

    for offset in (0, 1_700, 10_550, 10_600, len(whole) - 30, len(whole)):
        there = search.find(tx, contacts, at(query, offset), ALL)
        back = search.find(tx, contacts, at(query, offset, from_end=True), ALL)

        assert (there.total, there.exact) == (len(whole), True)
        assert there.ids == whole[offset : offset + 50]
        assert back.ids == whole[max(0, len(whole) - offset - 50) : len(whole) - offset]


@pytest.mark.parametrize("descending", [False, True])
def test_few_are_paged_from_their_end_too(tx, contacts, descending):
    query = Query(filters=((Filter("jobtitle", "EQ", ("captain",)),),), sort="lastname", descending=descending, limit=5)
    whole = ids(tx, contacts, query)

    pages = [search.find(tx, contacts, at(query, start, from_end=True), ALL).ids for start in range(0, 20, 5)]

    assert len(whole) == 12
    assert list(chain.from_iterable(reversed(pages))) == whole


def test_an_estimate_claims_no_figures_that_it_does_not_know(tx, contacts):
    tx.run(
        "INSERT INTO crm.contacts (_id, _source) SELECT 2000000 + n, 'USER' FROM generate_series(1, %s) AS n",
        [search.COUNT_EXACTLY],
    )
    tx.run("ANALYZE crm.contacts")

    found = search.find(tx, contacts, Query(), ALL)

    assert not found.exact and len(found.ids) == 50
    assert len(str(found.total).rstrip("0")) <= 3


def at(query, offset, *, from_end=False):
    return replace(query, offset=offset, from_end=from_end)
