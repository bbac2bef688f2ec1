"""Resources with damaged text, JSON and XML: whatever comes is findings with line and column, never a crash."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.corpus import resources
from fhir_iop.definitions import Definitions
from fhir_iop.fhir import json
from fhir_iop.fhir.xml import write
from fhir_iop.validation import Validator
from tests.validation import made

WHOLE = [*resources(12), *resources(6, us_core=True), made.bundle("collection", made.entry("urn:x:1", made.patient()))]
JSON = [json.encode(resource) for resource in WHOLE]
XML = [write(resource, Definitions.bundled()) for resource in WHOLE]

PIECES = [
    b"", b" ", b"\n", b"\x00", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xc3\xa4", b"\xf0\x9d\x84\x9e",
    b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\\ud800", b"null", b"NaN", b"-", b"1e99", b"9" * 50,
    b'"a":1,', b'"_id":{},', b'"id":[],', b"<", b">", b"/>", b"</", b"&", b"&amp;", b"&#0;", b"<!DOCTYPE a>",
    b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?x?>", b"<extension/>", b"<div/>", b"<contained/>", b"<name/>",
    b' id="a"', b' value="a"', b' xmlns=""', b' xmlns:i="http://www.w3.org/2001/XMLSchema-instance"',
]  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, whole: list[bytes]) -> bytes:
    """A text in which a few places are overwritten, taken out, or moved elsewhere."""
    raw = draw(st.sampled_from(whole))
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(raw)))
        end = begin + draw(st.sampled_from([0, 0, 1, 5, 40]))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=8))
        if draw(st.booleans()):
            at = draw(st.integers(0, len(raw)))
            piece = raw[at : at + 40]
        raw = raw[:begin] + piece + raw[end:]
    return raw


def assert_placed(check: Callable[[bytes], list[object]], raw: bytes) -> None:
    lines = raw.count(b"\n") + 1
    for issue in check(raw):
        assert issue.line is not None, issue  # type: ignore[attr-defined]
        assert issue.column is not None, issue  # type: ignore[attr-defined]
        assert 1 <= issue.line <= lines, issue  # type: ignore[attr-defined]


@pytest.mark.parametrize(("text", "document"), list(zip(JSON, XML, strict=True)))
def test_the_same_is_told_of_both_forms(validator: Validator, text: bytes, document: bytes) -> None:
    told = [[(issue.rule, issue.expression, issue.details) for issue in check] for check in (
        validator.validate_text(text), validator.validate_xml(document)
    )]  # fmt: skip
    assert told[0] == told[1]


@given(raw=damaged(JSON))
def test_damaged_json(validator: Validator, raw: bytes) -> None:
    assert_placed(validator.validate_text, raw)


@given(raw=damaged(XML))
def test_damaged_xml(validator: Validator, raw: bytes) -> None:
    assert_placed(validator.validate_xml, raw)
