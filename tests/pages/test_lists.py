"""Lists on the pages: made by hand or from an import, renamed, deleted; members put on and taken off."""

import pytest

from kartotek.domain import lists, people
from tests import cast
from tests.helpers import importing
from tests.helpers.visitor import Visitor, text_of

ROWS = "Email,First name\nastrid@x.example,Astrid\nada@nordlys.example,Ada Maria\nbo@havnen.example,Bo\n"


def make(visitor, name="Guests"):
    """A list of contacts; gives its address."""
    return visitor.post("/lists", form="/lists/new", name=name, object="contacts").headers["location"]


def members(visitor, path):
    return text_of(visitor.get(visitor.get(path).headers["location"]))


def test_a_list_is_made_and_found(ida):
    path = make(ida)

    assert "Guests Contacts 0 Ida Lund" in text_of(ida.get("/lists"))
    assert "On the list Guests" in members(ida, path)
    assert "Guests" in text_of(ida.get("/lists?q=GUE")) and "No list is called so" in text_of(ida.get("/lists?q=xyz"))


def test_a_name_belongs_to_one_list(ida):
    make(ida)

    answer = ida.post("/lists", form="/lists/new", name="GUESTS ", object="companies")

    assert answer.status_code == 400
    assert "There is a list called “GUESTS” already" in text_of(answer)


def test_ticked_records_are_put_on_a_list_and_taken_off(ida, crew):
    path = make(ida)
    both = [str(crew.ada.id), str(crew.bo.id)]
    id = path.rpartition("/")[2]

    ida.post("/contacts/memberships", form=f"/contacts/memberships/new?ids={both[0]}", ids=both, list=id)
    put_on = members(ida, path)
    panel = text_of(ida.get(f"{path}/removals/new?ids={crew.ada.id}"))
    ida.post(f"{path}/removals", form=f"{path}/removals/new?ids={crew.ada.id}", ids=both[0])
    taken_off = members(ida, path)

    assert "Ada Holm" in put_on and "Bo Ågård" in put_on and "Cleo" not in put_on
    assert "Take 1 contact off “Guests”?" in panel and "They stay in Kartotek" in panel
    assert "Ada Holm" not in taken_off and "Bo Ågård" in taken_off


def test_a_list_can_be_made_with_its_first_members(ida, crew):
    answer = ida.post(
        "/contacts/memberships", form=f"/contacts/memberships/new?ids={crew.cleo.id}", ids=str(crew.cleo.id), name="VIP"
    )

    assert "Cleo" in members(ida, answer.headers["location"])


def test_neither_list_nor_name_asks_for_one(ida, crew):
    make(ida)

    answer = ida.post(
        "/contacts/memberships", form=f"/contacts/memberships/new?ids={crew.cleo.id}", ids=str(crew.cleo.id)
    )

    assert answer.status_code == 400
    assert "Choose a list, or name a new one" in text_of(answer)


def test_companies_do_not_go_on_a_list_of_contacts(ida, crew):
    id = make(ida).rpartition("/")[2]
    form = f"/companies/memberships/new?ids={crew.havnen.id}"

    answer = ida.post("/companies/memberships", form=form, ids=str(crew.havnen.id), list=id)

    assert answer.status_code == 400
    assert "records of another kind" in text_of(answer)


def test_a_list_is_renamed(ida):
    path = make(ida)

    ida.post(path, form=f"{path}/edit", name="Speakers")

    assert "On the list Speakers" in members(ida, path)


def test_a_deleted_list_leaves_its_records(ida, crew):
    path = make(ida)
    form = f"/contacts/memberships/new?ids={crew.ada.id}"
    ida.post("/contacts/memberships", form=form, ids=str(crew.ada.id), list=path.rpartition("/")[2])

    asked = text_of(ida.get(f"{path}/deletion"))
    ida.post(f"{path}/deletion", form=f"{path}/deletion")

    assert "Its 1 contacts stay in Kartotek" in asked
    assert ida.get(path).status_code == 404
    assert "Ada Holm" in text_of(ida.get("/contacts")) and "No lists yet" in text_of(ida.get("/lists"))


@pytest.mark.parametrize(
    ("which", "names"),
    [("written", {"Astrid", "Ada Maria"}), ("created", {"Astrid"}), ("all", {"Astrid", "Ada Maria", "Bo Ågård"})],
)
def test_a_former_import_becomes_a_list(ida, own_database, settings, crew, which, names):
    ended = importing.import_file(own_database, settings, ROWS, "contacts", actor=crew.ida, name="fair.csv")
    form = f"/imports/{ended.id}/lists/new"

    panel = text_of(ida.get(form))
    path = ida.post(f"/imports/{ended.id}/lists", form=form, name="Fair", object="contacts", which=which).headers[
        "location"
    ]

    found = members(ida, path)
    assert "A list of the records of “fair.csv”" in panel and "1 created, 1 updated" in panel
    assert {name for name in ("Astrid", "Ada Maria", "Bo Ågård", "Cleo") if name in found} == names
    assert f"Fair Contacts {len(names)} Ida Lund Import {ended.id}" in text_of(ida.get("/lists"))


def test_an_import_without_records_makes_no_list(ida, own_database, settings, crew):
    ended = importing.import_file(own_database, settings, "Email\nnobody\n", "contacts", actor=crew.ida)

    answer = ida.get(f"/imports/{ended.id}/lists/new")

    assert answer.status_code == 400
    assert "no records that could go on a list" in text_of(answer)


def test_archived_records_leave_the_count(ida, own_database, crew):
    path = make(ida)
    form = f"/contacts/memberships/new?ids={crew.ada.id}"
    ida.post("/contacts/memberships", form=form, ids=[str(crew.ada.id), str(crew.bo.id)], list=path.rpartition("/")[2])

    ida.post("/contacts/archivals", form=f"/contacts/archivals/new?ids={crew.ada.id}", ids=str(crew.ada.id))

    assert "Guests Contacts 1" in text_of(ida.get("/lists"))
    assert "Ada Holm" not in members(ida, path)


def test_who_may_only_look_makes_and_changes_no_lists(program, own_database, crew):
    with own_database.transaction() as tx:
        path = f"/lists/{lists.create(tx, crew.ida, crew.known.object_type('contacts'), 'Guests')}"
        link = people.invite(tx, crew.ida, "vera@kartotek.example", "viewer")
        people.claim(tx, link, email="vera@kartotek.example", first_name="Vera", last_name="K", password=cast.PASSWORD)
    vera = Visitor(program)
    vera.sign_in("vera@kartotek.example", cast.PASSWORD)

    answers = [
        vera.post("/lists", name="Mine", object="contacts"),
        vera.post(path, name="Mine"),
        vera.post(f"{path}/deletion"),
        vera.post(f"{path}/removals", ids=str(crew.ada.id)),
        vera.post("/contacts/memberships", ids=str(crew.ada.id), list=path.rpartition("/")[2]),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert "Guests" in text_of(vera.get("/lists"))
    with own_database.transaction() as tx:
        assert lists.find(tx, crew.ida)[1] == 1
