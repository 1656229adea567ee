"""Columns that say something of associations, on the mapping page: whose they are, and what they do to those there."""

import pytest

from tests.helpers.visitor import text_of
from tests.helpers.wizard import draft_of, fields_of, send

LABELLED = b"Email;Company name;Company Domain Name;Role\nada@x.example;Harbour;x.example;Captain\n"


def test_of_two_objects_a_column_of_labels_says_whose_they_are(ida, looked_at):
    path = draft_of(ida, LABELLED, objects=("contacts", "companies"))
    fields = fields_of(ida.get(f"{path}/mapping").text) | {"as-3": "label:contacts-companies"}

    ida.post(f"{path}/mapping", form=f"{path}/mapping", **fields)
    looked_at(path)

    page = ida.get(f"{path}/mapping")
    assert fields_of(page.text)["as-3"] == "label:contacts-companies"
    assert "Contact and company" in page.text and "1 error" in text_of(page)
    panel = ida.get(f"{path}/columns/3")
    assert "No such label 1 row “Captain” is not a label" in text_of(panel)
    assert 'href="/settings/associations/contacts/companies"' in panel.text
    assert "not mapped to a property" not in panel.text


def test_of_three_objects_each_two_may_be_the_ones_whose_labels_they_are(ida):
    path = draft_of(ida, LABELLED, objects=("contacts", "companies", "deals"))

    page = text_of(ida.get(f"{path}/mapping"))

    assert "Association label – Contacts and companies" in page and "Association label – Companies and deals" in page


@pytest.mark.parametrize("way", ["add", "replace", "remove", "end"])
def test_what_labels_do_to_those_there_is_chosen_in_the_columns_row(ida, way):
    path = draft_of(ida, LABELLED, objects=("contacts", "companies"))
    send(ida, path, **{"as-3": "label:contacts-companies"})

    send(ida, path, **{"linking-3": way})

    page = ida.get(f"{path}/mapping").text
    assert fields_of(page)["linking-3"] == way and fields_of(page)["as-3"] == "label:contacts-companies"
    assert ("linking = " in ida.get(f"{path}/recipe.toml").text) == (way != "add")


def test_a_column_marks_the_primary_company_of_two_objects_that_can_have_one(ida):
    path = draft_of(ida, LABELLED, objects=("contacts", "companies", "deals"))

    send(ida, path, **{"as-3": "primary:companies-deals"})

    page = ida.get(f"{path}/mapping").text
    assert fields_of(page)["as-3"] == "primary:companies-deals"
    assert "primary:contacts-deals" not in page and "linking-3" not in fields_of(page)
