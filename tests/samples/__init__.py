"""Files as people send them: small ones lie here, large and binary ones are made when a test asks for them."""

import datetime
import random
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).parent


def path(name: str) -> Path:
    return HERE / name


def contacts_csv(folder: Path, rows: int) -> Path:
    """Contacts with companies, always the same; every hundredth has a note of two lines."""
    dice = random.Random(20260403)
    file = folder / f"contacts-{rows}.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write("Email,First name,Last name,Phone,Company name,Note\n")
        for i in range(rows):
            first = dice.choice(("Søren", "Åse", "Bodil", "Jens", "Mette", "Ærø"))
            last = dice.choice(("Kjær", "Møller", "Østergård", "Holm", "Vinter"))
            note = f'"{first} said ""yes"",\ntwice"' if i % 100 == 7 else ""
            phone = f"+45 {dice.randrange(20000000, 99999999)}"
            out.write(f"kontakt{i}@firma{i % 50}.example,{first},{last},{phone},Firma {i % 50} ApS,{note}\n")
    return file


def wide_csv(folder: Path, columns: int) -> Path:
    file = folder / f"{columns}-columns.csv"
    header = ",".join(f"Column {i}" for i in range(columns))
    cells = ",".join(f'"{i}, quoted"' if i % 2 else str(i) for i in range(columns))
    file.write_text(f"{header}\n{cells}\n{cells}\n")
    return file


def customers_xlsx(folder: Path, *, mac: bool = False) -> Path:
    """A merged title, a blank line, headers in line 4, and cells of every type in one column."""
    file = folder / "customers.xlsx"
    with xlsxwriter.Workbook(file, {"date_1904": mac}) as book:
        day, moment = book.add_format({"num_format": "dd-mm-yyyy"}), book.add_format({"num_format": "dd-mm-yyyy hh:mm"})
        time = book.add_format({"num_format": "hh:mm"})
        sheet = book.add_worksheet("Kunder")
        sheet.merge_range("A2:C2", "Kundeliste 2026")
        sheet.write_row("A4", ["Navn", "Værdi", "Note"])
        cells = (
            ("text", "0012"), ("number", 12), ("decimal", 1234.5), ("danish text", "1.234"), ("thousandth", 1.234),
            ("sum", 0.1 + 0.2), ("long", 123456789012345), ("tiny", 1e-10), ("negative", -5), ("true text", "true"),
            ("spaces", " two "),
        )  # fmt: skip
        for row, (name, cell) in enumerate(cells, 4):
            sheet.write(row, 0, name)
            if isinstance(cell, str):
                sheet.write_string(row, 1, cell)
            else:
                sheet.write_number(row, 1, cell)
        row = 4 + len(cells)
        sheet.write(row, 0, "day")
        sheet.write_datetime(row, 1, datetime.date(2026, 4, 3), day)
        sheet.write(row + 1, 0, "moment")
        sheet.write_datetime(row + 1, 1, datetime.datetime(2026, 4, 3, 10, 5), moment)
        sheet.write(row + 2, 0, "time")
        sheet.write_datetime(row + 2, 1, datetime.time(10, 30), time)
        sheet.write(row + 3, 0, "yes")
        sheet.write_boolean(row + 3, 1, True)
        sheet.write(row + 4, 0, "formula")
        sheet.write_formula(row + 4, 1, "=B6*2", None, 24)
        sheet.write(row + 5, 0, "error")
        sheet.write_formula(row + 5, 1, "=NA()", None, "#N/A")
        sheet.write(row + 7, 0, "after a blank line")
        book.add_worksheet("Ark2")
    return file


def workbook_xlsx(folder: Path, sheets: dict[str, list[list[str]]], hidden: tuple[str, ...] = ()) -> Path:
    file = folder / "workbook.xlsx"
    with xlsxwriter.Workbook(file) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)
    return file


def far_cell_xlsx(folder: Path) -> Path:
    """Two cells, at the opposite corners of the sheet."""
    file = folder / "far.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Navn")
        sheet.write(1048575, 16383, "x")
    return file


def customers_ods(folder: Path, *, locked: bool = False, mac: bool = False) -> Path:
    cells = (
        ("string", "", "0012"), ("float", 'office:value="1234.5"', "1.234,50"),
        ("date", 'office:date-value="2026-04-03"', "03-04-26"),
        ("date", 'office:date-value="2026-04-03T10:05:00"', "03-04-26 10:05"),
        ("time", 'office:time-value="PT10H30M00S"', "10:30"), ("boolean", 'office:boolean-value="true"', "SAND"),
        ("percentage", 'office:value="0.25"', "25 %"), ("string", "", "Øst &amp; Vest"),
    )  # fmt: skip
    rows = "".join(_ods_row(_ods_cell("string", "", f"række {i}"), _ods_cell(*cell)) for i, cell in enumerate(cells))
    header = _ods_row(_ods_cell("string", "", "Navn"), _ods_cell("string", "", "Værdi"))
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    first = '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names}><office:body><office:spreadsheet>'
        f'{first if mac else ""}<table:table table:name="Ark1">{header}{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    manifest += "<manifest:encryption-data/>" if locked else ""
    file = folder / "customers.ods"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"{manifest}</manifest:manifest>")
        archive.writestr("content.xml", content)
    return file


def _ods_row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _ods_cell(type: str, value: str, text: str) -> str:
    return f'<table:table-cell office:value-type="{type}" {value}><text:p>{text}</text:p></table:table-cell>'


def zip_bomb_xlsx(folder: Path, *, lying: bool = False) -> Path:
    """300 MB of blanks in 300 KB; `lying`, the directory says that they are one byte."""
    file = folder / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as out:
            for piece in _blanks(300):
                out.write(piece)
        if lying:
            archive.getinfo("xl/worksheets/sheet1.xml").file_size = 1
    return file


def _blanks(megabytes: int) -> Iterator[bytes]:
    return (b" " * 1024 * 1024 for _ in range(megabytes))


def archive_of(folder: Path, name: str, members: dict[str, str]) -> Path:
    file = folder / name
    with zipfile.ZipFile(file, "w") as archive:
        for member, text in members.items():
            archive.writestr(member, text)
    return file


def locked_xlsx(folder: Path) -> Path:
    """What Excel writes when a password is set: a container with the workbook as one encrypted stream."""
    file = folder / "locked.xlsx"
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", "EncryptedPackage"))
    file.write_bytes(struct.pack("<8s504x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") + names + bytes(1024))
    return file
