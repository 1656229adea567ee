"""Step four: the name, how existing records are found, the list, consent and legal basis, and how dates, times, numbers
and telephone numbers are written."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kartotek import errors
from kartotek.domain import account, imports, lists, rehearsals
from kartotek.imports import mapping, run, survey
from kartotek.imports.table import Plan
from kartotek.model.catalogue import Catalogue
from kartotek.model.imports import Import, State
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.pages import nouns, render, shown, zones
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.pages.wizard import draft as drafts
from kartotek.values import Reading

DATES = ("DMY", "MDY", "YMD")
# The countries whose way with numbers and telephones is offered; Babel knows what they are called.
COUNTRIES = (
    "DK",
    "NO",
    "SE",
    "FI",
    "DE",
    "NL",
    "FR",
    "ES",
    "IT",
    "PL",
    "CH",
    "GB",
    "IE",
    "US",
    "CA",
    "AU",
    "IN",
    "JP",
    "BR",
)


@dataclass(frozen=True, slots=True)
class Format:
    """A way of writing, with the file's own values as they would be read."""

    value: str
    label: str
    examples: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class About:
    """What is asked of these objects: whose list, whether consent is needed, which legal bases there are to choose."""

    listed: ObjectType
    contacts: bool
    bases: list[tuple[str, str]]
    list_is_taken: bool


def edit(visit: Visit, id: int) -> Answer:
    job = imports.get(visit.tx, visit.actor, id)
    if job.state is not State.DRAFT:
        return render.go(f"/imports/{id}")
    draft = drafts.of(job)
    if not draft.plan.objects:
        return render.go(f"/imports/{id}/objects")
    seen = drafts.seen(visit, job, draft)
    known = nouns.load(visit)
    told = _told(visit, draft.plan) if visit.asked.form else draft.plan
    columns = drafts.mapped(visit, draft.plan)
    # As long as nobody has said how dates or numbers are written, what cannot be read follows from that alone.
    asked = {column.index for column, prop in columns if seen.asks(column, prop)}
    keys = {name: _keys(draft.plan, name, known.object_types[name].properties.values()) for name in draft.objects}
    return render.page(
        visit,
        "imports/details.html",
        job=job,
        draft=draft,
        plan=told,
        objects=[known.object_types[name] for name in draft.objects],
        about=_about(visit, told),
        seen=seen,
        dates=_dates(visit, seen.dates),
        numbers=_numbers(visit, seen.numbers),
        chosen=replace(seen.plan, dates=told.dates or seen.plan.dates, numbers=told.numbers or seen.plan.numbers),
        countries=shown.countries(visit.locale, COUNTRIES),
        has_phones=any(prop.kind == "phone" for _, prop in columns),
        zones=_zones(visit, told) if any(_tells_hours(known, prop) for _, prop in columns) else (),
        keys={name: found for name, found in keys.items() if len(found) > 1},
        errors=sum(one.rows for one in seen.kinds if one.index is not None and one.index not in asked),
        skipped=len(draft.unmapped()) + len(draft.left_out),
    )


def update(visit: Visit, id: int) -> Answer:
    """Keeps the details; with "rehearse" the import is rehearsed, with "start" put in line."""
    job = imports.get(visit.tx, visit.actor, id)
    draft = drafts.of(job)
    draft = replace(draft, plan=_told(visit, draft.plan))
    if visit.field("start"):
        return _start(visit, job, draft)
    if visit.field("rehearse"):
        return _rehearse(visit, job, draft)
    drafts.save(visit, job, draft)
    return render.go(f"/imports/{id}/{'mapping' if visit.field('back') else 'details'}")


def _start(visit: Visit, job: Import, draft: drafts.Draft) -> Answer:
    plan = _settled(visit, job, draft)
    started = imports.start(visit.tx, visit.actor, job.id, plan.name, run.plan_to_json(plan), list(draft.objects))
    if visit.field("consent"):
        imports.consent(visit.tx, visit.actor, started)
    return render.go(f"/imports/{started}")


def _rehearse(visit: Visit, job: Import, draft: drafts.Draft) -> Answer:
    plan = run.plan_to_json(_settled(visit, job, draft))
    drafts.save(visit, job, draft)
    if visit.field("consent"):
        imports.consent(visit.tx, visit.actor, job.id)
    rehearsals.ask(visit.tx, visit.actor, visit.settings.files_url, job.id, plan, list(draft.objects))
    return render.go(f"/imports/{job.id}/rehearsal")


def _settled(visit: Visit, job: Import, draft: drafts.Draft) -> Plan:
    """The plan as it can be carried out, or an error that says what is missing."""
    seen = drafts.seen(visit, job, draft)
    formed = {column.index for column, prop in drafts.mapped(visit, draft.plan) if prop.kind in survey.FORMATS}
    if not formed <= seen.formats.keys():
        raise errors.Invalid(
            visit.gettext("How the file writes its dates and numbers is still being looked at: try again in a moment.")
        )
    if seen.dates and seen.dates.settled is None and seen.plan.dates is None:
        raise errors.Invalid(
            visit.gettext("Choose the date format: the dates of this file can be read in more than one way.")
        )
    if seen.numbers and seen.numbers.settled is None and seen.plan.numbers is None:
        raise errors.Invalid(
            visit.gettext("Choose the number format: the numbers of this file can be read in more than one way.")
        )
    mapping.check_plan(seen.plan, nouns.load(visit).object_types)
    _check_contacts(visit, draft)
    run.require_details(visit.tx, visit.actor, seen.plan)
    return seen.plan


def _check_contacts(visit: Visit, draft: drafts.Draft) -> None:
    """What blocks an import of contacts (imports.md 11.5), and a list that would grow unnoticed."""
    if "contacts" in draft.objects and not visit.field("consent"):
        raise errors.Invalid(
            visit.gettext(
                "Tick that these contacts expect to hear from you and that the file holds no purchased list; "
                "without that they cannot be imported."
            )
        )
    name = draft.plan.list
    if name is not None and not visit.field("join_list") and not lists.is_free(visit.tx, name):
        raise errors.Invalid(
            visit.gettext("There is a list called “%(name)s” already. Name another one, or tick that it grows.")
            % {"name": name}
        )


def _about(visit: Visit, plan: Plan) -> About:
    known = nouns.load(visit)
    names = [one.object_type for one in plan.objects]
    with_contacts = "contacts" in names
    basis = known.object_types["contacts"].properties["hs_legal_basis"]
    in_file = any(column.property == basis.name for column in plan.of("contacts"))
    asked = with_contacts and not in_file and (account.load(visit.tx).data_privacy or plan.legal_basis is not None)
    return About(
        listed=known.object_types[plan.listed or names[0]],
        contacts=with_contacts,
        bases=[(option.value, option.label) for option in basis.options] if asked else [],
        list_is_taken=plan.list is not None and not lists.is_free(visit.tx, plan.list),
    )


def _told(visit: Visit, plan: Plan) -> Plan:
    """The plan with what the form says."""
    name = visit.field("name")[:255]
    country, numbers, dates = visit.field("country"), visit.field("numbers"), visit.field("dates")
    zone = visit.field("zone")
    return replace(
        plan,
        name=name or plan.name,
        dates=dates if dates in DATES else None,
        numbers=numbers if numbers in COUNTRIES else None,
        country=country if country in COUNTRIES else None,
        zone=str(zones.of(zone)) if zone else plan.zone,
        short_rows_are_empty=bool(visit.field("short_rows_are_empty")),
        list=(visit.field("list")[:255] or name or plan.name) if visit.field("make_list") else None,
        legal_basis=visit.field("legal_basis") or None,
        objects=tuple(replace(one, match_by=visit.field(f"match-{one.object_type}") or None) for one in plan.objects),
    )


def _tells_hours(known: Catalogue, prop: Property) -> bool:
    """Nobody is asked for the zone of days; a property of one's own may hold either."""
    if prop.kind != "moment" or not prop.object_type:
        return False
    return prop.tier == "custom" or known.object_types[prop.object_type].tells_hours(prop)


def _zones(visit: Visit, plan: Plan) -> list[str]:
    """Those of places; and, whatever they are called, the reader's and the one that was chosen."""
    return sorted({*zones.places(), "UTC", str(visit.zone), plan.zone})


def _dates(visit: Visit, found: survey.Format | None) -> list[Format]:
    if found is None:
        return []
    labels = {
        "DMY": visit.gettext("Day, month, year"),
        "MDY": visit.gettext("Month, day, year"),
        "YMD": visit.gettext("Year, month, day"),
    }
    texts = found.texts
    show = shown.filters(visit.locale)["day"]
    return [
        Format(
            order,
            labels[order],
            _pairs(texts, survey.read_as("date", [_day_part(text) for text in texts], Reading(dates=order)), show),
        )
        for order in DATES
    ]


def _numbers(visit: Visit, found: survey.Format | None) -> list[Format]:
    """One country for each way of writing that the file could be in, then all the others."""
    if found is None:
        return []
    texts = found.texts
    show = shown.filters(visit.locale)["number"]
    names = dict(shown.countries(visit.locale, COUNTRIES))
    return [
        Format(
            country,
            names[country],
            _pairs(texts, survey.read_as("number", texts, Reading(numbers=country)), show),
        )
        for country in COUNTRIES
    ]


def _pairs(texts: tuple[str, ...], read: list[str | None], show: shown.Show) -> list[tuple[str, str]]:
    """Each text with what it is read as; a dash where it cannot be."""
    return [(text, "–" if value is None else show(value)) for text, value in zip(texts, read, strict=True)]


def _day_part(text: str) -> str:
    return text.split(" ")[0] if ":" in text else text


def _keys(plan: Plan, name: str, properties: Iterable[Property]) -> list[Property]:
    """The unique properties of this object that the file has: with more than one, the person chooses."""
    columns = {one.property for one in plan.of(name)}
    return [one for one in properties if one.unique and one.name in columns]
