"""Somebody without the right tries every door: no page shows what is not theirs to see, and nothing is changed.

The doors are those of routes.py, filled with the numbers of a real set-up; a new one is walked without a word here.
"""

import html
import re

import pytest
from litestar.testing import TestClient

from kartotek import app
from kartotek.domain import lists, records
from kartotek.model.people import Rights
from kartotek.pages.routes import ROUTES
from tests import cast
from tests.helpers import importing
from tests.helpers.colleagues import PASSWORD, somebody, team_of, with_rights
from tests.helpers.visitor import Visitor

# What the records of others are called, or say. The names of the two imported ones stand in a file, too.
FOREIGN = ("Nordlys", "Havnen", "Holmsted", "Ågård", "Cleo", "Fyrtårn", "Quist", "Zeppelin", "0001250")
NOTHING = Rights()
OWN = Rights({"*": "own"}, {"*": "own"}, {"*": "own"}, imports=True, exports=True, bulk_delete=True, properties=True)
TEAM = Rights({"*": "team"}, {"*": "team"}, {"*": "team"}, imports=True, exports=True, bulk_delete=True)
# Everybody may sign out and choose a theme.
ONES_OWN = {"/sign-out", "/preferences"}
FILE = "First name,Last name,Email,Company\nZebra,Quist,zebra@quist.example,Zeppelin\nYak,Quist,no address,Zeppelin\n"


@pytest.fixture
def place(own_database, settings):
    """Ida's records, her list, and her import with a problem in it; the numbers that addresses are filled with."""
    with own_database.transaction() as tx:
        crew = cast.gather(tx)
        records.update(tx, crew.ida, crew.deal.object_type, crew.deal.id, {"amount": "1250001250"})
        records.update(tx, crew.ida, crew.ada.object_type, crew.ada.id, {"lastname": "Holmsted"})
        kim = somebody(tx, crew.ida, "Kim")
        team_of(tx, crew.ida, "South", kim)
        for record in (crew.ada, crew.nordlys):
            records.update(tx, crew.ida, record.object_type, record.id, {"hubspot_owner_id": str(kim.id)})
        spring = lists.create(tx, crew.ida, crew.ada.object_type, "Spring")
        lists.add(tx, crew.ida, spring, [crew.ada.id, crew.bo.id])
    imported = importing.import_file(own_database, settings, FILE.encode(), "contacts", "companies", actor=crew.ida)
    return crew, {"imports": imported.id, "lists": spring, "settings": 1}


@pytest.mark.parametrize("rights", [NOTHING, OWN, TEAM], ids=["nothing", "own", "another team"])
def test_no_door_shows_or_changes_what_is_not_ones_own(own_database, settings, place, rights):
    crew, numbers = place
    with own_database.transaction() as tx:
        sol = with_rights(tx, crew.ida, "Sol", rights)
        team_of(tx, crew.ida, "North", sol)
        last = tx.value("SELECT last_value FROM kartotek.record_id")
    before = _all_there_is(own_database, sol, last)
    shown, failed = {}, {}

    with TestClient(app.create(settings, own_database), raise_server_exceptions=False) as client:
        client.follow_redirects = False
        visitor = Visitor(client)
        visitor.sign_in(sol.email, PASSWORD)
        token = visitor.token("/settings")
        for route in ROUTES:
            if route.open or route.path in ONES_OWN:
                continue
            for path in _filled(route.path, crew, numbers):
                answer = _asked(client, route.method, path, token, crew, numbers)
                told = [name for name in FOREIGN if name in html.unescape(answer.text)]
                if told:
                    shown[f"{route.method} {path}"] = (answer.status_code, told)
                if answer.status_code >= 500:
                    failed[f"{route.method} {path}"] = answer.status_code

    assert (shown, failed) == ({}, {})
    assert _all_there_is(own_database, sol, last) == before


def _filled(pattern, crew, numbers):
    """Addresses that the pattern fits: each number is that of something which is there, and somebody else's."""
    first = pattern.split("/")[1]
    record = {"contacts": crew.ada.id, "companies": crew.nordlys.id, "deals": crew.deal.id}
    for objects in record if "{objects:str}" in pattern else ("contacts",):
        path = pattern.replace("{objects:str}", objects).replace("{other:str}", "companies")
        path = re.sub(r"\{other_id:int\}", str(crew.nordlys.id), path)
        path = re.sub(r"\{id:int\}", str(numbers.get(first, record[objects])), path, count=1)
        path = re.sub(r"\{\w+:int\}", "1", path)
        path = re.sub(r"\{\w+:str\}", "seller" if first == "settings" else "firstname", path)
        yield path
        yield re.sub(r"/companies/", "/contacts/", path) if objects == "deals" else f"{path}?{_query(crew, numbers)}"


def _query(crew, numbers):
    said = {
        "with": crew.havnen.id, "with_type": "companies", "ids": crew.bo.id, "id": crew.bo.id, "list": numbers["lists"],
        "object": "contacts", "objects": "contacts", "q": "o", "import": numbers["imports"], "all": 1,
    }  # fmt: skip
    return "&".join(f"{name}={value}" for name, value in said.items())


def _asked(client, method, path, token, crew, numbers):
    if method == "GET":
        return client.get(path)
    form = {
        "csrf": token, "name": "x", "label": "x", "text": "x", "body": "x", "firstname": "x", "email": "x@x.example",
        "ids": [str(crew.ada.id), str(crew.bo.id)], "id": str(crew.bo.id), "others": [str(crew.havnen.id)],
        "other": str(crew.havnen.id), "record": str(crew.bo.id), "list": str(numbers["lists"]), "object": "contacts",
        "role": "admin", "to": "1", "value": "x", "primary": str(crew.havnen.id), "into": str(crew.bo.id),
    }  # fmt: skip
    return client.post(path, data=form)


def _all_there_is(database, sol, last):
    """Everything but records that are newer than `last` and Sol's own, and what is kept about being here."""
    with database.transaction() as tx:
        types = tx.rows("SELECT name FROM kartotek.object_types ORDER BY name")
        of_others = [
            f"SELECT '{row['name']}' AS what, to_jsonb(r) AS said FROM crm.{row['name']} AS r WHERE _actor <> {sol.id}"
            for row in types
        ]
        kept = [
            f"SELECT '{name}', to_jsonb(r) FROM kartotek.{name} AS r WHERE {where}"
            for name, where in {
                "associations": f"first <= {last} OR second <= {last}",
                "association_labels": f"first <= {last} OR second <= {last}",
                "association_history": f"first <= {last} OR second <= {last}",
                "identifiers": f"record <= {last}",
                "changes": f"record <= {last}",
                "list_members": f"record <= {last}",
                **dict.fromkeys(
                    ("teams", "team_members", "roles", "tokens", "object_types", "pipelines", "stages", "account"),
                    "true",
                ),
            }.items()
        ]
        people = "SELECT 'people', to_jsonb(r) - 'settings' FROM kartotek.people AS r"
        imports = f"SELECT 'imports', to_jsonb(r) FROM kartotek.imports AS r WHERE person <> {sol.id}"
        rows = tx.rows(" UNION ALL ".join([*of_others, *kept, people, imports]) + " ORDER BY 1, 2")
        return [(row["what"], str(row["said"])) for row in rows]
