"""What of a pattern decides whether a text has it somewhere: `.*/x.*` is in a text where `/x` is.

An optional part at either end can be left out, and a repetition there need not go on: there is a match with them where
there is one without. What is left costs less, often a power of the text's length less.
"""

from __future__ import annotations

from typing import Literal

from fhir_iop.fhirpath.patterns.nodes import Explosive, Part, alternatives, group, repeated, sequence

_End = Literal[0, -1]


def somewhere(part: Part) -> Part:
    """Return a part that a text has somewhere where it has ``part`` somewhere, and only there."""
    try:
        return _shortened(_shortened(part, 0), -1)
    except Explosive:  # the bound of what is left is the coarser one
        return part


def _shortened(part: Part, end: _End) -> Part:
    match part.made:
        case "sequence":
            parts = list(part.parts)
            while parts and parts[end].is_optional:
                parts.pop(end)
            if parts:
                parts[end] = _shortened(parts[end], end)
            return sequence(parts)
        case "alternatives":
            return alternatives([_shortened(one, end) for one in part.parts])
        case "group":
            return group(_shortened(part.parts[0], end), "(?:")
        case "repetition" if part.least == 1:
            return _shortened(part.parts[0], end)
        case "repetition" if part.least > 1:
            return repeated(part.parts[0], part.least, part.least, f"{{{part.least}}}")
    return part
