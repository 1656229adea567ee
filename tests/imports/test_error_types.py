"""Every error type of imports.md 14: raised by a file, or with a reason why no file of ours can have it."""

import io
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from kartotek import errors
from kartotek.domain import Database, Tx, catalogue, files, imports, records
from kartotek.imports import run
from kartotek.imports.table import Choices, Mode
from kartotek.model.imports import State
from kartotek.model.object_types import ObjectType
from kartotek.model.problems import EFFECTS, Effect
from kartotek.model.records import Batch, Links
from kartotek.settings import Settings
from tests.cast import Cast
from tests.helpers.importing import ended, import_file, put_in_line, rehearse_file, sheet_of, values

NAMES = """
AMBIGUOUS_ENUMERATION_OPTION ASSOCIATION_LABEL_NOT_FOUND ASSOCIATION_LIMIT_EXCEEDED ASSOCIATION_RECORD_NOT_FOUND
COLUMN_TOO_LARGE COULD_NOT_FIND_BUSINESS_UNIT COULD_NOT_FIND_OWNER COULD_NOT_PARSE_DATE COULD_NOT_PARSE_NUMBER
COULD_NOT_PARSE_ROW COULD_NOT_PARSE_TERM CREATE_ONLY_IMPORT DUPLICATE_ALTERNATE_ID DUPLICATE_ASSOCIATION_ID
DUPLICATE_EVENT DUPLICATE_OBJECT_ID DUPLICATE_RECORD_ID DUPLICATE_ROW_CONTENT DUPLICATE_UNIQUE_CREATION_KEY
DUPLICATE_UNIQUE_PROPERTY_VALUE FAILED_TO_CREATE_ASSOCIATION FAILED_TO_FIND_RECORD_FOR_ASSOCIATIONS
FAILED_TO_OPT_OUT_CONTACT FAILED_TO_PROCESS_OBJECT_WITH_EMPTY_PROPERTY_VALUES FAILED_VALIDATION FILE_NOT_FOUND
GDPR_BLACKLISTED_EMAIL INCORRECT_NUMBER_OF_COLUMNS INVALID_ALTERNATE_ID INVALID_ASSOCIATION_IDENTIFIER
INVALID_ASSOCIATION_KEY INVALID_COLUMN_CONFIGURATION INVALID_CUSTOM_PROPERTY_VALIDATION INVALID_DOMAIN INVALID_EMAIL
INVALID_ENUMERATION_OPTION INVALID_ENUM_FILE_ID_OR_URL INVALID_EVENT INVALID_EVENT_TIMESTAMP INVALID_FILE_TYPE
INVALID_NUMBER_SIZE INVALID_OBJECT_ID INVALID_PROPERTY_VALUE_FORMAT INVALID_RECORD_ID INVALID_REQUIRED_PROPERTY
INVALID_SHEET_COUNT INVALID_SPREADSHEET LIMIT_EXCEEDED LINE_ITEM_MULTIPLE_PARENTS_IN_ROW MANY_ERRORS_IN_ROW
MISSING_EVENT_DEFINITION MISSING_EVENT_TIMESTAMP MISSING_OBJECT_DEFINITION MISSING_REQUIRED_PROPERTY
MULTIPLE_COMPANIES_WITH_THIS_DOMAIN MULTIPLE_OWNERS_FOUND NO_OBJECT_ID_FROM_ASSOCIATION_IDENTIFIER
OUTSIDE_VALID_TERM_RANGE OUTSIDE_VALID_TIME_RANGE PORTAL_WIDE_CUSTOM_OBJECT_LIMIT_EXCEEDED
PROPERTY_DEFINITION_NOT_FOUND PROPERTY_VALUE_NOT_FOUND ROW_DATA_TOO_LARGE SECONDARY_EMAIL_WRITE_FAILURE
UNKNOWN_ASSOCIATION_RECORD_ID UNKNOWN_BAD_REQUEST UNKNOWN_ERROR UPDATE_ONLY_IMPORT
"""
ALL = NAMES.split()
NO_EVENTS = "events are not imported"
NO_LIMITS = "a program of one's own sets no limit of this kind"
# Why a file of ours cannot have it. What is told here and raised after all is told by EFFECTS.
CANNOT = {
    "COULD_NOT_FIND_BUSINESS_UNIT": "there are no business units; the property takes any words",
    "DUPLICATE_ALTERNATE_ID": "rows with one unique value are one record; a further value that two records claim is "
    "DUPLICATE_UNIQUE_PROPERTY_VALUE",
    "DUPLICATE_EVENT": NO_EVENTS,
    "DUPLICATE_OBJECT_ID": "a record id that stands twice is DUPLICATE_RECORD_ID",
    "DUPLICATE_ROW_CONTENT": "rows with a key are one record; rows without one are each their own: two equal line "
    "items of a deal are two",
    "DUPLICATE_UNIQUE_CREATION_KEY": "the creation key is kept by Kartotek itself; no column is mapped to it",
    "FAILED_TO_OPT_OUT_CONTACT": "opt-out lists are not imported",
    "FAILED_TO_PROCESS_OBJECT_WITH_EMPTY_PROPERTY_VALUES": "a row that says nothing of an object is skipped for it",
    "INVALID_ASSOCIATION_IDENTIFIER": "any text can be a key that ties files together; one that leads nowhere is "
    "NO_OBJECT_ID_FROM_ASSOCIATION_IDENTIFIER",
    "INVALID_EVENT": NO_EVENTS,
    "INVALID_EVENT_TIMESTAMP": NO_EVENTS,
    "INVALID_PROPERTY_VALUE_FORMAT": "each kind of value has a more telling name; all others are FAILED_VALIDATION",
    "LIMIT_EXCEEDED": NO_LIMITS,
    "MANY_ERRORS_IN_ROW": "each error of a row is told by itself",
    "MISSING_EVENT_DEFINITION": NO_EVENTS,
    "MISSING_EVENT_TIMESTAMP": NO_EVENTS,
    "PORTAL_WIDE_CUSTOM_OBJECT_LIMIT_EXCEEDED": NO_LIMITS,
    "PROPERTY_VALUE_NOT_FOUND": "no import expects a value to be there already",
    "UNKNOWN_BAD_REQUEST": "what is refused says why",
    "UNKNOWN_ERROR": "what nobody foresaw is tried again, and never ends as a row's error",
}
ADA = {"Email": "ada@harbour.example"}
DEAL = {"Deal Name": "Boat", "Pipeline": "Sales Pipeline", "Deal Stage": "Closed Won"}


def test_every_type_is_raised_or_says_why_it_cannot_be() -> None:
    assert set(EFFECTS) <= set(ALL) and len(ALL) == 68
    assert sorted(set(ALL) - set(EFFECTS) - set(CANNOT)) == []


@pytest.mark.parametrize(
    ("type", "name", "content"),
    [
        ("INVALID_FILE_TYPE", "letter.pdf", b"%PDF-1.7\n1 0 obj\n"),
        ("INVALID_SPREADSHEET", "empty.csv", b""),
        ("INVALID_SHEET_COUNT", "two.xlsx", None),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    harbour: Database, home: Settings, type: str, name: str, content: bytes | None
) -> None:
    with pytest.raises(errors.BadFile) as refused:
        import_file(harbour, home, two_sheets() if content is None else content, "contacts", name=name)

    assert refused.value.type == type


@pytest.mark.parametrize(
    ("type", "objects", "maps"),
    [
        ("INVALID_COLUMN_CONFIGURATION", ["contacts"], ["Email=email", "Mail=email"]),
        ("MISSING_OBJECT_DEFINITION", ["unicorns"], []),
        ("PROPERTY_DEFINITION_NOT_FOUND", ["contacts"], ["Email=horn"]),
    ],
)
def test_a_plan_that_cannot_be_carried_out_says_why(
    harbour: Database, home: Settings, type: str, objects: list[str], maps: list[str]
) -> None:
    with pytest.raises(errors.Invalid) as refused:
        import_file(harbour, home, sheet_of(ADA | {"Mail": "x@y.example"}), *objects, maps=tuple(maps))

    assert refused.value.type == type


def test_a_file_that_is_gone_ends_the_import_with_a_word_of_it(harbour: Database, home: Settings) -> None:
    id = put_in_line(harbour, home, sheet_of(ADA), Choices(objects=("contacts",)))
    with harbour.transaction() as tx, files.local(home.files_url, imports.of_worker(tx, id).file) as path:
        Path(path).unlink()

    run.work(harbour, home, id)

    told = ended(harbour, id)
    assert told.state is State.FAILED
    assert [(line, type) for line, _, type, _ in told.told()] == [(0, "FILE_NOT_FOUND")]


def test_a_row_of_more_than_four_megabytes_is_refused(harbour: Database, home: Settings) -> None:
    texts = [prop for prop in contacts(harbour).properties.values() if prop.kind in ("text", "multiline")]
    free = [prop.name for prop in texts if not prop.read_only and not prop.unique][:40]
    text = sheet_of(ADA | dict.fromkeys(free, "ø" * 65_000), {"Email": "bo@harbour.example"})

    done = import_file(harbour, home, text, "contacts")

    assert [(line, type) for line, _, type, _ in done.told()] == [(2, "ROW_DATA_TOO_LARGE")]
    assert "hold more than 4 MB together. Shorten them, or leave some of the columns out." in done.errors[0]["message"]
    assert done.rows("contacts") == {"failed": 1, "created": 1}


@pytest.mark.parametrize("batch", [1, 50_000])
def test_a_line_item_that_has_a_deal_keeps_it(harbour: Database, home: Settings, batch: int) -> None:
    line = {"Line item name": "Rope", "Quantity": "2", "Unit price": "10"}
    import_file(harbour, home, sheet_of(line | DEAL), "line_items", "deals", numbers="US")
    (id,) = values(harbour, "line_items", "_id")[0]

    text = sheet_of({"Line item record ID": id, "Quantity": "3"} | DEAL | {"Deal Name": "Net"})
    choices = {"modes": (("line_items", Mode.UPDATE),), "batch": batch}
    rehearsed = rehearse_file(harbour, home, text, "line_items", "deals", **choices)
    done = import_file(harbour, home, text, "line_items", "deals", **choices)

    assert [(line, type) for line, _, type, _ in done.told()] == [(2, "ASSOCIATION_LIMIT_EXCEEDED")]
    assert done.errors[0]["message"].startswith("A line item belongs to one deal, and this one has one already.")
    assert (done.rows("line_items"), done.books.associations["failed"]) == ({"updated": 1}, 1)
    assert (rehearsed.books, rehearsed.errors) == (done.books, done.errors)


def test_a_record_that_goes_away_meanwhile_is_told_of_the_link_to_it(tx: Tx, cast: Cast) -> None:
    companies = cast.nordlys.object_type
    records.archive(tx, cast.ida, companies, [cast.nordlys.id])
    ends = {"first_id": [cast.cleo.id], "first_key": [None], "second_id": [cast.nordlys.id], "second_key": [None]}
    frame = pl.DataFrame(ends | {Links.ROW: [7]}, schema=dict.fromkeys([*ends, Links.ROW], pl.Int64))

    written = records.write(tx, cast.ida, Batch(links=(Links(cast.cleo.object_type, companies, frame),)))

    assert written.lost.rows() == [(7, "contacts", "FAILED_TO_CREATE_ASSOCIATION", None)]


@pytest.mark.parametrize(
    ("value", "type", "says"),
    [
        ("a while", "COULD_NOT_PARSE_TERM", "It looks like 12 months."),
        ("2000 months", "OUTSIDE_VALID_TERM_RANGE", "from 1 month to 100 years"),
    ],
)
def test_a_term_that_is_none_leaves_it_empty(
    harbour: Database, home: Settings, value: str, type: str, says: str
) -> None:
    done = import_file(
        harbour, home, sheet_of({"Name": "Rope", "Unit price": "10", "Term": value}), "products", numbers="US"
    )

    assert done.told() == [(2, "Term", type, value)] and EFFECTS[type] is Effect.VALUE
    assert says in done.errors[0]["message"]
    assert done.rows("products") == {"created": 1}


def test_an_attachment_that_is_neither_number_nor_address_is_left_out(harbour: Database, home: Settings) -> None:
    done = import_file(harbour, home, sheet_of({"Task title": "Hello", "Attached file IDs": "my offer"}), "tasks")

    assert [type for _, _, type, _ in done.told()] == ["INVALID_ENUM_FILE_ID_OR_URL"]
    assert "It looks like https://example.com/offer.pdf." in done.errors[0]["message"]
    assert done.rows("tasks") == {"created": 1}


def contacts(database: Database) -> ObjectType:
    with database.transaction() as tx:
        return catalogue.load(tx).object_type("contacts")


def two_sheets() -> bytes:
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        for name in ("A", "B"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Email"])
            sheet.write_row(1, 0, ["ada@harbour.example"])
    return kept.getvalue()
