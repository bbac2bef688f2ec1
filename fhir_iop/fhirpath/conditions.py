"""Conditions as text: what Python takes for true, told apart from what is True."""

from __future__ import annotations

import re

from fhir_iop.fhirpath.emitter import bare

# Names that the emitter gives to flags; calls that give a bool.
_FLAG = re.compile(r"(?:True|False|(?:found|holds)\d+)")
_CALL = re.compile(
    r"(?:bool\(|[\w.]+\.(?:startswith|endswith|isdisjoint)\(|equivalent_\w+\(|contains_all\w*\(|is_member\(|have_common\()"
)
_COMPARISON = re.compile(r" (?:==|!=|<|<=|>|>=|is|in|not) ")


def as_boolean(condition: str) -> str:
    """Return an expression that is True or False as ``condition`` holds or not."""
    return condition if is_boolean(condition) else f"bool({bare(condition)})"


def is_boolean(condition: str) -> bool:
    """Whether evaluating ``condition`` gives a bool, as far as its form shows."""
    text = bare(condition)
    if _FLAG.fullmatch(text) or text.startswith("not "):
        return True
    parts = _parts(text)
    if len(parts) > 1:
        return all(map(is_boolean, parts))
    outside = _outside(text)
    if " if " in outside:
        return " else PATTERN" in text
    return bool(_COMPARISON.search(outside)) or (_CALL.match(text) is not None and outside.count("()") == 1)


def negated(condition: str) -> str:
    """Return the opposite condition."""
    text = bare(condition)
    if text.startswith("not ") and len(_parts(text)) == 1:
        return text[4:] if text[4:].startswith("(") or text[4:].isidentifier() else f"({text[4:]})"
    return f"(not {condition})"


def _outside(text: str) -> str:
    """Return what stands outside brackets, each pair of which stays as ``()``."""
    depth, kept = 0, []
    for character in text:
        if character in ")]}":
            depth -= 1
        if depth == 0:
            kept.append({"[": "(", "]": ")", "{": "(", "}": ")"}.get(character, character))
        if character in "([{":
            depth += 1
    return "".join(kept)


def _parts(text: str) -> list[str]:
    """Split at ``and`` and ``or`` outside brackets."""
    found, depth, start = [], 0, 0
    for match in re.finditer(r"[(\[{]|[)\]}]| (?:and|or) ", text):
        bracket = match.group()
        if bracket in "([{":
            depth += 1
        elif bracket in ")]}":
            depth -= 1
        elif depth == 0:
            found.append(text[start : match.start()])
            start = match.end()
    return [*found, text[start:]]
