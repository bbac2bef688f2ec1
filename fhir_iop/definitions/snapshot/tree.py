"""A snapshot as a tree: children below their parents, slices beside what they slice."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fhir_iop.definitions.schema import Element


@dataclass(slots=True)
class Node:
    """An element, its children (None where the snapshot doesn't go into them), and its slices in order.

    ``inherited`` is the node of the base that this one began as, which never changes: slices begin as copies of it.
    ``borrowed``: the children are those of a type, for the base doesn't go into them.
    """

    element: Element
    children: list[Node] | None = None
    slices: list[Node] = field(default_factory=list)
    inherited: Node | None = None
    borrowed: bool = False

    @property
    def name(self) -> str:
        """The last part of the path: ``value[x]``."""
        return self.element.name

    def copy(self, *, slices: bool = True) -> Node:
        """Return a copy that may be changed, with this node as what it inherits."""
        children = None if self.children is None else [child.copy() for child in self.children]
        return Node(self.element, children, [each.copy() for each in self.slices] if slices else [], self)

    def child(self, name: str) -> Node | None:
        """Return the child called ``name``, or None."""
        return next((child for child in self.children or () if child.name == name), None)

    def slice(self, name: str) -> Node | None:
        """Return the slice called ``name``, or None."""
        return next((each for each in self.slices if each.element.slice_name == name), None)

    def add_slice(self, node: Node) -> None:
        """Add a slice: a re-slice ``a/b`` behind ``a`` and its other re-slices, any other at the end."""
        sliced, _, _ = (node.element.slice_name or "").rpartition("/")
        at = len(self.slices)
        if sliced:
            family = [
                i
                for i, each in enumerate(self.slices)
                if each.element.slice_name == sliced or (each.element.slice_name or "").startswith(sliced + "/")
            ]
            at = family[-1] + 1 if family else at
        self.slices.insert(at, node)


def tree_of(elements: Sequence[Element]) -> Node:
    """Return the root of a snapshot's tree. Elements whose parent isn't there are left out."""
    root = Node(elements[0])
    nodes = {elements[0].id: root}
    for element in elements[1:]:
        parent = nodes.get(element.id.rpartition(".")[0])
        if parent is None:
            continue
        node = nodes[element.id] = Node(element)
        sliced = parent.child(element.name) if element.slice_name is not None else None
        if sliced is not None:
            sliced.slices.append(node)
        else:
            if parent.children is None:
                parent.children = []
            parent.children.append(node)
    return root


def elements_of(root: Node) -> tuple[Element, ...]:
    """Return the elements of a tree in a snapshot's order, with the ids and paths that follow from their places."""
    return tuple(_walk(root, root.element.path, root.element.path))


def _walk(node: Node, id_: str, path: str) -> Iterator[Element]:
    element = node.element
    yield element if (element.id, element.path) == (id_, path) else replace(element, id=id_, path=path)
    for child in node.children or ():
        child_id, child_path = f"{id_}.{child.name}", f"{path}.{child.name}"
        yield from _walk(child, child_id, child_path)
        for each in child.slices:
            yield from _walk(each, f"{child_id}:{each.element.slice_name}", child_path)
