"""Every kind of problem that a file can have: where it is told, in which words, and what it does to its row."""

from dataclasses import dataclass
from typing import Any

import pytest

from kartotek.domain import Database
from kartotek.imports.table import Mode
from kartotek.model.problems import EFFECTS, Effect
from kartotek.settings import Settings
from tests.helpers.importing import Row, balanced, import_file, rehearse_file, sheet_of, values

ADA = {"First Name": "Ada", "Email": "ada@harbour.example"}
BO = {"First Name": "Bo", "Email": "bo@harbour.example"}
SIDES = {"maps": ("Side=contacts.side",)}
MEMBERS = {"maps": ("Member=contacts.member",)}
DEAL = {"Deal Name": "Boat", "Pipeline": "Sales Pipeline", "Deal Stage": "Closed Won"}


@dataclass(frozen=True)
class Case:
    """A file after another one, and the one problem it has: line, column, value, a part of its sentence; the outcome
    of every row, and the property whose value is left empty, if that is all that is lost."""

    type: str
    rows: tuple[Row | list[str], ...]
    line: int
    column: str | None
    value: str | None
    says: str
    outcomes: dict[str, int]
    before: tuple[Row, ...] = ()
    objects: tuple[str, ...] = ("contacts",)
    choices: dict[str, Any] | None = None
    without: str | None = None
    number: int = 1  # how many rows tell it


LONG = "x" * 65_537
CASES = [
    Case("AMBIGUOUS_ENUMERATION_OPTION", (ADA | {"Side": "dawn"},), 2, "Side", "dawn", "more than one option of Side",
         {"created": 1}, choices=SIDES, without="side"),
    Case("COLUMN_TOO_LARGE", (ADA | {"Job Title": LONG}, BO), 2, "Job Title", LONG[:1000], "65,536", {"failed": 1,
         "created": 1}),
    Case("COULD_NOT_FIND_OWNER", (ADA | {"Contact owner": "Nobody"},), 2, "Contact owner", "Nobody", "nobody here",
         {"created": 1}, without="hubspot_owner_id"),
    Case("COULD_NOT_PARSE_DATE", (ADA | {"Close Date": "soon"},), 2, "Close Date", "soon",
         "not a date in day-month-year",
         {"created": 1}, choices={"dates": "DMY"}, without="closedate"),
    Case("COULD_NOT_PARSE_NUMBER", ({"Company name": "Quay", "Number of Employees": "many"},), 2, "Number of Employees",
         "many", "not a number", {"created": 1}, objects=("companies",), choices={"numbers": "US"},
         without="numberofemployees"),
    Case("COULD_NOT_PARSE_ROW", (["First Name", "Email"], ["Ada", "ada@harbour.example"], ['"Bo', "x"]), 3, None, None,
         "quotation mark", {"created": 1, "failed": 1}),
    Case("CREATE_ONLY_IMPORT", (ADA | {"First Name": "Adam"}, BO), 2, "Email", "ada@harbour.example", "exists already",
         {"skipped": 1, "created": 1}, before=(ADA,), choices={"modes": (("", Mode.CREATE),)}),
    Case("DUPLICATE_RECORD_ID", (ADA | {"Record ID": "1"}, BO | {"Record ID": "1"}), 2, "Record ID", "1",
         "several rows",
         {"failed": 2}, before=(ADA,), number=2),
    Case("DUPLICATE_UNIQUE_PROPERTY_VALUE", (ADA | {"Member": "k2"},), 2, "Email", "ada@harbour.example",
         "belongs to another record", {"failed": 1}, before=(ADA | {"Member": "k1"},), choices=MEMBERS),
    Case("FAILED_VALIDATION", (ADA | {"Phone Number": "call me"},), 2, "Phone Number", "call me",
         "does not fit Phone Number",
         {"created": 1}, without="phone"),
    Case("INCORRECT_NUMBER_OF_COLUMNS", (["First Name", "Email"], ["Ada"], ["Bo", "bo@harbour.example"]), 2, None,
         "1 ≠ 2", "Number of cells: 1 in the row, 2 in the header.", {"failed": 1, "created": 1}),
    Case("INVALID_ALTERNATE_ID", (ADA | {"Member": "k" * 1001},), 2, "Member", "k" * 1000, "too long to identify",
         {"failed": 1}, choices=MEMBERS),
    Case("INVALID_DOMAIN", ({"Company name": "Quay", "Company Domain Name": "not a domain", "VAT": "k1"},), 2,
         "Company Domain Name", "not a domain", "not a domain name", {"created": 1}, objects=("companies",),
         choices={"maps": ("VAT=companies.vat",)}, without="domain"),
    Case("INVALID_EMAIL", (ADA | {"Email": "ada at home"}, BO), 2, "Email", "ada at home", "not an email address",
         {"failed": 1, "created": 1}),
    Case("INVALID_ENUMERATION_OPTION", (ADA | {"Lifecycle Stage": "king"},), 2, "Lifecycle Stage", "king",
         "not an option of Lifecycle Stage", {"created": 1}, without="lifecyclestage"),
    Case("INVALID_NUMBER_SIZE", ({"Company name": "Quay", "Number of Employees": "9" * 1001},), 2,
         "Number of Employees",
         "9" * 1000, "too large", {"created": 1}, objects=("companies",), without="numberofemployees"),
    Case("INVALID_RECORD_ID", (ADA | {"Record ID": "4711"}, BO), 2, "Record ID", "4711",
         "not the record id of any contact",
         {"failed": 1, "created": 1}),
    Case("INVALID_REQUIRED_PROPERTY", (DEAL | {"Deal Stage": "gone fishing"},), 2, "Deal Stage", "gone fishing",
         "Deal Stage is needed", {"failed": 1}, objects=("deals",)),
    Case("MISSING_REQUIRED_PROPERTY", (DEAL | {"Deal Name": ""}, DEAL), 2, "Deal Name", None, "Deal Name is needed",
         {"failed": 1, "created": 1}, objects=("deals",)),
    Case("MULTIPLE_OWNERS_FOUND", (ADA | {"Contact owner": "bo berg"},), 2, "Contact owner", "bo berg",
         "Several people",
         {"created": 1}, without="hubspot_owner_id"),
    Case("OUTSIDE_VALID_TIME_RANGE", (ADA | {"Close Date": "10000-01-01"},), 2, "Close Date", "10000-01-01",
         "out of range",
         {"created": 1}, choices={"dates": "YMD"}, without="closedate"),
    Case("SECONDARY_EMAIL_WRITE_FAILURE", (ADA | {"Additional email addresses": "bo@harbour.example"},), 2,
         "Additional email addresses", "bo@harbour.example", "another contact", {"created": 1}, before=(BO,),
         without="hs_additional_emails"),
    Case("UPDATE_ONLY_IMPORT", (ADA, BO), 2, "Email", "ada@harbour.example", "only updates", {"skipped": 1,
         "unchanged": 1},
         before=(BO,), choices={"modes": (("", Mode.UPDATE),)}),
]  # fmt: skip
# What no file of these tests can have: decided for whole files, kept for what is to come, or in the next test.
ELSEWHERE = {
    "GDPR_BLACKLISTED_EMAIL",  # tests/domain/test_erasing.py
    "MULTIPLE_COMPANIES_WITH_THIS_DOMAIN",
    "FAILED_TO_FIND_RECORD_FOR_ASSOCIATIONS", "LINE_ITEM_MULTIPLE_PARENTS_IN_ROW",  # test_objects.py
    "INVALID_CUSTOM_PROPERTY_VALIDATION",  # test_limits_of_properties.py
    "INVALID_OBJECT_ID",  # test_products.py
    "ASSOCIATION_LABEL_NOT_FOUND",  # test_labels.py
    "DUPLICATE_ASSOCIATION_ID", "NO_OBJECT_ID_FROM_ASSOCIATION_IDENTIFIER",  # test_several_files.py
    "ASSOCIATION_RECORD_NOT_FOUND", "INVALID_ASSOCIATION_KEY",  # test_associated_rows.py, as the next
    "UNKNOWN_ASSOCIATION_RECORD_ID",
    "ASSOCIATION_LIMIT_EXCEEDED", "COULD_NOT_PARSE_TERM", "FAILED_TO_CREATE_ASSOCIATION", "INVALID_ENUM_FILE_ID_OR_URL",
    "OUTSIDE_VALID_TERM_RANGE", "ROW_DATA_TOO_LARGE",  # test_error_types.py
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.type)
def test_a_problem_says_where_and_what_it_is_and_has_its_effect(harbour: Database, home: Settings, case: Case) -> None:
    if case.before:
        headers = {name: value for row in case.before for name, value in row.items()}
        first = import_file(
            harbour, home, sheet_of(*case.before), *case.objects, maps=MEMBERS["maps"] if "Member" in headers else ()
        )
        assert first.errors == ()
    text = sheet_of(*case.rows).replace('"""Bo"', '"Bo')

    rehearsed = rehearse_file(harbour, home, text, *case.objects, batch=1, **(case.choices or {}))
    ended = import_file(harbour, home, text, *case.objects, **(case.choices or {}))

    assert len(ended.errors) == case.number
    assert (ended.books, ended.errors) == (rehearsed.books, rehearsed.errors)
    problem = ended.errors[0]
    assert (problem["type"], problem["line"], problem["column"], problem["value"]) == (
        case.type,
        case.line,
        case.column,
        case.value,
    )
    assert case.says in problem["message"] and problem["message"].endswith(".") and "{" not in problem["message"]
    assert ended.rows(case.objects[0]) == case.outcomes and balanced(ended.books, case.objects)
    if case.without:
        assert EFFECTS[case.type] is Effect.VALUE
        assert values(harbour, case.objects[0], case.without)[-1] == (None,)


def test_every_kind_of_problem_has_its_test() -> None:
    kinds = {type for type, effect in EFFECTS.items() if effect is not Effect.FILE}

    assert kinds == {case.type for case in CASES} | ELSEWHERE


def test_several_companies_with_a_rows_domain_are_not_guessed_at(harbour: Database, home: Settings) -> None:
    vats = {"maps": ("VAT=companies.vat",)}
    twins = [{"Company name": "Quay", "Company Domain Name": "quay.example", "VAT": vat} for vat in ("k1", "k2")]
    import_file(harbour, home, sheet_of(*twins), "companies", **vats)

    row = {"Company name": "Third", "Company Domain Name": "quay.example"}
    ended = import_file(harbour, home, sheet_of(row | ADA), "companies", "contacts")

    assert ended.told() == [(2, "Company Domain Name", "MULTIPLE_COMPANIES_WITH_THIS_DOMAIN", "quay.example")]
    assert (ended.rows("companies"), ended.rows("contacts")) == ({"failed": 1}, {"created": 1})
    assert ended.books.associations["failed"] == 0


def test_a_malformed_domain_fails_a_company_that_nothing_else_identifies(harbour: Database, home: Settings) -> None:
    row = {"Company name": "Quay", "Company Domain Name": "not a domain"}

    ended = import_file(harbour, home, sheet_of(row, ADA), "companies")

    assert ended.rows("companies") == {"failed": 1, "skipped": 1}


def test_a_row_with_several_faults_tells_them_all(harbour: Database, home: Settings) -> None:
    row = ADA | {"Email": "ada at home", "Lifecycle Stage": "king", "Phone Number": "call me"}

    ended = import_file(harbour, home, sheet_of(row), "contacts")

    kinds = {"INVALID_EMAIL", "INVALID_ENUMERATION_OPTION", "FAILED_VALIDATION"}
    assert {error["type"] for error in ended.errors} == kinds and ended.rows("contacts") == {"failed": 1}


def test_a_deal_that_lacks_two_things_says_both(harbour: Database, home: Settings) -> None:
    ended = import_file(harbour, home, sheet_of(DEAL | {"Deal Name": "", "Deal Stage": ""}), "deals")

    assert ended.told() == [
        (2, "Deal Name", "MISSING_REQUIRED_PROPERTY", None), (2, "Deal Stage", "MISSING_REQUIRED_PROPERTY", None),
    ]  # fmt: skip


def test_a_stage_of_another_pipeline_cannot_be_read(harbour: Database, home: Settings) -> None:
    first = import_file(harbour, home, sheet_of(DEAL | {"Deal Stage": "Sales Pipeline"}), "deals")

    assert [error["type"] for error in first.errors] == ["INVALID_REQUIRED_PROPERTY"]


def test_the_lines_are_those_that_a_spreadsheet_shows(harbour: Database, home: Settings) -> None:
    text = 'First Name,Email\n\n"Ada\nHolm",no\n\n,\nBo,no\n'

    ended = import_file(harbour, home, text, "contacts")

    assert [error["line"] for error in ended.errors] == [3, 6]
