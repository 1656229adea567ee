"""Whatever the audit log notes, its page has words for."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "kartotek"
NOTES = {"note", "_note"}


def noted():
    """What `audit.note(tx, actor, "...")` and its like are given, by where."""
    for file in sorted((PACKAGE / "domain").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and len(node.args) > 2:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                told = node.args[2]
                if name in NOTES and isinstance(told, ast.Constant) and isinstance(told.value, str):
                    yield told.value


@pytest.mark.parametrize("what", sorted(set(noted())))
def test_a_note_has_a_sentence(what):
    words = (PACKAGE / "pages" / "settings" / "words.py").read_text()

    assert f'"{what}": _(' in words
