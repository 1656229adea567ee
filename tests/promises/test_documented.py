"""What can be set and called is written down."""

import re
from pathlib import Path

import pytest

from kartotek import settings
from kartotek.imports import run

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("setting", settings.TABLE, ids=lambda setting: setting.name)
def test_every_setting_is_documented_with_its_default_and_its_meaning(setting):
    running = (DOCS / "running.md").read_text()

    assert f"| `{setting.name}` | {setting.shown} | {setting.meaning} |" in running


def test_no_setting_is_documented_that_does_not_exist():
    documented = {name for file in DOCS.rglob("*.md") for name in re.findall(r"KARTOTEK_[A-Z_]+", file.read_text())}

    assert {name for name in documented if "_TEST_" not in name} <= {setting.name for setting in settings.TABLE}


def test_every_limit_of_an_import_is_documented_as_it_is():
    plain = {one.limit: f"{one.most:,}" for one in run.limits(settings.Settings.from_environment({}))}

    importing = (DOCS / "importing.md").read_text()

    assert "| size | 512 MB (`KARTOTEK_FILE_LIMIT`) |" in importing and plain["bytes"] == f"{512 * 1024**2:,}"
    assert f"| columns | {plain['columns']} |" in importing
    assert f"| characters in a cell | {plain['cell']} |" in importing
    assert f"| characters in a value that identifies a record | {plain['identifier']} |" in importing
