"""Joins of several files that stay: on the way back and forth, in a repeated import, a recipe and an older draft."""

import msgspec
import pytest

from kartotek.domain import imports
from kartotek.model.people import SYSTEM
from tests.helpers import wizard
from tests.helpers.importing import sheet_of
from tests.helpers.wizard import by, joins_of
from tests.pages.test_joins import (
    BOTH,
    CHAIN,
    HELD,
    SOLD,
    THREE,
    draft_of,
    mapped,
    send,
)


def test_joins_stay_on_the_way_back_and_forth_and_so_does_what_was_mapped(ida):
    path = draft_of(ida, CHAIN, SOLD)
    send(ida, path, SOLD, **HELD, **BOTH, next="1")
    page = f"{path}/mapping?source=2"
    ida.post(page, form=page, **wizard.fields_of(ida.get(page).text) | {"as-9": "nothing"})

    back = joins_of(ida.get(f"{path}/objects").text)
    send(ida, path, SOLD, **HELD, **BOTH, next="1")
    first = wizard.fields_of(ida.get(page).text)
    send(ida, path, SOLD, **HELD, **by(0, (1, 0), (2, 0), key="deals"), next="1")

    assert back == [([("0", "0"), ("1", "1")], "companies"), ([("1", "0"), ("2", "0")], "deals")]
    assert first["as-9"] == "nothing" and first["as-8"] == "key:deals"
    assert wizard.fields_of(ida.get(page).text) == first
    assert 'value="key:companies" selected' not in ida.get(f"{path}/mapping?source=1").text


def test_a_column_that_was_mapped_otherwise_is_the_key_again_when_one_says_so(ida):
    path = draft_of(ida, CHAIN, SOLD)
    send(ida, path, SOLD, **HELD, **BOTH, next="1")
    page = f"{path}/mapping?source=1"

    for choice in ("nothing", "key:companies"):
        ida.post(page, form=page, **wizard.fields_of(ida.get(page).text) | {"as-4": choice})

    assert mapped(ida, path) == f"{path}/details"


@pytest.mark.parametrize("how", ["repeat", "recipe"])
def test_a_repeated_import_and_a_recipe_keep_the_joins(ida, started, how):
    path = draft_of(ida, CHAIN, SOLD)
    send(ida, path, SOLD, **BOTH, next="1")
    mapped(ida, path)
    started(path)
    number = path.rpartition("/")[2]
    if how == "recipe":
        kept = ida.post(f"{path}/recipe", form=f"{path}/recipe", name="Sold")
        number = kept.headers["location"].rpartition("/")[2]

    files = [("file", (name, sheet_of(*rows).encode())) for name, rows in CHAIN.items()]
    again = ida.post("/imports", form="/imports/new", how=how, **{how: number}, files=files).headers["location"]
    path = again.rpartition("/")[0]
    shown = joins_of(ida.get(f"{path}/objects").text)
    before = wizard.fields_of(ida.get(f"{path}/mapping?source=1").text)
    send(ida, path, SOLD, **HELD, **BOTH, next="1")

    assert again.endswith("/details")
    assert sorted(shown) == [([("0", "0"), ("1", "1")], "companies"), ([("1", "0"), ("2", "0")], "deals")]
    assert wizard.fields_of(ida.get(f"{path}/mapping?source=1").text) == before


def test_a_draft_of_an_older_version_has_its_join(ida, own_database):
    path = draft_of(ida, {name: THREE[name] for name in ("firms.csv", "people.csv")}, ["contacts", "companies"])
    send(ida, path, ["contacts", "companies"], **by(0, (0, 0), (1, 1), key="companies"), next="1")
    number = int(path.rpartition("/")[2])
    with own_database.transaction() as tx:
        draft = dict(imports.get(tx, SYSTEM, number).draft)
        del draft["joins"], draft["joined"]
        draft |= {"join": "Customer no", "join_key": "companies"}
        imports.save_draft(tx, SYSTEM, number, "Both", msgspec.to_builtins(draft))

    shown = joins_of(ida.get(f"{path}/objects").text)

    assert shown == [([("0", "0"), ("1", "1")], "companies")]
    assert 'value="key:companies" selected' in ida.get(f"{path}/mapping?source=1").text
    assert mapped(ida, path) == f"{path}/details"
