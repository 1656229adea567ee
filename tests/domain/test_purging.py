"""What was archived more than 90 days ago goes for good."""

from kartotek.domain import merging, purging, records, restoring
from kartotek.domain.history import links
from tests.cast import gather


def aged(tx, days):
    tx.run(f"UPDATE crm.contacts SET _archived = _archived - interval '{days} days' WHERE _archived IS NOT NULL")


def archived(database, days):
    """Bo, whom somebody changed, was archived so many days ago."""
    with database.transaction() as tx:
        cast = gather(tx)
        records.update(tx, cast.ida, cast.bo.object_type, cast.bo.id, {"jobtitle": "Pilot"})
        records.update(tx, cast.ida, cast.bo.object_type, cast.bo.id, {"jobtitle": "Captain"})
        records.archive(tx, cast.ida, cast.bo.object_type, [cast.bo.id])
        aged(tx, days)
    return cast


def test_it_goes_with_its_values_and_its_history_of_them(own_database):
    cast = archived(own_database, 91)

    gone = purging.purge(own_database)

    with own_database.transaction() as tx:
        assert gone == 1
        assert records.many(tx, cast.ida, cast.bo.object_type, [cast.bo.id]) == []
        assert tx.value("SELECT count(*) FROM kartotek.changes WHERE record = %s", [cast.bo.id]) == 0


def test_what_it_was_associated_with_still_tells_its_name(own_database):
    cast = archived(own_database, 91)

    purging.purge(own_database)

    with own_database.transaction() as tx:
        told = links.of(tx, cast.ida, cast.havnen, cast.bo.object_type)
    assert [(one.what, one.name, one.exists) for one in told if one.other == cast.bo.id] == [
        ("removed", "Bo Ågård", False), ("created", "Bo Ågård", False),
    ]  # fmt: skip


def test_what_can_still_come_back_stays(own_database):
    cast = archived(own_database, 89)

    assert purging.purge(own_database) == 0
    with own_database.transaction() as tx:
        assert restoring.restore(tx, cast.ida, cast.bo.object_type, [cast.bo.id]).records == 1


def test_what_became_part_of_another_record_stays(own_database):
    with own_database.transaction() as tx:
        cast = gather(tx)
        merging.merge(tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.bo.id)
        aged(tx, 91)

    assert purging.purge(own_database) == 0
