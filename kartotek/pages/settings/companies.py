"""Companies: whether contacts find theirs by domain, which domains say nothing, a run over the contacts there are."""

from dataclasses import replace

from kartotek.domain import account, domain_runs, domains
from kartotek.pages import render
from kartotek.pages.render import Answer
from kartotek.pages.visit import Visit
from kartotek.values import domain

_PATH = "/settings/companies"


def show(visit: Visit) -> Answer:
    decided = account.load(visit.tx)
    sent = visit.wrong is not None
    return render.page(
        visit,
        "settings/companies.html",
        account=decided,
        ticked=bool(visit.field("associates")) if sent else decided.associates_by_domain,
        excluded=visit.field("excluded") if sent else "\n".join(map(domain.own_letters, decided.excluded_domains)),
        most=domains.MOST_EXCLUDED,
        run=domain_runs.last(visit.tx),
        may_change=visit.actor.rights.settings,
    )


def update(visit: Visit) -> Answer:
    before = account.load(visit.tx)
    excluded = domains.exclusions(visit.field("excluded"))
    wanted = replace(before, associates_by_domain=bool(visit.field("associates")), excluded_domains=excluded)
    account.change(visit.tx, visit.actor, wanted)
    if wanted.associates_by_domain and not before.associates_by_domain and visit.field("existing") == "all":
        domain_runs.start(visit.tx, visit.actor)
    return render.go(_PATH, said=visit.gettext("The settings are kept."))


def run(visit: Visit) -> Answer:
    """Over the contacts that are there."""
    domain_runs.start(visit.tx, visit.actor)
    return render.go(_PATH)
