"""All that the stories hold as NDJSON, one file a type, as a Bulk Data export writes it.

https://hl7.org/fhir/uv/bulkdata/export.html#response---output-files
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from fhir_iop.fhir import json
from tests.examples.stories import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOLDER = EXAMPLES / "bulk"


def resources_of(files: Mapping[Path, bytes]) -> list[dict[str, Any]]:
    """Return the resources of the stories' transactions, in their order."""
    bundles = [json.decode_object(files[path]) for path in sorted(files) if path.name == "resources.json"]
    return [entry["resource"] for bundle in bundles for entry in bundle["entry"]]


def bulk(files: Mapping[Path, bytes]) -> dict[Path, bytes]:
    """Return the NDJSON files of what the stories' ``files`` hold."""
    lines: dict[str, list[bytes]] = defaultdict(list)
    for resource in resources_of(files):
        lines[resource["resourceType"]].append(json.encode(resource) + b"\n")
    return {FOLDER / f"{type_}.ndjson": b"".join(found) for type_, found in lines.items()}
