"""Single faults: each kind is put into a valid resource, and says where it must be found, and by which rule."""

from tests.validation.generated.faults import (
    codes,
    content,
    extensions,
    form,
    invariants,
    narratives,
    occurrence,
    references,
)
from tests.validation.generated.faults.fault import Fault, Maker, Sites

KINDS: dict[str, Maker] = {
    **form.KINDS,
    **occurrence.KINDS,
    **content.KINDS,
    **codes.KINDS,
    **references.KINDS,
    **extensions.KINDS,
    **narratives.KINDS,
    **invariants.KINDS,
}

__all__ = ["KINDS", "Fault", "Maker", "Sites"]
