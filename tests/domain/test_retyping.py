"""A property becomes another kind: foreseen over all values, done in one go, what was stays in history."""

from dataclasses import replace

import pytest

from kartotek import errors
from kartotek.domain import catalogue, definitions, history, limits, properties, records, retyping, retypings
from kartotek.domain.retyping import Wish
from kartotek.model.people import Rights
from kartotek.model.properties import Option
from kartotek.values.limits import Limits


def contacts(tx):
    return catalogue.load(tx).object_type("contacts")


def define(tx, cast, kind, name="size", **more):
    type, field_type = properties.KINDS[kind]
    return properties.define(tx, cast.ida, contacts(tx), name, "Boat size", type=type, field_type=field_type, **more)


def write(tx, cast, name, *texts):
    for record, text in zip((cast.ada, cast.bo, cast.cleo), texts, strict=False):
        records.update(tx, cast.ida, contacts(tx), record.id, {name: text})


def read(tx, cast, name="size"):
    found = records.many(tx, cast.ida, contacts(tx), [cast.ada.id, cast.bo.id, cast.cleo.id], [name])
    return [record.values[name] for record in found]


def become(tx, cast, prop, kind, **formats):
    done = retypings.ask(tx, cast.ida, prop, Wish(kind, **formats))
    assert done.finished
    return done, contacts(tx).properties[prop.name]


def test_a_text_becomes_a_number_and_what_is_none_is_told_and_lost(tx, cast):
    made = define(tx, cast, "text")
    write(tx, cast, "size", "14,5", "1.000", "long")

    told = retyping.preview(tx, cast.ida, made, Wish("number"))
    before = read(tx, cast)
    done, _ = become(tx, cast, made, "number")

    assert before == ["14,5", "1.000", "long"]
    assert (told.wish.numbers, told.records, told.losing, told.lost) == ("DK", 3, 1, (("long", 1),))
    assert (done.rows, done.lost) == (3, 1) and read(tx, cast) == ["14.5", "1000", None]
    assert contacts(tx).properties["size"].kind == "number"


def test_what_records_said_before_stays_in_their_history(tx, cast):
    made = define(tx, cast, "text")
    write(tx, cast, "size", "14", "none")

    become(tx, cast, made, "number")

    def said(record):
        now = records.get(tx, cast.ida, contacts(tx), record.id)
        return [(entry.old, entry.new) for entry in history.of(tx, cast.ida, now, "size")]

    assert said(cast.bo) == [("none", None), (None, "none")] and said(cast.ada) == [(None, "14")]


@pytest.mark.parametrize(
    ("before", "texts", "after", "formats", "become_so"),
    [
        ("text", ["3-4-2026", "2026-12-31", "31-12-26"], "date", {}, ["2026-04-03", "2026-12-31", "2026-12-31"]),
        ("text", ["3-4-2026", "3/5/2026"], "date", {"dates": "MDY"}, ["2026-03-04", "2026-03-05", None]),
        ("number", ["14.5", "2"], "text", {}, ["14.5", "2", None]),
        ("text", ["ja", "No", "perhaps"], "boolean", {}, ["true", "false", None]),
        ("boolean", ["true", "false"], "text", {}, ["Yes", "No", None]),
        ("moment", ["2026-04-03 10:15"], "date", {}, ["2026-04-03", None, None]),
        ("date", ["2026-04-03"], "moment", {}, ["2026-04-03T00:00:00.000Z", None, None]),
        ("text", ["Red; Blue", "red"], "choices", {}, ["Red;Blue", "Red", None]),
        ("text", ["a", "b"], "multiline", {}, ["a", "b", None]),
        ("date", ["2026-04-03"], "number", {}, [None, None, None]),
    ],
)
def test_values_are_read_as_the_new_kind_reads_them(tx, cast, before, texts, after, formats, become_so):
    made = define(tx, cast, before)
    write(tx, cast, "size", *texts)

    become(tx, cast, made, after, **formats)

    assert sorted(map(str, read(tx, cast))) == sorted(map(str, become_so))


def test_options_are_made_from_the_values(tx, cast):
    made = define(tx, cast, "text")
    write(tx, cast, "size", "Large", "large", "Small")

    _, now = become(tx, cast, made, "choice")

    assert {option.label for option in now.options} == {"Large", "Small"} or len(now.options) == 2
    assert len({text.lower() for text in read(tx, cast)}) == 2
    write(tx, cast, "size", "SMALL")
    assert read(tx, cast)[0] == "Small"


def test_options_made_from_numbers_stand_in_the_order_of_numbers(tx, cast):
    made = define(tx, cast, "number")
    write(tx, cast, "size", "54", "6", "54")

    told = retyping.preview(tx, cast.ida, made, Wish("text"))
    _, now = become(tx, cast, made, "choice")

    assert [option.label for option in now.options] == ["6", "54"]
    assert [value for value, _, _ in told.kept] == ["54", "6"], "the most frequent first"


def test_values_that_are_equally_frequent_are_told_from_the_smallest_number_on(tx, cast):
    made = define(tx, cast, "number")
    write(tx, cast, "size", "54", "6", "7")

    told = retyping.preview(tx, cast.ida, made, Wish("date"))

    assert told.lost == (("6", 1), ("7", 1), ("54", 1))


def test_options_become_the_words_that_people_read(tx, cast):
    made = define(tx, cast, "choice", options=[Option("g", "Gold"), Option("s", "Silver")])
    write(tx, cast, "size", "g", "s")

    become(tx, cast, made, "text")

    assert read(tx, cast) == ["Gold", "Silver", None] and not contacts(tx).properties["size"].options


def test_several_options_become_one_only_where_there_is_one(tx, cast):
    made = define(tx, cast, "choices", options=[Option("g", "Gold"), Option("s", "Silver")])
    write(tx, cast, "size", "g;s", "s")

    done, _ = become(tx, cast, made, "choice")

    assert (done.lost, read(tx, cast)) == (1, [None, "s", None])


def test_a_property_without_a_column_of_its_own_becomes_another_kind(tx, cast, monkeypatch):
    monkeypatch.setattr("kartotek.store.tables.MOST_COLUMNS", 0)
    made = define(tx, cast, "text")
    write(tx, cast, "size", "14,5", "long")

    become(tx, cast, made, "number")

    assert made.spilled and read(tx, cast) == ["14.5", None, None]


def test_unique_values_go_on_to_be_held_as_they_are_written_now(tx, cast):
    made = define(tx, cast, "text", unique=True)
    write(tx, cast, "size", "007", "8")

    become(tx, cast, made, "number")

    with pytest.raises(errors.Unfit, match="already belongs"):
        write(tx, cast, "size", "8")


def test_two_unique_values_that_would_become_one_are_refused(tx, cast):
    made = define(tx, cast, "text", unique=True)
    write(tx, cast, "size", "07", "7")

    with pytest.raises(errors.Invalid, match="would become the same value"):
        become(tx, cast, made, "number")
    with pytest.raises(errors.Invalid, match="cannot become this"):
        become(tx, cast, made, "date")


def test_what_comes_with_kartotek_goes_on_to_hold_what_it_holds(tx, cast):
    with pytest.raises(errors.Invalid, match="comes with Kartotek"):
        become(tx, cast, contacts(tx).properties["city"], "number")


def test_who_may_not_see_and_edit_every_record_retypes_nothing(tx, cast):
    made = define(tx, cast, "text")
    narrow = replace(cast.ida, rights=Rights({"*": "all"}, {"*": "own"}, properties=True))

    with pytest.raises(errors.NotAllowed):
        retyping.preview(tx, narrow, made, Wish("number"))
    with pytest.raises(errors.NotAllowed):
        retypings.ask(tx, narrow, made, Wish("number"))


def test_rules_that_fit_the_new_kind_stay_and_others_go(tx, cast):
    made = define(tx, cast, "text")
    limits.set_limits(tx, cast.ida, made, Limits(longest=5))

    _, longer = become(tx, cast, made, "multiline")
    _, number = become(tx, cast, longer, "number")

    assert longer.limits.longest == 5 and not number.limits


def test_an_index_made_for_sorting_does_not_stand_in_the_way(tx, cast):
    made = define(tx, cast, "text")
    tx.run(f"CREATE INDEX sorted_{made.id} ON crm.contacts ((kartotek.sort_key(size)), _id DESC)")

    become(tx, cast, made, "number")

    assert tx.value(f"SELECT to_regclass('crm.sorted_{made.id}')") is None
    assert definitions.uses(tx, cast.ida, contacts(tx).properties["size"]).views == ()
