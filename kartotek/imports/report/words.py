"""What a problem says: the sentences of model/sayings.py and sentences.py with the words of this one in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

import polars as pl

from kartotek.domain import labelling
from kartotek.imports.table import OF_ASSOCIATIONS, ColumnPlan, Plan
from kartotek.model import sayings, sentences
from kartotek.model.associations import AssociationType
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Option, Property
from kartotek.values import TYPES, Reading, cells

Say = Callable[[str], str]  # gettext of the reader's language; `str` for English
_MOST_SAID = 100  # characters of a value within a sentence; the report has the rest in a column of its own


def reason(catalogue: Catalogue, plan: Plan, problem: Mapping[str, Any], say: Say = str) -> str:
    """What is wrong and what to do, before anything has been imported."""
    saying, words = _saying(catalogue, plan, problem), _words(catalogue, plan, problem, say)
    return f"{say(saying.wrong).format(**words)} {say(saying.remedy).format(**words)}"


def wrong(catalogue: Catalogue, plan: Plan, problem: Mapping[str, Any], say: Say = str) -> str:
    """What is wrong, without what to do about it."""
    return say(_saying(catalogue, plan, problem).wrong).format(**_words(catalogue, plan, problem, say))


def title(problem: Mapping[str, Any], say: Say = str) -> str:
    """What this kind of problem is called."""
    return say(_told_by_value(problem).title)


def remedy(catalogue: Catalogue, plan: Plan, problem: Mapping[str, Any], say: Say = str) -> str:
    """What to do about this kind of problem, in one column."""
    return say(_saying(catalogue, plan, problem).remedy).format(**_words(catalogue, plan, problem, say))


def spoken(one: ObjectType | None, say: Say) -> str:
    return one.label.lower() if one else say(sentences.A_RECORD)


def _saying(catalogue: Catalogue, plan: Plan, problem: Mapping[str, Any]) -> sayings.Saying:
    if problem["type"] == "ASSOCIATION_RECORD_NOT_FOUND" and _ends(plan, problem):
        return sentences.OF_NOTHING
    if problem["type"] == "ASSOCIATION_LIMIT_EXCEEDED":
        one = catalogue.object_types.get(problem["object_type"] or "")
        if _limits(catalogue, problem):
            return sentences.LIMITED
        if one is not None and one.one_home:
            return sentences.HOUSED
    if problem["type"] == "COULD_NOT_PARSE_DATE" and _order(plan, problem) is None:
        return sentences.UNORDERED
    if problem["type"] == "INVALID_ENUMERATION_OPTION" and (told := _piped(catalogue, problem)):
        return told
    if problem["type"] == "AMBIGUOUS_ENUMERATION_OPTION" and _stages(catalogue, problem):
        return sentences.SHARED
    if problem["type"] == "INVALID_CUSTOM_PROPERTY_VALIDATION" and _rules(_property(catalogue, problem), str):
        return sentences.RULED
    return _told_by_value(problem)


def _told_by_value(problem: Mapping[str, Any]) -> sayings.Saying:
    """What says itself in another way where its value tells more."""
    value = problem.get("value") or ""
    if problem["type"] == "INCORRECT_NUMBER_OF_COLUMNS" and sentences.UNLIKE in value:
        return sentences.CELLS
    if problem["type"] == "FAILED_TO_CREATE_ASSOCIATION" and value:
        return sentences.FAMILY if sentences.UPWARDS in value else sentences.SELF
    if problem["type"] == "OUTSIDE_VALID_TIME_RANGE" and sentences.TO in value:
        return sentences.BACKWARDS
    return sayings.SAYINGS.get(problem["type"], sayings.UNKNOWN)


def _words(catalogue: Catalogue, plan: Plan, problem: Mapping[str, Any], say: Say) -> dict[str, str]:
    one = catalogue.object_types.get(problem["object_type"] or "")
    prop = _property(catalogue, problem)
    group = next((g for g in one.needs if prop and prop.name in g), ()) if one else ()
    first, second = (spoken(catalogue.object_types.get(end), say) for end in _ends(plan, problem) or ("", ""))
    row, _, header = (problem.get("value") or "").partition(sentences.UNLIKE)
    return {
        "value": _short(_meant(catalogue, plan, problem, prop)) or say(sentences.BLANK),
        "row": row,
        "header": header,
        "others": _either([_limit(catalogue, each, say) for each in _limits(catalogue, problem)], say),
        "rules": _rules(prop, say),
        "options": _either(_stages(catalogue, problem), say),
        "label": prop.label if prop else say(sentences.A_PROPERTY),
        "object": spoken(one, say),
        "order": say(sentences.ORDERS.get(_order(plan, problem) or "", "")),
        "example": _example(catalogue, plan, problem, prop, say),
        "homes": _homes(catalogue, one, say),
        "first": first,
        "second": second,
        "needed": _either([one.properties[name].label for name in group], say)
        if one and group
        else say(sentences.A_VALUE),
    }


def _ends(plan: Plan, problem: Mapping[str, Any]) -> tuple[str, str] | None:
    """The objects at both ends of the association that the problem's column says something of."""
    column = _column(plan, problem)
    if column is None or column.imported_as not in OF_ASSOCIATIONS:
        return None
    return str(column.object_type), str(column.other)


def _column(plan: Plan, problem: Mapping[str, Any]) -> ColumnPlan | None:
    return next((one for one in plan.columns if one.index == problem.get("place")), None)


def _order(plan: Plan, problem: Mapping[str, Any]) -> str | None:
    """The order in which the dates of its column were read; None where no date of the file depends on one."""
    column = _column(plan, problem)
    return (column and column.dates) or plan.dates


def _piped(catalogue: Catalogue, problem: Mapping[str, Any]) -> sayings.Saying | None:
    """Pipelines and stages are no options that somebody adds to a property."""
    one = catalogue.object_types.get(problem["object_type"] or "")
    told = {one.pipeline: sentences.PIPELINE, one.stage: sentences.STAGE} if one else {}
    return told.get(problem["property"]) if problem["property"] else None


def _property(catalogue: Catalogue, problem: Mapping[str, Any]) -> Property | None:
    one = catalogue.object_types.get(problem["object_type"] or "")
    return one.properties.get(problem["property"] or "") if one else None


def _short(value: str | None) -> str | None:
    return value if value is None or len(value) <= _MOST_SAID else f"{value[:_MOST_SAID].rstrip()}…"


def _limits(catalogue: Catalogue, problem: Mapping[str, Any]) -> list[AssociationType]:
    """Those that may have kept an association, or the label that the value names, from being made."""
    return [
        each
        for each in catalogue.association_types
        if problem["type"] == "ASSOCIATION_LIMIT_EXCEEDED"
        and (each.from_type, each.kind) == (problem["object_type"], "labeled" if problem.get("value") else "unlabeled")
        and each.most is not None
        and each.label == problem.get("value")
    ]


def _limit(catalogue: Catalogue, one: AssociationType, say: Say) -> str:
    """ "2 companies", or "1 company as “Billing”"."""
    to = catalogue.object_types[one.to_type]
    others = f"{one.most} {(to.label if one.most == 1 else to.label_plural).lower()}"
    return say(sentences.MOST_LABELLED).format(others=others, value=one.label) if one.label else others


def _stages(catalogue: Catalogue, problem: Mapping[str, Any]) -> list[str]:
    """The internal values of the stages that a value may mean."""
    one = catalogue.object_types.get(problem["object_type"] or "")
    if one is None or problem["property"] != one.stage:
        return []
    every = (stage for pipeline in catalogue.pipelines.get(one.name, ()) for stage in pipeline.stages)
    known = _options(tuple(Option(stage.id, stage.label, also=stage.labels) for stage in every))
    [word] = cells.fold_texts([problem["value"] or ""])
    return sorted(known.get(word or "", ()))


def _rules(prop: Property | None, say: Say) -> str:
    """The rules of a property, as people set them: "3 characters at least, like DK12345678"."""
    rules = {name: rule for name, rule in asdict(prop.limits).items() if rule is not None} if prop else {}
    if "example" in rules:
        rules.pop("pattern", None)
    return ", ".join(say(text).format(rule=rules[name]) for name, text in sentences.RULES.items() if name in rules)


def _example(catalogue: Catalogue, plan: Plan, problem: Mapping[str, Any], prop: Property | None, say: Say) -> str:
    """What a cell looks like that can be read; of a column that names other records, what those are known by."""
    if prop is None:
        column = _column(plan, problem)
        one = catalogue.object_types.get((column and (column.other or column.object_type)) or "")
        prop = one.properties.get((column and column.property) or "") if one else None
    if prop is None:
        return "123"
    return say(sentences.EXAMPLES.get(prop.kind, TYPES[prop.kind].EXAMPLE))


def _meant(catalogue: Catalogue, plan: Plan, problem: Mapping[str, Any], prop: Property | None) -> str | None:
    """The value, or of several in a cell those that are wrong."""
    value: str | None = problem["value"]
    if value is None or ";" not in value:
        return value
    pieces = [piece for piece in map(str.strip, value.split(";")) if piece]
    folded = cells.fold_texts(pieces)
    match problem["type"]:
        case "ASSOCIATION_LABEL_NOT_FOUND":
            column = _column(plan, problem)
            wrong = folded if column is None else [word for word in folded if word not in _labels(catalogue, column)]
        case "INVALID_ENUMERATION_OPTION" if prop is not None and prop.kind == "choices":
            wrong = [word for word in folded if word not in _options(prop.options)]
        case "AMBIGUOUS_ENUMERATION_OPTION" if prop is not None and prop.kind == "choices":
            wrong = [word for word in folded if len(_options(prop.options).get(word or "", ())) > 1]
        case "SECONDARY_EMAIL_WRITE_FAILURE":
            read = pl.DataFrame({"text": pieces}).select(TYPES["email"].wrong(pl.col("text"), Reading()))
            wrong = [word for word, bad in zip(folded, read.to_series(), strict=True) if bad]
        case _:
            return value
    return "; ".join(piece for piece, word in zip(pieces, folded, strict=True) if word in wrong) or value


@cache
def _options(options: tuple[Option, ...]) -> Mapping[str, set[str]]:
    """Per word the options that it may mean."""
    spelled = [(word, option.value) for option in options for word in (option.value, option.label, *option.also)]
    known: dict[str, set[str]] = {}
    for word, (_, value) in zip(cells.fold_texts(word for word, _ in spelled), spelled, strict=True):
        known.setdefault(word or "", set()).add(value)
    return known


def _labels(catalogue: Catalogue, column: ColumnPlan) -> Mapping[str, str]:
    first, second = (catalogue.object_types[str(name)] for name in (column.object_type, column.other))
    return labelling.words(catalogue, first, second)


def _homes(catalogue: Catalogue, one: ObjectType | None, say: Say) -> str:
    """What a record of this type may belong to: "contact, company, deal or ticket"."""
    labels = [catalogue.object_types[name].label.lower() for name in one.homes] if one else []
    return _either(labels, say) if labels else say(sentences.A_RECORD)


def _either(words: Sequence[str], say: Say) -> str:
    return say(" or ").join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
