// Orders, what was brought along, and what becomes of them.

// One order of sertraline, which the examples vary.
RuleSet: Order(number)
* identifier.system = "https://iop.example/prescriptions"
* identifier.value = "RX-{number}"
* insert OfPatient
* encounter = Reference(example-visit)
* authoredOn = "2026-03-02T15:30:00-05:00"
* requester = Reference(example-prescriber)
* groupIdentifier.system = "https://iop.example/visits"
* groupIdentifier.value = "V-1000"

RuleSet: ForDepression
* reasonReference[+] = Reference(example-depression)

RuleSet: Community
* category = $MedicationRequestCategory#community "Community"

RuleSet: OnceADay(sequence, tablets, words)
* dosageInstruction[+].sequence = {sequence}
* dosageInstruction[=].text = "{words}"
* dosageInstruction[=].timing.repeat.frequency = 1
* dosageInstruction[=].timing.repeat.period = 1
* dosageInstruction[=].timing.repeat.periodUnit = #d
* dosageInstruction[=].route = $Route#PO "Swallow, oral"
* dosageInstruction[=].doseAndRate.doseQuantity = {tablets} $UCUM#{tbl} "tablet"

RuleSet: ForAWeek
* dosageInstruction[=].timing.repeat.boundsDuration = 7 $UCUM#d "day"

RuleSet: Dispensed(count, days, repeats)
* dispenseRequest.numberOfRepeatsAllowed = {repeats}
* dispenseRequest.quantity = {count} $UCUM#{tbl} "tablet"
* dispenseRequest.expectedSupplyDuration = {days} $UCUM#d "day"
* dispenseRequest.validityPeriod.start = "2026-03-02"
* dispenseRequest.validityPeriod.end = "2026-06-02"
* dispenseRequest.performer = Reference(example-pharmacy)

Instance: order
InstanceOf: IOPMedicationRequest
Usage: #example
Title: "Prescription"
Description: "A new prescription, to be picked up."
* insert Order(1)
* status = #active
* intent = #order
* insert Community
* medicationCodeableConcept = $RXNORM#312941 "sertraline 50 MG Oral Tablet"
* insert ForDepression
* courseOfTherapyType = $CourseOfTherapy#continuous
* insert OnceADay(1, 1, Take 1 tablet by mouth once a day.)
* insert Dispensed(30, 30, 2)
* dispenseRequest.extension[delivery].valueCode = #pickup
* substitution.allowedBoolean = true

Instance: order-titrated
InstanceOf: IOPMedicationRequest
Usage: #example
Title: "Titration"
Description: "Two steps: every one numbered, the first with its end."
* insert Order(2)
* status = #active
* intent = #order
* insert Community
* medicationCodeableConcept = $RXNORM#312940 "sertraline 25 MG Oral Tablet"
* insert ForDepression
* courseOfTherapyType = $CourseOfTherapy#continuous
* insert OnceADay(1, 1, Take 1 tablet by mouth once a day for 7 days.)
* insert ForAWeek
* insert OnceADay(2, 2, Then take 2 tablets by mouth once a day.)
* insert Dispensed(60, 33, 0)

Instance: order-as-needed
InstanceOf: IOPMedicationRequest
Usage: #example
Title: "Medicine as needed"
Description: "What for, and how much at most in which time; the dose is a range."
* insert Order(3)
* status = #active
* intent = #order
* insert Community
* medicationCodeableConcept = $RXNORM#995258 "hydroxyzine hydrochloride 25 MG Oral Tablet"
* insert ForDepression
* dosageInstruction.sequence = 1
* dosageInstruction.text = "Take 1 to 2 tablets by mouth as needed for anxiety, no more than 4 tablets in 24 hours."
* dosageInstruction.asNeededCodeableConcept.text = "anxiety"
* dosageInstruction.route = $Route#PO "Swallow, oral"
* dosageInstruction.doseAndRate.doseRange.low = 1 $UCUM#{tbl} "tablet"
* dosageInstruction.doseAndRate.doseRange.high = 2 $UCUM#{tbl} "tablet"
* dosageInstruction.maxDosePerPeriod.numerator = 4 $UCUM#{tbl} "tablet"
* dosageInstruction.maxDosePerPeriod.denominator = 24 $UCUM#h "hour"
* insert Dispensed(20, 30, 0)

Instance: order-stopped
InstanceOf: IOPMedicationRequest
Usage: #example
Title: "Discontinuation"
Description: "An order that was stopped, with the reason and what to do."
* insert Order(4)
* status = #stopped
* statusReason = IOPMedicationReason#partial-response "Partial response"
* intent = #order
* insert Community
* medicationCodeableConcept = $RXNORM#312941 "sertraline 50 MG Oral Tablet"
* insert ForDepression
* insert OnceADay(1, 1, Take 1 tablet by mouth once a day.)
* note.text = "No taper: the new dose takes its place the next morning."

Instance: order-changed
InstanceOf: IOPMedicationRequest
Usage: #example
Title: "Dose adjustment"
Description: "An order that takes another's place, and why."
* extension[changeReason].valueCodeableConcept = IOPMedicationReason#partial-response "Partial response"
* insert Order(5)
* status = #active
* intent = #order
* insert Community
* medicationCodeableConcept = $RXNORM#312938 "sertraline 100 MG Oral Tablet"
* insert ForDepression
* reasonReference[+] = Reference(score-phq9)
* insert OnceADay(1, 1, Take 1 tablet by mouth once a day.)
* insert Dispensed(30, 30, 2)
* priorPrescription = Reference(order-stopped)

Instance: order-controlled
InstanceOf: IOPControlledSubstance
Usage: #example
Title: "Controlled substance"
Description: "Buprenorphine with naloxone: schedule, signature elsewhere, check of the monitoring program, and the label. It claims the profile of Part 2 records too."
* meta.profile[1] = Canonical(IOPPart2Record)
* insert Part2(OPIOIDUD)
* extension[schedule].valueCoding = $Schedules#III
* extension[epcs].valueReference.identifier.system = "https://signatures.example/orders"
* extension[epcs].valueReference.identifier.value = "SIG-1000"
* insert Order(6)
* status = #active
* intent = #order
* insert Community
* medicationCodeableConcept = $RXNORM#1010604 "Buprenorphine 8 MG / Naloxone 2 MG Sublingual Film"
* supportingInformation = Reference(pdmp-check)
* reasonReference = Reference(example-opioid-use)
* dosageInstruction.sequence = 1
* dosageInstruction.text = "Place 1 film under the tongue once a day."
* dosageInstruction.timing.repeat.frequency = 1
* dosageInstruction.timing.repeat.period = 1
* dosageInstruction.timing.repeat.periodUnit = #d
* dosageInstruction.route = $Route#SL "Dissolve, sublingual"
* dosageInstruction.doseAndRate.doseQuantity = 1 $UCUM#{film} "film"
* dispenseRequest.numberOfRepeatsAllowed = 1
* dispenseRequest.quantity = 14 $UCUM#{film} "film"
* dispenseRequest.expectedSupplyDuration = 14 $UCUM#d "day"
* dispenseRequest.validityPeriod.end = "2026-04-02"
* dispenseRequest.performer = Reference(example-pharmacy)
* dispenseRequest.extension[delivery].valueCode = #delivery
* dispenseRequest.extension[deliveryAddress].valueAddress.line = "9 Nowhere Street"
* dispenseRequest.extension[handling][0].valueCode = #adult-signature

Instance: order-schedule-2
InstanceOf: IOPControlledSubstance
Usage: #example
Title: "Schedule II medicine"
Description: "Lisdexamfetamine: no refill, so each month's capsules are an order of their own."
* extension[schedule].valueCoding = $Schedules#II
* extension[epcs].valueReference.identifier.system = "https://signatures.example/orders"
* extension[epcs].valueReference.identifier.value = "SIG-1001"
* insert Order(8)
* status = #active
* intent = #order
* insert Community
* medicationCodeableConcept = $RXNORM#854834 "lisdexamfetamine dimesylate 30 MG Oral Capsule"
* supportingInformation = Reference(pdmp-check)
* reasonCode.text = "attention deficit hyperactivity disorder"
* dosageInstruction.sequence = 1
* dosageInstruction.text = "Take 1 capsule by mouth once a day in the morning."
* dosageInstruction.timing.repeat.frequency = 1
* dosageInstruction.timing.repeat.period = 1
* dosageInstruction.timing.repeat.periodUnit = #d
* dosageInstruction.timing.repeat.when = #MORN
* dosageInstruction.route = $Route#PO "Swallow, oral"
* dosageInstruction.doseAndRate.doseQuantity = 1 $UCUM#{capsule} "capsule"
* dispenseRequest.numberOfRepeatsAllowed = 0
* dispenseRequest.quantity = 30 $UCUM#{capsule} "capsule"
* dispenseRequest.expectedSupplyDuration = 30 $UCUM#d "day"
* dispenseRequest.validityPeriod.end = "2026-04-02"
* dispenseRequest.performer = Reference(example-pharmacy)
* dispenseRequest.extension[delivery].valueCode = #pickup

Instance: order-part2
InstanceOf: IOPPart2Record
Usage: #example
Title: "Medication under 42 CFR Part 2"
Description: "Naltrexone for alcohol use disorder that was ordered elsewhere, labelled."
* insert Part2(ETHUD)
* status = #active
* intent = #plan
* reportedBoolean = true
* medicationCodeableConcept = $RXNORM#1483744 "Naltrexone hydrochloride 50 MG Oral Tablet"
* insert OfPatient
* authoredOn = "2026-03-02"

Instance: brought-along
InstanceOf: IOPReportedMedication
Usage: #example
Title: "Medicine brought at admission"
Description: "A plan that is marked as reported, with how it is taken and what was decided."
* extension[adherence].extension[medicationAdherence].valueCodeableConcept = IOPAdherenceLevel#as-prescribed "Taken as prescribed"
* extension[adherence].extension[dateAsserted].valueDateTime = "2026-03-02T15:10:00-05:00"
* extension[adherence].extension[informationSource][0].valueCodeableConcept = IOPInformationSource#patient "Patient"
* extension[adherence].extension[informationSource][1].valueCodeableConcept = IOPInformationSource#pharmacy-fills "Pharmacy fills"
* extension[decision].valueCode = #continue
* status = #active
* intent = #plan
* reportedBoolean = true
* medicationCodeableConcept = $RXNORM#856377 "trazodone hydrochloride 50 MG Oral Tablet"
* insert OfPatient
* authoredOn = "2026-03-02"
* note.text = "Goes on: it helps to sleep."

Instance: reconciliation
InstanceOf: IOPReconciliation
Usage: #example
Title: "Medication reconciliation"
Description: "That medicines were compared."
* status = #completed
* code = $SCT#430193006 "Medication reconciliation (procedure)"
* insert OfPatient
* performedDateTime = "2026-03-02T15:15:00-05:00"
* performer.actor = Reference(example-prescriber)

Instance: reconciled-list
InstanceOf: IOPMedicationList
Usage: #example
Title: "Reconciled medications"
Description: "Each medicine, with what was decided about it."
* status = #current
* mode = #changes
* code = IOPList#reconciled-medications "Reconciled medications"
* insert OfPatient
* date = "2026-03-02T15:20:00-05:00"
* source = Reference(example-prescriber)
* entry[0].flag = IOPReconciliationDecision#continue "Continue"
* entry[0].item = Reference(brought-along)
* entry[1].flag = IOPReconciliationDecision#stop "Stop"
* entry[1].deleted = true
* entry[1].item = Reference(order-stopped)
* entry[2].flag = IOPReconciliationDecision#new "New"
* entry[2].item = Reference(order-changed)

Instance: dispense
InstanceOf: IOPDispense
Usage: #example
Title: "Dispense notification"
Description: "That the pharmacy handed the medicine over."
* status = #completed
* medicationCodeableConcept = $RXNORM#312941 "sertraline 50 MG Oral Tablet"
* insert OfPatient
* performer.actor = Reference(example-pharmacy)
* authorizingPrescription = Reference(order)
* type = $ActCode#FF "First Fill"
* quantity = 30 $UCUM#{tbl} "tablet"
* daysSupply = 30 $UCUM#d "day"
* whenHandedOver = "2026-03-03T11:00:00-05:00"
* substitution.wasSubstituted = false

Instance: prescription-task
InstanceOf: IOPPrescriptionTask
Usage: #example
Title: "Prescription status"
Description: "A prescription that the patient has."
* groupIdentifier.system = "https://iop.example/visits"
* groupIdentifier.value = "V-1000"
* status = #completed
* statusReason.text = "Handed over"
* businessStatus = PrescriptionStatus#picked-up "Picked up"
* intent = #order
* code = $TaskCode#fulfill
* focus = Reference(order)
* for = Reference(example-patient)
* authoredOn = "2026-03-02T15:45:00-05:00"
* lastModified = "2026-03-03T11:05:00-05:00"
* requester = Reference(example-program)
* owner = Reference(example-pharmacy)
* output.type.text = "Dispense"
* output.valueReference = Reference(dispense)
