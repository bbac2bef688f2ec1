"""Change one value of golden resources at a time: the way back notices, or here is told why it needn't."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

from fhir_iop.mapping import Mappings

Way = tuple[str | int, ...]

# What a record doesn't speak of, by the JSON names from the resource on.
OTHERS_BUSINESS = re.compile(
    r"(resourceType|id|meta|text)\b.*"
    r"|(.*\.)?reference"  # the same is said by the identifier
    r"|(.*\.)?display|.*\.unit"  # words for people beside a code
    r"|(.*\.)?(sequence|rank)"  # numbers that say the order, and no more
    r"|(.*\.)?(goal|hasMember|identifier)\.(identifier\.)?value"  # a part's number or name, which orders the parts
    r"|extension\.extension\.valueString"  # race and ethnicity in words beside their codes
)
# Under `when:`, and what the record would say isn't known then.
UNKNOWN_CONDITION = re.compile(
    r"Observation\.referenceRange\.(low|high)\.code|QuestionnaireResponse\.author\.identifier\.value"
)


def silent(mappings: Mappings, golden: dict[str, Any]) -> list[str]:
    """Return the places of a golden file's resources where a change is neither told nor seen in the record."""
    found = []
    for way, value in _values(golden["resources"]):
        name = ".".join(step for step in way if isinstance(step, str))
        whole = f"{golden['resources'][way[0]]['resourceType']}.{name}"
        if OTHERS_BUSINESS.fullmatch(name) or UNKNOWN_CONDITION.fullmatch(whole):
            continue
        resources = deepcopy(golden["resources"])
        owner = resources
        for step in way[:-1]:
            owner = owner[step]
        owner[way[-1]] = _other(value)
        back = mappings.to_records(resources)
        if not back.issues and back.records == [golden["record"]]:
            found.append(whole)
    return found


def _values(value: Any, way: Way = ()) -> Iterator[tuple[Way, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _values(inner, (*way, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _values(inner, (*way, index))
    else:
        yield way, value


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int | Decimal) else f"{value}x"
