"""Words for what `fhir-iop validate` reads."""

from fhir_iop.wording.wording import Wording

WORDINGS = {
    "file-unreadable": Wording("fatal", "exception", "The file can't be read: {reason}."),
    "text-empty": Wording("fatal", "structure", "There is nothing here: a resource was expected, as JSON or XML."),
    "text-charset": Wording("fatal", "structure", "This is {found}; FHIR is written in UTF-8: convert it."),
    "text-other-form": Wording("fatal", "structure", "This is {found}; what is checked is JSON, NDJSON or XML."),
    "text-too-large": Wording("fatal", "too-long", "One resource's text has more than {limit} bytes."),
    "text-bom": Wording("warning", "structure", "JSON begins with no byte order mark; this one was passed over."),
    "compressed-damaged": Wording(
        "fatal", "incomplete", "The compressed data is damaged or cut off here; what came before it was checked."
    ),
    "compressed-too-large": Wording(
        "fatal", "too-costly", "The data unpacks to more than {limit} times its size; it was read no further."
    ),
    "archive-unreadable": Wording(
        "fatal", "incomplete", "The archive is damaged or cut off; what came before that was checked."
    ),
    "archive-unsafe": Wording(
        "fatal",
        "security",
        "The archive holds a link, a device or a name that leads out of it; it was read no further.",
    ),
    "archive-too-large": Wording(
        "fatal", "too-costly", "The archive unpacks to more than {limit} bytes; it was read no further."
    ),
    "validator-failed": Wording(
        "fatal",
        "exception",
        "fhir-iop failed on this resource ({error} in {place}). That is a fault of fhir-iop, please report it; the "
        "resource was not checked.",
    ),
}
