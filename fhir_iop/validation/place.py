"""Where in a resource a value stands, told as FHIRPath and as the JSON path that leads there."""

from __future__ import annotations

from fhir_iop.fhir.names import told

__all__ = ["JsonPath", "Place", "told"]

JsonPath = tuple[str | int, ...]


class Place:
    """One step of a way that begins at the resource: a chain, made only while findings are made.

    ``step`` is the FHIRPath of the last element (``name``, ``value.ofType(Quantity)``), ``key`` its JSON property and
    ``index`` its position in a repeating element.
    """

    __slots__ = ("index", "key", "parent", "step")

    def __init__(self, step: str, key: str = "", index: int | None = None, parent: Place | None = None) -> None:
        self.step = step
        self.key = key
        self.index = index
        self.parent = parent

    def down(self, step: str, key: str, index: int | None = None) -> Place:
        """Return the place of a child."""
        return Place(step, key, index, self)

    @property
    def expression(self) -> str:
        """A FHIRPath that leads to the element: ``Patient.name[0].given[1]``.

        A choice names its type (``Observation.value.ofType(Quantity).unit``), as HL7's own validator has it.
        """
        return ".".join(place.step if place.index is None else f"{place.step}[{place.index}]" for place in self._way())

    @property
    def json_path(self) -> JsonPath:
        """The properties and indices from the resource's JSON object down to the value."""
        return tuple(part for place in self._way()[1:] for part in (place.key, place.index) if part not in (None, ""))

    def _way(self) -> list[Place]:
        way: list[Place] = []
        place: Place | None = self
        while place is not None:
            way.append(place)
            place = place.parent
        return way[::-1]
