"""Whether a workbook counts its days from 1904, as those of old Macs do.

The library that reads its cells knows it and does not tell, and of a number without a date format it makes no day. So
the one mark that says it is looked for here.
"""

import mmap
import re
import zipfile
from pathlib import Path
from typing import IO

_PIECE = 1024 * 1024
# The first record of an Excel 97 workbook, or of the Excel before it; behind it stand the others, each with its length.
_BEGINS = rb"\x09\x08(?:\x10\x00\x00\x06\x05\x00[\x00-\xff]{12}|\x08\x00\x00\x05\x05\x00[\x00-\xff]{4})"
_DATE_MODE, _SHEETS, _END = 0x22, 0x85, 0x0A
_MOST = 200  # records that may stand before the one that is sought
_BOOK_PROPERTIES = 153  # of an xlsb: its first bit says it
_XLSX = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true)[\"']")
_ODS = re.compile(rb"<table:null-date\b[^>]*\btable:date-value\s*=\s*[\"']1904-01-01[\"']")


def is_1904(path: Path) -> bool:
    """What cannot be told is the usual 1900."""
    if not zipfile.is_zipfile(path):
        return _of_xls(path)
    with zipfile.ZipFile(path) as archive:
        names = {name.lower(): name for name in archive.namelist()}
        if found := names.get("xl/workbook.bin"):
            return _of_xlsb(archive.read(found))
        if found := names.get("xl/workbook.xml"):
            return bool(_XLSX.search(archive.read(found)))
        with archive.open("content.xml") as file:
            return _of_ods(file)


def _of_xls(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        begins = re.search(_BEGINS, data)
        at = begins.end() if begins else len(data)
        for _ in range(_MOST):
            kind, size = (int.from_bytes(data[at + place : at + place + 2], "little") for place in (0, 2))
            if kind == _DATE_MODE:
                return data[at + 4 : at + 6] == b"\x01\x00"
            if kind in (_SHEETS, _END) or at >= len(data):
                break
            at += 4 + size
    return False


def _of_xlsb(data: bytes) -> bool:
    at = 0
    while at < len(data):
        kind, at = _number(data, at, 2)
        size, at = _number(data, at, 4)
        if kind == _BOOK_PROPERTIES:
            return bool(data[at : at + 1] and data[at] & 1)
        at += size
    return False


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    """Seven bits in each byte, the lowest first; the eighth says that another one follows. And where it ends."""
    found = 0
    for place, byte in enumerate(data[at : at + most]):
        found |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            return found, at + place + 1
    return found, at + most


def _of_ods(file: IO[bytes]) -> bool:
    """It stands before the first table."""
    seen = b""
    while piece := file.read(_PIECE):
        seen = seen[-_PIECE:] + piece
        if _ODS.search(seen):
            return True
        if b"<table:table " in seen:
            return False
    return False
