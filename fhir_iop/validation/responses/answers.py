"""One question's answers: of its type, among its options, within its limits."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.definitions import Membership
from fhir_iop.fhir import reference as references
from fhir_iop.validation.codes import codes_in, is_unknown, membership, quoted
from fhir_iop.validation.order import compare
from fhir_iop.validation.primitives import decoded_length
from fhir_iop.validation.responses.enabled import same
from fhir_iop.validation.responses.form import HL7, SDC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.responses.form import Question

_TYPES: Final[dict[str, frozenset[str]]] = {
    "boolean": frozenset({"boolean"}),
    "decimal": frozenset({"decimal"}),
    "integer": frozenset({"integer"}),
    "date": frozenset({"date"}),
    "dateTime": frozenset({"dateTime"}),
    "time": frozenset({"time"}),
    "string": frozenset({"string"}),
    "text": frozenset({"string"}),
    "url": frozenset({"uri"}),
    "choice": frozenset({"Coding", "date", "time", "integer", "string", "Reference"}),
    "open-choice": frozenset({"Coding", "date", "time", "integer", "string", "Reference"}),
    "attachment": frozenset({"Attachment"}),
    "reference": frozenset({"Reference"}),
    "quantity": frozenset({"Quantity"}),
}
_LONGEST_PATTERN: Final = 200


def check_answer(question: Question, value: Item) -> Iterator[Finding]:
    """Yield what is wrong with one answer's value."""
    allowed = _TYPES.get(question.type)
    if allowed is not None and value.expected.type not in allowed:
        names = ", ".join(sorted(allowed))
        yield value.found("answer-type", link=question.link_id, type=value.expected.type, allowed=names)
        return
    if value.value is None:
        return
    yield from _among_options(question, value)
    yield from _within_limits(question, value)
    if value.expected.type == "string":
        yield from _text(question, value)
    elif value.expected.type == "Attachment":
        yield from _attachment(question, value)
    elif value.expected.type == "Quantity":
        yield from _unit(question, value)
    elif value.expected.type == "Reference":
        yield from _target(question, value)


def check_exclusive(question: Question, answers: list[Item], values: list[Any]) -> Iterator[Finding]:
    """Yield `answer-exclusive` where an answer that excludes others has others beside it."""
    exclusive = [option.value for option in question.options if option.is_exclusive]
    for answer, value in zip(answers, values, strict=True):
        if len(answers) > 1 and any(same(value, one) for one in exclusive):
            yield answer.found("answer-exclusive", link=question.link_id)


def _among_options(question: Question, value: Item) -> Iterator[Finding]:
    is_free_text = question.type == "open-choice" and value.expected.type == "string"
    if question.options and not is_free_text:
        if not any(same(value.value, option.value) for option in question.options):
            yield value.found("answer-option", link=question.link_id)
    elif question.value_set is not None and not is_free_text:
        yield from _in_value_set(question.value_set, value)


def _in_value_set(value_set: str, value: Item) -> Iterator[Finding]:
    definitions = value.expected.expectations.definitions
    codes = codes_in(value.value, value.expected.type)
    if value_set.startswith("#") or not codes or any(is_unknown(definitions, *code) for code in codes):
        return  # a contained value set isn't expanded; a code that doesn't exist is told by rules/coding.py
    found = {membership(definitions, value_set, *code) for code in codes}
    if Membership.UNKNOWN in found:
        yield value.found("answer-unchecked", value_set=value_set)
    elif Membership.NOT_MEMBER in found:
        yield value.found("answer-value-set", found=quoted(codes), value_set=value_set)


def _within_limits(question: Question, value: Item) -> Iterator[Finding]:
    names = ("minQuantity", "maxQuantity") if value.expected.type == "Quantity" else ("minValue", "maxValue")
    base = SDC + "sdc-questionnaire-" if value.expected.type == "Quantity" else HL7
    for name, beyond, rule in zip(names, (-1, 1), ("answer-below", "answer-above"), strict=True):
        limit = question.limit(base + name)
        if limit is None:
            continue
        order = compare(value.value, limit)
        if order == beyond:
            yield value.found(rule, link=question.link_id, limit=_told(limit))
        elif value.expected.type == "Quantity" and (order is None or "code" not in value.value):
            yield value.found("answer-incomparable", link=question.link_id, limit=_told(limit))


def _told(limit: Any) -> str:
    if isinstance(limit, dict):
        return f"{limit.get('value')} {limit.get('unit', limit.get('code', ''))}".strip()
    return str(limit)


def _text(question: Question, value: Item) -> Iterator[Finding]:
    length = len(value.value)
    shortest = question.limit(HL7 + "minLength")
    if question.max_length is not None and length > question.max_length:
        yield value.found("answer-long", link=question.link_id, limit=question.max_length, found=length)
    if isinstance(shortest, int) and length < shortest:
        yield value.found("answer-short", link=question.link_id, limit=shortest, found=length)
    pattern = question.limit(HL7 + "regex")
    if isinstance(pattern, str) and len(pattern) <= _LONGEST_PATTERN and _matches(pattern, value.value) is False:
        yield value.found("answer-regex", link=question.link_id, pattern=pattern)


def _matches(pattern: str, text: str) -> bool | None:
    """Whether all of ``text`` matches; None for a pattern that Python doesn't take."""
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return None


def check_decimal(question: Question, value: Item) -> Iterator[Finding]:
    """Yield `answer-decimals` for more decimal places than the question allows."""
    most = question.limit(HL7 + "maxDecimalPlaces")
    if isinstance(most, int) and isinstance(value.value, (Decimal, float)):
        exponent = Decimal(str(value.value)).as_tuple().exponent
        if isinstance(exponent, int) and -exponent > most:
            yield value.found("answer-decimals", link=question.link_id, limit=most)


def _attachment(question: Question, value: Item) -> Iterator[Finding]:
    types = question.extensions.get(HL7 + "mimeType")
    if types and value.value.get("contentType") not in types:
        yield value.found("answer-content-type", link=question.link_id, allowed=", ".join(map(str, types)))
    most, size = question.limit(HL7 + "maxSize"), _size(value.value)
    if isinstance(most, (int, Decimal)) and size is not None and size > most:
        yield value.found("answer-size", link=question.link_id, limit=most)


def _size(attachment: dict[str, Any]) -> int | None:
    data, size = attachment.get("data"), attachment.get("size")
    if isinstance(data, str):
        return decoded_length(data)
    return size if isinstance(size, int) else None


def _unit(question: Question, value: Item) -> Iterator[Finding]:
    options = question.extensions.get(HL7 + "questionnaire-unitOption")
    if options and not any(
        same({"system": value.value.get("system"), "code": value.value.get("code")}, one) for one in options
    ):
        yield value.found("answer-unit", link=question.link_id)
    value_set = question.limit(HL7 + "questionnaire-unitValueSet")
    if isinstance(value_set, str):
        definitions = value.expected.expectations.definitions
        codes = codes_in(value.value, "Quantity")
        if not codes or membership(definitions, value_set, *codes[0]) is Membership.NOT_MEMBER:
            yield value.found("answer-unit", link=question.link_id)


def _target(question: Question, value: Item) -> Iterator[Finding]:
    allowed = question.extensions.get(HL7 + "questionnaire-referenceResource")
    reference = value.value.get("reference")
    literal = references.parse(reference) if isinstance(reference, str) else None
    if allowed and literal is not None and literal.type not in allowed:
        yield value.found("answer-target", link=question.link_id, allowed=", ".join(map(str, allowed)))
