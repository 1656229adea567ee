"""Addresses of people who were erased: nobody brings them in again, and nobody can read them.

What is kept of an address is a keyed hash (HMAC). The key is the secret key of the settings, which lies beside the
database and not in it, so that a copy of the database alone does not let anybody try addresses.
"""

import hashlib
from collections.abc import Sequence

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, audit, identifiers
from kartotek.model.people import Actor

PROBLEM = "GDPR_BLACKLISTED_EMAIL"
_PROPERTY = "email"
_BLOCK = 64


def hold(tx: Tx) -> None:
    """Keeps the list as it is until the end of the transaction; whoever writes addresses asks this before all else."""
    tx.query("erasing.hold_blocked")


def hold_alone(tx: Tx) -> None:
    """Waits for those who write addresses, and keeps others from it, so that all of them know of what is added."""
    tx.query("erasing.hold_blocked_alone")


def block(tx: Tx, actor: Actor, addresses: Sequence[str]) -> None:
    values = [one.lower() for one in addresses]
    tx.call("erasing.block", {"values": values, "actor": actor.person, **_pads(tx)})


def unblock(tx: Tx, actor: Actor, address: str) -> None:
    """Lets the address come again."""
    access.require_settings(actor)
    if not tx.call("erasing.unblock", {"value": address.strip().lower(), **_pads(tx)}):
        raise errors.NotFound("This address is not on the block list, so there is nothing to take off it.")
    audit.note(tx, actor, "unblocked address")


def among(tx: Tx, claims: pl.DataFrame) -> pl.DataFrame:
    """Those of these claims (identifiers.IDENTIFIER) that are of blocked addresses."""
    if claims.is_empty() or not tx.query("erasing.any_blocked")[0]["found"]:
        return claims.clear()
    names = [_PROPERTY, *(further for further, main in identifiers.FURTHER.items() if main == _PROPERTY)]
    asked = claims.filter(pl.col("name").is_in(names))
    values = asked["value"].unique().to_list()
    found = [row["value"] for row in tx.query("erasing.blocked", {"values": values, **_pads(tx)})]
    return asked.filter(pl.col("value").is_in(found))


def _pads(tx: Tx) -> dict[str, bytes]:
    """The two halves of an HMAC's key, so that the database works out the hashes of a whole file at once."""
    key = hashlib.sha256(b"blocked addresses " + tx.secret().encode()).digest().ljust(_BLOCK, b"\0")
    return {"inner": bytes(byte ^ 0x36 for byte in key), "outer": bytes(byte ^ 0x5C for byte in key)}
