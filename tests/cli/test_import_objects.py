"""Every object comes in from the command line as it does from the wizard, by the same rights and rules."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

Run = Callable[..., CompletedProcess[str]]
CALLS = "Call title,Call unique ID,Contact email\nHello,c1,ada@harbour.example\n"


def test_who_may_not_import_is_told_so(kartotek: Run, tmp_path: Path) -> None:
    kartotek("user", "add", "ida@harbour.example")
    kartotek("user", "add", "vera@harbour.example", "--role", "viewer")
    file = tmp_path / "calls.csv"
    file.write_text(CALLS)

    ended = kartotek("import", file, "--object", "calls", "--as", "vera@harbour.example")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "may not import files" in ended.stderr


def test_calls_come_with_their_contacts(kartotek: Run, tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(CALLS)

    ended = kartotek("import", file, "--object", "calls", "--object", "contacts")

    assert ended.returncode == 0, ended.stderr
    assert "Associations: 1 created" in ended.stdout


def test_notes_alone_are_refused_with_what_to_do(kartotek: Run, tmp_path: Path) -> None:
    file = tmp_path / "notes.csv"
    file.write_text("Note body,Note date\nHello,2026-04-03\n")

    ended = kartotek("import", file, "--object", "notes")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "import those with them" in ended.stderr


def test_what_can_only_be_created_is_said(kartotek: Run, tmp_path: Path) -> None:
    file = tmp_path / "tasks.csv"
    file.write_text("Task title\nCall Ada\n")

    ended = kartotek("import", file, "--object", "tasks")

    assert ended.returncode == 0, ended.stderr
    assert "Only new tasks are created" in ended.stdout
