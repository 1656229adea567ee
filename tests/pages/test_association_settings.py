"""Settings → Associations: labels for a pair of objects, and how many there may be."""

import re

import pytest

from kartotek.domain import association_types, catalogue, label_removals, object_types, people
from kartotek.model.properties import Property
from tests.cast import PASSWORD
from tests.helpers import associating
from tests.helpers.visitor import Visitor, text_of

HOME = "/settings/associations"
BOTH = f"{HOME}/contacts/companies"


def made(own_database, label):
    with own_database.transaction() as tx:
        return next((one for one in catalogue.load(tx).association_types if one.label == label), None)


def test_every_two_objects_are_listed_with_their_labels(ida, crew):
    page = text_of(ida.get(HOME))

    assert "Contacts and Companies Billing" in page and "Companies and Companies Child Company / Parent Company" in page


def test_a_paired_label_is_made(ida, crew, own_database):
    done = ida.post(f"{BOTH}/labels", label="Client", paired="1", inverse="Advisor")

    page = text_of(ida.get(done.headers["location"]))
    assert "The label “Client” is made." in page and "Client ↔ Advisor" in page
    assert made(own_database, "Client").inverse == made(own_database, "Advisor").id


def test_a_single_label_takes_no_second_word(ida, crew, own_database):
    ida.post(f"{BOTH}/labels", label="Landlord", inverse="Forgotten")

    assert made(own_database, "Landlord") and made(own_database, "Forgotten") is None


def test_a_label_that_cannot_be_comes_back_with_what_was_typed(ida, crew):
    refused = ida.post(f"{BOTH}/labels", label="Billing", name="x")

    assert refused.status_code == 409
    assert "There is a label “Billing”" in text_of(refused) and 'value="Billing"' in refused.text


def test_a_tick_for_another_word_needs_that_word(ida, crew, own_database):
    ida.post(f"{BOTH}/labels", label="Client", paired="1", inverse="Advisor")
    id = made(own_database, "Client").id

    new = ida.post(f"{BOTH}/labels", label="Tenant", paired="1", inverse="")
    renamed = ida.post(f"{BOTH}/labels/{id}", label="Customer", paired="1", inverse="")

    assert (new.status_code, renamed.status_code) == (400, 400)
    assert "the other way round, too" in text_of(new)
    assert made(own_database, "Tenant") is None and made(own_database, "Advisor")


def test_a_label_is_renamed(ida, crew, own_database):
    ida.post(f"{BOTH}/labels", label="Client", paired="1", inverse="Advisor")
    id = made(own_database, "Client").id

    form = ida.get(f"{BOTH}/labels/{id}")
    done = ida.post(f"{BOTH}/labels/{id}", label="Customer", paired="1", inverse="Advisor")

    assert 'value="Client"' in form.text and 'value="Advisor"' in form.text
    assert "Customer ↔ Advisor" in text_of(ida.get(done.headers["location"]))


def test_removing_a_label_says_how_many_associations_carry_it(ida, crew, own_database):
    with own_database.transaction() as tx:
        id = associating.advisor(tx, crew)
        associating.linked(tx, crew, crew.ada, crew.havnen, [id])
        associating.linked(tx, crew, crew.bo, crew.havnen, [id])

    page = ida.get(f"{BOTH}/labels/{id}/removal")
    done = ida.post(f"{BOTH}/labels/{id}/removal")

    assert "2 associations carry it." in text_of(page)
    assert "The label “Advises” is removed." in text_of(ida.get(done.headers["location"]))
    assert "Advises" not in text_of(ida.get(f"/contacts/{crew.bo.id}"))


def test_of_a_label_that_many_carry_the_page_says_how_far_its_removal_is(ida, crew, own_database, monkeypatch):
    monkeypatch.setattr(label_removals, "AT_ONCE", 0)
    with own_database.transaction() as tx:
        id = associating.advisor(tx, crew)
        associating.linked(tx, crew, crew.ada, crew.havnen, [id])

    asked = ida.get(ida.post(f"{BOTH}/labels/{id}/removal").headers["location"])
    label_removals.work(own_database, id, lambda: None)
    done = ida.get(BOTH)

    assert "The label “Advises” is being removed." in text_of(asked)
    assert "Being removed: 0 of 1 associations so far" in text_of(asked) and "hx-trigger" in asked.text
    assert f"/labels/{id}/removal" not in asked.text
    assert "Being removed" not in done.text and f"/labels/{id}" not in done.text


def test_a_label_that_comes_with_kartotek_has_no_buttons(ida, crew):
    page = ida.get(BOTH).text

    assert "Comes with Kartotek" in page and f"/labels/{associating.BILLING}" not in page


def test_limits_are_set_for_each_way(ida, crew, own_database):
    done = ida.post(f"{BOTH}/limits", **{"most-279": "2", "most-280": "", f"most-{associating.BILLING}": "1"})
    said = text_of(ida.get(done.headers["location"]))

    within = ida.post(f"/companies/{crew.havnen.id}/associations/contacts", ids=str(crew.cleo.id))
    third = ida.post("/companies", form="/companies/new", name="Mole")
    mole = re.search(r"\d+", third.headers["location"])[0]
    beyond = ida.post(f"/contacts/{crew.ada.id}/associations/companies", ids=mole)
    assert "The limits are kept." in said and within.status_code == 303
    assert beyond.status_code == 400 and "A contact may have 2 companies at most" in text_of(beyond)


def test_limits_are_widened_and_narrowed_together(ida, crew, own_database):
    path, billing = f"{BOTH}/limits", f"most-{associating.BILLING}"
    ida.post(path, **{"most-279": "3", billing: "2"})

    wider = ida.post(path, **{"most-279": "9", billing: "8"})
    narrower = ida.post(path, **{"most-279": "4", billing: "3"})

    assert (wider.status_code, narrower.status_code) == (303, 303)


@pytest.mark.parametrize(
    ("most", "why"),
    [
        ("many", "is not a limit"),
        ("0", "Companies of one contact: the limit is a whole number from 1 to 10,000"),
        ("1", "Companies of one contact: there are 2"),
    ],
)
def test_a_limit_that_cannot_be_is_refused_with_the_reason(ida, crew, most, why):
    refused = ida.post(f"{BOTH}/limits", **{"most-279": most})

    assert refused.status_code in (400, 409)
    assert why in text_of(refused) and f'value="{most}"' in refused.text


def test_two_objects_that_are_not_associated_can_be_let(ida, crew, own_database):
    with own_database.transaction() as tx:
        hull = Property(0, "boats", "hull", "Hull", "string", "text", "information")
        object_types.define(tx, crew.ida, "boats", "Boat", "Boats", [hull], associated=["companies"])
    before = ida.get(f"/deals/{crew.deal.id}/associations/boats/new")

    ida.post(f"{HOME}/deals/boats")

    assert before.status_code == 404
    assert "An administrator can do so under Settings, Associations." in text_of(before)
    assert ida.get(f"/deals/{crew.deal.id}/associations/boats/new").status_code == 200


def test_activities_have_no_page_here(ida, crew):
    assert ida.get(f"{HOME}/contacts/calls").status_code == 404


def test_only_who_may_change_settings_comes_in(program, crew, ida, own_database):
    with own_database.transaction() as tx:
        secret = people.invite(tx, crew.ida, "mo@kartotek.example", "member")
        people.claim(tx, secret, email="mo@kartotek.example", first_name="Mo", last_name="Dahl", password=PASSWORD)
        before = association_types.names(tx)
    mo = Visitor(program)
    program.cookies.clear()
    mo.sign_in("mo@kartotek.example", PASSWORD)

    answers = [mo.get(path).status_code for path in (HOME, BOTH, f"{BOTH}/labels/new", f"{BOTH}/limits")]
    posted = mo.post(f"{BOTH}/labels", form="/contacts", label="Client")

    assert [*answers, posted.status_code] == [403] * 5
    with own_database.transaction() as tx:
        assert association_types.names(tx) == before
