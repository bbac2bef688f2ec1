// What a client of a virtual IOP asks for and R4 has no parameter for.

RuleSet: Searches(id, code, base, type)
* url = "https://example.org/fhir/iop/SearchParameter/{id}"
* insert PublishedInstance
* code = #{code}
* base = #{base}
* type = #{type}

Instance: medicationrequest-prior-prescription
InstanceOf: SearchParameter
Usage: #definition
Title: "Orders that took another's place"
Description: "Finds the order that took the place of another."
* insert Searches(medicationrequest-prior-prescription, prior-prescription, MedicationRequest, reference)
* name = "MedicationRequestPriorPrescription"
* description = "Finds the order that took the place of another."
* expression = "MedicationRequest.priorPrescription"
* target = #MedicationRequest

Instance: medicationrequest-schedule
InstanceOf: SearchParameter
Usage: #definition
Title: "Orders by schedule"
Description: "Finds orders for controlled substances by their DEA schedule."
* insert Searches(medicationrequest-schedule, schedule, MedicationRequest, token)
* name = "MedicationRequestSchedule"
* description = "Finds orders for controlled substances by their DEA schedule."
* expression = "MedicationRequest.extension.where(url = 'https://example.org/fhir/iop/StructureDefinition/controlled-substance-schedule').value"

Instance: encounter-modality
InstanceOf: SearchParameter
Usage: #definition
Title: "Visits by modality"
Description: "Finds visits by whether they were by video or by telephone."
* insert Searches(encounter-modality, modality, Encounter, token)
* name = "EncounterModality"
* description = "Finds visits by whether they were by video or by telephone."
* expression = "Encounter.extension.where(url = 'https://example.org/fhir/iop/StructureDefinition/modality').value"
