"""Search as somebody types: what is found, in which order, by whom, and what is not found any more."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, strategies

from kartotek.domain import (
    catalogue,
    erasing,
    imports,
    merging,
    object_types,
    purging,
    records,
    restoring,
    retyping,
    retypings,
    search,
)
from kartotek.model.filters import Query
from kartotek.model.imports import State
from kartotek.model.people import Rights
from kartotek.model.properties import Property
from kartotek.model.records import Batch, Changes
from kartotek.store import archivals, word_parts
from kartotek.store import words as directory
from kartotek.values import domain, words
from tests.cast import gather
from tests.helpers import databases, statements


def named(tx, actor, text, each=20):
    return [record.name for group in search.find(tx, actor, text, each=each) for record in group.records]


@pytest.fixture
def types(tx, cast):
    """Every object is known to the directory, as it is as soon as somebody has searched."""
    search.find(tx, cast.ida, "nobody", each=1)
    return catalogue.load(tx).object_types


@pytest.mark.parametrize(
    "text",
    [
        "soren", "Søren", "SOEREN", "kjaer", "Kjær sø", "kier@havn", "havneby", "kier.", "+45 20 30 40 50", "20304050",
        "0045 2030", "4520304050", "20-30", "skibs", "sø skibs kjær", "+45 2", "+45 20 3", "0045 20",
    ],
)  # fmt: skip
def test_any_word_of_a_record_finds_it_by_how_it_begins(tx, cast, types, text):
    records.create(
        tx, cast.ida, types["contacts"],
        {"firstname": "Søren", "lastname": "Kjær", "email": "kier@havneby.example", "phone": "+4520304050",
         "jobtitle": "Skibsfører"},
    )  # fmt: skip

    found = named(tx, cast.ida, text)

    assert "Søren Kjær" in found


@pytest.mark.parametrize("text", ["oren", "ren kjær", "søren havneby x", "", "...", "5040", "+45 3", "+"])
def test_what_does_not_begin_a_word_finds_nothing(tx, cast, types, text):
    records.create(tx, cast.ida, types["contacts"], {"firstname": "Søren", "lastname": "Kjær", "phone": "+4520304050"})

    found = named(tx, cast.ida, text)

    assert "Søren Kjær" not in found


def test_the_whole_name_comes_first_then_what_begins_so_then_the_rest(tx, cast, types):
    for name in ("Nye Voldby", "Voldby Strand", "Voldby", "Gamle Voldby"):
        records.create(tx, cast.ida, types["companies"], {"name": name})

    found = named(tx, cast.ida, "voldby")

    assert found[:2] == ["Voldby", "Voldby Strand"]
    assert set(found[2:]) == {"Nye Voldby", "Gamle Voldby"}


def test_the_object_with_the_best_hit_comes_first(tx, cast, types):
    records.create(tx, cast.ida, types["contacts"], {"firstname": "Bo", "lastname": "Voldby"})
    records.create(tx, cast.ida, types["companies"], {"name": "Voldby"})

    groups = search.find(tx, cast.ida, "voldby", each=5)

    assert [group.object_type.name for group in groups] == ["companies", "contacts"]


def test_a_group_says_whether_there_are_more(tx, cast, types):
    for number in range(4):
        records.create(tx, cast.ida, types["companies"], {"name": f"Voldby {number}"})

    few, many = (search.find(tx, cast.ida, "voldby", each=each)[0] for each in (3, 4))

    assert (len(few.records), few.more, many.more) == (3, True, False)


def test_a_record_is_found_by_what_it_says_now(tx, cast, types):
    one = records.create(tx, cast.ida, types["companies"], {"name": "Voldby"})

    records.update(tx, cast.ida, types["companies"], one.id, {"name": "Strandby"})

    assert named(tx, cast.ida, "voldby") == []
    assert named(tx, cast.ida, "strand") == ["Strandby"]


def test_an_archived_record_is_not_found_until_it_is_restored(tx, cast, types):
    one = records.create(tx, cast.ida, types["companies"], {"name": "Voldby"})

    records.archive(tx, cast.ida, types["companies"], [one.id])
    gone = named(tx, cast.ida, "voldby")
    restoring.restore(tx, cast.ida, types["companies"], [one.id])

    assert (gone, named(tx, cast.ida, "voldby")) == ([], ["Voldby"])


def test_a_merged_record_is_found_by_what_it_took_over(tx, cast, types):
    kept = records.create(tx, cast.ida, types["companies"], {"name": "Voldby"})
    gone = records.create(tx, cast.ida, types["companies"], {"name": "Strandby", "domain": "strandby.example"})

    merging.merge(tx, cast.ida, types["companies"], kept.id, gone.id)

    assert named(tx, cast.ida, "strandby.example") == ["Voldby"]


def test_nothing_of_an_erased_record_is_left_in_the_directory(tx, cast, types):
    one = records.create(tx, cast.ida, types["contacts"], {"firstname": "Qvist", "email": "qvist@voldby.example"})
    other = records.create(tx, cast.ida, types["contacts"], {"firstname": "Qvistgaard"})
    records.update(tx, cast.ida, types["contacts"], one.id, {"firstname": "Qvast"})

    erasing.erase(tx, cast.ida, types["contacts"], one.id, "Qvast")

    assert words_of(tx, one.id) == set()
    assert words_of(tx, other.id) == {"qvistgard", "=qvistgard"}
    assert tx.value("SELECT count(*) FROM kartotek.words WHERE first LIKE '%%qvast%%' OR last LIKE '%%qvast%%'") == 0
    assert named(tx, cast.ida, "qv") == ["Qvistgaard"]


def test_nothing_of_a_purged_record_is_left_in_the_directory(own_database):
    with own_database.transaction() as tx:
        actor = gather(tx).ida
        companies = catalogue.load(tx).object_type("companies")
        one = records.create(tx, actor, companies, {"name": "Voldby"})
        records.update(tx, actor, companies, one.id, {"name": "Strandby"})
        other = records.create(tx, actor, companies, {"name": "Voldby Havn"})
        records.archive(tx, actor, companies, [one.id])
        tx.run("UPDATE crm.companies SET _archived = now() - interval '91 days' WHERE _id = %s", [one.id])

    purging.purge(own_database)

    with own_database.transaction() as tx:
        assert words_of(tx, one.id) == set()
        assert named(tx, actor, "voldby") == ["Voldby Havn"] and "havn" in words_of(tx, other.id)


def test_the_directory_is_not_gone_through_for_each_part_of_what_is_purged(tx, cast, types):
    gone = [records.create(tx, cast.ida, types["companies"], {"name": f"Voldby {n}"}).id for n in range(6)]
    records.archive(tx, cast.ida, types["companies"], gone)
    tx.run("UPDATE crm.companies SET _archived = now() - interval '91 days' WHERE _archived IS NOT NULL")

    with statements.told(tx) as sent:
        purged = [archivals.purge(tx, types["companies"], 90, 2) for _ in range(3)]

    assert purged == [2, 2, 2] and len(sent) == 3


def test_who_sees_only_their_own_finds_only_their_own(tx, cast, types):
    records.create(tx, cast.ida, types["companies"], {"name": "Voldby Strand"})
    records.create(tx, cast.ida, types["companies"], {"name": "Voldby Skov", "hubspot_owner_id": str(cast.person.id)})
    reader = replace(cast.ida, rights=Rights(view={"companies": "own"}))
    nobody = replace(reader, rights=Rights())

    assert named(tx, reader, "voldby") == ["Voldby Skov"]
    assert named(tx, nobody, "voldby") == []


def test_what_stood_before_the_directory_is_found_all_the_same(tx, cast, types):
    records.create(tx, cast.ida, types["companies"], {"name": "Voldby"})
    tx.run("DELETE FROM kartotek.words")
    tx.run("DELETE FROM kartotek.word_parts")
    tx.run("DELETE FROM kartotek.words_known")

    found = named(tx, cast.ida, "voldby")

    assert found == ["Voldby"]


def test_parts_that_are_put_together_say_the_same(own_database):
    with own_database.transaction() as tx:
        actor = gather(tx).ida
        companies = catalogue.load(tx).object_type("companies")
        for number in range(40):
            records.create(tx, actor, companies, {"name": f"Voldby null {number}", "domain": f"d{number}.example"})
    with own_database.transaction() as tx:
        before = {text: set(named(tx, actor, text, each=50)) for text in ("voldby", "null", "d3", "voldby 12")}

    search.work(own_database)

    with own_database.transaction() as tx:
        assert tx.value("SELECT count(*) FROM kartotek.word_parts") <= directory.MANY
        assert {text: set(named(tx, actor, text, each=50)) for text in before} == before
        assert [len(one) for one in before.values()] == [40, 40, 11, 1]


def test_a_property_that_holds_something_else_is_searched_by_what_it_says_then(tx, cast):
    name = Property(0, "boats", "name", "Name", "string", "", "", required=True)
    boats = object_types.define(tx, cast.ida, "boats", "Boat", "Boats", [name])
    records.create(tx, cast.ida, boats, {"name": "20 30 40 50"})
    before = named(tx, cast.ida, "20304050")

    retypings.ask(tx, cast.ida, boats.properties["name"], retyping.Wish("phone"))

    assert (before, named(tx, cast.ida, "20304050")) == ([], ["20304050"])


def test_what_is_written_with_many_others_is_found_when_a_worker_has_read_it(own_database):
    with own_database.transaction() as tx:
        actor = gather(tx).ida
        write_many(tx, actor)
        search.follow(tx)
    with own_database.transaction() as tx:
        asked = tx.rows("SELECT lock FROM queue.procrastinate_jobs WHERE task_name = 'catching up'")
        before = named(tx, actor, "number4711", each=5)

    search.catch_up(own_database)

    with own_database.transaction() as tx:
        assert (before, len(asked)) == ([], 1)
        assert named(tx, actor, "number4711", each=5) == ["Voldby number4711"]
        assert not directory.is_behind(tx)


def test_while_an_import_writes_a_worker_leaves_words_for_a_moment_and_reads_them_when_it_ends(own_database):
    with own_database.transaction() as tx:
        actor = gather(tx).ida
        running = imports.begin(tx, actor, [], "Fleet", {}, ["companies"])
        write_many(tx, actor)
        search.follow(tx)
    search.catch_up(own_database)
    with own_database.transaction() as tx:
        before = catching_up(tx), named(tx, actor, "number4711", each=5)

        imports.finish(tx, running, State.DONE)
        search.follow(tx)

        asked = catching_up(tx)
    search.catch_up(own_database)
    with own_database.transaction() as tx:
        assert (before, asked) == ((0, []), 1)
        assert named(tx, actor, "number4711", each=5) == ["Voldby number4711"]


@pytest.mark.parametrize("written", ["-1 minute", "+1 minute"])
def test_while_an_import_writes_words_are_read_that_have_waited_or_were_written_before_the_clock_was_put_back(
    own_database, written
):
    with own_database.transaction() as tx:
        actor = gather(tx).ida
        imports.begin(tx, actor, [], "Fleet", {}, ["companies"])
        write_many(tx, actor)
        tx.run("UPDATE kartotek.words_due SET written = written + %s::interval", [written])
        search.follow(tx)
        asked = catching_up(tx)

    search.catch_up(own_database)

    with own_database.transaction() as tx:
        assert (asked, named(tx, actor, "number4711", each=5)) == (1, ["Voldby number4711"])


def write_many(tx, actor):
    """More than whose words are written at once."""
    search.find(tx, actor, "nobody", each=1)
    companies = catalogue.load(tx).object_type("companies")
    made = pl.DataFrame({"_key": range(6_000), "name": [f"Voldby number{i}" for i in range(6_000)]})
    frame = made.select("_key", "name", _id=pl.lit(None, pl.Int64))
    records.write(tx, actor, Batch((Changes(companies, frame),)))


def catching_up(tx):
    return len(tx.rows("SELECT id FROM queue.procrastinate_jobs WHERE task_name = 'catching up'"))


@pytest.mark.parametrize("text", ["møb", "møbler.dk", "moebler", "xn--mbler-vua.dk", "kj.example", "køj"])
def test_a_domain_is_found_by_its_own_letters_and_by_those_of_the_dns(tx, cast, types, text):
    made = {"name": "Nordisk", "domain": "møbler.dk", "hs_additional_domains": "køj.example;kj.example"}
    one = records.create(tx, cast.ida, types["companies"], made)
    written = named(tx, cast.ida, text)
    tx.run("DELETE FROM kartotek.words")
    directory.add(tx, types["companies"], pl.Series([one.id]))

    read = named(tx, cast.ida, text)

    assert written == read == ["Nordisk"]
    page = records.find(tx, cast.ida, types["companies"], Query(search=text), ())
    assert [record.id for record in page.records] == [one.id]


@given(strategies.text(strategies.characters(categories=["Ll", "Lo", "Nd"]), min_size=1, max_size=20))
def test_python_and_postgresql_know_the_letters_of_a_domain_alike(database, text):
    try:
        coded = f"{text}.example".encode("idna").decode("ascii")
    except UnicodeError:
        coded = "harbour.example"

    with database.transaction() as tx:
        read = tx.value("SELECT kartotek.own_letters(%s)", [coded])

    assert read == domain.own_letters(coded)


@pytest.mark.parametrize("text", ["xn--", "xn--9", "xn--99zzzzzzzzz", "xn--zzzzzzzzzzzzzzzzzzzzzzzz", "a;b", ""])
def test_what_is_no_such_domain_stays_as_it_is(tx, text):
    assert tx.value("SELECT kartotek.own_letters(%s)", [text]) == text


@given(strategies.text(max_size=40))
def test_python_and_postgresql_fold_alike(database, text):
    with database.transaction() as tx:
        told = text.replace("\0", "")
        folded = tx.value("SELECT kartotek.search_key(%s)", [told])

    assert folded == pl.select(words.fold(pl.lit(told))).item()


def test_words_that_are_due_of_an_object_that_is_new_meanwhile_are_read_too(own_database):
    with own_database.transaction() as tx:
        actor = gather(tx).ida
    with ThreadPoolExecutor(1) as other, own_database.transaction() as reading:
        directory.hold_reading(reading)
        caught_up = other.submit(search.catch_up, own_database)
        databases.wait_until_somebody_waits(own_database)
        with own_database.transaction() as tx:
            name = Property(0, "boats", "name", "Name", "string", "", "", required=True)
            boats = object_types.define(tx, actor, "boats", "Boat", "Boats", [name])
            one = records.create(tx, actor, boats, {"name": "Voldby"})
            tx.run("DELETE FROM kartotek.words")
            word_parts.send(tx, word_parts.Due.of(boats, pl.Series([one.id])))
    caught_up.result()

    with own_database.transaction() as tx:
        assert words_of(tx, one.id) == {"voldby", "=voldby"}


def words_of(tx, record):
    rows = tx.rows(
        "SELECT coalesce(u.word, last) AS word FROM kartotek.words, unnest(words, records) AS u(word, record) "
        "WHERE u.record = %s",
        [record],
    )
    return {row["word"] for row in rows}
