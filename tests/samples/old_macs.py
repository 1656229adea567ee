"""Workbooks of old Macs, whose days are counted from 1904, in the kinds that nobody writes for us."""

import struct
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def xls(folder: Path) -> Path:
    """customers.xls with the one bit changed that says it."""
    data = (HERE / "customers.xls").read_bytes()
    usual = b"\x22\x00\x02\x00\x00\x00"
    assert data.count(usual) == 1
    file = folder / "old mac.xls"
    file.write_bytes(data.replace(usual, b"\x22\x00\x02\x00\x01\x00"))
    return file


def xlsb(folder: Path, *, mac: bool = True) -> Path:
    """A header, Navn and Kundenr., and Ada with 44653."""
    book = [(131, b""), (153, struct.pack("<II", int(mac), 0) + _text("")), (143, b"")]
    book += [(156, struct.pack("<II", 0, 1) + _text("r1") + _text("Ark1")), (144, b""), (132, b"")]
    sheet = [(129, b""), (148, struct.pack("<4I", 0, 1, 0, 1)), (145, b"")]
    sheet += [_row(0), _cell(0, 6, _text("Navn")), _cell(1, 6, _text("Kundenr."))]
    sheet += [_row(1), _cell(0, 6, _text("Ada")), _cell(1, 5, struct.pack("<d", 44653)), (146, b""), (130, b"")]
    file = folder / "old mac.xlsb"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _relations("officeDocument", "xl/workbook.bin"))
        archive.writestr("xl/workbook.bin", _records(book))
        archive.writestr("xl/_rels/workbook.bin.rels", _relations("worksheet", "worksheets/sheet1.bin"))
        archive.writestr("xl/worksheets/sheet1.bin", _records(sheet))
    return file


def _relations(kind: str, target: str) -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{_RELATION}/{kind}" Target="{target}"/></Relationships>'
    )


def _records(records: list[tuple[int, bytes]]) -> bytes:
    """A kind above 127 takes two bytes, of which the first has its eighth bit set."""
    written = [
        (bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])) + bytes([len(data)]) + data
        for kind, data in records
    ]
    return b"".join(written)


def _row(number: int) -> tuple[int, bytes]:
    return 0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0)


def _cell(column: int, kind: int, data: bytes) -> tuple[int, bytes]:
    return kind, struct.pack("<II", column, 0) + data


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
