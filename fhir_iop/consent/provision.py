"""What a provision of a Consent says of a disclosure.

R4 nests provisions (https://hl7.org/fhir/R4/consent.html): a nested one is an exception to the one around it. A permit
counts where every condition on the way down to it is understood and holds, and where recipient, purpose and label are
stated; a deny counts where no condition on the way down is known to fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from fhir_iop.consent.strict import (
    UnreadableError,
    codings,
    concept,
    list_of,
    no_modifiers,
    object_of,
    passed,
    reached,
    unversioned,
)
from fhir_iop.fhir.foreign import number
from fhir_iop.fhir.security import PART2, SUBSTANCE_SENSITIVITIES, Label
from fhir_iop.fhir.systems import code_system

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

ACT_REASON: Final = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
RECIPIENT_CLASS: Final = code_system("recipient-class")
_RESOURCE_TYPES: Final = "http://hl7.org/fhir/resource-types"
_ACTION: Final = "http://terminology.hl7.org/CodeSystem/consentaction"
_DISCLOSING: Final = frozenset({Label(_ACTION, "disclose"), Label(_ACTION, "access")})
_RECIPIENT_ROLES: Final = frozenset(
    Label("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", code) for code in ("IRCP", "PRCP")
)
_MOST_NESTED: Final = 20
_UNDERSTOOD: Final = frozenset(
    {"id", "extension", "type", "period", "actor", "action", "securityLabel", "purpose", "class", "provision"}
)


@dataclass(frozen=True, slots=True)
class Situation:
    """What a provision is held against: one record, its recipient, and why and when it is to be disclosed.

    ``sensitivities`` are the substance use labels of the record; ``identifiers`` are ``(system, value)`` of the
    recipient and ``classes`` codes of our recipient-class.
    """

    type: str
    sensitivities: frozenset[Label]
    recipient: str
    identifiers: frozenset[tuple[str, str]]
    classes: frozenset[str]
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a Consent says of a situation; the flags describe the provision that permits."""

    type: Literal["permit", "deny"]
    named: bool = False
    participants: bool = False
    expires: bool = False


def judge(provision: Mapping[str, Any], situation: Situation) -> Verdict | None:
    """Return what ``provision`` says of ``situation``, or None where it says nothing. Raises UnreadableError."""
    return _judge(provision, situation, _Way())


@dataclass(frozen=True, slots=True)
class _Way:
    """What is known of the conditions from the root down to a provision.

    ``holds``: each is understood and holds, as a permit needs it. ``may_hold``: none is known to fail, as a deny needs
    it. ``stated`` are the names of the conditions.
    """

    holds: bool = True
    may_hold: bool = True
    stated: frozenset[str] = frozenset()
    named: bool = False
    participants: bool = False
    expires: bool = False
    depth: int = 0


class _Condition(NamedTuple):
    holds: bool
    may_hold: bool


_UNKNOWN: Final = _Condition(holds=False, may_hold=True)


def _known(holds: bool) -> _Condition:
    return _Condition(holds, holds)


def _judge(provision: Mapping[str, Any], situation: Situation, way: _Way) -> Verdict | None:
    no_modifiers(provision)
    type_ = provision.get("type")
    if type_ not in ("permit", "deny", None) or way.depth > _MOST_NESTED:
        raise UnreadableError("its provisions can't be followed")
    way = _on(provision, situation, way)
    exceptions = [_judge(object_of(nested), situation, way) for nested in list_of(provision, "provision")]
    for wanted in ("deny", "permit"):
        for exception in exceptions:
            if exception and exception.type == wanted:
                return exception
    if type_ == "deny" and way.may_hold:
        return Verdict("deny")
    if type_ == "permit" and way.holds and way.stated >= {"actor", "purpose", "securityLabel"}:
        return Verdict("permit", way.named, way.participants, way.expires)
    return None


def _on(provision: Mapping[str, Any], situation: Situation, way: _Way) -> _Way:
    """Add the conditions of ``provision`` to what is known on the way to it."""
    period = object_of(provision.get("period", {}))
    actors = [_Actor.read(object_of(actor)) for actor in list_of(provision, "actor")]
    conditions = (
        _within(period, situation.at),
        _any_actor(actors, situation),
        _purpose(codings(provision, "purpose"), situation),
        _labels(codings(provision, "securityLabel"), situation),
        _class(codings(provision, "class"), situation),
        _action(list_of(provision, "action")),
        _UNKNOWN if provision.keys() - _UNDERSTOOD else _known(holds=True),
    )
    return _Way(
        holds=way.holds and all(condition.holds for condition in conditions),
        may_hold=way.may_hold and all(condition.may_hold for condition in conditions),
        stated=way.stated | {name for name, value in provision.items() if value},
        named=way.named or any(actor.is_named and actor.is_recipient(situation) for actor in actors),
        participants=way.participants or any(actor.receives and not actor.is_recipient(situation) for actor in actors),
        expires=way.expires or "end" in period,
        depth=way.depth + 1,
    )


@dataclass(frozen=True, slots=True)
class _Actor:
    roles: frozenset[Label]
    reference: str | None
    identifier: tuple[str, str] | None

    @classmethod
    def read(cls, actor: Mapping[str, Any]) -> _Actor:
        no_modifiers(actor)
        told = object_of(actor.get("reference"))
        literal, whole = told.get("reference"), number(told.get("identifier"))
        if not isinstance(literal, str) and whole is None and "identifier" in told:
            raise UnreadableError("an actor is named by half an identifier")
        roles = frozenset(concept(actor.get("role")))
        return cls(roles, unversioned(literal) if isinstance(literal, str) else None, whole)

    @property
    def is_named(self) -> bool:
        return bool(self.reference or self.identifier)

    @property
    def receives(self) -> bool:
        """Whether its role is to be told something, rather than to hold, sign or pass on."""
        return any(role in _RECIPIENT_ROLES or role.system == RECIPIENT_CLASS for role in self.roles)

    def is_recipient(self, situation: Situation) -> bool:
        """Whether the recipient is this actor, or of the class that it stands for."""
        if self.is_named:
            return self.reference == unversioned(situation.recipient) or self.identifier in situation.identifiers
        return any(role.system == RECIPIENT_CLASS and role.code in situation.classes for role in self.roles)


def _any_actor(actors: Sequence[_Actor], situation: Situation) -> _Condition:
    recipients = [actor for actor in actors if actor.is_recipient(situation)]
    return _Condition(
        holds=not actors or any(actor.receives for actor in recipients),
        # an actor that is neither named nor of a known class may be anybody
        may_hold=not actors or bool(recipients) or any(not actor.is_named and not actor.receives for actor in actors),
    )


def _purpose(named: Collection[Label], situation: Situation) -> _Condition:
    if not named or Label(ACT_REASON, situation.purpose) in named:
        return _known(holds=True)
    return _known(holds=False) if all(purpose.system == ACT_REASON for purpose in named) else _UNKNOWN


def _labels(named: Collection[Label], situation: Situation) -> _Condition:
    """42CFRPart2 stands for every substance use label; a permit must cover all of a record's, a deny touches one."""
    if not named or PART2 in named:
        return _known(holds=True)
    other = any(label not in SUBSTANCE_SENSITIVITIES for label in named)
    covers = bool(situation.sensitivities) and situation.sensitivities <= frozenset(named)
    return _Condition(holds=covers, may_hold=other or not situation.sensitivities.isdisjoint(named))


def _class(named: Collection[Label], situation: Situation) -> _Condition:
    if not named or Label(_RESOURCE_TYPES, situation.type) in named:
        return _known(holds=True)
    return _known(holds=False) if all(kind.system == _RESOURCE_TYPES for kind in named) else _UNKNOWN


def _action(actions: Sequence[Any]) -> _Condition:
    named = [frozenset(concept(action)) for action in actions]
    if not named or any(_DISCLOSING & action for action in named):
        return _known(holds=True)
    return _known(holds=False) if all(code.system == _ACTION for action in named for code in action) else _UNKNOWN


def _within(period: Mapping[str, Any], at: datetime) -> _Condition:
    started = reached(period["start"], at) if "start" in period else True
    ended = passed(period["end"], at) if "end" in period else False
    if started is False or ended is True:
        return _known(holds=False)
    return _UNKNOWN if started is None or ended is None else _known(holds=True)
