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


class Here(local):
    """The surroundings of each thread: looking them up by thread takes longer than most tests that ask them."""

    def __init__(self, outside: Outside) -> None:
        self.now = Surroundings(outside)


class Surroundings:
    """What is around the value that one thread looks at.

    It stands for the context of an evaluation too, which is made only where more than the resource is asked for.
    """

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
        if self._ids:
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

    # --- what an invariant asks of its context (fhir_iop.fhirpath.Context) ------------------------------------------

    @property
    def resource(self) -> dict[str, Any]:
        """The resource around the value: `%resource`."""
        return self._resource if self._frame is None else self._frame.resource

    def __getattr__(self, name: str) -> Any:
        """Return anything else that a context knows; most invariants ask for nothing more than the resource."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.frame.context, name)
