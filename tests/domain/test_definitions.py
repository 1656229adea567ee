"""Changing, archiving and restoring properties; their options and groups."""

import pytest

from kartotek import errors
from kartotek.domain import audit, catalogue, definitions, properties, records
from kartotek.model.people import ROLES, Actor
from kartotek.model.properties import Option


@pytest.fixture
def level(tx, cast):
    options = [Option("gold", "Gold"), Option("silver", "Silver")]
    return properties.define(
        tx,
        cast.ida,
        cast.ada.object_type,
        "level",
        "Level",
        type="enumeration",
        options=options,
        description="How dear",
    )


@pytest.fixture
def contacts(tx, level):
    return catalogue.load(tx).object_type("contacts")


def now(tx, prop):
    return catalogue.load(tx).object_type(prop.object_type).properties[prop.name]


def test_a_property_of_ones_own_is_called_and_placed_otherwise(tx, cast, level):
    group = definitions.add_group(tx, cast.ida, cast.ada.object_type, "Our own")

    definitions.change(
        tx, cast.ida, level, label="Rank", description="How dear they are", group=group, field_type="radio"
    )

    found = now(tx, level)
    assert (found.label, found.description, found.group, found.field_type) == (
        "Rank", "How dear they are", "our_own", "radio",
    )  # fmt: skip
    assert "changed property" in [entry.what for entry in audit.find(tx, cast.ida)[0]]


def test_what_comes_with_kartotek_keeps_its_definition(tx, cast):
    email = cast.ada.object_type.properties["email"]

    with pytest.raises(errors.Invalid, match="comes with Kartotek"):
        definitions.change(tx, cast.ida, email, label="Post", description="", group=email.group, field_type="text")
    with pytest.raises(errors.Invalid, match="comes with Kartotek"):
        definitions.archive(tx, cast.ida, email)


def test_options_are_renamed_arranged_hidden_and_added_and_records_keep_theirs(tx, cast, level, contacts):
    records.update(tx, cast.ida, contacts, cast.ada.id, {"level": "gold"})

    definitions.set_options(
        tx, cast.ida, level, [Option("silver", "Silver", hidden=True), Option("gold", "Dearest"), Option("", "Bronze")]
    )

    found = now(tx, level)
    assert found.options == (
        Option("silver", "Silver", True), Option("gold", "Dearest", also=("Gold",)), Option("Bronze", "Bronze"),
    )  # fmt: skip
    contacts = catalogue.load(tx).object_type("contacts")
    assert records.get(tx, cast.ida, contacts, cast.ada.id).values["level"] == "gold"
    assert records.update(tx, cast.ida, contacts, cast.bo.id, {"level": "Gold"}).values["level"] == "gold"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([Option("gold", "Gold")], "not removed"),
        ([Option("gold", "Silver"), Option("silver", "silver")], "Two options"),
        ([Option("gold", ""), Option("silver", "Silver")], "needs a name"),
        ([Option("gold", "Gold;Old"), Option("silver", "Silver")], "semicolon"),
    ],
)
def test_options_that_nobody_could_read_are_refused(tx, cast, level, options, sentence):
    with pytest.raises(errors.KartotekError, match=sentence):
        definitions.set_options(tx, cast.ida, level, options)

    assert now(tx, level).options == level.options


def test_an_archived_property_is_gone_everywhere_and_comes_back_with_its_values(tx, cast, level, contacts):
    records.update(tx, cast.ida, contacts, cast.ada.id, {"level": "gold"})

    definitions.archive(tx, cast.ida, level)
    away = catalogue.load(tx).object_type("contacts")
    listed = definitions.archived(tx, cast.ida, away)
    definitions.restore(tx, cast.ida, away, "level")

    assert "level" not in away.properties
    assert [one.label for one in listed] == ["Level"]
    back = catalogue.load(tx).object_type("contacts")
    assert records.get(tx, cast.ida, back, cast.ada.id).values["level"] == "gold"


def test_a_property_comes_back_within_90_days_only(tx, cast, level):
    definitions.archive(tx, cast.ida, level)
    tx.run("UPDATE kartotek.properties SET archived = now() - interval '91 days' WHERE name = 'level'")

    with pytest.raises(errors.NotFound):
        definitions.restore(tx, cast.ida, cast.ada.object_type, "level")

    assert definitions.archived(tx, cast.ida, cast.ada.object_type) == []


def test_a_unique_property_comes_back_unique(tx, cast):
    number = properties.define(tx, cast.ida, cast.ada.object_type, "number", "Number", unique=True)
    contacts = catalogue.load(tx).object_type("contacts")
    records.update(tx, cast.ida, contacts, cast.ada.id, {"number": "7"})

    definitions.archive(tx, cast.ida, number)
    definitions.restore(tx, cast.ida, contacts, "number")

    with pytest.raises(errors.Invalid, match="already belongs"):
        records.update(tx, cast.ida, contacts, cast.bo.id, {"number": "7"})


def test_a_unique_property_stays_away_while_two_records_have_one_value(tx, cast):
    number = properties.define(tx, cast.ida, cast.ada.object_type, "number", "Number", unique=True)
    contacts = catalogue.load(tx).object_type("contacts")
    records.update(tx, cast.ida, contacts, cast.ada.id, {"number": "7"})
    definitions.archive(tx, cast.ida, number)
    tx.run("UPDATE crm.contacts SET number = '7' WHERE _id = %s", [cast.bo.id])

    with pytest.raises(errors.Conflict, match="two contacts have “7”"):
        definitions.restore(tx, cast.ida, contacts, "number")


def test_nobody_changes_properties_without_the_right(tx, cast, level):
    member = Actor(cast.person.id, "Mo", ROLES["member"])
    calls = [
        lambda: definitions.change(
            tx, member, level, label="X", description="", group=level.group, field_type="select"
        ),
        lambda: definitions.set_options(tx, member, level, level.options),
        lambda: definitions.archive(tx, member, level),
        lambda: definitions.restore(tx, member, cast.ada.object_type, "level"),
        lambda: definitions.uses(tx, member, level),
        lambda: definitions.add_group(tx, member, cast.ada.object_type, "X"),
        lambda: definitions.rename_group(tx, member, cast.ada.object_type, level.group, "X"),
    ]

    for call in calls:
        with pytest.raises(errors.NotAllowed):
            call()

    assert now(tx, level) == level


def test_a_group_is_made_once_and_renamed(tx, cast):
    contacts = cast.ada.object_type
    name = definitions.add_group(tx, cast.ida, contacts, "Boats")

    definitions.rename_group(tx, cast.ida, contacts, name, "Ships")

    assert "Ships" in [each.label for each in catalogue.load(tx).groups["contacts"]]
    with pytest.raises(errors.Conflict, match="Choose another name"):
        definitions.add_group(tx, cast.ida, contacts, " ships ")


def test_where_a_property_is_used_is_told(tx, cast, level):
    view = "INSERT INTO kartotek.views (object_type, name, person, everyone, filters, sort, columns)"
    tx.run(
        f"{view} VALUES (%s, 'Dear ones', %s, true, '', '', ARRAY['level'])",
        [cast.ada.object_type.number, cast.person.id],
    )
    tx.run("INSERT INTO kartotek.recipes (name, text) VALUES ('Fair', 'property = \"level\"')")
    named = tx.value(
        "INSERT INTO kartotek.lists (name, object_type, filters) VALUES ('Firms of dear ones', %s,"
        " '@contacts(level.is(gold))') RETURNING id", [cast.nordlys.object_type.number],
    )  # fmt: skip

    found = definitions.uses(tx, cast.ida, level)

    assert (found.views, found.recipes, found.imports) == ((("Dear ones", None),), ("Fair",), 0)
    assert found.lists == ((named, "Firms of dear ones"),)
