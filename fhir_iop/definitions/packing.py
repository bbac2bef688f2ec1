"""A folder of resources → a FHIR package (.tgz) that any FHIR tool loads.

https://confluence.hl7.org/display/FHIR/NPM+Package+Specification: the conformance resources lie in ``package``,
examples in ``package/example``, and each of the two has an index. Profiles and extensions get their snapshots.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.definitions.package import MANIFEST
from fhir_iop.errors import Unusable
from fhir_iop.fhir import json
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from pathlib import Path

_INDEX: Final = ".index.json"
_INDEXED: Final = ("resourceType", "id", "url", "version", "kind", "type")
_BASE: Final = re.compile(r"https?://[^\s/?#\"'|\\]+(?:/[^\s/?#\"'|\\]+)*")


def pack(folder: Path, examples: Path, canonical: str | None = None) -> bytes:
    """Return the .tgz of the package in ``folder`` (its manifest and resources) with the examples in ``examples``.

    The same files give the same bytes. ``canonical`` takes the place of the manifest's canonical base wherever a
    resource begins with it: in canonicals, code systems, identifiers and constraints. Raises Unusable where there is
    no manifest in ``folder``, ``canonical`` isn't a base (an http address without a slash at its end), or a
    differential says what it may not, so that there is no snapshot of it.
    """
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise Unusable(issue("package-no-manifest", folder.name))
    published = str(json.decode_object(manifest.read_bytes())["canonical"])
    if canonical is not None and not _BASE.fullmatch(canonical):
        raise Unusable(issue("package-canonical", canonical=canonical))
    files: dict[str, bytes] = {f"package/{MANIFEST}": manifest.read_bytes()}
    for inside, source in (("package", folder), ("package/example", examples)):
        resources = {path.name: path.read_bytes() for path in sorted(source.glob("[A-Z]*.json"))}
        if source == folder:
            resources |= _snapshots(folder)
        files[f"{inside}/{_INDEX}"] = _index(resources)
        files |= {f"{inside}/{name}": content for name, content in resources.items()}
    if canonical is not None and canonical != published:
        files = {name: _moved(content, published, canonical) for name, content in files.items()}
    return _archive(files)


def _snapshots(folder: Path) -> dict[str, bytes]:
    """Return the files of profiles and extensions in ``folder``, each with its snapshot."""
    from fhir_iop.definitions.definitions import Definitions  # with what it reads, only needed here
    from fhir_iop.definitions.packages import load_package
    from fhir_iop.definitions.snapshot.writing import with_snapshot

    definitions = Definitions.bundled().with_packages(load_package(folder))
    found = {path.name: json.decode_object(path.read_bytes()) for path in folder.glob("StructureDefinition-*.json")}
    by_url = {each["url"]: each for each in found.values()}
    written = {}
    for name, resource in found.items():
        structure = definitions.structure(resource["url"])
        if structure is None:
            raise Unusable(issue("package-resource", name, package=folder.name))
        if structure.issues:
            raise Unusable(*structure.issues)
        ancestors, base = [], by_url.get(resource["baseDefinition"])
        while base is not None:
            ancestors.append(base)
            base = by_url.get(base["baseDefinition"])
        written[name] = json.pretty(with_snapshot(resource, structure, ancestors))
    return written


def _index(resources: dict[str, bytes]) -> bytes:
    listed = []
    for name, content in resources.items():
        resource = json.decode_object(content)
        known = {key: resource[key] for key in _INDEXED if isinstance(resource.get(key), str)}
        listed.append({"filename": name, **known})
    index: dict[str, Any] = {"index-version": 2, "files": listed}
    return json.encode(index)


def _moved(content: bytes, published: str, canonical: str) -> bytes:
    # What follows the base tells it from another address that only begins alike.
    whole = re.compile(re.escape(published.encode()) + rb"(?=[/|\"'#?]|$)")
    return whole.sub(lambda _: canonical.encode(), content)


def _archive(files: dict[str, bytes]) -> bytes:
    import gzip  # with tarfile, needed by few: start-up time is measured
    import tarfile

    packed = io.BytesIO()
    with (
        gzip.GzipFile(filename="", fileobj=packed, mode="wb", mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        for name in sorted(files):
            entry = tarfile.TarInfo(name)  # of no owner and no time
            entry.size = len(files[name])
            archive.addfile(entry, io.BytesIO(files[name]))
    return packed.getvalue()
