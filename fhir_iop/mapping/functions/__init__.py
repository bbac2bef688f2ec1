"""The functions that rules may name: one file a subject, each a conversion there and back."""

from fhir_iop.mapping.functions.base import Computed, Context, Function, Role
from fhir_iop.mapping.functions.codes import Codes, Present, Words
from fhir_iop.mapping.functions.computed import Identity, Narrative, PartReference, PartReferences, Position, Sentence
from fhir_iop.mapping.functions.moments import Day, Time
from fhir_iop.mapping.functions.quantities import Quantity, Range, Ucum, Unit
from fhir_iop.mapping.functions.references import Reference
from fhir_iop.mapping.functions.texts import Prefix

FUNCTIONS: dict[str, type[Function]] = {
    function.name: function
    for function in (Codes, Day, Prefix, Present, Quantity, Range, Reference, Time, Ucum, Unit, Words)
}
COMPUTED: dict[str, type[Computed]] = {
    function.name: function for function in (Narrative, PartReference, PartReferences, Position, Sentence)
}

__all__ = ["COMPUTED", "FUNCTIONS", "Computed", "Context", "Function", "Identity", "PartReferences", "Present", "Role"]
