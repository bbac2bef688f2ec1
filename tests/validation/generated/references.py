"""References to what an element admits: by type and id, by address, by what is contained, by identifier, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from fhir_iop.validation.rules.reference_target import allowed_types
from tests.validation.generated.primitives import HOST, draw, text

if TYPE_CHECKING:
    from fhir_iop.validation.expected import Expected
    from tests.validation.generated.generator import Generator, Making

_COMMON = frozenset({"Patient", "Practitioner", "Organization", "Observation", "Condition", "Medication", "Encounter"})


class References:
    """Makes References with a generator, which makes what they contain."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._targets: dict[Expected, tuple[list[str], dict[str, list[str]]]] = {}

    def make(self, expected: Expected, depth: int, making: Making, start: dict[str, Any]) -> dict[str, Any]:
        """Return a Reference; mostly a literal one."""
        rng = making.rng
        made = self._generator.object(expected, depth, making, start)
        for name in ("reference", "_reference", "type", "_type", "identifier"):
            if name not in start:
                made.pop(name, None)
        types, profiles = self._targets_of(expected)
        way = rng.random()
        if "reference" in start or not types:
            return made or {"display": text(rng)}
        type_ = rng.choice(types)
        if way < 0.06 and making.may_contain and depth < 5:
            inner = self._contained(type_, profiles.get(type_, []), making)
            if inner is not None:
                return made | {"reference": "#" + inner}
        if way < 0.14:
            identifier = expected.members["identifier"].expected("Identifier")
            made["identifier"] = self._generator.value(identifier, max(depth + 1, 3), making)
        elif way < 0.2:
            made["display"] = text(rng)
            return made
        elif way < 0.35:
            made["reference"] = f"{HOST}/fhir/{type_}/{draw(rng, 'id')}"
        else:
            version = f"/_history/{rng.randint(1, 9)}" if rng.random() < 0.05 else ""
            made["reference"] = f"{type_}/{draw(rng, 'id')}{version}"
        if rng.random() < 0.15:
            made["type"] = type_
        return made

    def _contained(self, type_: str, profiles: list[str], making: Making) -> str | None:
        """Contain another resource; return its id."""
        inner = self._generator.attempt(type_, profiles[:1], making.rng, may_contain=False)
        if inner is None:
            return None
        inner.pop("meta", None)
        if profiles:
            inner["meta"] = {"profile": profiles[:1]}
        inner.pop("text", None)
        inner["id"] = f"c{len(making.contained) + 1}"
        making.contained.append(inner)
        return inner["id"]

    def _targets_of(self, expected: Expected) -> tuple[list[str], dict[str, list[str]]]:
        """Return the types that every view admits, and the profiles that the strictest asks of each."""
        if expected not in self._targets:
            definitions = self._generator.definitions
            types: frozenset[str] | None = None
            profiles: dict[str, list[str]] = {}
            for _, entry in expected.type_entries:
                allowed = allowed_types(entry, definitions)
                if allowed is not None:
                    types = allowed if types is None else types & allowed
                for canonical in entry.target_profiles:
                    structure = definitions.structure(canonical)
                    if structure is not None and structure.derivation == "constraint":
                        profiles.setdefault(structure.type, []).append(canonical)
            chosen = sorted(_COMMON if types is None else types)
            self._targets[expected] = (chosen, profiles)
        return self._targets[expected]


def fragments(value: Any) -> Iterator[str]:
    """Yield every string that may lead into what is contained."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for inner in inside:
        yield from fragments(inner)
    if isinstance(value, str) and value.startswith("#"):
        yield value
