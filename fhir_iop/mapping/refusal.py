"""Why a record is refused, in words for a person at a program.

The schema says what is expected in its ``description``s; here a failed check becomes one sentence about the field.
Values are never repeated: they may be a patient's.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from fhir_iop.issue import Issue, issue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jsonschema_rs import ValidationError

    from fhir_iop.mapping.shapes import SchemaLibrary

_KINDS = {"object": "an object", "array": "a list", "string": "text", "integer": "a whole number", "number": "a number"}
_KINDS |= {"boolean": "true or false", "null": "null"}

# keyword of JSON Schema → rule; each rule's words are in the catalogue
_LIMITS = {
    "minimum": "record-minimum",
    "exclusiveMinimum": "record-above",
    "maximum": "record-maximum",
    "exclusiveMaximum": "record-below",
    "minItems": "record-fewest",
    "maxItems": "record-most",
    "minLength": "record-shortest",
    "maxLength": "record-longest",
}


def pointer(path: Iterable[str | int]) -> str:
    """Return the JSON pointer (RFC 6901) of a path; the record itself is the empty one."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def told(error: ValidationError, library: SchemaLibrary) -> list[Issue]:
    """Return the findings that one failed check of a schema amounts to."""
    where = pointer(error.instance_path)
    name = str(error.instance_path[-1]) if error.instance_path else "the record"
    keyword = error.kind.name
    facts: dict[str, Any] = error.kind.as_dict()
    rule, owner = _context(error, library)
    if rule is not None:  # a condition between fields: the schema says it whole
        return [issue("record-rule", where, words=rule)]
    if keyword == "required":
        missing = str(facts["property"])
        about = owner.get("properties", {}).get(missing, {})
        return [issue("record-missing", where, field=missing, about=_about(about, error, library))]
    if keyword in {"additionalProperties", "unevaluatedProperties"}:
        known = list(owner.get("properties", {}))
        return [
            issue("record-unknown", f"{where}{pointer([n])}", field=n, hint=hint(n, known)) for n in facts["unexpected"]
        ]
    if keyword == "type":
        return [issue("record-type", where, field=name, kind=_kind(owner.get("type", "object")))]
    if keyword in {"enum", "const"}:
        values = owner.get("enum") or [owner.get("const")]
        return [
            issue("record-value", where, field=name, values=", ".join(map(str, values)), hint=_meant(error, values))
        ]
    if keyword in _LIMITS:
        return [issue(_LIMITS[keyword], where, field=name, limit=facts["limit"])]
    if keyword == "uniqueItems":
        return [issue("record-repeated", where, field=name)]
    return [issue("record-form", where, field=name, about=owner.get("description", "see the schema"))]


def hint(word: str, known: Iterable[str]) -> str:
    """Return `` Did you mean `x`?`` for a word close to one that is known, else nothing."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" Did you mean `{close[0]}`?" if close else ""


def _context(error: ValidationError, library: SchemaLibrary) -> tuple[str | None, dict[str, Any]]:
    """Return the words of the rule between fields that failed, if it was one, and the schema that was asked."""
    base, _, fragment = (error.absolute_keyword_location or "").partition("#")
    steps = fragment.split("/")[1:]
    owner = library.resolve(base, "#" + "".join("/" + step for step in steps[:-1]))[1]
    words = None
    for position, step in enumerate(steps[:-1]):
        if step == "allOf":
            rule = library.resolve(base, "#" + "".join("/" + part for part in steps[: position + 2]))[1]
            words = rule.get("description")
    if words is None and error.kind.name in {"contains", "not", "anyOf", "oneOf", "dependentRequired"}:
        words = owner.get("description")
    return words, owner if isinstance(owner, dict) else {}


def _about(schema: dict[str, Any], error: ValidationError, library: SchemaLibrary) -> str:
    while "description" not in schema and "$ref" in schema:
        base = (error.absolute_keyword_location or "").partition("#")[0]
        schema = library.resolve(base, schema["$ref"])[1]
    about = schema.get("description", "")
    return f" {about}" if about else ""


def _kind(wanted: str | list[str]) -> str:
    kinds = [wanted] if isinstance(wanted, str) else wanted
    return " or ".join(_KINDS.get(kind, kind) for kind in kinds)


def _meant(error: ValidationError, values: list[Any]) -> str:
    return hint(error.instance, map(str, values)) if isinstance(error.instance, str) else ""
