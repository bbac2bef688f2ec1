"""FHIRPath in one-way rules: `field <- (EXPRESSION)` on the way back, `path = (EXPRESSION)` forward.

On the way back an expression is evaluated on the part that its rule stands in: a resource, an element, an item of a
list. Forward it says again what is written already: it is evaluated on the object that holds the element, when the rest
of that is there. A record isn't FHIR, so no expression reads one.

Expressions are typed when a mapping is loaded: a misspelt element, a value that the other side can't be, or several
where one is needed are faults of the mapping. What one gives depends on its input and `%resource` alone: `now()`,
`resolve()` and whatever else asks the world around are refused.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from fhir_iop import fhirpath
from fhir_iop.fhirpath.parser import parse
from fhir_iop.fhirpath.tree import Call, Member, Variable
from fhir_iop.issue import Issue, issue
from fhir_iop.mapping.functions import Computed
from fhir_iop.mapping.functions.base import hint
from fhir_iop.mapping.lines import Call as Named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.definitions import Definitions
    from fhir_iop.mapping.document import Place, Problems
    from fhir_iop.mapping.functions import Context
    from fhir_iop.mapping.lines import Line
    from fhir_iop.mapping.rules import Scope, Source
    from fhir_iop.mapping.targets import Target

_ASKS_THE_WORLD = frozenset({"now", "today", "timeOfDay", "resolve", "conformsTo", "memberOf", "trace", "weight"})
_VARIABLES = frozenset({"resource", "context", "ucum", "sct", "loinc"})
_OWN_ELEMENTS = frozenset({"BackboneElement", "Element", ""})

# JSON Schema's name of a field's type → the System types that its values may come of
_FIELDS = {
    "boolean": {"Boolean"},
    "integer": {"Integer"},
    "number": {"Integer", "Decimal"},
    "string": {"String", "Date", "DateTime", "Time"},
}
# FHIR's name of a primitive type → the System types that it may be written from
_ELEMENTS = {
    "boolean": {"Boolean"},
    "decimal": {"Integer", "Decimal"},
    "integer": {"Integer"},
    "positiveInt": {"Integer"},
    "unsignedInt": {"Integer"},
    "date": {"Date"},
    "dateTime": {"Date", "DateTime"},
    "instant": set[str](),
    "time": {"Time"},
}


@dataclass(frozen=True)
class Read:
    """FHIRPath that gives a field: the name by which generated code calls it, and the elements that it names."""

    called: str
    names: frozenset[str]


class Evaluated(Computed):
    """What FHIRPath gives, evaluated on the object that holds the element; where it gives nothing, nothing is written.

    On the way back it is compared with what is there.
    """

    name = "fhirpath"
    late = True

    def __init__(self, line: Line, owner: Target, target: Target, context: Context, scope: Scope) -> None:
        self._line = line
        self._owner = owner
        self._sure = False
        super().__init__(Named(f"({line.expression})", (), line.constant_place), target, context, scope)

    def prepare(self) -> None:
        """Type the expression against the element."""
        problems, text, place = self.context.problems, self._line.expression or "", self._line.constant_place
        expression = _expression(text, self._owner, place, problems)
        self.usable = False
        if expression is None:
            return
        if self.target.is_list or not self.target.is_primitive:
            found = f"a list of {self.target.type}" if self.target.is_list else self.target.type or "open"
            problems.add("mapping-function-target", place, call="FHIRPath", wanted="one plain value", found=found)
            return
        wanted = _ELEMENTS.get(self.target.type, {"String"})
        same = expression.result.name == self.target.type
        self.usable = _fits(expression, wanted, place, problems, what=self.target.type, many=False, same=same)
        self._sure = expression.result.sure
        self.called = _bound(self.context, expression, many=False)

    @property
    def certain(self) -> bool:  # type: ignore[override]  # it depends on the expression
        """Whether the expression always gives a value."""
        return self._sure

    def expression(self, part: str, index: str) -> str:
        """Evaluate on ``part``."""
        return f'{self.called}({part}, None, "", issues)'


def reading(line: Line, part: Target, source: Source, context: Context) -> Read | None:
    """Return what reads the field ``source`` out of ``part``; None, with a finding, where the expression can't."""
    text, place, problems = line.expression or "", line.constant_place, context.problems
    expression = _expression(text, part, place, problems)
    if expression is None:
        return None
    many = source.shape.kind == "array"
    shape = source.shape.item if many else source.shape
    kind = shape.kind if shape is not None else "any"
    if kind not in _FIELDS:
        wanted = " or ".join(_FIELDS)
        problems.add("mapping-function-source", place, call="FHIRPath", wanted=wanted, found=kind)
        return None
    if not _fits(expression, _FIELDS[kind], place, problems, what=kind, many=many):
        return None
    names = frozenset(node.name for node in _nodes(parse(text)) if isinstance(node, Member))
    return Read(_bound(context, expression, many=many), names)


def evaluated(
    expression: fhirpath.Expression,
    many: bool,
    value: Any,
    resource: dict[str, Any] | None,
    where: str,
    issues: list[Issue],
) -> Any:
    """Return what ``expression`` gives for ``value``, a list where ``many``; None for nothing.

    Where it has no result there, that is a finding at ``where``.
    """
    try:
        found = expression(value, fhirpath.Context(resource=resource))
    except fhirpath.FhirPathError as error:
        issues.append(issue("mapping-no-result", where, reason=error.message.rstrip(".")))
        return None
    if many:
        return found or None
    return found[0] if found else None


def _bound(context: Context, expression: fhirpath.Expression, *, many: bool) -> str:
    called = f"fhirpath_{len(context.bound)}"
    context.bound[called] = partial(evaluated, expression, many)
    return called


def _expression(text: str, part: Target, place: Place, problems: Problems) -> fhirpath.Expression | None:
    """Compile ``text`` for ``part``; report at its own place what is wrong with it."""
    definitions: Definitions = part.definitions
    start = part.element.path if part.type in _OWN_ELEMENTS else part.type
    try:
        compiled = fhirpath.compile(text, start, definitions)
        strange = next(_strange(text), None)
    except fhirpath.FhirPathError as error:
        known = [error.suggestion] if error.suggestion else []
        hinted = hint(error.suggestion, known) if error.suggestion else ""
        reason = issue(error.rule, hint=hinted, place="", **error.facts).details
        problems.add("mapping-fhirpath", place.moved(error.position or 0), reason=reason)
        return None
    if strange is not None:
        position, name = strange
        reason = f"`{name}` asks for more than the resource; a mapping's result must depend on that alone."
        problems.add("mapping-fhirpath", place.moved(position), reason=reason)
        return None
    return compiled


def _fits(
    expression: fhirpath.Expression,
    wanted: set[str],
    place: Place,
    problems: Problems,
    *,
    what: str,
    many: bool,
    same: bool = False,
) -> bool:
    """Whether the results are of one of the System types ``wanted`` (or the ``same``), and one where not ``many``."""
    shape = expression.result
    if not same and shape.category not in wanted:
        reason = f"This FHIRPath gives {shape.described()}, which {what} can't be."
        problems.add("mapping-fhirpath", place, reason=reason)
        return False
    if shape.many and not many:
        problems.add(
            "mapping-fhirpath", place, reason="This FHIRPath may give several values; say which, as with `first()`."
        )
        return False
    return True


def _strange(text: str) -> Iterator[tuple[int, str]]:
    for node in _nodes(parse(text)):
        if isinstance(node, Call) and node.name in _ASKS_THE_WORLD:
            yield node.position, f"{node.name}()"
        if isinstance(node, Variable) and node.name not in _VARIABLES:
            yield node.position, f"%{node.name}"


def _nodes(node: Any) -> Iterator[Any]:
    """Yield all nodes of a syntax tree."""
    if isinstance(node, tuple):
        for one in node:
            yield from _nodes(one)
    elif is_dataclass(node):
        yield node
        for field in fields(node):
            yield from _nodes(getattr(node, field.name))
