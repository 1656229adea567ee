"""Rules that people set for a property, kept to by files: the value is left out, the record imported."""

from collections.abc import Iterator

import pytest

from kartotek.domain import Database, catalogue, limits
from kartotek.model.people import SYSTEM
from kartotek.model.problems import EFFECTS, Effect
from kartotek.settings import Settings
from kartotek.values.limits import Limits
from tests.helpers.importing import import_file, rehearse_file, sheet_of, values

BROKEN = "INVALID_CUSTOM_PROPERTY_VALIDATION"
ROWS = [
    {"Email": "ada@harbour.example", "Member": "DK12345678", "Latitude": "100"},
    {"Email": "bo@harbour.example", "Member": "none", "Latitude": "1000000000000000000000.1"},
    {"Email": "cleo@harbour.example", "Member": "", "Latitude": "99.999"},
]


@pytest.fixture
def ruled(harbour: Database) -> Iterator[Database]:
    told = {"member": Limits(pattern="DK[0-9]{8}", example="DK12345678"), "hs_latitude": Limits(least="100")}
    set_rules(harbour, told | {"hs_latitude": Limits(least="100", most="1000000000000000000000")})
    yield harbour
    set_rules(harbour, dict.fromkeys(told, Limits()))


@pytest.mark.parametrize("batch", [1, 50_000])
def test_a_value_against_a_rule_is_left_out_and_told(ruled: Database, home: Settings, batch: int) -> None:
    text = sheet_of(*ROWS)

    rehearsed = rehearse_file(ruled, home, text, "contacts", numbers="US", batch=batch)
    done = import_file(ruled, home, text, "contacts", numbers="US", batch=batch)

    assert sorted(done.told()) == [
        (3, "Latitude", BROKEN, "1000000000000000000000.1"),
        (3, "Member", BROKEN, "none"),
        (4, "Latitude", BROKEN, "99.999"),
    ]
    assert done.rows("contacts") == {"created": 3} and EFFECTS[BROKEN] is Effect.VALUE
    assert values(ruled, "contacts", "email", "member", "_extra") == [
        ("ada@harbour.example", "DK12345678", "{\"hs_latitude\": \"100\"}"), ("bo@harbour.example", None, None),
        ("cleo@harbour.example", None, None),
    ]  # fmt: skip
    assert rehearsed.errors == done.errors
    said = {error["value"]: error["message"] for error in done.errors}
    assert said["none"].startswith("“none” is against the rules of Member: like DK12345678. Correct it")
    assert "100 at least, 1000000000000000000000 at most." in said["99.999"]


def test_a_file_that_keeps_to_them_is_imported_whole(ruled: Database, home: Settings) -> None:
    done = import_file(ruled, home, sheet_of(ROWS[0]), "contacts", numbers="US")

    assert (done.told(), done.rows("contacts")) == ([], {"created": 1})


def set_rules(database: Database, told: dict[str, Limits]) -> None:
    with database.transaction() as tx:
        one = catalogue.load(tx).object_type("contacts")
        for name, wanted in told.items():
            limits.set_limits(tx, SYSTEM, one.properties[name], wanted)
