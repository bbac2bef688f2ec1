"""The decision on a disclosure: the policy's rules applied to each record and the patient's consents. Default: deny."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.consent import directive, policy
from fhir_iop.consent.policy import Facts
from fhir_iop.consent.provision import Situation, Verdict
from fhir_iop.consent.strict import UnreadableError, unversioned
from fhir_iop.fhir import reference
from fhir_iop.fhir.foreign import numbers
from fhir_iop.fhir.security import ACT_CODE, SUBSTANCE_SENSITIVITIES, Label, is_protected, labels
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from fhir_iop.consent.directive import Directive
    from fhir_iop.consent.policy import Answer, Interaction, Policy, Recipient, Rule, Word
    from fhir_iop.issue import Issue

_NOTES: Final = Label(ACT_CODE, "PSYTHPN")
_PATIENT_ELEMENTS: Final = ("subject", "patient", "for", "beneficiary", "individual")


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Who would be told, what for, and when.

    ``recipient`` is a reference as it would stand in a Consent (``Organization/x``); ``purpose`` a code of
    v3-ActReason; ``at`` an instant with its offset: a date in a Consent is a day in that offset. ``identifiers`` are
    ``(system, value)`` that the recipient is known by, ``classes`` the codes of our recipient-class that it belongs to.
    """

    recipient: str
    purpose: str
    at: datetime
    interaction: Interaction
    kind: Recipient
    identifiers: frozenset[tuple[str, str]] = frozenset()
    classes: frozenset[str] = frozenset()

    @classmethod
    def to_pharmacy(cls, organization: Mapping[str, Any], at: datetime) -> Disclosure:
        """Return the disclosure that a prescription message to ``organization`` is: treatment, to a covered entity."""
        recipient = f"Organization/{organization.get('id')}"
        return cls(recipient, "TREAT", at, "message", "covered-entity", numbers(organization), frozenset({"pharmacy"}))


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, and by what.

    ``permitted``: all of the records may go. ``withheld`` are the places of those that may not: a search leaves them
    out, a message is not sent. ``rule`` is the one that decided (the first denial's, else a release's; empty where
    there was nothing to decide on), ``answer`` how that looks in the interaction. ``consents`` permitted, each once;
    ``obligations`` must go along (``labels``, ``notice``, ``consent``, ``audit``). ``issues`` are for the program's own
    people: to anybody else they would show that a record exists.
    """

    permitted: bool
    rule: str
    answer: Answer
    withheld: tuple[int, ...] = ()
    consents: tuple[dict[str, Any], ...] = ()
    obligations: frozenset[str] = frozenset()
    issues: list[Issue] = field(default_factory=list)

    @property
    def consent(self) -> dict[str, Any] | None:
        """The Consent that permitted, where exactly one did."""
        return self.consents[0] if len(self.consents) == 1 else None


def decide(
    resources: Sequence[dict[str, Any]],
    consents: Sequence[dict[str, Any]],
    disclosure: Disclosure,
    rules: Policy | None = None,
) -> Decision:
    """Decide whether ``resources``, labelled, may be disclosed under ``consents``; those of other patients don't count.

    Bundles are decided on by what they hold. Nothing is raised and nothing is guessed: what can't be read denies.
    """
    applied = rules or policy.bundled()
    judge = _Judge(applied, consents, disclosure)
    parts = [(place, part) for place, resource in enumerate(resources) for part in _parts(resource)]
    patients = [_patient_of(part) for _, part in parts]
    # What names no patient (a Provenance, a Medication) belongs to the one whom all that goes with it is about.
    named = {patient for patient in patients if patient}
    only = named.pop() if len(named) == 1 else None
    released: list[tuple[Rule, dict[str, Any] | None]] = []
    denied: list[tuple[int, Rule]] = []
    for (place, part), patient in zip(parts, patients, strict=True):
        rule, consent = judge.ruling(part, patient or only)
        if rule.releases:
            released.append((rule, consent))
        else:
            judge.issues.append(_told(part, rule))
            denied.append((place, rule))
    if denied:
        withheld = tuple(dict.fromkeys(place for place, _ in denied))
        answer = applied.denial[disclosure.interaction]
        return Decision(False, denied[0][1].id, answer, withheld, issues=judge.issues)
    return Decision(
        True,
        next((rule.id for rule, _ in sorted(released, key=lambda found: not found[0].obligations)), ""),
        "release",
        consents=tuple({id(consent): consent for _, consent in released if consent}.values()),
        obligations=frozenset[str]().union(*(rule.obligations for rule, _ in released)),
        issues=judge.issues,
    )


class _Judge:
    """The policy, the consents and the disclosure of one decision; consents are read once a patient."""

    def __init__(self, rules: Policy, consents: Sequence[dict[str, Any]], disclosure: Disclosure) -> None:
        self._policy = rules
        self._consents = consents
        self._disclosure = disclosure
        self._directives: dict[str, list[Directive] | None] = {}
        self.issues: list[Issue] = []

    def ruling(self, resource: Mapping[str, Any], patient: str | None) -> tuple[Rule, dict[str, Any] | None]:
        """Return the rule that decides on ``resource``, with the Consent that permitted it, if one did."""
        present = labels(resource)
        facts = Facts(
            known=_is_readable(resource) and self._policy.labels.issuperset(present),
            labelled=is_protected(resource),
            notes=_NOTES in present,
            interaction=self._disclosure.interaction,
            recipient=self._recipient(patient),
            purpose=self._disclosure.purpose,
        )
        if not facts.labelled:
            return self._policy.rule_for(facts), None
        if patient is None or (verdicts := self._verdicts(resource, patient)) is None:
            return self._policy.rule_for(_with(facts, "unreadable" if patient else "none")), None
        if any(verdict.type == "deny" for _, verdict in verdicts):
            return self._policy.rule_for(_with(facts, "denies")), None
        for consent, verdict in verdicts:
            rule = self._policy.rule_for(_with(facts, "permits", verdict))
            if rule.releases:
                return rule, consent if "consent" in rule.obligations else None
        return self._policy.rule_for(_with(facts, "none")), None

    def _recipient(self, patient: str | None) -> Recipient:
        told = self._disclosure.kind
        is_patient = patient is not None and unversioned(self._disclosure.recipient) == patient
        return "other" if told == "patient" and not is_patient else told

    def _verdicts(self, resource: Mapping[str, Any], patient: str) -> list[tuple[dict[str, Any], Verdict]] | None:
        """Return what each Consent of ``patient`` says; None where one can't be understood."""
        if patient not in self._directives:
            self._directives[patient] = self._read(patient)
        directives = self._directives[patient]
        if directives is None:
            return None
        situation = Situation(
            str(resource.get("resourceType")),
            frozenset(labels(resource)) & SUBSTANCE_SENSITIVITIES,
            self._disclosure.recipient,
            self._disclosure.identifiers,
            self._disclosure.classes,
            self._disclosure.purpose,
            self._disclosure.at,
        )
        try:
            found = [(known.consent, known.verdict(situation)) for known in directives]
        except UnreadableError as error:
            self.issues.append(issue("consent-unreadable", "Consent", reason=str(error)))
            return None
        return [(consent, verdict) for consent, verdict in found if verdict]

    def _read(self, patient: str) -> list[Directive] | None:
        found = []
        for consent in self._consents:
            try:
                if directive.is_active(consent) and directive.patient_of(consent) == patient:
                    found.append(directive.read(consent, self._disclosure.at))
            except UnreadableError as error:
                self.issues.append(issue("consent-unreadable", "Consent", reason=str(error)))
                return None
        return [known for known in found if known]


def _with(facts: Facts, consent: Word, verdict: Verdict | None = None) -> Facts:
    told = verdict or Verdict("deny")
    return replace(facts, consent=consent, named=told.named, participants=told.participants, expires=told.expires)


def _parts(resource: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Give ``resource`` and, where it is a Bundle, what it holds."""
    waiting = [resource]
    while waiting:
        part = waiting.pop()
        yield part
        entries = part.get("entry") if part.get("resourceType") == "Bundle" else None
        held = (
            [entry.get("resource") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
        )
        waiting.extend(inner for inner in held if isinstance(inner, dict))


def _patient_of(resource: Mapping[str, Any]) -> str | None:
    """Return the reference of the patient whom ``resource`` names as its own, or None."""
    if resource.get("resourceType") == "Patient":
        return f"Patient/{resource.get('id')}"
    for name in _PATIENT_ELEMENTS:
        target = resource.get(name)
        text = target.get("reference") if isinstance(target, dict) else None
        if isinstance(text, str):
            parsed = reference.parse(text)
            return unversioned(text) if parsed is None or parsed.type == "Patient" else None
    return None


def _is_readable(resource: Mapping[str, Any]) -> bool:
    """Whether every security label can be read."""
    meta = resource.get("meta", {})
    security = meta.get("security", []) if isinstance(meta, dict) else None
    return isinstance(security, list) and len(security) == len(labels(resource))


def _told(resource: Mapping[str, Any], rule: Rule) -> Issue:
    type_ = str(resource.get("resourceType"))
    return issue("disclosure-denied", type_, type=type_, rule=rule.id, says=rule.says)
