"""What each way of importing does with what is there and what is not, and by what rows find their record."""

import pytest

from kartotek import errors
from kartotek.domain import associations, catalogue, records
from kartotek.imports.table import Mode
from kartotek.model.people import SYSTEM
from tests.helpers.importing import import_file, sheet_of, values

ADA = {"First Name": "Ada", "Email": "ada@harbour.example"}
BO = {"First Name": "Bo", "Email": "bo@harbour.example"}
QUAY = {"Company name": "Quay", "Company Domain Name": "quay.example"}


def test_create_and_update_does_both(harbour, home):
    import_file(harbour, home, sheet_of(ADA), "contacts")

    ended = import_file(harbour, home, sheet_of(ADA | {"First Name": "Adam"}, BO), "contacts")

    assert ended.rows("contacts") == {"updated": 1, "created": 1}
    assert values(harbour, "contacts", "firstname") == [("Adam",), ("Bo",)]


def test_create_new_only_leaves_existing_records_as_they_are(harbour, home):
    import_file(harbour, home, sheet_of(ADA), "contacts")
    modes = [("contacts", Mode.CREATE)]

    ended = import_file(harbour, home, sheet_of(ADA | {"First Name": "Adam"}, BO), "contacts", modes=modes)

    assert ended.rows("contacts") == {"skipped": 1, "created": 1}
    assert values(harbour, "contacts", "firstname") == [("Ada",), ("Bo",)]


def test_update_existing_only_makes_no_new_records(harbour, home):
    import_file(harbour, home, sheet_of(ADA), "contacts")
    modes = [("contacts", Mode.UPDATE)]

    ended = import_file(harbour, home, sheet_of(ADA | {"First Name": "Adam"}, BO), "contacts", modes=modes)

    assert ended.rows("contacts") == {"updated": 1, "skipped": 1}
    assert values(harbour, "contacts", "firstname") == [("Adam",)]


def test_each_object_of_a_file_has_its_own_mode(harbour, home):
    import_file(harbour, home, sheet_of(ADA), "contacts")
    modes = [("contacts", Mode.UPDATE), ("companies", Mode.CREATE)]

    ended = import_file(harbour, home, sheet_of(ADA | QUAY, BO | QUAY), "contacts", "companies", modes=modes)

    assert ended.rows("contacts") == {"unchanged": 1, "skipped": 1}
    assert ended.rows("companies")["created"] == 1


def test_each_object_of_a_file_can_have_its_record_id(harbour, home):
    import_file(harbour, home, sheet_of(ADA | QUAY), "contacts", "companies")
    (((contact,),), ((company,),)) = (values(harbour, name, "_id") for name in ("contacts", "companies"))
    row = {"Record ID – Contact": contact, "First Name": "Adam", "Record ID – Company": company, "Company name": "Kaj"}

    ended = import_file(harbour, home, sheet_of(row), "contacts", "companies")

    assert (ended.rows("contacts"), ended.rows("companies")) == ({"updated": 1}, {"updated": 1})


def test_a_mode_names_its_object_as_people_do(harbour, home):
    import_file(harbour, home, sheet_of(ADA), "contacts")
    modes = [("Contact", Mode.CREATE)]

    ended = import_file(harbour, home, sheet_of(ADA | {"First Name": "Adam"}), "contacts", modes=modes)

    assert ended.rows("contacts") == {"skipped": 1}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"modes": [("contcts", Mode.CREATE)]}, "There is no object called “contcts”. Did you mean “contacts”?"),
        (
            {"modes": [("deals", Mode.CREATE)]},
            "This import is of contacts and companies, and something is said of deals: leave it out.",
        ),
        ({"match_by": [("", "vatt")]}, "Neither contacts nor companies are told apart by a property “vatt”."),
        (
            {"match_by": [("companies", "name")]},
            "Existing companies cannot be found by “name”, which several may share. "
            "They are told apart by domain or vat.",
        ),
    ],
)
def test_what_is_said_of_no_object_of_the_import_is_refused(harbour, home, said, sentence):
    with pytest.raises(errors.Invalid) as refused:
        import_file(harbour, home, sheet_of(ADA | QUAY), "contacts", "companies", **said)

    assert str(refused.value) == sentence


def test_of_several_objects_the_property_to_find_records_by_is_the_one_that_has_it(harbour, home):
    import_file(harbour, home, sheet_of(QUAY | {"VAT": "1"}), "companies", maps=["VAT=companies.vat"])
    (((quay,),),) = (values(harbour, "companies", "_id"),)
    row = ADA | QUAY | {"Company Domain Name": "kaj.example", "VAT": "1"}

    ended = import_file(
        harbour, home, sheet_of(row), "contacts", "companies", maps=["VAT=companies.vat"], match_by=[("", "domain")]
    )

    assert ended.rows("companies") == {"failed": 1}
    assert values(harbour, "companies", "_id", "domain") == [(quay, "quay.example")]


def test_a_row_without_a_record_id_makes_a_new_record(harbour, home):
    rows = [{"Record ID": "", "First Name": "Ada"}, {"Record ID": "", "First Name": "Ada"}]

    ended = import_file(harbour, home, sheet_of(*rows), "contacts")

    assert ended.rows("contacts") == {"created": 2}


def test_a_domain_finds_its_company(harbour, home):
    import_file(harbour, home, sheet_of(QUAY), "companies")

    ended = import_file(harbour, home, sheet_of(QUAY | {"Company name": "Kaj"}), "companies")

    assert ended.rows("companies") == {"updated": 1}
    assert values(harbour, "companies", "name", "domain") == [("Kaj", "quay.example")]


def test_with_a_unique_property_of_ones_own_companies_may_share_a_domain(harbour, home):
    rows = [QUAY | {"VAT": "1"}, QUAY | {"VAT": "2", "Company name": "Kaj"}]

    ended = import_file(
        harbour, home, sheet_of(*rows), "companies", maps=["VAT=companies.vat"], match_by=[("companies", "vat")]
    )

    assert ended.rows("companies") == {"created": 2}
    assert values(harbour, "companies", "vat", "domain") == [("1", "quay.example"), ("2", "quay.example")]


def test_with_a_unique_property_of_ones_own_an_email_still_belongs_to_one_contact(harbour, home):
    rows = [ADA | {"Member": "1"}, ADA | {"Member": "2", "First Name": "Bo"}]

    ended = import_file(
        harbour, home, sheet_of(*rows), "contacts", maps=["Member=contacts.member"], match_by=[("contacts", "member")]
    )

    assert ended.rows("contacts") == {"created": 1, "failed": 1}
    assert values(harbour, "contacts", "member", "email") == [("1", "ada@harbour.example")]


def test_the_import_is_named_as_the_source_of_an_association(harbour, home):
    ended = import_file(harbour, home, sheet_of(ADA | QUAY), "contacts", "companies")

    with harbour.transaction() as tx:
        (row,) = tx.rows("SELECT source::text, source_id FROM kartotek.associations")
    assert row == {"source": "IMPORT", "source_id": ended.id}


def test_an_association_of_an_import_reads_from_both_ends_and_its_company_is_primary(harbour, home):
    import_file(harbour, home, sheet_of(ADA | QUAY), "contacts", "companies")
    ids = {name: values(harbour, name, "_id")[0][0] for name in ("contacts", "companies")}

    with harbour.transaction() as tx:
        known = catalogue.load(tx)
        types = [known.object_type(name) for name in ("contacts", "companies")]
        contact, company = (records.get(tx, SYSTEM, one, int(ids[one.name])) for one in types)
        of_contact = associations.of(tx, SYSTEM, contact, types[1])
        of_company = associations.of(tx, SYSTEM, company, types[0])

    assert [(one.record.id, one.primary) for one in of_contact] == [(company.id, True)]
    assert [one.record.id for one in of_company] == [contact.id]
