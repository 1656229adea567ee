"""Each row to the record that it is about.

Before anything is written, the keys of the whole file are numbered: a row's number is that of the first row about the
same record, wherever a batch ends. So the result does not depend on the size of the batches, a rehearsal needs no
writing to know what later rows will meet, and a company that half the rows name is looked up once.

Which rows are about the same record is decided in this order:
- rows with the same key (the first of the chain that they have a value for);
- rows whose keys lead to the same record of the database as it is before the first batch: its id and its address;
- a key that nobody has yet belongs to the record, named earlier in the file, that gives it as a further value.

keys.py tells which rows have the same key, settling.py what different keys have to do with each other, ties.py which
rows of several files belong together.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import polars as pl

from kartotek.imports.match import keys, settling
from kartotek.imports.match.settling import FOUND, Settled
from kartotek.imports.match.ties import Tie, Tying, in_order, unmet_type, waiting
from kartotek.imports.match.ties import of as ties
from kartotek.imports.table import (
    RECORD_ID,
    ROW,
    Chain,
    Numbers,
    Plan,
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

_HELD = 250_000  # rows whose keys are in memory before they go to disk
_SORTED = 1_250_000  # rows whose keys are grouped at once
_AT_ONCE = 2  # objects whose keys are: each takes its room, however many there are


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
            self._keys.setdefault(name, []).append(values.select_seq(keys.expressions(one)))
            self._claims.setdefault(name, []).extend(keys.claims(one, values))
        if self.rows - self._held >= _HELD:
            self._to_disk()

    def group(self) -> None:
        """Rows with the same key are one; to be called when all rows have been added."""
        with ThreadPoolExecutor(_AT_ONCE) as objects:
            for one, groups in zip(self.chains, objects.map(self._each_group, self.chains), strict=True):
                self._groups[one.object_type.name] = groups

    def _to_disk(self) -> None:
        for name, parts in self._keys.items():
            frames.keep(pl.concat(parts), self._file(name, self._held))
            self._keys[name] = []
        self._spilled.append(self._held)
        self._held = self.rows

    def _each_group(self, one: Chain) -> pl.DataFrame:
        """What of keys.GROUPS is asked for later, for every row, in order. To sort the keys takes several times their
        room: of a long file, so many are taken out of it at once, by their hashes, and put where their rows stand."""
        name, parts = one.object_type.name, max(1, -(-self.rows // _SORTED))
        alone = len(self.chains) == 1 and self.is_single
        # Only what other rows claim as well is looked for by its hash again.
        names = (*(("h1", "h2") if self._claims[name] else ()), "kind", "group", "twice")
        files = [self._file(name, first) for first in self._spilled]
        made = [pl.repeat(None, self.rows, dtype=keys.GROUPS[each], eager=True).alias(each) for each in names]
        for part in range(parts):
            mine = pl.col("h1") % parts == part
            hashed = pl.concat([*(pl.read_ipc(file).filter(mine) for file in files),
                                *(held.filter(mine) for held in self._keys[name])])  # fmt: skip
            grouped = keys.grouped(hashed, one, alone)
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
        return rows.filter(keys.IS_HEAD)[ROW].cast(pl.Int64)

    def settle(self, found: Mapping[str, pl.DataFrame]) -> dict[str, dict[str, list[list[int]]]]:
        """What rows with different keys have to do with each other; `found` as FOUND, for heads in the database."""
        return {one.object_type.name: settling.settled(one, self._groups[one.object_type.name].with_row_index(ROW),
                                                       self._claims[one.object_type.name], found[one.object_type.name])
                for one in self.chains}  # fmt: skip

    def finish(self, settled: Settled, catalogue: Catalogue) -> Numbers:
        columns: list[pl.Series] = []
        for one in self.chains:
            name = one.object_type.name
            into = settled.get(name, {}).get("into", [[], []])
            groups = self._groups.pop(name).select_seq("group", "twice")
            if into[0]:
                moved = pl.DataFrame(
                    {"group": into[0], "into": into[1]}, schema={"group": pl.UInt32, "into": pl.UInt32}
                )
                groups = groups.join(moved, on="group", how="left", maintain_order="left").with_columns_seq(
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
            frame = frame.with_columns_seq(_first_link(frame, first.name, second.name))
        frame = frame.with_columns_seq(_parents(frame, pairs))
        pinned = {one.object_type.name: settling.pinned(settled.get(one.object_type.name, {})) for one in self.chains}
        return Numbers(frame, pairs, pinned, unmet)


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
    parts = frame.select_seq(a=pl.col(first), b=pl.col(second)).with_row_index("ROW").iter_slices(_SORTED)
    others = (part.filter((pl.col("a") != pl.col("ROW")) & (pl.col("b") != pl.col("ROW"))) for part in parts)
    # The row that could have linked them before is the first one of the later of the two.
    known = pl.concat(others).with_columns_seq(at=pl.max_horizontal("a", "b"))
    met = (frame[first].gather(known["at"]) == known["a"]) & (frame[second].gather(known["at"]) == known["b"])
    left = known.filter(~met.fill_null(False)).select_seq("ROW", pair=pl.col("a").cast(pl.UInt64) * 2**32 + pl.col("b"))
    late = left.filter(pl.col("pair").is_first_distinct())["ROW"]
    row, a, b = pl.int_range(pl.len(), dtype=pl.UInt32), pl.col(first), pl.col(second)
    return (
        (((a == row) & b.is_not_null()) | ((b == row) & a.is_not_null()) | row.is_in(late.implode()))
        .fill_null(False)
        .alias(link_name(first, second))
    )
