"""Conformance resources as FHIR JSON, read into the immutable values that the rest of the project works with."""

from fhir_iop.definitions.reading.search import search_parameters_of
from fhir_iop.definitions.reading.structures import element_of, structure_of
from fhir_iop.definitions.reading.vocabulary import code_system_of, concept_map_of, identity, value_set_of

__all__ = [
    "code_system_of",
    "concept_map_of",
    "element_of",
    "identity",
    "search_parameters_of",
    "structure_of",
    "value_set_of",
]
