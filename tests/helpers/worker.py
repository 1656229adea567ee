"""A process that works at an import, as a worker does, to be killed at any moment.

python -m tests.helpers.worker CONNINFO HOME IMPORT BATCH
"""

import sys

from kartotek.domain import Database
from kartotek.imports import run
from kartotek.settings import Settings


def main() -> None:
    conninfo, home, id, batch = sys.argv[1:]
    settings = Settings.from_environment({"KARTOTEK_HOME": home, "KARTOTEK_IMPORT_BATCH": batch})
    database = Database(conninfo).open()
    print("ready", flush=True)
    run.work(database, settings, int(id))
    print("done", flush=True)
    database.close()


if __name__ == "__main__":
    main()
