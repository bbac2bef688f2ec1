"""The validator: which definitions apply to a resource, and the order in which it is looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.errors import Unusable
from fhir_iop.issue import issue
from fhir_iop.validation import text, xml
from fhir_iop.validation.claiming import MOST_CLAIMED, claims_too_much
from fhir_iop.validation.expectations import Expectations
from fhir_iop.validation.findings import errors, findings, findings_at
from fhir_iop.validation.frame import Frame, Options, Outside, nothing
from fhir_iop.validation.item import Finding, Item, place_at
from fhir_iop.validation.place import Place
from fhir_iop.validation.quick import Quick, known_findings, paths_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.schema import Structure
    from fhir_iop.issue import Issue, Severity
    from fhir_iop.validation.place import JsonPath

_MOST_MADE: Final = 20_000  # expectations kept (250 MB): what data claims, in any combination, asks for its own


def _now() -> datetime:
    return datetime.now(UTC)


class Validator:
    """Checks resources against the base specification, the profiles they claim and those that are asked for.

    Safe to share between threads. What is learnt of the definitions is kept. Of resources, in memory and without what
    they stood in, are a bounded number of short values that tend to come again (codes with their displays and texts,
    units, addresses, times, answers that questions offer), and the Questionnaires that responses named, contained ones
    among them: 512, and 8 of 100 kB or more.
    """

    def __init__(
        self,
        definitions: Definitions,
        *,
        unknown_profile: Severity = "warning",
        unknown_extension: Severity = "warning",
        best_practice: bool = False,
        must_support: bool = False,
        look_up: Callable[[str], dict[str, Any] | None] | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """Set up a validator; nothing is read until a resource needs it.

        ``unknown_profile`` and ``unknown_extension`` say how bad a claimed profile and an extension are that aren't at
        hand (a modifier extension that isn't is always an error). ``best_practice`` tells the invariants that the
        standard marks as such, ``must_support`` which must-support elements a resource doesn't have. ``look_up`` finds
        the resource that a reference leads to outside of what is validated; ``clock`` says the time that limits
        relative to now, and `now()` in invariants, mean.
        """
        self.definitions = definitions
        options = Options(unknown_profile, unknown_extension, best_practice, must_support)
        outside = Outside(options, self._conforms, look_up or nothing, clock)
        self._quick = Quick(Expectations(definitions, outside))

    def validate(
        self,
        resource: dict[str, Any],
        profiles: Sequence[str] = (),
        *,
        questionnaires: Sequence[dict[str, Any]] = (),
    ) -> list[Issue]:
        """Return what is wrong with ``resource`` (FHIR JSON as a dict; decimals as Decimal keep their digits).

        It is checked against its type, the profiles its `meta.profile` claims, and ``profiles``. A
        QuestionnaireResponse is held to the Questionnaire that it names: one of ``questionnaires``, of a package, of
        the Bundle around it, or what ``look_up`` finds. An empty list means that nothing was found. Raises Unusable
        where one of ``profiles`` isn't at hand.
        """
        return [finding.told() for finding in self._findings(resource, self._asked(profiles), questionnaires)]

    def validate_text(
        self,
        raw: bytes | str,
        profiles: Sequence[str] = (),
        *,
        questionnaires: Sequence[dict[str, Any]] = (),
    ) -> list[Issue]:
        """Return what is wrong with a resource in JSON text, with line and column of each finding.

        Text that isn't JSON, or no object, is a finding too. Raises Unusable as :meth:`validate` does.
        """
        asked = self._asked(profiles)
        read_text = text.read(raw, self._expression)
        if read_text.resource is None:
            return read_text.issues
        found = self._findings(read_text.resource, asked, questionnaires)
        return read_text.issues + text.with_positions(raw, read_text, found) if found else read_text.issues

    def validate_xml(
        self,
        raw: bytes | str,
        profiles: Sequence[str] = (),
        *,
        questionnaires: Sequence[dict[str, Any]] = (),
    ) -> list[Issue]:
        """Return what is wrong with a resource in FHIR XML, with line and column of each finding's element.

        A document that isn't well-formed, or no resource, is a finding too. Raises Unusable as :meth:`validate` does.
        """
        asked = self._asked(profiles)
        document = xml.read(raw, self.definitions)
        found = [] if document.resource is None else self._findings(document.resource, asked, questionnaires)
        return document.issues_with(found)

    def validate_raw(
        self,
        raw: bytes | str,
        profiles: Sequence[str] = (),
        *,
        questionnaires: Sequence[dict[str, Any]] = (),
    ) -> list[Issue]:
        """Return what :meth:`validate_xml` or :meth:`validate_text` says: whether it is XML shows how it begins."""
        validate = self.validate_xml if xml.is_xml(raw) else self.validate_text
        return validate(raw, profiles, questionnaires=questionnaires)

    def require(self, profiles: Sequence[str]) -> None:
        """Raise Unusable, naming each, where one of ``profiles`` isn't at hand."""
        self._asked(profiles)

    def _asked(self, profiles: Sequence[str]) -> tuple[Structure, ...]:
        if not profiles:
            return ()
        found = {canonical: self.definitions.structure(canonical) for canonical in profiles}
        missing = [issue("profile-asked", canonical=canonical) for canonical, one in found.items() if one is None]
        if missing:
            raise Unusable(*missing)
        return tuple(structure for structure in found.values() if structure is not None)

    def _expression(self, resource: dict[str, Any], path: JsonPath) -> str:
        """Return as FHIRPath where in a resource a path leads."""
        expectations = self._quick.expectations
        type_, claims = expectations.claims(resource)
        frame = Frame(resource, expectations.outside)
        item = Item(resource, expectations.expected(type_, (), claims), Place(type_), frame)
        return place_at(item, path).expression

    def _findings(
        self,
        resource: dict[str, Any],
        asked: tuple[Structure, ...],
        questionnaires: Sequence[dict[str, Any]],
    ) -> list[Finding]:
        try:
            return self._looked_at(resource, asked, questionnaires)
        except RecursionError:
            type_, _ = self._quick.expectations.claims(resource)
            return [Finding(issue("resource-depth", type_), ())]

    def _looked_at(
        self, resource: dict[str, Any], asked: tuple[Structure, ...], questionnaires: Sequence[dict[str, Any]]
    ) -> list[Finding]:
        if self._quick.expectations.made > _MOST_MADE:
            self._quick = Quick(self._quick.expectations.apart())
        quick = self._quick
        expectations = quick.expectations
        type_, claims = expectations.claims(resource)
        if claims_too_much(expectations, resource):
            return [Finding(issue("profiles-many", type_, limit=MOST_CLAIMED), ())]
        roots = (*claims, *map(expectations.root, asked)) if asked else claims
        expected = expectations.expected(type_, (), roots)
        if questionnaires:  # which the compiled tests don't know
            outside = replace(expectations.outside, questionnaires=questionnaires)
            return findings(resource, expected, Frame(resource, outside))
        noted = quick.look(resource, expected)
        if noted == []:
            return []
        known = None if noted is None else known_findings(noted, expected.type)
        if known is not None:
            return known
        frame = Frame(resource, expectations.outside)
        if noted is None:
            return findings(resource, expected, frame)
        return findings_at(paths_of(noted), resource, expected, frame)

    def _conforms(self, value: Any, type_: str, frame: Frame, profile: str, *, else_told: bool) -> bool | None:
        """Whether a value has no error against a profile: it tells slices apart, and what references may lead to.

        With ``else_told`` none but those that are told of the value itself, by its type and what it claims.
        """
        structure = self.definitions.structure(profile)
        if structure is None:
            return None
        if not self.definitions.is_a(type_, structure.type):
            return False
        quick = self._quick
        expectations = quick.expectations
        expected = expectations.expected(type_, (), (expectations.root(structure),))
        is_alone = value is frame.resource and frame.container is None and frame.bundle is None
        if is_alone and quick.passes(frame, expected):
            return True
        found = errors(value, expected, frame)
        first = next(found, None)
        if first is None or not else_told:
            return first is None
        claims = expectations.claims(value)[1] if value is frame.resource else ()
        own = expectations.expected(type_, (), claims)
        told = {(one.issue.rule, one.path) for one in errors(value, own, frame)}
        return all((one.issue.rule, one.path) in told for one in chain([first], found))
