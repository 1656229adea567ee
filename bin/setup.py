"""Makes .venv ready for a checkout: the locked packages, the checkout itself, the browser's files. Called by .setup.

The checkout is put on Python's path by a .pth file: a real installation would build a wheel each time.
"""

import fcntl
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOME = ROOT / ".venv"
PYTHON = HOME / "bin/python"
# Development has all that running needs, and more.
LOCKS = {"runtime": "requirements.txt", "development": "requirements-dev.txt"}
NO_NETWORK = ("Failed to establish a new connection", "Temporary failure in name resolution", "Network is unreachable")
NO_NETWORK += ("Read timed out", "Max retries exceeded", "getaddrinfo", "No matching distribution found")


def main(kind: str, made_of: str) -> None:
    with (ROOT / ".setup.lock").open("w") as lock:
        # Of two commands that start at once, the second waits here and finds everything done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_done(kind, made_of):
            print("Setting up: this takes a minute or two, once.", file=sys.stderr, flush=True)
            _set_up(kind, made_of)


def _is_done(kind: str, made_of: str) -> bool:
    stamp = HOME / f"made-of-{kind}"
    vendor = ROOT / "kartotek/pages/static/vendor/made-of"
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == made_of and vendor.exists()


def _set_up(kind: str, made_of: str) -> None:
    if not _works(made_of):
        venv.create(HOME, clear=True, with_pip=True, symlinks=True)
    _install(LOCKS[kind])
    library = sysconfig.get_path("purelib", "venv", {"base": str(HOME), "platbase": str(HOME)})
    Path(library, "kartotek-checkout.pth").write_text(f"{ROOT}\n")
    _bring_browser_files()
    for done in LOCKS if kind == "development" else (kind,):
        (HOME / f"made-of-{done}").write_text(made_of)


def _works(made_of: str) -> bool:
    """Whether .venv was made here (it does not survive being moved) and its Python is still installed."""
    was = [stamp.read_text() for stamp in HOME.glob("made-of-*")]
    here = made_of.rsplit(" ", 2)[0]
    return bool(was) and was[0].rsplit(" ", 2)[0] == here and _ran([PYTHON, "-c", "import pip"])


def _install(lock: str) -> None:
    command = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-compile", "--disable-pip-version-check"]
    if not _ran([*command, "--no-input", "-r", ROOT / lock]):
        log = _log().read_text(errors="replace")
        if any(sign in log for sign in NO_NETWORK):
            raise SystemExit(f"Kartotek's packages could not be fetched: there seems to be no network (see {_log()}).")
        raise SystemExit(f"Kartotek's packages could not be installed: {_last_line(log)} (see {_log()})")


def _bring_browser_files() -> None:
    command = [PYTHON, ROOT / "hatch_build.py"]
    if _ran(command):
        return
    if "need npm" in _log().read_text(errors="replace"):
        _install("requirements-node.txt")
        if _ran(command):
            return
    raise SystemExit(f"{_last_line(_log().read_text(errors='replace'))} (see {_log()})")


def _ran(command: list[str | Path]) -> bool:
    with _log().open("w") as log:
        done = subprocess.run([str(part) for part in command], stdout=log, stderr=subprocess.STDOUT, check=False)
    return done.returncode == 0


def _log() -> Path:
    HOME.mkdir(exist_ok=True)
    return HOME / "setup.log"


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "no reason was given")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OSError as error:
        raise SystemExit(f"Kartotek cannot be set up in {ROOT}: {error}") from error
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"Kartotek's environment could not be made: {_last_line(str(error.output))}") from error
