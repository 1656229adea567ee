"""What somebody finds who may look at little, or at nothing: no link of the frame leads to a closed door."""

import re

import pytest

from kartotek.domain import associations, people, records
from kartotek.model.people import Rights
from tests.helpers import colleagues
from tests.helpers.visitor import Visitor, text_of


@pytest.fixture
def signed_in(program, crew, own_database):
    """Somebody with these rights, as a visitor."""

    def arrive(rights):
        with own_database.transaction() as tx:
            sam = colleagues.with_rights(tx, crew.ida, "Sam", rights)
        visitor = Visitor(program)
        visitor.sign_in(sam.email, colleagues.PASSWORD)
        return visitor, people.actor_of(sam)

    return arrive


def test_who_sees_contacts_and_no_companies_can_work_with_contacts(signed_in):
    sam, _ = signed_in(Rights({"contacts": "all"}))

    index = sam.get("/contacts")

    assert index.status_code == 200 and "Ada Holm" in text_of(index)
    assert "@primary" not in re.findall(r'data-column="([^"]+)"', index.text)
    assert "Company (primary)" not in sam.get("/contacts/columns").text
    assert "Company (primary)" not in sam.get("/contacts/filters?where=any").text


def test_the_frame_offers_only_what_somebody_may(signed_in):
    sam, _ = signed_in(Rights({"companies": "all", "notes": "all"}, {"companies": "own"}))

    front = sam.get("/")
    page = sam.get(front.headers["location"])

    bar = page.text[page.text.index('<nav class="k-bar"') : page.text.index("</nav>")]
    assert front.headers["location"] == "/companies" and page.status_code == 200
    assert set(re.findall(r'<a [^>]*href="(/[a-z_]*)', bar)) == {"/", "/companies", "/notes", "/lists", "/settings"}
    assert set(re.findall(r'href="(/[a-z_]+/new)"', page.text)) == {"/companies/new"}


def test_who_may_look_at_nothing_is_told_so_and_can_sign_out(signed_in):
    sam, _ = signed_in(Rights())

    front = sam.get("/")

    assert front.status_code == 200
    assert "You may not look at any records" in text_of(front) and "Sign out" in text_of(front)


def test_a_primary_company_that_is_hidden_can_be_replaced_without_being_named(signed_in, crew, own_database):
    sam, acting = signed_in(Rights({"*": "own+unassigned"}, {"*": "own+unassigned"}))
    with own_database.transaction() as tx:
        mine = records.create(tx, acting, crew.havnen.object_type, {"name": "Molen"})
        owner = {"hubspot_owner_id": str(crew.ida.person)}
        records.update(tx, crew.ida, crew.nordlys.object_type, crew.nordlys.id, owner)
    panel = f"/contacts/{crew.ada.id}/associations/companies"

    step = text_of(sam.get(f"{panel}/new?step=primary&ids={mine.id}"))
    sam.post(
        panel, form=f"/contacts/{crew.ada.id}", ids=str(mine.id), primary=str(mine.id), replace=str(crew.nordlys.id)
    )

    assert "Another company is primary now" in step and "Nordlys" not in step
    with own_database.transaction() as tx:
        ada = records.get(tx, crew.ida, crew.ada.object_type, crew.ada.id)
        linked = associations.of(tx, crew.ida, ada, crew.havnen.object_type)
    assert ada.primary == mine.id and crew.nordlys.id in {one.record.id for one in linked}
