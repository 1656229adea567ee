"""The import wizard without scripts: a file on its way to the page that maps its columns."""

import html
import re
from collections.abc import Sequence

from httpx import Response

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
