"""SDC's functions at run time: what coded answers count."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhirpath.runtime.typed import TypedValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.fhirpath.context import Context

_WEIGHTS: Final = frozenset(
    {
        "http://hl7.org/fhir/StructureDefinition/ordinalValue",
        "http://hl7.org/fhir/StructureDefinition/itemWeight",
        "http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue",
    }
)


def weights(items: Sequence[TypedValue], context: Context | None) -> list[TypedValue]:
    """Return what each Coding, or answer that is one, counts: as its extension says, else as the context knows.

    What counts nothing that is known is left out.
    """
    found = []
    for item in items:
        value = item.value
        is_answer = isinstance(value, dict) and item.type != "Coding"
        coding = value.get("valueCoding") if is_answer else value
        if not isinstance(coding, dict):
            continue
        weight = said_weight(coding)
        if weight is None and context is not None and context.weigh is not None:
            weight = context.weigh(coding)
        if weight is not None:
            found.append(TypedValue("System.Decimal", weight))
    return found


def said_weight(holder: dict[str, Any]) -> Decimal | None:
    """Return the number in the extension of a Coding, or an answerOption, that says what it counts."""
    extensions = holder.get("extension")
    for extension in extensions if isinstance(extensions, list) else ():
        if isinstance(extension, dict) and extension.get("url") in _WEIGHTS:
            number = extension.get("valueDecimal")
            if isinstance(number, (int, float, Decimal)) and not isinstance(number, bool):
                return Decimal(str(number))
    return None
