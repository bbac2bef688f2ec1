// What our codes are in standard ones, where those exist and were verified.

RuleSet: Maps(id, source)
* url = "https://example.org/fhir/iop/ConceptMap/{id}"
* insert PublishedInstance
* sourceCanonical = "https://example.org/fhir/iop/ValueSet/{source}"
* group.source = "https://example.org/fhir/iop/CodeSystem/{source}"
* group.extension[0].url = "https://example.org/fhir/iop/StructureDefinition/code-verification"
* group.extension[0].valueCode = #verified

RuleSet: To(code, target, equivalence)
* group.element[+].code = #{code}
* group.element[=].target.code = #{target}
* group.element[=].target.equivalence = #{equivalence}

Instance: medication-reason-to-hl7
InstanceOf: ConceptMap
Usage: #definition
Title: "Reasons in HL7's status reasons"
Description: "Reasons for a change in HL7's reasons for a status. What HL7 has no code for stays local: no effect, adherence, the patient's choice, diversion, step-down."
* insert Maps(medication-reason-to-hl7, iop-medication-reason)
* name = "MedicationReasonToHL7"
* title = "Reasons in HL7's status reasons"
* copyright = "Codes of HL7 code systems: copyright Health Level Seven International, published under CC0-1.0."
* targetCanonical = "http://hl7.org/fhir/ValueSet/medicationrequest-status-reason"
* group.target = "http://terminology.hl7.org/CodeSystem/medicationrequest-status-reason"
* insert To(side-effect, sintol, equivalent)
* insert To(interaction, sddi, equivalent)
* insert To(allergy, salg, equivalent)
* insert To(pregnancy, preg, equivalent)
* insert To(level-too-high, drughigh, equivalent)
* insert To(duplicate, sdupther, equivalent)
* insert To(surgery, surg, equivalent)

Instance: adherence-to-snomed
InstanceOf: ConceptMap
Usage: #definition
Title: "Adherence in SNOMED CT"
Description: "Ways of taking a medicine in SNOMED CT's findings. No finding was verified that says all is well."
* insert Maps(adherence-to-snomed, iop-adherence)
* name = "AdherenceToSnomed"
* title = "Adherence in SNOMED CT"
* copyright = "This material includes content of SNOMED CT, copyright SNOMED International; its use may need a licence from SNOMED International or a member."
* targetCanonical = Canonical(IOPAdherenceFindings)
* group.target = "http://snomed.info/sct"
* insert To(most, 275928001, wider)
* insert To(some, 275928001, wider)
* insert To(partly, 275928001, equivalent)
* insert To(none, 275927006, equivalent)
* insert To(not-taken, 275927006, equivalent)

Instance: modality-to-snomed
InstanceOf: ConceptMap
Usage: #definition
Title: "Modalities in SNOMED CT"
Description: "Means of a visit as kinds of visits."
* insert Maps(modality-to-snomed, iop-modality)
* name = "ModalityToSnomed"
* title = "Modalities in SNOMED CT"
* copyright = "This material includes content of SNOMED CT, copyright SNOMED International; its use may need a licence from SNOMED International or a member."
* targetCanonical = Canonical(IOPVisitTypes)
* group.target = "http://snomed.info/sct"
* insert To(audio-video, 453131000124105, equivalent)
* insert To(audio-only, 185317003, equivalent)

Instance: program-to-service-type
InstanceOf: ConceptMap
Usage: #definition
Title: "Programs in HL7's service types"
Description: "The nearest that HL7 has: non-residential treatment of alcohol and drug use. It says nothing of a program for mental health alone."
* insert Maps(program-to-service-type, iop-program)
* name = "ProgramToServiceType"
* title = "Programs in HL7's service types"
* copyright = "Codes of HL7 code systems: copyright Health Level Seven International, published under CC0-1.0."
* group.target = "http://terminology.hl7.org/CodeSystem/service-type"
* insert To(iop-2.1, 108, inexact)
* group.element[=].target.comment = "Only where the program treats substance use."

Instance: disposition-to-hl7
InstanceOf: ConceptMap
Usage: #definition
Title: "Dispositions in HL7's discharge dispositions"
Description: "Where a patient goes, in HL7's dispositions, which are made for hospitals."
* insert Maps(disposition-to-hl7, iop-disposition)
* name = "DispositionToHL7"
* title = "Dispositions in HL7's discharge dispositions"
* copyright = "Codes of HL7 code systems: copyright Health Level Seven International, published under CC0-1.0."
* targetCanonical = "http://hl7.org/fhir/ValueSet/encounter-discharge-disposition"
* group.target = "http://terminology.hl7.org/CodeSystem/discharge-disposition"
* insert To(step-up-inpatient, psy, narrower)
* group.element[=].target.comment = "Only where the hospital is a psychiatric one."
* insert To(against-advice, aadvice, equivalent)

Instance: prescription-status-to-task
InstanceOf: ConceptMap
Usage: #definition
Title: "Where a prescription is, as a task's status"
Description: "Which Task.status goes with where a prescription is."
* insert Maps(prescription-status-to-task, prescription-status)
* name = "PrescriptionStatusToTask"
* title = "Where a prescription is, as a task's status"
* copyright = "Codes of HL7 code systems: copyright Health Level Seven International, published under CC0-1.0."
* targetCanonical = "http://hl7.org/fhir/ValueSet/task-status"
* group.target = "http://hl7.org/fhir/task-status"
* insert To(queued, requested, equivalent)
* insert To(transmitted, received, equivalent)
* insert To(with-pharmacy, accepted, equivalent)
* insert To(ready, in-progress, equivalent)
* insert To(out-for-delivery, in-progress, equivalent)
* insert To(picked-up, completed, equivalent)
* insert To(not-dispensed, cancelled, inexact)
* group.element[=].target.comment = "Also where the pharmacy rejected it."
* insert To(no-answer, requested, wider)
* insert To(undeliverable, failed, equivalent)
