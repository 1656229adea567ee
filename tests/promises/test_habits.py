"""Habits that a reader relies on, over every file."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from kartotek import errors

PACKAGE = Path(__file__).parents[2] / "kartotek"
FILES = sorted(file for file in PACKAGE.rglob("*.py") if "vendor" not in file.parts)
# What would run Python once for every row of a frame.
ROW_BY_ROW = {"map_elements", "map_rows", "iter_rows", "iterrows", "itertuples", "apply"}
# Where there are never more than a few, or no other way.
FEW_ROWS = {
    "exports/writers/spreadsheet.py": {"iter_rows"},  # the library takes cells one by one
    "store/bulk.py": {"iter_rows"},  # up to ten, where to begin with a frame takes ten times as long
    "domain/claims.py": {"iter_rows"},  # rows of a batch that want the same address
    "imports/readers/preview.py": {"iter_rows"},  # likewise
    "imports/readers/spreadsheet.py": {"iter_rows"},  # where the header may stand
}


def name_of(file: Path) -> str:
    return str(file.relative_to(PACKAGE))


@cache
def nodes(file: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(file.read_text())))


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_no_python_runs_for_each_row(file):
    used = {node.attr for node in nodes(file) if isinstance(node, ast.Attribute)}

    assert used & ROW_BY_ROW <= FEW_ROWS.get(name_of(file), set())


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_every_file_says_what_it_is_for(file):
    assert isinstance(module := nodes(file)[0], ast.Module)
    assert ast.get_docstring(module)


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_no_error_is_swallowed_whole(file):
    handlers = [node for node in nodes(file) if isinstance(node, ast.ExceptHandler)]
    broad = [
        one for one in handlers if one.type is None or getattr(one.type, "id", "") in ("Exception", "BaseException")
    ]

    assert [one.lineno for one in broad if all(isinstance(line, ast.Pass | ast.Continue) for line in one.body)] == []


def test_every_error_stands_in_its_tree():
    drawn, above = {}, []
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"    ([│├└─ ]*)([A-Z]\w+)", line):
            depth = len(found[1]) // 4
            above[depth:] = [found[2]]
            drawn[found[2]] = above[depth - 1] if depth else "Exception"
    classes = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Exception)]

    assert drawn == {one.__name__: one.__base__.__name__ for one in classes}


def test_a_component_is_drawn_in_one_style_sheet_only() -> None:
    homes: dict[str, set[str]] = {}
    for sheet in sorted((PACKAGE / "pages" / "static" / "css").glob("*.css")):
        rules = re.sub(r"/\*.*?\*/|@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", sheet.read_text(), flags=re.DOTALL)
        for selector in re.findall(r"([^{}]+)\{", rules):
            for name in re.findall(r"^\s*(\.k-[\w-]+)\s*$", selector.replace(",", "\n"), flags=re.MULTILINE):
                homes.setdefault(name, set()).add(sheet.name)

    assert {name: sheets for name, sheets in homes.items() if len(sheets) > 1} == {}


def test_every_test_of_behaviour_is_run_before_a_merge() -> None:
    root = PACKAGE.parent
    groups = re.search(r"^groups=\((.*)\)$", (root / ".ci/run").read_text(), re.MULTILINE)
    there = {file.relative_to(root / "tests").parts[0] for file in (root / "tests").rglob("test_*.py")}

    assert groups
    assert sorted(groups[1].replace('"', "").split()) == sorted(there - {"promises"})
