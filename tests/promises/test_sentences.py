"""Every sentence that an error can say is said on the pages in the person's language."""

import re

import pytest
from babel.messages.pofile import read_po

from kartotek.pages import language, sentences
from tests.helpers import said

TRANSLATED = sorted(language.FOLDER.glob("*/errors.po"))


def told(file):
    return {str(one.id): str(one.string) for one in read_po(file.open("rb")) if one.id and one.string}


def gaps(text):
    return set(re.findall(r"\{\d+\}", text))


@pytest.mark.parametrize("file", TRANSLATED, ids=lambda file: file.parent.name)
def test_a_language_has_every_sentence_that_an_error_can_say(file):
    """What lacks is to be added to the language's errors.po, with its gaps as they are told here."""
    known = told(file)

    lacking = {place: template for template, place in said.sentences().items() if template not in known}

    assert lacking == {}


@pytest.mark.parametrize("file", TRANSLATED, ids=lambda file: file.parent.name)
def test_a_translated_sentence_keeps_its_gaps(file):
    assert [one for one, other in told(file).items() if gaps(one) != gaps(other)] == []


@pytest.mark.parametrize("file", TRANSLATED, ids=lambda file: file.parent.name)
def test_every_sentence_is_known_again_when_it_is_raised(file):
    raised = {template: template.format(*(f"Xyz{n}" for n in range(9))) for template in said.sentences()}

    lost = [one for one, sentence in raised.items() if sentences.said(file.parent.name, sentence) == sentence]

    assert [one for one in lost if told(file)[one] != one] == []


@pytest.mark.parametrize(
    ("english", "danish"),
    [
        (
            "Sol may not edit contacts. An administrator can give you another role.",
            "Sol må ikke redigere kontakter. En administrator kan give dig en anden rolle.",
        ),
        ("A group needs a label.", "En gruppe skal have et navn."),
        (
            "Sol may edit only their own contacts. An administrator can give you another role.",
            "Sol må kun redigere sine egne kontakter. En administrator kan give dig en anden rolle.",
        ),
        (
            "Sol may delete only their team's and unassigned deals. An administrator can give you another role.",
            "Sol må kun slette teamets og ikke tildelte aftaler. En administrator kan give dig en anden rolle.",
        ),
        (
            "“x” is not a date. Correct it, or leave it empty.",
            "“x” er ikke en dato. Ret det, eller lad feltet stå tomt.",
        ),
        (
            "This import has ended already, so it cannot be paused.",
            "Importen er allerede slut, så den kan ikke sættes på pause.",
        ),
        (
            "3 deals are in “Won”, archived ones included. Move them to another stage first.",
            "3 aftaler er i “Won”, de arkiverede medregnet. Flyt dem til en anden fase først.",
        ),
        (
            "This link is wrong, has been used, or has expired. "
            "Ask an administrator for a new one (`kartotek user add` with your address prints it).",
            "Linket er forkert, er brugt, eller er udløbet. "
            "Bed en administrator om et nyt (`kartotek user add` med din adresse viser det).",
        ),
        (
            "Sol may not view contacts. An administrator can give you another role.",
            "Sol må ikke se kontakter. En administrator kan give dig en anden rolle.",
        ),
        (
            "“Billing” of one contact: there are 2 already. Choose at least 2, or remove some of them first.",
            "“Billing” på én kontakt: Der er allerede 2. Vælg mindst 2, eller fjern nogle af dem først.",
        ),
        (
            "Companies of one contact: there are 2 already. Choose at least 2, or remove some of them first.",
            "Virksomheder på én kontakt: Der er allerede 2. Vælg mindst 2, eller fjern nogle af dem først.",
        ),
        ("There is a list called “contacts” already. Give this one another name.",
         "Der er allerede en liste, der hedder “contacts”. Giv denne et andet navn."),
        ("There is no property of contacts called “frist”. Did you mean “first”?",
         "Der er ingen egenskab på kontakter, der hedder “frist”. Mente du “first”?"),
        ("An option has at most 65,536 characters. Shorten it.",
         "En valgmulighed har højst 65.536 tegn. Gør den kortere."),
        ("Give the list a name. Give the role a name.", "Giv listen et navn. Giv rollen et navn."),
        ("Nobody has written this.", "Nobody has written this."),
    ],
)  # fmt: skip
def test_what_fills_the_gaps_is_said_in_the_language_too_unless_it_is_in_quotes(english, danish):
    assert sentences.said("da", english) == danish
    assert sentences.said("en", english) == english
