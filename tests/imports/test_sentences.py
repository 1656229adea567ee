"""Every kind of problem has words, in every language, and says what to do."""

import re
from dataclasses import replace

import pytest

from kartotek.domain import catalogue
from kartotek.imports import report
from kartotek.imports.table import As, ColumnPlan, Plan
from kartotek.model import sayings
from kartotek.model.problems import EFFECTS
from kartotek.pages import language

PLAN = Plan("leads", (), ())


@pytest.mark.parametrize("type", sorted(EFFECTS))
def test_every_kind_that_can_occur_has_a_title_a_reason_and_a_remedy(type):
    saying = sayings.SAYINGS[type]

    assert all(text.strip() for text in (saying.title, saying.wrong, saying.remedy))
    assert saying.wrong.endswith(".") and saying.remedy.endswith(".") and not saying.title.endswith(".")
    # Shown over many rows at once, so that no single value stands in them.
    assert "{value}" not in saying.title + saying.remedy


@pytest.mark.parametrize("type", sorted(sayings.SAYINGS))
@pytest.mark.parametrize("locale", sorted(language.LANGUAGES))
def test_every_sentence_is_whole_in_every_language(tx, type, locale):
    say = language.gettext(locale)
    problem = {"type": type, "object_type": "contacts", "property": "email", "value": "x"}

    said = report.sentence(catalogue.load(tx), PLAN, problem, say)

    assert re.search(r"[{}]|None", said) is None
    assert locale == "en" or said != report.sentence(catalogue.load(tx), PLAN, problem)


def test_an_example_is_said_in_the_readers_language(tx):
    say = language.gettext("da")
    problem = {"type": "FAILED_VALIDATION", "object_type": "contacts", "property": "hs_is_unworked", "value": "måske"}

    said = report.reason(catalogue.load(tx), PLAN, problem, say)

    assert "Ja eller Nej" in said


def test_a_key_that_cannot_be_read_says_what_it_looks_like(tx):
    boss = ColumnPlan(0, "Boss", As.ASSOCIATION, "contacts", "email")
    problem = {"type": "INVALID_ASSOCIATION_KEY", "object_type": "contacts", "property": None, "value": "x", "place": 0}

    by_email = report.reason(catalogue.load(tx), Plan("leads", (), (boss,)), problem)
    by_id = report.reason(catalogue.load(tx), Plan("leads", (), (replace(boss, property=None),)), problem)

    assert (by_email[-34:], by_id[-18:]) == ("It looks like ada@harbour.example.", "It looks like 123.")


@pytest.mark.parametrize(
    ("property", "sentence"),
    [
        ("pipeline", "“Spring” is not a pipeline. Correct it, or create the pipeline in the settings."),
        ("dealstage", "“Spring” is not a stage of the pipeline. Correct it, or add the stage to the pipeline"),
        ("dealtype", "“Spring” is not an option of Deal Type. Correct it, or add the option to the property."),
    ],
)
def test_pipelines_and_stages_are_no_options_that_one_adds_to_a_property(tx, property, sentence):
    problem = {"type": "INVALID_ENUMERATION_OPTION", "object_type": "deals", "property": property, "value": "Spring"}

    assert sentence in report.reason(catalogue.load(tx), PLAN, problem)


@pytest.mark.parametrize(
    ("of_file", "of_column", "sentence"),
    [
        (None, None, "“13/13/2026” is not a date. Correct it"),
        ("MDY", None, "“13/13/2026” is not a date in month-day-year. Correct it"),
        ("MDY", "DMY", "“13/13/2026” is not a date in day-month-year. Correct it"),
    ],
)
def test_a_date_is_told_in_the_order_of_its_column(tx, of_file, of_column, sentence):
    column = ColumnPlan(0, "Close date", As.PROPERTY, "deals", "closedate", dates=of_column)
    problem = {
        "type": "COULD_NOT_PARSE_DATE", "object_type": "deals", "property": "closedate", "value": "13/13/2026",
        "place": 0,
    }  # fmt: skip

    said = report.reason(catalogue.load(tx), Plan("deals", (), (column,), dates=of_file), problem)

    assert said.startswith(sentence)
