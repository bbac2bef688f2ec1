"""What is known about a value before there is any data: its types, and how many items it can hold."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fhir_iop.fhirpath.model import OPEN_TYPES, PRIMITIVES, category


@dataclass(frozen=True, slots=True)
class Shape:
    """The static type of an expression.

    ``names`` are the types an item may have, None where it may be any (``children()``); ``many`` is set where there
    may be several items, ``sure`` where there is always exactly one, ``ordered`` where the standard gives an order.
    """

    names: frozenset[str] | None
    many: bool = False
    sure: bool = False
    ordered: bool = True

    @property
    def name(self) -> str | None:
        """The one type that all items have, None where there are several or any."""
        return next(iter(self.names)) if self.names is not None and len(self.names) == 1 else None

    @property
    def category(self) -> str | None:
        """The one System type that all items convert to, None where there is none."""
        return category(self.names) if self.names else None

    @property
    def is_empty(self) -> bool:
        """Whether there is never an item."""
        return self.names is not None and not self.names

    @property
    def is_primitive(self) -> bool:
        """Whether items are of one FHIR primitive type."""
        return self.name in PRIMITIVES

    @property
    def is_mixed(self) -> bool:
        """Whether an item's type shows only when the expression runs."""
        return self.names is None or len(self.names) > 1

    @property
    def is_open(self) -> bool:
        """Whether items are resources of a type that only their ``resourceType`` tells."""
        return self.name in OPEN_TYPES

    def described(self) -> str:
        """Name the types for a message."""
        if self.names is None:
            return "any type"
        names = sorted(self.names)
        return " or ".join(names[:3]) + (" …" if len(names) > 3 else "") if names else "nothing"

    def as_many(self) -> Shape:
        """Return the shape of any number of such items."""
        return replace(self, many=True, sure=False)

    def as_item(self) -> Shape:
        """Return the shape of exactly one such item."""
        return replace(self, many=False, sure=True, ordered=True)

    def as_one(self) -> Shape:
        """Return the shape of at most one such item."""
        return replace(self, many=False, sure=False, ordered=True)


def system(name: str, *, many: bool = False, sure: bool = False) -> Shape:
    """Return the shape of a System type (``String``)."""
    return Shape(frozenset({f"System.{name}"}), many, sure and not many)


def either(*shapes: Shape) -> frozenset[str] | None:
    """Return the types of items that come from any of ``shapes``."""
    names: frozenset[str] = frozenset()
    for shape in shapes:
        if shape.names is None:
            return None
        names |= shape.names
    return names


ANY = Shape(None, many=True)
NOTHING = Shape(frozenset())
