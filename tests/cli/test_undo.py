"""`kartotek undo` and `kartotek imports pause`, as someone types them."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Run = Callable[..., CompletedProcess[str]]
Look = Callable[[str], Any]

PEOPLE = "First name,Email,Company name,Company domain\nAda,ada@undo.example,Undo,undo.example\n"
LIVING = "SELECT count(*) FROM crm.contacts WHERE _archived IS NULL AND email LIKE '%@undo.example'"


@pytest.fixture
def imported(kartotek: Run, tmp_path: Path) -> int:
    (path := tmp_path / "people.csv").write_text(PEOPLE)
    ended = kartotek("import", path, "--object", "contacts", "--object", "companies", "--json")
    return int(json.loads(ended.stdout)["id"])


def test_an_import_is_taken_back_and_what_came_of_it_is_one_document(kartotek: Run, look: Look, imported: int) -> None:
    ended = kartotek("undo", str(imported), "--yes", "--json")

    document = json.loads(ended.stdout)
    assert (ended.returncode, ended.stdout.count("\n"), ended.stderr) == (0, 1, "")
    assert document["state"] == "DONE"
    assert document["records"]["contacts"] == {"archived": 1, "kept": 0, "gone": 0}
    assert document["links"] == {"ended": 1, "kept": 0, "restored": 0, "gone": 0}
    assert look(LIVING) == 0


def test_a_dry_run_says_what_would_come_of_it_and_changes_nothing(kartotek: Run, look: Look, imported: int) -> None:
    shown = json.loads(kartotek("undo", str(imported), "--dry-run", "--json").stdout)
    untouched = look(LIVING)
    done = json.loads(kartotek("undo", str(imported), "--yes", "--json").stdout)

    assert untouched == 1
    assert {**shown, "state": "DONE"} == done


def test_nothing_is_undone_unless_somebody_says_yes(kartotek: Run, look: Look, imported: int) -> None:
    ended = kartotek("undo", str(imported))

    assert ended.returncode == 2 and "--yes" in ended.stderr
    assert look(LIVING) == 1
    kartotek("undo", str(imported), "--yes")


def test_undone_again_it_says_what_came_of_it_and_does_nothing_more(kartotek: Run, imported: int) -> None:
    first = kartotek("undo", str(imported), "--yes", "--json")
    changes = kartotek("undo", str(imported), "--yes", "--json")

    assert (changes.returncode, changes.stdout) == (0, first.stdout)
    assert "DONE, undone" in kartotek("imports").stdout


def test_an_import_that_is_not_there_is_said_to_be_so(kartotek: Run) -> None:
    for command in (("undo", "4711", "--yes"), ("imports", "pause", "4711"), ("imports", "resume", "4711")):
        ended = kartotek(*command)

        assert ended.returncode == 2 and "no import with the number 4711" in ended.stderr


def test_what_has_ended_can_be_neither_paused_nor_resumed_nor_cancelled(kartotek: Run, imported: int) -> None:
    said = {verb: kartotek("imports", verb, str(imported)) for verb in ("pause", "resume", "cancel")}

    assert {verb: ended.returncode for verb, ended in said.items()} == dict.fromkeys(said, 2)
    assert "ended already" in said["pause"].stderr and "not paused" in said["resume"].stderr
    kartotek("undo", str(imported), "--yes")
