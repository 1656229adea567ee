"""Object types of people's own."""

from dataclasses import replace

import pytest

from kartotek import errors
from kartotek.domain import catalogue, object_types, records, timeline
from kartotek.model.people import ROLES, Actor
from kartotek.model.properties import Property
from kartotek.pages.routes import ROUTES


def prop(name: str, label: str, type: str = "string", *, required: bool = False, unique: bool = False) -> Property:
    return Property(0, "boats", name, label, type, "", "", required=required, unique=unique)


NAME = prop("name", "Name", required=True)
MARK = prop("mark", "Mark", unique=True)
LENGTH = prop("length", "Length", "number")


def test_a_type_of_ones_own_is_one_with_all_others(tx, cast):
    boats = object_types.define(tx, cast.ida, "boats", "Boat", "Boats", [NAME, MARK, LENGTH])

    boat = records.create(
        tx, cast.ida, boats, {"name": "Havfruen", "length": "12.5"}, [(cast.nordlys.object_type, cast.nordlys.id)]
    )

    assert (boat.name, boat.values["length"]) == ("Havfruen", "12.5")
    assert (boats.id, boats.is_custom, boats.needs) == ("2-1", True, (("name",),))
    assert list(catalogue.load(tx).object_types)[-1] == "boats"
    assert records.get(tx, cast.ida, boats, boat.id).primary == cast.nordlys.id


def test_it_is_associated_with_the_usual_ones_its_own_kind_and_all_activities(tx, cast):
    object_types.define(tx, cast.ida, "boats", "Boat", "Boats", [NAME], associated=["contacts"])

    known = catalogue.load(tx)

    assert {one.name for one in known.associable("boats")} == {
        "boats", "contacts", "calls", "emails", "meetings", "notes", "tasks",
    }  # fmt: skip
    assert all(known.can_associate(one.name, "boats") for one in known.associable("boats"))
    assert "boats" in known.object_types["notes"].homes


def test_a_second_type_takes_the_next_numbers(tx, cast):
    object_types.define(tx, cast.ida, "boats", "Boat", "Boats", [NAME])
    piers = object_types.define(
        tx, cast.ida, "piers", "Pier", "Piers", [replace(NAME, object_type="piers")], associated=["boats"]
    )

    found = catalogue.load(tx).association_types

    assert piers.id == "2-2"
    assert len({one.id for one in found}) == len(found)
    inverses = {one.id: one for one in found}
    assert all(inverses[one.inverse].to_type == one.from_type for one in found)


def test_a_note_may_belong_to_it(tx, cast):
    boats = object_types.define(tx, cast.ida, "boats", "Boat", "Boats", [NAME])
    boat = records.create(tx, cast.ida, boats, {"name": "Havfruen"})
    notes = catalogue.load(tx).object_type("notes")

    records.create(tx, cast.ida, notes, {"hs_note_body": "Leaks", "hs_timestamp": "2026-04-03"}, [(boats, boat.id)])

    assert [one.name for one in timeline.of(tx, cast.ida, boat)] == ["Leaks"]


@pytest.mark.parametrize(
    ("name", "label", "wanted", "says"),
    [
        ("Boats", "Boat", [NAME], "internal name"),
        ("imports", "Boat", [NAME], "internal name"),
        ("contacts", "Boat", [NAME], "already"),
        ("boats", "Deal", [NAME], "already"),
        ("boats", " ", [NAME], "label"),
        ("boats", "Boat", [], "at least one property"),
        ("boats", "Boat", [NAME, NAME], "same name"),
        ("boats", "Boat", [prop("Name", "Name")], "internal name"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(tx, cast, name, label, wanted, says):
    with pytest.raises(errors.KartotekError, match=says):
        object_types.define(tx, cast.ida, name, label, "Boats", wanted)


def test_only_administrators_define_objects(tx, cast):
    with pytest.raises(errors.NotAllowed):
        object_types.define(tx, Actor(7, "Bo", ROLES["member"]), "boats", "Boat", "Boats", [NAME])


def test_no_object_can_take_the_address_of_a_page():
    firsts = {route.path.split("/")[1] for route in ROUTES}

    assert {one for one in firsts if one and not one.startswith("{")} <= object_types.RESERVED
