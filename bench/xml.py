"""How fast FHIR XML is read, written and validated, beside lxml's parse to a tree, which knows nothing of FHIR."""

from __future__ import annotations

from xml.parsers import expat

from lxml import etree

from bench.corpus import resources
from bench.frame import OURS, Report, measure, rows
from fhir_iop.definitions import Definitions
from fhir_iop.fhir import json
from fhir_iop.fhir.xml import read, write
from fhir_iop.validation import Validator

FLOOR = "lxml.etree.fromstring"
COUNT = 100


def run() -> Report:
    types = Definitions.bundled()
    validator = Validator(types)
    made = list(resources(COUNT))
    texts = [json.encode(resource) for resource in made]
    documents = [write(resource, types) for resource in made]
    reading = {
        FLOOR: lambda: [etree.fromstring(raw) for raw in documents],
        "lxml, each tag and value taken": lambda: [_walked(raw) for raw in documents],
        "expat, each tag and value taken": lambda: [_scanned(raw) for raw in documents],
        OURS: lambda: [read(raw, types) for raw in documents],
    }
    validating = {
        FLOOR: reading[FLOOR],
        f"{OURS}, JSON": lambda: [validator.validate_text(raw) for raw in texts],
        f"{OURS}, XML": lambda: [validator.validate_xml(raw) for raw in documents],
    }
    writing = {FLOOR: reading[FLOOR], OURS: lambda: [write(resource, types) for resource in made]}
    found = [
        *rows("read", measure(reading), floor=FLOOR, units=COUNT),
        *rows("write", measure(writing), floor=FLOOR, units=COUNT),
        *rows("validate", measure(validating), floor=FLOOR, units=COUNT),
    ]
    size = sum(map(len, documents)) / COUNT / 1000
    return Report(found, [f"Resources of {size:.1f} kB as XML on average; the floor knows nothing of FHIR."])


def _walked(raw: bytes) -> list[tuple[str, str | None]]:
    return [(element.tag, element.get("value")) for element in etree.fromstring(raw).iter()]


def _scanned(raw: bytes) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    parser = expat.ParserCreate(None, "}")
    parser.ordered_attributes = True
    parser.StartElementHandler = lambda name, attributes: found.append((name, attributes))
    parser.EndElementHandler = lambda _name: None
    parser.Parse(raw, True)
    return found
