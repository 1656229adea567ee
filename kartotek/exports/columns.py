"""Which columns a file gets, and what stands above them: headers that the import finds its way back by."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from kartotek import standard
from kartotek.domain import Tx, catalogue, extracts, properties
from kartotek.exports.table import Column, Kind, Said, Style
from kartotek.model.associations import AssociationType
from kartotek.model.extracts import Extract
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Option, Property
from kartotek.values import Reading, cells

ID = "hs_object_id"
_KINDS = {
    "number": Kind.NUMBER,
    "date": Kind.DATE,
    "boolean": Kind.BOOLEAN,
    "choices": Kind.SEVERAL,
    "free_choices": Kind.SEVERAL,
    "attachments": Kind.SEVERAL,
    "emails": Kind.SEVERAL,
    "domains": Kind.SEVERAL,
}
# What is said around the names of properties and objects, in each language that has labels of its own.
_WORDS = {
    "en": {
        "linked": "Associated {objects} ({id})",
        "labels": "Association labels – {objects}",
        "label": "Association label",
        "starts": "Association start",
        "ends": "Association end",
        "primary": "Primary company ({id})",
        "is_primary": "Primary company (yes/no)",
        "true": "Yes",
        "false": "No",
    },
    "da": {
        "linked": "Tilknyttede {objects} ({id})",
        "labels": "Tilknytningsetiketter – {objects}",
        "label": "Tilknytningsetiket",
        "starts": "Tilknytning fra",
        "ends": "Tilknytning til",
        "primary": "Primær virksomhed ({id})",
        "is_primary": "Primær virksomhed (ja/nej)",
        "true": "Ja",
        "false": "Nej",
    },
}
# What programs read above the columns of an association.
_EACH_NAMES = {
    "label": "association_label",
    "starts": "association_start",
    "ends": "association_end",
    "is_primary": "association_primary",
}


def of(tx: Tx, extract: Extract, style: Style) -> tuple[Column, ...]:
    """The record id first, then the properties as they were asked for, then what is associated."""
    one = extract.object_type
    named = headers(one, style)
    own = f"{named[ID]} – {_plural(one, style)}" if style.headers is Said.LABELS else f"{one.name}.{ID}"
    chosen = [prop for prop in extract.properties if prop.name != ID]
    return (
        Column(own if extract.linked or extract.each else named[ID], "_id", Kind.ID),
        *(
            Column(
                named[prop.name],
                prop.name,
                _KINDS.get(prop.kind, Kind.TEXT),
                _words(tx, one, prop, style),
                prop.kind in ("domain", "domains"),
            )
            for prop in chosen
        ),
        *_each(tx, extract, style, named[ID]),
        *_linked(tx, extract, style, named[ID]),
    )


def headers(one: ObjectType, style: Style) -> dict[str, str]:
    """Per property its label where nothing else is known by that word, else its name."""
    if style.headers is Said.NAMES:
        return {name: name for name in one.properties}
    known = Counter(word for prop in one.properties.values() for word in _known_by(prop))
    # "Ticket ID" would be read as the record id.
    known.update(_bare(word) + "id" for word in {one.name, one.singular, one.label, one.label_plural, *one.labels})
    found = {name: _label(prop, style) for name, prop in one.properties.items()}
    found = {name: name if known[_bare(label)] > 1 else label for name, label in found.items()}
    return found | {ID: _label(one.properties[ID], style)}


def _known_by(prop: Property) -> set[str]:
    return {_bare(word) for word in (prop.name, prop.label, *prop.labels)}


def _bare(word: str) -> str:
    return re.sub(r"[\W_]", "", word.casefold())


def _label(prop: Property, style: Style) -> str:
    return prop.labels[0] if style.language == "da" and prop.labels else prop.label


def _plural(one: ObjectType, style: Style) -> str:
    return one.labels[1] if style.language == "da" and len(one.labels) > 1 else one.label_plural


def _each(tx: Tx, extract: Extract, style: Style, id_header: str) -> Iterator[Column]:
    other = extract.each
    if other is not None:
        labels = _called(tx, style)
        said = _EACH_NAMES if style.headers is Said.NAMES else _said(style)
        yield Column(_id_header(extract.object_type, other, style, id_header), extracts.EACH, Kind.ID)
        yield Column(said["label"], extracts.EACH_LABELS, Kind.LIST, labels)
        yield Column(said["starts"], extracts.EACH_STARTS, Kind.DATE)
        yield Column(said["ends"], extracts.EACH_ENDS, Kind.DATE)
        if extract.object_type.has_primary_company and other.name == "companies":
            yield Column(said["is_primary"], extracts.EACH_PRIMARY, Kind.BOOLEAN, _yes_or_no(style))


def _linked(tx: Tx, extract: Extract, style: Style, id_header: str) -> Iterator[Column]:
    one, said = extract.object_type, _said(style)
    labelled = {t.to_type for t in catalogue.load(tx).association_types if t.from_type == one.name and _is_label(t)}
    named = style.headers is Said.NAMES
    for other in extract.linked:
        yield Column(_id_header(one, other, style, id_header), extracts.links_name(other), Kind.IDS)
        if other.name in labelled:
            label = (
                f"association_labels_{other.name}" if named else said["labels"].format(objects=_plural(other, style))
            )
            yield Column(label, extracts.labels_name(other), Kind.LABELS, _called(tx, style))
    if one.has_primary_company and any(other.name == "companies" for other in extract.linked):
        yield Column("primary_company" if named else said["primary"].format(id=id_header), "_primary", Kind.ID)


def _id_header(one: ObjectType, other: ObjectType, style: Style, id_header: str) -> str:
    """Of a column of associated records: as the import knows it, unless it would be taken for the records' own."""
    if style.headers is Said.NAMES:
        return f"associated_{other.name}" if one.name == other.name else f"{other.name}.{ID}"
    if one.name == other.name:
        return _said(style)["linked"].format(objects=_plural(other, style).lower(), id=id_header)
    return f"{id_header} – {_plural(other, style)}"


def _is_label(one: AssociationType) -> bool:
    return one.kind == "labeled"


def _words(tx: Tx, one: ObjectType, prop: Property, style: Style) -> Mapping[str, str]:
    """Option → what it is called, of those whose name the import takes for this very option."""
    if prop.kind == "boolean":
        return _yes_or_no(style)
    if style.options is Said.NAMES:
        return {}
    known = catalogue.load(tx)
    options = properties.options(tx, known, one, prop)
    read = properties.reading(tx, known, one, prop, Reading()).options
    # Two people may bear one name; then the address tells them apart.
    names = [
        (option, name)
        for option in options
        for name in (*_danish(one, prop, option, style), option.label, *option.also[: prop.kind == "owner"])
    ]
    folded = cells.fold_texts(name for _, name in names)
    fit = [
        (option.value, name)
        for (option, name), word in zip(names, folded, strict=True)
        if ";" not in name and read.get(word or "") == option.value
    ]
    return dict(reversed(fit))


def _yes_or_no(style: Style) -> Mapping[str, str]:
    return {} if style.options is Said.NAMES else {value: _said(style)[value] for value in ("true", "false")}


def _called(tx: Tx, style: Style) -> Mapping[str, str]:
    """What association labels are called in the language of the file."""
    if style.options is Said.NAMES or style.language != "da":
        return {}
    types = catalogue.load(tx).association_types
    return {str(one.label): danish for one in types if (danish := standard.danish_label(one.id, one.label))}


def _danish(one: ObjectType, prop: Property, option: Option, style: Style) -> tuple[str, ...]:
    """What Danes see on the pages, where there is such a word."""
    danish = standard.danish_option(one.name, prop.name, option.value, option.label) if style.language == "da" else None
    return (danish,) if danish else ()


def _said(style: Style) -> Mapping[str, str]:
    return _WORDS.get(style.language, _WORDS["en"])
