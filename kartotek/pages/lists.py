"""Lists: all of them, one's members, what uses it, deleting and restoring. Its members are shown by the index page of
their object; the forms that make and change one stand in list_forms.py."""

from dataclasses import dataclass

from kartotek import errors
from kartotek.domain import access, import_books, imports, list_filling, list_uses, lists
from kartotek.model.imports import Import
from kartotek.model.lists import List
from kartotek.model.object_types import ObjectType
from kartotek.pages import language, list_forms, nouns, records, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

PER_PAGE = 50
KINDS = ("active", "static")


@dataclass(frozen=True, slots=True)
class Index:
    lines: list[tuple[List, ObjectType]]
    total: int
    page: int
    search: str
    kind: str
    objects: str

    @property
    def first(self) -> int:
        return (self.page - 1) * PER_PAGE + 1 if self.lines else 0

    @property
    def last(self) -> int:
        return (self.page - 1) * PER_PAGE + len(self.lines)

    @property
    def narrowed(self) -> bool:
        return bool(self.search or self.kind or self.objects)

    def address(self, page: int) -> str:
        pairs = [("q", self.search), ("kind", self.kind), ("object", self.objects)]
        return "/lists" + language.query_string([*pairs, ("page", str(page) if page > 1 else "")])


def index(visit: Visit) -> Answer:
    page, search = max(1, visit.number("page", 1)), visit.query("q")
    kind = visit.query("kind") if visit.query("kind") in KINDS else ""
    types = nouns.load(visit).object_types
    objects = visit.query("object") if visit.query("object") in types else ""
    found, total = lists.find(
        visit.tx, visit.actor, search=search or None, kind=kind or None, objects=objects or None,
        limit=PER_PAGE, offset=(page - 1) * PER_PAGE,
    )  # fmt: skip
    shown = Index([(one, types[one.object_type]) for one in found], total, page, search, kind, objects)
    answer = render.page(
        visit,
        "lists/index.html",
        index=shown,
        editable={one.name for one in list_forms.editable(visit)},
        objects=[types[name] for name in lists.visible(visit.tx, visit.actor) if types[name].kind == "record"],
        deleted=len(lists.archived(visit.tx, visit.actor)),
    )
    if visit.asked.fragment:
        answer.headers["hx-push-url"] = shown.address(page)
    return answer


def show(visit: Visit, id: int) -> Answer:
    """Its members, on the index page of their object."""
    one = lists.uncounted(visit.tx, visit.actor, id)
    return render.go(f"/{one.object_type}?list={id}")


def size(visit: Visit, id: int) -> Answer:
    """How many are on it: asked for by a row of the index that was not counted at once."""
    return render.page(visit, "lists/_size.html", list=lists.get(visit.tx, visit.actor, id))


def about(visit: Visit, id: int) -> Answer:
    one = lists.get(visit.tx, visit.actor, id)
    object_type = nouns.load(visit).object_types[one.object_type]
    return render.page(
        visit,
        "lists/about.html",
        list=one,
        object_type=object_type,
        asked=list_forms.sentence(visit, object_type, one),
        uses=list_uses.of(visit.tx, visit.actor, id),
        sees_imports=visit.actor.rights.imports,
    )


def deletion(visit: Visit, id: int) -> Answer:
    one = lists.get(visit.tx, visit.actor, id)
    object_type = nouns.load(visit).object_types[one.object_type]
    uses = list_uses.of(visit.tx, visit.actor, id)
    return render.page(visit, "lists/deletion.html", list=one, object_type=object_type, uses=uses)


def delete(visit: Visit, id: int) -> Answer:
    name = lists.uncounted(visit.tx, visit.actor, id).name
    lists.delete(visit.tx, visit.actor, id)
    back = render.Back(f"/lists/{id}/restoration", visit.gettext("Undo"), {})
    return render.go("/lists", said=visit.gettext("The list “%(name)s” is deleted.") % {"name": name}, back=back)


def deleted(visit: Visit, id: int = 0) -> Answer:
    """Also what a restoration that was refused comes back to."""
    types = nouns.load(visit).object_types
    gone = [(one, types[one.object_type]) for one in lists.archived(visit.tx, visit.actor)]
    editable = {one.name for one in list_forms.editable(visit)}
    return render.page(visit, "lists/deleted.html", gone=gone, editable=editable, days=lists.DAYS)


def restore(visit: Visit, id: int) -> Answer:
    one = lists.restore(visit.tx, visit.actor, id)
    return render.go(f"/lists/{id}", said=visit.gettext("The list “%(name)s” is back.") % {"name": one.name})


def new_from_import(visit: Visit, id: int) -> Answer:
    """For what an import created and updated, or all that it met."""
    job = imports.get(visit.tx, visit.actor, id)
    books = import_books.of(visit.tx, id).objects
    types = nouns.load(visit).object_types
    met = [(types[name], counts) for name, counts in books.items() if _may_list(visit, name) and _written(counts)]
    if not met:
        raise errors.Invalid(visit.gettext("This import brought no records that could go on a list."))
    first = next((one for one, counts in met if _changed(counts)), met[0][0])
    name, chosen = visit.field("name") or _name(job), visit.field("object") or first.name
    return render.page(visit, "lists/from_import.html", job=job, met=met, name=name, chosen=chosen)


def create_from_import(visit: Visit, id: int) -> Answer:
    object_type = records.known(visit, visit.field("object"))
    which = visit.field("which") if visit.field("which") in lists.LETTERS else "written"
    made = list_filling.from_import(visit.tx, visit.actor, object_type, visit.field("name"), id, which)
    return list_forms.filled(visit, *made)


def _may_list(visit: Visit, name: str) -> bool:
    return access.may(visit.actor, "edit", name) and access.may(visit.actor, "view", name)


def _written(counts: dict[str, int]) -> int:
    return _changed(counts) + counts.get("unchanged", 0)


def _changed(counts: dict[str, int]) -> int:
    return counts.get("created", 0) + counts.get("updated", 0)


def _name(job: Import) -> str:
    return job.name.rsplit(".", 1)[0] if "." in job.name else job.name
