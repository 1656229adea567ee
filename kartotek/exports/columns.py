"""Which columns a file gets, and what stands above them: headers that the import finds its way back by."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from kartotek.domain import Tx, catalogue, extracts, properties
from kartotek.exports.table import Column, Kind, Said, Style
from kartotek.model.associations import AssociationType
from kartotek.model.extracts import Extract
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.values import Reading, cells

ID = "hs_object_id"
_KINDS = {
    "number": Kind.NUMBER,
    "date": Kind.DATE,
    "boolean": Kind.BOOLEAN,
    "choices": Kind.SEVERAL,
    "free_choices": Kind.SEVERAL,
    "emails": Kind.SEVERAL,
    "domains": Kind.SEVERAL,
}
# What is said around the names of properties and objects, in each language that has labels of its own.
_WORDS = {
    "en": {
        "linked": "Associated {objects} ({id})",
        "labels": "Association labels – {objects}",
        "primary": "Primary company ({id})",
        "true": "Yes",
        "false": "No",
    },
    "da": {
        "linked": "Tilknyttede {objects} ({id})",
        "labels": "Tilknytningsetiketter – {objects}",
        "primary": "Primær virksomhed ({id})",
        "true": "Ja",
        "false": "Nej",
    },
}


def of(tx: Tx, extract: Extract, style: Style) -> tuple[Column, ...]:
    """The record id first, then the properties as they were asked for, then what is associated."""
    one = extract.object_type
    named = headers(one, style)
    own = f"{named[ID]} – {_plural(one, style)}" if style.headers is Said.LABELS else f"{one.name}.{ID}"
    chosen = [prop for prop in extract.properties if prop.name != ID]
    return (
        Column(own if extract.linked else named[ID], "_id", Kind.ID),
        *(
            Column(named[prop.name], prop.name, _KINDS.get(prop.kind, Kind.TEXT), _words(tx, one, prop, style))
            for prop in chosen
        ),
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


def _linked(tx: Tx, extract: Extract, style: Style, id_header: str) -> Iterator[Column]:
    one, said = extract.object_type, _said(style)
    labelled = {t.to_type for t in catalogue.load(tx).association_types if t.from_type == one.name and _is_label(t)}
    for other in extract.linked:
        spoken = {"objects": _plural(other, style), "id": id_header}
        if style.headers is Said.NAMES:
            header, labels = f"associated_{other.name}", f"association_labels_{other.name}"
        else:
            same = said["linked"].format(objects=spoken["objects"].lower(), id=id_header)
            header = same if other.name == one.name else f"{id_header} – {spoken['objects']}"
            labels = said["labels"].format(**spoken)
        yield Column(header, extracts.links_name(other), Kind.IDS)
        if other.name in labelled:
            yield Column(labels, extracts.labels_name(other), Kind.LABELS)
    if one.has_primary_company and any(other.name == "companies" for other in extract.linked):
        named = style.headers is Said.NAMES
        yield Column("primary_company" if named else said["primary"].format(id=id_header), "_primary", Kind.ID)


def _is_label(one: AssociationType) -> bool:
    return one.kind == "labeled"


def _words(tx: Tx, one: ObjectType, prop: Property, style: Style) -> Mapping[str, str]:
    """Option → what it is called, of those whose name the import takes for this very option."""
    if style.options is Said.NAMES:
        return {}
    if prop.kind == "boolean":
        return {value: _said(style)[value] for value in ("true", "false")}
    known = catalogue.load(tx)
    options = properties.options(tx, known, one, prop)
    read = properties.reading(tx, known, one, prop, Reading()).options
    # Two people may bear one name; then the address tells them apart.
    names = [(option, name) for option in options for name in (option.label, *option.also[: prop.kind == "owner"])]
    folded = cells.fold_texts(name for _, name in names)
    fit = [
        (option.value, name)
        for (option, name), word in zip(names, folded, strict=True)
        if ";" not in name and read.get(word or "") == option.value
    ]
    return dict(reversed(fit))


def _said(style: Style) -> Mapping[str, str]:
    return _WORDS.get(style.language, _WORDS["en"])
