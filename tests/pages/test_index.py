"""Index pages: filters and association columns, as they are written without scripts."""

import re
from dataclasses import replace

import pytest

from kartotek.domain import catalogue, lists, object_types, people, records
from kartotek.model.properties import Property
from tests import cast
from tests.helpers.visitor import text_of

IN_RIBE = "where=@companies(city.is(Ribe))"


@pytest.fixture
def in_ribe(crew, own_database):
    with own_database.transaction() as tx:
        records.update(tx, crew.ida, crew.havnen.object_type, crew.havnen.id, {"city": "Ribe"})


def names(answer):
    """Who stands in the table, in order."""
    return re.findall(
        r'<span class="k-name" title="([^"]+)"', answer.text.partition("<tbody>")[2].partition("</tbody>")[0]
    )


def body(answer):
    return answer.text.split("<main")[1].split("</main")[0]


# ---------------------------------------------------------------- filters


def test_filters_stand_in_the_address_and_in_words_above_the_table(ida, crew, in_ribe):
    page = ida.get(f"/contacts?{IN_RIBE} or firstname.is(cleo)&sort=firstname")

    assert names(page) == ["Ada Holm", "Bo Ågård", "Cleo"]
    assert "There are associated companies of which City is Ribe" in text_of(page)
    assert names(ida.get("/contacts?where=firstname.is(cleo)")) == ["Cleo"]
    assert 'href="/contacts?where=firstname.is(cleo)&amp;sort=firstname"' in page.text


def test_the_builder_asks_for_what_a_property_is(ida, crew):
    one = ida.post("/contacts/filters", **{"of-0": "", "property-0": "lifecyclestage", "changed": "property-0"})
    when = ida.post("/contacts/filters", **{"of-0": "", "property-0": "createdate", "operator-0": "PERIOD"})
    linked = ida.post("/contacts/filters", **{"of-0": "@companies", "property-0": "name"})

    assert "is none of" in one.text and '<option value="customer"' in one.text and "starts with" not in one.text
    assert "is in the last … days" in when.text and "this quarter" in when.text and "is before" in when.text
    assert "Company name" in linked.text and "there is none" in linked.text and "+ of the same one" in linked.text


def test_the_builder_leads_to_the_address_of_its_filters(ida, crew, in_ribe):
    form = {
        "of-0": "@companies", "has-0": "yes", "property-0": "city", "operator-0": "EQ", "value-0": "Ribe",
        "of-1": "=", "property-1": "name", "operator-1": "IN", "value-1": "Havnen ApS\r\nNordlys, Vest",
        "of-2": "", "joined-2": "or", "property-2": "firstname", "operator-2": "STARTS_WITH", "value-2": "cl",
    }  # fmt: skip

    drawn = ida.post("/contacts/filters?sort=firstname", **form)
    done = ida.post("/contacts/filters?sort=firstname", **form, do="apply")
    page = ida.get(done.headers["location"])

    assert (
        "Contacts where there are associated companies of which City is Ribe and Company name is any of "
        "Havnen ApS or Nordlys, Vest, or where First Name starts with “cl”."
    ) in text_of(drawn)
    assert names(page) == ["Ada Holm", "Bo Ågård", "Cleo"]
    assert text_of(ida.get(done.headers["location"].replace("/contacts?", "/contacts/filters?"))).count("Ribe") >= 1


def test_members_of_a_list_are_filtered_by_in_the_builder_and_in_a_view(ida, crew, own_database):
    with own_database.transaction() as tx:
        fair = lists.create(tx, crew.ida, crew.ada.object_type, "Fair")
        lists.add(tx, crew.ida, fair, [crew.ada.id])
        firms = lists.create(tx, crew.ida, crew.nordlys.object_type, "Firms")
        lists.add(tx, crew.ida, firms, [crew.havnen.id])
    form = {
        "of-0": "", "property-0": "list()", "operator-0": "NOT_ON", "value-0": str(fair),
        "of-1": "@companies", "property-1": "list()", "operator-1": "ON", "value-1": str(firms),
    }  # fmt: skip

    drawn = ida.post("/contacts/filters", **form)
    done = ida.post("/contacts/filters", **form, do="apply").headers["location"]
    view = ida.post(f"/contacts/views?{done.partition('?')[2]}", name="Elsewhere", everyone="0").headers["location"]
    page = ida.get(done)

    said = "List membership is not “Fair” and there are associated companies of which List membership is “Firms”"
    assert f"Contacts where {said}." in text_of(drawn) and "is not a member of" in text_of(drawn)
    assert re.findall(r'value="(\d+)" selected>(\w+)<', drawn.text) == [(str(fair), "Fair"), (str(firms), "Firms")]
    assert done == f"/contacts?where=no+list({fair})+and+@companies(list({firms}))"
    assert names(page) == names(ida.get(view)) == ["Bo Ågård"]


@pytest.mark.parametrize("value", ["Ribe", "9" * 25])
def test_a_line_that_becomes_one_of_lists_forgets_what_was_asked_of_its_property(ida, crew, value):
    form = {"of-0": "", "property-0": "list()", "operator-0": "EQ", "value-0": value, "changed": "property-0"}

    drawn = ida.post("/contacts/filters", **form)

    assert drawn.status_code == 200 and "is not a member of" in text_of(drawn) and value not in drawn.text


def test_conditions_are_added_and_removed_without_scripts(ida, crew):
    form = {"of-0": "", "property-0": "city", "operator-0": "EQ", "value-0": "Ribe"}

    more = ida.post("/contacts/filters", **form, do="or")
    fewer = ida.post("/contacts/filters", **form, do="remove-0")
    same = ida.post("/contacts/filters", **{**form, "of-0": "@companies"}, do="same-0")

    assert 'name="of-1"' in more.text and 'name="joined-1" value="or"' in more.text
    assert 'value="Ribe"' not in fewer.text and 'name="of-0"' in fewer.text
    assert 'name="of-1" value="="' in same.text


def test_a_wrong_value_comes_back_with_a_sentence_and_what_was_typed(ida, crew):
    again = ida.post(
        "/contacts/filters",
        do="apply",
        **{"of-0": "", "property-0": "closedate", "operator-0": "LT", "value-0": "soon"},
    )

    assert again.status_code == 400
    assert "“soon” is not a date" in text_of(again) and 'value="soon"' in again.text


def test_a_range_may_be_given_from_its_upper_end(ida, crew, own_database):
    with own_database.transaction() as tx:
        records.update(tx, crew.ida, crew.deal.object_type, crew.deal.id, {"amount": "90", "closedate": "2026-05-04"})

    asked = ("amount.between(400,0)", "closedate.between(2026-12-31,2026-01-01)", "amount.between(1000,400)")
    found = [names(ida.get(f"/deals?where={one}")) for one in asked]

    assert found == [[crew.deal.name], [crew.deal.name], []]


def test_one_day_is_said_as_one(ida, crew):
    assert "Create Date is in the last day" in text_of(ida.get("/contacts?where=createdate.last_days(1)"))
    assert "Create Date is in the last 2 days" in text_of(ida.get("/contacts?where=createdate.last_days(2)"))


def test_an_address_that_makes_no_sense_says_so_and_offers_ways_on(ida, crew):
    for where in ("citty.is(Ribe)", "city.was(Ribe)", "closedate.less_than(soon)"):
        page = ida.get(f"/contacts?where={where}")

        assert page.status_code == 400
        assert "Show all contacts" in text_of(page) and "Edit the filters" in text_of(page)


def test_filters_are_said_in_danish(ida, crew, in_ribe):
    ida.post("/preferences", language="da", back="/contacts")

    page = ida.get(f"/contacts/filters?{IN_RIBE} and lastname.unknown or firstname.any_of(Ada,Bo)")

    assert (
        "Kontakter, hvor der er tilknyttede virksomheder, hvor By er Ribe og Efternavn er tom, "
        "eller hvor Fornavn er Ada eller Bo."
    ) in text_of(page)


# ---------------------------------------------------------------- columns


def test_every_relation_can_be_a_column_of_every_object(ida, crew, own_database):
    with own_database.transaction() as tx:
        label = Property(0, "boats", "name", "Name", "string", "text", "boats", required=True, tier="custom")
        object_types.define(tx, crew.ida, "boats", "Boat", "Boats", [label])
    objects = {
        "contacts": ("Contact → Companies", "Contact → Company (primary)", "Contact → Deals"),
        "companies": ("Company → Contacts", "Company → Companies"),
        "deals": ("Deal → Companies", "Deal → Company (primary)", "Deal → Contacts"),
        "tickets": ("Ticket → Companies", "Ticket → Contacts"),
        "boats": ("Boat → Contacts", "Boat → Companies"),
    }

    for name, relations in objects.items():
        dialog = text_of(ida.get(f"/{name}/columns"))

        assert [one for one in relations if one not in dialog] == []


def test_applied_columns_are_put_into_the_table_in_their_order_and_kept(ida, crew):
    done = ida.post(
        "/contacts/columns", columns=["city", "@companies", "@primary"], order=["@primary", "city"], frozen="1"
    )
    page = ida.get(done.headers["location"])

    assert re.findall(r'data-column="([^"]+)"', page.text) == ["@primary", "city", "@companies"]
    assert 'class=" k-frozen"' in page.text and "frozen=1" in page.text
    assert re.findall(r'data-column="([^"]+)"', ida.get("/contacts").text) == ["@primary", "city", "@companies"]


def test_a_width_is_kept_and_said_by_a_style_sheet(ida, crew):
    ida.post("/contacts/widths", column="email", size="240")
    page = ida.get("/contacts?columns=city,email")
    sheet = ida.get("/widths.css?sizes=0,0,240&frozen=0")
    wrong = ida.post("/contacts/widths", column="email", size="5")

    assert "/widths.css?sizes=0,0,240&amp;frozen=0" in page.text
    assert sheet.headers["content-type"].startswith("text/css")
    assert ":nth-child(4) { width: 240px" in sheet.text
    assert wrong.status_code == 400


def test_counts_pop_up_and_opened_view_agree(ida, crew, own_database):
    with own_database.transaction() as tx:
        contacts = crew.ada.object_type
        for name in ("Dan", "Eva", "Finn"):
            records.create(tx, crew.ida, contacts, {"firstname": name}, [(crew.havnen.object_type, crew.havnen.id)])
        records.archive(tx, crew.ida, contacts, [crew.bo.id])

    table = ida.get("/companies?columns=@contacts,@deals&sort=name")
    popup = ida.get(f"/companies/{crew.havnen.id}/associated/contacts")
    opened = ida.get(re.search(r'href="(/contacts\?with=\d+)"', popup.text)[1])

    assert "4 contacts" in text_of(table)
    assert "Havnen ApS: 4 contacts" in text_of(popup)
    assert len(re.findall(r'class="k-offer" href="/contacts/\d+"', popup.text)) == 4
    assert sorted(names(opened)) == ["Ada Holm", "Dan", "Eva", "Finn"] and "1–4 of 4" in text_of(opened)
    assert "View associated contacts" in text_of(popup)


def test_who_sees_only_their_own_is_told_only_of_these(stranger, crew, own_database):
    with own_database.transaction() as tx:
        secret = people.invite(tx, crew.ida, "sam@kartotek.example", "viewer")
    link = f"/welcome/{secret}"
    stranger.post(link, form=link, first_name="Sam", email="sam@kartotek.example", password=cast.PASSWORD)
    with own_database.transaction() as tx:
        sam = people.actor_of(next(one for one in people.owners(tx) if one.first_name == "Sam"))
        narrowed = replace(sam, rights=replace(sam.rights, view={"*": "all", "contacts": "own"}))
        records.update(tx, crew.ida, crew.ada.object_type, crew.ada.id, {"hubspot_owner_id": str(sam.person)})
        from kartotek.domain import associations
        from kartotek.model.filters import Query

        companies, contacts = crew.havnen.object_type, crew.ada.object_type
        counts = associations.counts(tx, narrowed, companies, [crew.havnen.id], contacts)
        found = records.find(tx, narrowed, contacts, Query(associated_with=crew.havnen.id), ())

    assert counts[crew.havnen.id][0] == found.total == 1


def test_one_associated_record_is_named_and_leads_to_it(ida, crew):
    page = ida.get("/contacts?columns=@companies,@deals&where=firstname.is(ada)").text

    assert f'href="/deals/{crew.deal.id}" title="Fyrtårn"' in page
    assert f'href="/contacts/{crew.ada.id}/associated/companies" title="2 companies" data-popup' in page


def test_a_record_is_previewed_beside_the_table(ida, crew):
    page = text_of(ida.get(f"/contacts/{crew.ada.id}/preview"))

    assert "ada@nordlys.example" in page and "2 companies" in page and "Deal Fyrtårn" in page


# ---------------------------------------------------------------- of every object


def test_the_objects_of_the_menu_have_index_pages(ida, crew, own_database):
    bar = ida.get("/contacts").text.partition("<main")[0]
    with own_database.transaction() as tx:
        known = catalogue.load(tx).object_types

    for name in ("contacts", "companies", "deals", "tickets"):
        assert f'href="/{name}"' in bar
        assert f"<h1>{known[name].label_plural}</h1>" in ida.get(f"/{name}").text


@pytest.mark.parametrize("objects", ["contacts", "companies", "deals", "tickets", "boats"])
def test_a_record_is_opened_from_any_index_page_to_edit_its_associations(ida, crew, own_database, objects):
    texts = {
        "contacts": {"firstname": "Dan"},
        "companies": {"name": "Værftet"},
        "deals": {"dealname": "Kran", "pipeline": "default", "dealstage": "contractsent"},
        "tickets": {"subject": "Dark", "hs_pipeline": "0", "hs_pipeline_stage": "1"},
        "boats": {"name": "Svanen"},
    }[objects]
    with own_database.transaction() as tx:
        label = Property(0, "boats", "name", "Name", "string", "text", "boats", required=True, tier="custom")
        object_types.define(tx, crew.ida, "boats", "Boat", "Boats", [label])
        one = catalogue.load(tx).object_type(objects)
        records.create(tx, crew.ida, one, texts, [(crew.cleo.object_type, crew.cleo.id)])

    table = ida.get(f"/{objects}?q={next(iter(texts.values()))}")
    home = re.search(rf'<a class="k-named" href="(/{objects}/\d+)"', table.text)[1]
    removal = f"{home}/associations/contacts/{crew.cleo.id}/removal"
    page = ida.get(home)
    asked = ida.get(removal)
    ida.post(removal, form=removal)

    assert f'href="{removal}"' in page.text and f'href="{home}/associations/contacts/new"' in page.text
    assert asked.status_code == 200 and f'href="{removal}"' not in ida.get(home).text
