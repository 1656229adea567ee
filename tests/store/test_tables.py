"""How a property stands in SQL: a column, a key of _extra, or what the row itself knows."""

from dataclasses import replace

import pytest
from psycopg import sql

from kartotek.domain import records
from kartotek.model.properties import Property
from kartotek.store import bulk, identifiers, tables
from kartotek.values import TYPES

PLAIN = Property(0, "contacts", "shoe_size", "Shoe size", "number", "number", "contactinformation", tier="custom")


def test_core_and_custom_properties_are_columns_of_their_own_type(tx, cast):
    columns = {
        row["name"]: row["type"]
        for row in tx.rows(
            "SELECT attname AS name, format_type(atttypid, -1) AS type FROM pg_attribute "
            "WHERE attrelid = 'crm.contacts'::regclass AND attnum > 0"
        )
    }
    spelled = {"timestamptz": "timestamp with time zone"}

    for prop in cast.ada.object_type.properties.values():
        kind = TYPES[prop.kind].SQL
        own = prop.tier == "core" and prop.name not in {**tables.FACTS, **tables.DERIVED}
        assert columns.get(prop.name) == (spelled.get(kind, kind) if own else None), prop.name


def test_columns_that_people_fill_stand_before_those_that_they_do_not(tx, cast):
    contacts = cast.ada.object_type
    places = {
        row["attname"]: row["attnum"]
        for row in tx.rows("SELECT attname, attnum FROM pg_attribute WHERE attrelid = 'crm.contacts'::regclass")
    }
    own = [prop for prop in contacts.properties.values() if tables.is_column(prop)]

    naming = max(places[name] for name in (*contacts.naming, *contacts.secondary))
    filled = max(places[name] for name in ("city", "company", "jobtitle", "zip"))
    unseen = min(places[prop.name] for prop in own if prop.read_only)

    assert naming < min(places[name] for name in ("address", "city")) and filled < unseen


def test_a_table_has_room_for_so_many_columns(cast):
    contacts = cast.ada.object_type
    used = sum(map(tables.is_column, contacts.properties.values()))

    def with_more(count):
        more = {f"p{i}": replace(PLAIN, name=f"p{i}") for i in range(count)}
        return replace(contacts, properties=contacts.properties | more)

    assert tables.has_room(with_more(tables.MOST_COLUMNS - 1 - used))
    assert not tables.has_room(with_more(tables.MOST_COLUMNS - used))


def test_a_new_column_is_there_at_once_and_making_it_twice_does_no_harm(tx, cast):
    tables.add_column(tx, cast.ada.object_type, PLAIN)
    tables.add_column(tx, cast.ada.object_type, PLAIN)

    tx.run("UPDATE crm.contacts SET shoe_size = 41.50 WHERE _id = %s", [cast.ada.id])

    assert tx.value(sql.SQL("SELECT {} FROM crm.contacts WHERE shoe_size > 0").format(tables.text(PLAIN))) == "41.5"


def test_making_a_column_waits_for_nobody_longer_than_a_moment_and_leaves_the_patience_as_it_was(tx, cast):
    before = tx.value("SHOW lock_timeout")

    tables.add_column(tx, cast.ada.object_type, PLAIN)

    assert tx.value("SHOW lock_timeout") == before


@pytest.mark.parametrize("name", ["contacts", "companies", "deals", "tickets", "notes", "tasks", "products"])
def test_a_record_is_called_alike_by_sql_and_by_its_own_name(tx, cast, name):
    one = cast.known.object_type(name)
    texts = {
        "contacts": [{"firstname": "Åse"}, {"email": "x@y.example"}, {"firstname": "A", "lastname": "B"}],
        "companies": [{"name": "Mole"}, {"domain": "mole.example"}],
        "deals": [{"dealname": "Mast", "pipeline": "default", "dealstage": "closedwon"}],
        "tickets": [{"subject": "Mast", "hs_pipeline": "0", "hs_pipeline_stage": "1"}],
        "notes": [{"hs_timestamp": "2026-04-03", "hs_note_body": "Mast"}],
        "tasks": [{"hs_timestamp": "2026-04-03", "hs_task_subject": "Mast"}],
        "products": [{"name": "Mast", "price": "1"}],
    }[name]
    made = [records.create(tx, cast.ida, one, each) for each in texts]

    names = {
        row["_id"]: row["name"]
        for row in tx.rows(
            sql.SQL("SELECT _id, {} AS name FROM {}").format(tables.display_name(one), tables.table(one))
        )
    }

    assert [names[each.id] for each in made] == [each.name for each in made]


def test_who_has_several_addresses_is_found_without_looking_at_everybody(tx, cast):
    contacts = cast.ada.object_type
    tx.run(
        "UPDATE crm.contacts SET hs_additional_emails = ARRAY['b@harbour.example', 'c@harbour.example'] WHERE _id = %s",
        [cast.ada.id],
    )
    email, further = contacts.properties["email"], contacts.properties["hs_additional_emails"]

    with bulk.by_keys(tx, 1_000):
        plan = tx.rows(
            "EXPLAIN SELECT FROM crm.contacts WHERE hs_additional_emails IS NOT NULL AND _archived IS NULL LIMIT 10"
        )
    found = identifiers.with_further(tx, contacts, email, further, 10)

    assert any("using _several_contacts" in row["QUERY PLAN"] for row in plan)
    assert found.rows() == [(cast.ada.values["email"], "b@harbour.example;c@harbour.example")]
