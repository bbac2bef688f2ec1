"""What every named function of a mapping is: a pair of conversions, and what it asks of the two sides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from fhir_iop.mapping.refusal import hint

if TYPE_CHECKING:
    from fhir_iop.mapping.document import Problems
    from fhir_iop.mapping.lines import Call
    from fhir_iop.mapping.names import CodeTable, Names
    from fhir_iop.mapping.rules import Scope, Source
    from fhir_iop.mapping.targets import Target


@dataclass(frozen=True)
class Role:
    """One resource that a record's mapping makes: its role (empty: the main one), its type, and when it is made.

    ``source`` is the part of the record that it is made from (None: always), ``many`` whether one an item, ``key`` the
    item's field that names it (empty: its position).
    """

    name: str
    resource: str
    source: Source | None = None
    many: bool = False
    key: str = ""


@dataclass
class Context:
    """What functions are resolved against.

    ``kinds`` has the roles of each kind of record; ``kind`` is the one being mapped; ``sid`` the address under which
    each kind has its system of identifiers. ``bound`` collects what the generated code calls by name.
    """

    kind: str
    names: Names
    problems: Problems
    sid: str
    kinds: dict[str, dict[str, Role]]
    root: Scope
    bound: dict[str, Any] = field(default_factory=dict)

    def system(self, kind: str) -> str:
        """Return the system of the identifiers of records of ``kind``."""
        return f"{self.sid}/{kind}"

    def table(self, call: Call) -> CodeTable | None:
        """Return the code table that ``call`` names as its one argument; report what is wrong with it."""
        if len(call.arguments) != 1:
            self.problems.add("mapping-arguments", call.place, call=str(call), wanted=f"{call.name}(TABLE)")
            return None
        table = self.names.codes.get(call.arguments[0])
        if table is None:
            self.names.unknown("table of codes", call.arguments[0], self.names.codes, call.place)
        return table


class Function:
    """A conversion between a field's value and an element's, both ways, as Python source.

    ``recognises``: the way back tells values that it made from others. ``filters``: some values write nothing.
    ``takes_lists``: a list becomes one value. ``one_way``: there is no way back. ``inside``: the elements that it
    writes within its own, where that has some. ``normal``: in which other form a value comes back, where it does.
    """

    name: ClassVar[str]
    recognises = False
    filters = False
    takes_lists = False
    one_way = False
    inside: tuple[str, ...] = ()
    normal: ClassVar[str] = ""

    def __init__(self, call: Call, source: Source, target: Target, context: Context) -> None:
        self.call = call
        self.source = source
        self.target = target
        self.context = context
        self.usable = True
        self.prepare()

    def prepare(self) -> None:
        """Check arguments and both sides, reporting what doesn't fit; bind what the generated code needs."""

    def wrong(self, rule: str, **facts: Any) -> None:
        """Report a fault at the function's place."""
        self.usable = False
        self.context.problems.add(rule, self.call.place, **facts)

    def needs_type(self, *types: str) -> bool:
        """Whether the element is of one of ``types``; report it where it isn't."""
        if self.target.type in types:
            return True
        self.wrong(
            "mapping-function-target", call=self.name, wanted=" or ".join(types), found=self.target.type or "open"
        )
        return False

    def needs_kind(self, *kinds: str) -> bool:
        """Whether the field is of one of JSON Schema's ``kinds``; report it where it isn't."""
        if self.source.shape.kind in kinds:
            return True
        self.wrong("mapping-function-source", call=self.name, wanted=" or ".join(kinds), found=self.source.shape.kind)
        return False

    def forward(self, value: str, pointer: str) -> str:
        """Return the expression of what is written, for the name ``value`` of the field's value.

        ``pointer`` is the expression of the field's JSON pointer, for findings.
        """
        raise NotImplementedError

    def backward(self, value: str) -> str:
        """Return the expression of the field's value, for the name ``value`` of the element's; None: not its own."""
        raise NotImplementedError

    def tells(self) -> frozenset[Any]:
        """Return what it recognises, so that two rules that write one list can be told apart."""
        return frozenset()


class Computed:
    """What is computed from the part being built, or from where it stands, and never read back.

    ``drives``: it makes its part exist. ``certain``: it writes something whenever its part is built.
    ``late``: it is computed when the rest of its part is there. ``inside`` is as a function's.
    """

    name: ClassVar[str]
    drives = False
    certain = True
    late = False
    many = False
    inside: tuple[str, ...] = ()

    def __init__(self, call: Call, target: Target, context: Context, scope: Scope) -> None:
        self.call = call
        self.target = target
        self.context = context
        self.scope = scope
        self.usable = True
        self.prepare()

    def prepare(self) -> None:
        """Check arguments and target, reporting what doesn't fit; bind what the generated code needs."""

    @property
    def needs(self) -> frozenset[Any]:
        """What must be there for it to write something."""
        return frozenset()

    def expression(self, part: str, index: str) -> str:
        """Return the expression, for the names of the part being built and of the position in the list around."""
        raise NotImplementedError

    def holds(self, value: str, part: str, index: str) -> str:
        """Return the expression of whether the element's ``value`` is what is computed here."""
        return f"{value} == {self.expression(part, index)}"

    def wrong(self, rule: str, **facts: Any) -> None:
        """Report a fault at the function's place."""
        self.usable = False
        self.context.problems.add(rule, self.call.place, **facts)


def identifier(*words: str) -> str:
    """Return a Python name made of ``words``."""
    return "_".join("".join(c if c.isalnum() else "_" for c in word) for word in words if word)


__all__ = ["Computed", "Context", "Function", "Role", "hint", "identifier"]
