"""Two records of one object become one (records-and-associations.md 12.5)."""

from dataclasses import replace
from threading import Barrier, Thread

import polars as pl
import pytest

from kartotek import errors
from kartotek.domain import (
    association_types,
    associations,
    doctor,
    history,
    lists,
    merging,
    primaries,
    records,
    restoring,
    timeline,
    writing,
)
from kartotek.domain.history import links
from kartotek.model.people import Rights
from kartotek.model.records import Batch, Links, Source
from tests.cast import gather
from tests.helpers import associating as linking


def merge(tx, cast, kept, gone):
    return merging.merge(tx, cast.ida, kept.object_type, kept.id, gone.id)


def again(tx, cast, one):
    return records.get(tx, cast.ida, one.object_type, one.id)


def linked(tx, cast, record, objects):
    return {
        one.record.id for one in associations.of(tx, cast.ida, again(tx, cast, record), cast.known.object_type(objects))
    }


def told(tx, cast, record, objects):
    return links.of(tx, cast.ida, record, cast.known.object_type(objects))


def contact(tx, cast, **texts):
    return records.create(tx, cast.ida, cast.ada.object_type, texts)


def well(tx):
    assert [finding.sentence for finding in doctor.of_records(tx) if not finding.well] == []


def test_the_values_of_the_one_that_stays_win_and_what_it_leaves_empty_is_filled(tx, cast):
    records.update(tx, cast.ida, cast.bo.object_type, cast.bo.id, {"jobtitle": "Captain", "city": "Skagen"})
    records.update(tx, cast.ida, cast.ada.object_type, cast.ada.id, {"jobtitle": "Pilot"})

    ada = merge(tx, cast, cast.ada, cast.bo)

    assert (ada.id, ada.values["firstname"], ada.values["jobtitle"], ada.values["city"]) == (
        cast.ada.id, "Ada", "Pilot", "Skagen",
    )  # fmt: skip
    well(tx)


def test_addresses_of_the_other_become_further_ones_and_find_the_survivor(tx, cast):
    records.update(tx, cast.ida, cast.bo.object_type, cast.bo.id, {"hs_additional_emails": "bo@home.example"})

    ada = merge(tx, cast, cast.ada, cast.bo)

    email = ada.object_type.properties["email"]
    held = records.holders(tx, ada.object_type, email, pl.Series(["bo@havnen.example", "bo@home.example"]))
    assert ada.values["email"] == "ada@nordlys.example"
    assert ada.values["hs_additional_emails"] == "bo@havnen.example;bo@home.example"
    assert set(held["record"]) == {ada.id}


def test_domains_of_the_other_become_further_ones(tx, cast):
    nordlys = merge(tx, cast, cast.nordlys, cast.havnen)

    assert (nordlys.values["domain"], nordlys.values["hs_additional_domains"]) == ("nordlys.example", "havnen.example")
    well(tx)


def test_the_lifecycle_stage_is_the_furthest_and_the_age_that_of_the_older(tx, cast):
    records.update(tx, cast.ida, cast.ada.object_type, cast.ada.id, {"lifecyclestage": "lead"})
    records.update(tx, cast.ida, cast.bo.object_type, cast.bo.id, {"lifecyclestage": "customer"})
    tx.run("UPDATE crm.contacts SET _created = _created - interval '3 days' WHERE _id = %s", [cast.bo.id])
    older = again(tx, cast, cast.bo).created

    ada = merge(tx, cast, cast.ada, cast.bo)

    assert (ada.values["lifecyclestage"], ada.created) == ("customer", older)


def test_associations_are_united_and_the_first_primary_company_stays(tx, cast):
    merge(tx, cast, cast.ada, cast.bo)

    assert linked(tx, cast, cast.ada, "companies") == {cast.nordlys.id, cast.havnen.id}
    assert again(tx, cast, cast.ada).primary == cast.nordlys.id
    well(tx)


def test_two_contacts_with_different_primary_companies_become_one_that_tells_of_it(tx, cast):
    tove = contact(tx, cast, firstname="Tove")
    associations.link(tx, cast.ida, tove.object_type, tove.id, cast.nordlys.object_type, [cast.nordlys.id])

    merge(tx, cast, tove, cast.bo)

    assert again(tx, cast, tove).primary == cast.nordlys.id
    assert linked(tx, cast, tove, "companies") == {cast.nordlys.id, cast.havnen.id}
    assert [(one.what, one.name, one.origin.source) for one in told(tx, cast, tove, "companies")] == [
        ("created", "Havnen ApS", Source.MERGE),
        ("removed", "Havnen ApS", Source.MERGE),
        ("created", "Nordlys A/S", Source.USER),
        ("created", "Havnen ApS", Source.USER),
    ]
    well(tx)


def test_who_had_no_company_takes_over_the_others_primary_one(tx, cast):
    primaries.choose(tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.havnen.id)

    merge(tx, cast, cast.cleo, cast.ada)

    assert again(tx, cast, cast.cleo).primary == cast.havnen.id
    well(tx)


def test_whose_primary_company_becomes_part_of_another_has_that_one(tx, cast):
    merge(tx, cast, cast.nordlys, cast.havnen)

    assert again(tx, cast, cast.bo).primary == cast.nordlys.id
    assert linked(tx, cast, cast.ada, "companies") == {cast.nordlys.id}
    assert linked(tx, cast, cast.nordlys, "contacts") == {cast.ada.id, cast.bo.id}
    well(tx)


def test_a_company_that_was_primary_beside_others_keeps_its_place_as_part_of_another(tx, cast):
    third = records.create(tx, cast.ida, cast.havnen.object_type, {"name": "Fyret"})

    merge(tx, cast, third, cast.nordlys)

    assert again(tx, cast, cast.ada).primary == third.id
    assert again(tx, cast, cast.deal).primary == third.id
    well(tx)


def test_labels_move_over_beside_those_that_are_there(tx, cast):
    ends = {"first_id": [cast.bo.id], "second_id": [cast.havnen.id], "first_key": [None], "second_key": [None]}
    pair = pl.DataFrame(ends, schema=dict.fromkeys(ends, pl.Int64))
    labelled = Links(cast.bo.object_type, cast.havnen.object_type, pair, pair.with_columns(type=pl.lit(931, pl.Int64)))
    writing.write(tx, cast.ida, Batch(links=(labelled,)))

    merge(tx, cast, cast.ada, cast.bo)

    [label] = tx.rows("SELECT first, second, type, source::text FROM kartotek.association_labels")
    assert label == {"first": cast.ada.id, "second": cast.havnen.id, "type": 931, "source": "MERGE"}
    well(tx)


def test_a_line_item_moves_to_the_deal_that_its_deal_became_part_of(tx, cast):
    texts = {"dealname": "Mole", "pipeline": "default", "dealstage": "appointmentscheduled"}
    other = records.create(tx, cast.ida, cast.deal.object_type, texts)
    item = records.create(
        tx, cast.ida, cast.known.object_type("line_items"), {"name": "Rope", "quantity": "2", "price": "5"},
        [(cast.deal.object_type, other.id)],
    )  # fmt: skip

    merge(tx, cast, cast.deal, other)

    assert linked(tx, cast, cast.deal, "line_items") == {item.id}


def test_activities_lists_and_both_histories_are_carried(tx, cast):
    note = records.create(
        tx, cast.ida, cast.known.object_type("notes"), {"hs_note_body": "Hello", "hs_timestamp": "2026-03-01"},
        [(cast.bo.object_type, cast.bo.id)],
    )  # fmt: skip
    friends = lists.create(tx, cast.ida, cast.bo.object_type, "Friends")
    lists.add(tx, cast.ida, friends, [cast.bo.id])
    records.update(tx, cast.ida, cast.bo.object_type, cast.bo.id, {"jobtitle": "Captain"})

    ada = merge(tx, cast, cast.ada, cast.bo)

    assert [one.id for one in timeline.of(tx, cast.ida, ada)] == [note.id]
    assert tx.value("SELECT array_agg(record) FROM kartotek.list_members") == [ada.id]
    assert ("jobtitle", None, "Captain") in [(one.property, one.old, one.new) for one in history.of(tx, cast.ida, ada)]


def test_the_old_number_leads_to_the_survivor_however_often_it_is_merged(tx, cast):
    merge(tx, cast, cast.ada, cast.bo)
    cleo = merge(tx, cast, cast.cleo, cast.ada)

    assert merging.survivor(tx, cast.bo.id) == merging.survivor(tx, cast.ada.id) == cast.cleo.id
    assert merging.survivor(tx, cast.cleo.id) is None
    assert cleo.values["hs_merged_object_ids"] == f"{cast.bo.id};{cast.ada.id}"


def test_what_became_part_of_another_cannot_be_restored(tx, cast):
    merge(tx, cast, cast.ada, cast.bo)

    with pytest.raises(errors.Invalid, match="is part of record"):
        restoring.restore(tx, cast.ida, cast.bo.object_type, [cast.bo.id])
    assert restoring.archived(tx, cast.ida, cast.bo.object_type) == []


def test_a_parent_or_child_company_is_not_merged(tx, cast):
    associations.link(
        tx, cast.ida, cast.nordlys.object_type, cast.nordlys.id, cast.havnen.object_type, [cast.havnen.id]
    )
    first, second = sorted([cast.nordlys.id, cast.havnen.id])
    tx.run(
        "INSERT INTO kartotek.association_labels (first, second, type, source) VALUES (%s, %s, 13, 'USER')",
        [first, second],
    )
    third = records.create(tx, cast.ida, cast.havnen.object_type, {"name": "Fyret"})

    for kept, gone in ((third, cast.havnen), (cast.nordlys, third)):
        with pytest.raises(errors.Invalid, match="parent or a child"):
            merge(tx, cast, kept, gone)


def test_neither_itself_nor_what_is_archived_nor_anybody_elses_is_merged(tx, cast):
    viewer = replace(cast.ida, rights=Rights({"*": "all"}))
    records.archive(tx, cast.ida, cast.cleo.object_type, [cast.cleo.id])

    with pytest.raises(errors.Invalid, match="with itself"):
        merge(tx, cast, cast.ada, cast.ada)
    with pytest.raises(errors.Conflict, match="Cleo is archived"):
        merge(tx, cast, cast.ada, cast.cleo)
    merge(tx, cast, cast.nordlys, cast.havnen)
    with pytest.raises(errors.Conflict, match="Havnen ApS has become part of another record"):
        merge(tx, cast, cast.nordlys, cast.havnen)
    with pytest.raises(errors.NotAllowed):
        merging.merge(tx, viewer, cast.ada.object_type, cast.ada.id, cast.bo.id)


def test_a_preview_says_what_wins_and_what_is_carried_and_changes_nothing(tx, cast):
    records.update(tx, cast.ida, cast.bo.object_type, cast.bo.id, {"city": "Skagen"})

    shown = merging.preview(tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.bo.id)

    lines = {line.property.name: (line.kept, line.gone, line.result) for line in shown.lines}
    assert lines["firstname"] == ("Ada", "Bo", "Ada")
    assert lines["city"] == (None, "Skagen", "Skagen")
    assert lines["hs_additional_emails"] == (None, None, "bo@havnen.example")
    assert shown.carried == ()
    assert again(tx, cast, cast.bo).archived is None


def test_a_merge_comes_to_what_its_preview_says(tx, cast):
    records.update(tx, cast.ida, cast.bo.object_type, cast.bo.id, {"city": "Skagen", "jobtitle": "Captain"})
    shown = merging.preview(tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.bo.id)

    ada = merge(tx, cast, cast.ada, cast.bo)

    assert {line.property.name: line.result for line in shown.lines} == {
        line.property.name: ada.values.get(line.property.name) for line in shown.lines
    }


def test_what_a_limit_has_no_room_for_is_told_before_the_merge_and_ends(tx, cast):
    pier = records.create(tx, cast.ida, cast.nordlys.object_type, {"name": "Pier"})
    linking.linked(tx, cast, cast.bo, pier, [linking.BILLING])
    linking.linked(tx, cast, cast.bo, cast.havnen, [linking.BILLING])
    linking.linked(tx, cast, cast.ada, cast.nordlys, [linking.BILLING])
    association_types.limit(tx, cast.ida, 279, 2)
    association_types.limit(tx, cast.ida, linking.BILLING, 2)
    shown = merging.preview(tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.bo.id)

    ada = merge(tx, cast, cast.ada, cast.bo)

    companies = cast.nordlys.object_type
    assert (shown.carried, shown.left) == ((), ((companies, None, 1),))
    assert linked(tx, cast, ada, "companies") == {cast.nordlys.id, cast.havnen.id}
    assert linking.labels_of(tx, cast, ada, cast.havnen) == ["Billing"]
    well(tx)


def test_a_label_that_may_be_on_one_only_moves_with_the_one_that_had_it(tx, cast):
    linking.linked(tx, cast, cast.bo, cast.havnen, [linking.BILLING])
    association_types.limit(tx, cast.ida, 930, 1)
    association_types.limit(tx, cast.ida, 280, 2)
    shown = merging.preview(tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.bo.id)

    merge(tx, cast, cast.ada, cast.bo)

    assert shown.left == ()
    assert linking.labels_of(tx, cast, cast.ada, cast.havnen) == ["Billing"]


def test_a_label_that_does_not_move_is_told_by_its_name(tx, cast):
    linking.linked(tx, cast, cast.bo, cast.havnen, [linking.BILLING])
    linking.linked(tx, cast, cast.ada, cast.nordlys, [linking.BILLING])
    association_types.limit(tx, cast.ida, linking.BILLING, 1)

    shown = merging.preview(tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.bo.id)

    assert shown.left == ((cast.nordlys.object_type, "Billing", 1),)


def test_two_people_who_merge_two_records_into_each_other_leave_one(own_database):
    with own_database.transaction() as tx:
        cast = gather(tx)
    start, done = Barrier(2), []

    def work(kept, gone):
        start.wait()
        try:
            own_database.retried(lambda tx: merge(tx, cast, kept, gone))
            done.append(kept.id)
        except errors.Conflict:
            pass

    threads = [Thread(target=work, args=pair) for pair in ((cast.ada, cast.bo), (cast.bo, cast.ada))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with own_database.transaction() as tx:
        [kept] = done
        assert again(tx, cast, cast.ada if kept == cast.ada.id else cast.bo).archived is None
        well(tx)


def test_a_colleague_of_both_moves_nothing_whichever_is_older(tx, cast):
    """Ends of one object are kept lower number first: the pair of the one that goes may be turned."""
    dora = contact(tx, cast, firstname="Dora")
    [boss, _] = association_types.define(tx, cast.ida, dora.object_type, dora.object_type, "Boss", "Report")
    linking.linked(tx, cast, cast.ada, cast.bo, [boss.id])
    linking.linked(tx, cast, dora, cast.bo, [boss.id])
    association_types.limit(tx, cast.ida, boss.id, 1)

    shown = merging.preview(tx, cast.ida, cast.ada.object_type, cast.ada.id, dora.id)
    merge(tx, cast, cast.ada, dora)

    assert (shown.carried, shown.left) == ((), ())
    assert linking.labels_of(tx, cast, cast.ada, cast.bo) == ["Boss"]
