"""The standard catalogue says what HubSpot's public documents say, and what PostgreSQL can hold."""

import re
from decimal import Decimal

import pytest

from kartotek import errors, standard
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.standard import shapes

# Properties of each object: core, extended.
COUNTS = {
    "contacts": (85, 271),
    "companies": (72, 122),
    "deals": (59, 104),
    "tickets": (50, 133),
    "products": (16, 4),
    "line_items": (27, 10),
    "calls": (19, 28),
    "emails": (24, 27),
    "meetings": (20, 28),
    "notes": (10, 21),
    "tasks": (16, 31),
}

# The two ids of each plain link: contact → company is 279, company → contact 280.
PLAIN = {
    ("contacts", "companies"): (279, 280),
    ("deals", "companies"): (341, 342),
    ("tickets", "companies"): (339, 340),
    ("deals", "contacts"): (3, 4),
    ("tickets", "contacts"): (16, 15),
    ("deals", "tickets"): (27, 28),
    ("deals", "line_items"): (19, 20),
    ("calls", "contacts"): (194, 193),
    ("emails", "companies"): (186, 185),
    ("meetings", "deals"): (212, 211),
    ("notes", "tickets"): (228, 227),
    ("tasks", "contacts"): (204, 203),
    ("calls", "meetings"): (399, 400),
}
PRIMARY = {("contacts", "companies"): (1, 2), ("deals", "companies"): (5, 6), ("tickets", "companies"): (26, 25)}
SAME = {"contacts": 449, "companies": 450, "deals": 451, "tickets": 452}


def types() -> dict[str, ObjectType]:
    return {one.name: one for one in standard.object_types()}


def all_properties() -> list[Property]:
    return [prop for one in standard.object_types() for prop in one.properties.values()]


def test_every_object_has_all_its_properties_in_both_tiers() -> None:
    found = types()

    counts = {
        name: tuple(sum(prop.tier == tier for prop in one.properties.values()) for tier in ("core", "extended"))
        for name, one in found.items()
    }

    assert counts == COUNTS
    assert len(all_properties()) == 1177


def test_every_property_name_is_a_name_that_postgresql_keeps_whole() -> None:
    names = [prop.name for prop in all_properties()]

    odd = [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name)]

    assert odd == []


def test_every_choice_has_options_or_says_where_they_come_from() -> None:
    choices = [prop for prop in all_properties() if prop.type == "enumeration"]

    bare = [prop.name for prop in choices if not prop.options and prop.reference is None]

    assert bare == []
    assert {prop.reference for prop in all_properties()} == {None, "owner", "team", "user", "file", "free"}


def test_options_of_one_property_differ_in_value_and_in_label() -> None:
    for prop in all_properties():
        values = [option.value for option in prop.options]
        labels = [option.label.casefold() for option in prop.options]

        assert len(set(values)) == len(values), prop.name
        assert len(set(labels)) == len(labels), prop.name


def test_a_word_for_an_option_means_only_that_option() -> None:
    for prop in all_properties():
        meant: dict[str, str] = {}
        for option in prop.options:
            for word in {text.casefold() for text in (option.value, option.label, *option.also)}:
                assert meant.setdefault(word, option.value) == option.value, (prop.object_type, prop.name, word)


def test_objects_are_numbered_as_the_api_numbers_them() -> None:
    found = types()

    ids = {name: one.id for name, one in found.items()}

    assert ids == {
        "contacts": "0-1",
        "companies": "0-2",
        "deals": "0-3",
        "tickets": "0-5",
        "products": "0-7",
        "line_items": "0-8",
        "calls": "0-48",
        "emails": "0-49",
        "meetings": "0-47",
        "notes": "0-46",
        "tasks": "0-27",
    }
    assert [name for name, one in found.items() if one.kind == "activity"] == [*found][6:]


def test_only_emails_domains_and_keys_of_activities_are_unique_from_the_start() -> None:
    unique = {(prop.object_type, prop.name) for prop in all_properties() if prop.unique}

    activities = {(name, "hs_unique_id") for name in ("calls", "emails", "meetings", "notes", "tasks")}

    assert unique == {("contacts", "email"), ("companies", "domain")} | activities


def test_a_contact_needs_a_name_or_an_email_and_a_deal_needs_three_things() -> None:
    found = types()

    needs = {name: one.needs for name, one in found.items()}

    assert needs["contacts"] == (("firstname", "lastname", "email"),)
    assert needs["companies"] == (("name", "domain"),)
    assert needs["deals"] == (("dealname",), ("pipeline",), ("dealstage",))
    assert needs["tickets"] == (("subject",), ("hs_pipeline",), ("hs_pipeline_stage",))
    assert needs["products"] == (("name",), ("price",))
    assert needs["notes"] == (("hs_timestamp",), ("hs_note_body",))


def test_every_group_that_a_property_stands_in_has_a_label() -> None:
    headings = standard.groups()

    lost = [p.name for p in all_properties() if p.group not in {group.name for group in headings[p.object_type]}]

    assert lost == []
    assert all(group.label and group.labels for groups in headings.values() for group in groups)


def test_deals_go_through_seven_stages_and_tickets_through_four() -> None:
    deals, tickets = standard.pipelines()

    chances = [(stage.id, stage.probability) for stage in deals.stages]

    assert (deals.id, deals.object_type, deals.label) == ("default", "deals", "Sales Pipeline")
    assert chances[0] == ("appointmentscheduled", Decimal("0.2"))
    assert chances[-2:] == [("closedwon", Decimal("1.0")), ("closedlost", Decimal("0.0"))]
    assert (tickets.id, [stage.id for stage in tickets.stages]) == ("0", ["1", "2", "3", "4"])
    assert [stage.closed for stage in tickets.stages] == [False, False, False, True]


def test_the_options_of_a_stage_are_the_stages_of_the_pipelines() -> None:
    deals = types()["deals"]
    stages = standard.pipelines()[0].stages

    options = deals.properties["dealstage"].options

    assert [(one.value, one.label) for one in options] == [(stage.id, stage.label) for stage in stages]


def test_every_association_type_leads_back_by_its_inverse() -> None:
    found = {one.id: one for one in standard.association_types()}

    backs = {one.id: found[one.inverse or 0] for one in found.values()}

    assert len(found) == 70
    for one in found.values():
        back = backs[one.id]
        assert (back.from_type, back.to_type, back.inverse) == (one.to_type, one.from_type, one.id)
        assert back.kind == one.kind


def test_links_have_the_numbers_that_programs_know() -> None:
    found = standard.association_types()

    by_ends = {(one.kind, one.from_type, one.to_type, one.id) for one in found}

    for (first, second), (there, back) in PLAIN.items():
        assert {("unlabeled", first, second, there), ("unlabeled", second, first, back)} <= by_ends
    for (first, second), (there, back) in PRIMARY.items():
        assert {("primary", first, second, there), ("primary", second, first, back)} <= by_ends
    for name, number in SAME.items():
        assert ("unlabeled", name, name, number) in by_ends
    parents = {one.id: (one.name, one.inverse) for one in found if one.id in (13, 14)}
    assert parents == {13: ("parent_to_child_company", 14), 14: ("child_to_parent_company", 13)}


def test_a_slip_in_a_file_is_named_with_its_place() -> None:
    document = {"name": "boats", "groups": {"boat": {"label": "Boat"}}, "core": {"mast": {"label": "Mast"}}}

    with pytest.raises(errors.Invalid) as raised:
        shapes.object_type(document, {})

    assert raised.value.sentence == "Standard boats.mast: has no label in English or none in Danish."


def test_an_inverse_that_does_not_lead_back_is_refused() -> None:
    document = {
        "1": {"from": "boats", "to": "crews", "name": "boat_to_crew", "inverse": 2},
        "2": {"from": "crews", "to": "boats", "name": "crew_to_boat", "inverse": 3},
    }

    with pytest.raises(errors.Invalid) as raised:
        shapes.association_types(document, ("boats", "crews"))

    assert "does not lead back" in raised.value.sentence
