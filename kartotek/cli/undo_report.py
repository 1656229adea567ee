"""What came of an undo: lines for people, one JSON document for programs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import click
from rich.console import Console
from rich.table import Table

from kartotek.model.undos import Remainder, UndoBooks, Why

MOST = 1000  # remainders in the document
_SHOWN = 20
_WORDS = {
    Why.CHANGED: "changed since",
    Why.TAKEN: "record {other} has it now",
    Why.TOGETHER: "goes with another value that stays",
    Why.NEEDED: "the record would lack what it needs",
    Why.UNFIT: "does not fit any more",
    Why.ARCHIVED: "the record was archived since",
    Why.EDITED: "created by the import and changed since",
    Why.LINKED: "created by the import and associated with record {other} since",
    Why.LABELLED: "the association with record {other} was labelled since",
    Why.PRIMARY: "the primary company was chosen since",
    Why.FULL: "a limit leaves no room for the association with record {other}, or its label, by now",
}
_HEADLINES = {
    "REHEARSED": "would be undone like this; nothing was changed",
    "DONE": "undone",
    "FAILED": "could not be undone to its end",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    id: int
    name: str
    state: str  # DONE, FAILED or REHEARSED
    books: UndoBooks
    stays: int
    remainders: Sequence[Remainder]  # the first ones
    called: Mapping[str, str]  # the objects, in the plural
    message: str | None = None


def show(outcome: Outcome, as_json: bool) -> None:
    if as_json:
        _as_json(outcome)
    else:
        _as_lines(outcome)


def _as_json(outcome: Outcome) -> None:
    document = {
        "id": outcome.id, "name": outcome.name, "state": outcome.state, **asdict(outcome.books), "stays": outcome.stays,
        "remainders": [asdict(one) for one in outcome.remainders],
    }  # fmt: skip
    if outcome.message:
        document["message"] = outcome.message
    click.echo(json.dumps(document, ensure_ascii=False))


def _as_lines(outcome: Outcome) -> None:
    console = Console(highlight=False)
    console.print(f"{outcome.name} (import {outcome.id}) {_HEADLINES.get(outcome.state, outcome.state)}.")
    if outcome.message:
        console.print(outcome.message)
    console.print(_books(outcome))
    if outcome.stays:
        console.print(_remainders(outcome))


def _books(outcome: Outcome) -> Table:
    books, called = outcome.books, outcome.called
    table = Table("", "Taken back", "Stays", "Gone before")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, counts in books.records.items():
        table.add_row(f"{called[name]} created", *(f"{counts[key]:,}" for key in ("archived", "kept", "gone")))
    for name, counts in books.values.items():
        table.add_row(f"{called[name]}: old values", *(f"{counts[key]:,}" for key in ("restored", "kept", "gone")))
    table.add_row("Associations", *(f"{books.links[key]:,}" for key in ("ended", "kept", "gone")))
    if any(books.labels.values()):
        table.add_row("Labels", f"{sum(books.labels.values()):,}", "", "")
    if books.lists["ended"]:
        table.add_row("Added to a list", f"{books.lists['ended']:,}", "", "")
    return table


def _remainders(outcome: Outcome) -> Table:
    table = Table("Record", "", "Property", "Stays because", title=f"What stays ({outcome.stays:,})")
    for one in outcome.remainders[:_SHOWN]:
        other = f"{one.other} ({one.other_name})" if one.other_name else one.other
        why = _WORDS[one.why].format(other=other)
        table.add_row(str(one.record), one.name, one.property or "", why)
    return table
