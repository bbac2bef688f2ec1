"""The snapshot of a profile, from its differential and the snapshot of what it derives from."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from fhir_iop.definitions.reading.structures import element_of, structure_of
from fhir_iop.definitions.schema import Discriminator, Slicing
from fhir_iop.definitions.snapshot.choices import BY_TYPE, is_choice, is_value_of_extension, type_in
from fhir_iop.definitions.snapshot.differential import changes
from fhir_iop.definitions.snapshot.merge import merged
from fhir_iop.definitions.snapshot.settling import EXTENSIONS, settle
from fhir_iop.definitions.snapshot.tree import Node, elements_of, tree_of
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from fhir_iop.definitions.schema import Element, Structure
    from fhir_iop.definitions.snapshot.differential import Change, Step
    from fhir_iop.issue import Issue

_BY_URL: Final = Slicing((Discriminator("value", "url"),), "open")
_STEM: Final = re.compile(r"[a-z]+")  # value of valueQuantity


class Source(Protocol):
    """Where the generator finds what a differential builds on."""

    def structure(self, canonical: str) -> Structure | None:
        """Return a structure by canonical, as the profile's package means it."""

    def type(self, name: str) -> Structure | None:
        """Return the base definition of a type."""

    def is_a(self, name: str, ancestor: str) -> bool:
        """Whether a type is or specialises another."""


def generate(resource: dict[str, Any], source: Source) -> Structure:
    """Return the Structure of a StructureDefinition that has a differential, its snapshot generated.

    What the differential may not say, and what it builds on that isn't at hand, is told in the Structure's ``issues``;
    the snapshot is then as near to what was meant as can be. Raises KeyError, TypeError, ValueError or AttributeError
    where the resource isn't a StructureDefinition.
    """
    generator = _Generator(resource, source)
    elements = generator.run(resource.get("differential", {}).get("element", []))
    return replace(structure_of(resource, elements), issues=tuple(generator.issues))


class _Generator:
    def __init__(self, resource: dict[str, Any], source: Source) -> None:
        self.url: str = resource["url"]
        self.issues: list[Issue] = []
        self._source = source
        self._change: Change | None = None
        self._new_type: str = resource["type"] if resource.get("derivation") == "specialization" else ""
        base = self._find_base(resource)
        self._pristine = None if base is None else tree_of(base.elements)
        self._changes: tuple[Change, ...] = ()
        self._new_slices: list[tuple[Node, Node]] = []

    def _find_base(self, resource: dict[str, Any]) -> Structure | None:
        canonical = resource.get("baseDefinition")
        if canonical is None:
            return None
        base = self._source.structure(canonical)
        if base is None:
            self.report("snapshot-base", base=canonical)
            base = self._source.type(resource["type"])
        return base

    def run(self, differential: list[dict[str, Any]]) -> tuple[Element, ...]:
        if self._pristine is None:
            return tuple(map(element_of, differential))
        root = self._pristine.copy()
        if self._new_type:
            root.element = replace(root.element, id=self._new_type, path=self._new_type)
        self._changes = tuple(changes(differential))
        for change in self._changes:
            self._change = change
            self._apply(root, change)
        settle(self._new_slices)
        return elements_of(root)

    # --- what a merge asks ----------------------------------------------------------------------------------------

    def is_a(self, name: str, ancestor: str) -> bool:
        return self._source.is_a(name, ancestor)

    def type_named_by(self, profile: str) -> str | None:
        structure = self._source.structure(profile)
        return None if structure is None else structure.type

    def report(self, rule: str, **facts: Any) -> None:
        change = self._change
        place = "StructureDefinition" + (f".differential.element[{change.number}]" if change else "")
        self.issues.append(issue(rule, place, profile=self.url, element=change.id if change else "", **facts))

    # --- the walk -------------------------------------------------------------------------------------------------

    def _apply(self, root: Node, change: Change) -> None:
        node = root
        in_slice = False
        for depth, (name, slice_name) in enumerate(change.steps[1:], 1):
            below = self._step(
                node, name, slice_name, direct=in_slice and self._is_only_choice(change.steps[:depth], name)
            )
            if below is None:
                self._add(node, change)
                return
            in_slice = (in_slice and not node.borrowed) or below.element.slice_name is not None
            node = below
        element = self._with_type_profile(node.element, change.says)
        node.element = replace(merged(element, change.says, self), slice_name=node.element.slice_name)

    def _is_only_choice(self, parent: tuple[Step, ...], name: str) -> bool:
        """Whether the differential names no other child of ``parent`` that could be the same choice's other type."""
        depth = len(parent)
        named = {
            each.steps[depth] for each in self._changes if len(each.steps) > depth and each.steps[:depth] == parent
        }
        stem = _STEM.match(name)
        return stem is None or sum(step[0].startswith(stem[0]) for step in named) == 1

    def _add(self, parent: Node, change: Change) -> None:
        """Add an element that the base doesn't have: a new type may, a profile may not."""
        if self._new_type and "min" in change.says:
            parent.children = [*(parent.children or ()), Node(element_of(change.says))]
        else:
            self.report("snapshot-path")

    def _step(self, node: Node, name: str, slice_name: str | None, *, direct: bool) -> Node | None:
        """Go from ``node`` to its child, or to a slice of that, which is made where there is none yet.

        valueQuantity is short for the slice of that name of value[x]; inside a slice (``direct``) for value[x] itself,
        which then can be nothing else.
        """
        children = self._children(node)
        child = next((each for each in children if each.name == name), None)
        type_code = None
        if child is None:
            child = next((each for each in children if type_in(each, name)), None)
            if child is None:
                return None
            type_code = type_in(child, name)
            if direct and slice_name is None and not node.borrowed:
                kept = tuple(type_ for type_ in child.element.types if type_.code == type_code)
                child.element = replace(child.element, types=kept)
                return child
            slice_name = slice_name or name
        if slice_name is None:
            return child
        return child.slice(slice_name) or self._new_slice(child, slice_name, type_code)

    def _new_slice(self, sliced: Node, name: str, type_code: str | None) -> Node:
        """Begin a slice as what the base says of the sliced element, or a re-slice as the slice that it divides."""
        divided = sliced.slice(name.rpartition("/")[0])
        node = (divided or sliced.inherited or sliced).copy(slices=False)
        element = replace(node.element, slice_name=name, slicing=None)
        if type_code is not None:
            element = replace(element, types=tuple(each for each in element.types if each.code == type_code))
        if not is_value_of_extension(sliced):
            element = replace(element, min=0)  # what must be there once need not be there in this form
        node.element = element
        self._ensure_sliced(sliced, name)
        self._new_slices.append((node, sliced))
        sliced.add_slice(node)
        return node

    def _ensure_sliced(self, node: Node, slice_name: str) -> None:
        """Extensions are sliced by url and choices by type without saying so; all else has to say how."""
        slicing = node.element.slicing
        if slicing is None:
            implied = _BY_URL if node.name in EXTENSIONS else BY_TYPE if is_choice(node) else None
            node.element = replace(node.element, slicing=implied)
            if implied is None and "/" not in slice_name:
                self.report("snapshot-unsliced", slice=slice_name)
        elif slicing.rules == "closed" and node.inherited is not None and node.inherited.element.slicing == slicing:
            self.report("snapshot-closed", slice=slice_name)

    def _with_type_profile(self, element: Element, says: dict[str, Any]) -> Element:
        """Begin an extension as its definition says: how often it may come, whether it modifies, its invariants."""
        types = says.get("type", ())
        if len(types) != 1 or len(types[0].get("profile", ())) != 1 or [t.code for t in element.types] != ["Extension"]:
            return element
        (canonical,) = types[0]["profile"]
        if element.types[0].profiles == (canonical,):
            return element
        definition = self._source.structure(canonical)
        if definition is None or definition.type != "Extension":
            return element
        root = definition.elements[0]
        by_key = {constraint.key: constraint for constraint in (*element.constraints, *root.constraints)}
        return replace(
            element,
            min=0 if element.slice_name is not None else root.min,
            max=root.max,
            is_modifier=root.is_modifier,
            constraints=tuple(by_key.values()),
        )

    # --- below what the base says ---------------------------------------------------------------------------------

    def _children(self, node: Node) -> list[Node]:
        """Return the children of ``node``; those of its type, type profile or content reference, if it shows none."""
        if node.children is None:
            if node.element.content_reference:
                node.children = self._referred(node)
            else:
                shape = self._shape(node.element)
                node.children = [] if shape is None else _below(tree_of(shape.elements))
                node.borrowed = True
        return node.children

    def _referred(self, node: Node) -> list[Node]:
        """Return the children that a content reference points to, in the profile's base or in another type."""
        id_ = (node.element.content_reference or "").rpartition("#")[2]
        root = self._pristine
        if root is None or root.name != id_.partition(".")[0]:
            other = self._source.type(id_.partition(".")[0])
            root = None if other is None else tree_of(other.elements)
        target = root and _find(root, id_)
        if target is None:
            return []
        node.element = replace(node.element, content_reference=None, types=target.element.types)
        return _below(target)

    def _shape(self, element: Element) -> Structure | None:
        codes = {type_.code for type_ in element.types}
        if len(codes) != 1:
            return self._source.type("Element") if codes else None
        (code,) = codes
        profiles = element.types[0].profiles
        profiled = self._source.structure(profiles[0]) if len(profiles) == 1 else None
        return profiled or self._source.type(code)


def _below(root: Node) -> list[Node]:
    """Copy a node's children, so that they may be changed and what they inherit stays."""
    return root.copy().children or []


def _find(root: Node, id_: str) -> Node | None:
    node: Node | None = root
    for name in id_.split(".")[1:]:
        node = node and node.child(name)
    return node
