"""What a column may overwrite depends on who said last what is there, and when: policy by old by new by empty."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kartotek import errors
from kartotek.domain import Database, catalogue, records, undoing
from kartotek.imports import recipes, run
from kartotek.imports.table import Choices, Overwrite, Trusted
from kartotek.model.people import SYSTEM
from kartotek.model.records import Source
from kartotek.settings import Settings
from tests.helpers.importing import import_file, prepared, rehearse_file, sheet_of, values

# email → who made its contact, with which city, and who changed that since: an import, somebody, or nobody.
MADE = {"imported": "Odense", "blank": "", "edited": "Odense", "emptied": "Odense", "called": "Odense"}
PERSON = SYSTEM.acting_for(Source.USER, None)
PROGRAM = SYSTEM.acting_for(Source.API, None)
# What the file says of all of them: the city, and how many days from now that was true.
LATER, EARLIER, NEVER = 1, -1, None


def before(database: Database, home: Settings) -> None:
    """A contact for each way in which a city can have come to be; `typed` was made by hand."""
    import_file(
        database, home, sheet_of(*({"Email": mail(one), "City": city} for one, city in MADE.items())), "contacts"
    )
    with database.transaction() as tx:
        contacts = catalogue.load(tx).object_type("contacts")
        ids = {str(email): int(str(id)) for email, id in values(database, "contacts", "email", "_id")}
        for one, actor, city in (("edited", PERSON, "Vejle"), ("emptied", PERSON, ""), ("called", PROGRAM, "Vejle")):
            records.update(tx, actor, contacts, ids[mail(one)], {"city": city})
        records.create(tx, PERSON, contacts, {"email": mail("typed"), "city": "Vejle"})


def mail(one: str) -> str:
    return f"{one}@x.example"


def told(database: Database, city: str, days: int | None) -> str:
    """A file that says this of everybody, and of one more."""
    with database.transaction() as tx:
        at = "" if days is None else (tx.now + timedelta(days=days)).isoformat(timespec="seconds")
    return sheet_of(*({"Email": mail(one), "City": city, "Changed": at} for one in [*MADE, "typed", "new"]))


def cities(database: Database) -> dict[str, str]:
    return {str(email).split("@")[0]: city or "-" for email, city in values(database, "contacts", "email", "city")}


NEWEST = {"newest": ("City",), "dated_by": "Changed"}
TRUST = {"trust": ("City",)}


@pytest.mark.parametrize("batch", [2, 50_000])
@pytest.mark.parametrize(
    ("options", "days", "after"),
    [
        ({}, EARLIER, "Ribe Ribe Ribe Ribe Ribe Ribe Ribe"),
        (NEWEST, LATER, "Ribe Ribe Ribe Ribe Ribe Ribe Ribe"),
        (NEWEST, EARLIER, "Ribe Ribe Vejle - Vejle Vejle Ribe"),
        (NEWEST, NEVER, "Ribe Ribe Vejle - Vejle Vejle Ribe"),
        (TRUST, LATER, "Ribe Ribe Vejle - Ribe Vejle Ribe"),
        (TRUST | {"trusted": (Trusted.PROGRAMS,)}, LATER, "Ribe Ribe Ribe Ribe Vejle Ribe Ribe"),
        (TRUST | {"trusted": (Trusted.PEOPLE, Trusted.IMPORTS)}, LATER, "Odense Ribe Vejle - Ribe Vejle Ribe"),
    ],
    ids=["always", "newest", "newest, older row", "newest, no date", "people", "programs", "people and imports"],
)
def test_a_value_is_written_where_its_policy_lets_it(
    harbour: Database, home: Settings, options: Any, days: int | None, after: str, batch: int
) -> None:
    before(harbour, home)
    text = told(harbour, "Ribe", days)

    rehearsed = rehearse_file(harbour, home, text, "contacts", **options)
    ended = import_file(harbour, home, text, "contacts", batch=batch, **options)

    assert cities(harbour) == dict(zip([*MADE, "typed", "new"], after.split(), strict=True))
    assert rehearsed.books == ended.books


@pytest.mark.parametrize(
    ("options", "days", "emptied"),
    [
        (NEWEST, LATER, {"imported", "edited", "called", "typed"}),
        (NEWEST, EARLIER, {"imported"}),
        (TRUST, LATER, {"imported", "called"}),
    ],
)
def test_blank_cells_empty_only_what_a_value_might_have_overwritten(
    harbour: Database, home: Settings, options: Any, days: int | None, emptied: set[str]
) -> None:
    before(harbour, home)
    there = {one for one, city in cities(harbour).items() if city != "-"}

    import_file(harbour, home, told(harbour, "", days), "contacts", clear=("City",), **options)

    assert there - {one for one, city in cities(harbour).items() if city != "-"} == emptied


@pytest.mark.parametrize("batch", [1, 50_000])
def test_of_several_rows_about_a_record_the_newest_wins_wherever_it_stands(
    harbour: Database, home: Settings, batch: int
) -> None:
    dates = {"2026-03-01": "Vejle", "2026-03-03": "Ribe", "2026-03-02": "Odense", "": "Ebeltoft"}
    rows = [{"Email": mail("ada"), "City": city, "Changed": at} for at, city in dates.items()]

    import_file(harbour, home, sheet_of(*rows), "contacts", batch=batch, **NEWEST)

    assert values(harbour, "contacts", "city") == [("Ribe",)]


def test_what_an_undone_import_wrote_was_said_by_nobody(harbour: Database, home: Settings) -> None:
    before(harbour, home)
    undone = import_file(harbour, home, told(harbour, "Ebeltoft", LATER), "contacts")
    with harbour.transaction() as tx:
        undoing.start(tx, SYSTEM, undone.id)
    run.undo(harbour, undone.id)

    import_file(harbour, home, told(harbour, "Ribe", LATER), "contacts", **TRUST)

    assert {one for one, city in cities(harbour).items() if city != "Ribe"} == {"edited", "emptied", "typed"}


def test_a_date_that_cannot_be_read_is_told_and_the_row_counts_as_undated(harbour: Database, home: Settings) -> None:
    before(harbour, home)
    row = {"Email": mail("edited"), "City": "Ribe", "Changed": "yesterday"}

    ended = import_file(harbour, home, sheet_of(row), "contacts", **NEWEST)

    assert ended.told() == [(2, "Changed", "COULD_NOT_PARSE_DATE", "yesterday")]
    assert cities(harbour)["edited"] == "Vejle"


def test_the_way_round_of_the_dates_is_asked_as_for_any_other_column(harbour: Database, home: Settings) -> None:
    row = {"Email": mail("edited"), "City": "Ribe", "Changed": "03-04-2026 10:00"}

    with pytest.raises(errors.Ambiguous, match="“Changed” can be read in more than one way"):
        import_file(harbour, home, sheet_of(row), "contacts", **NEWEST)


def test_without_a_column_of_dates_the_newest_cannot_win(harbour: Database, home: Settings) -> None:
    with pytest.raises(errors.BadPlan, match="say which column dates the rows"):
        import_file(harbour, home, told(harbour, "Ribe", LATER), "contacts", newest=("City",))


def test_the_policies_are_kept_in_a_recipe(harbour: Database, home: Settings, tmp_path: Path) -> None:
    said = Choices(("contacts",), newest=("City",), dated_by="Changed", trust=("Email",), trusted=(Trusted.PROGRAMS,))
    with prepared(harbour, home, told(harbour, "Ribe", LATER), said) as ready:
        plan = ready.plan

    again = recipes.read(recipes.write(plan))

    email, city, changed = again.columns
    assert (email.overwrite, email.trusted) == (Overwrite.TRUSTED, (Trusted.PROGRAMS,))
    assert city.overwrite is Overwrite.NEWEST and changed.dates_rows
    assert replace(again, name=plan.name) == plan


@pytest.mark.parametrize("batch", [1, 50_000])
def test_of_several_files_one_may_be_dated_and_the_others_not(harbour: Database, home: Settings, batch: int) -> None:
    before(harbour, home)
    dated = told(harbour, "Ribe", EARLIER)
    plain = sheet_of({"Email": mail("edited"), "Phone Number": "+4520123456"}, {"Email": mail("new"), "City": "Skagen"})
    both = {"dated.csv": dated, "plain.csv": plain.replace("City", "First Name")}

    import_file(harbour, home, both, "contacts", batch=batch, **NEWEST)

    assert (cities(harbour)["edited"], cities(harbour)["new"], cities(harbour)["imported"]) == ("Vejle", "Ribe", "Ribe")
    assert ("Skagen", mail("new")) in values(harbour, "contacts", "firstname", "email")
    with pytest.raises(errors.BadPlan, match="“City” the newest value wins: say which column dates the rows"):
        import_file(harbour, home, both | {"plain.csv": plain}, "contacts", newest=("*",), dated_by="Changed")
