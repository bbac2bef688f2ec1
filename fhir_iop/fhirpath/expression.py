"""Compiled expressions: what callers hold."""

from __future__ import annotations

from functools import cached_property, lru_cache, partial
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from fhir_iop.definitions import Definitions
from fhir_iop.fhirpath.checker import Checker
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.model import PRIMITIVES, Model
from fhir_iop.fhirpath.parser import parse
from fhir_iop.fhirpath.results import Way, compiled, source_of
from fhir_iop.fhirpath.suggestion import closest

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.fhirpath.context import Context
    from fhir_iop.fhirpath.plan import Plan
    from fhir_iop.fhirpath.runtime.typed import TypedValue
    from fhir_iop.fhirpath.shape import Shape


class Expression:
    """One expression for one start type, compiled. Safe to call from many threads.

    Calling it with a resource (or an element of the start type) and perhaps a :class:`Context` gives its values as
    JSON-like Python: dict, str, int, bool, Decimal; dates and times as text. :attr:`typed` gives them with their types,
    :attr:`holds` whether it is true (an invariant: empty is not true). All raise FhirPathError where the expression has
    no result: several items where one is needed, data that hasn't the shape of its type, too many steps.
    """

    # A call finds the compiled function here, without a Python frame of its own in between.
    __slots__ = ("__call__", "__dict__", "__weakref__")

    __call__: Callable[..., list[Any]]
    """Evaluate on a resource, perhaps with a context, and return the values."""

    def __init__(self, text: str, type: str | None, model: Model) -> None:  # noqa: A002  FHIR's word
        self.text = text
        self.type = type
        self._model = model
        self._start = None if type is None else _start(type, model)
        self.result: Shape = self._plan()[1].shape
        """What is known of the result beforehand: its types, and whether there may be several items."""

        def first(resource: Any, context: Context | None = None) -> list[Any]:
            self.__call__ = self._compiled("values")
            return self(resource, context)

        self.__call__ = first

    @cached_property
    def typed(self) -> Callable[..., list[TypedValue]]:
        """A function of a resource and a context: the values with their types."""
        return self._compiled("typed")

    @cached_property
    def holds(self) -> Callable[..., bool]:
        """A function of a resource and a context: whether the result is true."""
        return self._compiled("holds")

    @property
    def source(self) -> str:
        """The Python that evaluates the expression: for a Boolean as an invariant, for others their values."""
        way: Way = "holds" if self.result.name == "System.Boolean" else "values"
        return source_of(self.text, *self._plan(), way)[0]

    def _plan(self) -> tuple[Checker, Plan]:
        checker = Checker(self._model, self._start)
        try:
            return checker, checker.plan(parse(self.text))
        except FhirPathError as error:
            if error.position is not None and error.line is None:
                error.locate(self.text, error.position)
            raise
        except RecursionError:
            raise FhirPathError("fhirpath-limit", limit="what can be compiled") from None

    def _compiled(self, way: Way) -> Callable[..., Any]:
        try:
            return compiled(self.text, *self._plan(), way)
        except RecursionError:
            raise FhirPathError("fhirpath-limit", limit="what can be compiled") from None

    def __repr__(self) -> str:
        return f"<Expression {self.text!r} of {self.type or 'anything'}>"


def _start(type_name: str, model: Model) -> frozenset[str]:
    found = model.start(type_name)
    if not found:
        known = {*PRIMITIVES, *model.definitions.resource_types}
        raise FhirPathError("fhirpath-type-name", name=type_name, suggestion=closest(type_name, known))
    return found


class _Library:
    """The expressions compiled for one set of definitions."""

    def __init__(self, definitions: Definitions) -> None:
        self.model = Model(definitions)
        self.expression = lru_cache(maxsize=8192)(partial(Expression, model=self.model))


_libraries: WeakKeyDictionary[Definitions, _Library] = WeakKeyDictionary()
_lock = Lock()


def compile_expression(expression: str, type: str | None, definitions: Definitions | None = None) -> Expression:  # noqa: A002  FHIR's word
    """Compile an expression for a start type; the same again gives the same object.

    ``type`` is a FHIR type (``Patient``, ``Dosage``, ``code``), the path of an element (``Observation.component``,
    ``Observation.value[x]``), or None where only the input can tell its type. Of an element that is a choice the input
    is a :class:`TypedValue`; so may be a primitive with extensions. ``definitions`` are the bundled
    ones if none are given. Raises FhirPathError for an illegal expression: a misspelt element or function, arguments
    that it can't take, a size beyond all bounds; with the position, and a suggestion where a name is near.
    """
    if definitions is None:
        definitions = Definitions.bundled()
    library = _libraries.get(definitions)
    if library is None:
        with _lock:
            library = _libraries.setdefault(definitions, _Library(definitions))
    return library.expression(expression, type)
