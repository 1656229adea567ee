"""A batch that was decided ahead is written as it was decided only while what it looked at still says the same."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from kartotek.domain import associations, erasing, foresight, primaries, records
from kartotek.model.records import Batch, Changes
from tests.cast import gather
from tests.helpers.frames import frame_of


@pytest.fixture
def cast(own_database):
    with own_database.transaction() as tx:
        return gather(tx)


@pytest.fixture
def decision(own_database, cast):
    """Ada says the same already; Cleo gets a new title."""
    contacts = cast.ada.object_type
    frame = frame_of([cast.ada.id, cast.cleo.id], firstname=["Ada", "Cleo"], jobtitle=[None, "Pilot"])
    with own_database.transaction() as tx:
        return foresight.Foresight().decide(tx, cast.ida, Batch((Changes(contacts, frame),)))


def stands(database, decision) -> bool:
    with database.transaction() as tx:
        return records.is_as_foreseen(tx, decision, None, records.Living())


@pytest.mark.parametrize("name", ["ada", "cleo"])
def test_a_record_that_somebody_changes_meanwhile_is_decided_anew(own_database, cast, decision, name):
    before = stands(own_database, decision)

    with own_database.transaction() as tx:
        records.update(tx, cast.ida, cast.ada.object_type, getattr(cast, name).id, {"firstname": "Somebody"})

    assert before
    assert not stands(own_database, decision)


@pytest.mark.parametrize("name", ["ada", "cleo"])
def test_a_record_that_says_the_same_in_all_that_the_batch_is_about_stands(own_database, cast, decision, name):
    with own_database.transaction() as tx:
        records.update(tx, cast.ida, cast.ada.object_type, getattr(cast, name).id, {"city": "Ribe"})

    assert stands(own_database, decision)


def test_a_record_that_is_archived_or_gone_is_decided_anew(own_database, cast, decision):
    with own_database.transaction() as tx:
        records.archive(tx, cast.ida, cast.ada.object_type, [cast.ada.id])

    archived = stands(own_database, decision)
    with own_database.transaction() as tx:
        tx.run("DELETE FROM crm.contacts WHERE _id = %s", [cast.ada.id])

    assert not archived
    assert not stands(own_database, decision)


def test_what_a_batch_only_looks_at_others_may_change_before_it_is_written(own_database, cast, decision):
    contacts = cast.ada.object_type

    with own_database.transaction() as batch:
        stood = records.is_as_foreseen(batch, decision, None, records.Living())
        with own_database.transaction() as tx:
            tx.run("SET lock_timeout = '2s'")
            records.update(tx, cast.ida, contacts, cast.ada.id, {"firstname": "Adda"})
        records.deliver(batch, records.pack(cast.ida, decision, batch.now))

    assert stood
    with own_database.transaction() as tx:
        assert records.get(tx, cast.ida, contacts, cast.ada.id).values["firstname"] == "Adda"
        assert records.get(tx, cast.ida, contacts, cast.cleo.id).values["jobtitle"] == "Pilot"
        changed = tx.rows("SELECT record, old FROM kartotek.changes ORDER BY record")
    assert changed == [
        {"record": cast.ada.id, "old": {"firstname": "Ada"}},
        {"record": cast.cleo.id, "old": {"jobtitle": None}},
    ]


def test_what_a_batch_writes_nobody_changes_before_it_is_written(own_database, cast, decision):
    with own_database.transaction() as batch:
        records.is_as_foreseen(batch, decision, None, records.Living())
        with own_database.transaction() as tx:
            free = tx.rows("SELECT _id FROM crm.contacts FOR NO KEY UPDATE SKIP LOCKED")

    assert cast.cleo.id not in [row["_id"] for row in free]
    assert cast.ada.id in [row["_id"] for row in free]


def test_a_record_whose_primary_company_moves_is_decided_anew(own_database, cast, decision):
    with own_database.transaction() as tx:
        firm = records.create(tx, cast.ida, cast.nordlys.object_type, {"name": "Quay"})
        associations.link(tx, cast.ida, cast.ada.object_type, cast.ada.id, firm.object_type, [firm.id])
        primaries.choose(tx, cast.ida, cast.ada.object_type, cast.ada.id, firm.id)

    assert not stands(own_database, decision)


def test_what_the_same_transaction_wrote_is_read_again(tx, cast_of):
    contacts = cast_of.ada.object_type
    same = frame_of([cast_of.ada.id], firstname=["Ada"])
    decision = foresight.Foresight().decide(tx, cast_of.ida, Batch((Changes(contacts, same),)))

    records.update(tx, cast_of.ida, contacts, cast_of.ada.id, {"firstname": "Adda"})

    assert not records.is_as_foreseen(tx, decision, None, records.Living())


@pytest.fixture
def cast_of(tx):
    return gather(tx)


def test_an_id_that_nobody_has_stands(own_database, cast):
    contacts = cast.ada.object_type
    frame = frame_of([cast.ada.id, 999_999], firstname=["Ada", "Nobody"])

    with own_database.transaction() as tx:
        decision = foresight.Foresight().decide(tx, cast.ida, Batch((Changes(contacts, frame),)))

    assert decision.written().problems["type"].to_list() == ["INVALID_RECORD_ID"]
    assert stands(own_database, decision)


def test_a_record_that_somebody_is_changing_is_waited_for(own_database, cast, decision):
    with ThreadPoolExecutor(1) as other:
        with own_database.transaction() as tx:
            records.update(tx, cast.ida, cast.cleo.object_type, cast.cleo.id, {"jobtitle": "Smith"})
            stood = other.submit(stands, own_database, decision)
            wait_for_lock(tx)

        assert not stood.result()


def wait_for_lock(tx) -> None:
    """Until somebody waits for what this transaction holds."""
    for _ in range(500):
        if tx.value("SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"):
            return
        tx.run("SELECT pg_sleep(0.02)")
    raise AssertionError("Nobody waits.")


def test_an_address_that_is_erased_for_good_meanwhile_is_decided_anew(own_database, cast):
    contacts = cast.ada.object_type
    with own_database.transaction() as tx:
        records.archive(tx, cast.ida, contacts, [cast.bo.id])
    frame = frame_of([None], firstname=["Bo"], email=["bo@havnen.example"])
    with own_database.transaction() as tx:
        decision = foresight.Foresight().decide(tx, cast.ida, Batch((Changes(contacts, frame),)))
    before = stands(own_database, decision)

    with own_database.transaction() as tx:
        erasing.erase(tx, cast.ida, contacts, cast.bo.id, "Bo Ågård")

    assert before
    assert not stands(own_database, decision)


def test_who_erases_waits_for_a_batch_that_writes_addresses(own_database, cast):
    contacts = cast.ada.object_type
    with own_database.transaction() as tx:
        records.archive(tx, cast.ida, contacts, [cast.bo.id])

    def erase():
        own_database.retried(lambda tx: erasing.erase(tx, cast.ida, contacts, cast.bo.id, "Bo Ågård"))

    with ThreadPoolExecutor(1) as others:
        with own_database.transaction() as tx:
            records.create(tx, cast.ida, contacts, {"firstname": "Dan", "email": "dan@havnen.example"})
            erased = others.submit(erase)
            waits = wait([erased], timeout=0.5).not_done
        erased.result()

    assert waits
