"""Counted properties on the pages: shown in tables and on records, and not offered for what they cannot do."""

from tests.helpers.visitor import text_of


def test_a_table_shows_them_and_offers_no_sorting_by_them(ida, crew):
    page = ida.get("/companies?columns=num_associated_contacts,city")

    assert "Number of Associated Contacts" in text_of(page)
    assert "sort=city" in page.text and "sort=num_associated_contacts" not in page.text


def test_the_choice_of_columns_says_that_they_are_only_shown(ida, crew):
    assert "Number of Associated Contacts only shown" in text_of(ida.get("/companies/columns"))


def test_an_address_that_sorts_by_them_says_why_it_cannot(ida, crew):
    answer = ida.get("/companies?sort=num_associated_contacts")

    assert "counted when it is shown" in text_of(answer)


def test_a_record_shows_what_is_counted(ida, crew):
    found = text_of(ida.get(f"/companies/{crew.havnen.id}?all=1"))

    assert "Number of Associated Contacts" in found
