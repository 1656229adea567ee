"""What holds for the whole account, and which version this is."""

from dataclasses import replace

from kartotek import __version__
from kartotek.domain import account
from kartotek.pages import render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def show(visit: Visit) -> Answer:
    return render.page(
        visit,
        "settings/general.html",
        version=__version__,
        account=account.load(visit.tx),
        may_change=visit.actor.rights.settings,
    )


def update(visit: Visit) -> Answer:
    wanted = replace(account.load(visit.tx), data_privacy=bool(visit.field("data_privacy")))
    account.change(visit.tx, visit.actor, wanted)
    return render.go("/settings", said=visit.gettext("The settings are kept."))
