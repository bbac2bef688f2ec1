"""Words for packages, snapshots and what else the definitions are made of."""

from fhir_iop.wording.wording import Wording

WORDINGS = {
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
    "snapshot-circle": Wording(
        "error", "business-rule", "{profile} derives from {base}, and that from {profile} in the end: from nothing."
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
    "package-changed": Wording("error", "conflict", "This file of the package {package} changed while it was in use."),
    "package-missing": Wording("fatal", "not-found", "The package {package} is not at hand."),
    "loose-missing": Wording("fatal", "not-found", "There is no such file or folder, or it can't be read."),
    "loose-none": Wording("fatal", "not-found", "No conformance resource, a resource with a url, is to be found here."),
    "loose-unusable": Wording("fatal", "structure", "The {kind} {url} can't be used: it hasn't the form of one."),
}
