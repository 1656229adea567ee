"""Labels for a pair of objects: made, renamed, removed (records-and-associations.md 3)."""

from dataclasses import replace

import pytest

from kartotek import errors
from kartotek.domain import association_types, associations, catalogue, object_types, records
from kartotek.model.people import ROLES
from kartotek.model.properties import Property
from tests.helpers.associating import BILLING, advisor, labels_of, linked, manager, written


def define(tx, cast, label, inverse=None, name=None, *, one="contacts", other="companies"):
    known = catalogue.load(tx)
    return association_types.define(
        tx, cast.ida, known.object_type(one), known.object_type(other), label, inverse, name
    )


def test_a_single_label_is_there_in_both_directions(tx, cast):
    there, back = define(tx, cast, "Landlord ")

    known = catalogue.load(tx)
    assert [one.label for one in (there, back)] == ["Landlord"] * 2
    assert there in known.labels("contacts", "companies") and back in known.labels("companies", "contacts")
    assert (there.inverse, back.inverse) == (back.id, there.id)
    assert there.name == back.name == "landlord" and there.is_own


def test_a_single_label_within_one_object_is_one_type(tx, cast):
    [made] = define(tx, cast, "Friend", one="contacts", other="contacts")

    linked(tx, cast, cast.ada, cast.bo, [made.id])

    assert labels_of(tx, cast, cast.ada, cast.bo) == labels_of(tx, cast, cast.bo, cast.ada) == ["Friend"]


def test_numbers_of_removed_labels_are_not_given_again(tx, cast):
    first = define(tx, cast, "Landlord")[0].id
    association_types.remove(tx, cast.ida, first)

    again = define(tx, cast, "Landlord")[0].id

    assert again > first and association_types.names(tx)[first] == "Landlord"


@pytest.mark.parametrize("name", ["board-member", "1st", "Board", "bød", ""])
def test_an_internal_name_has_no_hyphen_and_begins_with_no_figure(tx, cast, name):
    if name:
        with pytest.raises(errors.Invalid, match="cannot be a label's internal name"):
            define(tx, cast, "Board member", name=name)
    else:
        assert define(tx, cast, "1st board-member")[0].name == "label_1st_board_member"


@pytest.mark.parametrize(
    ("label", "inverse", "why"),
    [
        ("  ", None, "needs a word"),
        ("x" * 101, None, "too long"),
        ("One; other", None, "no semicolon"),
        ("billing", None, "already"),
        ("Primary", None, "already"),
        ("Landlord", "BILLING", "already"),
    ],
)
def test_words_that_cannot_be_are_refused(tx, cast, label, inverse, why):
    with pytest.raises(errors.KartotekError, match=why):
        define(tx, cast, label, inverse)


def test_elsewhere_a_label_may_be_called_primary_and_has_no_rule_of_its_own(tx, cast):
    made = define(tx, cast, "Primary", one="deals", other="contacts")[0].id

    linked(tx, cast, cast.deal, cast.ada, [made])
    linked(tx, cast, cast.deal, cast.bo, [made])

    assert labels_of(tx, cast, cast.deal, cast.ada) == labels_of(tx, cast, cast.deal, cast.bo) == ["Primary"]
    assert not any(one.primary for one in associations.of(tx, cast.ida, cast.deal, cast.ada.object_type))


def test_two_objects_have_fifty_labels_at_most(tx, cast):
    define(tx, cast, "The first of our own")
    # The like of it, 47 times: to define each by itself reads the catalogue anew each time, which took half a minute.
    tx.run("""
        INSERT INTO kartotek.association_types (id, category, from_type, to_type, kind, name, label, inverse)
        SELECT id + 100 * n, category, from_type, to_type, kind, name || n, label || n, inverse + 100 * n
          FROM kartotek.association_types, generate_series(1, 47) AS n
         WHERE name = 'the_first_of_our_own'
    """)
    tx.run("UPDATE kartotek.catalogue SET version = version + 1")
    define(tx, cast, "The last that may be")

    with pytest.raises(errors.Invalid, match="50 labels at most"):
        define(tx, cast, "One too many")


def test_activities_have_no_labels(tx, cast):
    with pytest.raises(errors.Invalid, match="and your own objects have labels"):
        define(tx, cast, "Host", one="contacts", other="meetings")


def test_a_label_gets_other_words_and_keeps_its_name_and_its_associations(tx, cast):
    made = advisor(tx, cast)
    linked(tx, cast, cast.bo, cast.havnen, [made])

    association_types.rename(tx, cast.ida, made, "Counsels", "Counsel")

    assert labels_of(tx, cast, cast.bo, cast.havnen) == ["Counsels"]
    assert labels_of(tx, cast, cast.havnen, cast.bo) == ["Counsel"]
    assert catalogue.load(tx).association_type(made).name == "advises"


def test_a_label_may_keep_one_of_its_words(tx, cast):
    association_types.rename(tx, cast.ida, advisor(tx, cast), "Advises", "Counsel")

    assert {one.label for one in catalogue.load(tx).labels("companies", "contacts")} == {"Billing", "Counsel"}


def test_a_single_label_does_not_become_a_paired_one(tx, cast):
    [made] = define(tx, cast, "Friend", one="contacts", other="contacts")

    with pytest.raises(errors.Invalid, match="one word for both ends"):
        association_types.rename(tx, cast.ida, made.id, "Friend", "Foe")


@pytest.mark.parametrize("id", [BILLING, 13])
def test_the_labels_that_come_with_kartotek_stay(tx, cast, id):
    with pytest.raises(errors.Invalid, match="comes with Kartotek"):
        association_types.rename(tx, cast.ida, id, "Other")
    with pytest.raises(errors.Invalid, match="comes with Kartotek"):
        association_types.remove(tx, cast.ida, id)


def test_a_removed_label_leaves_the_associations_and_a_line_in_their_history(tx, cast):
    boss = manager(tx, cast)
    linked(tx, cast, cast.ada, cast.bo, [boss])
    linked(tx, cast, cast.bo, cast.cleo, [boss + 1])
    linked(tx, cast, cast.bo, cast.havnen, [BILLING])
    before = association_types.carried(tx, cast.ida, boss)

    removed = association_types.remove(tx, cast.ida, boss + 1)

    assert before == removed == 2
    assert [type for *_, type in written(tx)] == [BILLING]
    assert len(associations.of(tx, cast.ida, cast.bo, cast.ada.object_type)) == 2
    rows = tx.rows("SELECT * FROM kartotek.association_history ORDER BY first")
    assert {(row["what"], row["ended_source"], row["ended_actor"]) for row in rows} == {
        ("label", "USER", cast.person.id)
    }
    assert {row["first_name"] for row in rows} == {"Ada Holm", "Bo Ågård"}


def test_who_may_not_change_settings_defines_no_labels(tx, cast):
    member = replace(cast, ida=replace(cast.ida, rights=ROLES["member"]))

    with pytest.raises(errors.NotAllowed):
        define(tx, member, "Landlord")
    with pytest.raises(errors.NotAllowed):
        association_types.remove(tx, member.ida, advisor(tx, cast))


def test_records_of_two_objects_are_associated_once_that_is_defined(tx, cast):
    boats = object_types.define(
        tx, cast.ida, "boats", "Boat", "Boats", [Property(0, "boats", "hull", "Hull", "string", "text", "information")],
        associated=["companies"],
    )  # fmt: skip
    boat = records.create(tx, cast.ida, boats, {"hull": "H1"})
    with pytest.raises(errors.Invalid, match="that association is not defined"):
        linked(tx, cast, boat, cast.deal)

    association_types.connect(tx, cast.ida, boats, cast.deal.object_type)

    assert linked(tx, cast, boat, cast.deal) == 1
    assert linked(tx, cast, cast.nordlys, boat) == 1
    assert records.get(tx, cast.ida, boats, boat.id).primary == cast.nordlys.id
