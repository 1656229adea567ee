"""The settings pages: who is here, importing and exporting, and which version this is."""

from kartotek import __version__
from kartotek.domain import account, people
from kartotek.imports import run
from kartotek.model.account import Account
from kartotek.pages import render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit


def show(visit: Visit) -> Answer:
    return render.page(
        visit,
        "settings/show.html",
        people=people.owners(visit.tx),
        version=__version__,
        account=account.load(visit.tx),
        may_change=visit.actor.rights.settings,
    )


def import_export(visit: Visit) -> Answer:
    return render.page(
        visit,
        "settings/import_export.html",
        limits={one.limit.value: one.most for one in run.limits(visit.settings)},
        may_import=visit.actor.rights.imports,
    )


def update(visit: Visit) -> Answer:
    account.change(visit.tx, visit.actor, Account(data_privacy=bool(visit.field("data_privacy"))))
    return render.go("/settings", said=visit.gettext("The settings are kept."))
