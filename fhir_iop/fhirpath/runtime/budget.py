"""What one evaluation may cost."""

from __future__ import annotations

from fhir_iop.fhirpath.errors import FhirPathError

STEPS = 2_000_000


class Budget:
    """Counts the steps that data alone doesn't bound: loops inside loops that start anew, and what grows by itself."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = STEPS

    def spend(self, steps: int) -> None:
        """Count ``steps``. Raises FhirPathError (rule ``fhirpath-budget``) where no more are left."""
        self.left -= steps
        if self.left < 0:
            raise FhirPathError("fhirpath-budget", limit=f"{STEPS} steps")
