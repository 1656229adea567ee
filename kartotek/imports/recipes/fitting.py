"""A plan meets another file: column by column by header, or only when all headers are the same as they were."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher, get_close_matches
from itertools import zip_longest

from kartotek import errors
from kartotek.imports.table import As, ColumnPlan, Mode, Plan, came_of, is_added

Headers = Sequence[Sequence[str]]  # of each source
Key = tuple[str, int]  # a header, and the how manieth of that header it is


@dataclass(frozen=True, slots=True)
class Difference:
    """How the headers of files differ from those of earlier ones. `moved` counts places from 1: was, is. `turned`: of
    files that are the same in another order, the place that each had, from 1."""

    missing: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    moved: tuple[tuple[str, int, int], ...] = ()
    spelled: tuple[tuple[str, str], ...] = ()  # in another case: was, is
    turned: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missing or self.new or self.moved or self.spelled or self.turned)

    def sentences(self) -> list[str]:
        """What to mend, a sentence for each kind."""
        moved = [f"{_named(header)} is column {now} and was column {then}" for header, then, now in self.moved]
        spelled = [f"{_named(then)} is now written {_named(now)}" for then, now in self.spelled]
        turned = [f"number {now} was number {then}" for now, then in enumerate(self.turned, 1)]
        return [
            *([f"Missing: {', '.join(map(_named, self.missing))}."] if self.missing else []),
            *([f"New: {', '.join(map(_named, self.new))}."] if self.new else []),
            *([f"In another place: {', '.join(moved)}."] if moved else []),
            *([f"In another case: {', '.join(spelled)}."] if spelled else []),
            *([f"The files stand in another order: {', '.join(turned)}."] if turned else []),
        ]


def fitted(plan: Plan, headers: Headers) -> Plan:
    """The plan for sources with these headers, wherever they stand. What the plan does not name is not imported.

    Invalid when a column that is imported is not there, or there are more or fewer sources.
    """
    if len(headers) != len(plan.sources):
        raise errors.Invalid(
            f"The recipe is for {len(plan.sources)} files or sheets in one run, and here are {len(headers)}."
        )
    if missing := lacking(plan, headers):
        raise errors.Invalid(_refused(missing, headers))
    known = {
        (source, *key): column
        for source, part in enumerate(_parts(plan))
        for key, column in zip(_keys([one.header for one in part]), part, strict=True)
    }
    keys = [(source, *key) for source, part in enumerate(headers) for key in _keys(part)]
    columns = (
        replace(known.get(key) or _beside(plan, i, key[1]), index=i, source=key[0]) for i, key in enumerate(keys)
    )  # fmt: skip
    return _completing(replace(plan, columns=tuple(columns)))


def _beside(plan: Plan, index: int, header: str) -> ColumnPlan:
    """A column that the plan does not name: of rows to correct, the ids of what came in of them."""
    came = came_of(header)
    if came is None or came not in {one.object_type for one in plan.objects} or plan.record_id_of(came):
        return ColumnPlan(index, header)
    return ColumnPlan(index, header, As.RECORD_ID, came)


def _completing(plan: Plan) -> Plan:
    """What came in without a value is updated now, though the import was to create only."""
    came = {c.object_type for c in plan.columns if c.imported_as is As.RECORD_ID and came_of(c.header)}
    objects = (
        replace(one, mode=Mode.UPSERT) if one.object_type in came and one.mode is Mode.CREATE else one
        for one in plan.objects
    )
    return replace(plan, objects=tuple(objects))


def lacking(plan: Plan, headers: Headers) -> list[str]:
    """The headers of columns that the plan imports and the sources do not have."""
    found = []
    for part, there in zip_longest(_parts(plan), headers, fillvalue=()):
        keys, planned = set(_keys(there)), _keys([one.header for one in part])
        found += [
            column.header
            for key, column in zip(planned, part, strict=True)
            if key not in keys and column.imported_as is not As.NOTHING
        ]
    return found


def headers_of(plan: Plan) -> Headers:
    """Of each of its sources."""
    return [[column.header for column in part] for part in _parts(plan)]


def repeated(plan: Plan, headers: Headers) -> Plan:
    """The plan as it is, for sources whose headers are the same, in order and case; Invalid with the difference."""
    if len(headers) != len(plan.sources):
        raise errors.Invalid(
            f"The import to repeat took {len(plan.sources)} files or sheets in one run, and here are {len(headers)}."
        )
    if found := differences(headers_of(plan), headers):
        told = " ".join(found.sentences())
        raise errors.Invalid(
            f"The headers of this file are not those of the import to repeat. {told} "
            "Mend them, or import the file as a new one."
        )
    return fitted(plan, headers)


def differences(then: Headers, now: Headers) -> Difference:
    """Of all sources together. What rows to correct were given beside their cells may stand behind them."""
    if turned := _turned(then, now):
        return Difference(turned=turned)
    parts = [
        _differences(then, [header for header in now if not is_added(header) or header in then])
        for then, now in zip_longest(then, now, fillvalue=())
    ]
    return Difference(
        *(tuple(one for part in parts for one in getattr(part, field.name)) for field in fields(Difference))
    )


def _turned(then: Headers, now: Headers) -> tuple[int, ...]:
    """Of sources that are the same in another order, the place that each had; nothing of others."""
    before, after = [tuple(part) for part in then], [tuple(part) for part in now]
    if before == after or sorted(before) != sorted(after):
        return ()
    left = list(enumerate(before, 1))
    places = []
    for part in after:
        found = next(one for one in left if one[1] == part)
        left.remove(found)
        places.append(found[0])
    return tuple(places)


def _differences(then: Sequence[str], now: Sequence[str]) -> Difference:
    old, new = _keys(then), _keys(now)
    gone = [key for key in old if key not in set(new)]
    come = [key for key in new if key not in set(old)]
    spelled = []
    for key in list(gone):
        if other := next((one for one in come if one[0].casefold() == key[0].casefold()), None):
            spelled.append((key, other))
            gone.remove(key)
            come.remove(other)
    called = {other: key for key, other in spelled}  # by today's key, what it was
    stayed = [called.get(key, key) for key in new if key not in come]
    before = [key for key in old if key not in gone]
    blocks = SequenceMatcher(None, before, stayed, autojunk=False).get_matching_blocks()
    in_order = {key for block in blocks for key in before[block.a : block.a + block.size]}
    today = {called.get(key, key): i for i, key in enumerate(new, 1)}
    moved = [(key[0], i, today[key]) for i, key in enumerate(old, 1) if key in before and key not in in_order]
    return Difference(
        tuple(key[0] for key in gone),
        tuple(key[0] for key in come),
        tuple(moved),
        tuple((key[0], other[0]) for key, other in spelled),
    )


def _keys(headers: Sequence[str]) -> list[Key]:
    seen: Counter[str] = Counter()
    keys = []
    for header in headers:
        seen[header] += 1
        keys.append((header, seen[header]))
    return keys


def _parts(plan: Plan) -> list[tuple[ColumnPlan, ...]]:
    return [tuple(c for c in plan.columns if c.source == source) for source in range(len(plan.sources))]


def _refused(missing: Sequence[str], headers: Headers) -> str:
    names = ", ".join(map(_named, missing))
    near = get_close_matches(missing[0], [header for part in headers for header in part], n=1)
    hint = f" Did the file mean {_named(near[0])}?" if near else ""
    return f"The recipe imports columns that this file does not have: {names}.{hint} Mend the header or the recipe."


def _named(header: str) -> str:
    return f"“{header}”" if header else "one without a header"
