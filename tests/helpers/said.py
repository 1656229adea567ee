"""What errors can say, as it stands in the code: every sentence that is raised below the pages, with numbered gaps."""

import ast
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import kartotek

PACKAGE = Path(kartotek.__file__).parent
# The problems of an import are said by gettext; the command line, and what only it can meet, speaks English.
OUT = {"cli", "settings.py", "standard", "app.py", "values"}
_OUT = {"model/sayings.py", "model/sentences.py", "domain/doctor.py", "imports/recipes/writing.py"}
_ENGLISH = "store/embedded/"


def sentences() -> dict[str, str]:
    """Each template with the place where it stands."""
    files = [file for file in sorted(PACKAGE.rglob("*.py")) if _speaks(file.relative_to(PACKAGE))]
    return {
        template: f"{file.relative_to(PACKAGE)}:{line}"
        for file in files
        for template, line in _of(file)
        if re.search("[a-z]", template)
    }


def _speaks(file: Path) -> bool:
    return file.parts[0] not in OUT and file.as_posix() not in _OUT and not file.as_posix().startswith(_ENGLISH)


def _of(file: Path) -> Iterator[tuple[str, int]]:
    tree = ast.parse(file.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_error(node.func):
            for argument in node.args:
                yield from _texts(argument)
    if file.is_relative_to(PACKAGE / "pages"):  # where all else goes through gettext
        return
    # Some stand elsewhere before they are raised: what is no docstring, and ends as sentences do.
    silent = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    silent |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) not in silent and isinstance(node, ast.Constant | ast.JoinedStr):
            yield from ((text, line) for text, line in _texts(node) if _is_spoken(text))


def _is_spoken(text: str) -> bool:
    return text.endswith((".", "?")) and "[0-9]" not in text and not text.startswith("\\")


def _is_error(function: ast.expr) -> bool:
    of_errors = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
    return of_errors and function.value.id == "errors" and function.attr[0].isupper()


def _texts(node: ast.expr) -> Iterator[tuple[str, int]]:
    match node:
        case ast.Constant(value=str(text)):
            if " " in text:
                gaps = count()
                yield re.sub(r"\{:[^{}]*\}", lambda _: f"{{{next(gaps)}}}", text), node.lineno
        case ast.JoinedStr():
            yield _template(node), node.lineno
        case ast.IfExp():
            yield from _texts(node.body)
            yield from _texts(node.orelse)


def _template(node: ast.JoinedStr) -> str:
    gaps = 0
    parts = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        else:
            parts.append(f"{{{gaps}}}")
            gaps += 1
    return "".join(parts)
