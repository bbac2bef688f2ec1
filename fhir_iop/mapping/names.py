"""What the rules of a mapping call by name: addresses, code systems, tables of codes, slices, extensions, blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fhir_iop.mapping.refusal import hint

if TYPE_CHECKING:
    from fhir_iop.definitions import Definitions
    from fhir_iop.mapping.document import Located, Place, Problems

_CODED = re.compile(r'(?P<system>[A-Za-z][\w-]*)#(?P<code>[^\s"]+)(?:\s+"(?P<display>[^"]*)")?', re.ASCII)
_BASE = re.compile(r"\{([A-Za-z][\w-]*)\}", re.ASCII)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Coded:
    """A code, with its system and display where it has them."""

    code: Any
    system: str | None = None
    display: str | None = None

    def coding(self) -> dict[str, Any]:
        """Return it as a Coding."""
        found = {"system": self.system, "code": self.code, "display": self.display}
        return {name: value for name, value in found.items() if value is not None}

    def unit(self) -> dict[str, Any]:
        """Return it as what a Quantity says of its unit."""
        return {"unit": self.display or self.code, "system": self.system, "code": self.code}


@dataclass(frozen=True, slots=True)
class CodeTable:
    """The program's words and the codes that they stand for, one to one; ``places`` says where each word stands."""

    name: str
    entries: dict[str, Coded]
    places: dict[str, Place]
    place: Place


@dataclass
class Names:
    """All names of one mapping: its own, over those of the libraries that it includes."""

    definitions: Definitions
    problems: Problems
    bases: dict[str, str] = field(default_factory=dict)
    systems: dict[str, str] = field(default_factory=dict)
    extensions: dict[str, str] = field(default_factory=dict)
    slices: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, CodeTable] = field(default_factory=dict)
    blocks: dict[str, Located] = field(default_factory=dict)

    def include(self, other: Names) -> None:
        """Take in the names of a library."""
        self.bases |= other.bases
        self.systems |= other.systems
        self.extensions |= other.extensions
        self.slices |= other.slices
        self.codes |= other.codes
        self.blocks |= other.blocks

    def learn(self, document: Located) -> None:
        """Take in the names that a file defines."""
        for section, known in (("bases", self.bases), ("systems", self.systems), ("extensions", self.extensions)):
            for name, value in self._section(document, section).items():
                known[name] = self.address(str(value.value), value.place)
        for name, value in self._section(document, "slices").items():
            self.slices[name] = self._pattern(value)
        for name, value in self._section(document, "codes").items():
            self.codes[name] = self._table(name, value)
        self.blocks.update(self._section(document, "blocks"))

    def _section(self, document: Located, name: str) -> dict[str, Located]:
        section = document.get(name)
        return dict(section.value) if section is not None and isinstance(section.value, dict) else {}

    def address(self, text: str, place: Place) -> str:
        """Return ``text`` with each ``{name}`` replaced by the base of that name."""

        def base(found: re.Match[str]) -> str:
            if found[1] not in self.bases:
                self.unknown("base", found[1], self.bases, place)
            return self.bases.get(found[1], "")

        return _BASE.sub(base, text)

    def unknown(self, what: str, name: str, known: Any, place: Place) -> None:
        """Report a name that nothing has."""
        self.problems.add("mapping-name", place, what=what, name=name, hint=hint(name, known))

    def coded(self, text: str, place: Place) -> Coded | None:
        """Read ``system#code "display"``; None where ``text`` isn't of that form."""
        found = _CODED.fullmatch(text)
        if not found:
            return None
        system = self.systems.get(found["system"])
        if system is None:
            self.unknown("code system", found["system"], self.systems, place)
        return Coded(found["code"], system or "", found["display"])

    def constant(self, text: str, place: Place) -> Any:
        """Read what stands after ``=``: a code with its system (Coded), true, false, a whole number, or text."""
        coded = self.coded(text, place)
        if coded is not None:
            return coded
        if text in {"true", "false"}:
            return text == "true"
        if _NUMBER.fullmatch(text):
            return int(text)
        return self.address(text.strip('"'), place)

    def _pattern(self, value: Located) -> Any:
        if isinstance(value.value, dict):
            return {name: self._pattern(inner) for name, inner in value.value.items()}
        if isinstance(value.value, list):
            return [self._pattern(inner) for inner in value.value]
        if not isinstance(value.value, str):
            return value.value
        found = self.constant(value.value, value.place)
        return found.coding() if isinstance(found, Coded) else found

    def _table(self, name: str, value: Located) -> CodeTable:
        concept_map = value.get("conceptMap")
        if concept_map is not None:
            return self._translated(name, value, concept_map)
        entries: dict[str, Coded] = {}
        for word, inner in (value.value or {}).items():
            found = self.constant(inner.value, inner.place) if isinstance(inner.value, str) else inner.value
            coded = found if isinstance(found, Coded) else Coded(found)
            if coded.system:
                self.verify(coded, inner.place)
            entries[word] = coded
        return CodeTable(name, entries, value.keys, value.place)

    def verify(self, coded: Coded, place: Place) -> None:
        """Report a code that its code system, where that is wholly at hand, doesn't have."""
        system = self.definitions.code_system(coded.system or "")
        if system is not None and system.content == "complete":
            codes = [concept.code for concept in system.concepts]
            if coded.code not in codes:
                self.problems.add(
                    "mapping-code", place, code=coded.code, system=coded.system, hint=hint(coded.code, codes)
                )

    def _translated(self, name: str, value: Located, canonical: Located) -> CodeTable:
        """Read a table out of a ConceptMap: its source codes are the program's words."""
        url = self.address(str(canonical.value), canonical.place)
        concept_map = self.definitions.resource(url, "ConceptMap")
        if concept_map is None:
            self.problems.add("mapping-name", canonical.place, what="ConceptMap", name=url, hint="")
        entries: dict[str, Coded] = {}
        for group in (concept_map or {}).get("group", []):
            for element in group.get("element", []):
                for target in element.get("target", [])[:1]:
                    entries[element["code"]] = Coded(target.get("code"), group.get("target"), target.get("display"))
        return CodeTable(name, entries, dict.fromkeys(entries, canonical.place), value.place)
