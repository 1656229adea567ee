"""The catalogue speaks Danish, and every label means one thing."""

from kartotek import standard
from kartotek.imports.mapping import spelling
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property

# What a Danish user calls by the same name as an English one.
SAME_IN_DANISH = {"Persona", "Pipeline", "Status", "Type"}

# Two properties of one object with one label (records-and-associations.md 0.2).
TWINS = {("companies", "targetaccount"), ("contacts", "emailhardbouncereason")}

DANISH = {
    "Fornavn": ("contacts", "firstname"),
    "Efternavn": ("contacts", "lastname"),
    "E-mail": ("contacts", "email"),
    "Virksomhedens domænenavn": ("companies", "domain"),
    "Livscyklusstadie": ("contacts", "lifecyclestage"),
    "Kontaktejer": ("contacts", "hubspot_owner_id"),
    "Lukkedato": ("deals", "closedate"),
    "Beløb": ("deals", "amount"),
    "Stykpris": ("products", "price"),
}


def types() -> dict[str, ObjectType]:
    return {one.name: one for one in standard.object_types()}


def all_properties() -> list[Property]:
    return [prop for one in standard.object_types() for prop in one.properties.values()]


def test_every_property_has_a_danish_label() -> None:
    properties = all_properties()

    missing = [prop.name for prop in properties if not prop.labels or not prop.labels[0].strip()]

    assert missing == []


def test_a_danish_label_is_translated_unless_danes_use_the_english_word() -> None:
    properties = all_properties()

    same = {prop.label for prop in properties if prop.labels[0].casefold() == prop.label.casefold()}

    assert same == SAME_IN_DANISH


def test_properties_are_called_as_danish_users_call_them() -> None:
    found = types()

    labels = {label: found[name].properties[prop].labels[0] for label, (name, prop) in DANISH.items()}

    assert labels == {label: label for label in DANISH}


def test_no_label_means_two_properties_of_one_object_but_for_the_known_twins() -> None:
    meant: dict[tuple[str, str], set[str]] = {}
    for prop in all_properties():
        for word in (prop.label, prop.name, *prop.labels):
            meant.setdefault((prop.object_type, spelling.fold(word)), set()).add(prop.name)

    several = {place for place, names in meant.items() if len(names) > 1}

    assert several == TWINS


def test_options_that_people_meet_are_known_in_danish() -> None:
    found = types()

    stages = {one.value: one.also[0] for one in found["contacts"].properties["lifecyclestage"].options}
    industries = found["companies"].properties["industry"].options

    assert stages["customer"] == "Kunde"
    assert stages["opportunity"] == "Salgsmulighed"
    assert all(one.also for one in industries)
    assert all("Ja" in p.options[0].also for p in all_properties() if p.type == "bool")


def test_objects_pipelines_and_stages_have_danish_names() -> None:
    found = types()

    names = {name: one.labels[:2] for name, one in found.items()}
    stages = [stage.labels[0] for pipeline in standard.pipelines() for stage in pipeline.stages]

    assert names["companies"] == ("Virksomhed", "Virksomheder")
    assert names["tickets"] == ("Sag", "Sager")
    assert "Lukket vundet" in stages
    assert "Afventer kontakt" in stages
