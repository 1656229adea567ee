"""Properties of people's own."""

from dataclasses import replace

import pytest

from kartotek import errors
from kartotek.domain import catalogue, properties, records
from kartotek.model.people import ROLES
from kartotek.model.properties import Option
from kartotek.store import tables
from tests.cast import gather


def define(tx, cast, name="membership", label="Membership", **how):
    properties.define(tx, cast.ida, cast.ada.object_type, name, label, **how)
    return catalogue.load(tx).object_type("contacts")


def test_a_property_of_ones_own_is_written_and_read_like_any_other(tx, cast):
    contacts = define(tx, cast, type="number")

    records.update(tx, cast.ida, contacts, cast.ada.id, {"membership": "17.50"})

    assert records.get(tx, cast.ida, contacts, cast.ada.id).values["membership"] == "17.5"
    assert str(tx.value("SELECT membership FROM crm.contacts WHERE _id = %s", [cast.ada.id])) == "17.5"


@pytest.mark.parametrize(
    ("how", "text"),
    [
        ({"type": "string", "field_type": "textarea"}, "one\ntwo"),
        ({"type": "bool"}, "true"),
        ({"type": "date"}, "2026-04-03"),
        ({"type": "datetime"}, "2026-04-03T10:00:00.000Z"),
        ({"type": "phone_number"}, "+4533121314"),
        ({"type": "enumeration", "options": [Option("a", "A"), Option("b", "B")]}, "b"),
        ({"type": "enumeration", "field_type": "checkbox", "options": [Option("a", "A"), Option("b", "B")]}, "a;b"),
    ],
)
def test_every_type_of_property_can_be_defined(tx, cast, how, text):
    contacts = define(tx, cast, **how)

    updated = records.update(tx, cast.ida, contacts, cast.ada.id, {"membership": text})

    assert updated.values["membership"] == text


def test_a_unique_value_belongs_to_one_record_exactly_as_it_is_written(tx, cast):
    contacts = define(tx, cast, unique=True)
    records.update(tx, cast.ida, contacts, cast.ada.id, {"membership": "0015g00000ABCdE"})

    records.update(tx, cast.ida, contacts, cast.bo.id, {"membership": "0015g00000ABCde"})
    with pytest.raises(errors.Invalid, match="already belongs to another record"):
        records.update(tx, cast.ida, contacts, cast.cleo.id, {"membership": " 0015g00000ABCdE "})

    archived = records.archive(tx, cast.ida, contacts, [cast.ada.id])
    records.update(tx, cast.ida, contacts, cast.cleo.id, {"membership": "0015g00000ABCdE"})
    assert archived == 1


@pytest.mark.parametrize("name", ["Membership", "_id", "1st", "med lem", "æ", "x" * 64, "", 'a"b', "a;b"])
def test_a_name_that_no_column_should_have_is_refused(tx, cast, name):
    with pytest.raises(errors.Invalid, match="internal name"):
        define(tx, cast, name)


def test_a_name_is_used_once(tx, cast):
    with pytest.raises(errors.Conflict, match="Choose another name"):
        define(tx, cast, "firstname")


@pytest.mark.parametrize(
    "how",
    [
        {"type": "colour"},
        {"type": "number", "field_type": "checkbox"},
        {"type": "enumeration"},
        {"type": "enumeration", "options": [Option("a", "A"), Option("a", "B")]},
        {"type": "enumeration", "options": [Option("a;b", "A")]},
        {"type": "bool", "unique": True},
        {"group": "no such group"},
        {"label": "  "},
    ],
)
def test_what_cannot_be_is_refused(tx, cast, how):
    with pytest.raises(errors.Invalid):
        define(tx, cast, **how)


def test_a_type_has_at_most_ten_unique_properties_of_ones_own(tx, cast):
    for number in range(properties.MOST_UNIQUE):
        define(tx, cast, f"key_{number}", unique=True)

    with pytest.raises(errors.Invalid, match="10 unique properties already"):
        define(tx, cast, "one_too_many", unique=True)


def test_who_may_not_change_settings_defines_nothing(tx, cast):
    member = replace(cast.ida, rights=ROLES["member"])

    with pytest.raises(errors.NotAllowed):
        properties.define(tx, member, cast.ada.object_type, "membership", "Membership")


def test_a_table_without_room_keeps_further_properties_beside_its_columns(tx, cast):
    fill(tx, tables.MOST_COLUMNS)
    contacts = define(tx, cast, type="number", unique=True)

    records.update(tx, cast.ida, contacts, cast.ada.id, {"membership": "17"})

    assert contacts.properties["membership"].spilled
    assert records.get(tx, cast.ida, contacts, cast.ada.id).values["membership"] == "17"
    assert tx.value("SELECT _extra ->> 'membership' FROM crm.contacts WHERE _id = %s", [cast.ada.id]) == "17"


def test_a_table_without_room_takes_the_longest_row_that_there_can_be(tx, cast):
    has = sum(map(tables.is_column, cast.ada.object_type.properties.values()))
    fill(tx, tables.MOST_COLUMNS - has)
    contacts = define(tx, cast, type="number", unique=True)
    every = {one.name: one for one in contacts.properties.values() if tables.is_column(one)}
    texts = [name for name, one in every.items() if tables.sql_type(one) == "text"]
    columns = ", ".join(f'"{name}"' for name in every)

    # Where a text of 23 characters, the longest that stays in its row, is none, so is another value.
    tx.run(
        f"INSERT INTO crm.contacts (_id, _source, _source_id, _primary, _archived, _extra, {columns}) "
        "SELECT 9, 'USER', 1, 1, now(), jsonb_build_object('membership', '17'), "
        + ", ".join(
            "translate(gen_random_uuid()::text, '-', '')::varchar(23)" if name in texts else OTHER[tables.sql_type(one)]
            for name, one in every.items()
        )
    )

    assert len(texts) > 250 and contacts.properties["membership"].spilled
    assert tx.value("SELECT filler_9 FROM crm.contacts WHERE _id = 9")


def test_a_reader_in_the_way_is_waited_for(own_database):
    with own_database.transaction() as tx:
        cast = gather(tx)
    with own_database.transaction() as reader:
        reader.value("SELECT count(*) FROM crm.contacts")

        with pytest.raises(errors.Conflict, match="Try again"):
            own_database.retried(lambda tx: define(tx, cast))
    own_database.retried(lambda tx: define(tx, cast))


OTHER = {
    "numeric": "1234567890123456789012345678901234567890", "timestamptz": "now()", "date": "now()",
    "text[]": "ARRAY['one', 'two']", "boolean": "true", "bigint": "9",
}  # fmt: skip


def fill(tx, count):
    """Gives contacts that many more properties with a column each."""
    tx.run(
        "INSERT INTO kartotek.properties "
        "(object_type, name, label, type, field_type, group_name, tier, is_column, position) "
        "SELECT 'contacts', 'filler_' || i, 'Filler', 'string', 'text', 'contactinformation', 'custom', true, 1000 + i "
        "FROM generate_series(1, %s) AS i",
        [count],
    )
    tx.run("ALTER TABLE crm.contacts " + ", ".join(f"ADD COLUMN filler_{i} text" for i in range(1, count + 1)))
    tx.run("UPDATE kartotek.catalogue SET version = version + 1")
