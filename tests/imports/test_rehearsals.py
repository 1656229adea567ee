"""A rehearsal that is kept says of every row what the import then does, or the import holds the row."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as runs
from hypothesis import strategies as st

from kartotek import errors
from kartotek.domain import Database, catalogue, imports, records, rehearsals
from kartotek.imports import run
from kartotek.imports.table import Choices
from kartotek.model.imports import State
from kartotek.model.people import SYSTEM
from kartotek.model.rehearsals import RehearsalState, Verdict, Wanted
from kartotek.settings import Settings
from tests.helpers import importing, pictures
from tests.helpers.importing import balanced, import_file, import_rehearsed, rehearse_draft, sheet_of, values
from tests.imports import worlds
from tests.imports.worlds import World

EXAMPLES = runs(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), report_multiple_bugs=False)
CONTACTS = Choices(objects=("contacts",))
BEFORE = [{"Email": f"{one}@x.example", "First Name": one, "City": "Odense"} for one in ("ada", "bo", "cy")]
# What somebody does to a contact between a rehearsal and the import.
EDITS = [
    {"email": "zoe@harbour.example"},
    {"email": "bo@harbour.example"},
    {"firstname": "Zoe"},
    {"lifecyclestage": "lead"},
]
FILE = [{"Email": f"{one}@x.example", "City": "Ribe"} for one in ("ada", "bo", "cy", "dan")]


def verdicts(database: Database, home: Settings, id: int, object_type: str, **wanted: str) -> list[Verdict]:
    with database.transaction() as tx:
        one = catalogue.load(tx).object_type(object_type)
        return rehearsals.verdicts(tx, SYSTEM, home.files_url, id, one, Wanted(**wanted), limit=1_000)[0]


def outcomes(database: Database, id: int, object_type: str) -> list[tuple[int, str]]:
    """Line and outcome of every row, as the import kept them."""
    with database.transaction() as tx:
        rows = pictures.of_import(tx, id)["rows"]
    return [(line, outcome) for line, kind, outcome, _ in rows if kind == object_type]


def change(database: Database, id: int, **texts: str) -> None:
    with database.transaction() as tx:
        records.update(tx, SYSTEM, catalogue.load(tx).object_type("contacts"), id, texts)


def ids(database: Database) -> dict[str, int]:
    return {str(email).split("@")[0]: int(str(id)) for email, id in values(database, "contacts", "email", "_id")}


@EXAMPLES
@given(world=worlds.worlds())
def test_the_import_does_to_every_row_what_its_rehearsal_said(harbour: Database, home: Settings, world: World) -> None:
    worlds.begin(harbour, world)
    with harbour.transaction() as tx:
        before = pictures.of_records(tx)

    id = rehearse_draft(harbour, home, world.sheet, world.choices, batch=3, keep=world.keep)
    said = {name: verdicts(harbour, home, id, name) for name in world.objects}
    with harbour.transaction() as tx:
        assert pictures.of_records(tx) == before
        foreseen = rehearsals.of_worker(tx, id)
    ended = import_rehearsed(harbour, home, id, batch=5)

    assert foreseen is not None and foreseen.books == ended.books
    reasons = {(e["line"], e["object"], e["type"], e["value"]) for e in ended.errors if e["object"]}
    for name in world.objects:
        assert [(one.line, one.outcome) for one in said[name]] == outcomes(harbour, id, name)
        told = {(one.line, name, p["type"], p["value"]) for one in said[name] for p in one.problems}
        assert {one for one in reasons if one[1] == name} <= told
    worlds.begin(harbour, world)
    plain = importing.put_in_line(harbour, home, world.sheet, world.choices, keep=world.keep)
    run.work(harbour, home, plain)
    assert importing.ended(harbour, plain).books == ended.books


def test_every_value_is_told_old_and_new_and_by_what_its_record_was_found(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, sheet_of(*BEFORE), "contacts")

    id = rehearse_draft(harbour, home, sheet_of(*FILE, {"Email": "nowhere", "City": "Ål"}), CONTACTS)

    ada, _, _, dan, bad = verdicts(harbour, home, id, "contacts")
    assert (ada.line, ada.outcome, ada.record, ada.found_by) == (2, "updated", ids(harbour)["ada"], "email")
    assert [(one.property, one.old, one.new) for one in ada.changes] == [("city", "Odense", "Ribe")]
    assert (dan.outcome, dan.record) == ("created", None)
    assert {(one.property, one.old, one.new) for one in dan.changes} == {
        ("email", None, "dan@x.example"), ("city", None, "Ribe"),
    }  # fmt: skip
    assert (bad.outcome, [one["type"] for one in bad.problems]) == ("failed", ["INVALID_EMAIL"])


@pytest.mark.parametrize("batch", [1, 2, 50_000])
def test_verdicts_are_narrowed_by_outcome_property_and_text(harbour: Database, home: Settings, batch: int) -> None:
    import_file(harbour, home, sheet_of(*BEFORE), "contacts")
    id = rehearse_draft(harbour, home, sheet_of(*FILE), CONTACTS, batch=batch)

    def lines(**wanted: str) -> list[int]:
        return [one.line for one in verdicts(harbour, home, id, "contacts", **wanted)]

    assert lines(outcome="updated") == [2, 3, 4]
    assert lines(property="email") == [5]
    assert lines(outcome="updated", property="email") == []
    assert lines(search="ODENSE") == [2, 3, 4]
    assert lines(search="dan@") == [5]
    with harbour.transaction() as tx:
        contacts = catalogue.load(tx).object_type("contacts")
        page = rehearsals.verdicts(tx, SYSTEM, home.files_url, id, contacts, Wanted("updated"), limit=1, offset=1)
    assert ([one.line for one in page[0]], page[1]) == ([3], 3)


@pytest.mark.parametrize("batch", [1, 2, 50_000])
def test_a_record_changed_since_the_rehearsal_is_held_and_the_others_are_written(
    harbour: Database, home: Settings, batch: int
) -> None:
    import_file(harbour, home, sheet_of(*BEFORE), "contacts")
    id = rehearse_draft(harbour, home, sheet_of(*FILE), CONTACTS, batch=2)
    change(harbour, ids(harbour)["bo"], city="Vejle")

    ended = import_rehearsed(harbour, home, id, batch=batch)

    assert ended.rows("contacts") == {"created": 1, "updated": 2, "held": 1}
    assert ended.told() == [(3, "City", "CHANGED_SINCE_REHEARSAL", "Vejle")]
    assert values(harbour, "contacts", "city") == [("Ribe",), ("Vejle",), ("Ribe",), ("Ribe",)]
    assert balanced(ended.books, columns=2)


def test_what_the_file_does_not_say_may_change_without_holding_anything(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, sheet_of(*BEFORE), "contacts")
    id = rehearse_draft(harbour, home, sheet_of(*FILE), CONTACTS)
    change(harbour, ids(harbour)["bo"], firstname="Bodil", lastname="Berg")

    ended = import_rehearsed(harbour, home, id)

    assert ended.rows("contacts") == {"created": 1, "updated": 3}


def test_a_record_made_archived_or_readdressed_meanwhile_is_held(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, sheet_of(*BEFORE), "contacts")
    id = rehearse_draft(harbour, home, sheet_of(*FILE), CONTACTS)
    with harbour.transaction() as tx:
        contacts = catalogue.load(tx).object_type("contacts")
        records.create(tx, SYSTEM, contacts, {"email": "dan@x.example"})
        records.archive(tx, SYSTEM, contacts, [ids(harbour)["cy"]])
    change(harbour, ids(harbour)["bo"], email="bodil@x.example")

    ended = import_rehearsed(harbour, home, id)

    assert ended.rows("contacts") == {"updated": 1, "held": 3}
    assert [(line, type) for line, _, type, _ in ended.told()] == [
        (3, "NOT_AS_REHEARSED"), (4, "NOT_AS_REHEARSED"), (5, "NOT_AS_REHEARSED"),
    ]  # fmt: skip
    assert values(harbour, "contacts", "email", "city") == [
        ("ada@x.example", "Ribe"), ("bodil@x.example", "Odense"), ("dan@x.example", None),
    ]  # fmt: skip


def test_rows_that_are_about_one_record_are_held_together_and_their_links_with_them(
    harbour: Database, home: Settings
) -> None:
    import_file(harbour, home, sheet_of(*BEFORE), "contacts")
    rows = [one | {"Company Domain Name": f"{one['City'].lower()}.example"} for one in [FILE[0], FILE[1], FILE[0]]]
    both = Choices(objects=("contacts", "companies"))
    id = rehearse_draft(harbour, home, sheet_of(*rows), both, batch=1)
    change(harbour, ids(harbour)["ada"], city="Vejle")

    ended = import_rehearsed(harbour, home, id, batch=1)

    assert ended.rows("contacts") == {"updated": 1, "held": 2}
    assert ended.rows("companies") == {"created": 1, "unchanged": 2}
    assert ended.books.associations["created"] == 1
    assert [line for line, *_ in ended.told()] == [2, 4]


@pytest.mark.parametrize("stop", [1, 2])
def test_an_import_that_holds_rows_goes_on_where_it_was_stopped(harbour: Database, home: Settings, stop: int) -> None:
    import_file(harbour, home, sheet_of(*BEFORE), "contacts")
    id = rehearse_draft(harbour, home, sheet_of(FILE[0], FILE[1], FILE[0], FILE[3]), CONTACTS)
    change(harbour, ids(harbour)["ada"], city="Vejle")
    with harbour.transaction() as tx:
        rehearsals.start(tx, SYSTEM, id)

    def leave(step: run.Step) -> None:
        if step.phase == "writing" and step.done >= stop:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.work(harbour, replace(home, import_batch=1), id, leave)
    run.work(harbour, home, id)

    ended = importing.ended(harbour, id)
    assert ended.rows("contacts") == {"created": 1, "updated": 1, "held": 2}
    assert [(line, type) for line, _, type, _ in ended.told()] == [
        (2, "CHANGED_SINCE_REHEARSAL"), (4, "CHANGED_SINCE_REHEARSAL"),
    ]  # fmt: skip


def test_held_rows_are_rehearsed_and_imported_after_all(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, sheet_of(*BEFORE), "contacts")
    id = rehearse_draft(harbour, home, sheet_of(*FILE), CONTACTS)
    change(harbour, ids(harbour)["bo"], city="Vejle")
    import_rehearsed(harbour, home, id)

    with harbour.transaction() as tx:
        again = rehearsals.begin_held(tx, SYSTEM, home.files_url, id, "held")
    run.rehearse_draft(harbour, home, again)
    (bo,) = verdicts(harbour, home, again, "contacts")
    ended = import_rehearsed(harbour, home, again)

    assert [(one.property, one.old, one.new) for one in bo.changes] == [("city", "Vejle", "Ribe")]
    assert (ended.books.rows, ended.rows("contacts")) == (1, {"updated": 1})
    assert set(values(harbour, "contacts", "city")) == {("Ribe",)}
    with harbour.transaction() as tx, pytest.raises(errors.Conflict, match="No row of this import is held"):
        rehearsals.begin_held(tx, SYSTEM, home.files_url, again, "held")


def test_stopped_midway_a_rehearsal_is_done_again_from_the_start(harbour: Database, in_batches_of: Any) -> None:
    home = in_batches_of(1)
    with importing.prepared(harbour, home, sheet_of(*FILE), CONTACTS) as ready, harbour.transaction() as tx:
        id = run.begin_rehearsal(tx, SYSTEM, home, ready)

    def stop(step: run.Step) -> None:
        if step.phase == "writing" and step.done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.rehearse_draft(harbour, home, id, stop)
    run.rehearse_draft(harbour, home, id)

    assert [one.outcome for one in verdicts(harbour, home, id, "contacts")] == ["created"] * 4


def test_an_import_that_starts_without_its_rehearsal_ends_it(harbour: Database, home: Settings) -> None:
    with importing.prepared(harbour, home, sheet_of(*FILE), CONTACTS) as ready, harbour.transaction() as tx:
        id = run.begin_rehearsal(tx, SYSTEM, home, ready)
        plan = run.plan_to_json(ready.plan)
    steps: list[run.Step] = []

    def start(step: run.Step) -> None:
        steps.append(step)
        with harbour.transaction() as tx:
            imports.start(tx, SYSTEM, id, "leads", plan, ["contacts"])

    run.rehearse_draft(harbour, home, id, start)
    run.work(harbour, home, id)

    assert len(steps) == 1
    assert importing.ended(harbour, id).rows("contacts") == {"created": 4}


def test_a_rehearsal_of_a_draft_that_was_left_lying_goes_with_its_files(harbour: Database, home: Settings) -> None:
    lying, fresh = (rehearse_draft(harbour, home, sheet_of(*FILE), CONTACTS) for _ in range(2))
    with harbour.transaction() as tx:
        tx.run("UPDATE kartotek.rehearsals SET finished = finished - interval '15 days' WHERE import = %s", [lying])

    with harbour.transaction() as tx:
        rehearsals.forget_abandoned(tx, home.files_url)

    kept = [len(list(home.home.rglob(f"rehearsal-{id}-*"))) for id in (lying, fresh)]
    with harbour.transaction() as tx:
        found = [rehearsals.of_worker(tx, id) is not None for id in (lying, fresh)]
    assert (kept, found) == ([0, 1], [False, True])


def test_another_rehearsal_ends_the_one_under_way(harbour: Database, home: Settings) -> None:
    with (
        importing.prepared(harbour, home, sheet_of(*FILE), CONTACTS) as ready,
        harbour.transaction() as tx,
    ):
        id = run.begin_rehearsal(tx, SYSTEM, home, ready)
        plan = run.plan_to_json(ready.plan)
    asked: list[Any] = []

    def ask_again(step: run.Step) -> None:
        if not asked:
            with harbour.transaction() as tx:
                asked.append(rehearsals.ask(tx, SYSTEM, home.files_url, id, plan, ["contacts"]))

    run.rehearse_draft(harbour, home, id, ask_again)

    with harbour.transaction() as tx:
        found = rehearsals.of_worker(tx, id)
        assert found is not None and found.state is RehearsalState.STARTED
        with pytest.raises(errors.Conflict, match="has not been rehearsed to the end"):
            rehearsals.start(tx, SYSTEM, id)
    run.rehearse_draft(harbour, home, id)
    assert import_rehearsed(harbour, home, id).state is State.DONE


@EXAMPLES
@given(world=worlds.worlds(), edits=st.lists(st.tuples(st.integers(1, 3), st.sampled_from(EDITS)), max_size=3))
def test_whatever_changes_in_between_a_row_becomes_what_was_foreseen_or_is_held(
    harbour: Database, home: Settings, world: World, edits: list[tuple[int, dict[str, str]]]
) -> None:
    worlds.begin(harbour, world)
    id = rehearse_draft(harbour, home, world.sheet, world.choices, batch=3, keep=world.keep)
    foreseen = {name: verdicts(harbour, home, id, name) for name in world.objects}
    for contact, texts in edits:
        with suppress(errors.KartotekError):
            change(harbour, contact, **texts)
    with harbour.transaction() as tx:
        before = pictures.of_records(tx)

    ended = import_rehearsed(harbour, home, id, batch=2)

    with harbour.transaction() as tx:
        after = pictures.of_records(tx)
    for name in world.objects:
        rows = list(zip(foreseen[name], outcomes(harbour, id, name), strict=True))
        assert [(then.line, then.outcome) for then, _ in rows] == [
            (line, then.outcome if now == "held" else now) for then, (line, now) in rows
        ]
        held = {then.record for then, (_, now) in rows if now == "held"}
        assert [one for one in after[name] if one[0] in held] == [one for one in before[name] if one[0] in held]
    assert balanced(ended.books, columns=len({name for row in world.rows for name in row}))
