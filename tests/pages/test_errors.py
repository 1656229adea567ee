"""The page that says what is wrong, and where to go from there."""

import pytest

from tests.helpers.visitor import text_of


@pytest.mark.parametrize(
    ("path", "above"),
    [
        ("/imports/7/pause", "/imports/7"),
        ("/settings/people/1/handover", "/settings/people/1"),
        ("/contacts/views/first", "/contacts"),
        ("/preferences", "/"),
    ],
)
def test_an_address_that_only_takes_a_form_leads_to_the_page_above_it(ida, path, above):
    english, danish = ida.get(path), ida.get(path, **{"accept-language": "da"})

    assert english.status_code == danish.status_code == 405
    assert f'class="btn btn-primary" href="{above}"' in english.text
    assert "Nothing to see here This address only takes what a form sends." in text_of(english)
    assert "Her er ikke noget at se Denne adresse modtager kun det, en formular sender." in text_of(danish)


def test_an_address_that_only_shows_something_says_that_nothing_can_be_changed(ida):
    answer = ida.post("/imports/new")

    assert answer.status_code == 405
    assert "There is nothing at this address that could be changed." in text_of(answer)
