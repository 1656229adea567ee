"""Every page, in one table. A change is the making of a thing, so addresses read like a list of nouns."""

from kartotek.pages import archivals, associations, columns, notes, preferences, primaries, properties, records, search, sessions
from kartotek.pages.door import Route

ROUTES = (
    Route("GET", "/sign-in", sessions.new, open=True),
    Route("POST", "/sign-in", sessions.create, again=sessions.new, open=True),
    Route("GET", "/welcome/{secret:str}", sessions.welcome, open=True),
    Route("POST", "/welcome/{secret:str}", sessions.claim, again=sessions.welcome, open=True),
    Route("POST", "/sign-out", sessions.destroy),
    Route("POST", "/preferences", preferences.create),
    Route("GET", "/", records.first),
    Route("GET", "/search", search.show),
    # Every object, standard or custom, by the same pages.
    Route("GET", "/{objects:str}", records.index),
    Route("GET", "/{objects:str}/new", records.new),
    Route("POST", "/{objects:str}", records.create, again=records.new),
    Route("GET", "/{objects:str}/columns", columns.edit),
    Route("POST", "/{objects:str}/columns", columns.create),
    Route("GET", "/{objects:str}/archivals/new", archivals.new),
    Route("POST", "/{objects:str}/archivals", archivals.create),
    Route("GET", "/{objects:str}/{id:int}", records.show),
    Route("GET", "/{objects:str}/{id:int}/history", properties.changes),
    Route("GET", "/{objects:str}/{id:int}/properties/{name:str}", properties.edit),
    Route("POST", "/{objects:str}/{id:int}/properties/{name:str}", properties.update, again=properties.edit),
    Route("POST", "/{objects:str}/{id:int}/notes", notes.create, again=records.show),
    Route("GET", "/{objects:str}/{id:int}/associations/{other:str}/new", associations.new),
    Route("POST", "/{objects:str}/{id:int}/associations/{other:str}", associations.create, again=associations.new),
    Route("GET", "/{objects:str}/{id:int}/associations/{other:str}/{other_id:int}/removal", associations.removal),
    Route(
        "POST",
        "/{objects:str}/{id:int}/associations/{other:str}/{other_id:int}/removal",
        associations.remove,
        again=associations.removal,
    ),
    Route("GET", "/{objects:str}/{id:int}/associations/companies/{company:int}/primary/new", primaries.new),
    Route("POST", "/{objects:str}/{id:int}/associations/companies/{company:int}/primary", primaries.create, again=primaries.new),
    Route("GET", "/{objects:str}/{id:int}/associations/companies/{company:int}/primary/removal", primaries.removal),
    Route(
        "POST",
        "/{objects:str}/{id:int}/associations/companies/{company:int}/primary/removal",
        primaries.remove,
        again=primaries.removal,
    ),
)
