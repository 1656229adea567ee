"""The quick way takes only what it reads exactly as Python's csv does, and leaves the rest to the careful one."""

import csv
import io
from itertools import product

import pytest

from kartotek.imports.readers import plain

LONGEST = 10_000


def rows_of(text, width, longest=LONGEST):
    """The rows, and the text behind them; None when the text is not plain."""
    found = plain.read(text.encode(), ",", '"', width, longest)
    return found and ([[cell or "" for cell in row] for row in found[0].rows()], text.encode()[found[1] :].decode())


def test_every_short_text_that_is_taken_is_read_as_python_reads_it():
    texts = ("".join(signs) + "\n" for length in range(5) for signs in product('",\na\r', repeat=length))

    for text in texts:
        for width in (1, 2, 3):
            if (found := rows_of(text, width)) is not None:
                rows, left = found
                read = text.removesuffix(left) if left else text
                assert rows == [row or [""] for row in csv.reader(io.StringIO(read, newline=""))], text


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n",
        "a,b\r\n1,2\r\n",
        'a,b\n"1, or 2","two\nlines"\n',
        'a,b\n"say ""yes""",""\n',
        'a,b\r\n"1","two\r\nlines"\r\n',
        "a,é\n日本,😀\n",
    ],
)
def test_what_is_well_formed_is_taken(text):
    assert rows_of(text, 2) == (list(csv.reader(io.StringIO(text, newline=""))), "")


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1\n",
        "a,b\n1,2,3\n",
        "a\n1,2\n",
        "a,b\n\n1,2\n",
        'a,b\n27" by 40",2\n',
        'a,b\n"1" ,2\n',
        'a,b\n"1"2"3",4\n',
        "a,b\n1,2\r3,4\n",
        "a,b\r\n1,2\n",
        "a,b\n\ufeffc,d\n",
        "a,b\n1,\x01\n",
    ],
)
def test_what_is_not_is_left(text):
    assert rows_of(text, 2) is None


def test_a_record_that_is_cut_within_quotes_waits():
    assert rows_of('a,b\n1,"two\nlines\n', 2) == ([["a", "b"]], '1,"two\nlines\n')


def test_a_cell_that_is_too_long_to_be_meant_is_left():
    assert rows_of(f'a,b\n1,"{"x" * 50}"\n', 2, longest=49) is None
