"""From a syntax tree to a tree of plans: every name found, every type checked, before there is any data."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fhir_iop.fhir.quantity import Quantity
from fhir_iop.fhirpath import variables
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.functions import CATALOGUE
from fhir_iop.fhirpath.functions.combining import Constants, In, union
from fhir_iop.fhirpath.functions.registry import Call as Invocation
from fhir_iop.fhirpath.functions.registry import Lambda
from fhir_iop.fhirpath.functions.subsetting import At
from fhir_iop.fhirpath.functions.types import as_type, is_type
from fhir_iop.fhirpath.kept import Kept, is_closed, kept_in_loops
from fhir_iop.fhirpath.model import PRIMITIVES
from fhir_iop.fhirpath.operators.arithmetic import Concatenation, operation, signed
from fhir_iop.fhirpath.operators.comparison import Compare
from fhir_iop.fhirpath.operators.equality import Equal, Equivalent, NotEqual
from fhir_iop.fhirpath.operators.logic import And, Implies, Or, Xor
from fhir_iop.fhirpath.operators.types import of_type, type_name
from fhir_iop.fhirpath.plan import Constant, Nothing, Plan
from fhir_iop.fhirpath.scopes import Index, RunningTotal, Scope, This, Total, Whole
from fhir_iop.fhirpath.shape import Shape, either, system
from fhir_iop.fhirpath.steps import member
from fhir_iop.fhirpath.suggestion import closest
from fhir_iop.fhirpath.tree import (
    Binary,
    Call,
    Empty,
    Indexer,
    Literal,
    Member,
    Node,
    QuantityLiteral,
    SortKey,
    Special,
    TypeOperation,
    Unary,
    Variable,
)

if TYPE_CHECKING:
    from fhir_iop.fhirpath.functions.registry import Function, Parameter
    from fhir_iop.fhirpath.model import Model

# How often the type of what `repeat` gives is looked for before it is taken for any type.
_MOST_ROUNDS = 6
_NUMBERS = frozenset({"Decimal", "Integer"})
# Functions that walk whole trees: an expression that asks for the same walk again gets the first one's items.
_SHARED = frozenset({"children", "descendants"})


@dataclass(frozen=True)
class _Place:
    """Where a node stands: the scope of ``$this``, the variables in sight, and whether a loop is around it."""

    scope: Scope
    variables: dict[str, Plan] = field(default_factory=dict)
    looping: bool = False
    index: Scope | None = None
    total: Scope | None = None
    whole: Plan | None = None  # what ``$this`` is where it is a whole collection

    def apart(self) -> _Place:
        """Return the same place for an operand: what it defines isn't seen outside."""
        return replace(self, variables=dict(self.variables))


class Checker:
    """Checks one expression for one start type."""

    def __init__(self, model: Model, start: frozenset[str] | None) -> None:
        self.model = model
        self.start = next(iter(start)) if start is not None and len(start) == 1 else None
        # An input of any type, or a primitive one, may be none at all: nothing, or a primitive with extensions only.
        sure = self.start is not None and self.start not in PRIMITIVES
        self.root = Scope(Shape(start, sure=sure))
        self.this = This(self.root)
        self._left_out: set[int] = set()
        self._walks: dict[object, Kept] = {}
        self._is_searching = False  # for the types that `repeat` gives: a name may turn out to be known
        self._is_trying = False  # whether a `$total` stays of one type

    def plan(self, tree: Node) -> Plan:
        """Return the plan of a whole expression. Raises FhirPathError with a position; the caller knows the line."""
        self._left_out = self._pruned(tree)
        return self._operand(tree, _Place(self.root))

    # --- nodes ----------------------------------------------------------------------------------------------------

    def _operand(self, node: Node, place: _Place) -> Plan:
        """Check an expression that stands for itself; in a loop, what stays the same is made once."""
        plan = self._node(node, place.apart())
        return kept_in_loops(plan) if place.looping else plan

    def _node(self, node: Node, place: _Place) -> Plan:
        try:
            return self._checked(node, place)
        except FhirPathError as error:
            if error.position is None:
                error.position = node.position
            raise

    def _checked(self, node: Node, place: _Place) -> Plan:
        match node:
            case Literal(type=kind, value=value):
                return Constant(kind, value)
            case QuantityLiteral(value=value, unit=unit, calendar=calendar):
                return Constant("Quantity", Quantity(value, unit, calendar))
            case Empty():
                return Nothing()
            case Special(name=name):
                return self._special(name, place)
            case Variable(name=name):
                return self._variable(name, place)
            case Member(input=None, name=name):
                return self._start(name, place)
            case Member(input=source, name=name) if source is not None:
                return self._member(self._node(source, place), name)
            case Call():
                return self._call(node, place)
            case Indexer(input=source, index=index):
                return At("[]", self._node(source, place), self._operand(index, place))
            case Unary(operator=sign, operand=operand):
                return signed(sign, self._operand(operand, place))
            case TypeOperation(operator=operator, operand=operand, type=parts):
                inner = self._operand(operand, place)
                call = Invocation(operator, inner, place.scope, self.model, place.variables)
                return is_type(inner, parts, call) if operator == "is" else as_type(inner, parts, call)
            case Binary():
                return self._binary(node, place)
            case SortKey(key=key):
                return self._operand(key, place)
        raise TypeError(f"no form of the grammar: {type(node).__name__}")

    def _special(self, name: str, place: _Place) -> Plan:
        if name == "this":
            return self._this(place)
        if name == "index" and place.index is not None:
            return Index(place.index)
        if name == "total" and place.total is not None:
            shape = place.total.total_shape
            return Total(place.total) if shape is None else RunningTotal(place.total, shape)
        raise FhirPathError("fhirpath-special", name=name)

    def _this(self, place: _Place) -> Plan:
        if place.scope is self.root:
            return self.this
        return This(place.scope) if place.whole is None else Whole(place.scope, place.whole)

    def _variable(self, name: str, place: _Place) -> Plan:
        if name in place.variables:
            return place.variables[name]
        fixed = variables.constant(name)
        if fixed is not None:
            return fixed
        if name == "context":
            return variables.Input(self.this)
        if name in variables.ENVIRONMENT:
            return variables.Environment(name, self._resource_shape(name))
        return variables.given(name)

    def _resource_shape(self, name: str) -> Shape:
        if self.root.shape.is_mixed:
            return Shape(frozenset({"Resource"}))
        root, _, path = (self.start or "").partition(".")
        is_resource = self.model.is_resource(root)
        return Shape(
            frozenset({root if is_resource and name == "resource" else "Resource"}), sure=is_resource and not path
        )

    def _start(self, name: str, place: _Place) -> Plan:
        """Check the first name of a path: a child of ``$this``, or the type that ``$this`` has."""
        this = self._this(place)
        names = this.shape.names
        if name[:1].isupper():
            if names is None:
                return self._typed_start(name, this)
            if any(self.model.is_a(kind, name) for kind in names):
                return this
        return self._member(this, name)

    def _member(self, source: Plan, name: str) -> Plan:
        try:
            return member(source, name, self.model)
        except FhirPathError:
            if self._is_searching:
                return Nothing()
            raise

    def _typed_start(self, name: str, this: Plan) -> Plan:
        return of_type(this, type_name((name,), self.model, exact=True), self.model)

    # --- operators ------------------------------------------------------------------------------------------------

    def _binary(self, node: Binary, place: _Place) -> Plan:
        operator = node.operator
        nodes = self._chain(node)
        if len(nodes) == 1:  # of a search parameter for several types, all that is for this one
            return self._operand(nodes[0], place)
        operands = [self._operand(operand, place) for operand in nodes]
        left, right = operands[0], operands[-1]
        match operator:
            case "and":
                return And(*operands)
            case "or":
                return self._one_of(nodes, place) or Or(*operands)
            case "|":
                return union(*operands)
            case "&":
                return Concatenation(*operands)
            case "xor":
                return Xor(left, right)
            case "implies":
                return Implies(left, right)
            case "=":
                return Equal(left, right)
            case "!=":
                return NotEqual(left, right)
            case "~" | "!~":
                return Equivalent(left, right, wanted=operator == "~")
            case "<" | "<=" | ">" | ">=":
                return Compare(operator, left, right)
            case "in":
                return In(operator, left, right)
            case "contains":
                return In(operator, right, left)
        return operation(operator, left, right)

    def _one_of(self, nodes: list[Node], place: _Place) -> Plan | None:
        """Recognize ``status = 'a' or status = 'b'``, which asks for the same as ``status in ('a' | 'b')``."""
        first = nodes[0].left if isinstance(nodes[0], Binary) else None
        wanted: list[Node] = []
        for node in nodes:
            if not isinstance(node, Binary) or node.operator != "=" or node.left != first:
                return None
            if not isinstance(node.right, Literal):
                return None
            wanted.append(node.right)
        source = self._operand(first, place) if first is not None else Nothing()
        values = [self._operand(node, place) for node in wanted]
        collection = union(*values)
        return In("in", source, collection) if isinstance(collection, Constants) and not source.shape.many else None

    def _chain(self, node: Binary) -> list[Node]:
        """Return the operands of an operator; those of a whole chain where all are taken together."""
        if node.operator not in ("and", "or", "|", "&"):
            return [node.left, node.right]
        operands: list[Node] = []
        left: Node = node
        while isinstance(left, Binary) and left.operator == node.operator:
            operands.append(left.right)
            left = left.left
        operands.append(left)
        operands.reverse()
        return [operand for operand in operands if id(operand) not in self._left_out]

    def _pruned(self, tree: Node) -> set[int]:
        """Find those alternatives of a union that begin with another resource type than the start.

        R4's search parameters are unions of one path for each type (``Patient.name | Practitioner.name``): those for
        other types are empty here. One must be for this type, or the whole is a mistake.
        """
        if self.start is None or not isinstance(tree, Binary) or tree.operator != "|":
            return set()
        alternatives = self._chain(tree)
        others = [node for node in alternatives if self._begins_with_other(node)]
        return set(map(id, others)) if len(others) < len(alternatives) else set()

    def _begins_with_other(self, node: Node) -> bool:
        first: Node | None = node
        while first is not None:
            match first:
                case Member(input=None, name=name):
                    return name in self.model.definitions.resource_types and not self.model.is_a(self.start or "", name)
                case Member(input=source) | Call(input=source) | Indexer(input=source):
                    first = source
                case TypeOperation(operand=operand):
                    first = operand
                case Binary(left=left):
                    first = left
                case _:
                    return False
        return False

    # --- functions ------------------------------------------------------------------------------------------------

    def _call(self, node: Call, place: _Place) -> Plan:
        function = CATALOGUE.get(node.name)
        if function is None:
            raise FhirPathError("fhirpath-function", name=node.name, suggestion=closest(node.name, CATALOGUE))
        source = self._node(node.input, place) if node.input is not None else self._this(place)
        self._count(function, node)
        call = Invocation(node.name, source, place.scope, self.model, place.variables)
        arguments = [
            self._aggregator(node.arguments, source, place)
            if parameter == "total"
            else self._argument(parameter, argument, node.name, source, place)
            for parameter, argument in zip(
                _repeated(function.parameters, len(node.arguments)), node.arguments, strict=True
            )
        ]
        plan = function.build(call, *arguments)
        return self._shared(node, plan, place) if node.name in _SHARED else plan

    def _shared(self, node: Call, plan: Plan, place: _Place) -> Plan:
        """Return one plan for all places in a scope that walk the same tree."""
        scope = None if is_closed(plan) else place.scope if place.scope is not self.root else None
        key = (scope, node, tuple(place.variables.items()))
        known = self._walks.get(key)
        if known is None:
            known = self._walks[key] = Kept(plan, scope)
        else:
            known.uses += 1
        return known

    def _count(self, function: Function, node: Call) -> None:
        given, fewest, most = len(node.arguments), function.fewest, function.most
        if given < fewest or (most is not None and given > most):
            expected = str(fewest) if fewest == most else f"{fewest} or more" if most is None else f"{fewest} to {most}"
            expected += " argument" if expected == "1" else " arguments"
            raise FhirPathError("fhirpath-arguments", name=function.name, expected=expected, given=given)

    def _argument(self, parameter: Parameter, node: Node, name: str, source: Plan, place: _Place) -> object:
        match parameter.rstrip("?*"):
            case "type":
                return _type_parts(node, name)
            case "name":
                if isinstance(node, Literal) and node.type == "String":
                    return node.value
                raise FhirPathError("fhirpath-arguments", name=name, expected="a literal string", given="an expression")
            case "value":
                return self._operand(node, place)
            case "again":
                return self._again(node, source, place)
            case "sort":
                return self._sort_key(node, source, place)
            case "whole":
                scope = Scope(source.shape, source)
                inside = replace(place, scope=scope, variables=dict(place.variables), whole=source)
                return Lambda(scope, self._operand(node, inside))
            case "focus":
                scope = Scope(source.shape if source.shape.sure else source.shape.as_one(), source)
                inside = replace(place, scope=scope, variables=dict(place.variables), whole=None)
                return Lambda(scope, self._operand(node, inside))
        scope = Scope(source.shape.as_item(), source)
        return Lambda(scope, self._operand(node, self._within(place, scope)))

    def _aggregator(self, arguments: tuple[Node, ...], source: Plan, place: _Place) -> Lambda:
        """Check an aggregator; where it gives a number of the type that it starts with, `$total` is such a number."""
        node, *start = arguments
        first = start[0] if start else None
        # An aggregator inside one that is being tried isn't tried itself: each would double the work.
        if isinstance(first, Literal) and first.type in _NUMBERS and not self._is_trying:
            self._is_trying = True
            try:
                found = self._with_total(node, source, place, system(first.type))
            except FhirPathError:  # of what is wrong with it some shows only where there are items
                found = None
            finally:
                self._is_trying = False
            if found is not None and found.plan.shape.names == system(first.type).names and not found.plan.shape.many:
                return found
        return self._with_total(node, source, place, None)

    def _with_total(self, node: Node, source: Plan, place: _Place, shape: Shape | None) -> Lambda:
        scope = Scope(source.shape.as_item(), source)
        scope.total_shape = shape
        return Lambda(scope, self._operand(node, replace(self._within(place, scope), total=scope)))

    def _within(self, place: _Place, scope: Scope) -> _Place:
        """Return the place of an argument that is evaluated for each item."""
        return _Place(scope, dict(place.variables), looping=True, index=scope, total=place.total)

    def _sort_key(self, node: Node, source: Plan, place: _Place) -> Lambda:
        key, descending = node, False
        if isinstance(node, SortKey):
            key, descending = node.key, node.descending
        elif isinstance(node, Unary) and node.operator == "-":
            key, descending = node.operand, True
        scope = Scope(source.shape.as_item(), source)
        return Lambda(scope, self._operand(key, self._within(place, scope)), descending)

    def _again(self, node: Node, source: Plan, place: _Place) -> Lambda:
        """Check the projection of ``repeat``, whose ``$this`` is also what it gives itself."""
        names = source.shape.names
        if self._is_searching:  # a repetition around this one looks for its own types: any will do here
            return self._projection(node, None, place)
        self._is_searching = True
        for _ in range(_MOST_ROUNDS):
            found = self._projection(node, names, place).plan.shape
            wider = either(Shape(names), found)
            if wider == names:
                break
            names = wider
        else:
            names = None
        self._is_searching = False
        return self._projection(node, names, place)

    def _projection(self, node: Node, names: frozenset[str] | None, place: _Place) -> Lambda:
        scope = Scope(Shape(names, sure=True))
        scope.always_boxed = True
        return Lambda(scope, self._operand(node, self._within(place, scope)))


def _repeated(parameters: tuple[Parameter, ...], number: int) -> list[Parameter]:
    """Return a parameter for each argument that is given: the last one again where it may come any number of times."""
    found = list(parameters[:number])
    while parameters and parameters[-1].endswith("*") and len(found) < number:
        found.append(parameters[-1])
    return found


def _type_parts(node: Node, name: str) -> tuple[str, ...]:
    parts: list[str] = []
    found: Node | None = node
    while isinstance(found, Member):
        parts.append(found.name)
        found = found.input
    if found is not None or not parts:
        raise FhirPathError("fhirpath-arguments", name=name, expected="the name of a type", given="an expression")
    return tuple(reversed(parts))
