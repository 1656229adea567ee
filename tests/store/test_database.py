"""Transactions: one time each, begun again when another is in the way, and errors in our own words."""

import threading
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from kartotek import errors
from kartotek.domain import Database


def test_all_of_a_transaction_happens_at_one_time(tx):
    first = tx.now
    tx.run("SELECT pg_sleep(0.01)")

    assert tx.value("SELECT now()") == first == tx.now


def test_what_raises_leaves_nothing_behind(own_database):
    with pytest.raises(errors.Invalid), own_database.transaction() as tx:
        tx.run("UPDATE kartotek.object_types SET label = 'gone'")
        raise errors.Invalid("No.")

    with own_database.transaction() as tx:
        assert tx.value("SELECT count(*) FROM kartotek.object_types WHERE label = 'gone'") == 0


def test_two_that_wait_for_each_other_both_get_through(own_database):
    together = threading.Barrier(2, timeout=20)
    attempts = []

    def work(order):
        def deed(tx):
            attempts.append(order)
            for i, name in enumerate(order):
                tx.run("UPDATE kartotek.object_types SET position = position + 1 WHERE name = %s", [name])
                if i == 0 and attempts.count(order) == 1:
                    together.wait()

        own_database.retried(deed)

    threads = [threading.Thread(target=work, args=[order]) for order in (("contacts", "deals"), ("deals", "contacts"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    with own_database.transaction() as tx:
        positions = {
            row["name"]: row["position"] for row in tx.rows("SELECT name, position FROM kartotek.object_types")
        }
    assert (positions["contacts"], positions["deals"]) == (0 + 2, 2 + 2)
    assert len(attempts) > 2


def test_what_never_gets_through_ends_in_a_sentence(own_database):
    attempts = []

    def work(tx):
        attempts.append(1)
        tx.run("INSERT INTO kartotek.property_groups SELECT * FROM kartotek.property_groups LIMIT 1")

    with pytest.raises(errors.Conflict, match="Try again"):
        own_database.retried(work)
    assert len(attempts) > 3


def test_errors_of_ours_are_not_tried_again(own_database):
    attempts = []

    def work(tx):
        attempts.append(1)
        raise errors.NotFound("There is no such thing.")

    with pytest.raises(errors.NotFound):
        own_database.retried(work)
    assert len(attempts) == 1


def test_a_connection_that_is_cut_says_that_the_database_is_away_and_the_next_one_works(own_database, server):
    with pytest.raises(errors.Unavailable, match="does not answer"), own_database.transaction() as tx:
        with psycopg.connect(server, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [tx.connection.info.backend_pid])
        tx.value("SELECT 1")

    with own_database.transaction() as tx:
        assert tx.value("SELECT 1") == 1


def test_a_database_that_is_not_there_says_so(server):
    away = Database(make_conninfo(server, dbname="nowhere"), patience=0.2)

    with pytest.raises(errors.Unavailable):
        away.open()
    away.close()


def test_who_has_asked_for_a_column_before_it_became_another_kind_asks_anew(own_database):
    with own_database.transaction() as tx:
        tx.run("CREATE TABLE boats (size text)")

    def ask(tx):
        for _ in range(8):  # so often that the driver prepares it
            tx.rows("SELECT size FROM boats")
        return True

    before = own_database.retried(ask)
    with own_database.transaction() as tx:
        tx.run("ALTER TABLE boats ALTER COLUMN size TYPE numeric USING size::numeric")

    assert before and own_database.retried(ask)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a disk without any room, which only Linux has at hand")
def test_where_our_own_server_has_no_room_on_its_disk_that_is_what_is_told(tmp_path):
    away = Database(f"host={tmp_path} dbname=nobody", patience=0.1, disk=Path("/proc"))

    with pytest.raises(errors.Unavailable, match="disk of the database is full"):
        away.open()
    away.close()
