"""Archived records come back, with what lives of their associations (records-and-associations.md 12.6)."""

from dataclasses import replace
from threading import Barrier, Thread

import pytest

from kartotek import errors
from kartotek.domain import association_types, associations, doctor, primaries, records, restoring
from kartotek.domain.history import links
from kartotek.model.people import Rights
from kartotek.model.records import Source
from tests.cast import gather
from tests.helpers.associating import BILLING, CHILD, labels_of, linked

TO_CONTACT, BILLED = 280, 930  # from a company


def archive(tx, cast, *some):
    for one in some:
        records.archive(tx, cast.ida, one.object_type, [one.id])


def restore(tx, cast, one):
    return restoring.restore(tx, cast.ida, one.object_type, [one.id])


def again(tx, cast, one):
    return records.get(tx, cast.ida, one.object_type, one.id)


def told(tx, cast, record, objects):
    found = links.of(tx, cast.ida, record, cast.known.object_type(objects))
    return [(one.what, one.name, one.origin.source) for one in found]


def well(tx):
    return all(finding.well for finding in doctor.of_records(tx))


def test_a_record_comes_back_with_its_values_addresses_and_associations(tx, cast):
    archive(tx, cast, cast.ada)

    done = restore(tx, cast, cast.ada)

    ada = again(tx, cast, cast.ada)
    assert done == restoring.Restored(1, 3)
    assert (ada.archived, ada.values["email"], ada.primary) == (None, "ada@nordlys.example", cast.nordlys.id)
    assert well(tx)


def test_a_deleted_company_comes_back_with_its_association_and_the_contact_tells_of_it(tx, cast):
    archive(tx, cast, cast.havnen)
    restore(tx, cast, cast.havnen)

    assert told(tx, cast, cast.bo, "companies") == [
        ("created", "Havnen ApS", Source.RESTORE),
        ("removed", "Havnen ApS", Source.DELETION),
        ("created", "Havnen ApS", Source.USER),
    ]
    assert again(tx, cast, cast.bo).primary == cast.havnen.id
    assert well(tx)


def test_a_primary_company_that_was_replaced_meanwhile_comes_back_beside_the_other(tx, cast):
    archive(tx, cast, cast.nordlys)

    restore(tx, cast, cast.nordlys)

    assert again(tx, cast, cast.ada).primary == cast.havnen.id
    assert ("created", "Nordlys A/S", Source.RESTORE) in told(tx, cast, cast.ada, "companies")
    assert well(tx)


def test_a_deal_that_did_without_a_primary_company_goes_on_without(tx, cast):
    primaries.remove(tx, cast.ida, cast.deal.object_type, cast.deal.id)
    archive(tx, cast, cast.nordlys)

    restore(tx, cast, cast.nordlys)

    assert again(tx, cast, cast.deal).primary is None
    assert ("created", "Nordlys A/S", Source.RESTORE) in told(tx, cast, cast.deal, "companies")


def test_labels_come_back_with_their_association(tx, cast):
    tx.run(
        "INSERT INTO kartotek.association_labels (first, second, type, source) VALUES (%s, %s, 931, 'USER')",
        [cast.bo.id, cast.havnen.id],
    )
    archive(tx, cast, cast.havnen)

    restore(tx, cast, cast.havnen)

    [label] = tx.rows("SELECT first, second, type, source::text FROM kartotek.association_labels")
    assert label == {"first": cast.bo.id, "second": cast.havnen.id, "type": 931, "source": "RESTORE"}


def test_what_was_removed_before_does_not_come_back(tx, cast):
    associations.unlink(tx, cast.ida, cast.bo.object_type, cast.bo.id, cast.havnen.object_type, cast.havnen.id)
    archive(tx, cast, cast.bo)

    assert restore(tx, cast, cast.bo).associations == 0


@pytest.mark.parametrize("order", [("bo", "havnen"), ("havnen", "bo")])
def test_two_that_were_archived_come_back_associated_whoever_comes_first(tx, cast, order):
    archive(tx, cast, cast.bo, cast.havnen)

    for name in order:
        restore(tx, cast, getattr(cast, name))

    assert again(tx, cast, cast.bo).primary == cast.havnen.id
    assert well(tx)


def test_an_address_that_another_has_now_refuses_and_names_the_holder(tx, cast):
    archive(tx, cast, cast.ada)
    records.update(tx, cast.ida, cast.bo.object_type, cast.bo.id, {"email": "ada@nordlys.example"})

    with pytest.raises(errors.Conflict, match="belongs to Bo Ågård now"):
        restore(tx, cast, cast.ada)

    assert again(tx, cast, cast.ada).archived


def test_a_domain_that_another_company_has_now_refuses_too(tx, cast):
    archive(tx, cast, cast.nordlys)
    records.update(tx, cast.ida, cast.havnen.object_type, cast.havnen.id, {"hs_additional_domains": "nordlys.example"})

    with pytest.raises(errors.Conflict, match="belongs to Havnen ApS"):
        restore(tx, cast, cast.nordlys)


def test_what_was_archived_too_long_ago_is_neither_offered_nor_restored(tx, cast):
    archive(tx, cast, cast.cleo)
    tx.run("UPDATE crm.contacts SET _archived = _archived - interval '91 days' WHERE _archived IS NOT NULL")

    with pytest.raises(errors.Invalid, match="more than 90 days"):
        restore(tx, cast, cast.cleo)
    assert restoring.archived(tx, cast.ida, cast.cleo.object_type) == []


def test_who_archived_what_is_told_the_last_first(tx, cast):
    archive(tx, cast, cast.cleo, cast.bo)
    tx.run("UPDATE crm.contacts SET _archived = _archived - interval '1 hour' WHERE _id = %s", [cast.cleo.id])

    first, second = restoring.archived(tx, cast.ida, cast.bo.object_type)

    assert (first.record.name, second.record.name) == ("Bo Ågård", "Cleo")
    assert (first.by, first.source) == ("Ida Lund", Source.DELETION)
    [after] = restoring.archived(tx, cast.ida, cast.bo.object_type, after=first.place)
    assert after.record.name == "Cleo"


def test_who_may_not_delete_may_not_restore(tx, cast):
    archive(tx, cast, cast.cleo)
    viewer = replace(cast.ida, rights=Rights({"*": "all"}, {"*": "all"}))

    with pytest.raises(errors.NotAllowed):
        restoring.restore(tx, viewer, cast.cleo.object_type, [cast.cleo.id])
    with pytest.raises(errors.NotAllowed):
        restoring.archived(tx, viewer, cast.cleo.object_type)


def test_restoring_what_is_not_archived_does_nothing(tx, cast):
    assert restore(tx, cast, cast.bo) == restoring.Restored(0, 0)


def test_two_people_who_restore_both_ends_at_once_associate_them_once(own_database):
    with own_database.transaction() as tx:
        cast = gather(tx)
        archive(tx, cast, cast.bo, cast.havnen)
    start = Barrier(2)

    def work(one):
        start.wait()
        own_database.retried(lambda tx: restore(tx, cast, one))

    threads = [Thread(target=work, args=[one]) for one in (cast.bo, cast.havnen)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with own_database.transaction() as tx:
        assert again(tx, cast, cast.bo).primary == cast.havnen.id
        assert well(tx)


def test_an_association_that_a_limit_has_no_room_for_stays_ended_and_is_counted(tx, cast):
    archive(tx, cast, cast.bo)
    association_types.limit(tx, cast.ida, TO_CONTACT, 1)

    done = restore(tx, cast, cast.bo)

    assert done == restoring.Restored(1, 0, 1)
    assert associations.of(tx, cast.ida, again(tx, cast, cast.bo), cast.havnen.object_type) == []
    assert well(tx)


def test_a_label_that_a_limit_has_no_room_for_stays_ended_and_its_association_comes_back(tx, cast):
    linked(tx, cast, cast.bo, cast.havnen, [BILLING])
    archive(tx, cast, cast.bo)
    linked(tx, cast, cast.ada, cast.havnen, [BILLING])
    association_types.limit(tx, cast.ida, BILLED, 1)

    done = restore(tx, cast, cast.bo)

    assert done == restoring.Restored(1, 1, 1)
    assert labels_of(tx, cast, cast.bo, cast.havnen) == []


def test_a_company_whose_child_has_another_parent_by_now_comes_back_without_it(tx, cast):
    mole, pier = (records.create(tx, cast.ida, cast.nordlys.object_type, {"name": n}) for n in ("Mole", "Pier"))
    linked(tx, cast, mole, pier, [CHILD])
    archive(tx, cast, mole)
    linked(tx, cast, cast.nordlys, pier, [CHILD])

    done = restore(tx, cast, mole)

    assert (done, labels_of(tx, cast, mole, pier)) == (restoring.Restored(1, 1, 1), [])
    assert well(tx)
