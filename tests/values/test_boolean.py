import pytest

from tests.values import outcome, read

YES = "true TRUE yes Yes ja 1 on x X sand wahr oui si checked ✓ vrai y j"
NO = "false False no nej 0 off falsk falsch non nein unchecked n"


def test_a_word_for_yes_in_any_case_and_language_is_true():
    words = [*YES.split(), *YES.upper().split(), " Ja\u00a0"]

    assert outcome("boolean", words) == ["true"] * len(words)


def test_a_word_for_no_in_any_case_and_language_is_false():
    words = [*NO.split(), *NO.upper().split(), "\tNej"]

    assert outcome("boolean", words) == ["false"] * len(words)


@pytest.mark.parametrize("cell", ["maybe", "2", "yes and no"])
def test_a_word_for_neither_is_wrong(cell):
    assert read("boolean", cell) == "FAILED_VALIDATION"


def test_the_options_of_the_property_are_words_for_it_too():
    how = {"options": {"tilmeldt": "true", "frameldt": "false"}}

    assert outcome("boolean", ["Tilmeldt", "Frameldt"], **how) == ["true", "false"]
