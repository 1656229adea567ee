"""`kartotek template`: a file to begin with."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]


@pytest.mark.parametrize("name", ["people.csv", "people.xlsx"])
def test_a_sample_is_imported_without_another_word(kartotek: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    made = kartotek("template", "contacts,companies", "--sample", "--out", path)

    ended = kartotek("import", path, "--object", "contacts", "--object", "companies", "--json")

    assert (made.returncode, ended.returncode) == (0, 0)
    assert json.loads(ended.stdout)["rows"] == 5


def test_a_template_is_printed_with_one_row(kartotek: Run) -> None:
    printed = kartotek("template", "deals").stdout

    assert printed.splitlines()[0].lstrip("\ufeff").startswith("Deal Name,Pipeline,Deal Stage")
    assert len(printed.splitlines()) == 2


def test_a_template_is_printed_in_another_language(kartotek: Run) -> None:
    printed = kartotek("template", "contacts", "--language", "de").stdout

    assert printed.splitlines()[0].lstrip("\ufeff").startswith("Vorname,Nachname")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["contcts"], "There is no object called “contcts”. Did you mean “contacts”?"),
        (["contacts", "--language", "xx"], "“xx” is none of da, de"),
        ([","], "Say what the file is to be about"),
        (["contacts", "--out", "people.pdf"], "“people.pdf” is neither a .csv nor a .xlsx file."),
    ],
)
def test_what_cannot_be_made_is_refused(kartotek: Run, asked: list[str], said: str) -> None:
    ended = kartotek("template", *asked)

    assert ended.returncode == 2
    assert said in ended.stderr
