"""In which encoding a text file is written, and its bytes as UTF-8.

UTF-8 wins whenever the whole file is valid: other encodings hardly ever are by chance. What is nearly UTF-8 (one
program appended to another one's file) stays UTF-8, and only the odd bytes are read as Windows-1252. The rest is
decided by the letters that each encoding would make of the file's words (alphabets.py).
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from kartotek import errors
from kartotek.imports.readers import alphabets, content

CHUNK = 8 * 1024 * 1024
_FIRST = 1024 * 1024  # often only the first rows are looked at
_SAMPLE = 256 * 1024
_PER_CHUNK = 32 * 1024

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
MENDED = "utf-8, mended"  # not a codec of Python's: UTF-8 with odd bytes read as Windows-1252
_NAMES = {
    "utf-8": "UTF-8", MENDED: "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE",
    "utf-32": "UTF-32", "utf-32-le": "UTF-32LE", "utf-32-be": "UTF-32BE", "cp1252": "Windows-1252",
    "cp1250": "Windows-1250", "cp1251": "Windows-1251", "cp1253": "Windows-1253", "cp1254": "Windows-1254",
    "cp1257": "Windows-1257",
    "iso8859-1": "ISO-8859-1", "iso8859-2": "ISO-8859-2", "iso8859-15": "ISO-8859-15", "mac-roman": "Mac Roman",
    "cp850": "CP850", "cp852": "CP852", "cp866": "CP866", "koi8-r": "KOI8-R", "cp932": "Shift-JIS",
    "shift_jis": "Shift-JIS", "euc_jp": "EUC-JP", "gb18030": "GB18030", "big5": "Big5", "cp949": "CP949",
}  # fmt: skip
MARKED = "utf-8, marked"  # the same, each such byte followed by a sign that no text has
SIGN = "\ue0f3"
_REPAIR = "kartotek-windows-1252"
_MARK = "kartotek-marked"


def detect(path: Path) -> str:
    """The codec's name in Python, decided over the whole file."""
    with path.open("rb") as file:
        head = file.read(content.HEAD)
        for mark, codec in _MARKS:
            if head.startswith(mark) and codec != "utf-8":
                return codec
        if wide := content.looks_wide(head):
            return wide
        file.seek(0)
        if _are_utf8(iter(lambda: file.read(CHUNK), b"")):
            return "utf-8"
        file.seek(0)
        return _narrow(iter(lambda: file.read(CHUNK), b""))


def named(encoding: str) -> str:
    """The codec of an encoding that a person named; "ANSI" and "Mac" are what Excel calls two of them."""
    asked = encoding.strip().lower()
    asked = {"ansi": "cp1252", "mac": "mac-roman", "macintosh": "mac-roman", "unicode": "utf-16"}.get(asked, asked)
    try:
        found = codecs.lookup(asked.replace(" ", "-")).name
        "".encode(found)  # refuses codecs that are no text encodings, such as rot13 and hex
    except (LookupError, TypeError, ValueError) as error:
        raise errors.UnknownName("encoding", encoding, nearest="UTF-8") from error
    known = {codecs.lookup(name).name: name for name in _NAMES if name != MENDED}
    return MENDED if found in ("utf-8", "utf-8-sig") else known.get(found, found)


def shown(codec: str) -> str:
    return _NAMES.get(codec, codec.upper())


def utf8(path: Path, codec: str, *, chunk: int = CHUNK) -> Iterator[bytes]:
    """The file's text as UTF-8, in pieces of about `chunk` bytes, cut anywhere between two characters or bytes."""
    with path.open("rb") as file:
        if codec in ("utf-8", MENDED, MARKED) and file.read(3) != b"\xef\xbb\xbf":
            file.seek(0)
        if codec == "utf-8":
            # Whole lines save the copying of what would be left over.
            yield file.read(min(chunk, _FIRST)) + file.readline(chunk)
            yield from iter(lambda: file.read(chunk) + file.readline(chunk), b"")
        elif codec in (MENDED, MARKED):
            yield from _mended(iter(lambda: file.read(chunk), b""), _REPAIR if codec == MENDED else _MARK)
        else:
            yield from _transcoded(iter(lambda: file.read(chunk), b""), codec)


def _are_utf8(chunks: Iterator[bytes]) -> bool:
    left = b""
    for chunk in chunks:
        text, left = _whole_characters(left + chunk)
        if not _is_utf8(text):
            return False
    return _is_utf8(left)


def _narrow(chunks: Iterator[bytes]) -> str:
    sample = bytearray()
    for chunk in chunks:
        if len(sample) < _SAMPLE and not chunk.isascii():
            sample += _foreign_lines(chunk)
    if _mostly_utf8(bytes(sample)):
        return MENDED
    return alphabets.best(bytes(sample))


def _is_utf8(text: bytes) -> bool:
    """Asks Polars: a file of 150 MB takes it 0.03 s, and Python's incremental decoder 0.4 s."""
    try:
        pl.Series([text], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:
        return False
    return True


def _whole_characters(text: bytes) -> tuple[bytes, bytes]:
    """The text without its last character, and that one, when it has several bytes and so may be incomplete."""
    end = len(text)
    while len(text) - end < 3 and end and 0x80 <= text[end - 1] < 0xC0:
        end -= 1
    if end and text[end - 1] >= 0xC0:
        end -= 1
    return text[:end], text[end:]


def _foreign_lines(chunk: bytes) -> bytes:
    """Lines with something beyond ASCII, up to a share of the sample, so that the sample spans the file."""
    lines = bytearray()
    for line in re.finditer(rb"[^\r\n]{0,4000}[\x80-\xff][^\r\n]{0,4000}", chunk):
        lines += line.group() + b"\n"
        if len(lines) > _PER_CHUNK:
            break
    return bytes(lines)


def _mostly_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = sum(1 for c in text if c > "\x7f") - wrong
    return right > 4 * wrong


def _mended(pieces: Iterator[bytes], repair: str) -> Iterator[bytes]:
    codecs.register_error(_REPAIR, _as_windows_1252)
    codecs.register_error(_MARK, _as_marked)
    left = b""
    for piece in pieces:
        text, left = _whole_characters(left + piece)
        yield text if _is_utf8(text) else text.decode(errors=repair).encode()
    yield left.decode(errors=repair).encode()


def _transcoded(pieces: Iterator[bytes], codec: str) -> Iterator[bytes]:
    codecs.register_error(_REPAIR, _as_windows_1252)
    decoder = codecs.getincrementaldecoder(codec)(errors=_REPAIR if codec == "cp1252" else "replace")
    for piece in pieces:
        yield decoder.decode(piece).encode("utf-8", "replace")
    yield decoder.decode(b"", True).encode("utf-8", "replace")


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(_WINDOWS_1252.get(byte, chr(byte)) for byte in wrong), error.end


def _as_marked(error: UnicodeError) -> tuple[str, int]:
    text, end = _as_windows_1252(error)
    return text + SIGN, end


# The five bytes that Windows-1252 leaves open are the control characters of Latin-1.
_WINDOWS_1252 = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)}
