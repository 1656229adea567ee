"""Recipes: a plan as a text, and the same plan back."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartotek import errors, standard
from kartotek.imports import recipes
from kartotek.imports.recipes import writing
from kartotek.imports.table import As, ColumnPlan, Mode, ObjectPlan, Overwrite, Plan, SourcePlan

CATALOGUE = {one.name: one for one in standard.object_types()}
LEADS = Plan(
    "Leads of the fair",
    (ObjectPlan("contacts"), ObjectPlan("companies", Mode.CREATE)),
    (
        ColumnPlan(0, "Email", As.PROPERTY, "contacts", "email"),
        ColumnPlan(1, "Firm", As.PROPERTY, "companies", "name", overwrite=Overwrite.EMPTY),
        ColumnPlan(2, "Notes"),
    ),
    dates="DMY",
    zone="Europe/Copenhagen",
)
# What the whole file's settings may be; anything else of a plan is made up from its type.
SENSIBLE = {
    "language": st.sampled_from([None, "da", "zh-hant"]),
    "dates": st.sampled_from([None, "DMY", "MDY", "YMD"]),
    "numbers": st.sampled_from([None, "DK", "US"]),
    "country": st.sampled_from([None, "DK", "FO"]),
    "zone": st.sampled_from(["UTC", "Europe/Copenhagen"]),
}
SOURCE = {
    "file": st.integers(1, 20),
    "sheet": st.none() | st.text(max_size=12),
    "encoding": st.sampled_from([None, "UTF-8", "Windows-1252"]),
    "delimiter": st.none() | st.characters(codec="utf-8"),
    "header_line": st.none() | st.integers(1, 10_000),
}
FORMATS = {name: SENSIBLE[name] for name in ("dates", "numbers")}
TEXT = st.text(st.characters(codec="utf-8"), max_size=12)


def anything(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a type, so that a field which is new tomorrow is tested tomorrow."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return st.one_of([st.none() if one is types.NoneType else anything(one) for one in args])
    if origin is tuple and args[-1] is Ellipsis:
        return st.lists(anything(args[0]), max_size=4).map(tuple)
    if origin is tuple:
        return st.tuples(*map(anything, args))
    if origin in (dict, Mapping):
        return st.dictionaries(TEXT, anything(args[1]), max_size=4)
    if is_dataclass(hint):
        return anyone(hint)
    if issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    return {str: TEXT, bool: st.booleans(), int: st.integers(-(2**53), 2**53), float: st.floats(allow_nan=False)}[hint]


def anyone(shape: type) -> st.SearchStrategy[Any]:
    hints = get_type_hints(shape)
    return st.builds(shape, **{one.name: anything(hints[one.name]) for one in fields(shape)})


def sensible(one: ColumnPlan) -> ColumnPlan:
    values = tuple(dict(one.values).items())
    return replace(
        one,
        object_type=one.object_type or "",
        property=one.property or "",
        other=one.other or "",
        key=one.key or "",
        source=0,
        values=values,
    )


COLUMNS = st.lists(
    st.builds(lambda one, **formats: sensible(replace(one, **formats)), anyone(ColumnPlan), **FORMATS),
    min_size=1,
    max_size=5,
).map(lambda found: tuple(replace(one, index=i) for i, one in enumerate(found)))
HINTS = get_type_hints(Plan)
PLANS = st.builds(
    Plan,
    **{one.name: anything(HINTS[one.name]) for one in fields(Plan)}
    | SENSIBLE
    | {"sources": st.lists(st.builds(SourcePlan, **SOURCE), min_size=1, max_size=3).map(tuple)}
    | {"columns": COLUMNS, "objects": st.lists(anyone(ObjectPlan), min_size=1, max_size=3).map(tuple)},
)


@given(PLANS)
def test_a_plan_comes_back_from_its_recipe_as_it_was(plan):
    text = recipes.write(plan)

    assert recipes.read(text) == plan


def test_a_recipe_reads_like_a_page():
    text = recipes.write(LEADS)

    assert "recipe = 1" in text and "\n# The order of day, month and year: DMY, MDY or YMD.\ndates = " in text
    assert '[[columns]]\nheader = "Firm"\nimported_as = "property"\nobject_type = "companies"\n' in text
    assert "index" not in text


def test_every_part_of_a_recipe_is_explained():
    parts = {one.name for shape in (Plan, ObjectPlan, ColumnPlan, SourcePlan) for one in fields(shape)} - {"index"}

    assert parts - writing.NOTES.keys() == set()


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        (
            'overwrite = "empty"',
            'overwrit = "empty"',
            "a column has no key “overwrit”. Did you mean “overwrite”?",
        ),
        ('mode = "create"', 'mode = "creates"', "“mode” cannot be “creates”: it has to be upsert, create, update."),
        (
            'overwrite = "empty"',
            'overwrite = "yes"',
            "“overwrite” cannot be “yes”: it has to be always, empty, never, newest, trusted.",
        ),
        ('overwrite = "empty"', 'clears = "yes"', "“clears” has to be true or false."),
        ('overwrite = "empty"', 'dates = "DYM"', "“dates” cannot be “DYM”: it has to be DMY, MDY or YMD."),
        ('dates = "DMY"', 'dates = "DYM"', "“dates” cannot be “DYM”: it has to be DMY, MDY or YMD."),
        ('dates = "DMY"', 'date = "DMY"', "a recipe has no key “date”. Did you mean “dates”?"),
        ('property = "email"', 'property = "emial"', "contacts have no property called “emial”. Did you mean “email”?"),
        ('object_type = "companies"\nmode', 'object_type = "firms"\nmode', "there is no object called “firms”."),
        ('header = "Notes"\n', "", "a column needs its “header”."),
        ('zone = "Europe/Copenhagen"', 'language = "klingon"', "it has to be one of da, de, en,"),
        ('zone = "Europe/Copenhagen"', 'zone = "Copenhagen"', "it has to be a time zone such as Europe/Copenhagen."),
        ("recipe = 1", "recipe = 2", "this Kartotek reads recipes of format 1, and this one has another."),
        ('header = "Firm"', "header = Firm", "cannot be read as TOML"),
        ('imported_as = "property"', 'imported_as = "key"', "a column that is imported as a key needs its “key”."),
        (
            'imported_as = "property"',
            'source = 1\nimported_as = "property"',
            "the recipe has 1 sources, counted from 0.",
        ),
    ],
)
def test_what_a_recipe_cannot_mean_is_refused_with_its_line(then, now, said):
    text = recipes.write(LEADS)
    line = text[: text.index(then)].count("\n") + 1 - (1 if not now else 0)
    line += then.rpartition("\n")[0].count("\n")

    with pytest.raises(errors.Invalid) as refused:
        recipes.read(text.replace(then, now, 1), CATALOGUE)

    assert f"Line {line} of the recipe" in refused.value.sentence
    assert said in refused.value.sentence


def test_a_text_that_is_no_recipe_is_refused():
    with pytest.raises(errors.Invalid, match="This is no recipe of Kartotek"):
        recipes.read('name = "leads"')


def test_the_line_is_found_whatever_a_statement_looks_like():
    text = (
        'recipe = 1\nname = """\nlong\n"""\nobjects = [\n  {object_type = "contacts"},\n]\ncolumns = []\ncolour = 1\n'
    )

    with pytest.raises(errors.Invalid, match="Line 9 of the recipe: a recipe has no key “colour”"):
        recipes.read(text)


# ---------------------------------------------------------------- another file


def test_columns_are_found_by_their_header_wherever_they_stand():
    fitted = recipes.fitted(LEADS, [["Firm", "Town", "Email"]])

    assert [(one.index, one.header, one.property) for one in fitted.columns] == [
        (0, "Firm", "name"), (1, "Town", None), (2, "Email", "email"),
    ]  # fmt: skip


def test_the_second_of_two_columns_with_one_header_stays_the_second():
    columns = (
        ColumnPlan(0, "Tel", As.PROPERTY, "contacts", "phone"),
        ColumnPlan(1, "Tel", As.PROPERTY, "contacts", "fax"),
    )

    fitted = recipes.fitted(replace(LEADS, columns=columns), [["Tel", "Email", "Tel"]])

    assert [one.property for one in fitted.columns] == ["phone", None, "fax"]


def test_a_file_without_a_column_that_is_imported_is_refused():
    with pytest.raises(errors.Invalid, match=r"does not have: “Email”\. Did the file mean “E-mail”"):
        recipes.fitted(LEADS, [["E-mail", "Firm"]])


def test_a_repetition_takes_the_same_headers():
    assert recipes.repeated(LEADS, [["Email", "Firm", "Notes"]]) == LEADS


def test_a_repetition_with_the_files_in_another_order_is_refused_with_their_places():
    joined = replace(
        LEADS, sources=(*LEADS.sources, *LEADS.sources), columns=(*LEADS.columns, ColumnPlan(3, "Town", source=1))
    )
    headers = [["Town"], ["Email", "Firm", "Notes"]]

    assert recipes.differences(recipes.headers_of(joined), headers).turned == (2, 1)
    with pytest.raises(errors.Invalid, match="in another order: number 1 was number 2, number 2 was number 1"):
        recipes.repeated(joined, headers)


@pytest.mark.parametrize(
    ("headers", "difference"),
    [
        (["Email", "Notes"], recipes.Difference(missing=("Firm",))),
        (["Email", "Firm", "Town", "Notes"], recipes.Difference(new=("Town",))),
        (["Firm", "Notes", "Email"], recipes.Difference(moved=(("Email", 1, 3),))),
        (["email", "Firm", "Notes"], recipes.Difference(spelled=(("Email", "email"),))),
        (["Mail", "Firm", "Notes", "Notes"], recipes.Difference(("Email",), ("Mail", "Notes"))),
    ],
)
def test_a_repetition_with_other_headers_is_refused_with_what_differs(headers, difference):
    found = recipes.differences(recipes.headers_of(LEADS), [headers])

    with pytest.raises(errors.Invalid) as refused:
        recipes.repeated(LEADS, [headers])

    assert found == difference
    assert all(sentence in refused.value.sentence for sentence in difference.sentences())
