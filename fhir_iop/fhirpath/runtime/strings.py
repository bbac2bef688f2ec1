"""What strings need beyond Python's own methods (https://hl7.org/fhirpath/N1/#string-manipulation)."""

from __future__ import annotations

from fhir_iop.fhirpath.errors import FhirPathError

# Longer strings can't be made: repeated joining and replacing would double them without end.
LONGEST = 1_000_000


def joined(*texts: str) -> str:
    """Concatenate. Raises FhirPathError beyond a million characters."""
    result = "".join(texts)
    if len(result) > LONGEST:
        raise FhirPathError("fhirpath-budget", limit=f"{LONGEST} characters in a string")
    return result


def joined_with(texts: list[str], separator: str) -> str | None:
    """Concatenate with a separator between; None where there is nothing to join."""
    if not texts:
        return None
    return joined(separator.join(texts)) if len(texts) * len(separator) <= LONGEST else joined(" " * (LONGEST + 1))


def substring(text: str, start: int, length: int | None = None) -> str | None:
    """Return ``length`` characters from ``start``, all where no length is given; None where the start is outside."""
    if not 0 <= start < len(text):
        return None
    return text[start:] if length is None else text[start : start + max(length, 0)]


def replaced(text: str, pattern: str, substitution: str) -> str:
    """Replace each occurrence; an empty pattern stands between all characters."""
    if len(text) + text.count(pattern) * len(substitution) > LONGEST:
        raise FhirPathError("fhirpath-budget", limit=f"{LONGEST} characters in a string")
    if not pattern:
        return substitution + "".join(character + substitution for character in text)
    return text.replace(pattern, substitution)


def split(text: str, separator: str) -> list[str]:
    """Split at each separator; an empty one splits into characters."""
    return text.split(separator) if separator else list(text)
