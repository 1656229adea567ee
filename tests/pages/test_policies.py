"""In a column's panel: whether the newest wins, and whose values are trusted more."""

import pytest

from kartotek.domain import imports
from kartotek.imports.table import Overwrite, Trusted
from kartotek.pages.wizard import draft as drafts
from tests.helpers.visitor import text_of
from tests.helpers.wizard import draft_of

LEADS = b"Email;City;Changed\nada@nordlys.example;Ribe;2026-01-02\n"


@pytest.fixture
def path(ida):
    return draft_of(ida, LEADS)


def columns(database, crew, path):
    with database.transaction() as tx:
        return drafts.of(imports.get(tx, crew.ida, int(path.rpartition("/")[2]))).plan.columns


def save(ida, path, **fields):
    return ida.post(f"{path}/columns/1", form=f"{path}/columns/1", **fields)


def test_the_newest_wins_by_a_column_that_is_chosen(ida, path, own_database, crew):
    refused = save(ida, path, overwrite="newest")

    save(ida, path, overwrite="newest", dated_by="2")
    page = ida.get(f"{path}/columns/1").text

    assert refused.status_code == 400 and "Choose the column that says when" in text_of(refused)
    _, city, changed = columns(own_database, crew, path)
    assert city.overwrite is Overwrite.NEWEST and changed.dates_rows
    assert '<option value="2" selected>Changed</option>' in page


def test_whom_to_trust_more_is_ticked(ida, path, own_database, crew):
    save(ida, path, overwrite="trusted", **{"trusted-people": "1", "trusted-programs": "1"})

    city = columns(own_database, crew, path)[1]
    assert (city.overwrite, city.trusted) == (Overwrite.TRUSTED, (Trusted.PEOPLE, Trusted.PROGRAMS))
