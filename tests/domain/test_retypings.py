"""A property becomes another kind as a job: part by part, while others read, write, import and erase."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from kartotek import errors
from kartotek.domain import catalogue, definitions, erasing, history, properties, records, retypings
from kartotek.domain.retyping import Wish
from tests.cast import gather
from tests.helpers.bulk import many, values

COUNT = 120  # more than are done at once


class Killed(Exception):
    pass


@pytest.fixture
def crew(own_database):
    with own_database.transaction() as tx:
        return gather(tx)


@pytest.fixture
def ids(own_database, crew):
    """Contacts whose size is a number as a text, but for the first one."""
    with own_database.transaction() as tx:
        properties.define(tx, crew.ida, contacts(tx), "size", "Boat size")
        made = many(tx, crew.ida, contacts(tx), COUNT, size="14,50")
        say(tx, crew, made[0], "long")
    return made


def contacts(tx):
    return catalogue.load(tx).object_type("contacts")


def say(tx, crew, id, text):
    records.update(tx, crew.ida, contacts(tx), id, {"size": text})


def ask(database, crew, kind="number"):
    with database.transaction() as tx:
        return retypings.ask(tx, crew.ida, contacts(tx).properties["size"], Wish(kind)).id


def go_on(database, id, tell=lambda: None):
    retypings.work(database, id, tell, 25)


def after(parts, do):
    """Told after each part: does this once."""
    left = [parts]

    def tell():
        left[0] -= 1
        if left[0] == 0:
            do()

    return tell


def told(database, crew, id, ids):
    with database.transaction() as tx:
        said = values(tx, crew.ida, contacts(tx), ids, "size")
        extra = tx.rows(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'crm.contacts'::regclass AND attname ~ '^_(new|old)_'"
        )
        return retypings.get(tx, crew.ida, id), said, extra


def past(database, crew, id):
    with database.transaction() as tx:
        one = records.get(tx, crew.ida, contacts(tx), id)
        return [(entry.old, entry.new) for entry in history.of(tx, crew.ida, one, "size")]


def test_many_are_left_to_a_worker_and_seen_all_at_once(own_database, crew, ids):
    id = ask(own_database, crew)
    seen = []

    def look():
        with own_database.transaction() as tx:
            seen.append((contacts(tx).properties["size"].kind, values(tx, crew.ida, contacts(tx), ids[:2], "size")))

    go_on(own_database, id, look)

    done, said, extra = told(own_database, crew, id, ids)
    assert (done.finished is not None, done.rows, done.lost) == (True, COUNT, 1)
    assert said == [None] + ["14.5"] * (COUNT - 1) and extra == []
    assert {str(one) for one in seen} == {str(("text", ["long", "14,50"])), str(("number", [None, "14.5"]))}
    assert past(own_database, crew, ids[0])[0] == ("long", None)
    assert past(own_database, crew, ids[1]) == [("14,50", "14.5"), (None, "14,50")]


@pytest.mark.parametrize("parts", range(1, 18))
def test_whenever_it_is_killed_and_somebody_writes_nothing_is_lost_or_done_twice(own_database, crew, ids, parts):
    id = ask(own_database, crew)

    def write_and_die():
        with own_database.transaction() as tx:
            say(tx, crew, ids[3], "725")
            say(tx, crew, ids[90], None)
            records.create(tx, crew.ida, contacts(tx), {"firstname": "Late", "size": "9"})
        raise Killed

    try:
        go_on(own_database, id, after(parts, write_and_die))
    except Killed:
        go_on(own_database, id)

    done, said, extra = told(own_database, crew, id, [ids[1], ids[3], ids[90]])
    wrote = past(own_database, crew, ids[90])
    assert done.finished and extra == [] and said[0] == "14.5"
    if said[1:] == ["14.5", "14.5"]:  # it was done before
        assert wrote == [("14,50", "14.5"), (None, "14,50")]
    else:
        assert said[1:] == ["725", None]
        before, after_it = [("14,50", None), (None, "14,50")], [("14.5", None), ("14,50", "14.5"), (None, "14,50")]
        assert wrote == (before if parts < 9 else after_it)


def test_who_writes_at_the_moment_of_the_switch_writes_the_new_kind(own_database, crew, ids):
    id = ask(own_database, crew)
    with own_database.transaction() as tx:
        while tx.query("retypings.claim", {"id": id})[0]["phase"] != "switching":
            retypings._next(tx, id, 25)

    with ThreadPoolExecutor() as pool, own_database.transaction() as tx:
        retypings._next(tx, id, 25)
        waits = pool.submit(own_database.retried, lambda tx: say(tx, crew, ids[5], "8.75"))
        while not tx.value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            time.sleep(0.01)
        tx.connection.commit()
        waits.result()
    go_on(own_database, id)

    _, said, _ = told(own_database, crew, id, [ids[5]])
    assert said == ["8.75"] and past(own_database, crew, ids[5])[0] == ("14.5", "8.75")


def test_stopped_before_the_switch_all_stays_as_it_was(own_database, crew, ids):
    id = ask(own_database, crew)

    def stop():
        with own_database.transaction() as tx:
            retypings.cancel(tx, crew.ida, id)

    go_on(own_database, id, after(3, stop))

    done, said, extra = told(own_database, crew, id, ids[:2])
    assert done.finished and not done.switched and said == ["long", "14,50"] and extra == []
    assert len(past(own_database, crew, ids[1])) == 1
    go_on(own_database, ask(own_database, crew))
    assert told(own_database, crew, id, ids[:2])[1] == [None, "14.5"]


def test_an_import_that_writes_the_property_goes_first(own_database, crew, ids):
    id = ask(own_database, crew)
    with own_database.transaction() as tx:
        other = tx.value(
            "INSERT INTO kartotek.imports (name, state, plan, files) VALUES ('boats', 'PROCESSING', %s, '{}')"
            " RETURNING id",
            ['{"columns": [{"property": "size", "object_type": "contacts"}]}'],
        )

    with pytest.raises(errors.Unavailable, match="An import is writing Boat size now"):
        go_on(own_database, id)

    waiting, said, _ = told(own_database, crew, id, ids[:2])
    assert "An import" in waiting.waiting and said == ["long", "14,50"]
    with own_database.transaction() as tx:
        tx.run("UPDATE kartotek.imports SET state = 'DONE' WHERE id = %s", [other])
    go_on(own_database, id)
    assert told(own_database, crew, id, ids[:2])[1] == [None, "14.5"]


def test_what_would_be_the_same_unique_value_twice_is_told_and_nothing_is_done(own_database, crew):
    with own_database.transaction() as tx:
        made = properties.define(tx, crew.ida, contacts(tx), "size", "Boat size", unique=True)
        ids = many(tx, crew.ida, contacts(tx), COUNT)
        for number, id in enumerate(ids[:101]):
            say(tx, crew, id, f"{number:03}")
        say(tx, crew, ids[101], "7")
    id = ask(own_database, crew)

    go_on(own_database, id)

    done, said, extra = told(own_database, crew, id, [ids[7]])
    assert "“007” and “7” would become the same value" in done.message and said == ["007"] and extra == []
    assert made.unique


def test_words_that_come_while_options_are_made_become_options(own_database, crew, ids):
    id = ask(own_database, crew, "choice")

    def write():
        with own_database.transaction() as tx:
            say(tx, crew, ids[3], "Huge")
            say(tx, crew, ids[4], "LONG")

    go_on(own_database, id, after(2, write))

    _, said, _ = told(own_database, crew, id, ids[:5])
    with own_database.transaction() as tx:
        options = {option.value for option in contacts(tx).properties["size"].options}
    assert options == {"14,50", "long", "Huge"} and said == ["long", "14,50", "14,50", "Huge", "long"]


def test_what_is_erased_meanwhile_is_in_no_history(own_database, crew, ids):
    id = ask(own_database, crew)

    def erase():
        with own_database.transaction() as tx:
            assert contacts(tx).properties["size"].kind == "number"
            erasing.erase(tx, crew.ida, contacts(tx), ids[100], "Number 100")

    go_on(own_database, id, after(10, erase))

    with own_database.transaction() as tx:
        assert tx.value("SELECT count(*) FROM kartotek.changes WHERE record = %s", [ids[100]]) == 0
    assert told(own_database, crew, id, ids[:2])[0].finished


def test_nothing_else_of_it_changes_meanwhile(own_database, crew, ids):
    ask(own_database, crew)

    with own_database.transaction() as tx:
        prop = contacts(tx).properties["size"]
        for verb in (
            partial(retypings.ask, tx, crew.ida, prop, Wish("date")),
            partial(definitions.archive, tx, crew.ida, prop),
            partial(definitions.make_unique, tx, crew.ida, prop),
        ):
            with pytest.raises(errors.Conflict, match="becoming another kind"):
                verb()


def test_who_has_left_changes_nothing_more(own_database, crew, ids):
    id = ask(own_database, crew)
    with own_database.transaction() as tx:
        tx.run("UPDATE kartotek.people SET archived = now() WHERE id = %s", [crew.ida.person])

    go_on(own_database, id)

    assert "is not here any more" in told(own_database, crew, id, ids[:2])[0].message


def test_no_value_twice_is_a_job_too_where_there_are_many(own_database, crew):
    with own_database.transaction() as tx:
        prop = properties.define(tx, crew.ida, contacts(tx), "size", "Boat size")
        ids = many(tx, crew.ida, contacts(tx), COUNT)
        for number, id in enumerate(ids[:101]):
            say(tx, crew, id, str(number))
        say(tx, crew, ids[101], "7")
        first = retypings.make_unique(tx, crew.ida, prop)
    assert first.finished is None
    go_on(own_database, first.id)
    refused, _, _ = told(own_database, crew, first.id, ids[:1])
    with own_database.transaction() as tx:
        say(tx, crew, ids[101], None)
        second = retypings.make_unique(tx, crew.ida, prop)

    go_on(own_database, second.id)

    assert "Two contacts have “7”" in refused.message and not told(own_database, crew, second.id, ids)[0].message
    with own_database.transaction() as tx, pytest.raises(errors.Unfit, match="already belongs"):
        say(tx, crew, ids[101], "8")
