"""Answers that a Questionnaire says how to calculate are what that calculation gives.

The calculation is SDC's `calculatedExpression`
(http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression), a FHIRPath on the response's
item; `%resource` is the response, `%questionnaire` the Questionnaire, and `weight()` what an option counts. Each
`variable` (http://hl7.org/fhir/StructureDefinition/variable) of the Questionnaire, or of an item around, is one too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from fhir_iop import fhirpath
from fhir_iop.validation.responses.enabled import same
from fhir_iop.validation.responses.fault import fault
from fhir_iop.validation.responses.form import HL7, SDC, objects, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fhir_iop.definitions import Definitions
    from fhir_iop.validation.responses.fault import Fault
    from fhir_iop.validation.responses.form import Form, Question

CALCULATED: Final = SDC + "calculatedExpression"
VARIABLE: Final = HL7 + "variable"
_FHIRPATH: Final = "text/fhirpath"

_FROM_THE_FORM: Final = ("%questionnaire", "weight", "ordinal")


def is_calculated(question: Question) -> bool:
    """Whether an answer can be compared with a calculation."""
    return CALCULATED in question.extensions


def plain_calculation(form: Form, question: Question, definitions: Definitions) -> Callable[..., list[Any]] | None:
    """Return a question's calculation, as a function of its item and a context, where that uses no variables.

    Where it gives nothing, or raises, :class:`Calculation` may still find a value.
    """
    text, language = _parts(question.limit(CALCULATED), "expression", "language")
    if text is None or language != _FHIRPATH or any(one in text for one in _FROM_THE_FORM):
        return None
    own = any(VARIABLE in one.extensions for one in (*form.around[question], question))
    if own or any(extension.get("url") == VARIABLE for extension in objects(form.resource, "extension")):
        return None
    try:
        return fhirpath.compile(text, "QuestionnaireResponse.item", definitions)
    except fhirpath.FhirPathError:
        return None


class Calculation:
    """What a form calculates in one response; ``context`` is that of the response."""

    def __init__(
        self, form: Form, response: dict[str, Any], context: fhirpath.Context, definitions: Definitions
    ) -> None:
        self.form = form
        self._response = response
        self._definitions = definitions
        self._context = replace(context, weigh=form.weigh, variables={"questionnaire": form.resource})
        self._context = self._with(objects(form.resource, "extension"), response, self._context)

    def fault(self, question: Question, item: dict[str, Any], values: Sequence[Any]) -> Fault | None:
        """Return what is wrong with the values that an item gives to a question that is calculated."""
        asked = self.form.call(question)
        text, language = _parts(question.limit(CALCULATED), "expression", "language")
        if text is None or language != _FHIRPATH:
            return fault("answer-not-calculated", question=asked, reason="The calculation isn't FHIRPath.")
        try:
            expected = self.value(question, item, text)
        except fhirpath.FhirPathError as error:
            return fault("answer-not-calculated", question=asked, reason=str(error))
        is_right = len(expected) == len(values) and all(map(same, values, expected))
        return None if is_right else fault("answer-calculated", question=asked)

    def value(self, question: Question | None, item: dict[str, Any] | None, text: str) -> list[Any]:
        """Evaluate FHIRPath on an item of a question, or on the response. Raises FhirPathError where that fails."""
        context = self._context
        for one in (*self.form.around[question], question) if question is not None else ():
            context = self._with(one.extensions.get(VARIABLE, ()), item or self._response, context)
        return self._evaluate(text, item or self._response, context)

    def _with(
        self, extensions: Iterable[dict[str, Any]], item: dict[str, Any], context: fhirpath.Context
    ) -> fhirpath.Context:
        """Return a context with the variables among ``extensions``; a faulty one is told where it is used."""
        for extension in extensions:
            name, text = _parts(extension.get("valueExpression"), "name", "expression")
            if extension.get("url") == VARIABLE and name is not None and text is not None:
                try:
                    value = self._evaluate(text, item, context)
                except fhirpath.FhirPathError:
                    continue
                context = replace(context, variables={**context.variables, name: value})
        return context

    def _evaluate(self, text: str, item: dict[str, Any], context: fhirpath.Context) -> list[Any]:
        """Evaluate on the item; where that gives nothing on the response, which is what many Questionnaires mean."""
        if item is not self._response:
            try:
                found = fhirpath.compile(text, "QuestionnaireResponse.item", self._definitions)(item, context)
            except fhirpath.FhirPathError:
                found = []
            if found:
                return found
        return fhirpath.compile(text, "QuestionnaireResponse", self._definitions)(self._response, context)


def _parts(expression: Any, *names: str) -> list[str | None]:
    return [text_of(expression, name) if isinstance(expression, dict) else None for name in names]
