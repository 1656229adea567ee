"""What every kind of cell shares: what counts as blank, which texts count as the same word, and how to be quick.

Nearly all cells of a file are clean and in the common form. So each kind asks few questions of every cell, and does its
long work only on the distinct texts that are left. In one expression this cannot be said: an expression is a tree, in
which what is used twice stands twice, and Polars does not find again what lies behind a when/then. Twenty rules made a
million nodes. Hence `in_steps`: eager steps over whole columns, each result named and used as often as wanted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

import polars as pl

from kartotek.values.reading import NATIVE, Reading

Step = Callable[[pl.DataFrame], pl.DataFrame]

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
_REMEMBERED = 1_000  # texts
_NO_WRONG = pl.Series("wrong", [None], dtype=pl.String)


class Check(Protocol):
    def __call__(self, cell: pl.Expr, how: Reading) -> pl.Expr: ...


def halves(check: Check) -> tuple[Check, Check]:
    """`read` and `wrong` of a kind, for who wants only one of what its `check` gives."""

    def read(cell: pl.Expr, how: Reading) -> pl.Expr:
        return check(cell, how).struct.field("value")

    def wrong(cell: pl.Expr, how: Reading) -> pl.Expr:
        return check(cell, how).struct.field("wrong")

    return read, wrong


def is_odd(cell: pl.Expr) -> pl.Expr:
    """Whether `clean` would change it."""
    return cell.str.contains(_ODD)


def has_odd_lines(cell: pl.Expr) -> pl.Expr:
    """Whether `clean_lines` would change it."""
    return cell.str.contains(_ODD_LINES)


def clean(cell: pl.Expr) -> pl.Expr:
    """One line without white space around it, null where blank; line ends and tabs inside become a space."""
    odd = is_odd(cell)
    return pl.when(odd).then(_one_line(only(cell, odd))).otherwise(cell)


def clean_lines(cell: pl.Expr) -> pl.Expr:
    """Like `clean`, for text of many lines: they stay, each ended by one newline."""
    odd = has_odd_lines(cell)
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
    return column.to_frame().select_seq(fold(pl.col("text"))).to_series().to_list()


def fold_text(text: str) -> str:
    """`fold` of one text. By the same expression, as Python and Polars know different editions of Unicode."""
    return fold_texts([text])[0] or ""


def without_invisible(cell: pl.Expr) -> pl.Expr:
    """For addresses, where a zero-width character in the middle is as wrong as one at the end."""
    return cell.str.replace_all(r"[\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}]", "")


def only(cell: pl.Expr, condition: pl.Expr) -> pl.Expr:
    """The cell where the condition holds, else null: what follows costs nothing for the rest."""
    return pl.when(condition).then(cell)


def in_steps(cell: pl.Expr, common: Step | None, rest: Step, dtype: pl.DataType) -> pl.Expr:
    """A struct of `value` and `wrong`, made in one go.

    `common` is given a frame with the column `cell` and gives one with `value`, null where it is not settled. `rest` is
    given what that leaves, each text once, and adds `value` and `wrong`: what to call it should it have no value. Who
    keeps the expression for the next batch has it answer there from memory: what stands for nothing stands there, too.
    """
    kept: dict[str, pl.DataFrame] = {}  # of threads that are at several batches each looks once

    def answered(texts: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
        """The answers, and where in them each text has its own."""
        told = kept.get("answers")
        if told is not None and (places := placed(texts, told.get_column("cell"))).null_count() == texts.null_count():
            return told, places
        each = texts.drop_nulls().unique().to_frame()
        answers = rest(each).select_seq("cell", found="value", wrong=_told(pl.col("wrong")))
        if len(answers) <= _REMEMBERED:
            kept["answers"] = answers
        return answers, placed(texts, answers.get_column("cell"))

    def check(column: pl.Series) -> pl.Series:
        frame = column.alias("cell").to_frame()
        value = common(frame).get_column("value") if common else pl.repeat(None, len(column), dtype=dtype, eager=True)
        wrong = _NO_WRONG.new_from_index(0, len(value))
        if value.null_count() > column.null_count():
            both = pl.DataFrame([frame.get_column("cell"), value.alias("value")])
            left = both.select_seq(only(pl.col("cell"), pl.col("value").is_null())).to_series()
            answers, places = answered(left)
            found, told = answers.get_column("found"), answers.get_column("wrong")
            if found.null_count() < len(found):
                value = both.select_seq(pl.coalesce("value", found.gather(places))).to_series()
            if told.null_count() < len(told):
                wrong = told.gather(places)
        return pl.DataFrame([value.alias("value"), wrong.alias("wrong")]).to_struct()

    shape = pl.Struct({"value": dtype, "wrong": pl.String()})
    return cell.map_batches(check, return_dtype=shape)


def placed(texts: pl.Series, among: pl.Series) -> pl.Series:
    """Where each text stands in a column that names it once; null where it does not. Quicker than a join, and no other
    thread is asked."""
    return texts.cast(pl.Enum(among), strict=False).to_physical()


def counted(cell: pl.Expr, count: Step, names: Sequence[str]) -> list[pl.Expr]:
    """Sums over many cells, a column for each name: `count` is given the column `cell` and gives them in one row."""

    def ballot(column: pl.Series) -> pl.Series:
        sums = count(column.drop_nulls().alias("cell").to_frame())
        return sums.select_seq(pl.struct(pl.col(name).cast(pl.Int64) for name in names)).to_series()

    shape = pl.Struct(dict.fromkeys(names, pl.Int64()))
    return [cell.map_batches(ballot, return_dtype=shape, returns_scalar=True).struct.unnest()]


def both(value: pl.Expr, wrong: pl.Expr) -> pl.Expr:
    """The same struct, for kinds that need no steps."""
    return pl.struct(value=value, wrong=wrong)


def look_up(word: pl.Expr, values: Mapping[str, object], dtype: pl.DataType) -> pl.Expr:
    return word.replace_strict(list(values), list(values.values()), default=None, return_dtype=dtype)


def in_pieces(frame: pl.DataFrame, separated: pl.Expr, step: Step) -> pl.DataFrame:
    """Adds a list of what `step` reads in the pieces between the semicolons, each value once, as `value`; null when
    there is no piece, or one that cannot be read. `faults` are the pieces' own `wrong`s."""
    rows = frame.with_row_index("row").with_columns_seq(cell=separated.str.split(";")).explode("cell")
    told = rows.with_columns_seq(cell=clean(pl.col("cell"))).drop_nulls("cell")
    read = step(told.select_seq("row", "cell"))
    lists = read.group_by("row").agg(
        value=pl.col("value").unique(maintain_order=True),
        faults=only(pl.col("wrong"), pl.col("value").is_null()).drop_nulls(),
    )
    joined = frame.with_row_index("row").join(lists, on="row", how="left", maintain_order="left")
    complete = only(pl.col("value"), pl.col("faults").list.len() == 0)
    return joined.with_columns_seq(value=complete, wrong=pl.col("faults").list.max())


def _told(wrong: pl.Expr) -> pl.Expr:
    unread = pl.col("value").is_null() & pl.col("cell").str.contains(_SAYS_SOMETHING)
    return only(wrong, unread)


def _one_line(cell: pl.Expr) -> pl.Expr:
    return _bare(cell).str.replace_all(f"[{SPACES}]*[{_BREAKS}][{_BREAKS}{SPACES}]*", " ")


def _bare(cell: pl.Expr) -> pl.Expr:
    return cell.str.replace_all("\0", "", literal=True).str.strip_chars(_EDGES).str.extract("(?s)^(.+)$")
