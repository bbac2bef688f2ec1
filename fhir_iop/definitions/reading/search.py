"""SearchParameter (https://hl7.org/fhir/R4/searchparameter.html) → SearchParameter, one for each type it serves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.definitions.schema import SearchParameter

if TYPE_CHECKING:
    from collections.abc import Iterator

_START: Final = re.compile(r"[\s(]*([A-Za-z]+)")
_ANY_TYPE: Final = frozenset({"Resource", "DomainResource"})


def search_parameters_of(resource: dict[str, Any]) -> Iterator[tuple[str, SearchParameter]]:
    """Go through the types that a SearchParameter serves, each with the parameter as it applies to that type.

    A parameter that no expression or no type is given for can't be searched by value; those without a type are left
    out, the others (``_text``, ``_content``) have an empty expression.
    Raises KeyError, TypeError or ValueError where the resource isn't a SearchParameter.
    """
    whole = resource.get("expression", "")
    for type_ in resource.get("base", ()):
        yield (
            type_,
            SearchParameter(
                url=resource["url"],
                code=resource["code"],
                type=resource["type"],
                base=tuple(resource["base"]),
                expression=narrowed(whole, type_),
                target=tuple(resource.get("target", ())),
                components=tuple((one["definition"], one["expression"]) for one in resource.get("component", ())),
                experimental=resource.get("experimental", False),
            ),
        )


def narrowed(expression: str, type_: str) -> str:
    """Return the parts of a union that can hold something for a resource of ``type_``.

    R4 gives many types one parameter whose expression is the union of ``Type.element`` for each of them. A part that
    begins with another type's name yields nothing; the whole is kept where no part names this type.
    """
    parts = union_parts(expression)
    kept = []
    for part in parts:
        found = _START.match(part)
        if found is None or not found[1][0].isupper() or found[1] == type_ or found[1] in _ANY_TYPE:
            kept.append(part)
    return " | ".join(kept) if kept else expression


def union_parts(expression: str) -> list[str]:
    """Split an expression at the ``|`` that stand outside of brackets and string literals."""
    parts, depth, quote, start = [], 0, "", 0
    at = 0
    while at < len(expression):
        character = expression[at]
        if quote:
            if character == "\\":
                at += 1
            elif character == quote:
                quote = ""
        elif character in "'`\"":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "|" and depth == 0:
            parts.append(expression[start:at].strip())
            start = at + 1
        at += 1
    return [*parts, expression[start:].strip()]
