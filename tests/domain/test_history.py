"""What a record said, and who changed it."""

from kartotek.domain import history, records
from kartotek.model.records import Source


def told(tx, cast, record, prop=None):
    now = records.get(tx, cast.ida, record.object_type, record.id)
    return history.of(tx, cast.ida, now, prop)


def earlier(tx):
    """What has happened so far, happened a day before what comes."""
    tx.run("UPDATE kartotek.changes SET at = at - interval '1 day'")


def test_a_record_that_nobody_changed_has_no_history(tx, cast):
    assert told(tx, cast, cast.ada) == []


def test_every_change_tells_what_was_and_what_became_of_it_newest_first(tx, cast):
    contacts = cast.ada.object_type
    for jobtitle in ("Pilot", "Captain", ""):
        earlier(tx)
        records.update(tx, cast.ida, contacts, cast.ada.id, {"jobtitle": jobtitle})

    entries = told(tx, cast, cast.ada)

    assert [(one.property, one.old, one.new) for one in entries] == [
        ("jobtitle", "Captain", None), ("jobtitle", "Pilot", "Captain"), ("jobtitle", None, "Pilot"),
    ]  # fmt: skip
    assert [one.at for one in entries] == sorted((one.at for one in entries), reverse=True)


def test_changes_of_one_moment_stand_in_their_order_too(tx, cast):
    for name in ("one", "two", "three"):
        records.update(tx, cast.ida, cast.ada.object_type, cast.ada.id, {"jobtitle": name})

    assert [one.new for one in told(tx, cast, cast.ada)] == ["three", "two", "one"]


def test_history_of_one_property_leaves_the_others_out(tx, cast):
    records.update(tx, cast.ida, cast.ada.object_type, cast.ada.id, {"jobtitle": "Pilot", "firstname": "Adda"})

    assert [(one.old, one.new) for one in told(tx, cast, cast.ada, "firstname")] == [("Ada", "Adda"), (None, "Ada")]


def test_a_change_names_who_made_it_and_by_which_way(tx, cast):
    importing = cast.ida.acting_for(Source.IMPORT, 12)
    records.update(tx, importing, cast.ada.object_type, cast.ada.id, {"jobtitle": "Pilot"})

    [entry] = told(tx, cast, cast.ada)

    assert (entry.origin.actor, entry.origin.source, entry.origin.source_id) == ("Ida Lund", Source.IMPORT, 12)
