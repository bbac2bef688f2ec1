"""Regular expressions that can't take the process: read by our own grammar, and refused where matching explodes."""

from fhir_iop.fhirpath.patterns.compiled import Pattern, compiled, matches, matches_full, replace_matches

__all__ = ["Pattern", "compiled", "matches", "matches_full", "replace_matches"]
