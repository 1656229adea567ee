"""Records: the index page of an object, the page of one record, the form that makes one."""

from collections.abc import Collection
from difflib import get_close_matches
from urllib.parse import urlencode

from kartotek import errors
from kartotek.domain import access, lists, merging, people, records, teams
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Record
from kartotek.pages import card, fields, frame, from_import, layouts, list_forms, nouns, render
from kartotek.pages.index import chips, views, ways
from kartotek.pages.index import state as states
from kartotek.pages.render import Answer
from kartotek.pages.shown import Words
from kartotek.pages.visit import Visit


def first(visit: Visit) -> Answer:
    """The front door leads to the contacts, or else to the first object that the person may look at."""
    objects, others = frame.places(visit)
    if not objects and not others:
        return render.page(visit, "records/nothing.html")
    return render.go(f"/{(objects or others)[0].name}")


def index(visit: Visit, objects: str) -> Answer:
    object_type = known(visit, objects)
    state, spoken = states.of(visit, object_type), words(visit)
    shown = ways.of(visit, state, spoken)
    imported = from_import.of(visit, shown)
    on_list = lists.uncounted(visit.tx, visit.actor, visit.number("list")) if visit.number("list") else None
    answer = render.page(
        visit,
        ways.template(state),
        object_type=object_type,
        table=shown,
        tabs=views.of(visit, state),
        ways=ways.offered(visit, state),
        chips=chips.of(visit, state, spoken),
        narrowed=_narrowed(visit, shown, imported),
        from_import=imported,
        on_list=on_list,
        list_asks=list_forms.sentence(visit, object_type, on_list) if on_list else "",
        about_empty=_what_belongs_here(visit, object_type),
        may_import=visit.actor.rights.imports,
        may_export=visit.actor.rights.exports,
        may_edit=access.may(visit.actor, "edit", object_type.name),
        may_delete=access.may(visit.actor, "delete", object_type.name),
    )
    if visit.asked.fragment:
        answer.headers["hx-push-url"] = shown.address()
    return answer


def mistaken(visit: Visit, objects: str) -> Answer:
    """An address whose filters, sort or view cannot be understood: what is wrong with it, and the ways on."""
    object_type = known(visit, objects)
    state = "?" + urlencode(list(visit.asked.query.multi_items()))
    return render.page(visit, "index/mistaken.html", object_type=object_type, state=state)


def show(visit: Visit, objects: str, id: int, editing: card.Editing | None = None) -> Answer:
    object_type = known(visit, objects)
    survivor = merging.survivor(visit.tx, id)
    if survivor is not None:
        return render.go(f"/{object_type.name}/{survivor}")
    # What is counted is shown among all properties only: nobody else has to wait for it.
    read = records.whole if visit.query("all") else records.get
    record = read(visit.tx, visit.actor, object_type, id)
    return render.page(visit, "records/show.html", card=card.of(visit, record, words(visit), editing or card.Editing()))


def new(visit: Visit, objects: str) -> Answer:
    object_type = known(visit, objects)
    access.require(visit.actor, "edit", object_type)
    return render.page(
        visit,
        "records/new.html",
        object_type=object_type,
        fields=fields.of_form(visit, layouts.form_fields(object_type), words(visit)),
        needed=fields.needed(object_type, visit.gettext(" or ")),
        beside=_beside(visit),
    )


def create(visit: Visit, objects: str) -> Answer:
    """Made and associated in one step, when the form was opened from another record."""
    object_type = known(visit, objects)
    beside = _beside(visit)
    texts = {prop.name: fields.sent(visit, prop) for prop in layouts.form_fields(object_type)}
    associated = [(beside.object_type, beside.id)] if beside else []
    record = records.create(visit.tx, visit.actor, object_type, texts, associated)
    said = visit.gettext("%(name)s is created.") % {"name": record.name}
    if visit.field("another"):
        where = f"?with={beside.id}&with_type={beside.object_type.name}" if beside else ""
        return render.go(f"/{object_type.name}/new{where}", said=said)
    if beside:
        return render.go(f"/{beside.object_type.name}/{beside.id}?side=associations", said=said)
    return render.go(f"/{record.object_type.name}/{record.id}", said=said)


def known(visit: Visit, objects: str) -> ObjectType:
    """The object type of an address; there is nothing at any other."""
    types = nouns.load(visit).object_types
    if objects not in types:
        raise errors.NotFound(_nowhere(visit, objects, types))
    return types[objects]


def _nowhere(visit: Visit, objects: str, types: Collection[str]) -> str:
    for nearest in get_close_matches(objects.lower(), types, n=1):
        guess = visit.gettext("There is no object “%(name)s”. Did you mean “%(nearest)s”?")
        return guess % {"name": objects, "nearest": nearest}
    return visit.gettext("There is nothing at this address. It may have been removed, or the link may be incomplete.")


def words(visit: Visit) -> Words:
    cat: Catalogue = nouns.load(visit)
    everybody = people.everybody(visit.tx)
    return Words(
        cat,
        visit.locale,
        visit.gettext("Yes"),
        visit.gettext("No"),
        people={str(one.id): one.name for one in everybody},
        gone=frozenset(str(one.id) for one in everybody if one.archived),
        teams={str(id): name for id, name in teams.names(visit.tx).items()},
        zone=visit.zone,
    )


def _beside(visit: Visit) -> Record | None:
    """The record that the new one will belong to."""
    id = visit.field("with") or visit.query("with")
    objects = visit.field("with_type") or visit.query("with_type")
    if not id.isdecimal() or not objects:
        return None
    return records.get(visit.tx, visit.actor, known(visit, objects), int(id))


def _what_belongs_here(visit: Visit, object_type: ObjectType) -> str:
    _ = visit.gettext
    known = {
        "contacts": _(
            "The people you deal with: customers, leads, suppliers. Bring the spreadsheet you have; "
            "each person finds their company by its domain."
        ),
        "companies": _("The firms behind your contacts. They come with an import of contacts, or by themselves."),
        "deals": _("What you hope to sell, from the first appointment to won or lost, with its amount and close date."),
        "tickets": _("What customers ask for help with, from new to closed."),
        "products": _("What you sell, with its price, to be put on deals."),
        "tasks": _("What is to be done, by whom and when."),
    }
    return known.get(object_type.name, _("Everything of this kind stands here, once there is something."))


def _narrowed(visit: Visit, shown: ways.Shown, imported: from_import.FromImport | None) -> list[tuple[str, str]]:
    """What the index is narrowed to, as chips: a sentence, and the address without it. A list stands in the heading."""
    chips = []
    if visit.query("q"):
        chips.append((f"“{visit.query('q')}”", shown.address(q=None, page=None)))
    if visit.number("with"):
        name = _name_of(visit, visit.number("with"))
        chips.append(
            (visit.gettext("Associated with %(name)s") % {"name": name}, shown.address(**{"with": None, "page": None}))
        )
    if imported:
        said = visit.gettext("From import %(id)s") % {"id": imported.name}
        chips.append((said, shown.address(**{"import": None, "outcome": None, "page": None})))
    return chips


def _name_of(visit: Visit, id: int) -> str:
    """A record's id is unique across types, but a record is read by its type."""
    for one in nouns.load(visit).object_types.values():
        found = records.many(visit.tx, visit.actor, one, [id])
        if found:
            return found[0].name
    return str(id)
