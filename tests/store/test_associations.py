"""Pairs of records, in the one order in which they are kept."""

import polars as pl
import pytest

from kartotek.store import associations

CONTACTS, COMPANIES, DEALS, NOTES = 1, 2, 3, 46


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (CONTACTS, COMPANIES), (COMPANIES, CONTACTS), (COMPANIES, NOTES), (NOTES, CONTACTS), (CONTACTS, DEALS),
        (COMPANIES, COMPANIES), (DEALS, DEALS),
    ],
)  # fmt: skip
def test_pairs_of_two_types_are_turned_as_pairs_of_any(one, other):
    pairs = pl.DataFrame({"first": [11, 14], "second": [13, 12], "first_type": [one] * 2, "second_type": [other] * 2})

    turned = associations.in_order(pairs, one, other)

    assert turned.equals(associations.ordered(pairs))
    assert turned.columns == pairs.columns
