// Plans, sessions and rewards.

Instance: goal
InstanceOf: IOPGoal
Usage: #example
Title: "Goal"
Description: "PHQ-9 below 5 by June."
* lifecycleStatus = #active
* achievementStatus = $GoalAchievement#improving "Improving"
* description.text = "PHQ-9 below 5 by June"
* insert OfPatient
* startDate = "2026-03-02"
* target.measure = $LNC#44261-6 "Patient health questionnaire 9 item total score"
* target.detailRange.high.value = 4
* target.dueDate = "2026-06-02"
* addresses = Reference(example-depression)
* outcomeReference = Reference(score-phq9)

Instance: goal-screens
InstanceOf: IOPGoal
Usage: #example
Title: "Goal of abstinence"
Description: "Twelve drug screens in a row as expected."
* insert Part2(OPIOIDUD)
* lifecycleStatus = #active
* achievementStatus = $GoalAchievement#in-progress "In Progress"
* description.text = "Twelve drug screens in a row as expected"
* insert OfPatient
* startDate = "2026-03-02"
* target.measure = IOPGoalMeasure#negative-drug-screens "Drug screens as expected"
* target.detailInteger = 12
* target.dueDate = "2026-06-02"
* addresses = Reference(example-opioid-use)
* outcomeReference = Reference(screen-definitive)

RuleSet: Plan
* intent = #plan
* category[AssessPlan] = $CarePlanCategory#assess-plan
* insert OfPatient

RuleSet: Program
* category[program] = IOPProgram#iop-2.1 "Intensive outpatient program"
* careTeam = Reference(example-care-team)
* addresses = Reference(example-depression)
* goal = Reference(goal)

RuleSet: Told(system, code, display, words)
* activity[+].detail.code = {system}#{code} "{display}"
* activity[=].detail.status = #in-progress
* activity[=].detail.description = "{words}"

Instance: care-plan
InstanceOf: IOPCarePlan
Usage: #example
Title: "Treatment plan"
Description: "Therapy three times a week, the order, and a referral."
* text.status = #additional
* text.div = "<div xmlns=\"http://www.w3.org/1999/xhtml\">Medication with cognitive behavioural therapy three times a week.</div>"
* status = #active
* insert Plan
* insert Program
* period.start = "2026-03-02"
* period.end = "2026-06-02"
* activity[0].detail.kind = #ServiceRequest
* activity[0].detail.code = $SCT#228557008 "Cognitive and behavioral therapy"
* activity[0].detail.status = #in-progress
* activity[0].detail.scheduledTiming.repeat.frequency = 3
* activity[0].detail.scheduledTiming.repeat.period = 1
* activity[0].detail.scheduledTiming.repeat.periodUnit = #wk
* activity[0].detail.scheduledTiming.repeat.duration = 3
* activity[0].detail.scheduledTiming.repeat.durationUnit = #h
* activity[1].reference = Reference(order)
* activity[2].reference = Reference(mutual-help-referral)

Instance: discharge
InstanceOf: IOPDischarge
Usage: #example
Title: "Discharge"
Description: "The plan that ended, and where the patient went from here."
* extension[disposition].valueCodeableConcept = IOPDisposition#step-down-outpatient "Step-down to outpatient care"
* status = #completed
* insert Plan
* insert Program
* period.start = "2026-03-02"
* period.end = "2026-06-01"
* note.text = "Outpatient follow-up within seven days."

Instance: discharge-referral
InstanceOf: http://hl7.org/fhir/us/core/StructureDefinition/us-core-servicerequest
Usage: #example
Title: "Referral at discharge"
Description: "To whom the patient goes."
* status = #active
* intent = #order
* code = $SCT#183524004 "Referral to psychiatry service (procedure)"
* insert OfPatient
* authoredOn = "2026-06-01"
* requester = Reference(example-prescriber)

Instance: mutual-help-referral
InstanceOf: http://hl7.org/fhir/us/core/StructureDefinition/us-core-servicerequest
Usage: #example
Title: "Referral to mutual help"
Description: "A support group is no therapy of the program: the patient is referred to it, and nobody tells who goes there."
* status = #active
* intent = #order
* code = $SCT#711281004 "Referral to support group (procedure)"
* insert OfPatient
* authoredOn = "2026-03-02"
* requester = Reference(example-therapist)

Instance: discharge-medication
InstanceOf: IOPMedicationRequest
Usage: #example
Title: "Discharge medication"
Description: "What the patient takes home."
* insert Order(7)
* status = #active
* intent = #order
* category = $MedicationRequestCategory#discharge "Discharge"
* medicationCodeableConcept = $RXNORM#312938 "sertraline 100 MG Oral Tablet"
* insert ForDepression
* insert OnceADay(1, 1, Take 1 tablet by mouth once a day.)
* insert Dispensed(30, 30, 2)

Instance: discharge-summary
InstanceOf: http://hl7.org/fhir/us/core/StructureDefinition/us-core-documentreference
Usage: #example
Title: "Discharge summary"
Description: "The summary as a document."
* status = #current
* type = $LNC#18842-5 "Discharge Summary"
* category = http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category#clinical-note
* insert OfPatient
* date = "2026-06-01T12:00:00-04:00"
* content.attachment.contentType = #text/plain
* content.attachment.data = "RXhhbXBsZSBzdW1tYXJ5Lg=="

Instance: relapse-prevention-plan
InstanceOf: IOPRelapsePreventionPlan
Usage: #example
Title: "Relapse-prevention plan"
Description: "All four sections."
* insert Part2(SUD)
* status = #active
* insert Plan
* category[relapsePrevention] = IOPPlanCategory#relapse-prevention "Relapse-prevention plan"
* addresses = Reference(example-opioid-use)
* goal = Reference(goal)
* insert Told(RelapsePlanSection, triggers, Triggers, Payday; the street where I used to buy.)
* insert Told(RelapsePlanSection, coping, Coping, Call before going out; walk the dog.)
* insert Told(RelapsePlanSection, contacts, Contacts, My sister; the program's line.)
* insert Told(RelapsePlanSection, lapse-steps, After a lapse, Tell the team the same day; naloxone is in the kitchen.)

Instance: safety-plan
InstanceOf: IOPSafetyPlan
Usage: #example
Title: "Safety plan"
Description: "All six steps, by the patient with the clinician."
* status = #active
* insert Plan
* category[safety] = $LNC#87626-8 "Suicide prevention note"
* period.start = "2026-03-02"
* period.end = "2026-04-02"
* author = Reference(example-prescriber)
* contributor = Reference(example-patient)
* insert Told(SafetyPlanStep, warning-signs, Warning signs, I stop answering messages.)
* insert Told(SafetyPlanStep, internal-coping, What I can do myself, Music and a walk.)
* insert Told(SafetyPlanStep, social-distraction, People and places, The library; the climbing hall.)
* insert Told(SafetyPlanStep, crisis-support, Whom I can ask, My sister.)
* insert Told(SafetyPlanStep, professional-support, Professionals and lines, The program's line; 988.)
* insert Told(SafetyPlanStep, lethal-means-safety, A safer place, Medicines are locked away by my sister.)

Instance: contingency-plan
InstanceOf: IOPContingencyPlan
Usage: #example
Title: "Contingency-management plan"
Description: "A reward for each expected drug screen, up to a cap."
* insert Part2(SUD)
* extension[schedule].valueCode = #escalating
* extension[cap].valueMoney.value = 599
* extension[cap].valueMoney.currency = #USD
* status = #active
* intent = #plan
* category[contingencyManagement] = IOPPlanCategory#contingency-management "Contingency-management plan"
* insert OfPatient
* period.start = "2026-03-02"
* goal = Reference(goal)
* activity.detail.code = IOPTherapy#contingency-management "Contingency management"
* activity.detail.status = #in-progress
* activity.detail.goal = Reference(goal)

Instance: reward
InstanceOf: IOPIncentiveDelivery
Usage: #example
Title: "Reward"
Description: "A reward, for the screen that earned it."
* insert Part2(SUD)
* extension[value].valueMoney.value = 12.50
* extension[value].valueMoney.currency = #USD
* basedOn = Reference(contingency-plan)
* status = #completed
* code = IOPTherapy#incentive-delivered "Incentive delivered"
* insert OfPatient
* performedDateTime = "2026-03-13T12:00:00-04:00"
* reasonReference = Reference(screen-definitive)

Instance: reward-provenance
InstanceOf: IOPProvenance
Usage: #example
Title: "Provenance of a reward"
Description: "Who said that the reward was given."
* target = Reference(reward)
* recorded = "2026-03-13T12:00:00-04:00"
* agent[0].type = $ProvenanceAgent#author
* agent[0].who = Reference(example-therapist)
* agent[0].onBehalfOf = Reference(example-program)

Instance: appointment
InstanceOf: Appointment
Usage: #example
Title: "Booking of a session"
Description: "That the patient said to come."
* status = #fulfilled
* start = "2026-03-04T10:00:00-05:00"
* end = "2026-03-04T13:00:00-05:00"
* participant[0].actor = Reference(example-patient)
* participant[0].status = #accepted
* participant[1].actor = Reference(example-therapist)
* participant[1].status = #accepted

Instance: session
InstanceOf: IOPSession
Usage: #example
Title: "Session"
Description: "Cognitive behavioural therapy, alone."
* basedOn = Reference(care-plan)
* status = #completed
* code = $SCT#228557008 "Cognitive and behavioral therapy"
* insert OfPatient
* encounter = Reference(example-visit)
* performedPeriod.start = "2026-03-04T10:00:00-05:00"
* performedPeriod.end = "2026-03-04T12:50:00-05:00"
* performer.actor = Reference(example-therapist)

Instance: session-in-group
InstanceOf: IOPSession
Usage: #example
Title: "Group session"
Description: "One patient's part in a group. The number is opaque, and nobody else is named."
* extension[session].valueIdentifier.system = "https://iop.example/sessions"
* extension[session].valueIdentifier.value = "b7f0c2"
* identifier.system = "https://iop.example/sessions"
* identifier.value = "b7f0c2"
* basedOn = Reference(care-plan)
* status = #completed
* code = $SCT#76168009 "Group psychotherapy (regime/therapy)"
* insert OfPatient
* performedPeriod.start = "2026-03-05T10:00:00-05:00"
* performedPeriod.end = "2026-03-05T11:30:00-05:00"

Instance: session-missed
InstanceOf: IOPSession
Usage: #example
Title: "Missed session"
Description: "A session that did not take place, and why."
* basedOn = Reference(care-plan)
* status = #not-done
* statusReason = IOPSessionReason#no-show "Not there"
* code = $SCT#405780009 "Dialectical behavior therapy (regime/therapy)"
* insert OfPatient
