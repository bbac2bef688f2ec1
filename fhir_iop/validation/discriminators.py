"""Discriminators: what in a value tells the slice it belongs to.

A discriminator is a restricted FHIRPath (https://hl7.org/fhir/R4/profiling.html#discriminator) that is walked twice:
once over the slice's definition, to learn what must stand at its end, and then over each value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from fhir_iop.definitions import Membership
from fhir_iop.validation.codes import codes_in, membership
from fhir_iop.validation.pattern import contains, equals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.schema import Discriminator
    from fhir_iop.validation.expectations import Expectations
    from fhir_iop.validation.expected import Expected, View
    from fhir_iop.validation.frame import Frame

Test = Callable[["Value"], bool]

_DEEPEST = 3  # levels below the end of a discriminator at which a fixed value may stand

_STEP = re.compile(r"(?P<function>\w+)\((?:'(?P<text>[^']*)'|(?P<name>\w+))?\)|\$this|(?P<element>\w+)")


@dataclass(frozen=True, slots=True)
class Value:
    """A JSON value of a known FHIR type, and the frame that its references are followed from."""

    json: Any
    type: str
    frame: Frame


@dataclass(frozen=True, slots=True)
class Criterion:
    """One discriminator of one slice: where to look in a value, and what must be true of something found there.

    ``wanted`` says whether something must be there at all (an `exists` discriminator may ask for nothing); None where
    it doesn't matter. ``kind`` is the discriminator's type, ``types`` are those of what the slice has at its end.
    ``asks_for`` are the properties of what is found there that alone decide the test; None where more does.
    ``texts`` all stand somewhere in every value that meets it.
    """

    path: str
    steps: tuple[Callable[[Value], Iterable[Value]], ...]
    test: Test
    wanted: bool | None = True
    kind: str = "value"
    types: frozenset[str] = frozenset()
    asks_for: frozenset[str] | None = None
    texts: frozenset[str] = frozenset()

    def met_by(self, value: Value) -> bool:
        """Whether ``value`` meets the criterion."""
        return self.wanted is None or any(map(self.test, _reach(value, self.steps))) is self.wanted

    def nearly_met_by(self, value: Value) -> bool:
        """Whether what is there is of the right type, but doesn't conform to the profile that is asked for."""
        return self.kind == "profile" and any(one.type in self.types for one in _reach(value, self.steps))


def criterion(expectations: Expectations, slice_: View, discriminator: Discriminator) -> Criterion:
    """Work out what ``discriminator`` means for ``slice``."""
    steps, ends = _walk(expectations, slice_, discriminator)
    test, wanted = _test(discriminator.type, ends)
    types = frozenset(end.expected.type for end in ends)
    asks_for = _asks_for(ends) if discriminator.type in {"value", "pattern"} else None
    texts = _texts(discriminator, ends) if wanted else frozenset()
    return Criterion(discriminator.path, tuple(steps), test, wanted, discriminator.type, types, asks_for, texts)


def leads_somewhere(expectations: Expectations, sliced: View, discriminator: Discriminator) -> bool:
    """Whether a discriminator leads to an element in the definition of what it slices.

    What lies behind a `resolve()` may be a resource of any type, so nothing is said of such a path.
    """
    return "resolve()" in discriminator.path or bool(_walk(expectations, sliced, discriminator)[1])


def _walk(
    expectations: Expectations, view: View, discriminator: Discriminator
) -> tuple[list[Callable[[Value], Iterable[Value]]], list[_End]]:
    """Return the steps over a value, and where they end in the definition."""
    ends = [_End(expectations.expected(entry.code, (view,)), view) for entry in view.element.types]
    if not ends:
        ends = [_End(expectations.expected("BackboneElement", (view,)), view)]
    steps = []
    for match in _STEP.finditer(discriminator.path):
        if match["element"]:
            step, ends = _child(match["element"], ends)
        elif match["function"] == "extension":
            step, ends = _extension(match["text"] or "", ends)
        elif match["function"] == "resolve":
            step, ends = _resolve(ends)
        elif match["function"] == "ofType":
            step, ends = _of_type(match["name"] or "", ends)
        else:
            continue
        steps.append(step)
    return steps, ends


@dataclass(frozen=True, slots=True)
class _End:
    """Where the walk over the definition stands: what is expected there, and the slice's own view of it."""

    expected: Expected
    own: View | None


_Step = tuple[Callable[[Value], "Iterable[Value]"], list[_End]]


def _child(name: str, ends: list[_End]) -> _Step:
    keys: dict[str, str] = {}
    resources: set[str] = set()
    found = []
    for end in ends:
        member = end.expected.members.get(name) or end.expected.members.get(name + "[x]")
        if member is None:
            continue
        keys |= member.variants
        resources.update(type_ for type_ in member.variants.values() if end.expected.expectations.is_resource(type_))
        views = [view for view in member.views if end.own is None or view.structure is end.own.structure]
        own = views[-1] if views else member.views[-1]
        narrowed = {entry.code for entry in own.element.types}
        types = [
            type_ for type_ in member.variants.values() if not narrowed or type_ in narrowed or type_ == "Resource"
        ]
        # An element that holds a resource has one JSON name for all types that it may be of.
        is_resource = end.expected.expectations.is_resource
        types += [type_ for type_ in narrowed if type_ not in types and is_resource(type_)]
        # A slice of the child that must be there speaks for it: a `coding:loinc` 1..1 where `coding.code` tells slices.
        required = [
            slice_.view
            for slicing in member.slicings
            if slicing.view is own
            for slice_ in slicing.slices
            if slice_.view.element.min > 0
        ]
        for view in [own, *required]:
            found += [_End(member.expected(type_, [view]), view) for type_ in types]

    def step(value: Value) -> Iterator[Value]:
        if type(value.json) is not dict:
            return
        for key, type_ in keys.items():
            inner = value.json.get(key)
            for one in inner if isinstance(inner, list) else [inner]:
                if one is not None:
                    yield _resource(value, one) if type_ in resources else replace(value, json=one, type=type_)

    return step, found


def _extension(url: str, ends: list[_End]) -> _Step:
    found = []
    for end in ends:
        member = end.expected.members.get("extension")
        for slicing in member.slicings if member else ():
            found += [
                _End(member.expected("Extension", [slice_.view]), slice_.view)
                for slice_ in slicing.all_slices()
                if member and any(_names(url, entry.profiles) for entry in slice_.view.element.types)
            ]
        structure = end.expected.expectations.definitions.structure(url)
        if not found and structure is not None:
            root = end.expected.expectations.root(structure)
            found.append(_End(end.expected.expectations.expected("Extension", (), (root,)), root))

    def step(value: Value) -> Iterator[Value]:
        extensions = value.json.get("extension") if type(value.json) is dict else None
        for one in extensions if isinstance(extensions, list) else ():
            if isinstance(one, dict) and one.get("url") == url:
                yield replace(value, json=one, type="Extension")

    return step, found


def _names(url: str, canonicals: Iterable[str]) -> bool:
    return any(canonical.partition("|")[0] == url for canonical in canonicals)


def _resolve(ends: list[_End]) -> _Step:
    found = []
    for end in ends:
        expectations = end.expected.expectations
        for view, entry in end.expected.type_entries:
            if end.own is not None and view.structure is not end.own.structure:
                continue
            for canonical in entry.target_profiles:
                structure = expectations.definitions.structure(canonical)
                if structure is not None:
                    root = expectations.root(structure)
                    found.append(_End(expectations.expected(structure.type, (), (root,)), root))

    def step(value: Value) -> Iterator[Value]:
        reference = value.json.get("reference") if type(value.json) is dict else value.json
        resource = value.frame.resolve(reference) if isinstance(reference, str) else None
        if resource is not None:
            yield _resource(value, resource)

    return step, found


def _of_type(name: str, ends: list[_End]) -> _Step:
    return lambda value: [value] if value.type == name else [], [end for end in ends if end.expected.type == name]


def _resource(value: Value, resource: Any) -> Value:
    """Step into a resource: it has its own type, and a frame of its own."""
    if not isinstance(resource, dict):
        return replace(value, json=resource)
    return Value(resource, str(resource.get("resourceType")), value.frame.frame_of(resource))


def _reach(value: Value, steps: tuple[Callable[[Value], Iterable[Value]], ...]) -> list[Value]:
    reached = [value]
    for step in steps:
        reached = [found for one in reached for found in step(one)]
    return reached


def _test(kind: str, ends: list[_End]) -> tuple[Test, bool | None]:
    if kind == "exists":
        return _anything, not any(end.own is not None and end.own.element.max == 0 for end in ends)
    if kind == "type":
        types = frozenset(end.expected.type for end in ends)
        return lambda value: value.type in types, True
    if kind == "profile":
        profiles = _profiles(ends)
        if not profiles:
            return _anything, None  # the slice says nothing here, so nothing here tells against it
        return lambda value: any(
            value.frame.suits(value.json, value.type, profile) is True for profile in profiles
        ), True
    return _content_test(ends)


def _anything(_value: Value) -> bool:
    return True


def _profiles(ends: list[_End]) -> tuple[str, ...]:
    found = []
    for end in ends:
        named = [profile for _, entry in end.expected.type_entries for profile in entry.profiles]
        found += named or (
            [end.own.structure.canonical] if end.own and end.own.element is end.own.structure.elements[0] else []
        )
    return tuple(dict.fromkeys(found))


def _content_test(ends: list[_End]) -> tuple[Test, bool]:
    """`value` and `pattern` discriminators: fixed values, patterns, required value sets, as deep as they are given."""
    tests = [one.test for end in ends for one in _constraints(end.expected, end.own)]
    if not tests and any(end.own is not None and end.own.element.max == 0 for end in ends):
        return _anything, False
    return lambda value: all(test(value) for test in tests), True


def _asks_for(ends: list[_End]) -> frozenset[str] | None:
    """Return the properties that patterns name, where patterns are all that is asked of what lies at ``ends``."""
    found: set[str] = set()
    for end in ends:
        elements = [view.element for view in end.expected.views]
        patterns = [element.pattern[1] for element in elements if element.pattern is not None]
        is_told_by_patterns = patterns and all(element.fixed is None for element in elements)
        if not is_told_by_patterns or not all(isinstance(pattern, dict) for pattern in patterns):
            return None
        found.update(*patterns)
    return frozenset(found) or None


def _texts(discriminator: Discriminator, ends: list[_End]) -> frozenset[str]:
    """Return texts that stand in every value that meets a discriminator; none where it looks beyond the value."""
    if discriminator.type not in {"value", "pattern"} or "resolve()" in discriminator.path:
        return frozenset()
    found = (one.texts for end in ends for one in _constraints(end.expected, end.own))
    return frozenset().union(*found)


class _Constraint(NamedTuple):
    """A test, and texts that stand in every value that meets it."""

    test: Test
    texts: frozenset[str] = frozenset()


def _constraints(expected: Expected, own: View | None, depth: int = 0) -> list[_Constraint]:
    tests: list[_Constraint] = []
    for view in expected.views:
        if view.element.fixed is not None:
            fixed = view.element.fixed[1]
            tests.append(_Constraint(_equals(fixed), frozenset(texts_in(fixed))))
        if view.element.pattern is not None:
            pattern = view.element.pattern[1]
            tests.append(_Constraint(_contains(pattern), frozenset(texts_in(pattern))))
    if tests or expected.is_primitive or own is None or not own.content or depth > _DEEPEST:
        return tests or _bound(expected)
    for member in expected.members.values():
        # Only what the slice's own structure says of its inside can tell it from other slices.
        if any(view.structure is own.structure and view.element.min > 0 for view in member.views):
            step, ends = _child(member.step, [_End(expected, own)])
            inner = [test for end in ends for test in _constraints(end.expected, end.own, depth + 1)]
            if inner:
                texts = frozenset().union(*(one.texts for one in inner))
                tests.append(_Constraint(_inside(step, [one.test for one in inner]), texts))
    return tests or _bound(expected)


def _bound(expected: Expected) -> list[_Constraint]:
    definitions = expected.expectations.definitions
    return [
        _Constraint(_member_of(definitions, bound.value_set))
        for bound in expected.bindings
        if bound.strength == "required"
    ]


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_in(inner)


def _equals(fixed: Any) -> Test:
    return lambda value: equals(value.json, fixed)


def _contains(pattern: Any) -> Test:
    return lambda value: contains(value.json, pattern)


def _inside(step: Callable[[Value], Iterable[Value]], tests: list[Test]) -> Test:
    return lambda value: any(all(test(one) for test in tests) for one in step(value))


def _member_of(definitions: Definitions, value_set: str) -> Test:
    return lambda value: any(
        membership(definitions, value_set, *code) is Membership.MEMBER for code in codes_in(value.json, value.type)
    )
