"""What a number format makes of a number: a day, a span of time, a code with zeros in front, or just a number."""

import re
from dataclasses import dataclass

_DAYS = {*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)}  # built in
_SPAN = 46
_SPANS = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_SILENT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_CODE = re.compile(r'(0+)|"([^"]*)"|\\(.)|([-+() ])')


@dataclass(frozen=True, slots=True)
class Format:
    """`kind`: number, day, span or code; `parts` of a code: how many digits, or the text between them."""

    kind: str
    parts: tuple[int | str, ...] = ()


NUMBER, DAY, SPAN = Format("number"), Format("day"), Format("span")


def of(number: int, code: str | None) -> Format:
    """Of a format that is built in, known by its number, or that the workbook spells out."""
    if code is None:
        return SPAN if number == _SPAN else DAY if number in _DAYS else NUMBER
    first = code.split(";")[0]
    if _SPANS.search(first):
        return SPAN
    said = _SILENT.sub("", first)
    if re.search("[ymdhs]", said, re.IGNORECASE) and not re.match("general|standard", said, re.IGNORECASE):
        return DAY
    return _code(first)


def _code(code: str) -> Format:
    """00000 is a postal code, 000-00-0000 some other number; 0 and 0.00 are plain."""
    parts: list[int | str] = []
    at = 0
    while found := _CODE.match(code, at):
        zeros, *texts = found.groups()
        parts.append(len(zeros) if zeros else next(text for text in texts if text is not None))
        at = found.end()
    digits = sum(part for part in parts if isinstance(part, int))
    return Format("code", tuple(parts)) if at == len(code) and digits > 1 else NUMBER
