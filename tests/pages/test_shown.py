"""Values as people read them."""

import pytest

from kartotek.pages import language, shown


@pytest.mark.parametrize(
    ("region", "text", "said"),
    [
        ("en_GB", "12480", "12,480"),
        ("da_DK", "1234567.5", "1.234.567,5"),
        ("en_GB", "0.10", "0.1"),
        ("en_GB", "n/a", "n/a"),
    ],
)
def test_numbers_follow_the_language(region, text, said):
    assert shown.number(text, region) == said


def test_days_follow_the_language():
    assert shown.day("2026-04-03", "en_GB") == "3 Apr 2026"
    assert shown.day("2026-04-03", "da_DK") == "3. apr. 2026" or shown.day("2026-04-03", "da_DK") == "3 apr. 2026"


@pytest.mark.parametrize(("name", "letters"), [("Ada Holm", "AH"), ("Nordlys", "N"), ("", "?"), ("J. P. Friis", "JF")])
def test_initials_are_those_of_the_first_and_last_word(name, letters):
    assert shown.initials(name) == letters


@pytest.mark.parametrize(
    ("wish", "accepted", "spoken"),
    [(None, "da-DK,da;q=0.9,en;q=0.8", "da"), ("en", "da", "en"), (None, "fr,sv;q=0.5", "en"), (None, "", "en")],
)
def test_the_language_is_the_persons_own_else_the_browsers(wish, accepted, spoken):
    assert language.chosen(wish, accepted) == spoken
