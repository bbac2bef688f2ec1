"""What is checked, one file a rule (see ``rule.py``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.validation.rules import (
    attachment,
    binding,
    bundle_entry,
    bundle_link,
    bundle_reference,
    bundle_request,
    bundle_response,
    bundle_search,
    bundle_transaction,
    bundle_whole,
    canonical,
    canonical_url,
    cardinality,
    choice,
    code_system,
    coding,
    concept_map,
    contained,
    element_id,
    empty,
    expression,
    extension,
    fixed,
    identifier,
    invariant,
    invariant_by_reference,
    json_type,
    measure_report,
    must_support,
    narrative,
    narrative_control,
    pattern,
    primitive_format,
    profile,
    questionnaire,
    questionnaire_response,
    reference_aggregation,
    reference_form,
    reference_resolution,
    reference_target,
    resource_type,
    search_parameter,
    slicing,
    structure_definition,
    text_blank,
    text_form,
    type_profile,
    unknown_element,
    value_presence,
    value_range,
    value_set,
    value_set_filter,
)

if TYPE_CHECKING:
    from fhir_iop.validation.rule import QuickRule, Rule

# What a value is; where one of these finds a fault the others would only tell it again.
FORM = (resource_type, json_type, empty, primitive_format)

# Which children an object has, how often, and where: the compiled check has tables of its own for these.
STRUCTURE: tuple[Rule, ...] = (unknown_element, choice, cardinality, slicing, extension, element_id, bundle_reference)

# What a value says.
CONTENT: tuple[QuickRule, ...] = (
    profile,
    type_profile,
    fixed,
    pattern,
    value_range,
    value_presence,
    text_form,
    text_blank,
    narrative,
    narrative_control,
    binding,
    coding,
    identifier,
    canonical,
    attachment,
    expression,
    reference_form,
    reference_target,
    reference_aggregation,
    reference_resolution,
    contained,
    bundle_entry,
    bundle_link,
    bundle_request,
    bundle_transaction,
    bundle_response,
    bundle_search,
    bundle_whole,
    invariant,
    invariant_by_reference,
    questionnaire_response,
    measure_report,
    canonical_url,
    value_set,
    value_set_filter,
    code_system,
    concept_map,
    search_parameter,
    structure_definition,
    questionnaire,
    must_support,
)

# Which may find a fault in a primitive because of what its `_` object holds, or because it has nothing else.
LOOKING_BESIDE = (binding, value_presence, fixed, pattern)

__all__ = ["CONTENT", "FORM", "LOOKING_BESIDE", "STRUCTURE"]
