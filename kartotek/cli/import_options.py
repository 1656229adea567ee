"""The options of `kartotek import` that say how a file is to be read: one Choices, the same that the wizard makes."""

from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

import click

from kartotek.imports.table import Choices, Mode, Trusted
from kartotek.standard import languages

# imports.md writes date formats out; three letters are quicker to type.
DATES = {"DAY_MONTH_YEAR": "DMY", "MONTH_DAY_YEAR": "MDY", "YEAR_MONTH_DAY": "YMD"}
_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}

Command = Callable[..., Any]


class _Pair(click.ParamType[tuple[str, str]]):
    """`word` for all objects, `object=word` for one."""

    name = "pair"

    def __init__(self, *words: str) -> None:
        self.words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        object_type, _, word = str(value).rpartition("=")
        if self.words and word.lower() not in self.words:
            self.fail(f"“{word}” is none of {', '.join(self.words)}.", param, ctx)
        return object_type.strip(), word.lower() if self.words else word.strip()


class _Holds(click.ParamType[tuple[str, tuple[str, ...]]]):
    """`sheet=object,object`."""

    name = "holds"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, tuple[str, ...]]:
        sheet, equals, objects = str(value).rpartition("=")
        if not equals:
            self.fail(f"“{value}” has no equals sign: write SHEET=OBJECT.", param, ctx)
        return sheet.strip(), tuple(one.strip() for one in objects.split(","))


def _dates(_ctx: click.Context, _param: click.Parameter, text: str | None) -> str | None:
    if text is None:
        return None
    spelled = text.upper().replace("-", "_")
    if spelled not in (*DATES, *DATES.values()):
        raise click.BadParameter(f"“{text}” is none of {', '.join(DATES.values())}.")
    return DATES.get(spelled, spelled)


def _country(_ctx: click.Context, _param: click.Parameter, text: str | None) -> str | None:
    if text is not None and not (len(text) == 2 and text.isascii() and text.isalpha()):
        raise click.BadParameter(f"“{text}” is not the two letters of a country, such as DK or US.")
    return text.upper() if text else None


def language(_ctx: click.Context, _param: click.Parameter, text: str | None) -> str | None:
    found = languages.named(text) if text else None
    if text and found is None:
        raise click.BadParameter(f"“{text}” is none of {', '.join(languages.NAMES)}.")
    return found


def _zone(_ctx: click.Context, _param: click.Parameter, text: str) -> str:
    try:
        ZoneInfo(text)
    except (ValueError, KeyError, OSError) as error:
        raise click.BadParameter(f"“{text}” is not a time zone such as Europe/Copenhagen.") from error
    return text


def _trusted(_ctx: click.Context, _param: click.Parameter, text: str) -> tuple[Trusted, ...]:
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    for word in words:
        if word not in list(Trusted):
            raise click.BadParameter(f"“{word}” is none of {', '.join(Trusted)}.")
    return tuple(map(Trusted, words))


def _delimiter(_ctx: click.Context, _param: click.Parameter, text: str | None) -> str | None:
    mark = _DELIMITERS.get((text or "").lower(), text)
    if mark is not None and len(mark) != 1:
        raise click.BadParameter(f"“{text}” is not one character, nor {', '.join(_DELIMITERS)}.")
    return mark


OPTIONS = (
    click.option(
        "--object", "objects", multiple=True, metavar="NAME", help="What a row is: contacts. Again for several."
    ),
    click.option(
        "--mode",
        "modes",
        multiple=True,
        metavar="MODE",
        type=_Pair(*Mode),
        help="upsert, create, update; or companies=create.",
    ),
    click.option(
        "--map",
        "maps",
        multiple=True,
        metavar='"HEADER=PROPERTY"',
        help='Such as "Mail=email", "Firm=companies.name", "Role=label", "Main=primary", "Notes=".',
    ),
    click.option(
        "--match-by",
        multiple=True,
        metavar="PROPERTY",
        type=_Pair(),
        help="What finds existing records; or companies=domain.",
    ),
    click.option(
        "--language", callback=language, metavar="LANGUAGE", help="Of the headers: da, de, en, ...; guessed otherwise."
    ),
    click.option(
        "--keep", multiple=True, metavar="COLUMN", help="Do not overwrite what records say already; * for all columns."
    ),
    click.option("--only-new", multiple=True, metavar="COLUMN", help="Write to new records only; * for all columns."),
    click.option(
        "--newest",
        multiple=True,
        metavar="COLUMN",
        help="Write where the row is newer than what people or programs said last (--dated-by); * for all columns.",
    ),
    click.option("--dated-by", metavar="COLUMN", help="The column that says when the values of a row were true."),
    click.option("--trust", multiple=True, metavar="COLUMN", help="Leave what --trusted said; * for all columns."),
    click.option(
        "--trusted",
        default="people",
        show_default=True,
        callback=_trusted,
        metavar="WHO,...",
        help="Whose values --trust leaves alone: people, programs, imports.",
    ),
    click.option("--clear", multiple=True, metavar="COLUMN", help="Empty cells empty the property; * for all columns."),
    click.option("--add", multiple=True, metavar="COLUMN", help="Add these values to those that records have."),
    click.option(
        "--remove",
        multiple=True,
        metavar="COLUMN",
        help="Remove these values from those that records have, or these labels from associations.",
    ),
    click.option("--replace", multiple=True, metavar="COLUMN", help="Associations have these labels and no others."),
    click.option("--end", multiple=True, metavar="COLUMN", help="End the associations that have one of these labels."),
    click.option(
        "--value",
        "values",
        multiple=True,
        nargs=3,
        metavar="COLUMN TEXT INSTEAD",
        help='Read cells that say TEXT as INSTEAD: Country DK Denmark; "" leaves them out.',
    ),
    click.option(
        "--date-format", "dates", callback=_dates, metavar="DMY|MDY|YMD", help="The order of day, month and year."
    ),
    click.option(
        "--numbers", callback=_country, metavar="COUNTRY", help="Whose way of writing numbers it is: DK for 1.234,5."
    ),
    click.option(
        "--country", callback=_country, metavar="COUNTRY", help="Of telephone numbers without a country code."
    ),
    click.option(
        "--time-zone", "zone", default="UTC", show_default=True, callback=_zone, help="Of times without a zone."
    ),
    click.option("--name", help="What to call the import; by default as the file."),
    click.option("--list", metavar="NAME", help="A list for the contacts of the file; made if there is none."),
    click.option("--legal-basis", metavar="TEXT", help="For keeping the contacts' data: Not applicable, ..."),
    click.option("--sheet", "sheets", multiple=True, help="Which sheet of a workbook; again for several, * for all."),
    click.option(
        "--join",
        "joins",
        multiple=True,
        metavar='"HEADER=OBJECT"',
        help='A column in several files or sheets, and whose key it is: "Customer no=companies".',
    ),
    click.option(
        "--holds",
        multiple=True,
        type=_Holds(),
        metavar='"SHEET=OBJECT,..."',
        help="What the rows of a sheet or file are about, when it is not guessed.",
    ),
    click.option("--encoding", help="Of a text file, when it is not recognised."),
    click.option("--delimiter", callback=_delimiter, help="Between the cells of a text file: one character, or tab."),
    click.option("--header-line", type=click.IntRange(min=1), help="The line that holds the headers."),
    click.option(
        "--missing-cells-are-empty", "short_rows_are_empty", is_flag=True, help="Take rows that are too short."
    ),
)


def choices(command: Command) -> Command:
    """Adds the options, and hands their values over as one `choices`."""
    names = {field.name for field in fields(Choices)}

    @wraps(command)
    def with_choices(*args: Any, modes: tuple[tuple[str, str], ...], **given: Any) -> Any:
        chosen = {name: given.pop(name) for name in names & given.keys()}
        modes_of = tuple((object_type, Mode(word)) for object_type, word in modes)
        return command(*args, choices=Choices(modes=modes_of, **chosen), **given)

    for option in reversed(OPTIONS):
        with_choices = option(with_choices)
    return with_choices
