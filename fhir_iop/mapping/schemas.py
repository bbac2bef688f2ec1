"""What must hold of record schemas, beyond being JSON Schema, before mappings can be checked against them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.mapping.order import KEYWORD
from fhir_iop.mapping.refusal import hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.mapping.document import Place, Problems
    from fhir_iop.mapping.shapes import SchemaLibrary, Shape

_Way = tuple[str | int, ...]
ENVELOPE = ("record", "id")
_DEEPEST = 20


def check_library(library: SchemaLibrary, problems: Problems) -> bool:
    """Report each `$ref` that leads nowhere and each ordered field that isn't there; return whether all is well."""
    found = [
        (file, way, reason)
        for file in library.files
        for way, schema in _objects(library.content(file), ())
        for way, reason in _faults(library, file, schema, way)
    ]
    for file, way, reason in found:
        problems.add("mapping-schema", library.place(file, way), reason=reason)
    return not found


def check_root(shape: Shape, file: str, kind: str, place: Place, problems: Problems) -> bool:
    """Report a schema that isn't of an object whose ``record`` says ``kind`` and whose ``id`` is a text, always there.

    ``place`` is where the mapping names the schema's ``file``. Returns whether its fields can be looked at.
    """
    reasons = []
    endless = _is_deeper(shape, _DEEPEST)
    if endless:
        reasons.append(f"fields are nested more than {_DEEPEST} deep, or without end")
    elif shape.kind != "object":
        reasons.append("a record is an object")
    else:
        reasons += [f"`{name}` is not required" for name in ENVELOPE if not shape.requires(name)]
        record, identity = (shape.field(name) for name in ENVELOPE)
        if record is None or record.enum != (kind,):
            reasons.append(f"`record` is not the constant `{kind}`")
        if identity is None or identity.kind != "string":
            reasons.append("`id` is not a string")
    for reason in reasons:
        problems.add("mapping-schema", place, reason=f"in {file}, {reason}")
    return not endless


def _is_deeper(shape: Shape, limit: int) -> bool:
    if limit == 0:
        return True
    inner = [shape.field(name) for name in shape.properties] + [shape.item]
    return any(_is_deeper(one, limit - 1) for one in inner if one is not None)


def _objects(value: Any, way: _Way) -> Iterator[tuple[_Way, dict[str, Any]]]:
    """Yield every object of a schema, with the way to it."""
    if isinstance(value, dict):
        yield way, value
        for name, inner in value.items():
            yield from _objects(inner, (*way, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _objects(inner, (*way, index))


def _faults(library: SchemaLibrary, file: str, schema: dict[str, Any], way: _Way) -> Iterator[tuple[_Way, str]]:
    reference = schema.get("$ref")
    if isinstance(reference, str) and not library.leads(file, reference):
        yield (*way, "$ref"), f"$ref leads nowhere: {reference}"
    pairs = schema.get(KEYWORD)
    for index, pair in enumerate(pairs if isinstance(pairs, list) else ()):
        for end, named in enumerate(pair):
            missing = _missing(library.inside(file, schema), str(named).split("."))
            if missing is not None:
                yield (*way, KEYWORD, index, end), missing


def _missing(shape: Shape, steps: list[str]) -> str | None:
    """Return what to say where there is no field at ``steps``."""
    for step in steps:
        inner = shape.field(step)
        if inner is None:
            return f"`{KEYWORD}` names no field: {'.'.join(steps)}.{hint(step, shape.properties)}".rstrip(".")
        shape = inner
    return None
