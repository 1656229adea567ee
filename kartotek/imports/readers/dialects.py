"""Which delimiter and which quote a text uses, judged by the table that each would make of its first rows."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import log2

from kartotek.imports.readers import cells, headers, records

CANDIDATES = (",", ";", "\t", "|", "^")
_ROWS = 1000
_ENOUGH = 0.4  # of the rows must be as wide as each other


def announced(text: bytes) -> str | None:
    """The delimiter that a first line `sep=;` names; Excel writes and obeys it, and does not show the line."""
    found = re.match(rb'"?sep=([ -~\t])"?\r?(?:\n|$)', text, re.IGNORECASE)
    return found.group(1).decode() if found else None


def sniff(text: bytes, *, delimiter: str | None) -> records.Dialect:
    quote = _quote(text)
    if delimiter:
        return records.Dialect(delimiter, quote)
    present = [d for d in CANDIDATES if d.encode() in text]
    scores = {d: _score(first_rows(text, records.Dialect(d, quote)), d, text) for d in present}
    best = max(present, key=lambda d: scores[d], default="")
    if best and scores[best] > 0:
        return records.Dialect(best, quote)
    # One column: then the delimiter is one that does not occur, lest “Hansen, Peter” become two cells.
    absent = (d for d in CANDIDATES if d not in present)
    return records.Dialect(next(absent, "\t"), quote)


def has_backslashes(text: bytes) -> bool:
    """Whether quotes within cells are written \\", as MySQL does: then some stands before an ordinary character, and
    none is doubled. A cell may as well end with a backslash."""
    if b'\\"' not in text:  # nearly no file has it, and the patterns try each place
        return False
    within = re.search(rb'[^\\](?:\\\\)*\\"[^",;\t|^\r\n]', text)
    return bool(within) and not re.search(rb'[^,;\t|^\r\n"\\]""', text)


def without_backslashes(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """With quotes doubled instead."""
    left = b""
    for piece in pieces:
        text = left + piece
        left = b"\\" if (len(text) - len(text.rstrip(b"\\"))) % 2 else b""
        text = text.removesuffix(left).replace(b"\\\\", b"\x02").replace(b'\\"', b'""')
        yield text.replace(b"\x02", b"\\")
    yield left


def is_aligned(text: bytes) -> bool:
    """Whether columns are told apart by the number of spaces: then nearly all lines have several in their midst."""
    lines = [line for line in text.splitlines()[:_ROWS] if line.strip()]
    spaced = sum(1 for line in lines if re.search(rb"\S {2,}\S", line))
    return len(lines) > 2 and spaced >= 0.7 * len(lines)


def first_rows(text: bytes, dialect: records.Dialect) -> list[list[str]]:
    """The first records, blank ones too; the last of them may be cut short with the text."""
    found = records.of(text, dialect, 1).records
    assert found is not None
    return [cells.split(record.removesuffix("\r"), dialect) for record in found["text"][:_ROWS]]


def _quote(text: bytes) -> str:
    """Single quotes only where cells begin and end with them all over the text, and none with double quotes."""
    if b"'" not in text:
        return '"'
    opens = len(re.findall(rb"(?:^|[,;\t|^])'", text, re.MULTILINE))
    ends = len(re.findall(rb"'(?=[,;\t|^\r]|$)", text, re.MULTILINE))
    double = re.search(rb'(?:^|[,;\t|^])"', text, re.MULTILINE)
    single = not double and opens >= max(2, text.count(b"\n") * 0.5) and 0.8 < opens / max(ends, 1) < 1.25
    return "'" if single else '"'


def _score(rows: Sequence[Sequence[str]], delimiter: str, text: bytes) -> float:
    """How much of a table these rows are: many cells, the same number in each, and the header as wide as the rest."""
    widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
    several = Counter({width: times for width, times in widths.items() if width > 1})
    header = headers.find(rows[: headers.LOOK_AT])
    if not several or header is None:
        return 0.0
    width, times = max(several.items(), key=lambda item: (item[1], item[0]))
    share = times / widths.total()
    if len(rows[header]) < 2 or share < _ENOUGH or (header and _is_punctuation(rows, delimiter, text)):
        return share / 100 if len(rows[header]) > 1 and not header else 0.0
    return share * share * log2(width) * (1.0 if len(rows[header]) == width else 0.5)


def _is_punctuation(rows: Sequence[Sequence[str]], delimiter: str, text: bytes) -> bool:
    """A comma that is always followed by a space, and that the first row does without, is part of a name."""
    first = next((row for row in rows if any(cell.strip() for cell in row)), [])
    mark = delimiter.encode()
    return len(first) == 1 and text.count(mark) == text.count(mark + b" ")
