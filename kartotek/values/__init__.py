"""Values: one kind of cell each, as Polars expressions. TYPES lists them by name (`Property.kind`).

What travels is text. `read` makes a value of a cell as it stands in a file, a form or a request, `wrong` says by
the names of imports.md 14 what hinders it, and `text` is the one canonical spelling of a value, the same that
PostgreSQL gives for it, so that two values are equal when their texts are. A text of ours read again gives the same
value, whatever country and order of dates the user has chosen; for a number, put NATIVE in front, since
1.234 means something else in Denmark.
"""

from typing import Protocol

import polars as pl

from kartotek.values import (
    attachments,
    boolean,
    cells,
    choice,
    choices,
    date,
    domain,
    domains,
    email,
    emails,
    free_choices,
    moment,
    multiline,
    number,
    owner,
    phone,
    term,
    text,
)
from kartotek.values.reading import NATIVE, Reading

__all__ = ["NATIVE", "SEVERAL", "TYPES", "Reading", "Type", "cells"]


class Type(Protocol):
    """What each module here offers."""

    DTYPE: pl.DataType  # of the value in a frame
    SQL: str  # of its column
    EXAMPLE: str  # a cell that can be read, for a sentence about one that cannot

    def check(self, cell: pl.Expr, how: Reading) -> pl.Expr:
        """A struct of `value` and `wrong`: both at the price of one."""

    def read(self, cell: pl.Expr, how: Reading) -> pl.Expr:
        """Text as it stands → value; null where blank or wrong."""

    def wrong(self, cell: pl.Expr, how: Reading) -> pl.Expr:
        """An error type of imports.md 14 where the text is not blank and cannot be read, else null."""

    def text(self, value: pl.Expr) -> pl.Expr:
        """Value → its canonical text; null stays null."""


TYPES: dict[str, Type] = {
    "text": text,
    "multiline": multiline,
    "number": number,
    "date": date,
    "moment": moment,
    "boolean": boolean,
    "choice": choice,
    "choices": choices,
    "free_choices": free_choices,
    "email": email,
    "emails": emails,
    "domain": domain,
    "domains": domains,
    "phone": phone,
    "owner": owner,
    "attachments": attachments,
    "term": term,
}
# Those of which a property holds several.
SEVERAL = ("choices", "free_choices", "attachments", "emails", "domains")
