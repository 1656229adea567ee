"""The files that are timed: contacts with their companies, made from a fixed seed, the same on every machine."""

import csv
import random
from pathlib import Path

HEADER = [
    "First Name", "Last Name", "Email", "Phone Number", "Company Name", "Company Domain Name", "Job Title", "City",
    "Country/Region", "Lifecycle Stage", "Close Date", "Annual Revenue",
]  # fmt: skip
_FIRST = ["Anna", "Lars", "Mette", "Søren", "Ida", "Jens", "Karen", "Peter", "Maria", "Ole", "Åse", "Çelik", "Zoë"]
_LAST = ["Hansen", "Jensen", "Nielsen", "Møller", "Olsen", "Smith", "Garcia", "Müller", "Rossi", "Novak", "Dahl"]
_CITIES = ["København", "Aarhus", "Odense", "Malmö", "Berlin", "Paris"]
_JOBS = ["Manager", "Buyer", "CEO", "Developer", "Sales, Nordic", "Head of support"]
_STAGES = ["Lead", "Customer", "Subscriber", "Opportunity"]


def contacts(folder: Path, rows: int) -> Path:
    """One row in fifty repeats an earlier person, one in a hundred has a bad address, one in a hundred a bad date."""
    path = folder / f"contacts-{rows}.csv"
    if not path.exists():
        unfinished = path.with_suffix(".part")
        with unfinished.open("w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(HEADER)
            out.writerows(_row(random.Random(7 * rows + i), i, max(1, rows // 20)) for i in range(rows))
        unfinished.rename(path)
    return path


def changed(folder: Path, rows: int) -> Path:
    """The same file after a year: everybody has another phone number, another job and another city."""
    path = folder / f"contacts-{rows}-changed.csv"
    if not path.exists():
        unfinished = path.with_suffix(".part")
        with (
            contacts(folder, rows).open(newline="", encoding="utf-8") as before,
            unfinished.open("w", newline="", encoding="utf-8") as file,
        ):
            every, out = csv.reader(before), csv.writer(file)
            out.writerow(next(every))
            out.writerows(map(_later, every))
        unfinished.rename(path)
    return path


def _later(row: list[str]) -> list[str]:
    phone, job, city = (HEADER.index(name) for name in ("Phone Number", "Job Title", "City"))
    moved = list(row)
    moved[phone] = f"+45 {20_000_000 + (int(row[phone][4:]) - 12_345_678) % 79_999_999}"
    moved[job] = _JOBS[(_JOBS.index(row[job]) + 1) % len(_JOBS)]
    moved[city] = _CITIES[(_CITIES.index(row[city]) + 1) % len(_CITIES)]
    return moved


def _row(luck: random.Random, i: int, firms: int) -> list[str]:
    first, last, firm = luck.choice(_FIRST), luck.choice(_LAST), luck.randrange(firms)
    who = i if luck.random() > 0.02 else luck.randrange(i + 1)
    email = f"{first}.{last}.{who}@example{firm}.com" if luck.random() > 0.01 else "bad mail"
    day = f"{luck.randrange(1, 29):02d}/{luck.randrange(1, 13):02d}/{luck.randrange(2015, 2026)}"
    return [
        first, last, email, f"+45 {luck.randrange(20_000_000, 99_999_999)}", f"Company {firm}", f"example{firm}.com",
        luck.choice(_JOBS), luck.choice(_CITIES), "Denmark", luck.choice(_STAGES),
        day if luck.random() > 0.01 else "soon", f"{luck.randrange(10**6)}.{luck.randrange(100):02d}",
    ]  # fmt: skip
