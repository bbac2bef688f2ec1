"""What a format is: something that writes the findings of one resource after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fhir_iop.cli.validate.text import Text
    from fhir_iop.fhir.xml import Types
    from fhir_iop.issue import Issue


class Format(Protocol):
    """A document is ``head``, the records that ``told`` gives with ``between`` between them, and ``tail``.

    ``tells_all`` says that a resource without findings is told too, ``lists_rules`` that ``tail`` needs the rules.
    """

    head: ClassVar[bytes]
    between: ClassVar[bytes]
    tells_all: ClassVar[bool]
    lists_rules: ClassVar[bool]

    def told(self, text: Text, shown: Sequence[Issue], hidden: int, types: Types) -> list[bytes]:
        """Return the records of one resource.

        ``hidden`` is how many findings aren't shown, ``types`` the definitions, by which XML is read.
        """

    def tail(self, rules: Mapping[str, Issue]) -> bytes:
        """Return the end of the document; ``rules`` holds one finding of each rule that was told."""


class LineFormat:
    """A format of lines, each of which stands for itself."""

    head: ClassVar = b""
    between: ClassVar = b""
    tells_all: ClassVar = False
    lists_rules: ClassVar = False

    def tail(self, rules: Mapping[str, Issue]) -> bytes:
        """See :class:`Format`."""
        del rules
        return b""
