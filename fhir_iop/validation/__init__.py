"""Validation: what the definitions say of a resource, merged and compiled, and every fault told once, where it is."""

from fhir_iop.validation.validator import Validator

__all__ = ["Validator"]
