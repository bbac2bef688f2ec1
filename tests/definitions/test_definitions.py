"""What comes with fhir-iop, as the rooms above ask for it."""

import subprocess
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest

from fhir_iop.definitions import Definitions, Membership
from fhir_iop.definitions.facts import Facts

US_CORE_PATIENT = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"
PRACTITIONER = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-practitioner"


@pytest.fixture(scope="module")
def bundled() -> Definitions:
    return Definitions.bundled()


def test_every_r4_resource_type_is_known(bundled: Definitions) -> None:
    assert len(bundled.resource_types) == 146
    assert "MedicationRequest" in bundled.resource_types
    assert bundled.resource_types.isdisjoint({"Resource", "DomainResource", "HumanName"})


@pytest.mark.parametrize(
    ("canonical", "version"),
    [("", "6.1.0"), ("|6.1.0", "6.1.0"), ("|6.1", "6.1.0"), ("|7.0.0", "7.0.0"), ("|7", "7.0.0")],
)
def test_a_canonical_means_the_preferred_or_the_named_version(
    bundled: Definitions, canonical: str, version: str
) -> None:
    structure = bundled.structure(US_CORE_PATIENT + canonical)
    assert structure is not None
    assert structure.canonical == f"{US_CORE_PATIENT}|{version}"


def test_asking_for_what_is_not_at_hand_takes_no_memory(bundled: Definitions) -> None:
    tracemalloc.start()
    try:
        for number in range(12_000):
            assert bundled.code_system(f"https://example.org/{number}") is None
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 1_500_000


@pytest.mark.parametrize("canonical", [US_CORE_PATIENT + "|8.0.0", US_CORE_PATIENT + "|6.1.0.1", "https://nowhere", ""])
def test_what_is_not_at_hand_is_none(bundled: Definitions, canonical: str) -> None:
    assert bundled.structure(canonical) is None


@pytest.mark.parametrize("version", ["6.1.0", "7.0.0"])
def test_a_guide_refers_to_its_own_version(bundled: Definitions, version: str) -> None:
    structure = bundled.structure(f"http://hl7.org/fhir/us/core/StructureDefinition/us-core-careteam|{version}")
    assert structure is not None
    targets = structure.by_id["CareTeam.participant.member"].types[0].target_profiles
    assert f"{PRACTITIONER}|{version}" in targets


def test_primitive_values_have_fhir_types(bundled: Definitions) -> None:
    used = {
        type_.code
        for _, url, version in bundled.canonicals("StructureDefinition")
        for element in bundled.structure(f"{url}|{version}").elements  # type: ignore[union-attr]  # it is listed
        for type_ in element.types
    }
    assert not {code for code in used if "/" in code}
    assert bundled.child("date", "value").types[0].code == "date"  # type: ignore[union-attr]


def test_element_ids_are_unique(bundled: Definitions) -> None:
    for _, url, version in bundled.canonicals("StructureDefinition"):
        structure = bundled.structure(f"{url}|{version}")
        assert structure is not None
        assert len(structure.by_id) == len(structure.elements), structure.canonical


def test_children_are_found_by_name(bundled: Definitions) -> None:
    value = bundled.child("Observation", "value")
    assert value is not None
    assert value.path == "Observation.value[x]"
    nested = bundled.child("Questionnaire.item.item", "linkId")
    assert nested is not None
    assert nested.path == "Questionnaire.item.linkId"
    assert bundled.child("Patient", "nam") is None
    assert bundled.child("Nothing", "name") is None


@pytest.mark.parametrize(
    ("name", "ancestor", "answer"),
    [
        ("Age", "Quantity", True),
        ("Age", "Element", True),
        ("id", "string", True),
        ("Patient", "Resource", True),
        ("Patient", "Element", False),
        ("Unknown", "Element", False),
    ],
)
def test_specialisation(bundled: Definitions, name: str, ancestor: str, *, answer: bool) -> None:
    assert bundled.is_a(name, ancestor) is answer


def test_search_parameters_are_narrowed_to_their_type(bundled: Definitions) -> None:
    parameters = bundled.search_parameters("MedicationRequest")
    assert parameters["authoredon"].expression == "MedicationRequest.authoredOn"
    assert parameters["code"].expression == "(MedicationRequest.medication as CodeableConcept)"
    assert parameters["_id"].url == "http://hl7.org/fhir/SearchParameter/Resource-id"
    assert "race" in bundled.search_parameters("Patient")
    assert "_text" not in bundled.search_parameters("Bundle")  # it is no DomainResource


def test_membership_tells_unknown_from_no(bundled: Definitions) -> None:
    gender = "http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1"
    assert bundled.codes(gender) == {"male", "female", "other", "unknown"}
    assert bundled.membership(gender, None, "male") is Membership.MEMBER
    assert bundled.membership(gender, None, "man") is Membership.NOT_MEMBER
    condition = "http://hl7.org/fhir/us/core/ValueSet/us-core-condition-code"
    assert bundled.membership(condition, "http://snomed.info/sct", "1") is Membership.UNKNOWN
    assert bundled.membership(condition, "urn:nothing", "1") is Membership.NOT_MEMBER
    assert bundled.membership("urn:no-such-value-set", "urn:x", "1") is Membership.UNKNOWN
    assert bundled.codes("urn:no-such-value-set") is None


@pytest.mark.parametrize("kind", ["StructureDefinition", "CodeSystem", "ValueSet", "ConceptMap"])
def test_everything_that_is_listed_is_found(bundled: Definitions, kind: str) -> None:
    find = {
        "StructureDefinition": bundled.structure,
        "CodeSystem": bundled.code_system,
        "ValueSet": bundled.value_set,
        "ConceptMap": bundled.concept_map,
    }[kind]
    for _, url, version in bundled.canonicals(kind):
        found = find(f"{url}|{version}" if version else url)
        assert found is not None, (url, version)
        assert (found.url, found.version) == (url, version)


def test_a_version_in_a_url_is_a_version(bundled: Definitions) -> None:
    older, newer = (
        bundled.code_system(f"http://terminology.hl7.org/CodeSystem/v2-0391|{each}") for each in ("2.4", "2.6")
    )
    assert older is not None
    assert newer is not None
    assert older.concepts != newer.concepts


def test_displays(bundled: Definitions) -> None:
    assert bundled.display("http://hl7.org/fhir/administrative-gender", "male") == "Male"
    assert bundled.display("http://hl7.org/fhir/administrative-gender", "none") is None
    assert bundled.display("http://snomed.info/sct", "1") is None


def test_no_prose_of_official_packages_is_carried(bundled: Definitions) -> None:
    patient = bundled.type("Patient")
    assert patient is not None
    assert {constraint.human for element in patient.elements for constraint in element.constraints} == {""}


def test_the_same_facts_have_the_same_fingerprint(bundled: Definitions) -> None:
    program = "from fhir_iop.definitions import Definitions; print(Definitions.bundled().fingerprint)"
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == bundled.fingerprint


def fresh() -> Definitions:
    """The bundled definitions, with nothing read yet."""
    return Definitions(Definitions.bundled().packages)


def test_touching_one_type_reads_one_block(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    raw_block = Facts.raw_block

    def noted(self: Facts, number: int) -> memoryview:
        read.append(number)
        return raw_block(self, number)

    monkeypatch.setattr(Facts, "raw_block", noted)
    definitions = fresh()
    for _ in range(3):
        assert definitions.type("Patient") is not None
        assert definitions.is_a("Patient", "DomainResource")
    assert len(read) == 1


def test_many_threads_read_the_same() -> None:
    definitions, alone = fresh(), fresh()
    urls = [f"{url}|{version}" for _, url, version in alone.canonicals("StructureDefinition")][::5]
    sets = [url for _, url, _ in alone.canonicals("ValueSet")][::20]
    with ThreadPoolExecutor(8) as threads:
        structures = list(threads.map(definitions.structure, urls * 4))
        codes = list(threads.map(definitions.codes, sets * 4))
    assert structures == [alone.structure(url) for url in urls] * 4
    assert codes == [alone.codes(url) for url in sets] * 4
