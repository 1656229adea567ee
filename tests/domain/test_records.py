"""One record: made, read, found, changed, archived; each as somebody at a form does it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from kartotek import errors
from kartotek.domain import associations, catalogue, primaries, records
from kartotek.model.filters import Filter, Query
from kartotek.model.people import ROLES, Rights
from tests.cast import gather
from tests.helpers.statements import wait_for_lock


def test_a_record_is_read_with_all_its_properties(tx, cast):
    ada = records.get(tx, cast.ida, cast.ada.object_type, cast.ada.id)

    assert ada.name == "Ada Holm"
    assert ada.values.keys() == cast.ada.object_type.properties.keys()
    assert (ada.created, ada.updated, ada.archived, ada.primary) == (tx.now, tx.now, None, cast.nordlys.id)


@pytest.mark.parametrize("id", [0, -1, 10**12, 10**30])
def test_a_record_that_is_not_there_is_not_found(tx, cast, id):
    with pytest.raises(errors.NotFound, match=str(id)):
        records.get(tx, cast.ida, cast.ada.object_type, id)


def test_several_come_in_the_order_asked_for_with_what_was_asked_for(tx, cast):
    ids = [cast.cleo.id, cast.ada.id, 10**12, cast.bo.id]

    found = records.many(tx, cast.ida, cast.ada.object_type, ids, ["firstname"])

    assert [one.values for one in found] == [{"firstname": "Cleo"}, {"firstname": "Ada"}, {"firstname": "Bo"}]


def test_ids_are_unique_across_types(tx, cast):
    everybody = [cast.nordlys, cast.havnen, cast.ada, cast.bo, cast.cleo, cast.deal]

    assert len({one.id for one in everybody}) == 6


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"email": "no address"}, "“no address” is not an email address. It looks like name@example.com."),
        (
            {"firstname": "Ad", "lifecyclestage": "colleague"},
            "“colleague” is not one of the options of Lifecycle Stage. Choose one of them.",
        ),
        (
            {"firstname": "Ad", "hubspot_owner_id": "nobody"},
            "“nobody” is nobody here. Choose one of the people of this Kartotek.",
        ),
        (
            {"email": "ADA@nordlys.example"},
            "“ada@nordlys.example” already belongs to another record. Open that one, or use another value.",
        ),
        ({"jobtitle": "Captain"}, "At least one of First Name, Last Name, Email is needed: fill one in."),
        ({"firstname": "x" * 65_537}, "First Name holds at most 65,536 characters."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_made(tx, cast, texts, said):
    before = tx.value("SELECT count(*) FROM crm.contacts")

    with pytest.raises(errors.Invalid) as refusal:
        records.create(tx, cast.ida, cast.ada.object_type, texts)

    assert refusal.value.sentence == said
    assert tx.value("SELECT count(*) FROM crm.contacts") == before


def test_an_update_that_cannot_be_says_so(tx, cast):
    contacts = cast.ada.object_type

    with pytest.raises(errors.Invalid, match="is needed"):
        records.update(tx, cast.ida, contacts, cast.cleo.id, {"firstname": "", "lastname": "", "email": ""})
    with pytest.raises(errors.Invalid, match="already belongs to another record"):
        records.update(tx, cast.ida, contacts, cast.cleo.id, {"email": "ada@nordlys.example"})
    with pytest.raises(errors.UnknownName, match="Did you mean “firstname”"):
        records.update(tx, cast.ida, contacts, cast.cleo.id, {"firstnam": "C"})
    with pytest.raises(errors.NotFound):
        records.update(tx, cast.ida, contacts, 10**12, {"firstname": "C"})


def test_a_domain_belongs_to_one_company_where_people_type_it(tx, cast):
    with pytest.raises(errors.Invalid, match="already belongs to another record"):
        records.create(tx, cast.ida, cast.nordlys.object_type, {"domain": "https://www.Nordlys.example/about"})


def test_a_record_is_made_with_its_associations_or_not_at_all(tx, cast):
    contacts, companies = cast.ada.object_type, cast.nordlys.object_type
    both = [(companies, cast.havnen.id), (companies, cast.nordlys.id), (cast.deal.object_type, cast.deal.id)]

    made = records.create(tx, cast.ida, contacts, {"firstname": "Dan"}, both)

    assert made.primary == cast.havnen.id
    assert [one.record.id for one in associations.of(tx, cast.ida, made, cast.deal.object_type)] == [cast.deal.id]
    with pytest.raises(errors.Conflict, match="nothing was created"):
        records.create(tx, cast.ida, contacts, {"firstname": "Eva"}, [(companies, 10**12)])


def test_an_empty_text_empties_the_property(tx, cast):
    updated = records.update(tx, cast.ida, cast.ada.object_type, cast.ada.id, {"lastname": "  "})

    assert updated.values["lastname"] is None
    assert updated.name == "Ada"


def test_an_archived_record_frees_its_addresses_and_can_still_be_looked_at(tx, cast):
    contacts = cast.ada.object_type
    records.update(tx, cast.ida, contacts, cast.ada.id, {"hs_additional_emails": "ada@home.example"})

    gone = records.archive(tx, cast.ida, contacts, [cast.ada.id])

    ada = records.get(tx, cast.ida, contacts, cast.ada.id)
    assert (gone, ada.archived, ada.values["email"]) == (1, tx.now, "ada@nordlys.example")
    for address in ("ada@nordlys.example", "ada@home.example"):
        records.create(tx, cast.ida, contacts, {"email": address})


def test_archiving_twice_is_archiving_once(tx, cast):
    contacts = cast.ada.object_type
    records.archive(tx, cast.ida, contacts, [cast.ada.id])
    other = records.create(tx, cast.ida, contacts, {"email": "ada@nordlys.example"})

    again = records.archive(tx, cast.ida, contacts, [cast.ada.id, 10**12])

    assert again == 0
    with pytest.raises(errors.Invalid):
        records.update(tx, cast.ida, contacts, cast.cleo.id, {"email": "ada@nordlys.example"})
    assert other.archived is None


def test_an_archived_record_cannot_be_changed(tx, cast):
    records.archive(tx, cast.ida, cast.ada.object_type, [cast.ada.id])

    with pytest.raises(errors.NotFound, match="not there any more"):
        records.update(tx, cast.ida, cast.ada.object_type, cast.ada.id, {"firstname": "Adda"})


def test_filters_read_what_people_type(tx, cast):
    deals = cast.deal.object_type

    def found(*filters):
        page = records.find(tx, cast.ida, deals, Query(filters=(filters,)), ["amount"])
        return [one.id for one in page.records]

    assert found(Filter("dealstage", "EQ", ("Appointment Scheduled",))) == [cast.deal.id]
    assert found(Filter("amount", "GT", ("1250",))) == [cast.deal.id]
    assert found(Filter("amount", "BETWEEN", ("1", "1250"))) == []
    with pytest.raises(errors.Invalid, match="is not a number"):
        found(Filter("amount", "GT", ("plenty",)))


def test_a_page_names_its_records_and_tells_how_many_there_are(tx, cast):
    page = records.find(tx, cast.ida, cast.ada.object_type, Query(limit=2), [])

    assert [one.name for one in page.records] == ["Cleo", "Bo Ågård"]
    assert (page.total, page.exact) == (3, True)


def test_who_may_only_look_changes_nothing(tx, cast):
    viewer, contacts = replace(cast.ida, rights=ROLES["viewer"]), cast.ada.object_type

    for deed in (
        lambda: records.update(tx, viewer, contacts, cast.ada.id, {"firstname": "Adda"}),
        lambda: records.create(tx, viewer, contacts, {"firstname": "Adda"}),
        lambda: records.archive(tx, viewer, contacts, [cast.ada.id]),
        lambda: associations.link(tx, viewer, contacts, cast.cleo.id, cast.nordlys.object_type, [cast.nordlys.id]),
        lambda: associations.unlink(tx, viewer, contacts, cast.ada.id, cast.nordlys.object_type, cast.nordlys.id),
        lambda: primaries.choose(tx, viewer, contacts, cast.ada.id, cast.havnen.id),
        lambda: primaries.remove(tx, viewer, contacts, cast.ada.id, cast.havnen.id),
    ):
        with pytest.raises(errors.NotAllowed):
            deed()


def test_rights_that_reach_ones_own_records_reach_no_others(tx, cast):
    contacts = cast.ada.object_type
    own = replace(cast.ida, rights=Rights({"*": "own"}, {"*": "own"}, {"*": "own"}))
    records.update(tx, cast.ida, contacts, cast.bo.id, {"hubspot_owner_id": "ida@kartotek.example"})

    records.update(tx, own, contacts, cast.bo.id, {"firstname": "Boe"})

    assert [one.id for one in records.find(tx, own, contacts, Query(), []).records] == [cast.bo.id]
    with pytest.raises(errors.NotFound):
        records.get(tx, own, contacts, cast.ada.id)
    with pytest.raises(errors.NotFound):
        records.update(tx, own, contacts, cast.ada.id, {"firstname": "Adda"})
    with pytest.raises(errors.NotFound):
        records.archive(tx, own, contacts, [cast.ada.id, cast.bo.id])
    with pytest.raises(errors.NotFound):
        primaries.choose(tx, own, contacts, cast.ada.id, cast.havnen.id)


def test_what_one_may_see_and_not_change_is_refused_with_the_reason(tx, cast):
    contacts = cast.ada.object_type
    own = replace(cast.ida, rights=Rights({"*": "all"}, {"*": "own"}, {"*": "own"}))

    with pytest.raises(errors.NotAllowed, match="their own contacts"):
        records.update(tx, own, contacts, cast.ada.id, {"firstname": "Adda"})
    with pytest.raises(errors.NotAllowed, match="their own contacts"):
        primaries.choose(tx, own, contacts, cast.ada.id, cast.havnen.id)


def test_two_who_type_the_same_domain_at_once_make_one_company(own_database):
    with own_database.transaction() as tx:
        cast = gather(tx)

    def create(tx):
        return records.create(tx, cast.ida, cast.nordlys.object_type, {"name": "Quay", "domain": "quay.example"})

    with ThreadPoolExecutor(1) as other:
        with own_database.transaction() as tx:
            create(tx)
            second = other.submit(own_database.retried, create)
            wait_for_lock(tx)

        with pytest.raises(errors.Invalid, match="already belongs to another record"):
            second.result()


def test_a_meeting_does_not_end_before_it_begins_whichever_of_the_two_is_written(tx, cast):
    meetings = catalogue.load(tx).object_type("meetings")
    starts, ends = "hs_meeting_start_time", "hs_meeting_end_time"
    hours = {starts: "2026-12-01T10:00:00Z", ends: "2026-12-01T11:00:00Z"}
    made = records.create(tx, cast.ida, meetings, {"hs_meeting_title": "Quay", "hs_timestamp": "2026-12-01", **hours})

    for texts in ({ends: "2026-12-01T09:00:00Z"}, {starts: "2026-12-01T12:00:00Z"}, {ends: "2026-11-30"}):
        with pytest.raises(errors.Unfit, match="is before the beginning"):
            records.update(tx, cast.ida, meetings, made.id, texts)
    with pytest.raises(errors.Unfit, match="is before the beginning"):
        turned = {starts: hours[ends], ends: hours[starts]}
        records.create(tx, cast.ida, meetings, {"hs_meeting_title": "Quay", "hs_timestamp": "2026-12-01", **turned})
    moved = records.update(tx, cast.ida, meetings, made.id, {starts: "2026-12-02T10:00", ends: "2026-12-02T10:00"})

    assert moved.values[starts] == moved.values[ends] == "2026-12-02T10:00:00.000Z"
