"""A label that many associations carry goes part by part, and nobody waits for it."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from kartotek import errors
from kartotek.domain import association_types, catalogue, label_removals, people
from kartotek.model.people import ROLES
from tests.cast import gather
from tests.helpers.associating import BILLING, advisor, linked, written


@pytest.fixture
def crew(own_database, monkeypatch):
    """Three associations with the label, two of them with another one as well; more than are changed at once."""
    monkeypatch.setattr(label_removals, "AT_ONCE", 1)
    with own_database.transaction() as tx:
        cast = gather(tx)
        label = advisor(tx, cast)
        for one, other in ((cast.ada, cast.havnen), (cast.bo, cast.havnen), (cast.cleo, cast.nordlys)):
            linked(tx, cast, one, other, [label])
        linked(tx, cast, cast.ada, cast.havnen, [BILLING])
    return SimpleNamespace(cast=cast, label=label, ida=cast.ida, person=cast.person)


def ask(database, crew):
    with database.transaction() as tx:
        return label_removals.ask(tx, crew.ida, crew.label)


def still(database, crew):
    with database.transaction() as tx:
        return association_types.carried(tx, crew.ida, crew.label)


def test_what_few_carry_is_gone_at_once(tx, cast):
    id = advisor(tx, cast)
    linked(tx, cast, cast.ada, cast.havnen, [id])

    assert label_removals.ask(tx, cast.ida, id) is None
    assert catalogue.load(tx).association_type(id) is None and written(tx) == []


def test_what_many_carry_goes_part_by_part_and_history_says_who_took_it_off(own_database, crew):
    asked = ask(own_database, crew)
    before = still(own_database, crew)

    label_removals.work(own_database, asked.type, lambda: None, size=1)

    with own_database.transaction() as tx:
        rows = tx.rows("SELECT what, type, ended_actor, ended_source, first_name FROM kartotek.association_history")
        assert (asked.rows, asked.done, before) == (3, 0, 3)
        assert {(row["what"], row["ended_actor"], row["ended_source"]) for row in rows} == {
            ("label", crew.person.id, "USER")
        }
        assert {row["first_name"] for row in rows} == {crew.cast.ada.name, crew.cast.bo.name, crew.cast.cleo.name}
        assert [type for *_, type in written(tx)] == [BILLING]
        assert catalogue.load(tx).association_type(crew.label) is None
        assert label_removals.under_way(tx, crew.ida) == {}


def test_a_worker_that_is_killed_leaves_the_rest_to_the_next(own_database, crew):
    asked = ask(own_database, crew)

    def killed():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        label_removals.work(own_database, asked.type, killed, size=2)
    left = still(own_database, crew)
    with own_database.transaction() as tx:
        told = label_removals.under_way(tx, crew.ida)[asked.type]
    label_removals.work(own_database, asked.type, lambda: None, size=2)

    assert (left, told.done, told.percent) == (1, 2, 66)
    with own_database.transaction() as tx:
        assert catalogue.load(tx).association_type(crew.label) is None


def test_who_gets_the_label_meanwhile_loses_it_with_the_others(own_database, crew):
    asked = ask(own_database, crew)
    given = iter([True])

    def another():
        if next(given, False):
            with own_database.transaction() as tx:
                linked(tx, crew.cast, crew.cast.ada, crew.cast.nordlys, [crew.label])

    label_removals.work(own_database, asked.type, another, size=3)

    with own_database.transaction() as tx:
        assert [type for *_, type in written(tx)] == [BILLING]
        assert catalogue.load(tx).association_type(crew.label) is None


def test_who_may_change_settings_no_more_stops_it_and_another_goes_on(own_database, crew):
    asked = ask(own_database, crew)
    with own_database.transaction() as tx:
        tx.run("UPDATE kartotek.people SET role = 'member' WHERE id = %s", [crew.person.id])
        assert not people.actor_of(people.get(tx, crew.person.id)).rights.settings

    label_removals.work(own_database, asked.type, lambda: None)

    with own_database.transaction() as tx:
        stopped = label_removals.under_way(tx, crew.ida)[asked.type]
        assert stopped.message and stopped.done == 0
        again = label_removals.ask(tx, crew.ida, crew.label)
        assert again is not None and again.message is None


def test_who_may_not_change_settings_removes_none(tx, cast):
    member = replace(cast.ida, rights=ROLES["member"])

    with pytest.raises(errors.NotAllowed):
        label_removals.ask(tx, member, advisor(tx, cast))
    with pytest.raises(errors.NotAllowed):
        label_removals.under_way(tx, member)
