"""An import is undone after one of its properties has become another kind."""

from kartotek.domain import Database, catalogue, properties, retypings
from kartotek.domain.retyping import Wish
from kartotek.model.people import SYSTEM
from kartotek.model.undos import Why
from kartotek.settings import Settings
from tests.helpers.importing import import_file, sheet_of, values
from tests.helpers.undoing import remainders, undo


def test_a_former_value_that_the_property_cannot_hold_any_more_stays_away_and_is_told(
    own_database: Database, home: Settings
) -> None:
    with own_database.transaction() as tx:
        size = properties.define(tx, SYSTEM, catalogue.load(tx).object_type("contacts"), "size", "Boat size")
    first = [{"Email": f"{name}@harbour.example", "Boat size": text} for name, text in (("ada", "long"), ("bo", "9"))]
    second = [row | {"Boat size": "14"} for row in first]
    import_file(own_database, home, sheet_of(*first), "contacts")
    done = import_file(own_database, home, sheet_of(*second), "contacts")
    with own_database.transaction() as tx:
        retypings.ask(tx, SYSTEM, size, Wish("number"))

    undo(own_database, done.id)

    assert values(own_database, "contacts", "email", "size") == [
        ("ada@harbour.example", "14"), ("bo@harbour.example", "9"),
    ]  # fmt: skip
    assert [(one.property, one.why) for one in remainders(own_database, done.id)] == [("size", Why.UNFIT)]
