"""What the endpoint needs of the rest of fhir-iop; ``app.py`` hands it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from fhir_iop.definitions import Definitions
    from fhir_iop.settings import Settings
    from fhir_iop.store import Receipt, Store, Write
    from fhir_iop.validation import Validator


class Flow(Protocol):
    """The steps of a submission: everything that is kept goes through here, labelled, validated and audited."""

    def submit_writes(self, writes: Sequence[Write], *, agent: str) -> Receipt:
        """Keep all of ``writes`` or nothing, for ``agent``.

        Raises Refused (a resource is not valid), Conflict (an id taken, a version that moved on) and Unavailable.
        """

    def submit_records(self, records: list[dict[str, Any]], agent: str) -> Receipt:
        """Map ``records`` and keep all of what they say or nothing. Raises as :meth:`submit_writes` does."""


class Services(Protocol):
    """The parts that an interaction may use. ``new_id`` gives an id that no resource has yet."""

    @property
    def settings(self) -> Settings: ...  # noqa: D102 - each is the part its type says

    @property
    def definitions(self) -> Definitions: ...  # noqa: D102

    @property
    def validator(self) -> Validator: ...  # noqa: D102

    @property
    def store(self) -> Store: ...  # noqa: D102

    @property
    def flow(self) -> Flow: ...  # noqa: D102

    @property
    def clock(self) -> Callable[[], datetime]: ...  # noqa: D102

    @property
    def new_id(self) -> Callable[[], str]: ...  # noqa: D102
