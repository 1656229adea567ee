"""Which records are there, asked again and again."""

import polars as pl

from kartotek.domain import catalogue, records
from kartotek.model.records import Batch, Changes
from kartotek.store import presence
from tests.helpers.statements import told

MANY = 600


def companies_of(tx, actor):
    """The type, and the ids of many."""
    companies = catalogue.load(tx).object_type("companies")
    frame = pl.DataFrame({"_key": range(MANY), "name": [f"Quay {i}" for i in range(MANY)]})
    written = records.write(tx, actor, Batch((Changes(companies, frame.with_columns(_id=pl.lit(None, pl.Int64))),)))
    return companies, written.outcomes["companies"]["_id"]


def test_records_that_were_found_once_are_not_looked_at_again(tx, cast):
    companies, ids = companies_of(tx, cast.ida)
    living = presence.Living()
    before = living.are(tx, companies, ids)

    with told(tx) as asked:
        again = living.are(tx, companies, ids)

    assert (before, again) == (True, True)
    assert [str(one) for one in asked if "_archived" in str(one)] == []


def test_when_somebody_has_archived_all_are_looked_at_again(tx, cast):
    companies, ids = companies_of(tx, cast.ida)
    living = presence.Living()
    before = living.are(tx, companies, ids)

    records.archive(tx, cast.ida, companies, [ids[7]])

    assert (before, living.are(tx, companies, ids)) == (True, False)


def test_what_is_not_there_is_not_remembered(tx, cast):
    companies, ids = companies_of(tx, cast.ida)
    living = presence.Living()
    stranger = pl.concat([ids, pl.Series([2**60])])

    found = [living.are(tx, companies, some) for some in (stranger, ids, stranger)]

    assert found == [False, True, False]
