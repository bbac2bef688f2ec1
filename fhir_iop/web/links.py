"""Replacing links in a resource, as a transaction does when the resources in it get their ids.

https://hl7.org/fhir/R4/http.html#trules: links stand in references, in elements of type uri, url, oid and uuid, and in
the narrative's ``href`` and ``src``; canonicals are left as they are. What an element is, the definitions say: an
identifier's value that happens to be spelt like an entry's fullUrl stays what it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.schema import Element, Structure

_LINK_TYPES = frozenset({"uri", "url", "oid", "uuid"})
_HYPERLINK = re.compile(r"""((?:href|src)\s*=\s*)(["'])(.*?)\2""")


class Links:
    """Walks resources along their definitions, asking for each link what shall stand there instead.

    ``reference`` is asked for ``Reference.reference``, ``link`` for all other links; each gets the text that is there
    and returns the text to write. What doesn't fit the definitions is left as it is, for the validator to find.
    """

    def __init__(self, definitions: Definitions, reference: Callable[[str], str], link: Callable[[str], str]) -> None:
        self._definitions = definitions
        self._reference = reference
        self._link = link
        self._members: dict[tuple[str, str], dict[str, tuple[Element, str]]] = {}

    def replaced(self, value: dict[str, Any], type_: str) -> dict[str, Any]:
        """Return a copy of ``value``, an instance of ``type_``, with its links replaced."""
        structure = self._definitions.type(type_)
        return value if structure is None else self._object(value, structure, structure.elements[0].id)

    def _object(self, value: dict[str, Any], structure: Structure, parent: str) -> dict[str, Any]:
        members = self._members_of(structure, parent)
        return {
            name: self._value(held, structure, *members[name]) if name in members else held
            for name, held in value.items()
        }

    def _value(self, value: Any, structure: Structure, element: Element, code: str) -> Any:
        if isinstance(value, list):
            return [self._value(held, structure, element, code) for held in value]
        if isinstance(value, dict):
            if element.content_reference:
                return self._object(value, structure, element.content_reference.rpartition("#")[2])
            if element.id in structure.children:
                return self._object(value, structure, element.id)
            name = value.get("resourceType") if code == "Resource" else code
            return self.replaced(value, name) if isinstance(name, str) else value
        if isinstance(value, str):
            if element.path == "Reference.reference":
                return self._reference(value)
            if code in _LINK_TYPES:
                return self._link(value)
            if code == "xhtml":
                return _HYPERLINK.sub(lambda found: f"{found[1]}{found[2]}{self._link(found[3])}{found[2]}", value)
        return value

    def _members_of(self, structure: Structure, parent: str) -> dict[str, tuple[Element, str]]:
        """Return the children of ``parent`` by their JSON names, each with its type; a choice has a name a type."""
        members = self._members.get((structure.url, parent))
        if members is None:
            members = {}
            for element in structure.children.get(parent, ()):
                for kind in element.types or (None,):
                    code = kind.code if kind else ""
                    name = element.name.replace("[x]", code[:1].upper() + code[1:])
                    members[name] = (element, code)
            self._members[structure.url, parent] = members
        return members
