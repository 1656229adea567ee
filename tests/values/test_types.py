"""What holds for every kind of value."""

import itertools

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartotek.model.properties import Property
from kartotek.values import NATIVE, TYPES, Reading
from tests.values import quick

PROBLEMS = {
    "AMBIGUOUS_ENUMERATION_OPTION",
    "COLUMN_TOO_LARGE",
    "COULD_NOT_FIND_OWNER",
    "COULD_NOT_PARSE_DATE",
    "COULD_NOT_PARSE_NUMBER",
    "COULD_NOT_PARSE_TERM",
    "INVALID_ENUM_FILE_ID_OR_URL",
    "OUTSIDE_VALID_TERM_RANGE",
    "FAILED_VALIDATION",
    "INVALID_DOMAIN",
    "INVALID_EMAIL",
    "SECONDARY_EMAIL_WRITE_FAILURE",
    "INVALID_ENUMERATION_OPTION",
    "INVALID_NUMBER_SIZE",
    "MULTIPLE_OWNERS_FOUND",
    "OUTSIDE_VALID_TIME_RANGE",
}
READING = Reading(
    dates="DMY",
    numbers="DK",
    zone="Europe/Copenhagen",
    country="DK",
    options={"customer": "7", "newsletter": "7", "events": "8", "ada@harbour.example": "7", "7": "7", "8": "8"},
    ambiguous=frozenset({"x"}),
)
# What cells are like: any text, and texts that come close to dates, numbers, addresses.
CELLS = st.one_of(
    st.text(max_size=30),
    st.text("0123456789.,-+/: €kr%()eE@;xT" + NATIVE, max_size=20),
    st.sampled_from([module.EXAMPLE for module in TYPES.values()]),
)
kinds = pytest.mark.parametrize("kind", TYPES)


def checked(kind: str, cells: list[str | None], how: Reading = READING) -> pl.DataFrame:
    frame = pl.DataFrame({"cell": cells}, schema={"cell": pl.String})
    found = frame.select("cell", found=TYPES[kind].check(pl.col("cell"), how)).unnest("found")
    return found.with_columns(text=TYPES[kind].text(pl.col("value")))


@kinds
def test_a_value_has_the_type_that_its_kind_says(kind):
    frame = checked(kind, [TYPES[kind].EXAMPLE])

    assert frame.schema["value"] == TYPES[kind].DTYPE
    assert frame.schema["wrong"] == frame.schema["text"] == pl.String


@kinds
def test_the_example_of_a_kind_can_be_read(kind):
    assert checked(kind, [TYPES[kind].EXAMPLE]).get_column("text").to_list() != [None]


@kinds
def test_what_is_blank_is_neither_a_value_nor_wrong(kind):
    frame = checked(kind, ["", " ", "\u200b\u00a0", "\0", NATIVE, None])

    assert frame.get_column("value").null_count() == frame.get_column("wrong").null_count() == 6


@kinds
@pytest.mark.parametrize("height", [0, 1, 3])
def test_a_frame_may_have_any_height(kind, height):
    assert checked(kind, [None] * height).height == height


@kinds
@quick
@given(cells=st.lists(CELLS, min_size=1, max_size=8))
def test_a_cell_says_nothing_or_gives_a_value_or_is_wrong_by_a_known_name(kind, cells):
    frame = checked(kind, cells)

    says = frame.get_column("value").is_not_null().cast(int) + frame.get_column("wrong").is_not_null().cast(int)
    assert says.max() <= 1
    assert set(frame.get_column("wrong").drop_nulls()) <= PROBLEMS


@kinds
@quick
@given(cells=st.lists(CELLS, min_size=1, max_size=8))
def test_a_value_written_and_read_again_is_the_same(kind, cells):
    once = checked(kind, cells).drop_nulls("value")
    mark = NATIVE if kind == "number" else ""

    again = checked(kind, [mark + text for text in once.get_column("text")])

    assert again.get_column("value").to_list() == once.get_column("value").to_list()
    assert again.get_column("text").to_list() == once.get_column("text").to_list()


@kinds
@quick
@given(cells=st.lists(CELLS, min_size=1, max_size=8))
def test_a_cell_is_read_alone_as_it_is_among_others(kind, cells):
    together = checked(kind, cells).drop("cell").rows()

    assert [checked(kind, [cell]).drop("cell").row(0) for cell in cells] == together


@kinds
def test_read_and_wrong_are_the_halves_of_check(kind):
    cells = pl.DataFrame({"cell": [TYPES[kind].EXAMPLE, "x", "?", ""]})
    module, cell = TYPES[kind], pl.col("cell")

    halves = cells.lazy().select(value=module.read(cell, READING), wrong=module.wrong(cell, READING)).collect()

    assert halves.rows() == checked(kind, cells.get_column("cell").to_list()).select("value", "wrong").rows()


@pytest.mark.parametrize("type", ["bool", "date", "datetime", "enumeration", "number", "phone_number", "string"])
def test_every_property_has_a_kind(type):
    field_types = ["booleancheckbox", "checkbox", "date", "number", "phonenumber", "select", "text", "textarea", "html"]
    all_sorts = itertools.product(field_types, [None, "owner", "team", "user", "file", "free"])

    kinds = {Property(1, "contacts", "x", "X", type, field, "g", reference=to).kind for field, to in all_sorts}

    assert kinds <= set(TYPES)
