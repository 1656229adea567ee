"""Every requirement has its line in docs/requirements.md, and every test named there exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "requirements.md").read_text()
BEYOND = (1, 2, 3, 4, 6, 7, 8, 12, 14, 15, 16, 18, 21, 24, 25)
NUMBERS = (
    *(f"I-{number}" for number in range(1, 107)),
    *(f"X-{number}" for number in range(1, 6)),
    *(f"A-{number}" for number in range(1, 98)),
    *(f"T-{number}" for number in range(1, 13)),
    *(f"D{number}" for number in BEYOND),
)
# A table's line: number, words, proof.
LINES = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in PAGE.splitlines()
    if re.match(r"\| *[A-Z]", line)
]
PROOF = re.compile(r"open|does not apply: .+|`tests/[\w/]+\.py::test_\w+`(, `tests/[\w/]+\.py::test_\w+`)*")


@cache
def names_in(file: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)}


def test_every_requirement_has_one_line():
    assert [line[0] for line in LINES] == list(NUMBERS)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])
def test_a_line_says_which_tests_prove_it_or_why_none_does(line):
    assert len(line) == 3
    assert PROOF.fullmatch(line[2])


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])
def test_the_tests_that_are_said_to_prove_it_exist(line):
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", line[2])

    missing = [name for file, name in named if not (ROOT / file).exists() or name not in names_in(ROOT / file)]

    assert missing == []
