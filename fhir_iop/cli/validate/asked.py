"""What one call of the command asks for, and the validator that answers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from fhir_iop.issue import Issue
    from fhir_iop.validation import Validator

Level = Literal["error", "warning", "information"]

RANKS = {"fatal": 0, "error": 0, "warning": 1, "information": 2}
"""How grave a severity is: the lower, the graver."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The options that decide what is checked and told; plain values, so that it can be sent to another process."""

    profiles: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    strict: bool = False
    best_practice: bool = False
    must_support: bool = False
    level: Level = "information"
    form: str = "text"

    def validator(self) -> tuple[Validator, list[Issue]]:
        """Return a validator that knows all that is asked for, and warnings about what of it can't be used.

        Raises Unusable for a package, file or profile that isn't there.
        """
        from fhir_iop.definitions import configured
        from fhir_iop.settings import Settings
        from fhir_iop.validation import Validator

        definitions, warnings = configured(Settings.from_environment(), self.packages)
        if self.loose:
            from fhir_iop.definitions.loose import with_loose

            definitions, more = with_loose(self.loose, definitions)
            warnings = [*warnings, *more]
        unknown: Any = "error" if self.strict else "warning"
        validator = Validator(
            definitions,
            unknown_profile=unknown,
            unknown_extension=unknown,
            best_practice=self.best_practice,
            must_support=self.must_support,
        )
        validator.require(self.profiles)
        return validator, warnings
