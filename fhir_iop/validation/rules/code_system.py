"""A CodeSystem's properties are defined once, with the type that the standard gives them, and used as defined.

https://hl7.org/fhir/R4/codesystem.html#properties; the properties that the standard defines are those of
http://hl7.org/fhir/concept-properties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fhir_iop.validation.codes import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

STANDARD: Final = "http://hl7.org/fhir/concept-properties#"
TYPES: Final = {
    "inactive": "boolean",
    "deprecated": "dateTime",
    "notSelectable": "boolean",
    "parent": "code",
    "child": "code",
}
"""The properties that the standard defines → the type of their values."""
_KINDS: Final = frozenset({"code", "Coding", "string", "integer", "boolean", "dateTime", "decimal"})


def applies(expected: Expected) -> bool:
    """Whether values are CodeSystems."""
    return expected.type == "CodeSystem"


def quick(expected: Expected) -> Test:
    """Return a test that no CodeSystem passes: they are rare."""
    del expected
    return lambda _value: False


def find(item: Item) -> Iterator[Finding]:
    """Yield `property-twice` and `property-type` at what is defined, `property-value` where it is used otherwise."""
    defined: dict[str, str] = {}
    seen: set[str] = set()
    for property_ in item.children.get(item.expected.members["property"], ()):
        if not property_.fits:
            continue
        code, uri, kind = (_text(property_.value, name) for name in ("code", "uri", "type"))
        twice = [name for name, text in (("code", code), ("uri", uri)) if text is not None and f"{name} {text}" in seen]
        seen.update(f"{name} {text}" for name, text in (("code", code), ("uri", uri)) if text is not None)
        for name in twice[:1]:
            yield property_.found("property-twice", place=property_.place_of(name), name=name)
        expected = TYPES.get(uri.removeprefix(STANDARD)) if uri is not None and uri.startswith(STANDARD) else None
        if expected is not None and kind in _KINDS and kind != expected:
            place = property_.place_of("type")
            yield property_.found("property-type", place=place, found=kind, expected=expected)
        if code is not None and kind in _KINDS:
            defined.setdefault(code, expected or kind)
    yield from _used(item, defined)


def _used(holder: Item, defined: dict[str, str]) -> Iterator[Finding]:
    for concept in holder.children.get(holder.expected.members["concept"], ()):
        for property_ in concept.children.get(concept.expected.members["property"], ()) if concept.fits else ():
            code = _text(property_.value, "code") if property_.fits else None
            values = property_.children.get(property_.expected.members["value[x]"], [])
            expected = defined.get(code) if code is not None else None
            if expected is not None and values and values[0].expected.type != expected:
                facts: dict[str, Any] = {
                    "code": quoted([(None, str(code))]),
                    "found": values[0].expected.type,
                    "expected": expected,
                }
                yield values[0].found("property-value", **facts)
        if concept.fits:
            yield from _used(concept, defined)


def _text(holder: dict[str, Any], name: str) -> str | None:
    text = holder.get(name)
    return text if isinstance(text, str) else None
