"""Keeps 42 CFR Part 2 records from whoever no consent lets see them: labels, decisions on disclosures, the notice."""

from fhir_iop.consent.labels import label

__all__ = ["label"]
