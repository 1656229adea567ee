"""Small worlds for property-based tests: records that are there, and files that repeat and contradict them."""

from dataclasses import dataclass, field
from typing import Any

import polars as pl
from hypothesis import strategies as st

from kartotek.domain import Database, catalogue, people, properties, records
from kartotek.imports.table import Choices, Mode
from kartotek.model.people import SYSTEM
from kartotek.model.properties import Option
from kartotek.model.records import Batch, Changes, Links
from tests.helpers import importing, pictures

EMAILS = [f"{name}@harbour.example" for name in ("ada", "bo", "cy", "dan", "eva")]
DOMAINS = ["harbour.example", "quay.example", "pier.example"]
NUMBERS = ["k1", "k2", "k3"]
# Per object, what may stand in a column: values of a small world, so that rows meet, and now and then a bad one.
COLUMNS: dict[str, dict[str, list[str]]] = {
    "contacts": {
        "Contact record ID": ["1", "2", "3", "99", "x1"],
        "Email": [*EMAILS, *EMAILS, "ADA@harbour.example ", "no address"],
        "Member": NUMBERS,
        "Additional email addresses": [*EMAILS, "ada@harbour.example; bo@harbour.example", "nobody"],
        "First Name": ["Ada", "Bo"],
        "Lifecycle Stage": ["Lead", "Customer", "king"],
        "Buying Role": ["Blocker", ";Champion", "Champion;Influencer", "clown"],
    },
    "companies": {
        "Company record ID": ["4", "5", "99"],
        "Company Domain Name": [*DOMAINS, *DOMAINS, "not a domain"],
        "VAT": NUMBERS,
        "Company name": ["Harbour", "Quay"],
    },
    "deals": {
        "Deal record ID": ["7", "99"],
        "Deal Name": ["Boat", "Net"],
        "Pipeline": ["Sales Pipeline", "Sales Pipeline", "Sales Pipeline", "nowhere"],
        "Deal Stage": ["Closed Won", "Closed Won", "Contract Sent", "nowhere"],
    },
}
MAPS = ("Member=contacts.member", "VAT=companies.vat", "Pipeline=deals.pipeline")
NEEDED = {
    "contacts": ["Email", "First Name"],
    "companies": ["Company name"],
    "deals": ["Deal Name", "Pipeline", "Deal Stage"],
}


@dataclass(frozen=True)
class World:
    contacts: tuple[dict[str, str], ...]  # numbered from 1
    companies: tuple[dict[str, str], ...]  # numbered from 4
    linked: bool
    rows: tuple[dict[str, str], ...]
    modes: tuple[tuple[str, Mode], ...]
    keep: tuple[str, ...] = ()
    objects: tuple[str, ...] = field(default=())

    @property
    def choices(self) -> Choices:
        headers = {name for row in self.rows for name in row}
        return Choices(
            objects=self.objects,
            modes=self.modes,
            maps=tuple(m for m in MAPS if m.split("=")[0] in headers),
            numbers="US",
        )

    @property
    def sheet(self) -> str:
        return importing.sheet_of(*self.rows)


@st.composite
def worlds(draw: st.DrawFn, most: int = 14) -> World:
    objects = tuple(
        draw(
            st.sampled_from(
                [["contacts"], ["companies"], ["contacts", "companies"], ["contacts", "companies", "deals"]]
            )
        )
    )
    columns = {}
    for one in objects:
        known = COLUMNS[one]
        chosen = draw(st.sets(st.sampled_from(sorted(known)))) | set(draw(st.just(NEEDED[one])))
        columns |= {name: known[name] for name in known if name in chosen}
    cells = {name: st.sampled_from(["", *values, *values]) for name, values in columns.items()}
    rows = draw(
        st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=most).filter(
            lambda rows: any(map(any, map(dict.values, rows)))
        )
    )
    modes = tuple(
        (one, draw(st.sampled_from([Mode.UPSERT, Mode.UPSERT, Mode.UPSERT, Mode.CREATE, Mode.UPDATE])))
        for one in objects
    )
    keys = [
        name
        for name in columns
        if name
        in ("Email", "Member", "Contact record ID", "Company Domain Name", "VAT", "Company record ID", "Deal record ID")
    ]
    updatable = {
        "contacts": ("Email", "Member", "Contact record ID"),
        "companies": ("Company Domain Name", "VAT", "Company record ID"),
        "deals": ("Deal record ID",),
    }
    modes = tuple((one, mode if set(updatable[one]) & set(keys) else Mode.UPSERT) for one, mode in modes)
    keep = tuple(draw(st.sets(st.sampled_from(sorted(columns)), max_size=2)))
    emails = draw(st.permutations(EMAILS))
    held = draw(st.integers(0, 3))
    contacts = tuple(
        {"email": emails[i], "firstname": "Old"}
        | ({"hs_additional_emails": emails[4]} if i == 0 and draw(st.booleans()) else {})
        | ({"member": NUMBERS[i]} if draw(st.booleans()) else {})
        for i in range(held)
    )
    companies = tuple(
        {"domain": draw(st.sampled_from(DOMAINS)), "name": "Old"} | ({"vat": NUMBERS[i]} if draw(st.booleans()) else {})
        for i in range(draw(st.integers(0, 2)))
    )
    return World(contacts, companies, draw(st.booleans()), tuple(rows), modes, keep, objects)


def set_up(database: Database) -> None:
    """Adds the unique properties that these worlds have."""
    with database.transaction() as tx:
        known = catalogue.load(tx)
        properties.define(tx, SYSTEM, known.object_type("contacts"), "member", "Member", unique=True)
        properties.define(tx, SYSTEM, known.object_type("companies"), "vat", "VAT", unique=True)
        twins = [Option("e", "East"), Option("east", "Orient", also=("Dawn",)), Option("d", "Sunrise", also=("Dawn",))]
        properties.define(tx, SYSTEM, known.object_type("contacts"), "side", "Side", type="enumeration", options=twins)
        for email, first in (
            ("bo@kartotek.example", "Bo"),
            ("berg@kartotek.example", "Bo"),
            ("ida@kartotek.example", "Ida"),
        ):
            secret = people.first_link(tx) or people.invite(tx, SYSTEM, email, "member")
            people.claim(tx, secret, email=email, first_name=first, last_name="Berg", password="seven blue herrings")


def begin(database: Database, world: World) -> None:
    """The database as the world has it before the file comes: contacts 1 to 3, companies 4 and 5."""
    pictures.emptied(database)
    with database.transaction() as tx:
        known = catalogue.load(tx)
        contacts, companies = known.object_type("contacts"), known.object_type("companies")
        tx.run("SELECT setval('kartotek.record_id', 1, false)")
        _write(tx, Changes(contacts, _frame(world.contacts)))
        tx.run("SELECT setval('kartotek.record_id', 4, false)")
        _write(tx, Changes(companies, _frame(world.companies)))
        if world.linked and world.contacts and world.companies:
            ends = {"first_id": [1], "first_key": [None], "second_id": [4], "second_key": [None]}
            frame = pl.DataFrame(ends, schema=dict.fromkeys(ends, pl.Int64))
            records.write(tx, SYSTEM, Batch(links=(Links(contacts, companies, frame),)))
        # Among the ids in the file: it names records that only its own import makes.
        tx.run("SELECT setval('kartotek.record_id', 6, false)")


def _write(tx: Any, changes: Changes) -> None:
    if len(changes.frame):
        records.write(tx, SYSTEM, Batch((changes,)))


def _frame(rows: tuple[dict[str, str], ...]) -> pl.DataFrame:
    names = sorted({name for row in rows for name in row})
    columns: dict[str, list[Any]] = {name: [row.get(name) for row in rows] for name in names}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
    if "hs_additional_emails" in names:
        frame = frame.with_columns(pl.col("hs_additional_emails").str.split(";"))
    return frame.with_columns(_key=pl.int_range(len(rows), dtype=pl.Int64), _id=pl.lit(None, pl.Int64))
