"""The Questionnaire that a response answers: where it is found, and compiled once."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir import json
from fhir_iop.validation.bundles import meant
from fhir_iop.validation.responses.answers import checks_of
from fhir_iop.validation.responses.form import Form, objects
from fhir_iop.validation.responses.quick import Quick

if TYPE_CHECKING:
    from fhir_iop.definitions import Definitions
    from fhir_iop.validation.frame import Frame
    from fhir_iop.validation.responses.fault import Check
    from fhir_iop.validation.responses.form import Question

_REMEMBERED: Final = 512
_LARGE: Final = 100_000  # bytes of a Questionnaire: of such few are kept, for anybody may send one
_LARGE_REMEMBERED: Final = 8


class Compiled:
    """A Questionnaire, with the checks of its answers and the quick test of a whole response."""

    def __init__(self, questionnaire: dict[str, Any], definitions: Definitions) -> None:
        self.form = Form(questionnaire)
        self.definitions = definitions
        self._checks: dict[Question, dict[str, tuple[Check, ...]]] = {}

    @cached_property
    def quick(self) -> Quick:
        """The quick test."""
        return Quick(self)

    def checks(self, question: Question) -> dict[str, tuple[Check, ...]]:
        """Return the checks of a question's answers, by their FHIR type."""
        found = self._checks.get(question)
        if found is None:
            found = self._checks[question] = checks_of(self.form, question, self.definitions)
        return found


def _with_value_sets(contained: dict[str, Any] | None, around: dict[str, Any]) -> dict[str, Any] | None:
    """Give a contained Questionnaire the value sets that lie beside it: a contained resource contains none itself."""
    beside = [one for one in objects(around, "contained") if one.get("resourceType") == "ValueSet"]
    return contained | {"contained": beside} if contained is not None and beside else contained


class Forms:
    """The Questionnaires that responses ask for, each compiled when it is first needed and kept.

    One of a package is known by its canonical. Another may change from call to call, so it is known by its content.
    """

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self.in_package = lru_cache(_REMEMBERED)(self._in_package)
        self._compiled = lru_cache(_REMEMBERED)(self._of_content)
        self._compiled_large = lru_cache(_LARGE_REMEMBERED)(self._of_content)

    def find(self, canonical: str, frame: Frame) -> Compiled | None:
        """Return the Questionnaire that a response in ``frame`` names, None where it isn't at hand.

        It is looked for in the response, among those that the call gave, in the packages, in the Bundle around, and
        where else there is to look things up.
        """
        if canonical.startswith("#"):
            return self._of(_with_value_sets(frame.resolve(canonical), frame.root.resource))
        given = meant(frame.outside.questionnaires, canonical)
        if given is not None:
            return self._of(given)
        found = self.in_package(canonical)
        if found is not None:
            return found
        entries = frame.entries
        near = entries.canonical(canonical) if entries is not None else None
        return self._of(near or frame.outside.look_up(canonical))

    def _of(self, resource: dict[str, Any] | None) -> Compiled | None:
        is_questionnaire = resource is not None and resource.get("resourceType") == "Questionnaire"
        if not is_questionnaire:
            return None
        content = json.encode(resource)
        return (self._compiled if len(content) < _LARGE else self._compiled_large)(content)

    def _in_package(self, canonical: str) -> Compiled | None:
        found = self._definitions.resource(canonical, "Questionnaire")
        return None if found is None else Compiled(found, self._definitions)

    def _of_content(self, content: bytes) -> Compiled:
        return Compiled(json.decode(content), self._definitions)
