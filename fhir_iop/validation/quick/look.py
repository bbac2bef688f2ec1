"""The quick way's three steps: the form of the type in C, the rest in written functions, what is noted told at last.

A value that form or function doubts is *noted* and alone looked at closely (``findings.py``), or, where the form itself
is in doubt, the whole resource is. The tests are the rules' own (``quick`` in each file of ``rules/``), so that both
ways agree: passing here means that looking closely would find nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fhir_iop.fhirpath import FhirPathError
from fhir_iop.validation.quick.notes import Misfit
from fhir_iop.validation.quick.shape import shapes
from fhir_iop.validation.quick.writing import Library

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.validation.expectations import Expectations
    from fhir_iop.validation.expected import Expected, Member
    from fhir_iop.validation.frame import Frame
    from fhir_iop.validation.quick.known import Look
    from fhir_iop.validation.quick.notes import Notes
    from fhir_iop.validation.surroundings import Surroundings

# What functions run into where data hasn't the form that they take for granted.
_IN_DOUBT: Final = (Misfit, AttributeError, FhirPathError, KeyError, RecursionError, TypeError, ValueError)
_LEFT_TO_THE_CLOSE_LOOK: Final = frozenset({"Parameters", "Resource"})


class _Program(NamedTuple):
    """What looks at one kind of resource: the form of plain data, then what else; the same for data with extensions."""

    is_plain: Callable[[Any], bool]
    plain: Look
    has_form: Callable[[Any], bool]
    any: Look


class Quick:
    """The quick checks of one set of expectations, each made when it is first needed."""

    def __init__(self, expectations: Expectations) -> None:
        self.expectations = expectations
        self._shapes = {plain: shapes(expectations, plain=plain) for plain in (True, False)}
        self._libraries = {plain: Library(self._contained, plain=plain) for plain in (True, False)}
        self._programs: dict[Expected, _Program | None] = {}

    def look(self, resource: dict[str, Any], expected: Expected) -> Notes | None:
        """Return notes of what in ``resource`` must be looked at closely; None where all of it must."""
        here = self.expectations.here
        here.enter(resource)
        here.is_alone = expected.type != "Bundle"
        try:
            return self._look(resource, expected, here) or []
        except _IN_DOUBT:
            return None
        finally:
            here.enter({})  # keep nothing of a resource

    def passes(self, frame: Frame, expected: Expected) -> bool:
        """Whether nothing is to be said of the resource of ``frame``, while another may be looked at.

        Only of a resource by itself, neither contained nor in a Bundle.
        """
        here = self.expectations.here
        with here.aside(frame):
            try:
                return not self._look(frame.resource, expected, here)
            except _IN_DOUBT:
                return False

    def _look(self, resource: dict[str, Any], expected: Expected, here: Surroundings) -> Notes | None:
        try:
            program = self._programs[expected]
        except KeyError:
            program = self._programs[expected] = self._program(expected)
        if program is None:
            raise Misfit
        if program.is_plain(resource):
            return program.plain(resource, here)
        if program.has_form(resource):
            return program.any(resource, here)
        raise Misfit

    def _program(self, expected: Expected) -> _Program | None:
        if expected.type in _LEFT_TO_THE_CLOSE_LOOK:
            return None
        is_plain, has_form = (self._shapes[plain].test(expected.type) for plain in (True, False))
        if is_plain is None or has_form is None:
            return None
        plain, whole = (self._libraries[plain].look(expected) for plain in (True, False))
        return _Program(is_plain, plain, has_form, whole)

    def _contained(self, member: Member) -> Look:
        """Return the look at a resource inside another: what its type and its claims ask, in a frame of its own."""

        def contained(value: dict[str, Any], here: Surroundings) -> Notes | None:
            outer = here.frame
            type_, more = self.expectations.claims(value)
            if type_ == "Bundle":
                raise Misfit  # what its references lead to is another matter
            here.frame = outer.frame_of(value)
            try:
                return self._look(value, member.expected(type_, (), more), here)
            finally:
                here.frame = outer

        return contained
