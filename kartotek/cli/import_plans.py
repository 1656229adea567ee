"""`kartotek import --recipe` and `--repeat`: a plan that is there takes the place of the options that make one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from kartotek import errors
from kartotek.domain import Tx
from kartotek.domain import recipes as kept
from kartotek.imports import recipes, run
from kartotek.imports.table import Choices, Plan, SourcePlan
from kartotek.model.people import Actor

Command = Callable[..., Any]

# What else an option may say beside a plan: how this one file is read. All others would say again what the plan says.
_BESIDE = {one.name for one in fields(Choices)} & {one.name for one in fields(Plan)} - {"objects", "name"}
# ... and of each of the plan's sources.
_OF_SOURCE = {one.name for one in fields(Choices)} & {one.name for one in fields(SourcePlan)}
_SPELLED = {"objects": "--object", "modes": "--mode", "maps": "--map", "values": "--value", "joins": "--join"}


@dataclass(frozen=True, slots=True)
class Given:
    """A plan, and how it meets the headers of a file. `choices`: what is said of this one file besides."""

    plan: Plan
    fit: run.Fit
    choices: Choices

    def plan_of(self, uploads: Sequence[run.Upload]) -> Plan:
        said = {name: getattr(self.choices, name) for name in _said(self.choices) & _BESIDE}
        source = {name: getattr(self.choices, name) for name in _said(self.choices) & _OF_SOURCE}
        if sheets := self.choices.sheets:
            source["sheet"] = sheets[0]
        sources = tuple(replace(one, **source) for one in self.plan.sources)
        name = self.choices.name or ", ".join(one.name for one in uploads)
        return replace(self.plan, name=name, sources=sources, **said)


def options(command: Command) -> Command:
    """Adds the two options."""

    @click.option("--recipe", metavar="FILE|NAME", help="A recipe: a file, or the name of one that is kept.")
    @click.option("--repeat", type=int, metavar="IMPORT", help="The number of a former import with the same headers.")
    @wraps(command)
    def with_options(*args: Any, **given: Any) -> Any:
        return command(*args, **given)

    return with_options


def plan_or_choices(tx: Tx, actor: Actor, choices: Choices, recipe: str | None, repeat: int | None) -> Choices | Given:
    """The choices as they are, unless a recipe or a former import is named."""
    if recipe is None and repeat is None:
        return choices
    if recipe is not None and repeat is not None:
        raise errors.Invalid("Name a recipe or an import to repeat, not both.")
    word = "--recipe" if recipe is not None else "--repeat"
    for name in sorted(_said(choices) - _BESIDE - _OF_SOURCE - {"name", "sheets"}):
        option = _SPELLED.get(name, f"--{name.replace('_', '-')}")
        raise errors.Invalid(f"{word} says already what {option} would: leave one of them out.")
    if repeat is not None:
        return Given(run.plan_to_repeat(tx, actor, repeat), recipes.repeated, choices)
    return Given(_read(tx, actor, str(recipe)), recipes.fitted, choices)


def _said(choices: Choices) -> set[str]:
    plain = Choices()
    return {one.name for one in fields(Choices) if getattr(choices, one.name) != getattr(plain, one.name)}


def _read(tx: Tx, actor: Actor, recipe: str) -> Plan:
    path = Path(recipe)
    if path.is_file():
        return run.read_recipe(tx, text_of(path))
    if path.suffix == ".toml" or path.parent != Path():
        raise errors.Invalid(f"There is no file “{recipe}”.")
    return run.check_recipe(tx, kept.named(tx, actor, recipe))


def text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise errors.Invalid(f"“{path}” is no recipe: a recipe is a text file in UTF-8.") from error
