"""The records of an import, as a view of the index page."""

import pytest

from tests.helpers import importing
from tests.helpers.visitor import text_of

ROWS = """Email,First name
astrid@x.example,Astrid
ada@nordlys.example,Ada Maria
bo@havnen.example,Bo
astrid@x.example,Astrid
"""


@pytest.fixture
def ended(own_database, settings, crew):
    """Creates Astrid, renames Ada, and finds Bo as he was."""
    return importing.import_file(own_database, settings, ROWS, "contacts", actor=crew.ida, name="fair.csv")


@pytest.mark.parametrize(
    ("outcome", "names"),
    [
        ("", {"Astrid", "Ada Maria Holm"}),
        ("&outcome=created", {"Astrid"}),
        ("&outcome=updated", {"Ada Maria Holm"}),
        ("&outcome=unchanged", {"Bo Ågård"}),
        ("&outcome=all", {"Astrid", "Ada Maria Holm", "Bo Ågård"}),
        ("&outcome=nonsense", {"Astrid", "Ada Maria Holm"}),
    ],
)
def test_the_records_of_an_import_are_shown_by_what_became_of_them(ida, ended, outcome, names):
    page = text_of(ida.get(f"/contacts?import={ended.id}{outcome}"))

    assert "From import fair.csv" in page
    assert {name for name in ("Astrid", "Ada Maria Holm", "Bo Ågård", "Cleo") if name in page} == names


def test_the_summary_leads_to_the_records(ida, ended):
    page = ida.get(f"/imports/{ended.id}").text

    assert f'href="/contacts?import={ended.id}&amp;outcome=created">1</a>' in page
    assert f'href="/contacts?import={ended.id}&amp;outcome=updated">1</a>' in page
    assert f'href="/contacts?import={ended.id}"' in page


def test_the_records_of_an_import_can_be_searched_and_sorted(ida, ended):
    page = text_of(ida.get(f"/contacts?import={ended.id}&q=ast&sort=-firstname"))

    assert "Astrid" in page and "Ada Maria Holm" not in page


def test_an_import_that_there_is_not_has_no_records(ida, crew):
    page = ida.get("/contacts?import=77")

    assert page.status_code == 200
    assert "Nothing fits" in text_of(page)
