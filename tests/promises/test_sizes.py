"""A file that can be read in five minutes."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_OURS = {".git", ".venv", "vendor", "node_modules", "build", "dist"}


def found(*patterns: str) -> list[Path]:
    files = {file for pattern in patterns for file in ROOT.rglob(pattern)}
    return sorted(file for file in files if not NOT_OURS & set(file.relative_to(ROOT).parts))


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.mark.parametrize("file", found("*.py"), ids=name_of)
def test_no_file_has_more_than_400_lines(file):
    assert len(file.read_text().splitlines()) <= 400


@pytest.mark.parametrize("file", [file for file in found("*.py") if "kartotek" in file.parts[-4:]], ids=name_of)
def test_no_function_has_more_than_40_lines(file):
    functions = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)]

    long = [f"{node.name}: {lines}" for node in functions if (lines := node.end_lineno - node.lineno + 1) > 40]

    assert long == []


@pytest.mark.parametrize("file", found("*.html", "*.js", "*.css"), ids=name_of)
def test_no_template_script_or_style_sheet_has_more_than_400_lines(file):
    assert len(file.read_text().splitlines()) <= 400
