"""What is checked, one file a rule: each has ``find(item)``, which yields the findings at one value, not inside it."""

from fhir_iop.validation.rules import (
    attachment,
    binding,
    bundle_entry,
    bundle_link,
    bundle_reference,
    bundle_whole,
    canonical,
    cardinality,
    choice,
    coding,
    contained,
    empty,
    extension,
    fixed,
    identifier,
    invariant,
    json_type,
    narrative,
    pattern,
    primitive_format,
    profile,
    questionnaire_response,
    reference_form,
    reference_resolution,
    reference_target,
    resource_type,
    slicing,
    text_blank,
    unknown_element,
    value_range,
)

# What a value is; where one of these finds a fault the others would only tell it again.
FORM = (resource_type, json_type, empty, primitive_format)

# What a value says.
CONTENT = (
    unknown_element,
    choice,
    cardinality,
    slicing,
    profile,
    fixed,
    pattern,
    value_range,
    text_blank,
    narrative,
    binding,
    coding,
    identifier,
    canonical,
    attachment,
    reference_form,
    reference_target,
    reference_resolution,
    contained,
    bundle_entry,
    bundle_link,
    bundle_reference,
    bundle_whole,
    extension,
    invariant,
    questionnaire_response,
)

__all__ = ["CONTENT", "FORM"]
