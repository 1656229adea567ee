"""Programs come in by a token, which acts for a person, within scopes named as HubSpot names them."""

import re
import secrets

from kartotek import errors
from kartotek.domain import access, people
from kartotek.model.people import Actor, Rights, Token
from kartotek.model.records import Source
from kartotek.store import people as stored
from kartotek.store.database import Tx

LONGEST_NAME = 100
_SCOPE = re.compile(r"crm\.(objects\.(?P<type>\w+)\.(?P<what>read|write)|schemas\.\w+\.(read|write)|import|export)")
_SCHEMAS = re.compile(r"crm\.schemas\.\w+\.write")


def issue(tx: Tx, actor: Actor, name: str, scopes: tuple[str, ...] = ()) -> str:
    """The secret of a token that acts for `actor`, within `scopes` (none: all that the person may)."""
    access.require_settings(actor)
    if actor.person is None:
        raise errors.Invalid("A token acts for a person, and there is none yet. Add one: `kartotek user add EMAIL`.")
    if not name.strip():
        raise errors.Invalid("Give the token a name that tells later what it is for.")
    if len(name.strip()) > LONGEST_NAME:
        raise errors.Invalid(f"The name of a token has at most {LONGEST_NAME} characters. Shorten it.")
    for scope in scopes:
        if not _SCOPE.fullmatch(scope):
            raise errors.UnknownName("scope", scope)
    secret = f"kt-{secrets.token_urlsafe(32)}"
    id = stored.add_token(tx, people.hash_of(secret), name.strip(), actor.person, scopes)
    about = {"token": id, "name": name.strip(), "scopes": list(scopes)}
    stored.note(tx, actor.person, "issued token", about)
    return secret


def by_secret(tx: Tx, secret: str) -> Actor:
    found = stored.by_token(tx, people.hash_of(secret))
    if found is None:
        raise errors.NotSignedIn(
            "This token is wrong or has been revoked. Make a new one: `kartotek token create NAME`."
        )
    person, id, name, scopes = found
    return Actor(person.id, name, _within(person.rights, scopes), Source.API, id, person.team)


def every(tx: Tx, actor: Actor) -> list[Token]:
    access.require_settings(actor)
    return stored.tokens(tx)


def revoke(tx: Tx, actor: Actor, id: int) -> Token:
    access.require_settings(actor)
    token = stored.revoke_token(tx, id)
    if token is None:
        raise errors.NotFound(f"There is no token {id}, or it has been revoked already.")
    stored.note(tx, actor.person, "revoked token", {"token": id, "name": token.name})
    return token


def _within(rights: Rights, scopes: tuple[str, ...]) -> Rights:
    """What remains of a person's rights for a token with these scopes."""
    if not scopes:
        return rights
    granted = [match for scope in scopes if (match := _SCOPE.fullmatch(scope)) and match["type"]]
    reading = {match["type"] for match in granted if match["what"] == "read"}
    writing = {match["type"] for match in granted if match["what"] == "write"}
    return Rights(
        view={name: rights.reach("view", name) for name in reading},
        edit={name: rights.reach("edit", name) for name in writing},
        delete={name: rights.reach("delete", name) for name in writing},
        imports=rights.imports and "crm.import" in scopes,
        exports=rights.exports and "crm.export" in scopes,
        bulk_delete=rights.bulk_delete and bool(writing),
        properties=rights.properties and any(_SCHEMAS.fullmatch(scope) for scope in scopes),
    )
