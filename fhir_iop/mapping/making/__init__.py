"""Records made at random from their schemas: to try mappings with, before a real record does."""

from fhir_iop.mapping.making.records import record

__all__ = ["record"]
