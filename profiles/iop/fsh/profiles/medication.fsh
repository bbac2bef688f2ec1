// Orders, what the patient brought along, and how both are compared.

Profile: IOPMedicationRequest
Parent: $us-core-medicationrequest
Id: iop-medication-request
Title: "IOP medication request"
Description: "A prescription of a virtual IOP: new, titrated, tapered, as needed, changed or discontinued. What US Core leaves open and a remote prescriber must not: dose, indication, date, prescriber, the end of a step, the reason for a change."
* insert Published
* insert CopyrightSnomedRxNorm
* insert CanBeLabelled
* obeys iop-mr-1 and iop-mr-2 and iop-mr-3 and iop-mr-4 and iop-mr-5 and iop-mr-6 and iop-mr-7 and iop-mr-8 and iop-mr-9 and iop-mr-10
* extension contains MedicationChangeReason named changeReason 0..1 MS
* extension[changeReason] ^short = "Why the medicine or its dose was changed: with priorPrescription"
* identifier MS
* identifier ^short = "The prescription's number, its own for every item: the same on every try"
* statusReason MS
* statusReason from IOPMedicationStatusReasons (extensible)
* intent from IOPMedicationIntents (required)
* authoredOn 1..1
* authoredOn ^short = "When it was prescribed"
* reasonCode MS
* reasonReference MS
* groupIdentifier MS
* groupIdentifier ^short = "The same for all items of one visit"
* courseOfTherapyType MS
* supportingInformation MS
* priorPrescription MS
* priorPrescription ^short = "The order whose place it takes"
* note MS
* dosageInstruction.sequence MS
* dosageInstruction.asNeeded[x] MS
* dosageInstruction.route MS
* dosageInstruction.maxDosePerPeriod MS
* dispenseRequest.validityPeriod MS
* dispenseRequest.expectedSupplyDuration MS
* dispenseRequest.performer MS
* dispenseRequest.performer ^short = "The pharmacy that the patient chose"
* dispenseRequest.extension contains Delivery named delivery 0..1 MS and DeliveryAddress named deliveryAddress 0..1 MS and Handling named handling 0..* MS
* substitution MS

Profile: IOPControlledSubstance
Parent: IOPMedicationRequest
Id: iop-controlled-substance
Title: "IOP order for a controlled substance"
Description: "An order for a controlled substance. It is an IOP medication request, so all that holds for orders holds for it. Its signature is made and kept by a certified system, and only named here."
* insert Published
* insert CopyrightSnomedRxNorm
* obeys iop-cs-1 and iop-cs-2 and iop-cs-3 and iop-cs-4
* extension contains ControlledSubstanceSchedule named schedule 1..1 MS and EpcsStatus named epcs 0..1 MS
* extension[schedule].valueCoding from IOPControlledSchedules (required)
* extension[epcs] ^short = "Where a certified system keeps the signature"
* supportingInformation ^short = "The check of the monitoring program"
* dispenseRequest.numberOfRepeatsAllowed MS

Profile: IOPReportedMedication
Parent: $us-core-medicationrequest
Id: iop-reported-medication
Title: "IOP reported medication"
Description: "A medicine that the patient brought along: a plan that is marked as reported, never an order."
* insert Published
* insert CopyrightSnomedRxNorm
* insert CanBeLabelled
* obeys iop-mr-9
* extension contains MedicationAdherence named adherence 0..1 MS and ReconciliationDecision named decision 0..1 MS
* extension[adherence] ^short = "How it is taken, when that was said and by whom"
* extension[decision] ^short = "What was decided about it"
* status from IOPReportedStatus (required)
* intent = #plan
* reported[x] 1..1
* reported[x] ^short = "True, or who said so"
* note MS
* note ^short = "What was decided about it, in words"
* dispenseRequest 0..0

Profile: IOPPart2Record
Parent: $us-core-medicationrequest
Id: iop-part2-record
Title: "IOP medication under 42 CFR Part 2"
Description: "A medication record of a program under 42 CFR Part 2, ordered or reported, beside the profile that says which. The program decides what is under Part 2; the list of medicines is a safety net."
* insert Published
* insert CopyrightSnomedRxNorm
* insert CanBeLabelled
* obeys iop-p2-1

Profile: IOPReconciliation
Parent: $us-core-procedure
Id: iop-reconciliation
Title: "IOP medication reconciliation"
Description: "That the patient's medicines were compared with those of the program. The result is an IOP reconciled medication list."
* insert Published
* insert CopyrightSnomed
* insert CanBeLabelled
* code = $SCT#430193006
* performer MS
* report MS
* usedReference MS

Profile: IOPMedicationList
Parent: List
Id: iop-medication-list
Title: "IOP reconciled medication list"
Description: "The medicines that were compared, each with what was decided about it."
* insert Published
* insert CanBeLabelled
* status MS
* mode MS
* code 1..1 MS
* code = IOPList#reconciled-medications
* subject 1..1 MS
* subject only Reference($us-core-patient)
* date 1..1 MS
* source MS
* entry MS
* entry.flag 1..1 MS
* entry.flag from IOPReconciliationDecisionValues (required)
* entry.deleted MS
* entry.item only Reference(MedicationRequest)
* entry.item MS

Profile: IOPDispense
Parent: $us-core-medicationdispense
Id: iop-dispense
Title: "IOP dispense notification"
Description: "What a pharmacy tells of a medicine it handed over."
* insert Published
* insert CanBeLabelled
* authorizingPrescription 1..*
* daysSupply MS
* substitution MS

Profile: IOPPrescriptionTask
Parent: Task
Id: iop-prescription-task
Title: "IOP prescription task"
Description: "Where one prescription is between the program and the pharmacy: requested, received, accepted, in progress, completed, or rejected, cancelled, failed."
* insert Published
* insert CopyrightHL7
* insert CanBeLabelled
* groupIdentifier MS
* status from IOPTaskStatus (required)
* status MS
* statusReason MS
* businessStatus MS
* businessStatus from PrescriptionStatusValues (extensible)
* intent = #order
* code 1..1 MS
* code = $TaskCode#fulfill
* focus 1..1 MS
* focus only Reference(MedicationRequest)
* for MS
* lastModified 1..1 MS
* owner MS
* output MS
