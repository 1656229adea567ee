"""Numbers in forms: written and read as the person's language does, so that what a page shows reads back as itself."""

import pytest

from kartotek.domain import records
from kartotek.pages import figures
from tests.helpers.visitor import text_of


@pytest.mark.parametrize(
    ("language", "typed", "plain"),
    [
        ("da", "1.250", "1250"),
        ("da", "1.250,5", "1250.5"),
        ("da", "12,5", "12.5"),
        ("da", "-3", "-3"),
        ("da", "1250.5", "1250.5"),  # as a program writes it, and it can mean nothing else
        ("en", "1,250", "1250"),
        ("en", "1.250", "1.25"),
        ("en", "12,5", "12,5"),  # no number in English: it is refused, not guessed at
        ("en", "many", "many"),
        ("da", "", ""),
    ],
)
def test_a_number_is_read_as_the_language_writes_it(language, typed, plain):
    assert figures.plain(typed, language) == plain


def test_a_dane_reads_back_what_stands_in_the_field(ida, crew, own_database):
    ida.post("/preferences", language="da", back="/contacts")
    path = f"/deals/{crew.deal.id}/properties/amount"

    ida.post(path, form=path, amount="1.250,5")
    first = stored(own_database, crew)
    field = ida.get(path).text
    ida.post(path, form=path, amount="1.250")

    assert first == "1250.5" and 'value="1250,5"' in field
    assert stored(own_database, crew) == "1250"
    refused = text_of(ida.post(path, form=path, amount="mange"))
    assert "Skriv det med komma før decimalerne" in refused


def test_a_form_that_comes_back_keeps_the_number_as_it_was_written(ida, crew):
    ida.post("/preferences", language="da", back="/contacts")

    again = ida.post("/deals", form="/deals/new", dealname="Mole", amount="12,5")

    assert again.status_code == 400 and 'value="12,5"' in again.text


def test_a_filter_reads_numbers_as_the_language_writes_them(ida, crew):
    ida.post("/preferences", language="da", back="/contacts")
    line = {"of-0": "", "property-0": "amount", "operator-0": "GTE", "value-0": "1.250,5", "do": "apply"}

    panel = ida.get("/deals/filters?where=amount.at_least(1250.5)").text
    applied = ida.post("/deals/filters", form="/deals/filters?where=amount.at_least(1)", **line, **{"figures-0": "1"})

    assert 'name="figures-0" value="1"' in panel and 'value="1250,5"' in panel
    assert "where=amount.at_least(1250.5)" in applied.headers["location"]


def test_where_there_is_one_pipeline_it_is_chosen_already(ida):
    form = ida.get("/deals/new").text

    assert '<option value="default" selected>' in form


def test_a_meeting_tells_its_hours_and_does_not_end_before_it_begins(ida, crew):
    path, form = f"/contacts/{crew.ada.id}/activities", f"/contacts/{crew.ada.id}"
    said = {"log": "meetings", "hs_meeting_title": "Quay", "hs_meeting_start_time": "2026-12-01T10:00"}

    refused = ida.post(path, form=form, hs_meeting_end_time="2026-12-01T09:30", **said)
    ida.post(path, form=form, hs_meeting_end_time="2026-12-01T11:30", **said)

    assert refused.status_code == 400 and "is before the beginning. Correct one of the two." in text_of(refused)
    index = text_of(ida.get("/meetings?columns=hs_meeting_start_time,hs_meeting_end_time"))
    assert "1 Dec 2026, 10:00" in index and "1 Dec 2026, 11:30" in index and "1–1 of 1" in index


def stored(own_database, crew):
    with own_database.transaction() as tx:
        return records.get(tx, crew.ida, crew.deal.object_type, crew.deal.id).values["amount"]
