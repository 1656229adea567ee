"""Each object of an import with what was said of it: how it is imported, and by what existing records are found.

What names no object of the import, or nothing that tells its records apart, is refused: a mistyped `--mode
contcts=create` that is passed over would update what was not to be touched.
"""

from collections.abc import Sequence

from kartotek import errors
from kartotek.imports.mapping import needs, wording
from kartotek.imports.table import Choices, Mode, ObjectPlan
from kartotek.model.catalogue import Catalogue


def plans(known: Catalogue, names: Sequence[str], choices: Choices) -> tuple[ObjectPlan, ...]:
    """`names`: of the objects of the import, in its order."""
    modes = {_named(known, names, said): mode for said, mode in choices.modes}
    keys = {_named(known, names, said) or _owner(known, names, key): key for said, key in choices.match_by}
    return tuple(ObjectPlan(one, modes.get(one, modes.get("", Mode.UPSERT)), keys.get(one)) for one in names)


def _named(known: Catalogue, names: Sequence[str], said: str) -> str:
    """The object that was said; "" when none was."""
    if not said:
        return ""
    one = known.object_type(said)
    if one.name not in names:
        here = wording.listed([wording.plural(known.object_types[name]) for name in names], "and")
        raise errors.Invalid(f"This import is of {here}, and something is said of {wording.plural(one)}: leave it out.")
    return one.name


def _owner(known: Catalogue, names: Sequence[str], key: str) -> str:
    """Whose property it is, when no object was named."""
    if len(names) == 1:
        return names[0]
    types = [known.object_types[name] for name in names]
    owners = [one for one in types if key in {prop.name for prop in needs.identifiers(one)}]
    if not owners:
        here = wording.listed([wording.plural(one) for one in types], "nor")
        raise errors.Invalid(f"Neither {here} are told apart by a property “{key}”.")
    if len(owners) > 1:
        here = wording.listed([wording.plural(one) for one in owners], "and")
        raise errors.Ambiguous(
            f"Each of {here} has a property “{key}”. Say whose: `--match-by {owners[0].name}={key}`.",
            option="--match-by",
        )
    return owners[0].name
