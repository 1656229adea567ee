"""A workbook is imported as a file of text is."""

import datetime
from pathlib import Path

import pytest
import xlsxwriter

from kartotek.domain import Database
from kartotek.imports import run
from kartotek.model.people import SYSTEM
from kartotek.settings import Settings
from tests import samples
from tests.helpers.importing import balanced, import_file, values


def test_cells_with_types_need_no_format(harbour: Database, home: Settings, tmp_path: Path) -> None:
    file = tmp_path / "leads.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Leads")
        sheet.write_row(0, 0, ["Company name", "Company Domain Name", "Number of Employees", "Close Date"])
        sheet.write_row(1, 0, ["Quay", "quay.example", 1234.5])
        sheet.write_datetime(1, 3, datetime.date(2026, 4, 3), book.add_format({"num_format": "dd-mm-yyyy"}))
        sheet.write_row(2, 0, ["Pier", "not a domain", "many"])

    ended = import_file(harbour, home, file.read_bytes(), "companies", name="leads.xlsx", batch=1)

    assert ended.rows("companies") == {"created": 1, "failed": 1} and balanced(ended.books)
    assert {(e["line"], e["type"]) for e in ended.errors} == {(3, "INVALID_DOMAIN"), (3, "COULD_NOT_PARSE_NUMBER")}
    assert values(harbour, "companies", "name", "numberofemployees", "closedate") == [
        ("Quay", "1234.5", "2026-04-03 00:00:00+00")
    ]


def test_numbers_without_a_format_are_days_as_their_workbook_counts_them(
    harbour: Database, home: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "old mac.xlsx"
    headers = ["Company name", "Company Domain Name", "Close Date", "Number of Employees"]
    with xlsxwriter.Workbook(file, {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, headers)
        sheet.write_row(1, 0, ["Quay", "quay.example", 44653.5, 44653])
        sheet.write_row(2, 0, ["Pier", 44653, 44653.5])

    ended = import_file(harbour, home, file.read_bytes(), "companies", name=file.name, numbers="DK")
    again = list(run.failed_file(harbour, home, SYSTEM, ended.id))

    assert values(harbour, "companies", "closedate", "numberofemployees") == [("2026-04-03 12:00:00+00", "44653")]
    assert [error["value"] for error in ended.errors] == ["44653"] and again[1].startswith("Pier,44653,44653.5,,")


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_every_kind_of_workbook_goes_the_same_way(harbour: Database, home: Settings, tmp_path: Path, kind: str) -> None:
    made = {
        "xlsx": lambda: samples.customers_xlsx(tmp_path),
        "xls": lambda: Path(samples.__file__).parent / "customers.xls",
        "ods": lambda: samples.customers_ods(tmp_path),
    }
    content = made[kind]().read_bytes()
    first = {"xlsx": "Navn", "xls": "Navn", "ods": "#1"}[kind]
    sheet = "Kunder" if kind == "xlsx" else None

    ended = import_file(
        harbour,
        home,
        content,
        "companies",
        name=f"customers.{kind}",
        maps=[f"{first}=companies.name"],
        sheets=(sheet,) if sheet else (),
        batch=3,
    )

    assert ended.books.rows > 1 and balanced(ended.books)
    assert ended.rows("companies").get("created", 0) > 1
