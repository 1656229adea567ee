"""In which language the headers of the file are: guessed from them, or as the person says (I-41)."""

from collections.abc import Mapping
from dataclasses import dataclass

from kartotek.domain import catalogue
from kartotek.imports import mapping
from kartotek.pages.visit import Visit
from kartotek.pages.wizard.draft import Draft
from kartotek.standard import languages


@dataclass(frozen=True, slots=True)
class Tongues:
    """`names`: each language by its own name. `chosen` is None as long as the guess will do."""

    names: Mapping[str, str]
    guessed: str
    chosen: str | None


def of(visit: Visit, draft: Draft) -> Tongues:
    types = catalogue.load(visit.tx).object_types
    guessed = mapping.language_of(
        [header for part in draft.headers for header in part], types, draft.objects, visit.locale
    )
    return Tongues(languages.NAMES, languages.NAMES[guessed], draft.language)


def chosen(visit: Visit) -> str | None:
    wanted = visit.field("language")
    return wanted if wanted in languages.NAMES else None
