"""Observations that the standard itself holds to a profile: vital signs, known by their LOINC codes.

https://hl7.org/fhir/R4/observation-vitalsigns.html: who records one follows its profile, claimed or not.
"""

from __future__ import annotations

from typing import Any, Final

_LOINC: Final = "http://loinc.org"
_PROFILES: Final = "http://hl7.org/fhir/StructureDefinition/"

# The code that each profile asks for, then the codes that mean the same measurement more narrowly.
_BY_CODE: Final = {
    "85353-1": "vitalspanel",
    "9279-1": "resprate",
    "8867-4": "heartrate",
    "2708-6": "oxygensat",
    "59408-5": "oxygensat",
    "8310-5": "bodytemp",
    "8302-2": "bodyheight",
    "8306-3": "bodyheight",
    "9843-4": "headcircum",
    "8287-5": "headcircum",
    "29463-7": "bodyweight",
    "3141-9": "bodyweight",
    "39156-5": "bmi",
    "85354-9": "bp",
    "8480-6": "bp",
}


def profiles_of(observation: dict[str, Any]) -> list[str]:
    """Return the canonicals of the vital-sign profiles that an Observation's codes stand for."""
    code = observation.get("code")
    codings = code.get("coding") if isinstance(code, dict) else None
    if not isinstance(codings, list):
        return []
    found = (
        _BY_CODE.get(str(coding.get("code")))
        for coding in codings
        if isinstance(coding, dict) and coding.get("system") == _LOINC
    )
    return [_PROFILES + name for name in dict.fromkeys(found) if name is not None]
