"""FHIR's own functions (https://hl7.org/fhir/R4/fhirpath.html#functions)."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhirpath.emitter import bare
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.functions.existence import Exists
from fhir_iop.fhirpath.functions.registry import Call, Function
from fhir_iop.fhirpath.model import PRIMITIVES
from fhir_iop.fhirpath.plan import Boxed, Item, Made, Nothing, Plan, collect_boxed
from fhir_iop.fhirpath.runtime import fhir as runtime
from fhir_iop.fhirpath.scalar import ScalarCall, check_one, scalar
from fhir_iop.fhirpath.shape import Shape, system
from fhir_iop.fhirpath.steps import Step, member

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.fhirpath.emitter import Emitter
    from fhir_iop.fhirpath.model import Model


class WithUrl(Plan):
    """``source.extension(url)``: the extensions of that url."""

    name = "extension"

    def __init__(self, extensions: Plan, url: Plan) -> None:
        self.extensions = extensions
        self.url = check_one(url, "String", self.name)
        self.parts = (extensions, url)
        self.shape = Shape(extensions.shape.names, many=True, ordered=extensions.shape.ordered)

    def _is_boxed(self) -> bool:
        return self.extensions.boxed

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        extensions = self.extensions
        if not self.url.is_constant:
            # What the url is made of may use a variable that the path to the extensions defines.
            extensions = Made(extensions, em.bind(extensions.collect(em), "some"))
        url = em.bind(scalar(em, self.url, "String", self.name)) if not self.url.is_constant else self.url.one(em)

        def inner(item: Item) -> None:
            extension = f"{item.name}.value" if item.boxed else item.name
            with em.when(f"{extension}.get('url') == {url}"):
                body(item)

        extensions.each(em, inner)


class HasValue(Plan):
    """``source.hasValue()``: one item, of a primitive type, with a value."""

    name = "hasValue"

    def __init__(self, source: Plan) -> None:
        self.source = source
        self.parts = (source,)
        shape = source.shape
        self.shape = system("Boolean", sure=True)
        self._never = shape.names is not None and not any(_is_primitive(name) for name in shape.names)
        if not self._never and not isinstance(source, Step):
            source.require_items()

    def one(self, em: Emitter) -> str:
        source = self.source
        if self._never:
            return "False"
        if not source.boxed and not source.shape.many:
            return "True" if source.shape.sure else f"({source.one(em)} is not None)"
        return f"{em.use(runtime.has_value)}({bare(collect_boxed(em, source))})"


class GetValue(Plan):
    """``source.getValue()``: the System value of a single primitive."""

    name = "getValue"

    def __init__(self, source: Plan) -> None:
        self.source = source
        self.parts = (source,)
        if source.shape.many:
            source.require_items()
        category = source.shape.category
        self._never = source.shape.names is not None and not any(map(_is_primitive, source.shape.names))
        self.shape = Shape(None) if category is None else system(category)

    def _is_boxed(self) -> bool:
        return self.shape.is_mixed

    def one(self, em: Emitter) -> str:
        if self._never:
            return "None"
        if not self.boxed and not self.source.boxed and not self.source.shape.many:
            return self.source.one(em)
        value = f"{em.use(runtime.get_value)}({bare(collect_boxed(em, self.source))})"
        return value if self.boxed else f"{em.use(runtime.bare_value)}({value})"


def _is_primitive(name: str) -> bool:
    return name in PRIMITIVES or name.startswith("System.")


class Resolve(Plan):
    """``source.resolve()``: the resources that references mean, where they can be found."""

    name = "resolve"

    def __init__(self, source: Plan, model: Model) -> None:
        self.source = source
        self.parts = (source,)
        self.model = model
        self.shape = Shape(frozenset({"Resource"}), source.shape.many, ordered=source.shape.ordered)

    def _found(self, em: Emitter, item: str) -> str:
        value = f"{item}.value" if self.source.boxed else item
        return f"{em.use(runtime.resolved)}({value}, {em.environment('rootResource')}, {em.optional_context()})"

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        def inner(item: Item) -> None:
            found = em.bind(self._found(em, item.name))
            with em.when(f"{found} is not None"):
                body(Item(found, boxed=False))

        self.source.each(em, inner)

    def one(self, em: Emitter) -> str:
        if self.shape.many:
            return super().one(em)
        item = em.bind(self.source.one(em))
        return f"({self._found(em, item)} if {item} is not None else None)"

    def type_test(self, em: Emitter, type_name: str) -> str | None:
        if self.source.shape.many:
            return None
        item = em.bind(self.source.one(em))
        value = f"{item}.value" if self.source.boxed else item
        test = (
            f"{em.use(runtime.refers_to)}({value}, {em.constant(type_name)}, {em.environment('rootResource')}, "
            f"{em.optional_context()}, {em.thing(self.model, 'MODEL')})"
        )
        return test if self.source.shape.sure else f"({test} if {item} is not None else None)"

    def type_truth(self, em: Emitter, type_name: str) -> str | None:
        test = self.type_test(em, type_name)
        if test is None or self.source.boxed or self.source.shape.name != "Reference" or not self.source.shape.sure:
            return None if test is None else f"({test} is True)"
        # A relative reference says what it refers to.
        text = f"{self.source.one(em)}.get('reference', '')"
        return f"({text}.startswith({em.constant(type_name + '/')}) or {test} is True)"


class MemberOf(Plan):
    """``source.memberOf(valueSet)``: empty where the value set isn't at hand."""

    name = "memberOf"

    def __init__(self, source: Plan, value_set: Plan, model: Model) -> None:
        shape = source.shape
        allowed = {"Coding", "CodeableConcept", "Quantity"}
        if shape.names is not None and not any(name in allowed or _is_text(name) for name in shape.names):
            raise FhirPathError("fhirpath-type", name=self.name, found=shape.described(), expected="a code")
        self.source = source
        self.value_set = check_one(value_set, "String", self.name)
        self.parts = (source, value_set)
        self.model = model
        self.shape = system("Boolean")

    def one(self, em: Emitter) -> str:
        item = em.bind(self.source.one(em))
        url = scalar(em, self.value_set, "String", self.name)
        value = f"{item}.value" if self.source.boxed else item
        test = f"{em.use(runtime.member_of)}({value}, {url}, {em.thing(self.model, 'MODEL')})"
        return test if self.source.shape.sure else f"({test} if {item} is not None else None)"


def _is_text(name: str) -> bool:
    return PRIMITIVES.get(name) == "String" or name == "System.String"


class ConformsTo(Plan):
    """``source.conformsTo(profile)``."""

    name = "conformsTo"

    def __init__(self, source: Plan, profile: Plan, model: Model) -> None:
        self.source = source
        self.profile = check_one(profile, "String", self.name)
        self.parts = (source, profile)
        self.model = model
        self.shape = system("Boolean")

    def one(self, em: Emitter) -> str:
        item = em.bind(Boxed(self.source).one(em))
        url = scalar(em, self.profile, "String", self.name)
        test = f"{em.use(runtime.conforms_to)}({item}, {url}, {em.context()}, {em.thing(self.model, 'MODEL')})"
        return test if self.source.shape.sure else f"({test} if {item} is not None else None)"


class CheckModifiers(Plan):
    """``source.checkModifiers(url, …)``: the source, or an error for a modifier extension that isn't named."""

    name = "checkModifiers"

    def __init__(self, source: Plan, urls: tuple[Plan, ...]) -> None:
        self.source = source
        self.urls = tuple(check_one(url, "String", self.name) for url in urls)
        self.parts = (source, *urls)
        self.shape = source.shape

    def _is_boxed(self) -> bool:
        return self.source.boxed

    def _require_items(self) -> None:
        self.source.require_items()

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        urls = em.bind(f"({''.join(scalar(em, url, 'String', self.name) + ', ' for url in self.urls)})")

        def inner(item: Item) -> None:
            value = f"{item.name}.value" if item.boxed else item.name
            em.line(f"{em.use(runtime.check_modifiers)}({value}, {urls})")
            body(item)

        self.source.each(em, inner)

    def one(self, em: Emitter) -> str:
        if self.shape.many:
            return super().one(em)
        found = em.fresh()
        em.line(f"{found} = None")
        self.each(em, lambda item: em.line(f"{found} = {item.name}"))
        return found


class Subsumes(Plan):
    """``source.subsumes(code)`` and ``source.subsumedBy(code)``: empty where the code system isn't at hand."""

    def __init__(self, name: str, source: Plan, other: Plan, model: Model) -> None:
        self.name = name
        self.source, self.other = source, other
        self.parts = (source, other)
        self.model = model
        self.shape = system("Boolean")

    def one(self, em: Emitter) -> str:
        values = [em.bind(plan.one(em)) for plan in (self.source, self.other)]
        bares = [f"{value}.value" if plan.boxed else value for value, plan in zip(values, self.parts, strict=True)]
        if self.name == "subsumedBy":
            bares.reverse()
        test = f"{em.use(runtime.subsumes)}({bares[0]}, {bares[1]}, {em.thing(self.model, 'MODEL')})"
        return f"({test} if {values[0]} is not None and {values[1]} is not None else None)"


def _extension(call: Call, url: Plan) -> Plan:
    if call.source.shape.is_empty or url.shape.is_empty:
        return Nothing()
    return WithUrl(member(call.source, "extension", call.model), url)


def _has_extension(call: Call, url: Plan) -> Plan:
    return Exists(_extension(call, url), wanted=True)


def _resolve(call: Call) -> Plan:
    shape = call.source.shape
    if shape.is_empty:
        return Nothing()
    if shape.names is not None and not any(name == "Reference" or _is_text(name) for name in shape.names):
        raise FhirPathError("fhirpath-type", name="resolve", found=shape.described(), expected="a Reference")
    return Resolve(call.source, call.model)


def _html_checks(call: Call) -> Plan:
    if call.source.shape.is_empty:
        return Nothing()
    return ScalarCall(call.name, "Boolean", [(call.source, "String")], runtime.html_checks, partial=False)


def _unsupported(reason: str) -> Callable[..., Plan]:
    def build(call: Call, *_: object) -> Plan:
        raise FhirPathError("fhirpath-unsupported", name=call.name, reason=reason)

    return build


FUNCTIONS = (
    Function("extension", ("value",), _extension),
    # No release of FHIR defines it; published search parameters use it.
    Function("hasExtension", ("value",), _has_extension),
    Function("hasValue", (), lambda call: HasValue(call.source)),
    Function("getValue", (), lambda call: GetValue(call.source)),
    Function("resolve", (), _resolve),
    Function("memberOf", ("value",), lambda call, url: MemberOf(call.source, url, call.model)),
    Function("conformsTo", ("value",), lambda call, url: ConformsTo(call.source, url, call.model)),
    Function("checkModifiers", ("value*",), lambda call, *urls: CheckModifiers(call.source, urls)),
    Function("subsumes", ("value",), lambda call, other: Subsumes(call.name, call.source, other, call.model)),
    Function("subsumedBy", ("value",), lambda call, other: Subsumes(call.name, call.source, other, call.model)),
    Function("htmlChecks", (), _html_checks),
    Function("htmlChecks2", (), _html_checks),
    Function("elementDefinition", (), _unsupported("an item doesn't carry the definition that it was read by")),
    Function("slice", ("value", "value"), _unsupported("which slice an item is in is the validator's question")),
)
