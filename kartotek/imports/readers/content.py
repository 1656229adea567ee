"""What a file is, by its first bytes: a name can be wrong, the content cannot.

Reports from web programs are often HTML named .xls, PDFs are sent as .csv; each gets the sentence that helps.
"""

import json
import re
from enum import Enum
from pathlib import Path

from kartotek import errors

HEAD = 64 * 1024


class Kind(Enum):
    TEXT = "text"
    WORKBOOK = "workbook"
    JSON_LINES = "json lines"
    WEB_PAGE = "web page"


def kind_of(path: Path, *, name: str) -> Kind:
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return Kind.WORKBOOK
    if _is_bare_biff(head):
        return Kind.WORKBOOK
    for magic, noun, advice in _FOREIGN:
        if head.startswith(magic):
            raise _not_a_spreadsheet(name, noun, advice)
    if markup := _markup(head, name):
        return markup
    if _is_binary(head):
        raise _not_a_spreadsheet(name, "a binary file", _SAVE_AS)
    return Kind.TEXT


def nul_counts(data: bytes, step: int) -> list[int]:
    """How many bytes are NUL at each position modulo `step`: the mark of UTF-16 and UTF-32."""
    return [data[at::step].count(0) for at in range(step)]


def looks_wide(head: bytes) -> str | None:
    """The UTF-16 or UTF-32 that a file without a byte order mark is written in, by where its NULs stand."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) or b"\0" not in head:
        return None
    head = head[: len(head) - len(head) % 4]
    quads = max(len(head) // 4, 1)
    four = nul_counts(head, 4)
    if four[2] > quads * 0.9 and four[3] > quads * 0.9:
        return "utf-32-le"
    if four[0] > quads * 0.9 and four[1] > quads * 0.9:
        return "utf-32-be"
    even, odd = nul_counts(head, 2)
    if odd > quads * 0.1 and even * 20 <= odd:
        return "utf-16-le"
    if even > quads * 0.1 and odd * 20 <= even:
        return "utf-16-be"
    return None


def is_object(line: bytes) -> bool:
    """Whether it is one of JSON."""
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


_SAVE_AS = "Open it in the program it comes from and save it as CSV or Excel (.xlsx)."

_FOREIGN: tuple[tuple[bytes | tuple[bytes, ...], str, str], ...] = (
    (b"%PDF", "a PDF", "Export the table from the program it was made with as CSV or Excel (.xlsx)."),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM\x00", b"II*\x00", b"MM\x00*"), "a picture", _SAVE_AS),
    ((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd"), "a compressed archive",
     "Unpack it and send the file inside."),
    ((b"SQLite format 3", b"\x00\x01\x00\x00Standard"), "a database", "Export the table as CSV."),
    ((b"PAR1", b"ARROW1", b"\x7fELF", b"MZ\x90"), "a binary file", _SAVE_AS),
    (b"{\\rtf", "a text document (RTF)", _SAVE_AS),
)  # fmt: skip


def _not_a_spreadsheet(name: str, noun: str, advice: str) -> errors.BadFile:
    return errors.BadFile("INVALID_FILE_TYPE", f"“{name}” is not a spreadsheet but {noun}. {advice}")


def _markup(head: bytes, name: str) -> Kind | None:
    text = head.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    text = text.lstrip()
    start = text[:4096].lower()
    if re.match(rb"<(!doctype html|html|head|body|table|meta|style|!--)", start):
        return Kind.WEB_PAGE
    if re.match(rb"<(!doctype|\?xml|[a-z]+:?[a-z]*[ >])", start) or start.startswith(b"mime-version:"):
        advice = "Open it in Excel or LibreOffice and save it as Excel (.xlsx) or CSV."
        raise _not_a_spreadsheet(name, "a web page (HTML or XML)", advice)
    if is_object(text.split(b"\n", 1)[0]):
        return Kind.JSON_LINES
    if re.match(rb'(\{\s*("[^"]*"\s*:|\})|\[\s*[\[{])', start):
        raise _not_a_spreadsheet(
            name, "JSON", "Export it as JSON Lines, an object on each line, as CSV or Excel (.xlsx)."
        )
    return None


def _is_bare_biff(head: bytes) -> bool:
    """Excel 2 to 4 wrote their records straight into the file."""
    return head[:4] in (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00")


def _is_binary(head: bytes) -> bool:
    if looks_wide(head) or head.startswith((b"\xff\xfe", b"\xfe\xff")) or not head:
        return False
    strange = head.translate(None, bytes(range(0x20, 0x100)) + b"\t\n\r\x0b\x0c\x1a\x1b")
    return len(strange) > max(len(head) * 0.02, 8 if len(head) < 400 else 0)
