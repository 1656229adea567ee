"""Lists: all of them, making, renaming and deleting one. Its members are shown by the index page of their object."""

from dataclasses import dataclass

from kartotek import errors
from kartotek.domain import access, imports, lists
from kartotek.model.imports import Import
from kartotek.model.lists import List
from kartotek.model.object_types import ObjectType
from kartotek.pages import language, nouns, records, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Index:
    lines: list[tuple[List, ObjectType]]
    total: int
    page: int
    search: str

    @property
    def first(self) -> int:
        return (self.page - 1) * PER_PAGE + 1 if self.lines else 0

    @property
    def last(self) -> int:
        return (self.page - 1) * PER_PAGE + len(self.lines)

    def address(self, page: int) -> str:
        return "/lists" + language.query_string([("q", self.search), ("page", str(page) if page > 1 else "")])


def index(visit: Visit) -> Answer:
    page, search = max(1, visit.number("page", 1)), visit.query("q")
    found, total = lists.find(
        visit.tx, visit.actor, search=search or None, limit=PER_PAGE, offset=(page - 1) * PER_PAGE
    )
    types = nouns.load(visit).object_types
    shown = Index([(one, types[one.object_type]) for one in found], total, page, search)
    answer = render.page(visit, "lists/index.html", index=shown, may_edit=bool(_editable(visit)))
    if visit.asked.fragment:
        answer.headers["hx-push-url"] = shown.address(page)
    return answer


def new(visit: Visit) -> Answer:
    return render.page(visit, "lists/new.html", objects=_editable(visit))


def create(visit: Visit) -> Answer:
    object_type = records.known(visit, visit.field("object"))
    id = lists.create(visit.tx, visit.actor, object_type, visit.field("name"))
    return render.go(f"/lists/{id}")


def show(visit: Visit, id: int) -> Answer:
    """Its members, on the index page of their object."""
    one = lists.get(visit.tx, visit.actor, id)
    return render.go(f"/{one.object_type}?list={id}")


def edit(visit: Visit, id: int) -> Answer:
    return render.page(visit, "lists/edit.html", list=lists.get(visit.tx, visit.actor, id))


def update(visit: Visit, id: int) -> Answer:
    lists.rename(visit.tx, visit.actor, id, visit.field("name"))
    return render.go(f"/lists/{id}")


def deletion(visit: Visit, id: int) -> Answer:
    one = lists.get(visit.tx, visit.actor, id)
    object_type = nouns.load(visit).object_types[one.object_type]
    return render.page(visit, "lists/deletion.html", list=one, object_type=object_type)


def delete(visit: Visit, id: int) -> Answer:
    name = lists.get(visit.tx, visit.actor, id).name
    lists.delete(visit.tx, visit.actor, id)
    return render.go("/lists", said=visit.gettext("The list “%(name)s” is deleted.") % {"name": name})


def new_from_import(visit: Visit, id: int) -> Answer:
    """For what an import created and updated, or all that it met."""
    job = imports.get(visit.tx, visit.actor, id)
    books = imports.books(visit.tx, id).objects
    types = nouns.load(visit).object_types
    met = [(types[name], counts) for name, counts in books.items() if _may_list(visit, name) and _written(counts)]
    if not met:
        raise errors.Invalid(visit.gettext("This import brought no records that could go on a list."))
    return render.page(visit, "lists/from_import.html", job=job, met=met, name=visit.field("name") or _name(job))


def create_from_import(visit: Visit, id: int) -> Answer:
    object_type = records.known(visit, visit.field("object"))
    which = visit.field("which") if visit.field("which") in lists.LETTERS else "written"
    made = lists.from_import(visit.tx, visit.actor, object_type, visit.field("name"), id, which)
    return render.go(f"/lists/{made}")


def _editable(visit: Visit) -> list[ObjectType]:
    types = nouns.load(visit).object_types
    return [one for one in types.values() if one.kind == "record" and _may_list(visit, one.name)]


def _may_list(visit: Visit, name: str) -> bool:
    return access.may(visit.actor, "edit", name) and access.may(visit.actor, "view", name)


def _written(counts: dict[str, int]) -> int:
    return counts.get("created", 0) + counts.get("updated", 0) + counts.get("unchanged", 0)


def _name(job: Import) -> str:
    return job.name.rsplit(".", 1)[0] if "." in job.name else job.name
