"""Words for what arrives as bytes, and what FHIR data is."""

from fhir_iop.wording.wording import Wording

WORDINGS = {
    "json-malformed": Wording("fatal", "structure", "This is not JSON: {reason}."),
    "json-number": Wording("fatal", "value", "This number can't be taken: {reason}."),
    "json-depth": Wording("fatal", "too-costly", "The JSON is nested too deeply; resources stay below {limit} levels."),
    "json-byte-order-mark": Wording(
        "warning", "structure", "The text begins with a byte order mark, which JSON has not; it is passed over."
    ),
    "json-not-object": Wording("fatal", "structure", "A resource is a JSON object; this is {found}."),
    "xml-malformed": Wording("fatal", "structure", "This is not well-formed XML: {reason}."),
    "xml-doctype": Wording(
        "fatal", "structure", "FHIR XML has no DOCTYPE and no entities; this document declares one."
    ),
    "xml-depth": Wording("fatal", "too-costly", "The XML is nested deeper than {limit} levels."),
    "xml-root": Wording(
        "fatal", "structure", "The root element {found} is not a FHIR R4 resource in the namespace {namespace}."
    ),
    "xml-encoding": Wording("error", "structure", "FHIR XML is exchanged in UTF-8; this is {encoding}."),
    "xml-order": Wording(
        "error", "structure", "The element {element} doesn't stand where the definition has it among the others."
    ),
    "xml-text": Wording("error", "structure", "Text stands between the elements, where FHIR XML has none."),
    "xml-namespace": Wording("error", "structure", "The element {name} is not in FHIR's namespace."),
    "xml-attribute": Wording("error", "structure", "This element has no attribute {name}."),
    "xml-repeated": Wording("error", "structure", "The element {name} stands here more than once; it may stand once."),
    "xml-resource": Wording("error", "structure", "This element holds one resource; here it holds {found}."),
    "xml-value": Wording("error", "value", "This is no {type}: {reason}."),
    "xml-many": Wording("error", "too-costly", "There are more than {limit} faults of XML; no more are told."),
    "xml-unwritable": Wording("error", "structure", "{where} has no XML form: validate the resource to learn why."),
    "model-unknown": Wording("error", "structure", "fhir.resources has no class for this resourceType."),
    "model-refused": Wording("error", "structure", "The fhir.resources class {type} can't take {where} ({reason})."),
}
