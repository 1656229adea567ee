"""The rules of a property: set for the future, counted for the past, kept to at every door."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartotek import errors
from kartotek.domain import catalogue, definitions, limits, merging, properties, records
from kartotek.model.people import Rights
from kartotek.values import limits as values
from kartotek.values.limits import Limits

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**25), max_value=10**25)


@pytest.fixture
def size(tx, cast):
    return properties.define(tx, cast.ida, cast.ada.object_type, "size", "Boat size", type="number")


@pytest.fixture
def code(tx, cast):
    return properties.define(tx, cast.ida, cast.ada.object_type, "code", "Code")


def contacts(tx):
    return catalogue.load(tx).object_type("contacts")


def write(tx, cast, name, text):
    return records.update(tx, cast.ida, contacts(tx), cast.ada.id, {name: text}).values[name]


@pytest.mark.parametrize(
    ("wanted", "fits", "breaks", "why"),
    [
        (Limits(least="2"), "2", "1.99", "Boat size is 2 at least"),
        (Limits(most="1000"), "999,5", "1000.01", "Boat size is 1000 at most"),
        (Limits(least="-5", most="-1"), "-5", "0", "Boat size is -1 at most"),
    ],
)
def test_a_number_keeps_to_its_bounds(tx, cast, size, wanted, fits, breaks, why):
    limits.set_limits(tx, cast.ida, size, wanted)

    kept = write(tx, cast, "size", fits.replace(",", "."))
    with pytest.raises(errors.Unfit, match=why) as refused:
        write(tx, cast, "size", breaks)

    assert kept == fits.replace(",", ".") and refused.value.property == "size"
    assert records.get(tx, cast.ida, contacts(tx), cast.ada.id).values["size"] == kept


@pytest.mark.parametrize(
    ("wanted", "fits", "breaks", "why"),
    [
        (Limits(shortest=3), "abc", "ab", "3 characters at least"),
        (Limits(longest=3), "æøå", "abcd", "3 characters at most"),
        (Limits(pattern="DK[0-9]{8}", example="DK12345678"), "DK87654321", "DK1234", "It looks like DK12345678"),
        (Limits(pattern="a|ab"), "ab", "abc", "its form is a|ab"),
    ],
)
def test_a_text_has_a_length_and_a_form(tx, cast, code, wanted, fits, breaks, why):
    limits.set_limits(tx, cast.ida, code, wanted)

    assert write(tx, cast, "code", fits) == fits
    with pytest.raises(errors.Unfit) as refused:
        records.create(tx, cast.ida, contacts(tx), {"email": "eve@harbour.example", "code": breaks})

    assert why in str(refused.value)


def test_a_day_keeps_to_its_bounds(tx, cast):
    made = properties.define(tx, cast.ida, cast.ada.object_type, "since", "Member since", type="date")
    limits.set_limits(tx, cast.ida, made, Limits(least="2020-01-01", most="31-12-2030"))

    assert write(tx, cast, "since", "31-12-2030") == "2030-12-31"
    with pytest.raises(errors.Unfit, match="2020-01-01 at least"):
        write(tx, cast, "since", "31-12-2019")


def test_values_that_were_there_stay_and_are_counted(tx, cast, code):
    write(tx, cast, "code", "old")

    _, broken = limits.set_limits(tx, cast.ida, code, Limits(pattern="[0-9]+"))
    records.update(tx, cast.ida, contacts(tx), cast.ada.id, {"code": "old", "lastname": "Berg"})

    assert (broken.values, broken.of, broken.texts) == (1, 1, ("old",))
    assert records.get(tx, cast.ida, contacts(tx), cast.ada.id).values["lastname"] == "Berg"


def test_who_sees_only_their_own_is_told_how_many_and_not_which(tx, cast, code):
    write(tx, cast, "code", "old")
    limits.set_limits(tx, cast.ida, code, Limits(pattern="[0-9]+"))
    narrow = replace(cast.ida, rights=Rights({"*": "own"}, properties=True))

    broken = limits.breaking(tx, narrow, contacts(tx).properties["code"])

    assert (broken.values, broken.texts) == (1, ())


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (Limits(pattern="[a-"), "cannot be understood"),
        (Limits(pattern="a)|(b"), "cannot be understood"),
        (Limits(pattern="[0-9]+", example="none"), "does not fit the form"),
        (Limits(shortest=5, longest=4), "no value of Code could be right"),
        (Limits(longest=0), "at least"),
    ],
)
def test_rules_that_nothing_could_keep_are_refused(tx, cast, code, wanted, why):
    with pytest.raises(errors.Invalid, match=why):
        limits.set_limits(tx, cast.ida, code, wanted)

    assert not contacts(tx).properties["code"].limits


def test_bounds_that_are_none_or_cross_are_refused(tx, cast, size):
    with pytest.raises(errors.Invalid, match="not a number"):
        limits.set_limits(tx, cast.ida, size, Limits(least="many"))
    with pytest.raises(errors.Invalid, match="no value of Boat size could be right"):
        limits.set_limits(tx, cast.ida, size, Limits(least="10", most="9"))


def test_what_nobody_fills_in_or_has_options_has_no_rules(tx, cast):
    of = cast.ada.object_type.properties

    for name in ("createdate", "lifecyclestage", "email"):
        assert not limits.may_set(cast.ida, of[name])
        with pytest.raises(errors.Invalid, match="no rules for"):
            limits.set_limits(tx, cast.ida, of[name], Limits(longest=3))


def test_bringing_two_records_together_breaks_no_rule(tx, cast, code):
    records.update(tx, cast.ida, contacts(tx), cast.bo.id, {"code": "old"})
    limits.set_limits(tx, cast.ida, code, Limits(pattern="[0-9]+"))

    merging.merge(tx, cast.ida, contacts(tx), cast.ada.id, cast.bo.id)

    assert records.get(tx, cast.ida, contacts(tx), cast.ada.id).values["code"] == "old"


def test_a_property_becomes_unique_once_no_two_have_the_same_value(tx, cast, code):
    write(tx, cast, "code", "1")
    records.update(tx, cast.ida, contacts(tx), cast.bo.id, {"code": "1"})
    with pytest.raises(errors.Conflict, match="Two contacts have “1”"):
        definitions.make_unique(tx, cast.ida, code)

    records.update(tx, cast.ida, contacts(tx), cast.bo.id, {"code": "2"})
    definitions.make_unique(tx, cast.ida, code)

    with pytest.raises(errors.Unfit, match="already belongs to another record"):
        records.update(tx, cast.ida, contacts(tx), cast.bo.id, {"code": "1"})
    assert contacts(tx).properties["code"].unique


@given(NUMBERS, NUMBERS)
def test_numbers_are_compared_figure_by_figure(one, other):
    text, bound = (f"{number.normalize():f}" for number in (one, other))
    text, bound = ("0" if Decimal(each) == 0 else each for each in (text, bound))

    broken = values.of_text("number", text, Limits(least=bound))

    assert (broken == "least") == (one < other)
