"""The locks serve every machine, and what the browser needs is all there."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted([*ROOT.glob("requirements*.txt"), ROOT / "package-lock.json"])
PYTHON_LOCKS = [lock for lock in LOCKS if lock.suffix == ".txt"]


def locked(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text(), re.MULTILINE))


def plain(requirement: str) -> str:
    return re.match(r"[A-Za-z0-9_-]+", requirement)[0].lower().replace("_", "-")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_host(lock):
    assert not re.search(r"://|\bindex-url\b|\bfind-links\b|\btrusted-host\b", lock.read_text())


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_its_hashes(lock):
    blocks = re.split(r"\n(?=\S)", lock.read_text().strip())

    assert [block for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []


def test_what_the_project_asks_for_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    runtime = {plain(requirement) for requirement in project["dependencies"]}
    development = {plain(requirement) for requirement in project["optional-dependencies"]["dev"]}

    assert runtime <= locked(ROOT / "requirements.txt").keys()
    assert development <= locked(ROOT / "requirements-dev.txt").keys()


def test_tests_run_with_the_versions_that_are_served():
    runtime, development = locked(ROOT / "requirements.txt"), locked(ROOT / "requirements-dev.txt")

    assert {name: development.get(name) for name in runtime} == runtime


def test_the_browsers_packages_are_locked_at_the_versions_asked_for():
    asked = json.loads((ROOT / "package.json").read_text())["dependencies"]
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    assert {name: packages[f"node_modules/{name}"]["version"] for name in asked} == asked
    assert all("integrity" in package for path, package in packages.items() if path)


def test_every_icon_that_a_page_may_use_is_in_the_sprite():
    static = ROOT / "kartotek/pages/static"
    wanted = (static / "icons.txt").read_text().split()

    drawn = re.findall(r'<symbol id="([^"]+)"', (static / "vendor/icons.svg").read_text())

    assert drawn == wanted
