"""One small CRM of named people and firms, used by every test that needs some, and by the demo."""

from dataclasses import dataclass

from kartotek.domain import Tx, catalogue, people, records
from kartotek.model.catalogue import Catalogue
from kartotek.model.people import Actor, Person
from kartotek.model.records import Record

PASSWORD = "seven blue herrings"


@dataclass(frozen=True)
class Cast:
    """Ida runs the place. Ada works at Nordlys and advises Havnen; Bo works at Havnen; Cleo has no firm."""

    known: Catalogue
    person: Person
    ida: Actor
    nordlys: Record
    havnen: Record
    ada: Record
    bo: Record
    cleo: Record
    deal: Record


def gather(tx: Tx) -> Cast:
    known = catalogue.load(tx)
    contacts, companies, deals = (known.object_type(name) for name in ("contacts", "companies", "deals"))
    secret = people.first_link(tx) or ""
    person = people.claim(
        tx, secret, email="ida@kartotek.example", first_name="Ida", last_name="Lund", password=PASSWORD
    )
    ida = people.actor_of(person)
    nordlys = records.create(tx, ida, companies, {"name": "Nordlys A/S", "domain": "nordlys.example"})
    havnen = records.create(tx, ida, companies, {"name": "Havnen ApS", "domain": "havnen.example"})
    ada = records.create(
        tx, ida, contacts, {"firstname": "Ada", "lastname": "Holm", "email": "ada@nordlys.example"},
        [(companies, nordlys.id), (companies, havnen.id)],
    )  # fmt: skip
    bo = records.create(
        tx,
        ida,
        contacts,
        {"firstname": "Bo", "lastname": "Ågård", "email": "bo@havnen.example"},
        [(companies, havnen.id)],
    )
    cleo = records.create(tx, ida, contacts, {"firstname": "Cleo", "email": "cleo@elsewhere.example"})
    deal = records.create(
        tx, ida, deals,
        {"dealname": "Fyrtårn", "pipeline": "default", "dealstage": "appointmentscheduled", "amount": "1250.50"},
        [(companies, nordlys.id), (contacts, ada.id)],
    )  # fmt: skip
    return Cast(known, person, ida, nordlys, havnen, ada, bo, cleo, deal)
