"""Narratives: what may stand in one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.validation import Validator
from fhir_iop.validation.xhtml import scan
from tests.validation.made import patient

XMLNS = 'xmlns="http://www.w3.org/1999/xhtml"'


def div(inner: str) -> str:
    return f"<div {XMLNS}>{inner}</div>"


RIGHT = [
    div("Ada"),
    div("<p>a<br/>b</p><!-- c -->"),
    div("&amp; &#160; &#xA0; &lt;script&gt;"),
    div('<a href="https://example.org?a=1&amp;b=2" title="x">a</a>'),
    div('<a href="#here">a</a><p id="here">x</p>'),
    div('<a href="#invented-1">to the resource</a>'),
    div('<a name="a" id="a">x</a><a href="#a">y</a>'),
    div('<img src="data:image/png;base64,AAAA" alt="a"/>'),
    div('<table border="1"><tbody><tr valign="top"><td colspan="2" style="color: red">x</td></tr></tbody></table>'),
    f" {div('x')}\n",
    f'<div {XMLNS} xml:lang="en" lang="en">x</div>',
    '<h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:p>x</h:p></h:div>',
]
WRONG = [
    ("x", "narrative-root"),
    (f"<p {XMLNS}>x</p>", "narrative-root"),
    (div("x") + "y", "narrative-root"),
    ("<div>x</div>", "narrative-namespace"),
    (div("<p>x"), "narrative-markup"),
    (div("<p>x</b>"), "narrative-markup"),
    (div("<br>"), "narrative-markup"),
    (div("a & b"), "narrative-markup"),
    (div('<a href="?a&b">x</a>'), "narrative-markup"),
    (div("<?php ?>x"), "narrative-markup"),
    (div("<![CDATA[x]]>"), "narrative-markup"),
    ("<!DOCTYPE div []>" + div("x"), "narrative-markup"),
    (div("&nbsp;"), "narrative-entity"),
    (div("<script>x</script>"), "narrative-element"),
    (div("x<svg/>"), "narrative-element"),
    (div('x<iframe title="x"/>'), "narrative-element"),
    (div('<p onclick="x()">x</p>'), "narrative-attribute"),
    (div('<a target="x">x</a>'), "narrative-attribute"),
    (div('<a href=" JavaScript:x()">x</a>'), "narrative-active"),
    (div('<a href="java\tscript:x()">x</a>'), "narrative-active"),
    (div('<a href="&#106;avascript&#x3A;x()">x</a>'), "narrative-active"),
    (div('<a href="vb&#xA;script:x()">x</a>'), "narrative-active"),
    (div("&#0;"), "narrative-markup"),
    (div("a&#xFFFE;b"), "narrative-markup"),
    (div('<p title="&#x110000;">x</p>'), "narrative-markup"),
    (div('<img src="https://elsewhere.test/pixel.png"/>'), "narrative-loads"),
    (div('<p style="background: url&#40;x&#41;">x</p>'), "narrative-loads"),
    (div('<p style="background: URL (x)">x</p>'), "narrative-loads"),
    (div('<a href="#nowhere">x</a>'), "narrative-link"),
    (div('<p id="a">x</p><p id="a">y</p>'), "narrative-id-twice"),
    (div('<p id="a">x</p><a name="a">y</a>'), "narrative-id-twice"),
    (div(" \n "), "narrative-empty"),
    (div("<p/>"), "narrative-empty"),
]


@pytest.mark.parametrize("text", RIGHT)
def test_a_right_narrative(validator: Validator, text: str) -> None:
    assert validator.validate(patient(text={"status": "generated", "div": text})) == []


@pytest.mark.parametrize(("text", "rule"), WRONG)
def test_a_wrong_narrative_is_told_once(validator: Validator, text: str, rule: str) -> None:
    found = validator.validate(patient(text={"status": "generated", "div": text}))
    assert [(issue.rule, issue.expression) for issue in found] == [(rule, "Patient.text.div")]


@given(st.text(alphabet="<>/&;!-[]?\"'= #xp:", max_size=40))
def test_no_markup_raises(inner: str) -> None:
    scan(div(inner))
    scan(inner)
