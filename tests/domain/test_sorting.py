"""Indexes that large tables are sorted by: made when people sort, read along, never in anybody's way."""

from kartotek.domain import catalogue, records, sorting
from kartotek.model.filters import Query
from kartotek.store import jobs
from kartotek.store import sorting as store
from tests import cast


def gathered(own_database, count):
    with own_database.transaction() as tx:
        crew = cast.gather(tx)
        tx.run(
            "INSERT INTO crm.contacts (_id, _source, lastname) "
            "SELECT 1000000 + n, 'USER', repeat('Nø', n %% 700) || n FROM generate_series(1, %s) AS n",
            [count],
        )
        tx.run("ANALYZE crm.contacts")
    return crew


def sort(own_database, crew, name="lastname", **how):
    with own_database.transaction() as tx:
        page = records.find(tx, crew.ida, crew.ada.object_type, Query(sort=name, **how), ())
        return [record.id for record in page.records], jobs.waiting(tx)


def test_the_first_to_sort_a_large_table_by_a_property_has_its_index_made(own_database):
    crew = gathered(own_database, store.LARGE)
    prop = crew.ada.object_type.properties["lastname"]
    before, waiting = sort(own_database, crew)

    sorting.build(own_database, prop.id)
    after, still = sort(own_database, crew)
    back, _ = sort(own_database, crew, descending=True, offset=store.LARGE - 100)

    assert (waiting, still) == (1, 1)
    assert after == before and len(back) == 50
    with own_database.transaction() as tx:
        assert store.is_sorted(tx, prop)


def test_a_small_table_needs_no_index(own_database):
    crew = gathered(own_database, 100)

    assert sort(own_database, crew)[1] == 0


def test_a_text_of_any_length_can_be_written_beside_an_index(own_database):
    crew = gathered(own_database, 10)
    contacts = crew.ada.object_type
    sorting.build(own_database, contacts.properties["lastname"].id)

    with own_database.transaction() as tx:
        longest = "ÆØÅ漢" * 16_000
        made = records.create(tx, crew.ida, contacts, {"firstname": "Long", "lastname": longest})

        assert made.values["lastname"] == longest


def test_of_too_many_indexes_the_one_that_was_not_used_goes(own_database):
    crew = gathered(own_database, 10)
    props = [prop for prop in crew.ada.object_type.properties.values() if prop.kind == "text"][: store.MOST + 2]

    for prop in props:
        sorting.build(own_database, prop.id)

    with own_database.transaction() as tx:
        there = [prop for prop in props if store.is_sorted(tx, prop)]
        assert len(there) == store.MOST and props[-1] in there


def test_a_property_that_is_gone_needs_no_index(own_database):
    with own_database.transaction() as tx:
        catalogue.load(tx)
        before = tx.value("SELECT count(*) FROM pg_indexes")

    sorting.build(own_database, 10**8)

    with own_database.transaction() as tx:
        assert tx.value("SELECT count(*) FROM pg_indexes") == before
