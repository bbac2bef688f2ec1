"""What the validator finds in the examples, and why each warning is left so (`examples/warnings.toml`)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.definitions import Definitions
from fhir_iop.validation import Validator
from tests.examples.stories import EXAMPLES

if TYPE_CHECKING:
    from fhir_iop.issue import Issue

VALIDATOR: Final = Validator(Definitions.bundled(), unknown_profile="error")


@dataclass(frozen=True)
class Explanation:
    """Why warnings of ``rule`` whose words hold ``says`` are left as they are."""

    name: str
    rule: str
    says: re.Pattern[str]
    because: str

    def explains(self, found: Issue) -> bool:
        return found.rule == self.rule and self.says.search(found.details) is not None


@cache
def explanations() -> tuple[Explanation, ...]:
    told = tomllib.loads((EXAMPLES / "warnings.toml").read_text("utf-8"))
    return tuple(
        Explanation(name, each["rule"], re.compile(each["says"]), each["because"]) for name, each in told.items()
    )


def worse_than_information(resource: dict[str, Any]) -> list[Issue]:
    return [found for found in VALIDATOR.validate(resource) if found.severity != "information"]
