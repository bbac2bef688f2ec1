"""Makes valid resources at random, from what the definitions expect.

A generator walks the merged expectations and chooses: which optional elements are there, how many, of which type, in
which slices. What an invariant forbids is repaired (``repair.py``); what only the text of the standard says of a type
has a maker of its own (``makers.py``).
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any

from fhir_iop.definitions.schema import Element
from fhir_iop.validation import Validator
from fhir_iop.validation.expected import Expected, View
from fhir_iop.validation.frame import Frame
from fhir_iop.validation.rules.empty import says_something
from tests.validation.generated import makers, narratives
from tests.validation.generated.codes import Codes
from tests.validation.generated.extensions import Extensions
from tests.validation.generated.plan import Plan, Slot, flat
from tests.validation.generated.primitives import draw
from tests.validation.generated.references import References, fragments
from tests.validation.generated.repair import broken_in, repaired
from tests.validation.generated.sliced import fit, lack, occurrences, views_of

_ATTEMPTS = 12
_CODED = {"code", "uri", "string"}
_SMALL = ("Patient", "Observation", "Medication", "Basic", "Organization")  # where any resource may stand
_RARE = {"id": 0.03, "extension": 0.05, "modifierExtension": 0.01, "implicitRules": 0.0, "language": 0.1, "text": 0.4}
_NEVER = {"contained", "meta"}  # made on purpose, not by chance
_FEWER = (1.0, 0.8, 0.45, 0.2, 0.08)


class Impossible(Exception):
    """No valid value was found in the attempts allowed."""


@dataclass
class Making:
    """One resource in the making: its chance, how full it is to be, and what it contains so far."""

    rng: Random
    fullness: float
    may_contain: bool
    contained: list[dict[str, Any]] = field(default_factory=list)
    watched: list[tuple[Expected, Any]] = field(default_factory=list)
    has_failed: bool = False
    ids: int = 0


class Generator:
    """Makes resources with the definitions of ``validator``; the same seed gives the same resource."""

    def __init__(self, validator: Validator) -> None:
        self.definitions = validator.definitions
        self.expectations = validator._quick.expectations
        self.outside = self.expectations.outside
        self.codes = Codes(self.definitions)
        self.extensions = Extensions(self.expectations)
        self.references = References(self)
        self._plans: dict[Expected, Plan] = {}

    def resource(self, type_: str, profiles: Sequence[str] = (), seed: Any = 0) -> dict[str, Any]:
        """Return a valid resource of ``type_`` that claims and meets ``profiles``. Raises Impossible."""
        rng = Random(f"{type_} {profiles} {seed}")
        for _ in range(_ATTEMPTS):
            found = self.attempt(type_, profiles, rng)
            if found is not None:
                return found
        raise Impossible(f"{type_} {profiles}")

    def attempt(
        self, type_: str, profiles: Sequence[str], rng: Random, *, may_contain: bool = True
    ) -> dict[str, Any] | None:
        """Return a valid resource, or None where chance led to none."""
        making = Making(rng, rng.choice((0.08, 0.2, 0.3, 0.5)) if may_contain else 0.08, may_contain)
        roots = tuple(
            self.expectations.root(structure) for structure in map(self.definitions.structure, profiles) if structure
        )
        expected = self.expectations.expected(type_, (), roots)
        for _ in range(3):
            making.contained.clear()
            making.watched.clear()
            making.has_failed = False
            made = self._whole(expected, profiles, making)
            _, claims = self.expectations.claims(made)
            settled = self.expectations.expected(type_, (), tuple(dict.fromkeys((*roots, *claims))))
            if settled is expected:
                return None if making.has_failed or not self._is_lawful(made, making) else made
            expected = settled
        return None

    def _whole(self, expected: Expected, profiles: Sequence[str], making: Making) -> dict[str, Any]:
        rng = making.rng
        made: dict[str, Any] = {"resourceType": expected.type, **self.value(expected, 0, making)}
        if expected.type == "Questionnaire":
            makers.settle_questions(made, rng)
        if expected.type == "Bundle":
            makers.settle_requests(made)
        if rng.random() < 0.7:
            made["id"] = draw(rng, "id")
        meta = self.value(expected.members["meta"].expected("Meta"), 2, making) if rng.random() < 0.2 else {}
        for name in ("profile", "_profile"):
            meta.pop(name, None)
        if profiles:
            meta["profile"] = list(profiles)
        if says_something(meta):
            made["meta"] = meta
        pointers = set(fragments(made))
        contained = [inner for inner in making.contained if "#" + inner["id"] in pointers]
        if contained:
            made["contained"] = contained
        return made

    def _is_lawful(self, made: dict[str, Any], making: Making) -> bool:
        """Whether the invariants hold that depend on the whole resource."""
        frame = Frame(made, self.outside)
        watched = [(expected, made if value is None else value) for expected, value in making.watched]
        return all(
            one.holds is None or one.constraint.best_practice or one.holds(value, frame.context)
            for expected, value in watched
            for one in expected.invariants
            if one.needs_context
        )

    def plan(self, expected: Expected) -> Plan:
        """Return the one Plan of what is expected."""
        found = self._plans.get(expected)
        if found is None:
            found = self._plans[expected] = Plan(expected)
        return found

    def value(self, expected: Expected, depth: int, making: Making, seed: Any = None) -> Any:
        """Return a value, at least what ``seed`` says where there is one."""
        plan = self.plan(expected)
        if plan.fixed:
            return deepcopy(plan.fixed[0])
        if expected.is_primitive:
            return self._primitive(expected, plan, making, seed)
        if expected.type == "Resource":
            return self._any_resource(making)
        start = deepcopy(plan.pattern) if plan.pattern is not None else {}
        if seed:
            start = makers.merged(start, seed)
        made = makers.MAKERS.get(expected.type, makers.plain)(self, expected, depth, making, start)
        made = repaired(self, plan, made, depth, making, kept=start.keys())
        if expected.type == "Attachment":
            makers.measure(made)
        if plan.outer_laws:
            making.watched.append((expected, None if depth == 0 else made))
        return made

    def _any_resource(self, making: Making) -> dict[str, Any]:
        made = None
        while made is None:
            made = self.attempt(making.rng.choice(_SMALL), (), making.rng, may_contain=False)
        return made

    def _primitive(self, expected: Expected, plan: Plan, making: Making, seed: Any) -> Any:
        if plan.pattern is not None:
            return deepcopy(plan.pattern)
        if seed is not None:
            return seed
        if expected.views[0].element.base_path == "Element.id":
            making.ids += 1
            return f"e-{making.ids}"
        for _ in range(_ATTEMPTS):
            value = self._drawn(expected, making.rng)
            if not broken_in(plan, value):
                return value
        making.has_failed = True
        return value

    def _drawn(self, expected: Expected, rng: Random) -> Any:
        if expected.type == "xhtml":
            return narratives.div(rng)
        if expected.bindings and expected.type in _CODED:
            code = self.codes.bare(expected, rng)
            if code is not None:
                return code
        value = _within(expected, draw(rng, expected.type), rng)
        for view in expected.views:
            if view.element.max_length is not None and isinstance(value, str):
                value = value[: view.element.max_length].strip()
        return value

    def object(self, expected: Expected, depth: int, making: Making, start: dict[str, Any]) -> dict[str, Any]:
        """Return an object of ``expected``'s children, those of ``start`` among them."""
        made: dict[str, Any] = {}
        for slot in self.plan(expected).slots:
            self.fill(made, slot, self._count(slot, depth, making, start), depth, making, start)
        if depth:
            self.filled(made, self.plan(expected), depth, making)
        return made

    def filled(self, made: dict[str, Any], plan: Plan, depth: int, making: Making) -> None:
        """Put something into an object that says nothing."""
        optional = [slot for slot in plan.slots if slot.name not in _RARE and slot.name not in _NEVER]
        while not says_something(made) and optional:
            self.fill(made, making.rng.choice(optional), 1, depth, making, {})

    def _count(self, slot: Slot, depth: int, making: Making, start: dict[str, Any]) -> int:
        rng = making.rng
        seeds = max((_length(start[name]) for name, _ in slot.forms if name in start), default=0)
        low = max(slot.low, seeds)
        if slot.name in _NEVER or (slot.name == "id" and depth == 0):
            return low
        if slot.name in _RARE:
            chance = _RARE[slot.name] if slot.name != "text" or depth == 0 else making.fullness
        else:
            chance = making.fullness * _FEWER[min(depth, len(_FEWER) - 1)]
        if low and rng.random() < 0.7:
            return low
        if rng.random() >= chance:
            return low
        return min(slot.high, low + rng.choice((1, 1, 1, 2)))

    def fill(
        self, made: dict[str, Any], slot: Slot, count: int, depth: int, making: Making, start: dict[str, Any]
    ) -> None:
        """Put an element into ``made``: at least ``count`` times, with the slices that must be there."""
        for name in slot.member.variants:
            made.pop(name, None)
            made.pop("_" + name, None)
        forms = [form for form in slot.forms if form[0] in start] or list(slot.forms)
        name, type_ = making.rng.choice(forms)
        seeds = start.get(name, [])
        values = self._values(slot, type_, count, depth, making, seeds if isinstance(seeds, list) else [seeds])
        if values:
            made[name] = values if slot.member.is_list else values[0]
            self._decorate(made, slot, name, type_, depth, making)

    def _values(self, slot: Slot, type_: str, count: int, depth: int, making: Making, seeds: list[Any]) -> list[Any]:
        if type_ == "Extension" and slot.name in {"extension", "modifierExtension"}:
            return self._extensions(slot, count, depth, making)
        values: list[Any] = []
        if not slot.slicings:
            for index in range(count):
                seed = seeds[index] if index < len(seeds) else None
                values.append(self.value(slot.member.expected(type_), depth + 1, making, seed))
            return values
        values.extend(self._sorted(slot, type_, (), depth, making, seed) for seed in seeds)
        self._add_slices(slot, type_, values, depth, making)
        while len(values) < count:
            extra = self._sorted(slot, type_, (), depth, making)
            if extra is None or not fit(slot, type_, [*values, extra], self.outside):
                break
            values.append(extra)
        found = [value for value in values if value is not None]
        is_wrong = lack(slot, type_, found, self.outside) or not fit(slot, type_, found, self.outside)
        making.has_failed = making.has_failed or is_wrong
        return found

    def _add_slices(self, slot: Slot, type_: str, values: list[Any], depth: int, making: Making) -> None:
        """Add what each slice must have, and now and then what it may have."""
        for slicing in slot.slicings:
            for slice_ in flat(slicing):
                element = slice_.view.element
                if not self._can_make(element, type_):
                    continue
                wish = element.min
                if element.max != 0 and making.rng.random() < making.fullness * _FEWER[min(depth, 4)]:
                    wish = max(wish, 1)
                for _ in range(wish):
                    if occurrences(slot, type_, values, slice_.view, self.outside) >= wish or len(values) >= slot.high:
                        break
                    value = self._sorted(slot, type_, (slice_.view,), depth, making)
                    if value is not None and (element.min or fit(slot, type_, [*values, value], self.outside)):
                        values.append(value)

    def _can_make(self, element: Element, type_: str) -> bool:
        """Whether a slice takes the type, and the profile that it asks for is at hand."""
        entries = [entry for entry in element.types if entry.code == type_]
        profiles = [profile for entry in entries for profile in entry.profiles]
        is_known = not profiles or any(self.definitions.structure(profile) for profile in profiles)
        return is_known and bool(entries or not element.types)

    def _extensions(self, slot: Slot, count: int, depth: int, making: Making) -> list[Any]:
        values: list[Any] = []
        self._add_slices(slot, "Extension", values, depth, making)
        holder = slot.member
        if depth < 4 and slot.low <= len(values) < count:
            is_modifier = slot.name == "modifierExtension"
            structure = self.extensions.some(slot.owner, making.rng, is_modifier=is_modifier)
            extra = structure and self.value(
                holder.expected("Extension", (), (self.expectations.root(structure),)), 3, making
            )
            if extra and (not slot.slicings or fit(slot, "Extension", [*values, extra], self.outside)):
                values.append(extra)
        return values

    def _sorted(
        self, slot: Slot, type_: str, wanted: tuple[View, ...], depth: int, making: Making, seed: Any = None
    ) -> Any:
        """Return a value that meets all of the slices it lies in, ``wanted`` among them; None where none was found."""
        for _ in range(_ATTEMPTS):
            value = self.value(slot.member.expected(type_, wanted), depth + 1, making, seed)
            chosen = views_of(slot, type_, value, self.outside)
            if set(chosen) == set(wanted):
                return value
            if not set(wanted) <= set(chosen):
                others = [view for view in chosen if all(view.structure is not one.structure for one in wanted)]
                wanted = (*wanted, *others)
            else:
                wanted = chosen
        return None

    def _decorate(self, made: dict[str, Any], slot: Slot, name: str, type_: str, depth: int, making: Making) -> None:
        """Give a primitive an extension now and then, or an id."""
        if type_ == "xhtml" or not self.expectations.is_primitive(type_) or making.rng.random() >= 0.02:
            return
        expected = slot.member.expected(type_)
        holder = expected.members.get("extension")
        if holder is None or name in {"url", "id"} or self.plan(expected).fixed:
            return
        structure = self.extensions.some(expected, making.rng, is_modifier=False)
        making.ids += 1
        sibling: dict[str, Any] = {"id": f"e-{making.ids}"}
        if structure is not None:
            extra = holder.expected("Extension", (), (self.expectations.root(structure),))
            sibling = {"extension": [self.value(extra, 4, making)]}
        made["_" + name] = [*[None] * (len(made[name]) - 1), sibling] if slot.member.is_list else sibling


def _length(value: Any) -> int:
    return len(value) if isinstance(value, list) else 1


def _within(expected: Expected, value: Any, rng: Random) -> Any:
    """Return another whole number where a definition's limits exclude ``value``."""
    if type(value) is not int:
        return value
    lows = [view.element.min_value[1] for view in expected.views if view.element.min_value is not None]
    highs = [view.element.max_value[1] for view in expected.views if view.element.max_value is not None]
    low, high = max(lows, default=value), min(highs, default=value)
    return value if low <= value <= high else rng.randint(min(low, high), max(low, high))
