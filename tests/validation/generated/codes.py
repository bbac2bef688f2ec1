"""Codes that an element may hold: of the value sets it is bound to as far as they are at hand, else well-known ones."""

from dataclasses import dataclass
from random import Random
from typing import Any

from fhir_iop.definitions import Definitions, Membership
from fhir_iop.validation.codes import grammar_of, membership
from fhir_iop.validation.expected import Expected
from tests.validation.generated.primitives import HOST

UCUM = "http://unitsofmeasure.org"
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"

# Of code systems that aren't at hand: real codes, few of them. No LOINC code here stands for a vital sign.
KNOWN = {
    LOINC: ("44261-6", "70274-6", "75626-2", "3426-4", "72166-2"),
    SNOMED: ("66590003", "370143000", "21897009", "76168009", "108313002", "428191000124101"),
    "http://www.nlm.nih.gov/research/umls/rxnorm": ("312940", "310385", "197527", "835726"),
    "http://hl7.org/fhir/sid/icd-10-cm": ("F11.20", "F32.1", "F41.1"),
    UCUM: ("mg", "kg", "mL", "%", "mm[Hg]", "{tbl}", "d", "1"),
    "urn:iso:std:iso:4217": ("USD", "EUR", "JPY"),
    "urn:ietf:bcp:13": ("text/plain", "application/pdf", "image/png"),
    "urn:ietf:bcp:47": ("en", "en-US", "es", "de-CH"),
    "urn:ietf:rfc:3986": ("urn:uuid:0d1f2c3b-4a59-4687-9a6b-5c4d3e2f1a0b", "http://records.invented.test/codes/7"),
    "urn:iso:std:iso:3166": ("US", "CA", "CH"),
}
_OMB = "urn:oid:2.16.840.1.113883.6.238"
_US_CORE = "http://hl7.org/fhir/us/core/ValueSet/"
# Value sets of which nothing is at hand, because others publish what they are made of.
_ELSEWHERE = {
    _US_CORE + "birthsex": (("http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender", "F"),),
    _US_CORE + "omb-race-category": ((_OMB, "2106-3"), (_OMB, "2028-9")),
    _US_CORE + "omb-ethnicity-category": ((_OMB, "2135-2"), (_OMB, "2186-5")),
    _US_CORE + "detailed-race": ((_OMB, "1004-1"),),
    _US_CORE + "detailed-ethnicity": ((_OMB, "2137-8"),),
}
_ELSEWHERE["http://terminology.hl7.org/ValueSet/v3-NullFlavor"] = (
    ("http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "UNK"),
    ("http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "ASKU"),
)
_BY_GRAMMAR = {
    "http://hl7.org/fhir/ValueSet/mimetypes": KNOWN["urn:ietf:bcp:13"],
    "http://hl7.org/fhir/ValueSet/all-languages": KNOWN["urn:ietf:bcp:47"],
    "http://hl7.org/fhir/ValueSet/ucum-units": KNOWN[UCUM],
}
_OTHERS = (LOINC, SNOMED, f"{HOST}/codes")
_STRICTEST = ("required", "maximum", "extensible", "preferred")
_NEEDS_CODE = ("required", "extensible")
_MOST = 400


@dataclass(frozen=True, slots=True)
class Choice:
    """The codes to choose from, as (system, code); a system of None goes without saying."""

    codes: tuple[tuple[str | None, str], ...]
    is_required: bool


class Codes:
    """Chooses codes for elements; what was worked out of a binding is kept."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._choices: dict[Expected, Choice] = {}
        self._sets: dict[str, tuple[tuple[str, str], ...]] = {}

    def choice(self, expected: Expected) -> Choice:
        """Return what an element may hold: codes of the strictest binding that the other strict ones admit too."""
        found = self._choices.get(expected)
        if found is None:
            found = self._choices[expected] = self._choice(expected)
        return found

    def bare(self, expected: Expected, rng: Random) -> str | None:
        """Return a code for a `code`, `uri` or `string`; None where nothing says which."""
        codes = self.choice(expected).codes
        return rng.choice(codes)[1] if codes else None

    def coding(self, expected: Expected, rng: Random) -> dict[str, Any]:
        """Return a Coding, with its display now and then where the code system is at hand."""
        codes = self.choice(expected).codes
        if codes:
            system, code = rng.choice(codes)
        else:
            system = rng.choice(_OTHERS)
            code = rng.choice(KNOWN.get(system, ("alpha", "beta", "7")))
        coding = {"system": system, "code": code}
        display = self._definitions.display(str(system), code)
        if rng.random() < 0.4:
            if display:
                coding["display"] = display
            elif system not in (LOINC, SNOMED):
                coding["display"] = "What the code says"
        return coding

    def _choice(self, expected: Expected) -> Choice:
        bindings = sorted(expected.bindings, key=lambda bound: _STRICTEST.index(bound.strength))
        sets = [bound.value_set for bound in bindings]
        codes: list[tuple[str, str]] = []
        for value_set in sets:
            codes = [code for code in self.of(value_set) if all(self._admits(other, *code) for other in sets)]
            if codes:
                break
        is_needed = any(bound.strength in _NEEDS_CODE for bound in bindings) and not expected.is_quantity
        return Choice(tuple(codes), is_needed)

    def _admits(self, value_set: str, system: str | None, code: str) -> bool:
        return membership(self._definitions, value_set, system, code) is not Membership.NOT_MEMBER

    def of(self, value_set: str) -> tuple[tuple[str, str], ...]:
        """Return codes that are surely in a value set; of one that can't be told, well-known codes of its systems."""
        if value_set not in self._sets:
            self._sets[value_set] = self._of(value_set)
        return self._sets[value_set]

    def _of(self, value_set: str) -> tuple[tuple[str, str], ...]:
        if grammar_of(value_set) is not None or value_set.partition("|")[0] in _BY_GRAMMAR:
            url = value_set.partition("|")[0]
            system = next(name for name, codes in KNOWN.items() if codes is _BY_GRAMMAR[url])
            return tuple((system, code) for code in _BY_GRAMMAR[url])
        if value_set.partition("|")[0] in _ELSEWHERE:
            return _ELSEWHERE[value_set.partition("|")[0]]
        expansion = self._definitions.expansion(value_set)
        sure = [
            (system, code)
            for system, known in expansion.systems.items()
            if not known.sure.inverted
            for code in sorted(known.sure.named)[:_MOST]
        ]
        if sure:
            return tuple(sure)
        return tuple(
            (system, code)
            for system, codes in KNOWN.items()
            for code in codes
            if expansion.membership(system, code) is not Membership.NOT_MEMBER and system in expansion.systems
        )
