"""What is written is what is read: every kind of value of every type, and any text at all."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as runs
from hypothesis import strategies as st

from kartotek.domain import records
from kartotek.store import tables
from tests.helpers.frames import frame_of, outcomes, typed, write

NASTY = [
    "a,b",
    'say "so"',
    "back\\slash",
    "{brace}",
    "NULL",
    "\\N",
    "\\.",
    "100 %",
    "%s",
    "%(x)s",
    "it's",
    "😀",
    "0012",
    "=1+1",
]
TEXTS = {
    "text": [*NASTY, "x" * 65_536],
    "multiline": [*NASTY, "one\ntwo\n\\.\nfour"],
    "number": ["1234567890123456789012345678901234567890.5", "-0.0001", "0", "1000000"],
    "date": ["2026-04-03", "1000-01-01", "9999-12-31"],
    "moment": ["2026-04-03T14:30:00.123Z", "1000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"],
    "boolean": ["true", "false"],
    "free_choices": ['a,b;say "so";back\\slash;{brace};NULL;null;it\'s', "one"],
    "email": ["o'hara+x%y@harbour.example"],
    "emails": ["one@harbour.example;two@harbour.example"],
    "domain": ["quay.example"],
    "domains": ["pier.example;xn--kj-lka.example"],
    "phone": ["+4533121314"],
    "term": ["P12M"],
    "attachments": ["17;https://harbour.example/offer.pdf"],
}


@pytest.mark.parametrize("name", ["contacts", "companies", "deals", "tickets", "products", "notes", "tasks", "calls"])
def test_every_kind_of_value_comes_back_as_it_was_written(tx, cast, name):
    one, texts = samples(cast, name)
    count = max(map(len, texts.values()))
    frame = frame_of([None] * count, **needed(one, count))
    frame = frame.with_columns(typed(one.properties[prop], padded(some, count)) for prop, some in texts.items())

    made = write(tx, cast, one, frame)
    ids = made.outcomes[name]["_id"].to_list()
    known = frame.with_columns(_id=pl.Series(ids, dtype=pl.Int64))
    same = write(tx, cast, one, known, clear=True)
    emptied = write(
        tx,
        cast,
        one,
        known.with_columns(pl.lit(None).cast(frame.schema[prop]).alias(prop) for prop in texts),
        clear=True,
    )
    changed = write(tx, cast, one, known)

    assert made.problems.to_dicts() == []
    assert [set(outcomes(done, one)) for done in (same, emptied, changed)] == [{"unchanged"}, {"updated"}, {"updated"}]
    found = records.many(tx, cast.ida, one, ids, list(texts))
    for prop, some in texts.items():
        assert [record.values[prop] for record in found] == padded(some, count), prop
    old = tx.value(
        "SELECT old FROM kartotek.changes WHERE record = %s AND old ->> %s IS NOT NULL", [ids[0], next(iter(texts))]
    )
    assert old == {prop: some[0] for prop, some in texts.items()}


@runs(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0;"), min_size=1), min_size=1),
)
def test_any_text_and_any_list_of_texts_comes_back(tx, cast, text, several):
    one = cast.ada.object_type
    frame = frame_of([cast.ada.id], message=[text], hs_facebook_click_id=[text])
    listed = next(p for p in one.properties.values() if p.kind == "free_choices" and p.tier == "extended")
    frame = frame.with_columns(pl.Series(listed.name, [several]))

    write(tx, cast, one, frame)

    [record] = records.many(tx, cast.ida, one, [cast.ada.id], ["message", "hs_facebook_click_id", listed.name])
    assert record.values == {"message": text, "hs_facebook_click_id": text, listed.name: ";".join(several)}


def test_any_number_of_extended_properties_is_updated_at_once(tx, cast):
    contacts = cast.ada.object_type
    plain = [
        p for p in contacts.properties.values() if p.tier == "extended" and p.kind in ("text", "boolean", "number")
    ]
    open_ = replace(contacts, properties=contacts.properties | {p.name: replace(p, read_only=False) for p in plain})
    texts = {p.name: {"boolean": "true", "number": "1"}.get(p.kind, "x") for p in plain}

    write(tx, cast, open_, frame_of([cast.ada.id], **{p.name: typed(p, [texts[p.name]]) for p in plain}))

    assert len(plain) > 60
    [ada] = records.many(tx, cast.ida, contacts, [cast.ada.id], list(texts))
    assert ada.values == texts


def texts_for(cast, prop):
    if prop.options:
        values = [option.value for option in prop.options[:3]]
        return [";".join(values), values[0]] if prop.kind == "choices" else values
    return [str(cast.person.id)] if prop.kind == "owner" else TEXTS[prop.kind]


def samples(cast, name):
    """Of each kind and tier that a type has, the first property that anybody may write, with some texts."""
    one = cast.known.object_type(name)
    found = {}
    for prop in one.properties.values():
        free = not (prop.read_only or prop.unique or tables.fact(prop) or prop.name in sum(one.needs, ()))
        if free and prop.name not in (one.pipeline, one.stage, one.dated):
            found.setdefault((prop.kind, prop.tier), prop)
    unique = [prop for prop in one.properties.values() if prop.unique and not prop.read_only and prop.kind != "text"]
    return one, {prop.name: texts_for(cast, prop) for prop in [*found.values(), *unique]}


def padded(texts, count):
    return [*texts, *[None] * (count - len(texts))]


def needed(one, count):
    """What a record of this type cannot do without, but for addresses."""
    first = {"pipeline": "default", "dealstage": "closedwon", "hs_pipeline": "0", "hs_pipeline_stage": "1"}
    found = {}
    for group in one.needs:
        prop = one.properties[group[0]]
        value = first.get(prop.name) or {"number": "1", "moment": "2026-01-01T00:00:00.000Z"}.get(prop.kind)
        value = value or (prop.options[0].value if prop.options else "needed")
        found[prop.name] = typed(prop, [value] * count)
    return found
