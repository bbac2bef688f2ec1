"""The policy on disclosures as read from ``policy.toml``, whose head is its grammar."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from fhir_iop.errors import Unusable
from fhir_iop.fhir.security import Label
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Mapping

Interaction = Literal["message", "search", "read", "export"]
Recipient = Literal[
    "patient",
    "covered-entity",
    "business-associate",
    "part2-holder",
    "intermediary",
    "contractor",
    "pdmp",
    "other",
]
Word = Literal["permits", "denies", "unreadable", "none"]
Answer = Literal["release", "omit", "not-found", "refuse"]

_FILE: Final = Path(__file__).with_name("policy.toml")
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "interaction": get_args(Interaction),
    "recipient": get_args(Recipient),
    "consent": get_args(Word),
}
_FLAGS: Final = frozenset({"known", "labelled", "notes", "named", "participants", "expires"})
_OBLIGATIONS: Final = frozenset({"labels", "notice", "consent", "audit"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules ask about one record and one disclosure of it; the words are ``policy.toml``'s."""

    known: bool
    labelled: bool
    notes: bool
    interaction: Interaction
    recipient: Recipient
    purpose: str
    consent: Word = "none"
    named: bool = False
    participants: bool = False
    expires: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the policy. ``conditions`` holds, by the name of a fact, the values that it must have one of."""

    id: str
    conditions: Mapping[str, frozenset[Any]]
    releases: bool
    obligations: frozenset[str]
    basis: str
    says: str

    def holds(self, facts: Facts) -> bool:
        """Whether every condition holds."""
        return all(getattr(facts, name) in allowed for name, allowed in self.conditions.items())


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole policy: rules in their order, the labels it knows, and how a denial looks by interaction."""

    version: str
    rules: tuple[Rule, ...]
    labels: frozenset[Label]
    denial: Mapping[str, Answer]

    def rule_for(self, facts: Facts) -> Rule:
        """Return the first rule that holds; the last one always does."""
        return next(rule for rule in self.rules if rule.holds(facts))

    @classmethod
    def read(cls, text: str) -> Policy:
        """Read a policy from TOML. Raises Unusable, naming the place, for anything that the grammar doesn't know."""
        try:
            found = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise Unusable(issue("policy", place="the file", reason=str(error))) from None
        _must(
            set(found) == {"version", "denial", "labels", "rule"},
            "the file",
            "its tables are not the grammar's",
        )
        denial = found["denial"]
        answers = set(get_args(Answer)) - {"release"}
        _must(set(denial) == set(get_args(Interaction)), "denial", "it must name every interaction")
        _must(set(denial.values()) <= answers, "denial", "an answer is unknown")
        rules = tuple(_rule(row, f"rule {number}") for number, row in enumerate(found["rule"], 1))
        _must(bool(rules) and not rules[-1].conditions, "the last rule", "it must hold without a condition")
        _must(not rules[-1].releases, "the last rule", "it must deny")
        known = frozenset(Label(system, code) for system, codes in found["labels"].items() for code in codes)
        return cls(found["version"], rules, known, denial)


def _rule(row: Mapping[str, Any], place: str) -> Rule:
    place = f"{place} ({row.get('id')})"
    _must({"id", "action", "basis", "says"} <= set(row), place, "id, action, basis and says must be given")
    conditions: dict[str, frozenset[Any]] = {}
    for name, value in row.items():
        if name in _FLAGS:
            _must(isinstance(value, bool), place, f"{name} is true or false")
            conditions[name] = frozenset({value})
        elif name in _CHOICES or name == "purpose":
            _must(isinstance(value, list) and bool(value), place, f"{name} is a list")
            _must(name == "purpose" or set(value) <= set(_CHOICES[name]), place, f"{name} has an unknown value")
            conditions[name] = frozenset(value)
        else:
            _must(name in {"id", "action", "with", "basis", "says"}, place, f"{name} is no condition")
    _must(row["action"] in {"release", "deny"}, place, "the action is release or deny")
    obligations = frozenset(row.get("with", ()))
    _must(obligations <= _OBLIGATIONS, place, "with has an unknown value")
    _must(("with" in row) == (row["action"] == "release"), place, "with belongs to a release")
    return Rule(row["id"], conditions, row["action"] == "release", obligations, row["basis"], row["says"])


def _must(holds: bool, place: str, reason: str) -> None:
    if not holds:
        raise Unusable(issue("policy", place=place, reason=reason))


@cache
def bundled() -> Policy:
    """Return the policy that comes with fhir-iop."""
    return Policy.read(_FILE.read_text("utf-8"))
