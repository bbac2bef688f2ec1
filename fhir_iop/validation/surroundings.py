"""What the quick check of one thread is looking at: the resource around a value."""

from __future__ import annotations

from contextlib import contextmanager
from threading import local
from typing import TYPE_CHECKING, Any

from fhir_iop.validation.frame import Frame
from fhir_iop.validation.primitives import TESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.frame import Outside


class Surroundings(local):
    """One for each thread, so that quick tests take a value and nothing else."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside
        self._resource: dict[str, Any] = {}
        self._frame: Frame | None = None
        self._ids: set[tuple[int, str]] = set()
        self.is_alone = True
        """Whether no Bundle is around the resource, whose entries its references could lead to."""

    def enter(self, resource: dict[str, Any]) -> None:
        """Begin with another resource."""
        self._resource = resource
        self._frame = None
        self._ids.clear()
        self.is_alone = True

    @contextmanager
    def aside(self, frame: Frame) -> Iterator[None]:
        """Look at the resource of ``frame`` meanwhile, and go on with this one then."""
        kept = self._resource, self._frame, self._ids, self.is_alone
        self._resource, self._frame, self._ids, self.is_alone = frame.resource, frame, set(), True
        try:
            yield
        finally:
            self._resource, self._frame, self._ids, self.is_alone = kept

    def is_first(self, id_: Any) -> bool:
        """Whether this is an element's id that did not come before in the same resource."""
        if not TESTS["string"](id_):
            return False
        before = len(self._ids)
        self._ids.add((id(self.frame.resource), id_))
        return len(self._ids) > before

    @property
    def frame(self) -> Frame:
        """The frame of the resource, made where a check asks for it: most never do."""
        if self._frame is None:
            self._frame = Frame(self._resource, self.outside)
        return self._frame

    @frame.setter
    def frame(self, frame: Frame) -> None:
        self._frame = frame
