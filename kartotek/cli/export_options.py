"""The options of `kartotek export`: which records, which columns, and how they are written."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import click

from kartotek.exports import selection
from kartotek.exports.selection import Choice
from kartotek.exports.table import LANGUAGES, Format, Said, Style
from kartotek.model.filters import Query

Command = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    choice: Choice
    format: Format | None
    headers: Said | None
    options: Said | None
    language: str

    def style(self, format: Format) -> Style:
        """Programs read JSON Lines, people the others."""
        usual = Said.NAMES if format is Format.JSONL else Said.LABELS
        return Style(format, self.headers or usual, self.options or usual, self.language)


_SAID = click.Choice([str(said) for said in Said])
OPTIONS = (
    click.option("--format", type=click.Choice([str(one) for one in Format]), help="By default as the file's name."),
    click.option("--properties", metavar="NAMES", default="", help="Which, in this order: email,firstname,lastname."),
    click.option(
        "--columns",
        type=click.Choice([selection.ALL, selection.CORE, selection.SHOWN]),
        default=selection.ALL,
        show_default=True,
        help="Without --properties: all there are, those that people meet, or those of your index page.",
    ),
    click.option("--links", is_flag=True, help="With the record ids of what is associated, and the labels."),
    click.option("--each", metavar="OBJECT", help="A row for each associated record of this type, with the label."),
    click.option(
        "--filter",
        "filters",
        multiple=True,
        metavar="FILTER",
        help='"amount>=1000"; again for more: all must fit.',
    ),
    click.option("--list", "list_name", metavar="NAME", help="Only members of this list, static or active."),
    click.option("--search", metavar="WORDS", help="Only what the search box of the index page finds."),
    click.option("--sort", metavar="PROPERTY", help="By this, or with a minus before it downwards; else newest first."),
    click.option("--headers", type=_SAID, help="Labels of properties or their internal names."),
    click.option("--options", type=_SAID, help="Labels of options or their internal values."),
    click.option(
        "--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True, help="Of the labels."
    ),
)


def wanted(command: Command) -> Command:
    """Adds the options, and hands their values over as one `wanted`."""

    @wraps(command)
    def with_wanted(
        *args: Any,
        format: str | None,
        properties: str,
        columns: str,
        links: bool,
        each: str | None,
        filters: tuple[str, ...],
        list_name: str | None,
        search: str | None,
        sort: str | None,
        headers: str | None,
        options: str | None,
        language: str,
        **given: Any,
    ) -> Any:
        names = tuple(name.strip() for name in properties.split(",") if name.strip())
        query = Query(
            search=search or None, sort=(sort or "").removeprefix("-") or None, descending=(sort or "").startswith("-")
        )
        chosen = Wanted(
            Choice(names, columns, links, each=each, filters=filters, query=query, list=list_name),
            Format(format) if format else None,
            Said(headers) if headers else None,
            Said(options) if options else None,
            language,
        )
        return command(*args, wanted=chosen, **given)

    for option in reversed(OPTIONS):
        with_wanted = option(with_wanted)
    return with_wanted
