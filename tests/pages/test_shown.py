"""Values as people read them."""

import pytest

from kartotek.domain import records
from kartotek.pages import language, render, shown
from kartotek.values import domain, phone
from tests.helpers.visitor import text_of


@pytest.mark.parametrize(
    ("region", "text", "said"),
    [
        ("en_GB", "12480", "12,480"),
        ("da_DK", "1234567.5", "1.234.567,5"),
        ("en_GB", "0.10", "0.1"),
        ("en_GB", "n/a", "n/a"),
    ],
)
def test_numbers_follow_the_language(region, text, said):
    assert shown.number(text, region) == said


def test_days_follow_the_language():
    assert shown.day("2026-04-03", "en_GB") == "3 Apr 2026"
    assert shown.day("2026-04-03", "da_DK") == "3. apr. 2026" or shown.day("2026-04-03", "da_DK") == "3 apr. 2026"


@pytest.mark.parametrize(("name", "letters"), [("Ada Holm", "AH"), ("Nordlys", "N"), ("", "?"), ("J. P. Friis", "JF")])
def test_initials_are_those_of_the_first_and_last_word(name, letters):
    assert shown.initials(name) == letters


@pytest.mark.parametrize(
    ("wish", "accepted", "spoken"),
    [(None, "da-DK,da;q=0.9,en;q=0.8", "da"), ("en", "da", "en"), (None, "fr,sv;q=0.5", "en"), (None, "", "en")],
)
def test_the_language_is_the_persons_own_else_the_browsers(wish, accepted, spoken):
    assert language.chosen(wish, accepted) == spoken


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("+4533121314", "+45 33 12 13 14"),
        ("+4533121314;ext=12", "+45 33 12 13 14 ext. 12"),
        ("+14155552671", "+1 415-555-2671"),
        ("12345678", "12345678"),
        ("", ""),
    ],
)
def test_a_telephone_number_is_grouped_for_reading_alone(ida, crew, own_database, kept, shown):
    with own_database.transaction() as tx:
        records.update(tx, crew.ida, crew.ada.object_type, crew.ada.id, {"phone": kept or None})
        stored = records.get(tx, crew.ida, crew.ada.object_type, crew.ada.id).values["phone"]

    assert phone.grouped(kept) == shown and (stored or "") == kept
    assert shown in text_of(ida.get("/contacts?columns=phone")) and shown in text_of(
        ida.get(f"/contacts/{crew.ada.id}")
    )


@pytest.mark.parametrize(("language", "said"), [("en", "1,250.50 DKK"), ("da", "1.250,50 DKK")])
def test_an_amount_stands_with_its_currency(ida, crew, own_database, language, said):
    with own_database.transaction() as tx:
        records.update(tx, crew.ida, crew.deal.object_type, crew.deal.id, {"deal_currency_code": "DKK"})
    ida.post("/preferences", language=language)

    pages = ["/deals?columns=amount", f"/deals/{crew.deal.id}", f"/contacts/{crew.ada.id}", "/deals?show=board"]

    for page in pages:
        assert said in text_of(ida.get(page)), page


def test_an_amount_without_a_currency_is_a_number(ida, crew):
    page = text_of(ida.get("/deals?columns=amount"))

    assert "1,250.5" in page and "DKK" not in page


def test_templates_are_compiled_once_for_each_language():
    assert render.environment("da") is render.environment("da")
    assert render.environment("da") is not render.environment("en")


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        ("72404.5", "DKK", "72,404.50 DKK"),
        ("72404.5", None, "72,404.50"),
        ("1250", "EUR", "1,250 EUR"),
        ("1250", None, "1,250"),
    ],
)
def test_an_amount_has_both_decimals_or_none(ida, crew, own_database, amount, currency, said):
    with own_database.transaction() as tx:
        texts = {"amount": amount, "deal_currency_code": currency}
        records.update(tx, crew.ida, crew.deal.object_type, crew.deal.id, texts)

    assert shown.money(amount, currency, "en_GB") == said
    assert said in text_of(ida.get("/deals?columns=amount")) and said in text_of(ida.get(f"/deals/{crew.deal.id}"))


def test_an_address_breaks_behind_its_at_first_and_a_domain_before_its_dot(ida, crew):
    assert "ada@<wbr>nordlys.example" in ida.get(f"/contacts/{crew.ada.id}").text
    assert "nordlys<wbr>.example" in ida.get(f"/companies/{crew.nordlys.id}").text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("xn--mgler-sra.example", "mægler.example"),
        ("havnen.example", "havnen.example"),
        ("ny@xn--ny-vrft-pxa.dk", "ny@ny-værft.dk"),
        ("xn--æ.example", "xn--æ.example"),
        ("xn--99zzzzzzzzz.example", "xn--99zzzzzzzzz.example"),
    ],
)
def test_a_domain_is_shown_as_its_owner_writes_it(text, said):
    assert domain.own_letters(text) == said


def test_an_address_at_such_a_domain_is_shown_so_wherever_it_stands(ida, crew, own_database):
    with own_database.transaction() as tx:
        records.update(tx, crew.ida, crew.ada.object_type, crew.ada.id, {"email": "ada@ny-værft.dk"})
        records.update(tx, crew.ida, crew.nordlys.object_type, crew.nordlys.id, {"domain": "ny-værft.dk"})

    for page in ("/contacts", "/companies", f"/contacts/{crew.ada.id}", f"/companies/{crew.nordlys.id}"):
        assert "ny-værft.dk" in text_of(ida.get(page)).replace("@ ", "@")


def test_it_is_edited_as_it_is_shown_and_stays_what_it_is(ida, crew, own_database):
    companies = crew.nordlys.object_type
    with own_database.transaction() as tx:
        records.update(tx, crew.ida, companies, crew.nordlys.id, {"domain": "møbler.dk"})
        kept = records.get(tx, crew.ida, companies, crew.nordlys.id).values["domain"]
    field = f"/companies/{crew.nordlys.id}/properties/domain"

    form = ida.get(field).text
    ida.post(field, form=field, domain="møbler.dk")

    assert 'value="møbler.dk"' in form and 'value="xn--' not in form
    with own_database.transaction() as tx:
        assert records.get(tx, crew.ida, companies, crew.nordlys.id).values["domain"] == kept == "xn--mbler-vua.dk"


def test_an_address_is_sent_in_the_letters_that_it_was_written_in(ida):
    form = ida.get("/contacts/new").text

    assert 'inputmode="email"' in form and 'type="email"' not in form
