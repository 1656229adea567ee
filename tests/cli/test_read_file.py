"""`kartotek read`: what the reader makes of a file, for people, for programs, and as plain CSV."""

import csv
import io
import json

from kartotek.cli import main
from tests import samples


def test_it_tells_encoding_delimiter_headers_and_columns(capsys):
    code = main.run(["read", str(samples.path("excel-danish.csv"))])

    said = capsys.readouterr().out
    assert code == 0
    for word in ("Windows-1252", "Kundenr.", "Kjærgaard VVS ApS", "phone", "email", "date", "number"):
        assert word in said


def test_json_is_one_document_with_kinds_and_problems_by_line(capsys):
    code = main.run(["read", "--json", str(samples.path("ragged.csv"))])

    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (told["encoding"], told["delimiter"], told["quote"], told["header_line"]) == ("UTF-8", ",", '"', 1)
    assert told["rows"] == 7
    assert told["columns"][0]["kind"] == "email"
    assert told["columns"][0]["values"] == ["ada@harbour.example", "jens@bageri.example", "mia@vinter.example"]
    assert [problem["line"] for problem in told["problems"]] == [3, 4, 6, 7]
    assert {problem["type"] for problem in told["problems"]} == {"INCORRECT_NUMBER_OF_COLUMNS"}


def test_rows_are_printed_as_they_were_read_ragged_ones_too(capfdbinary):
    main.run(["read", "--rows", str(samples.path("ragged.csv"))])

    printed = capfdbinary.readouterr().out.decode()
    original = csv.reader(io.StringIO(samples.path("ragged.csv").read_text(), newline=""))
    assert list(csv.reader(io.StringIO(printed, newline=""))) == list(original)
    assert printed.startswith("Email,Name,City\r\n")
    assert '"Eva, Skov",Vejle,extra\r\n' in printed


def test_rows_of_a_workbook_carry_no_marks(capfdbinary, tmp_path):
    main.run(["read", "--rows", str(samples.customers_xlsx(tmp_path))])

    lines = capfdbinary.readouterr().out.decode().split("\r\n")
    assert lines[:4] == ["Navn,Værdi,Note", "text,0012,", "number,12,", "decimal,1234.5,"]
    assert "day,2026-04-03," in lines


def test_a_file_that_cannot_be_read_ends_in_one_sentence_and_code_2(capsys):
    code = main.run(["read", str(samples.path("invoice.csv"))])

    said = capsys.readouterr()
    assert code == 2
    assert "a PDF" in said.err and "Traceback" not in said.err


def test_a_file_cannot_steer_the_terminal(capsys, tmp_path):
    file = tmp_path / "evil.csv"
    file.write_text("Name,Note\nAda,\x1b[2Jgone [bold]x[/bold]\n")

    main.run(["read", str(file)])

    said = capsys.readouterr().out
    assert "\x1b[2J" not in said
    assert "[bold]x[/bold]" in said
