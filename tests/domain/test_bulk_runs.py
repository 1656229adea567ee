"""Many records at once: what is settled when it is asked for, what becomes of each, and that no worker repeats any."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from kartotek import errors
from kartotek.domain import (
    bulk_runs,
    history,
    jobs,
    people,
    purging,
    records,
    staff,
)
from kartotek.model.bulk_runs import Archive, Associate, Chosen, Edit, Fate, How
from kartotek.model.filters import Filter, Query
from kartotek.model.people import Rights
from kartotek.model.records import Source
from tests import cast as casting
from tests.helpers import databases
from tests.helpers.bulk import CITY, many, ticked, values
from tests.helpers.colleagues import as_now, somebody, with_rights
from tests.helpers.statements import told

TO_COMPANY = 279  # a contact's associations with companies


def test_a_value_is_set_in_ticked_records_and_history_knows_by_which_run(tx, cast):
    records.update(tx, cast.ida, cast.ada.object_type, cast.ada.id, {"city": "Odense"})
    records.update(tx, cast.ida, cast.bo.object_type, cast.bo.id, {"city": "Aarhus"})

    run = bulk_runs.ask(tx, cast.ida, cast.ada.object_type, CITY, ticked(cast.ada, cast.bo, cast.cleo))

    assert (run.changed, run.unchanged, run.refused) == (2, 1, {}) and run.finished
    assert values(tx, cast.ida, cast.ada.object_type, [cast.ada.id, cast.bo.id, cast.cleo.id], "city") == ["Odense"] * 3
    entry = history.of(tx, cast.ida, records.get(tx, cast.ida, cast.bo.object_type, cast.bo.id))[0]
    assert (entry.old, entry.new) == ("Aarhus", "Odense")
    assert (entry.origin.source, entry.origin.source_id, entry.origin.person) == (Source.USER, run.id, cast.ida.person)


def test_a_value_is_emptied_but_for_the_last_that_is_needed(tx, cast):
    for one in (cast.ada, cast.bo):
        records.update(tx, cast.ida, one.object_type, one.id, {"email": None})
    records.update(tx, cast.ida, cast.ada.object_type, cast.ada.id, {"lastname": None})

    run = bulk_runs.ask(
        tx, cast.ida, cast.ada.object_type, Edit("firstname", How.CLEAR), ticked(cast.ada, cast.bo, cast.cleo)
    )

    assert (run.changed, run.refused) == (2, {Fate.NEEDED: 1})
    assert values(tx, cast.ida, cast.ada.object_type, [cast.ada.id, cast.bo.id], "firstname") == ["Ada", None]


def test_options_are_added_and_taken_where_there_are_several(tx, cast):
    prop = next(
        p
        for p in cast.ada.object_type.properties.values()
        if p.kind == "choices" and not p.read_only and len(p.options) > 2
    )
    one, two, three = (option.value for option in prop.options[:3])
    both = ticked(cast.ada, cast.bo)
    records.update(tx, cast.ida, cast.ada.object_type, cast.ada.id, {prop.name: f"{one};{two}"})

    bulk_runs.ask(tx, cast.ida, cast.ada.object_type, Edit(prop.name, How.ADD, f"{two};{three}"), both)
    added = values(tx, cast.ida, cast.ada.object_type, both.ids, prop.name)
    run = bulk_runs.ask(tx, cast.ida, cast.ada.object_type, Edit(prop.name, How.REMOVE, one), both)

    assert added == [f"{one};{two};{three}", f"{two};{three}"]
    assert (run.changed, run.unchanged) == (1, 1)
    left = values(tx, cast.ida, cast.ada.object_type, both.ids, prop.name)
    assert [set(text.split(";")) for text in left] == [{two, three}] * 2


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (Edit("email", How.SET, "a@x.example"), "cannot say the same in many"),
        (Edit("createdate", How.SET, "2026-01-01"), "kept by Kartotek"),
        (Edit("city", How.ADD, "Odense"), "holds one value"),
        (Edit("city", How.SET, "  "), "Say what City shall be"),
        (Edit("lifecyclestage", How.SET, "moon"), "not one of the options"),
        (Edit("hair", How.SET, "red"), "no property"),
    ],
)
def test_what_can_be_done_to_no_record_is_refused_before_anything_is(tx, cast, edit, sentence):
    with pytest.raises(errors.Invalid, match=sentence):
        bulk_runs.ask(tx, cast.ida, cast.ada.object_type, edit, ticked(cast.ada))

    assert bulk_runs.find(tx, cast.ida) == []


def test_a_stage_brings_its_pipeline(tx, cast):
    run = bulk_runs.ask(tx, cast.ida, cast.deal.object_type, Edit("dealstage", How.SET, "closedwon"), ticked(cast.deal))

    assert run.changed == 1
    assert values(tx, cast.ida, cast.deal.object_type, [cast.deal.id], "dealstage") == ["closedwon"]


def test_rights_hold_for_each_record_and_hidden_ones_are_not_there(tx, cast):
    sol = with_rights(tx, cast.ida, "Sol", Rights({"*": "own+unassigned"}, {"*": "own"}))
    records.update(tx, cast.ida, cast.ada.object_type, cast.ada.id, {"hubspot_owner_id": str(sol.id)})
    records.update(tx, cast.ida, cast.bo.object_type, cast.bo.id, {"hubspot_owner_id": str(cast.ida.person)})

    run = bulk_runs.ask(tx, as_now(tx, sol), cast.ada.object_type, CITY, ticked(cast.ada, cast.bo, cast.cleo))

    assert (run.changed, run.refused) == (1, {Fate.NO_RIGHT: 1, Fate.GONE: 1})
    assert bulk_runs.refused(tx, run.id, Fate.GONE) == [cast.bo.id]
    assert bulk_runs.refused(tx, run.id, Fate.NO_RIGHT) == [cast.cleo.id]
    assert values(tx, cast.ida, cast.ada.object_type, [cast.bo.id, cast.cleo.id], "city") == [None, None]


def test_who_may_edit_none_is_refused(tx, cast):
    viewer = as_now(tx, somebody(tx, cast.ida, "Sol", "viewer"))

    with pytest.raises(errors.NotAllowed):
        bulk_runs.ask(tx, viewer, cast.ada.object_type, CITY, ticked(cast.ada))
    with pytest.raises(errors.NotAllowed):
        bulk_runs.ask(tx, viewer, cast.ada.object_type, Archive(), ticked(cast.ada, cast.bo))


def test_all_that_match_are_those_that_match_when_it_is_asked_for(own_database, settings):
    with own_database.transaction() as tx:
        cast = casting.gather(tx)
        contacts = cast.ada.object_type
        early = many(tx, cast.ida, contacts, 150, city="Ribe")
    chosen = Chosen(Query(((Filter("city", "EQ", ("Ribe",)),),)))

    with own_database.transaction() as tx:
        run = bulk_runs.ask(tx, cast.ida, contacts, CITY, chosen)
    with own_database.transaction() as tx:
        late = many(tx, cast.ida, contacts, 2, city="Ribe")
        records.update(tx, cast.ida, contacts, early[0], {"city": "Skive"})
        records.archive(tx, cast.ida, contacts, [early[1]])
        waits = jobs.is_on_its_way(tx, "bulk", {"id": run.id})
    bulk_runs.work(own_database, run.id, lambda: None)

    with own_database.transaction() as tx:
        run = bulk_runs.get(tx, cast.ida, run.id)
        assert waits and (run.rows, run.done, run.changed, run.refused) == (150, 150, 149, {Fate.GONE: 1})
        assert values(tx, cast.ida, contacts, [early[0], *late], "city") == ["Odense", "Ribe", "Ribe"]


def test_a_worker_that_is_killed_between_or_within_parts_leaves_nothing_out_and_repeats_nothing(
    own_database, monkeypatch
):
    monkeypatch.setattr(bulk_runs, "PART", 40)
    with own_database.transaction() as tx:
        cast = casting.gather(tx)
        contacts = cast.ada.object_type
        ids = many(tx, cast.ida, contacts, 110)
        run = bulk_runs.ask(tx, cast.ida, contacts, CITY, Chosen(ids=tuple(ids)))

    with pytest.raises(KeyboardInterrupt):
        bulk_runs.work(own_database, run.id, dies)
    with pytest.raises(ZeroDivisionError), own_database.transaction() as tx:
        bulk_runs._next(tx, run.id)
        1 / 0  # noqa: B018
    with own_database.transaction() as tx:
        between = bulk_runs.get(tx, cast.ida, run.id)
    bulk_runs.work(own_database, run.id, lambda: None)
    bulk_runs.work(own_database, run.id, lambda: None)

    with own_database.transaction() as tx:
        run = bulk_runs.get(tx, cast.ida, run.id)
        assert (between.done, between.percent, between.finished) == (40, 36, None)
        assert (run.done, run.changed, run.counts) == (110, 110, {"c": 110})
        assert tx.value("SELECT count(*) FROM kartotek.changes WHERE source_id = %s", [run.id]) == 110


def dies():
    raise KeyboardInterrupt


def test_what_is_stopped_stays_as_far_as_it_came(own_database, monkeypatch):
    monkeypatch.setattr(bulk_runs, "PART", 60)
    with own_database.transaction() as tx:
        cast = casting.gather(tx)
        contacts = cast.ada.object_type
        ids = many(tx, cast.ida, contacts, 130)
        run = bulk_runs.ask(tx, cast.ida, contacts, CITY, Chosen(ids=tuple(ids)))

    bulk_runs.work(own_database, run.id, lambda: stop(own_database, cast.ida, run.id))

    with own_database.transaction() as tx:
        run = bulk_runs.get(tx, cast.ida, run.id)
        assert run.cancelled and run.finished and (run.done, run.changed) == (60, 60)
        assert values(tx, cast.ida, contacts, ids, "city").count("Odense") == 60


def stop(database, actor, id):
    with database.transaction() as tx:
        bulk_runs.cancel(tx, actor, id)


def test_rights_that_are_lost_on_the_way_count_from_then_on(own_database):
    with own_database.transaction() as tx:
        cast = casting.gather(tx)
        ids = many(tx, cast.ida, cast.ada.object_type, 101)
        sol = somebody(tx, cast.ida, "Sol")
        run = bulk_runs.ask(tx, as_now(tx, sol), cast.ada.object_type, CITY, Chosen(ids=tuple(ids)))
        staff.deactivate(tx, cast.ida, sol.id)

    bulk_runs.work(own_database, run.id, lambda: None)

    with own_database.transaction() as tx:
        run = bulk_runs.get(tx, cast.ida, run.id)
        assert run.finished and run.changed == 0 and run.message


def test_the_number_of_statements_does_not_depend_on_the_number_of_records(tx, cast):
    contacts = cast.ada.object_type
    few, some = many(tx, cast.ida, contacts, 20), many(tx, cast.ida, contacts, 90)
    counts = []

    for task in (CITY, Associate("companies", (cast.nordlys.id, cast.havnen.id), primary=cast.havnen.id), Archive()):
        for ids in (few, some):
            with told(tx) as statements:
                bulk_runs.ask(tx, cast.ida, contacts, task, Chosen(ids=tuple(ids)))
            counts.append(len(statements))

    assert counts[0::2] == counts[1::2]


def test_ones_own_runs_are_shown_to_oneself_and_to_whoever_runs_the_place(tx, cast):
    sol, kim = (as_now(tx, somebody(tx, cast.ida, name)) for name in ("Sol", "Kim"))
    run = bulk_runs.ask(tx, sol, cast.ada.object_type, CITY, ticked(cast.cleo))

    assert [one.id for one in bulk_runs.find(tx, sol)] == [one.id for one in bulk_runs.find(tx, cast.ida)] == [run.id]
    assert bulk_runs.find(tx, kim) == []
    with pytest.raises(errors.NotFound):
        bulk_runs.get(tx, kim, run.id)


def test_what_was_archived_comes_back_but_for_whose_address_another_has(tx, cast):
    contacts = cast.ada.object_type
    run = bulk_runs.ask(tx, cast.ida, contacts, Archive(), ticked(cast.ada, cast.bo))
    records.create(tx, cast.ida, contacts, {"email": cast.ada.values["email"]})

    back = bulk_runs.undo(tx, cast.ida, run.id)

    assert (back.changed, back.refused, back.message) == (1, {Fate.TAKEN: 1}, None)
    assert bulk_runs.refused(tx, back.id, Fate.TAKEN) == [cast.ada.id]
    assert not records.get(tx, cast.ida, contacts, cast.bo.id).archived


def test_what_is_given_away_before_it_is_locked_is_passed_over(own_database):
    with own_database.transaction() as tx:
        crew = casting.gather(tx)
        own = Rights({"*": "all"}, {"*": "own"})
        sol = people.actor_of(with_rights(tx, crew.ida, "Sol", own))
        ids = many(tx, crew.ida, crew.ada.object_type, 3, hubspot_owner_id=str(sol.person))

    def edit(tx):
        return bulk_runs.ask(tx, sol, crew.ada.object_type, CITY, ticked(*ids))

    with ThreadPoolExecutor() as pool, own_database.transaction() as tx:
        records.update(tx, crew.ida, crew.ada.object_type, ids[1], {"hubspot_owner_id": None})
        waits = pool.submit(own_database.retried, edit)
        databases.wait_until_somebody_waits(own_database)
        tx.connection.commit()
        run = waits.result()

    assert (run.changed, run.refused) == (2, {Fate.NO_RIGHT: 1})


def test_of_what_cannot_be_taken_back_any_more_only_the_counts_stay(own_database):
    with own_database.transaction() as tx:
        crew = casting.gather(tx)
        old, new = (
            bulk_runs.ask(tx, crew.ida, crew.ada.object_type, Edit("city", How.SET, city), ticked(crew.ada, crew.bo))
            for city in ("Odense", "Ribe")
        )
        tx.run("UPDATE kartotek.bulk_runs SET finished = now() - interval '91 days' WHERE id = %s", [old.id])

    purging.purge(own_database)

    with own_database.transaction() as tx:
        kept, other = bulk_runs.get(tx, crew.ida, old.id), bulk_runs.get(tx, crew.ida, new.id)
        assert (kept.done, kept.changed, bulk_runs.may_undo(kept)) == (2, 2, False) and bulk_runs.may_undo(other)
        assert tx.value("SELECT count(*) FROM kartotek.bulk_parts WHERE run = %s", [old.id]) == 0
        with pytest.raises(errors.Conflict, match="more than 90 days ago"):
            bulk_runs.undo(tx, crew.ida, old.id)
