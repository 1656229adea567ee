"""Columns find their properties: by header in English and Danish, by the object they name, by what the user says."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl
import pytest

from kartotek import errors, standard
from kartotek.imports import mapping, table
from kartotek.model.object_types import ObjectType


@pytest.fixture(scope="module")
def catalogue() -> dict[str, ObjectType]:
    return {one.name: one for one in standard.object_types()}


def told(columns: Sequence[table.ColumnPlan]) -> dict[str, str | None]:
    """Header → "contacts.email", "contacts.record_id" or None."""
    return {column.header: target(column) for column in columns}


def target(column: table.ColumnPlan) -> str | None:
    if column.imported_as is table.As.NOTHING:
        return None
    return f"{column.object_type}.{column.property or 'record_id'}"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("First Name", "contacts.firstname"),
        ("firstname", "contacts.firstname"),
        ("FIRST_NAME", "contacts.firstname"),
        ("  first-name ", "contacts.firstname"),
        ("Fornavn", "contacts.firstname"),
        ("Given name", "contacts.firstname"),
        ("Surname", "contacts.lastname"),
        ("E-mailadresse", "contacts.email"),
        ("Mail", "contacts.email"),
        ("Tlf.", "contacts.phone"),
        ("Telefon", "contacts.phone"),
        ("Mobilnr.", "contacts.mobilephone"),
        ("Postnr.", "contacts.zip"),
        ("By", "contacts.city"),
        ("Firma", "contacts.company"),
        ("Stilling", "contacts.jobtitle"),
        ("Titel", "contacts.jobtitle"),
        ("Hjemmeside", "contacts.website"),
        ("Ansvarlig", "contacts.hubspot_owner_id"),
        ("Fødselsdag", "contacts.date_of_birth"),
        ("Foedselsdag", "contacts.date_of_birth"),
        ("Årlig omsætning", "contacts.annualrevenue"),
        ("aarlig omsaetning", "contacts.annualrevenue"),
        ("LinkedIn", "contacts.hs_linkedin_url"),
        ("CVR", None),
        ("", None),
        ("???", None),
    ],
)
def test_a_header_of_contacts_is_known_in_two_languages_and_any_spelling(
    catalogue: dict[str, ObjectType], header: str, expected: str | None
) -> None:
    columns = mapping.guess([header], catalogue, ["contacts"])

    assert target(columns[0]) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Contact: Email", "contacts.email"),
        ("Email (Contact)", "contacts.email"),
        ("Kontakt - E-mail", "contacts.email"),
        ("Kontaktens e-mail", "contacts.email"),
        ("contacts.email", "contacts.email"),
        ("ContactEmail", "contacts.email"),
        ("Company's phone", "companies.phone"),
        ("Virksomhedens telefon", "companies.phone"),
        ("Virksomhed: By", "companies.city"),
        ("companies.name", "companies.name"),
        ("Deal owner", "deals.hubspot_owner_id"),
        ("Aftalens fase", "deals.dealstage"),
        ("Contact: Company name", "contacts.company"),
        ("Ticket description", None),
        ("Company email", None),
    ],
)
def test_a_header_that_names_an_object_goes_to_that_object(
    catalogue: dict[str, ObjectType], header: str, expected: str | None
) -> None:
    columns = mapping.guess([header], catalogue, ["contacts", "companies", "deals"])

    assert target(columns[0]) == expected


def test_a_header_that_names_no_object_goes_to_the_first_chosen_that_knows_it(
    catalogue: dict[str, ObjectType],
) -> None:
    header = ["Phone Number"]

    contact_first = mapping.guess(header, catalogue, ["contacts", "companies"])
    company_first = mapping.guess(header, catalogue, ["companies", "contacts"])

    assert target(contact_first[0]) == "contacts.phone"
    assert target(company_first[0]) == "companies.phone"


@pytest.mark.parametrize("header", ["Company name", "Company", "Firma", "Firmanavn", "Virksomhed", "Organization"])
def test_a_company_name_is_the_companys_when_companies_are_imported_and_the_contacts_text_when_not(
    catalogue: dict[str, ObjectType], header: str
) -> None:
    together = mapping.guess([header], catalogue, ["contacts", "companies"])
    alone = mapping.guess([header], catalogue, ["contacts"])

    assert target(together[0]) == "companies.name"
    assert target(alone[0]) == "contacts.company"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Record ID", "contacts.record_id"),
        ("Post-id", "contacts.record_id"),
        ("Kortets id", "contacts.record_id"),
        ("Kortets id – Virksomheder", "companies.record_id"),
        ("hs_object_id", "contacts.record_id"),
        ("Record ID - Companies", "companies.record_id"),
        ("Contact ID", "contacts.record_id"),
        ("Kontakt-id", "contacts.record_id"),
        ("Virksomheds-id", "companies.record_id"),
        ("Deal ID", None),
        ("ID", None),
    ],
)
def test_a_record_id_is_known_by_its_name_and_its_object(
    catalogue: dict[str, ObjectType], header: str, expected: str | None
) -> None:
    columns = mapping.guess([header], catalogue, ["contacts", "companies"])

    assert target(columns[0]) == expected


def test_a_contact_id_with_letters_is_another_systems_key_and_not_ours(catalogue: dict[str, ObjectType]) -> None:
    samples = pl.DataFrame({"c0": ["0031x00000A", "0031x00000B"], "c1": ["17", None]})

    columns = mapping.guess(["Contact ID", "Company ID"], catalogue, ["contacts", "companies"], samples)

    assert told(columns) == {"Contact ID": None, "Company ID": "companies.record_id"}


def test_a_product_id_among_line_items_is_their_property(catalogue: dict[str, ObjectType]) -> None:
    columns = mapping.guess(["Product ID"], catalogue, ["line_items", "deals"])

    assert target(columns[0]) == "line_items.hs_product_id"


def test_a_property_that_nobody_can_write_is_not_guessed(catalogue: dict[str, ObjectType]) -> None:
    headers = ["Create Date", "Oprettet", "Name", "Last Modified Date", "Email hard bounce reason"]

    columns = mapping.guess(headers, catalogue, ["contacts"])

    assert set(told(columns).values()) == {None}


def test_a_name_in_a_file_of_contacts_is_not_taken_for_the_companys(catalogue: dict[str, ObjectType]) -> None:
    headers = ["Name", "Company"]

    columns = mapping.guess(headers, catalogue, ["contacts", "companies"])

    assert told(columns) == {"Name": None, "Company": "companies.name"}


def test_of_two_properties_with_one_label_the_core_one_is_meant(catalogue: dict[str, ObjectType]) -> None:
    columns = mapping.guess(["Target Account"], catalogue, ["companies"])

    assert target(columns[0]) == "companies.hs_is_target_account"


@pytest.mark.parametrize(
    ("headers", "winner"),
    [
        (["Mail", "email", "Email"], "email"),  # the label, whose folded form is the internal name too
        (["Telefon", "Telefonnummer", "phone", "Phone Number"], "Telefonnummer"),  # two of them are Danish
        (["Telefon", "Tlf.", "Phone Number"], "Phone Number"),
        (["Telefon", "Tlf.", "phone"], "phone"),
        (["Telefon", "Telefonnummer"], "Telefonnummer"),
        (["Telefon", "Tlf."], "Telefon"),
    ],
)
def test_one_property_takes_one_column_the_best_match_and_then_the_left_one(
    catalogue: dict[str, ObjectType], headers: list[str], winner: str
) -> None:
    columns = mapping.guess(headers, catalogue, ["contacts"])

    assert [column.header for column in columns if target(column)] == [winner]


def test_an_unknown_column_of_addresses_is_the_email_when_no_header_is(catalogue: dict[str, ObjectType]) -> None:
    samples = pl.DataFrame({"c0": ["Ada", "Bo"], "c1": ["ada@havn.dk", ""], "c2": ["x@y.dk", "z@y.dk"]})

    without = mapping.guess(["Fornavn", "", "Adresse 7"], catalogue, ["contacts"], samples)
    beside = mapping.guess(["Fornavn", "", "Email"], catalogue, ["contacts"], samples)
    no_contacts = mapping.guess(["Fornavn", "", "x"], catalogue, ["companies"], samples)

    assert [target(column) for column in without] == ["contacts.firstname", "contacts.email", None]
    assert [target(column) for column in beside] == ["contacts.firstname", None, "contacts.email"]
    assert [target(column) for column in no_contacts] == [None, None, None]


def test_values_never_overrule_a_header_that_names_somebody_else(catalogue: dict[str, ObjectType]) -> None:
    samples = pl.DataFrame({"c0": ["info@havn.dk"]})

    columns = mapping.guess(["Company email"], catalogue, ["contacts"], samples)

    assert target(columns[0]) is None


def test_a_custom_property_is_known_by_its_label_and_its_name(catalogue: dict[str, ObjectType]) -> None:
    headers = ["Berth number", "berth_no"]
    contacts = with_property(catalogue["contacts"], "berth_no", "Berth number")

    first = mapping.guess(headers[:1], {"contacts": contacts}, ["contacts"])
    second = mapping.guess(headers[1:], {"contacts": contacts}, ["contacts"])

    assert target(first[0]) == target(second[0]) == "contacts.berth_no"


def test_what_the_user_says_goes_over_what_we_guess(catalogue: dict[str, ObjectType]) -> None:
    headers = ["Mail", "Email", "Navn", "Firma", "Id", "Kode"]
    choices = ["Mail=email", "Navn=companies.name", "Firma=", "Id=contacts.record_id", "kode=Job Title"]

    columns = mapping.from_user(headers, catalogue, ["contacts", "companies"], choices)

    assert told(columns) == {
        "Mail": "contacts.email",
        "Email": None,
        "Navn": "companies.name",
        "Firma": None,
        "Id": "contacts.record_id",
        "Kode": "contacts.jobtitle",
    }


def test_a_header_may_hold_an_equals_sign_and_a_column_may_be_named_by_its_place(
    catalogue: dict[str, ObjectType],
) -> None:
    columns = mapping.from_user(["a=b", ""], catalogue, ["contacts"], ["a=b=city", "#2=zip"])

    assert [target(column) for column in columns] == ["contacts.city", "contacts.zip"]


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ("Emial=email", "There is no column called “Emial”. Did you mean “Email”?"),
        ("Email=emial", "There is no property of contacts or companies called “emial”. Did you mean “email”?"),
        ("Email=companies.nmae", "There is no property of companies called “nmae”. Did you mean “companies.name”?"),
    ],
)
def test_a_slip_in_a_choice_is_answered_with_the_nearest_name(
    catalogue: dict[str, ObjectType], choice: str, sentence: str
) -> None:
    with pytest.raises(errors.UnknownName) as raised:
        mapping.from_user(["Email"], catalogue, ["contacts", "companies"], [choice])

    assert raised.value.sentence == sentence


def test_a_choice_that_fits_two_objects_or_two_columns_is_not_guessed_at(catalogue: dict[str, ObjectType]) -> None:
    objects = ["contacts", "companies"]

    with pytest.raises(errors.Ambiguous) as two_objects:
        mapping.from_user(["Tlf"], catalogue, objects, ["Tlf=phone"])
    with pytest.raises(errors.Ambiguous) as two_columns:
        mapping.from_user(["Tlf", "Tlf"], catalogue, objects, ["Tlf=contacts.phone"])

    assert two_objects.value.option == "--map"
    assert "write contacts.phone or companies.phone" in two_objects.value.sentence
    assert "by its place: #1 and #2" in two_columns.value.sentence


def test_a_choice_for_an_object_that_is_not_imported_or_without_equals_sign_is_refused(
    catalogue: dict[str, ObjectType],
) -> None:
    with pytest.raises(errors.Invalid) as absent:
        mapping.from_user(["Email"], catalogue, ["contacts"], ["Email=companies.name"])
    with pytest.raises(errors.Invalid) as bare:
        mapping.from_user(["Email"], catalogue, ["contacts"], ["Email"])

    assert "add --object companies" in absent.value.sentence
    assert "no equals sign" in bare.value.sentence


def with_property(one: ObjectType, name: str, label: str) -> ObjectType:
    custom = replace(one.properties["city"], name=name, label=label, labels=(), tier="custom")
    return replace(one, properties={**one.properties, name: custom})


def test_a_pipeline_is_that_of_the_deals_though_contacts_have_one_of_their_own(
    catalogue: dict[str, ObjectType],
) -> None:
    headers = ["Email", "Deal Name", "Pipeline", "Deal Stage"]

    columns = mapping.guess(headers, catalogue, ["contacts", "deals"])

    assert told(columns)["Pipeline"] == "deals.pipeline"
    assert told(columns)["Deal Stage"] == "deals.dealstage"
