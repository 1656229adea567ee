"""Contacts of an import that find their companies by domain, after its last row.

Each batch notes the contacts that it leaves without a company. When all rows are in, those that still have none get
theirs, batch by batch, each in a transaction of its own: by then every company of the file is there, and what the file
says of a contact's company goes first, wherever its batches end. An import that gives all its contacts companies itself
notes nothing.
"""

from collections.abc import Callable
from functools import partial

from kartotek.domain import Database, Tx, domains


def associate(database: Database, import_id: int, claim: Callable[[Tx], None], tell: Callable[[], None]) -> None:
    """Goes on wherever it was stopped. `claim` holds the import, or raises when it is to stop or another worker has it;
    `tell` is called between two batches."""
    while database.retried(partial(_batch, import_id, claim)):
        tell()


def _batch(import_id: int, claim: Callable[[Tx], None], tx: Tx) -> bool:
    """Whether there may be more."""
    if not domains.is_due(tx, import_id):
        return False
    claim(tx)
    domains.associate_next(tx, import_id)
    return True
