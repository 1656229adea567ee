"""What later rows say of earlier records is the same, whether it is kept in memory or on disk."""

import random
from pathlib import Path

import polars as pl
import pytest

from kartotek.domain import Tx, catalogue
from kartotek.imports.run.ahead import Ahead, Said
from kartotek.imports.table import ROW


def rows(first: int) -> pl.DataFrame:
    """A hundred rows about the fifty records named first, with a value in every third cell."""
    chance = random.Random(first)
    return pl.DataFrame(
        {
            ROW: list(range(first, first + 100)),
            "group": [chance.randrange(50) for _ in range(100)],
            "contacts.city": [chance.choice([None, None, f"city {first + i}"]) for i in range(100)],
            "contacts.email": [None] * 100,
        },
        schema={ROW: pl.Int64, "group": pl.Int64, "contacts.city": pl.String, "contacts.email": pl.String},
    )


@pytest.mark.parametrize("kept", [0, 2_000, 1_000_000])
def test_the_last_value_of_every_record_is_found_wherever_it_was_put(tx: Tx, tmp_path: Path, kept: int) -> None:
    one = catalogue.load(tx).object_type("contacts")
    ahead = Ahead(one, tmp_path, kept, stretch=20)

    for first in range(100, 1_000, 100):
        ahead.add(rows(first))
    ahead.seal()

    every = pl.concat([rows(first) for first in range(100, 1_000, 100)])
    told = every.drop_nulls("contacts.city").group_by("group", maintain_order=True).last()
    last = dict(told.select("group", "contacts.city").iter_rows())
    for first in range(0, 50, 7):
        found = ahead.of(first, first + 7)
        assert found is not None
        cities = dict(found.drop_nulls("contacts.city").select("group", "contacts.city").iter_rows())
        assert cities == {group: city for group, city in last.items() if first <= group < first + 7}
    assert ahead.of(50, 100) is None
    assert bool(list(tmp_path.iterdir())) == (kept < 1_000_000)


def test_rows_that_say_what_the_first_said_are_left_out_until_one_differs() -> None:
    said = Said(pl.DataFrame({"group": [0, 1]}))
    cities = ["Aarhus", "Ribe", "Aarhus", "Ribe", "Odense", "Ribe", "Aarhus", "Ribe"]
    numbers = [0, 1, 0, 1, 0, 1, 0, 1]

    late = []
    for first in range(0, 8, 2):
        batch = pl.DataFrame({ROW: [first, first + 1], "c0": cities[first : first + 2], "c1": ["x", None]})
        told = batch.select(ROW, group=pl.Series(numbers[first : first + 2]), said=pl.struct("c0", "c1").hash())
        late.append(said.anew(told, first)[ROW].to_list())

    assert late == [[], [], [4], [6]]


def test_what_is_said_otherwise_in_the_first_batch_keeps_all_that_follows() -> None:
    said = Said(pl.DataFrame({"group": [0]}))

    said.anew(*_said_of_one(0, ["Aarhus", "Odense"]))
    late = said.anew(*_said_of_one(2, ["Aarhus", "Aarhus"]))

    assert late[ROW].to_list() == [2, 3]


def _said_of_one(first: int, cities: list[str]) -> tuple[pl.DataFrame, int]:
    rows = [first + i for i in range(len(cities))]
    told = pl.DataFrame({ROW: rows, "c0": cities}).select(ROW, group=pl.lit(0, pl.Int64), said=pl.struct("c0").hash())
    return told, first


def test_a_record_whose_first_row_says_only_who_it_is_takes_all_that_follows() -> None:
    said = Said(pl.DataFrame({"group": [0]}))

    late = said.anew(*_said_of_one(2, ["Aarhus", "Aarhus"]))

    assert late[ROW].to_list() == [2, 3]
