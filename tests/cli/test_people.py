"""Letting people and programs in from the command line, on a machine that nobody has used yet."""

from collections.abc import Callable, Iterator
from subprocess import CompletedProcess

import pytest

from kartotek.domain import Database, Tx, people, tokens

Run = Callable[..., CompletedProcess[str]]


def test_a_token_cannot_come_before_the_first_person(kartotek: Run) -> None:
    ended = kartotek("token", "create", "warehouse")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "kartotek user add" in ended.stderr and ended.stderr.count("\n") == 1


def test_the_first_person_added_is_an_administrator_with_a_link_that_works(kartotek: Run, tx: Tx) -> None:
    ended = kartotek("user", "add", "ada@harbour.example", KARTOTEK_PUBLIC_URL="https://crm.harbour.example")

    address, _, secret = ended.stdout.strip().rpartition("/")
    assert (ended.returncode, address) == (0, "https://crm.harbour.example/welcome")
    invited = people.invitation(tx, secret)
    assert (invited.person and invited.person.email, invited.role) == ("ada@harbour.example", "admin")


def test_a_token_is_printed_and_nothing_else(kartotek: Run, tx: Tx) -> None:
    kartotek("user", "add", "ada@harbour.example")

    ended = kartotek("token", "create", "warehouse", "--scope", "crm.objects.contacts.read")

    assert (ended.returncode, ended.stderr, ended.stdout.count("\n")) == (0, "", 1)
    program = tokens.by_secret(tx, ended.stdout.strip())
    assert (program.name, program.rights.reach("edit", "contacts")) == ("warehouse", "none")


def test_a_revoked_token_is_listed_as_such(kartotek: Run) -> None:
    kartotek("user", "add", "ada@harbour.example")
    kartotek("token", "create", "old one")
    number = kartotek("token", "list").stdout.split("\t")[0]

    ended = kartotek("token", "revoke", number)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert kartotek("token", "list").stdout.splitlines()[0].endswith("revoked")


def test_a_wrong_address_is_a_sentence(kartotek: Run) -> None:
    ended = kartotek("user", "add", "ada")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "“ada” is not an email address. It should look like ada@example.com.\n"


@pytest.fixture
def tx(empty: str) -> Iterator[Tx]:
    """Looks into the database that the commands work on."""
    database = Database(empty, size=1).open()
    with database.transaction() as tx:
        yield tx
    database.close()
