"""Words for the store and its searches."""

from fhir_iop.wording.wording import Wording

WORDINGS = {
    "store-url": Wording(
        "fatal", "value", "The database must be given as sqlite:///FILE or postgresql://USER@HOST/NAME."
    ),
    "store-memory": Wording("fatal", "value", "The store needs a database file: sqlite:///FILE."),
    "store-driver": Wording("fatal", "not-found", "PostgreSQL needs a driver: pip install 'fhir-iop[postgres]'."),
    "store-file": Wording("fatal", "exception", "The database file {name} can't be opened or made: {reason}."),
    "store-unusable": Wording("fatal", "exception", "The database can't be used: {reason}."),
    "store-foreign": Wording(
        "fatal", "exception", "The database holds tables of another program; give fhir-iop a database of its own."
    ),
    "store-newer": Wording(
        "fatal",
        "exception",
        "The database has schema {found}, made by a newer fhir-iop; this one knows up to {known}. Update fhir-iop.",
    ),
    "store-unavailable": Wording(
        "error", "transient", "The database doesn't answer as it should: {reason}. Try again."
    ),
    "store-not-found": Wording("error", "not-found", "There is no {reference}."),
    "store-gone": Wording("error", "deleted", "{reference} was deleted."),
    "store-taken": Wording("error", "duplicate", "There is a {reference} already."),
    "store-moved-on": Wording(
        "error", "conflict", "Version {expected} of {reference} isn't current; read it again before changing it."
    ),
    "store-message-taken": Wording("error", "conflict", "Message {id} was queued before with other content."),
    "store-message-answered": Wording("error", "conflict", "Message {id} has another answer already, which stays."),
    "store-message-unknown": Wording("error", "not-found", "There is no message {id} in the outbox."),
    "store-index": Wording("error", "structure", "What {parameter} searches for can't be read of this resource."),
    "search-unknown": Wording("error", "not-supported", "{parameter} is no search parameter of this type.{hint}"),
    "search-unsupported": Wording("error", "not-supported", "Search by {parameter} isn't supported here."),
    "search-chained": Wording("error", "not-supported", "Chained search ({parameter}) isn't supported here."),
    "search-modifier": Wording(
        "error", "not-supported", "{parameter} doesn't take this modifier; it takes: {modifiers}."
    ),
    "search-value": Wording("error", "value", "{parameter} expects {expected}."),
    "search-empty": Wording("error", "value", "{parameter} has no value; leave it out to search without it."),
    "search-twice": Wording("error", "value", "{parameter} may be given once."),
    "search-too-many": Wording("error", "too-costly", "A search may ask for {limit} values; split it."),
    "search-cursor": Wording("error", "value", "_cursor doesn't continue this search; begin it again without."),
}
