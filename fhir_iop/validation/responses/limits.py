"""An answer is within the limits that extensions of its question set.

The extensions are R4's own (https://hl7.org/fhir/R4/questionnaire-profiles.html) and those of SDC for quantities.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.definitions import Membership
from fhir_iop.fhir import reference as references
from fhir_iop.fhirpath import FhirPathError
from fhir_iop.fhirpath.patterns import matches_full
from fhir_iop.validation.codes import codes_in, membership
from fhir_iop.validation.order import compare
from fhir_iop.validation.primitives import decoded_length
from fhir_iop.validation.responses.enabled import same
from fhir_iop.validation.responses.fault import fault
from fhir_iop.validation.responses.form import HL7, SDC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.definitions import Definitions
    from fhir_iop.validation.responses.fault import Check, Fault
    from fhir_iop.validation.responses.form import Form, Question

_ORDERED: Final = frozenset({"date", "dateTime", "time", "decimal", "integer", "Quantity"})


def limits_of(form: Form, question: Question, type_: str, definitions: Definitions) -> Iterator[Check]:
    """Yield the checks of an answer of ``type`` against its question's limits."""
    asked = form.call(question)
    is_filled_in = any("Expression" in url for url in question.extensions)
    if question.read_only and question.initial and not is_filled_in:
        changed = fault("answer-read-only", question=asked)
        yield lambda value: None if any(same(value, initial) for initial in question.initial) else changed
    if type_ in _ORDERED:
        yield from _range(question, type_, asked)
    if question.max_length is not None and type_ in {"string", "uri", "decimal", "integer"}:
        yield _longest(question.max_length, asked)
    if type_ == "string":
        yield from _text(question, asked)
    elif type_ == "decimal":
        yield from _decimals(question, asked)
    elif type_ == "Attachment":
        yield from _attachment(question, asked)
    elif type_ == "Quantity":
        yield from _unit(question, asked, definitions)
    elif type_ == "Reference":
        yield from _target(question, asked)


def _range(question: Question, type_: str, asked: str) -> Iterator[Check]:
    base, what = (SDC, "Quantity") if type_ == "Quantity" else (HL7, "Value")
    for name, beyond, rule in (("min", -1, "answer-below"), ("max", 1, "answer-above")):
        limit = question.limit(f"{base}{name}{what}")
        if limit is not None:
            yield _limit(limit, beyond, rule, asked)


def _limit(limit: Any, beyond: int, rule: str, asked: str) -> Check:
    is_quantity = isinstance(limit, dict)
    told = f"{limit.get('value')} {limit.get('unit', limit.get('code', ''))}".strip() if is_quantity else str(limit)

    def check(value: Any) -> Fault | None:
        order = compare(value, limit)
        if order == beyond:
            return fault(rule, question=asked, limit=told)
        if is_quantity and (order is None or "code" not in value):
            return fault("answer-incomparable", question=asked, limit=told)
        return None

    return check


def _longest(limit: int, asked: str) -> Check:
    def check(value: Any) -> Fault | None:
        length = len(value if isinstance(value, str) else str(value))
        return fault("answer-long", question=asked, limit=limit, found=length) if length > limit else None

    return check


def _text(question: Question, asked: str) -> Iterator[Check]:
    shortest, pattern = question.count(HL7 + "minLength"), question.limit(HL7 + "regex")
    if shortest is not None:

        def check_length(value: str, least: int = shortest) -> Fault | None:
            length = len(value)
            return fault("answer-short", question=asked, limit=least, found=length) if length < least else None

        yield check_length
    if isinstance(pattern, str):
        yield _form(pattern, asked)


def _form(pattern: str, asked: str) -> Check:
    differs = fault("answer-regex", question=asked, pattern=pattern)

    def check(value: str) -> Fault | None:
        try:
            return None if matches_full(value, pattern) else differs
        except FhirPathError as error:
            return fault("answer-regex-unchecked", question=asked, reason=str(error))

    return check


def _decimals(question: Question, asked: str) -> Iterator[Check]:
    most = question.count(HL7 + "maxDecimalPlaces")
    if most is not None:
        too_many = fault("answer-decimals", question=asked, limit=most)

        def check(value: Any) -> Fault | None:
            exponent = Decimal(str(value)).as_tuple().exponent
            return too_many if isinstance(exponent, int) and -exponent > most else None

        yield check


def _attachment(question: Question, asked: str) -> Iterator[Check]:
    types, most = question.limits(HL7 + "mimeType"), question.limit(HL7 + "maxSize")
    if types:
        other = fault("answer-content-type", question=asked, allowed=", ".join(map(str, types)))
        yield lambda value: None if value.get("contentType") in types else other
    if isinstance(most, (int, float, Decimal)):

        def check_size(value: Any) -> Fault | None:
            size = _size(value)
            too_big = size is not None and size > most
            return fault("answer-size", question=asked, limit=most, found=size) if too_big else None

        yield check_size


def _size(attachment: dict[str, Any]) -> int | None:
    data, size = attachment.get("data"), attachment.get("size")
    if isinstance(data, str):
        return decoded_length(data)
    return size if isinstance(size, int) else None


def _unit(question: Question, asked: str, definitions: Definitions) -> Iterator[Check]:
    options = [option for option in question.limits(HL7 + "questionnaire-unitOption") if isinstance(option, dict)]
    value_set = question.limit(HL7 + "questionnaire-unitValueSet")
    if options:
        allowed = ", ".join(f"`{option.get('code', option.get('display'))}`" for option in options)
        none_of_them = fault("answer-unit", question=asked, allowed=allowed)

        def check_option(value: Any) -> Fault | None:
            unit = {name: value[name] for name in ("system", "code") if name in value}
            return None if any(same(unit, option) for option in options) else none_of_them

        yield check_option
    if isinstance(value_set, str):
        not_in_it = fault("answer-unit", question=asked, allowed=f"those in {value_set}")

        def check_code(value: Any) -> Fault | None:
            codes = codes_in(value, "Quantity")
            is_out = not codes or membership(definitions, value_set, *codes[0]) is Membership.NOT_MEMBER
            return not_in_it if is_out else None

        yield check_code


def _target(question: Question, asked: str) -> Iterator[Check]:
    allowed = question.limits(HL7 + "questionnaire-referenceResource")
    if allowed:
        other = fault("answer-target", question=asked, allowed=", ".join(map(str, allowed)))

        def check(value: Any) -> Fault | None:
            reference = value.get("reference")
            literal = references.parse(reference) if isinstance(reference, str) else None
            type_ = value.get("type") if literal is None else literal.type
            return other if isinstance(type_, str) and type_ not in allowed else None

        yield check
