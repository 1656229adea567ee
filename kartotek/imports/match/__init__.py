"""Each row to the record that it is about.

Before anything is written, the keys of the whole file are numbered: a row's number is that of the first row about the
same record, wherever a batch ends. So the result does not depend on the size of the batches, a rehearsal needs no
writing to know what later rows will meet, and a company that half the rows name is looked up once.

Which rows are about the same record is decided in this order:
- rows with the same key (the first of the chain that they have a value for);
- rows whose keys lead to the same record of the database as it is before the first batch: its id and its address;
- a key that nobody has yet belongs to the record, named earlier in the file, that gives it as a further value.

Only hashes of keys are kept, 17 bytes a row and object: 64 and 32 bits, so that two different keys of a file of ten
million rows share both is some 10^-15 likely.
"""

import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import polars as pl

from kartotek.imports.match.ties import Tie, Tying, in_order, unmet_type, waiting
from kartotek.imports.match.ties import of as ties
from kartotek.imports.table import (
    PINNED,
    RECORD_ID,
    ROW,
    Chain,
    Numbers,
    Plan,
    absent_name,
    failed_name,
    link_name,
    parents_name,
    twice_name,
    value_name,
)
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.values import frames

__all__ = [
    "FOUND",
    "Numbering",
    "Settled",
    "Tie",
    "Tying",
    "chain",
    "columns_for_keys",
    "in_order",
    "ties",
    "unmet_type",
    "waiting",
]

_NO_KEY, _OUT = 255, 254  # instead of the number of a key: the row has none; has no part in any record
_HELD = 250_000  # rows whose keys are in memory before they go to disk
_HASHES = {ROW: pl.UInt32, "h1": pl.UInt64, "h2": pl.UInt32, "kind": pl.UInt8}
_GROUPS = {**_HASHES, "group": pl.UInt32, "twice": pl.Boolean}
_SORTED = 1_250_000  # rows whose keys are grouped at once
_AT_ONCE = 2  # objects whose keys are: each takes its room, however many there are
# The first row with a key that may be looked up.
_IS_HEAD = (pl.col("group") == pl.col(ROW)) & (pl.col("kind") != _NO_KEY) & ~pl.col("twice")
# Where a key leads in the database: `group`, and its record (null when several have it).
FOUND = {"group": pl.Int64, "id": pl.Int64}
# What is settled before the first batch: `group` → `into`, another group; and of some groups the record, as PINNED.
Settled = Mapping[str, Mapping[str, list[list[int]]]]


def chain(plan: Plan, one: ObjectType, match_by: str | None, further: Mapping[str, str]) -> Chain:
    """The record id, then the property the user chose, then other unique ones, email or domain last (imports.md 5)."""
    mapped = [one.properties[name] for name in plan.properties(one.name)]
    unique = [prop for prop in mapped if prop.unique]
    customs = [prop for prop in unique if prop.kind not in ("email", "domain")]
    ranked = [*(p for p in unique if p.name == match_by), *customs, *unique]
    keys = [RECORD_ID] if plan.record_id_of(one.name) else []
    more = tuple((prop.name, further[prop.name]) for prop in mapped if prop.name in further)
    return Chain(one, tuple(dict.fromkeys([*keys, *(prop.name for prop in ranked)])), more)


def columns_for_keys(chains: Sequence[Chain]) -> frozenset[str]:
    """The values that have to be read to number the rows."""
    return frozenset(
        value_name(c.object_type.name, name)
        for c in chains
        for name in (*c.keys, *(further for further, _ in c.further))
    )


@dataclass(slots=True)
class Numbering:
    """Takes the checked rows batch by batch; then `heads` says whom to look up, and `finish` numbers all of them."""

    chains: tuple[Chain, ...]
    folder: Path
    is_single: bool = True  # whether all rows are of one source
    tying: Tying = field(default_factory=lambda: Tying(()))
    rows: int = 0
    _held: int = 0
    _spilled: list[int] = field(default_factory=list)  # the first rows of what lies on disk
    _keys: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    _claims: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    _groups: dict[str, pl.DataFrame] = field(default_factory=dict)

    def add(self, values: pl.DataFrame) -> None:
        self.rows += len(values)
        self.tying.add(values)
        for one in self.chains:
            name = one.object_type.name
            out = pl.col(failed_name(name)) | pl.col(absent_name(name))
            self._keys.setdefault(name, []).append(_keys(one, values, out))
            self._claims.setdefault(name, []).extend(_claims(one, values.filter(~out)))
        if self.rows - self._held >= _HELD:
            self._to_disk()

    def group(self) -> None:
        """Rows with the same key are one; to be called when all rows have been added."""
        with ThreadPoolExecutor(_AT_ONCE) as objects:
            for one, groups in zip(self.chains, objects.map(self._each_group, self.chains), strict=True):
                self._groups[one.object_type.name] = groups

    def _to_disk(self) -> None:
        for name, parts in self._keys.items():
            pl.concat(parts).write_ipc(self._file(name, self._held), compression="uncompressed")
            self._keys[name] = []
        self._spilled.append(self._held)
        self._held = self.rows

    def _each_group(self, one: Chain) -> pl.DataFrame:
        """What of _GROUPS is asked for later, for every row, in order. To sort the keys takes several times their room:
        of a long file, so many are taken out of it at once, by their hashes, and put where their rows stand."""
        name, parts = one.object_type.name, max(1, -(-self.rows // _SORTED))
        alone = len(self.chains) == 1 and self.is_single
        # Only what other rows claim as well is looked for by its hash again.
        names = (*(("h1", "h2") if self._claims[name] else ()), "kind", "group", "twice")
        files = [self._file(name, first) for first in self._spilled]
        made = [pl.repeat(None, self.rows, dtype=_GROUPS[each], eager=True).alias(each) for each in names]
        for part in range(parts):
            mine = pl.col("h1") % parts == part
            keys = pl.concat([*(pl.read_ipc(file).filter(mine) for file in files),
                              *(held.filter(mine) for held in self._keys[name])])  # fmt: skip
            grouped = _grouped(keys, one, alone)
            if parts == 1:
                made = grouped.sort(ROW).select(names).get_columns()
                break
            rows = grouped[ROW]
            made = [column.scatter(rows, grouped[column.name]) for column in made]
        for file in files:
            file.unlink()
        del self._keys[name]
        return pl.DataFrame(made)

    def _file(self, name: str, first: int) -> Path:
        return self.folder / f"keys-{name}-{first}.arrow"

    def claims(self, name: str) -> bool:
        """Whether any row gives more than one identifier of its record."""
        return any(len(part) for part in self._claims[name])

    def heads(self, name: str, first: int, count: int) -> pl.Series:
        """Of these rows, those that are the first with their key (and have one that may be looked up)."""
        rows = self._groups[name].slice(first, count).with_row_index(ROW, offset=first)
        return rows.filter(_IS_HEAD)[ROW].cast(pl.Int64)

    def settle(self, found: Mapping[str, pl.DataFrame]) -> dict[str, dict[str, list[list[int]]]]:
        """What rows with different keys have to do with each other; `found` as FOUND, for heads in the database."""
        return {one.object_type.name: _settled(one, self._groups[one.object_type.name].with_row_index(ROW),
                                               self._claims[one.object_type.name], found[one.object_type.name])
                for one in self.chains}  # fmt: skip

    def finish(self, settled: Settled, catalogue: Catalogue) -> Numbers:
        columns: list[pl.Series] = []
        for one in self.chains:
            name = one.object_type.name
            into = settled.get(name, {}).get("into", [[], []])
            groups = self._groups.pop(name).select("group", "twice")
            if into[0]:
                moved = pl.DataFrame(
                    {"group": into[0], "into": into[1]}, schema={"group": pl.UInt32, "into": pl.UInt32}
                )
                groups = groups.join(moved, on="group", how="left", maintain_order="left").with_columns(
                    group=pl.coalesce("into", "group")
                )
            columns += [groups["group"].alias(name), groups["twice"].alias(twice_name(name))]
        frame, unmet = self.tying.tied(pl.DataFrame(columns))
        pairs = tuple(
            (a.object_type, b.object_type)
            for a, b in combinations(self.chains, 2)
            if catalogue.can_associate(a.object_type.name, b.object_type.name)
        )
        for first, second in pairs:
            frame = frame.with_columns(_first_link(frame, first.name, second.name))
        frame = frame.with_columns(_parents(frame, pairs))
        pinned = {one.object_type.name: _pinned(settled.get(one.object_type.name, {})) for one in self.chains}
        return Numbers(frame, pairs, pinned, unmet)


def _hash(key: str, value: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Of a value of this key: another key's value of the same text has other hashes."""
    text, seed = value.cast(pl.String), zlib.crc32(key.encode())
    return text.hash(seed), text.hash(seed + 1) % 2**32


def _keys(one: Chain, rows: pl.DataFrame, out: pl.Expr) -> pl.DataFrame:
    has = [one.column(key).is_not_null() & ~pl.col("out") for key in one.keys]
    first, second = zip(*(_hash(key, one.column(key)) for key in one.keys), strict=True) if one.keys else ((), ())
    kind = pl.coalesce(*(pl.when(h).then(number) for number, h in enumerate(has)), pl.lit(_NO_KEY))
    hashed = rows.with_columns(out=out).select(
        ROW,
        # A row without a key is a record of its own: its number stands in for the hash of a key.
        h1=pl.coalesce(*(pl.when(h).then(hash) for h, hash in zip(has, first, strict=True)), pl.col(ROW)),
        h2=pl.coalesce(*(pl.when(h).then(hash) for h, hash in zip(has, second, strict=True)), pl.lit(0)),
        kind=pl.when("out").then(_OUT).otherwise(kind),
    )
    return frames.cast(hashed, _HASHES)


def _claims(one: Chain, rows: pl.DataFrame) -> list[pl.DataFrame]:
    """The identifiers that rows give beside their key, hashed as if they were one."""
    found = []
    for name in one.keys:
        if name != RECORD_ID and len(one.keys) > 1:
            beside = rows.filter(one.column(name).is_not_null() & (one.kind() != name))
            found.append((name, beside.select(ROW, text=one.column(name))))
    for name, main in one.further:
        listed = rows.filter(one.column(name).is_not_null()).select(ROW, text=one.column(name))
        found.append((main, listed.explode("text").drop_nulls("text")))
    return [_hashed(key, part) for key, part in found if len(part)]


def _hashed(key: str, part: pl.DataFrame) -> pl.DataFrame:
    h1, h2 = _hash(key, pl.col("text"))
    return part.select(ROW, h1=h1, h2=h2).cast({name: _HASHES[name] for name in (ROW, "h1", "h2")})


def _grouped(keys: pl.DataFrame, one: Chain, alone: bool) -> pl.DataFrame:
    """Adds `group`, and `twice`: a record id that stands on several rows of a file of one object."""
    keys = keys.sort("h1", maintain_order=True)
    same, other = pl.col("h1") == pl.col("h1").shift(1), pl.col("h2") != pl.col("h2").shift(1)
    if keys.select((same & other).any()).item():
        keys = keys.sort("h1", "h2", ROW)
    first = pl.when((same & ~other).fill_null(False)).then(None).otherwise(pl.col(ROW)).forward_fill()
    grouped = keys.with_columns(group=pl.when(pl.col("kind") != _OUT).then(first))
    twice = pl.lit(False)
    if alone and RECORD_ID in one.keys:
        twice = (pl.col("group") == pl.col("group").shift(1)) | (pl.col("group") == pl.col("group").shift(-1))
        twice = twice.fill_null(False) & (pl.col("kind") == one.keys.index(RECORD_ID))
    return grouped.with_columns(twice=twice)


def _settled(
    one: Chain, groups: pl.DataFrame, claims: list[pl.DataFrame], found: pl.DataFrame
) -> dict[str, list[list[int]]]:
    same = found.filter(pl.col("id").is_not_null()).select("group", into=pl.col("group").min().over("id"))
    contested = _contested(one, groups, claims, found)
    free = contested.join(found, on="group", how="anti")
    moved = _to_the_end(same)
    while True:
        given, several = _given(free, moved)
        onward = _to_the_end(pl.concat([same, given]))
        if onward.equals(moved):
            break
        moved = onward
    known = contested.filter("shared").select("group").unique().join(found, on="group")
    pins = pl.concat([known.with_columns(pl.col("id").fill_null(0)), several.with_columns(id=pl.lit(0, pl.Int64))])
    pins = pins.sort("group")
    return {
        "into": [moved["group"].to_list(), moved["into"].to_list()],
        "pins": [pins["group"].to_list(), pins["id"].to_list()],
    }


def _given(free: pl.DataFrame, moved: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Keys that nobody has and that a record named earlier gives as well: `group`, `into`; and, as `group`, domains
    that several such records give, which are nobody's.

    Earlier is where the record's first row stands: there it is written, with what all its rows give.
    """
    ends = free.join(moved, left_on="claimant_group", right_on="group", how="left").select(
        "group", "shared", into=pl.coalesce("into", "claimant_group")
    )
    earlier = ends.filter(pl.col("into") < pl.col("group")).unique().sort("group", "into")
    several = earlier.filter(pl.col("shared") & pl.col("group").is_duplicated()).select("group").unique()
    given = earlier.join(several, on="group", how="anti", maintain_order="left").unique("group", keep="first")
    return given.select("group", "into"), several


def _contested(one: Chain, groups: pl.DataFrame, claims: list[pl.DataFrame], found: pl.DataFrame) -> pl.DataFrame:
    """Groups whose key rows of another give as well: `group`, `claimant_group`, `shared` (several may have it)."""
    schema = {"group": pl.Int64, "claimant_group": pl.Int64, "shared": pl.Boolean}
    if not claims:
        return pl.DataFrame(schema=schema)
    places = {key: i for i, key in enumerate(one.keys)}
    shared = [i for key, i in places.items() if key != RECORD_ID and one.object_type.properties[key].kind == "domain"]
    # Rows whose record id stands twice or is nobody's bring nothing in.
    nobody = (pl.col("kind") == places.get(RECORD_ID, _NO_KEY)) & ~pl.col("group").is_in(found["group"].implode())
    by_row = groups.with_columns(pl.col("group").cast(pl.Int64)).filter(~pl.col("twice") & ~nobody)
    rows = pl.concat(claims).join(by_row.select(ROW, claimant_group="group"), on=ROW)
    keys = groups.filter(_IS_HEAD).select(pl.col("group").cast(pl.Int64), "h1", "h2", "kind")
    both = keys.join(rows, on=["h1", "h2"]).filter(pl.col("group") != pl.col("claimant_group"))
    return frames.cast(both.select("group", "claimant_group", shared=pl.col("kind").is_in(shared)), schema)


def _to_the_end(moved: pl.DataFrame) -> pl.DataFrame:
    """`group` and where it comes to rest, each step going to an earlier group."""
    moved = moved.filter(pl.col("group") != pl.col("into")).sort("group")
    while True:
        onward = moved.join(moved.select(into="group", further="into"), on="into", how="left", maintain_order="left")
        if onward["further"].null_count() == len(onward):
            return moved
        moved = onward.select("group", into=pl.coalesce("further", "into"))


def _pinned(settled: Mapping[str, list[list[int]]]) -> pl.DataFrame:
    groups, ids = settled.get("pins", [[], []])
    return pl.DataFrame({"group": groups, "id": ids}, schema=PINNED)


def _parents(frame: pl.DataFrame, pairs: Sequence[tuple[ObjectType, ObjectType]]) -> list[pl.Expr]:
    """Of what belongs to one record only: whether the file links it with several (imports.md 9.13)."""
    homes: dict[str, list[pl.Expr]] = {}
    for pair in pairs:
        for one, other in (pair, reversed(pair)):
            if one.one_home and other.name in one.homes:
                homes.setdefault(one.name, []).append(pl.col(link_name(pair[0].name, pair[1].name)))
    return [
        (pl.sum_horizontal(links).sum().over(name) > 1).fill_null(False).alias(parents_name(name))
        for name, links in homes.items()
    ]


def _first_link(frame: pl.DataFrame, first: str, second: str) -> pl.Expr:
    """Nearly always a row that is the first of one of its two records; only the others have to be compared."""
    parts = frame.select(a=pl.col(first), b=pl.col(second)).with_row_index("ROW").iter_slices(_SORTED)
    others = (part.filter((pl.col("a") != pl.col("ROW")) & (pl.col("b") != pl.col("ROW"))) for part in parts)
    # The row that could have linked them before is the first one of the later of the two.
    known = pl.concat(others).with_columns(at=pl.max_horizontal("a", "b"))
    met = (frame[first].gather(known["at"]) == known["a"]) & (frame[second].gather(known["at"]) == known["b"])
    left = known.filter(~met.fill_null(False)).select("ROW", pair=pl.col("a").cast(pl.UInt64) * 2**32 + pl.col("b"))
    late = left.filter(pl.col("pair").is_first_distinct())["ROW"]
    row, a, b = pl.int_range(pl.len(), dtype=pl.UInt32), pl.col(first), pl.col(second)
    return (
        (((a == row) & b.is_not_null()) | ((b == row) & a.is_not_null()) | row.is_in(late.implode()))
        .fill_null(False)
        .alias(link_name(first, second))
    )
