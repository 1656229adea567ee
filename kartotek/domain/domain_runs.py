"""A run over all contacts that have no company: they find theirs by domain, batch by batch, as a job.

Asked for when the setting is switched on, or later. It goes over the contacts twice: the second time over those with a
website, which may lead to a company that was made for another contact the first time.
"""

from collections.abc import Callable
from functools import partial

import polars as pl

from kartotek import errors
from kartotek.domain import Database, Tx, access, account, domains, jobs
from kartotek.model.domains import DomainRun
from kartotek.model.people import Actor

BATCH = 10_000


def start(tx: Tx, actor: Actor) -> int:
    """Puts it in line for a worker, unless one is under way; gives its number."""
    access.require_settings(actor)
    if not account.load(tx).associates_by_domain:
        raise errors.Conflict("Companies are not associated by domain. Switch that on first.")
    tx.query("domains.one_at_a_time")
    known = last(tx)
    if known is not None and known.finished is None:
        return known.id
    id = int(tx.query("domains.begin", {"person": actor.person})[0]["id"])
    jobs.enqueue(tx, "domains", {"id": id})
    return id


def last(tx: Tx) -> DomainRun | None:
    rows = tx.query("domains.last_run")
    return DomainRun(**rows[0]) if rows else None


def work(database: Database, id: int, tell: Callable[[], object], size: int = BATCH) -> None:
    """Batch by batch, each in a transaction of its own, unless the setting is off. Safe beside another worker."""
    while database.retried(partial(_batch, id, size)):
        tell()


def _batch(id: int, size: int, tx: Tx) -> bool:
    """Whether there may be more."""
    rows = tx.query("domains.claim", {"id": id})
    if not rows or rows[0]["finished"] is not None:
        return False
    decided, websites = account.load(tx), rows[0]["websites"]
    asked = {"after": rows[0]["position"], "most": size, "websites": websites}
    ids = [row["_id"] for row in tx.query("domains.some", asked)]
    if not decided.associates_by_domain or (websites and not ids):
        tx.call("domains.finish", {"id": id, "stopped": not decided.associates_by_domain})
        return False
    if not ids:
        tx.call("domains.turn", {"id": id})
        return True
    made = domains.associate(tx, decided, pl.Series("_id", ids, pl.Int64))
    done = {"looked": len(ids), "companies": len(made.companies), "contacts": len(made.contacts)}
    tx.call("domains.advance", {"id": id, "position": ids[-1], **done})
    return True
