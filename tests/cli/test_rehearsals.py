"""`kartotek import --rehearse`, and what follows it."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

Run = Callable[..., CompletedProcess[str]]
BEFORE = "Email,City\nada@x.example,Odense\nbo@x.example,Odense\n"
AFTER = "Email,City\nada@x.example,Ribe\nbo@x.example,Ribe\nnowhere,Ribe\n"
ONE = "Email,City\nbo@x.example,Vejle\n"


def test_what_was_rehearsed_is_imported_and_what_has_changed_is_held(
    kartotek: Run, look: Callable[[str], Any], tmp_path: Path
) -> None:
    file = tmp_path / "leads.csv"

    def imported(text: str, *options: str) -> CompletedProcess[str]:
        file.write_text(text)
        return kartotek("import", file, "--object", "contacts", *options)

    imported(BEFORE)
    rehearsed = json.loads(imported(AFTER, "--rehearse", "--json").stdout)
    imported(ONE)
    started = kartotek("imports", "start", str(rehearsed["id"]), "--json")
    done = json.loads(started.stdout)
    held = kartotek("imports", "held", str(rehearsed["id"]))
    again = kartotek("imports", "start", held.stdout.split()[-1])

    assert rehearsed["state"] == "REHEARSED"
    assert rehearsed["objects"]["contacts"]["updated"] == 2
    assert [error["type"] for error in rehearsed["errors"]] == ["INVALID_EMAIL"]
    assert {name: count for name, count in done["objects"]["contacts"].items() if count} == {
        "updated": 1, "failed": 1, "held": 1,
    }  # fmt: skip
    assert (done["id"], started.returncode) == (rehearsed["id"], 1)
    assert "Contacts: 1 updated" in held.stdout
    assert again.returncode == 0
    assert look("SELECT count(*) FROM crm.contacts WHERE city = 'Ribe'") == 2
