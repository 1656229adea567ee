"""What a look at the whole file says before it is imported, and that the import then says the same."""

import tempfile
from pathlib import Path

from kartotek.domain import Database
from kartotek.imports import run, survey
from kartotek.imports.table import Choices, Plan
from kartotek.model.people import SYSTEM
from kartotek.settings import Settings
from tests.helpers.importing import import_file, sheet_of

ROWS = [
    {"First Name": "Ada", "Email": "ada@harbour.example", "Close Date": "01-02-2026", "Lifecycle Stage": "king"},
    {"First Name": "Bo", "Email": "no", "Close Date": "31-02-2026", "Lifecycle Stage": "king"},
    {"First Name": "Cy", "Email": "cy@harbour.example", "Close Date": "31-01-2026", "Lifecycle Stage": "queen"},
]


def inspected(database: Database, home: Settings, text: str, asked: Choices | Plan) -> survey.Survey:
    with tempfile.TemporaryDirectory() as folder, database.transaction() as tx:
        path = Path(folder) / "leads.csv"
        path.write_text(text)
        return run.inspect(tx, SYSTEM, home, path, "leads.csv", Path(folder), asked)


def test_it_says_what_the_import_then_finds(harbour: Database, home: Settings) -> None:
    text = sheet_of(*ROWS) + "too,few\n"

    found = inspected(harbour, home, text, Choices(objects=("contacts",)))

    told = {kind.type: kind.rows for kind in found.kinds}
    assert told == import_file(harbour, home, text, "contacts").books.problems
    (stage,) = found.of(3)
    assert (stage.type, stage.rows, stage.line, stage.values) == (
        "INVALID_ENUMERATION_OPTION",
        3 - 0,
        2,
        (("king", 2), ("queen", 1)),
    )
    assert [kind.type for kind in found.of(1)] == ["INVALID_EMAIL"]
    assert (found.rows, found.first[0]) == (4, ("Ada", "Bo", "Cy"))


def test_dates_that_can_be_read_in_two_ways_are_shown_in_both(harbour: Database, home: Settings) -> None:
    found = inspected(harbour, home, sheet_of(ROWS[0]), Choices(objects=("contacts",)))

    assert found.dates is not None and found.dates.settled is None
    assert found.dates.readings["DMY"] == (("01-02-2026", "2026-02-01"),)
    assert found.dates.readings["MDY"] == (("01-02-2026", "2026-01-02"),)


def test_one_row_that_has_a_31st_settles_the_dates_of_all(harbour: Database, home: Settings) -> None:
    found = inspected(harbour, home, sheet_of(ROWS[0], ROWS[2]), Choices(objects=("contacts",)))

    assert (found.plan.dates, found.numbers) == ("DMY", None)


def test_numbers_are_shown_as_each_country_reads_them(harbour: Database, home: Settings) -> None:
    row = {"Company name": "Quay", "Number of Employees": "1.234"}

    found = inspected(harbour, home, sheet_of(row), Choices(objects=("companies",)))

    assert found.numbers is not None and found.numbers.settled is None
    assert found.numbers.readings == {"DK": (("1.234", "1234"),), "US": (("1.234", "1.234"),)}


def test_the_same_plan_gives_the_same_survey(harbour: Database, home: Settings) -> None:
    first = inspected(harbour, home, sheet_of(*ROWS), Choices(objects=("contacts",)))

    assert inspected(harbour, home, sheet_of(*ROWS), first.plan).kinds == first.kinds
