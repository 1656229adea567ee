"""Which record a row is about, and what its cells do to it."""

import pytest

from kartotek.domain import Database
from kartotek.imports.table import Mode
from kartotek.settings import Settings
from tests.helpers.importing import import_file, sheet_of, values
from tests.helpers.importing import import_file as imported

ADA = {"First Name": "Ada", "Email": "ada@harbour.example"}
QUAY = {"Company name": "Quay", "Company Domain Name": "quay.example"}


def test_rows_with_one_address_are_one_contact_and_later_values_win(harbour: Database, home: Settings) -> None:
    rows = [
        ADA | {"City": "Odense"},
        ADA | {"First Name": "Adam", "Email": " ADA@Harbour.example"},
        ADA | {"First Name": ""},
    ]

    ended = imported(harbour, home, sheet_of(*rows), "contacts")

    assert ended.rows("contacts") == {"created": 1, "unchanged": 2}
    assert values(harbour, "contacts", "firstname", "email", "city") == [("Adam", "ada@harbour.example", "Odense")]


def test_a_blank_cell_never_overwrites(harbour: Database, home: Settings) -> None:
    imported(harbour, home, sheet_of(ADA | {"City": "Odense"}), "contacts")

    ended = imported(harbour, home, sheet_of(ADA | {"City": " ", "First Name": ""}), "contacts")

    assert ended.rows("contacts") == {"unchanged": 1}
    assert values(harbour, "contacts", "firstname", "city") == [("Ada", "Odense")]


def test_what_is_not_to_be_overwritten_fills_only_what_is_empty(harbour: Database, home: Settings) -> None:
    imported(harbour, home, sheet_of(ADA), "contacts")

    ended = imported(
        harbour, home, sheet_of(ADA | {"First Name": "Adam", "City": "Odense"}), "contacts", keep=["First Name", "City"]
    )

    assert ended.rows("contacts") == {"updated": 1}
    assert values(harbour, "contacts", "firstname", "city") == [("Ada", "Odense")]


@pytest.mark.parametrize(("row", "after"), [
    ({"Email": "old@harbour.example"}, ("ada@harbour.example", "{old@harbour.example}")),
    ({"Email": "old@harbour.example", "Record ID": "1"}, ("old@harbour.example", "{ada@harbour.example}")),
    ({"Email": "new@harbour.example", "Record ID": "1"}, ("new@harbour.example", "{old@harbour.example}")),
], ids=["by address", "by record id", "a new one"])  # fmt: skip
def test_a_further_address_becomes_the_first_one_only_beside_a_record_id(
    harbour: Database, home: Settings, row: dict[str, str], after: tuple[str, str]
) -> None:
    imported(harbour, home, sheet_of(ADA | {"Additional email addresses": "old@harbour.example"}), "contacts")

    ended = imported(harbour, home, sheet_of(row | {"First Name": "Adam"}), "contacts")

    assert ended.rows("contacts") == {"updated": 1}
    assert values(harbour, "contacts", "firstname", "email", "hs_additional_emails") == [("Adam", *after)]


def test_two_addresses_of_one_contact_are_one_contact(harbour: Database, home: Settings) -> None:
    imported(harbour, home, sheet_of(ADA | {"Additional email addresses": "old@harbour.example"}), "contacts")
    rows = [ADA | {"City": "Odense"}, ADA | {"Email": "old@harbour.example", "First Name": "Adam"}]

    ended = imported(harbour, home, sheet_of(*rows), "contacts", batch=1)

    assert ended.rows("contacts") == {"updated": 1, "unchanged": 1}
    assert values(harbour, "contacts", "firstname", "city") == [("Adam", "Odense")]


def test_an_empty_record_id_leaves_it_to_the_next_identifier(harbour: Database, home: Settings) -> None:
    imported(harbour, home, sheet_of(ADA), "contacts")
    rows = [
        {"Record ID": "", **ADA, "City": "Odense"},
        {"Record ID": "", "First Name": "Bo", "Email": "bo@harbour.example"},
    ]

    ended = imported(harbour, home, sheet_of(*rows), "contacts")

    assert ended.rows("contacts") == {"updated": 1, "created": 1}


def test_a_record_id_may_stand_on_many_rows_of_a_file_of_several_objects(harbour: Database, home: Settings) -> None:
    imported(harbour, home, sheet_of(QUAY), "companies")
    rows = [
        ADA | {"Company record ID": "1"},
        {"First Name": "Bo", "Email": "bo@harbour.example", "Company record ID": "1"},
    ]

    modes = [("companies", Mode.UPDATE)]
    ended = imported(harbour, home, sheet_of(*rows), "contacts", "companies", batch=1, modes=modes)

    assert (ended.errors, ended.rows("companies"), ended.books.associations["created"]) == ((), {"unchanged": 2}, 2)


def test_a_unique_property_of_ones_own_finds_records_exactly_as_written(harbour: Database, home: Settings) -> None:
    rows = [{"First Name": "Ada", "Member": "a1 "}, {"First Name": "Bo", "Member": "A1"}]
    imported(harbour, home, sheet_of(*rows), "contacts", maps=["Member=contacts.member"])

    ended = imported(
        harbour, home, sheet_of({"First Name": "Adam", "Member": "a1"}), "contacts", maps=["Member=contacts.member"]
    )

    assert ended.rows("contacts") == {"updated": 1}
    assert values(harbour, "contacts", "firstname", "member") == [("Adam", "a1"), ("Bo", "A1")]


def test_companies_without_a_domain_are_one_each(harbour: Database, home: Settings) -> None:
    row = {"Company name": "Quay"}

    ended = imported(harbour, home, sheet_of(row, row), "companies", batch=1)

    assert ended.rows("companies") == {"created": 2}


def test_an_import_that_only_creates_still_links_to_the_company_that_is_there(
    harbour: Database, home: Settings
) -> None:
    imported(harbour, home, sheet_of(QUAY), "companies")

    ended = imported(harbour, home, sheet_of(ADA | QUAY), "contacts", "companies", modes=[("", Mode.CREATE)])

    assert (ended.rows("contacts"), ended.rows("companies")) == ({"created": 1}, {"skipped": 1})
    assert values(harbour, "contacts", "_primary") == [("1",)]


def test_an_import_that_only_updates_makes_no_record_and_no_link_to_one(harbour: Database, home: Settings) -> None:
    imported(harbour, home, sheet_of(ADA), "contacts")

    ended = imported(harbour, home, sheet_of(ADA | QUAY), "contacts", "companies", modes=[("", Mode.UPDATE)])

    assert (ended.rows("contacts"), ended.rows("companies")) == ({"unchanged": 1}, {"skipped": 1})
    assert (values(harbour, "companies", "name"), ended.books.associations["created"]) == ([], 0)


def test_the_first_company_of_the_file_becomes_primary_and_each_pair_is_one_link(
    harbour: Database, home: Settings
) -> None:
    pier = {"Company name": "Pier", "Company Domain Name": "pier.example"}

    ended = imported(harbour, home, sheet_of(ADA | pier, ADA | QUAY, ADA | pier), "contacts", "companies", batch=2)

    primary = values(harbour, "contacts", "_primary")[0][0]
    assert values(harbour, "companies", "_id", "name")[0] == (primary, "Pier")
    assert ended.books.associations == {"created": 2, "updated": 0, "unchanged": 0, "removed": 0, "failed": 0}


def test_links_of_a_row_that_failed_do_not_count_as_failed(harbour: Database, home: Settings) -> None:
    ended = imported(
        harbour,
        home,
        sheet_of({"Phone Number": "12345678", **QUAY}, ADA | {"Email": "no"} | QUAY),
        "contacts",
        "companies",
    )

    assert (ended.rows("contacts"), ended.rows("companies")) == ({"failed": 2}, {"created": 1, "unchanged": 1})
    assert set(ended.books.associations.values()) == {0}


def test_a_lifecycle_stage_goes_forward_only(harbour: Database, home: Settings) -> None:
    stages = ["Lead", "Customer", "Subscriber"]
    imported(harbour, home, sheet_of(*(ADA | {"Lifecycle Stage": stage} for stage in stages)), "contacts")

    back = imported(harbour, home, sheet_of(ADA | {"Lifecycle Stage": "Lead"}), "contacts")
    onward = imported(harbour, home, sheet_of(ADA | {"Lifecycle Stage": "Evangelist"}), "contacts")

    assert (back.rows("contacts"), onward.rows("contacts")) == ({"unchanged": 1}, {"updated": 1})
    assert values(harbour, "contacts", "lifecyclestage") == [("evangelist",)]


def test_options_with_a_semicolon_in_front_are_added(harbour: Database, home: Settings) -> None:
    def roles(*cells: str) -> tuple[str | None, ...]:
        import_file(harbour, home, sheet_of(*(ADA | {"Buying Role": cell} for cell in cells)), "contacts")
        return values(harbour, "contacts", "hs_buying_role")[0]

    assert roles("Blocker", ";Champion") == ("{BLOCKER,CHAMPION}",)
    assert roles(";Blocker;Influencer") == ("{BLOCKER,CHAMPION,INFLUENCER}",)
    assert roles(";Blocker", "Other", ";Champion") == ("{OTHER,CHAMPION}",)


def test_missing_cells_can_be_taken_as_empty(harbour: Database, home: Settings) -> None:
    text = sheet_of(["First Name", "Email", "City"], ["Ada", "ada@harbour.example"])

    ended = imported(harbour, home, text, "contacts", short_rows_are_empty=True)

    assert (ended.errors, ended.rows("contacts")) == ((), {"created": 1})


def test_cells_beyond_the_header_matter_only_when_they_say_something(harbour: Database, home: Settings) -> None:
    text = "First Name,Email\nAda,ada@harbour.example,, \nBo,bo@harbour.example,,x\n"

    ended = imported(harbour, home, text, "contacts")

    assert ended.told() == [(3, None, "INCORRECT_NUMBER_OF_COLUMNS", "4 ≠ 2")]
    assert ended.rows("contacts") == {"created": 1, "failed": 1}


def test_a_row_without_a_cell_for_an_object_is_skipped_for_it(harbour: Database, home: Settings) -> None:
    ended = imported(harbour, home, sheet_of(ADA | {"Company name": ""}, ADA | QUAY), "contacts", "companies")

    assert (ended.errors, ended.rows("companies")) == ((), {"skipped": 1, "created": 1})


def test_a_first_row_that_fails_does_not_take_its_twins_with_it(harbour: Database, home: Settings) -> None:
    rows = [ADA | {"Job Title": "x" * 70_000}, ADA | {"Job Title": "Skipper"}]

    ended = imported(harbour, home, sheet_of(*rows), "contacts", batch=1)

    assert ended.rows("contacts") == {"failed": 1, "created": 1}
    assert values(harbour, "contacts", "jobtitle") == [("Skipper",)]


def test_what_one_row_gives_up_a_later_one_can_have(harbour: Database, home: Settings) -> None:
    maps = ["Member=contacts.member"]
    imported(harbour, home, sheet_of(ADA | {"Member": "k1"}), "contacts", maps=maps)
    rows = [ADA | {"Member": "k1", "Email": "new@harbour.example"}, ADA | {"Member": "k2", "First Name": "Bo"}]

    ended = imported(harbour, home, sheet_of(*rows), "contacts", maps=maps)

    assert ended.rows("contacts") == {"updated": 1, "created": 1}
    assert values(harbour, "contacts", "member", "email") == [
        ("k1", "new@harbour.example"),
        ("k2", "ada@harbour.example"),
    ]


def test_leading_zeros_and_long_rows_of_figures_are_kept(harbour: Database, home: Settings) -> None:
    row = ADA | {"Postal Code": "00820", "Street Address": "12345678901234567890", "Job Title": "+45 0012"}

    imported(harbour, home, sheet_of(row), "contacts")

    found = values(harbour, "contacts", "zip", "address", "jobtitle")
    assert found == [("00820", "12345678901234567890", "+45 0012")]
