"""The objects that a compiled function refers to by name, told so that another process finds or makes the same.

A function's code is kept on disk (``fhir_iop/definitions/derived.py``), objects aren't: of ours that have a name the
name is kept, of constants what they are made of.
"""

from __future__ import annotations

import re
import sys
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir.quantity import Quantity
from fhir_iop.fhirpath.model import Model, Named
from fhir_iop.fhirpath.patterns import Pattern, compiled
from fhir_iop.fhirpath.runtime import results
from fhir_iop.fhirpath.runtime.results import FAULTS
from fhir_iop.fhirpath.runtime.typed import TypedValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Told = tuple[Any, ...]  # the kind first; what `marshal` knows

_PLAIN: Final = (str, int, bool, type(None))
_OURS: Final = "fhir_iop."


class Untold(Exception):
    """An object that can't be told."""


def told(namespace: Mapping[str, Any], model: Model) -> dict[str, Told]:
    """Return what tells each object of a namespace. Raises Untold where one can't be."""
    return {name: _told(thing, model) for name, thing in namespace.items()}


def found(namespace: Mapping[str, Told], model: Model) -> dict[str, Any]:
    """Return the objects that are told, for the definitions of ``model``."""
    return {name: _FOUND[kind](model, *parts) for name, (kind, *parts) in namespace.items()}


def _told(thing: Any, model: Model) -> Told:
    if thing is model:
        return ("model",)
    if thing is FAULTS:
        return ("name", results.__name__, "FAULTS")
    if type(thing) in _PLAIN:
        return ("plain", thing)
    for kinds, tell in _TOLD:
        if isinstance(thing, kinds):
            return tell(thing, model)
    if type(thing) is object or (type(thing) is dict and not thing):  # within one function, where any new one will do
        return ("new", type(thing).__name__)
    return _named(thing)


def _named(thing: Any) -> Told:
    """Tell an object by the name that it has in a module of ours."""
    if isinstance(getattr(thing, "__self__", None), re.Pattern):
        return ("regex", thing.__self__.pattern, thing.__self__.flags, thing.__name__)
    module, name = getattr(thing, "__module__", None) or "", getattr(thing, "__qualname__", "")
    if not module.startswith(_OURS) or getattr(sys.modules.get(module), name, None) is not thing:
        raise Untold
    return ("name", module, name)


_TOLD: Final[tuple[tuple[type, Callable[[Any, Model], Told]], ...]] = (
    (Decimal, lambda thing, _: ("decimal", str(thing))),
    (Quantity, lambda thing, _: ("quantity", str(thing.value), thing.unit, thing.calendar)),
    (TypedValue, lambda thing, model: ("typed", thing.type, _told(thing.value, model))),
    (tuple, lambda thing, model: ("tuple", *(_told(each, model) for each in thing))),
    (Named, lambda thing, _: ("children", thing.name)),
    (Pattern, lambda thing, _: ("pattern", thing.said)),
)

_FOUND: Final[dict[str, Callable[..., Any]]] = {
    "model": lambda model: model,
    "plain": lambda _, value: value,
    "decimal": lambda _, text: Decimal(text),
    "quantity": lambda _, value, unit, calendar: Quantity(Decimal(value), unit, calendar),
    "typed": lambda model, type_, value: TypedValue(type_, _one(model, value)),
    "tuple": lambda model, *each: tuple(_one(model, one) for one in each),
    "children": lambda model, name: model.named(name),
    "pattern": lambda _, said: compiled(said),
    "new": lambda _, kind: {"dict": dict, "object": object}[kind](),
    "regex": lambda _, text, flags, method: getattr(re.compile(text, flags), method),
    "name": lambda _, module, name: getattr(import_module(module), name),
}


def _one(model: Model, one: Told) -> Any:
    kind, *parts = one
    return _FOUND[kind](model, *parts)
