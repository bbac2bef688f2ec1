"""The only reader of the environment: every knob of a deployment, its default, and what it means."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fhir_iop.errors import Unusable
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "FHIR_IOP_"
NOTHING_KEPT = "none"


def _setting(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True)
class Settings:
    """One deployment's settings; the environment names each with the prefix ``FHIR_IOP_`` and upper case.

    ``metadata["meaning"]`` of each field is what `fhir-iop serve --help` says of it.
    """

    database: str = _setting("sqlite:///fhir-iop.db", "SQLAlchemy URL of the store: SQLite or PostgreSQL.")
    base_url: str = _setting("http://127.0.0.1:8000/fhir", "Address under which clients see the endpoint.")
    body_limit: int = _setting(10_000_000, "Bytes that a request may have.")
    page_size: int = _setting(50, "Search results a page, where the client doesn't say.")
    page_limit: int = _setting(500, "Search results a page at most.")
    unknown_profile: Literal["error", "warning"] = _setting(
        "error", "What a claimed profile is that isn't at hand: error refuses the resource, warning takes it."
    )
    id_key: str = _setting(
        "fhir-iop-demonstration-key",
        "Secret that ids are derived with. Set your own once and keep it: another key gives every record another id.",
    )
    time_zone: str = _setting("America/New_York", "IANA zone of times that records give without an offset.")
    program_name: str = _setting("Example Virtual IOP", "How messages name the sender.")
    pharmacy_url: str = _setting("", "Where prescription messages go; empty sends none.")
    pharmacy_timeout: float = _setting(10.0, "Seconds to wait for a pharmacy.")
    ehr_timeout: float = _setting(30.0, "Seconds to wait for another FHIR server.")
    delivery_attempts: int = _setting(8, "Tries before a message is set aside for a person.")
    packages_folder: str = _setting("", "A folder with further FHIR packages (.tgz or unpacked) to load.")
    site_mappings: str = _setting("", "A folder with a site's own mappings, beside the bundled ones.")
    registry: str = _setting("", "Address of a FHIR package registry; empty asks none.")
    cache_folder: str = _setting(
        "",
        "Where what is written from definitions is kept for the next start, a folder of this user's alone that may be "
        "deleted at any time; empty is fhir-iop in the user's own cache folder, none keeps nothing.",
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings out of ``environment`` (a test's dict; None is the process's own).

        Raises Unusable naming the variable when a value isn't of its setting's type, or when a variable has the
        prefix and names no setting (a misspelt setting must not be ignored silently).
        """
        defaults = cls()
        kinds = {each.name: type(getattr(defaults, each.name)) for each in fields(cls)}
        values: dict[str, object] = {}
        for variable, text in (os.environ if environment is None else environment).items():
            if not variable.startswith(PREFIX):
                continue
            name = variable.removeprefix(PREFIX).lower()
            if name not in kinds:
                raise Unusable(issue("setting-unknown", variable, variable=variable))
            kind = kinds[name]
            try:
                values[name] = kind(text)
            except ValueError:
                raise Unusable(issue("setting-value", variable, variable=variable, kind=kind.__name__)) from None
        settings = cls(**values)  # type: ignore[arg-type]  # each value was converted to its default's type above
        if settings.unknown_profile not in {"error", "warning"}:
            variable = PREFIX + "UNKNOWN_PROFILE"
            raise Unusable(issue("setting-value", variable, variable=variable, kind="'error' or 'warning'"))
        return settings

    def hand_down(self) -> None:
        """Put these settings into the environment of this process, for the processes that it starts."""
        os.environ.update(self.to_environment())

    def to_environment(self) -> dict[str, str]:
        """Return the variables that make :meth:`from_environment` give these settings, for a process started here."""
        return {PREFIX + each.name.upper(): str(getattr(self, each.name)) for each in fields(self)}


def cache_folder(environment: Mapping[str, str] | None = None) -> Path | None:
    """Return the folder that ``Settings.cache_folder`` means; None where nothing is to be kept, or there is no home.

    https://specifications.freedesktop.org/basedir-spec: a relative ``XDG_CACHE_HOME`` counts as none. On a Mac it is
    ``~/Library/Caches``.
    """
    found = os.environ if environment is None else environment
    asked = found.get(PREFIX + "CACHE_FOLDER", "")
    if asked == NOTHING_KEPT:
        return None
    try:
        if asked:
            return Path(asked).expanduser()
        home = found.get("XDG_CACHE_HOME", "")
        if Path(home).is_absolute():
            return Path(home, "fhir-iop")
        return Path("~/Library/Caches" if sys.platform == "darwin" else "~/.cache").expanduser() / "fhir-iop"
    except RuntimeError:  # who runs this has no home
        return None
