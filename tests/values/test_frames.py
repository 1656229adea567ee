"""Polars with types: what our helpers promise beyond its own."""

import polars as pl
import pytest

from kartotek.values import frames


def test_columns_become_of_the_types_they_are_to_have_and_the_others_stay():
    frame = pl.DataFrame({"id": [1], "name": [None], "line": [2]})

    cast = frames.cast(frame, {"id": pl.String, "name": pl.String})

    assert cast.schema == {"id": pl.String, "name": pl.String, "line": pl.Int64}


@pytest.mark.parametrize(("numbers", "expected"), [([3, 8, None], 8), ([None], 0), ([], 0)])
def test_the_largest_of_a_column_is_a_whole_number_and_of_none_nothing(numbers, expected):
    assert frames.whole(pl.Series(numbers, dtype=pl.Int64).max()) == expected
