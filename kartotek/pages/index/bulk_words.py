"""What was, or is to be, done to many records, in words and numbers."""

from kartotek.domain import access, records
from kartotek.model.bulk_runs import Archive, Associate, BulkRun, Delist, Edit, Enlist, Fate, How, TakeBack
from kartotek.model.object_types import ObjectType
from kartotek.pages import nouns, shown
from kartotek.pages import records as pages
from kartotek.pages.visit import Visit

_NAMED = 3


def N_(text: str) -> str:
    return text


REASONS = {
    Fate.NO_RIGHT: N_("Your role does not allow it."),
    Fate.GONE: N_("Archived or merged in the meantime, or not yours to see."),
    Fate.NEEDED: N_("It would be left without anything to be known by."),
    Fate.TAKEN: N_("The value belongs to another record."),
    Fate.MISPLACED: N_("The stage belongs to another pipeline."),
    Fate.LIMIT: N_("It would have more associations than the settings allow. What there was room for was made."),
    Fate.FAMILY: N_("A company has one parent at most, and is never above itself."),
    Fate.ITSELF: N_("A record is not associated with itself."),
    Fate.SINCE: N_("Changed by somebody since, so it stays as it is."),
    Fate.WRONG: N_("The value does not fit."),
}


def said(visit: Visit, run: BulkRun) -> str:
    """In one sentence, when there is nothing more to tell."""
    _ = visit.gettext
    if not run.changed:
        return _("Nothing had to be changed: all %(count)s were so already.") % {"count": _number(visit, run.unchanged)}
    told = {"count": _number(visit, run.changed), "objects": objects(visit, run, run.changed)}
    sentence = {
        Edit: _("%(count)s %(objects)s changed."),
        Associate: _("%(count)s %(objects)s associated."),
        Archive: _("%(count)s %(objects)s archived."),
        Enlist: _("%(count)s %(objects)s put on the list."),
        Delist: _("%(count)s %(objects)s taken off the list."),
        TakeBack: _("%(count)s %(objects)s are as they were before."),
    }[type(run.task)] % told
    if run.unchanged:
        sentence += " " + _("%(count)s were so already.") % {"count": _number(visit, run.unchanged)}
    return sentence


def title(visit: Visit, run: BulkRun) -> str:
    """What is done: "City becomes Odense"."""
    _ = visit.gettext
    match run.task:
        case Edit() as edit:
            return _edit(visit, run, edit)
        case Associate() as link:
            return _("Associate with %(names)s") % {"names": names(visit, link)}
        case Enlist() as enlisting:
            return _("Put on the list “%(name)s”") % {"name": enlisting.name}
        case Delist() as delisting:
            return _("Take off the list “%(name)s”") % {"name": delisting.name}
        case TakeBack() as back:
            return _("Undo of bulk change %(number)s") % {"number": back.run}
    return _("Archive")


def objects(visit: Visit, run: BulkRun, count: int) -> str:
    one = object_type(visit, run)
    return (one.label if count == 1 else one.label_plural).lower()


def object_type(visit: Visit, run: BulkRun) -> ObjectType:
    return nouns.load(visit).object_type(run.object_type)


def names(visit: Visit, link: Associate) -> str:
    """Those that are associated with, as far as the person may see them."""
    other = nouns.load(visit).object_type(link.other)
    first = link.others[:_NAMED] if access.may(visit.actor, "view", other.name) else ()
    found = [one.name for one in records.many(visit.tx, visit.actor, other, first, other.naming)] if first else []
    more = len(link.others) - len(found)
    said = shown.listed(visit.locale, found)
    if not found:
        return f"{more} {other.label_plural.lower()}"
    return visit.gettext("%(names)s and %(number)s more") % {"names": said, "number": more} if more else said


def _edit(visit: Visit, run: BulkRun, edit: Edit) -> str:
    prop = object_type(visit, run).properties.get(edit.property)
    label = prop.label if prop else edit.property
    value = pages.words(visit).value(prop, edit.text) if prop else edit.text or ""
    if edit.how is not How.CLEAR and edit.text is None:
        return visit.gettext("%(property)s is changed") % {"property": label}  # what it said had to be forgotten
    sentence = {
        How.SET: visit.gettext("%(property)s becomes “%(value)s”"),
        How.CLEAR: visit.gettext("%(property)s is emptied"),
        How.ADD: visit.gettext("%(property)s: “%(value)s” is added"),
        How.REMOVE: visit.gettext("%(property)s: “%(value)s” is taken away"),
    }[edit.how]
    return sentence % {"property": label, "value": value}


def _number(visit: Visit, count: int) -> str:
    return str(shown.filters(visit.locale)["number"](count))
