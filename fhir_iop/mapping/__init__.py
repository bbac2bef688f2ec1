"""A program's records ⇄ FHIR, by two-way mappings in YAML that are checked when loaded and compiled to Python."""

from fhir_iop.mapping.mappings import Mapped, Mappings, Unmapped

__all__ = ["Mapped", "Mappings", "Unmapped"]
