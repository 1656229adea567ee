"""The rights of roles, and how they narrow what is found."""

import pytest

from kartotek import errors
from kartotek.domain import access
from kartotek.model.people import ROLES, SYSTEM, Actor, Narrowing, Rights

BO = Actor(7, "Bo", ROLES["member"])
VERA = Actor(8, "Vera", ROLES["viewer"])


def test_a_viewer_sees_everything_and_changes_nothing() -> None:
    assert access.may(VERA, "view", "contacts")

    with pytest.raises(errors.NotAllowed, match=r"Vera may not edit line items\. An administrator"):
        access.require(VERA, "edit", "line_items")


def test_a_member_deletes_only_what_is_their_own() -> None:
    access.require(BO, "delete", "deals")

    assert access.narrow(BO, "delete", "deals") == Narrowing("own", 7)
    assert access.narrow(BO, "edit", "deals") == Narrowing("all")


def test_the_reach_of_a_team_is_ones_own_while_there_are_no_teams() -> None:
    seller = Actor(9, "Sol", Rights(view={"*": "team", "tickets": "none"}))

    assert access.narrow(seller, "view", "deals") == Narrowing("own", 9)
    assert access.narrow(seller, "view", "tickets") == Narrowing("none")


def test_an_import_takes_the_right_to_import_and_to_edit_everything_that_it_writes() -> None:
    half = Actor(9, "Sol", Rights(edit={"*": "all", "companies": "own"}, imports=True))

    access.require_import(SYSTEM, ["contacts", "companies"])
    access.require_import(half, ["contacts"])
    with pytest.raises(errors.NotAllowed, match="all companies"):
        access.require_import(half, ["contacts", "companies"])
    with pytest.raises(errors.NotAllowed, match="may not import"):
        access.require_import(VERA, [])


def test_only_administrators_change_settings() -> None:
    access.require_settings(Actor(1, "Ada", ROLES["admin"]))

    with pytest.raises(errors.NotAllowed, match="settings"):
        access.require_settings(BO)
