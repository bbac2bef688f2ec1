"""Invariants inside the functions that look at objects: as plain Python where they are short, else behind a glance.

The FHIRPath compiler's own source is read (``fhirpath.Expression.source``): an invariant that is one Python expression
stands in the function as it is; of another, which looks at a few properties only, nothing is asked where none is there.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fhir_iop.fhirpath import FhirPathError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fhir_iop.definitions.derived import Derived
    from fhir_iop.validation.invariants import Invariant

_LOCAL: Final = re.compile(r"v\d+")
_BUILT_IN: Final = frozenset({"this", "bool", "len"})
_MOST_PROPERTIES: Final = 4


class _Read(NamedTuple):
    """What an invariant's source says: the expression that it is, and the properties that alone decide it."""

    expression: str | None
    properties: frozenset[str] | None


def conditions(
    invariants: Iterable[Invariant], constant: Callable[[Any, str], str], derived: Derived, *, plain: bool
) -> list[str]:
    """Return Python expressions on an object ``v`` that are all true where all ``invariants`` hold.

    ``constant`` names an object for them; the surroundings are ``here``. ``derived`` keeps what was read of a source.
    ``plain`` data has no `_` properties.
    """
    found = []
    guarded: dict[frozenset[str], list[str]] = {}
    for one in invariants:
        read = _kept(one.source, derived)
        call = f"{constant(one.holds, 'holds')}({'v, here' if one.needs_context else 'v'})"
        if read.expression is not None:
            found.append(f"({_of_plain(read.expression) if plain else read.expression})")
        elif read.properties is not None and _holds_for_nothing(one):
            names = read.properties
            guarded.setdefault(frozenset(name for name in names if name[0] != "_" or not plain), []).append(call)
        else:
            found.append(call)
    for properties, calls in guarded.items():
        if len(properties) <= _MOST_PROPERTIES:
            absent = " and ".join(f"{name!r} not in v" for name in sorted(properties))
            found.append(f"({absent or 'True'} or {' and '.join(calls)})")
        else:
            found += calls
    return found


def _holds_for_nothing(one: Invariant) -> bool:
    try:
        return one.holds is not None and one.holds({}) is True
    except FhirPathError:
        return False


def _kept(source: str, derived: Derived) -> _Read:
    found = derived.find("read", source)
    if found is None:
        found = _read(source)
        derived.keep("read", source, tuple(found))
    return _Read(*found)


def _read(source: str) -> _Read:
    """Read the source of a function ``holds(this, context=None)``."""
    function = next((node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)), None)
    attempt = next((node for node in function.body if isinstance(node, ast.Try)), None) if function else None
    if attempt is None:
        return _Read(None, None)
    names = {node.id for part in attempt.body for node in ast.walk(part) if isinstance(node, ast.Name)}
    is_local = all(name in _BUILT_IN or _LOCAL.fullmatch(name) for name in names)
    if is_local and len(attempt.body) == 1 and isinstance(only := attempt.body[0], ast.Return) and only.value:
        return _Read(ast.unparse(_Renamed().visit(only.value)), None)
    return _Read(None, None if "context" in names else _properties(attempt.body))


class _Renamed(ast.NodeTransformer):
    """Calls the object ``v``, as the function does that the expression will stand in."""

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.copy_location(ast.Name("v", node.ctx), node) if node.id == "this" else node


def _properties(body: list[ast.stmt]) -> frozenset[str] | None:
    """Return the properties of ``this`` that the code asks for; None where it does something else with it."""
    uses = 0
    found = set()
    for node in (node for part in body for node in ast.walk(part)):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="this"), attr="get"), args=[ast.Constant(value=name), *_]
            ):
                found.add(str(name))
                uses -= 1
            case ast.Compare(left=ast.Constant(value=name), ops=[ast.In()], comparators=[ast.Name(id="this")]):
                found.add(str(name))
                uses -= 1
            case ast.Name(id="this"):
                uses += 1
    return frozenset(found) if uses == 0 else None


_EITHER: Final = re.compile(r"'(\w+)' in v or '_\1' in v")
_ANY: Final = re.compile(r"v\.get\('(\w+)'\) or v\.get\('_\1'\)")


def _of_plain(expression: str) -> str:
    """Return an expression without its questions for `_` properties."""
    return _ANY.sub(r"v.get('\1')", _EITHER.sub(r"'\1' in v", expression))
