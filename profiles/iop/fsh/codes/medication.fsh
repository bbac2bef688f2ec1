// What no standard code at hand says about medicines and their prescriptions: code systems of our own, each with a value set of all its codes.

CodeSystem: IOPMedicationReason
Id: iop-medication-reason
Title: "Why a medicine is changed, stopped or put on hold"
Description: "Why a medicine was changed, stopped or put on hold."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-medication-reason"
* #no-effect "No effect" "The medicine didn’t help."
* #partial-response "Partial response" "The medicine helps, but not enough."
* #side-effect "Side effect" "The medicine causes an unwanted effect."
* #interaction "Interaction" "The medicine interacts with another."
* #allergy "Allergy" "The patient is allergic to it."
* #pregnancy "Pregnancy or breastfeeding" "The patient is pregnant or breastfeeding."
* #level-too-high "Level too high" "The measured level is too high."
* #level-too-low "Level too low" "The measured level is too low."
* #adherence "Adherence" "The medicine isn’t taken as agreed."
* #patient-choice "Patient’s choice" "The patient decided so."
* #diversion "Diversion" "The medicine was passed on, or this is feared."
* #dose-change "Dose change" "Another prescription with another dose takes its place."
* #goal-reached "Goal reached" "The medicine is no longer needed."
* #step-down "Step-down" "The level of care changes."
* #duplicate "Duplicate" "The same therapy is ordered elsewhere."
* #unavailable "Not available" "The medicine can’t be had."
* #surgery "Surgery" "Surgery is planned."
* #other "Other" "Another reason, said in words."

ValueSet: IOPMedicationReasonValues
Id: iop-medication-reason
Title: "Why a medicine is changed, stopped or put on hold"
Description: "Why a medicine was changed, stopped or put on hold."
* insert Published
* include codes from system IOPMedicationReason

CodeSystem: IOPReconciliationDecision
Id: iop-reconciliation
Title: "Decisions about a medicine"
Description: "What was decided about a medicine when medicines were reconciled."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-reconciliation"
* #continue "Continue" "It goes on."
* #change "Change" "It goes on otherwise."
* #stop "Stop" "It ends."
* #duplicate "Duplicate" "It is the same as another."
* #new "New" "It is started."

ValueSet: IOPReconciliationDecisionValues
Id: iop-reconciliation
Title: "Decisions about a medicine"
Description: "What was decided about a medicine when medicines were reconciled."
* insert Published
* include codes from system IOPReconciliationDecision

CodeSystem: IOPAdherenceLevel
Id: iop-adherence
Title: "Ways in which a medicine is taken"
Description: "How a medicine was taken."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-adherence"
* #all "All doses taken" "Every dose was taken."
* #most "Most doses taken" "More than half of the doses were taken."
* #some "Some doses taken" "Half of the doses or fewer were taken."
* #none "No doses taken" "No dose was taken."
* #as-prescribed "Taken as prescribed" "The medicine is taken as prescribed."
* #partly "Partly taken" "The medicine is taken less, or otherwise, than prescribed."
* #not-taken "Not taken" "The medicine isn’t taken."
* #unknown "Not known" "It isn’t known how the medicine is taken."

ValueSet: IOPAdherenceLevelValues
Id: iop-adherence
Title: "Ways in which a medicine is taken"
Description: "How a medicine was taken."
* insert Published
* include codes from system IOPAdherenceLevel

CodeSystem: IOPInformationSource
Id: iop-information-source
Title: "Where something about a medicine is known from"
Description: "Where something about a patient’s medicines is known from."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-information-source"
* #patient "Patient" "The patient says so."
* #pharmacy-fills "Pharmacy fills" "A pharmacy’s fill history."
* #caregiver "Caregiver" "Somebody who cares for the patient."
* #other-record "Other record" "Another provider’s record."

ValueSet: IOPInformationSourceValues
Id: iop-information-source
Title: "Where something about a medicine is known from"
Description: "Where something about a patient’s medicines is known from."
* insert Published
* include codes from system IOPInformationSource

CodeSystem: IOPDelivery
Id: iop-delivery
Title: "Ways in which a medicine gets to the patient"
Description: "How a medicine gets to the patient."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-delivery"
* #pickup "Pick-up" "The patient picks it up."
* #delivery "Delivery" "A courier brings it."
* #mail "Mail" "It is mailed."

ValueSet: IOPDeliveryValues
Id: iop-delivery
Title: "Ways in which a medicine gets to the patient"
Description: "How a medicine gets to the patient."
* insert Published
* include codes from system IOPDelivery

CodeSystem: PrescriptionStatus
Id: prescription-status
Title: "Where a prescription is"
Description: "What Task.status is too coarse to say of a prescription that a pharmacy was given: Task.businessStatus."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/prescription-status"
* #queued "Queued" "It waits here to be sent."
* #transmitted "Transmitted" "The pharmacy's system has it; nobody there has decided on it yet."
* #with-pharmacy "With the pharmacy" "The pharmacy has taken it on."
* #ready "Ready" "It is ready for the patient."
* #out-for-delivery "Out for delivery" "It is on its way to the patient."
* #picked-up "Picked up" "The patient has it."
* #not-dispensed "Not dispensed" "The patient will not get it from this pharmacy."
* #no-answer "No answer" "The pharmacy has been silent for so long that somebody must call."
* #undeliverable "Undeliverable" "It could not be given to the pharmacy; a person must look."

ValueSet: PrescriptionStatusValues
Id: prescription-status
Title: "Where a prescription is"
Description: "What Task.status is too coarse to say of a prescription that a pharmacy was given: Task.businessStatus."
* insert Published
* include codes from system PrescriptionStatus

CodeSystem: RxEvent
Id: rx-event
Title: "Events of prescription messages"
Description: "What a message between a program and a pharmacy is about: MessageHeader.event."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/rx-event"
* #new-rx "New prescription" "An order is given to a pharmacy."
* #new-rx-response "Answer to a new prescription" "The pharmacy says what becomes of an order that it was given."
* #cancel-rx "Cancellation of a prescription" "A pharmacy is asked not to dispense an order any more."
* #cancel-rx-response "Answer to a cancellation" "The pharmacy says whether an order was cancelled."

ValueSet: RxEventValues
Id: rx-event
Title: "Events of prescription messages"
Description: "What a message between a program and a pharmacy is about: MessageHeader.event."
* insert Published
* include codes from system RxEvent

CodeSystem: IOPHandling
Id: iop-handling
Title: "Handling on the way to the patient"
Description: "What the law or the program asks of whoever hands a medicine over."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-handling"
* #identity-check "Identity checked" "Whoever receives it shows who they are."
* #adult-signature "Signature of an adult" "An adult signs for it."
* #patient-only "To the patient only" "It is handed to the patient and nobody else."
* #cold-chain "Kept cold" "It is kept cold on the way."
* #no-mail "Not by mail" "It may not be mailed."

ValueSet: IOPHandlingValues
Id: iop-handling
Title: "Handling on the way to the patient"
Description: "What the law or the program asks of whoever hands a medicine over."
* insert Published
* include codes from system IOPHandling
