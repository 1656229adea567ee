"""Settings for properties: found, made, changed, archived and restored; their options and groups."""

import re

import pytest

from kartotek.domain import catalogue, properties, records
from kartotek.model.people import Rights
from kartotek.model.properties import Option
from tests.helpers.colleagues import PASSWORD, with_rights
from tests.helpers.visitor import Visitor, text_of

CONTACTS = "/settings/properties/contacts"


@pytest.fixture
def level(own_database, crew):
    """A property of contacts, which Ada has a value of."""
    with own_database.transaction() as tx:
        made = properties.define(
            tx, crew.ida, crew.ada.object_type, "level", "Loyalty", type="enumeration",
            options=[Option("gold", "Gold"), Option("silver", "Silver")],
        )  # fmt: skip
        records.update(tx, crew.ida, catalogue.load(tx).object_type("contacts"), crew.ada.id, {"level": "gold"})
    return made


def test_properties_are_found_by_word_and_by_group(ida):
    everything = text_of(ida.get(CONTACTS))
    by_word = text_of(ida.get(f"{CONTACTS}?q=PHONE"))
    by_group = text_of(ida.get(f"{CONTACTS}?group=contactlcs"))

    assert "Last Name" in everything and "Mobile Phone Number" in everything
    assert "Mobile Phone Number" in by_word and "Last Name Text" not in by_word
    assert "Mobile Phone Number" not in by_group
    assert "No property fits" in text_of(ida.get(f"{CONTACTS}?q=zeppelin"))


def test_a_property_is_made_and_filled_in(ida, crew, own_database):
    new = "/settings/new-property/contacts"
    ida.post(CONTACTS, form=new, label="Boat size", type="choice", options="Small\nLarge\nSmall", description="In feet")

    with own_database.transaction() as tx:
        made = catalogue.load(tx).object_type("contacts").properties["boat_size"]
    assert ([one.label for one in made.options], made.description) == (["Small", "Large"], "In feet")
    assert "Boat size" in text_of(ida.get(f"{CONTACTS}?q=boat"))


def test_a_property_that_cannot_be_comes_back_as_it_was_sent(ida):
    new = "/settings/new-property/contacts"

    answer = ida.post(CONTACTS, form=new, label="Mail", name="email", type="text")

    assert answer.status_code == 409
    assert 'value="Mail"' in answer.text and "Choose another name" in text_of(answer)


def test_the_words_of_a_property_are_changed(ida, level):
    page = f"{CONTACTS}/level"

    ida.post(page, form=page, label="Rank", description="How dear", group="contactinformation", field_type="radio")

    assert "Rank" in text_of(ida.get(CONTACTS))
    assert "How dear" in ida.get(page).text


def test_what_comes_with_kartotek_shows_its_definition_and_keeps_it(ida):
    page = f"{CONTACTS}/lastname"

    shown = text_of(ida.get(page))
    answer = ida.post(page, form="/settings", label="X", group="contactinformation")

    assert "its definition stays as it is" in shown and "Archive the property" not in shown
    assert answer.status_code == 400


def test_options_are_arranged_by_their_numbers_without_scripts(ida, level, own_database):
    page = f"{CONTACTS}/level"

    ida.post(
        f"{page}/options", form=page, value=["gold", "silver"], option=["Gold", "Pewter"], place=["2", "1"],
        hidden=["gold"], added="Bronze\n",
    )  # fmt: skip

    with own_database.transaction() as tx:
        made = catalogue.load(tx).object_type("contacts").properties["level"].options
    assert [(one.value, one.label, one.hidden) for one in made] == [
        ("silver", "Pewter", False), ("gold", "Gold", True), ("Bronze", "Bronze", False),
    ]  # fmt: skip


def test_options_that_cannot_be_come_back_as_they_were_typed(ida, level):
    page = f"{CONTACTS}/level"

    answer = ida.post(
        f"{page}/options", form=page, value=["gold", "silver"], option=["Pewter", "Pewter"], hidden=["gold"],
        added="Tin",
    )  # fmt: skip

    assert answer.status_code == 400 and "Two options are called “Pewter”" in text_of(answer)
    assert answer.text.count('name="option" value="Pewter"') == 2 and ">Tin</textarea>" in answer.text
    assert re.search('name="hidden" value="gold" checked', answer.text)


def test_an_archived_property_is_hidden_and_restored_with_its_values(ida, crew, level):
    page, record = f"{CONTACTS}/level", f"/contacts/{crew.ada.id}"
    ida.post(f"{page}/archival", form=page)
    said = text_of(ida.get(CONTACTS))
    hidden = [text_of(ida.get(path)) for path in (CONTACTS, record, "/contacts")]
    listed = text_of(ida.get("/settings/archived-properties/contacts"))
    history = ida.get(f"{record}/history").status_code

    ida.post(f"{page}/restoration", form="/settings/archived-properties/contacts")

    assert "Loyalty is archived" in said
    assert all("Loyalty" not in shown for shown in hidden)
    assert "Loyalty archived" in listed and history < 500
    assert "Loyalty Gold" in text_of(ida.get(record))


def test_groups_are_made_and_renamed(ida):
    page = "/settings/property-groups/contacts"

    ida.post(page, form=page, label="Boats")
    ida.post(f"{page}/boats", form=page, label="Ships")
    again = ida.post(page, form=page, label="ships")

    assert 'value="Ships"' in ida.get(page).text
    assert again.status_code == 409


def test_the_settings_of_properties_are_for_those_who_may_change_them(program, own_database, crew):
    with own_database.transaction() as tx:
        sol = with_rights(tx, crew.ida, "Sol", Rights({"*": "all"}, {"*": "all"}))
    visitor = Visitor(program)
    visitor.sign_in(sol.email, PASSWORD)

    answers = [visitor.get(path).status_code for path in (CONTACTS, f"{CONTACTS}/email", "/settings/properties")]

    assert answers == [403, 403, 403]
    assert "/settings/properties" not in visitor.get("/settings").text


@pytest.fixture
def code(own_database, crew):
    """A text of contacts; what Ada's says does not fit the rule that comes."""
    with own_database.transaction() as tx:
        made = properties.define(tx, crew.ida, crew.ada.object_type, "code", "Code")
        records.update(tx, crew.ida, catalogue.load(tx).object_type("contacts"), crew.ada.id, {"code": "old"})
    return made


def test_rules_are_set_and_what_breaks_them_is_told(ida, code):
    page = f"{CONTACTS}/code"

    answer = ida.post(f"{page}/rules", form=page, rules="1", pattern="DK[0-9]{8}", example="DK12345678", longest="10")

    told = text_of(ida.get(page))
    assert answer.status_code == 303
    assert "1 value breaks the rules" in told and "old" in told
    assert 'value="DK[0-9]{8}"' in ida.get(page).text and 'value="10"' in ida.get(page).text


def test_a_rule_that_is_none_is_told_at_its_field(ida, code):
    page = f"{CONTACTS}/code"

    answer = ida.post(f"{page}/rules", form=page, rules="1", pattern="[a-")

    assert answer.status_code == 400
    assert 'id="rule-pattern-wrong"' in answer.text and 'value="[a-"' in answer.text


def test_a_value_against_a_rule_is_told_by_its_field(ida, crew, code):
    page = f"{CONTACTS}/code"
    ida.post(f"{page}/rules", form=page, rules="1", pattern="DK[0-9]{8}", example="DK12345678")

    new = ida.post("/contacts", form="/contacts/new", email="no address", firstname="Eve")
    edited = ida.post(
        f"/contacts/{crew.ada.id}/properties/code", form=f"/contacts/{crew.ada.id}/properties/code", code="DK1"
    )

    assert 'id="f-email-wrong"' in new.text and "k-alert" not in new.text
    assert 'id="edit-code-wrong"' in edited.text and "It looks like DK12345678" in text_of(edited)


def test_a_property_becomes_unique(ida, own_database, code):
    page = f"{CONTACTS}/code"

    ida.post(f"{page}/uniqueness", form=page)

    assert "Unique" in text_of(ida.get(page)) and f"{page}/uniqueness" not in ida.get(page).text


def test_the_menu_says_where_one_is_on_every_page_of_properties(ida):
    for path in (CONTACTS, "/settings/property-groups/contacts", "/settings/new-property/contacts"):
        assert 'href="/settings/properties" aria-current="page"' in ida.get(path).text


def test_a_label_has_a_length_at_most(ida):
    refused = ida.post(CONTACTS, form="/settings/new-property/contacts", label="x" * 201, type="text")

    assert refused.status_code == 400 and "at most 200 characters" in text_of(refused)


@pytest.mark.parametrize(
    "path",
    ["/settings/properties/contacts", "/contacts/columns", "/contacts/filters?where=any", "/contacts/{id}?all=1"],
)
def test_what_hubspot_only_tried_something_with_is_not_offered(ida, crew, path):
    page = ida.get(path.format(id=crew.ada.id)).text

    assert "Job Title" in page
    assert "testpurge" not in page and "testrollback" not in page


def test_a_file_that_has_it_brings_it_along_and_the_record_shows_it(ida, crew, own_database):
    contacts = crew.ada.object_type
    with own_database.transaction() as tx:
        records.update(tx, crew.ida, contacts, crew.ada.id, {"hs_testpurge": "left over"})

    page = ida.get(f"/contacts/{crew.ada.id}?all=1")

    assert "left over" in text_of(page)
