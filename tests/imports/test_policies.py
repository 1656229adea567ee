"""What a column may do to records that exist: policy by policy, whatever they say and whatever the file says."""

import pytest

from kartotek import errors
from kartotek.domain import Database
from kartotek.settings import Settings
from tests.helpers.importing import import_file, rehearse_file, sheet_of, values

# What records say before, and what the file says: email → city.
BEFORE = {"a": "Odense", "b": "", "c": "Odense", "d": ""}
FILE = {"a": "Ribe", "b": "Ribe", "c": "", "d": "", "e": "Ribe", "f": ""}


@pytest.mark.parametrize(
    ("options", "after"),
    [
        ({}, "Ribe Ribe Odense - Ribe -"),
        ({"clear": ("City",)}, "Ribe Ribe - - Ribe -"),
        ({"keep": ("City",)}, "Odense Ribe Odense - Ribe -"),
        ({"keep": ("*",), "clear": ("City",)}, "Odense Ribe Odense - Ribe -"),
        ({"only_new": ("City",)}, "Odense - Odense - Ribe -"),
        ({"only_new": ("City",), "clear": ("City",)}, "Odense - Odense - Ribe -"),
    ],
    ids=["always", "always, clearing", "empty", "empty, clearing", "never", "never, clearing"],
)
@pytest.mark.parametrize("batch", [2, 50_000])
def test_each_policy_does_what_it_says_to_each_old_and_new_value(
    harbour: Database, home: Settings, options: dict[str, tuple[str, ...]], after: str, batch: int
) -> None:
    import_file(harbour, home, cities(BEFORE), "contacts")

    rehearsed = rehearse_file(harbour, home, cities(FILE), "contacts", **options)
    ended = import_file(harbour, home, cities(FILE), "contacts", batch=batch, **options)

    assert [city or "-" for (city,) in values(harbour, "contacts", "city")] == after.split()
    assert rehearsed.books.objects == ended.books.objects


@pytest.mark.parametrize(
    ("option", "after"),
    [
        ({}, ["CHAMPION", "CHAMPION", "BLOCKER;CHAMPION", "CHAMPION", None]),
        ({"add": ("Buying Role",)}, ["BLOCKER;CHAMPION", "CHAMPION", "BLOCKER;CHAMPION", "CHAMPION", None]),
        ({"remove": ("Buying Role",)}, ["BLOCKER", None, "BLOCKER", None, None]),
    ],
    ids=["replace", "add", "remove"],
)
def test_several_values_take_the_place_of_those_there_or_are_added_or_removed(
    harbour: Database, home: Settings, option: dict[str, tuple[str, ...]], after: list[str | None]
) -> None:
    before = {"a": "BLOCKER", "b": "CHAMPION", "c": "BLOCKER;CHAMPION", "d": ""}
    import_file(harbour, home, roles(before), "contacts")
    said = {
        "a": "CHAMPION",
        "b": "CHAMPION",
        "c": "" if not option or "add" in option else "champion",
        "d": "",
        "e": "",
    }
    said |= {"d": "CHAMPION"} if "remove" not in option else {"e": "CHAMPION"}

    import_file(harbour, home, roles(said), "contacts", **option)

    found = [text and text.strip("{}").replace(",", ";") for (text,) in values(harbour, "contacts", "hs_buying_role")]
    assert found == after


def test_addresses_are_added_and_removed_and_belong_to_their_record_no_longer(
    harbour: Database, home: Settings
) -> None:
    import_file(harbour, home, addresses("ada@old.example;ada@home.example"), "contacts")

    import_file(harbour, home, addresses("ada@new.example"), "contacts", add=("Additional email addresses",))
    added = values(harbour, "contacts", "hs_additional_emails")
    import_file(harbour, home, addresses("ada@home.example"), "contacts", remove=("Additional email addresses",))
    import_file(harbour, home, sheet_of({"Email": "ada@home.example", "First Name": "Other"}), "contacts")

    assert added == [("{ada@old.example,ada@home.example,ada@new.example}",)]
    assert values(harbour, "contacts", "firstname", "hs_additional_emails") == [
        ("Ada", "{ada@old.example,ada@new.example}"),
        ("Other", None),
    ]


def test_a_record_is_not_emptied_of_the_last_that_it_needs(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, sheet_of({"First Name": "Ada", "City": "Odense"}), "contacts")
    ((id,),) = values(harbour, "contacts", "_id")
    row = {"Record ID": id, "First Name": "", "City": "Ribe"}

    ended = import_file(harbour, home, sheet_of(row), "contacts", clear=("*",))

    assert [error["type"] for error in ended.errors] == ["MISSING_REQUIRED_PROPERTY"]
    assert values(harbour, "contacts", "firstname", "city") == [("Ada", "Odense")]


def test_of_several_rows_only_all_blank_ones_empty_a_property(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, cities({"a": "Odense", "b": "Odense"}), "contacts")
    rows = [["Email", "City"], *([f"{one}@x.example", city] for one, city in [("a", ""), ("b", ""), ("a", "Ribe")])]

    import_file(harbour, home, sheet_of(*rows), "contacts", clear=("City",), batch=2)

    assert values(harbour, "contacts", "city") == [("Ribe",), (None,)]


def test_a_cell_that_cannot_be_read_empties_nothing(harbour: Database, home: Settings) -> None:
    row = {"Email": "ada@x.example", "Lifecycle Stage": "lead"}
    import_file(harbour, home, sheet_of(row), "contacts")

    import_file(harbour, home, sheet_of(row | {"Lifecycle Stage": "king"}), "contacts", clear=("*",))

    assert values(harbour, "contacts", "lifecyclestage") == [("lead",)]


def test_values_are_read_as_what_somebody_said_instead(harbour: Database, home: Settings) -> None:
    rows = [["Email", "Country/Region"], ["a@x.example", " DK "], ["b@x.example", "DKK"], ["c@x.example", "n/a"]]
    instead = (("Country/Region", "DK", "Denmark"), ("Country/Region", "n/a", ""))

    import_file(harbour, home, sheet_of(*rows), "contacts", values=instead)

    assert values(harbour, "contacts", "country") == [("Denmark",), ("DKK",), (None,)]


def test_a_property_of_one_value_is_not_added_to(harbour: Database, home: Settings) -> None:
    with pytest.raises(errors.Invalid, match="City of contacts holds one only"):
        import_file(harbour, home, cities(FILE), "contacts", add=("City",))


def cities(said: dict[str, str]) -> str:
    return sheet_of(*({"Email": f"{one}@x.example", "City": city} for one, city in said.items()))


def roles(said: dict[str, str]) -> str:
    return sheet_of(*({"Email": f"{one}@x.example", "Buying Role": text} for one, text in said.items()))


def addresses(text: str) -> str:
    return sheet_of({"Email": "ada@x.example", "First Name": "Ada", "Additional email addresses": text})
