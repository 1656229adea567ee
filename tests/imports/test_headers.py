"""Headers in fifteen languages: as other programs write them, with objects, units and remarks in and around them."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from kartotek import standard
from kartotek.imports import mapping, table
from kartotek.model.object_types import ObjectType
from kartotek.standard import languages

SAMPLES = sorted((Path(__file__).parents[1] / "samples" / "headers").glob("*.toml"))
# D22
ENOUGH = 0.95


@pytest.fixture(scope="module")
def catalogue() -> dict[str, ObjectType]:
    return {one.name: one for one in standard.object_types()}


def told(columns: tuple[table.ColumnPlan, ...]) -> list[str]:
    """ "contacts.email", "contacts.record_id" or "" for each column."""
    return [
        "" if one.imported_as is table.As.NOTHING else f"{one.object_type}.{one.property or 'record_id'}"
        for one in columns
    ]


def files(sample: Path) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Objects, headers, and what they mean, of each program's file."""
    for file in tomllib.loads(sample.read_text("utf-8")).values():
        first, meant = file["objects"][0], file["columns"].values()
        yield (
            file["objects"],
            list(file["columns"]),
            [one if "." in one or not one else f"{first}.{one}" for one in meant],
        )


def test_there_is_a_sample_of_every_language() -> None:
    assert [sample.stem for sample in SAMPLES] == sorted(languages.NAMES)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_nearly_all_headers_of_standard_fields_find_their_property_and_none_another(
    catalogue: Mapping[str, ObjectType], sample: Path
) -> None:
    found = [
        (meant, guess)
        for objects, headers, meanings in files(sample)
        for meant, guess in zip(meanings, told(mapping.guess(headers, catalogue, objects)), strict=True)
    ]

    standard_ones = [guess == meant for meant, guess in found if meant]

    assert sum(standard_ones) / len(standard_ones) >= ENOUGH
    assert [(meant, guess) for meant, guess in found if guess not in ("", meant)] == []


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_the_language_is_the_one_that_knows_most_headers(catalogue: Mapping[str, ObjectType], sample: Path) -> None:
    guesses = {mapping.language_of(headers, catalogue, objects) for objects, headers, _ in files(sample)}

    assert guesses == {sample.stem}


@pytest.mark.parametrize(
    ("preferred", "language"), [("no", "no"), ("sv", "sv"), (None, "en"), ("en", "en"), ("klingon", "en")]
)
def test_of_languages_that_know_equally_many_it_is_the_persons_own_then_english(
    catalogue: Mapping[str, ObjectType], preferred: str | None, language: str
) -> None:
    guess = mapping.language_of(["Team", "LinkedIn"], catalogue, ["contacts"], preferred)

    assert guess == language


def test_no_language_is_read_that_is_not_needed(catalogue: Mapping[str, ObjectType]) -> None:
    languages.words.cache_clear()

    mapping.language_of(["First name", "Last name", "Email"], catalogue, ["contacts"])

    assert languages.words.cache_info().currsize == 1


def test_what_the_language_does_not_know_is_looked_for_in_english_then_among_the_names(
    catalogue: Mapping[str, ObjectType],
) -> None:
    headers = ["Vorname", "Postal code", "hs_linkedin_url", "Fornavn"]

    columns = mapping.guess(headers, catalogue, ["contacts"], language="de")

    assert told(columns) == ["contacts.firstname", "contacts.zip", "contacts.hs_linkedin_url", ""]


def test_one_header_means_what_it_means_in_the_language_that_is_chosen(catalogue: Mapping[str, ObjectType]) -> None:
    header = ["Ort", "姓名", "Adresse"]

    swedish, chinese = (mapping.guess(header, catalogue, ["meetings"], language=one) for one in ("de", "zh-hans"))
    contacts = mapping.guess(["名字", "姓"], catalogue, ["contacts"], language="zh-hans")
    japanese = mapping.guess(["名字", "名"], catalogue, ["contacts"], language="ja")

    assert told(swedish)[0] == "meetings.hs_meeting_location"
    assert told(chinese)[0] == ""
    assert told(contacts) == ["contacts.firstname", "contacts.lastname"]
    assert told(japanese) == ["contacts.lastname", "contacts.firstname"]


@pytest.mark.parametrize(
    ("objects", "headers", "meant"),
    [
        # What companies are like, in a file of both.
        (("contacts", "companies"), ["Industry", "Annual revenue", "Number of employees", "City"],
         ["companies.industry", "companies.annualrevenue", "companies.numberofemployees", "contacts.city"]),
        (("contacts", "companies"), ["Branche", "Branche (virksomhed)"], ["", "companies.industry"]),
        (("contacts", "companies"), ["Contact industry", "Industry"], ["contacts.industry", "companies.industry"]),
        (("contacts",), ["Industry", "Annual revenue"], ["contacts.industry", "contacts.annualrevenue"]),
        # What was done is beside it: "Notes" are not what a contact says.
        (("contacts", "notes"), ["E-mail", "Note", "Activity date"],
         ["contacts.email", "notes.hs_note_body", "notes.hs_timestamp"]),
        (("contacts", "notes"), ["E-mail", "Noter", "Dato"],
         ["contacts.email", "notes.hs_note_body", "notes.hs_timestamp"]),
        (("companies", "calls"), ["Company name", "Notes"], ["companies.name", "calls.hs_call_body"]),
        (("contacts", "tasks"), ["Task title", "Message"], ["tasks.hs_task_subject", "contacts.message"]),
        (("contacts", "deals"), ["Notes", "Deal name"], ["contacts.message", "deals.dealname"]),
        (("deals", "tasks"), ["Description", "Task title"], ["deals.description", "tasks.hs_task_subject"]),
    ],
)  # fmt: skip
def test_of_several_objects_the_one_that_a_header_is_most_likely_about_gets_it(
    catalogue: Mapping[str, ObjectType], objects: tuple[str, ...], headers: list[str], meant: list[str]
) -> None:
    assert told(mapping.guess(headers, catalogue, objects)) == meant


@pytest.mark.parametrize(
    ("language", "header", "meant"),
    [
        ("no", "Billettstatus", "tickets.hs_pipeline_stage"),
        ("no", "Domenenavn for selskapet", "companies.domain"),
        ("zh-hant", "票證名稱", "tickets.subject"),
        ("de", "Jobbezeichnung", "contacts.jobtitle"),
        ("en", "Issue description", "tickets.content"),
        ("da", "Tilbudsnavn", "deals.dealname"),
        ("da", "Ansvarlig sælger", "contacts.hubspot_owner_id"),
    ],
)
def test_words_that_other_programs_use(
    catalogue: Mapping[str, ObjectType], language: str, header: str, meant: str
) -> None:
    columns = mapping.guess([header], catalogue, ["contacts", "companies", "deals", "tickets"], language=language)

    assert told(columns) == [meant]


@pytest.mark.parametrize(
    ("language", "header", "meant"),
    [
        ("de", "E-Mail des Kontakts", "contacts.email"),
        ("de", "Firmenname", "companies.name"),
        ("de", "Deal – Betrag", "deals.amount"),
        ("de", "Unternehmen: Stadt", "companies.city"),
        ("fr", "Nom de l'entreprise", "companies.name"),
        ("fr", "E-mail du contact", "contacts.email"),
        ("fr", "Transaction : Montant", "deals.amount"),
        ("es", "Correo del contacto", "contacts.email"),
        ("es", "Teléfono de la empresa", "companies.phone"),
        ("it", "Email del contatto", "contacts.email"),
        ("it", "Città dell'azienda", "companies.city"),
        ("nl", "Telefoon van bedrijf", "companies.phone"),
        ("pt", "E-mail do contato", "contacts.email"),
        ("pt", "Cidade da empresa", "companies.city"),
        ("pl", "E-mail kontaktu", "contacts.email"),
        ("pl", "Telefon firmy", "companies.phone"),
        ("fi", "Yhteyshenkilön sähköposti", "contacts.email"),
        ("fi", "Yrityksen puhelin", "companies.phone"),
        ("sv", "Kontaktens e-post", "contacts.email"),
        ("sv", "Företag: Telefon", "companies.phone"),
        ("no", "Kontaktens e-post", "contacts.email"),
        ("no", "Bedrift - Telefon", "companies.phone"),
        ("da", "Virksomhed: Navn", "companies.name"),
        ("da", "Aftale - Beløb", "deals.amount"),
        ("ja", "会社の電話番号", "companies.phone"),
        ("ja", "コンタクト：メール", "contacts.email"),
        ("zh-hans", "公司电话", "companies.phone"),
        ("zh-hans", "联系人邮箱", "contacts.email"),
        ("zh-hant", "公司電話", "companies.phone"),
        ("zh-hant", "聯絡人 電子郵件", "contacts.email"),
        ("en", "Close date", "deals.closedate"),
        ("en", "Contact: Email", "contacts.email"),
        ("en", "Deal - Amount", "deals.amount"),
        ("de", "Kontakt-ID", "contacts.record_id"),
        ("fr", "Identifiant du contact", "contacts.record_id"),
        ("es", "ID de la empresa", "companies.record_id"),
        ("ja", "会社ID", "companies.record_id"),
    ],
)
def test_a_header_names_its_object_in_any_language(
    catalogue: Mapping[str, ObjectType], language: str, header: str, meant: str
) -> None:
    columns = mapping.guess([header], catalogue, ["contacts", "companies", "deals"], language=language)

    assert told(columns) == [meant]


@pytest.mark.parametrize("language", sorted(languages.NAMES))
def test_the_record_id_is_known_in_every_language(catalogue: Mapping[str, ObjectType], language: str) -> None:
    prop = catalogue["contacts"].properties["hs_object_id"]
    own = languages.words(language).of_property("contacts", prop.name)
    label = {"da": prop.labels[0], "en": prop.label}.get(language) or own[0]

    columns = mapping.guess([label], catalogue, ["contacts"], language=language)

    assert told(columns) == ["contacts.record_id"]


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("Amount (DKK)", "amount"),
        ("Amount*", "amount"),
        ("* Amount:", "amount"),
        ("AMOUNT [EUR]", "amount"),
        ("Amount in EUR", "amount"),
        ("Amount USD", "amount"),
        ("Amount, kr.", "amount"),
        ("Deal probability, %", "hs_deal_stage_probability"),
        ("Amount (excl. VAT)", "amount"),
        ("Amount （円）", "amount"),
        ("Amount (DKK", "amount"),
        ("Amount (thousands)", ""),
        ("Amount (t.kr.)", ""),
        ("Amount (TDKK)", ""),
        ("Amount (DKK 1.000)", ""),
        ("Amount (千円)", ""),
        ("Amount (Contact)", ""),
        ("Amount (stage)", ""),
        ("(DKK)", ""),
    ],
)
def test_units_and_remarks_are_left_out_unless_they_change_the_value(
    catalogue: Mapping[str, ObjectType], header: str, meant: str
) -> None:
    columns = mapping.guess([header], catalogue, ["deals"], language="en")

    assert told(columns) == [f"deals.{meant}" if meant else ""]


@pytest.mark.parametrize(
    ("language", "header", "meant"),
    [
        ("en", "E-mail (work)", "contacts.email"),
        ("en", "Phone (mobile)", "contacts.mobilephone"),
        ("en", "Phone (reception)", "contacts.phone"),
        ("en", "Phone (fax)", ""),
        ("en", "Address (street)", "contacts.address"),
        ("en", "Address (city)", ""),
        ("en", "Phone (company)", ""),
        ("en", "Business Fax", "contacts.fax"),
        ("da", "Telefon (mobil)", "contacts.mobilephone"),
        ("da", "Mail (arbejde)", "contacts.email"),
        ("de", "Fax geschäftlich", "contacts.fax"),
        ("de", "Strasse", "contacts.address"),
        ("de", "Oertlichkeit", ""),
        ("fr", "Prenom", "contacts.firstname"),
        ("fr", "TELEPHONE", "contacts.phone"),
        ("sv", "Foretag", "contacts.company"),
        ("pl", "Imie", "contacts.firstname"),
        ("ja", "ＦＡＸ", "contacts.fax"),
        ("ja", "ﾒｰﾙｱﾄﾞﾚｽ", "contacts.email"),
    ],
)
def test_a_header_is_known_without_its_accents_and_with_a_remark(
    catalogue: Mapping[str, ObjectType], language: str, header: str, meant: str
) -> None:
    columns = mapping.guess([header], catalogue, ["contacts"], language=language)

    assert told(columns) == [meant]


def test_the_plain_header_wins_over_the_one_with_a_remark(catalogue: Mapping[str, ObjectType]) -> None:
    headers = ["Phone (private)", "Business phone", "Phone (work)", "Telephone"]

    columns = mapping.guess(headers, catalogue, ["contacts"], language="en")
    without = mapping.guess(["Phone (private)", "Phone (work)"], catalogue, ["contacts"], language="en")

    assert told(columns) == ["", "", "", "contacts.phone"]
    assert told(without) == ["", "contacts.phone"]


@pytest.mark.parametrize(
    ("language", "headers", "meant"),
    [
        ("de", ["Vorname", "Name"], ["firstname", "lastname"]),
        ("fr", ["Nom", "Prénom"], ["lastname", "firstname"]),
        ("es", ["Nombre", "Apellidos"], ["firstname", "lastname"]),
        ("it", ["Cognome", "Nome"], ["lastname", "firstname"]),
        ("de", ["Name", "E-Mail"], ["", "email"]),
        ("es", ["Nombre", "Correo"], ["", "email"]),
        ("de", ["Name", "Vorname", "Nachname"], ["", "firstname", "lastname"]),
    ],
)
def test_a_name_is_what_the_columns_beside_it_leave_to_it(
    catalogue: Mapping[str, ObjectType], language: str, headers: list[str], meant: list[str]
) -> None:
    columns = mapping.guess(headers, catalogue, ["contacts"], language=language)

    assert told(columns) == [f"contacts.{one}" if one else "" for one in meant]


def test_a_header_that_fits_two_properties_means_the_core_one_and_else_nobody_guesses(
    catalogue: Mapping[str, ObjectType],
) -> None:
    contacts = catalogue["contacts"]
    twins = {
        name: replace(contacts.properties["city"], name=name, label=label, labels=(), tier="custom")
        for name, label in {"berth": "Berth", "berth_2": "Berth", "town": "City"}.items()
    }
    crowded = {"contacts": replace(contacts, properties={**contacts.properties, **twins})}

    columns = mapping.guess(["Berth", "City", "berth_2"], crowded, ["contacts"], language="en")

    assert told(columns) == ["", "contacts.city", "contacts.berth_2"]


@pytest.mark.parametrize(
    ("language", "header"),
    [
        ("da", "Tilknytningslabel"), ("de", "Zuordnungslabels"), ("en", "Association label"),
        ("es", "Etiqueta de asociación"), ("fi", "Yhteyden tunniste"), ("fr", "Étiquette d'association"),
        ("it", "Etichetta di associazione"), ("ja", "関連付けラベル"), ("nl", "Associatielabel"),
        ("no", "Tilknytningsetikett"), ("pl", "Etykieta powiązania"), ("pt", "Rótulo de associação"),
        ("sv", "Associationsetikett"), ("zh-hans", "关联标签"), ("zh-hant", "關聯標籤"),
    ],
)  # fmt: skip
def test_a_column_of_association_labels_is_known_in_every_language(catalogue, language, header):
    columns = mapping.guess(["Email", header], catalogue, ["contacts", "companies"], language=language)

    assert columns[1].imported_as is table.As.LABEL
