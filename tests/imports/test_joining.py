"""The same file with the same plan by the same person, while it is being imported, is one import (D3)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from kartotek.domain import imports, jobs
from kartotek.imports import run
from kartotek.imports.table import Choices
from kartotek.model.imports import State
from kartotek.model.people import SYSTEM
from tests.helpers.importing import ended, prepared, put_in_line

LEADS = "First name,Email\nAda,ada@harbour.example\nBo,bo@harbour.example\n"
CONTACTS = Choices(objects=("contacts",))


def test_the_same_file_again_joins_the_import_that_has_not_ended(harbour, home):
    first = put_in_line(harbour, home, LEADS, CONTACTS)

    again = put_in_line(harbour, home, LEADS, Choices(objects=("contacts",), name="By another name"))

    assert again == first


@pytest.mark.parametrize(
    ("content", "choices"),
    [
        (LEADS + "Cy,cy@harbour.example\n", CONTACTS),
        (LEADS, Choices(objects=("contacts",), country="DK")),
        (LEADS, Choices(objects=("contacts", "companies"), maps=("First name=companies.name",))),
    ],
)
def test_another_file_or_another_plan_is_another_import(harbour, home, content, choices):
    first = put_in_line(harbour, home, LEADS, CONTACTS)

    assert put_in_line(harbour, home, content, choices) != first


def test_once_it_has_ended_the_same_file_is_a_new_import(harbour, home):
    first = put_in_line(harbour, home, LEADS, CONTACTS)
    run.work(harbour, home, first)

    again = put_in_line(harbour, home, LEADS, CONTACTS)
    run.work(harbour, home, again)

    assert again != first
    assert ended(harbour, again).rows("contacts") == {"unchanged": 2}


def test_a_paused_import_goes_on_when_it_is_started_again(harbour, home):
    first = put_in_line(harbour, home, LEADS, CONTACTS)
    with harbour.transaction() as tx:
        imports.pause(tx, SYSTEM, first)

    again = put_in_line(harbour, home, LEADS, CONTACTS)

    assert again == first
    with harbour.transaction() as tx:
        assert imports.get(tx, SYSTEM, first).state is State.STARTED and jobs.is_on_its_way(tx, "import", {"id": first})
    run.work(harbour, home, first)
    assert ended(harbour, first).rows("contacts") == {"created": 2}


def test_an_import_that_is_being_cancelled_is_not_joined(harbour, home):
    first = put_in_line(harbour, home, LEADS, CONTACTS)
    with harbour.transaction() as tx:
        # As a worker leaves it until it has written its last batch.
        tx.run("UPDATE kartotek.imports SET state = 'PROCESSING', cancelled = now() WHERE id = %s", [first])

    again = put_in_line(harbour, home, LEADS, CONTACTS)

    assert again != first and ended(harbour, first).state is State.PROCESSING


def test_two_starts_at_once_are_one_import(harbour, home):
    began, goes_on = Event(), Event()

    def start_and_wait():
        with prepared(harbour, home, LEADS, CONTACTS) as ready, harbour.transaction() as tx:
            id = run.begin(tx, SYSTEM, home, ready)
            began.set()
            goes_on.wait(10)
        return id

    def start():
        began.wait(10)
        return put_in_line(harbour, home, LEADS, CONTACTS)

    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(start_and_wait), threads.submit(start)]
        began.wait(10)
        goes_on.set()
        first, second = (one.result() for one in both)

    assert first == second
    with harbour.transaction() as tx:
        assert [one["id"] for one in imports.running(tx)].count(first) == 1
