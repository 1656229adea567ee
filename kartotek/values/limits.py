"""The rules that people set for the values of a property: bounds of numbers and days, and the length and form of texts.

All of them are asked of canonical texts, so numbers are compared figure by figure, however many they have. A form is
a regular expression that the whole text has to fit. Polars' own kind never goes back in a text, so no form can make
an import hang.
"""

from dataclasses import dataclass

import polars as pl

LONGEST_PATTERN = 500


@dataclass(frozen=True, slots=True)
class Limits:
    """`least` and `most` are canonical texts: of a number, or of a day. `example` shows what fits the pattern."""

    least: str | None = None
    most: str | None = None
    shortest: int | None = None
    longest: int | None = None
    pattern: str | None = None
    example: str | None = None

    def __bool__(self) -> bool:
        return any(one is not None for one in (self.least, self.most, self.shortest, self.longest, self.pattern))


NONE = Limits()
_BOUNDED = ("number", "date", "moment")
_MEASURED = ("text", "multiline")


def fit(kind: str) -> frozenset[str]:
    """The rules that there are for values of this kind."""
    if kind in _BOUNDED:
        return frozenset({"least", "most"})
    return frozenset({"shortest", "longest", "pattern"}) if kind in _MEASURED else frozenset()


def broken(kind: str, text: pl.Expr, limits: Limits) -> pl.Expr:
    """The name of the first rule that a canonical text breaks, else null; a null breaks none."""
    rules = {name: rule for name, rule in _rules(kind, text, limits).items() if rule is not None}
    return pl.coalesce(pl.lit(None, pl.String), *(pl.when(rule).then(pl.lit(name)) for name, rule in rules.items()))


def of_text(kind: str, text: str, limits: Limits) -> str | None:
    """The same of one text."""
    found = pl.DataFrame({"text": [text]}).select_seq(broken(kind, pl.col("text"), limits))
    told: str | None = found.item()
    return told


def is_pattern(text: str) -> bool:
    try:
        pl.select(pl.lit("").str.contains(each).alias(each) for each in (text, _whole(text)))
    except pl.exceptions.ComputeError:
        return False
    return True


def is_above(text: pl.Expr, bound: str) -> pl.Expr:
    """Whether a number is larger than another one, both as canonical texts."""
    negative, size = text.str.starts_with("-"), text.str.strip_prefix("-")
    if bound.startswith("-"):
        return ~negative | _is_longer(pl.lit(bound[1:]), size)
    return ~negative & _is_longer(size, pl.lit(bound))


def _rules(kind: str, text: pl.Expr, limits: Limits) -> dict[str, pl.Expr | None]:
    if kind == "number":
        least, most = limits.least, limits.most
        return {
            "least": None if least is None else ~is_above(text, least) & (text != least),
            "most": None if most is None else is_above(text, most),
        }
    if kind in _BOUNDED:
        day = text.str.slice(0, 10)
        return {
            "least": None if limits.least is None else day < limits.least,
            "most": None if limits.most is None else day > limits.most,
        }
    if kind not in _MEASURED:
        return {}
    return {
        "shortest": None if limits.shortest is None else text.str.len_chars() < limits.shortest,
        "longest": None if limits.longest is None else text.str.len_chars() > limits.longest,
        "pattern": None if limits.pattern is None else ~text.str.contains(_whole(limits.pattern)),
    }


def _is_longer(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Of numbers without a sign: more figures before the point, or as many and later ones in order."""
    figures, others = (each.str.extract(r"^(\d+)").str.len_bytes() for each in (one, other))
    return (figures > others) | ((figures == others) & (one > other))


def _whole(pattern: str) -> str:
    return rf"\A(?:{pattern})\z"
