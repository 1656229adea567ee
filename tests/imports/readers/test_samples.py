"""Each file of tests/samples, and what it is read as."""

import pytest

from kartotek import errors
from kartotek.imports import readers
from kartotek.imports.readers import preview
from kartotek.imports.table import BROKEN, EXTRA, LINE, WIDTH
from kartotek.values.reading import NATIVE
from tests import samples

# name: encoding, delimiter, header line, first headers, lines of the rows, first cells of the last row
READ = {
    "excel-danish.csv": ("Windows-1252", ";", 1, ("Kundenr.", "Fornavn"), [2, 3, 4, 5], ("000415", "Inge-Lise")),
    "excel-unicode-text.txt": ("UTF-16", "\t", 1, ("Navn", "E-mail"), [2, 3, 4], ("Ζωή Παπαδάκη",)),
    "utf-16-without-mark.csv": ("UTF-16BE", ",", 1, ("Navn", "By"), [2, 3], ("Mette Holm", "Køge")),
    "utf-8-with-mark.csv": ("UTF-8", ",", 1, ("Email", "First name"), [2, 3], ("jens@møller.example",)),
    "latin-1.csv": ("Windows-1252", ",", 1, ("navn", "gade"), [2, 3, 4], ("Zoë Müller", "Søndergade 1")),
    "iso-8859-15.csv": ("ISO-8859-15", ";", 1, ("produkt", "pris"), [2, 3, 4], ("Table basse", "240,00 €")),
    "mac-roman.csv": ("Mac Roman", ";", 1, ("Navn", "Firma"), [2, 3, 4], ("Åge Bræstrup", "Bræstrup & Co")),
    "windows-1250.csv": ("Windows-1250", ";", 1, ("Jméno", "Příjmení"), [2, 3, 4], ("Zdeněk", "Kučera")),
    "windows-1251.csv": ("Windows-1251", ";", 1, ("Имя", "Фамилия"), [2, 3, 4], ("Алексей", "Щукин")),
    "shift-jis.csv": ("Shift-JIS", ",", 1, ("氏名", "会社名"), [2, 3, 4], ("鈴木 一郎", "カワサキデザイン")),
    "gb18030.csv": ("GB18030", ",", 1, ("姓名", "公司"), [2, 3, 4], ("张敏", "广州南方电子厂")),
    "two-encodings.csv": ("UTF-8", ",", 1, ("navn", "by"), [2, 3, 4, 5, 6], ("Jørgen Fløe", "Køge")),
    "title-row.csv": ("UTF-8", ";", 6, ("Firmanavn", "Domæne"), [7, 8, 10], ("Nordlys Energi",)),
    "blank-lines.csv": ("UTF-8", ",", 2, ("Email", "Name"), [4, 7, 10], ("mia@vinter.example", "Mia Vinter")),
    "hundred-columns.csv": ("UTF-8", ";", 1, ("Email", "Fornavn"), [2, 3, 4, 5, 6], ("kunde5@hundrede.example",)),
    "numbers-as-text.csv": ("UTF-8", ",", 1, ("Postnr", "CVR"), [2, 3, 4], ("3700", "87654321")),
    "quoted-line-ends.csv": ("UTF-8", ",", 1, ("Email", "Address"), [2, 3, 4], ("mia@vinter.example", "Skovvej 9")),
    "ragged.csv": ("UTF-8", ",", 1, ("Email", "Name"), [2, 3, 4, 5, 6, 7, 8], ("ole@dahl.example", "Ole Dahl")),
    "stray-quotes.csv": ("UTF-8", ",", 1, ("Product", "Size"), [2, 3, 4, 5], ("Rope", "10 m", "Reb A/S")),
    "unclosed-quote.csv": ("UTF-8", ",", 1, ("Email", "Name"), [2, 3, 4, 5, 6, 7], ("ib@lund.example", "Ib")),
    "mixed-line-ends.csv": ("UTF-8", ",", 1, ("Email", "Name"), [2, 3, 4, 6, 7], ("eva@skov.example", "Eva")),
    "datev.csv": ("Windows-1252", ";", 2, ("Konto",), [3, 4], ("10001", "", "", "Grün")),
    "sep-line.csv": ("UTF-8", "|", 1, ("Name", "Email"), [2, 3], ("Jens", "jens@bageri.example")),
    "pipes.txt": ("UTF-8", "|", 1, ("id", "navn", "saldo"), [2, 3], ("2", "Jens Møller", "20,00")),
    "single-quotes.csv": ("UTF-8", ",", 1, ("Email", "Name", "Note"), [2, 3], ("jens@bageri.example", "Jens")),
    "one-column.csv": ("UTF-8", ";", 1, ("Name",), [2, 3, 4], ("Vinter, Mia",)),
    "trailing-columns.csv": ("UTF-8", ";", 1, ("Email", "Name"), [2, 3, 4], ("mia@vinter.example", "Mia")),
    "without-headers.csv": ("UTF-8", ",", 1, ("ada@harbour.example", "Ada"), [2], ("jens@bageri.example", "Jens")),
    "same-headers.csv": ("UTF-8", ",", 1, ("Email", "Phone", "Phone", "Note", ""), [2, 3], ("jens@bageri.example",)),
    "mysql-backslashes.csv": ("UTF-8", ",", 1, ("id", "note"), [2, 3, 4], ("3", 'two\n"lines"', "Ærø")),
    "carets.txt": ("UTF-8", "^", 1, ("Navn", "Email"), [2, 3], ("Bo Lund", "bo@lund.example", "Køge")),
    "dos-total.csv": ("UTF-8", ";", 1, ("Navn", "Beløb"), [2, 3, 4], ("I alt", "350")),
    "report.xls": ("UTF-8", None, 1, ("Navn",), [2], ("Ada",)),
    "web-export.xls": ("Windows-1252", None, 2, ("Navn", "Beløb & valuta"), [3, 4], ("Åse Holm", "", "a < b")),
    "contacts.jsonl": (None, None, 0, ("email", "name.first"), [1, 2], ("jens@bageri.example", "Jens", None, None)),
    "customers.xls": (None, None, 3, ("Navn", "Kundenr."), [4, 5], ("Åse Østergård", "\ue000413", "\ue00098000")),
}  # fmt: skip
REFUSED = {
    "empty.csv": ("INVALID_SPREADSHEET", "is empty"),
    "blank.csv": ("INVALID_SPREADSHEET", "is empty"),
    "header-only.csv": ("INVALID_SPREADSHEET", "headers and no rows"),
    "invoice.csv": ("INVALID_FILE_TYPE", "a PDF"),
    "session.xls": ("INVALID_FILE_TYPE", "web page"),
    "aligned.txt": ("INVALID_SPREADSHEET", "spaces alone"),
    "broken.jsonl": ("INVALID_SPREADSHEET", "Line 2"),
    "nested.jsonl": ("INVALID_SPREADSHEET", "rows within rows"),
    "export.csv": ("INVALID_FILE_TYPE", "JSON"),
    "logo.xlsx": ("INVALID_FILE_TYPE", "a picture"),
    "noise.csv": ("INVALID_FILE_TYPE", "a binary file"),
}


@pytest.fixture
def opened(tmp_path):
    def opened(name, **choices):
        return readers.open(samples.path(name), name=name, limit_bytes=2**20, scratch=tmp_path, **choices)

    return opened


@pytest.fixture
def rows(opened):
    def rows(name, **choices):
        return [row for batch in opened(name, **choices).batches(3) for row in batch.iter_rows(named=True)]

    return rows


@pytest.mark.parametrize("name", READ)
def test_a_sample_is_read_as_it_was_meant(name, opened, rows):
    encoding, delimiter, header_line, headers, lines, last = READ[name]

    sheet = opened(name)

    assert (sheet.encoding, sheet.delimiter, sheet.header_line) == (encoding, delimiter, header_line)
    assert sheet.columns[: len(headers)] == headers
    assert [row[LINE] for row in rows(name)] == lines
    assert tuple(rows(name)[-1][f"c{i}"] for i in range(len(last))) == last


@pytest.mark.parametrize("name", REFUSED)
def test_a_sample_that_is_no_table_is_refused_with_a_sentence(name, opened):
    type, words = REFUSED[name]

    with pytest.raises(errors.BadFile) as refused:
        opened(name)

    assert refused.value.type == type
    assert words in refused.value.sentence and name in refused.value.sentence


def test_every_sample_has_its_expectation():
    files = {file.name for file in samples.HERE.iterdir() if file.is_file() and file.suffix != ".py"}

    assert files - {".gitattributes"} == set(READ) | set(REFUSED)


def test_ragged_rows_keep_what_is_too_much_and_say_how_many_cells_they_had(rows):
    ragged = [(row[WIDTH], row[EXTRA]) for row in rows("ragged.csv")]

    assert ragged == [(None, None), (4, ["Aarhus"]), (2, None), (5, ["", ""]), (4, ["extra"]), (2, None), (None, None)]


def test_a_quote_that_is_never_closed_breaks_its_own_line_only(rows):
    broken = {row[LINE]: row[BROKEN] for row in rows("unclosed-quote.csv")}

    assert broken == {2: None, 3: "COULD_NOT_PARSE_ROW", 4: None, 5: None, 6: None, 7: "COULD_NOT_PARSE_ROW"}


def test_a_quoted_cell_keeps_its_line_ends_as_they_were(rows):
    addresses = [row["c1"] for row in rows("quoted-line-ends.csv")]

    assert addresses == ["Havnegade 1\r\n2. tv\r\n1058 København K", "Torvet 3\n8000 Aarhus", "Skovvej 9"]


def test_stray_quotes_and_text_after_a_closing_quote_are_read_as_they_stand(rows):
    cells = [(row["c0"], row["c1"], row["c2"]) for row in rows("stray-quotes.csv")]

    assert cells[0] == ("Monitor", '27" wide', "Skærm & Co ApS")
    assert cells[1] == ('Plank 2"x4"', "5' 3\"", "Tømmer A/S")


def test_what_was_detected_can_be_overridden(opened):
    sheet = opened("excel-danish.csv", encoding="mac-roman", delimiter=",", header_line=2)

    assert (sheet.encoding, sheet.delimiter, sheet.header_line) == ("Mac Roman", ",", 2)


def test_the_cells_of_a_web_page_are_read_as_a_browser_shows_them(rows):
    assert rows("web-export.xls")[0]["c0"] == "Søren Kjær"
    assert rows("web-export.xls")[0]["c2"] == "Havnegade 1\n2. tv"


def test_what_json_nests_gets_a_dotted_name(opened, rows):
    assert opened("contacts.jsonl").columns == (
        "email", "name.first", "name.last", "age", "score", "member", "tags", "phone",
    )  # fmt: skip
    assert [row["c4"] for row in rows("contacts.jsonl")] == [f"{NATIVE}0.5", f"{NATIVE}1000000000000000000000"]
    assert [rows("contacts.jsonl")[0][f"c{i}"] for i in (3, 5, 6)] == [f"{NATIVE}36", "TRUE", "vip;ny"]


def test_quotes_behind_a_backslash_stay_in_their_cell_and_are_noted(opened, rows):
    assert [row["c1"] for row in rows("mysql-backslashes.csv")][:2] == ['He said "hi", twice', "C:\\Kunder\\"]
    assert "backslash" in opened("mysql-backslashes.csv").notes[0]


def test_the_lines_of_another_encoding_are_named(opened):
    [note] = opened("two-encodings.csv").notes

    assert note == "Not UTF-8 like the rest, and read as Windows-1252: line 6."


def test_a_total_below_the_table_is_a_row_and_is_noted(opened):
    seen = preview.look(opened("dos-total.csv"))

    assert seen.rows == 3
    assert seen.notes == ("Line 4 looks like a total below the table; it is read like the others.",)


@pytest.mark.parametrize(
    ("rows", "note"),
    [
        ("A,Ry\nName,Town\nB,Ribe\n", "Line 3 repeats the headers; it is read like the others."),
        (
            "A,Ry\n Name,Town\nB,Ribe\nName,Town\n",
            "2 lines repeat the headers, line 3 first; they are read like the others.",
        ),
    ],
)
def test_headers_that_come_again_are_rows_and_are_noted(tmp_path, rows, note):
    (path := tmp_path / "together.csv").write_text("Name,Town\n" + rows)

    seen = preview.look(readers.open(path, name=path.name, limit_bytes=2**20, scratch=tmp_path))

    assert seen.rows == rows.count("\n")
    assert seen.notes == (note,)
