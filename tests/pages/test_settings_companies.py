"""Companies by domain are switched on, narrowed and run over existing contacts by who may change settings."""

import pytest

from kartotek.domain import account, domain_runs, people, records
from kartotek.model.account import Account
from tests import cast
from tests.helpers import importing
from tests.helpers.visitor import Visitor, text_of

PATH = "/settings/companies"


def decided(database):
    with database.transaction() as tx:
        return account.load(tx)


def firm_of(database, email):
    with database.transaction() as tx:
        row = tx.row(
            "SELECT f.domain FROM crm.contacts AS c LEFT JOIN crm.companies AS f ON f._id = c._primary "
            "WHERE c.email = %s",
            [email],
        )
    return row and row["domain"]


def test_it_is_off_until_somebody_switches_it_on_and_then_new_contacts_find_their_companies(ida, own_database):
    off = decided(own_database)

    ida.post(PATH, form=PATH, associates="1", existing="new", excluded="")
    ida.post("/contacts", form="/contacts/new", email="dan@havnen.example", firstname="Dan")

    assert off == Account()
    assert decided(own_database).associates_by_domain
    assert firm_of(own_database, "dan@havnen.example") == "havnen.example"
    assert firm_of(own_database, "cleo@elsewhere.example") is None
    assert "contacts without a company looked at" not in text_of(ida.get(PATH))


def test_switched_on_for_existing_contacts_too_it_runs_over_them_and_tells_how_far_it_is(ida, own_database, crew):
    with own_database.transaction() as tx:
        dan = {"email": "dan@gmail.com", "website": "https://elsewhere.example/dan"}
        records.create(tx, crew.ida, crew.ada.object_type, dan)

    ida.post(PATH, form=PATH, associates="1", existing="all", excluded="")
    before = text_of(ida.get(PATH))
    with own_database.transaction() as tx:
        run = domain_runs.last(tx)
    domain_runs.work(own_database, run.id, lambda: None, 1)
    after = text_of(ida.get(PATH))

    assert "0 of 2 contacts without a company looked at." in before and "Look at existing contacts" not in before
    assert "2 of 2 contacts without a company looked at. 2 contacts are associated by their domain." in after
    assert "1 company was made for that." in after and "Look at existing contacts" in after
    assert firm_of(own_database, "cleo@elsewhere.example") == firm_of(own_database, "dan@gmail.com")
    assert firm_of(own_database, "ada@nordlys.example") == "nordlys.example"


def test_a_run_can_be_asked_for_later_and_two_at_once_are_one(ida, own_database):
    ida.post(PATH, form=PATH, associates="1", existing="new", excluded="")

    ida.post(f"{PATH}/runs", form=PATH)
    ida.post(f"{PATH}/runs", form=PATH)

    with own_database.transaction() as tx:
        assert tx.value("SELECT count(*) FROM kartotek.domain_runs") == 1


def test_a_run_goes_on_where_it_was_stopped(ida, own_database):
    ida.post("/contacts", form="/contacts/new", email="dan@quay.example")
    ida.post(PATH, form=PATH, associates="1", existing="all", excluded="")
    with own_database.transaction() as tx:
        run = domain_runs.last(tx)

    def killed():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        domain_runs.work(own_database, run.id, killed, 1)
    with own_database.transaction() as tx:
        halfway = domain_runs.last(tx)
    domain_runs.work(own_database, run.id, lambda: None, 1)

    assert (halfway.looked, halfway.contacts, halfway.finished) == (1, 1, None)
    with own_database.transaction() as tx:
        ended = domain_runs.last(tx)
    assert (ended.looked, ended.contacts, ended.companies) == (2, 2, 2) and ended.finished


def test_switching_it_off_stops_a_run(ida, own_database):
    ida.post(PATH, form=PATH, associates="1", existing="all", excluded="")
    ida.post(PATH, form=PATH, excluded="")
    with own_database.transaction() as tx:
        run = domain_runs.last(tx)

    domain_runs.work(own_database, run.id, lambda: None)

    assert firm_of(own_database, "cleo@elsewhere.example") is None
    assert "It stopped when the setting was switched off." in text_of(ida.get(PATH))


def test_excluded_domains_are_kept_in_order_and_without_what_surrounds_them(ida, own_database):
    ida.post(PATH, form=PATH, associates="1", excluded="www.ours.example\n@Havnen.example; ours.example")

    ida.post("/contacts", form="/contacts/new", email="dan@havnen.example")

    assert decided(own_database).excluded_domains == ("havnen.example", "ours.example")
    assert firm_of(own_database, "dan@havnen.example") is None


@pytest.mark.parametrize(
    ("excluded", "sentence"),
    [
        ("ours.example\nnot a domain", "“not” is not a domain. It looks like harbour.example."),
        ("\n".join(f"firm{i}.example" for i in range(1_001)), "At most 1,000 domains can be excluded"),
    ],
    ids=["no domain", "too many"],
)
def test_what_cannot_be_excluded_is_told_and_changes_nothing(ida, own_database, excluded, sentence):
    page = ida.post(PATH, form=PATH, associates="1", excluded=excluded)

    assert sentence in text_of(page) and excluded.splitlines()[-1] in page.text
    assert decided(own_database) == Account()


def test_a_run_is_refused_while_the_setting_is_off(ida, own_database):
    page = ida.post(f"{PATH}/runs", form=PATH)

    assert "Switch that on first." in text_of(page)
    with own_database.transaction() as tx:
        assert domain_runs.last(tx) is None


def test_who_may_not_change_settings_sees_how_it_is_and_changes_nothing(program, own_database, crew):
    with own_database.transaction() as tx:
        link = people.invite(tx, crew.ida, "per@kartotek.example", "member")
        people.claim(tx, link, email="per@kartotek.example", first_name="Per", last_name="Krog", password=cast.PASSWORD)
    per = Visitor(program)
    per.sign_in("per@kartotek.example", cast.PASSWORD)

    refused = [per.post(path, form="/contacts/new", associates="1") for path in (PATH, f"{PATH}/runs")]

    assert [one.status_code for one in refused] == [403, 403]
    assert "It is off." in text_of(per.get(PATH)) and 'name="associates"' not in per.get(PATH).text
    assert decided(own_database) == Account()


def test_the_other_settings_stay_as_they_are(ida, own_database):
    ida.post(PATH, form=PATH, associates="1", excluded="ours.example")

    ida.post("/settings", form="/settings", data_privacy="1")

    assert decided(own_database) == Account(True, True, ("ours.example",))


def test_the_history_names_the_rule_as_the_source_in_both_languages_and_the_company_as_primary(
    ida, own_database, crew, settings
):
    ida.post(PATH, form=PATH, associates="1", existing="new", excluded="")

    ida.post("/contacts", form="/contacts/new", email="dan@havnen.example")
    ida.post("/contacts", form="/contacts/new", email="eva@quay.example")
    importing.import_file(own_database, settings, "Email\nfay@havnen.example\n", "contacts", actor=crew.ida)
    ida.post("/contacts", form="/contacts/new", email="gry@gmail.com")

    dan, eva, fay, gry = (history_of(ida, own_database, who) for who in ("dan@", "eva@", "fay@", "gry@"))
    assert "Havnen ApS" in dan and "Havnen ApS" in fay and "Quay" in eva
    for said in (dan, eva, fay):
        assert "Auto association by domain" in said
    assert "Auto association by domain" not in gry
    primaries = [firm_of(own_database, one) for one in ("dan@havnen.example", "eva@quay.example", "gry@gmail.com")]
    assert primaries == ["havnen.example", "quay.example", None]
    ida.post("/preferences", language="da", back="/")
    assert "Automatisk tilknytning ud fra domæne" in history_of(ida, own_database, "dan@")


def history_of(visitor, database, email):
    with database.transaction() as tx:
        id = tx.value("SELECT _id FROM crm.contacts WHERE email LIKE %s", [f"{email}%"])
    return text_of(visitor.get(f"/contacts/{id}/associations/history?object=companies"))
