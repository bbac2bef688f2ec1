// What R4 has no element for.

Extension: CodeVerification
Id: code-verification
Title: "Verification of a code"
Description: "How well codes are known: the code that it stands on, or all codes that the code system, value set or group that it stands on names itself and that say nothing else."
Context: CodeSystem, ValueSet, ValueSet.compose.include.concept, ConceptMap.group, ConceptMap.group.element.target, Coding
* insert Published
* value[x] only code
* value[x] 1..1
* valueCode from CodeVerificationValues (required)
* valueCode ^short = "verified | secondary | local"

Extension: MedicationChangeReason
Id: medication-change-reason
Title: "Reason for a change of medication"
Description: "Why the medicine or its dose was changed."
Context: MedicationRequest
* insert Published
* value[x] only CodeableConcept
* value[x] 1..1
* valueCodeableConcept from IOPMedicationReasonValues (extensible)

Extension: ControlledSubstanceSchedule
Id: controlled-substance-schedule
Title: "Controlled substance schedule"
Description: "The DEA schedule of a controlled substance."
Context: MedicationRequest, Medication
* insert Published
* insert CopyrightHL7
* value[x] only Coding
* value[x] 1..1
* valueCoding from http://terminology.hl7.org/ValueSet/v2-0477 (required)

Extension: EpcsStatus
Id: epcs-status
Title: "Signature of a controlled substance's order"
Description: "Where a certified system keeps the signature of an order for a controlled substance. fhir-iop carries it and never makes one."
Context: MedicationRequest
* insert Published
* value[x] only Reference
* value[x] 1..1

Extension: MedicationAdherence
Id: medication-adherence
Title: "Medication adherence"
Description: "How a medicine was really taken. US Core 7.0.0 has the same in an extension of its own, us-core-medication-adherence: the parts are named and typed as there, so that one becomes the other by its url."
Context: MedicationRequest
* insert Published
* extension contains medicationAdherence 1..1 and dateAsserted 1..1 and informationSource 0..*
* extension[medicationAdherence] ^short = "How it is taken"
* extension[medicationAdherence].value[x] only CodeableConcept
* extension[medicationAdherence].value[x] 1..1
* extension[medicationAdherence].valueCodeableConcept from IOPAdherenceLevelValues (extensible)
* extension[dateAsserted] ^short = "When this was said"
* extension[dateAsserted].value[x] only dateTime
* extension[dateAsserted].value[x] 1..1
* extension[informationSource] ^short = "Where this is known from"
* extension[informationSource].value[x] only CodeableConcept
* extension[informationSource].value[x] 1..1
* extension[informationSource].valueCodeableConcept from IOPInformationSourceValues (extensible)

Extension: ReconciliationDecision
Id: reconciliation-decision
Title: "Decision of a reconciliation"
Description: "What was decided about a medicine brought in."
Context: MedicationRequest
* insert Published
* value[x] only code
* value[x] 1..1
* valueCode from IOPReconciliationDecisionValues (required)

Extension: Delivery
Id: delivery
Title: "Delivery of a medicine"
Description: "How the medicine gets to the patient."
Context: MedicationRequest.dispenseRequest
* insert Published
* value[x] only code
* value[x] 1..1
* valueCode from IOPDeliveryValues (required)

Extension: DeliveryAddress
Id: delivery-address
Title: "Address of a delivery"
Description: "Where a medicine is brought or mailed to, where that isn't the patient's address."
Context: MedicationRequest.dispenseRequest
* insert Published
* value[x] only Address or Reference(Location)
* value[x] 1..1

Extension: Handling
Id: handling
Title: "Handling of a medicine on its way"
Description: "What whoever hands the medicine over has to do, as for a Schedule II medicine."
Context: MedicationRequest.dispenseRequest
* insert Published
* value[x] only code
* value[x] 1..1
* valueCode from IOPHandlingValues (required)

Extension: Modality
Id: modality
Title: "Modality of a visit"
Description: "By what means the visit took place."
Context: Encounter
* insert Published
* value[x] only code
* value[x] 1..1
* valueCode from IOPModalityValues (required)

Extension: PatientState
Id: patient-state
Title: "State in which the patient was"
Description: "The state in which the patient was during the visit: the prescriber's licence and the monitoring program depend on it."
Context: Encounter
* insert Published
* value[x] only code
* value[x] 1..1
* valueCode from $usps-state (required)

Extension: PdmpState
Id: pdmp-state
Title: "State of the monitoring program"
Description: "The state whose prescription drug monitoring program was asked."
Context: Observation
* insert Published
* value[x] only code
* value[x] 1..1
* valueCode from $usps-state (required)

Extension: SessionId
Id: session-id
Title: "Session"
Description: "The session that this is one patient's part of. The identifier is opaque: nothing of it tells who else was there."
Context: Procedure, Encounter, Appointment
* insert Published
* value[x] only Identifier
* value[x] 1..1
* valueIdentifier.system 1..1
* valueIdentifier.value 1..1

Extension: SafetyFollowup
Id: safety-followup
Title: "Follow-up of an answer about self-harm"
Description: "What followed an answer about self-harm."
Context: QuestionnaireResponse
* insert Published
* value[x] only Reference(Flag or Task or Encounter or CarePlan or Procedure or Communication or QuestionnaireResponse or Observation)
* value[x] 1..1

Extension: DischargeDisposition
Id: discharge-disposition
Title: "Disposition at the end of a plan"
Description: "Where the patient goes when the plan ends."
Context: CarePlan, EpisodeOfCare
* insert Published
* value[x] only CodeableConcept
* value[x] 1..1
* valueCodeableConcept from IOPDispositionValues (extensible)

Extension: Part2Program
Id: part2-program
Title: "Program under 42 CFR Part 2"
Description: "Whether the organization is a program under 42 CFR Part 2."
Context: Organization
* insert Published
* value[x] only boolean
* value[x] 1..1

Extension: CollectionObserved
Id: collection-observed
Title: "How a specimen was given"
Description: "How the specimen was given."
Context: Specimen.collection
* insert Published
* value[x] only code
* value[x] 1..1
* valueCode from IOPCollectionValues (required)

Extension: ObservedByVideo
Id: observed-by-video
Title: "Observed by video"
Description: "Whether a scale that looks at the body was rated over video (true) or in the same room (false)."
Context: Observation
* insert Published
* value[x] only boolean
* value[x] 1..1

Extension: ContingencySchedule
Id: contingency-schedule
Title: "Schedule of rewards"
Description: "How the value of a reward is found."
Context: CarePlan
* insert Published
* value[x] only code
* value[x] 1..1
* valueCode from IOPContingencyScheduleValues (required)

Extension: ContingencyCap
Id: contingency-cap
Title: "Cap on rewards"
Description: "What all rewards of a year may come to."
Context: CarePlan
* insert Published
* value[x] only Money
* value[x] 1..1

Extension: IncentiveValue
Id: incentive-value
Title: "Value of a reward"
Description: "What the reward is worth."
Context: Procedure
* insert Published
* value[x] only Money
* value[x] 1..1
