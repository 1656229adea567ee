"""Is it safe and useful to open this workbook? Looked at from outside, before any library unpacks it.

A zip may say that it is small and grow without end (a zip bomb), so its members are inflated once and counted. Files
with a password and those of other programs are told apart here, since for each another sentence helps.
"""

import mmap
import re
import zipfile
import zlib
from pathlib import Path

from kartotek import errors

_GROWTH = 4  # unpacked, a workbook may be so many times as large as the largest file
_RATIO = 200  # no worksheet of real cells packs better than this ...
_SMALL = 100 * 1024 * 1024  # ... and below this size it does not matter
_PIECE = 1024 * 1024


def check(path: Path, *, name: str, limit_bytes: int) -> None:
    """Raises BadFile unless the file is a workbook that can be opened."""
    with path.open("rb") as file:
        is_zip = file.read(2) == b"PK"
    if not is_zip:
        _check_compound(path, name)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            _check_kind(archive, name)
            _check_size(archive, path, name, limit_bytes)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, UnicodeDecodeError) as error:
        raise damaged(name) from error


def damaged(name: str) -> errors.BadFile:
    return errors.BadFile(
        "INVALID_SPREADSHEET",
        f"“{name}” is damaged or was not copied completely. "
        "Open it in a spreadsheet program, save it again and send that.",
    )


def locked(name: str) -> errors.BadFile:
    return errors.BadFile(
        "INVALID_SPREADSHEET",
        f"“{name}” is protected by a password. Open it, save it without the password and send that.",
    )


def too_large(name: str) -> errors.BadFile:
    return errors.BadFile(
        "INVALID_SPREADSHEET",
        f"“{name}” grows too large when it is unpacked. "
        "Delete rows, columns and sheets that are not needed, or save it as CSV.",
    )


def _check_kind(archive: zipfile.ZipFile, name: str) -> None:
    names = set(archive.namelist())
    if any(member.endswith(".iwa") for member in names) or "Index.zip" in names:
        raise errors.BadFile(
            "INVALID_FILE_TYPE",
            f"“{name}” is a document of Apple Numbers. In Numbers choose File › Export To › Excel and send the .xlsx.",
        )
    for folder, noun in (("word/", "a text document (Word)"), ("ppt/", "a presentation")):
        if any(member.startswith(folder) for member in names):
            raise _other(name, f"{noun}. Copy its table into a spreadsheet program and save it as .xlsx.")
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise locked(name)
    if "META-INF/manifest.xml" in names and b"encryption-data" in _start_of(archive, "META-INF/manifest.xml"):
        raise locked(name)
    excel = "[Content_Types].xml" in names and any(member.startswith("xl/") for member in names)
    calc = "mimetype" in names and b"opendocument.spreadsheet" in _start_of(archive, "mimetype")
    if not excel and not calc:
        raise _other(name, "a zip archive. Unpack it and send the file inside.")


def _start_of(archive: zipfile.ZipFile, member: str) -> bytes:
    with archive.open(member) as file:
        return file.read(_PIECE)


def _other(name: str, what: str) -> errors.BadFile:
    return errors.BadFile("INVALID_FILE_TYPE", f"“{name}” is not a spreadsheet but {what}")


def _check_size(archive: zipfile.ZipFile, path: Path, name: str, limit_bytes: int) -> None:
    members = archive.infolist()
    packed = path.stat().st_size
    most = min(limit_bytes * _GROWTH, max(_SMALL, packed * _RATIO))
    if sum(info.file_size for info in members) > most or sum(info.compress_size for info in members) > packed:
        raise too_large(name)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for info in members:
            most -= _inflated(data, info, most)
            if most < 0:
                raise too_large(name)


def _inflated(data: mmap.mmap, info: zipfile.ZipInfo, most: int) -> int:
    """How large a member really is; counting ends soon after `most`."""
    if info.compress_type != zipfile.ZIP_DEFLATED:
        return max(info.file_size, info.compress_size)
    head = data[info.header_offset : info.header_offset + 30]
    if head[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile("a member is not where the directory says")
    at = info.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    inflate, size = zlib.decompressobj(-15), 0
    for start in range(at, at + info.compress_size, _PIECE):
        piece = data[start : min(start + _PIECE, at + info.compress_size)]
        while piece and size <= most:
            size += len(inflate.decompress(piece, _PIECE))
            piece = inflate.unconsumed_tail
    return size


def _check_compound(path: Path, name: str) -> None:
    """The container of Excel 97, which also holds encrypted workbooks of today."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            raise locked(name)
        # The first record of an Excel 97 workbook, and directly after it the one that says "encrypted".
        if re.search(rb"\x09\x08\x10\x00\x00\x06\x05\x00[\x00-\xff]{12}\x2f\x00", data):
            raise locked(name)
        if data.find("WordDocument".encode("utf-16-le")) >= 0:
            raise _other(
                name, "a text document (Word). Copy its table into a spreadsheet program and save it as .xlsx."
            )
        book = any(data.find(stream.encode("utf-16-le")) >= 0 for stream in ("Workbook", "Book", "WORKBOOK", "BOOK"))
        if data[:4] == b"\xd0\xcf\x11\xe0" and not book:
            raise _other(name, "a file of another program. Open it there and save it as .xlsx or CSV.")
