"""People come in by a link that works once, then by password; programs by a token (domain/tokens.py).

Nothing that lets somebody in is kept as it is: of links, sessions and tokens the SHA-256 of a secret of 256 random
bits (which needs no salt and no slow hash), of passwords their argon2 hash. Whoever reads the database gets in nowhere.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import argon2

from kartotek import errors
from kartotek.domain import access
from kartotek.model.people import ADMINISTRATOR, SYSTEM, Actor, Person, Role
from kartotek.store import people as stored
from kartotek.store import roles
from kartotek.store.database import Tx
from kartotek.values import domain

LINK_LASTS = timedelta(days=7)
FIRST_LINK_LASTS = timedelta(days=1)
SESSION_LASTS = timedelta(days=30)  # since it was last used
SHORTEST_PASSWORD = 10
LONGEST_NAME = 100
_LONGEST_PASSWORD = 1000  # hashing a whole book would keep the server busy

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_WRONG = "That email address and password do not fit together. Try again, or ask an administrator for a new link."


@dataclass(frozen=True, slots=True)
class Session:
    """`secret` goes into the browser's cookie and is nowhere else; `csrf` goes into its forms."""

    secret: str
    csrf: str
    person: Person


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a link that is still good offers; `person` is None when it makes the first one."""

    person: Person | None
    role: str


# ---------------------------------------------------------------- links


def first_link(tx: Tx) -> str | None:
    """The secret of a link by which the first person comes in; None when somebody has."""
    if stored.count(tx):
        return None
    secret = secrets.token_urlsafe(32)
    stored.add_link(tx, hash_of(secret), None, ADMINISTRATOR, FIRST_LINK_LASTS)
    _note(tx, SYSTEM, "first link")
    return secret


def invite(tx: Tx, actor: Actor, email: str, role: str | None = None) -> str:
    """The secret of a link for this address: the way in for somebody new, a new password for somebody known."""
    access.require_settings(actor)
    stored.one_at_a_time(tx)
    known = stored.by_email(tx, _address(email))
    if known:
        # The link is the way in: whoever has it is that person.
        access.require_within(actor, known.rights, f"{known.name} may")
    if role is not None:
        access.require_within(actor, _role(tx, role).rights, "This role allows")
    person = _again(tx, known, role) if known else stored.add(tx, _address(email), _first_role(tx, role))
    secret = secrets.token_urlsafe(32)
    stored.add_link(tx, hash_of(secret), person.id, person.role, LINK_LASTS)
    _note(tx, actor, "invited", person=person.id, role=person.role)
    return secret


def invitation(tx: Tx, secret: str) -> Invitation:
    """What the page behind a link shows; refuses one that is wrong, used or expired."""
    link = stored.open_link(tx, hash_of(secret))
    if link is None or (link.person is None and stored.count(tx)):
        raise errors.NotSignedIn(_no_link(tx))
    return Invitation(stored.by_id(tx, link.person) if link.person is not None else None, link.role)


def claim(tx: Tx, secret: str, *, email: str, first_name: str | None, last_name: str | None, password: str) -> Person:
    """Opens a link, once. An invited person keeps the address of the invitation, whatever `email` says."""
    stored.one_at_a_time(tx)
    invited = invitation(tx, secret)
    address = invited.person.email if invited.person else _address(email)
    _check_password(password, address)
    person = invited.person or stored.add(tx, address, invited.role)
    person = stored.introduce(tx, person.id, _name(first_name), _name(last_name), _hasher().hash(password))
    stored.use_link(tx, hash_of(secret), person.id)
    stored.end_sessions_of(tx, person.id)
    _note(tx, actor_of(person), "opened link")
    return person


# ---------------------------------------------------------------- sessions


def sign_in(tx: Tx, email: str, password: str) -> Session:
    """An unknown address takes as long as a wrong password, so that nobody learns who has a place here."""
    # A browser sends the letters of a domain as the DNS has them.
    person = stored.by_email(tx, email.strip()) or stored.by_email(tx, domain.own_letters(email.strip()))
    hashed = stored.password(tx, person.id) if person and not person.archived else None
    fits = _verify(hashed or _nobodys_password(), password)
    if person is None or hashed is None or not fits:
        raise errors.NotSignedIn(_WRONG)
    if _hasher().check_needs_rehash(hashed):
        stored.set_password(tx, person.id, _hasher().hash(password))
    return start_session(tx, person)


def start_session(tx: Tx, person: Person) -> Session:
    """For somebody who has just proved who they are, by password or by opening a link."""
    session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32), person)
    stored.add_session(tx, hash_of(session.secret), person.id, session.csrf, SESSION_LASTS)
    _note(tx, actor_of(person), "signed in")
    return session


def session(tx: Tx, secret: str) -> tuple[Person, str] | None:
    """The person whose session it is, and its CSRF token."""
    return stored.by_session(tx, hash_of(secret), SESSION_LASTS)


def sign_out(tx: Tx, secret: str) -> None:
    person = stored.end_session(tx, hash_of(secret))
    if person is not None:
        stored.note(tx, person, "signed out", {})


# ---------------------------------------------------------------- persons


def actor_of(person: Person) -> Actor:
    return Actor(person.id, person.name, person.rights, team=person.team)


def by_id(tx: Tx, id: int) -> Person:
    """Also somebody who has been archived: what they did stays theirs."""
    person = stored.by_id(tx, id)
    if person is None:
        raise errors.NotFound(f"There is nobody here with the number {id}.")
    return person


def get(tx: Tx, id: int) -> Person:
    person = stored.by_id(tx, id)
    if person is None:
        raise errors.NotFound("This person is not there any more.")
    return person


def behind(tx: Tx, person: int | None) -> Actor:
    """Who asked for a job, with the rights they have now; nobody is the system."""
    return SYSTEM if person is None else actor_of(get(tx, person))


def owners(tx: Tx) -> list[Person]:
    """Who records can belong to: everybody who has not been archived, by name."""
    return [one for one in stored.everybody(tx) if one.archived is None]


def everybody(tx: Tx) -> list[Person]:
    """With those who have left: what they own and did is still read under their names."""
    return stored.everybody(tx)


def acting(tx: Tx, email: str | None) -> Actor:
    """Who the command line acts as: the person of that address, else the first administrator, else the system."""
    if email is None:
        administrator = stored.first_administrator(tx)
        return actor_of(administrator) if administrator else SYSTEM
    person = stored.by_email(tx, email.strip())
    if person is None or person.archived:
        raise errors.NotFound(
            f"There is nobody here with the address “{email}”. Add them: `kartotek user add {email}`."
        )
    return actor_of(person)


# ---------------------------------------------------------------- inside


def _again(tx: Tx, known: Person, role: str | None) -> Person:
    if role not in (None, ADMINISTRATOR):
        require_other_administrator(tx, known)
    return stored.reinstate(tx, known.id, role or known.role)


def require_other_administrator(tx: Tx, person: Person) -> None:
    """Somebody must be left who can let people in: refuses to go on with the last administrator."""
    if person.role == ADMINISTRATOR and not person.archived and not stored.has_other_administrators(tx, person.id):
        raise errors.Conflict(f"{person.name} is the only administrator. Make somebody else one first.")


def _first_role(tx: Tx, role: str | None) -> str:
    """The first person has to be able to let the others in."""
    if stored.count(tx):
        return role or "member"
    if role not in (None, "admin"):
        raise errors.Invalid("The first person has to be an administrator: use the role admin.")
    return ADMINISTRATOR


def _role(tx: Tx, name: str) -> Role:
    found = roles.every(tx).get(name)
    if found is None:
        raise errors.UnknownName("role", name)
    return found


def _no_link(tx: Tx) -> str:
    again = (
        "Ask an administrator for a new one (`kartotek user add` with your address prints it)."
        if stored.count(tx)
        else "Stop `kartotek serve` and start it again: it prints a new one."
    )
    return f"This link is wrong, has been used, or has expired. {again}"


def _address(email: str) -> str:
    address = email.strip().lower()
    if not _EMAIL.fullmatch(address) or len(address) > 254:
        raise errors.Invalid(f"“{email.strip()}” is not an email address. It should look like ada@example.com.")
    return address


def _name(name: str | None) -> str | None:
    kept = " ".join((name or "").replace("\0", "").split())
    if len(kept) > LONGEST_NAME:
        raise errors.Invalid(f"A name has at most {LONGEST_NAME} characters. Shorten it.")
    return kept or None


def _check_password(password: str, address: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
        raise errors.Invalid(f"A password has {SHORTEST_PASSWORD} to 1,000 characters. A few words make a good one.")
    if password.strip().casefold() == address.casefold():
        raise errors.Invalid("Your address is the first password that anybody would try. Choose another one.")


def _note(tx: Tx, actor: Actor, what: str, **about: object) -> None:
    stored.note(tx, actor.person, what, about)


def hash_of(secret: str) -> bytes:
    """As a secret is kept; domain/tokens.py uses it, too."""
    return hashlib.sha256(secret.encode()).digest()


def _verify(hashed: str, password: str) -> bool:
    try:
        return _hasher().verify(hashed, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


@cache
def _hasher() -> argon2.PasswordHasher:
    return argon2.PasswordHasher()


@cache
def _nobodys_password() -> str:
    return _hasher().hash(secrets.token_urlsafe(32))
