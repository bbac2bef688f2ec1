"""The one place that turns structures into what is expected of values, each combination once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhir.remembered import LONGEST
from fhir_iop.validation.expected import Expected, View
from fhir_iop.validation.responses.forms import Forms
from fhir_iop.validation.surroundings import Here
from fhir_iop.validation.vital_signs import profiles_of

if TYPE_CHECKING:
    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.schema import Element, Structure
    from fhir_iop.validation.frame import Outside
    from fhir_iop.validation.surroundings import Surroundings

_REMEMBERED = 1024  # combinations of claims


class Expectations:
    """Merged views of ``definitions``, made when first asked for and kept."""

    def __init__(self, definitions: Definitions, outside: Outside) -> None:
        self.definitions = definitions
        self.outside = outside
        self._here = Here(outside)
        self.forms = Forms(definitions)
        self._views: dict[tuple[str, str], View] = {}
        self._expected: dict[tuple[str, tuple[View, ...]], Expected] = {}
        self._asked: dict[tuple[str, tuple[View, ...], tuple[View, ...]], Expected] = {}
        self._claims: dict[tuple[str, ...], tuple[View, ...]] = {}
        self._kinds: dict[str, str] = {}

    def apart(self) -> Expectations:
        """Return new ones over the same definitions, that remember nothing yet."""
        return Expectations(self.definitions, self.outside)

    @property
    def made(self) -> int:
        """How many expectations are kept."""
        return len(self._expected)

    @property
    def here(self) -> Surroundings:
        """What is around the value that this thread looks at."""
        return self._here.now

    def view(self, structure: Structure, element: Element) -> View:
        """Return the one View of this pair."""
        key = (structure.canonical, element.id)
        found = self._views.get(key)
        if found is None:
            found = self._views.setdefault(key, View(structure, element))
        return found

    def root(self, structure: Structure) -> View:
        """Return the View of a structure's first element, which says what holds for a whole value."""
        return self.view(structure, structure.elements[0])

    def resource(self, type_: str, profiles: tuple[Structure, ...] = ()) -> Expected:
        """Return what is expected of a resource of ``type`` that must conform to ``profiles`` too."""
        return self.expected(type_, (), tuple(map(self.root, profiles)))

    def expected(self, type_: str, views: tuple[View, ...], more: tuple[View, ...] = ()) -> Expected:
        """Merge the element ``views`` with what the type, the profiles named for it, and ``more`` say."""
        asked = (type_, views, more)
        merged = self._asked.get(asked)
        if merged is None:
            merged = self._asked[asked] = self._merged(*asked)
        return merged

    def _merged(self, type_: str, views: tuple[View, ...], more: tuple[View, ...]) -> Expected:
        said = (*views, *self._type_views(type_, views))
        if type_ == "Extension":
            # A slice names its extension's version; the extension's own url can't, and means no other.
            named = {view.structure.url for view in said if view.element is view.structure.elements[0]}
            more = tuple(root for root in more if root.structure.url not in named)
        merged = tuple(dict.fromkeys((*said, *more)))
        key = (type_, merged)
        found = self._expected.get(key)
        if found is None:
            found = self._expected.setdefault(key, Expected(self, type_, merged))
        return found

    def is_primitive(self, type_: str) -> bool:
        """Whether values of ``type`` are bare JSON values."""
        return self._kind(type_) == "primitive-type"

    def is_resource(self, type_: str) -> bool:
        """Whether values of ``type`` are resources."""
        return self._kind(type_) == "resource"

    def _kind(self, type_: str) -> str:
        if type_ not in self._kinds:
            structure = self.definitions.type(type_)
            self._kinds[type_] = structure.kind if structure else "unknown"
        return self._kinds[type_]

    def _type_views(self, type_: str, views: tuple[View, ...]) -> list[View]:
        has_content = any(view.content or view.refers_to for view in views[:1])
        structure = None if has_content else self.definitions.type(type_)
        found = [] if structure is None else [self.root(structure)]
        for view in views:
            target = view.refers_to
            if target is not None:
                found.append(self._of_type(view.structure, target))
            for entry in view.element.types:
                # One profile is a must, and merged; of several any one will do, which rules/type_profile.py decides.
                if entry.code == type_ and len(entry.profiles) == 1:
                    profile = self.definitions.structure(entry.profiles[0])
                    if profile is not None:
                        found.append(self.root(profile))
        return found

    def _of_type(self, structure: Structure, target: Element) -> View:
        """Return what the type says of what `contentReference` names: a profile's rules stay where they stand."""
        of_type = self.definitions.type(structure.type) if structure.derivation == "constraint" else None
        element = of_type.by_id.get(target.id) if of_type is not None else None
        return self.view(structure, target) if of_type is None or element is None else self.view(of_type, element)

    def claims(self, resource: dict[str, Any]) -> tuple[str, tuple[View, ...]]:
        """Return a resource's type and the roots of the profiles at hand that apply to it.

        They are those that its `meta.profile` claims, and for a vital sign the standard's own. The type is ``Resource``
        where `resourceType` names none that exists.
        """
        type_ = resource.get("resourceType")
        if not isinstance(type_, str) or type_ not in self.definitions.resource_types:
            return "Resource", ()
        canonicals = claimed(resource) if "meta" in resource else []
        if type_ == "Observation":
            canonicals = canonicals + profiles_of(resource)
        if not canonicals:
            return type_, ()
        key = (type_, *canonicals)
        roots = self._claims.get(key)
        if roots is None:
            roots = self._roots(type_, canonicals)
            if sum(map(len, canonicals)) <= LONGEST:
                if len(self._claims) >= _REMEMBERED:
                    self._claims.clear()
                self._claims[key] = roots
        return type_, roots

    def _roots(self, type_: str, canonicals: list[str]) -> tuple[View, ...]:
        profiles = (self.definitions.structure(canonical) for canonical in canonicals)
        # A profile of another type is reported (rules/profile.py), not applied.
        found = (self.root(profile) for profile in profiles if profile is not None and profile.type == type_)
        return tuple(dict.fromkeys(found))

    def extension(self, url: Any) -> tuple[View, ...]:
        """Return the root of the extension's definition, where ``url`` leads to one at hand."""
        structure = self.definitions.structure(url) if isinstance(url, str) and ":" in url else None
        return (self.root(structure),) if structure is not None and structure.type == "Extension" else ()


def claimed(resource: dict[str, Any]) -> list[str]:
    """Return the canonicals in `meta.profile` that are strings."""
    meta = resource.get("meta")
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    return [profile for profile in profiles if isinstance(profile, str)] if isinstance(profiles, list) else []
