"""What the quick check of one thread is looking at: the resource around a value, and the values to look at closely."""

from __future__ import annotations

from threading import local
from typing import TYPE_CHECKING, Any

from fhir_iop.validation.frame import Frame

if TYPE_CHECKING:
    from fhir_iop.validation.frame import Outside


class Surroundings(local):
    """One for each thread, so that compiled checks take a value and nothing else."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside
        self.noted: list[Any] = []
        self._resource: dict[str, Any] = {}
        self._frame: Frame | None = None

    def enter(self, resource: dict[str, Any]) -> None:
        """Begin with another resource."""
        self.noted = []
        self._resource = resource
        self._frame = None

    @property
    def frame(self) -> Frame:
        """The frame of the resource, made where a check asks for it: most never do."""
        if self._frame is None:
            self._frame = Frame(self._resource, self.outside)
        return self._frame

    @frame.setter
    def frame(self, frame: Frame) -> None:
        self._frame = frame
