"""Objects of one's own, from the command line: defined, imported, found again."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

Run = Callable[..., CompletedProcess[str]]
BOATS = ("--label", "Boat", "--plural", "Boats", "--property", "name=Name:required", "--property", "mark=Mark:unique")


def test_an_object_of_ones_own_is_defined_and_imported(kartotek: Run, tmp_path: Path) -> None:
    file = tmp_path / "boats.csv"
    file.write_text("Boat name,Mark,Length,Contact email\nHavfruen,B1,12.5,ada@harbour.example\n")

    made = kartotek("objects", "add", "boats", *BOATS, "--property", "length=Length:number")
    first = kartotek("import", file, "--object", "boats", "--object", "contacts", "--numbers", "US")
    again = kartotek("import", file, "--object", "boats", "--object", "contacts", "--numbers", "US")

    assert made.returncode == 0, made.stderr
    assert "Associations: 1 created" in first.stdout, first.stderr
    assert "Associations: 1 unchanged" in again.stdout
    assert "2-1\tboats\tBoats\t" in kartotek("objects").stdout


def test_reports_call_it_as_its_owners_do(kartotek: Run, tmp_path: Path) -> None:
    file = tmp_path / "horses.csv"
    file.write_text("Horse name\nFrode\n")
    kartotek("objects", "add", "p_horses", "--label", "Horse", "--plural", "Horses", "--property", "name=Name")

    done = kartotek("import", file, "--object", "p_horses")
    unknown = kartotek("import", file, "--object", "p_horses", "--map", "Horse name=colour")
    rehearsed = kartotek("undo", done.stdout.partition("(import ")[2].partition(")")[0], "--dry-run")

    assert "Horses " in done.stdout and "P horses" not in done.stdout
    assert "There is no property of horses called “colour”." in unknown.stderr
    assert "Horses created" in rehearsed.stdout


def test_a_property_that_is_not_written_as_one_is_a_sentence(kartotek: Run) -> None:
    ended = kartotek("objects", "add", "piers", "--label", "Pier", "--plural", "Piers", "--property", "length:huge")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "length=Length:number" in ended.stderr
