"""The records that an import created are deleted: with its consequences named, by a job, and only by who may."""

import pytest

from kartotek.domain import account, deletions, people
from kartotek.model.account import Account
from tests import cast
from tests.helpers import importing
from tests.helpers.visitor import Visitor, text_of

ROWS = """Email,First name,Company name,Company domain name
astrid@x.example,Astrid,Fjordvind,fjordvind.example
ellen@x.example,Ellen,Fjordvind,fjordvind.example
ada@nordlys.example,Ada Maria,Nordlys A/S,nordlys.example
"""


@pytest.fixture
def ended(own_database, settings, crew):
    """Creates Astrid, Ellen and their firm; renames Ada."""
    return importing.import_file(own_database, settings, ROWS, "contacts", "companies", actor=crew.ida)


def test_the_consequences_are_named_before(ida, ended):
    panel = text_of(ida.get(f"/imports/{ended.id}/deletion/new"))

    assert "2 contacts go. 2 associations end." in panel
    assert "One company goes." in panel and "Delete 3 records" in panel


def test_what_an_import_created_goes_and_what_it_updated_stays(ida, ended, own_database):
    ida.post(f"/imports/{ended.id}/deletion", form=f"/imports/{ended.id}/deletion/new")
    asked = text_of(ida.get(f"/imports/{ended.id}/deletion"))

    deletions.work(own_database, ended.id, lambda: None, 1)

    contacts = text_of(ida.get("/contacts"))
    assert "0 of 3 records are deleted" in asked
    assert "3 of 3 records are deleted" in text_of(ida.get(f"/imports/{ended.id}/deletion"))
    assert "Astrid" not in contacts and "Ellen" not in contacts and "Ada Maria" in contacts
    assert "Fjordvind" not in text_of(ida.get("/companies"))
    assert "3 of 3 records that it created were deleted afterwards" in text_of(ida.get(f"/imports/{ended.id}"))


def test_companies_that_the_import_made_by_domain_go_too(ida, crew, own_database, settings):
    with own_database.transaction() as tx:
        account.change(tx, crew.ida, Account(associates_by_domain=True))
    ended = importing.import_file(
        own_database, settings, "Email\nastrid@fjordvind.example\n", "contacts", actor=crew.ida
    )
    before = text_of(ida.get("/companies"))
    ida.post(f"/imports/{ended.id}/deletion", form=f"/imports/{ended.id}/deletion/new")

    deletions.work(own_database, ended.id, lambda: None)

    assert "fjordvind.example" in before
    assert "2 of 2 records are deleted" in text_of(ida.get(f"/imports/{ended.id}/deletion"))
    assert "fjordvind.example" not in text_of(ida.get("/companies"))


def test_a_deletion_that_was_stopped_goes_on(ida, ended, own_database):
    ida.post(f"/imports/{ended.id}/deletion", form=f"/imports/{ended.id}/deletion/new")

    def killed():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deletions.work(own_database, ended.id, killed, 1)
    half = text_of(ida.get(f"/imports/{ended.id}/deletion"))
    deletions.work(own_database, ended.id, lambda: None, 1)

    assert "1 of 3 records are deleted" in half
    assert "3 of 3 records are deleted" in text_of(ida.get(f"/imports/{ended.id}/deletion"))


def test_nothing_left_says_so(ida, ended, own_database):
    ida.post(f"/imports/{ended.id}/deletion", form=f"/imports/{ended.id}/deletion/new")
    deletions.work(own_database, ended.id, lambda: None, 1)

    answer = ida.post(f"/imports/{ended.id}/deletion", form="/contacts")

    assert answer.status_code == 400
    assert "None of the records that this import created is there any more" in text_of(answer)


def test_who_may_not_delete_all_records_deletes_none(program, own_database, crew, ended):
    with own_database.transaction() as tx:
        link = people.invite(tx, crew.ida, "per@kartotek.example", "member")
        people.claim(tx, link, email="per@kartotek.example", first_name="Per", last_name="K", password=cast.PASSWORD)
    per = Visitor(program)
    per.sign_in("per@kartotek.example", cast.PASSWORD)

    answer = per.post(f"/imports/{ended.id}/deletion")

    assert answer.status_code == 403
    assert "may not delete all contacts" in text_of(answer)
