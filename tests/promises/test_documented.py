"""What can be set and called is written down."""

import re
from pathlib import Path

import pytest

from kartotek import settings

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("setting", settings.TABLE, ids=lambda setting: setting.name)
def test_every_setting_is_documented_with_its_default_and_its_meaning(setting):
    running = (DOCS / "running.md").read_text()

    assert f"| `{setting.name}` | {setting.shown} | {setting.meaning} |" in running


def test_no_setting_is_documented_that_does_not_exist():
    documented = {name for file in DOCS.rglob("*.md") for name in re.findall(r"KARTOTEK_[A-Z_]+", file.read_text())}

    assert {name for name in documented if "_TEST_" not in name} <= {setting.name for setting in settings.TABLE}
