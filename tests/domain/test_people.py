"""Who gets in, and how: links, passwords, sessions."""

from datetime import timedelta

import argon2
import pytest

from kartotek import errors
from kartotek.domain import Tx, audit, people, preferences, tokens
from kartotek.model.people import SYSTEM, Actor, Person
from kartotek.store import people as stored

PASSWORD = "seven blue herrings"


def test_the_first_person_comes_in_through_a_link_and_is_an_administrator(tx: Tx) -> None:
    secret = people.first_link(tx)

    ada = people.claim(
        tx, secret or "", email=" Ada@Harbour.example ", first_name="Ada", last_name=" ", password=PASSWORD
    )

    assert (ada.email, ada.name, ada.role) == ("ada@harbour.example", "Ada", "admin")
    assert people.sign_in(tx, "ADA@harbour.example", PASSWORD).person == ada


def test_there_is_no_first_link_once_somebody_is_here(tx: Tx) -> None:
    administrator(tx)

    secret = people.first_link(tx)

    assert secret is None


def test_two_first_links_make_one_first_person(tx: Tx) -> None:
    one, other = people.first_link(tx) or "", people.first_link(tx) or ""
    people.claim(tx, one, email="ada@harbour.example", first_name=None, last_name=None, password=PASSWORD)

    with pytest.raises(errors.NotSignedIn):
        people.claim(tx, other, email="eve@elsewhere.example", first_name=None, last_name=None, password=PASSWORD)

    assert [person.email for person in people.owners(tx)] == ["ada@harbour.example"]


def test_a_link_works_once(tx: Tx) -> None:
    secret = people.invite(tx, administrator(tx), "bo@harbour.example", "member")
    claim(tx, secret)

    with pytest.raises(errors.NotSignedIn, match="Ask an administrator for a new one"):
        claim(tx, secret)


def test_an_expired_link_says_how_to_get_a_new_one(tx: Tx) -> None:
    secret = people.first_link(tx) or ""
    tx.run("UPDATE kartotek.sign_in_links SET expires = %s", [tx.now - timedelta(seconds=1)])

    with pytest.raises(errors.NotSignedIn, match="kartotek serve"):
        people.invitation(tx, secret)


def test_an_invited_person_keeps_the_address_and_the_role_of_the_invitation(tx: Tx) -> None:
    secret = people.invite(tx, administrator(tx), "bo@harbour.example", "viewer")

    bo = people.claim(tx, secret, email="eve@elsewhere.example", first_name="Bo", last_name="Berg", password=PASSWORD)

    assert (bo.email, bo.name, bo.role) == ("bo@harbour.example", "Bo Berg", "viewer")


def test_a_new_link_for_somebody_known_is_a_new_password_and_ends_their_sessions(tx: Tx) -> None:
    admin = administrator(tx)
    claim(tx, people.invite(tx, admin, "bo@harbour.example", "viewer"))
    old = people.sign_in(tx, "bo@harbour.example", PASSWORD)

    claim(tx, people.invite(tx, admin, "Bo@Harbour.example"), password="another good one")

    assert people.session(tx, old.secret) is None
    assert people.sign_in(tx, "bo@harbour.example", "another good one").person.role == "viewer"


def test_the_last_administrator_stays_one(tx: Tx) -> None:
    admin = administrator(tx)

    with pytest.raises(errors.Conflict, match="only administrator"):
        people.invite(tx, admin, "ada@harbour.example", "viewer")


def test_only_who_may_change_settings_invites(tx: Tx) -> None:
    bo = people.actor_of(claim(tx, people.invite(tx, administrator(tx), "bo@harbour.example", "member")))

    with pytest.raises(errors.NotAllowed, match=r"bo@harbour\.example may not"):
        people.invite(tx, bo, "eve@elsewhere.example", "admin")


@pytest.mark.parametrize("email", ["", "bo", "bo@", "bo@harbour", "b o@harbour.example", "bo@@harbour.example"])
def test_an_invitation_needs_an_address(tx: Tx, email: str) -> None:
    admin = administrator(tx)

    with pytest.raises(errors.Invalid, match="not an email address"):
        people.invite(tx, admin, email)


@pytest.mark.parametrize("password", ["", "too short", "ada@harbour.example", "ADA@harbour.example ", "x" * 1001])
def test_a_password_is_long_enough_and_is_not_the_address(tx: Tx, password: str) -> None:
    secret = people.first_link(tx) or ""

    with pytest.raises(errors.Invalid, match="password"):
        people.claim(tx, secret, email="ada@harbour.example", first_name=None, last_name=None, password=password)


def test_nobody_signs_in_with_a_wrong_password_an_unknown_address_or_before_opening_the_link(tx: Tx) -> None:
    people.invite(tx, administrator(tx), "bo@harbour.example", "member")

    sentences = {
        refusal(tx, email, "a wrong password") for email in ("ada@harbour.example", "bo@harbour.example", "eve")
    }

    assert len(sentences) == 1


def test_an_archived_person_is_out_at_once(tx: Tx) -> None:
    session = people.sign_in(tx, "ada@harbour.example", PASSWORD) if administrator(tx) else None
    assert session is not None
    tx.run("UPDATE kartotek.people SET archived = now()")

    found = people.session(tx, session.secret)

    assert found is None
    assert refusal(tx, "ada@harbour.example", PASSWORD)


def test_a_password_is_hashed_again_when_the_way_of_hashing_has_changed(tx: Tx) -> None:
    admin = administrator(tx)
    assert admin.person is not None
    old = argon2.PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    stored.set_password(tx, admin.person, old)

    people.sign_in(tx, "ada@harbour.example", PASSWORD)

    assert stored.password(tx, admin.person) != old
    assert people.sign_in(tx, "ada@harbour.example", PASSWORD)


def test_a_session_lasts_until_sign_out(tx: Tx) -> None:
    administrator(tx)
    session = people.sign_in(tx, "ada@harbour.example", PASSWORD)
    assert people.session(tx, session.secret) == (session.person, session.csrf)

    people.sign_out(tx, session.secret)

    assert people.session(tx, session.secret) is None


def test_an_unused_session_ends_and_a_used_one_goes_on(tx: Tx) -> None:
    administrator(tx)
    used, unused = (people.sign_in(tx, "ada@harbour.example", PASSWORD) for _ in range(2))
    tx.run("UPDATE kartotek.sessions SET seen = seen - interval '29 days', expires = expires - interval '29 days'")
    people.session(tx, used.secret)
    tx.run("UPDATE kartotek.sessions SET seen = seen - interval '2 days', expires = expires - interval '2 days'")

    assert people.session(tx, used.secret)
    assert people.session(tx, unused.secret) is None


def test_the_command_line_acts_as_the_first_administrator_or_the_system(tx: Tx) -> None:
    assert people.acting(tx, None) == SYSTEM
    admin = administrator(tx)

    assert people.acting(tx, None) == admin
    assert people.acting(tx, "ADA@harbour.example") == admin
    with pytest.raises(errors.NotFound, match="kartotek user add"):
        people.acting(tx, "eve@elsewhere.example")


def test_secrets_are_not_in_the_database(tx: Tx) -> None:
    link = people.first_link(tx) or ""
    people.claim(tx, link, email="ada@harbour.example", first_name=None, last_name=None, password=PASSWORD)
    session = people.sign_in(tx, "ada@harbour.example", PASSWORD)
    token = tokens.issue(tx, people.actor_of(session.person), "warehouse")

    dump = "".join(
        str(tx.value("SELECT json_agg(t)::text FROM kartotek.people AS t"))
        + str(tx.value("SELECT json_agg(t)::text FROM kartotek.sign_in_links AS t"))
        + str(tx.value("SELECT json_agg(t)::text FROM kartotek.sessions AS t"))
        + str(tx.value("SELECT json_agg(t)::text FROM kartotek.tokens AS t"))
        + str(tx.value("SELECT json_agg(t)::text FROM kartotek.audit AS t"))
    )

    assert not [secret for secret in (link, session.secret, token, PASSWORD) if secret in dump]


def test_what_is_done_to_people_and_tokens_is_in_the_audit_log(tx: Tx) -> None:
    admin = administrator(tx)
    people.invite(tx, admin, "bo@harbour.example", "viewer")
    session = people.sign_in(tx, "ada@harbour.example", PASSWORD)
    tokens.issue(tx, admin, "warehouse")
    people.sign_out(tx, session.secret)

    noted = {one.what: one.actor for one in audit.find(tx, admin)[0]}

    assert set(noted) == {"first link", "opened link", "invited", "signed in", "issued token", "signed out"}
    assert {noted[what] for what in noted if what != "first link"} == {admin.name}


def test_preferences_are_kept_for_each_person(tx: Tx) -> None:
    person = people.sign_in(tx, "ada@harbour.example", PASSWORD).person if administrator(tx) else None
    assert person is not None
    chosen = preferences.Preferences("dark", "da", {"contacts": ("email", "firstname")})

    preferences.keep(tx, person, chosen)

    assert preferences.of(tx, person) == chosen


def administrator(tx: Tx) -> Actor:
    secret = people.first_link(tx) or ""
    ada = people.claim(tx, secret, email="ada@harbour.example", first_name="Ada", last_name=None, password=PASSWORD)
    return people.actor_of(ada)


def claim(tx: Tx, secret: str, password: str = PASSWORD) -> Person:
    return people.claim(tx, secret, email="", first_name=None, last_name=None, password=password)


def refusal(tx: Tx, email: str, password: str) -> str:
    with pytest.raises(errors.NotSignedIn) as refused:
        people.sign_in(tx, email, password)
    return str(refused.value)
