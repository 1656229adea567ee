"""A plan that cannot be imported is refused before a row is read, with a sentence for each reason."""

from dataclasses import replace

import pytest

from kartotek import errors, standard
from kartotek.imports import mapping, table
from kartotek.model.object_types import ObjectType


@pytest.fixture(scope="module")
def catalogue() -> dict[str, ObjectType]:
    return {one.name: one for one in standard.object_types()}


def plan(columns: dict[str, str], **modes: table.Mode) -> table.Plan:
    """Header → "contacts.email", "contacts.record_id" or ""; and a mode for each object."""
    plans = []
    for index, (header, where) in enumerate(columns.items()):
        object_type, _, name = where.partition(".")
        if not where:
            plans.append(table.ColumnPlan(index, header))
        elif name == "record_id":
            plans.append(table.ColumnPlan(index, header, table.As.RECORD_ID, object_type))
        else:
            plans.append(table.ColumnPlan(index, header, table.As.PROPERTY, object_type, name))
    objects = tuple(table.ObjectPlan(name, mode) for name, mode in modes.items())
    return table.Plan("leads.csv", objects, tuple(plans))


def refusal(one: table.Plan, catalogue: dict[str, ObjectType]) -> str:
    with pytest.raises(errors.Invalid) as raised:
        mapping.check_plan(one, catalogue)
    return raised.value.sentence


UPSERT, CREATE, UPDATE = table.Mode.UPSERT, table.Mode.CREATE, table.Mode.UPDATE


def test_a_plan_with_all_that_is_needed_passes(catalogue: dict[str, ObjectType]) -> None:
    both = plan({"Mail": "contacts.email", "Firma": "companies.name", "x": ""}, contacts=UPSERT, companies=CREATE)

    mapping.check_plan(both, catalogue)

    assert mapping.unmapped(both) == ["x"]


@pytest.mark.parametrize("header", ["Kartotek: why", "Kartotek: hvorfor"])
def test_why_rows_failed_is_nothing_to_map(header: str) -> None:
    corrected = plan({"Mail": "contacts.email", header: ""}, contacts=UPSERT)

    assert mapping.unmapped(corrected) == []


def test_two_columns_for_one_property_are_both_named(catalogue: dict[str, ObjectType]) -> None:
    twice = plan({"Mail": "contacts.email", "Email": "contacts.email"}, contacts=UPSERT)

    sentence = refusal(twice, catalogue)

    assert (
        sentence == "The columns “Mail” and “Email” are both mapped to Email of contacts: keep one and skip the rest."
    )


def test_two_record_ids_of_one_object_are_refused(catalogue: dict[str, ObjectType]) -> None:
    twice = plan({"A": "contacts.record_id", "B": "contacts.record_id"}, contacts=UPDATE)

    sentence = refusal(twice, catalogue)

    assert "“A” and “B” are both mapped to Record ID" in sentence


def test_a_read_only_property_cannot_be_mapped(catalogue: dict[str, ObjectType]) -> None:
    created = plan({"Mail": "contacts.email", "Oprettet": "contacts.createdate"}, contacts=UPSERT)

    sentence = refusal(created, catalogue)

    assert sentence.startswith("The column “Oprettet” is mapped to Create Date of contacts, which Kartotek sets")


@pytest.mark.parametrize("mode", [UPSERT, CREATE])
def test_to_create_deals_their_name_pipeline_and_stage_must_be_mapped(
    catalogue: dict[str, ObjectType], mode: table.Mode
) -> None:
    no_stage = plan({"Deal": "deals.dealname"}, deals=mode)

    sentence = refusal(no_stage, catalogue)

    assert sentence == "To create deals, map a column to Pipeline; and one to Deal Stage."


def test_what_cannot_be_created_for_want_of_columns_may_still_be_updated(catalogue: dict[str, ObjectType]) -> None:
    known = plan({"Id": "tasks.hs_unique_id", "Status": "tasks.hs_task_status"}, tasks=UPSERT)

    sentence = refusal(known, catalogue)

    assert "Or only update the tasks that are there already (`--mode update`)." in sentence


def test_a_file_without_headers_does_not_lose_its_first_row(catalogue: dict[str, ObjectType]) -> None:
    headless = plan({"ada@nordlys.example": "contacts.email", "Ada": "contacts.firstname"}, contacts=UPSERT)

    sentence = refusal(headless, catalogue)

    assert sentence.startswith("“ada@nordlys.example” stands where a header should: the file seems to have none.")


def test_to_create_contacts_one_of_three_is_enough(catalogue: dict[str, ObjectType]) -> None:
    city = plan({"By": "contacts.city"}, contacts=UPSERT)
    name = plan({"Efternavn": "contacts.lastname"}, contacts=UPSERT)

    sentence = refusal(city, catalogue)
    mapping.check_plan(name, catalogue)

    assert sentence == "To create contacts, map a column to First Name, Last Name or Email."


def test_to_update_something_must_tell_which_record_a_row_is_about(catalogue: dict[str, ObjectType]) -> None:
    blind = plan({"By": "companies.city"}, companies=UPDATE)
    by_domain = plan({"By": "companies.city", "Domæne": "companies.domain"}, companies=UPDATE)
    by_id = plan({"By": "deals.description", "Post-id": "deals.record_id"}, deals=UPDATE)

    sentence = refusal(blind, catalogue)
    mapping.check_plan(by_domain, catalogue)
    mapping.check_plan(by_id, catalogue)

    assert sentence.endswith("tells which record each row is about: Record ID or Company Domain Name.")


def test_an_object_without_any_column_is_refused(catalogue: dict[str, ObjectType]) -> None:
    empty = plan({"Mail": "contacts.email"}, contacts=UPSERT, companies=UPSERT)

    sentence = refusal(empty, catalogue)

    assert sentence == "No column is mapped to companies: map one, or do not import companies."


def test_a_column_for_an_object_that_is_not_imported_is_refused(catalogue: dict[str, ObjectType]) -> None:
    stray = plan({"Mail": "contacts.email", "Firma": "companies.name"}, contacts=UPSERT)

    sentence = refusal(stray, catalogue)

    assert sentence.startswith("The column “Firma” is mapped to companies, which are not imported")


def test_all_reasons_are_told_at_once(catalogue: dict[str, ObjectType]) -> None:
    wrong = plan({"A": "contacts.city", "B": "contacts.city", "C": "contacts.createdate"}, contacts=CREATE)

    sentence = refusal(wrong, catalogue)

    assert sentence.count(".") == 3


def test_an_unknown_object_or_property_is_answered_with_the_nearest(catalogue: dict[str, ObjectType]) -> None:
    boats = plan({"Mail": "contact.email"}, contact=UPSERT)
    emial = plan({"Mail": "contacts.emial"}, contacts=UPSERT)

    assert refusal(boats, catalogue) == "There is no object called “contact”. Did you mean “contacts”?"
    assert refusal(emial, catalogue) == "There is no property of contacts called “emial”. Did you mean “email”?"


def test_the_property_to_match_by_must_be_mapped(catalogue: dict[str, ObjectType]) -> None:
    names = plan({"Navn": "companies.name"}, companies=UPSERT)
    by_domain = replace(names, objects=(table.ObjectPlan("companies", UPSERT, match_by="domain"),))

    sentence = refusal(by_domain, catalogue)

    assert sentence == "Existing companies are to be found by “domain”, but no column is mapped to it."


def test_the_guide_says_what_is_needed_and_what_is_met(catalogue: dict[str, ObjectType]) -> None:
    deal = plan({"Aftale": "deals.dealname", "Post-id": "deals.record_id"}, deals=UPSERT)

    guide = mapping.guide(deal, catalogue)[0]

    assert [([p.name for p in need.properties], need.met) for need in guide.to_create] == [
        (["dealname"], True),
        (["pipeline"], False),
        (["dealstage"], False),
    ]
    assert (guide.can_create, guide.can_update, guide.is_met) == (False, True, False)


def test_records_are_told_apart_by_email_domain_and_unique_properties(catalogue: dict[str, ObjectType]) -> None:
    deals = catalogue["deals"]
    number = replace(deals.properties["dealname"], name="order_no", unique=True, tier="custom")
    custom = replace(deals, properties={**deals.properties, "order_no": number})

    keys = {name: [p.name for p in mapping.identifiers(catalogue[name])] for name in catalogue}

    assert keys["contacts"] == ["email"]
    assert keys["companies"] == ["domain"]
    assert keys["deals"] == []
    assert keys["calls"] == ["hs_unique_id"]
    assert [p.name for p in mapping.identifiers(custom)] == ["order_no"]


def test_a_record_id_alone_names_companies_to_link_to(catalogue: dict[str, ObjectType]) -> None:
    linked = plan({"Email": "contacts.email", "Firma-id": "companies.record_id"}, contacts=UPSERT, companies=UPSERT)

    assert mapping.check_plan(linked, catalogue) is None
