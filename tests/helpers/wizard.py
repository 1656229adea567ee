"""The import wizard without scripts: a file on its way to the page that maps its columns."""

import html
import re
from collections.abc import Sequence

from httpx import Response

from kartotek.domain import Database, catalogue, imports
from kartotek.imports import run
from kartotek.imports.table import ColumnPlan, Plan
from tests.helpers.visitor import Visitor

LEADS = b"First name;Email;Stand at the fair;Shoe size\nAstrid;astrid@x.example;1;\nViggo;viggo at home;2;hello\n"


def upload(visitor: Visitor, content: bytes, name: str = "leads.csv") -> Response:
    return visitor.post("/imports", form="/imports/new", files={"file": (name, content)})


def draft_of(visitor: Visitor, content: bytes = LEADS, objects: Sequence[str] = ("contacts",)) -> str:
    """The address of a draft that has come to the mapping page."""
    path = upload(visitor, content).headers["location"].rpartition("/")[0]
    visitor.post(f"{path}/objects", form=f"{path}/objects", objects=list(objects), next="1")
    return path


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the mapping page."""
    chosen = {}
    for name, options in re.findall(r'<select[^>]* name="(\w+-\d+)".*?>(.*?)</select>', page, re.DOTALL):
        selected = re.search(r'value="([^"]*)" selected', options)
        chosen[name] = selected[1] if selected else ""
    ticked = re.findall(r'type="checkbox" name="(\w+-\d+)" value="1" checked', page)
    named = re.findall(r'name="(property-\d+)" value="([^"]*)"', page)
    return chosen | dict.fromkeys(ticked, "1") | {name: html.unescape(text) for name, text in named}


def send(visitor: Visitor, path: str, **changed: str) -> Response:
    """The mapping page as it is shown, but for what is changed."""
    page = f"{path}/mapping"
    return visitor.post(page, form=page, **(fields_of(visitor.get(page).text) | changed))


def go_on(visitor: Visitor, path: str) -> Response:
    """Next on the mapping page, without the columns that are not mapped."""
    return send(visitor, path, skip="1", next="1")


def by(number: int, *cards: tuple[int, int | str], key: str = "") -> dict[str, str]:
    """The fields of one join: of each card its file and the place of its column."""
    found = {f"key-{number}": key}
    for card, (source, column) in enumerate(cards):
        at = f"{number}-{card}"
        found |= {f"source-{at}": str(source), f"was-{at}": str(source), f"column-{at}": str(column)}
    return found


def joins_of(page: str) -> list[tuple[list[tuple[str, str]], str]]:
    """Of each join on the page its cards, each with its file and its column by their numbers, and whose key it is."""
    found = []
    for section in re.findall(r'<section class="k-join.*?</section>', page, re.DOTALL):
        columns = re.findall(r'<select[^>]* name="column-.*?</select>', section, re.DOTALL)
        chosen = [re.search(r'value="(\d+)" data-about="[^"]*" selected', one) for one in columns]
        files = re.findall(r'name="was-\S+" value="(\d+)"', section)
        key = re.search(r'value="(\w+)" selected', section[section.index('name="key-') :])
        cards = [(file, one[1] if one else "") for file, one in zip(files, chosen, strict=True)]
        found.append((cards, key[1] if key else ""))
    return found


def plan_of(database: Database, path: str) -> Plan:
    """That of the draft at this address."""
    with database.transaction() as tx:
        return run.plan_from_json(imports.of_worker(tx, int(path.rpartition("/")[2])).draft["plan"])


def column_of(database: Database, path: str, index: int) -> ColumnPlan:
    return plan_of(database, path).columns[index]


def option_labels(database: Database, name: str) -> list[str]:
    """Of a property of contacts."""
    with database.transaction() as tx:
        return [option.label for option in catalogue.load(tx).object_types["contacts"].properties[name].options]
