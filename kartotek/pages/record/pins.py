"""An activity pinned on top of a record's timeline, and unpinned."""

from kartotek.domain import pins
from kartotek.pages import records as pages
from kartotek.pages import render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def create(visit: Visit, objects: str, id: int, kind: str, activity: int) -> Answer:
    home, one = pages.known(visit, objects), pages.known(visit, kind)
    pins.pin(visit.tx, visit.actor, home, id, one, activity)
    return render.go(_home(objects, id), said=visit.gettext("It stays on top of the timeline now."))


def remove(visit: Visit, objects: str, id: int, kind: str, activity: int) -> Answer:
    home, one = pages.known(visit, objects), pages.known(visit, kind)
    pins.unpin(visit.tx, visit.actor, home, id, activity)
    back = render.Back(f"/{home.name}/{id}/activities/{one.name}/{activity}/pin", visit.gettext("Undo"), {})
    return render.go(_home(objects, id), said=visit.gettext("It is back in its place in the timeline."), back=back)


def _home(objects: str, id: int) -> str:
    return f"/{objects}/{id}?side=activities"
