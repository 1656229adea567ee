"""What can be taken away from an import, and sent again."""

import csv
import io
from pathlib import Path

import pytest
import xlsxwriter

from kartotek.domain import Database, catalogue
from kartotek.imports import recipes, run
from kartotek.imports.table import WHYS, As, Choices, Mode
from kartotek.model.people import SYSTEM
from kartotek.model.sentences import WHY
from kartotek.pages import language
from kartotek.settings import Settings
from tests.helpers.importing import Ended, ended, import_file, prepared, sheet_of, values

ADA = {"First Name": "Ada", "Email": "ada@harbour.example"}
BAD = {"First Name": "Bo", "Email": "bo at home", "City": "Odense"}


def rows_of(lines: list[str]) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(lines).removeprefix("\ufeff"))))


def test_the_report_has_a_line_for_every_problem(harbour: Database, home: Settings) -> None:
    ended = import_file(harbour, home, sheet_of(ADA, BAD | {"Lifecycle Stage": "=1+1"}), "contacts")

    lines = list(run.error_report(harbour, home, SYSTEM, ended.id))

    assert lines[0].startswith("\ufeffFile,Line,Column") and lines[0].endswith("\r\n")
    _, email, stage = rows_of(lines)
    assert email[:6] == ["leads.csv", "3", "Email", "Contact", "INVALID_EMAIL", "bo at home"]
    assert stage[5] == "'=1+1", "a formula is defused"


def test_the_report_of_rows_that_are_wrong_as_a_whole_names_no_column(harbour: Database, home: Settings) -> None:
    ended = import_file(harbour, home, sheet_of(["First Name", "Email"], ["Ada"]), "contacts")

    _, row = rows_of(list(run.error_report(harbour, home, SYSTEM, ended.id)))

    assert row[:6] == ["leads.csv", "2", "", "", "INCORRECT_NUMBER_OF_COLUMNS", "1 ≠ 2"]


def test_a_long_value_is_cut_short_where_it_stands_in_a_sentence(harbour: Database, home: Settings) -> None:
    ended = import_file(harbour, home, sheet_of(ADA | {"Email": "ada at home" * 50}), "contacts")

    _, row = rows_of(list(run.error_report(harbour, home, SYSTEM, ended.id)))

    assert row[5] == "ada at home" * 50
    assert len(row[6]) < 250 and "homea…”" in row[6]


def test_the_rows_to_correct_come_as_they_stood_and_say_why(harbour: Database, home: Settings) -> None:
    text = (
        "First Name;Email;City\nAda;ada@harbour.example;Århus\nBo;bo at home;Ål\nCy\nDan;dan@harbour.example;Vejle;x\n"
    )
    ended = import_file(harbour, home, text.encode("cp1252"), "contacts")

    header, *rows = rows_of(list(run.failed_file(harbour, home, SYSTEM, ended.id)))

    assert header == ["First Name", "Email", "City", WHY]
    assert [row[:3] for row in rows] == [
        ["Bo", "bo at home", "Ål"],
        ["Cy", "", ""],
        ["Dan", "dan@harbour.example", "Vejle"],
    ]
    assert "not an email address" in rows[0][3] and "Number of cells: 1 in the row, 3 in the header." in rows[1][3]
    assert "Number of cells: 4 in the row" in rows[2][3] and rows[2][4:] == ["x"]


def test_corrected_and_sent_again_they_map_by_themselves(harbour: Database, home: Settings) -> None:
    first = import_file(harbour, home, sheet_of(ADA, BAD), "contacts")
    lines = "".join(run.failed_file(harbour, home, SYSTEM, first.id)).replace("bo at home", "bo@home.example", 1)

    again = import_file(harbour, home, lines, "contacts")

    assert (again.errors, again.rows("contacts")) == ((), {"created": 1})
    assert ("Bo", "bo@home.example") in values(harbour, "contacts", "firstname", "email")


def test_corrected_they_repeat_the_import_that_they_failed_in(harbour: Database, home: Settings) -> None:
    first = import_file(harbour, home, sheet_of(ADA, BAD), "contacts")
    lines = "".join(run.failed_file(harbour, home, SYSTEM, first.id)).replace("bo at home", "bo@home.example", 1)
    header = rows_of([lines])[0]

    with harbour.transaction() as tx:
        plan = run.plan_to_repeat(tx, SYSTEM, first.id)
    again = recipes.repeated(plan, [header])

    assert again.columns[:-1] == plan.columns and again.columns[-1].imported_as is As.NOTHING


def test_rows_to_correct_stand_between_the_marks_that_the_import_was_told_of(harbour: Database, home: Settings) -> None:
    text = "First Name|Email\nBo|bo at home\n"
    ended = import_file(harbour, home, text, "contacts", delimiter="|")

    lines = list(run.failed_file(harbour, home, SYSTEM, ended.id))

    assert lines[0] == f"\ufeffFirst Name|Email|{WHY}\r\n"


def test_the_reasons_have_a_header_in_every_language() -> None:
    assert {language.gettext(one)(WHY) for one in language.LANGUAGES} == set(WHYS)


def test_rows_of_a_workbook_are_corrected_as_text_and_repeat_their_import(
    harbour: Database, home: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "fair.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Leads")
        for line, row in enumerate((["Leads 2026"], [], list(BAD), list(BAD.values()))):
            sheet.write_row(line, 0, row)
        book.add_worksheet("Notes").write_row(0, 0, ["Nothing", "here"])
    chosen = {"sheets": ("Leads",), "header_line": 3}
    first = import_file(harbour, home, file.read_bytes(), "contacts", name=file.name, **chosen)
    lines = "".join(run.failed_file(harbour, home, SYSTEM, first.id)).replace("bo at home", "bo@home.example", 1)
    corrected = tmp_path / "corrected.csv"
    corrected.write_text(lines)

    with harbour.transaction() as tx:
        plan, upload = run.plan_to_repeat(tx, SYSTEM, first.id), run.Upload(corrected, corrected.name)
        ready = run.prepare_plan(tx, SYSTEM, home, [upload], tmp_path, plan, recipes.repeated)
        id = run.begin(tx, SYSTEM, home, ready)
    run.work(harbour, home, id)

    assert (ended(harbour, id).errors, ended(harbour, id).rows("contacts")) == ((), {"created": 1})


def test_a_row_that_failed_was_not_imported_without_a_value_either(harbour: Database, home: Settings) -> None:
    ended = import_file(harbour, home, sheet_of(BAD | {"Lifecycle Stage": "Baron"}), "contacts")

    _, row = rows_of(list(run.failed_file(harbour, home, SYSTEM, ended.id)))

    assert row[-1].count("The contact was not imported.") == 2 and "imported without" not in row[-1]
    assert not any("imported without" in error["message"] for error in ended.errors)


def test_sent_again_uncorrected_the_reasons_do_not_pile_up(harbour: Database, home: Settings) -> None:
    ended: Ended = import_file(harbour, home, sheet_of(BAD), "contacts")
    for _ in range(2):
        lines = "".join(run.failed_file(harbour, home, SYSTEM, ended.id))
        ended = import_file(harbour, home, lines, "contacts")

    header, row = rows_of(list(run.failed_file(harbour, home, SYSTEM, ended.id)))
    assert header == [*BAD, WHY] and len(row) == len(header)


def test_the_column_of_reasons_is_imported_as_nothing(harbour: Database, home: Settings) -> None:
    with prepared(
        harbour, home, sheet_of(ADA | {WHY: "x"}), Choices(objects=("contacts", "companies", "deals")[:1])
    ) as ready:
        assert ready.plan.columns[-1].imported_as is As.NOTHING


def test_what_a_spreadsheet_would_run_is_guarded_and_comes_back_to_the_byte(harbour: Database, home: Settings) -> None:
    odd = {
        "+First Name": "'=1+1",
        "Email": "bo at home",
        "City": "=1+1",
        "Job Title": "@SUM(A1)",
        "Phone Number": "+45 33 12 13 14",
    }
    maps = ("+First Name=contacts.firstname",)
    first = import_file(harbour, home, sheet_of(odd), "contacts", maps=maps)

    lines = "".join(run.failed_file(harbour, home, SYSTEM, first.id))
    again = import_file(harbour, home, lines.replace("bo at home", "bo@home.example", 1), "contacts", maps=maps)

    header, row = rows_of(lines.splitlines(keepends=True))
    assert not [text for text in (*header, *row) if text.startswith(("=", "+", "-", "@"))]
    assert (again.errors, again.rows("contacts")) == ((), {"created": 1})
    said = values(harbour, "contacts", "firstname", "city", "jobtitle", "phone")
    assert said == [("=1+1", "=1+1", "@SUM(A1)", "+4533121314")]


def test_cells_beyond_the_header_are_guarded_too(harbour: Database, home: Settings) -> None:
    ended = import_file(harbour, home, "Email,City\nada@harbour.example,Ribe,=1+1,x\n", "contacts")

    _, row = rows_of(list(run.failed_file(harbour, home, SYSTEM, ended.id)))

    assert row[3:] == ["'=1+1", "x"]


DOMAIN = {"Company name": "Quay", "Company Domain Name": "no domain"}


def test_a_row_that_only_a_malformed_domain_tells_of_is_not_said_to_be_imported(
    harbour: Database, home: Settings
) -> None:
    ended = import_file(harbour, home, sheet_of(DOMAIN), "companies")

    assert ended.rows("companies") == {"failed": 1}
    assert [error["message"].endswith("The company was not imported.") for error in ended.errors] == [True]


def test_where_a_row_is_known_by_something_else_a_malformed_domain_is_left_out(
    harbour: Database, home: Settings
) -> None:
    first = import_file(harbour, home, sheet_of({"Company name": "Pier"}), "companies")
    (id,) = values(harbour, "companies", "_id")[0]

    ended = import_file(harbour, home, sheet_of(DOMAIN | {"Record ID": id}, DOMAIN | {"Record ID": ""}), "companies")

    _, *report = rows_of(list(run.error_report(harbour, home, SYSTEM, ended.id)))
    _, *rows = rows_of(list(run.failed_file(harbour, home, SYSTEM, ended.id)))
    assert first.errors == () and ended.rows("companies") == {"updated": 1, "failed": 1}
    for told in ([row[-1] for row in report], [row[-1] for row in rows]):
        assert told[0].endswith("The company was imported without it.")
        assert told[1].endswith("The company was not imported.")


def test_of_several_options_and_labels_in_a_cell_those_that_are_wrong_are_named(
    harbour: Database, home: Settings
) -> None:
    languages = next(iter(contact_options(harbour, "hs_buying_role")))
    row = ADA | {"Buying Role": f"{languages}; Captain;Cook", "Association label": "Billing; Skipper"}
    row |= {"Company name": "Quay", "Company Domain Name": "quay.example"}

    ended = import_file(harbour, home, sheet_of(row), "contacts", "companies")

    assert [(error["value"], error["message"].partition(".")[0]) for error in ended.errors] == [
        (f"{languages}; Captain;Cook", "“Captain; Cook” is not an option of Buying Role"),
        ("Billing; Skipper", "“Skipper” is not a label of this association"),
    ]


def contact_options(database: Database, name: str) -> list[str]:
    with database.transaction() as tx:
        return [one.label for one in catalogue.load(tx).object_type("contacts").properties[name].options]


def test_a_label_of_a_row_that_failed_is_not_said_to_have_been_left_out_of_its_record(
    harbour: Database, home: Settings
) -> None:
    row = BAD | {"Company name": "Quay", "Company Domain Name": "quay.example", "Association label": "Nobody"}

    ended = import_file(harbour, home, sheet_of(row), "contacts", "companies")

    assert {error["type"] for error in ended.errors} >= {"ASSOCIATION_LABEL_NOT_FOUND", "INVALID_EMAIL"}
    assert not any("imported without" in error["message"] for error in ended.errors)


def test_what_came_in_without_a_key_is_updated_when_its_row_is_sent_again(harbour: Database, home: Settings) -> None:
    rows = [{"Task Title": "Call Ada", "Priority": "No idea"}, {"Task Title": "Call Bo", "Priority": "High"}]
    first = import_file(harbour, home, sheet_of(*rows), "tasks")
    lines = "".join(run.failed_file(harbour, home, SYSTEM, first.id))
    header, row = rows_of([lines])

    again = import_file(harbour, home, lines.replace("No idea", "Low"), "tasks")

    assert first.rows("tasks") == {"created": 2}
    assert header == ["Task Title", "Priority", "Kartotek: record id of tasks", WHY]
    assert row[:3] == ["Call Ada", "No idea", values(harbour, "tasks", "_id", "hs_task_subject")[0][0]]
    assert (again.errors, again.rows("tasks")) == ((), {"updated": 1})


@pytest.mark.parametrize("mode", ["upsert", "create"])
def test_what_came_in_without_a_key_is_updated_by_the_import_repeated(
    harbour: Database, home: Settings, tmp_path: Path, mode: str
) -> None:
    deals = [
        {"Deal Name": "Boat", "Pipeline": "Sales Pipeline", "Deal Stage": "Closed Won", "Amount": "much"},
        {"Deal Name": "Yacht", "Pipeline": "Sales Pipeline", "Deal Stage": "Nowhere", "Amount": "9"},
    ]
    first = import_file(harbour, home, sheet_of(*deals), "deals", modes=(("deals", Mode(mode)),))
    lines = "".join(run.failed_file(harbour, home, SYSTEM, first.id))
    corrected = tmp_path / "corrected.csv"
    corrected.write_text(lines.replace("much", "7").replace("Nowhere", "Closed Won"))

    with harbour.transaction() as tx:
        plan, upload = run.plan_to_repeat(tx, SYSTEM, first.id), run.Upload(corrected, corrected.name)
        ready = run.prepare_plan(tx, SYSTEM, home, [upload], tmp_path, plan, recipes.repeated)
        id = run.begin(tx, SYSTEM, home, ready)
    run.work(harbour, home, id)

    assert (ended(harbour, id).errors, ended(harbour, id).rows("deals")) == ((), {"created": 1, "updated": 1})
    assert values(harbour, "deals", "dealname", "amount") == [("Boat", "7"), ("Yacht", "9")]


def test_of_rows_with_a_key_no_record_id_need_be_told_and_of_those_without_one_it_is(
    harbour: Database, home: Settings
) -> None:
    wrong = {"Close Date": "some day"}
    known, nameless = ADA | wrong, {"First Name": "Cy", "Email": ""} | wrong

    files = [
        rows_of(list(run.failed_file(harbour, home, SYSTEM, import_file(harbour, home, text, "contacts").id)))
        for text in (sheet_of(known), sheet_of(known, nameless))
    ]

    assert [len(header) for header, *_ in files] == [4, 5]
    assert [row[3] != "" for row in files[1][1:]] == [False, True]
