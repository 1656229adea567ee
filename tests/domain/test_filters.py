"""What may be asked of each kind of property, and of associated records; who asks, finds only what they may see."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql

from kartotek import errors
from kartotek.domain import associations, counting, records, restoring
from kartotek.model import filter_texts, periods
from kartotek.model.filters import ARITY, OPERATORS, Filter, Linked, Query, fits
from kartotek.model.people import Rights
from kartotek.values import TYPES
from tests.helpers import statements

TODAY = date(2026, 11, 22)


@pytest.fixture
def contacts(tx, cast):
    return cast.ada.object_type


@pytest.mark.parametrize("text", ["MØB", "møbler.dk", "xn--mbler"])
def test_a_domain_is_asked_for_in_its_own_letters_and_in_those_of_the_dns(tx, cast, text):
    companies = cast.nordlys.object_type
    records.update(tx, cast.ida, companies, cast.nordlys.id, {"domain": "møbler.dk"})

    by_part = [found(tx, cast, companies, Filter("domain", how, (text,))) for how in ("CONTAINS_TOKEN", "STARTS_WITH")]
    others = found(tx, cast, companies, Filter("domain", "NOT_CONTAINS_TOKEN", (text,)))

    assert by_part == [["Nordlys"], ["Nordlys"]] and "Nordlys" not in others
    for whole in ("møbler.dk", "xn--mbler-vua.dk"):
        assert found(tx, cast, companies, Filter("domain", "EQ", (whole,))) == ["Nordlys"]


def found(tx, cast, object_type, *conditions, actor=None):
    """The names of those that are found, in the order of their names."""
    query = Query(filters=(tuple(conditions),), limit=200)
    page = records.find(tx, actor or cast.ida, object_type, query, ())
    assert page.total == len(page.records)
    return sorted(record.name.split()[0] for record in page.records)


# ---------------------------------------------------------------- properties


@pytest.mark.parametrize(
    ("property", "operator", "values", "expected"),
    [
        ("firstname", "EQ", ("ADA",), "Ada"),
        ("firstname", "NEQ", ("ada",), "Bo Cleo"),
        ("firstname", "IN", ("bo", "CLEO"), "Bo Cleo"),
        ("firstname", "NOT_IN", ("bo", "CLEO"), "Ada"),
        ("lastname", "STARTS_WITH", ("åG",), "Bo"),
        ("lastname", "CONTAINS_TOKEN", ("OL",), "Ada"),
        ("lastname", "NOT_CONTAINS_TOKEN", ("ol",), "Bo Cleo"),
        ("email", "STARTS_WITH", ("bo@",), "Bo"),
        ("email", "EQ", ("BO@Havnen.example",), "Bo"),
        ("lastname", "NOT_HAS_PROPERTY", (), "Cleo"),
        ("lifecyclestage", "IN", ("Lead", "customer"), "Ada Bo"),
        ("lifecyclestage", "NOT_IN", ("lead",), "Bo Cleo"),
        ("followercount", "GT", ("9",), "Bo"),
        ("followercount", "BETWEEN", ("9", "10"), "Ada Bo"),
        ("followercount", "LTE", ("9.0",), "Ada"),
        ("hubspot_owner_id", "EQ", ("me",), "Ada"),
        ("hubspot_owner_id", "NOT_IN", ("Me",), "Bo Cleo"),
        ("hubspot_owner_id", "EQ", ("Ida Lund",), "Ada"),
        ("closedate", "EQ", ("2026-04-03",), "Ada"),
        ("closedate", "EQ", ("03-04-2026",), "Ada"),
        ("closedate", "GT", ("2026-04-03",), "Bo"),
        ("closedate", "GTE", ("2026-04-03",), "Ada Bo"),
        ("closedate", "LT", ("2026-04-04",), "Ada"),
        ("closedate", "LTE", ("2026-04-03",), "Ada"),
        ("closedate", "BETWEEN", ("2026-04-03", "2026-04-04"), "Ada Bo"),
        ("closedate", "GT", ("2026-04-03T09:00:00Z",), "Ada Bo"),
        ("createdate", "PERIOD", ("today",), "Ada Bo Cleo"),
        ("createdate", "PERIOD", ("tomorrow",), ""),
        ("createdate", "LAST_DAYS", ("7",), "Ada Bo Cleo"),
        ("createdate", "DAYS_AGO", ("7",), ""),
        ("lastmodifieddate", "NEXT_DAYS", ("1",), "Ada Bo Cleo"),
        ("hs_object_id", "GT", ("0",), "Ada Bo Cleo"),
        ("hs_object_id", "EQ", ("0.5",), ""),
    ],
)  # fmt: skip
def test_each_kind_of_property_is_asked_in_its_own_way(tx, cast, contacts, property, operator, values, expected):
    ada = {"lifecyclestage": "lead", "followercount": "9", "hubspot_owner_id": str(cast.person.id)}
    records.update(tx, cast.ida, contacts, cast.ada.id, {**ada, "closedate": "2026-04-03T20:00:00Z"})
    bo = {"lifecyclestage": "customer", "followercount": "10", "closedate": "2026-04-04T00:00:00Z"}
    records.update(tx, cast.ida, contacts, cast.bo.id, bo)

    assert found(tx, cast, contacts, Filter(property, operator, values)) == expected.split()


def test_who_has_an_address_is_told_by_the_address_not_by_a_look_at_each_record(tx, cast, contacts):
    records.update(tx, cast.ida, contacts, cast.bo.id, {"email": "bo@elsewhere.example"})
    records.archive(tx, cast.ida, contacts, [cast.ada.id])
    asked = Filter("email", "IN", ("bo@havnen.example", "BO@elsewhere.example", "ada@nordlys.example"))

    with statements.told(tx) as sent:
        there = found(tx, cast, contacts, asked)
    restoring.restore(tx, cast.ida, contacts, [cast.ada.id])

    assert there == ["Bo"]
    assert found(tx, cast, contacts, asked) == ["Ada", "Bo"]
    assert found(tx, cast, contacts, replace(asked, operator="NOT_IN")) == ["Cleo"]
    looked = [text for one in sent if "WITH few" in (text := sql.Composed([one]).as_string(tx.connection))]
    assert looked and all("kartotek.identifiers" in text for text in looked)


def test_every_operator_that_is_offered_can_be_asked_of_every_property_of_its_kind(tx, cast):
    examples = {"owner": "me", "boolean": "true"}
    asked = 0
    for object_type in cast.known.object_types.values():
        kinds = {(prop.kind, prop.tier): prop for prop in counted_out(object_type)}
        for prop in kinds.values():
            example = examples.get(prop.kind) or next((one.value for one in prop.options), TYPES[prop.kind].EXAMPLE)
            if prop.name in (object_type.pipeline, object_type.stage):
                continue
            for operator in OPERATORS[prop.kind]:
                values = {"PERIOD": "this_week"}.get(operator, "3" if operator.endswith(("DAYS", "AGO")) else example)
                given = (values,) * (1 if ARITY[operator] is None else ARITY[operator])
                query = Query(filters=((Filter(prop.name, operator, given),),))

                records.find(tx, cast.ida, object_type, query, ())
                asked += 1

    assert asked > 500


def counted_out(object_type):
    """Those that something can be found by."""
    found = [prop for prop in object_type.properties.values() if prop.name not in counting.names(object_type)]
    return [prop for prop in found if prop.kind in OPERATORS]


@pytest.mark.parametrize(
    ("filter", "sentence"),
    [
        (Filter("followercount", "GT", ("much",)), "“much” is not a number"),
        (Filter("closedate", "LT", ("31-02-2026",)), "“31-02-2026” is not a date"),
        (Filter("lifecyclestage", "IN", ("lead", "friend")), "“friend” is not one of the options of Lifecycle Stage"),
        (Filter("hubspot_owner_id", "EQ", ("Nobody",)), "“Nobody” is nobody here"),
        (Filter("closedate", "LAST_DAYS", ("0",)), "“0” is not a number of days"),
        (Filter("closedate", "PERIOD", ("someday",)), "no period called “someday”"),
        (Filter("city", "LAST_DAYS", ("3",)), "City cannot be asked for by LAST_DAYS"),
        (Filter("city", "EQ", ("  ",)), "The filter on City does not fit the values it is given"),
        (Filter("citty", "EQ", ("Ribe",)), "Did you mean “city”?"),
        (Linked("line_items"), "Contacts and line items cannot be associated"),
        (Linked("deals", primary=True), "Contacts have no primary deal"),
        (Linked("companies", label=999), "no association label with the number 999"),
        (Linked("companies", (Filter("domian", "EQ", ("x",)),)), "Did you mean “domain”?"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(tx, cast, contacts, filter, sentence):
    with pytest.raises(errors.Invalid, match=sentence.replace("?", r"\?")):
        found(tx, cast, contacts, filter)


def test_what_is_typed_into_a_filter_is_never_run(tx, cast, contacts):
    evil = ["'; DROP TABLE crm.contacts; --", "%", "\\", "x') OR ('1'='1", "\0", "{}", "%(x)s", "%s"]

    for text in evil[:4] + evil[5:]:
        for operator in ("EQ", "CONTAINS_TOKEN", "STARTS_WITH", "IN"):
            assert found(tx, cast, contacts, Filter("lastname", operator, (text,))) == []


# ---------------------------------------------------------------- associated records


def test_associated_records_are_asked_from_either_end(tx, cast, contacts):
    companies = cast.nordlys.object_type
    records.update(tx, cast.ida, companies, cast.havnen.id, {"city": "Ribe"})
    in_ribe = Linked("companies", (Filter("city", "EQ", ("ribe",)),))

    assert found(tx, cast, contacts, Linked("companies")) == ["Ada", "Bo"]
    assert found(tx, cast, contacts, Linked("companies", none=True)) == ["Cleo"]
    assert found(tx, cast, contacts, in_ribe) == ["Ada", "Bo"]
    assert found(tx, cast, contacts, replace(in_ribe, primary=True)) == ["Bo"]
    assert found(tx, cast, contacts, replace(in_ribe, primary=True, none=True)) == ["Ada", "Cleo"]
    assert found(tx, cast, contacts, Linked("deals")) == ["Ada"]
    assert found(tx, cast, contacts, Linked("companies", record=cast.nordlys.id)) == ["Ada"]
    assert found(tx, cast, companies, Linked("contacts", (Filter("firstname", "EQ", ("bo",)),))) == ["Havnen"]
    assert found(tx, cast, companies, Linked("deals", none=True)) == ["Havnen"]


def test_several_conditions_are_about_one_and_the_same_associated_record(tx, cast, contacts):
    companies = cast.nordlys.object_type
    records.update(tx, cast.ida, companies, cast.havnen.id, {"city": "Ribe"})
    ribe, nordlys = Filter("city", "EQ", ("Ribe",)), Filter("name", "STARTS_WITH", ("nord",))

    assert found(tx, cast, contacts, Linked("companies", (ribe, nordlys))) == []
    assert found(tx, cast, contacts, Linked("companies", (ribe,)), Linked("companies", (nordlys,))) == ["Ada"]


def test_records_of_the_same_object_are_found_from_both_ends(tx, cast, contacts):
    associations.link(tx, cast.ida, contacts, cast.ada.id, contacts, [cast.cleo.id])

    assert found(tx, cast, contacts, Linked("contacts")) == ["Ada", "Cleo"]
    assert found(tx, cast, contacts, Linked("contacts", (Filter("firstname", "EQ", ("Ada",)),))) == ["Cleo"]


def test_a_label_is_asked_for_as_each_end_sees_it(tx, cast, contacts):
    companies, pair = cast.nordlys.object_type, (cast.ada.id, cast.nordlys.id)
    tx.run(
        "INSERT INTO kartotek.association_types (id, category, from_type, to_type, kind, name, label, inverse) VALUES "
        "(100000, 'USER_DEFINED', 'contacts', 'companies', 'labeled', 'chair', 'Chair', 100001), "
        "(100001, 'USER_DEFINED', 'companies', 'contacts', 'labeled', 'chaired', 'Chaired by', 100000)"
    )
    tx.call("catalogue.touch")
    tx.kept.clear()
    tx.run(
        "INSERT INTO kartotek.association_labels (first, second, type, source) VALUES (%s, %s, 100000, 'USER')", pair
    )

    assert found(tx, cast, contacts, Linked("companies", label=100000)) == ["Ada"]
    assert found(tx, cast, contacts, Linked("companies", label=100000, none=True)) == ["Bo", "Cleo"]
    assert found(tx, cast, companies, Linked("contacts", label=100001)) == ["Nordlys"]


def test_who_may_not_see_associated_records_learns_nothing_about_them(tx, cast, contacts):
    blind = replace(cast.ida, rights=Rights({"*": "all", "deals": "none"}))
    own = replace(cast.ida, rights=Rights({"*": "all", "companies": "own"}))

    with pytest.raises(errors.NotAllowed, match="may not view deals"):
        found(tx, cast, contacts, Linked("deals"), actor=blind)
    assert found(tx, cast, contacts, Linked("companies"), actor=own) == []
    assert found(tx, cast, contacts, Linked("companies", none=True), actor=own) == ["Ada", "Bo", "Cleo"]


# ---------------------------------------------------------------- periods, and how filters are written


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", (2026, 11, 22), (2026, 11, 22)),
        ("yesterday", (2026, 11, 21), (2026, 11, 21)),
        ("this_week", (2026, 11, 16), (2026, 11, 22)),
        ("next_week", (2026, 11, 23), (2026, 11, 29)),
        ("last_month", (2026, 10, 1), (2026, 10, 31)),
        ("this_quarter", (2026, 10, 1), (2026, 12, 31)),
        ("next_quarter", (2027, 1, 1), (2027, 3, 31)),
        ("last_year", (2025, 1, 1), (2025, 12, 31)),
    ],
)
def test_periods_are_whole_stretches_of_the_calendar(name, first, last):
    assert periods.of(name, TODAY) == (date(*first), date(*last))


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)))
def test_periods_of_a_kind_follow_each_other_without_a_gap(today):
    for unit in ("week", "month", "quarter", "year"):
        last, this, following = (periods.of(f"{which}_{unit}", today) for which in ("last", "this", "next"))

        assert this[0] <= today <= this[1]
        assert last[1] + timedelta(days=1) == this[0] and this[1] + timedelta(days=1) == following[0]


texts = st.text(st.sampled_from('ab ,()"\\.@øand'), min_size=1, max_size=6).filter(lambda one: one == one.strip())
names = st.sampled_from(["city", "hs_2", "and", "no", "or"])


@st.composite
def filters(draw):
    operator = draw(st.sampled_from(sorted(ARITY)))
    few = ARITY[operator]
    return Filter(
        draw(names), operator, tuple(draw(texts) for _ in range(draw(st.integers(1, 3)) if few is None else few))
    )


linked = st.builds(
    Linked,
    st.sampled_from(["companies", "deals"]),
    st.lists(filters(), max_size=2).map(tuple),
    st.booleans(),
    st.just(False),
    st.none() | st.integers(0, 10**8),
)
groups = st.lists(st.lists(filters() | linked, min_size=1, max_size=3).map(tuple), max_size=3).map(tuple)


@given(groups)
def test_what_is_written_into_an_address_reads_the_same_again(asked):
    assert filter_texts.parsed(filter_texts.spelled(asked)) == asked


def test_an_address_can_be_read_by_people():
    asked = (
        (Filter("lifecyclestage", "IN", ("lead", "customer")), Filter("createdate", "LAST_DAYS", ("30",))),
        (
            Linked("companies", (Filter("name", "EQ", ("Nord, Syd & Co",)),), none=True),
            Linked("companies", primary=True),
        ),
    )

    assert filter_texts.spelled(asked) == (
        "lifecyclestage.any_of(lead,customer) and createdate.last_days(30) "
        'or no @companies(name.is("Nord, Syd & Co")) and @primary'
    )


@pytest.mark.parametrize("text", ["city", "city.is", "city.is(", "city.is()", "city.is(a) b", "or", "city.was(a)", '"'])
def test_what_is_no_filter_is_refused_naming_the_place(text):
    with pytest.raises(errors.Invalid, match="cannot be read from"):
        filter_texts.parsed(text)


def test_days_are_asked_of_dates_only():
    assert fits("LAST_DAYS", "moment") and not fits("LAST_DAYS", "text")
    assert fits("GT", "text") and not fits("ALMOST", "text")
