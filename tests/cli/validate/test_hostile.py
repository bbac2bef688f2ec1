"""Whatever the bytes, there are findings and never a crash: random bytes, mutated JSON and XML, and known tricks."""

import gzip
import io
import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fhir_iop.cli.validate.asked import Asked
from fhir_iop.cli.validate.checking import Result, checker
from fhir_iop.cli.validate.formats import FORMATS
from fhir_iop.cli.validate.pieces import Batch
from fhir_iop.cli.validate.reading import Source, read

PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "one",
    "meta": {"profile": ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"]},
    "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml"><p>Invented</p></div>'},
    "extension": [{"url": "https://example.org/e", "valueDecimal": 1.50}],
    "identifier": [{"system": "https://example.org/ids", "value": "1"}],
    "name": [{"family": "Invented", "given": ["Ana", None], "_given": [None, {"id": "g"}]}],
    "birthDate": "1990-02-28",
    "_birthDate": {"extension": [{"url": "https://example.org/b", "valueDateTime": "1990-02-28T10:00:00Z"}]},
    "gender": "female",
    "contained": [{"resourceType": "Organization", "id": "o", "name": "Invented"}],
    "managingOrganization": {"reference": "#o"},
    "contact": [{"period": {"start": "2020", "end": "2021"}}],
}
JSON = json.dumps(PATIENT).encode()
XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<Patient xmlns="http://hl7.org/fhir"><id value="one"/>
  <text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p>Some &amp; <b>so</b></p></div></text>
  <contained><Organization><id value="o"/><name value="Invented"/></Organization></contained>
  <extension url="https://example.org/e"><valueDecimal value="1.50"/></extension>
  <name><family value="Invented"/><given value="Ana"><extension url="https://example.org/g"/></given></name>
  <birthDate value="1990-02-28"/>
</Patient>
"""
TOKENS = [
    b"{", b"}", b"[", b"]", b'"', b",", b":", b"null", b"true", b"1e400", b"-0", b"NaN", b"1.0", b"\0", b"\xff", b"\n",
    b"\\ud800", b"\\u0000", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"<", b">", b"/>", b"&", b"&lt;", b"&#0;", b"<!--",
    b"-->", b"<![CDATA[", b"<!DOCTYPE x>", b"<?p?>", b'xmlns="x"', b"\x1f\x8b", b'"resourceType":"Bundle"', b"\r",
    b"\xe2\x80\xa8", b"\x1b[2J",
]  # fmt: skip


def check(raw: bytes, name: str = "x.json", form: str = "json") -> Result:
    result = checker(Asked(form=form)).check(Batch(tuple(read(Source(io.BytesIO(raw)), name)), len(raw), 1))
    FORMATS[form].tail(result.rules)
    return result


def rules(raw: bytes, name: str = "x.json") -> list[str]:
    """Check, and return the rules of what was found; a fault of the validator's own fails the test."""
    found = [json.loads(line) for line in check(raw, name).told.splitlines()]
    failed = [row["message"] for row in found if row["rule"] == "validator-failed"]
    assert not failed, failed
    return [row["rule"] for row in found]


@st.composite
def mutated(draw: st.DrawFn, original: bytes) -> bytes:
    """Draw ``original`` with some pieces cut out, doubled, or replaced by tokens that mean something to a parser."""
    raw = bytearray(original)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 12)))
        kind = draw(st.sampled_from(["token", "bytes", "cut", "double"]))
        if kind == "token":
            raw[start:end] = draw(st.sampled_from(TOKENS))
        elif kind == "bytes":
            raw[start:end] = draw(st.binary(max_size=4))
        elif kind == "cut":
            del raw[start:end]
        else:
            raw[start:start] = raw[start:end]
    return bytes(raw)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)

SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@SETTINGS
@given(st.binary(max_size=200))
@example(b"")
@example(b"\x1f\x8b")
@example(b"\x1f\x8b\x08\0\0\0\0\0")
def test_random_bytes(raw: bytes) -> None:
    rules(raw)
    rules(raw, "x.ndjson")


@SETTINGS
@given(mutated(JSON))
def test_mutated_json(raw: bytes) -> None:
    rules(raw)


@SETTINGS
@given(mutated(XML))
def test_mutated_xml(raw: bytes) -> None:
    rules(raw)


@SETTINGS
@given(st.sampled_from(sorted(PATIENT)), VALUES)
def test_any_value_anywhere(name: str, value: Any) -> None:
    rules(json.dumps(PATIENT | {name: value}).encode())


@SETTINGS
@given(st.sampled_from(["Bundle", "QuestionnaireResponse", "Observation", "Parameters", "ValueSet"]), VALUES)
def test_any_content_of_a_resource(type_: str, value: Any) -> None:
    content = (
        value if isinstance(value, dict) else {"entry": [{"resource": value}], "item": value, "parameter": [value]}
    )
    rules(json.dumps(content | {"resourceType": type_}).encode())


@SETTINGS
@given(st.sampled_from(sorted(FORMATS)), mutated(JSON))
def test_each_format_stays_whole(form: str, raw: bytes) -> None:
    told = check(raw, "\x1b[2Jx\n\udcff.json", form)
    text = (FORMATS[form].head + told.told + FORMATS[form].tail(told.rules)).decode()
    assert "\x1b" not in text
    if form == "sarif":
        assert len(json.loads(text)["runs"][0]["results"]) >= told.errors
    elif form == "text":
        assert len(text.splitlines()) >= told.errors
    else:
        assert all(isinstance(json.loads(line), dict) for line in text.splitlines())


DEEP = 100_000
TRICKS = {
    "nested objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "nested arrays": b'{"resourceType":"Patient","name":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "nesting within the limit": b'{"resourceType":"Patient","contact":' + b'[{"name":' * 90 + b"1" + b"}]" * 90 + b"}",
    "nested extensions": b'{"resourceType":"Basic","extension":' + b'[{"extension":' * 80 + b"[]" + b"}]" * 80 + b"}",
    "nested elements": b'<Patient xmlns="http://hl7.org/fhir">' + b"<name>" * DEEP,
    "nested elements, closed": b'<Patient xmlns="http://hl7.org/fhir">'
    + b"<name>" * DEEP
    + b"</name>" * DEEP
    + b"</Patient>",
    "nested divs": XML.replace(b"<p>", b"<p>" * DEEP).replace(b"</p>", b"</p>" * DEEP),
    "a string of megabytes": b'{"resourceType":"Patient","id":"' + b"x" * 3_000_000 + b'"}',
    "an attribute of megabytes": XML.replace(b"one", b"x" * 3_000_000),
    "a name of megabytes": b'{"resourceType":"Patient","' + b"x" * 3_000_000 + b'":1}',
    "many unknown names": b'{"resourceType":"Patient",' + b",".join(b'"a%d":1' % n for n in range(5000)) + b"}",
    "a name many times": b'{"resourceType":"Patient",' + b",".join([b'"id":"a"'] * 5000) + b"}",
    "NUL in a string": b'{"resourceType":"Patient","id":"\\u0000"}',
    "NUL as it is": b'{"resourceType":"Patient","id":"\0"}',
    "a lone surrogate": b'{"resourceType":"Patient","id":"\\ud800"}',
    "a lone surrogate as a name": b'{"resourceType":"Patient","\\udc00":1}',
    "a surrogate in UTF-8": b'{"resourceType":"Patient","id":"\xed\xa0\x80"}',
    "Latin-1": '{"resourceType":"Patient","name":[{"family":"Müller"}]}'.encode("latin-1"),
    "a large number": b'{"resourceType":"Observation","valueInteger":' + b"9" * 5000 + b"}",
    "a large exponent": b'{"resourceType":"Observation","valueQuantity":{"value":1e999999999}}',
    "NaN": b'{"resourceType":"Observation","valueQuantity":{"value":NaN}}',
    "entities": b'<!DOCTYPE P [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + XML[38:].replace(b"one", b"&b;"),
    "a file of the machine": b'<!DOCTYPE P [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    + XML[38:].replace(b"one", b"&a;"),
    "XML in Latin-1 that says UTF-8": XML.replace(b"Invented", b"M\xfcller"),
    "XML that says an unknown encoding": XML.replace(b"UTF-8", b"no-such-thing"),
    "XML of another kind": b"<project><id>x</id></project>",
    "an open element": XML[:200],
    "only a declaration": b'<?xml version="1.0"?>',
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_trick_is_a_finding(trick: str) -> None:
    assert rules(TRICKS[trick])


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"", "text-empty"),
        (b" \n\t\n", "text-empty"),
        (b"\xef\xbb\xbf", "text-empty"),
        (JSON.decode().encode("utf-16"), "text-charset"),
        (JSON.decode().encode("utf-16-be"), "text-charset"),
        (JSON.decode().encode("utf-32"), "text-charset"),
        (XML.decode().encode("utf-16"), "text-charset"),
        (b"PK\x03\x04" + b"\0" * 60, "text-other-form"),
        (b"MSH|^~\\&|A|B\rPID|1\r", "text-other-form"),
        (b"\xef\xbb\xbf" + JSON, "text-bom"),
        (gzip.compress(JSON * 3)[:-20], "compressed-damaged"),
        (gzip.compress(bytes(range(256)) * 50, mtime=0)[:40], "compressed-damaged"),
    ],
)
def test_what_it_is_instead_is_told(raw: bytes, rule: str) -> None:
    assert rule in rules(raw)


def test_an_export_of_nothing_is_a_file_of_no_lines() -> None:
    assert rules(b"", "Patient.ndjson") == []
    assert check(gzip.compress(b""), "Patient.ndjson.gz").resources == 0


def test_a_failure_of_the_validator_is_told_as_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError(random.random())

    monkeypatch.setattr(checker(Asked(form="json")).validator, "validate_text", fail)
    (row,) = [json.loads(line) for line in check(JSON).told.splitlines()]
    assert (row["rule"], row["severity"]) == ("validator-failed", "fatal")
    assert "ZeroDivisionError" in row["message"]
    assert "test_hostile.py:" in row["message"]
