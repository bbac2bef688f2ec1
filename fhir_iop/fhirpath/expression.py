"""Compiled expressions: what callers hold."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property, lru_cache, partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple
from weakref import WeakKeyDictionary

from fhir_iop.definitions import Definitions
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.model import PRIMITIVES, Model
from fhir_iop.fhirpath.references import Untold, found, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from fhir_iop.definitions.derived import Derived
    from fhir_iop.fhirpath.checker import Checker
    from fhir_iop.fhirpath.context import Context
    from fhir_iop.fhirpath.plan import Plan
    from fhir_iop.fhirpath.runtime.typed import TypedValue
    from fhir_iop.fhirpath.shape import Shape


Way = Literal["values", "typed", "holds"]
_WAYS: Final[tuple[Way, ...]] = ("holds", "typed", "values")


class _Written(NamedTuple):
    """A function's source, its code, and the objects that it refers to."""

    source: str
    code: CodeType
    namespace: dict[str, Any]


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

    def __init__(self, text: str, type: str | None, model: Model, derived: Derived | None = None) -> None:  # noqa: A002  FHIR's word
        """Check an expression; with ``derived``, one whose functions it doesn't have, and leave them there."""
        self.text = text
        self.type = type
        self._model = model
        self._derived = derived
        self._made: dict[Way, _Written] = {}
        if not any(map(self._kept, _WAYS)):  # one that was kept is legal
            self.result  # noqa: B018  # raises what is to be said of an illegal expression

        def first(resource: Any, context: Context | None = None) -> list[Any]:
            self.__call__ = self._function("values")
            return self(resource, context)

        self.__call__ = first

    @cached_property
    def result(self) -> Shape:
        """What is known of the result beforehand: its types, and whether there may be several items."""
        return self._plan()[1].shape

    @cached_property
    def typed(self) -> Callable[..., list[TypedValue]]:
        """A function of a resource and a context: the values with their types."""
        return self._function("typed")

    @cached_property
    def holds(self) -> Callable[..., bool]:
        """A function of a resource and a context: whether the result is true."""
        return self._function("holds")

    @property
    def source(self) -> str:
        """The Python that evaluates the expression: for a Boolean as an invariant, for others their values."""
        return self.source_of("holds" if self.result.name == "System.Boolean" else "values")

    def source_of(self, way: Way) -> str:
        """Return the Python that a function is: ``holds``, or another way to ask."""
        return self._written(way).source

    def _plan(self) -> tuple[Checker, Plan]:
        from fhir_iop.fhirpath.checker import Checker  # the compiler isn't needed for what is kept
        from fhir_iop.fhirpath.parser import parse

        checker = Checker(self._model, None if self.type is None else _start(self.type, self._model))
        try:
            return checker, checker.plan(parse(self.text))
        except FhirPathError as error:
            if error.position is not None and error.line is None:
                error.locate(self.text, error.position)
            raise
        except RecursionError:
            raise FhirPathError("fhirpath-limit", limit="what can be compiled") from None

    def _function(self, way: Way) -> Callable[..., Any]:
        written = self._written(way)
        # The source holds nothing of the expression but literals that `repr` wrote (see emitter.py).
        exec(written.code, written.namespace)  # noqa: S102
        function: Callable[..., Any] = written.namespace[way]
        return function

    def _written(self, way: Way) -> _Written:
        written = self._kept(way)
        if written is None:
            written = self._made[way] = self._new(way)
            self._keep(way, written)
        return written

    def _new(self, way: Way) -> _Written:
        from fhir_iop.fhirpath.results import compiled, source_of

        try:
            source, namespace = source_of(self.text, *self._plan(), way)
            return _Written(source, compiled(source, way), namespace)
        except RecursionError:
            raise FhirPathError("fhirpath-limit", limit="what can be compiled") from None

    def _kept(self, way: Way) -> _Written | None:
        """Return what this or an earlier process has written, where it is kept."""
        if way not in self._made and self._derived is not None:
            kept = self._derived.find("fhirpath", self._key(way))
            if kept is not None:
                source, code, names = kept
                self._made[way] = _Written(source, code, found(names, self._model))
        return self._made.get(way)

    def _keep(self, way: Way, written: _Written) -> None:
        if self._derived is not None:
            with suppress(Untold):
                kept = (written.source, written.code, told(written.namespace, self._model))
                self._derived.keep("fhirpath", self._key(way), kept)

    def _key(self, way: Way) -> str:
        return f"{way} {self.type} {self.text}"

    def __repr__(self) -> str:
        return f"<Expression {self.text!r} of {self.type or 'anything'}>"


def _start(type_name: str, model: Model) -> frozenset[str]:
    types = model.start(type_name)
    if not types:
        from fhir_iop.fhirpath.suggestion import closest

        known = {*PRIMITIVES, *model.definitions.resource_types}
        raise FhirPathError("fhirpath-type-name", name=type_name, suggestion=closest(type_name, known))
    return types


class _Library:
    """The expressions compiled for one set of definitions."""

    def __init__(self, definitions: Definitions) -> None:
        self.model = Model(definitions)
        self.expression = lru_cache(maxsize=8192)(partial(Expression, model=self.model))
        self.kept = lru_cache(maxsize=8192)(partial(Expression, model=self.model, derived=definitions.derived))


_libraries: WeakKeyDictionary[Definitions, _Library] = WeakKeyDictionary()
_lock = Lock()


def compile_expression(
    expression: str,
    type: str | None,  # noqa: A002  FHIR's word
    definitions: Definitions | None = None,
    *,
    is_kept: bool = False,
) -> Expression:
    """Compile an expression for a start type; the same again gives the same object.

    ``type`` is a FHIR type (``Patient``, ``Dosage``, ``code``), the path of an element (``Observation.component``,
    ``Observation.value[x]``), or None where only the input can tell its type. Of an element that is a choice the input
    is a :class:`TypedValue`; so may be a primitive with extensions. ``definitions`` are the bundled
    ones if none are given. ``is_kept``: the functions of an expression that definitions say are kept on disk for the
    next process; one that came with data could tell of somebody. Raises FhirPathError for an illegal expression: a
    misspelt element or function, arguments that it can't take, a size beyond all bounds; with the position, and a
    suggestion where a name is near.
    """
    if definitions is None:
        definitions = Definitions.bundled()
    library = _libraries.get(definitions)
    if library is None:
        with _lock:
            library = _libraries.setdefault(definitions, _Library(definitions))
    return (library.kept if is_kept else library.expression)(expression, type)
