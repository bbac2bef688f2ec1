"""Python functions that look at JSON objects, written from what is expected of them.

The form is told before (``shape.py``); a function looks only at what form doesn't tell: rules of content, formats, what
profiles ask beyond the base type. It takes the object and its surroundings and returns None, or notes. Each function is
written when it is first called: of a type's elements most data uses few.
"""

from __future__ import annotations

from threading import RLock
from types import CodeType
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.validation import rules
from fhir_iop.validation.occurring import Counted, length, lowest
from fhir_iop.validation.quick.inline import conditions
from fhir_iop.validation.quick.known import misfit, remembering, remembering_codes
from fhir_iop.validation.quick.leaves import condition
from fhir_iop.validation.quick.notes import HERE, Misfit, in_order, under, under_item
from fhir_iop.validation.quick.recurring import recurring
from fhir_iop.validation.quick.references import at_a_glance
from fhir_iop.validation.quick.sorting import extensions, sort
from fhir_iop.validation.rules import invariant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fhir_iop.validation.expected import Expected, Member
    from fhir_iop.validation.quick.known import Look
    from fhir_iop.validation.quick.notes import Notes
    from fhir_iop.validation.surroundings import Surroundings

_FEW_CHOICES: Final = 12
_EXTENSIONS: Final = frozenset({"extension", "modifierExtension"})


class Library:
    """The functions of one set of expectations. ``plain`` ones are for data without extensions and ids of elements.

    ``contained`` looks at a resource inside another.
    """

    def __init__(self, contained: Callable[[Member], Look], *, plain: bool) -> None:
        self.plain = plain
        self.contained = contained
        self._lock = RLock()
        self._looks: dict[Expected, str] = {}
        self._names: dict[int, str] = {}
        self._kept: list[Any] = []
        self.namespace: dict[str, Any] = {"HERE": HERE, "Misfit": Misfit, "in_order": in_order}
        self.namespace |= {"under": under, "under_item": under_item}

    def look(self, expected: Expected) -> Look:
        """Return what looks at values of which this is expected: objects, or a primitive's ``_`` object."""
        name = self.name(expected)

        def look(value: Any, here: Surroundings) -> Notes | None:
            written: Look = self.namespace[name]
            return written(value, here)

        return look

    def name(self, expected: Expected) -> str:
        """Return the name by which functions call the look at values of which this is expected."""
        found = self._looks.get(expected)
        if found is None:
            with self._lock:
                found = self._looks.get(expected)
                if found is None:
                    found = self._looks[expected] = f"look_{len(self._looks)}"
                    self.namespace[found] = self._begun(expected, found)
        return found

    def _begun(self, expected: Expected, name: str) -> Look:
        """Return what stands for a function until it is first called."""

        def first(value: Any, here: Surroundings) -> Notes | None:
            with self._lock:
                if self.namespace[name] is first:
                    self.namespace[name] = self._written(expected)
            look: Look = self.namespace[name]
            return look(value, here)

        return first

    def _written(self, expected: Expected) -> Look:
        function = Function(self, expected)
        code = expected.expectations.definitions.derived.code(function.text(), f"<quick {expected.type}>")
        made: dict[str, Look] = {}
        # What definitions say stands in it as literals only.
        exec(renamed(code, function.names), self.namespace, made)  # noqa: S102
        look = made["look"]
        if expected.type == "Reference":
            return at_a_glance(expected, look, self.look)
        return recurring(expected, remembering(expected, look))

    def constant(self, thing: Any, hint: str) -> str:
        """Return the name by which functions know an object."""
        name = self._names.get(id(thing))
        if name is None:
            self._kept.append(thing)  # so that its id stays its own
            name = self._names[id(thing)] = f"{hint}_{len(self._names)}"
            self.namespace[name] = thing
        return name


class Function:
    """One function, being written: the same text in every process, with ``names`` that the library has others for."""

    def __init__(self, library: Library, expected: Expected) -> None:
        self.library = library
        self.expected = expected
        self.lines = ["def look(v, here):", "    out = None"]
        self.rare: list[str] = []
        self.rare_names: set[str] = set()
        self.names: dict[str, str] = {}
        self._own: dict[str, str] = {}

    def text(self) -> str:
        """Return the function's source."""
        expected = self.expected
        if not expected.is_resource:
            self._line("if len(v) < 2 and (not v or 'id' in v): raise Misfit")
        if not expected.is_primitive:
            self._rules()
        before = len(self.lines)
        for member in expected.members.values():
            self._member(member)
        if self.rare:
            any_ = self._constant(frozenset(self.rare_names), "rare")
            guarded = [f"    if not {any_}.isdisjoint(v):", *("    " + line for line in self.rare)]
            self.lines[before:before] = ["    early = None", *guarded, "        early = out"]
            order = self._constant(expected.order, "order")
            self._line(f"if early is not None: return in_order(out, {order})")
        self._line("return out")
        return "\n".join(self.lines) + "\n"

    def _line(self, text: str) -> None:
        self.lines.append("    " + text)

    def _set_aside(self, since: int, names: Iterable[str]) -> None:
        """Let the lines written ``since`` run only where one of the properties ``names`` is there.

        Extensions, ids of elements and `_` properties: all of them are passed by with one question, and what they note
        is put where the definition has it.
        """
        self.rare += self.lines[since:]
        self.rare_names.update(names)
        del self.lines[since:]

    def _constant(self, thing: Any, hint: str) -> str:
        return self._name(self.library.constant(thing, hint), hint)

    def _name(self, known_as: str, hint: str) -> str:
        own = self._own.get(known_as)
        if own is None:
            own = self._own[known_as] = f"{hint}_{len(self._own)}"
            self.names[own] = known_as
        return own

    def _rules(self) -> None:
        tests = []
        for rule in rules.CONTENT:
            if rule.applies(self.expected):
                if rule is invariant:
                    tests += self._invariants()
                else:
                    tests.append(f"{self._constant(rule.quick(self.expected), _name(rule))}(v)")
        if tests:
            self._line(f"if not ({' and '.join(tests)}): out = HERE")

    def _invariants(self) -> list[str]:
        asked = invariant.asked_of(self.expected)
        if any(one.holds is None or one.is_outer for one in asked):
            return ["False"]
        derived = self.expected.expectations.definitions.derived
        return conditions(asked, self._constant, derived, plain=self.library.plain)

    # --- child elements ------------------------------------------------------------------------------------------

    def _member(self, member: Member) -> None:
        names = list(member.variants)
        if self.library.plain and member.name in _EXTENSIONS:
            if lowest(member) > 0:
                self._line("raise Misfit")
            return
        if any(view.element.max == 0 for view in member.views):
            self._refuse(member, names)
            if lowest(member) > 0:  # one definition forbids what another asks for
                self._line("raise Misfit")
            return
        if member.name == "id" and not self.expected.is_resource:
            if not self.library.plain:
                self._line("if '_id' in v: raise Misfit")
                self._line("if 'id' in v and (v['id'].isspace() or not here.is_first(v['id'])): raise Misfit")
                self._set_aside(len(self.lines) - 2, ("id", "_id"))
            return
        refused = [
            name
            for name, type_ in member.variants.items()
            if not all(member.allows(view, type_) for view in member.views)
        ]
        self._refuse(member, refused)
        allowed = [name for name in names if name not in refused]
        if lowest(member) > 0:
            self._line(f"if {' and '.join(f'{name!r} not in v' for name in allowed) or 'True'}: raise Misfit")
        if len(names) > _FEW_CHOICES and not member.slicings and not member.is_list:
            self._choices(member, names, allowed)
            return
        if len(names) > 1:
            self._one_choice(names)
        for name in allowed:
            self._property(member, name, member.variants[name])

    def _choices(self, member: Member, names: list[str], allowed: list[str]) -> None:
        """Look the one type that is given up, where there are many that may be."""
        choices = self._constant(frozenset(names), "choices")
        self._line(f"if len(v) > 1 and len({choices} & v.keys()) > 1: raise Misfit")
        looks = {name: self._one_look(member, member.variants[name]) for name in allowed}
        if not self.library.plain:
            primitive = [name for name in allowed if self._is_primitive(member.variants[name])]
            for name in primitive:
                self._sibling(member, name, member.variants[name])
        table = self._constant({name: look for name, look in looks.items() if look is not None}, "table")
        self._line("for k in v:")
        self._line(f"    c = {table}.get(k)")
        self._line("    if c is not None:")
        self._line("        n = c[0](v[k], here)")
        self._line("        if n is not None: out = under(out, n, k, c[1])")

    def _one_look(self, member: Member, type_: str) -> tuple[Look, str] | None:
        step = f"{member.step}.ofType({type_})"
        expected = member.expected(type_)
        if type_ == "Extension":
            return misfit, step
        if not self._is_primitive(type_):
            return self.library.look(expected), step
        asked = condition(expected, self._constant, "x")
        if asked is None:
            return None
        doubt = self._doubt(expected, "x")
        code = compile(f"lambda x, here: None if {asked} else {doubt}", "<quick>", "eval")
        look: Look = eval(renamed(code, self.names), self.library.namespace)  # noqa: S307  # as above
        return look, step

    def _is_primitive(self, type_: str) -> bool:
        return self.expected.expectations.is_primitive(type_)

    def _refuse(self, member: Member, names: list[str]) -> None:
        for name in names:
            if not self.library.plain and self._is_primitive(member.variants[name]):
                self._line(f"if '_{name}' in v: raise Misfit")
                self._set_aside(len(self.lines) - 1, (f"_{name}",))
        if names:
            self._line(f"if {' or '.join(f'{name!r} in v' for name in names)}: raise Misfit")

    def _one_choice(self, names: list[str]) -> None:
        self._line(f"if len(v) > 1 and {' + '.join(f'({name!r} in v)' for name in names)} > 1: raise Misfit")

    def _property(self, member: Member, name: str, type_: str) -> None:
        is_primitive = member.expectations.is_primitive(type_)
        if is_primitive and not self.library.plain:
            self._sibling(member, name, type_)
        step = member.step if member.step == member.name else f"{member.step}.ofType({type_})"
        told = f"{name!r}, {step!r}"
        if member.slicings or type_ == "Extension":
            self._sorted(member, name, type_, told)
        elif is_primitive:
            self._primitive(member, name, member.expected(type_), told)
        else:
            self._each(member, name, f"{self._look(member, type_)}(%s, here)", told)

    def _look(self, member: Member, type_: str) -> str:
        if type_ == "Resource":
            return self._constant(self.library.contained(member), "contained")
        return self._name(self.library.name(member.expected(type_)), "look")

    def _each(self, member: Member, name: str, call: str, told: str) -> None:
        self._line(f"if {name!r} in v:")
        self._line(f"    x = v[{name!r}]")
        if member.is_list:
            self._length(member)
            self._line("    for i, y in enumerate(x):")
            self._line(f"        n = {call % 'y'}")
            self._line(f"        if n is not None: out = under_item(out, n, {told}, i)")
        else:
            self._line(f"    n = {call % 'x'}")
            self._line(f"    if n is not None: out = under(out, n, {told})")

    def _primitive(self, member: Member, name: str, expected: Expected, told: str) -> None:
        value = "y" if member.is_list else "x"
        asked = condition(expected, self._constant, value)
        has_limits = member.is_list and length(member) != (1, None)
        if asked is None and not has_limits:
            return
        self._line(f"if {name!r} in v:")
        self._line(f"    x = v[{name!r}]")
        if not member.is_list:
            self._doubted("    ", f"not {asked}", self._doubt(expected, "x"), f"under(out, %s, {told})")
            return
        self._length(member)
        if asked is not None:
            self._line("    for i, y in enumerate(x):")
            if not self.library.plain:
                self._line("        if y is None: raise Misfit")
            self._doubted("        ", f"not {asked}", self._doubt(expected, "y"), f"under_item(out, %s, {told}, i)")
        elif not self.library.plain:
            self._line("    if None in x: raise Misfit")

    def _doubt(self, expected: Expected, value: str) -> str:
        """Return what notes a primitive in which something may be wrong."""
        codes = remembering_codes(expected)
        return "HERE" if codes is None else f"{self._constant(codes, 'noted')}({value}, here)"

    def _doubted(self, indent: str, asked: str, doubt: str, more: str) -> None:
        if doubt == "HERE":
            self._line(f"{indent}if {asked}: out = {more % doubt}")
        else:
            self._line(f"{indent}if {asked} and (n := {doubt}) is not None: out = {more % 'n'}")

    def _length(self, member: Member) -> None:
        fewest, most = length(member)
        limits = [f"len(x) < {fewest}"] if fewest > 1 else []
        limits += [] if most is None else [f"len(x) > {most}"]
        if limits:
            self._line(f"    if {' or '.join(limits)}: raise Misfit")

    def _sorted(self, member: Member, name: str, type_: str, told: str) -> None:
        """Sort each value by its slices and, where it is an extension, by its url."""
        since = len(self.lines)
        look_of = self.library.look if not member.expectations.is_primitive(type_) else _no_look
        if type_ == "Resource":
            self._refuse(member, [name])
            return
        is_extension = type_ == "Extension"
        sorting = extensions(self.expected, member, look_of) if is_extension else sort(member, type_, look_of)
        sorter = self._constant(sorting, "sort")
        self._line(f"if {name!r} in v:")
        self._line(f"    x = v[{name!r}]")
        if member.is_list:
            self._length(member)
        counted = Counted(member)
        is_counted = bool(member.slicings) and bool(counted.limits or not counted.is_plain or any(counted.closed))
        if is_counted:
            self._line("    chosen = []")
        self._line("    for i, y in enumerate(x):" if member.is_list else "    for y in (x,):")
        self._line(f"        look, slices = {sorter}(y, here)")
        if is_counted:
            self._line("        chosen.append(slices)")
        self._line("        n = look(y, here)")
        more = f"under_item(out, n, {told}, i)" if member.is_list else f"under(out, n, {told})"
        self._line(f"        if n is not None: out = {more}")
        if is_counted:
            self._line(f"    if not {self._constant(_remembering_fits(counted), 'fits')}(tuple(chosen)): raise Misfit")
        if member.name in _EXTENSIONS:
            self._set_aside(since, (name,))

    def _sibling(self, member: Member, name: str, type_: str) -> None:
        """Look at a primitive's `_` object, which some rules look at beside the value."""
        since = len(self.lines)
        key = "_" + name
        expected = member.expected(type_)
        is_looked_at = any(rule.applies(expected) for rule in rules.LOOKING_BESIDE)
        if member.is_list or member.slicings or is_looked_at:
            self._line(f"if {key!r} in v: raise Misfit")
            self._set_aside(since, (key,))
            return
        step = member.step if member.step == member.name else f"{member.step}.ofType({type_})"
        self._line(f"if {key!r} in v:")
        self._line(f"    x = v[{key!r}]")
        self._line(f"    n = {self._name(self.library.name(expected), 'look')}(x, here)")
        self._line(f"    if n is not None: out = under(out, n, {name!r}, {step!r})")
        self._set_aside(since, (key,))


def renamed(code: CodeType, names: Mapping[str, str]) -> CodeType:
    """Return the same code, with other names for what it refers to."""
    return code.replace(
        co_names=tuple(names.get(name, name) for name in code.co_names),
        co_consts=tuple(renamed(one, names) if isinstance(one, CodeType) else one for one in code.co_consts),
    )


def _no_look(_expected: Expected) -> Look:
    return misfit


def _remembering_fits(counted: Counted) -> Callable[[tuple[Any, ...]], bool]:
    seen: dict[tuple[Any, ...], bool] = {}

    def fits(chosen: tuple[Any, ...]) -> bool:
        found = seen.get(chosen)
        if found is None:
            if len(seen) >= 1024:
                seen.clear()
            found = seen[chosen] = counted.fits(chosen)
        return found

    return fits


def _name(rule: Any) -> str:
    return str(rule.__name__).rpartition(".")[2]
