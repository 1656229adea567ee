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


def test_a_frame_that_is_kept_is_read_as_it_was_also_in_the_place_of_another(tmp_path):
    place = tmp_path / "kept.arrow"
    frame = pl.DataFrame({"id": [1, None], "names": [["Ada", "Bo"], None], "day": [None, "2026-01-02"]})

    frames.keep(pl.concat([frame, frame]), place)
    frames.keep(frame, place)

    assert pl.read_ipc(place).equals(frame)
