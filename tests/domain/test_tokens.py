"""What programs may do with a token."""

import pytest

from kartotek import errors
from kartotek.domain import Tx, people, tokens
from kartotek.model.people import SYSTEM, Actor


def test_a_token_acts_for_its_person_until_it_is_revoked(tx: Tx) -> None:
    admin = ada(tx)
    secret = tokens.issue(tx, admin, "warehouse", ())
    program = tokens.by_secret(tx, secret)
    assert (program.person, program.name, program.rights) == (admin.person, "warehouse", admin.rights)

    tokens.revoke(tx, admin, program.source_id or 0)

    with pytest.raises(errors.NotSignedIn, match="revoked"):
        tokens.by_secret(tx, secret)


def test_a_token_may_no_more_than_its_scopes_and_its_person(tx: Tx) -> None:
    scopes = ("crm.objects.contacts.read", "crm.objects.deals.write", "crm.import")
    secret = tokens.issue(tx, ada(tx), "reports", scopes)

    rights = tokens.by_secret(tx, secret).rights

    assert rights.imports and not rights.exports and not rights.settings
    assert (rights.reach("view", "contacts"), rights.reach("edit", "contacts")) == ("all", "none")
    assert (rights.reach("view", "deals"), rights.reach("edit", "deals")) == ("none", "all")


def test_a_token_needs_a_person_and_known_scopes(tx: Tx) -> None:
    with pytest.raises(errors.Invalid, match="kartotek user add"):
        tokens.issue(tx, SYSTEM, "reports")
    with pytest.raises(errors.UnknownName, match=r"contacts\.read"):
        tokens.issue(tx, ada(tx), "reports", ("contacts.read",))


def ada(tx: Tx) -> Actor:
    secret = people.first_link(tx) or ""
    person = people.claim(
        tx, secret, email="ada@harbour.example", first_name="Ada", last_name=None, password="seven blue herrings"
    )
    return people.actor_of(person)
