"""Roles: what each grants, as people have shaped it; a standard role that nobody has changed stands in no table."""

from dataclasses import asdict, fields
from typing import Any

from psycopg.types.json import Jsonb

from kartotek.model.people import ROLES, Rights, Role
from kartotek.store.database import Tx


def every(tx: Tx) -> dict[str, Role]:
    """The standard ones first, in their order, then people's own by name."""
    rows = {row["name"]: row for row in tx.query("roles.every")}
    own = sorted(name for name, row in rows.items() if row["kept"] and name not in ROLES)
    found = {}
    for name in (*ROLES, *own):
        row = rows.get(name) or {"label": None, "rights": None, "people": 0}
        found[name] = Role(name, row["label"], rights(name, row["rights"]), row["people"])
    return found


def keep(tx: Tx, role: Role) -> None:
    tx.call("roles.keep", {"name": role.name, "label": role.label, "rights": Jsonb(asdict(role.rights))})


def remove(tx: Tx, name: str) -> None:
    tx.call("roles.remove", {"name": name})


def had(tx: Tx, name: str) -> bool:
    return bool(tx.query("roles.had", {"name": name})[0]["people"])


def rights(name: str, kept: dict[str, Any] | None) -> Rights:
    """Of a role by what is kept of it; one that nobody knows grants nothing."""
    if kept is None or name == "admin":
        return ROLES.get(name, Rights())
    return Rights(**{field.name: kept[field.name] for field in fields(Rights) if field.name in kept})
