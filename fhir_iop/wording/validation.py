"""Words for the validator."""

from fhir_iop.wording.wording import Wording

WORDINGS = {
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
    "profiles-many": Wording(
        "fatal",
        "too-costly",
        "The resources in it claim profiles in too many combinations to be checked; those may name {limit} together.",
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
    "expression-fhirpath": Wording("error", "value", "This is not FHIRPath: {reason}"),
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
    "bundle-request-resource": Wording("error", "required", "A {method} sends a resource, and this entry has none."),
    "bundle-request-no-resource": Wording(
        "warning", "structure", "A {method} sends no resource; this one would be passed over."
    ),
    "bundle-request-condition": Wording(
        "error", "business-rule", "An ifNoneExist says when to create, which POST does; this is a {method}."
    ),
    "bundle-request-url": Wording(
        "error", "value", "A {method} is asked of {allowed}; this url leads to something else."
    ),
    "bundle-request-type": Wording("error", "value", "The url asks for a {asked}, and the resource sent is a {found}."),
    "bundle-request-id": Wording("error", "value", "The url ends with another id than that of the resource sent."),
    "bundle-changed-twice": Wording(
        "error", "business-rule", "An entry before this one changes the same resource; a transaction changes it once."
    ),
    "bundle-response-status": Wording("error", "value", "The status begins with HTTP's code of three digits."),
    "bundle-response-outcome": Wording("error", "structure", "The outcome is an OperationOutcome; this is a {found}."),
    "bundle-search-mode": Wording(
        "error", "value", "An OperationOutcome, and nothing else, has the mode outcome; this {found} has {mode}."
    ),
    "bundle-search-score": Wording("error", "value", "A score lies between 0 and 1, the most relevant."),
    "bundle-total": Wording(
        "error", "value", "The total counts all matches, and says {total}; there are {found} in this page alone."
    ),
    # These three the definitions say, and R4's own examples don't keep to.
    "bundle-request-absolute": Wording(
        "warning", "value", "The url of a request is relative to where the Bundle is sent: a type, an id, a query."
    ),
    "bundle-response-etag": Wording("warning", "value", "The etag is not the versionId of the resource beside it."),
    "bundle-response-modified": Wording(
        "warning", "value", "The time is not the lastUpdated of the resource beside it."
    ),
    # conformance resources
    "canonical-url-relative": Wording(
        "error", "value", "The url of a {type} is how others refer to it, so it is absolute."
    ),
    "value-set-system": Wording(
        "error", "value", "A code system is named by its absolute url, also where it is contained."
    ),
    "property-twice": Wording(
        "error", "structure", "A property before this one has this {name}; what concepts say of it is ambiguous."
    ),
    "property-type": Wording(
        "error", "value", "The standard defines this property as of the type {expected}; this says {found}."
    ),
    "property-value": Wording(
        "error", "value", "The property {code} is defined as of the type {expected}; this is of the type {found}."
    ),
    "filter-boolean": Wording("error", "value", "The property {name} is true or false, and nothing else."),
    "filter-code": Wording("error", "code-invalid", "The code system {system} has no code {code}."),
    "question-unknown": Wording("error", "not-found", "No item of this Questionnaire has this linkId."),
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
    "answer-constraint": Wording("error", "invariant", "{said} (questionnaire-constraint {key} of {form})."),
    "answer-constraint-unchecked": Wording(
        "information", "not-supported", "The questionnaire-constraint {key} of {form} could not be checked. {reason}"
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
