"""The rights of roles, and how they narrow what is found."""

from dataclasses import replace

import pytest

from kartotek import errors, standard
from kartotek.domain import access
from kartotek.model.people import ROLES, SYSTEM, Actor, Narrowing, Rights

BO = Actor(7, "Bo", ROLES["member"])
VERA = Actor(8, "Vera", ROLES["viewer"])
TYPES = {one.name: one for one in standard.object_types()}


def test_a_viewer_sees_everything_and_changes_nothing() -> None:
    assert access.may(VERA, "view", "contacts")

    with pytest.raises(errors.NotAllowed, match=r"Vera may not edit line items\. An administrator"):
        access.require(VERA, "edit", TYPES["line_items"])


def test_an_object_of_ones_own_is_called_in_sentences_as_its_owners_call_it() -> None:
    horses = replace(
        TYPES["deals"], id="2-1", name="p_horses", singular="p_horse", label="Horse", label_plural="Horses"
    )

    with pytest.raises(errors.NotAllowed, match=r"Vera may not edit horses\."):
        access.require(VERA, "edit", horses)
    with pytest.raises(errors.NotAllowed, match="Bo may not edit all horses, so"):
        access.require_import(Actor(7, "Bo", Rights(edit={"*": "own"}, imports=True)), [horses])


def test_a_member_deletes_only_what_is_their_own() -> None:
    access.require(BO, "delete", TYPES["deals"])

    assert access.narrow(BO, "delete", "deals") == Narrowing("some", (7,))
    assert access.narrow(BO, "edit", "deals") == Narrowing("all")


def test_a_team_reaches_the_records_of_its_people_and_ones_own() -> None:
    seller = Actor(9, "Sol", Rights(view={"*": "team+unassigned", "deals": "team", "tickets": "none"}), team=(7, 12))

    assert access.narrow(seller, "view", "deals") == Narrowing("some", (7, 9, 12))
    assert access.narrow(seller, "view", "contacts") == Narrowing("some", (7, 9, 12), unassigned=True)
    assert access.narrow(seller, "view", "tickets") == Narrowing("none")


def test_a_narrowing_takes_its_owners_and_what_is_unassigned_where_it_says_so() -> None:
    own, also = Narrowing("some", (7,)), Narrowing("some", (7,), unassigned=True)

    assert [own.takes("7"), own.takes("8"), own.takes(None)] == [True, False, False]
    assert [also.takes("8"), also.takes(None), Narrowing("all").takes(None)] == [False, True, True]
    assert not Narrowing("none").takes("7")


@pytest.mark.parametrize(
    ("less", "more", "within"),
    [
        (Rights({"*": "own"}), Rights({"*": "team"}), True),
        (Rights({"*": "own+unassigned"}), Rights({"*": "team"}), False),
        (Rights({"*": "own", "deals": "all"}), Rights({"*": "team"}), False),
        (Rights(exports=True), Rights({"*": "all"}), False),
        (ROLES["manager"], ROLES["admin"], True),
        (ROLES["admin"], ROLES["manager"], False),
    ],
)
def test_rights_are_within_others_when_each_of_them_is(less: Rights, more: Rights, within: bool) -> None:
    assert access.is_within(less, more) is within


def test_an_import_takes_the_right_to_import_and_to_edit_everything_that_it_writes() -> None:
    half = Actor(9, "Sol", Rights(edit={"*": "all", "companies": "own"}, imports=True))

    access.require_import(SYSTEM, [TYPES["contacts"], TYPES["companies"]])
    access.require_import(half, [TYPES["contacts"]])
    with pytest.raises(errors.NotAllowed, match="all companies"):
        access.require_import(half, [TYPES["contacts"], TYPES["companies"]])
    with pytest.raises(errors.NotAllowed, match="may not import"):
        access.require_import(VERA, [])


def test_only_administrators_change_settings() -> None:
    access.require_settings(Actor(1, "Ada", ROLES["admin"]))

    with pytest.raises(errors.NotAllowed, match="settings"):
        access.require_settings(BO)
