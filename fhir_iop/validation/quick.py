"""The quick way: compiled checks that only say whether a resource must be looked at, and where.

What is expected of a type is compiled into one table a JSON object: property → test of its value, a C function where it
can be. Valid data passes without a place, a sentence or a finding being made. A test that fails either *notes* the
object, which alone is then looked at (``findings.py``), or, where even its form is in doubt, sends the whole resource
there. The tests are the rules' own (``quick`` in each file of ``rules/``), so that both ways agree: passing here means
that looking closely would find nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath import FhirPathError
from fhir_iop.validation import rules
from fhir_iop.validation.discriminators import Value
from fhir_iop.validation.occurring import Counted, each, lowest, many, one
from fhir_iop.validation.primitives import TESTS
from fhir_iop.validation.rules.empty import says_something
from fhir_iop.validation.rules.extension import known_in

if TYPE_CHECKING:
    from fhir_iop.validation.expectations import Expectations
    from fhir_iop.validation.expected import Expected, Member, View
    from fhir_iop.validation.occurring import Sort, Sorted
    from fhir_iop.validation.rule import Test

# What tests run into where data hasn't the form that they take for granted.
_MISSHAPEN = (AttributeError, FhirPathError, KeyError, RecursionError, TypeError, ValueError)


def _never(_value: Any) -> bool:
    return False


def _always(_value: Any) -> bool:
    return True


class Quick:
    """The compiled checks of one set of expectations, each made when it is first needed."""

    def __init__(self, expectations: Expectations) -> None:
        self._expectations = expectations
        self._objects: dict[Expected, Test] = {}

    def look(self, resource: dict[str, Any], expected: Expected) -> list[Any] | None:
        """Return the objects inside ``resource`` that must be looked at closely; None where all of it must."""
        here = self._expectations.here
        here.enter(resource)
        try:
            return here.noted if self._object(expected)(resource) else None
        except _MISSHAPEN:
            return None
        finally:
            here.enter({})  # keep nothing of a resource

    def _object(self, expected: Expected) -> Test:
        """Return the test of a JSON object."""
        found = self._objects.get(expected)
        if found is None:
            # Types nest in themselves: whoever asks meanwhile gets a test that asks again later.
            self._objects[expected] = lambda value: self._objects[expected](value)  # noqa: PLW0108  by then another
            found = self._objects[expected] = self._compiled(expected)
        return found

    def _compiled(self, expected: Expected) -> Test:
        if expected.type in {"Bundle", "Resource"}:
            return _never
        table: dict[str, Test] = {"resourceType": _always} if expected.is_resource else {}
        for member in expected.members.values():
            table |= self._member(expected, member)
        needs = [tuple(member.variants) for member in expected.members.values() if lowest(member) > 0]
        choices = [frozenset(member.variants) for member in expected.members.values() if len(member.variants) > 1]
        tests = [rule.quick(expected) for rule in rules.CONTENT if rule.applies(expected)]
        noted = self._expectations.here
        is_element = not expected.is_resource

        def check(value: dict[str, Any]) -> bool:
            for name, inner in value.items():
                if not table[name](inner):
                    return False
            for alternatives in needs:
                if alternatives[0] not in value and not any(name in value for name in alternatives):
                    return False
            for names in choices:
                if len(value) > 1 and len(names & value.keys()) > 1:
                    return False
            if is_element and len(value) < 2 and not says_something(value):
                return False
            for test in tests:
                if not test(value):
                    noted.noted.append(value)
                    break
            return True

        return check

    # --- child elements ------------------------------------------------------------------------------------------

    def _member(self, holder: Expected, member: Member) -> dict[str, Test]:
        """Return the tests of a child element's properties; what no view allows is left out."""
        if any(view.element.max == 0 for view in member.views):
            return {}
        if member.name == "id" and not holder.is_resource:
            return {"id": self._expectations.here.is_first}
        found: dict[str, Test] = {}
        for name, type_ in member.variants.items():
            if not _is_allowed(member, type_):
                continue
            if member.slicings:
                sort, counted = self._sort(holder, member, type_), Counted(member)
                found[name] = many(sort, member, counted) if member.is_list else one(sort, counted)
            else:
                test = self._unsliced(holder, member, type_)
                found[name] = each(test, member) if member.is_list else test
            if self._expectations.is_primitive(type_):
                found["_" + name] = self._sibling(member, type_)
        return found

    def _unsliced(self, holder: Expected, member: Member, type_: str) -> Test:
        if type_ == "Resource":
            return self._contained(member) if member.name == "contained" else _never
        if type_ == "Extension":
            sort = self._extension(holder, member)
            return lambda value: sort(value)[0](value)
        return self._value(member.expected(type_))

    def _sort(self, holder: Expected, member: Member, type_: str) -> Sort:
        """Return what sorts a value: into its slices, and to the test of what is expected of it there."""
        if type_ in {"Resource", "Extension"}:
            return self._extension(holder, member) if type_ == "Extension" else lambda _value: (_never, ())
        tests: dict[tuple[View, ...], Test] = {}
        here = self._expectations.here

        def sort(value: Any) -> Sorted:
            chosen = [slicing.choose(Value(value, type_, here.frame)) for slicing in member.slicings]
            deepest = tuple(slices[-1].view for slices in chosen if slices)
            test = tests.get(deepest)
            if test is None:
                test = tests[deepest] = self._value(member.expected(type_, deepest))
            return test, chosen

        return sort

    def _value(self, expected: Expected) -> Test:
        return self._primitive(expected) if expected.is_primitive else self._object(expected)

    def _extension(self, holder: Expected, member: Member) -> Sort:
        """Sort an extension by its url: a definition's, if that may stand here, or the part of a complex one."""
        may_stand = known_in(holder, is_modifier=member.name == "modifierExtension")
        known: dict[str, Sorted] = {}
        here = self._expectations.here
        is_told_by_url = all(
            criterion.path == "url"
            for slicing in member.slicings
            for slice_ in slicing.slices
            for criterion in slice_.criteria
        )

        def sort(value: dict[str, Any]) -> Sorted:
            url = value["url"]
            found = known.get(url)
            if found is None:
                chosen = [slicing.choose(Value(value, "Extension", here.frame)) for slicing in member.slicings]
                is_part = holder.type == "Extension" and ":" not in url and any(chosen)
                if not is_part and not may_stand(url):
                    return _never, chosen
                deepest = tuple(slices[-1].view for slices in chosen if slices)
                more = self._expectations.extension(url)
                found = self._object(member.expected("Extension", deepest, more)), chosen
                if is_told_by_url:
                    known[url] = found
            return found

        return sort

    def _contained(self, member: Member) -> Test:
        """Return the test of a contained resource: what its type and its claims ask, with its own frame around it."""
        here = self._expectations.here

        def check(value: dict[str, Any]) -> bool:
            outer = here.frame
            type_, more = self._expectations.claims(value)
            here.frame = outer.frame_of(value)
            try:
                return self._object(member.expected(type_, (), more))(value)
            finally:
                here.frame = outer

        return check

    def _sibling(self, member: Member, type_: str) -> Test:
        """Return the test of a primitive's `_` object, which some rules look at beside the value."""
        expected = member.expected(type_)
        is_looked_at = any(rule.applies(expected) for rule in rules.LOOKING_BESIDE)
        if member.is_list or member.slicings or is_looked_at:
            return _never
        content = self._object(expected)
        return lambda value: type(value) is dict and content(value)

    def _primitive(self, expected: Expected) -> Test:
        form = TESTS[expected.type]
        tests = [rule.quick(expected) for rule in rules.CONTENT if rule.applies(expected)]
        if not tests:
            return form
        if len(tests) == 1:
            only = tests[0]
            # A code that is in a set of codes has the form of one.
            if getattr(only, "__self__", None).__class__ is frozenset:
                return only
            return lambda value: form(value) and only(value)
        return lambda value: form(value) and all(test(value) for test in tests)


def _is_allowed(member: Member, type_: str) -> bool:
    for view in member.views:
        codes = {entry.code for entry in view.element.types}
        if codes and type_ not in codes and "id" not in member.variants:
            return False
    return True
