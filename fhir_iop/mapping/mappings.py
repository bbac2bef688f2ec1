"""Records to resources and resources to records: the room's front."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fhir_iop.errors import Unusable
from fhir_iop.fhir import dosage
from fhir_iop.fhir.json import TYPE_NAMES
from fhir_iop.issue import Issue, has_errors, issue
from fhir_iop.mapping import order, runtime, times
from fhir_iop.mapping.document import Problems
from fhir_iop.mapping.identity import Identity
from fhir_iop.mapping.loading import Compiled, load
from fhir_iop.mapping.narrative import narrative
from fhir_iop.mapping.normal import normal
from fhir_iop.mapping.refusal import hint, told
from fhir_iop.mapping.runtime import known_concept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from fhir_iop.definitions import Definitions
    from fhir_iop.mapping.functions import Role
    from fhir_iop.mapping.shapes import SchemaLibrary

_DEPTH_OF_IDENTITY = 3  # id, role, key
IN_ERROR = "entered-in-error"

VERIFICATIONS = {
    "AllergyIntolerance": "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
    "Condition": "http://terminology.hl7.org/CodeSystem/condition-ver-status",
}
"""By the types that have no status but a verificationStatus, the system of its codes."""
_VERIFIED = {(system, IN_ERROR): IN_ERROR for system in VERIFICATIONS.values()}

_Identities = tuple[tuple[str, ...], set[str] | None]
_IDENTIFIER: list[_Identities] = [(("identifier",), None)]


@dataclass(frozen=True, slots=True)
class Mapped:
    """What became of a record: its resources, none where an Issue is an error."""

    resources: list[dict[str, Any]]
    issues: list[Issue] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Unmapped:
    """What became of resources: the records that they are of, and what those couldn't hold."""

    records: list[dict[str, Any]]
    issues: list[Issue] = field(default_factory=list)


class Mappings:
    """All kinds of records that are mapped. Nothing in it changes after loading: any thread may use it."""

    def __init__(
        self,
        kinds: dict[str, Compiled],
        library: SchemaLibrary,
        sid: str,
        moment: Callable[[str], str],
        definitions: Definitions,
    ) -> None:
        self._kinds = kinds
        self._definitions = definitions
        self._moment = moment
        self._library = library
        self._sid = sid + "/"
        self._identities = _identities(kinds)
        self._own_status = {kind: _with_own_status(compiled) for kind, compiled in kinds.items()}

    @classmethod
    def load(cls, folders: Iterable[Path], definitions: Definitions, *, id_key: str, time_zone: str) -> Mappings:
        """Load the mappings and record schemas of ``folders``; a later folder's file replaces an earlier one's.

        ``id_key`` is the secret that ids are derived with; ``time_zone`` (IANA) is that of times without an offset.
        Raises Unusable with one Issue a fault: its expression is ``file:line:column``.
        """
        try:
            zone = ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Unusable(issue("setting-value", "time_zone", variable="time_zone", kind="IANA time zone")) from None
        problems = Problems()
        moment = times.normaliser(zone)
        helpers = _helpers(Identity(id_key), moment)
        kinds, library, sid = load(list(folders), definitions, helpers, problems)
        if problems.found:
            raise Unusable(*problems.found)
        return cls(kinds, library, sid, moment, definitions)

    @property
    def kinds(self) -> list[str]:
        """The kinds of records that are mapped."""
        return sorted(self._kinds)

    def source(self, kind: str) -> str:
        """Return the Python source that records of ``kind`` are mapped by. Raises KeyError for an unknown kind."""
        return self._kinds[kind].source

    def compiled(self, kind: str) -> Compiled:
        """Return the mapping of ``kind``, resolved and compiled. Raises KeyError for an unknown kind."""
        return self._kinds[kind]

    def normal(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return ``record``, which its schema accepts, in the form in which it comes back from FHIR.

        Raises KeyError for an unknown kind, and ValueError for a time that doesn't exist.
        """
        shape = self._kinds[record["record"]].plan.context.root.shape
        normalised: dict[str, Any] = normal(record, shape, self._moment)
        return normalised

    def never_in_error(self, kind: str) -> list[str]:
        """Return which types of a kind's resources have no way to say that they were entered in error, sorted.

        R4 gives an AdverseEvent, a Patient and a Provenance no status; of a kind that isn't mapped, none are returned.
        """
        compiled = self._kinds.get(kind)
        types = {one.role.resource for one in compiled.plan.resources} if compiled else set()
        return sorted(type_ for type_ in types if not _can_be_in_error(self._definitions, type_))

    def identifiers(self, record: dict[str, Any]) -> dict[str, list[str]]:
        """Return, by resource type, ``system|value`` of all parts that records with this id may have.

        ``record`` is one that its schema accepts. A record that is one resource has no parts: nothing is returned.
        """
        kind, record_id = record["record"], record["id"]
        context = self._kinds[kind].plan.context
        found: dict[str, list[str]] = {}
        searched = [one.role for one in self._kinds[kind].plan.resources if one.identity == _IDENTIFIER[0][0]]
        for role in searched:
            if role.name:
                named = found.setdefault(role.resource, [])
                named += [f"{context.system(kind)}|{record_id}/{role.name}{end}" for end in _ends(role)]
        return found

    def to_fhir(self, record: Any, *, lenient: bool = False) -> Mapped:
        """Map one record. An Issue's expression is a JSON pointer into it; where one is an error, nothing is mapped.

        With ``lenient``, fields that the schema doesn't know are reported and left out; else they are errors.
        """
        if not isinstance(record, dict):
            return Mapped([], [issue("record-object", found=TYPE_NAMES.get(type(record), "a number"))])
        kind = record.get("record")
        compiled = self._kinds.get(kind) if isinstance(kind, str) else None
        if compiled is None:
            return Mapped([], [self._unknown_kind(kind)])
        issues: list[Issue] = []
        if not compiled.validator.is_valid(record):
            record, issues = self._refused(compiled, record, lenient=lenient)
            if has_errors(issues):
                return Mapped([], issues)
        issues += order.check(record, compiled.ordered, self._moment)
        issues += order.check_ends(record, compiled.ends)
        resources = compiled.forward(record, issues)
        return Mapped([] if issues and has_errors(issues) else resources, issues)

    def to_records(self, resources: Iterable[dict[str, Any]]) -> Unmapped:
        """Turn resources back into the records that they came from, by the identifiers that mapping gave them.

        A record made of several resources needs its main one. What a record has no place for is a warning; an element
        that changes the meaning, and a record that its own schema refuses, are errors, and that record is left out.
        An Issue's expression is FHIRPath into the resource.
        """
        issues: list[Issue] = []
        records = []
        for (kind, record_id), given in self._grouped(resources, issues).items():
            found = _live(given, self._own_status[kind])
            record = self._back(self._kinds[kind], record_id, found, issues)
            if record is not None:
                records.append(record)
        return Unmapped(records, issues)

    def _unknown_kind(self, kind: Any) -> Issue:
        if not isinstance(kind, str):
            return issue("record-no-kind", "/record", known=", ".join(self.kinds))
        shown = kind if kind.replace("-", "").isalnum() and len(kind) < 40 else "…"
        return issue("record-kind", "/record", kind=shown, hint=hint(shown, self._kinds))

    def _refused(
        self, compiled: Compiled, record: dict[str, Any], *, lenient: bool
    ) -> tuple[dict[str, Any], list[Issue]]:
        found = [one for error in compiled.validator.iter_errors(record) for one in told(error, self._library)]
        unknown = [one for one in found if one.rule == "record-unknown"]
        if not lenient or len(unknown) < len(found):
            return record, found
        for one in unknown:
            record = _without(record, one.expression.split("/")[1:])
        ignored = [Issue("record-ignored", "warning", one.code, one.expression, _ignored(one)) for one in unknown]
        return record, ignored

    def _grouped(
        self, resources: Iterable[dict[str, Any]], issues: list[Issue]
    ) -> dict[tuple[str, str], dict[str, list[tuple[str, dict[str, Any]]]]]:
        """Sort resources by the record that they are of, and by their role in it."""
        groups: dict[tuple[str, str], dict[str, list[tuple[str, dict[str, Any]]]]] = {}
        for resource in resources:
            named = self._named(resource)
            if named is None:
                kind = str(resource.get("resourceType", "resource")) if isinstance(resource, dict) else "value"
                issues.append(issue("mapping-not-ours", kind, type=kind))
                continue
            kind, value = named
            record_id, role, key = [*value.split("/", _DEPTH_OF_IDENTITY - 1), "", ""][:_DEPTH_OF_IDENTITY]
            known = self._kinds[kind].plan.context.kinds[kind].get(role)
            if known is None or known.resource != resource.get("resourceType") or known.many != bool(key):
                issues.append(issue("mapping-role-unknown", f"{resource.get('resourceType')}.identifier"))
                continue
            groups.setdefault((kind, record_id), {}).setdefault(role, []).append((key, resource))
        return groups

    def _named(self, resource: Any) -> tuple[str, str] | None:
        """Return the kind of record and the value that the resource's identifier names."""
        type_ = resource.get("resourceType") if isinstance(resource, dict) else None
        for way, kinds in self._identities.get(type_, _IDENTIFIER) if isinstance(type_, str) else ():
            for one in _at(resource, way):
                system, value = (one.get("system"), one.get("value")) if isinstance(one, dict) else (None, None)
                if isinstance(system, str) and isinstance(value, str) and system.startswith(self._sid):
                    kind = system.removeprefix(self._sid)
                    if kind in (self._kinds if kinds is None else kinds):
                        return kind, value
        return None

    def _back(
        self,
        compiled: Compiled,
        record_id: str,
        found: dict[str, list[tuple[str, dict[str, Any]]]],
        issues: list[Issue],
    ) -> dict[str, Any] | None:
        kind = compiled.plan.kind
        for role in compiled.plan.context.kinds[kind].values():
            if role.source is None and role.name not in found:
                issues.append(issue("mapping-part-missing", role.resource, type=role.resource, kind=kind))
                return None
        for name, items in found.items():
            if not compiled.plan.context.kinds[kind][name].key:
                items.sort(key=_number)
        own: list[Issue] = []
        try:
            record = compiled.backward(found, record_id, own)
        except (AttributeError, KeyError, TypeError, ValueError):
            own.append(issue("mapping-shape", kind=kind))
            record = None
        if record is not None and not compiled.validator.is_valid(record):
            own += [one for error in compiled.validator.iter_errors(record) for one in told(error, self._library)]
            record = None
        issues += own
        return None if has_errors(own) else record


def _identities(kinds: dict[str, Compiled]) -> dict[str, list[_Identities]]:
    """Return, by resource type, the ways to the Identifiers that say whose record it is, and for which kinds alone."""
    found: dict[str, dict[tuple[str, ...], set[str]]] = {}
    for kind, compiled in kinds.items():
        for resource in compiled.plan.resources:
            if resource.identity != _IDENTIFIER[0][0]:
                found.setdefault(resource.role.resource, {}).setdefault(resource.identity, set()).add(kind)
    return {type_: [*_IDENTIFIER, *ways.items()] for type_, ways in found.items()}


def _at(value: Any, way: tuple[str, ...]) -> Iterator[Any]:
    """Yield what lies at ``way``, in each item of the lists on it."""
    if isinstance(value, list):
        for item in value:
            yield from _at(item, way)
    elif not way:
        yield value
    elif isinstance(value, dict):
        yield from _at(value.get(way[0]), way[1:])


def _ends(role: Role) -> list[str]:
    """Return what may stand behind a part's name in its identifier: nothing, or the keys of a list's items."""
    item = role.source.shape.item if role.source is not None and role.many else None
    if item is None or role.source is None:
        return [""]
    key = item.field(role.key) if role.key else None
    if key is not None:
        return [f"/{value}" for value in key.enum or ()]
    return [f"/{number}" for number in range(1, role.source.shape.schema["maxItems"] + 1)]


def status_of(resource: dict[str, Any]) -> Any:
    """Return a resource's status; of a Goal, that of its life; of what is verified, whether it was entered in error."""
    if "verificationStatus" in resource:
        return known_concept(resource["verificationStatus"], _VERIFIED)
    return resource.get("lifecycleStatus", resource.get("status"))


def _can_be_in_error(definitions: Definitions, type_: str) -> bool:
    """Whether one of the elements that :func:`status_of` reads has the code for it."""
    if type_ in VERIFICATIONS:
        return True
    elements = [definitions.child(type_, name) for name in ("status", "lifecycleStatus")]
    bindings = [element.binding for element in elements if element is not None and element.binding is not None]
    return any(IN_ERROR in (definitions.codes(binding.value_set) or ()) for binding in bindings)


def _with_own_status(compiled: Compiled) -> frozenset[str]:
    """Return the parts whose status is a field of their own, which may say itself that it was entered in error."""
    found = set()
    for resource in compiled.plan.resources:
        for name in ("status", "lifecycleStatus"):
            entry = resource.part.entries.get(name)
            leaves = entry if isinstance(entry, list) else []
            if any(leaf.source is not None and leaf.source.scope is resource.scope for leaf in leaves):
                found.add(resource.role.name)
    return frozenset(found)


def _live(
    found: dict[str, list[tuple[str, dict[str, Any]]]], own_status: frozenset[str]
) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Return a record's resources without the parts that it no longer says: those in error, where others are not.

    A withdrawn record's are told as they stand, and so are parts that have a status of their own.
    """
    shared = [one for role, items in found.items() if role not in own_status or not role for _, one in items]
    main_in_error = any(status_of(resource) == IN_ERROR for _, resource in found.get("", ()))
    if main_in_error or all(status_of(resource) == IN_ERROR for resource in shared):
        return found
    live = {
        role: [item for item in items if not role or role in own_status or status_of(item[1]) != IN_ERROR]
        for role, items in found.items()
    }
    return {role: items for role, items in live.items() if items}


def _helpers(identity: Identity, moment: Callable[[str], str]) -> dict[str, Any]:
    """Return what the generated functions call by name."""
    names = [name for name in vars(runtime) if name.startswith(("known_", "is_", "by_"))]
    names += ["EMPTY", "UCUM", "matches", "unread", "unknown", "changed", "differs"]
    helpers: dict[str, Any] = {name: getattr(runtime, name) for name in names}
    return helpers | {
        "id_of": identity.of,
        "reference_any": partial(runtime.reference_any, identity.of),
        "moment": partial(_told_time, moment),
        "day": partial(_told_time, times.exists),
        "sentence": dosage.sentence,
        "narrative": narrative,
    }


def _told_time(normal: Callable[[str], str], text: str, where: str, issues: list[Issue]) -> str:
    try:
        return normal(text)
    except times.TimeFault as fault:
        issues.append(fault.told(where))
        return text


def _number(item: tuple[str, Any]) -> int:
    return int(item[0]) if item[0].isdecimal() else 0


def _without(value: Any, way: Sequence[str]) -> Any:
    """Return ``value`` without what lies at ``way``; the original is left as it is."""
    step, *rest = (part.replace("~1", "/").replace("~0", "~") for part in way)
    if isinstance(value, list):
        return [_without(item, rest) if str(index) == step else item for index, item in enumerate(value)]
    if rest:
        return {**value, step: _without(value[step], rest)}
    return {name: inner for name, inner in value.items() if name != step}


def _ignored(one: Issue) -> str:
    return one.details.replace(".", "; it was left out.", 1)
