"""The last step before an import: its name, its list, consent, legal basis, and how dates and numbers are written."""

from dataclasses import replace

import pytest

from kartotek import errors
from kartotek.domain import account, imports, lists, properties
from kartotek.imports import run
from kartotek.model.account import Account
from kartotek.model.people import ROLES
from tests.helpers.visitor import text_of
from tests.helpers.wizard import draft_of, send

LEADS = b"""Email;Close date;Annual Revenue;Company name
astrid@x.example;03-04-2026;1.234,50;Fjordvind
ada@nordlys.example;31-12-2026;2.000,00;Nordlys
"""


@pytest.fixture
def path(ida, looked_at):
    """The address of a draft that is mapped, and whose whole file a worker has looked at."""
    path = draft_of(ida, LEADS, ("contacts", "companies"))
    mapping = {"as-1": "contacts", "property-1": "Close Date", "as-2": "companies", "property-2": "Annual Revenue"} | {
        "as-3": "companies", "property-3": "Company name"
    }  # fmt: skip
    send(ida, path, skip="1", **mapping)
    looked_at(path)
    return path


def finish(visitor, path, **fields):
    form = f"{path}/details"
    return visitor.post(form, form=form, **({"dates": "DMY", "numbers": "DK", "start": "1"} | fields))


def plan_of(database, crew, path):
    with database.transaction() as tx:
        return run.plan_from_json(imports.get(tx, crew.ida, int(path.rpartition("/")[2])).plan)


def test_contacts_are_imported_only_when_they_expect_to_hear_from_us(ida, path, own_database, crew):
    refused = finish(ida, path, name="Fair")

    answer = finish(ida, path, name="Fair", consent="1")

    assert refused.status_code == 400
    assert "expect to hear from you" in text_of(refused) and 'value="Fair"' in refused.text
    assert answer.headers["location"] == path
    assert plan_of(own_database, crew, path).name == "Fair"
    with own_database.transaction() as tx:
        assert tx.value("SELECT consented IS NOT NULL FROM kartotek.imports")


def test_a_list_of_the_contacts_is_asked_for(ida, path, own_database, crew):
    page = text_of(ida.get(f"{path}/details"))

    finish(ida, path, name="Fair", consent="1", make_list="1", list="Guests")

    assert "Create a list of contacts from this import" in page
    assert plan_of(own_database, crew, path).list == "Guests"


def test_a_list_without_a_name_is_called_like_the_import(ida, path, own_database, crew):
    finish(ida, path, name="Fair", consent="1", make_list="1")

    assert plan_of(own_database, crew, path).list == "Fair"


def test_a_list_that_is_there_grows_only_knowingly(ida, path, own_database, crew):
    with own_database.transaction() as tx:
        lists.create(tx, crew.ida, crew.known.object_type("contacts"), "Guests")

    refused = finish(ida, path, consent="1", make_list="1", list="guests")
    answer = finish(ida, path, consent="1", make_list="1", list="guests", join_list="1")

    assert refused.status_code == 400
    assert "There is a list called “guests” already" in text_of(refused)
    assert answer.headers["location"] == path


def test_the_legal_basis_is_asked_for_when_data_privacy_is_on(ida, path, own_database, settings, crew):
    before = text_of(ida.get(f"{path}/details"))
    ida.post("/settings", form="/settings", data_privacy="1")

    page = text_of(ida.get(f"{path}/details"))
    finish(ida, path, consent="1", legal_basis="Performance of a contract")
    run.work(own_database, settings, int(path.rpartition("/")[2]))

    assert "Legal basis" not in before
    assert "Legal basis for processing a contact’s data" in page and "Freely given consent from contact" in page
    with own_database.transaction() as tx:
        rows = tx.rows(
            "SELECT hs_legal_basis FROM crm.contacts WHERE email IN ('astrid@x.example', 'ada@nordlys.example')"
        )
    assert [row["hs_legal_basis"] for row in rows] == [["Performance of a contract"]] * 2


def test_a_legal_basis_that_is_none_is_refused(ida, path):
    answer = finish(ida, path, consent="1", legal_basis="Because")

    assert answer.status_code == 400
    assert "“Because” is not a legal basis" in text_of(answer)


def test_dates_and_numbers_are_shown_as_they_will_be_read(ida, path):
    page = text_of(ida.get(f"{path}/details"))

    assert "Day, month, year 03-04-2026 → 3 Apr 2026" in page
    assert "1.234,50 → 1,234.5" in page


def test_a_format_that_was_chosen_is_not_asked_for_again(ida, looked_at):
    rows = b"Deal name;Pipeline;Deal stage;Close date;Amount\nA;;;03-04-2026;1.234\nB;;;05-06-2026;1.235\n"
    path = draft_of(ida, rows, ("deals",))
    send(ida, path, next="1")
    looked_at(path)
    before = text_of(ida.get(f"{path}/details"))

    finish(ida, path, start="")

    assert before.count("Please choose") == 2
    assert "Please choose" not in text_of(ida.get(f"{path}/details"))


def test_who_does_not_run_the_account_cannot_change_it(tx, cast):
    member = replace(cast.ida, rights=ROLES["member"])
    account.change(tx, cast.ida, Account(data_privacy=True))

    with pytest.raises(errors.NotAllowed):
        account.change(tx, member, Account())
    assert account.load(tx) == Account(data_privacy=True)


def test_of_several_unique_properties_one_finds_the_existing_records(ida, looked_at, own_database, crew):
    with own_database.transaction() as tx:
        contacts = crew.known.object_type("contacts")
        properties.define(tx, crew.ida, contacts, "member", "Member", unique=True)
    path = draft_of(ida, b"Email;Member\nastrid@x.example;m1\n")
    looked_at(path)

    page = text_of(ida.get(f"{path}/details"))
    finish(ida, path, consent="1", dates="", numbers="", **{"match-contacts": "member"})

    assert "Property to find existing contacts by" in page
    assert plan_of(own_database, crew, path).objects[0].match_by == "member"
