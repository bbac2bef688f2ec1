"""Where the bundled profiles, mappings and examples lie: in the wheel, or beside the package."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parent


def folder(name: Literal["profiles", "mappings", "examples"]) -> Path:
    """Return the folder of bundled data called ``name``.

    Raises FileNotFoundError when neither the wheel's copy nor a checkout's is there, which means a broken installation.
    """
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the bundled folder {name!r} is missing: reinstall fhir-iop")
