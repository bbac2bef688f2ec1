"""When a question is enabled (https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fhir_iop.validation.order import compare
from fhir_iop.validation.responses.form import objects

if TYPE_CHECKING:
    from fhir_iop.validation.responses.form import Condition, Form, Question

_ORDERS = {">": {1}, "<": {-1}, ">=": {0, 1}, "<=": {-1, 0}}


class Node(NamedTuple):
    """An item of a response, with the question that it answers and the scope it lies in."""

    question: Question
    item: dict[str, Any]
    scope: Scope


class Scope:
    """What holds items: the response, a repetition of a group, or an answer; ``outer`` is the scope around it.

    ``node`` is the item that it is or belongs to, None for the response. The items below are found in one walk, when
    they are first asked for.
    """

    __slots__ = ("_below", "holder", "node", "outer", "values")

    def __init__(self, holder: dict[str, Any], outer: Scope | None = None, node: Node | None = None) -> None:
        self.holder = holder
        self.outer = outer
        self.node = node
        self.values: dict[str, list[Any]] = {}
        """The values given to the questions below that were asked for, by linkId."""
        self._below: dict[str, list[Node]] | None = None

    def below(self, questions: tuple[Question, ...]) -> dict[str, list[Node]]:
        """Return the items inside, at any depth, that stand where the form has them, by linkId."""
        if self._below is None:
            by_link = {question.link_id: question for question in questions}
            found: dict[str, list[Node]] = {}
            self._below = found
            for item in objects(self.holder, "item"):
                link = item.get("linkId")
                question = by_link.get(link) if isinstance(link, str) else None
                if question is None:
                    continue
                node = Node(question, item, self)
                found.setdefault(question.link_id, []).append(node)
                for holder in ([item] if question.is_group else objects(item, "answer")) if question.questions else ():
                    for name, nodes in Scope(holder, self, node).below(question.questions).items():
                        found.setdefault(name, []).extend(nodes)
        return self._below


class Enabling:
    """Which questions of a form are enabled in one response."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._active: dict[int, bool] = {}

    def is_enabled(self, question: Question, scope: Scope) -> bool:
        """Whether ``question`` is to be answered in ``scope``, where its item would stand.

        Without any condition it is. What a condition asks of is looked for in the smallest scope that the form has
        around both questions: in a repeating group in the same repetition. A question that is disabled itself has no
        answers, whatever is there.
        """
        if not question.conditions:
            return True
        for condition in question.conditions:
            around, nodes = self._asked(condition, question, scope)
            if condition.question not in around.values:
                for node in nodes:
                    self._settle(node)
        return self._holds(question, scope)

    def _holds(self, question: Question, scope: Scope) -> bool:
        """Whether a question's conditions are met, by what is settled so far."""
        if not question.conditions:
            return True
        met = (_is_met(condition, self._values(condition, question, scope)) for condition in question.conditions)
        return any(met) if question.any_condition else all(met)

    def _values(self, condition: Condition, question: Question, scope: Scope) -> list[Any]:
        around, nodes = self._asked(condition, question, scope)
        if condition.question not in around.values:
            around.values[condition.question] = [
                value
                for node in nodes
                if self._active.get(id(node.item), True)
                for answer in objects(node.item, "answer")
                for key, value in answer.items()
                if key.startswith("value")
            ]
        return around.values[condition.question]

    def _asked(self, condition: Condition, question: Question, scope: Scope) -> tuple[Scope, list[Node]]:
        """Return the items that a condition of ``question`` asks of, and the scope in which they are looked for."""
        asked = self._form.by_link.get(condition.question)
        if asked is None:
            return scope, []
        around = self._form.around[question]
        common = 0
        for mine, theirs in zip(around, self._form.around[asked], strict=False):
            if mine is not theirs:
                break
            common += 1
        for _ in range(len(around) - common):
            scope = scope.outer or scope
        questions = around[common - 1].questions if common else self._form.questions
        return scope, scope.below(questions).get(condition.question, [])

    def _settle(self, wanted: Node) -> None:
        """Find out whether an item's question, and each that it lies in, is enabled: first those that it waits for.

        Without recursion, for a Questionnaire may make any number of questions wait for each other. Those that wait in
        a circle don't disable each other.
        """
        waiting = [wanted]
        begun: set[int] = set()
        while waiting:
            node = waiting[-1]
            key = id(node.item)
            if key in self._active:
                waiting.pop()
            elif key in begun:
                outer = node.scope.node
                is_inside = outer is None or self._active.get(id(outer.item), True)
                self._active[key] = is_inside and self._holds(node.question, node.scope)
                waiting.pop()
            else:
                begun.add(key)
                first = [
                    one
                    for condition in node.question.conditions
                    for one in self._asked(condition, node.question, node.scope)[1]
                ]
                first += [node.scope.node] if node.scope.node is not None else []
                waiting += [one for one in first if id(one.item) not in begun]


def _is_met(condition: Condition, answers: list[Any]) -> bool:
    if condition.operator == "exists":
        return bool(answers) is (condition.value is True)
    if condition.operator == "=":
        return any(same(answer, condition.value) for answer in answers)
    if condition.operator == "!=":
        return not any(same(answer, condition.value) for answer in answers)
    return any(compare(answer, condition.value) in _ORDERS.get(condition.operator, ()) for answer in answers)


def same(answer: Any, wanted: Any) -> bool:
    """Whether two values are one answer: a Coding by system and code, a Reference by where it leads.

    A Coding that is asked for without a system is met by its code alone.
    """
    if isinstance(answer, dict) and isinstance(wanted, dict):
        if "value" in wanted and "code" in wanted:
            return compare(answer, wanted) == 0
        if "code" in wanted:
            return answer.get("code") == wanted["code"] and answer.get("system") == wanted.get(
                "system", answer.get("system")
            )
        names = ("reference",) if "reference" in wanted else ("value", "unit", "system", "display")
        return all(answer.get(name) == wanted.get(name) for name in names)
    if isinstance(answer, bool) or isinstance(wanted, bool):
        return answer is wanted
    return bool(answer == wanted) or compare(answer, wanted) == 0
