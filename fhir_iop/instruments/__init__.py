"""Questionnaires as data: scoring, bands, and alerts for answers that can't wait."""

from fhir_iop.instruments.instrument import Answer, Coded, Instrument, Item, instruments
from fhir_iop.instruments.scoring import Score, score, scored

__all__ = ["Answer", "Coded", "Instrument", "Item", "Score", "instruments", "score", "scored"]
