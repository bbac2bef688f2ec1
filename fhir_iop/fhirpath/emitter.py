"""Writes the Python source of one function: lines, indentation, fresh names, and the table of constants.

Nothing of an expression is ever written as code. Names of variables are numbered here; strings enter as literals that
``repr`` makes; functions that the source may call are the ones a plan asks for by object.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.runtime.budget import Budget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# CPython allows 20 nested blocks; two belong to the function's frame.
_DEEPEST_LOOP = 17
_DEEPEST_INDENT = 60
_BODY_LEVEL = 2


class Slot:
    """A place in the source where statements may still be written later."""

    def __init__(self, level: int) -> None:
        self.lines: list[str] = []
        self._level = level

    def line(self, text: str) -> None:
        """Write one statement."""
        self.lines.append("    " * self._level + text)

    def shifted(self) -> None:
        """Move one level out."""
        self._level -= 1
        self.lines = [line[4:] for line in self.lines]


class Emitter:
    """The source under construction.

    Expressions that plans return are atoms or in brackets, so that they can stand anywhere.
    """

    def __init__(self) -> None:
        self.lines: list[str | Slot] = []
        self.namespace: dict[str, Any] = {}
        self.constants: list[str] = []
        self.prelude = Slot(_BODY_LEVEL)
        self.uses_context = False
        self.uses_budget = False
        self.environments: set[str] = set()
        self._kept: dict[tuple[int, int], str] = {}
        self._level = _BODY_LEVEL
        self._loops = 0
        self._once_base = 0
        self._numbers: dict[str, int] = {}
        self._flag: str | None = None
        self._flag_value = True
        self._flag_base = 0
        self._constant_names: dict[tuple[type, Any], str] = {}

    # --- names ----------------------------------------------------------------------------------------------------

    def fresh(self, hint: str = "v") -> str:
        """Return a new local name; ``hint`` is one of ours, never from an expression."""
        number = self._numbers[hint] = self._numbers.get(hint, 0) + 1
        return f"{hint}{number}"

    def bind(self, expression: str, hint: str = "v") -> str:
        """Assign an expression to a local name, unless it is a name already."""
        if expression.isidentifier():
            return expression
        name = self.fresh(hint)
        self.line(f"{name} = {bare(expression)}")
        return name

    def iterable(self, expression: str) -> str:
        """Return what a comprehension may go through: Python forbids an assignment inside."""
        return self.bind(expression, "some") if ":=" in expression else expression

    def use(self, function: Callable[..., Any] | type) -> str:
        """Let the source call one of our functions; its name is the name in the source."""
        name = function.__name__
        known = self.namespace.setdefault(name, function)
        if known is not function:
            raise RuntimeError(f"two functions of the name {name}")
        return name

    def constant(self, value: str | int | bool | frozenset[str]) -> str:
        """Return the name of a literal in the source's table of constants."""
        if isinstance(value, (bool, int)):
            return repr(value)
        key = (type(value), value)
        if key not in self._constant_names:
            name = self._constant_names[key] = f"K{len(self._constant_names) + 1}"
            if isinstance(value, frozenset):
                text = f"frozenset({{{', '.join(map(repr, sorted(value)))}}})"
            else:
                text = repr(value)
            self.constants.append(f"{name} = {text}")
        return self._constant_names[key]

    def thing(self, value: Any, hint: str) -> str:
        """Give the source a ready-made object under an upper-case name (a Decimal, the model, a table)."""
        for name, known in self.namespace.items():
            if known is value and name.startswith(hint):
                return name
        name = self.fresh(hint)
        self.namespace[name] = value
        return name

    def table(self, entries: dict[str, str]) -> str:
        """Return the name of a dict literal in the source's table of constants."""
        text = repr(entries)
        key = (dict, text)
        if key not in self._constant_names:
            self._constant_names[key] = f"K{len(self._constant_names) + 1}"
            self.constants.append(f"{self._constant_names[key]} = {text}")
        return self._constant_names[key]

    def context(self) -> str:
        """Return the name of the evaluation's context, which exists only where something asks for it."""
        self.uses_context = True
        return "ctx"

    def optional_context(self) -> str:
        """Return the name of the context that the caller gave, which may be None."""
        return "context"

    def environment(self, name: str) -> str:
        """Return the local name that holds ``%context``, ``%resource`` or ``%rootResource``."""
        self.environments.add(name)
        return {"context": "this", "resource": "resource", "rootResource": "root"}[name]

    def budget(self) -> str:
        """Return an expression of what bounds the steps: in loops one for the whole evaluation, elsewhere a new one."""
        if not self.is_looping:
            return f"{self.use(Budget)}()"
        self.uses_budget = True
        return "budget"

    def spend(self, steps: str) -> None:
        """Count steps against the budget of the whole evaluation."""
        self.uses_budget = True
        self.line(f"budget.left -= {steps}")
        with self.block("if budget.left < 0:"):
            self.line("raise budget.exhausted()")

    def slot(self) -> Slot:
        """Leave a place for statements that turn out to be needed."""
        slot = Slot(self._level)
        self.lines.append(slot)
        return slot

    def kept(self, plan: object, slot: Slot | None, start: str) -> str:
        """Return the local name that keeps what ``plan`` makes; it is ``start`` first, in the slot or the prelude."""
        slot = slot or self.prelude
        key = (id(plan), id(slot))
        if key not in self._kept:
            self._kept[key] = self.fresh("kept")
            slot.line(f"{self._kept[key]} = {start}")
        return self._kept[key]

    # --- statements -----------------------------------------------------------------------------------------------

    def line(self, text: str) -> None:
        """Write one statement."""
        self.lines.append("    " * self._level + text)

    @contextmanager
    def block(self, header: str) -> Iterator[None]:
        """Write a compound statement (``if …:``) and indent what follows."""
        self.line(header)
        self._level += 1
        if self._level > _DEEPEST_INDENT:
            raise FhirPathError("fhirpath-limit", limit=f"{_DEEPEST_INDENT} nested conditions")
        before = len(self.lines)
        yield
        if not any(isinstance(line, str) for line in self.lines[before:]):
            self.line("pass")
        self._level -= 1

    def when(self, condition: str) -> Any:
        """Open a block that runs where ``condition`` holds."""
        return self.block(f"if {bare(condition)}:")

    @contextmanager
    def loop(self, header: str) -> Iterator[None]:
        """Write a loop. Where an enclosing :meth:`until` was stopped inside, the loop around it stops too."""
        if self._loops >= _DEEPEST_LOOP:
            raise FhirPathError("fhirpath-limit", limit=f"{_DEEPEST_LOOP} nested loops")
        self._loops += 1
        with self.block(header):
            yield
        self._loops -= 1
        if self._flag is not None and self._loops > self._flag_base:
            with self.block(f"if {self._flag}:" if self._flag_value else f"if not {self._flag}:"):
                self.line("break")

    def go_through(self, items: str, body: Callable[[str], None]) -> None:
        """Write a loop over a list. Inside another loop its length is counted: lists may grow as the data doesn't."""
        if self.is_looping:
            items = self.bind(items, "some")
            self.spend(f"len({items})")
        value = self.fresh()
        with self.loop(f"for {value} in {bare(items)}:"):
            body(value)

    @contextmanager
    def until(self, flag: str | None, *, value: bool = True) -> Iterator[None]:
        """Loops written inside may be ended early by :meth:`stop`, which gives ``flag`` its other ``value``.

        None: they run to the end.
        """
        saved = self._flag, self._flag_value, self._flag_base
        self._flag, self._flag_value, self._flag_base = flag, value, self._loops
        yield
        self._flag, self._flag_value, self._flag_base = saved

    def stop(self) -> None:
        """Set the flag of the enclosing :meth:`until` and leave the innermost of its loops."""
        self.line(f"{self._flag} = {self._flag_value}")
        if self._loops > self._flag_base:
            self.line("break")

    @contextmanager
    def aside(self) -> Iterator[list[str | Slot]]:
        """Collect the statements written inside, one level deeper, instead of writing them."""
        saved, self.lines = self.lines, []
        self._level += 1
        yield self.lines
        self._level -= 1
        self.lines = saved

    @contextmanager
    def once(self) -> Iterator[None]:
        """Write what runs once, though loops are around it."""
        saved = self._once_base
        self._once_base = self._loops
        with self.until(None):
            yield
        self._once_base = saved

    @property
    def is_looping(self) -> bool:
        """Whether what is written next may run more than once."""
        return self._loops > self._once_base


def written(lines: list[str | Slot]) -> list[str]:
    """Return the statements, those of the slots in their places."""
    found: list[str] = []
    for line in lines:
        if isinstance(line, Slot):
            found += line.lines
        else:
            found.append(line)
    return found


def shifted(lines: list[str | Slot]) -> list[str | Slot]:
    """Return statements one level further out."""
    for line in lines:
        if isinstance(line, Slot):
            line.shifted()
    return [line[4:] if isinstance(line, str) else line for line in lines]


def bare(expression: str) -> str:
    """Take the brackets off that enclose a whole expression."""
    if not (expression.startswith("(") and expression.endswith(")")):
        return expression
    depth = 0
    for at, character in enumerate(expression):
        depth += (character == "(") - (character == ")")
        if depth == 0 and at < len(expression) - 1:
            return expression
    inner = expression[1:-1]
    return expression if inner.endswith(",") or not inner else inner
