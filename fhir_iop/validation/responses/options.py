"""An answer is one of those that its question offers: its `answerOption`s, or the codes of its `answerValueSet`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fhir_iop.definitions import Membership
from fhir_iop.definitions.reading import value_set_of
from fhir_iop.fhir.remembered import remembered
from fhir_iop.validation.codes import codes_in, is_unknown, membership, quoted
from fhir_iop.validation.responses.enabled import same
from fhir_iop.validation.responses.fault import fault
from fhir_iop.validation.responses.form import objects, text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fhir_iop.definitions import Definitions
    from fhir_iop.validation.responses.fault import Check, Fault
    from fhir_iop.validation.responses.form import Form, Question

_REMEMBERED: Final = 4096
_MALFORMED: Final = (AttributeError, KeyError, TypeError, ValueError)


def options_of(form: Form, question: Question, type_: str, definitions: Definitions) -> Iterator[Check]:
    """Yield the checks of an answer of ``type`` against what its question offers."""
    if question.type == "open-choice" and type_ == "string":
        return  # an answer in one's own words
    if question.options:
        yield _among(form, question, type_)
    elif question.value_set is not None and type_ != "Coding":
        uncoded = fault("answer-uncoded", question=form.call(question), value_set=question.value_set)
        yield lambda _value: uncoded
    elif question.value_set is not None:
        yield _in_value_set(form, question, question.value_set, definitions)


def _among(form: Form, question: Question, type_: str) -> Check:
    none_of_them = fault("answer-option", question=form.call(question))
    offered = [option.value for option in question.options]
    if type_ != "Coding":
        values = frozenset(value for value in offered if isinstance(value, str))

        def check(value: Any) -> Fault | None:
            is_offered = value in values if isinstance(value, str) else any(same(value, one) for one in offered)
            return None if is_offered or any(same(value, one) for one in offered) else none_of_them

        return check
    displays: dict[tuple[str | None, str], frozenset[str]] = {}
    codings = [value for value in offered if isinstance(value, dict)]
    for coding in codings:
        code = text_of(coding, "code")
        if code is not None:
            displays.setdefault((text_of(coding, "system"), code), texts_of(coding, "display"))
    differs = fault("answer-display", question=form.call(question))

    def check_coding(value: Any) -> Fault | None:
        get = value.get
        expected = displays.get((get("system"), get("code")))
        if expected is None:
            return None if any(same(value, one) for one in codings) else none_of_them
        display = get("display")
        if not expected or not display or display in expected or _folded(display) in map(_folded, expected):
            return None
        return differs

    return check_coding


def _folded(display: str) -> str:
    return " ".join(display.casefold().split())


def _in_value_set(form: Form, question: Question, value_set: str, definitions: Definitions) -> Check:
    member = _contained(form, value_set, definitions) if value_set.startswith("#") else _at_hand(value_set, definitions)
    asked = form.call(question)
    called = f"{value_set} of the Questionnaire" if value_set.startswith("#") else value_set

    @remembered(_REMEMBERED)
    def found(system: str, code: str) -> Fault | None:
        if is_unknown(definitions, system, code):
            return None  # rules/coding.py tells it
        is_member = member(system, code)
        if is_member is Membership.UNKNOWN:
            return fault("answer-unchecked", question=asked, value_set=called)
        if is_member is Membership.NOT_MEMBER:
            return fault("answer-value-set", question=asked, value_set=called, found=quoted([(system, code)]))
        return None

    def check(value: Any) -> Fault | None:
        codes = codes_in(value, "Coding")
        if not codes:
            return fault("answer-uncoded", question=asked, value_set=called)
        system, code = codes[0]
        return found(system or "", code)

    return check


def _at_hand(value_set: str, definitions: Definitions) -> Callable[[str, str], Membership]:
    return lambda system, code: membership(definitions, value_set, system, code)


def _contained(form: Form, value_set: str, definitions: Definitions) -> Callable[[str, str], Membership]:
    """Ask a value set that the Questionnaire contains; one that isn't there, or can't be read, knows nothing."""
    for resource in objects(form.resource, "contained"):
        if resource.get("resourceType") == "ValueSet" and resource.get("id") == value_set[1:]:
            try:
                return definitions.expanded(value_set_of({"url": value_set} | resource)).membership
            except _MALFORMED:
                break
    return lambda _system, _code: Membership.UNKNOWN
