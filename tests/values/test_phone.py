import re

import phonenumbers
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartotek import errors
from kartotek.values import NATIVE, Reading, phone
from tests.values import outcome, quick, read

NOT = "FAILED_VALIDATION"


@pytest.mark.parametrize("country", [None, "DK", "US", "JP"])
@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("+45 12 34 56 78", "+4512345678"),
        ("+4512345678", "+4512345678"),
        ("(+45) 12345678", "+4512345678"),
        ("+45-12-34-56-78", "+4512345678"),
        ("\u202a+45\u00a012 34 56 78\u202c", "+4512345678"),
        ("+1 (888) 482-7768", "+18884827768"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("+49 030 123456", "+4930123456"),
        ("+39 06 1234567", "+39061234567"),
        ("+1 888 482 7768 ext. 12", "+18884827768;ext=12"),
        ("+18884827768;ext=12", "+18884827768;ext=12"),
        ("+45 1234", NOT),
        ("+999 12345678", NOT),
    ],
)
def test_a_number_with_its_country_is_the_same_everywhere(cell, number, country):
    assert read("phone", cell, country=country) == number


@pytest.mark.parametrize(
    ("country", "cell", "number"),
    [
        ("DK", "12 34 56 78", "+4512345678"),
        ("dk", "12.34.56.78", "+4512345678"),
        ("DK", "0045 12 34 56 78", "+4512345678"),
        ("DK", "4512345678", "+4512345678"),
        ("DK", "45 12 34 56", "+4545123456"),
        ("DK", NATIVE + "12345678", "+4512345678"),
        ("DK", "12345678.0", "+4512345678"),
        ("DK", "Tlf.: 12345678", "+4512345678"),
        ("DK", "12345678 lok. 12", "+4512345678;ext=12"),
        ("DK", "1234567", NOT),
        ("US", "(888) 482-7768", "+18884827768"),
        ("US", "1-888-482-7768", "+18884827768"),
        ("US", "888.482.7768 x12", "+18884827768;ext=12"),
        ("US", "482-7768", NOT),
        ("GB", "020 7946 0958", "+442079460958"),
        ("GB", "44 20 7946 0958", "+442079460958"),
        ("DE", "030 123456", "+4930123456"),
        ("DE", "0151/12345678", "+4915112345678"),
        ("IT", "06 1234567", "+39061234567"),
        ("JP", "03-1234-5678", "+81312345678"),
        ("AU", "(02) 1234 5678", "+61212345678"),
    ],
)
def test_a_number_without_a_country_is_one_of_the_chosen_country(country, cell, number):
    assert read("phone", cell, country=country) == number


@pytest.mark.parametrize(
    ("cell", "digits"),
    [
        ("12 34 56 78", "12345678"),
        ("020 7946 0958", "02079460958"),
        ("tel. 12-34-56-78", "12345678"),
        ("0045 12 34 56 78", "+4512345678"),
        ("12345678 ext. 4", "12345678;ext=4"),
        ("(217) 555-0143 x12", "2175550143;ext=12"),
    ],
)
def test_when_no_country_was_chosen_the_digits_are_kept(cell, digits):
    assert outcome("phone", [cell, digits]) == [digits, digits]


@pytest.mark.parametrize("country", [None, "DK"])
@pytest.mark.parametrize(
    "cell",
    [
        "ring later",
        "1234",
        "112",
        "4,51235E+10",
        "4.51E+10",
        "ada12345678@harbour.example",
        "2024-01-02",
        "02-01-2024",
        "-",
        "https://harbour.example/12345678",
        "12345678 / 87654321",
        "call " * 20 + "12345678",
    ],
)
def test_what_is_no_telephone_number_is_said_so(cell, country):
    assert read("phone", cell, country=country) == NOT


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_every_country_reads_its_own_numbers_as_the_library_does(region):
    number = phonenumbers.example_number(region)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    abroad = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    home = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)

    assert outcome("phone", [e164, abroad, home], country=region) == [e164] * 3


@quick
@given(
    # No zero where a trunk prefix may stand: what the library makes of a second one depends on the country.
    st.from_regex(r"\A(\+|00|0)?[1-9]{4}[0-9]{0,9}\Z"),
    st.sampled_from(["DK", "US", "GB", "DE", "IT", "RU", "FR", "SE", "SM", "HU"]),
)
def test_a_number_is_settled_as_the_library_would(digits, country):
    found = read("phone", digits, country=country)

    abroad = re.sub("^00(?=[1-9])", "+", digits)  # no country's code begins with a zero
    assert found == (answer_of_the_library(abroad, country) or answer_of_the_library(digits, country) or NOT)
    assert found == NOT or read("phone", found, country=country) == found


def answer_of_the_library(digits: str, country: str) -> str | None:
    try:
        number = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    found = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    again = phonenumbers.format_number(phonenumbers.parse(found), phonenumbers.PhoneNumberFormat.E164)
    return found if again == found else None


def test_nothing_but_zeros_is_no_number():
    assert read("phone", "00000000000", country="GB") == NOT


def test_a_country_that_nobody_knows_is_refused_by_name():
    with pytest.raises(errors.UnknownName, match="XX"):
        phone.read(pl.col("cell"), Reading(country="XX"))
