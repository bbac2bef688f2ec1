"""What one answer must be: of its question's type, among its options, within its limits.

Each question is compiled into checks once, so that the quick and the close look at an answer ask the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fhir_iop.validation.responses.limits import limits_of
from fhir_iop.validation.responses.options import options_of

if TYPE_CHECKING:
    from fhir_iop.definitions import Definitions
    from fhir_iop.validation.responses.fault import Check
    from fhir_iop.validation.responses.form import Form, Question

_CHOICE: Final = ("Coding", "Reference", "date", "integer", "string", "time")

# https://hl7.org/fhir/R4/valueset-item-type.html; a `choice` takes what an answerOption can be.
_ANSWER_TYPES: Final[dict[str, tuple[str, ...]]] = {
    "boolean": ("boolean",),
    "decimal": ("decimal",),
    "integer": ("integer",),
    "date": ("date",),
    "dateTime": ("dateTime",),
    "time": ("time",),
    "string": ("string",),
    "text": ("string",),
    "url": ("uri",),
    "choice": _CHOICE,
    "open-choice": _CHOICE,
    "attachment": ("Attachment",),
    "reference": ("Reference",),
    "quantity": ("Quantity",),
}
_ANY: Final = tuple(sorted({type_ for types in _ANSWER_TYPES.values() for type_ in types}))


def answer_types(question: Question) -> tuple[str, ...]:
    """Return the FHIR types that answer a question; all of them where its own type is none that exists."""
    return () if question.type in {"group", "display"} else _ANSWER_TYPES.get(question.type, _ANY)


def checks_of(form: Form, question: Question, definitions: Definitions) -> dict[str, tuple[Check, ...]]:
    """Return the checks of an answer, by its FHIR type; those that can't find anything are left out."""
    return {
        type_: (*options_of(form, question, type_, definitions), *limits_of(form, question, type_, definitions))
        for type_ in answer_types(question)
    }
