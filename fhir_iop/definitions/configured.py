"""The definitions of a deployment: what comes with fhir-iop, and what its settings add."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from fhir_iop.definitions.definitions import Definitions
from fhir_iop.definitions.package import MANIFEST
from fhir_iop.errors import Unusable
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.issue import Issue
    from fhir_iop.settings import Settings

_TIMEOUT: Final = 30.0  # seconds that a registry may stay silent


def configured(
    settings: Settings, sources: Sequence[str | Path] = (), *, cache: Path | None = None
) -> tuple[Definitions, list[Issue]]:
    """Return the bundled definitions with the packages in the settings' ``packages_folder`` and of ``sources``.

    ``sources`` are archives, folders or ``name#version``; they are preferred to the folder's, and those to the bundled.
    Where the settings name a ``registry``, it is asked for what the user's ``cache`` doesn't have. The Issues are
    warnings, as :func:`~fhir_iop.definitions.packages.load_packages` gives them. Raises Unusable for a package of
    ``sources`` or of the folder that isn't there or can't be read, and Unavailable where the registry can't be reached
    for one.
    """
    found = [*sources, *_in_folder(settings.packages_folder)]
    if not found:
        return Definitions.bundled(), []
    from fhir_iop.definitions.packages import load_packages

    if not settings.registry:
        return load_packages(found, Definitions.bundled(), cache=cache)
    from fhir_iop.definitions.registry import Registry
    from fhir_iop.session import Session

    with Session(timeout=_TIMEOUT, body_limit=500_000_000) as session:
        registry = Registry(settings.registry, session)
        return load_packages(found, Definitions.bundled(), cache=cache, registry=registry)


def _in_folder(folder: str) -> list[Path]:
    """List the packages that lie in ``folder``, by name: archives and unpacked ones."""
    if not folder:
        return []
    path = Path(folder).expanduser()
    if not path.is_dir():
        raise Unusable(issue("package-folder", folder))
    inside = sorted(path.iterdir())
    return [each for each in inside if each.suffix == ".tgz" or (each / "package" / MANIFEST).is_file()]
