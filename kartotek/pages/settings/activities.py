"""Activities: what a new one is associated with beyond the record it is logged on."""

from kartotek.domain import account, activities
from kartotek.pages import nouns, render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit

_PATH = "/settings/activities"


def show(visit: Visit) -> Answer:
    chosen = activities.rules(account.load(visit.tx))
    return render.page(
        visit,
        "settings/activities.html",
        types=nouns.load(visit).object_types,
        kinds=activities.KINDS,
        offered=activities.OFFERED,
        rule=activities.rule,
        chosen={name: visit.field(name) or choice for name, choice in chosen.items()},
        words=_words(visit),
        may_change=visit.actor.rights.settings,
    )


def update(visit: Visit) -> Answer:
    names = activities.rules(account.load(visit.tx))
    sent = {name: visit.field(name) for name in names if visit.field(name)}
    activities.decide_rules(visit.tx, visit.actor, sent)
    return render.go(_PATH, said=visit.gettext("The settings are kept."))


def _words(visit: Visit) -> dict[str, dict[str, str]]:
    """What the choices for each target are called."""
    _ = visit.gettext
    none = _("None")
    return {
        "companies": {"primary": _("The primary company"), "none": none},
        "contacts": {"all": _("All of them"), "none": none},
        "deals": {
            "none": none,
            "1": _("The newest open one"),
            "5": _("The 5 newest open ones"),
            "all": _("All open ones"),
        },
    }
