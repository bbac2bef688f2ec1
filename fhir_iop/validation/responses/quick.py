"""Whether a response passes its form, and nothing more: tables made once, and a walk that makes no objects.

Passing means that the close look (``check.py``) would find nothing; what doesn't pass may still be right.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir import json
from fhir_iop.fhirpath import FhirPathError
from fhir_iop.validation.primitives import TESTS
from fhir_iop.validation.quick.recurring import comes_again
from fhir_iop.validation.responses.calculated import Calculation, is_calculated, plain_calculation
from fhir_iop.validation.responses.enabled import Enabling, Node, Scope, same
from fhir_iop.validation.responses.expressed import has_expressions
from fhir_iop.validation.responses.form import HL7
from fhir_iop.validation.responses.subject import check_subject

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fhir_iop.fhirpath import Context
    from fhir_iop.validation.responses.fault import Check
    from fhir_iop.validation.responses.form import Form, Question
    from fhir_iop.validation.responses.forms import Compiled

_NEUTRAL: Final = frozenset({"id", "extension"})
_FAILED: Final = -1
_REMEMBERED: Final = 1024
_is_id: Final = TESTS["id"]
_encode: Final = json.encode


class Quick:
    """The compiled tables of one form."""

    def __init__(self, compiled: Compiled) -> None:
        self._form = compiled.form
        self._is_open = has_expressions(compiled.form)
        self._definitions = compiled.definitions
        self._calculations: dict[Question, Callable[..., list[Any]] | None] = {}
        self._top = _Table(compiled.form.questions, compiled)

    def passes(self, response: dict[str, Any], context: Callable[[], Context], glance: Any = None) -> bool:
        """Whether nothing is to be said of the answers in ``response``.

        Calculations alone ask for a ``context``, and for none where ``glance``, which stands for one, is enough.
        """
        if self._is_open:
            return False
        walk = _Walk(self._form)
        if walk.level(self._top, response, Scope(response) if self._top.has_conditions else None) == _FAILED:
            return False
        if self._form.subject_types and not self._is_about(response.get("subject")):
            fault = check_subject(self._form, response)
            if fault is not None:
                return False
        left = [one for one in walk.calculated if not self._is_as_calculated(*one, glance)]
        if not left:
            return True
        calculation = Calculation(self._form, response, context(), self._definitions)
        return all(calculation.fault(*one) is None for one in left)

    def _is_about(self, subject: dict[str, Any] | None) -> bool:
        """Whether a response surely is about a subject of a type that may be asked: its reference says so plainly."""
        type_, _, id_ = subject.get("reference", "").partition("/") if subject else ("", "", "")
        return type_ in self._form.subject_types and bool(_is_id(id_))

    def _is_as_calculated(self, question: Question, item: dict[str, Any], values: list[Any], glance: Any) -> bool:
        """Whether an answer surely is what its question's calculation gives, where that needs no variables."""
        if glance is None:
            return False
        if question not in self._calculations:
            self._calculations[question] = plain_calculation(self._form, question, self._definitions)
        calculate = self._calculations[question]
        if calculate is None:
            return False
        try:
            expected = calculate(item, glance)
        except FhirPathError:
            return False
        return bool(expected) and len(expected) == len(values) and all(map(same, values, expected))


class _Row:
    """One question: what its items must be."""

    def __init__(self, index: int, question: Question, compiled: Compiled) -> None:
        self.index = index
        self.question = question
        self.texts = question.texts
        self.is_group = question.is_group
        self.may_return = question.is_group and question.repeats
        self.is_required = question.required and question.type != "display"
        self.has_conditions = bool(question.conditions)
        self.is_counted = self.is_required and not self.has_conditions
        self.is_calculated = is_calculated(question)
        self.is_picky = any(option.is_exclusive for option in question.options)
        self.least = 0 if question.is_group else question.count(HL7 + "questionnaire-minOccurs") or 0
        most = question.count(HL7 + "questionnaire-maxOccurs")
        self.most = 1 if not question.repeats else most
        self.inside = _Table(question.questions, compiled) if question.questions else None
        self._compiled = compiled
        is_plain = not (self.is_group or self.is_calculated or self.inside)
        self.right: set[bytes] | None = set() if is_plain else None
        """Answers that were found right, of those that come again; None where more than the answers decides."""

    @cached_property
    def checks(self) -> dict[str, tuple[Check, ...]]:
        """The checks of an answer, by its property."""
        by_type = self._compiled.checks(self.question)
        return {f"value{type_[0].upper()}{type_[1:]}": checks for type_, checks in by_type.items()}


class _Table:
    """The questions of one level by linkId."""

    def __init__(self, questions: Sequence[Question], compiled: Compiled) -> None:
        rows = [_Row(index, question, compiled) for index, question in enumerate(questions)]
        self.rows = {row.question.link_id: row for row in rows}
        self.required = sum(row.is_counted for row in rows)
        self.perhaps_required = [row for row in rows if row.is_required and row.has_conditions]
        self.counted = [
            row for row in rows if row.is_group and any(HL7 + name in row.question.extensions for name in _OCCURRENCES)
        ]
        self.has_conditions: bool = any(
            row.has_conditions or (row.inside is not None and row.inside.has_conditions) for row in rows
        )


_OCCURRENCES: Final = ("questionnaire-minOccurs", "questionnaire-maxOccurs")


class _Walk:
    """The walk over one response. ``calculated`` are the answers that are to be compared with calculations."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self.calculated: list[tuple[Question, dict[str, Any], list[Any]]] = []

    @cached_property
    def _enabling(self) -> Enabling:
        return Enabling(self._form)

    def level(self, table: _Table, holder: dict[str, Any], scope: Scope | None) -> int:
        """Return how many required questions are answered among the items in ``holder``, or that something is wrong."""
        latest, answered = -1, 0
        items = holder.get("item", ())
        if table.counted and items:
            return _FAILED
        for item in items:
            row = table.rows.get(item["linkId"])
            if row is None or row.index < latest or (row.index == latest and not row.may_return):
                return _FAILED
            text = item.get("text")
            if text is not None and text not in row.texts and row.texts:
                return _FAILED
            if row.has_conditions and not (scope and self._enabling.is_enabled(row.question, scope)):
                return _FAILED
            if (
                row.right is None or "answer" not in item or "item" in item or _encode(item["answer"]) not in row.right
            ) and not (self._group(row, item, scope) if row.is_group else self._question(row, item, scope)):
                return _FAILED
            if row.is_counted and row.index != latest:
                answered += 1
            latest = row.index
        if answered != table.required:
            return _FAILED
        if table.perhaps_required:
            there = {item["linkId"] for item in items}
            for row in table.perhaps_required:
                if row.question.link_id not in there and scope and self._enabling.is_enabled(row.question, scope):
                    return _FAILED
        return answered

    def _group(self, row: _Row, item: dict[str, Any], scope: Scope | None) -> bool:
        if "answer" in item or row.inside is None or not item.get("item"):
            return False
        inner = Scope(item, scope, Node(row.question, item, scope)) if scope else None
        return self.level(row.inside, item, inner) != _FAILED

    def _question(self, row: _Row, item: dict[str, Any], scope: Scope | None) -> bool:
        if "item" in item:
            return False
        answers = item.get("answer")
        if answers is None:
            return not (row.is_required or row.least)
        if not self._answers(row, item, answers, scope):
            return False
        if row.right is not None and len(row.right) < _REMEMBERED and comes_again(answers):
            row.right.add(_encode(answers))
        return True

    def _answers(self, row: _Row, item: dict[str, Any], answers: list[dict[str, Any]], scope: Scope | None) -> bool:
        count = len(answers)
        if count < row.least or (row.most is not None and count > row.most) or (row.is_picky and count > 1):
            return False
        by_key = row.checks
        for answer in answers:
            for key, value in answer.items():
                checks = by_key.get(key)
                if checks is None:
                    if key in _NEUTRAL or (key == "item" and row.inside is not None):
                        continue
                    return False
                for check in checks:
                    if check(value) is not None:
                        return False
            if row.inside is not None:
                inner = Scope(answer, scope, Node(row.question, item, scope)) if scope else None
                if self.level(row.inside, answer, inner) == _FAILED:
                    return False
        if row.is_calculated:
            values = [value for answer in answers for key, value in answer.items() if key in by_key]
            self.calculated.append((row.question, item, values))
        return True
