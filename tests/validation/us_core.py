"""US Core's published examples, read from the official packages in the shared folder."""

import tarfile
from collections.abc import Callable
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from fhir_iop import decode
from fhir_iop.definitions import Definitions
from fhir_iop.definitions.package import Package
from fhir_iop.validation import Validator

NAME = "hl7.fhir.us.core"
VERSIONS = {"6.1.0": 183, "7.0.0": 214}
"""The versions at hand, and how many examples each has."""


@cache
def examples(shared: Path, version: str) -> dict[str, bytes]:
    """Return the examples' JSON text by file name."""
    found = {}
    with tarfile.open(shared / "packages" / f"{NAME}-{version}.tgz") as archive:
        for member in archive:
            path = PurePosixPath(member.name)
            content = archive.extractfile(member)
            if content is not None and path.match("package/example/*.json") and not path.name.startswith("."):
                found[path.name] = content.read()
    return dict(sorted(found.items()))


def validator_of(
    version: str, look_up: Callable[[str], dict[str, Any] | None] | None = None, *more: Package
) -> Validator:
    """Make a validator to which a canonical of US Core without a version means ``version``."""
    bundled = Definitions.bundled()
    meant = (package for package in bundled.packages if (package.name, package.version) == (NAME, version))
    return Validator(bundled.with_packages(*more, *meant), look_up=look_up)


def store_of(texts: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    """Return examples by what refers to them: type and id, and their canonical."""
    found = {}
    for text in texts.values():
        resource = decode(text)
        found[f"{resource['resourceType']}/{resource.get('id')}"] = resource
        if isinstance(resource.get("url"), str):
            found[resource["url"]] = resource
    return found
