"""Many records associated at once: primary companies, labels, limits, and rights."""

import pytest

from kartotek import errors
from kartotek.domain import association_types, associations, bulk_runs, catalogue, doctor, labels, primaries, records
from kartotek.model.bulk_runs import KEPT_PRIMARY, Associate, Fate
from kartotek.model.people import Rights
from tests.helpers.bulk import ticked
from tests.helpers.colleagues import as_now, with_rights

TO_COMPANY = 279  # a contact's associations with companies


def test_many_are_associated_and_a_primary_company_is_replaced_only_when_asked(tx, cast):
    contacts = cast.ada.object_type
    third = records.create(tx, cast.ida, cast.nordlys.object_type, {"name": "Tredje"})
    asked = ticked(cast.ada, cast.bo, cast.cleo)

    kept = bulk_runs.ask(tx, cast.ida, contacts, Associate("companies", (third.id,), primary=third.id), asked)
    before = [records.get(tx, cast.ida, contacts, id).primary for id in asked.ids]
    taken = bulk_runs.ask(
        tx, cast.ida, contacts, Associate("companies", (third.id,), primary=third.id, replace=True), asked
    )

    assert (kept.changed, kept.counts[KEPT_PRIMARY]) == (3, 2)
    assert before == [cast.nordlys.id, cast.havnen.id, third.id]
    assert (taken.changed, taken.unchanged, taken.counts.get(KEPT_PRIMARY)) == (2, 1, None)
    assert [records.get(tx, cast.ida, contacts, id).primary for id in asked.ids] == [third.id] * 3
    companies = associations.of(tx, cast.ida, records.get(tx, cast.ida, contacts, cast.ada.id), third.object_type)
    assert {one.record.id for one in companies} == {cast.nordlys.id, cast.havnen.id, third.id}


def test_the_primary_company_comes_first_to_whom_has_none(tx, cast):
    third = records.create(tx, cast.ida, cast.nordlys.object_type, {"name": "Tredje"})

    bulk_runs.ask(
        tx, cast.ida, cast.cleo.object_type, Associate("companies", (cast.havnen.id, third.id), primary=third.id),
        ticked(cast.cleo),
    )  # fmt: skip

    assert records.get(tx, cast.ida, cast.cleo.object_type, cast.cleo.id).primary == third.id


def test_labels_are_set_with_the_associations_and_beside_those_there(tx, cast):
    contacts, companies = cast.ada.object_type, cast.nordlys.object_type
    label = catalogue.load(tx).labels("contacts", "companies")[0]

    run = bulk_runs.ask(
        tx, cast.ida, contacts, Associate("companies", (cast.havnen.id,), labels=(label.id,)),
        ticked(cast.ada, cast.cleo),
    )  # fmt: skip

    assert run.changed == 2
    for one in (cast.ada, cast.cleo):
        assert labels.of(tx, contacts, one.id, companies, [cast.havnen.id])[cast.havnen.id] == (label,)


def test_a_limit_that_would_be_broken_refuses_those_records_alone(tx, cast):
    contacts = cast.ada.object_type
    associations.unlink(tx, cast.ida, contacts, cast.ada.id, cast.nordlys.object_type, cast.havnen.id)
    association_types.limit(tx, cast.ida, TO_COMPANY, 1)

    run = bulk_runs.ask(tx, cast.ida, contacts, Associate("companies", (cast.nordlys.id,)), ticked(cast.bo, cast.cleo))

    assert (run.changed, run.refused) == (1, {Fate.LIMIT: 1})
    assert bulk_runs.refused(tx, run.id, Fate.LIMIT) == [cast.bo.id]


def test_a_record_is_not_associated_with_itself(tx, cast):
    run = bulk_runs.ask(
        tx, cast.ida, cast.ada.object_type, Associate("contacts", (cast.ada.id,)), ticked(cast.ada, cast.bo)
    )

    assert (run.changed, run.refused) == (1, {Fate.ITSELF: 1})


def test_what_may_not_be_seen_is_associated_with_nothing(tx, cast):
    sol = as_now(tx, with_rights(tx, cast.ida, "Sol", Rights({"contacts": "all"}, {"contacts": "all"})))

    with pytest.raises(errors.KartotekError):
        bulk_runs.ask(tx, sol, cast.ada.object_type, Associate("companies", (cast.havnen.id,)), ticked(cast.cleo))


# ---------------------------------------------------------------- taken back


def test_undo_ends_what_it_associated_and_puts_the_primary_mark_back(tx, cast):
    contacts, companies = cast.ada.object_type, cast.nordlys.object_type
    third = records.create(tx, cast.ida, companies, {"name": "Tredje"})
    everybody = ticked(cast.ada, cast.bo, cast.cleo)
    before = [standing(tx, cast, one) for one in (cast.ada, cast.bo, cast.cleo)]
    label = catalogue.load(tx).labels("contacts", "companies")[0]
    task = Associate("companies", (cast.havnen.id, third.id), (label.id,), primary=third.id, replace=True)

    run = bulk_runs.ask(tx, cast.ida, contacts, task, everybody)
    back = bulk_runs.undo(tx, cast.ida, run.id)

    assert (run.changed, back.changed) == (3, 3)
    assert [standing(tx, cast, one) for one in (cast.ada, cast.bo, cast.cleo)] == before
    assert [finding for finding in doctor.of_records(tx) if not finding.well] == []
    with pytest.raises(errors.Conflict, match="taken back already"):
        bulk_runs.undo(tx, cast.ida, run.id)


def test_what_somebody_has_leaned_on_since_stays(tx, cast):
    contacts, companies = cast.ada.object_type, cast.nordlys.object_type
    third = records.create(tx, cast.ida, companies, {"name": "Tredje"})
    label = catalogue.load(tx).labels("contacts", "companies")[0]
    run = bulk_runs.ask(
        tx, cast.ida, contacts, Associate("companies", (third.id,)), ticked(cast.ada, cast.bo, cast.cleo)
    )
    labels.edit(tx, cast.ida, contacts, cast.ada.id, companies, third.id, [label.id])
    primaries.choose(tx, cast.ida, contacts, cast.bo.id, third.id)

    back = bulk_runs.undo(tx, cast.ida, run.id)

    assert (back.changed, back.refused) == (1, {Fate.SINCE: 2})
    assert third.id in standing(tx, cast, cast.ada)[0]
    assert standing(tx, cast, cast.bo) == ({cast.havnen.id: [], third.id: []}, third.id)
    assert standing(tx, cast, cast.cleo) == ({}, None)


def test_a_deal_without_a_primary_company_has_none_again(tx, cast):
    deals = cast.deal.object_type
    primaries.remove(tx, cast.ida, deals, cast.deal.id)
    task = Associate("companies", (cast.nordlys.id,), primary=cast.nordlys.id)

    run = bulk_runs.ask(tx, cast.ida, deals, task, ticked(cast.deal))
    given = records.get(tx, cast.ida, deals, cast.deal.id).primary
    bulk_runs.undo(tx, cast.ida, run.id)

    assert given == cast.nordlys.id
    assert standing(tx, cast, cast.deal) == ({cast.nordlys.id: []}, None)


def test_from_the_companies_side_contacts_keep_a_primary_one(tx, cast):
    companies, contacts = cast.nordlys.object_type, cast.ada.object_type
    third = records.create(tx, cast.ida, companies, {"name": "Tredje"})
    run = bulk_runs.ask(tx, cast.ida, companies, Associate("contacts", (cast.cleo.id,)), ticked(third, cast.havnen))
    first = records.get(tx, cast.ida, contacts, cast.cleo.id).primary
    label = catalogue.load(tx).labels("contacts", "companies")[0]
    other = ({third.id, cast.havnen.id} - {first}).pop()
    labels.edit(tx, cast.ida, contacts, cast.cleo.id, companies, other, [label.id])

    back = bulk_runs.undo(tx, cast.ida, run.id)

    assert (back.changed, back.refused) == (1, {Fate.SINCE: 1})
    assert standing(tx, cast, cast.cleo) == ({other: [label.id]}, other)


def standing(tx, cast, one):
    """Which companies a record has with which labels, and which is the primary one."""
    companies = cast.nordlys.object_type
    now = records.get(tx, cast.ida, one.object_type, one.id)
    linked = associations.of(tx, cast.ida, now, companies)
    return {each.record.id: [label.id for label in each.labels] for each in linked}, now.primary
