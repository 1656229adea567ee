"""Recipes that are kept: for everyone who imports, each under its own name."""

from dataclasses import replace

import pytest

from kartotek import errors
from kartotek.domain import recipes

TEXT = "recipe = 1\n"


def test_a_kept_recipe_is_found_by_its_name_in_any_case(tx, cast):
    recipes.keep(tx, cast.ida, "  Leads  of the fair ", TEXT)

    found = recipes.named(tx, cast.ida, "leads of the FAIR")

    assert (found.name, found.text, found.person_name) == ("Leads of the fair", TEXT, "Ida Lund")
    assert recipes.kept(tx, cast.ida) == [found]


def test_a_name_is_given_once(tx, cast):
    recipes.keep(tx, cast.ida, "Leads", TEXT)

    with pytest.raises(errors.Conflict, match="a recipe called “LEADS” already"):
        recipes.keep(tx, cast.ida, "LEADS", TEXT)


@pytest.mark.parametrize("name", ["", "   ", "x" * 256])
def test_a_recipe_needs_a_name(tx, cast, name):
    with pytest.raises(errors.Invalid, match="a name of up to 255 characters"):
        recipes.keep(tx, cast.ida, name, TEXT)


def test_a_removed_recipe_is_gone(tx, cast):
    id = recipes.keep(tx, cast.ida, "Leads", TEXT)

    recipes.remove(tx, cast.ida, id)

    assert recipes.kept(tx, cast.ida) == []
    with pytest.raises(errors.NotFound, match="not kept any more"):
        recipes.get(tx, cast.ida, id)
    with pytest.raises(errors.UnknownName, match="no recipe called “Leads”"):
        recipes.named(tx, cast.ida, "Leads")


def test_another_persons_recipe_is_removed_by_who_may_change_settings_alone(tx, cast):
    id = recipes.keep(tx, cast.ida, "Leads", TEXT)
    bo = replace(cast.ida, person=4711, rights=replace(cast.ida.rights, settings=False))

    with pytest.raises(errors.NotAllowed):
        recipes.remove(tx, bo, id)

    recipes.remove(tx, replace(bo, rights=cast.ida.rights), id)
    assert recipes.kept(tx, cast.ida) == []


def test_without_the_right_to_import_there_are_no_recipes(tx, cast):
    nobody = replace(cast.ida, rights=replace(cast.ida.rights, imports=False))

    for asked in (
        lambda: recipes.kept(tx, nobody),
        lambda: recipes.keep(tx, nobody, "Leads", TEXT),
        lambda: recipes.named(tx, nobody, "Leads"),
        lambda: recipes.remove(tx, nobody, 1),
    ):
        with pytest.raises(errors.NotAllowed, match="may not import files"):
            asked()
