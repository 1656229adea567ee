"""Active lists on the pages: made of conditions, or of the filters of an index page; changed, copied, made static."""

import re

from tests.helpers.visitor import text_of
from tests.pages.test_lists import ADAS, make_active, members


def test_an_active_list_is_made_of_conditions(ida, crew):
    drawn = ida.post("/lists", form="/lists/new", name="Adas", object="contacts", kind="active", changed="kind")
    filled = ida.post("/lists", form="/lists/new", name="Adas", object="contacts", kind="active", **ADAS)

    path = make_active(ida)
    page = members(ida, path)

    assert 'value="Adas"' in drawn.text and "List membership" in drawn.text and "All contacts." in text_of(drawn)
    assert "Contacts where First Name is Ada. 1 contact now." in text_of(filled)
    assert "Adas Active Contacts where First Name is Ada." in page
    assert "Ada Holm" in page and "Bo Ågård" not in page
    assert "Adas Active Contacts 1" in text_of(ida.get("/lists"))


def test_an_active_list_without_conditions_comes_back_with_a_sentence(ida, crew):
    answer = ida.post("/lists", form="/lists/new", name="Adas", object="contacts", kind="active", do="apply")

    assert answer.status_code == 400
    assert "An active list needs a condition" in text_of(answer) and 'value="Adas"' in answer.text


def test_the_conditions_of_one_object_do_not_stay_for_another(ida, crew):
    form = {**ADAS, "object": "companies", "kind": "active", "changed": "object"}

    drawn = ida.post("/lists", form="/lists/new", name="Adas", **form)

    assert "Company name" in drawn.text and 'value="Ada"' not in drawn.text


def test_filters_of_an_index_page_become_an_active_list(ida, crew):
    page = ida.get("/contacts?where=firstname.is(Bo)")
    link = re.search(r'href="(/lists/new[^"]+)"', page.text)[1].replace("&amp;", "&")

    form = ida.get(link)

    assert "Make an active list of these filters" in text_of(page)
    assert 'value="Bo"' in form.text and "1 contact now." in text_of(form)
    assert re.search(r'value="active" checked', form.text)


def test_what_an_active_list_asks_for_is_changed_and_put_back(ida, crew):
    path = make_active(ida)
    panel = ida.get(f"{path}/filters")
    wrong = {"property-0": "closedate", "operator-0": "LT", "value-0": "soon"}

    refused = ida.post(f"{path}/filters", form=f"{path}/filters", do="apply", **{**ADAS, **wrong})
    ida.post(f"{path}/filters", form=f"{path}/filters", do="apply", **{**ADAS, "value-0": "Bo"})
    toast = ida.get(ida.get(path).headers["location"])
    changed = text_of(toast)
    ida.post(f"{path}/filters", form=f"{path}/filters", do="back", where="firstname.is(Ada)")
    back = members(ida, path)

    assert 'value="Ada"' in panel.text and "1 contact now." in text_of(panel)
    assert refused.status_code == 400 and "“soon” is not a date" in text_of(refused)
    assert "“Adas” now has 1 contact." in changed and "Bo Ågård" in changed and "Ada Holm" not in changed
    assert 'name="where" value="firstname.is(Ada)"' in toast.text
    assert "Ada Holm" in back and "Bo Ågård" not in back


def test_an_active_list_is_copied_and_made_static(ida, crew):
    path = make_active(ida)
    asked = text_of(ida.get(f"{path}/copies/new")) + text_of(ida.get(f"{path}/fixing/new"))

    ida.post(f"{path}/copies", form=f"{path}/copies/new", name="Adas too", kind="active")
    ida.post(f"{path}/copies", form=f"{path}/copies/new", name="Adas today", kind="static")
    ida.post(f"{path}/fixing", form=f"{path}/fixing/new")

    page = text_of(ida.get("/lists"))
    assert "Static, with what is on it now: 1 contact" in asked and "Make “Adas” static?" in asked
    assert "Adas Static Contacts 1" in page and "Adas too Active Contacts 1" in page
    assert "Adas today Static Contacts 1" in page
