"""FHIR XML: exact both ways, refused where it is unsafe, and every finding has its line and column."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.definitions import Definitions
from fhir_iop.errors import BadInput
from fhir_iop.fhir import json
from fhir_iop.fhir.xml import read, write

TYPES = Definitions.bundled()
XHTML = "http://www.w3.org/1999/xhtml"

DEEP = b"<contact>" * 230 + b"</contact>" * 230

PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "invented",
    "text": {"status": "generated", "div": f'<div xmlns="{XHTML}">Ana &quot;A&quot;<br></br></div>'},
    "contained": [{"resourceType": "Organization", "id": "o", "name": "An invented clinic"}],
    "extension": [
        {"url": "https://example.org/weight", "valueDecimal": Decimal("1.10")},
        {"url": "https://example.org/flag", "_valueBoolean": {"extension": [{"url": "urn:e", "valueCode": "x"}]}},
    ],
    "active": True,
    "name": [
        {"family": "Example", "_family": {"id": "f"}, "given": ["Ana", None], "_given": [None, {"extension": [
            {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}]},
    ],
    "multipleBirthInteger": 2,
}  # fmt: skip


def test_a_resource_comes_back_as_it_was() -> None:
    written = write(PATIENT, TYPES)
    again = read(written, TYPES)
    assert again.faults == []
    assert again.resource == PATIENT
    assert json.encode(again.resource["extension"][0]["valueDecimal"]) == b"1.10"
    assert b"Ana &quot;A&quot;<br></br>" in written


def test_elements_are_written_in_the_order_of_the_definition() -> None:
    text = write(
        {"resourceType": "Patient", "gender": "female", "name": [{"family": "E"}], "active": True}, TYPES
    ).decode()
    assert text.index("<active") < text.index("<name") < text.index("<gender")


@given(
    st.text(
        alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
        min_size=1,
    )
)
def test_any_text_survives(text: str) -> None:
    resource = {"resourceType": "Patient", "name": [{"text": text}]}
    assert read(write(resource, TYPES), TYPES).resource == resource


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=3))
def test_decimals_keep_their_digits(value: Decimal) -> None:
    resource = {"resourceType": "Observation", "valueQuantity": {"value": value}}
    again = read(write(resource, TYPES), TYPES).resource
    assert json.encode(again) == json.encode(resource)


@pytest.mark.parametrize(
    ("written", "again"),
    [
        ("0.50", "0.50"), ("-0", "-0"), ("0", "0"), ("-0.0", "-0.0"), ("0.0000001", "0.0000001"), ("100", "100"),
        ("1e-7", "0.0000001"), ("1e2", "1E+2"), ("1.0E2", "1.0E+2"), ("0.000000000000000000000000010", None),
        ("123456789012345678901234567890.12", None), ("9" * 30, None),
    ],
)  # fmt: skip
def test_decimals_keep_every_digit(written: str, again: str | None) -> None:
    """An exponent may be spelt anew: neither value nor precision changes."""
    head = '<Observation xmlns="http://hl7.org/fhir"><valueQuantity><value value="'
    result = read(f'{head}{written}"/></valueQuantity></Observation>', TYPES)
    assert result.faults == []
    assert f'"{again or written}"' in write(result.resource, TYPES).decode()


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"", "xml-malformed"),
        (b"<Patient", "xml-malformed"),
        (b'<?xml version="1.0" encoding="no-such"?><Patient/>', "xml-malformed"),
        (b'<!DOCTYPE Patient [<!ENTITY a "b">]><Patient xmlns="http://hl7.org/fhir"/>', "xml-doctype"),
        (b'<!DOCTYPE p SYSTEM "http://127.0.0.1:9/x.dtd"><Patient xmlns="http://hl7.org/fhir"/>', "xml-doctype"),
        (b"<Patient/>", "xml-root"),
        (b'<Nonsense xmlns="http://hl7.org/fhir"/>', "xml-root"),
        (b'<Patient xmlns="http://hl7.org/fhir">' + DEEP + b"</Patient>", "xml-depth"),
    ],
)  # fmt: skip
def test_what_is_no_resource_is_refused(raw: bytes, rule: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(raw, TYPES)
    assert caught.value.issues[0].rule == rule


def test_no_file_is_read_by_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("told")
    entity = f'<!DOCTYPE p [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
    raw = entity + '<Patient xmlns="http://hl7.org/fhir"><id value="&s;"/></Patient>'
    with pytest.raises(BadInput) as caught:
        read(raw.encode(), TYPES)
    assert "told" not in str(caught.value)


def test_an_element_nobody_knows_is_kept_for_validation() -> None:
    raw = b'<Patient xmlns="http://hl7.org/fhir"><nonsense value="1"/><x:y xmlns:x="urn:x" value="2"/></Patient>'
    result = read(raw, TYPES)
    assert result.resource == {"resourceType": "Patient", "nonsense": "1"}
    assert [fault.issue.rule for fault in result.faults] == ["xml-namespace"]


def test_line_and_column_of_an_element() -> None:
    lines = [
        b'<Patient xmlns="http://hl7.org/fhir">',
        b'  <contained><Organization><name value="O"/></Organization></contained>',
        b'  <name><text value="\xc3\xa4"/><given value="A"/><given/><given><extension url="u"/></given></name>',
    ]
    result = read(b"\n".join([*lines, b"</Patient>"]), TYPES)
    expected = {
        (): (1, 1),
        ("contained", 0): (2, 3),
        ("contained", 0, "name"): (2, 28),
        ("name", 0, "given", 0): (3, 26),
        ("name", 0, "_given", 2, "extension", 0, "url"): (3, 59),
        ("name", 0, "given"): (3, 26),
        ("name", 0, "family"): (3, 3),
        ("name", 7): (3, 3),
        ("birthDate",): (1, 1),
    }
    assert result.positions(expected) == expected


@pytest.mark.parametrize(
    "resource",
    [
        {"resourceType": "Nope"},
        {"resourceType": "Patient", "nonsense": 1},
        {"resourceType": "Patient", "name": {"family": "E"}},
        {"resourceType": "Patient", "name": ["E"]},
        {"resourceType": "Patient", "active": [True]},
        {"resourceType": "Patient", "id": "a\x00b"},
        {"resourceType": "Patient", "id": "\ud800"},
        {"resourceType": "Observation", "valueQuantity": {"value": Decimal("NaN")}},
        {"resourceType": "Observation", "valueQuantity": {"value": float("inf")}},
        {"resourceType": "Patient", "id": "\ufffe"},
        {"resourceType": "Patient", "text": {"status": "generated", "div": f'<div xmlns="{XHTML}">\ud800</div>'}},
        {"resourceType": "Patient", "text": {"status": "generated", "div": f'<div xmlns="{XHTML}">&nbsp;</div>'}},
        {"resourceType": "Patient", "text": {"status": "generated", "div": f'<!DOCTYPE div><div xmlns="{XHTML}"/>'}},
        {"resourceType": "Patient", "extension": [{"url": "\x00", "valueCode": "a"}]},
        {"resourceType": "Patient", "name": [{"id": "a", "_id": {"extension": [{"url": "urn:x", "valueCode": "a"}]}}]},
        {"resourceType": "Patient", "text": {"status": "generated", "div": "<p>no div</p>"}},
        {"resourceType": "Patient", "contained": [{"id": "o"}]},
    ],
)
def test_what_has_no_xml_form_is_said(resource: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as caught:
        write(resource, TYPES)
    assert caught.value.issues[0].rule == "xml-unwritable"


DIVS = [
    (f'<div xmlns="{XHTML}"/>', None),
    (f"<div  xmlns='{XHTML}' title='a>b \"/>\"'>&quot;<br></br></div >", None),
    (f'<div xmlns="{XHTML}"><div><p>/&gt;</p></div><!-- </div> --></div>', None),
    (f'<div xmlns="{XHTML}">\n <![CDATA[</div>]]></div\n>', None),
    (f'<h:div xmlns:h="{XHTML}"><h:p>x</h:p></h:div>', None),
    ("<h:div><h:p>x</h:p></h:div>", f'<h:div xmlns:h="{XHTML}"><h:p>x</h:p></h:div>'),
    ("<h:div/>", f'<h:div xmlns:h="{XHTML}"/>'),
    (f'<div xmlns="{XHTML}"><a:b/>a:</div>', f'<div xmlns:a="urn:a&amp;b" xmlns="{XHTML}"><a:b/>a:</div>'),
]  # fmt: skip


@pytest.mark.parametrize(("written", "kept"), DIVS)
def test_a_narrative_is_kept_as_it_is_spelt(written: str, kept: str | None) -> None:
    head = f'<Patient xmlns="http://hl7.org/fhir" xmlns:h="{XHTML}" xmlns:a="urn:a&amp;b" xmlns:unused="urn:x">'
    raw = f'{head}<text><status value="generated"/>{written}</text></Patient>'
    resource = read(raw, TYPES).resource
    assert resource["text"]["div"] == kept or written
    assert read(write(resource, TYPES), TYPES).resource == resource


def test_fhir_may_have_a_prefix_and_xhtml_none() -> None:
    raw = (
        f'<f:Patient xmlns:f="http://hl7.org/fhir" xmlns="{XHTML}"><f:text><f:status value="empty"/><div>x</div>'
        '</f:text><f:active value="true"/></f:Patient>'
    )
    result = read(raw, TYPES)
    assert result.faults == []
    assert result.resource["active"] is True
    assert result.resource["text"] == {"status": "empty", "div": f'<div xmlns="{XHTML}">x</div>'}
