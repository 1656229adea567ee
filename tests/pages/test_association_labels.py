"""Labels on a record's page: chosen in the panel's last step, edited afterwards, shown as tags."""

import re

import pytest

from kartotek.domain import association_types
from tests.helpers import associating
from tests.helpers.visitor import text_of


@pytest.fixture
def advisor(own_database, crew):
    with own_database.transaction() as tx:
        return associating.advisor(tx, crew)


@pytest.fixture
def boss(own_database, crew):
    with own_database.transaction() as tx:
        return associating.manager(tx, crew)


def kept(own_database, crew, one, other):
    with own_database.transaction() as tx:
        return associating.labels_of(tx, crew, one, other)


def panel(crew, **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/contacts/{crew.cleo.id}/associations/companies/new?{asked}"


def test_each_step_leads_to_the_next_and_stores_nothing(ida, crew, advisor):
    first, second = ida.get(panel(crew)), ida.get(panel(crew, step="primary", ids=crew.nordlys.id))
    third = ida.get(panel(crew, step="labels", ids=crew.nordlys.id, primary=crew.nordlys.id))

    assert 'name="step" value="primary"' in first.text and "Next" in text_of(first)
    assert 'name="step" value="labels"' in second.text
    assert "+ Add association label" in text_of(third).replace("Add association label", "+ Add association label")
    assert f'name="labels-{crew.nordlys.id}"' in third.text and "Save" in text_of(third)
    assert "Nordlys A/S" not in text_of(ida.get(f"/contacts/{crew.cleo.id}"))


def test_going_back_finds_what_was_chosen(ida, crew, advisor):
    third = ida.get(panel(crew, step="labels", ids=crew.nordlys.id, primary=crew.nordlys.id)).text

    back = re.search(r'class="btn k-step-back" href="([^"]+)"', third)[1].replace("&amp;", "&")

    second = ida.get(back).text
    assert re.search(rf'value="{crew.nordlys.id}" checked', second)


def test_all_of_it_is_saved_at_once(ida, crew, advisor, own_database):
    both = [str(crew.nordlys.id), str(crew.havnen.id)]

    ida.post(
        f"/contacts/{crew.cleo.id}/associations/companies", ids=both, primary=str(crew.havnen.id),
        **{f"labels-{crew.havnen.id}": [str(advisor), str(associating.BILLING)]},
    )  # fmt: skip

    page = text_of(ida.get(f"/contacts/{crew.cleo.id}"))
    assert re.search("Havnen ApS Primary .*Billing Advises .*Nordlys A/S", page)
    assert "Advisor" in text_of(ida.get(f"/companies/{crew.havnen.id}"))
    assert kept(own_database, crew, crew.cleo, crew.havnen) == ["Billing", "Advises"]


def test_what_cannot_be_labelled_is_not_associated_either(ida, crew, advisor, own_database):
    with own_database.transaction() as tx:
        association_types.remove(tx, crew.ida, advisor)

    refused = ida.post(
        f"/contacts/{crew.cleo.id}/associations/companies", ids=str(crew.havnen.id),
        **{f"labels-{crew.havnen.id}": str(advisor)},
    )  # fmt: skip

    assert refused.status_code == 400
    assert "One of these labels is not there any more" in text_of(refused)
    assert "Havnen ApS" not in text_of(ida.get(f"/contacts/{crew.cleo.id}"))


def test_replacing_without_the_tick_leads_back_to_the_step_with_the_tick(ida, crew):
    path = f"/contacts/{crew.bo.id}/associations/companies/new"

    again = ida.get(f"{path}?step=labels&ids={crew.nordlys.id}&primary={crew.nordlys.id}")

    assert "without it, Havnen ApS stays primary" in text_of(again)
    assert 'name="replace"' in again.text


def test_where_there_are_no_labels_the_list_is_saved_right_away(ida, crew):
    page = ida.get(f"/deals/{crew.deal.id}/associations/contacts/new")

    assert 'method="post"' in page.text and re.search(">Save</button>", page.text)


def test_labels_are_edited_afterwards(ida, crew, advisor, own_database):
    path = f"/contacts/{crew.bo.id}/associations/companies/{crew.havnen.id}/labels"
    ida.post(path, labels=str(associating.BILLING))

    form = ida.get(path)
    done = ida.post(path, labels=str(advisor))

    assert re.search(rf'value="{associating.BILLING}" selected', form.text)
    assert "What Havnen ApS is to Bo Ågård" in text_of(form)
    assert "Havnen ApS: Advises." in text_of(ida.get(done.headers["location"]))
    assert kept(own_database, crew, crew.bo, crew.havnen) == ["Advises"]


def test_the_last_label_goes_and_the_association_stays(ida, crew, own_database):
    path = f"/contacts/{crew.bo.id}/associations/companies/{crew.havnen.id}/labels"
    ida.post(path, labels=str(associating.BILLING))

    done = ida.post(path)

    page = text_of(ida.get(done.headers["location"]))
    assert "Havnen ApS has no label any more." in page and page.count("Havnen ApS") > 1
    assert kept(own_database, crew, crew.bo, crew.havnen) == []


def test_a_paired_label_shows_its_other_word_at_the_other_end(ida, crew, boss):
    ida.post(
        f"/contacts/{crew.ada.id}/associations/contacts", ids=[str(crew.bo.id), str(crew.cleo.id)],
        **{f"labels-{crew.bo.id}": str(boss), f"labels-{crew.cleo.id}": str(boss + 1)},
    )  # fmt: skip

    cards = [ida.get(f"/contacts/{one.id}").text for one in (crew.ada, crew.bo, crew.cleo)]
    tags = [re.findall(r'title="(Manager|Employee)"', card) for card in cards]
    assert tags == [["Manager", "Employee"], ["Employee"], ["Manager"]]


def test_of_many_labels_a_few_are_shown_and_the_rest_counted(ida, crew, own_database):
    with own_database.transaction() as tx:
        ends = crew.ada.object_type, crew.havnen.object_type
        made = [association_types.define(tx, crew.ida, *ends, f"Role {i}")[0].id for i in range(40)]
    ida.post(
        f"/contacts/{crew.bo.id}/associations/companies/{crew.havnen.id}/labels", labels=[str(each) for each in made]
    )

    page = ida.get(f"/contacts/{crew.bo.id}").text

    assert "Role 3" in page and "+36" in page


@pytest.mark.parametrize(
    ("objects", "other", "offered"),
    [("contacts", "companies", True), ("companies", "contacts", False), ("contacts", "contacts", False)],
)
def test_primary_is_offered_for_companies_alone(ida, crew, boss, objects, other, offered):
    ida.post(f"/contacts/{crew.ada.id}/associations/contacts", ids=str(crew.bo.id))
    record = crew.ada if objects == "contacts" else crew.havnen
    page = ida.get(f"/{objects}/{record.id}").text

    links = re.findall(rf'href="(/{objects}/{record.id}/associations/{other}/\d+/primary/[^"]+)"', page)

    assert bool(links) is offered


def test_the_only_company_of_a_contact_offers_nothing_about_its_mark(ida, crew):
    assert "/primary/" not in ida.get(f"/contacts/{crew.bo.id}").text


def test_removing_the_primary_company_from_its_own_page_asks_whose_is_next(ida, crew):
    path = f"/companies/{crew.nordlys.id}/associations/contacts/{crew.ada.id}/removal"

    page = ida.get(path)
    done = ida.post(path, new_primary=str(crew.havnen.id))

    assert "Nordlys A/S is the primary company of Ada Holm. Choose the new one" in text_of(page)
    assert "Ada Holm is no longer associated." in text_of(ida.get(done.headers["location"]))
    assert "Ada Holm" not in text_of(ida.get(f"/companies/{crew.nordlys.id}?tab=overview"))


def test_create_new_stands_beside_existing_and_has_no_labels(ida, crew, advisor):
    page = ida.get(f"/companies/new?with={crew.cleo.id}&with_type=contacts")

    assert f'href="/contacts/{crew.cleo.id}/associations/companies/new"' in page.text
    assert "Existing Create new" in text_of(page) and "labels" not in page.text.split("<main")[1].split("</main>")[0]


def test_created_ones_are_associated_and_the_next_form_is_empty(ida, crew):
    sent = ida.post(
        "/companies", form="/companies/new", name="Mole", another="1", **{"with": crew.cleo.id, "with_type": "contacts"}
    )

    again = ida.get(sent.headers["location"])
    assert "Mole is created." in text_of(again) and 'value="Mole"' not in again.text
    assert f"with={crew.cleo.id}" in sent.headers["location"]
    assert "Mole Primary" in re.sub(" +", " ", text_of(ida.get(f"/contacts/{crew.cleo.id}")))


def test_cards_are_put_in_order_and_hidden_for_one_person_and_one_object(ida, crew):
    ida.post("/contacts/cards", cards=["deals", "companies"], record=str(crew.ada.id))

    page = ida.get(f"/contacts/{crew.ada.id}").text
    cards = re.findall(r'id="side-(\w+)"', page)
    form = ida.get(f"/contacts/cards?record={crew.ada.id}").text
    assert cards == ["deals", "companies"]
    assert re.findall(r'name="cards" value="(\w+)"', form)[:2] == ["deals", "companies"]
    assert "side-contacts" in ida.get(f"/companies/{crew.nordlys.id}").text


def test_a_hidden_card_is_shown_again(ida, crew):
    ida.post("/contacts/cards", cards=["deals"])

    ida.post("/contacts/cards", cards=["deals", "tickets"])
    some = re.findall(r'id="side-(\w+)"', ida.get(f"/contacts/{crew.ada.id}").text)
    ida.post("/contacts/cards", standard="1")
    standard = re.findall(r'id="side-(\w+)"', ida.get(f"/contacts/{crew.ada.id}").text)

    assert some == ["deals", "tickets"]
    assert standard == ["contacts", "companies", "deals", "tickets"]


def test_all_of_it_shows_in_the_overview(ida, crew):
    ida.post(f"/contacts/{crew.cleo.id}/associations/companies", ids=str(crew.havnen.id))

    page = ida.get(f"/contacts/{crew.cleo.id}?tab=overview").text

    assert f'class="k-companion-line" href="/companies/{crew.havnen.id}"' in page


def test_a_company_has_no_primary_contact(ida, crew):
    answer = ida.get(f"/companies/{crew.havnen.id}/associations/contacts/{crew.bo.id}/primary/new")

    assert answer.status_code == 404 and "Only a company can be primary" in text_of(answer)


def test_the_mark_goes_to_the_company_that_is_chosen(ida, crew):
    path = f"/contacts/{crew.ada.id}/associations/companies/{crew.nordlys.id}/primary/removal"

    form, refused = ida.get(path), ida.post(path)
    ida.post(path, new_primary=str(crew.havnen.id))

    assert re.search(r'<select[^>]*name="new_primary" required', form.text) and "Update" in text_of(form)
    assert refused.status_code == 400
    assert re.search("Havnen ApS Primary .*Nordlys A/S", text_of(ida.get(f"/contacts/{crew.ada.id}")))


def test_the_days_of_an_association_are_said_on_its_card_and_in_history(ida, crew):
    there = f"/contacts/{crew.ada.id}/associations/companies/{crew.nordlys.id}"
    ida.post(f"{there}/dates", form=f"{there}/dates", starts_on="2019-02-01", ends_on="2023-12-31")

    page, panel = text_of(ida.get(f"/contacts/{crew.ada.id}")), ida.get(f"{there}/dates").text

    assert "1 Feb 2019 – 31 Dec 2023" in page and 'value="2019-02-01"' in panel
    assert "Days said: 1 Feb 2019 – 31 Dec 2023" in text_of(ida.get(f"{there}/history"))


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"starts_on": "2024-01-01", "ends_on": "2023-01-01"}, "before the first one"),
        ({"starts_on": "in May"}, "in May"),
    ],
)
def test_days_that_cannot_be_are_refused_and_what_was_typed_stays(ida, crew, days, sentence):
    there = f"/contacts/{crew.ada.id}/associations/companies/{crew.nordlys.id}"

    refused = ida.post(f"{there}/dates", form=f"{there}/dates", **days)

    assert refused.status_code == 400 and sentence in text_of(refused)
    assert f'value="{days["starts_on"]}"' in refused.text


def test_of_two_who_edit_the_labels_at_once_each_keeps_what_they_did(ida, crew, advisor, own_database):
    path = f"/contacts/{crew.bo.id}/associations/companies/{crew.havnen.id}/labels"
    first, second = str(advisor), str(associating.BILLING)

    ida.post(path, had="0", labels=[first])
    ida.post(path, had="0", labels=[second])

    assert len(kept(own_database, crew, crew.bo, crew.havnen)) == 2
    ida.post(path, had=["0", first], labels=[])
    assert len(kept(own_database, crew, crew.bo, crew.havnen)) == 1


def test_of_two_who_say_the_days_of_an_association_each_keeps_theirs(ida, crew, own_database):
    path = f"/contacts/{crew.bo.id}/associations/companies/{crew.havnen.id}/dates"

    ida.post(path, had_start="", had_end="", starts_on="2026-01-01", ends_on="")
    ida.post(path, had_start="", had_end="", starts_on="", ends_on="2026-12-31")

    shown = ida.get(path).text
    assert 'value="2026-01-01"' in shown and 'value="2026-12-31"' in shown
