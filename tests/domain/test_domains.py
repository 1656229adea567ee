"""A contact finds its company by the domain of its email, where the account asks for it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import polars as pl
import pytest

from kartotek import standard
from kartotek.domain import account, associations, domains, records
from kartotek.model.account import Account
from kartotek.model.records import Batch, Changes, Source
from tests.cast import gather
from tests.helpers.statements import told

ON = Account(associates_by_domain=True)


@pytest.fixture
def asked(tx, cast):
    account.change(tx, cast.ida, ON)
    return cast


def contact(tx, cast, **texts):
    return records.create(tx, cast.ida, cast.ada.object_type, texts)


def company(tx, cast, **texts):
    return records.create(tx, cast.ida, cast.havnen.object_type, texts)


def companies_of(tx, cast, record):
    """What stands on its card: name, domain, whether it is primary, and where the association comes from."""
    (side,) = [one for one in associations.cards(tx, cast.ida, record) if one.object_type.name == "companies"]
    return [
        (one.record.values.get("name"), one.record.values.get("domain"), one.primary, one.source)
        for one in side.associations
    ]


def test_a_contact_that_somebody_creates_gets_the_company_of_its_emails_domain_as_primary(tx, asked):
    dan = contact(tx, asked, email="dan@havnen.example")

    assert companies_of(tx, asked, dan) == [("Havnen ApS", "havnen.example", True, Source.DOMAIN)]
    assert dan.primary == asked.havnen.id


def test_where_there_is_no_company_of_the_domain_one_is_made_and_says_where_it_comes_from(tx, asked):
    dan = contact(tx, asked, email="dan@nord-vest.example", company="Something else", phone="+45 33 12 34 56")

    assert companies_of(tx, asked, dan) == [("Nord Vest", "nord-vest.example", True, Source.DOMAIN)]
    made = records.get(tx, asked.ida, asked.havnen.object_type, dan.primary)
    assert made.source is Source.DOMAIN
    assert {name for name, value in made.values.items() if value} <= {
        "name", "domain", "createdate", "hs_createdate", "lastmodifieddate", "hs_lastmodifieddate", "hs_object_id",
    }  # fmt: skip
    assert dan.values["company"] == "Something else"


def test_a_changed_email_leads_to_its_company_and_another_change_does_not(tx, asked):
    contacts, id = asked.cleo.object_type, asked.cleo.id

    renamed = records.update(tx, asked.ida, contacts, id, {"firstname": "Clea", "email": "cleo@elsewhere.example"})
    moved = records.update(tx, asked.ida, contacts, id, {"email": "cleo@nordlys.example"})

    assert renamed.primary is None
    assert moved.primary == asked.nordlys.id


def test_a_contact_that_has_a_company_keeps_it_and_gets_no_other(tx, asked):
    dan = records.create(
        tx,
        asked.ida,
        asked.ada.object_type,
        {"email": "dan@nordlys.example"},
        [(asked.havnen.object_type, asked.havnen.id)],
    )
    bo = records.update(tx, asked.ida, asked.bo.object_type, asked.bo.id, {"email": "bo@nordlys.example"})

    for one in (dan, bo):
        assert companies_of(tx, asked, one) == [("Havnen ApS", "havnen.example", True, Source.USER)]


def test_of_several_companies_with_one_domain_the_oldest_is_taken(tx, asked):
    program = replace(asked.ida, source=Source.API)
    twice = [
        records.create(
            tx, program, asked.havnen.object_type, {"name": name, "domain": "quay.example", "createdate": day}
        )
        for name, day in (("Young", "2024-05-01"), ("Old", "1999-05-01"), ("Middle", "2011-05-01"))
    ]

    dan = contact(tx, asked, email="dan@quay.example")

    assert dan.primary == twice[1].id


def test_an_additional_domain_counts_for_contacts_that_come_later(tx, asked):
    before = contact(tx, asked, email="ada@gmail.com")
    records.update(
        tx, asked.ida, asked.havnen.object_type, asked.havnen.id, {"hs_additional_domains": "harbour.example"}
    )

    dan = contact(tx, asked, email="dan@harbour.example")

    assert before.primary is None and dan.primary == asked.havnen.id


@pytest.mark.parametrize("email", ["dan@gmail.com", "dan@mail.dk", "dan@web.de", "dan@qq.com", "dan@mailinator.com"])
def test_a_providers_domain_says_nothing_and_then_the_website_is_tried(tx, asked, email):
    alone = contact(tx, asked, email=email, website="https://www.nobody.example/dan")
    found = contact(tx, asked, email=f"2{email}", website="https://www.havnen.example/about?us")

    assert companies_of(tx, asked, alone) == []
    assert companies_of(tx, asked, found) == [("Havnen ApS", "havnen.example", True, Source.DOMAIN)]


def test_an_excluded_domain_leads_nowhere(tx, asked):
    account.change(tx, asked.ida, replace(ON, excluded_domains=("havnen.example", "ours.example")))

    known, unknown = contact(tx, asked, email="dan@havnen.example"), contact(tx, asked, email="eva@ours.example")
    other = contact(tx, asked, email="dan@sub.ours.example")

    assert known.primary is unknown.primary is None
    assert companies_of(tx, asked, other)[0][1] == "sub.ours.example"


def test_while_the_setting_is_off_nothing_is_guessed_and_one_statement_asks(tx, cast):
    frame = pl.DataFrame(
        {"_key": [1], "_id": [None], "email": ["dan@havnen.example"]}, schema_overrides={"_id": pl.Int64}
    )

    with told(tx) as statements:
        written = records.write(tx, cast.ida, Batch((Changes(cast.ada.object_type, frame),)))

    dan = records.get(tx, cast.ida, cast.ada.object_type, written.outcomes["contacts"]["_id"][0])
    assert dan.primary is None
    assert sum("kartotek.account" in one for one in statements) == 1


def test_the_number_of_statements_does_not_grow_with_the_number_of_contacts(tx, asked):
    def counted(first, count):
        emails = [f"p{i}@{'havnen' if i % 2 else f'firm{i}'}.example" for i in range(first, first + count)]
        frame = pl.DataFrame({"_key": range(count), "_id": [None] * count, "email": emails}).cast(
            {"_key": pl.Int64, "_id": pl.Int64}
        )
        with told(tx) as statements:
            records.write(tx, asked.ida.acting_for(Source.API, 1), Batch((Changes(asked.ada.object_type, frame),)))
        return len(statements)

    assert counted(0, 2) == counted(100, 200)
    assert tx.value("SELECT count(*) FROM crm.contacts WHERE _primary IS NOT NULL") == 2 + 202


def test_the_letters_of_an_address_and_those_of_the_dns_are_the_same(tx, asked):
    firm = company(tx, asked, name="Værftet", domain="værftet.example")

    dan = contact(tx, asked, email="dan@værftet.example")

    assert dan.primary == firm.id


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("harbour.example", "Harbour"), ("nord-lys.dk", "Nord Lys"), ("ibm.com", "IBM"), ("tv2.dk", "TV2"),
        ("harbour.co.uk", "Harbour"), ("sales.harbour.example", "Harbour"), ("xn--vrftet-pua.dk", "Værftet"),
        ("co.uk", "CO"),
    ],
)  # fmt: skip
def test_a_company_of_which_only_the_domain_is_known_is_called_by_it(domain, name):
    assert domains.named(pl.Series([domain])).to_list() == [name]


def test_the_list_of_providers_holds_domains_once_each_from_everywhere():
    freemail = standard.freemail()

    assert len(freemail) > 1_000
    assert all(one == one.lower() and "." in one and " " not in one for one in freemail)
    assert {
        "gmail.com", "outlook.dk", "jubii.dk", "online.no", "telia.com", "luukku.com", "gmx.de", "t-online.de",
        "orange.fr", "laposte.net", "wp.pl", "interia.pl", "ziggo.nl", "libero.it", "telefonica.net", "docomo.ne.jp",
        "163.com", "yopmail.com",
    } <= freemail  # fmt: skip


def test_two_people_at_once_make_one_company_of_a_new_domain(own_database):
    with own_database.transaction() as tx:
        cast = gather(tx)
        account.change(tx, cast.ida, ON)

    def create(number):
        return own_database.retried(lambda tx: contact(tx, cast, email=f"p{number}@quay.example").primary)

    with ThreadPoolExecutor(6) as crowd:
        found = set(crowd.map(create, range(24)))

    with own_database.transaction() as tx:
        assert found == {tx.value("SELECT _id FROM crm.companies WHERE domain = 'quay.example'")}
