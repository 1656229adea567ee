"""Telephone numbers in E.164, kept with their country: +4512345678, with an extension +4512345678;ext=12.

A number counts when its length is one that its country has: whether it is in use nobody here can know, and a made-up
one must not cost a value. phonenumbers knows the lengths, and how a country's trunk prefix goes; from that one regular
expression is built that settles nearly every cell. What is left is asked of the library, once per distinct text.
A number without a country, when none was chosen, is kept as its digits, so nothing is lost.
"""

import functools
import re
from collections.abc import Sequence

import phonenumbers
import polars as pl
from phonenumbers.phonemetadata import PhoneMetadata

from kartotek import errors
from kartotek.values import cells
from kartotek.values.reading import Reading

DTYPE: pl.DataType = pl.String()
SQL = "text"
EXAMPLE = "+45 12 34 56 78"

_WRITTEN = r"^[+0-9(][0-9 ()./\-\x{a0}\x{2010}-\x{2015}\x{202f}\x{2212}]*$"
_TRUNK = r"\([0 ]+\)"  # +44 (0)20: the library knows when the zero goes
_CENTS = "^([0-9]{5,})[.,]0$"  # a number that was a decimal on its way here
_NAMED = r"(?i)^(?:tlf|tel|telefon|phone|mobile|mobil|mob)[.:]* *([+0-9(].*)$"
_LOCAL = r"(?i)[ ,;]*\b(?:lokalnr|lokal|lok)\.? *([0-9]{1,7})$"
_HOMELESS = "^(?:[1-9]|0[1-9])[0-9]{4,14}$"
_HOMELESS_EXTENSION = re.compile(r"([0-9(][0-9 ()./-]{4,20}?)(?:;ext=| *(?:ext\.?|x|#) *)([0-9]{1,7})")
# No telephone number, though it has digits: what a spreadsheet program has rounded (4,51235E+10), a day, an address.
_DAY = r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}$|^[0-3]?[0-9][-/.][01]?[0-9][-/.](?:19|20)[0-9]{2}$"
_NOT_PLAIN = rf"[.,]0$|{_DAY}"
_SOMETHING_ELSE = rf"[0-9][eE]\+?[0-9]+$|@|://|^.{{65}}|{_DAY}"
_MARKS = [" ", "\u00a0", "(", ")", "-", "."]


def check(cell: pl.Expr, how: Reading) -> pl.Expr:
    if how.country is not None and how.country.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise errors.UnknownName("country of telephone numbers", how.country)
    return cells.in_steps(
        cell, lambda frame: _common(frame, how.country), lambda frame: _rest(frame, how.country), DTYPE
    )


read, wrong = cells.halves(check)


def text(value: pl.Expr) -> pl.Expr:
    return value


@functools.lru_cache(1024)
def grouped(text: str) -> str:
    """+4533121314 → +45 33 12 13 14, as people read it; what has no country stays as it is."""
    try:
        number = phonenumbers.parse(text) if text.startswith("+") else None
    except phonenumbers.NumberParseException:
        return text
    form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form) if number and _written(number) in text else text


def _common(frame: pl.DataFrame, country: str | None) -> pl.DataFrame:
    cell, settled = pl.col("cell"), pl.col("settled")
    steps = frame.with_columns_seq(settled=cell.str.contains(_fits()))
    if steps.get_column("settled").all():
        return steps.with_columns_seq(value=cell)
    plain = cells.only(cell, ~settled & ~cell.str.contains(_NOT_PLAIN)).str.replace_many(_MARKS, [""])
    digits = steps.select_seq("cell", "settled", digits=plain).with_columns_seq(digits=_with_plus(pl.col("digits")))
    return _number(digits, country).with_columns_seq(value=pl.when(settled).then(cell).otherwise(pl.col("value")))


def _with_plus(digits: pl.Expr) -> pl.Expr:
    return pl.when(digits.str.starts_with("00")).then("+" + digits.str.slice(2)).otherwise(digits)


def _number(frame: pl.DataFrame, country: str | None) -> pl.DataFrame:
    """Adds what can be said of `digits`, with or without a plus, without asking the library."""
    digits, value = pl.col("digits"), pl.col("value")
    steps = frame.with_columns_seq(value=cells.only(digits, digits.str.contains(_fits())))
    left = cells.only(digits, value.is_null())
    if country is None:
        return steps.with_columns_seq(value=pl.coalesce(value, cells.only(left, left.str.contains(_HOMELESS))))
    code, at_home, with_code = _country(country.upper())
    home = pl.lit(f"+{code}") + left.str.extract(at_home)
    tried = steps.with_columns_seq(home=pl.coalesce(home, "+" + cells.only(left, left.str.contains(with_code))))
    return tried.with_columns_seq(
        value=pl.coalesce(value, cells.only(pl.col("home"), pl.col("home").str.contains(_fits())))
    )


@functools.cache
def _fits() -> str:
    """All that is E.164 already, whatever the country."""
    codes = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    known = ((code, _metadata(code, regions[0])) for code, regions in codes.items())
    numbers = (f"{code}{_of_length(metadata, _lengths(metadata))}" for code, metadata in known)
    return rf"^\+(?:{'|'.join(numbers)})(?:;ext=[0-9]{{1,7}})?$"


@functools.cache
def _country(country: str) -> tuple[str, str, str]:
    """Its code, its numbers as dialled at home (group 1 without the trunk prefix), and those that lack but the plus.

    The library takes the code for one only where the number would else be none, or too long; so do these.
    """
    metadata = _metadata(phonenumbers.country_code_for_region(country), country)
    code, trunk, lengths = str(metadata.country_code), metadata.national_prefix or "", _lengths(metadata)
    if metadata.national_prefix_for_parsing not in (None, trunk, f"{trunk}|180020"):
        return code, "^()$^", "^()$^"  # hard: the library is asked
    pattern = metadata.general_desc and metadata.general_desc.national_number_pattern
    general = (pattern or "").replace(r"\d", "[0-9]")
    too_long = _of_length(metadata, [length for length in lengths if length + len(code) > max(lengths)])
    at_home = general if trunk else f"{general}|{_not_after(code)}"
    return code, f"^(?:{trunk})?({at_home})$", f"^{code}(?:{general}|{too_long})$"


def _metadata(code: int, region: str) -> PhoneMetadata:
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    assert metadata is not None, region
    return metadata


def _lengths(metadata: PhoneMetadata) -> Sequence[int]:
    return metadata.general_desc.possible_length if metadata.general_desc else ()


def _of_length(metadata: PhoneMetadata, lengths: Sequence[int]) -> str:
    """So many digits. Where a zero is the trunk prefix none stands first: the library knows what +49 030 means."""
    first = "[1-9]" if "0" in (metadata.national_prefix_for_parsing or "") else "[0-9]"
    return f"(?:{'|'.join(f'{first}[0-9]{{{length - 1}}}' for length in lengths)})"


def _not_after(code: str) -> str:
    """Digits that do not begin with the country's code."""
    turns = (f"{code[:index]}[0-9&&[^{digit}]]" for index, digit in enumerate(code))
    return f"(?:{'|'.join(turns)})[0-9]*"


def _rest(frame: pl.DataFrame, country: str | None) -> pl.DataFrame:
    line = pl.col("line")
    clean = cells.clean(pl.col("cell")).str.replace(_NAMED, "$1").str.replace(_CENTS, "$1")
    steps = frame.with_columns_seq(line=clean.str.replace(_LOCAL, ";ext=$1"), wrong=pl.lit("FAILED_VALIDATION"))
    numbers = steps.with_columns_seq(line=cells.only(line, ~line.str.contains(_SOMETHING_ELSE)))
    written = cells.only(line, line.str.contains(_WRITTEN) & ~line.str.contains(_TRUNK))
    found = numbers.with_columns_seq(digits=_with_plus(written.str.replace_all("[^+0-9]", "")))
    known = _number(found, country)
    asked = known.filter(pl.col("value").is_null()).get_column("line")
    answers = {text: _answer(text, country) for text in asked.drop_nulls()}
    return known.with_columns_seq(value=pl.coalesce("value", cells.look_up(line, {"": None, **answers}, DTYPE)))


def _answer(line: str, country: str | None) -> str | None:
    if country is None and (homeless := _HOMELESS_EXTENSION.fullmatch(line)):
        return f"{re.sub('[^0-9]', '', homeless[1])};ext={homeless[2]}"
    try:
        number = phonenumbers.parse(line, country and country.upper())
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None  # also what is complete only within one town
    e164 = _written(number)
    if _written(phonenumbers.parse(e164)) != e164:
        return None  # of nothing but zeros, the first is taken for a trunk prefix at each reading
    return e164 + (f";ext={number.extension}" if number.extension else "")


def _written(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).split(";")[0]
