"""A site's overlay on a mapping of ours: what it adds, what it takes away, without ours being edited.

An overlay is a file with ``extends: FILE``. Its names (codes, slices, blocks, …) take the place of those of the same
name; ``fields`` are added to the record's schema; under ``to`` it names a resource by its role and gives it rules,
other profiles, or ``without`` the rules that it leaves out; a resource of a new role is added whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fhir_iop.mapping.document import Located, Problems, read
from fhir_iop.mapping.grammar import fits
from fhir_iop.mapping.refusal import hint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

EXTENDS = "extends"
COLUMNS_SUFFIX = ".columns.yaml"  # the columns of CSV files lie beside the mappings


@dataclass
class Documents:
    """The files of some folders: mappings and libraries by name, and the overlays of each."""

    files: dict[str, Located] = field(default_factory=dict)
    overlays: dict[str, list[Located]] = field(default_factory=dict)

    @classmethod
    def of(cls, folders: Sequence[Path], problems: Problems) -> Documents:
        """Read all files; in a later folder, a file of the same name replaces an earlier one, unless it extends it."""
        found = cls()
        told: dict[str, Problems] = {}
        for path in (path for folder in folders for path in sorted(folder.glob("*.yaml"))):
            if path.name.endswith(COLUMNS_SUFFIX):
                continue
            own = Problems()
            document = read(path, own)
            usable = document is not None and fits(document, own)
            base = document.get(EXTENDS) if document is not None else None
            if document is not None and base is not None:
                problems.found += own.found
                if usable:
                    found.overlays.setdefault(str(base.value), []).append(document)
                continue
            told[path.name] = own
            found.files.pop(path.name, None)
            if document is not None and usable:
                found.files[path.name] = document
        problems.found += [issue for own in told.values() for issue in own.found]
        for name, overlays in found.overlays.items():
            for overlay in overlays if name not in told else ():
                place = overlay.value[EXTENDS].place
                problems.add("mapping-name", place, what="file", name=name, hint=hint(name, found.files))
        return found

    def whole(self, name: str, problems: Problems) -> Located:
        """Return the mapping ``name`` with what its overlays add to ``to`` and ``drop``."""
        document = self.files[name]
        for overlay in self.overlays.get(name, ()):
            document = _merged(document, overlay, problems)
        return document

    def fields(self, name: str) -> list[Located]:
        """Return what overlays add to the schema of the records that the mapping ``name`` maps."""
        given = (overlay.get("fields") for overlay in self.overlays.get(name, ()))
        return [one for one in given if one is not None]


def _merged(document: Located, overlay: Located, problems: Problems) -> Located:
    values, keys = dict(document.value), dict(document.keys)
    drop, to = overlay.get("drop"), overlay.get("to")
    if drop is not None:
        before = values.get("drop")
        old, old_keys = (before.value, before.keys) if before is not None else ({}, {})
        values["drop"] = Located({**old, **drop.value}, drop.place, {**old_keys, **drop.keys})
        keys.setdefault("drop", drop.place)
    if to is not None and "to" in values:
        resources = list(values["to"].value)
        for entry in to.items():
            _add(entry, resources, problems)
        values["to"] = replace(values["to"], value=resources)
    return Located(values, document.place, keys)


def _add(entry: Located, resources: list[Located], problems: Problems) -> None:
    """Add what an overlay says of one resource to the resource of that role, or as a new one."""
    role = _word(entry, "role")
    at = next((place for place, known in enumerate(resources) if _word(known, "role") == role), None)
    if at is None:
        if entry.get("resource") is None or entry.get("rules") is None:
            roles = [_word(known, "role") for known in resources]
            place = (entry.get("role") or entry).place
            problems.add("mapping-name", place, what="part of the record", name=role, hint=hint(role, roles))
            return
        resources.append(entry)
        return
    known = resources[at]
    values = {**known.value, **{name: entry.value[name] for name in ("profile", "without") if name in entry.value}}
    rules = entry.get("rules")
    if rules is not None:
        values["rules"] = Located([*known.value["rules"].value, *rules.value], known.value["rules"].place)
    resources[at] = Located(values, known.place, {**known.keys, **entry.keys})


def _word(entry: Located, name: str) -> str:
    found = entry.get(name)
    return "" if found is None else str(found.value)
