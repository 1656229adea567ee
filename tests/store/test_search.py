"""Which records, in which order, how many."""

from dataclasses import replace

import pytest
from hypothesis import given, strategies

from kartotek import errors
from kartotek.domain import records
from kartotek.model.filters import Filter, Query
from kartotek.model.people import Narrowing
from kartotek.store import search
from kartotek.store.search import finding
from tests.helpers import statements

ALL = Narrowing("all")
WEIGHT = "hs_analytics_num_visits"  # a number that lives in _extra
MORNING, EVENING = "2026-04-03T08:00:00.000Z", "2026-04-03T20:00:00.000Z"


@pytest.fixture
def contacts(cast):
    """The type, with the extended properties open to be written: some are kept by HubSpot itself."""
    one = cast.ada.object_type
    return replace(one, properties={name: replace(prop, read_only=False) for name, prop in one.properties.items()})


@pytest.fixture
def crew(tx, cast, contacts):
    """Five sailors, in this order; who finds them, finds them by their first letters."""
    rows = [
        {"firstname": "Zoë", "lastname": "50% off", "hs_lead_status": "NEW", "email": "zoe@north.example"},
        {"firstname": "Øjvind", "lastname": "a_b", "hs_lead_status": "OPEN", "email": "ojvind@north.example"},
        {"firstname": "Émile", "lastname": 'O\'Hara "x" \\', "hs_lead_status": "NEW", "email": "emile@south.example"},
        {"firstname": "eva", "lastname": "axb", "email": "eva@south.example"},
        {"firstname": "Åse", "email": "ase@south.example"},
    ]
    return {row["firstname"][0]: records.create(tx, cast.ida, contacts, row).id for row in rows}


def found(tx, contacts, crew, *filters, **how):
    """The first letters of those that are found, in order; others are left out."""
    query = Query(filters=(tuple(filters),) if filters else (), limit=200, **how)
    letters = {id: letter for letter, id in crew.items()}
    return "".join(letters.get(id, "") for id in search.find(tx, contacts, query, ALL).ids)


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("EQ", ("NEW",), "ZÉ"),
        ("NEQ", ("NEW",), "ØeÅ"),
        ("IN", ("NEW", "OPEN"), "ZØÉ"),
        ("NOT_IN", ("NEW", "OPEN"), "eÅ"),
        ("HAS_PROPERTY", (), "ZØÉ"),
        ("NOT_HAS_PROPERTY", (), "eÅ"),
        ("CONTAINS_TOKEN", ("ne*",), "ZÉ"),
        ("NOT_CONTAINS_TOKEN", ("NE",), "ØeÅ"),
        ("GT", ("NEW",), "Ø"),
        ("LTE", ("NEW",), "ZÉ"),
        ("BETWEEN", ("NEW", "OPEN"), "ZØÉ"),
    ],
)
def test_every_operator_finds_what_it_says(tx, contacts, crew, operator, values, expected):
    assert set(found(tx, contacts, crew, Filter("hs_lead_status", operator, values))) == set(expected)


@pytest.mark.parametrize(
    ("property", "values"),
    [
        ("hs_object_id", None),
        ("num_unique_conversion_events", ("9", "10", "100")),
        (WEIGHT, ("9", "10", "100.5")),
        ("closedate", (MORNING, EVENING, "2026-10-01T00:00:00.000Z")),
        ("hs_email_optout", ("false", "true", None)),
        ("jobtitle", ("Anker", "bøje", "Åre")),
        ("hs_facebook_click_id", ("Anker", "bøje", "Åre")),
    ],
)
def test_values_of_every_type_are_compared_and_sorted_by_what_they_mean(tx, cast, contacts, crew, property, values):
    letters = "ØeÅ"
    if values is None:
        values = tuple(str(crew[letter]) for letter in letters)
    else:
        for letter, value in zip(letters, values, strict=True):
            if value is not None:
                write(tx, cast, contacts, crew[letter], property, value)
    low, middle = values[0], values[1]

    assert found(tx, contacts, crew, Filter(property, "EQ", (middle,))) == letters[1]
    assert letters[0] not in found(tx, contacts, crew, Filter(property, "GT", (low,)))
    assert letters[1] in found(tx, contacts, crew, Filter(property, "GTE", (middle,)))
    assert letters[0] in found(tx, contacts, crew, Filter(property, "LT", (middle,)))
    assert set(letters[:2]) <= set(found(tx, contacts, crew, Filter(property, "BETWEEN", (low, middle))))
    in_order = [letter for letter in found(tx, contacts, crew, sort=property) if letter in letters]
    assert in_order == list(letters)


def test_of_several_options_one_is_enough(tx, cast, contacts, crew):
    several = next(
        p for p in contacts.properties.values() if p.kind == "choices" and p.tier == "core" and len(p.options) > 2
    )
    one, other, third = (option.value for option in several.options[:3])
    write(tx, cast, contacts, crew["Z"], several.name, f"{one};{other}")
    write(tx, cast, contacts, crew["Ø"], several.name, other)

    assert found(tx, contacts, crew, Filter(several.name, "EQ", (one,))) == "Z"
    assert set(found(tx, contacts, crew, Filter(several.name, "IN", (one, other)))) == set("ZØ")
    assert found(tx, contacts, crew, Filter(several.name, "EQ", (third,))) == ""
    assert set(found(tx, contacts, crew, Filter(several.name, "NOT_IN", (one, third)))) == set("ØÉeÅ")


def test_groups_of_filters_are_alternatives(tx, contacts, crew):
    new, eva = Filter("hs_lead_status", "EQ", ("NEW",)), Filter("firstname", "EQ", ("eva",))
    zoe = Filter("lastname", "CONTAINS_TOKEN", ("off",))

    ids = search.find(tx, contacts, Query(filters=((new, zoe), (eva,))), ALL).ids

    assert set(ids) == {crew["Z"], crew["e"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("%", ""), ("50%", "Z"), ("_", ""), ("a_b", "Ø"), ("'", ""), ('"x"', "É"), ("\\", ""), ("O'HARA", "É"),
     ("øJV", "Ø"), ("åse", "Å"), ("ÉMILE", "É"), ("north.ex", "ZØ"), ("emile@", "É"), ("no such", "")],
)  # fmt: skip
def test_a_search_finds_words_as_they_are_in_any_case(tx, contacts, crew, text, expected):
    assert set(found(tx, contacts, crew, search=text)) == set(expected)


@pytest.mark.parametrize(("text", "expected"), [("%", "Z"), ("_", "Ø"), ("'", "É"), ('"', "É"), ("\\", "É")])
def test_a_filter_takes_signs_as_they_are(tx, contacts, crew, text, expected):
    assert found(tx, contacts, crew, Filter("lastname", "CONTAINS_TOKEN", (text,))) == expected


def test_every_word_of_a_search_must_be_found(tx, contacts, crew):
    assert found(tx, contacts, crew, search="zoe off") == "Z"
    assert found(tx, contacts, crew, search="zoe axb") == ""


@pytest.mark.parametrize("page", [3, 50], ids=["often", "seldom"])
def test_words_that_are_frequent_each_find_those_that_say_both(tx, contacts, crew, monkeypatch, page):
    monkeypatch.setattr(search.words, "_SEVERAL_WORDS", finding.Bounds(words=1, candidates=1))
    monkeypatch.setattr(search.words, "_A_PAGE", page)

    assert found(tx, contacts, crew, search="e south") == "ÅeÉ"


def test_no_word_is_found_across_two_properties(tx, contacts, crew):
    assert found(tx, contacts, crew, search="evaaxb") == ""


def test_the_beginning_of_a_further_address_finds_its_record(tx, cast, contacts, crew):
    write(tx, cast, contacts, crew["e"], "hs_additional_emails", "old.address@home.example")

    assert found(tx, contacts, crew, search="OLD.addr") == "e"


def test_texts_are_sorted_as_people_sort_them(tx, contacts, crew):
    assert found(tx, contacts, crew, sort="firstname") == "ÉeZØÅ"
    assert found(tx, contacts, crew, sort="firstname", descending=True) == "ÅØZeÉ"


def test_what_is_empty_comes_last_whichever_way(tx, contacts, crew):
    assert found(tx, contacts, crew, sort="lastname")[-1] == "Å"
    assert found(tx, contacts, crew, sort="lastname", descending=True)[-1] == "Å"


def test_the_order_of_texts_is_the_same_in_an_index(tx, contacts, crew):
    by_hand = found(tx, contacts, crew, sort="firstname")
    tx.run("CREATE INDEX ON crm.contacts (kartotek.sort_key(firstname))")
    tx.run("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")

    assert found(tx, contacts, crew, sort="firstname") == by_hand


def test_pages_follow_each_other_without_a_gap_when_all_are_alike(tx, cast, contacts, crew):
    whole = search.find(tx, contacts, Query(sort="city", limit=100), ALL)

    pages = [search.find(tx, contacts, Query(sort="city", limit=3, offset=at), ALL) for at in range(0, whole.total, 3)]

    assert [id for page in pages for id in page.ids] == whole.ids
    assert {page.total for page in pages} == {8}
    assert all(page.exact for page in pages)


def test_a_page_far_behind_the_last_is_empty(tx, contacts, crew):
    assert search.find(tx, contacts, Query(offset=10**30), ALL) == search.Found([], 8, True)


def test_only_what_is_associated_with_a_record_is_found_from_either_end(tx, cast):
    of_company = search.find(tx, cast.ada.object_type, Query(associated_with=cast.havnen.id), ALL)
    of_contact = search.find(tx, cast.nordlys.object_type, Query(associated_with=cast.ada.id), ALL)

    assert set(of_company.ids) == {cast.ada.id, cast.bo.id}
    assert set(of_contact.ids) == {cast.nordlys.id, cast.havnen.id}


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (None, {"ada", "bo"}),
        ("created", {"ada"}),
        ("updated", {"bo"}),
        ("unchanged", {"cleo"}),
        ("all", {"ada", "bo", "cleo"}),
    ],
)
def test_what_an_import_did_narrows_the_records(tx, cast, contacts, outcome, expected):
    """Ada's second row, and Bo's, changed nothing more."""
    ids = {"ada": cast.ada.id, "bo": cast.bo.id, "cleo": cast.cleo.id}
    lines = [ids["ada"], ids["bo"], ids["cleo"], 0, ids["ada"], ids["bo"]]
    tx.run("UPDATE crm.contacts SET _source = 'IMPORT', _source_id = 7 WHERE _id = %s", [ids["ada"]])
    tx.run(
        "INSERT INTO kartotek.import_outcomes (import, object_type, position, counts, lines, records, outcomes) "
        "VALUES (7, 1, 0, '{}', '{2,3,4,5,6,7}', %s, 'cu=f=='), (8, 1, 0, '{}', '{2}', %s, 'c')",
        [lines, [cast.cleo.id]],
    )

    found = search.find(tx, contacts, Query(from_import=7, outcome=outcome), ALL)
    searched = search.find(tx, contacts, Query(from_import=7, outcome=outcome, search="a"), ALL)

    assert {name for name, id in ids.items() if id in found.ids} == expected
    assert (found.total, found.exact) == (len(expected), True)
    assert set(searched.ids) <= set(found.ids)


def test_archived_records_are_not_found(tx, cast, contacts):
    records.archive(tx, cast.ida, contacts, [cast.ada.id])

    assert cast.ada.id not in search.find(tx, contacts, Query(), ALL).ids


@pytest.mark.parametrize(("reach", "expected"), [("all", 3), ("some", 1), ("none", 0)])
def test_who_may_see_only_their_own_finds_only_their_own(tx, cast, contacts, reach, expected):
    write(tx, cast, contacts, cast.bo.id, "hubspot_owner_id", str(cast.person.id))

    assert search.find(tx, contacts, Query(), Narrowing(reach, (cast.person.id,))).total == expected


def test_what_does_not_exist_is_named(tx, contacts):
    with pytest.raises(errors.UnknownName, match="frist_name"):
        search.find(tx, contacts, Query(sort="frist_name"), ALL)
    with pytest.raises(errors.UnknownName, match="frist_name"):
        search.find(tx, contacts, Query(filters=((Filter("frist_name", "EQ", ("x",)),),)), ALL)
    with pytest.raises(errors.Invalid, match="does not fit"):
        search.find(tx, contacts, Query(filters=((Filter("firstname", "BETWEEN", ("x",)),),)), ALL)


def write(tx, cast, contacts, id, name, text):
    records.update(tx, cast.ida, contacts, id, {name: text})


@given(strategies.text(strategies.characters(min_codepoint=1, max_codepoint=127), max_size=40))
def test_plain_text_has_the_key_that_it_has_beside_an_accent(database, text):
    with database.transaction() as tx:
        for key in ("kartotek.sort_key", "kartotek.search_key"):
            plain, accented = (tx.value(statements.made(f"SELECT {key}(%s)"), [one]) for one in (text, text + " é"))

            assert accented == plain + " e"


def test_what_is_nothing_has_no_key(tx):
    assert tx.row("SELECT kartotek.sort_key(NULL) AS sorted, kartotek.search_key(NULL) AS searched") == {
        "sorted": None,
        "searched": None,
    }
