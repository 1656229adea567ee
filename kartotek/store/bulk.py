"""Frames to COPY and back. The only place where many rows cross between Polars and PostgreSQL."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import polars as pl
from psycopg import Copy, sql
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus

from kartotek.store.database import Tx

Keys = Sequence[int] | Sequence[str] | pl.Series
Text = TypeVar("Text", pl.Series, pl.Expr)

# From here on the planner has to be told to use an index.
_MANY_KEYS = 1_000

# Server and encoder work at the same time when a frame is sent piece by piece.
_PIECE = 10_000

# So many rows are written one by one, of values that Python holds whatever they are.
_HANDFUL, _PLAIN = 10, {pl.Int64, pl.String, pl.Boolean, pl.List(pl.String)}

# Columns of these are put into words moment by moment where each stands on so many rows.
_MOMENTS, _OFTEN = {pl.Datetime("ms", "UTC"), pl.Datetime("us", "UTC")}, 4

# For so few keys, to ask for rows and make a frame of them takes a third of what COPY and reading its text take.
_FEW_KEYS = 100


@dataclass(slots=True)
class Parcel:
    """Rows on their way into a table, put into words by whoever has the time."""

    table: sql.Composable
    frame: pl.DataFrame
    _pieces: list[bytes] | None = None

    def is_empty(self) -> bool:
        return not self._pieces and self.frame.is_empty()

    def is_small(self) -> bool:
        return self._pieces is None and len(self.frame) <= _HANDFUL and _PLAIN.issuperset(self.frame.dtypes)

    def encode(self) -> None:
        self._pieces = list(map(_csv, _flat(self.frame).iter_slices(_PIECE)))
        self.frame = self.frame.clear()

    @contextmanager
    def pieces(self) -> Iterator[Iterable[bytes]]:
        if self._pieces is not None or len(self.frame) <= _PIECE:
            yield self._pieces or [_csv(_flat(self.frame))]
            return
        with ThreadPoolExecutor(1) as encoder:
            # The next piece is put into words while the server works on this one.
            yield encoder.map(_csv, _flat(self.frame).iter_slices(_PIECE))


def send(tx: Tx, parcel: Parcel) -> None:
    """Appends its rows to the table, column by column name. Nulls are NULL, an empty string stays one."""
    if parcel.is_empty():
        return
    columns = sql.SQL(", ").join(map(sql.Identifier, parcel.frame.columns))
    if parcel.is_small():
        _send_rows(tx, sql.SQL("COPY {} ({}) FROM STDIN").format(parcel.table, columns), _flat(parcel.frame))
        return
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(parcel.table, columns)
    with tx.connection.cursor() as cursor, parcel.pieces() as pieces, cursor.copy(statement) as copy:
        for piece in pieces:
            copy.write(piece)


def _send_rows(tx: Tx, statement: sql.Composed, frame: pl.DataFrame) -> None:
    """Row by row, as the driver writes them: a handful takes a tenth of the time that it takes to encode a frame."""
    with tx.connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in frame.iter_rows():
            copy.write_row(row)


def copy_in(tx: Tx, table: sql.Composable, frame: pl.DataFrame) -> None:
    send(tx, Parcel(table, frame))


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """With lists and moments as PostgreSQL reads them."""
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    moments = [_moments(frame[name]) for name, kind in frame.schema.items() if kind in _MOMENTS]
    return frame.with_columns_seq(*map(_array, lists), *moments) if lists or moments else frame


def _moments(column: pl.Series) -> pl.Series:
    """To put a moment into words takes Polars 250 ns, and many rows have the same: days, or when an import ran."""
    each = column.unique()
    if len(each) > len(column) // _OFTEN:
        return column
    return column.replace_strict(each, each.dt.to_string("%Y-%m-%dT%H:%M:%S%.fZ"), return_dtype=pl.String)


def _csv(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_csv(out, include_header=False)
    return out.getvalue()


def fetch(
    tx: Tx, select: sql.Composable, schema: Mapping[str, Any], params: Mapping[str, Keys] | None = None
) -> pl.DataFrame:
    """What `select` gives, as a frame of `schema`, which names its columns in order; `params` are arrays."""
    keys = {name: array(values) for name, values in (params or {}).items()}
    most = max((len(values) for values in (params or {}).values()), default=0)
    if keys and most <= _FEW_KEYS:
        return _asked(tx, select, schema, keys)
    out = io.BytesIO()
    with by_keys(tx, most):
        statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(select)
        with tx.connection.cursor() as cursor, cursor.copy(statement, keys) as copy:
            while row := copy.read():
                out.write(row)
                out.writelines(_arrived(copy))
    if not out.tell():
        return pl.DataFrame(schema=dict(schema))
    out.seek(0)
    texts = pl.read_csv(out, has_header=False, schema=dict.fromkeys(schema, pl.String))
    return texts.with_columns_seq(
        pl.col(name) == "t" if kind == pl.Boolean else pl.col(name).cast(kind)
        for name, kind in schema.items()
        if kind != pl.String
    )


def _asked(tx: Tx, select: sql.Composable, schema: Mapping[str, Any], keys: Mapping[str, str]) -> pl.DataFrame:
    """The same as COPY gives."""
    with tx.connection.cursor() as cursor:
        found = cursor.execute(sql.Composed([select]), keys).pgresult
        assert found is not None
        rows = range(found.ntuples)
        texts = {name: [found.get_value(row, at) for row in rows] for at, name in enumerate(schema)}
    return pl.DataFrame([pl.Series(name, _read(texts[name], kind), kind) for name, kind in schema.items()])


def _read(texts: Sequence[bytes | None], kind: Any) -> list[Any] | pl.Series:
    if kind == pl.Boolean:
        return [None if text is None else text == b"t" for text in texts]
    if kind.is_integer():
        return [None if text is None else int(text) for text in texts]
    strings = [None if text is None else text.decode() for text in texts]
    return strings if kind == pl.String else pl.Series(strings, dtype=pl.String).cast(kind)


def _arrived(copy: Copy) -> Iterator[memoryview]:
    """The further rows that are here already. To wait for each of them takes the driver longer than all the rest."""
    connection = copy.connection.pgconn
    while (row := connection.get_copy_data(1))[0] > 0:
        yield row[1]
    if row[0] < 0:
        # The driver has not seen the end, and would look for it.
        copy._finished = True
        for result in list(iter(connection.get_result, None)):
            if result.status != ExecStatus.COMMAND_OK:
                raise error_from_result(result)


def runs(ids: pl.Series) -> pl.DataFrame:
    """Ids in runs of consecutive ones, as an import gives them: `first`, `last`."""
    each = ids.unique().sort().to_frame("id").with_columns_seq(run=pl.col("id") - pl.int_range(pl.len()))
    return each.group_by("run", maintain_order=True).agg(first=pl.col("id").min(), last=pl.col("id").max()).drop("run")


@contextmanager
def by_keys(tx: Tx, count: int, *also_without: str) -> Iterator[None]:
    """Makes the planner find `count` rows by their index for the time of the block.

    Asked for 50,000 keys it reckons that reading the whole table is cheaper, and so it is while the table is small: a
    table that grows with each batch is then read whole for each batch (docs/decisions/bulk.md).
    """
    with _without(tx, ["enable_seqscan", "enable_bitmapscan", *also_without] if count >= _MANY_KEYS else []):
        yield


@contextmanager
def one_by_one(tx: Tx, count: int) -> Iterator[None]:
    """The same for `count` rows that are joined to a table by its key: to merge them with the index would read all of
    that up to the last of them, for each batch more."""
    ways = ["enable_seqscan", "enable_bitmapscan", "enable_mergejoin", "enable_hashjoin"]
    with _without(tx, ways if count >= _MANY_KEYS else []):
        yield


@contextmanager
def _without(tx: Tx, settings: Sequence[str]) -> Iterator[None]:
    switch = "SELECT set_config(name, %s, true) FROM unnest(%s::text[]) AS name"
    if settings:
        tx.run(switch, ["off", list(settings)])
    yield
    if settings:
        tx.run(switch, ["on", list(settings)])


def array(keys: Keys) -> str:
    """Numbers or texts as PostgreSQL writes an array, to be cast: the driver would look at each of them."""
    if len(keys) <= _FEW_KEYS:
        return "{" + ",".join(map(_element, keys)) + "}"
    series = (
        keys
        if isinstance(keys, pl.Series)
        else pl.Series(keys, dtype=pl.String if keys and isinstance(keys[0], str) else None)
    )
    if series.dtype.is_integer() and not series.null_count():  # in one go, without a text for each
        return "{" + series.to_frame().write_csv(include_header=False, line_terminator=",").rstrip(",") + "}"
    if series.dtype == pl.String:
        series = _quoted(series)
    return "{" + (series.cast(pl.String).fill_null("NULL").str.join(",").item() or "") + "}"


def _element(key: object) -> str:
    if isinstance(key, str):
        return '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "NULL" if key is None else str(key)


def _array(name: str) -> pl.Expr:
    """A list of texts as PostgreSQL writes an array: {"a","b"}."""
    inner = pl.col(name).list.eval(_quoted(pl.element())).list.join(",")
    return pl.when(pl.col(name).is_not_null()).then(pl.concat_str(pl.lit("{"), inner, pl.lit("}"))).alias(name)


def _quoted(text: Text) -> Text:
    return '"' + text.str.replace_all(r'(["\\])', r"\$1") + '"'
