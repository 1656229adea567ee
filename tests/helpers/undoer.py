"""A process that takes an import back, as a worker does, to be killed at any moment.

python -m tests.helpers.undoer CONNINFO IMPORT
"""

import sys

from kartotek.domain import Database
from kartotek.imports import run


def main() -> None:
    conninfo, id = sys.argv[1:]
    database = Database(conninfo).open()
    print("ready", flush=True)
    run.undo(database, int(id))
    print("done", flush=True)
    database.close()


if __name__ == "__main__":
    main()
