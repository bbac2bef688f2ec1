"""Snapshots generated from differentials: what follows from which element, and what may not be said."""

from typing import Any

import pytest

from fhir_iop.definitions import Definitions
from fhir_iop.definitions.packages import package_of
from fhir_iop.definitions.schema import Discriminator, Element, Structure

BASE = "https://example.org/fhir/test/StructureDefinition"
CORE = "http://hl7.org/fhir/StructureDefinition"


def profile(name: str, type_: str, *differential: dict[str, Any], base: str = "", **other: Any) -> dict[str, Any]:
    return {
        "resourceType": "StructureDefinition",
        "url": f"{BASE}/{name}",
        "name": name,
        "status": "draft",
        "kind": "complex-type" if type_ == "Extension" else "resource",
        "abstract": False,
        "type": type_,
        "baseDefinition": base or f"{CORE}/{type_}",
        "derivation": "constraint",
        "differential": {"element": list(differential)},
    } | other


def generated(*profiles: dict[str, Any]) -> Structure:
    """The structure of the last profile, the others being at hand."""
    known = Definitions.bundled().with_packages(package_of(profiles, "example.test", "1.0.0"))
    structure = known.structure(profiles[-1]["url"])
    assert structure is not None
    return structure


def sound(*profiles: dict[str, Any]) -> Structure:
    structure = generated(*profiles)
    assert structure.issues == ()
    return structure


def codes(element: Element) -> list[str]:
    return [type_.code for type_ in element.types]


def test_what_the_differential_leaves_out_is_inherited() -> None:
    base = Definitions.bundled().type("Patient")
    assert base is not None
    assert sound(profile("p", "Patient")).elements == base.elements


def test_a_change_is_merged_and_the_rest_is_kept() -> None:
    constraint = {"key": "x-1", "severity": "error", "human": "Be there.", "expression": "family.exists()"}
    patient = sound(
        profile(
            "p",
            "Patient",
            {"path": "Patient.name", "min": 1, "max": "3", "mustSupport": True, "constraint": [constraint]},
            {"path": "Patient.gender", "fixedCode": "female"},
            {"path": "Patient.maritalStatus", "patternCodeableConcept": {"text": "x"}},
        )
    )
    name = patient.by_id["Patient.name"]
    assert (name.min, name.max, name.must_support, name.is_list, name.base_max) == (1, 3, True, True, None)
    assert [(each.key, each.source) for each in name.constraints][1:] == [("x-1", f"{BASE}/p")]
    assert patient.by_id["Patient.gender"].fixed == ("code", "female")
    assert patient.by_id["Patient.gender"].binding is not None
    assert patient.by_id["Patient.maritalStatus"].pattern == ("CodeableConcept", {"text": "x"})


def test_children_of_a_data_type_are_shown_where_the_differential_goes() -> None:
    patient = sound(profile("p", "Patient", {"path": "Patient.name.family", "min": 1}))
    assert [element.name for element in patient.children["Patient.name"]][:3] == ["id", "extension", "use"]
    family = patient.by_id["Patient.name.family"]
    assert (family.min, family.base_path) == (1, "HumanName.family")
    assert "Patient.contact.name" not in patient.children


SLICING = {"discriminator": [{"type": "value", "path": "system"}], "rules": "open"}


def test_slices_begin_as_the_base_says_and_may_be_absent() -> None:
    patient = sound(
        profile(
            "p",
            "Patient",
            {"path": "Patient.identifier", "slicing": SLICING, "min": 1, "mustSupport": True},
            {"path": "Patient.identifier", "sliceName": "mrn", "max": "1"},
            {"path": "Patient.identifier.system", "fixedUri": "urn:mrn"},
            {"path": "Patient.identifier", "sliceName": "ssn", "min": 1, "max": "1"},
            {"path": "Patient.identifier.system", "fixedUri": "urn:ssn"},
        )
    )
    mrn, ssn = patient.by_id["Patient.identifier:mrn"], patient.by_id["Patient.identifier:ssn"]
    assert (mrn.min, mrn.max, mrn.must_support, mrn.slicing) == (0, 1, False, None)
    assert (ssn.min, ssn.slice_name) == (1, "ssn")
    assert patient.by_id["Patient.identifier:mrn.system"].fixed == ("uri", "urn:mrn")
    assert patient.by_id["Patient.identifier:ssn.system"].fixed == ("uri", "urn:ssn")
    ids = [element.id for element in patient.elements if element.path == "Patient.identifier"]
    assert ids == ["Patient.identifier", "Patient.identifier:mrn", "Patient.identifier:ssn"]


def test_a_slice_is_no_larger_than_what_it_slices() -> None:
    patient = sound(
        profile(
            "p",
            "Patient",
            {"path": "Patient.identifier", "slicing": SLICING, "max": "2"},
            {"path": "Patient.identifier", "sliceName": "mrn"},
        )
    )
    assert patient.by_id["Patient.identifier:mrn"].max == 2


def test_a_derived_profile_goes_on_with_the_slices_of_its_parent() -> None:
    parent = profile(
        "parent",
        "Patient",
        {"path": "Patient.identifier", "slicing": SLICING},
        {"path": "Patient.identifier", "sliceName": "mrn", "min": 1},
    )
    child = profile(
        "child",
        "Patient",
        {"id": "Patient.identifier:mrn", "path": "Patient.identifier", "sliceName": "mrn", "max": "1"},
        {"id": "Patient.identifier:mrn/old", "path": "Patient.identifier", "sliceName": "mrn/old", "max": "1"},
        {"id": "Patient.identifier:other", "path": "Patient.identifier", "sliceName": "other"},
        base=f"{BASE}/parent",
    )
    patient = sound(parent, child)
    assert (patient.by_id["Patient.identifier:mrn"].min, patient.by_id["Patient.identifier:mrn"].max) == (1, 1)
    ids = [element.id for element in patient.elements if element.path == "Patient.identifier"]
    assert ids == [f"Patient.identifier{slice_}" for slice_ in ("", ":mrn", ":mrn/old", ":other")]


def test_a_slice_is_told_by_its_id_where_the_order_does_not_tell() -> None:
    patient = sound(
        profile(
            "p",
            "Patient",
            {"id": "Patient.identifier", "path": "Patient.identifier", "slicing": SLICING},
            {"id": "Patient.identifier:a", "path": "Patient.identifier", "sliceName": "a"},
            {"id": "Patient.identifier:b", "path": "Patient.identifier", "sliceName": "b"},
            {"id": "Patient.identifier:a.system", "path": "Patient.identifier.system", "min": 1},
        )
    )
    assert patient.by_id["Patient.identifier:a.system"].min == 1
    assert "Patient.identifier:b.system" not in patient.by_id


@pytest.mark.parametrize(
    "change",
    [
        {"path": "Observation.valueQuantity", "min": 1},
        {"path": "Observation.value[x]", "sliceName": "valueQuantity", "min": 1, "type": [{"code": "Quantity"}]},
    ],
    ids=["short", "sliced"],
)
def test_a_choice_is_sliced_by_type(change: dict[str, Any]) -> None:
    observation = sound(profile("o", "Observation", change))
    value, quantity = (observation.by_id[f"Observation.value[x]{each}"] for each in ("", ":valueQuantity"))
    assert value.slicing is not None
    assert value.slicing.discriminators == (Discriminator("type", "$this"),)
    assert (codes(quantity), quantity.slice_name, quantity.min) == (["Quantity"], "valueQuantity", 1)
    assert (codes(value), value.min, value.slicing.rules) == (["Quantity"], 1, "closed")


def test_an_optional_type_leaves_the_others_open() -> None:
    observation = sound(profile("o", "Observation", {"path": "Observation.valueQuantity.unit", "min": 1}))
    value = observation.by_id["Observation.value[x]"]
    assert len(value.types) == 11
    assert value.slicing is not None
    assert value.slicing.rules == "open"
    assert observation.by_id["Observation.value[x]:valueQuantity.unit"].min == 1


def test_a_choice_is_narrowed() -> None:
    observation = sound(profile("o", "Observation", {"path": "Observation.value[x]", "type": [{"code": "string"}]}))
    assert codes(observation.by_id["Observation.value[x]"]) == ["string"]


def test_a_content_reference_is_followed_where_the_differential_goes() -> None:
    questionnaire = sound(profile("q", "Questionnaire", {"path": "Questionnaire.item.item.prefix", "max": "0"}))
    inner = questionnaire.by_id["Questionnaire.item.item"]
    assert (inner.content_reference, codes(inner)) == (None, ["BackboneElement"])
    assert questionnaire.by_id["Questionnaire.item.item.prefix"].max == 0
    assert questionnaire.by_id["Questionnaire.item.prefix"].max == 1
    assert questionnaire.by_id["Questionnaire.item.item.item"].content_reference == "#Questionnaire.item"


def test_a_content_reference_of_another_type_is_followed() -> None:
    bundle = sound(
        profile(
            "b",
            "Bundle",
            {"path": "Bundle.entry.resource", "type": [{"code": "Questionnaire"}]},
            {"path": "Bundle.entry.resource.item.item.prefix", "max": "0"},
        )
    )
    assert bundle.by_id["Bundle.entry.resource.item.item.prefix"].max == 0


def test_an_extension_slice_begins_as_its_definition() -> None:
    extension = profile(
        "e",
        "Extension",
        {"path": "Extension", "max": "1", "constraint": [{"key": "e-1", "severity": "error", "expression": "true"}]},
        {"path": "Extension.url", "fixedUri": f"{BASE}/e"},
        {"path": "Extension.valueString", "min": 1},
        context=[{"type": "element", "expression": "Patient"}],
    )
    patient = sound(
        extension,
        profile(
            "p",
            "Patient",
            {
                "path": "Patient.extension",
                "sliceName": "mine",
                "type": [{"code": "Extension", "profile": [f"{BASE}/e"]}],
            },
        ),
    )
    extensions, mine = patient.by_id["Patient.extension"], patient.by_id["Patient.extension:mine"]
    assert extensions.slicing is not None
    assert extensions.slicing.discriminators == (Discriminator("value", "url"),)
    assert (mine.min, mine.max) == (0, 1)
    assert "e-1" in {constraint.key for constraint in mine.constraints}
    definition = sound(extension)
    assert definition.context == (("element", "Patient"),)
    assert codes(definition.by_id["Extension.value[x]"]) == ["string"]


def test_a_type_profile_gives_the_children() -> None:
    observation = sound(
        profile(
            "o",
            "Observation",
            {
                "path": "Observation.valueQuantity",
                "type": [{"code": "Quantity", "profile": [f"{CORE}/SimpleQuantity"]}],
            },
            {"path": "Observation.valueQuantity.unit", "min": 1},
        )
    )
    assert observation.by_id["Observation.value[x]:valueQuantity.comparator"].max == 0


def test_a_new_type_adds_elements() -> None:
    model = profile(
        "model",
        "Model",
        {"path": "Model", "min": 0, "max": "*"},
        {"path": "Model.part", "min": 1, "max": "*", "type": [{"code": "BackboneElement"}]},
        {"path": "Model.part.code", "min": 1, "max": "1", "type": [{"code": "code"}]},
        base=f"{CORE}/Element",
        derivation="specialization",
        kind="logical",
    )
    structure = sound(model)
    assert [element.path for element in structure.elements] == [
        "Model", "Model.id", "Model.extension", "Model.part", "Model.part.id", "Model.part.extension",
        "Model.part.modifierExtension", "Model.part.code",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("snapshot-min", {"path": "Observation.status", "min": 0}),
        ("snapshot-max", {"path": "Observation.subject", "max": "*"}),
        ("snapshot-type", {"path": "Observation.value[x]", "type": [{"code": "Address"}]}),
        ("snapshot-type", {"path": "Observation.code", "type": [{"code": "string"}]}),
        (
            "snapshot-target",
            {"path": "Observation.encounter", "type": [{"code": "Reference", "targetProfile": [f"{CORE}/Patient"]}]},
        ),
        ("snapshot-binding", {"path": "Observation.status", "binding": {"strength": "preferred", "valueSet": "urn:x"}}),
        ("snapshot-path", {"path": "Observation.nothing", "min": 1}),
        ("snapshot-path", {"path": "Observation.code.nothing", "min": 1}),
        ("snapshot-unsliced", {"path": "Observation.category", "sliceName": "a"}),
    ],
)
def test_what_a_differential_may_not_say_is_told(rule: str, change: dict[str, Any]) -> None:
    structure = generated(profile("o", "Observation", change))
    assert [found.rule for found in structure.issues] == [rule]
    (found,) = structure.issues
    assert found.expression == "StructureDefinition.differential.element[0]"
    assert change["path"].split(":")[0] in found.details
    assert len(structure.elements) >= 50


def test_what_a_parent_fixed_or_closed_stays_so() -> None:
    parent = profile(
        "parent",
        "Patient",
        {"path": "Patient.gender", "fixedCode": "female", "mustSupport": True, "maxLength": 6},
        {"path": "Patient.identifier", "slicing": SLICING | {"rules": "closed"}},
        {"path": "Patient.identifier", "sliceName": "a"},
    )
    child = profile(
        "child",
        "Patient",
        {"path": "Patient.identifier", "slicing": SLICING},
        {"path": "Patient.gender", "fixedCode": "male", "mustSupport": False, "maxLength": 7},
        base=f"{BASE}/parent",
    )
    found = {found.rule for found in generated(parent, child).issues}
    assert found == {"snapshot-slicing", "snapshot-fixed", "snapshot-must-support", "snapshot-max-length"}
    added = profile("added", "Patient", {"path": "Patient.identifier", "sliceName": "b"}, base=f"{BASE}/parent")
    assert [found.rule for found in generated(parent, added).issues] == ["snapshot-closed"]


def test_a_parent_that_is_not_at_hand_is_told() -> None:
    structure = generated(profile("p", "Patient", {"path": "Patient.name", "min": 1}, base="https://nowhere.example/p"))
    assert [found.rule for found in structure.issues] == ["snapshot-base"]
    assert structure.by_id["Patient.name"].min == 1


def test_a_published_snapshot_is_used_where_the_parent_is_not_at_hand() -> None:
    snapshot = {"element": [{"id": "Patient", "path": "Patient", "min": 0, "max": "*"}]}
    published = profile("p", "Patient", base="https://nowhere.example/p") | {"snapshot": snapshot}
    assert [element.id for element in sound(published).elements] == ["Patient"]


def test_profiles_that_build_on_each_other_in_a_circle_end() -> None:
    one = profile("one", "Patient", {"path": "Patient.name", "min": 1}, base=f"{BASE}/two")
    two = profile("two", "Patient", {"path": "Patient.name", "max": "2"}, base=f"{BASE}/one")
    structure = generated(two, one)
    assert "snapshot-base" in {found.rule for found in structure.issues} or structure.by_id["Patient.name"].max == 2
    assert structure.by_id["Patient.name"].min == 1
    itself = profile("self", "Patient", {"path": "Patient.name", "min": 1}, base=f"{BASE}/self")
    assert [found.rule for found in generated(itself).issues] == ["snapshot-base"]


@pytest.mark.parametrize(
    "differential",
    [
        [{}],
        ["text"],
        [{"path": 3}],
        [{"path": "Patient.name", "min": "one"}],
        [{"path": "Patient.name", "max": "many"}],
    ],
)
def test_a_malformed_profile_is_not_at_hand(differential: list[Any]) -> None:
    broken = profile("p", "Patient") | {"differential": {"element": differential}}
    package = package_of([broken], "example.test", "1.0.0")
    assert Definitions.bundled().with_packages(package).structure(f"{BASE}/p") is None
    assert [found.rule for found in package.issues] == ["package-resource"]


def test_a_chain_of_profiles_without_end_ends() -> None:
    chain = [
        profile(f"p{number}", "Patient", {"path": "Patient.name", "min": 1}, base=f"{BASE}/p{number + 1}")
        for number in range(400)
    ]
    assert generated(*reversed(chain)).by_id["Patient.name"].min == 1


def test_a_path_without_end_is_not_at_hand() -> None:
    endless = profile("p", "Questionnaire", {"path": "Questionnaire" + ".item" * 3000, "min": 1})
    package = package_of([endless], "example.test", "1.0.0")
    assert Definitions.bundled().with_packages(package).structure(f"{BASE}/p") is None
    assert [found.rule for found in package.issues] == ["package-resource"]


def test_a_slice_of_several_types_keeps_them() -> None:
    extension = sound(
        profile(
            "e",
            "Extension",
            {"path": "Extension.value[x]", "slicing": {"discriminator": [{"type": "type", "path": "$this"}]}},
            {"path": "Extension.value[x]", "sliceName": "text", "type": [{"code": "string"}, {"code": "markdown"}]},
        )
    )
    assert codes(extension.by_id["Extension.value[x]"]) == ["markdown", "string"]


def test_an_id_that_forgets_the_slice_yields_to_the_order() -> None:
    bundle = sound(
        profile(
            "b",
            "Bundle",
            {"id": "Bundle.entry", "path": "Bundle.entry", "slicing": SLICING},
            {"id": "Bundle.entry", "path": "Bundle.entry", "sliceName": "patient"},
            {"id": "Bundle.entry.resource", "path": "Bundle.entry.resource", "type": [{"code": "Patient"}]},
        )
    )
    assert codes(bundle.by_id["Bundle.entry:patient.resource"]) == ["Patient"]
    assert codes(bundle.by_id["Bundle.entry.resource"]) == ["Resource"]


def test_controls_are_inherited_and_replaced() -> None:
    def control(path: str, name: str, **value: Any) -> dict[str, Any]:
        return {"path": path, "extension": [{"url": f"{CORE}/{name}", **value}]}

    parent = profile(
        "parent",
        "Patient",
        control("Patient.id", "minLength", valueInteger=20),
        control("Patient.text", "narrative-language-control", valueCode="_yes"),
        control("Patient.gender", "elementdefinition-translatable", valueBoolean=True),
    )
    child = profile("child", "Patient", control("Patient.id", "minLength", valueInteger=30), base=f"{BASE}/parent")
    patient = sound(parent, child)
    assert patient.by_id["Patient.id"].controls == (("minLength", 30),)
    assert patient.by_id["Patient.text"].controls == (("narrative-language-control", "_yes"),)
    assert patient.by_id["Patient.gender"].controls == ()
