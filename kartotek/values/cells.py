"""What every kind of cell shares: what counts as blank, and which texts count as the same word.

Two things make a million cells quick. Nearly all of them are clean and in the common form, so each function asks one
question of every cell, and works only on those that fail it: Polars skips nulls, which makes a masked column almost
free. And an expression is a tree: what is used twice stands in it twice, so a chain of twenty masks would be a million
nodes. Hence the common forms are expressions, and what is left goes through `once_each`, in eager steps.
"""

from collections.abc import Callable, Iterable, Mapping

import polars as pl

from kartotek.values.reading import NATIVE

# What cannot be seen, as code points because an editor would hide it: Polars' own strip_chars keeps the zero-width
# ones, and direction marks come along with numbers pasted from an address book.
_INVISIBLE = [*range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x205F, 0x206A), 0x3000, 0xFEFF]
SPACES = " \u0085\u00a0\u1680" + "".join(map(chr, _INVISIBLE))
_EDGES = "\0\t\n\v\f\r" + SPACES + NATIVE
_BREAKS = "\t\n\v\f\r\u0085\u2028\u2029"
_SAYS_SOMETHING = f"[^{_EDGES}]"
_ODD = rf"[\x00{_BREAKS}]|^[{_EDGES}]|[{_EDGES}]$|^$"
_ODD_LINES = rf"[\x00\r]|^[{_EDGES}]|[{_EDGES}]$|^$"
_ODD_WORD = "[^ -~]|  |^ | $|^$"


def clean(cell: pl.Expr) -> pl.Expr:
    """One line without white space around it, null where blank; line ends and tabs inside become a space."""
    odd = cell.str.contains(_ODD)
    return pl.when(odd).then(_one_line(only(cell, odd))).otherwise(cell)


def clean_lines(cell: pl.Expr) -> pl.Expr:
    """Like `clean`, for text of many lines: they stay, each ended by one newline."""
    odd = cell.str.contains(_ODD_LINES)
    unified = only(cell, odd).str.replace_all("\r\n", "\n", literal=True).str.replace_all("\r", "\n", literal=True)
    return pl.when(odd).then(_bare(unified)).otherwise(cell)


def fold(cell: pl.Expr) -> pl.Expr:
    """What two spellings of the same word have in common: case, white space and composed accents do not matter."""
    odd = cell.str.contains(_ODD_WORD)
    word = _one_line(only(cell, odd)).str.normalize("NFC").str.replace_all(f"[{SPACES}]+", " ")
    # Upper case first, so that straße and STRASSE meet, and both ways to write a Greek s.
    folded = word.str.to_uppercase().str.to_lowercase()
    return pl.when(odd).then(folded).otherwise(cell.str.to_lowercase())


def fold_texts(texts: Iterable[str]) -> list[str | None]:
    """`fold` of many texts at once; null for a blank one."""
    column = pl.Series("text", list(texts), dtype=pl.String)
    return column.to_frame().select(fold(pl.col("text"))).to_series().to_list()


def fold_text(text: str) -> str:
    """`fold` of one text. By the same expression, as Python and Polars know different editions of Unicode."""
    return fold_texts([text])[0] or ""


def without_invisible(cell: pl.Expr) -> pl.Expr:
    """For addresses, where a zero-width character in the middle is as wrong as one at the end."""
    return cell.str.replace_all(r"[\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}]", "")


def only(cell: pl.Expr, condition: pl.Expr) -> pl.Expr:
    """The cell where the condition holds, else null: what follows costs nothing for the rest."""
    return pl.when(condition).then(cell)


def unread(cell: pl.Expr, value: pl.Expr) -> pl.Expr:
    """Whether the cell says something and yet gave no value."""
    return only(cell, value.is_null()).str.contains(_SAYS_SOMETHING)


def once_each(cell: pl.Expr, answer: Callable[[pl.DataFrame], pl.DataFrame], dtype: pl.DataType) -> pl.Expr:
    """What `answer` makes of each distinct cell: it is given a frame with the column `cell` and gives one of the same
    height with the column `answer`. Nothing is called when there are only nulls."""

    def ask(column: pl.Series) -> pl.Series:
        distinct = column.drop_nulls().unique().alias("cell")
        if distinct.is_empty():
            return pl.repeat(None, len(column), dtype=dtype, eager=True)
        answers = answer(distinct.to_frame()).get_column("answer")
        return column.replace_strict(distinct, answers, default=None, return_dtype=dtype)

    return cell.map_batches(ask, return_dtype=dtype, is_elementwise=True)


def look_up(word: pl.Expr, values: Mapping[str, object], dtype: pl.DataType) -> pl.Expr:
    return word.replace_strict(list(values), list(values.values()), default=None, return_dtype=dtype)


def pieces(cell: pl.Expr, each: Callable[[pl.Expr], pl.Expr] = clean) -> pl.Expr:
    """What stands between the semicolons, made clean, and is not blank; null when nothing does."""
    found = cell.str.split(";").list.eval(each(pl.element()).drop_nulls())
    return only(found, found.list.len() > 0)


def every_piece(pieces: pl.Expr, read: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    """The values of all pieces, each of them once; null as soon as one of them gives none."""
    values = pieces.list.eval(read(pl.element()))
    distinct = values.list.unique(maintain_order=True)
    return only(distinct, values.list.eval(pl.element().drop_nulls()).list.len() == pieces.list.len())


def _one_line(cell: pl.Expr) -> pl.Expr:
    return _bare(cell).str.replace_all(f"[{SPACES}]*[{_BREAKS}][{_BREAKS}{SPACES}]*", " ")


def _bare(cell: pl.Expr) -> pl.Expr:
    return cell.str.replace_all("\0", "", literal=True).str.strip_chars(_EDGES).str.extract("(?s)^(.+)$")
