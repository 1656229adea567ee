"""What the command line says when something is wrong: one sentence, an exit code, no stack trace."""

import socket
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import psycopg
import pytest

from kartotek import __version__
from kartotek.cli import main

Run = Callable[..., CompletedProcess[str]]


def test_it_knows_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    code = main.run(["--version"])

    assert (code, capsys.readouterr().out) == (0, f"{__version__}\n")


@pytest.mark.parametrize("command", sorted(main.COMMANDS))
def test_every_command_says_what_it_does(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main.run([command, "--help"])

    assert code == 0
    assert capsys.readouterr().out.startswith(f"Usage: kartotek {command}")


def test_an_unknown_command_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    code = main.run(["imprt"])

    assert code == 2
    assert "imprt" in capsys.readouterr().err


def test_wrong_settings_are_one_sentence_each(kartotek: Run) -> None:
    ended = kartotek("doctor", KARTOTEK_PORT="seven", KARTOTEK_FILE_LIMIT="much")

    assert ended.returncode == 2
    assert [line.split()[0] for line in ended.stderr.splitlines()] == ["KARTOTEK_PORT", "KARTOTEK_FILE_LIMIT"]


def test_the_first_command_sets_an_empty_database_up(kartotek: Run, bare: str) -> None:
    ended = kartotek("doctor", KARTOTEK_DATABASE_URL=bare)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert [line for line in ended.stdout.splitlines() if not line.startswith("✓")] == []


def test_a_database_that_does_not_answer_is_a_sentence(kartotek: Run, tmp_path: Path) -> None:
    ended = kartotek("user", "list", KARTOTEK_DATABASE_URL=f"host={tmp_path} dbname=nobody")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("The database does not answer") and ended.stderr.count("\n") == 1


def test_a_port_in_use_is_a_sentence(kartotek: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = kartotek("serve", KARTOTEK_PORT=str(taken.getsockname()[1]))

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "KARTOTEK_PORT" in ended.stderr and ended.stderr.count("\n") == 1


def test_what_nobody_expected_is_written_down_for_later(kartotek: Run, tmp_path: Path, empty: str) -> None:
    kartotek("user", "list")
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute("ALTER TABLE kartotek.people RENAME TO persons")
        ended = kartotek("user", "list", KARTOTEK_HOME=str(tmp_path / "home"))
        connection.execute("ALTER TABLE kartotek.persons RENAME TO people")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert str(tmp_path / "home" / "errors.log") in ended.stderr and ended.stderr.count("\n") == 1
    assert "UndefinedTable" in (tmp_path / "home" / "errors.log").read_text()
