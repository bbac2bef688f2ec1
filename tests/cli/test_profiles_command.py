"""`fhir-iop profiles`: what is listed, and what a profile shows."""

import pytest
from click.testing import CliRunner, Result

from fhir_iop.cli.profiles import command
from fhir_iop.definitions import Definitions
from fhir_iop.definitions.outline import outline


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def test_list_names_the_guides_profiles_and_no_extension() -> None:
    ran = run("list")
    assert ran.exit_code == 0
    rows = {line.split()[0]: line.split()[1:] for line in ran.stdout.splitlines()}
    assert rows["iop-controlled-substance"] == [
        "MedicationRequest",
        "iop-medication-request",
        "https://example.org/fhir/iop/StructureDefinition/iop-controlled-substance|0.1.0",
    ]
    assert "modality" not in rows


def test_list_of_another_package() -> None:
    assert "us-core-goal" in run("list", "--of", "hl7.fhir.us.core").stdout
    refused = run("list", "--of", "nobody.knows")
    assert refused.exit_code != 0
    assert "hl7.fhir.us.core" in refused.output


def test_show_tells_cardinality_support_types_bindings_and_constraints() -> None:
    ran = run("show", "iop-craving")
    assert ran.exit_code == 0
    lines = [" ".join(line.split()) for line in ran.stdout.splitlines()]
    assert "value[x] 1..1 S integer" in lines
    assert "at most 10" in lines
    assert "component:substance 0..1 S BackboneElement" in lines
    assert "pattern: https://example.org/fhir/iop/CodeSystem/iop-observation#craving-substance" in lines
    assert "extensible: https://example.org/fhir/iop/ValueSet/iop-substance|0.1.0" in lines
    assert any(line.startswith("iop-p2-2 (error): A record labelled under 42 CFR Part 2") for line in lines)
    assert not any(line.startswith("bodySite") for line in lines)
    assert "\x1b" not in ran.stdout


def test_show_says_in_words_what_it_is_for_and_what_happens_otherwise() -> None:
    lines = [" ".join(line.split()) for line in run("show", "iop-controlled-substance").stdout.splitlines()]
    assert "IOP order for a controlled substance." in " ".join(lines[2:4])
    assert (
        lines[lines.index("supportingInformation 0..* S Reference(Resource)") + 1]
        == "The check of the monitoring program"
    )
    # What it derives from says the rest.
    assert lines[lines.index("authoredOn 1..1 S dateTime") + 1] == "When it was prescribed"
    refills = next(place for place, line in enumerate(lines) if line.startswith("iop-cs-1 (error): "))
    assert lines[refills + 1] == "Risk: The pharmacy must refuse it; the patient goes without."
    dose = next(place for place, line in enumerate(lines) if line.startswith("iop-mr-1 (error): "))
    assert lines[dose + 1] == "Risk: The pharmacy cannot label it and the patient guesses the dose."


def test_show_says_where_an_extension_stands_and_no_types_of_what_may_not_be_there() -> None:
    lines = [" ".join(line.split()) for line in run("show", "session-id").stdout.splitlines()]
    assert "Stands on Procedure, Encounter, Appointment" in lines
    assert "extension 0..0" in lines


def test_show_of_others_profiles_has_no_words_of_ours() -> None:
    lines = run("show", "us-core-medicationrequest").stdout.splitlines()
    assert lines[2].startswith("MedicationRequest ")
    assert not any("Risk: " in line for line in lines)


def test_show_all_shows_the_rest_too() -> None:
    lines = [" ".join(line.split()) for line in run("show", "--all", "iop-craving").stdout.splitlines()]
    assert "bodySite 0..1 CodeableConcept" in lines


@pytest.mark.parametrize(
    "named",
    [
        "https://example.org/fhir/iop/StructureDefinition/iop-goal",
        "https://example.org/fhir/iop/StructureDefinition/iop-goal|0.1.0",
    ],
)
def test_show_takes_a_canonical(named: str) -> None:
    assert run("show", named).stdout == run("show", "iop-goal").stdout


def test_show_of_what_isnt_there() -> None:
    ran = run("show", "iop-nothing")
    assert ran.exit_code != 0
    assert "iop-nothing" in ran.output


def test_every_profile_at_hand_can_be_shown() -> None:
    definitions = Definitions.bundled()
    for _, url, version in definitions.canonicals("StructureDefinition"):
        structure = definitions.structure(f"{url}|{version}")
        assert structure is not None
        assert next(iter(outline(structure, definitions))).name == structure.type
