"""Every rule's severity, FHIR issue type and wording.

One section a room. Words say what was found, what was expected, and what to do where that isn't plain; ``{name}`` is
filled from the facts that the rule's caller gives. What a definition says is told with that definition's canonical,
what the standard says with its page. No wording carries a patient's data: values quoted are structural
(element names, codes, canonicals, formats), and free text is never repeated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fhir_iop.issue import Severity


class Wording(NamedTuple):
    """How one rule is told: FHIR severity, FHIR issue type, and a sentence with ``{facts}`` to fill in.

    ``page`` is where the standard says so, for what no definition that the sentence names says.
    """

    severity: Severity
    code: str
    words: str
    page: str = ""

    def told(self, facts: Mapping[str, Any]) -> str:
        """Return the sentence about ``facts``, with the page. Raises KeyError where one is missing."""
        words = self.words.format_map(facts)
        if not self.page:
            return words
        page = self.page.format_map(facts)
        return f"{words[:-1]} ({page})." if words.endswith(".") else f"{words} ({page})"


# --- settings -----------------------------------------------------------------------------------------------------
_SETTINGS = {
    "setting-unknown": Wording("fatal", "not-found", "{variable} names no setting; see `fhir-iop serve --help`."),
    "setting-value": Wording("fatal", "value", "{variable} must be of the kind {kind}."),
}

# --- fhir: what arrives as bytes ---------------------------------------------------------------------------------
_FHIR = {
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

# --- session: other servers ---------------------------------------------------------------------------------------
_SESSION = {
    "peer-address": Wording(
        "fatal", "value", "This is not an address that can be called: it needs http(s):// and a host."
    ),
    "peer-plain": Wording(
        "fatal",
        "security",
        "{host} would be called without TLS; health data goes over https, or stays on this machine.",
    ),
    "peer-failed": Wording("fatal", "transient", "{host} gave no answer: {cause}."),
    "peer-redirect": Wording("fatal", "security", "{host} redirects to {target}; nothing is sent to another address."),
    "peer-large": Wording("fatal", "too-costly", "{host} answers with more than {limit} bytes."),
}

# --- definitions --------------------------------------------------------------------------------------------------
_DEFINITIONS = {
    "facts-unreadable": Wording("fatal", "structure", "This is not a file of compact definitions."),
    "package-unreadable": Wording("fatal", "structure", "This is not a FHIR package (.tgz): {reason}."),
    "package-unsafe": Wording(
        "fatal", "security", "The archive holds a link, a device or a name that leads out of it; nothing of it is used."
    ),
    "package-too-large": Wording("fatal", "too-costly", "The archive unpacks to more than {limit} bytes or entries."),
    "package-no-manifest": Wording(
        "fatal", "structure", "A FHIR package has a package/package.json with a name and a version; this has none."
    ),
    "package-resource": Wording(
        "warning", "structure", "This file of the package {package} is no resource that can be used; it is passed over."
    ),
    "package-dependency": Wording(
        "warning",
        "not-found",
        "{package} builds on {dependency}, which is not at hand: what it defines is unknown here.",
    ),
    "package-canonical": Wording(
        "fatal",
        "value",
        "{canonical} is no canonical base: an http address without a slash, query or fragment at its end.",
    ),
    "package-altered": Wording(
        "fatal", "security", "The registry gave other bytes for {package} than those it announced; nothing is used."
    ),
    "snapshot-base": Wording(
        "error",
        "not-found",
        "{profile} derives from {base}, which is not at hand: its snapshot begins at the bare type.",
    ),
    "snapshot-path": Wording("error", "structure", "{profile}: what it derives from has no element {element}."),
    "snapshot-min": Wording(
        "error",
        "business-rule",
        "{profile}: {element} may not ask for {found} or more where its base asks for {allowed}.",
    ),
    "snapshot-max": Wording(
        "error", "business-rule", "{profile}: {element} may not allow {found} where its base allows {allowed} at most."
    ),
    "snapshot-type": Wording(
        "error", "business-rule", "{profile}: {element} may not be of type {found}; its base allows {allowed}."
    ),
    "snapshot-target": Wording(
        "error", "business-rule", "{profile}: {element} may not refer to {found}; its base allows {allowed}."
    ),
    "snapshot-binding": Wording(
        "error", "business-rule", "{profile}: the {allowed} binding of {element} may not be weakened to {found}."
    ),
    "snapshot-fixed": Wording("error", "business-rule", "{profile}: the fixed value of {element} may not be changed."),
    "snapshot-max-length": Wording(
        "error", "business-rule", "{profile}: {element} may not be {found} characters long; its base allows {allowed}."
    ),
    "snapshot-slicing": Wording(
        "error", "business-rule", "{profile}: the {allowed} slicing of {element} may not be made {found}."
    ),
    "snapshot-closed": Wording(
        "error", "business-rule", "{profile}: the base closes the slicing of {element}; slice {slice} can't be added."
    ),
    "snapshot-unsliced": Wording(
        "error", "business-rule", "{profile}: {element} begins slice {slice}, but nothing says what tells slices apart."
    ),
    "snapshot-must-support": Wording(
        "error", "business-rule", "{profile}: its base must support {element}; that may not be taken back."
    ),
    "oracle-silent": Wording("fatal", "not-found", "The oracle doesn't start, or gives no answer."),
    "package-folder": Wording("fatal", "not-found", "The folder of packages that the settings name is not there."),
    "package-missing": Wording("fatal", "not-found", "The package {package} is not at hand."),
    "loose-missing": Wording("fatal", "not-found", "There is no such file or folder, or it can't be read."),
    "loose-none": Wording("fatal", "not-found", "No conformance resource, a resource with a url, is to be found here."),
    "loose-unusable": Wording("fatal", "structure", "The {kind} {url} can't be used: it hasn't the form of one."),
}

# --- fhirpath -----------------------------------------------------------------------------------------------------
_FHIRPATH = {
    "fhirpath-syntax": Wording("error", "invalid", "This FHIRPath can't be read: {found} doesn't belong here{place}."),
    "fhirpath-element": Wording("error", "invalid", "{type} has no element `{name}`{place}.{hint}"),
    "fhirpath-function": Wording("error", "invalid", "There is no function `{name}`{place}.{hint}"),
    "fhirpath-arguments": Wording("error", "invalid", "`{name}` takes {expected}, not {given}{place}."),
    "fhirpath-type": Wording("error", "invalid", "`{name}` can't take {found}; it needs {expected}{place}."),
    "fhirpath-type-name": Wording("error", "invalid", "`{name}` is no type{place}.{hint}"),
    "fhirpath-variable": Wording("error", "invalid", "There is no variable `%{name}` here{place}.{hint}"),
    "fhirpath-special": Wording("error", "invalid", "`${name}` has no meaning here{place}."),
    "fhirpath-order": Wording("error", "invalid", "`{name}` needs an order, and {found} has none{place}."),
    "fhirpath-unsupported": Wording("error", "not-supported", "`{name}` isn't supported: {reason}{place}."),
    "fhirpath-pattern": Wording("error", "invalid", "The regular expression can't be taken: {reason}{place}."),
    "fhirpath-limit": Wording("error", "too-costly", "The expression goes beyond {limit}{place}."),
    "fhirpath-many": Wording("error", "multiple-matches", "`{name}` needs one item and was given several{place}."),
    "fhirpath-value": Wording("error", "value", "`{name}` has no result here: {reason}{place}."),
    "fhirpath-resource": Wording("error", "structure", "The data hasn't the shape of {type}, so nothing can be said."),
    "fhirpath-budget": Wording("error", "too-costly", "The evaluation was stopped: it took more than {limit}."),
}

# --- validation ---------------------------------------------------------------------------------------------------
_VALIDATION = {
    # structure
    "json-duplicate": Wording("error", "structure", "The property {name} comes twice in one object; only one counts."),
    "json-array": Wording(
        "error", "structure", "{name} repeats in FHIR, so its JSON form is an array; this is {found}."
    ),
    "json-type": Wording("error", "structure", "{name} is {expected} in FHIR JSON; this is {found}."),
    "json-null": Wording("error", "structure", "{name} is null: leave out what has no value."),
    "json-pairs": Wording(
        "error", "structure", "{name} has {found} items beside {expected} values; the two arrays go in step."
    ),
    "empty": Wording(
        "error", "structure", "Nothing is said here: an element has a value, a child or an extension (ele-1)."
    ),
    "unknown-element": Wording("error", "structure", "{type} has no element {name}.{hint}"),
    "choice-twice": Wording("error", "structure", "Only one of the types of a choice is given; here are {names}."),
    "type-not-allowed": Wording("error", "structure", "The type {type} isn't allowed here, only {allowed} ({by})."),
    "resource-type-missing": Wording("error", "structure", "A resource names its type in resourceType, as a string."),
    "resource-type-unknown": Wording("error", "structure", "FHIR R4 has no resource type {name}.{hint}"),
    "resource-type-here": Wording("error", "structure", "A {type} can't stand here, only {allowed} ({by})."),
    "resource-depth": Wording(
        "fatal", "too-costly", "The resource is nested too deeply to be checked; none that says anything needs it."
    ),
    "findings-many": Wording("error", "too-costly", "There are {limit} findings already; no more are looked for."),
    "min": Wording("error", "required", "{name} needs at least {min} here, and there are {found} ({by})."),
    "max": Wording("error", "structure", "{name} may come at most {max} times here, and there are {found} ({by})."),
    "slice-min": Wording(
        "error", "required", "{name} must have at least {min} of the slice {slice} and has {found} ({by})."
    ),
    "slice-max": Wording(
        "error", "structure", "{name} may have at most {max} of the slice {slice} and has {found} ({by})."
    ),
    "slice-closed": Wording(
        "error", "structure", "This {name} belongs to none of the slices {slices}, and only those may be there ({by})."
    ),
    "slice-order": Wording("error", "structure", "This {name} is of the slice {slice}, which comes earlier ({by})."),
    "slice-end": Wording(
        "error", "structure", "This {name} belongs to no slice, so it comes after those that do ({by})."
    ),
    # values
    "primitive-format": Wording("error", "value", "This is not of the type {type}, which is {form}."),
    "text-blank": Wording("warning", "value", "This text is only white space."),
    "fixed": Wording("error", "value", "The value must be exactly {expected} ({by})."),
    "fixed-bare": Wording("error", "value", "The value is fixed here, and has neither id nor extensions ({by})."),
    "pattern": Wording("error", "value", "The value must have all of {expected} ({by})."),
    "value-below": Wording("error", "value", "The value is below {limit}, the least that is allowed ({by})."),
    "value-above": Wording("error", "value", "The value is above {limit}, the most that is allowed ({by})."),
    "max-length": Wording("error", "too-long", "The text has {found} characters; {limit} are allowed ({by})."),
    "min-length": Wording("error", "value", "The text is shorter than {limit} characters, the least allowed ({by})."),
    "regex": Wording("error", "value", "The value has not the form {limit} ({by})."),
    "regex-unchecked": Wording(
        "warning", "not-supported", "Whether the value has the asked form could not be checked: {reason} ({by})."
    ),
    "decimal-places": Wording("error", "value", "The value may have {limit} decimal places ({by})."),
    "value-missing": Wording("error", "required", "There must be a value here, not only extensions ({by})."),
    "value-alternative": Wording(
        "error", "required", "Where there is no value, one of the extensions {allowed} says why ({by})."
    ),
    "attachment-size": Wording("error", "value", "The size is not that of the data, which is {found} bytes."),
    "attachment-hash": Wording("error", "value", "The hash is not the SHA-1 of the data."),
    "element-id-twice": Wording("error", "value", "Another element of this resource has this id."),
    "canonical-relative": Wording(
        "error", "value", "A canonical is an absolute URL, or # and the id of a contained resource."
    ),
    "identifier-uri": Wording(
        "error", "value", "The system {system} says that the value is a URI; this has no scheme."
    ),
    "invariant": Wording("error", "invariant", "{said} ({by})."),
    "invariant-illegal": Wording(
        "warning",
        "not-supported",
        "The invariant {key} could not be checked, its expression is illegal: {reason} ({by}).",
    ),
    "invariant-unchecked": Wording(
        "warning", "too-costly", "Checking the invariant {key} was given up: it took too long ({by})."
    ),
    # narrative
    "narrative-root": Wording("error", "structure", "A narrative is one div, with nothing before or after it (txt-1)."),
    "narrative-namespace": Wording("error", "structure", "The div of a narrative is of the namespace {namespace}."),
    "narrative-markup": Wording("error", "structure", "The narrative is no XML: {reason} (txt-1)."),
    "narrative-entity": Wording(
        "error", "structure", "XHTML in FHIR has no entity named {name}: use the character itself (txt-1)."
    ),
    "narrative-element": Wording("error", "structure", "A narrative has no element {name} (txt-1)."),
    "narrative-attribute": Wording("error", "structure", "A narrative has no attribute {name} on {element} (txt-1)."),
    "narrative-active": Wording("error", "value", "This link does something instead of leading somewhere (txt-1)."),
    "narrative-loads": Wording(
        "warning", "value", "Showing this {element} loads something from elsewhere, which tells others who reads it."
    ),
    "narrative-id-twice": Wording(
        "warning", "duplicate", "Two elements of the narrative have the same id or name: a link can't tell them apart."
    ),
    "narrative-link": Wording("error", "not-found", "A link within the narrative leads to no id of the resource."),
    "narrative-scheme": Wording(
        "error", "value", "A link in a narrative leads somewhere; an address with the scheme {scheme} only names."
    ),
    "narrative-language-none": Wording(
        "error", "business-rule", "No part of this narrative may be in a language of its own ({by})."
    ),
    "narrative-language-some": Wording(
        "error", "business-rule", "The parts of this narrative must say their languages ({by})."
    ),
    "narrative-language": Wording(
        "error", "business-rule", "The narrative needs a part in the language {language} asked for ({by})."
    ),
    "narrative-source": Wording(
        "error",
        "business-rule",
        "Each part of this narrative must say by its class whether it is boilerplate, generated or original ({by}).",
    ),
    "narrative-empty": Wording("error", "structure", "The narrative says nothing (txt-2)."),
    # codes
    "binding-required": Wording(
        "error", "code-invalid", "The value set {value_set} has no {found}; one of its codes is required ({by})."
    ),
    "binding-extensible": Wording(
        "warning",
        "code-invalid",
        "The value set {value_set} has no {found}; another code is right only where none of its codes fits ({by}).",
    ),
    "binding-preferred": Wording(
        "information", "code-invalid", "The value set {value_set} has no {found}; its codes are preferred ({by})."
    ),
    "binding-maximum": Wording(
        "error", "code-invalid", "The value set {value_set}, beyond which no code is allowed, has no {found} ({by})."
    ),
    "binding-no-code": Wording(
        "error", "code-invalid", "There is no code here, where one of the value set {value_set} is expected ({by})."
    ),
    "binding-unchecked": Wording(
        "information",
        "not-found",
        "Whether the code is in the value set {value_set} ({strength}) could not be checked: its content isn't at "
        "hand ({by}).",
    ),
    "code-unknown": Wording("error", "code-invalid", "The code system {system} has no code {code}."),
    "code-no-system": Wording(
        "warning", "code-invalid", "A code without its system has no meaning; give Coding.system."
    ),
    "code-supplement": Wording(
        "error",
        "code-invalid",
        "{system} only adds to a code system; its codes are those of the system it supplements.",
    ),
    "display": Wording("warning", "value", "The code system calls this code `{expected}`."),
    # references
    "reference-form": Wording("error", "value", "A reference is a URL, a URN or # and an id, without white space."),
    "reference-unknown-type": Wording(
        "error", "structure", "FHIR R4 has no resource type {type} that this reference could lead to."
    ),
    "reference-type-differs": Wording(
        "error", "structure", "The reference says that it leads to a {stated}, and it leads to a {found}."
    ),
    "reference-target": Wording(
        "error", "structure", "This reference leads to a {found}; it may lead only to {allowed} ({by})."
    ),
    "reference-profile": Wording("error", "structure", "What this refers to conforms to none of {profiles} ({by})."),
    "reference-aggregation": Wording(
        "error", "structure", "What is referred to here is {allowed}, and this leads elsewhere ({by})."
    ),
    "reference-versioning": Wording(
        "error", "structure", "A reference is version-{asked} here: a version is told, or not, as that says ({by})."
    ),
    "reference-contained": Wording("error", "not-found", "No contained resource has this id (ref-1)."),
    "contained-id": Wording("error", "required", "A contained resource needs an id to be referred to."),
    "contained-twice": Wording("error", "value", "Another contained resource has the same id."),
    "contained-orphan": Wording(
        "error", "structure", "Nothing refers to this contained resource, and it refers to nothing around it (dom-3)."
    ),
    # bundles
    "bundle-full-url": Wording(
        "error", "required", "An entry has a fullUrl, the identity of its resource, but in a batch or transaction."
    ),
    "bundle-full-url-relative": Wording("error", "value", "A fullUrl is absolute: a URL or a URN."),
    "bundle-full-url-differs": Wording(
        "error", "value", "This fullUrl is the address of another resource than the one in the entry."
    ),
    "bundle-full-url-no-id": Wording(
        "error",
        "required",
        "This fullUrl is a RESTful address, which ends with the resource's id; the resource has none.",
    ),
    "bundle-link-twice": Wording(
        "error", "structure", "The link {relation} comes twice; a client can't know which to follow."
    ),
    "bundle-reference-missing": Wording(
        "warning", "not-found", "No entry of the Bundle has this URN, and nothing else can."
    ),
    "bundle-reference-differs": Wording(
        "warning",
        "not-found",
        "An entry has this type and id, but its fullUrl has another base, so the reference doesn't lead there.",
    ),
    "bundle-entry-missing": Wording("error", "not-found", "What this refers to must be in the Bundle."),
    "bundle-entry-unreachable": Wording(
        "error", "structure", "Nothing connects this entry with the first one, which says what the {kind} is about."
    ),
    # conformance resources
    "canonical-url-relative": Wording(
        "error", "value", "The url of a {type} is how others refer to it, so it is absolute."
    ),
    "value-set-system": Wording(
        "error", "value", "A code system is named by its absolute url, also where it is contained."
    ),
    "concept-map-code": Wording("error", "code-invalid", "The code system {system} has no code {code}."),
    "search-parameter-type": Wording(
        "error",
        "value",
        "This says that the search parameter {definition} is of type {found}; it is of type {expected}.",
    ),
    "discriminator-path": Wording(
        "error", "value", "The discriminator path {path} leads nowhere in {element}, which is sliced by it."
    ),
    "measure-unknown": Wording(
        "warning", "not-found", "The Measure {canonical} is not at hand, so the report was not checked against it."
    ),
    "measure-group": Wording("error", "not-found", "The Measure has no group with this code ({by})."),
    "measure-group-code": Wording(
        "error", "required", "Of several groups each says by its code which group of the Measure it reports ({by})."
    ),
    "measure-group-missing": Wording("error", "required", "A group of the Measure is not reported ({by})."),
    "measure-population": Wording(
        "error", "not-found", "This group of the Measure has no population with this code ({by})."
    ),
    "measure-score": Wording(
        "error", "business-rule", "A Measure whose scoring is cohort has no score to report ({by})."
    ),
    "measure-subjects": Wording(
        "error", "business-rule", "Only a report of the type subject-list names its subjects ({by})."
    ),
    # extensions
    "extension-unknown": Wording(
        "warning", "extension", "The extension {url} is not at hand, so its content was not checked."
    ),
    "modifier-extension-unknown": Wording(
        "error",
        "extension",
        "The modifier extension {url} is not at hand; what it changes can't be known, and it must not be passed over.",
    ),
    "extension-is-modifier": Wording(
        "error", "extension", "{url} changes the meaning of what it stands in; its place is modifierExtension."
    ),
    "extension-not-modifier": Wording("error", "extension", "{url} changes no meaning; its place is extension."),
    "extension-context": Wording("error", "extension", "{url} can't stand here, only in {allowed}."),
    "extension-invariant": Wording(
        "error", "extension", "{url} can stand only where this is true of what holds it: {expression}."
    ),
    "extension-relative": Wording(
        "error", "extension", "The url of an extension is absolute, but for the parts of a complex one."
    ),
    "extension-part-unknown": Wording("error", "extension", "{url} has no part of this name."),
    # answers to a Questionnaire
    "questionnaire-unknown": Wording(
        "warning",
        "not-found",
        "The Questionnaire {canonical} is not at hand, so the answers were not checked against it.",
    ),
    "questionnaire-other-type": Wording(
        "error", "value", "{canonical} is a {type}; `questionnaire` leads to a Questionnaire, as its type says."
    ),
    "answer-subject": Wording(
        "error", "business-rule", "{form} is answered about {allowed} (Questionnaire.subjectType)."
    ),
    "answer-unknown-link": Wording("error", "structure", "{form} has no item of this linkId."),
    "answer-misplaced": Wording(
        "error", "structure", "This isn't the place of {question}: items stand inside those that hold their questions."
    ),
    "answer-order": Wording("error", "structure", "{question} comes before {before} there; answers keep that order."),
    "answer-missing": Wording("error", "required", "{question} must be answered (Questionnaire.item.required)."),
    "answer-disabled": Wording(
        "error", "business-rule", "{question} is answered, and by its enableWhen it isn't to be asked."
    ),
    "answer-item-twice": Wording(
        "error", "structure", "{question} has more than one item here; several answers go into one item."
    ),
    "answer-twice": Wording(
        "error", "structure", "{question} takes one answer and has {found} (Questionnaire.item.repeats)."
    ),
    "answer-few": Wording(
        "error", "required", "{question} comes at least {limit} times and has {found} (questionnaire-minOccurs)."
    ),
    "answer-many": Wording(
        "error", "structure", "{question} comes at most {limit} times and has {found} (questionnaire-maxOccurs)."
    ),
    "answer-none-allowed": Wording("error", "structure", "{question} is a {type} and takes no answer itself."),
    "answer-item-outside": Wording(
        "error", "structure", "{question} isn't a group: what belongs to an answer stands inside it (answer.item)."
    ),
    "answer-question-text": Wording(
        "error", "value", "The text differs from that of {question}: this answers another question, or other words."
    ),
    "answer-type": Wording("error", "value", "{question} takes an answer of the type {allowed}; this is a {type}."),
    "answer-option": Wording(
        "error", "code-invalid", "This is none of the answers that {question} offers (Questionnaire.item.answerOption)."
    ),
    "answer-display": Wording(
        "warning", "value", "The display isn't the one that {question} shows beside this code; check which was meant."
    ),
    "answer-uncoded": Wording(
        "error", "code-invalid", "{question} is answered with a code of the value set {value_set}, and this is none."
    ),
    "answer-value-set": Wording(
        "error",
        "code-invalid",
        "{question} is answered with a code of the value set {value_set}, which has no {found}.",
    ),
    "answer-unchecked": Wording(
        "information",
        "not-found",
        "Whether the answer to {question} is in the value set {value_set} could not be checked: its content isn't at"
        " hand.",
    ),
    "answer-exclusive": Wording(
        "error", "business-rule", "This answer to {question} excludes all others (optionExclusive); others are given."
    ),
    "answer-read-only": Wording(
        "warning", "business-rule", "{question} can't be changed (readOnly), and this isn't its initial value."
    ),
    "answer-below": Wording("error", "value", "The answer to {question} is below {limit}, the least that is allowed."),
    "answer-above": Wording("error", "value", "The answer to {question} is above {limit}, the most that is allowed."),
    "answer-incomparable": Wording(
        "error",
        "value",
        "The answer to {question} can't be compared with the limit {limit}: the units aren't coded, or not of one"
        " kind.",
    ),
    "answer-long": Wording(
        "error", "too-long", "The answer to {question} has {found} characters; {limit} are allowed (maxLength)."
    ),
    "answer-short": Wording(
        "error", "value", "The answer to {question} has {found} characters; at least {limit} are needed (minLength)."
    ),
    "answer-regex": Wording("error", "value", "The answer to {question} doesn't have the form {pattern} (regex)."),
    "answer-regex-unchecked": Wording(
        "information", "not-supported", "The form of the answer to {question} could not be checked. {reason}"
    ),
    "answer-decimals": Wording(
        "error", "value", "The answer to {question} may have {limit} decimal places (maxDecimalPlaces)."
    ),
    "answer-content-type": Wording(
        "error", "value", "{question} takes an attachment whose contentType is {allowed} (mimeType)."
    ),
    "answer-size": Wording(
        "error", "too-long", "The attachment of {question} has {found} bytes; {limit} are allowed (maxSize)."
    ),
    "answer-unit": Wording("error", "code-invalid", "The unit is none of those that {question} takes: {allowed}."),
    "answer-target": Wording(
        "error", "value", "{question} takes a reference to {allowed} (questionnaire-referenceResource)."
    ),
    "answer-calculated": Wording(
        "error", "business-rule", "The answer to {question} is not what its calculatedExpression gives."
    ),
    "answer-not-calculated": Wording(
        "information", "not-supported", "{question} could not be compared with its calculatedExpression. {reason}"
    ),
    # profiles
    "profile-unknown": Wording(
        "warning", "not-found", "The profile {canonical} is not at hand, so the resource was not checked against it."
    ),
    "profile-other-type": Wording("error", "structure", "{canonical} is a profile of {other}, and this is a {type}."),
    "type-profile": Wording("error", "structure", "This conforms to none of the profiles {profiles} ({by})."),
    "type-profile-unknown": Wording(
        "error",
        "not-found",
        "The profile {canonical}, which this must conform to ({by}), is not at hand: load the package that has it.",
    ),
    "profile-asked": Wording("fatal", "not-found", "The profile {canonical} is not at hand."),
    "must-support": Wording(
        "information", "informational", "{name} is must-support here, and the resource doesn't have it ({by})."
    ),
}

# --- mapping ------------------------------------------------------------------------------------------------------
_MAPPING = {
    # a mapping file that can't be used: each with file, line and column
    "mapping-file": Wording("fatal", "exception", "The file can't be read: {reason}."),
    "mapping-yaml": Wording("fatal", "structure", "This is not the YAML that a mapping is written in: {reason}."),
    "mapping-alias": Wording(
        "fatal", "structure", "Anchors and aliases (& and *) are not taken; give rules a name under `blocks:`."
    ),
    "mapping-key-twice": Wording("fatal", "duplicate", "`{key}` is there already."),
    "mapping-schema": Wording("fatal", "structure", "This is not a JSON Schema that can be used: {reason}."),
    "mapping-grammar": Wording("fatal", "structure", "This can't stand here: {reason}."),
    "mapping-line": Wording("fatal", "structure", "This rule can't be read: {reason}."),
    "mapping-record-twice": Wording("fatal", "duplicate", "Records of the kind `{record}` are mapped in {other} too."),
    "mapping-name": Wording("fatal", "not-found", "There is no {what} called `{name}`.{hint}"),
    "mapping-field": Wording("fatal", "not-found", "The record has no field `{field}`.{hint}"),
    "mapping-path": Wording("fatal", "not-found", "The profile has no element `{path}`.{hint}"),
    "mapping-slice": Wording(
        "fatal", "not-found", "`{path}` has no slice `{slice}`, in the profile or under `slices:`.{hint}"
    ),
    "mapping-extension": Wording("fatal", "not-found", "No extension is called `{name}`.{hint}"),
    "mapping-extension-definition": Wording(
        "fatal", "not-found", "The extension {url} isn't defined in any loaded package."
    ),
    "mapping-extension-context": Wording("fatal", "business-rule", "The extension `{name}` may not stand in {path}."),
    "mapping-resource": Wording("fatal", "not-found", "`{resource}` is no resource type.{hint}"),
    "mapping-profile": Wording(
        "fatal", "not-found", "The profile {profile} isn't at hand, or isn't one of {resource}."
    ),
    "mapping-no-identifier": Wording(
        "fatal", "not-supported", "A {resource} has no identifier, so it can't be told whose record it is."
    ),
    "mapping-role-twice": Wording("fatal", "duplicate", "Two resources have the role `{role}`."),
    "mapping-list": Wording(
        "fatal", "structure", "`{field}` and `{path}`: a list goes into a list, written with `[]` on both sides."
    ),
    "mapping-list-field": Wording("fatal", "structure", "`{field}` is no list; the schema says {kind}."),
    "mapping-type": Wording(
        "fatal",
        "value",
        "`{field}` ({kind}) can't be written to {path} ({type}) as it stands; name a function after `|`.",
    ),
    "mapping-constant": Wording("fatal", "value", "This value can't stand in {path}, which is {type}."),
    "mapping-fixed": Wording("fatal", "value", "The profile fixes {path}: it is {wanted}."),
    "mapping-unit": Wording("fatal", "value", "{path} can't be in `{unit}`; the profile takes {wanted}."),
    "mapping-arguments": Wording("fatal", "value", "`{call}` is written {wanted}."),
    "mapping-function-target": Wording("fatal", "value", "`{call}` writes {wanted}; the element is {found}."),
    "mapping-function-source": Wording("fatal", "value", "`{call}` reads {wanted}; the field is {found}."),
    "mapping-present": Wording("fatal", "value", "`present` writes a slice; name one, as in {path}:NAME."),
    "mapping-position": Wording("fatal", "value", "`position()` counts the items of a list; there is none around."),
    "mapping-reference": Wording("fatal", "business-rule", "{path} refers to {types}, not to {type}."),
    "mapping-code": Wording("fatal", "code-invalid", "{system} has no code `{code}`.{hint}"),
    "mapping-code-twice": Wording(
        "fatal",
        "duplicate",
        "In the table `{table}`, `{word}` and `{other}` stand for one code: the way back couldn't choose.",
    ),
    "mapping-codes-open": Wording(
        "fatal", "value", "`{field}` may be anything; a table of codes ({table}) needs an enumeration in the schema."
    ),
    "mapping-codes-missing": Wording(
        "fatal", "incomplete", "The table `{table}` has no code for `{value}`, which `{field}` may be."
    ),
    "mapping-codes-extra": Wording(
        "fatal", "value", "The table `{table}` has a code for `{value}`, which `{field}` can't be.{hint}"
    ),
    "mapping-codes-outside": Wording(
        "fatal", "code-invalid", "`{code}` is not in {value_set}, from which {path} must come.{hint}"
    ),
    "mapping-twice": Wording(
        "fatal", "duplicate", "{path} is written by two rules that can't be told apart; the other is at {other}."
    ),
    "mapping-when": Wording("fatal", "value", "`{field}` can't be `{value}`.{hint}"),
    "mapping-when-two-way": Wording(
        "fatal",
        "structure",
        "Under `when:` stand constants and one-way rules (`->`): the way back doesn't know the condition.",
    ),
    "mapping-one-way": Wording("fatal", "structure", "`{call}` has no way back; write the rule with `->`."),
    "mapping-block-loop": Wording("fatal", "structure", "This block uses itself."),
    "mapping-required": Wording("fatal", "required", "{path} is required, and no rule fills it."),
    "mapping-required-sometimes": Wording(
        "fatal",
        "required",
        "{path} is required, and a record may leave it empty: make the field required, or give it a default.",
    ),
    "mapping-forgotten": Wording(
        "fatal", "incomplete", "No rule reads the field `{field}`; map it, or name it under `drop:` with the reason."
    ),
    # a record that can't be taken: each with a JSON pointer
    "record-kind": Wording("error", "not-supported", "`{kind}` is no kind of record that is mapped.{hint}"),
    "record-no-kind": Wording(
        "error",
        "required",
        "The record doesn't say of which kind it is: its field `record` is missing. Known: {known}.",
    ),
    "record-object": Wording("error", "structure", "A record is a JSON object; this is {found}."),
    "record-missing": Wording("error", "required", "`{field}` is missing.{about}"),
    "record-unknown": Wording("error", "not-supported", "There is no field `{field}`.{hint}"),
    "record-ignored": Wording("warning", "not-supported", "There is no field `{field}`; it was left out.{hint}"),
    "record-type": Wording("error", "structure", "`{field}` must be {kind}."),
    "record-value": Wording("error", "value", "`{field}` must be one of: {values}.{hint}"),
    "record-minimum": Wording("error", "value", "`{field}` must be {limit} or more."),
    "record-above": Wording("error", "value", "`{field}` must be more than {limit}."),
    "record-maximum": Wording("error", "value", "`{field}` must be {limit} or less."),
    "record-below": Wording("error", "value", "`{field}` must be less than {limit}."),
    "record-fewest": Wording(
        "error", "value", "`{field}` needs at least {limit} item; leave it out where there is none."
    ),
    "record-most": Wording("error", "too-long", "`{field}` can have at most {limit} items."),
    "record-shortest": Wording(
        "error", "value", "`{field}` must have at least {limit} character; leave it out where there is nothing to say."
    ),
    "record-longest": Wording("error", "too-long", "`{field}` can have at most {limit} characters."),
    "record-repeated": Wording("error", "duplicate", "`{field}` says the same thing twice."),
    "record-form": Wording("error", "value", "`{field}` is not in its form: {about}"),
    "record-part": Wording("error", "not-found", "Records of the kind `{kind}` have no such part; they have: {parts}."),
    "record-order": Wording("error", "value", "`{field}` must not come before, or be less than, `{other}`."),
    "record-rule": Wording("error", "business-rule", "{words}"),
    "mapping-time-none": Wording("error", "value", "There is no such day or time."),
    "mapping-date-none": Wording("error", "value", "There is no such day."),
    "mapping-time-skipped": Wording(
        "error",
        "value",
        "This time doesn't exist in {zone}: the clocks were set forward over it. Give it with an offset, such as "
        "-05:00.",
    ),
    "mapping-time-twice": Wording(
        "error",
        "value",
        "This time comes twice in {zone}: the clocks were set back over it. Give it with an offset, such as -05:00.",
    ),
    "mapping-time-offset": Wording(
        "error", "value", "{zone} had no whole minutes of offset at this time. Give it with an offset."
    ),
    # records out of CSV: the layout of its columns, and its rows
    "csv-list": Wording(
        "fatal", "incomplete", "`{field}` is a list: name what stands between its values in a cell, under `list:`."
    ),
    "csv-object": Wording("fatal", "structure", "`{field}` is {kind} and no cell can hold it; name a field inside it."),
    "csv-twice": Wording("fatal", "duplicate", "`{field}` is in the column `{other}` already."),
    "csv-required": Wording(
        "fatal", "required", "The record needs `{field}`; name its column, or give it under `constants:`."
    ),
    "csv-empty": Wording("fatal", "structure", "There is no header: the first line names the columns."),
    "csv-column": Wording(
        "fatal", "not-found", "The layout knows no column `{name}`; name it, or say under `ignore:` why not.{hint}"
    ),
    "csv-column-ignored": Wording(
        "warning", "not-found", "The layout knows no column `{name}`; it was left out.{hint}"
    ),
    "csv-column-missing": Wording("fatal", "not-found", "There is no column `{name}`.{hint}"),
    "csv-column-twice": Wording("fatal", "duplicate", "Two columns are called `{name}`."),
    "csv-row": Wording("error", "structure", "This row can't be read: {reason}."),
    "csv-cells": Wording("error", "structure", "This row has {found} cells; the header has {wanted}."),
    "csv-encoding": Wording(
        "error", "value", "`{name}` holds bytes of another encoding than the layout names; is it cp1252?"
    ),
    "csv-word": Wording("error", "value", "`{name}` must be one of: {words}."),
    "csv-boolean": Wording("error", "value", "`{name}` must be true or false, yes or no, 1 or 0."),
    "csv-integer": Wording("error", "value", "`{name}` must be a whole number, without a point."),
    "csv-number": Wording(
        "error",
        "value",
        "`{name}` must be a number, with `{point}` before its fraction and nothing between thousands.",
    ),
    "csv-date": Wording("error", "value", "`{name}` must be {form}."),
    "csv-day-time": Wording("error", "value", "`{name}` must be a day; it has a time."),
    # the way back
    "mapping-not-ours": Wording(
        "warning", "not-found", "This {type} carries no identifier of a record of this program, so it is of none."
    ),
    "mapping-role-unknown": Wording(
        "warning", "not-found", "The identifier names a part of a record that the mapping doesn't know."
    ),
    "mapping-part-missing": Wording(
        "error", "incomplete", "The {type} that the record `{kind}` is built on isn't among the resources."
    ),
    "mapping-shape": Wording(
        "error", "structure", "The resources of this record `{kind}` aren't valid FHIR; validate them to learn why."
    ),
    "mapping-unread": Wording("warning", "not-supported", "The record has no place for this."),
    "mapping-modifier": Wording(
        "error", "not-supported", "This changes what the resource means, and the record has no place for it."
    ),
    "mapping-unknown": Wording("warning", "not-supported", "The mapping has no word for this value."),
    "mapping-changed": Wording(
        "warning", "conflict", "This differs from what the mapping writes here; the record doesn't keep it."
    ),
    "mapping-differs": Wording(
        "warning", "conflict", "This says something else of `{field}` than another place; the first one counts."
    ),
}

# --- instruments --------------------------------------------------------------------------------------------------
_INSTRUMENTS = {
    "instrument-item": Wording("error", "code-invalid", "{name} has no question {item}."),
    "instrument-item-twice": Wording("error", "duplicate", "The question {item} is answered twice."),
    "instrument-not-asked": Wording(
        "error", "business-rule", "The question {item} isn't asked after this answer to {other}."
    ),
    "instrument-answer": Wording(
        "error", "code-invalid", "The question {item} can't be answered so; its answers: {known}."
    ),
    "instrument-mistaken": Wording(
        "warning",
        "code-invalid",
        "{item} is not a question of {name} (it asks for a number of days); {right} is. It is kept and not scored.",
    ),
    "instrument-incomplete": Wording(
        "information", "incomplete", "{missing} of the {all} questions of {name} that count aren't answered: no total."
    ),
    "instrument-band-open": Wording(
        "information", "incomplete", "What a total of {total} in {name} means depends on the patient's sex: no band."
    ),
    "instrument-total": Wording("error", "conflict", "The total of these answers is {ours}, not what the record says."),
    "instrument-band": Wording("error", "conflict", "These answers mean `{ours}`, not what the record says."),
    "instrument-alert": Wording(
        "warning",
        "business-rule",
        "This answer in {name} needs a safety follow-up, whatever the total; the record tells of none.",
    ),
}

# --- consent ------------------------------------------------------------------------------------------------------
_CONSENT = {
    "safety-net": Wording(
        "fatal", "exception", "The safety net for substance use records can't be used: {place}: {reason}."
    ),
    "policy": Wording("fatal", "exception", "The policy on disclosures can't be used: {place}: {reason}."),
    "notice": Wording("fatal", "exception", "The notice of protection can't be used: {reason}."),
    "consent-unreadable": Wording(
        "warning", "security", "A Consent can't be understood, and so permits nothing: {reason}."
    ),
    "disclosure-denied": Wording("error", "suppressed", "The {type} may not be disclosed. {says} (Rule {rule}.)"),
}

# --- store --------------------------------------------------------------------------------------------------------
_STORE = {
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

# --- pharmacy -----------------------------------------------------------------------------------------------------
_PHARMACY = {
    "rx-already-sent": Wording(
        "error",
        "conflict",
        "This order was sent to its pharmacy with another content; cancel it and write a new one that replaces it.",
    ),
    "rx-status": Wording("error", "business-rule", "Only an active order goes to a pharmacy; this one is {found}."),
    "rx-intent": Wording("error", "business-rule", "Only an order goes to a pharmacy; this one's intent is {found}."),
    "rx-no-order": Wording("error", "business-rule", "A report, or a request not to give, is no order for a pharmacy."),
    "rx-no-pharmacy": Wording("error", "required", "The order names no pharmacy."),
    "rx-category": Wording("error", "business-rule", "An order for use inside an institution goes to no pharmacy."),
    "rx-not-ended": Wording(
        "error", "business-rule", "Only an order that ended can be cancelled; this one is {found}."
    ),
    "rx-no-reason": Wording("error", "required", "A cancellation must say why: the order has no statusReason."),
    "rx-no-identifier": Wording("error", "required", "A cancellation repeats the order's identifier; it has none."),
    "rx-unresolved": Wording("error", "not-found", "This must lead to a {types} that is stored here, and doesn't."),
    "rx-other-patient": Wording("error", "business-rule", "The reason for the order is a record of another patient."),
    "rx-patient": Wording("error", "required", "A pharmacy knows a patient by name and birth date; one is missing."),
    "rx-prescriber": Wording("error", "required", "The prescriber has no NPI."),
    "rx-pharmacy": Wording(
        "error", "required", "The pharmacy has no NCPDP provider id, so the message could go astray."
    ),
    "rx-indication": Wording("error", "required", "The order doesn't say what it is for."),
    "rx-not-permitted": Wording(
        "error", "suppressed", "No consent, or no notice to go with it, permits this; half of it is never sent."
    ),
    "rx-controls": Wording("fatal", "exception", "The rules on controlled substances can't be used: {reason}."),
    "rx-methadone": Wording(
        "error",
        "business-rule",
        "Methadone for opioid use disorder is dispensed by an opioid treatment program, never by a pharmacy; an order "
        "for methadone must say another reason.",
    ),
    "rx-unsigned": Wording(
        "error",
        "business-rule",
        "A schedule {schedules} substance is ordered in a system certified for that; the order has no reference to its "
        "signature there (extension {url}), and nothing is signed here.",
    ),
    "rx-schedule": Wording("error", "business-rule", "A substance of schedule {schedule} is not prescribed."),
    "rx-refills": Wording("error", "business-rule", "A schedule {schedule} substance has at most {most} refills."),
    "rx-controlled-element": Wording("error", "required", "An order for a controlled substance needs {element}."),
    "rx-telemedicine": Wording(
        "warning",
        "business-rule",
        "After {until} an order for a controlled substance can't rest on the DEA's telemedicine flexibilities alone.",
    ),
    "rx-silence": Wording(
        "warning", "timeout", "No pharmacist has answered for {hours} hours: call the pharmacy; a lost order is harm."
    ),
    "task-transition": Wording("error", "conflict", "A prescription's Task that is {before} can't become {after}."),
    "pharmacy-endpoint": Wording(
        "error",
        "not-supported",
        "{host} doesn't take messages at this address (HTTP {status}): check FHIR_IOP_PHARMACY_URL.",
    ),
    "pharmacy-later": Wording("warning", "transient", "{host} can't take the message now (HTTP {status})."),
    "reply-empty": Wording(
        "warning", "incomplete", "The pharmacy's answer (HTTP {status}) is empty, so it says nothing."
    ),
    "reply-not-fhir": Wording("warning", "structure", "The pharmacy's answer is {found}, which is not FHIR JSON."),
    "reply-malformed": Wording("warning", "structure", "The pharmacy's answer can't be read ({reason})."),
    "reply-other": Wording("warning", "conflict", "The pharmacy's answer is about another message or another order."),
    "reply-unclear": Wording("warning", "incomplete", "The pharmacy's answer doesn't say what becomes of the order."),
    "reply-later": Wording("warning", "transient", "The pharmacy asks for the message again later."),
    "reply-conflict": Wording(
        "error", "conflict", "The pharmacy knows this message with another content: ask it what it will dispense."
    ),
    "reply-not-cancelled": Wording("error", "business-rule", "The pharmacy did not cancel the order: it still stands."),
    "simulator-no-message": Wording("error", "structure", "This is not a prescription message."),
    "simulator-missing": Wording("error", "required", "The prescription lacks {what}."),
}

# --- ehr ----------------------------------------------------------------------------------------------------------
_EHR = {
    "ehr-id": Wording(
        "fatal", "value", "A patient's id at another server has 1 to 64 letters, digits, hyphens or dots."
    ),
    "ehr-no-patient": Wording("fatal", "not-found", "{host} has no patient with this id."),
    "ehr-refused": Wording("fatal", "forbidden", "{host} refuses (HTTP {status}): check the address and the log-in."),
    "ehr-answer": Wording("fatal", "structure", "{host} answers something else than {expected}."),
    "ehr-link": Wording("fatal", "security", "{host} sends its next page from {target}; nothing is read from there."),
    "ehr-endless": Wording("fatal", "too-costly", "{host} sends pages without an end; nothing of them was taken over."),
    "ehr-outcome": Wording("information", "informational", "The server adds a remark ({code}) to its answer."),
    "ehr-outcome-error": Wording("error", "incomplete", "The server says that its answer is not whole ({code})."),
    "ehr-ignored": Wording("information", "informational", "The server sends {type} that was not asked for; ignored."),
    "ehr-no-id": Wording("error", "required", "The server sends a resource without an id; it was left out."),
    "ehr-other-patient": Wording(
        "error", "security", "The server sends a medication of another patient than asked for; it was left out."
    ),
    "ehr-modifier": Wording(
        "error", "not-supported", "A modifier that is not known here changes its meaning, so it was not taken over."
    ),
    "ehr-intent": Wording("error", "business-rule", "It is neither an order nor a plan, so it was not taken over."),
    "ehr-status": Wording("error", "code-invalid", "Its status is none that a MedicationRequest has; not taken over."),
    "ehr-no-medication": Wording("error", "required", "It doesn't say which medicine it is, so it was not taken over."),
    "ehr-medication-by-name": Wording(
        "warning", "incomplete", "The medicine is known by the name that is displayed alone; its record was not there."
    ),
    "ehr-ingredient": Wording(
        "warning", "incomplete", "An ingredient that only refers to the other system was left out."
    ),
    "ehr-match-no-number": Wording(
        "error", "required", "The patient has no record number to be known by; a name alone links nobody."
    ),
    "ehr-match-none": Wording(
        "error", "not-found", "No patient here has one of the record numbers; a person must look."
    ),
    "ehr-match-several": Wording(
        "error", "multiple-matches", "Several patients here share a record number; a person must look."
    ),
    "ehr-match-replaced": Wording(
        "error", "business-rule", "One of the two patient records was replaced; a person must look."
    ),
    "ehr-match-contradicts": Wording(
        "error", "conflict", "The record number is the same and birth date or family name are not; a person must look."
    ),
}

# --- web ----------------------------------------------------------------------------------------------------------
_WEB = {
    "web-address": Wording("error", "not-found", "There is nothing at this address; /metadata lists what there is."),
    "web-type-unknown": Wording(
        "error", "not-supported", "{type} is not a resource type that is kept here{suggestion}"
    ),
    "search-include": Wording(
        "error",
        "not-supported",
        "_include takes {type}:parameter, with a search parameter of {type} whose values are references.",
    ),
    "web-version": Wording("error", "not-found", "There is no such version."),
    "web-method": Wording("error", "not-supported", "This method is not possible here; possible: {allowed}."),
    "web-not-acceptable": Wording(
        "error", "not-supported", "Answers are FHIR R4 in JSON (application/fhir+json); that is not what was asked for."
    ),
    "web-content-type": Wording(
        "error", "not-supported", "The body must be {expected}, in UTF-8, of FHIR version 4.0."
    ),
    "web-content-encoding": Wording("error", "not-supported", "The body must come uncompressed."),
    "web-body-missing": Wording("error", "required", "A body is needed here, and there is none."),
    "web-body-length": Wording("error", "required", "The length of the body must be announced (Content-Length)."),
    "web-body-truncated": Wording("error", "incomplete", "The body ended before its announced length; send it again."),
    "web-body-too-large": Wording("error", "too-long", "The body is larger than {limit} bytes."),
    "web-query": Wording(
        "error", "invalid", "The parameters can't be read: they must be percent-encoded UTF-8, and not too many."
    ),
    "web-parameter": Wording("error", "not-supported", "There is a parameter unknown here; known: {known}."),
    "web-host": Wording("error", "security", "The Host header names another server."),
    "web-request": Wording("error", "invalid", "This is no request that can be understood."),
    "web-incident": Wording(
        "fatal", "exception", "Something went wrong here, and nothing was kept. Quote incident {incident} when you ask."
    ),
    "web-type-mismatch": Wording(
        "error", "invalid", "The address is of the type {type}; the body's resourceType is another."
    ),
    "web-id-mismatch": Wording("error", "invalid", "The id in the body must be the one in the address."),
    "web-if-match": Wording("error", "value", 'If-Match must hold one ETag of this resource, such as W/"3".'),
    "web-criteria": Wording("error", "required", "The condition needs search parameters with values."),
    "web-several-match": Wording("error", "multiple-matches", "More than one resource meets the condition."),
    "web-metadata-mode": Wording("error", "not-supported", "Only the modes full and normative are answered."),
    "validate-nothing": Wording("error", "required", "There is no resource to validate."),
    "validate-mode": Wording("error", "value", "There can be one mode, and it must be one of {modes}."),
    "validate-parameter": Wording(
        "error", "invalid", "This is no parameter of $validate with a value of its type; it has {known}."
    ),
    "bundle-type": Wording("error", "value", "What is sent here must be a Bundle of type batch or transaction."),
    "bundle-entry": Wording(
        "error", "structure", "Each entry needs a request with an HTTP method and an url, and at most one resource."
    ),
    "bundle-nested": Wording("error", "not-supported", "A Bundle's entry can't be a batch or transaction."),
    "bundle-target-twice": Wording("error", "duplicate", "Two entries of this transaction are about this resource."),
    "bundle-full-url-twice": Wording("error", "duplicate", "Another entry of this transaction has this fullUrl."),
    "bundle-reference": Wording("error", "not-found", "A reference here is to a fullUrl that no entry has."),
    "bundle-no-match": Wording("error", "not-found", "A conditional reference here is met by no resource."),
    "records-none": Wording("error", "required", "There are no records in the body."),
    "records-not-object": Wording("error", "structure", "A record is a JSON object."),
    "pharmacy-message-reused": Wording(
        "error", "conflict", "A message with this id came before, and said something else."
    ),
}

# --- validate: what the command reads ------------------------------------------------------------------------------
_READING = {
    "file-unreadable": Wording("fatal", "exception", "The file can't be read: {reason}."),
    "text-empty": Wording("fatal", "structure", "There is nothing here: a resource was expected, as JSON or XML."),
    "text-charset": Wording("fatal", "structure", "This is {found}; FHIR is written in UTF-8: convert it."),
    "text-other-form": Wording("fatal", "structure", "This is {found}; what is checked is JSON, NDJSON or XML."),
    "text-too-large": Wording("fatal", "too-long", "One resource's text has more than {limit} bytes."),
    "text-bom": Wording("warning", "structure", "JSON begins with no byte order mark; this one was passed over."),
    "compressed-damaged": Wording(
        "fatal", "incomplete", "The compressed data is damaged or cut off here; what came before it was checked."
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
        "fatal", "too-costly", "The archive has more than {limit} bytes, packed or unpacked; it was read no further."
    ),
    "validator-failed": Wording(
        "fatal",
        "exception",
        "fhir-iop failed on this resource ({error} in {place}). That is a fault of fhir-iop, please report it; the "
        "resource was not checked.",
    ),
}

# --- conformance: cases that others wrote -------------------------------------------------------------------------
_CONFORMANCE = {
    "conformance-missing": Wording("fatal", "not-found", "There is no {file} in this folder."),
    "conformance-case": Wording("fatal", "structure", "{file} can't be read: {reason}"),
}

# --- where the standard says what no definition says --------------------------------------------------------------
_R4 = "http://hl7.org/fhir/R4/"
_PAGES = {
    "json.html": ("json-duplicate", "json-array", "json-type", "resource-type-missing"),
    "json.html#null": ("json-null", "json-pairs"),
    "xml.html": (
        *("xml-root", "xml-encoding", "xml-order", "xml-text", "xml-namespace", "xml-attribute", "xml-repeated"),
        *("xml-resource", "xml-doctype"),
    ),
    "resourcelist.html": ("resource-type-unknown",),
    "formats.html#choice": ("choice-twice",),
    "element.html": ("element-id-twice",),
    "datatypes.html#{type}": ("primitive-format", "xml-value"),
    "datatypes.html#string": ("text-blank",),
    "datatypes.html#Attachment": ("attachment-size", "attachment-hash"),
    "datatypes.html#Identifier": ("identifier-uri",),
    "datatypes.html#Coding": ("code-unknown", "code-no-system", "display"),
    "codesystem.html#supplements": ("code-supplement",),
    "narrative.html": (
        *("narrative-namespace", "narrative-loads", "narrative-link", "narrative-scheme", "narrative-id-twice"),
    ),
    "references.html#canonical": ("canonical-relative",),
    "references.html#literal": ("reference-form", "reference-unknown-type"),
    "references.html#Reference": ("reference-type-differs",),
    "references.html#contained": ("reference-contained", "contained-id", "contained-twice", "contained-orphan"),
    "bundle.html": (
        *("bundle-full-url", "bundle-full-url-relative", "bundle-full-url-differs", "bundle-link-twice"),
        *("bundle-entry-missing", "bundle-entry-unreachable", "bundle-full-url-no-id"),
    ),
    "valueset.html#compositions": ("value-set-system",),
    "searchparameter.html": ("search-parameter-type",),
    "profiling.html#discriminator": ("discriminator-path",),
    "bundle.html#references": ("bundle-reference-missing", "bundle-reference-differs"),
    "extensibility.html": (
        *("extension-unknown", "modifier-extension-unknown", "extension-is-modifier", "extension-not-modifier"),
        *("extension-relative",),
    ),
}

CATALOGUE: dict[str, Wording] = {
    **_SETTINGS,
    **_FHIR,
    **_SESSION,
    **_DEFINITIONS,
    **_FHIRPATH,
    **_VALIDATION,
    **_MAPPING,
    **_INSTRUMENTS,
    **_CONSENT,
    **_STORE,
    **_PHARMACY,
    **_EHR,
    **_WEB,
    **_READING,
    **_CONFORMANCE,
}
CATALOGUE |= {rule: CATALOGUE[rule]._replace(page=_R4 + page) for page, rules in _PAGES.items() for rule in rules}
