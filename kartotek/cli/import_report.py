"""What came of an import: tables for people, one JSON document for programs, an exit code for scripts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from kartotek.imports import report
from kartotek.model.imports import Books, State
from kartotek.model.problems import EFFECTS, Effect
from kartotek.model.records import Outcome
from kartotek.standard import languages

# The document holds the first of the problems; the whole report is a file.
MOST_ERRORS = 1000
_MOST_SHOWN = 10
_MOST_HEADERS = 12
LINKS = ("created", "updated", "unchanged", "removed", "failed")


@dataclass(frozen=True, slots=True)
class Ended:
    """An import that has come to its end, or a rehearsal, which has no id."""

    id: int | None
    name: str
    state: State
    books: Books
    problems: Sequence[dict[str, Any]]  # the first ones, as imports/report writes them
    message: str | None = None  # why it failed
    unmapped: Sequence[str] = ()  # headers of the columns that were left out unasked
    notes: Sequence[str] = ()  # what else is good to know of the plan, a sentence each
    language: str | None = None  # of the headers
    called: Mapping[str, str] = field(default_factory=dict)  # the objects, in the plural


def exit_code(ended: Ended) -> int:
    """0: every row is in; 1: some failed or lost a value; 2: nothing was done."""
    books = ended.books
    if ended.state in (State.FAILED, State.CANCELED, State.PAUSED):
        return 1 if any(sum(counts.values()) for counts in books.objects.values()) else 2
    failed = any(counts.get(Outcome.FAILED, 0) for counts in books.objects.values())
    lost = any(EFFECTS.get(type) is not Effect.SKIP for type, number in books.problems.items() if number)
    return 1 if failed or lost or books.associations.get("failed", 0) else 0


def as_json(ended: Ended, seconds: float) -> None:
    document = report.as_json(ended.name, ended.state, ended.id, seconds, ended.books, ended.problems)
    if ended.message:
        document["message"] = ended.message
    click.echo(json.dumps(document, ensure_ascii=False))


def as_tables(ended: Ended, seconds: float, address: str) -> None:
    """`address` is where the pages are, which have the whole report."""
    console = Console(highlight=False)
    console.print(_headline(ended, seconds))
    console.print(_outcomes(ended))
    links = ", ".join(
        f"{ended.books.associations[name]:,} {name}" for name in LINKS if ended.books.associations.get(name)
    )
    if links:
        console.print(f"Associations: {links}")
    if by_domain := _by_domain(ended):
        console.print(by_domain)
    if any(ended.books.cells.values()):
        console.print(_cells(ended.books))
    for note in ended.notes:
        console.print(note)
    if ended.unmapped:
        console.print(_left_out(ended), soft_wrap=True)
    if ended.books.problems:
        _print_problems(console, ended, address)


def _left_out(ended: Ended) -> str:
    headers = [f"“{header}”" for header in ended.unmapped]
    shown = ", ".join(headers[:_MOST_HEADERS])
    more = f" and {len(headers) - _MOST_HEADERS:,} more" if len(headers) > _MOST_HEADERS else ""
    return (
        f"Not imported, since no property that is free is called so{_in(ended.language)}: {shown}{more}. "
        'Say where they go: --map "Header=property", or "Header=" to leave them out.'
    )


def _cells(books: Books) -> str:
    told = ", ".join(f"{count:,} {name}" for name, count in books.cells.items() if count)
    return f"Cells: {sum(books.cells.values()):,} ({told})"


def _in(language: str | None) -> str:
    """In which language the headers were read, for those who see that it is another."""
    return f" in {languages.NAMES[language]} (--language)" if language in languages.NAMES else ""


def _by_domain(ended: Ended) -> str | None:
    """What came of no row: the file said nothing of it."""
    contacts, companies = (ended.books.by_domain[name] for name in ("contacts", "companies"))
    would = " would be" if ended.state is State.REHEARSED else ""
    return f"By domain:{would} {contacts:,} contacts associated, {companies:,} companies made" if contacts else None


def _headline(ended: Ended, seconds: float) -> str:
    what = {
        State.DONE: "imported",
        State.REHEARSED: "rehearsed, nothing was changed",
        State.CANCELED: "canceled: what was imported before stays",
        State.PAUSED: f"paused; to let it go on: kartotek imports resume {ended.id}",
        State.FAILED: f"failed: {ended.message or 'see the log of the worker'}",
    }.get(ended.state, str(ended.state))
    number = "" if ended.id is None else f" (import {ended.id})"
    rows = "1 row" if ended.books.rows == 1 else f"{ended.books.rows:,} rows"
    return f"{ended.name}{number} {what}. {rows} in {seconds:.1f} s."


def _outcomes(ended: Ended) -> Table:
    table = Table()
    table.add_column("")
    for outcome in Outcome:
        table.add_column(outcome.capitalize(), justify="right")
    for name, counts in ended.books.objects.items():
        table.add_row(ended.called.get(name, name), *(f"{counts.get(outcome, 0):,}" for outcome in Outcome))
    return table


def _print_problems(console: Console, ended: Ended, address: str) -> None:
    table = Table("Problem", "Times", "For example")
    examples = {problem["type"]: problem for problem in reversed(ended.problems)}
    most = sorted(ended.books.problems.items(), key=lambda pair: -pair[1])
    for type, number in most[:_MOST_SHOWN]:
        first = examples.get(type)
        table.add_row(type, f"{number:,}", f"line {first['line']}: {first['message']}" if first else "")
    console.print(table)
    if ended.id is not None and ended.state is not State.REHEARSED:
        console.print(f"The whole report, and the failed rows to correct: {address}/imports/{ended.id}", soft_wrap=True)
