"""Cells of Excel as their XML has them: every type, format and way to write them that programs use."""

import pytest

from kartotek.imports import readers
from kartotek.values.reading import NATIVE, NATIVE_1904
from tests import samples
from tests.samples import excel


@pytest.fixture
def opened(tmp_path):
    def opened(file, **choices):
        return readers.open(file, name=file.name, limit_bytes=2**24, scratch=tmp_path, **choices)

    return opened


@pytest.fixture
def cell(opened, tmp_path):
    """What is read of one cell, written as it stands in the XML after its address."""

    def cell(written, **parts):
        book = excel.book(tmp_path, excel.column(written, 't="inlineStr"><is><t>last</t></is>'), **parts)
        return next(opened(book).batches(10)).rows(named=True)[0]["c0"]

    return cell


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("><v>12</v>", f"{NATIVE}12"),
        ('t="n"><v>1234.5</v>', f"{NATIVE}1234.5"),
        ("><v>0.30000000000000004</v>", f"{NATIVE}0.3"),
        ("><v>1E-10</v>", f"{NATIVE}0.0000000001"),
        ("><v>1.2345678901234568E+18</v>", f"{NATIVE}1234567890123460000"),
        ("><v>4512345678.0</v>", f"{NATIVE}4512345678"),
        ('t="b"><v>0</v>', "FALSE"),
        ('t="str"><f>A2&amp;A3</f><v>Holm &amp; Søn</v>', "Holm & Søn"),
        ('t="d"><v>2026-04-03T00:00:00</v>', f"{NATIVE}2026-04-03"),
        ('t="d"><v>2026-04-03T10:05:00Z</v>', f"{NATIVE}2026-04-03T10:05:00"),
        ('t="inlineStr"><is><t xml:space="preserve"> two </t></is>', " two "),
        ('t="inlineStr"><is><r><t>Ada</t></r><r><rPr><b/></rPr><t> Holm</t></r></is>', "Ada Holm"),
        ('t="inlineStr"><is><t>a &gt; b > c &lt;d&gt; &#230;&#xF8;</t></is>', "a > b > c <d> æø"),
        ('t="inlineStr"><is><t>one_x000D_two _x005F_x000D_</t></is>', "one\rtwo _x000D_"),
        ('t="inlineStr"><is><t>two\nlines</t></is>', "two\nlines"),
        ('t="inlineStr"><is><t>say "yes"</t></is>', 'say "yes"'),
    ],
)  # fmt: skip
def test_a_cell_is_read_by_its_type(written, read, cell):
    assert cell(written) == read


@pytest.mark.parametrize(
    ("code", "number", "read"),
    [
        ("dd-mm-yyyy", "46115", f"{NATIVE}2026-04-03"),
        ("d. mmmm åååå", "46115", f"{NATIVE}2026-04-03"),
        ("[$-406]d. mmmm yyyy;@", "46115", f"{NATIVE}2026-04-03"),
        ("dd/mm/yyyy hh:mm", "46115.4201388889", f"{NATIVE}2026-04-03T10:05:00"),
        ("hh:mm", "0.4375", f"{NATIVE}10:30:00"),
        ("yyyy", "59", f"{NATIVE}1900-02-28"),
        ("yyyy", "61", f"{NATIVE}1900-03-01"),
        ("dd-mm-yyyy", "-5", f"{NATIVE}-5"),
        ("[h]:mm", "1.5", f"{NATIVE}36:00:00"),
        ("00000", "742", "00742"),
        ("00000", "1234567", "1234567"),
        ("000000-0000", "101804321", "010180-4321"),
        ('"DK"00 00 00 00', "1234567", "DK01 23 45 67"),
        ("00000", "7.5", f"{NATIVE}7.5"),
        ("0", "742", f"{NATIVE}742"),
        ("0.00 %", "0.25", f"{NATIVE}0.25"),
        ('#,##0.00 "kr."', "1234.5", f"{NATIVE}1234.5"),
        ('0 "days"', "12", f"{NATIVE}12"),
        ("[Red]0.00;[Blue]-0.00", "3.14", f"{NATIVE}3.14"),
    ],
)
def test_a_number_is_what_its_format_shows(code, number, read, cell):
    assert cell(f's="1"><v>{number}</v>', formats=(code,)) == read


def test_days_of_an_old_mac_are_counted_from_1904(cell):
    assert cell('s="1"><v>44653</v>', formats=("yyyy-mm-dd",), old_mac=True) == f"{NATIVE}2026-04-03"


def test_a_plain_number_of_an_old_mac_tells_from_when_its_days_are_counted(cell):
    assert cell('s="1"><v>44653</v>', formats=("0",), old_mac=True) == f"{NATIVE_1904}44653"


SHARED = (
    '<si><t>Ada</t></si><si/><si><r><t>Bo </t></r><r><t>Lund</t></r></si><si><t/></si>'
    '<si><t>山田</t><rPh sb="0" eb="2"><t>やまだ</t></rPh><phoneticPr fontId="1"/></si>'
)  # fmt: skip


@pytest.mark.parametrize(("number", "read"), [(0, "Ada"), (2, "Bo Lund"), (4, "山田")])
def test_shared_texts_are_found_by_their_number(number, read, cell):
    assert cell(f't="s"><v>{number}</v>', shared=SHARED) == read


def test_what_a_person_may_not_expect_is_noted(opened, tmp_path):
    cells = ('t="e"><v>#N/A</v>', "><f>A2*2</f>", "><v>3</v>")
    rows = excel.column(*cells).replace('<row r="4">', '<row r="4" hidden="1">')
    sheet = opened(excel.book(tmp_path, rows, after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'))

    assert [note.split(":")[0] for note in sheet.notes] == [
        "Cells with an error such as #N/A, read as blank",
        "Formulas without a value, read as blank",
        "Hidden rows, read like the others",
        "Merged areas, of which the first cell alone has the value",
    ]
    assert [row["c0"] for row in next(sheet.batches(10)).rows(named=True)] == [f"{NATIVE}3"]


@pytest.mark.parametrize("parts", [{"strict": True}, {"prefix": "x:"}])
def test_other_names_for_the_same_tags_are_known(parts, opened, tmp_path):
    prefix = parts.get("prefix", "")
    rows = excel.column("><v>1</v>", "><v>2</v>").replace("<", f"<{prefix}").replace(f"<{prefix}/", f"</{prefix}")

    sheet = opened(excel.book(tmp_path, rows, **parts))

    assert sheet.columns == ("Værdi",)
    assert next(sheet.batches(10))["c0"].to_list() == [f"{NATIVE}1", f"{NATIVE}2"]


def test_cells_without_an_address_are_read_by_another_reader(opened, tmp_path):
    rows = "<row><c t='inlineStr'><is><t>Navn</t></is></c></row><row><c t='inlineStr'><is><t>Ada</t></is></c></row>"

    assert next(opened(excel.book(tmp_path, rows)).batches(10))["c0"].to_list() == ["Ada"]


def test_a_table_may_begin_anywhere_and_be_full_of_holes(opened, tmp_path):
    rows = (
        '<row r="3"><c r="C3" t="inlineStr"><is><t>Navn</t></is></c>'
        '<c r="E3" t="inlineStr"><is><t>By</t></is></c></row>'
        '<row r="4"><c s="0" r="C4" t="inlineStr"><is><t>Ada</t></is></c><c r="D4"/></row>'
        '<row r="9"><c r="E9" t="inlineStr"><is><t>Ribe</t></is></c><c r="F9" t="inlineStr"><is><t> </t></is></c></row>'
    )

    sheet = opened(excel.book(tmp_path, rows))

    assert (sheet.columns, sheet.header_line) == (("Navn", "", "By"), 3)
    assert [row[:1] + row[4:] for row in next(sheet.batches(10)).rows()] == [
        (4, "Ada", None, None),
        (9, None, None, "Ribe"),
    ]


def test_every_sheet_is_listed_with_its_rows_and_headers(tmp_path):

    two = {"Kunder": [["Navn", "By"], ["Ada", "Ribe"]], "Firmaer": [["Firma"], ["Holm"], ["Lund"]], "Tom": []}
    file = samples.workbook_xlsx(tmp_path, two)

    found = readers.sheets(file, name=file.name, limit_bytes=2**24, scratch=tmp_path)

    assert [(one.name, one.rows, one.headers) for one in found] == [
        ("Kunder", 1, ("Navn", "By")),
        ("Firmaer", 2, ("Firma",)),
    ]


def test_a_text_file_is_one_sheet_without_a_name(tmp_path):
    file = tmp_path / "names.csv"
    file.write_text("Navn;By\nAda;Ribe\n")

    found = readers.sheets(file, name=file.name, limit_bytes=2**24, scratch=tmp_path)

    assert [(one.name, one.rows, one.headers) for one in found] == [(None, 1, ("Navn", "By"))]
