"""Many tables in one run: the same graph in whatever order, from files and from the sheets of a workbook (D4)."""

import random
from pathlib import Path
from typing import Any

import xlsxwriter
from hypothesis import HealthCheck, given
from hypothesis import settings as runs
from hypothesis import strategies as st

from kartotek.domain import Database
from kartotek.imports.table import ALL
from kartotek.settings import Settings
from tests.helpers import pictures
from tests.helpers.importing import balanced, import_file, sheet_of
from tests.helpers.statements import made
from tests.imports.test_several_files import BOTH, links

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
