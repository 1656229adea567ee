"""Texts that a spreadsheet program would take for a formula: how they are written into a file, and how they are read.

A text that begins with one of = + - @, a tab or a carriage return gets an apostrophe in front, and so does one that
has apostrophes before such a sign: then taking one apostrophe off whatever looks so gives back exactly what was there.
"""

import polars as pl

_SIGN = r"[=+\-@\t\r]"
_STARTS = f"^'*{_SIGN}"
_GUARDED = f"^'+{_SIGN}"


def guarded(text: pl.Expr) -> pl.Expr:
    """For a file of text, where nothing else says that this is no formula."""
    return _quoted(text, _STARTS)


def told_apart(text: pl.Expr) -> pl.Expr:
    """For a file that says of itself that a cell is text: only what `bare` would shorten is made longer."""
    return _quoted(text, _GUARDED)


def bare(cell: pl.Expr) -> pl.Expr:
    """A cell as it stands in a file → the text it means."""
    return pl.when(~cell.str.contains(_GUARDED)).then(cell).otherwise(cell.str.slice(1))


def _quoted(text: pl.Expr, pattern: str) -> pl.Expr:
    return pl.when(~text.str.contains(pattern)).then(text).otherwise("'" + text)
