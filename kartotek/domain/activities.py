"""Activities reach further than the record they are logged on: by rules, once, when they are made.

A call with a contact also belongs to the contact's primary company and open deals (records-and-associations.md 7).
What the rules add is booked as Kartotek's own doing. Imports associate what their file says and nothing else.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, account, catalogue, reach, writing
from kartotek.domain.decisions import Decision
from kartotek.model.account import Account
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import SYSTEM, Actor
from kartotek.model.records import Batch, Links, Record, Source
from kartotek.store import activities as store
from kartotek.store import records

KINDS = ("notes", "calls", "emails", "meetings", "tasks")
# What can be chosen for each target; the first is what holds until somebody chooses.
DEALS, ONE, ALL = ("5", "none", "1", "all"), ("primary", "none"), ("all", "none")
OFFERED: dict[str, dict[str, tuple[str, ...]]] = {
    "contacts": {"companies": ONE, "deals": DEALS},
    "companies": {"deals": DEALS},
    "deals": {"companies": ONE, "contacts": ALL},
    "tickets": {"companies": ONE, "contacts": ALL},
}
_SUBJECT = {"activity": pl.Int64, "subject": pl.Int64}
# Of so many deals that a record got last, those to choose from when only some are wanted.
_NEWEST = 200


def rules(decided: Account) -> dict[str, str]:
    """The choice for every "subject/kind/target", as `rule` names them."""
    return {
        name: decided.activity_rules.get(name, choices[0])
        for subject, targets in OFFERED.items()
        for kind in KINDS
        for target, choices in targets.items()
        for name in [rule(subject, kind, target)]
    }


def rule(subject: str, kind: str, target: str) -> str:
    return f"{subject}/{kind}/{target}"


def decide_rules(tx: Tx, actor: Actor, wanted: Mapping[str, str]) -> None:
    """Keeps these choices; those that are not named stay as they were."""
    decided = account.load(tx)
    now = rules(decided)
    for name, choice in wanted.items():
        subject, _, target = name.split("/") if name.count("/") == 2 else ("", "", "")
        if name not in now or choice not in OFFERED[subject][target]:
            raise errors.Invalid(f"“{choice}” cannot be chosen for {name}. Choose one of those that are offered.")
    account.change(tx, actor, replace(decided, activity_rules={**decided.activity_rules, **wanted}))


def proposed(tx: Tx, actor: Actor, record: Record, kind: str) -> dict[str, list[int]]:
    """What an activity of this kind would reach from the record by the rules: per type ids that the actor may see."""
    known = catalogue.load(tx)
    subjects = pl.DataFrame({"activity": [0], "subject": [record.id]}, _SUBJECT)
    found = _reached(tx, actor, known, record.object_type, kind, subjects)
    return {target: pairs["other"].to_list() for target, pairs in found.items() if len(pairs)}


def follow(tx: Tx, actor: Actor, decision: Decision, spared: Collection[int] = ()) -> None:
    """Associates the activities that were just made by hand or by a program, all but with those that are `spared`."""
    if actor.source not in (Source.USER, Source.API):
        return
    links = tuple(
        Links(work.object_type, decision.catalogue.object_type(target), _ends(beyond))
        for work in decision.works
        if work.object_type.name in KINDS and len(work.new)
        for target, pairs in _beyond(tx, actor, decision, work.object_type, work.new["_id"]).items()
        if len(beyond := pairs.filter(~pl.col("other").is_in(list(spared))))
    )
    if links:
        made = writing.decide(tx, SYSTEM, Batch(links=links))
        writing.deliver(tx, writing.pack(SYSTEM, made, tx.now))


def _beyond(tx: Tx, actor: Actor, decision: Decision, kind: ObjectType, new: pl.Series) -> dict[str, pl.DataFrame]:
    """Per target `activity`, `other`, of these new activities of one kind."""
    known, found = decision.catalogue, dict[str, list[pl.DataFrame]]()
    for subject in OFFERED:
        subjects = _subjects(decision.links.added, kind, known.object_type(subject), new)
        if len(subjects):
            for target, pairs in _reached(tx, actor, known, known.object_type(subject), kind.name, subjects).items():
                found.setdefault(target, []).append(pairs.select("activity", "other"))
    return {target: pl.concat(pairs).unique(maintain_order=True) for target, pairs in found.items()}


def _subjects(added: pl.DataFrame, kind: ObjectType, subject: ObjectType, new: pl.Series) -> pl.DataFrame:
    """As _SUBJECT: which of these records the new activities were logged on. A pair may name either of them first."""
    ways = [("first", "second"), ("second", "first")]
    return pl.concat(
        added.filter(
            (pl.col(f"{one}_type") == kind.number)
            & (pl.col(f"{other}_type") == subject.number)
            & pl.col(one).is_in(new.implode())
        ).select(activity=one, subject=other)
        for one, other in ways
    )


def _reached(
    tx: Tx, actor: Actor, known: Catalogue, subject: ObjectType, kind: str, subjects: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Per target `activity`, `subject`, `other`; nothing that the actor may not see."""
    chosen, found = rules(account.load(tx)), dict[str, pl.DataFrame]()
    for target in OFFERED.get(subject.name, {}):
        choice, other = chosen[rule(subject.name, kind, target)], known.object_type(target)
        if choice != "none" and access.may(actor, "view", target):
            few = choice.isdecimal() and access.narrow(actor, "view", target).reach == "all"
            others = _others(tx, known, subject, other, subjects["subject"].unique(), _NEWEST if few else None)
            seen = reach.seen(tx, actor, other, others["other"].unique().to_list())
            others = others.filter(pl.col("other").is_in(list(seen)))
            if choice.isdecimal():
                others = others.group_by("subject", maintain_order=True).head(int(choice))
            found[target] = subjects.join(others, on="subject", maintain_order="left_right")
    return found


def _others(
    tx: Tx, known: Catalogue, subject: ObjectType, other: ObjectType, ids: pl.Series, most: int | None
) -> pl.DataFrame:  # fmt: skip
    """`subject`, `other`: the records of the other type that activities on these may reach, newest first."""
    if other.name == "companies":
        rows = records.peek(tx, subject, ids, ())
        return rows.drop_nulls("_primary").select(subject="_id", other="_primary")
    if other.name == "deals":
        return store.open_deals(tx, ids, other, _closed(known), most)
    return store.associated(tx, ids, other)


def _closed(known: Catalogue) -> list[str]:
    """The stages of deals that are won or lost."""
    stages = [stage for pipeline in known.pipelines.get("deals", ()) for stage in pipeline.stages]
    return [stage.id for stage in stages if stage.closed or stage.probability in (0, 1)]


def _ends(pairs: pl.DataFrame) -> pl.DataFrame:
    nobody = pl.lit(None, pl.Int64)
    return pairs.select(first_id="activity", first_key=nobody, second_id="other", second_key=nobody)
