"""The page of a record as it was on a day."""

from datetime import UTC, datetime, timedelta

from kartotek.domain import associations, records
from tests.helpers.visitor import text_of

# Every table that says when something was, with the columns that do.
MOMENTS = {
    "crm.contacts": ("_created",), "crm.companies": ("_created",), "crm.deals": ("_created",),
    "kartotek.changes": ("at",), "kartotek.associations": ("began",),
    "kartotek.association_history": ("began", "ended"),
}  # fmt: skip


def days_ago(tx, days):
    """All that has happened so far was so many days before."""
    for table, columns in MOMENTS.items():
        tx.run(f"UPDATE {table} SET " + ", ".join(f"{one} = {one} - interval '{days} days'" for one in columns))


def on(days):
    return (datetime.now(UTC).date() - timedelta(days=days)).isoformat()


def changed(crew, own_database):
    """Ten days ago Bo was a pilot at Havnen; since yesterday he is a captain at Nordlys."""
    with own_database.transaction() as tx:
        records.update(tx, crew.ida, crew.bo.object_type, crew.bo.id, {"jobtitle": "Pilot"})
        days_ago(tx, 9)
    with own_database.transaction() as tx:
        records.update(tx, crew.ida, crew.bo.object_type, crew.bo.id, {"jobtitle": "Captain"})
        one, companies = crew.bo.object_type, crew.havnen.object_type
        associations.unlink(tx, crew.ida, one, crew.bo.id, companies, crew.havnen.id)
        associations.link(tx, crew.ida, one, crew.bo.id, companies, [crew.nordlys.id])
    with own_database.transaction() as tx:
        days_ago(tx, 1)


def test_the_menu_of_a_record_leads_there(ida, crew):
    assert f'href="/contacts/{crew.bo.id}/past"' in ida.get(f"/contacts/{crew.bo.id}").text


def test_a_day_shows_values_associations_and_primary_of_then(ida, crew, own_database):
    changed(crew, own_database)

    then = text_of(ida.get(f"/contacts/{crew.bo.id}/past?on={on(5)}"))
    now = text_of(ida.get(f"/contacts/{crew.bo.id}/past"))

    assert "As it was on" in then
    assert "Pilot other now" in then and "Havnen ApS Primary" in then and "Nordlys" not in then
    assert "Captain" in now and "Nordlys A/S Primary" in now and "Havnen" not in now


def test_a_day_before_it_was_made_says_since_when_it_is_there(ida, crew, own_database):
    said = text_of(ida.get(f"/contacts/{crew.bo.id}/past?on={on(30)}"))

    assert "Not there yet" in said and "Bo Ågård was created on" in said


def test_no_day_and_a_day_to_come_are_today(ida, crew):
    for asked in ("", "?on=soon", "?on=2999-01-01"):
        assert "Havnen ApS" in text_of(ida.get(f"/contacts/{crew.bo.id}/past{asked}"))


def test_the_primary_company_stands_first_among_many(ida, crew, own_database):
    with own_database.transaction() as tx:
        one, companies = crew.bo.object_type, crew.havnen.object_type
        more = [records.create(tx, crew.ida, companies, {"name": f"Firm {n}"}).id for n in range(25)]
        associations.link(tx, crew.ida, one, crew.bo.id, companies, more)

    assert "Havnen ApS Primary" in text_of(ida.get(f"/contacts/{crew.bo.id}/past"))
