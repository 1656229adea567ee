"""Recipes: those that are kept, the recipe of an import, and files of them that come and go."""

from litestar import Response

from kartotek import errors
from kartotek.domain import imports
from kartotek.domain import recipes as kept
from kartotek.imports import run
from kartotek.pages import nouns, render, sentences
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

_TYPE = "application/toml; charset=utf-8"


def index(visit: Visit) -> Answer:
    return render.page(visit, "recipes/index.html", recipes=kept.kept(visit.tx, visit.actor))


def create(visit: Visit) -> Answer:
    """A recipe from a file; every name in it has to be known, and every mistake is told with its line."""
    upload = visit.upload("file")
    if upload is None or not upload.filename:
        raise errors.Invalid(visit.gettext("Choose a recipe first: a file that ends in .toml."))
    upload.file.seek(0)
    try:
        text = upload.file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise errors.Invalid(visit.gettext("This is no recipe: a recipe is a text file in UTF-8.")) from error
    plan = run.read_recipe(visit.tx, text)
    return _kept(visit, visit.field("name") or plan.name, text)


def show(visit: Visit, id: int) -> Answer:
    """What it says, or why it no longer can: what it names may have gone since."""
    recipe = kept.get(visit.tx, visit.actor, id)
    objects, trouble = [], None
    try:
        types = nouns.load(visit).object_types
        objects = [types[one.object_type] for one in run.check_recipe(visit.tx, recipe).objects]
    except errors.Invalid as error:
        trouble = sentences.said(visit.locale, error.sentence)
    return render.page(visit, "recipes/show.html", recipe=recipe, objects=objects, trouble=trouble)


def file(visit: Visit, id: int) -> Answer:
    recipe = kept.get(visit.tx, visit.actor, id)
    return _toml(recipe.text, recipe.name)


def remove(visit: Visit, id: int) -> Answer:
    name = kept.get(visit.tx, visit.actor, id).name
    kept.remove(visit.tx, visit.actor, id)
    return render.go("/imports/recipes", said=visit.gettext("The recipe “%(name)s” is removed.") % {"name": name})


def of_import(visit: Visit, id: int) -> Answer:
    job = imports.get(visit.tx, visit.actor, id)
    return render.page(visit, "recipes/new.html", job=job, text=run.recipe_of(job))


def keep(visit: Visit, id: int) -> Answer:
    job = imports.get(visit.tx, visit.actor, id)
    return _kept(visit, visit.field("name"), run.recipe_of(job))


def file_of_import(visit: Visit, id: int) -> Answer:
    job = imports.get(visit.tx, visit.actor, id)
    return _toml(run.recipe_of(job), job.name)


def _kept(visit: Visit, name: str, text: str) -> Answer:
    id = kept.keep(visit.tx, visit.actor, name, text)
    said = visit.gettext("The recipe is kept. Everybody who imports can use it.")
    return render.go(f"/imports/recipes/{id}", said=said)


def _toml(text: str, name: str) -> Answer:
    plain = "".join(one if one.isascii() and (one.isalnum() or one in " -_") else "_" for one in name) or "recipe"
    disposition = f'attachment; filename="{plain}.toml"'
    return Response(text, media_type=_TYPE, headers={"content-disposition": disposition})
