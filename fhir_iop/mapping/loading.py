"""Folders of mappings become compiled mappings, or a list of everything that is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fhir_iop.mapping.backward import backward_source
from fhir_iop.mapping.checks import check
from fhir_iop.mapping.fields import roles_of
from fhir_iop.mapping.forward import forward_source
from fhir_iop.mapping.functions import Context
from fhir_iop.mapping.names import Names
from fhir_iop.mapping.order import Ends, Pairs, ends_of, pairs_of
from fhir_iop.mapping.overlay import Documents
from fhir_iop.mapping.plan import Plan, Planner
from fhir_iop.mapping.rules import Scope
from fhir_iop.mapping.schemas import check_library, check_root
from fhir_iop.mapping.shapes import SchemaLibrary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import jsonschema_rs

    from fhir_iop.definitions import Definitions
    from fhir_iop.issue import Issue
    from fhir_iop.mapping.document import Located, Problems
    from fhir_iop.mapping.functions import Role

SID = "sid"
BASE = "iop"


@dataclass(frozen=True)
class Compiled:
    """One kind of record, ready to be mapped both ways; what isn't asked for isn't compiled.

    ``helpers`` are what the generated functions call.
    """

    plan: Plan
    library: SchemaLibrary
    helpers: dict[str, Any]

    @cached_property
    def source(self) -> str:
        """The Python of both functions."""
        return f"{forward_source(self.plan)}\n\n{backward_source(self.plan)}"

    @cached_property
    def _functions(self) -> dict[str, Any]:
        namespace: dict[str, Any] = {**self.helpers}
        code = compile(self.source, f"<mapping {self.plan.kind}>", "exec")
        namespace |= self.plan.context.bound  # what writing the source has put there
        # The source is generated from resolved rules: names are ours, and a file's texts stand in it as literals.
        exec(code, namespace)  # noqa: S102
        return namespace

    @cached_property
    def forward(self) -> Callable[[dict[str, Any], list[Issue]], list[dict[str, Any]]]:
        """A record that its schema accepts → its resources."""
        found: Callable[..., list[dict[str, Any]]] = self._functions["forward"]
        return found

    @cached_property
    def backward(self) -> Callable[[dict[str, list[tuple[str, dict[str, Any]]]], str, list[Issue]], dict[str, Any]]:
        """The resources of one record, by role, and its id → the record."""
        found: Callable[..., dict[str, Any]] = self._functions["backward"]
        return found

    @cached_property
    def validator(self) -> jsonschema_rs.Draft202012Validator:
        """The check of the record's schema."""
        return self.library.validator(self.plan.context.root.shape)

    @cached_property
    def ordered(self) -> list[Pairs]:
        """What comes before what in the record."""
        return pairs_of(self.plan.context.root.shape)

    @cached_property
    def ends(self) -> list[Ends]:
        """What only the last item of a list of the record may be without."""
        return ends_of(self.plan.context.root.shape)


@dataclass
class _File:
    document: Located
    name: str
    names: Names


@dataclass
class Resolved:
    """What folders of mappings hold, resolved but not compiled: the plans, the record schemas, the base of systems."""

    plans: list[Plan]
    library: SchemaLibrary
    sid: str


def load(
    folders: Sequence[Path], definitions: Definitions, helpers: dict[str, Any], problems: Problems
) -> tuple[dict[str, Compiled], SchemaLibrary, str]:
    """Load all mappings of ``folders``.

    In a later folder, a file of the same name replaces an earlier one; one that says ``extends:`` adds to it.
    ``helpers`` are what the generated functions call. Returns the mappings by kind of record, the record schemas, and
    the address below which each kind has its system of identifiers. Findings go to ``problems``.
    """
    resolved = resolve(folders, definitions, problems)
    plans = [] if problems.found else resolved.plans
    kinds = {plan.kind: Compiled(plan, resolved.library, helpers) for plan in plans}
    return kinds, resolved.library, resolved.sid


def resolve(folders: Sequence[Path], definitions: Definitions, problems: Problems) -> Resolved:
    """Read and resolve all mappings of ``folders``, as :func:`load` does, without compiling them."""
    library = SchemaLibrary(folders, problems)
    documents = Documents.of(folders, problems)
    if not check_library(library, problems):
        return Resolved([], library, SID)
    files = _named(documents, definitions, problems)
    kinds: dict[str, dict[str, Role]] = {}
    roots: dict[str, Scope] = {}
    for kind, file in files.items():
        given = file.document.value["from"]
        library.extend(str(given.value), documents.fields(file.name), problems)
        shape = library.shape(str(given.value))
        if shape is None:
            file.names.unknown("record schema", str(given.value), library.files, given.place)
            continue
        if not check_root(shape, str(given.value), kind, given.place, problems):
            continue
        roots[kind] = Scope(shape)
        kinds[kind] = roles_of(file.document, roots[kind], problems)
    sid = next((f"{file.names.bases[BASE]}/{SID}" for file in files.values() if BASE in file.names.bases), SID)
    plans = []
    for kind, scope in roots.items():
        file = files[kind]
        context = Context(kind, file.names, problems, sid, kinds, scope)
        before = len(problems.found)
        plan = Planner(file.document, file.name, context).run()
        if len(problems.found) == before:  # a rule that can't be resolved would be told again as something left out
            check(plan, file.document.keys["record"], problems)
        plans.append(plan)
    return Resolved(plans, library, sid)


def _named(documents: Documents, definitions: Definitions, problems: Problems) -> dict[str, _File]:
    """Return the files that map records, by kind, each with the names that it may use."""
    libraries: dict[str, Names] = {}

    def names_of(name: str, seen: tuple[str, ...] = ()) -> Names:
        if name not in libraries:
            names = Names(definitions, problems)
            for document in (documents.files[name], *documents.overlays.get(name, ())):
                include = document.get("include")
                for entry in include.items() if include else ():
                    other = str(entry.value)
                    if other not in documents.files or other in seen:
                        names.unknown("file", other, documents.files, entry.place)
                        continue
                    names.include(names_of(other, (*seen, name)))
                names.learn(document)
            libraries[name] = names
        return libraries[name]

    files: dict[str, _File] = {}
    for name, document in documents.files.items():
        record = document.get("record")
        names = names_of(name)
        if record is None:
            continue
        kind = str(record.value)
        if kind in files:
            problems.add("mapping-record-twice", record.place, record=kind, other=files[kind].name)
        files[kind] = _File(documents.whole(name, problems), name, names)
    return files
