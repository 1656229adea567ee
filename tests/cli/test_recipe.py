"""`kartotek recipe`, and imports by a recipe or by an earlier import."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

Run = Callable[..., CompletedProcess[str]]

PEOPLE = "Fornavn;Mail her;Firma\n"


@pytest.fixture
def leads(kartotek: Run, tmp_path: Path) -> tuple[int, Path]:
    """The number of an import, and its file."""
    path = tmp_path / "leads.csv"
    path.write_text(PEOPLE + "Ada;ada@harbour.example;Harbour\n")
    ended = kartotek(
        "import", path, "--object", "contacts", "--object", "companies", "--map", "Mail her=email",
        "--map", "Firma=companies.name", "--mode", "companies=create", "--json",
    )  # fmt: skip
    return json.loads(ended.stdout)["id"], path


@pytest.fixture
def recipe(kartotek: Run, leads: tuple[int, Path], tmp_path: Path) -> Path:
    path = tmp_path / "leads.toml"
    path.write_text(kartotek("recipe", leads[0]).stdout)
    return path


def test_the_recipe_of_an_import_imports_another_file_whatever_the_order_of_its_columns(
    kartotek: Run, recipe: Path, tmp_path: Path
) -> None:
    other = tmp_path / "april.csv"
    other.write_text("Firma,Town,Mail her,Fornavn\nField,Ribe,bo@field.example,Bo\n")

    ended = document(kartotek("import", other, "--recipe", recipe, "--json"))

    assert ended["name"] == "april.csv"
    assert {name: counts["created"] for name, counts in ended["objects"].items()} == {"contacts": 1, "companies": 1}


def test_a_mistake_in_a_recipe_is_told_with_its_line(kartotek: Run, leads: tuple[int, Path], recipe: Path) -> None:
    recipe.write_text(recipe.read_text().replace('mode = "create"', 'mode = "sometimes"'))
    line = recipe.read_text().splitlines().index('mode = "sometimes"') + 1

    ended = kartotek("import", leads[1], "--recipe", recipe)

    assert ended.returncode == 2
    assert f"Line {line} of the recipe: “mode” cannot be “sometimes”" in ended.stderr


def test_a_kept_recipe_is_listed_printed_and_used_by_its_name(kartotek: Run, leads: tuple[int, Path]) -> None:
    kartotek("recipe", leads[0], "--keep", "Fair leads")

    assert "Fair leads" in kartotek("recipes").stdout
    assert kartotek("recipe", "fair leads").stdout == kartotek("recipe", leads[0]).stdout
    assert document(kartotek("import", leads[1], "--recipe", "Fair leads", "--json"))["state"] == "DONE"


def test_an_import_is_repeated_with_a_file_of_the_same_headers(kartotek: Run, leads: tuple[int, Path]) -> None:
    id, path = leads
    path.write_text(PEOPLE + "Cy;cy@harbour.example;Harbour\n")

    ended = document(kartotek("import", path, "--repeat", id, "--json"))

    assert ended["objects"]["contacts"]["created"] == 1


def test_other_headers_are_refused_with_what_differs(kartotek: Run, leads: tuple[int, Path]) -> None:
    id, path = leads
    path.write_text("Mail her;fornavn;Town\ndi@harbour.example;Di;Ribe\n")

    ended = kartotek("import", path, "--repeat", id)

    assert ended.returncode == 2
    assert "Missing: “Firma”. New: “Town”." in ended.stderr
    assert "In another place: “Mail her” is column 1 and was column 2." in ended.stderr
    assert "In another case: “Fornavn” is now written “fornavn”." in ended.stderr


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--recipe", "leads.toml", "--repeat", "1"], "not both"),
        (["--recipe", "nowhere.toml"], "There is no file “nowhere.toml”."),
        (["--recipe", "Nobody's"], "There is no recipe called “Nobody's”."),
        (["--repeat", "4711"], "There is no import with the number 4711."),
        (["--repeat", "1", "--object", "contacts"], "--repeat says already what --object would"),
        (["--recipe", "x", "--map", "A=email"], "--recipe says already what --map would"),
    ],
)
def test_what_cannot_be_meant_is_refused(kartotek: Run, leads: tuple[int, Path], asked: list[str], said: str) -> None:
    ended = kartotek("import", leads[1], *asked)

    assert ended.returncode == 2
    assert said in ended.stderr


def document(ended: CompletedProcess[str]) -> Any:
    assert ended.stdout, ended.stderr
    return json.loads(ended.stdout)
