"""The functions that an expression is compiled to, one for each way to ask: values, typed values, does it hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath.conditions import as_boolean
from fhir_iop.fhirpath.context import Context
from fhir_iop.fhirpath.emitter import Emitter, bare, written
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.model import PRIMITIVES
from fhir_iop.fhirpath.plan import Item, collect_boxed
from fhir_iop.fhirpath.runtime.budget import Budget
from fhir_iop.fhirpath.runtime.results import (
    FAULTS,
    input_of_any_type,
    input_value,
    misshapen,
    primitive_input,
    typed_results,
    values_of,
)
from fhir_iop.fhirpath.runtime.typed import TypedValue, boxed_resource

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from fhir_iop.fhirpath.checker import Checker
    from fhir_iop.fhirpath.expression import Way
    from fhir_iop.fhirpath.plan import Plan

_OWN_VALUES = frozenset({"System.Quantity", "System.Any"})


def source_of(text: str, checker: Checker, plan: Plan, way: Way) -> tuple[str, dict[str, Any]]:
    """Return the source of one function, and the objects that it refers to by name.

    A plan is written once: ``typed`` asks for more of its items than the other ways do.
    """
    em = Emitter()
    if way == "typed":
        plan.require_items()
    checker.root.item = Item("this", checker.this.boxed)
    _WAYS[way](em, plan, checker)
    body = em.lines
    em.lines = []
    _prelude(em, checker)
    lines = [
        *em.constants,
        "",
        f"def {way}(this, context=None):",
        f"    {text!r}",
        "    try:",
        *written(em.lines),
        *written(body),
        "    except FAULTS as fault:",
        f"        raise misshapen({_described(checker)!r}) from fault",
    ]
    em.namespace.update(FAULTS=FAULTS, misshapen=misshapen)
    return "\n".join(lines).lstrip("\n") + "\n", em.namespace


def compiled(source: str, way: Way) -> CodeType:
    """Return the code of a function's source. Raises FhirPathError where it is beyond Python's own bounds."""
    try:
        return compile(source, f"<fhirpath {way}>", "exec")
    except (SyntaxError, MemoryError, RecursionError):  # nested brackets, blocks
        raise FhirPathError("fhirpath-limit", limit="what can be compiled") from None


def _described(checker: Checker) -> str:
    return checker.root.shape.described()


def _prelude(em: Emitter, checker: Checker) -> None:
    """Write what the body asked for: the context, the budget, the resource around the input."""
    start = checker.start
    if "resource" in em.environments or "rootResource" in em.environments:
        own = "None"
        if start is None:
            own = f"{em.use(input_value)}(this)"
        elif checker.model.is_resource(start):
            own = "this"
        em.line(f"resource = {own} if context is None or context.resource is None else context.resource")
    if "rootResource" in em.environments:
        em.line("root = resource if context is None or context.root is None else context.root")
    if start is None:
        em.line(f"this = {em.use(input_of_any_type)}(this)")
    elif start in PRIMITIVES:
        function = primitive_input if checker.this.boxed else input_value
        extra = f", {start!r}" if checker.this.boxed else ""
        em.line(f"this = {em.use(function)}(this{extra})")
    if em.uses_context:
        em.line(f"ctx = {em.use(Context)}() if context is None else context")
    if em.uses_budget:
        em.line(f"budget = {em.use(Budget)}()")
    em.lines.append(em.prelude)


def _values(em: Emitter, plan: Plan, _: Checker) -> None:
    shape = plan.shape
    if shape.names is None or any(name in _OWN_VALUES for name in shape.names):
        # Quantities that we made ourselves are told as FHIR's.
        em.line(f"return {em.use(values_of)}({bare(collect_boxed(em, plan))})")
    elif plan.boxed:
        items = em.fresh("items")
        em.line(f"{items} = []")
        plan.each_value(em, lambda value: em.line(f"{items}.append({value})"))
        em.line(f"return {items}")
    elif shape.many or shape.sure or shape.is_empty:
        items = plan.collect(em)
        em.line(f"return {_own_list(items)}")
    else:
        value = em.bind(plan.one(em))
        em.line(f"return [] if {value} is None else [{value}]")


def _own_list(items: str) -> str:
    """Return an expression of a list that the caller may change: not the resource's own."""
    if items == "()":
        return "[]"
    return items if items.startswith(("[", "items")) else f"[*{items}]"


def _typed(em: Emitter, plan: Plan, checker: Checker) -> None:
    model = checker.model
    name = plan.shape.name
    if plan.boxed or name is None:
        em.line(f"return {em.use(typed_results)}({bare(plan.collect(em))}, {em.thing(model, 'MODEL')})")
        return
    if plan.shape.is_open:
        item = f"{em.use(boxed_resource)}(v)"
    else:
        value = "v.as_json()" if name == "System.Quantity" else "v"
        item = f"{em.use(TypedValue)}({model.code(name)!r}, {value})"
    if plan.shape.many or plan.shape.sure:
        em.line(f"return [{item} for v in {em.iterable(plan.collect(em))}]")
    else:
        em.line(f"v = {bare(plan.one(em))}")
        em.line(f"return [] if v is None else [{item}]")


def _holds(em: Emitter, plan: Plan, _: Checker) -> None:
    em.line(f"return {bare(as_boolean(plan.truth(em, wanted=True)))}")


_WAYS: dict[Way, Callable[[Emitter, Plan, Checker], None]] = {"values": _values, "typed": _typed, "holds": _holds}
