"""The only reader of the environment: every knob of a deployment, its default, and what it means."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

from fhir_iop.errors import Unusable
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "FHIR_IOP_"


@dataclass(frozen=True, slots=True)
class Settings:
    """One deployment's settings; the environment names each with the prefix ``FHIR_IOP_`` and upper case.

    ``database``: SQLAlchemy URL. ``base_url``: the address under which clients see the endpoint. ``body_limit``: bytes
    of a request. ``page_size`` and ``page_limit``: search results a page, asked for nothing and at most.
    ``unknown_profile``: how bad a claimed profile is that isn't at hand, at the endpoint and in the flow.
    ``id_key``: the secret that ids are derived with; a deployment sets its own once and keeps it, for another key
    gives every record another id. ``time_zone``: the IANA zone of times that records give without an offset.
    ``program_name``: how messages name the sender. ``pharmacy_url``: where prescription messages go; empty sends
    none. ``pharmacy_timeout``/``ehr_timeout``: seconds. ``delivery_attempts``: tries before a message is set aside
    for a person. ``packages_folder``: an additional folder with FHIR packages to load. ``site_mappings``: a site's
    own mappings, beside the bundled ones. ``registry``: address of a FHIR package registry; empty means none is asked.
    """

    database: str = "sqlite:///fhir-iop.db"
    base_url: str = "http://127.0.0.1:8000/fhir"
    body_limit: int = 10_000_000
    page_size: int = 50
    page_limit: int = 500
    unknown_profile: Literal["error", "warning"] = "error"
    id_key: str = "fhir-iop-demonstration-key"
    time_zone: str = "America/New_York"
    program_name: str = "Example Virtual IOP"
    pharmacy_url: str = ""
    pharmacy_timeout: float = 10.0
    ehr_timeout: float = 30.0
    delivery_attempts: int = 8
    packages_folder: str = ""
    site_mappings: str = ""
    registry: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings out of ``environment`` (a test's dict; None is the process's own).

        Raises Unusable naming the variable when a value isn't of its setting's type, or when a variable has the
        prefix and names no setting (a misspelt setting must not be ignored silently).
        """
        defaults = cls()
        kinds = {field.name: type(getattr(defaults, field.name)) for field in fields(cls)}
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
        return {PREFIX + field.name.upper(): str(getattr(self, field.name)) for field in fields(self)}
