"""What one evaluation may cost."""

from __future__ import annotations

from fhir_iop.fhirpath.errors import FhirPathError

STEPS = 2_000_000


class Budget:
    """Counts the steps that data alone doesn't bound: loops inside loops that start anew, and what grows by itself."""

    left = STEPS  # of the class, so that making a budget costs next to nothing

    def spend(self, steps: int) -> None:
        """Count ``steps``. Raises FhirPathError (rule ``fhirpath-budget``) where no more are left."""
        self.left -= steps
        if self.left < 0:
            raise self.exhausted()

    def exhausted(self) -> FhirPathError:
        """Return the error of an evaluation that took too many steps."""
        return FhirPathError("fhirpath-budget", limit=f"{STEPS} steps")
