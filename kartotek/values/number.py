"""Numbers, as text all the way: a cast to float or Decimal would round some and lose others, silently.

The value is the text that PostgreSQL's numeric gives back: no thousands marks, a point, no zeros that say nothing, no
exponent. Currency signs, parentheses and exponents are looked for only in what is not in the common form. A percent
sign goes and the number stays: 12 % is 12.
"""

from collections.abc import Mapping

import polars as pl

from kartotek.values import cells, countries
from kartotek.values.reading import NATIVE, Reading

DTYPE: pl.DataType = pl.String()
SQL = "numeric"
EXAMPLE = "1250"

LONGEST = 1000  # characters; numeric itself would take 131,072 digits

_FIGURES = "^[^0-9]*?([.,]?[0-9](?:[0-9., '’\u00a0\u202f]*[0-9])?)[^0-9]*$"
_SPACES = " \u00a0\u2007\u2009\u202f"
_DASHES = r"\-\x{2010}-\x{2015}\x{2212}\x{fe63}\x{ff0d}"
_MONEY = (
    r"(?:\p{Sc}|(?:us|ca|au|nz|hk|a|c|r|s)\$|kč|zł|ft|fr\.?|sfr\.?|rs\.?|lei|лв\.?|руб\.?|р\.|kr\.?|kroner|euro?|"
    "dkk|sek|nok|isk|usd|gbp|chf|pln|czk|huf|ron|bgn|hrk|rsd|uah|rub|try|ils|aed|sar|qar|kwd|inr|pkr|bdt|lkr|cny|rmb|jpy|"
    "krw|hkd|twd|sgd|myr|thb|idr|php|vnd|aud|nzd|cad|mxn|brl|ars|clp|cop|pen|zar|ngn|kes|egp|mad|tnd)"
)
_BEFORE = rf"^([({_DASHES}+ ]*)(?:{_MONEY} *)+"
_AFTER = rf"(?: *(?:{_MONEY}|%))+([){_DASHES} ]*)$"
_NO_CENTS = rf"[.,][{_DASHES}]+$"  # 500,- is five hundred
_BODY = "([0-9.,](?:.*[0-9.,])?)"
_NEGATIVE = rf"^(?:[{_DASHES}] *{_BODY}|\( *{_BODY} *\)|{_BODY} *[{_DASHES}])$"
_EXPONENT = r"^(-?)([0-9]+)(?:[.,]([0-9]+))?[eE]([+-]?[0-9]+)$"


def check(cell: pl.Expr, how: Reading) -> pl.Expr:
    marks = countries.marks(how.numbers)
    return cells.in_steps(cell, lambda frame: _common(frame, marks), lambda frame: _rest(frame, marks), DTYPE)


read, wrong = cells.halves(check)


def text(value: pl.Expr) -> pl.Expr:
    return value


def votes(cell: pl.Expr) -> list[pl.Expr]:
    """Over many cells of a whole file, to be added up: how many can only be read with a decimal `comma`, how many
    only with a decimal `point`, and how many `either_way`, as two different numbers."""
    return cells.counted(cell, _count, ("comma", "point", "either_way"))


def settle(votes: Mapping[str, int]) -> str | None:
    """The decimal mark that all cells agree on, "any" when none of them depends on it, None when it must be asked.

    `countries.OF_MARK` has a country for `Reading.numbers`.
    """
    if votes["comma"] and votes["point"]:
        return None
    if votes["comma"]:
        return ","
    if votes["point"]:
        return "."
    return None if votes["either_way"] else "any"


def _count(frame: pl.DataFrame) -> pl.DataFrame:
    comma, point = pl.col("comma"), pl.col("point")
    telling = pl.col("cell").str.contains("[.,]") & ~pl.col("cell").str.starts_with(NATIVE)
    plain = _both_ways(frame.filter(telling).select_seq(core="cell"))
    # The number in "kr. 1.234,50" is cut out only where the whole cell is none.
    odd = plain.filter(~comma & ~point).select_seq(core=pl.col("core").str.extract(_FIGURES))
    readable = pl.concat([plain, _both_ways(odd)]).filter(pl.col("core").str.contains("[.,]"))
    return readable.select_seq(
        comma=(comma & ~point).sum(), point=(point & ~comma).sum(), either_way=(comma & point).sum()
    )


def _both_ways(frame: pl.DataFrame) -> pl.DataFrame:
    forms = {name: _form(countries.marks(countries.OF_MARK[mark])) for name, mark in (("comma", ","), ("point", "."))}
    return frame.with_columns_seq(pl.col("core").str.contains(form).alias(name) for name, form in forms.items())


def _common(frame: pl.DataFrame, marks: countries.Marks) -> pl.DataFrame:
    """Of what a country writes, what is canonical once its marks are exchanged and zeros at the end are gone."""
    cell, number = pl.col("cell"), pl.col("number")
    settled = cell.str.contains(_common_form(marks)) & (cell.str.len_bytes() <= LONGEST)
    steps = frame.select_seq(number=_pointed(cells.only(cell, settled), marks))
    ends = number.str.ends_with("0") & number.str.contains(".", literal=True)
    shorter = cells.only(number, ends).str.strip_chars_end("0").str.strip_suffix(".")
    return steps.select_seq(value=pl.coalesce(shorter, number))


def _common_form(marks: countries.Marks) -> str:
    whole = "[1-9][0-9]*"
    if marks.thousands and marks.believed:
        whole += rf"|[1-9][0-9]{{0,2}}(?:\{marks.thousands}[0-9]{{3}})+"
    return rf"^(?:-?(?:{whole})(?:\{marks.decimal}[0-9]+)?|0(?:\{marks.decimal}[0-9]+)?)$"


def _pointed(number: pl.Expr, marks: countries.Marks) -> pl.Expr:
    grouped = number.str.replace_all(marks.thousands, "", literal=True) if marks.thousands else number
    return grouped.str.replace(",", ".", literal=True) if marks.decimal == "," else grouped


def _rest(frame: pl.DataFrame, marks: countries.Marks) -> pl.DataFrame:
    """With a currency, a zero too many, an exponent, or straight from a spreadsheet program."""
    core, native = pl.col("core"), pl.col("cell").str.starts_with(NATIVE)
    steps = frame.with_columns_seq(core=_core(pl.col("cell"))).with_columns_seq(
        here=cells.only(core, core.str.contains(_form(marks)) & ~native),
        native=cells.only(core, core.str.contains(_form(countries.marks(None))) & native),
        exponent=cells.only(core, core.str.contains(_EXPONENT)),
    )
    written = pl.coalesce("here", "native", "exponent")
    kind = pl.when(written.is_null()).then(pl.lit("COULD_NOT_PARSE_NUMBER")).otherwise(pl.lit("INVALID_NUMBER_SIZE"))
    moved = pl.coalesce(_pointed(pl.col("here"), marks), "native", _without_exponent(pl.col("exponent")))
    digits = steps.with_columns_seq(wrong=kind, digits=moved.str.replace_all("[^0-9.-]", ""))
    number = digits.with_columns_seq(number=_tidy(pl.col("digits")))
    return number.with_columns_seq(value=cells.only(pl.col("number"), pl.col("number").str.len_bytes() <= LONGEST))


def _form(marks: countries.Marks) -> str:
    """What numbers look like in a country: thousands marks only where they group rightly, and never after a zero."""
    mark, other = rf"\{marks.decimal}", rf"\{marks.thousands}"
    spaced = rf"[1-9][0-9]{{0,2}}(?:(?:[{_SPACES}][0-9]{{3}})+|(?:['’][0-9]{{3}})+)"
    forms = [rf"(?:[0-9]+|{spaced})(?:{mark}[0-9]*)?", rf"{mark}[0-9]+"]
    if marks.thousands and marks.believed:
        forms.append(rf"[1-9][0-9]{{0,2}}(?:{other}[0-9]{{3}})+(?:{mark}[0-9]*)?")
    if marks.thousands and not marks.believed:
        forms.append(rf"[1-9][0-9]{{0,2}}(?:(?:{other}[0-9]{{3}})+{mark}[0-9]+|(?:{other}[0-9]{{3}}){{2,}})")
    if marks.lakh:
        forms.append(rf"[1-9][0-9]?(?:{other}[0-9]{{2}})*{other}[0-9]{{3}}(?:{mark}[0-9]*)?")
    return f"^-?(?:{'|'.join(forms)})$"


def _core(cell: pl.Expr) -> pl.Expr:
    """The number without what stands around it; what is negative in any way has a minus in front."""
    line = cells.clean(cell).str.to_lowercase().str.replace_all(f"[{_SPACES}]", " ")
    bare = line.str.replace(_BEFORE, "$1").str.replace(_AFTER, "$1").str.replace(_NO_CENTS, "")
    return bare.str.replace(_NEGATIVE, "-$1$2$3").str.replace(r"^\+ *([0-9.,])", "$1")


def _without_exponent(cell: pl.Expr) -> pl.Expr:
    """1.5E+06 as a row of digits, the point moved."""
    sign, whole, part, exponent = (cell.str.extract(_EXPONENT, group) for group in (1, 2, 3, 4))
    digits = whole + part.fill_null("")
    shift = exponent.cast(pl.Int64, strict=False)
    point = whole.str.len_bytes().cast(pl.Int64) + cells.only(shift, shift.abs() <= LONGEST)
    # Never negative: a length of less than nothing is a length of nearly everything.
    after = (digits.str.len_bytes().cast(pl.Int64) - point).clip(lower_bound=0)
    before = point.clip(lower_bound=0)
    filled = digits.str.pad_end(before, "0").str.pad_start(after, "0")
    return sign + "0" + filled.str.slice(0, before) + "." + filled.str.slice(before)


def _tidy(digits: pl.Expr) -> pl.Expr:
    """Canonical, out of digits with perhaps a sign, a point and needless zeros."""
    whole = digits.str.extract("^-?0*([0-9]*)").str.replace("^$", "0")
    part = digits.str.extract(r"(\.[0-9]*[1-9])0*$").fill_null("")
    minus = pl.when(digits.str.contains("^-.*[1-9]")).then(pl.lit("-")).otherwise(pl.lit(""))
    return minus + whole + part
