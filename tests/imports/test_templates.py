"""Templates and samples: found again by our own mapping, and imported without an error."""

import pytest

from kartotek import errors, standard
from kartotek.domain import catalogue
from kartotek.imports import mapping, run, templates
from kartotek.imports.table import As, Mode, ObjectPlan, Plan
from kartotek.model.catalogue import Catalogue
from kartotek.standard import languages
from tests.helpers.importing import import_file

TYPES = {one.name: one for one in standard.object_types()}
KNOWN = Catalogue(
    1, TYPES, {name: tuple(p for p in standard.pipelines() if p.object_type == name) for name in TYPES}, (), {}
)


TOGETHER = [*((name,) for name in TYPES), *(("contacts", name) for name in TYPES if name != "contacts"), tuple(TYPES)]


@pytest.mark.parametrize("language", languages.NAMES)
@pytest.mark.parametrize("objects", TOGETHER, ids="+".join)
def test_a_template_maps_itself_in_every_language(language, objects):
    frame = run.template(KNOWN, objects, 1, language)

    columns = mapping.guess(frame.columns, TYPES, objects, language=language)

    wanted = [(name, prop.name) for name in objects for prop in templates.properties(TYPES[name])]
    assert [(one.object_type, one.property) for one in columns] == wanted
    assert all(one.imported_as is As.PROPERTY for one in columns)


@pytest.mark.parametrize("name", TYPES)
def test_a_template_has_all_that_it_takes_to_create_and_that_comes_first(name):
    frame = templates.make(KNOWN, [name])

    (guide,) = mapping.guide(
        Plan("", (ObjectPlan(name, Mode.CREATE),), mapping.guess(frame.columns, TYPES, [name])), TYPES
    )

    needed = {prop for group in TYPES[name].needs for prop in group}
    first = [prop.name for prop in templates.properties(TYPES[name])][: len(needed)]
    assert all(need.met for need in guide.to_create)
    assert set(first) == needed
    assert len(frame) == 1


def test_what_is_to_be_in_it_has_to_be_said():
    with pytest.raises(errors.Invalid, match="Say what the file is to be about"):
        templates.make(KNOWN, [])
    with pytest.raises(errors.UnknownName, match=r"no object called “contcts”\. Did you mean “contacts”"):
        templates.make(KNOWN, ["contcts"])


@pytest.mark.parametrize(
    "objects",
    [
        ("contacts",),
        ("companies",),
        ("deals",),
        ("tickets",),
        ("products",),
        ("calls",),
        ("tasks",),
        ("contacts", "companies", "deals", "notes"),
        ("contacts", "meetings", "emails"),
        ("deals", "line_items"),
    ],
    ids="+".join,
)
def test_a_sample_is_imported_as_it_is(harbour, home, objects):
    with harbour.transaction() as tx:
        frame = templates.make(catalogue.load(tx), objects, templates.SAMPLE_ROWS)

    ended = import_file(harbour, home, templates.delimited(frame), *objects, name="sample.csv")

    assert ended.told() == []
    assert {name: ended.rows(name) for name in objects} == {name: {"created": 5} for name in objects}


@pytest.mark.parametrize("format", ["xlsx", "semicolons"])
def test_a_sample_of_another_kind_is_the_same(harbour, home, format):
    with harbour.transaction() as tx:
        frame = templates.make(catalogue.load(tx), ["contacts", "companies"], templates.SAMPLE_ROWS)
    content = templates.workbook(frame) if format == "xlsx" else templates.delimited(frame, ";")

    ended = import_file(harbour, home, content, "contacts", "companies", name="sample.csv")

    assert ended.told() == []
    assert {name: ended.rows(name) for name in ("contacts", "companies")} == {
        "contacts": {"created": 5},
        "companies": {"created": 5},
    }
