"""What was done to people, links, tokens, roles, teams and settings, by whom: the audit log."""

from collections.abc import Sequence

from kartotek.domain import Tx, access
from kartotek.model.people import Actor, AuditEntry
from kartotek.store import people as store


def note(tx: Tx, actor: Actor, what: str, **about: object) -> None:
    """`what` in a few words that stay the same ("changed role"); `about`: `person` and whatever tells the rest."""
    store.note(tx, actor.person, what, about)


def find(
    tx: Tx,
    actor: Actor,
    *,
    person: int | None = None,
    without: Sequence[str] = (),
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[AuditEntry], int]:
    """A page of it, the latest first, and how many lines fit in all (none beyond the last page).

    Done by `person` or to them, `without` these kinds.
    """
    access.require_settings(actor)
    return store.audit(tx, person, without, limit, offset)
