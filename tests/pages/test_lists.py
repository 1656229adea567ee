"""Lists on the pages: made by hand or from an import, renamed, deleted; members put on and taken off."""

import re

import pytest

from kartotek.domain import lists, people
from tests import cast
from tests.helpers import importing
from tests.helpers.visitor import Visitor, text_of

ADAS = {"of-0": "", "property-0": "firstname", "operator-0": "EQ", "value-0": "Ada"}
ROWS = "Email,First name\nastrid@x.example,Astrid\nada@nordlys.example,Ada Maria\nbo@havnen.example,Bo\n"


def make(visitor, name="Guests"):
    """A list of contacts; gives its address."""
    return visitor.post("/lists", form="/lists/new", name=name, object="contacts", do="apply").headers["location"]


def make_active(visitor, name="Adas", **conditions):
    form = {**ADAS, **conditions, "name": name, "object": "contacts", "kind": "active"}
    return visitor.post("/lists", form="/lists/new", do="apply", **form).headers["location"]


def members(visitor, path):
    return text_of(visitor.get(visitor.get(path).headers["location"]))


def test_a_list_is_made_and_found(ida):
    path = make(ida)

    assert "Guests Static Contacts 0" in text_of(ida.get("/lists"))
    assert "Lists Guests Static" in members(ida, path)
    assert "Guests" in text_of(ida.get("/lists?q=GUE")) and "Nothing fits" in text_of(ida.get("/lists?q=xyz"))


def test_a_name_belongs_to_one_list(ida):
    make(ida)

    answer = ida.post("/lists", form="/lists/new", name="GUESTS ", object="companies", do="apply")

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

    assert "Lists Speakers Static" in members(ida, path)


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
    assert f"Fair Static Contacts {len(names)} " in text_of(ida.get("/lists"))


def test_the_list_of_an_import_is_proposed_for_what_it_changed(ida, own_database, settings, crew):
    importing.import_file(own_database, settings, "Email\nnew@x.example\n", "contacts", actor=crew.ida)
    rows = "Email,Company name\nnew@x.example,Quay\n"
    ended = importing.import_file(own_database, settings, rows, "contacts", "companies", actor=crew.ida)

    panel = ida.get(f"/imports/{ended.id}/lists/new").text

    assert re.search(r'name="object" value="companies" checked', panel)
    assert not re.search(r'name="object" value="contacts" checked', panel)


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

    assert "Guests Static Contacts 1" in text_of(ida.get("/lists"))
    assert "Ada Holm" not in members(ida, path)


def test_who_may_only_look_makes_and_changes_no_lists(program, own_database, crew):
    with own_database.transaction() as tx:
        path = f"/lists/{lists.create(tx, crew.ida, crew.known.object_type('contacts'), 'Guests')}"
        link = people.invite(tx, crew.ida, "vera@kartotek.example", "viewer")
        people.claim(tx, link, email="vera@kartotek.example", first_name="Vera", last_name="K", password=cast.PASSWORD)
    vera = Visitor(program)
    vera.sign_in("vera@kartotek.example", cast.PASSWORD)

    answers = [
        vera.post("/lists", name="Mine", object="contacts", do="apply"),
        vera.post(path, name="Mine"),
        vera.post(f"{path}/deletion"),
        vera.post(f"{path}/filters", **ADAS, do="apply"),
        vera.post(f"{path}/fixing"),
        vera.post(f"{path}/copies", name="Mine"),
        vera.post(f"{path}/restoration"),
        vera.post(f"{path}/removals", ids=str(crew.ada.id)),
        vera.post("/contacts/memberships", ids=str(crew.ada.id), list=path.rpartition("/")[2]),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 403, 403, 403, 404, 403, 403]
    assert "Guests" in text_of(vera.get("/lists"))
    with own_database.transaction() as tx:
        assert lists.find(tx, crew.ida)[1] == 1


def test_ticked_records_are_only_offered_static_lists(ida, crew):
    make(ida)
    path = make_active(ida)

    offered = ida.get(f"/contacts/memberships/new?ids={crew.ada.id}")
    bar = ida.get(ida.get(path).headers["location"])

    assert ">Guests</option>" in offered.text and ">Adas</option>" not in offered.text
    assert "Take off the list" not in bar.text


def test_lists_are_found_by_kind_and_object(ida, crew):
    make(ida)
    members(ida, make_active(ida))

    assert "Adas" not in (static := text_of(ida.get("/lists?kind=static"))) and "Guests" in static
    assert "Guests" not in (active := text_of(ida.get("/lists?kind=active&object=contacts"))) and "Adas" in active
    assert "Nothing fits" in text_of(ida.get("/lists?object=deals"))


def test_a_list_that_cannot_be_read_any_more_says_why(ida, crew, own_database):
    guests = make(ida)
    path = make_active(ida, **{"property-0": "list()", "operator-0": "ON", "value-0": guests.rpartition("/")[2]})
    ida.post(f"{guests}/deletion", form=f"{guests}/deletion")

    index, about = ida.get("/lists"), text_of(ida.get(f"{path}/about"))
    page = ida.get(ida.get(path).headers["location"])

    assert "Adas Active Contacts unknown" in text_of(index) and "is deleted. Take the condition away" in index.text
    assert "is deleted" in about and "List membership is “Guests”" in about
    assert page.status_code == 400 and "is deleted" in text_of(page)


# ---------------------------------------------------------------- of a record; uses; deleted


def test_a_record_shows_its_lists_is_put_on_one_and_taken_off(ida, crew):
    guests = make(ida).rpartition("/")[2]
    make_active(ida)
    panel = f"/contacts/{crew.ada.id}/memberships"

    before = text_of(ida.get(panel))
    added = ida.post(panel, form=panel, list=guests)
    on = ida.get(panel)
    removed = ida.post(f"{panel}/{guests}/removal", form=panel)
    refused = ida.post(panel, form=panel, list="999")

    assert f'href="{panel}"' in ida.get(f"/contacts/{crew.ada.id}").text
    assert "Adas Active" in before and "On no list" in text_of(ida.get(f"/contacts/{crew.bo.id}/memberships"))
    assert added.headers["location"] == removed.headers["location"] == f"/contacts/{crew.ada.id}"
    assert "Take off “Guests”" in on.text and "Take off “Adas”" not in on.text
    assert "Take off “Guests”" not in ida.get(panel).text
    assert refused.status_code == 400 and "Choose a list, or name a new one" in text_of(refused)


def test_a_list_says_what_uses_it_and_so_does_its_deletion(ida, crew):
    guests = make(ida)
    id = guests.rpartition("/")[2]
    make_active(ida, **{"property-0": "list()", "operator-0": "ON", "value-0": id})
    ida.post(f"/contacts/views?where=no+list({id})", name="Others", everyone="1")

    about, deletion = text_of(ida.get(f"{guests}/about")), text_of(ida.get(f"{guests}/deletion"))

    for said in (about, deletion):
        assert "View “Others”" in said and "List “Adas”" in said
    assert "In no view, list or recipe" in text_of(ida.get(f"{make(ida, 'Unused')}/about"))


def test_the_settings_of_a_property_name_the_lists_that_ask_for_it(ida, crew):
    make_active(ida)

    assert "List “Adas”" in text_of(ida.get("/settings/properties/contacts/firstname"))
    assert "In no view, list, recipe or import" in text_of(ida.get("/settings/properties/contacts/city"))


def test_a_deleted_list_is_restored_from_the_toast_or_its_page(ida, crew):
    path = make(ida)
    ida.post(f"{path}/deletion", form=f"{path}/deletion")
    toast = ida.get("/lists")
    page = text_of(ida.get("/lists/deleted"))

    ida.post(f"{path}/restoration", form="/lists/deleted")

    assert f'action="{path}/restoration"' in toast.text and "Guests Static Contacts" in page
    assert "Guests Static Contacts 0" in text_of(ida.get("/lists"))
    assert "No deleted lists" in text_of(ida.get("/lists/deleted"))
