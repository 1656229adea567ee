"""Delimited text against Python's csv, which reads nearly everything, and against itself cut at other places."""

import csv
import io
import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartotek.imports.readers import cells, delimited, records
from tests import samples

CELL = st.text(alphabet="ab,;\"\n\r é'\t\x00\x01#日", max_size=6)
TABLE = st.lists(st.lists(CELL, min_size=1, max_size=5), min_size=1, max_size=8)


def as_read(text: str, dialect: records.Dialect, width: int, chunk: int) -> list[tuple[list[str], str | None]]:
    data = text.encode()
    pieces = (data[at : at + chunk] for at in range(0, len(data), chunk))
    rows = []
    for block in records.blocks(pieces, dialect, width):
        for _width, extra, broken, *row in cells.read(block, dialect, width).iter_rows():
            had = [cell or "" for cell in row[: min(_width or width, width)]] + (extra or [])
            rows.append((had, broken))
    return rows


@settings(max_examples=80, deadline=None)
@given(
    TABLE,
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.integers(1, 4),
    st.integers(1, 40),
)
def test_well_formed_text_is_read_as_python_reads_it(table, delimiter, line_end, quoting, width, chunk):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(table)
    expected = [row or [""] for row in csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=delimiter)]

    rows = as_read(out.getvalue(), records.Dialect(delimiter), width, chunk)

    assert rows == [(row, None) for row in expected]


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet='ab,"\n é', max_size=40), st.integers(1, 4))
def test_ill_formed_text_is_read_as_python_reads_it_unless_a_quote_stays_open(text, width):
    rows = as_read(text, records.Dialect(","), width, 1000)

    if not any(broken for _, broken in rows):
        assert [row for row, _ in rows] == [row or [""] for row in csv.reader(io.StringIO(text, newline=""))]


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet='ab,"\n\r é日', max_size=40), st.integers(1, 10))
def test_where_the_text_is_cut_makes_no_difference(text, chunk):
    whole = as_read(text, records.Dialect(","), 2, 1000)

    assert as_read(text, records.Dialect(","), 2, chunk) == whole


def test_a_line_of_a_quoted_cell_that_looks_like_a_row_is_none():
    text = 'a,b\n1,"x\ny,z\n2,3"\n4,5\n'

    rows = [row for row, _ in as_read(text, records.Dialect(","), 2, 1000)]

    assert rows == [["a", "b"], ["1", "x\ny,z\n2,3"], ["4", "5"]]


def test_an_open_quote_far_from_any_other_swallows_nothing():
    text = 'a,b\n1,"open\n' + "2,3\n" * 20_000 + '4,"closed"\n'

    rows = as_read(text, records.Dialect(","), 2, 4096)

    assert len(rows) == 20_003
    assert [i for i, (_, broken) in enumerate(rows) if broken] == [1]


def test_a_row_of_thousands_of_cells_among_short_ones_keeps_them_all():
    text = "a,b\n" + "1,2\n" * 1000 + ",".join("x" * 5000) + "\n"

    rows = as_read(text, records.Dialect(","), 2, 100_000)

    assert len(rows[-1][0]) == 5000
    assert rows[-2][0] == ["1", "2"]


@pytest.mark.parametrize("chunk", [100, 4096, 2**20])
def test_batches_of_seven_and_of_fifty_thousand_are_the_same_rows(tmp_path, chunk):
    file = samples.contacts_csv(tmp_path, 600)
    sheet = delimited.open(file, name=file.name, chunk=chunk)

    by_seven, whole = list(sheet.batches(7)), list(sheet.batches(50_000))

    assert [batch.height for batch in by_seven] == [7] * 85 + [5]
    assert [batch.height for batch in whole] == [600]
    assert pl.concat(by_seven).equals(whole[0])


def test_a_thousand_columns_with_quotes_are_read(tmp_path):
    file = samples.wide_csv(tmp_path, 1000)

    sheet = delimited.open(file, name=file.name)

    assert len(sheet.columns) == 1000
    assert next(sheet.batches(10))["c999"].to_list() == ["999, quoted"] * 2


def test_utf_16_cut_in_the_midst_of_a_character_is_read_as_whole(tmp_path):
    names = ["Søren 😀", "日本", "Åse"] * 50
    random.Random(7).shuffle(names)
    file = tmp_path / "names.csv"
    file.write_bytes("".join(f"{name};{i}\n" for i, name in enumerate(["Navn", *names])).encode("utf-16"))

    sheet = delimited.open(file, name="names.csv", chunk=33)

    assert next(sheet.batches(500))["c0"].to_list() == names
