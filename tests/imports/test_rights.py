"""Importing takes the right to import and the right to edit every object of the file (I-14)."""

import pytest

from kartotek import errors
from kartotek.domain import Database
from kartotek.model.people import ROLES, Actor, Rights
from kartotek.settings import Settings
from tests.helpers.importing import import_file, sheet_of, values

ROW = {"Contact Email": "ada@harbour.example", "Company name": "Harbour"}
SELLER = Actor(None, "Sol", Rights(edit={"*": "all", "companies": "own"}, imports=True))


def test_without_the_right_to_import_nothing_is_imported(harbour: Database, home: Settings) -> None:
    vera = Actor(None, "Vera", ROLES["viewer"])

    with pytest.raises(errors.NotAllowed, match="Vera may not import files"):
        import_file(harbour, home, sheet_of(ROW), "contacts", actor=vera)

    assert values(harbour, "contacts", "email") == []


def test_without_the_right_to_edit_one_of_the_objects_nothing_is_imported(harbour: Database, home: Settings) -> None:
    with pytest.raises(errors.NotAllowed, match="Sol may not edit all companies"):
        import_file(harbour, home, sheet_of(ROW), "contacts", "companies", actor=SELLER)

    assert values(harbour, "contacts", "email") == []


def test_what_one_may_edit_one_may_import(harbour: Database, home: Settings) -> None:
    done = import_file(harbour, home, sheet_of(ROW), "contacts", actor=SELLER)

    assert done.rows("contacts") == {"created": 1}
