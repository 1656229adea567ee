"""Whatever ends a worker, somebody goes on where it stopped, and nothing is lost or done twice."""

import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kartotek import errors
from kartotek.domain import Database, catalogue, imports, records
from kartotek.imports import run
from kartotek.imports.run import Step
from kartotek.imports.table import Choices
from kartotek.model.imports import State
from kartotek.model.people import SYSTEM
from kartotek.settings import Settings
from tests.helpers import databases, pictures
from tests.helpers.importing import balanced, ended, put_in_line, sheet_of, values
from tests.helpers.undoing import BY_HAND

BOTH = Choices(objects=("contacts", "companies"))
PEOPLE = [{"First Name": f"Fay {i}", "Email": f"fay{i}@harbour.example"} for i in range(40)]


def leads(count: int) -> str:
    """Contacts with companies, twins all over the file, and now and then a bad cell."""
    chance = random.Random(7)
    return sheet_of(
        *(
            {
                "First Name": f"Fay {i}",
                "Email": f"fay{i if chance.random() > 0.05 else chance.randrange(i + 1)}@harbour.example"
                if i % 97
                else "nowhere",
                "Lifecycle Stage": chance.choice(["Lead", "Customer", "king", ""]),
                "Company name": f"Quay {i}",
                "Company Domain Name": f"quay{chance.randrange(count // 20)}.example",
            }
            for i in range(count)
        )
    )


def picture(database: Database, id: int) -> dict[str, Any]:
    with database.transaction() as tx:
        return pictures.of_import(tx, id)


def begun(database: Database, home: Settings, id: int, batch: int) -> "subprocess.Popen[str]":
    """A process that works at the import."""
    arguments = [database.conninfo, str(home.home), str(id), str(batch)]
    command = [sys.executable, "-m", "tests.helpers.worker", *arguments]
    worker = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )
    assert worker.stdout is not None and worker.stdout.readline() == "ready\n"
    return worker


def test_killed_again_and_again_an_import_ends_as_if_it_had_not_been(harbour: Database, home: Settings) -> None:
    text = leads(6_000)
    whole = put_in_line(harbour, home, text, BOTH)
    run.work(harbour, home, whole)
    undisturbed, books = picture(harbour, whole), ended(harbour, whole).books
    pictures.emptied(harbour)
    id = put_in_line(harbour, home, text, BOTH)
    chance, kills = random.Random(11), 0

    while ended(harbour, id).state is not State.DONE:
        # The size that the first worker had stays, whatever the next ones are told.
        worker = begun(harbour, home, id, 500 + kills)
        if kills < 8:
            time.sleep(chance.uniform(0.05, 0.5))
            worker.kill()
            kills += 1
        worker.communicate()

    assert kills >= 5
    assert picture(harbour, id) == undisturbed
    assert ended(harbour, id).books == books and balanced(books, columns=5)


def test_a_worker_that_slept_while_another_took_over_stops(harbour: Database, in_batches_of: Any) -> None:
    id = put_in_line(harbour, in_batches_of(5), sheet_of(*PEOPLE), Choices(objects=("contacts",)))
    slept = []

    def sleep(step: Step) -> None:
        if step.phase == "reading" and step.done >= 30 and not slept:
            slept.append(step)
            run.work(harbour, in_batches_of(5), id)

    with pytest.raises(errors.Overtaken):
        run.work(harbour, in_batches_of(5), id, sleep)
    assert ended(harbour, id).rows("contacts") == {"created": 40}
    assert len(values(harbour, "contacts", "email")) == 40


def test_workers_that_sleep_in_turn_over_one_import_do_every_batch_once(harbour: Database, home: Settings) -> None:
    text = leads(3_000)
    whole = put_in_line(harbour, home, text, BOTH)
    run.work(harbour, home, whole)
    undisturbed, books = picture(harbour, whole), ended(harbour, whole).books
    pictures.emptied(harbour)
    id = put_in_line(harbour, home, text, BOTH)
    chance = random.Random(12)

    while ended(harbour, id).state is not State.DONE:
        pair = [begun(harbour, home, id, 150), begun(harbour, home, id, 150)]
        while any(worker.poll() is None for worker in pair):
            sleeper = chance.choice(pair)
            sleeper.send_signal(signal.SIGSTOP)
            time.sleep(chance.uniform(0.05, 0.4))
            sleeper.send_signal(signal.SIGCONT)
            time.sleep(0.05)
        for worker in pair:
            worker.communicate()

    assert picture(harbour, id) == undisturbed
    assert ended(harbour, id).books == books and balanced(books, columns=5)


def test_an_import_goes_on_when_the_database_is_back(harbour: Database, in_batches_of: Any) -> None:
    id = put_in_line(harbour, in_batches_of(5), sheet_of(*PEOPLE), Choices(objects=("contacts",)))
    seen: list[Step] = []

    def cut(step: Step) -> None:
        seen.append(step)
        if step.phase == "writing" and step.done in (10, 25):
            with harbour.transaction() as tx:
                tx.run(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    # Not the server's own, which may be cleaning up here and belong to nobody.
                    "WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
                )

    for _ in range(10):
        try:
            run.work(harbour, in_batches_of(5), id, cut)
            break
        except errors.Unavailable:
            continue

    assert ended(harbour, id).state is State.DONE
    assert ended(harbour, id).rows("contacts") == {"created": 40}


def test_cancelled_it_stops_between_two_batches_and_keeps_what_is_written(
    harbour: Database, in_batches_of: Any
) -> None:
    id = put_in_line(harbour, in_batches_of(5), sheet_of(*PEOPLE), Choices(objects=("contacts",)))

    def cancel(step: Step) -> None:
        if step.phase == "writing" and step.done == 10:
            with harbour.transaction() as tx:
                imports.cancel(tx, SYSTEM, id)

    run.work(harbour, in_batches_of(5), id, cancel)

    assert ended(harbour, id).state is State.CANCELED
    # The batch behind is being written at the same time, and may be done before it hears.
    assert len(values(harbour, "contacts", "email")) in (10, 15)


def test_a_full_disk_leaves_an_import_that_can_go_on(
    harbour: Database, in_batches_of: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = put_in_line(harbour, in_batches_of(5), sheet_of(*PEOPLE), Choices(objects=("contacts",)))

    def fill(step: Step) -> None:
        for rows in tmp_path.glob("kartotek-*/rows"):
            (late := rows / "3.values.arrow").is_symlink() or late.symlink_to("/dev/full")

    with monkeypatch.context() as patched:
        patched.setattr(tempfile, "tempdir", str(tmp_path))
        with pytest.raises(errors.Unavailable, match="disk"):
            run.work(harbour, in_batches_of(5), id, fill)
    waiting = ended(harbour, id).state
    run.work(harbour, in_batches_of(5), id)

    assert waiting is State.PROCESSING
    assert ended(harbour, id).rows("contacts") == {"created": 40}


def test_an_upload_that_is_gone_ends_the_import_with_a_sentence(harbour: Database, home: Settings) -> None:
    id = put_in_line(harbour, home, sheet_of(*PEOPLE), Choices(objects=("contacts",)))
    with harbour.transaction() as tx:
        path = imports.of_worker(tx, id).file.path
    (home.home / "files" / path).unlink()

    run.work(harbour, home, id)

    assert ended(harbour, id).state is State.FAILED
    assert "Upload it again" in str(ended(harbour, id).message)


def test_an_address_that_somebody_takes_meanwhile_is_matched_again(harbour: Database, home: Settings) -> None:
    id = put_in_line(harbour, home, sheet_of(*PEOPLE), Choices(objects=("contacts",)))
    with harbour.transaction() as tx:
        contacts = _contacts(tx)
        records.create(tx, SYSTEM, contacts, {"firstname": "Early", "email": "fay7@harbour.example"})
        # The import looks for the address, finds nobody, and then waits for this transaction to end.
        other = threading.Thread(target=run.work, args=(harbour, home, id))
        other.start()
        databases.wait_until_somebody_waits(harbour)
    other.join()

    assert ended(harbour, id).rows("contacts") == {"created": 39, "updated": 1}
    assert ended(harbour, id).errors == ()
    assert ("Fay 7", "fay7@harbour.example") in values(harbour, "contacts", "firstname", "email")


def test_a_domain_that_somebody_takes_meanwhile_is_found_again(harbour: Database, home: Settings) -> None:
    firms = [{"Company name": f"Quay {i}", "Company Domain Name": f"quay{i}.example"} for i in range(40)]
    id = put_in_line(harbour, home, sheet_of(*firms), Choices(objects=("companies",)))
    with harbour.transaction() as tx:
        companies = catalogue.load(tx).object_type("companies")
        records.create(tx, BY_HAND, companies, {"name": "Early", "domain": "quay7.example"})
        # The import looks for the domain, finds nobody, and then waits for this transaction to end.
        other = threading.Thread(target=run.work, args=(harbour, home, id))
        other.start()
        databases.wait_until_somebody_waits(harbour)
    other.join()

    assert ended(harbour, id).rows("companies") == {"created": 39, "updated": 1}
    assert len(set(values(harbour, "companies", "domain"))) == 40 == len(values(harbour, "companies", "domain"))


def test_two_imports_at_once_make_one_company_of_a_domain(harbour: Database, in_batches_of: Any) -> None:
    firms = [{"Company name": f"Quay {i}", "Company Domain Name": f"quay{i}.example"} for i in range(60)]
    texts = (sheet_of(*firms), sheet_of(*reversed(firms)))
    ids = [put_in_line(harbour, in_batches_of(7), text, Choices(objects=("companies",))) for text in texts]

    with ThreadPoolExecutor(2) as together:
        list(together.map(partial(run.work, harbour, in_batches_of(7)), ids))

    assert [ended(harbour, id).state for id in ids] == [State.DONE, State.DONE]
    assert len(set(values(harbour, "companies", "domain"))) == 60 == len(values(harbour, "companies", "domain"))


def _contacts(tx: Any) -> Any:
    return catalogue.load(tx).object_type("contacts")
