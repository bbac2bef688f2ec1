"""FHIR XML: every finding with the line and column of its element, and what is wrong in XML only."""

from typing import Any

import pytest

from fhir_iop.definitions import Definitions
from fhir_iop.fhir.xml import write
from fhir_iop.validation import Validator
from tests.validation import made

SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
LINES = """<?xml version="1.0" encoding="UTF-8"?>
<Observation xmlns="http://hl7.org/fhir">
  <!-- a comment, and an instruction --><?print now?>
  <status value="final"/>
  <code><text value="Craving"/></code>
  <valueQuantity>
    <value value="1.10"/>
    <code value="mm Hg"/>
  </valueQuantity>
  <component>
    <code><text value=""/></code>
    <valueInteger value="0.5"/>
  </component>
</Observation>"""


def told(validator: Validator, raw: str | bytes) -> list[tuple[str, str, int | None, int | None]]:
    return [(issue.rule, issue.expression, issue.line, issue.column) for issue in validator.validate_xml(raw)]


def rules(validator: Validator, inner: str, root: str = "Patient") -> list[tuple[str, str]]:
    raw = f'<{root} xmlns="http://hl7.org/fhir">{inner}</{root}>'
    return [(issue.rule, issue.expression) for issue in validator.validate_xml(raw)]


def test_findings_have_line_and_column(validator: Validator) -> None:
    assert told(validator, LINES) == [
        ("xml-value", "Observation.component[0].value.ofType(integer)", 12, 5),
        ("qty-3", "Observation.value.ofType(Quantity)", 6, 3),
        ("empty", "Observation.component[0].code.text", 11, 11),
    ]


@pytest.mark.parametrize("resource", [made.patient(), made.observation(), made.order()])
def test_what_is_right_in_json_is_right_in_xml(
    validator: Validator, definitions: Definitions, resource: dict[str, Any]
) -> None:
    assert validator.validate(resource) == []
    assert validator.validate_xml(write(resource, definitions)) == []


@pytest.mark.parametrize(
    ("inner", "rule", "expression"),
    [
        ('<gender value="female"/><active value="true"/>', "xml-order", "Patient.gender"),
        ('<gender value="male"/><active value="true"/><name><text value="A"/></name>', "xml-order", "Patient.gender"),
        ('<name><text value="A"/></name>words', "xml-text", "Patient"),
        ('<name><![CDATA[words]]><text value="A"/></name>', "xml-text", "Patient.name[0]"),
        ("<active/>", "empty", "Patient.active"),
        ('<active value=""/>', "xml-value", "Patient.active"),
        ('<name><given value=""/></name>', "empty", "Patient.name[0].given[0]"),
        ("<name><given/></name>", "empty", "Patient.name[0].given[0]"),
        ("<name/>", "empty", "Patient.name[0]"),
        ('<name id="n"/>', "empty", "Patient.name[0]"),
        ('<name family="A"><given value="B"/></name>', "xml-attribute", "Patient.name[0]"),
        ('<name value="A"><given value="B"/></name>', "xml-attribute", "Patient.name[0]"),
        ('<active value="true" x="1"/>', "xml-attribute", "Patient.active"),
        (f'<active xmlns:i="{SCHEMA}" i:schemaLocation="a b" value="true"/>', "xml-attribute", "Patient.active"),
        ('<active xmlns:x="urn:x" value="true" x:value="1"/>', "xml-attribute", "Patient.active"),
        ('<active value="true"/><active value="false"/>', "xml-repeated", "Patient.active[1]"),
        ('<managingOrganization><display value="a"/></managingOrganization>' * 2, "xml-repeated", None),
        ('<nmae value="A"/>', "unknown-element", "Patient.nmae"),
        ('<_active value="true"/>', "unknown-element", "Patient.(not a name)"),
        ('<resourceType value="Observation"/>', "unknown-element", "Patient.(not a name)"),
        ('<x:active xmlns:x="urn:x" value="true"/>', "xml-namespace", "Patient.active"),
        ('<active xmlns="" value="true"/>', "xml-namespace", "Patient.active"),
        ('<active xmlns="http://www.w3.org/1999/xhtml" value="true"/>', "xml-namespace", "Patient.active"),
        ('<active value="1"/>', "xml-value", "Patient.active"),
        ('<multipleBirthInteger value="1.0"/>', "xml-value", "Patient.multipleBirth.ofType(integer)"),
        ('<multipleBirthInteger value="01"/>', "xml-value", "Patient.multipleBirth.ofType(integer)"),
        ('<multipleBirthInteger value="3000000000"/>', "primitive-format", "Patient.multipleBirth.ofType(integer)"),
        ('<multipleBirthInteger value="' + "9" * 5_000 + '"/>', "xml-value", "Patient.multipleBirth.ofType(integer)"),
        (
            '<extension url="https://example.org/e"><valueDecimal value="' + "9" * 41 + '"/></extension>',
            "xml-value",
            None,
        ),
        ('<extension url="https://example.org/e"><valueDecimal value="NaN"/></extension>', "xml-value", None),
        ('<birthDate value="1990-02-30"/>', "primitive-format", "Patient.birthDate"),
        ("<contained/>", "xml-resource", "Patient.contained[0]"),
        ('<extension url="https://example.org/e"><valueDecimal value="1e-99"/></extension>', "xml-value", None),
        ("<text><status value='generated'/><div>x</div></text>", "narrative-namespace", "Patient.text.div"),
    ],
)
def test_one_fault_is_one_finding(validator: Validator, inner: str, rule: str, expression: str | None) -> None:
    found = [one for one in rules(validator, inner) if one[0] not in {"dom-6", "extension-unknown"}]
    assert [one[0] for one in found] == [rule]
    assert expression is None or found[0][1] == expression


def test_resources_that_lie_in_others(validator: Validator) -> None:
    two = '<contained><Organization><id value="o"/><name value="A"/></Organization><Location/></contained>'
    assert ("xml-resource", "Patient.contained[0]") in rules(validator, two)
    unknown = '<contained><Organisation><id value="o"/></Organisation></contained>'
    assert ("resource-type-unknown", "Patient.contained[0]") in rules(validator, unknown)
    attribute = '<contained><Organization id="o"><name value="A"/></Organization></contained>'
    assert ("xml-attribute", "Patient.contained[0]") in rules(validator, attribute)


@pytest.mark.parametrize(
    ("raw", "rule", "line", "column"),
    [
        ("", "xml-malformed", 1, 1),
        ("{}", "xml-malformed", 1, 1),
        ('<Patient xmlns="http://hl7.org/fhir">\n <active value="true">\n</Patient>', "xml-malformed", 3, 3),
        ('<Patient xmlns="http://hl7.org/fhir" xmlns="http://hl7.org/fhir"/>', "xml-malformed", 1, 38),
        ('<Patient xmlns="http://hl7.org/fhir"/><Patient/>', "xml-malformed", 1, 39),
        ('<Patient xmlns="http://hl7.org/fhir"><id value="\x00"/></Patient>', "xml-malformed", 1, 49),
        ('<Patient xmlns="http://hl7.org/fhir"><id value="&#0;"/></Patient>', "xml-malformed", 1, 49),
        ('<Patient xmlns="http://hl7.org/fhir"><id value="&nbsp;"/></Patient>', "xml-malformed", 1, 38),
        (b'<Patient xmlns="http://hl7.org/fhir"><id value="\xff"/></Patient>', "xml-malformed", 1, 49),
        (b'<?xml version="1.0" encoding="utf-7"?><Patient xmlns="http://hl7.org/fhir"/>', "xml-malformed", 1, 1),
        ('\n<!DOCTYPE Patient [<!ENTITY a "b">]><Patient xmlns="http://hl7.org/fhir"/>', "xml-doctype", 2, 1),
        ("<Patient/>", "xml-root", 1, 1),
        ('\n <Patient xmlns="urn:x"/>', "xml-root", 2, 2),
        ('<HumanName xmlns="http://hl7.org/fhir"/>', "xml-root", 1, 1),
        ('<Patient xmlns="http://hl7.org/fhir">' + "<contact>" * 100_000, "xml-depth", 1, 38 + 199 * 9),
        ('<Patient xmlns="http://hl7.org/fhir">' + "<x>" * 100_000, "xml-depth", 1, 38 + 199 * 3),
        ('<Patient xmlns="http://hl7.org/fhir"><text><div xmlns="http://www.w3.org/1999/xhtml">' + "<b>" * 9_999,
         "xml-depth", 1, 86 + 197 * 3),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_finding(
    validator: Validator, raw: str | bytes, rule: str, line: int, column: int
) -> None:
    assert [(issue.rule, issue.line, issue.column) for issue in validator.validate_xml(raw)] == [(rule, line, column)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_that_the_first_bytes_show(validator: Validator, encoding: str) -> None:
    text = '<Patient xmlns="http://hl7.org/fhir"><name><family value="Müller"/><given value=""/></name></Patient>'
    *before, found = told(validator, text.encode(encoding))
    assert found == ("empty", "Patient.name[0].given[0]", 1, text.index("<given") + 1)
    assert before == ([("xml-encoding", "Patient", 1, 1)] if "16" in encoding else [])


def test_an_encoding_that_is_declared(validator: Validator) -> None:
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><Patient xmlns="http://hl7.org/fhir"><name><family value="Müller"/>'
        '<given value=""/></name></Patient>'
    )
    assert told(validator, text.encode("latin-1")) == [
        ("xml-encoding", "Patient", 1, text.index("<Patient") + 1),
        ("empty", "Patient.name[0].given[0]", 1, text.index("<given") + 1),
    ]


def test_profiles_are_asked_for_as_in_json(validator: Validator) -> None:
    profile = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"
    raw = '<Patient xmlns="http://hl7.org/fhir"><gender value="female"/></Patient>'
    json = b'{"resourceType": "Patient", "gender": "female"}'
    assert [issue.rule for issue in validator.validate_xml(raw, [profile])] == [
        issue.rule for issue in validator.validate_text(json, [profile])
    ]


@pytest.mark.parametrize("raw", ["\ufeff <Patient/>", b"\n<Patient/>", "<Patient/>".encode("utf-16")])
def test_xml_is_told_by_how_it_begins(validator: Validator, raw: str | bytes) -> None:
    assert [issue.rule for issue in validator.validate_raw(raw)] == ["xml-root"]
    assert validator.validate_raw(b"  {}") == validator.validate_text(b"  {}")
    assert [issue.rule for issue in validator.validate_raw(b"")] == ["json-malformed"]
