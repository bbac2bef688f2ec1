"""Invariants, compiled for the values they are said of (https://hl7.org/fhir/R4/conformance-rules.html#constraints)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fhir_iop import fhirpath

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.definitions.schema import Constraint
    from fhir_iop.validation.expected import Expected, View

_CORE: Final = "http://hl7.org/fhir/StructureDefinition/"

# The standard's invariants that a rule of its own checks, and tells better: at the very place, and why.
_OTHER_RULES: Final = {
    "dom-3": "contained",
    "ele-1": "empty",
    "ref-1": "reference_resolution",
    "sqty-1": "cardinality",
    "txt-1": "narrative",
    "txt-2": "narrative",
}


# Published expressions that don't say what the standard's text and its own examples say; None where nothing is meant.
_MEANT: Final[dict[str, str | None]] = {
    # bdl-8: of an entry without a fullUrl nothing is asked
    "fullUrl.contains('/_history/').not()": "fullUrl.empty() or fullUrl.contains('/_history/').not()",
    # que-7: the answer is FHIR's boolean, not FHIRPath's Boolean
    "operator = 'exists' implies (answer is Boolean)": "operator = 'exists' implies (answer is boolean)",
    # que-12: more than one
    "enableWhen.count() > 2 implies enableBehavior.exists()": (
        "enableWhen.count() > 1 implies enableBehavior.exists()"
    ),
    # tim-9: `when` repeats
    "offset.empty() or (when.exists() and ((when in ('C' | 'CM' | 'CD' | 'CV')).not()))": (
        "offset.empty() or (when.exists() and when.where($this in ('C' | 'CM' | 'CD' | 'CV')).empty())"
    ),
    # vs-1: of a Period, or a time that is absent, nothing is asked
    "($this as dateTime).toString().length() >= 8": (
        "($this as dateTime).hasValue().not() or ($this as dateTime).toString().length() >= 8"
    ),
    # pd-1 of US Core: one or the other is there, however often
    "telecom or endpoint": "telecom.exists() or endpoint.exists()",
    # ras-2: of a prediction without a probability nothing is asked
    "probability is decimal implies (probability as decimal) <= 100": (
        "probability.ofType(decimal).empty() or probability.ofType(decimal) <= 100"
    ),
    # rng-2: amounts with a code of another system than UCUM compare where it is the same code
    "low.empty() or high.empty() or (low <= high)": (
        "low.empty() or high.empty() or (low <= high)"
        " or (low.system = high.system and low.code = high.code and low.value <= high.value)"
    ),
    # cid-0: a ChargeItemDefinition has no name
    "name.matches('[A-Z]([A-Za-z0-9_]){0,254}')": None,
    # inv-1 of allergyintolerance-substanceExposureRisk: said of the extension, meant of what holds it
    "substanceExposureRisk.exists() and code.empty()": None,
}


@dataclass(frozen=True, slots=True)
class Invariant:
    """A constraint and the canonical that says it; ``holds`` is None where its expression is illegal for ``reason``.

    ``is_outer``: said of an element that holds a resource, so that `%resource` is the one around it. ``needs_context``:
    what it asks can't be told from the value alone. ``source`` is the Python that ``holds`` is.
    """

    constraint: Constraint
    by: str
    is_outer: bool
    holds: Callable[..., bool] | None
    reason: str = ""
    needs_context: bool = True
    source: str = ""


def invariants_of(expected: Expected) -> tuple[Invariant, ...]:
    """Compile what the views say of a value, each distinct constraint once."""
    found = []
    for constraint, view in expected.constraints:
        by = constraint.source or view.said_by
        is_told_elsewhere = constraint.key in _OTHER_RULES and by.startswith(_CORE)
        meant = _MEANT.get(constraint.expression, constraint.expression)
        if meant is not None and not is_told_elsewhere:
            found.append(_compiled(expected, constraint, view, meant))
    return tuple(found)


def _compiled(expected: Expected, constraint: Constraint, view: View, text: str) -> Invariant:
    by = constraint.source or view.said_by
    is_outer = expected.is_resource and view.element is not view.structure.elements[0]
    definitions = expected.expectations.definitions
    is_choice = expected.views[0].element.name.endswith("[x]")
    # An element that holds a resource: `%resource` is of another type, which only the data tell.
    start = None if is_outer else expected.fhirpath_type
    # What is said of all types of a choice is legal for some: of the others it is asked as it stands.
    starts = (start, None) if is_choice else (start,)
    reason = ""
    for each in starts:
        try:
            expression = fhirpath.compile(text, each, definitions, is_kept=True)
            source, holds = expression.source_of("holds"), expression.holds
        except fhirpath.FhirPathError as error:
            reason = reason or str(error)
            continue
        # The compiled function's own text tells whether it looks beyond its input.
        body = source.partition("def holds(this, context=None):")[2]
        return Invariant(constraint, by, is_outer, holds, needs_context="context" in body, source=source)
    return Invariant(constraint, by, is_outer, None, reason)
