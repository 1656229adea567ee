"""The account's settings: read by whoever must heed them, changed by those who run it."""

from dataclasses import asdict, fields
from typing import Any

from kartotek.domain import Tx, access
from kartotek.model.account import Account
from kartotek.model.people import Actor
from kartotek.store import people as store


def load(tx: Tx) -> Account:
    rows = tx.query("account.read")
    made = rows[0]["settings"] if rows else {}
    return Account(**{field.name: _frozen(made[field.name]) for field in fields(Account) if field.name in made})


def change(tx: Tx, actor: Actor, wanted: Account) -> None:
    access.require_settings(actor)
    now = load(tx)
    if wanted != now:
        tx.call("account.keep", {"settings": asdict(wanted)})
        store.note(tx, actor.person, "changed account", asdict(wanted))


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
