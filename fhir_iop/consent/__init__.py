"""Keeps 42 CFR Part 2 records from whoever no consent lets see them: labels, decisions on disclosures, the notice."""

from fhir_iop.consent.decision import Decision, Disclosure, decide
from fhir_iop.consent.labels import label
from fhir_iop.consent.notice import Notice, notice_on
from fhir_iop.consent.policy import Policy
from fhir_iop.consent.safety_net import SafetyNet

__all__ = ["Decision", "Disclosure", "Notice", "Policy", "SafetyNet", "decide", "label", "notice_on"]
