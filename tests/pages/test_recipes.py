"""Recipes and repetitions through the pages, without scripts."""

import json

import pytest

from kartotek.cli import main
from kartotek.domain import imports
from kartotek.imports import run
from tests.helpers.visitor import text_of
from tests.helpers.wizard import fields_of

MARCH = b"First name;Email;Remarks\nAstrid;astrid@x.example;\nViggo;viggo@x.example;hello\n"
APRIL = b"First name;Email;Remarks\nBirk;birk@x.example;\n"
TURNED = b"Email;Remarks;First name\nBirk@x.example;;Birk\n"
OTHERS = b"First name;E-mail;Town\nBirk;birk@x.example;Ribe\n"


def upload(visitor, content, name="april.csv", **how):
    return visitor.post("/imports", form="/imports/new", files={"file": (name, content)}, **how)


@pytest.fixture
def march(ida):
    """The number of an import of two contacts, put in line."""
    path = upload(ida, MARCH, "march.csv").headers["location"].rpartition("/")[0]
    ida.post(f"{path}/objects", form=f"{path}/objects", objects=["contacts"], next="1")
    page = f"{path}/mapping"
    ida.post(page, form=page, skip="1", next="1", **fields_of(ida.get(page).text))
    ida.post(f"{path}/details", form=f"{path}/details", name="Leads of March", consent="1", start="1")
    return int(path.rpartition("/")[2])


def test_a_former_import_is_repeated_with_the_next_file(ida, march, own_database, crew):
    assert f'<option value="{march}" >Leads of March' in ida.get("/imports/new").text

    went = upload(ida, APRIL, how="repeat", repeat=str(march)).headers["location"]
    ida.post(went, form=went, name="Leads of April", consent="1", start="1")

    with own_database.transaction() as tx:
        job = imports.get(tx, crew.ida, int(went.split("/")[2]))
        before = imports.get(tx, crew.ida, march)
    assert went.endswith("/details")
    assert (job.name, job.state.value) == ("Leads of April", "STARTED")
    assert job.plan | {"name": ""} == before.plan | {"name": ""}


def test_other_headers_are_shown_side_by_side_and_can_be_mapped_anew(ida, march):
    went = upload(ida, OTHERS, how="repeat", repeat=str(march)).headers["location"]

    page = ida.get(went)

    assert "/difference?repeat=" in went
    assert "The headers are not the same" in text_of(page)
    assert "Missing Email Remarks" in text_of(page) and "New E-mail Town" in text_of(page)
    assert f'{went.rpartition("/")[0]}/objects">Map it as a new import' in page.text
    assert "Map by the headers" not in page.text


def test_headers_in_another_order_can_be_mapped_as_they_were(ida, march):
    went = upload(ida, TURNED, how="repeat", repeat=str(march)).headers["location"]
    path = went.partition("?")[0]

    page = text_of(ida.get(went))
    mapped = ida.post(path, form=went, repeat=str(march)).headers["location"]

    assert "In another place First name column 1 is now column 3" in page
    assert fields_of(ida.get(mapped).text)["property-0"] == "Email"


def test_an_import_in_the_wizard_can_be_kept_as_a_recipe_before_its_first_run(ida):
    path = upload(ida, MARCH).headers["location"].rpartition("/")[0]
    ida.post(f"{path}/objects", form=f"{path}/objects", objects=["contacts"], next="1")

    kept = ida.post(f"{path}/recipe", form=f"{path}/recipe", name="Leads of the month").headers["location"]

    assert "Leads of the month" in text_of(ida.get("/imports/recipes"))
    assert 'header = "Email"' in text_of(ida.get(kept))
    assert ida.get(f"{kept}/recipe.toml").text == ida.get(f"{path}/recipe.toml").text
    assert "Nothing has been decided yet" in text_of(
        ida.get(upload(ida, MARCH).headers["location"].rpartition("/")[0] + "/recipe")
    )


def test_a_recipe_finds_its_columns_wherever_they_stand(ida, march):
    kept = ida.post(f"/imports/{march}/recipe", form=f"/imports/{march}/recipe", name="Leads").headers["location"]
    number = kept.rpartition("/")[2]

    turned, others = (upload(ida, file, how="recipe", recipe=number).headers["location"] for file in (TURNED, OTHERS))

    assert turned.endswith("/details")
    assert "/difference?recipe=" in others
    assert "Missing Email" in text_of(ida.get(others))


def test_a_recipe_comes_back_from_its_file_and_mistakes_are_told_with_their_line(ida, march):
    text = ida.get(f"/imports/{march}/recipe.toml").text
    wrong = text.replace('mode = "upsert"', 'mode = "upsurt"')
    line = wrong.splitlines().index('mode = "upsurt"') + 1

    good, bad, none = (
        ida.post(
            "/imports/recipes",
            form="/imports/recipes",
            files=None if file is None else {"file": ("r.toml", file)},
            name="Brought",
        )
        for file in (text, wrong, None)
    )

    assert good.status_code == 303 and (bad.status_code, none.status_code) == (400, 400)
    assert f"Line {line} of the recipe: “mode” cannot be “upsurt”" in text_of(bad)
    assert "Choose a recipe first" in text_of(none)


def test_an_import_that_has_ended_leads_to_its_repetition_and_its_recipe(ida, march, own_database, settings):
    run.work(own_database, settings, march)

    page = ida.get(f"/imports/{march}").text

    assert f'href="/imports/new?repeat={march}"' in page and f'href="/imports/{march}/recipe"' in page
    assert 'value="repeat" checked' in ida.get(f"/imports/new?repeat={march}").text


def test_a_removed_recipe_is_not_offered_any_more(ida, march):
    kept = ida.post(f"/imports/{march}/recipe", form=f"/imports/{march}/recipe", name="Leads").headers["location"]

    ida.post(f"{kept}/removal", form=kept)

    assert "No recipes yet" in text_of(ida.get("/imports/recipes"))
    assert "Use a recipe" not in text_of(ida.get("/imports/new"))


def test_nothing_chosen_to_repeat_asks_what(ida, march):
    answers = [upload(ida, APRIL, how=how) for how in ("repeat", "recipe")]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert "Choose the import to repeat." in text_of(answers[0]) and "Choose a recipe." in text_of(answers[1])


def test_page_and_command_line_do_the_same_by_one_recipe(
    ida, march, own_database, crew, settings, tmp_path, monkeypatch, capsys
):
    recipe, april = tmp_path / "leads.toml", tmp_path / "april.csv"
    recipe.write_text(ida.get(f"/imports/{march}/recipe.toml").text)
    april.write_bytes(TURNED)
    kept = ida.post(f"/imports/{march}/recipe", form=f"/imports/{march}/recipe", name="Leads").headers["location"]
    went = upload(ida, TURNED, how="recipe", recipe=kept.rpartition("/")[2]).headers["location"]
    ida.post(went, form=went, consent="1", start="1")
    run.work(own_database, settings, int(went.split("/")[2]))
    for name, value in (("HOME", str(settings.home)), ("DATABASE_URL", own_database.conninfo)):
        monkeypatch.setenv(f"KARTOTEK_{name}", value)

    main.run(["import", str(april), "--recipe", str(recipe), "--json"])

    document = json.loads(capsys.readouterr().out)
    with own_database.transaction() as tx:
        plans = [imports.get(tx, crew.ida, id).plan for id in (int(went.split("/")[2]), document["id"])]
    assert plans[0] == plans[1]
    assert document["objects"]["contacts"] | {"unchanged": 0} == dict.fromkeys(document["objects"]["contacts"], 0)
