"""What a Questionnaire says by FHIRPath of its questions: whether they are enabled, and what must be true of answers.

SDC's `enableWhenExpression` (http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression) and
http://hl7.org/fhir/StructureDefinition/questionnaire-constraint. Only what is plainly false counts: where an expression
gives nothing, or can't be evaluated, nothing is said against the answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from fhir_iop import fhirpath
from fhir_iop.validation.responses.fault import fault
from fhir_iop.validation.responses.form import HL7, SDC, objects, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.responses.calculated import Calculation
    from fhir_iop.validation.responses.fault import Fault
    from fhir_iop.validation.responses.form import Form, Question

ENABLING: Final = SDC + "enableWhenExpression"
CONSTRAINT: Final = HL7 + "questionnaire-constraint"


class Constraint(NamedTuple):
    """One questionnaire-constraint: its ``human`` words say what must be true."""

    key: str
    severity: Literal["error", "warning"]
    human: str
    expression: str


def has_expressions(form: Form) -> bool:
    """Whether a form says anything in this way."""
    urls = {extension.get("url") for extension in objects(form.resource, "extension")}
    return CONSTRAINT in urls or any(
        ENABLING in question.extensions or CONSTRAINT in question.extensions for question in form.around
    )


def is_enabled(question: Question, item: dict[str, Any] | None, calculation: Calculation) -> bool | None:
    """Whether a question is enabled by its expression, of ``item`` or of the response; None where that is open."""
    expression = question.limit(ENABLING)
    if expression is None:
        return True
    text = text_of(expression, "expression") if isinstance(expression, dict) else None
    if text is None or text_of(expression, "language") != "text/fhirpath":
        return None
    try:
        found = calculation.value(question, item, text)
    except fhirpath.FhirPathError:
        return None
    return found[0] if len(found) == 1 and isinstance(found[0], bool) else None


def broken(
    holder: list[dict[str, Any]], question: Question | None, item: dict[str, Any] | None, calculation: Calculation
) -> Iterator[Fault]:
    """Yield what of the constraints among the extensions ``holder`` isn't true of an item, or of the response."""
    for constraint in _constraints(holder):
        facts: dict[str, Any] = {"key": constraint.key, "form": calculation.form.name}
        try:
            found = calculation.value(question, item, constraint.expression)
        except fhirpath.FhirPathError as error:
            yield fault("answer-constraint-unchecked", reason=str(error), **facts)
            continue
        if found == [False]:
            yield fault("answer-constraint", said=constraint.human, severity=constraint.severity, **facts)


def _constraints(extensions: list[dict[str, Any]]) -> Iterator[Constraint]:
    for extension in extensions:
        parts = {one.get("url"): one for one in objects(extension, "extension")}
        texts = {
            name: next((value for key, value in part.items() if key.startswith("value") and isinstance(value, str)), "")
            for name, part in parts.items()
        }
        if extension.get("url") == CONSTRAINT and texts.get("expression"):
            severity: Literal["error", "warning"] = "warning" if texts.get("severity") == "warning" else "error"
            key, human = texts.get("key", ""), texts.get("human", "")
            yield Constraint(key, severity, human or f"`{texts['expression']}` is not true", texts["expression"])
