"""What one evaluation may cost."""

from __future__ import annotations

from fhir_iop.fhirpath.errors import FhirPathError

STEPS = 2_000_000
# A step pays for 64 characters of text: all that one evaluation can make are 128 million.
_TEXT_SHIFT = 6


class Budget:
    """Counts the steps that data alone doesn't bound: loops inside loops that start anew, and what grows by itself."""

    left = STEPS  # of the class, so that making a budget costs next to nothing

    def spend(self, steps: int) -> None:
        """Count ``steps``. Raises FhirPathError (rule ``fhirpath-budget``) where no more are left."""
        self.left -= steps
        if self.left < 0:
            raise self.exhausted()

    def text(self, text: str | None) -> str | None:
        """Count what a new string costs, and return it."""
        if text is not None:
            self.spend(len(text) >> _TEXT_SHIFT)
        return text

    def exhausted(self) -> FhirPathError:
        """Return the error of an evaluation that took too many steps."""
        return FhirPathError("fhirpath-budget", limit=f"{STEPS} steps")
