"""The pages in the person's language: complete, and with every placeholder where it was."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from kartotek.domain import definitions, pipelines, records
from kartotek.pages import language
from tests.helpers.visitor import text_of

ROOT = Path(__file__).parents[2]
TRANSLATED = sorted(file for file in language.FOLDER.glob("*/messages.po"))


@pytest.fixture(scope="session")
def words(tmp_path_factory):
    """Everything that the pages say, as pybabel finds it."""
    template = tmp_path_factory.mktemp("words") / "messages.pot"
    config = language.FOLDER / "babel.cfg"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", config, "-o", template]
    models = ("sayings", "sentences")
    places = [str(ROOT / "kartotek/pages"), *(str(ROOT / f"kartotek/model/{name}.py") for name in models)]
    subprocess.run([*map(str, command), *places], check=True, cwd=ROOT)
    return {message.id for message in read_po(template.open("rb")) if message.id}


@pytest.mark.parametrize("file", TRANSLATED, ids=lambda file: file.parent.name)
def test_a_language_says_all_that_the_pages_say(file, words):
    known = {message.id for message in read_po(file.open("rb")) if message.string}

    assert {str(one) for one in words - known} == set()


@pytest.mark.parametrize("file", TRANSLATED, ids=lambda file: file.parent.name)
def test_a_translation_keeps_every_placeholder(file):
    messages = [message for message in read_po(file.open("rb")) if isinstance(message.id, str)]

    lost = [one.id for one in messages if placeholders(one.id) != placeholders(str(one.string))]

    assert lost == []


def test_a_person_chooses_danish_and_keeps_it(ida, crew):
    ida.post("/preferences", language="da", back="/contacts")

    page = text_of(ida.get("/contacts"))

    assert "Kontakter" in page and "Virksomhed (primær)" in page and "1–3 af 3" in page
    assert "Fornavn" in text_of(ida.get(f"/contacts/{crew.ada.id}"))


def test_a_stranger_is_spoken_to_in_the_browsers_language(stranger):
    assert "Log ind" in text_of(stranger.get("/sign-in", **{"accept-language": "da-DK,da;q=0.9"}))


def placeholders(text):
    """Those that must stay. An {object} that a language can do without may be left out."""
    return sorted(re.findall(r"%\(\w+\)s|%%|\{(?!object)\w+\}", text))


def test_groups_and_stages_are_called_as_in_the_language(ida, crew):
    ida.post("/preferences", language="da", back="/contacts")

    assert "Aftalt møde" in text_of(ida.get(f"/deals/{crew.deal.id}"))
    assert "Sociale medier" in text_of(ida.get(f"/contacts/{crew.ada.id}?all=1"))


def test_an_error_is_told_in_the_persons_language_as_a_page_as_a_toast_and_beside_its_form(ida, crew):
    ida.post("/preferences", language="da", back="/contacts")

    page = text_of(ida.get(f"/contacts/{crew.havnen.id}"))
    toast = text_of(ida.get(f"/contacts/{crew.havnen.id}", **{"hx-request": "true"}))
    beside = text_of(ida.post(f"/contacts/{crew.ada.id}/merge", **{"with": str(crew.ada.id)}))

    assert "Ikke fundet" in page and f"Der er ingen kontakt med kortets id {crew.havnen.id}." in page
    assert f"Der er ingen kontakt med kortets id {crew.havnen.id}." in toast
    assert "Et kort kan ikke flettes med sig selv. Vælg et andet." in beside


def test_options_that_came_with_kartotek_are_called_as_in_the_language_and_changed_ones_as_people_said(
    ida, crew, own_database
):
    with own_database.transaction() as tx:
        stage = crew.ada.object_type.properties["lifecyclestage"]
        spoken = [replace(one, label="Stamkunde") if one.value == "customer" else one for one in stage.options]
        definitions.set_options(tx, crew.ida, stage, spoken)
        for who, value in ((crew.ada, "customer"), (crew.bo, "opportunity")):
            records.update(tx, crew.ida, who.object_type, who.id, {"lifecyclestage": value})

    ida.post("/preferences", language="da", back="/contacts")
    page = text_of(ida.get("/contacts"))

    assert "Stamkunde" in page and "Salgsmulighed" in page


def test_what_somebody_owns_and_what_was_done_name_objects_as_in_the_language(ida, crew, own_database):
    with own_database.transaction() as tx:
        pipelines.create(tx, crew.ida, crew.deal.object_type, "Nye")
        owned = {"hubspot_owner_id": str(crew.person.id)}
        records.update(tx, crew.ida, crew.deal.object_type, crew.deal.id, owned)

    ida.post("/preferences", language="da", back="/contacts")

    assert "1 aftale" in text_of(ida.get(f"/settings/people/{crew.person.id}"))
    assert "oprettede pipelinen Nye for aftaler" in text_of(ida.get("/settings/audit"))
