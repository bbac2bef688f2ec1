"""The form of a mapping file, and of one that names the columns of CSV, each by its own JSON Schema in `mappings/`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from fhir_iop import data
from fhir_iop.fhir import json
from fhir_iop.mapping.refusal import hint

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

    from fhir_iop.mapping.document import Located, Place, Problems

GRAMMAR = "mapping.schema.json"
COLUMNS = "columns.schema.json"


@cache
def _grammar(file: str) -> tuple[dict[str, Any], jsonschema_rs.Draft202012Validator]:
    schema = json.decode_object((data.folder("mappings") / file).read_bytes())
    return schema, jsonschema_rs.Draft202012Validator(schema)


def fits(document: Located, problems: Problems, grammar: str = GRAMMAR) -> bool:
    """Whether ``document`` has the form that ``grammar`` says; what doesn't fit is reported at its place."""
    schema, validator = _grammar(grammar)
    found = list(validator.iter_errors(document.plain()))
    for error in found:
        place, reason = _told(error, document, schema)
        problems.add("mapping-grammar", place, reason=reason)
    return not found


def _told(error: ValidationError, document: Located, schema: dict[str, Any]) -> tuple[Place, str]:
    at, place = document, document.place
    for step in error.instance_path:
        if isinstance(at.value, dict):
            name = str(step)  # a key such as "1" comes as a number
            place, at = at.keys[name], at.value[name]
        else:
            at = at.value[step]
            place = at.place
    facts: dict[str, Any] = error.kind.as_dict()
    if error.kind.name == "additionalProperties":
        name = facts["unexpected"][0]
        owner = _owner(error, schema)
        return at.keys[name], f"there is no `{name}`{hint(name, owner.get('properties', {})).replace('?', '')}".rstrip(
            "."
        )
    if error.kind.name == "required":
        return place, f"`{facts['property']}` is missing"
    if error.kind.name in {"oneOf", "oneOfNotValid"} and "rules" in error.instance_path:
        return place, "a rule is a line, `use:`, or `each:`, `with:` or `when:` together with `rules:`"
    return place, str(_owner(error, schema).get("description", error.kind.name)).rstrip(".")


def _owner(error: ValidationError, schema: dict[str, Any]) -> dict[str, Any]:
    found: Any = schema
    for step in error.schema_path[:-1]:
        found = found[step]
    return found if isinstance(found, dict) else {}
