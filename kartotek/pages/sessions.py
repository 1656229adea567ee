"""Sign in, sign out, and the link by which somebody comes in the first time."""

from kartotek import errors
from kartotek.domain import people
from kartotek.pages import door, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def new(visit: Visit) -> Answer:
    """The sign-in page; who is in already goes where they wanted to go."""
    if visit.guest is not None:
        return render.go(_next(visit))
    return render.page(visit, "sessions/new.html", next=_next(visit))


def create(visit: Visit) -> Answer:
    session = people.sign_in(visit.tx, visit.field("email"), _password(visit))
    return _let_in(visit, session, _next(visit))


def destroy(visit: Visit) -> Answer:
    people.sign_out(visit.tx, visit.asked.cookies[door.SESSION])
    answer = render.go("/sign-in", said=visit.gettext("You are signed out."))
    answer.delete_cookie(door.SESSION)
    return answer


def welcome(visit: Visit, secret: str) -> Answer:
    """What a link shows: who one is about to become. A form that came back keeps what was typed."""
    invitation = people.invitation(visit.tx, secret)
    return render.page(visit, "sessions/welcome.html", invitation=invitation, shortest=people.SHORTEST_PASSWORD)


def claim(visit: Visit, secret: str) -> Answer:
    person = people.claim(
        visit.tx,
        secret,
        email=visit.field("email"),
        first_name=visit.field("first_name"),
        last_name=visit.field("last_name"),
        password=_password(visit),
    )
    said = visit.gettext("Welcome, %(name)s.") % {"name": person.first_name or person.name}
    return _let_in(visit, people.start_session(visit.tx, person), "/", said=said)


def _let_in(visit: Visit, session: people.Session, path: str, said: str | None = None) -> Answer:
    answer = render.go(path, said=said)
    answer.set_cookie(door.cookie(visit.settings, door.SESSION, session.secret))
    answer.delete_cookie(door.VISITOR)
    return answer


def _password(visit: Visit) -> str:
    """As it was typed: blanks at its ends belong to a password."""
    value = visit.asked.form.get("password")
    if not isinstance(value, str) or not value:
        raise errors.Invalid(visit.gettext("Type your password."))
    return value


def _next(visit: Visit) -> str:
    """Only a path of ours: "//elsewhere" would leave the house."""
    wanted = visit.field("next") or visit.query("next")
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and "\n" not in wanted
    return wanted if ours else "/"
