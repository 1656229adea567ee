"""`kartotek import`, on a machine that was set up by the command line alone."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from kartotek.cli import import_report
from kartotek.model.imports import Books, State

Run = Callable[..., CompletedProcess[str]]
Look = Callable[[str], Any]

PEOPLE = "First name,Email,Company name,Company domain\n"
ADA = "Ada,ada@harbour.example,Harbour,harbour.example\n"
BO = "Bo,bo@harbour.example,Harbour,harbour.example\n"
CY = "Cy,not an address,Field,field.example\n"


def test_the_document_has_exactly_what_programs_rely_on(kartotek: Run, file: Callable[..., Path]) -> None:
    ended = kartotek("import", file(PEOPLE, ADA, BO, CY), "--object", "contacts", "--object", "companies", "--json")

    document = json.loads(ended.stdout)
    assert (ended.returncode, ended.stdout.count("\n"), ended.stderr) == (1, 1, "")
    assert list(document) == [
        "id", "name", "state", "seconds", "rows", "objects", "associations", "problems", "cells", "by_domain",
        "errors",
    ]  # fmt: skip
    assert document["objects"] == {
        "contacts": outcomes(created=2, failed=1),
        "companies": outcomes(created=2, unchanged=1),
    }
    assert document["associations"] == {"created": 2, "updated": 0, "unchanged": 0, "removed": 0, "failed": 0}
    assert document["problems"] == {"INVALID_EMAIL": 1}
    assert sum(document["cells"].values()) == 3 * len(PEOPLE.split(","))
    (error,) = document["errors"]
    assert list(error) == ["file", "line", "column", "object", "type", "value", "message"]
    assert (error["line"], error["column"], error["value"]) == (4, "Email", "not an address")


def test_the_same_file_again_changes_nothing(kartotek: Run, file: Callable[..., Path]) -> None:
    again = "First name,Email\n", "Dan,dan@harbour.example\n"
    kartotek("import", file(*again), "--object", "contacts")

    ended = kartotek("import", file(*again), "--object", "contacts", "--json")

    assert ended.returncode == 0
    assert json.loads(ended.stdout)["objects"] == {"contacts": outcomes(unchanged=1)}


def test_a_dry_run_refuses_a_legal_basis_that_is_none(kartotek: Run, file: Callable[..., Path]) -> None:
    path = file("First name,Email\n", "Eva,eva@harbour.example\n")

    ended = kartotek("import", path, "--object", "contacts", "--legal-basis", "Because", "--dry-run")

    assert ended.returncode == 2
    assert ended.stderr.startswith("“Because” is not a legal basis. Say one of “Legitimate interest - Lead”")


def test_a_dry_run_says_the_same_and_changes_nothing(kartotek: Run, file: Callable[..., Path]) -> None:
    path = file("First name,Email\n", "Eva,eva@harbour.example\n")

    documents = [
        json.loads(kartotek("import", path, "--object", "contacts", "--json", "--dry-run").stdout) for _ in "12"
    ]

    assert [(one["state"], "id" in one) for one in documents] == [("REHEARSED", False)] * 2
    assert [one["objects"] for one in documents] == [{"contacts": outcomes(created=1)}] * 2


def test_people_see_a_table_and_where_the_report_is(kartotek: Run, file: Callable[..., Path]) -> None:
    ended = kartotek("import", file(PEOPLE, CY), "--object", "contacts")

    assert ended.returncode == 1
    assert "Contacts" in ended.stdout and "INVALID_EMAIL" in ended.stdout and "/imports/" in ended.stdout


def test_headers_are_read_in_the_language_that_is_named(kartotek: Run, file: Callable[..., Path], look: Look) -> None:
    path = file("名字,Email,Fornavn\n", "佐藤,sato@harbour.example,Aiko\n")

    ended = kartotek("import", path, "--object", "contacts", "--language", "ja")

    assert "in 日本語 (--language): “Fornavn”" in ended.stdout
    assert look("SELECT lastname FROM crm.contacts WHERE email = 'sato@harbour.example'") == "佐藤"


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ((), "--object"),
        (("--object", "contatcs"), "contacts"),
        (("--object", "contacts", "--map", "Mail=email"), "Mail"),
        (("--object", "contacts", "--map", "First name=email", "--map", "Email=email"), "both mapped"),
        (("--object", "contacts", "--mode", "contacts=destroy"), "destroy"),
        (("--object", "contacts", "--date-format", "later"), "later"),
        (("--object", "contacts", "--numbers", "Denmark"), "Denmark"),
        (("--object", "contacts", "--language", "klingon"), "klingon"),
        (("--object", "contacts", "--time-zone", "Europe/Atlantis"), "Europe/Atlantis"),
        (("--object", "contacts", "--as", "nobody@harbour.example"), "nobody@harbour.example"),
    ],
)
def test_what_it_cannot_decide_it_does_not_guess(
    kartotek: Run, file: Callable[..., Path], options: tuple[str, ...], named: str
) -> None:
    ended = kartotek("import", file(PEOPLE, ADA), *options, "--json")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert named in ended.stderr and "Traceback" not in ended.stderr


def test_a_file_that_is_not_there_is_named(kartotek: Run, tmp_path: Path) -> None:
    ended = kartotek("import", tmp_path / "nothing.csv", "--object", "contacts")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "nothing.csv" in ended.stderr


def test_a_killed_import_is_gone_on_with(
    kartotek: Run, file: Callable[..., Path], environment: dict[str, str], look: Look
) -> None:
    path = file("First name,Email\n", *(f"Fay {i},fay{i}@harbour.example\n" for i in range(20_000)))
    small = {"KARTOTEK_IMPORT_BATCH": "500"}
    command = ["import", str(path), "--object", "contacts", "--name", "to be killed", "--json"]
    killed = subprocess.Popen([sys.executable, "-m", "kartotek", *command], env=environment | small)
    while look("SELECT 1 FROM kartotek.imports WHERE name = 'to be killed' AND position > 0") is None:
        assert killed.poll() is None
    killed.kill()
    killed.wait()

    ended = kartotek(*command, **small)

    assert json.loads(ended.stdout)["objects"] == {"contacts": outcomes(created=20_000)}
    assert look("SELECT count(*) FROM kartotek.imports WHERE name = 'to be killed'") == 1


def test_columns_without_a_property_are_named_but_for_those_left_out_by_choice(
    kartotek: Run, file: Callable[..., Path]
) -> None:
    odd = [f"Odd {i}" for i in range(20)]
    path = file(",".join(["Email", "Email", "Notes", *odd]), "\n", "ida@harbour.example", "," * 22, "\n")

    ended = kartotek("import", path, "--object", "contacts", "--dry-run", "--map", "Notes=")

    said = " ".join(ended.stdout.split())
    assert (
        "1 row in" in said and "no property that is free is called so in English (--language): “Email”, “Odd 0”" in said
    )
    assert "“Odd 10” and 9 more. Say where they go" in said and "Notes" not in said


@pytest.mark.parametrize(
    ("state", "contacts", "problems", "code"),
    [
        (State.DONE, {"created": 3}, {}, 0),
        (State.DONE, {"created": 2, "skipped": 1}, {"CREATE_ONLY_IMPORT": 1}, 0),
        (State.DONE, {"created": 3}, {"INVALID_DOMAIN": 1}, 1),
        (State.DONE, {"created": 2, "failed": 1}, {"INVALID_EMAIL": 1}, 1),
        (State.CANCELED, {"created": 1}, {}, 1),
        (State.FAILED, {}, {}, 2),
    ],
)
def test_the_exit_code_tells_whether_every_row_is_in(
    state: State, contacts: dict[str, int], problems: dict[str, int], code: int
) -> None:
    ended = import_report.Ended(1, "leads.csv", state, Books(3, {"contacts": contacts}, {}, problems), ())

    assert import_report.exit_code(ended) == code


def outcomes(**counts: int) -> dict[str, Any]:
    return dict.fromkeys(("created", "updated", "unchanged", "skipped", "failed", "held"), 0) | counts


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: str) -> Path:
        path = tmp_path / "leads.csv"
        path.write_text("".join(lines), encoding="utf-8")
        return path

    return write
