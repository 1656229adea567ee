"""`bin/bench [ROWS ...]`: times imports of contacts with companies against a bare COPY on the same server.

Each size has a database of its own on the embedded server, with the settings that it always has. The import is the
whole command, from its start to its end: `kartotek import --json` as a process, whose peak memory is the worker's.
Seconds differ between machines and hours; the ratio is what to look at.
"""

import argparse
import compileall
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import psycopg
from psycopg.conninfo import make_conninfo

import kartotek
from bench import copies, samples
from kartotek.cli import loading
from kartotek.settings import Settings
from kartotek.store import embedded

SIZES = (10_000, 100_000, 1_000_000)


@dataclass(frozen=True)
class Timed:
    seconds: float
    megabytes: float
    books: dict[str, object]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="bin/bench", description="Times imports against a bare COPY of the same file."
    )
    parser.add_argument("rows", nargs="*", type=int, default=list(SIZES), help="how many rows the files have")
    parser.add_argument("--update", action="store_true", help="then one in which every row changes three properties")
    parser.add_argument("--again", action="store_true", help="import the last file once more: nothing has changed")
    parser.add_argument("--undo", action="store_true", help="take each import back when all else has been timed")
    parser.add_argument("--records", action="store_true", help="instead of imports, the pages of a large CRM")
    parser.add_argument("--scale", type=float, default=1.0, help="of --records: 1 is a million contacts")
    parser.add_argument(
        "--keep", type=Path, help="of --records: a folder for its database, which stays for the next run"
    )
    parser.add_argument("--rehearse", action="store_true", help="rehearse each import first")
    parser.add_argument("--bulk", action="store_true", help="time a bulk edit of so many contacts instead")
    asked = parser.parse_args()
    if asked.records:
        _as_commands_do("bench.records").run(asked.scale, asked.keep)
        return
    # As it is installed, whatever this environment says of byte code: else each command compiles all of it anew.
    compileall.compile_dir(Path(kartotek.__file__).parent, quiet=1)
    files = Path(tempfile.gettempdir()) / "kartotek-bench-files"
    files.mkdir(exist_ok=True)
    print(f"{'rows':>10} {'what':<10} {'seconds':>8} {'rows/s':>9} {'peak MB':>8} {'COPY s':>7} {'ratio':>6}")
    # The database's own user has to reach the folder, which a private temporary folder would not let it.
    with tempfile.TemporaryDirectory(prefix="kartotek-bench-") as home:
        Path(home).chmod(0o711)
        settings = Settings.from_environment({"KARTOTEK_HOME": f"{home}/home"})
        with embedded.running(settings) as server:
            for rows in asked.rows:
                if asked.bulk:
                    _as_commands_do("bench.bulk").run(server.conninfo, rows)
                    continue
                _time(server.conninfo, Path(home), files, rows, asked)


def _as_commands_do(name: str) -> ModuleType:
    """With as many threads of Polars as the program itself has: they are settled when it is imported."""
    return loading.load(name)


def _time(conninfo: str, home: Path, files: Path, rows: int, asked: argparse.Namespace) -> None:
    path = samples.contacts(files, rows)
    later = samples.changed(files, rows) if asked.update else path
    name = f"bench_{rows}"
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    target = make_conninfo(conninfo, dbname=name)
    # Set up before the clock starts, as a Kartotek in use is.
    _run(home, target, "imports")
    if asked.rehearse:
        _print(rows, "rehearse", _import(home, target, path, "--dry-run"), [copies.seconds(target, path)])
    yardsticks = [copies.seconds(target, path), copies.seconds(target, path)]
    created = _import(home, target, path)
    yardsticks.append(copies.seconds(target, path))
    _print(rows, "create", created, yardsticks)
    if asked.update:
        _print(rows, "update", _import(home, target, later), yardsticks)
    if asked.again:
        _print(rows, "again", _import(home, target, later, "--name", "again"), yardsticks)
    if asked.undo:
        began = time.perf_counter()
        out, peak = _run(home, target, "undo", "1", "--yes", "--json")
        undone = Timed(time.perf_counter() - began, peak, json.loads(out))
        _print(rows, "undo", undone, yardsticks)
        print(f"{'':>10} undo / create {undone.seconds / created.seconds:.2f}")
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name}")


def _import(home: Path, conninfo: str, path: Path, *more: str) -> Timed:
    began = time.perf_counter()
    # Each row says another revenue, so it is the contact's: beside companies the header would be read as theirs.
    out, peak = _run(
        home, conninfo, "import", str(path), "--object", "contacts", "--object", "companies", "--date-format", "DMY",
        "--numbers", "US", "--map", "Annual Revenue=contacts.annualrevenue", "--json", *more,
    )  # fmt: skip
    return Timed(time.perf_counter() - began, peak, json.loads(out))


def _run(home: Path, conninfo: str, *arguments: str) -> tuple[str, float]:
    """What the command prints, and its peak memory in MB."""
    environment = {**os.environ, "KARTOTEK_HOME": str(home / "command"), "KARTOTEK_DATABASE_URL": conninfo}
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen([sys.executable, "-m", "kartotek", *arguments], env=environment, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        process.returncode = code
        if code not in (0, 1):
            sys.exit(f"kartotek {' '.join(arguments)} ended with {code}")
        out.seek(0)
        return out.read(), usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)


def _print(rows: int, what: str, timed: Timed, yardsticks: list[float]) -> None:
    copy = statistics.median(yardsticks)
    print(
        f"{rows:>10,} {what:<10} {timed.seconds:>8.1f} {rows / timed.seconds:>9,.0f} {timed.megabytes:>8,.0f} "
        f"{copy:>7.2f} {timed.seconds / copy:>6.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
