"""The last page of the wizard without scripts: formats, by what records are found, and the start."""

import pytest

from kartotek.domain import imports, properties
from tests.helpers.visitor import text_of
from tests.helpers.wizard import draft_of, go_on

BOAT = (
    "Deal name;Pipeline;Deal stage;Close date;Amount\n"
    "Boat;Sales Pipeline;Appointment Scheduled;03-04-2026;1.234\n"
    "Quay;Sales Pipeline;Appointment Scheduled;{day};{amount}\n"
)


def details(visitor, looked_at, content, objects):
    """The address of the last page, once a worker has looked at the whole file."""
    path = draft_of(visitor, content.encode(), objects)
    go_on(visitor, path)
    looked_at(path)
    return f"{path}/details"


def plan_of(database, actor, path):
    with database.transaction() as tx:
        return imports.get(tx, actor, int(path.split("/")[2])).plan


@pytest.mark.parametrize(
    ("day", "amount", "asked"),
    [("05-04-2026", "1,5", "Choose the date format"), ("31-05-2026", "2.345", "Choose the number format")],
)
def test_a_format_that_fits_two_ways_is_asked_for_before_the_start(ida, looked_at, day, amount, asked):
    path = details(ida, looked_at, BOAT.format(day=day, amount=amount), ["deals"])

    answer = ida.post(path, form=path, start="1")

    assert answer.status_code == 400
    assert asked in text_of(answer)


def test_what_is_only_not_read_yet_is_not_counted_as_an_error(ida, looked_at):
    path = details(ida, looked_at, BOAT.format(day="05-04-2026", amount="2.345"), ["deals"])

    asked = text_of(ida.get(path))
    ida.post(path, form=path, dates="DMY", numbers="DK")
    looked_at(path.removesuffix("/details"))

    assert "cannot be read" not in asked + text_of(ida.get(path))


def test_the_formats_are_shown_with_the_files_own_values_and_kept(ida, looked_at, own_database, crew):
    path = details(ida, looked_at, BOAT.format(day="05-04-2026", amount="2.345"), ["deals"])

    page = text_of(ida.get(path))
    started = ida.post(path, form=path, name="Boats", dates="DMY", numbers="DK", start="1")

    plan = plan_of(own_database, crew.ida, path)
    assert "03-04-2026 → 3 Apr 2026" in page and "03-04-2026 → 4 Mar 2026" in page
    assert started.headers["location"] == path.removesuffix("/details")
    assert (plan["name"], plan["dates"], plan["numbers"]) == ("Boats", "DMY", "DK")


def test_of_several_unique_properties_the_one_to_find_records_by_is_chosen(ida, looked_at, own_database, crew):
    with own_database.transaction() as tx:
        for name in ("member", "badge"):
            properties.define(tx, crew.ida, crew.ada.object_type, name, name.capitalize(), unique=True)
    path = details(ida, looked_at, "First name;Member;Badge\nEva;1;b1\n", ["contacts"])

    page = ida.get(path)
    ida.post(path, form=path, consent="1", start="1", **{"match-contacts": "badge"})

    assert "Property to find existing contacts by" in text_of(page)
    assert plan_of(own_database, crew.ida, path)["objects"][0]["match_by"] == "badge"
