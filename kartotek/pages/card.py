"""What the page of one record shows: its properties by group, its activities, what is associated with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from kartotek.domain import access, associations, reach
from kartotek.model.associations import Association
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.model.records import Record, Source
from kartotek.pages import cards, fields, layouts, nouns, shown
from kartotek.pages.record import logging, timeline
from kartotek.pages.shown import Words
from kartotek.pages.visit import Visit

TABS = ("activities", "overview")


@dataclass(frozen=True, slots=True)
class Editing:
    """Which property's field stands open, and what was typed into it when it comes back with a mistake."""

    name: str = ""
    typed: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One property as it stands on the page."""

    property: Property
    text: str
    whole: str
    href: str | None
    field: fields.Field | None  # when its field stands open


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    label: str
    lines: list[Line]
    filled: int
    open: bool


@dataclass(frozen=True, slots=True)
class Companion:
    """One associated record, with the facts that tell it from others, and what it is called."""

    association: Association
    facts: list[str]
    labels: list[str]
    may_be_primary: bool  # it can become the primary company
    may_give_up: bool  # it is that, and need not stay it
    days: str = ""  # from when until when, in words


@dataclass(frozen=True, slots=True)
class Side:
    object_type: ObjectType
    total: int
    companions: list[Companion]
    has_labels: bool  # there are some to choose from


@dataclass(frozen=True, slots=True)
class Card:
    record: Record
    subtitle: list[str]  # what tells it from others of its name
    source: str
    key: list[Line]
    groups: list[Group]
    timeline: timeline.Timeline
    log: logging.Log | None
    sides: list[Side]
    tab: str
    side: str  # which column a phone shows
    may_edit: bool
    may_delete: bool
    hidden: int  # properties that are left out because they are empty


def of(visit: Visit, record: Record, words: Words, editing: Editing) -> Card:
    object_type = record.object_type
    tab = visit.query("tab") if visit.query("tab") in TABS else TABS[0]
    shown = [one for one in object_type.properties.values() if _worth_showing(visit, one, record)]
    return Card(
        record=record,
        subtitle=facts(record, words) or [object_type.label],
        source=source(visit, record.source, record.source_id),
        key=[_line(record, one, words, editing) for one in layouts.key_facts(object_type)],
        groups=_groups(visit, record, shown, words, editing),
        timeline=timeline.of(visit, record, words),
        log=logging.of(visit, record, words) if _may(visit, "edit", record) else None,
        sides=_sides(visit, record, words),
        tab=tab,
        side=visit.query("side") or "about",
        may_edit=_may(visit, "edit", record) and not record.archived,
        may_delete=_may(visit, "delete", record),
        hidden=len(object_type.properties) - len(shown),
    )


def _may(visit: Visit, verb: str, record: Record) -> bool:
    object_type = record.object_type
    return access.narrow(visit.actor, verb, object_type.name).takes(record.values.get(reach.OWNER))


def _worth_showing(visit: Visit, prop: Property, record: Record) -> bool:
    """Filled ones, and those that a person would fill; all of them when asked for."""
    if visit.query("all") or prop.name == layouts.created(record.object_type):
        return prop.is_offered or bool(record.values.get(prop.name))
    if prop.read_only or (prop.kind == "number" and prop.name.endswith("id")):
        return False
    return bool(record.values.get(prop.name)) or (prop.tier != "extended" and not prop.name.startswith("hs_"))


def _line(record: Record, prop: Property, words: Words, editing: Editing) -> Line:
    text = record.values.get(prop.name) or ""
    held = text if editing.typed is None else editing.typed
    open = fields.field(prop, words, held) if editing.name == prop.name and not prop.read_only else None
    return Line(prop, words.told(prop, record.values), words.hover(prop, record.values), _href(prop, text), open)


def _href(prop: Property, text: str) -> str | None:
    if not text:
        return None
    if prop.kind == "email":
        return f"mailto:{text}"
    if prop.kind == "phone":
        return f"tel:{text}"
    if prop.kind == "domain":
        return f"https://{text}"
    return text if text.startswith(("https://", "http://")) and " " not in text else None


def _groups(visit: Visit, record: Record, shown: Sequence[Property], words: Words, editing: Editing) -> list[Group]:
    labels = {one.name: one.label for one in nouns.load(visit).groups.get(record.object_type.name, ())}
    key = {one.name for one in layouts.key_facts(record.object_type)}
    groups: list[Group] = []
    for name in dict.fromkeys([*labels, *(one.group for one in shown)]):
        rest = [one for one in shown if one.group == name and one.name not in key]
        lines = [_line(record, one, words, editing) for one in rest]
        if lines:
            filled = sum(bool(line.text) for line in lines)
            opened = any(line.field for line in lines) or not groups
            groups.append(Group(name, labels.get(name, name), lines, filled, opened))
    return groups


def _sides(visit: Visit, record: Record, words: Words) -> list[Side]:
    """The cards in the person's order; those that they hid are left out."""
    found = {one.object_type.name: one for one in associations.cards(visit.tx, visit.actor, record)}
    return [
        Side(
            other,
            found[other.name].total,
            [_companion(visit, record, one, found[other.name].total, words) for one in found[other.name].associations],
            bool(nouns.load(visit).labels(record.object_type.name, other.name)),
        )
        for other in cards.arranged(visit, record.object_type)
    ]


def _companion(visit: Visit, record: Record, one: Association, total: int, words: Words) -> Companion:
    known = nouns.load(visit)
    labels = [known.association_type(label.id) or label for label in one.labels]
    has_primary = record.object_type.has_primary_company and one.record.object_type.name == "companies"
    # The only company of a contact stays its primary one.
    free = record.object_type.name != "contacts" or total > 1
    return Companion(
        one, facts(one.record, words), [label.label or label.name for label in labels],
        may_be_primary=has_primary and not one.primary, may_give_up=has_primary and one.primary and free,
        days=shown.stretch(one.starts_on, one.ends_on, visit.locale, visit.gettext),
    )  # fmt: skip


def source(visit: Visit, source: Source, id: int | None) -> str:
    """Where something came from, in words."""
    _ = visit.gettext
    return {
        Source.USER: _("By hand"),
        Source.IMPORT: _("Import %(id)s") % {"id": id},
        Source.UNDO: _("Import %(id)s undone") % {"id": id},
        Source.API: _("API"),
        Source.JOB: _("Kartotek"),
        Source.DOMAIN: _("Auto association by domain"),
    }.get(source, _("Unknown"))


def facts(record: Record, words: Words) -> list[str]:
    """Up to two things that tell a record from others of its name."""
    properties = record.object_type.properties
    wanted = [*record.object_type.secondary, *(n for n in layouts.COLUMNS.get(record.object_type.name, ()))]
    texts = [words.told(properties[name], record.values) for name in dict.fromkeys(wanted) if name in properties]
    return [text for text in texts if text and text != record.name][:2]
