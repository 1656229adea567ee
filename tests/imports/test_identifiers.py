"""How a row finds its record (I-66 to I-75): record id, email, domain, a unique property of one's own."""

import pytest

from kartotek.domain import Database, catalogue, merging, properties
from kartotek.imports.table import Mode
from kartotek.model.people import SYSTEM
from kartotek.settings import Settings
from tests.helpers.importing import import_file, sheet_of, values
from tests.helpers.undoing import make

MAPS = ("Member=contacts.member",)
VAT = ("VAT=companies.vat",)


def test_a_record_id_column_belongs_to_the_object_that_it_names(harbour: Database, home: Settings) -> None:
    import_file(
        harbour, home, sheet_of({"Company name": "Harbour", "Contact Email": "ada@x.example"}), "companies", "contacts"
    )
    (company,), (contact,) = values(harbour, "companies", "_id")[0], values(harbour, "contacts", "_id")[0]

    row = {
        "Record ID – Companies": company,
        "Record ID – Contacts": contact,
        "Company name": "Quay",
        "First Name": "Ada",
    }
    ended = import_file(harbour, home, sheet_of(row), "companies", "contacts")

    assert ended.errors == ()
    assert (ended.rows("companies"), ended.rows("contacts")) == ({"updated": 1}, {"updated": 1})
    assert values(harbour, "companies", "name") == [("Quay",)]


def test_a_row_without_a_record_id_creates(harbour: Database, home: Settings) -> None:
    import_file(
        harbour,
        home,
        sheet_of({"Ticket name": "Leak", "Pipeline": "Support Pipeline", "Ticket status": "New"}),
        "tickets",
    )
    (id,) = values(harbour, "tickets", "_id")[0]

    rows = [
        {"Record ID": at, "Ticket name": "Flood", "Pipeline": "Support Pipeline", "Ticket status": "New"}
        for at in (id, "")
    ]
    ended = import_file(harbour, home, sheet_of(*rows), "tickets")

    assert (ended.errors, ended.rows("tickets")) == ((), {"updated": 1, "created": 1})


def test_an_email_finds_a_contact_and_a_domain_finds_a_company(harbour: Database, home: Settings) -> None:
    row = {
        "Contact Email": "ada@x.example",
        "First Name": "Ada",
        "Company Domain Name": "x.example",
        "Company name": "X",
    }
    import_file(harbour, home, sheet_of(row), "contacts", "companies")

    other = {
        "Contact Email": "ADA@x.example ",
        "First Name": "Adam",
        "Company Domain Name": "https://www.x.example/a",
        "Company name": "Y",
    }
    ended = import_file(harbour, home, sheet_of(other), "contacts", "companies")

    assert ended.errors == ()
    assert (ended.rows("contacts"), ended.rows("companies")) == ({"updated": 1}, {"updated": 1})
    assert values(harbour, "companies", "name", "domain") == [("Y", "x.example")]


def test_of_several_unique_properties_the_one_chosen_finds_the_record(harbour: Database, home: Settings) -> None:
    two = [{"Email": "ada@x.example", "Member": "m1"}, {"Email": "bo@x.example", "Member": "m2"}]
    import_file(harbour, home, sheet_of(*two), "contacts", maps=MAPS)

    row = sheet_of({"Email": "new@x.example", "Member": "m1", "First Name": "Ada"})
    by_member = import_file(harbour, home, row, "contacts", maps=MAPS, match_by=(("", "member"),))

    assert (by_member.errors, by_member.rows("contacts")) == ((), {"updated": 1})
    assert values(harbour, "contacts", "email", "firstname") == [("new@x.example", "Ada"), ("bo@x.example", None)]


def test_the_same_file_by_email_means_another_record(harbour: Database, home: Settings) -> None:
    import_file(
        harbour,
        home,
        sheet_of({"Email": "ada@x.example", "Member": "m1"}, {"Email": "bo@x.example"}),
        "contacts",
        maps=MAPS,
    )

    row = sheet_of({"Email": "bo@x.example", "Member": "m3", "First Name": "Bo"})
    by_email = import_file(harbour, home, row, "contacts", maps=MAPS, match_by=(("", "email"),))

    assert (by_email.errors, by_email.rows("contacts")) == ((), {"updated": 1})
    assert values(harbour, "contacts", "email", "member") == [("ada@x.example", "m1"), ("bo@x.example", "m3")]


def test_companies_found_by_a_property_of_ones_own_may_share_a_domain(harbour: Database, home: Settings) -> None:
    rows = [
        {"Company name": name, "Company Domain Name": "x.example", "VAT": vat} for name, vat in (("A", "1"), ("B", "2"))
    ]

    first = import_file(harbour, home, sheet_of(*rows), "companies", maps=VAT)
    third = {"Company name": "C", "Company Domain Name": "x.example", "VAT": "3"}
    second = import_file(harbour, home, sheet_of(third, rows[0] | {"Company name": "A2"}), "companies", maps=VAT)

    assert (first.errors, first.rows("companies")) == ((), {"created": 2})
    assert (second.errors, second.rows("companies")) == ((), {"created": 1, "updated": 1})
    assert values(harbour, "companies", "name", "domain") == [
        ("A2", "x.example"),
        ("B", "x.example"),
        ("C", "x.example"),
    ]


def test_contacts_found_by_a_property_of_ones_own_may_not_share_an_address(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, sheet_of({"Email": "ada@x.example", "Member": "m1"}), "contacts", maps=MAPS)

    rows = sheet_of({"Email": "ada@x.example", "Member": "m2"}, {"Email": "bo@x.example", "Member": "m3"})
    ended = import_file(harbour, home, rows, "contacts", maps=MAPS, match_by=(("", "member"),))

    assert ended.told() == [(2, "Email", "DUPLICATE_UNIQUE_PROPERTY_VALUE", "ada@x.example")]
    assert ended.rows("contacts") == {"failed": 1, "created": 1}


def test_a_deal_is_found_by_a_property_of_its_own(own_database: Database, settings: Settings) -> None:
    with own_database.transaction() as tx:
        deals = catalogue.load(tx).object_type("deals")
        properties.define(tx, SYSTEM, deals, "number", "Number", unique=True)
    deal = {"Deal Name": "Boat", "Pipeline": "Sales Pipeline", "Deal Stage": "Closed Won", "Number": "N-1"}
    import_file(own_database, settings, sheet_of(deal), "deals", maps=("Number=deals.number",))

    changed = sheet_of(deal | {"Deal Name": "Ship"})
    ended = import_file(own_database, settings, changed, "deals", maps=("Number=deals.number",))

    assert (ended.errors, ended.rows("deals")) == ((), {"updated": 1})


@pytest.fixture
def merged(harbour: Database) -> tuple[int, int]:
    """Ada, and Bo, who has become part of her."""
    ada, bo = (make(harbour, "contacts", firstname=name) for name in ("Ada", "Bo"))
    with harbour.transaction() as tx:
        merging.merge(tx, SYSTEM, catalogue.load(tx).object_type("contacts"), ada, bo)
    return ada, bo


@pytest.mark.parametrize("batch", [1, 50_000])
def test_the_record_id_of_a_merged_record_finds_what_it_has_become_part_of(
    harbour: Database, home: Settings, merged: tuple[int, int], batch: int
) -> None:
    ada, bo = merged
    rows = [
        {"Record ID": str(bo), "First Name": "Ada", "Job Title": "Pilot", "City": "Ribe"},
        {"Record ID": str(ada), "First Name": "Ada", "Job Title": "Captain", "City": ""},
    ]

    ended = import_file(harbour, home, sheet_of(*rows), "contacts", batch=batch, modes=[("contacts", Mode.UPDATE)])

    assert (ended.errors, ended.rows("contacts")) == ((), {"updated": 1, "unchanged": 1})
    assert values(harbour, "contacts", "firstname", "jobtitle", "city") == [("Ada", "Captain", "Ribe")]


def test_a_merged_record_that_a_row_names_is_what_it_has_become_part_of(
    harbour: Database, home: Settings, merged: tuple[int, int]
) -> None:
    ada, bo = merged
    rows = [{"First Name": "Cleo", "Email": "cleo@harbour.example", "Boss": str(bo)}]

    ended = import_file(harbour, home, sheet_of(*rows), "contacts", maps=["Boss=association:contacts.record_id"])

    with harbour.transaction() as tx:
        pairs = tx.rows("SELECT first FROM kartotek.associations")
    assert ended.errors == ()
    assert [row["first"] for row in pairs] == [ada]


@pytest.mark.parametrize("batch", [1, 50_000])
def test_a_record_id_that_only_the_import_itself_gives_out_is_unknown(
    harbour: Database, home: Settings, batch: int
) -> None:
    first = make(harbour, "contacts", firstname="Zoe")
    rows = [
        {"Record ID": "", "First Name": "Ada", "Boss": ""},
        {"Record ID": str(first + 1), "First Name": "Bo", "Boss": ""},
        {"Record ID": "", "First Name": "Cleo", "Boss": str(first + 1)},
    ]

    ended = import_file(
        harbour, home, sheet_of(*rows), "contacts", batch=batch, maps=["Boss=association:contacts.record_id"]
    )

    assert values(harbour, "contacts", "_id", "firstname")[1] == (str(first + 1), "Ada")
    assert ended.told() == [
        (3, "Record ID", "INVALID_RECORD_ID", str(first + 1)),
        (4, "Boss", "UNKNOWN_ASSOCIATION_RECORD_ID", str(first + 1)),
    ]
