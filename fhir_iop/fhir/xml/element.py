"""An XML element that isn't closed yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir.xml.shape import Child
from fhir_iop.fhir.xml.tables import HOLDER, NOTHING, Table

if TYPE_CHECKING:
    from fhir_iop.fhir.xml.places import JsonPath


def nameless(key: str, step: str) -> Child:
    """Return what stands for an element that isn't in the definitions."""
    return Child(key, step, "", "complex", is_list=False, order=-1, attribute=False, node=("", ""))


# A resource has no name of its own where it stands: the path of what holds it leads to it.
RESOURCE: Final = nameless("", "")


class Element:
    """An open element: which child of ``outer`` it is, what its own children are, and its JSON form.

    ``content`` is None for a primitive that has a value only, as long as no extension comes. ``at`` is its number where
    there are several. ``seen`` are the children so far, ``latest`` the highest order among them. ``to_check`` says that
    something remains to be looked at when the element ends.
    """

    __slots__ = ("at", "child", "content", "has_text", "known", "latest", "outer", "seen", "table", "to_check", "told")

    def __init__(
        self, outer: Element | None, child: Child, at: int | None, content: dict[str, Any] | None, table: Table
    ) -> None:
        self.outer = outer
        self.child = child
        self.at = at
        self.content = content
        self.table = table
        self.known = table.known
        self.latest = -1
        self.seen: list[Child] = []
        self.to_check = table is HOLDER
        self.has_text = False
        self.told: set[str] | None = None

    def inside(self) -> dict[str, Any]:
        """Return the object that holds children; a primitive gets its `_` object when the first one comes."""
        content = self.content
        if content is None:
            content = self.content = {}
            holder = {} if self.outer is None else self.outer.inside()
            if self.at is None:
                holder[self.child.sibling] = content
            else:
                _put(holder, self.child.sibling, self.at, content)
        return content

    def tells(self, name: str) -> bool:
        """Whether a fault of the child elements called ``name`` is still to be told; from now on it isn't."""
        if self.told is None:
            self.told = set()
        if name in self.told:
            return False
        self.told.add(name)
        return True

    def place(self) -> tuple[list[str], JsonPath]:
        """Return the FHIRPath steps and the JSON path that lead here from the resource."""
        steps: list[str] = []
        path: list[str | int] = []
        step: Element | None = self
        while step is not None:
            child, at = step.child, step.at
            if at is not None:
                steps.append(f"{child.step}[{at}]")
                path += [at, child.name]
            elif child is not RESOURCE:
                steps.append(child.step)
                path.append(child.name)
            step = step.outer
        return steps[::-1], tuple(reversed(path))


LEAF: Final = Element(None, RESOURCE, None, None, NOTHING)
"""Stands for a primitive without children, as most elements are."""


def _put(content: dict[str, Any], name: str, at: int, value: Any) -> None:
    """Set one item of a list that runs in parallel to another, and may not have begun."""
    held = content.get(name)
    if held is None:
        content[name] = [None] * at + [value]
    else:
        held[at] = value
