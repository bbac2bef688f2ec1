"""The examples at hand: US Core's two packages, HL7's R4 examples, the validator's and FHIRPath's cases."""

import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ARCHIVES = [
    "packages/hl7.fhir.us.core-6.1.0.tgz",
    "packages/hl7.fhir.us.core-7.0.0.tgz",
    "conformance/r4-examples/examples.tgz",
]
CASES = ["conformance/validator/validator", "conformance/fhirpath/input"]


class Example(NamedTuple):
    name: str
    form: str
    raw: bytes


def examples(shared: Path, form: str) -> Iterator[Example]:
    """Yield the resources in that form (`json` or `xml`), each with a name that is the same everywhere."""
    for archive in ARCHIVES if form == "json" else []:
        with tarfile.open(shared / archive) as files:
            for file in files:
                raw = files.extractfile(file)
                if raw is not None and file.name.endswith(".json"):
                    text = raw.read()
                    if b'"resourceType"' in text:
                        yield Example(f"{archive}:{file.name}", form, text)
    for folder in CASES:
        for path in sorted((shared / folder).rglob(f"*.{form}")):
            yield Example(path.relative_to(shared).as_posix(), form, path.read_bytes())
