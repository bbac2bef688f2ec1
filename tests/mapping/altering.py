"""Change, or take away, one element of golden resources at a time: the way back notices, or needn't, as told here.

python -m tests.mapping.altering    writes spare.json anew, to be read before it is committed
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

from fhir_iop import data
from fhir_iop.fhir import json
from fhir_iop.mapping import Mappings
from tests.mapping.conftest import load

Way = tuple[str | int, ...]

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))
# What each golden record comes back without: constants, and what is said in a second place.
SPARE = Path(__file__).with_name("spare.json")

# What a record doesn't speak of, by the JSON names from the resource on.
OTHERS_BUSINESS = re.compile(
    r"(resourceType|id|meta|text)\b.*"
    r"|(.*\.)?reference"  # the same is said by the identifier
    r"|(.*\.)?display|.*\.unit"  # words for people beside a code
    r"|(.*\.)?(sequence|rank)"  # numbers that say the order, and no more
    r"|((goal|hasMember)\.)?identifier\.value"  # a part's number or name, which orders the parts
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
        _owner(resources, way)[way[-1]] = _other(value)
        if _comes_back(mappings, resources, golden):
            found.append(whole)
    return found


def spare(mappings: Mappings, golden: dict[str, Any]) -> list[str]:
    """Return the elements that a golden record comes back without, by part and name; not those inside of others.

    All of one name are taken away together: in the resources of one part, and in every one.
    """
    ways: dict[str, list[Way]] = {}
    for way in _members(golden["resources"]):
        steps = _names(golden["resources"], way)
        for named in (_part(golden["resources"][way[0]]), "every"):
            if not re.fullmatch("resourceType|id|meta|text", steps[0]):
                ways.setdefault(".".join([named, *steps]), []).append(way)
    found: list[str] = []
    for name, members in ways.items():
        if any(name.startswith(f"{around}.") for around in found):
            continue
        resources = deepcopy(golden["resources"])
        for way in members:
            del _owner(resources, way)[way[-1]]
        if _comes_back(mappings, resources, golden):
            found.append(name)
    several = len(golden["resources"]) > 1
    return sorted(name for name in found if several or not name.startswith("every."))


def _names(value: Any, way: Way) -> list[str]:
    """Return the names on a way, those of extensions with the end of their address."""
    found = []
    for step in way:
        value = value[step]
        if isinstance(step, str):
            found.append(step)
        elif found and isinstance(value, dict) and "url" in value:
            found[-1] += f"({value['url'].rpartition('/')[2]})"
    return found


def _part(resource: dict[str, Any]) -> str:
    """Return a resource's type, and its part in the record where it isn't the main one."""
    identifiers = resource.get("identifier", {"value": ""})
    value = (identifiers if isinstance(identifiers, list) else [identifiers])[0]["value"]
    role = [*value.split("/", 2), ""][1]
    return f"{resource['resourceType']}({role})" if role else str(resource["resourceType"])


def _comes_back(mappings: Mappings, resources: list[dict[str, Any]], golden: dict[str, Any]) -> bool:
    back = mappings.to_records(resources)
    return not back.issues and back.records == [golden["record"]]


def _owner(resources: Any, way: Way) -> Any:
    for step in way[:-1]:
        resources = resources[step]
    return resources


def _members(value: Any, way: Way = ()) -> Iterator[Way]:
    """Yield the way to every element, what is around before what is inside."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(value, dict):
            yield (*way, key)
        if isinstance(inner, dict | list):
            yield from _members(inner, (*way, key))


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


def kept() -> dict[str, list[str]]:
    """Return what `spare.json` says, by golden file."""
    found: dict[str, list[str]] = json.decode_object(SPARE.read_bytes())
    return found


if __name__ == "__main__":
    ours = load(data.folder("mappings"))
    SPARE.write_bytes(json.pretty({path.stem: spare(ours, json.decode_object(path.read_bytes())) for path in GOLDEN}))
