"""Whether the joins of a draft can be: each whole, none against another. What cannot is told in a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kartotek import errors
from kartotek.model.object_types import ObjectType
from kartotek.pages import nouns
from kartotek.pages.visit import Visit
from kartotek.pages.wizard.draft import Draft, Join, Side


@dataclass(frozen=True, slots=True)
class _Words:
    """What the sentences call files, columns and objects; `held`: what the rows of each file are about."""

    visit: Visit
    draft: Draft
    files: Sequence[str]
    held: Sequence[frozenset[str]]
    types: Mapping[str, ObjectType]

    def say(self, sentence: str, **words: str) -> errors.Invalid:
        return errors.Invalid(sentence % words)

    def column(self, side: Side) -> str:
        return self.draft.column(side).header or self.visit.gettext("Column %(number)s, without a header") % {
            "number": (side.column or 0) + 1
        }

    def plural(self, name: str) -> str:
        return self.types[name].label_plural.lower() if name in self.types else name


def settled(
    visit: Visit, draft: Draft, files: Sequence[str], held: Sequence[frozenset[str]], objects: Sequence[str]
) -> tuple[Join, ...]:
    """The joins for the plan, those that share a column as one; Invalid with the first thing that is missing or wrong.

    `files`: what each source is called. `objects`: those that are ticked.
    """
    words = _Words(visit, draft, files, held, nouns.load(visit).object_types)
    whole = [join for join in draft.joins or () if not join.is_blank]
    for join in whole:
        _require_whole(words, join, objects)
    found: list[Join] = []
    for join in whole:
        found = _with(words, found, join)
    for join in found:
        _require_home(words, join)
    _require_one_each(words, found)
    return tuple(found)


def _require_whole(words: _Words, join: Join, objects: Sequence[str]) -> None:
    say, draft = words.visit.gettext, words.draft
    files = [side.source for side in join.sides]
    twice = next((source for i, source in enumerate(files) if source in files[:i]), None)
    if twice is not None:
        sentence = say("%(file)s is joined with itself. Choose another file on one of the cards, or remove the join.")
        raise words.say(sentence, file=words.files[twice])
    chosen = next((side for side in join.sides if side.column is not None), None)
    missing = next((side for side in join.sides if side.column is None), None)
    if chosen is None:
        raise words.say(say("Choose in each file the column that joins them, or remove the join."))
    if missing is not None:
        sentence = say(
            "Choose the column of %(file)s that says the same as “%(column)s” of %(other)s, or remove the join."
        )
        other = words.files[chosen.source]
        raise words.say(sentence, file=words.files[missing.source], column=words.column(chosen), other=other)
    if not join.object_type:
        sentence = say("Say which object “%(column)s” is the unique key for, or remove the join.")
        raise words.say(sentence, column=words.column(chosen))
    if join.object_type not in objects:
        sentence = say(
            "“%(column)s” is to be the unique key for %(objects)s, which are not ticked: tick them, or choose another "
            "object."
        )
        raise words.say(sentence, column=words.column(chosen), objects=words.plural(join.object_type))
    left_out = next((source for source in files if draft.holds and not draft.holds[source]), None)
    if left_out is not None:
        sentence = say("%(file)s is left out, so nothing can be joined with it: tick what its rows are about, or "
                       "remove the join.")  # fmt: skip
        raise words.say(sentence, file=words.files[left_out])


def _with(words: _Words, joins: list[Join], join: Join) -> list[Join]:
    """Joins that share a column are one: its values lead from any of their files to any other."""
    met = [one for one in joins if set(one.sides) & set(join.sides)]
    for one in met:
        if one.object_type != join.object_type:
            side = next(side for side in join.sides if side in one.sides)
            raise words.say(
                words.visit.gettext(
                    "“%(column)s” of %(file)s is in two joins, as the key for %(first)s and for %(second)s. It can be "
                    "the key for one of them: choose the same object in both joins, or another column in one."
                ),
                column=words.column(side), file=words.files[side.source],
                first=words.plural(one.object_type), second=words.plural(join.object_type),
            )  # fmt: skip
    sides = dict.fromkeys(side for one in (*met, join) for side in one.sides)
    rest = [one for one in joins if one not in met]
    return [*rest, replace(join, sides=tuple(sorted(sides, key=lambda side: (side.source, side.column))), key="")]


def _require_home(words: _Words, join: Join) -> None:
    """Somewhere the records stand that its values name."""
    if words.draft.holds and not any(join.object_type in words.held[side.source] for side in join.sides):
        raise words.say(
            words.visit.gettext(
                "“%(column)s” is to be the unique key for %(objects)s, but the rows of none of the joined files are "
                "about them: tick them for the file that they stand in, or choose another object."
            ),
            column=words.column(join.sides[0]), objects=words.plural(join.object_type),
        )  # fmt: skip


def _require_one_each(words: _Words, joins: list[Join]) -> None:
    """A row can name one record of an object; where that object is at home, several columns may be its keys."""
    for name in dict.fromkeys(join.object_type for join in joins):
        for source in range(len(words.files)):
            by_join = [[s for s in join.sides if s.source == source] for join in joins if join.object_type == name]
            clash = next((sides for sides in by_join if len(sides) > 1), None)
            every = [side for sides in by_join for side in sides]
            if clash is None and (len(every) < 2 or not words.draft.holds or name in words.held[source]):
                continue
            first, second, *_ = clash or every
            raise words.say(
                words.visit.gettext(
                    "“%(first)s” and “%(second)s” of %(file)s both lead to %(objects)s, and one column has to do: "
                    "remove one of the joins, or choose another column."
                ),
                first=words.column(first), second=words.column(second), file=words.files[source],
                objects=words.plural(name),
            )  # fmt: skip


def same(some: Sequence[Join], others: Sequence[Join]) -> bool:
    """Whether both come to the same plan."""
    return not changed(some, others)


def changed(some: Sequence[Join], others: Sequence[Join]) -> set[str]:
    """The objects whose joins are not the same in both."""
    told, other = ({(join.object_type, frozenset(join.sides)) for join in joins} for joins in (some, others))
    return {object_type for object_type, _ in told ^ other}
