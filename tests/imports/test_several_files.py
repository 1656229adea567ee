"""Several files and sheets in one run: rows of one belong to records of another, wherever those stand (D4)."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given
from hypothesis import settings as runs
from hypothesis import strategies as st

from kartotek import errors
from kartotek.domain import Database, doctor, imports
from kartotek.imports import mapping, recipes, run
from kartotek.imports.table import ALL, Choices
from kartotek.model.people import SYSTEM
from kartotek.settings import Settings
from tests.helpers import pictures
from tests.helpers.importing import balanced, ended, import_file, put_in_line, rehearse_file, sheet_of, values
from tests.helpers.statements import made

COMPANIES = sheet_of(["Company name", "City"], ["Acme", "Aarhus"], ["Nordlys", "Odense"])
CONTACTS = sheet_of(
    ["Email", "First Name", "Company name"],
    ["ada@acme.example", "Ada", "Acme"],
    ["bo@acme.example", "Bo", "Acme"],
    ["cy@nordlys.example", "Cy", "Nordlys"],
    ["di@nowhere.example", "Di", "Nowhere"],
)
BOTH = ("contacts", "companies")
TWO_FILES = {"companies.csv": COMPANIES, "contacts.csv": CONTACTS}
JOINED = {"joins": ("Company name=companies",), "name": "both"}


def links(database: Database, first: str = "email", second: str = "name") -> set[tuple[str, str]]:
    """Contacts by their email address, with the companies' names."""
    with database.transaction() as tx:
        rows = tx.rows(
            "SELECT c.email, o.name FROM kartotek.associations AS a "
            "  JOIN crm.contacts AS c ON c._id = a.first JOIN crm.companies AS o ON o._id = a.second"
        )
    return {(row["email"], row["name"]) for row in rows}


def test_two_files_with_a_common_column_are_one_import(harbour: Database, home: Settings) -> None:
    done = import_file(harbour, home, TWO_FILES, *BOTH, **(JOINED | {"name": "leads"}))

    assert done.books.rows == 6 and balanced(done.books, BOTH)
    assert done.rows("companies") == {"created": 2, "skipped": 4}
    assert done.rows("contacts") == {"created": 4, "skipped": 2}
    assert values(harbour, "companies", "name", "city") == [("Acme", "Aarhus"), ("Nordlys", "Odense")]
    assert links(harbour) == {
        ("ada@acme.example", "Acme"), ("bo@acme.example", "Acme"), ("cy@nordlys.example", "Nordlys"),
    }  # fmt: skip


def test_a_value_that_no_record_of_the_other_file_has_is_told_with_its_file_and_line(
    harbour: Database, home: Settings
) -> None:
    done = import_file(harbour, home, TWO_FILES, *BOTH, **(JOINED | {"name": "leads"}))

    assert [(e["file"], *told) for e, told in zip(done.errors, done.told(), strict=True)] == [
        ("contacts.csv", 5, "Company name", "NO_OBJECT_ID_FROM_ASSOCIATION_IDENTIFIER", "Nowhere")
    ]


def test_a_row_that_failed_is_not_said_to_be_in_without_its_association(harbour: Database, home: Settings) -> None:
    files = TWO_FILES | {"contacts.csv": CONTACTS.replace("di@nowhere.example", "di at nowhere")}

    done = import_file(harbour, home, files, *BOTH, **(JOINED | {"name": "leads"}))

    report = "".join(run.error_report(harbour, home, SYSTEM, done.id))
    key, email = sorted(done.errors, key=lambda error: error["type"] != "NO_OBJECT_ID_FROM_ASSOCIATION_IDENTIFIER")
    assert key["message"].endswith("add the row that it names.") and email["message"].endswith("was not imported.")
    assert "was imported without" not in report


def test_a_key_that_two_records_have_leads_to_neither(harbour: Database, home: Settings) -> None:
    twice = sheet_of(["Company name", "City"], ["Acme", "Aarhus"], ["Acme", "Ribe"])

    done = import_file(harbour, home, TWO_FILES | {"companies.csv": twice}, *BOTH, **(JOINED | {"name": "leads"}))

    assert done.rows("companies") == {"created": 2, "skipped": 4} and links(harbour) == set()
    assert [told[2] for told in done.told()][:2] == ["DUPLICATE_ASSOCIATION_ID"] * 2


NUMBERED = {
    "firms.csv": sheet_of(["Customer no", "Company name"], ["1001", "Acme"], ["1002", "Nordlys"]),
    "people.csv": sheet_of(["Email", "Customer no"], ["ada@acme.example", "1001"], ["cy@nordlys.example", "1002"]),
}


def test_a_common_column_that_goes_to_no_property_ties_two_files_all_the_same(
    harbour: Database, home: Settings
) -> None:
    held = (("firms", ("companies",)), ("people", ("contacts",)))

    done = import_file(harbour, home, NUMBERED, holds=held, joins=("Customer no=companies",), name="numbers")

    assert balanced(done.books, BOTH) and done.told() == []
    assert links(harbour) == {("ada@acme.example", "Acme"), ("cy@nordlys.example", "Nordlys")}
    with harbour.transaction() as tx:
        plan = run.plan_of(imports.of_worker(tx, done.id))
    assert recipes.read(recipes.write(plan)) == plan and mapping.unmapped(plan) == []


def test_an_import_that_goes_on_beyond_its_rows_is_no_trouble_to_the_doctor(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, sheet_of(*STAFF), "contacts", maps=(BY_EMAIL,))

    with harbour.transaction() as tx:
        assert [one.sentence for one in doctor.of_records(tx) if not one.well] == []


def test_the_order_of_the_files_does_not_show(harbour: Database, home: Settings) -> None:
    turned = dict(reversed(TWO_FILES.items()))

    import_file(harbour, home, turned, *BOTH, batch=1, **(JOINED | {"name": "leads"}))

    assert len(links(harbour)) == 3


def test_a_note_of_another_file_belongs_to_the_record_that_its_key_names(harbour: Database, home: Settings) -> None:
    notes = sheet_of(
        ["Note body", "Activity date", "Company name"],
        ["Called back", "2026-03-04", "Nordlys"],
        ["Nobody's", "2026-03-04", "Nowhere"],
    )

    done = import_file(
        harbour, home, {"companies.csv": COMPANIES, "notes.csv": notes}, "companies", "notes",
        joins=("Company name=companies",),
    )  # fmt: skip

    assert done.rows("notes") == {"created": 1, "failed": 1, "skipped": 2}
    assert values(harbour, "notes", "hs_note_body") == [("Called back",)]


def test_a_common_column_that_tells_records_apart_everywhere_finds_existing_ones(
    harbour: Database, home: Settings
) -> None:
    firms = sheet_of(["Company domain name", "Name"], ["acme.example", "Acme"])
    people = sheet_of(["Email", "Company domain name"], ["ada@acme.example", "acme.example"])
    import_file(harbour, home, sheet_of({"Company domain name": "acme.example", "Name": "Old"}), "companies")

    done = import_file(
        harbour, home, {"companies.csv": firms, "contacts.csv": people}, *BOTH, joins=("Company domain name=companies",)
    )

    assert done.rows("companies") == {"updated": 1, "unchanged": 1}
    assert links(harbour) == {("ada@acme.example", "Acme")}


# ---------------------------------------------------------------- within one object

STAFF = [
    ["Email", "First Name", "Boss"],
    ["ada@x.example", "Ada", "cy@x.example"],
    ["bo@x.example", "Bo", "ada@x.example"],
    ["cy@x.example", "Cy", "bo@x.example"],
    ["di@x.example", "Di", "who@x.example"],
    ["ed@x.example", "Ed", "no address"],
    ["flo@x.example", "Flo", "flo@x.example"],
]
BY_EMAIL = "Boss=association:contacts.email"


def pairs(database: Database) -> set[frozenset[str]]:
    with database.transaction() as tx:
        rows = tx.rows(
            "SELECT a.email AS one, b.email AS other FROM kartotek.associations AS l "
            "  JOIN crm.contacts AS a ON a._id = l.first JOIN crm.contacts AS b ON b._id = l.second"
        )
    return {frozenset((row["one"][:2], row["other"][:2])) for row in rows}


CIRCLE = {frozenset(("ad", "cy")), frozenset(("bo", "ad")), frozenset(("cy", "bo"))}


@pytest.mark.parametrize("size", [1, 2, 50_000])
def test_rows_name_records_of_later_rows_and_in_circles(harbour: Database, home: Settings, size: int) -> None:
    done = import_file(harbour, home, sheet_of(*STAFF), "contacts", batch=size, maps=(BY_EMAIL,))

    assert done.rows("contacts") == {"created": 6} and pairs(harbour) == CIRCLE
    assert done.books.associations["created"] == 3 and done.books.associations["failed"] == 3
    assert done.told() == [
        (5, "Boss", "ASSOCIATION_RECORD_NOT_FOUND", "who@x.example"),
        (6, "Boss", "INVALID_ASSOCIATION_KEY", "no address"),
        (7, "Boss", "FAILED_TO_CREATE_ASSOCIATION", "flo@x.example"),
    ]
    assert "“flo@x.example” is the contact of this row itself." in done.errors[-1]["message"]


def test_an_associated_record_is_known_by_another_column(harbour: Database, home: Settings) -> None:
    staff = sheet_of(
        ["First Name", "Job title", "Boss"], ["Ada", "CEO", ""], ["Bo", "CTO", "CEO"], ["Cy", "Dev", "CTO"]
    )

    import_file(harbour, home, staff, "contacts", maps=("Boss=association:contacts[Job title]",))

    with harbour.transaction() as tx:
        rows = tx.rows(
            "SELECT a.firstname AS one, b.firstname AS other FROM kartotek.associations AS l "
            "  JOIN crm.contacts AS a ON a._id = l.first JOIN crm.contacts AS b ON b._id = l.second"
        )
    assert {frozenset(row.values()) for row in rows} == {frozenset(("Ada", "Bo")), frozenset(("Bo", "Cy"))}


def test_an_associated_record_is_known_by_its_record_id(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, sheet_of({"Email": "ada@x.example"}), "contacts")
    with harbour.transaction() as tx:
        ada = tx.value("SELECT _id FROM crm.contacts")
    staff = sheet_of(["Email", "Boss"], ["bo@x.example", str(ada)], ["cy@x.example", "999999999"])

    done = import_file(harbour, home, staff, "contacts", maps=("Boss=association:contacts.record_id",))

    assert pairs(harbour) == {frozenset(("bo", "ad"))}
    assert done.told() == [(3, "Boss", "UNKNOWN_ASSOCIATION_RECORD_ID", "999999999")]


def test_a_rehearsal_foresees_what_has_to_wait(harbour: Database, home: Settings) -> None:
    foreseen = rehearse_file(harbour, home, sheet_of(*STAFF), "contacts", batch=2, maps=(BY_EMAIL,))

    done = import_file(harbour, home, sheet_of(*STAFF), "contacts", maps=(BY_EMAIL,))

    assert (foreseen.books, foreseen.errors) == (done.books, done.errors)


class Stopped(Exception):
    pass


@pytest.mark.parametrize("stop", range(1, 13))
def test_an_import_goes_on_where_it_stopped_among_what_waits(harbour: Database, home: Settings, stop: int) -> None:
    id = put_in_line(harbour, home, sheet_of(*STAFF), Choices(objects=("contacts",), maps=(BY_EMAIL,)))
    calls = 0

    def look(step: run.Step) -> None:
        nonlocal calls
        calls += step.phase != "reading"
        if calls == stop:
            raise Stopped

    try:
        run.work(harbour, replace(home, import_batch=1), id, look)
    except Stopped:
        run.work(harbour, home, id)

    done = ended(harbour, id)
    assert pairs(harbour) == CIRCLE and done.books.associations["created"] == 3 and len(done.errors) == 3


# ---------------------------------------------------------------- a whole workbook

SHEETS: dict[str, list[list[str]]] = {
    "Companies": [["Company domain name", "Name"], ["acme.example", "Acme"], ["nord.example", "Nord"]],
    "Contacts": [
        ["Email", "First Name", "Company domain name"],
        ["ada@acme.example", "Ada", "acme.example"],
        ["bo@acme.example", "Bo", "acme.example"],
        ["cy@nord.example", "Cy", "nord.example"],
    ],
    "Deals": [
        ["Deal name", "Pipeline", "Deal stage", "Amount", "Contact email"],
        ["Boat", "Sales Pipeline", "Closed won", "12", "ada@acme.example"],
        ["Oars", "Sales Pipeline", "Contract sent", "3", "cy@nord.example"],
    ],
    "Meetings": [
        ["Meeting title", "Meeting start time", "Activity date", "Deal"],
        ["Kick-off", "2026-03-04T10:00:00Z", "2026-03-04T10:00:00Z", "Boat"],
        ["Review", "2026-03-05T10:00:00Z", "2026-03-05T10:00:00Z", "Oars"],
    ],
    "Links": [
        ["Contact email", "Company domain name"],
        ["cy@nord.example", "acme.example"],
        ["ada@acme.example", "nord.example"],
    ],
}
OBJECTS = ("companies", "contacts", "deals", "meetings")
GRAPH = {
    frozenset(pair)
    for pair in (
        ("ada@acme.example", "Acme"), ("bo@acme.example", "Acme"), ("cy@nord.example", "Nord"),
        ("cy@nord.example", "Acme"), ("ada@acme.example", "Nord"), ("Boat", "ada@acme.example"),
        ("Oars", "cy@nord.example"), ("Kick-off", "Boat"), ("Review", "Oars"),
    )
}  # fmt: skip


def graph(database: Database) -> set[frozenset[str]]:
    """Every association, by what its two ends are called."""
    named = (
        "SELECT _id, email AS name FROM crm.contacts UNION ALL SELECT _id, name FROM crm.companies UNION ALL "
        "SELECT _id, dealname FROM crm.deals UNION ALL SELECT _id, hs_meeting_title FROM crm.meetings"
    )
    with database.transaction() as tx:
        rows = tx.rows(
            made(
                f"WITH named AS ({named}) SELECT a.name AS one, b.name AS other FROM kartotek.associations AS l "
                "  JOIN named AS a ON a._id = l.first JOIN named AS b ON b._id = l.second"
            )
        )
    return {frozenset(row.values()) for row in rows}


def workbook(folder: Path, sheets: dict[str, list[list[str]]]) -> bytes:
    file = folder / "all.xlsx"
    with xlsxwriter.Workbook(file) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row)
    return file.read_bytes()


def shuffled(seed: int) -> dict[str, list[list[str]]]:
    chance = random.Random(seed)
    names = chance.sample(list(SHEETS), len(SHEETS))
    return {name: [SHEETS[name][0], *chance.sample(SHEETS[name][1:], len(SHEETS[name]) - 1)] for name in names}


ALL_OF_IT: dict[str, Any] = {
    "joins": ("Deals!Deal name,Meetings!Deal=deals",), "maps": ("Deals!Contact email=contacts.email",)
}  # fmt: skip


@runs(max_examples=30, deadline=None, report_multiple_bugs=False, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000), size=st.sampled_from([1, 2, 50_000]))
def test_many_tables_give_the_same_graph_in_whatever_order(
    harbour_kept: Database, home: Settings, seed: int, size: int
) -> None:
    pictures.emptied(harbour_kept)
    files = {f"{name}.csv": sheet_of(*rows) for name, rows in shuffled(seed).items()}

    done = import_file(harbour_kept, home, files, *OBJECTS, batch=size, **ALL_OF_IT)

    assert done.errors == () and balanced(done.books, OBJECTS)
    assert graph(harbour_kept) == GRAPH


def test_a_whole_workbook_is_one_import(harbour: Database, home: Settings, tmp_path: Path) -> None:
    book = workbook(tmp_path, shuffled(1))

    done = import_file(harbour, home, book, *OBJECTS, name="all.xlsx", sheets=(ALL,), **ALL_OF_IT)

    assert done.errors == () and done.books.rows == 11 and graph(harbour) == GRAPH


def test_each_sheets_objects_are_guessed_and_can_be_said(harbour: Database, home: Settings, tmp_path: Path) -> None:
    book = workbook(tmp_path, {"Sheet1": SHEETS["Companies"], "Sheet2": SHEETS["Contacts"]})

    done = import_file(harbour, home, book, *BOTH, name="all.xlsx", sheets=(ALL,), holds=(("Sheet2", BOTH),))

    assert done.rows("contacts") == {"created": 3, "skipped": 2} and len(links(harbour)) == 3


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"joins": ("City=companies",)}, "two of the files or sheets"),
        ({"joins": ("Company name=boats",)}, "is not imported"),
        ({"joins": ("Company name",)}, "no equals sign"),
        ({"maps": ("Elsewhere!City=city",)}, "Elsewhere"),
    ],
)
def test_what_ties_files_together_is_refused_with_a_sentence_when_it_cannot_be(
    harbour: Database, home: Settings, said: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(errors.KartotekError, match=sentence):
        import_file(harbour, home, TWO_FILES, *BOTH, **said)

    assert values(harbour, "contacts", "email") == []
