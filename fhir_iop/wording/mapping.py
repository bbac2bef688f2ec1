"""Words for mappings, and records that are mapped."""

from fhir_iop.wording.wording import Wording

WORDINGS = {
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
        "fatal",
        "not-supported",
        "A {resource} has no identifier to tell whose record it is; name another Identifier in it under `identifier:`.",
    ),
    "mapping-role-twice": Wording("fatal", "duplicate", "Two resources have the role `{role}`."),
    "mapping-list": Wording(
        "fatal", "structure", "`{field}` and `{path}`: a list goes into a list, written with `[]` on both sides."
    ),
    "mapping-list-end": Wording(
        "fatal",
        "structure",
        "`{field}` tells resources apart, so its schema needs {word}: what a record leaves out is found by it.",
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
    "mapping-fhirpath": Wording("fatal", "value", "{reason}"),
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
    "record-last": Wording("error", "value", "Only the last of these may be without {fields}."),
    "record-order": Wording("error", "value", "`{field}` must not come before, or be less than, `{other}`."),
    "record-no-withdrawal": Wording(
        "error",
        "not-supported",
        "A record of the kind `{kind}` can't be withdrawn: R4 gives {types} no status that says entered in error. "
        "Delete what was made of it instead (DELETE type/id); its versions and the audit trail stay.",
    ),
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
    "mapping-no-result": Wording("error", "processing", "The FHIRPath of the mapping has no result here: {reason}."),
    "mapping-differs": Wording(
        "warning", "conflict", "This says something else of `{field}` than another place; the first one counts."
    ),
}
