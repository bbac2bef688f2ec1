"""$validate: what is wrong with a resource, without keeping it.

https://hl7.org/fhir/R4/resource-operation-validate.html: the resource is the body itself, or a parameter of a
Parameters beside ``mode`` and ``profile``; at a resource's own address it may be left out: what is stored is checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from fhir_iop.errors import BadInput, Unusable
from fhir_iop.fhir.outcome import operation_outcome
from fhir_iop.issue import issue
from fhir_iop.web.exchange import Answer, Ask, only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fhir_iop.issue import Issue
    from fhir_iop.web.services import Services

OPERATION = "http://hl7.org/fhir/OperationDefinition/Resource-validate"

_MODES = frozenset({"create", "update", "delete", "profile"})
_INPUT = {"resource": ("resource",), "mode": ("valueCode",), "profile": ("valueUri", "valueCanonical")}


_Sent = TypeVar("_Sent")


class _Order(NamedTuple):
    """What the operation is to do. ``plain`` says that the resource is the body as it came."""

    resource: dict[str, Any] | None
    mode: str | None
    profiles: tuple[str, ...]
    plain: bool


def validate(services: Services, ask: Ask) -> Answer:
    """Answer 200 with an OperationOutcome, whatever it says of the resource.

    Raises BadInput where the input of the operation itself is wrong, NotFound and Gone where the address is.
    """
    only(ask, "mode", "profile")
    order = _order(ask)
    if ask.id and (order.resource is None or order.mode in {"delete", "profile"}):
        stored = services.store.read(ask.type, ask.id).resource or {}
        found = [] if order.mode == "delete" else _checked(services.validator.validate, stored, order.profiles)
    elif order.resource is None:
        raise BadInput(issue("validate-nothing"))
    else:
        found = _of_sent(services, ask, order.resource, order)
    return Answer(200, operation_outcome(found))


def _of_sent(services: Services, ask: Ask, resource: dict[str, Any], order: _Order) -> list[Issue]:
    if resource.get("resourceType") != ask.type:
        raise BadInput(issue("web-type-mismatch", "resourceType", type=ask.type))
    if order.plain and ask.body:  # the text shows what parsing hides, such as a name that comes twice
        found = _checked(services.validator.validate_text, ask.body, order.profiles)
    else:
        found = _checked(services.validator.validate, resource, order.profiles)
    if ask.id and resource.get("id") != ask.id:
        found = [issue("web-id-mismatch", f"{ask.type}.id"), *found]
    return found


def _checked(check: Callable[[_Sent, Sequence[str]], list[Issue]], sent: _Sent, profiles: Sequence[str]) -> list[Issue]:
    """Check ``sent``; where a profile that is asked for isn't at hand that is said, and the rest is checked still."""
    try:
        return check(sent, profiles)
    except Unusable as missing:
        return [*missing.issues, *check(sent, ())]


def _order(ask: Ask) -> _Order:
    """Read the operation's input out of the address and the body."""
    modes = [value for name, value in ask.parameters if name == "mode"]
    profiles = [value for name, value in ask.parameters if name == "profile"]
    resource, plain = ask.resource, True
    if resource is not None and resource.get("resourceType") == "Parameters":
        given = _given(resource.get("parameter"))
        resource, plain = next((value for name, value in given if name == "resource"), None), False
        modes += [value for name, value in given if name == "mode"]
        profiles += [value for name, value in given if name == "profile"]
    if len(modes) > 1 or not _MODES.issuperset(modes):
        raise BadInput(issue("validate-mode", modes=", ".join(sorted(_MODES))))
    return _Order(resource, next(iter(modes), None), tuple(profiles), plain)


def _given(parameters: object) -> list[tuple[str, Any]]:
    """Return names and values of a Parameters; raises BadInput for one that this operation doesn't have."""
    given: list[tuple[str, Any]] = []
    for index, parameter in enumerate(parameters if isinstance(parameters, list) else []):
        name = parameter.get("name") if isinstance(parameter, dict) else None
        value = _value(parameter, _INPUT.get(name, ())) if isinstance(name, str) else None
        if not isinstance(value, dict if name == "resource" else str):
            raise BadInput(issue("validate-parameter", f"Parameters.parameter[{index}]", known=", ".join(_INPUT)))
        given.append((str(name), value))
    return given


def _value(parameter: dict[str, Any], elements: Iterable[str]) -> Any:
    return next((parameter[element] for element in elements if element in parameter), None)
