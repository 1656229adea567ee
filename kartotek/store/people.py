"""People, their links and sessions, programs' tokens, and the audit log. Secrets come here as hashes only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from kartotek.model.people import AuditEntry, Colleague, Person, Token
from kartotek.store import roles
from kartotek.store.database import Tx

# Whoever was seen less than this ago is not written down again: reading a page must not be a write each time.
SEEN_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that is still good; nobody's own when it makes the first person."""

    person: int | None
    role: str


def one_at_a_time(tx: Tx) -> None:
    tx.query("people.one_at_a_time")


def count(tx: Tx) -> int:
    return int(tx.query("people.count_people")[0]["people"])


def by_id(tx: Tx, id: int) -> Person | None:
    return _first(tx.query("people.by_id", {"id": id}))


def by_email(tx: Tx, email: str) -> Person | None:
    return _first(tx.query("people.by_email", {"email": email}))


def everybody(tx: Tx) -> list[Person]:
    return [_person(row) for row in tx.query("people.everybody")]


def staff(tx: Tx) -> list[Colleague]:
    return [
        Colleague(_person(row), row["arrived"], row["seen"], tuple(row["teams"]), row["main"])
        for row in tx.query("people.staff")
    ]


def first_administrator(tx: Tx) -> Person | None:
    return _first(tx.query("people.first_administrator"))


def has_other_administrators(tx: Tx, id: int) -> bool:
    return bool(tx.query("people.other_administrators", {"id": id})[0]["people"])


def add(tx: Tx, email: str, role: str) -> Person:
    return _known(tx, tx.query("people.add", {"email": email, "role": role, "now": tx.now})[0]["id"])


def reinstate(tx: Tx, id: int, role: str) -> Person:
    tx.call("people.reinstate", {"id": id, "role": role})
    return _known(tx, id)


def set_role(tx: Tx, id: int, role: str) -> None:
    tx.call("people.set_role", {"id": id, "role": role})


def archive(tx: Tx, id: int) -> None:
    """With all by which they could come in."""
    tx.call("people.archive", {"id": id, "now": tx.now})
    tx.call("people.revoke_tokens_of", {"person": id, "now": tx.now})
    tx.call("people.close_links_of", {"person": id, "now": tx.now})
    end_sessions_of(tx, id)


def introduce(tx: Tx, id: int, first_name: str | None, last_name: str | None, password: str) -> Person:
    names = {"first_name": first_name, "last_name": last_name}
    tx.call("people.introduce", {"id": id, "password": password, **names})
    return _known(tx, id)


def password(tx: Tx, id: int) -> str | None:
    rows = tx.query("people.password", {"id": id})
    return rows[0]["password"] if rows else None


def set_password(tx: Tx, id: int, hashed: str) -> None:
    tx.call("people.set_password", {"id": id, "password": hashed})


def preferences(tx: Tx, id: int) -> dict[str, Any]:
    rows = tx.query("people.preferences", {"id": id})
    return dict(rows[0]["settings"]) if rows else {}


def set_preferences(tx: Tx, id: int, settings: dict[str, Any]) -> None:
    tx.call("people.set_preferences", {"id": id, "settings": Jsonb(settings)})


def add_link(tx: Tx, hash: bytes, person: int | None, role: str, lasts: timedelta) -> None:
    link = {"hash": hash, "person": person, "role": role, "expires": tx.now + lasts}
    tx.call("people.add_link", link)


def open_link(tx: Tx, hash: bytes) -> Link | None:
    rows = tx.query("people.open_link", {"hash": hash, "now": tx.now})
    return Link(rows[0]["person"], rows[0]["role"]) if rows else None


def use_link(tx: Tx, hash: bytes, person: int) -> None:
    tx.call("people.use_link", {"hash": hash, "person": person, "now": tx.now})


def add_session(tx: Tx, hash: bytes, person: int, csrf: str, lasts: timedelta) -> None:
    session = {"hash": hash, "person": person, "csrf": csrf, "now": tx.now, "expires": tx.now + lasts}
    tx.call("people.add_session", session)


def by_session(tx: Tx, hash: bytes, lasts: timedelta) -> tuple[Person, str] | None:
    """The person and the CSRF token; the session then lasts `lasts` from now."""
    rows = tx.query("people.by_session", {"hash": hash, "now": tx.now})
    if not rows:
        return None
    if _long_ago(rows[0]["seen"], tx.now):
        tx.call("people.touch_session", {"hash": hash, "now": tx.now, "expires": tx.now + lasts})
    return _person(rows[0]), rows[0]["csrf"]


def end_session(tx: Tx, hash: bytes) -> int | None:
    """The person whose session it was."""
    ended = tx.query("people.end_session", {"hash": hash, "now": tx.now})
    return next((row["person"] for row in ended if row["hash"] == hash), None)


def end_sessions_of(tx: Tx, person: int) -> None:
    tx.call("people.end_sessions_of", {"person": person})


def add_token(tx: Tx, hash: bytes, name: str, person: int, scopes: tuple[str, ...]) -> int:
    token = {"hash": hash, "name": name, "person": person, "scopes": list(scopes), "now": tx.now}
    return int(tx.query("people.add_token", token)[0]["id"])


def by_token(tx: Tx, hash: bytes) -> tuple[Person, int, str, tuple[str, ...]] | None:
    """The person behind it, the token's id and name, and its scopes."""
    rows = tx.query("people.by_token", {"hash": hash})
    if not rows:
        return None
    row = rows[0]
    if _long_ago(row["used"], tx.now):
        tx.call("people.touch_token", {"id": row["token"], "now": tx.now})
    return _person(row), row["token"], row["token_name"], tuple(row["scopes"])


def tokens(tx: Tx) -> list[Token]:
    return [_token(row) for row in tx.query("people.tokens")]


def revoke_token(tx: Tx, id: int) -> Token | None:
    """Nothing when there is none of that id or it has been revoked before."""
    rows = tx.query("people.revoke_token", {"id": id, "now": tx.now})
    return _token(rows[0]) if rows else None


def note(tx: Tx, actor: int | None, what: str, about: dict[str, Any]) -> None:
    """A line of the audit log."""
    tx.call("people.note", {"now": tx.now, "actor": actor, "what": what, "about": Jsonb(about)})


def audit(tx: Tx, person: int | None, without: Sequence[str], limit: int, offset: int) -> tuple[list[AuditEntry], int]:
    """A page of it, and how many fit in all."""
    asked = {"person": person, "without": list(without), "limit": limit, "offset": offset}
    rows = tx.query("people.audit", asked)
    found = [AuditEntry(row["at"], row["what"], row["about"], row["actor"], row["person"]) for row in rows]
    return found, rows[0]["total"] if rows else 0


def _known(tx: Tx, id: int) -> Person:
    return _person(tx.query("people.by_id", {"id": id})[0])


def _first(rows: list[DictRow]) -> Person | None:
    return _person(rows[0]) if rows else None


def _person(row: DictRow) -> Person:
    return Person(
        id=row["id"],
        email=row["email"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        role=row["role"],
        created=row["created"],
        archived=row["archived"],
        rights=roles.rights(row["role"], row["rights"]),
        team=tuple(row["team"]),
    )


def _token(row: DictRow) -> Token:
    return Token(
        row["id"], row["name"], row["person"], tuple(row["scopes"]), row["created"], row["revoked"], row["used"]
    )


def _long_ago(seen: datetime | None, now: datetime) -> bool:
    return seen is None or now - seen > SEEN_AGAIN
