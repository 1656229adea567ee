"""An import under way is paused, goes on, and is cancelled from its page, with scripts off."""

import re

import pytest

from kartotek.domain import imports
from kartotek.imports import run
from kartotek.imports.table import Choices
from kartotek.model.people import SYSTEM
from tests.helpers import importing
from tests.helpers.visitor import text_of

PEOPLE = "First name,Email\n" + "".join(f"Fay {i},fay{i}@harbour.example\n" for i in range(30))


@pytest.fixture
def paused(own_database, settings, crew):
    """The address of an import that has stopped after ten rows."""
    home = settings.__class__.from_environment({"KARTOTEK_HOME": str(settings.home), "KARTOTEK_IMPORT_BATCH": "5"})
    id = importing.put_in_line(own_database, home, PEOPLE, Choices(("contacts",), name="Fair"), actor=crew.ida)

    def pause(step):
        if step.phase == "writing" and step.done == 10:
            with own_database.transaction() as tx:
                imports.pause(tx, SYSTEM, id)

    run.work(own_database, home, id, pause)
    return f"/imports/{id}"


def test_a_paused_import_says_so_and_offers_to_go_on(ida, paused):
    page = text_of(ida.get(paused))

    # The batch behind may have been written, too.
    assert "Paused. What is written stays" in page and re.search("1[05] of 30", page)
    assert "Go on" in page and "Cancel…" in page
    assert re.search("Paused (33|50) %", text_of(ida.get("/imports")))


def test_it_goes_on_and_is_paused_again(ida, paused):
    gone_on = ida.post(f"{paused}/continuation", form=paused)
    running = text_of(ida.get(paused))
    ida.post(f"{paused}/pause", form=paused)

    assert gone_on.status_code == 303
    assert "The import goes on." in running and "Pause" in running
    assert "Pausing after the rows" in text_of(ida.get(paused))


def test_cancelling_asks_whether_what_is_written_stays(ida, paused):
    asked = text_of(ida.get(f"{paused}/cancellation/new"))
    ida.post(f"{paused}/cancellation", form=f"{paused}/cancellation/new")

    # The batch behind may have been written, too.
    assert re.search("1[05] rows of Fair have been written so far", asked)
    assert "Cancel and keep" in asked and "Cancel and undo" in asked
    assert "Cancelled" in text_of(ida.get(paused))
    assert re.search("1–1[05]", text_of(ida.get("/contacts?import=" + paused.rpartition("/")[2])))


def test_whoever_watches_an_import_that_is_being_undone_is_led_to_the_undo(ida, paused):
    ida.post(f"{paused}/undo", form=f"{paused}/cancellation/new")

    answer = ida.get(paused, **{"hx-request": "true"})

    assert answer.headers["hx-redirect"] == f"{paused}/undo"
