"""Record schemas: what a kind of record may hold, looked at field by field.

A record's schema is JSON Schema 2020-12. Mappings are checked against what is plain to see in it: ``properties``,
``required``, ``items``, ``enum``, ``type``, ``format``, ``default`` and ``$ref``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urljoin

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from fhir_iop.errors import BadInput
from fhir_iop.fhir import json
from fhir_iop.mapping import formats
from fhir_iop.mapping.document import Place, Problems, read

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from fhir_iop.mapping.document import Located

SUFFIX = ".schema.json"


class SchemaLibrary:
    """All record schemas of some folders, by ``$id``; a later folder's schema replaces one of the same ``$id``."""

    def __init__(self, folders: Iterable[Path], problems: Problems) -> None:
        self._by_id: dict[str, dict[str, Any]] = {}
        self._by_file: dict[str, str] = {}
        self._paths: dict[str, Path] = {}
        for path in (path for folder in folders for path in sorted(folder.glob("*" + SUFFIX))):
            schema = _read(path, problems)
            if schema is not None:
                self._by_id[schema["$id"]] = schema
                self._by_file[path.name] = schema["$id"]
                self._paths[path.name] = path

    def extend(self, file: str, additions: Iterable[Located], problems: Problems) -> None:
        """Add fields to the schema in ``file``, as a schema of its own: what refers to the first sees no change."""
        identifier = self._by_file.get(file)
        for added in additions if identifier is not None else ():
            fields = added.plain()
            schema = self._by_id[self._by_file[file]]
            schema = {**schema, "properties": {**schema.get("properties", {}), **fields}}
            schema["$id"] = f"{identifier}?with={added.place.file}"
            try:
                Draft202012Validator.check_schema(schema)
            except SchemaError as error:
                place = added.at(list(error.absolute_path)[1:])  # behind `properties`
                problems.add("mapping-schema", place, reason=f"at {error.json_path}: {error.message}")
                continue
            self._by_id[schema["$id"]] = schema
            self._by_file[file] = schema["$id"]

    @cached_property
    def _registry(self) -> jsonschema_rs.Registry:
        return jsonschema_rs.Registry(list(self._by_id.items()))

    @property
    def files(self) -> list[str]:
        """The names of the schemas' files."""
        return sorted(self._by_file)

    def content(self, file: str) -> dict[str, Any]:
        """Return the schema in ``file``."""
        return self._by_id[self._by_file[file]]

    def place(self, file: str, way: Iterable[str | int]) -> Place:
        """Return where ``way`` leads to in the schema in ``file``."""
        return _place(self._paths[file], way)

    def leads(self, file: str, reference: str) -> bool:
        """Whether a ``$ref`` in the schema in ``file`` leads to a schema, and not through others back to itself."""
        base, found, seen = self._by_file[file], {"$ref": reference}, set()
        try:
            while "$ref" in found:
                step = (base, found["$ref"])
                if step in seen:
                    return False
                seen.add(step)
                base, found = self.resolve(*step)
        except (KeyError, IndexError, ValueError, TypeError):
            return False
        return isinstance(found, dict)

    def inside(self, file: str, schema: dict[str, Any]) -> Shape:
        """Return the shape of ``schema``, which stands in ``file``."""
        return Shape(self, self._by_file[file], schema)

    def shape(self, file: str) -> Shape | None:
        """Return the root of the schema in ``file``, or None."""
        identifier = self._by_file.get(file)
        return None if identifier is None else Shape(self, identifier, self._by_id[identifier])

    def validator(self, shape: Shape) -> jsonschema_rs.Draft202012Validator:
        """Return the compiled check of a schema, by its root; formats are asserted. Nothing is added after it."""
        return jsonschema_rs.Draft202012Validator(
            shape.schema, registry=self._registry, validate_formats=True, formats=formats.CHECKED
        )

    def resolve(self, base: str, reference: str) -> tuple[str, dict[str, Any]]:
        """Follow a ``$ref``; the answer has the base for references inside. Raises KeyError where nothing is there."""
        identifier, fragment = urldefrag(urljoin(base, reference))
        found: Any = self._by_id[identifier]
        for part in fragment.split("/")[1:]:
            key = unquote(part).replace("~1", "/").replace("~0", "~")
            found = found[int(key)] if isinstance(found, list) else found[key]
        return identifier, found


def _place(path: Path, way: Iterable[str | int]) -> Place:
    """Return where ``way`` leads to in a JSON file, which YAML reads too; of a file that it can't, where that stops."""
    found = Problems()
    located = read(path, found)
    if located is not None:
        return located.at(way)
    return Place(path.name, found.found[0].line or 1, found.found[0].column or 1)


def _read(path: Path, problems: Problems) -> dict[str, Any] | None:
    start = Place(path.name, 1, 1)
    try:
        schema = json.decode_object(path.read_bytes())
        if not jsonschema_rs.meta.is_valid(schema):
            Draft202012Validator.check_schema(schema)
    except OSError as error:
        problems.add("mapping-file", start, reason=error.strerror or "it can't be read")
        return None
    except BadInput as error:
        problems.add("mapping-schema", _place(path, ()), reason=error.issues[0].details)
        return None
    except SchemaError as error:
        place = _place(path, error.absolute_path)
        problems.add("mapping-schema", place, reason=f"at {error.json_path}: {error.message}")
        return None
    if "$id" not in schema:
        problems.add("mapping-schema", start, reason="it has no $id")
        return None
    return schema


@dataclass(frozen=True)
class Shape:
    """One place of a record's schema, with ``$ref`` followed."""

    library: SchemaLibrary = field(repr=False)
    base: str
    schema: dict[str, Any] = field(repr=False)

    def _at(self, schema: dict[str, Any]) -> Shape:
        base = self.base
        merged = dict(schema)
        while "$ref" in merged:  # words beside a $ref win over those that it leads to
            base, found = self.library.resolve(base, merged.pop("$ref"))
            merged = {**found, **merged}
        return Shape(self.library, base, merged)

    @property
    def properties(self) -> dict[str, Any]:
        """The fields of an object, unresolved."""
        found: dict[str, Any] = self.schema.get("properties", {})
        return found

    def field(self, name: str) -> Shape | None:
        """Return the field called ``name``."""
        found = self.properties.get(name)
        return None if found is None else self._at(found)

    def requires(self, name: str) -> bool:
        """Whether the field called ``name`` is always there."""
        return name in self.schema.get("required", ())

    @property
    def item(self) -> Shape | None:
        """What a list holds."""
        found = self.schema.get("items")
        return self._at(found) if isinstance(found, dict) else None

    @property
    def kind(self) -> str:
        """JSON Schema's name of the type; of an enumeration or constant, the type of its values."""
        if "type" in self.schema:
            return str(self.schema["type"])
        values = self.enum
        if values and all(isinstance(value, bool) for value in values):
            return "boolean"
        if values and all(isinstance(value, int) for value in values):
            return "integer"
        return "string" if values else "any"

    @property
    def enum(self) -> tuple[Any, ...] | None:
        """All values that it may have, where they are few."""
        if "const" in self.schema:
            return (self.schema["const"],)
        if "enum" in self.schema:
            return tuple(self.schema["enum"])
        return (False, True) if self.schema.get("type") == "boolean" else None

    def excludes(self, one: str, other: str) -> bool:
        """Whether the schema says that two fields never come together."""
        rules = [self.schema, *self.schema.get("allOf", [])]
        return any(_excludes(rule, {one, other}) for rule in rules)


def _excludes(rule: dict[str, Any], both: set[str]) -> bool:
    one_of = [set(branch.get("required", ())) for branch in rule.get("oneOf", ())]
    if len(one_of) > 1 and all(len(required) == 1 for required in one_of) and both <= set().union(*one_of):
        return True
    forbidden = dict(rule.get("not", {}))
    together = set(forbidden.pop("required", ()))
    others = [set(branch.get("required", ())) for branch in forbidden.pop("anyOf", ())]
    if not together or forbidden:
        return False
    return any(together | other == both for other in others or [set()])
