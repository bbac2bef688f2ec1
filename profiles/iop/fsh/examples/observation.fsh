// What is observed.

RuleSet: Observed(when)
* status = #final
* insert OfPatient
* effectiveDateTime = "{when}"

RuleSet: Survey(slice)
* category[{slice}] = $ObservationCategory#survey "Survey"

RuleSet: ByPatient
* performer = Reference(example-patient)

RuleSet: Answers(answer, display)
* answer.valueCoding = $LNC#{answer} "{display}"

Instance: response-phq9
InstanceOf: IOPPHQ9Response
Usage: #example
Title: "PHQ-9 answers"
Description: "All nine, with their total, and what followed the ninth."
* extension[safetyFollowup].valueReference = Reference(safety-flag)
* questionnaire = "https://example.org/fhir/iop/Questionnaire/phq-9|0.1.0"
* status = #completed
* insert OfPatient
* authored = "2026-03-02T14:30:00-05:00"
* author = Reference(example-patient)
* source = Reference(example-patient)
* item[+].linkId = "/44250-9"
* item[=] insert Answers(LA6570-1, More than half the days)
* item[+].linkId = "/44255-8"
* item[=] insert Answers(LA6571-9, Nearly every day)
* item[+].linkId = "/44259-0"
* item[=] insert Answers(LA6570-1, More than half the days)
* item[+].linkId = "/44254-1"
* item[=] insert Answers(LA6570-1, More than half the days)
* item[+].linkId = "/44251-7"
* item[=] insert Answers(LA6569-3, Several days)
* item[+].linkId = "/44258-2"
* item[=] insert Answers(LA6570-1, More than half the days)
* item[+].linkId = "/44252-5"
* item[=] insert Answers(LA6569-3, Several days)
* item[+].linkId = "/44253-3"
* item[=] insert Answers(LA6568-5, Not at all)
* item[+].linkId = "/44260-8"
* item[=] insert Answers(LA6569-3, Several days)
* item[+].linkId = "/44261-6"
* item[=].answer.valueInteger = 14

Instance: response-check-in
InstanceOf: IOPQuestionnaireResponse
Usage: #example
Title: "Check-in answers"
Description: "Answers to the weekly check-in, given by the patient."
* questionnaire = "https://example.org/fhir/iop/Questionnaire/iop-check-in|0.1.0"
* status = #completed
* insert OfPatient
* authored = "2026-03-09T18:00:00-04:00"
* author = Reference(example-patient)
* source = Reference(example-patient)
* item[+].linkId = "mood"
* item[=].answer.valueInteger = 6
* item[+].linkId = "anxiety"
* item[=].answer.valueInteger = 5
* item[+].linkId = "sleep"
* item[=].answer.valueDecimal = 6.5
* item[+].linkId = "craving"
* item[=].answer.valueInteger = 4
* item[+].linkId = "craving-substance"
* item[=].answer.valueCoding = IOPSubstance#opioids "Opioids"

Instance: score-phq9
InstanceOf: IOPScreeningScore
Usage: #example
Title: "PHQ-9 score"
Description: "The total, what it means, and the answers it was computed from."
* insert Observed(2026-03-02T14:30:00-05:00)
* insert Survey(survey)
* code = $LNC#44261-6 "Patient health questionnaire 9 item total score"
* insert ByPatient
* valueQuantity = 14 $UCUM#{score} "{score}"
* interpretation = IOPScoreBand#moderate "Moderate"
* derivedFrom = Reference(response-phq9)

Instance: response-cows
InstanceOf: IOPQuestionnaireResponse
Usage: #example
Title: "COWS answers"
Description: "A scale whose wording the site supplies: only that it was filled in is told here."
* insert Part2(OPIOIDUD)
* questionnaire = "https://iop.example/Questionnaire/cows|1"
* status = #completed
* insert OfPatient
* authored = "2026-03-05T09:30:00-05:00"
* author = Reference(example-therapist)
* source = Reference(example-patient)
* item.linkId = "total"
* item.answer.valueInteger = 9

Instance: withdrawal
InstanceOf: IOPWithdrawalScore
Usage: #example
Title: "Withdrawal score"
Description: "COWS, rated over video, with who looked, and what the total means."
* insert Part2(OPIOIDUD)
* extension[video].valueBoolean = true
* insert Observed(2026-03-05T09:30:00-05:00)
* insert Survey(survey)
* code = IOPObservation#cows-total "COWS total"
* performer = Reference(example-therapist)
* valueInteger = 9
* interpretation = IOPScoreBand#mild "Mild"
* derivedFrom = Reference(response-cows)

Instance: suicide-risk
InstanceOf: IOPSuicideRisk
Usage: #example
Title: "Suicide risk"
Description: "A low risk, as a screen found it."
* insert Observed(2026-03-02T15:05:00-05:00)
* insert Survey(survey)
* code = $LNC#93374-7 "Suicide risk level"
* performer = Reference(example-prescriber)
* valueCodeableConcept = $LNC#LA9194-7 "Low"

Instance: safety-flag
InstanceOf: IOPSafetyFlag
Usage: #example
Title: "Safety flag"
Description: "What everybody who opens the record sees."
* status = #active
* category[safety] = $FlagCategory#safety
* code.text = "Thoughts of self-harm in the last two weeks; safety plan agreed on 2 March 2026."
* insert OfPatient
* period.start = "2026-03-02"
* author = Reference(example-prescriber)

Instance: level-of-care
InstanceOf: IOPLevelOfCare
Usage: #example
Title: "Level of care"
Description: "Level 2.1, with the risk in each dimension."
* insert Observed(2026-03-02T14:00:00-05:00)
* insert Survey(survey)
* code = IOPObservation#level-of-care "Level of care needed"
* performer = Reference(example-therapist)
* valueCodeableConcept = IOPLevel#2.1 "Level 2.1"
* derivedFrom = Reference(response-phq9)
* component[dimension1].valueInteger = 1
* component[dimension2].valueInteger = 0
* component[dimension3].valueInteger = 2
* component[dimension4].valueInteger = 1
* component[dimension5].valueInteger = 2
* component[dimension6].valueInteger = 1

Instance: craving
InstanceOf: IOPCraving
Usage: #example
Title: "Craving"
Description: "Craving from 0 to 10, and for what."
* insert Part2(OPIOIDUD)
* insert Observed(2026-03-09T18:00:00-04:00)
* insert Survey(us-core)
* code = IOPObservation#craving-nrs "Craving, numeric rating 0-10"
* insert ByPatient
* valueInteger = 4
* component[substance].valueCodeableConcept = IOPSubstance#opioids "Opioids"

Instance: side-effect
InstanceOf: IOPSideEffectReport
Usage: #example
Title: "Side effect"
Description: "Nausea, put down to sertraline, with how bad and what was done."
* insert Observed(2026-03-09T18:00:00-04:00)
* insert Survey(us-core)
* code = IOPObservation#side-effect "Side effect reported"
* focus = Reference(order)
* insert ByPatient
* valueCodeableConcept.text = "Nausea"
* component[severity].valueCodeableConcept = $SCT#255604002 "Mild"
* component[actionTaken].valueCodeableConcept = IOPSideEffectAction#none "Nothing"
* component[onset].valueDateTime = "2026-03-04"

Instance: sertraline
InstanceOf: http://hl7.org/fhir/us/core/StructureDefinition/us-core-medication
Usage: #example
Title: "Sertraline"
Description: "What an adverse event suspects: R4 admits no order there."
* code = $RXNORM#312941 "sertraline 50 MG Oral Tablet"

Instance: adverse-event
InstanceOf: IOPAdverseEvent
Usage: #example
Title: "Adverse event"
Description: "The side effect, confirmed."
* actuality = #actual
* event = $SCT#62014003 "Adverse reaction caused by drug (disorder)"
* insert OfPatient
* date = "2026-03-10"
* recorder = Reference(example-prescriber)
* suspectEntity.instance = Reference(sertraline)
* subjectMedicalHistory = Reference(side-effect)

Instance: adherence
InstanceOf: IOPAdherence
Usage: #example
Title: "Adherence"
Description: "How sertraline was taken."
* insert Observed(2026-03-09T18:00:00-04:00)
* insert Survey(us-core)
* code = $LNC#71799-1 "Adherence to prescribed medication instructions [Reported]"
* focus = Reference(order)
* insert ByPatient
* valueCodeableConcept = IOPAdherenceLevel#most "Most doses taken"
* component[missedDoses].valueInteger = 1
* component[missedReason].valueString = "Forgot on Saturday."

Instance: heart-rate
InstanceOf: IOPVirtualVital
Usage: #example
Title: "Heart rate at home"
Description: "A vital sign that the patient took, and how."
* insert Observed(2026-03-09T18:00:00-04:00)
* category[VSCat] = $ObservationCategory#vital-signs "Vital Signs"
* code = $LNC#8867-4 "Heart rate"
* insert ByPatient
* valueQuantity = 82 $UCUM#/min "beats/minute"
* method = IOPMeasurementMethod#wearable "Wearable"

Instance: urine
InstanceOf: http://hl7.org/fhir/us/core/StructureDefinition/us-core-specimen
Usage: #example
Title: "Urine"
Description: "A specimen, with how it was given."
* insert Part2(OPIOIDUD)
* type = $SCT#122575003 "Urine specimen (specimen)"
* insert OfPatient
* collection.collectedDateTime = "2026-03-10T11:00:00-04:00"
* collection.extension[collection-observed].valueCode = #observed

RuleSet: Screened
* insert Part2(OPIOIDUD)
* insert Observed(2026-03-10T11:00:00-04:00)
* category[us-core] = $ObservationCategory#laboratory "Laboratory"
* performer = Reference(example-laboratory)
* specimen = Reference(urine)

Instance: screen-request
InstanceOf: http://hl7.org/fhir/us/core/StructureDefinition/us-core-servicerequest
Usage: #example
Title: "Request of a drug screen"
Description: "That a drug screen was asked for."
* insert Part2(OPIOIDUD)
* status = #completed
* intent = #order
* code = $SCT#310627008 "Urine drug screening (procedure)"
* insert OfPatient
* authoredOn = "2026-03-09"
* requester = Reference(example-prescriber)

Instance: screen-report
InstanceOf: http://hl7.org/fhir/us/core/StructureDefinition/us-core-diagnosticreport-lab
Usage: #example
Title: "Report of a drug screen"
Description: "The screen as the laboratory sent it."
* insert Part2(OPIOIDUD)
* status = #final
* category[LaboratorySlice] = http://terminology.hl7.org/CodeSystem/v2-0074#LAB
* code = $LNC#69739-1 "Drugs of abuse panel:-:Pt:Urine:-:Screen"
* insert OfPatient
* effectiveDateTime = "2026-03-10T11:00:00-04:00"
* issued = "2026-03-13T08:00:00-04:00"
* basedOn = Reference(screen-request)
* specimen = Reference(urine)
* result = Reference(screen-panel)

Instance: screen-base
InstanceOf: IOPDrugScreen
Usage: #example
Title: "Drug screen without a member's profile"
Description: "What panels and results have in common."
* insert Screened
* code = $LNC#59673-4
* valueCodeableConcept = $SCT#260385009 "Negative (qualifier value)"

Instance: screen-panel
InstanceOf: IOPDrugScreenPanel
Usage: #example
Title: "Drug screen"
Description: "The panel: one member a substance."
* insert Screened
* code = $LNC#69739-1 "Drugs of abuse panel:-:Pt:Urine:-:Screen"
* hasMember[0] = Reference(screen-presumptive)
* hasMember[1] = Reference(screen-definitive)

Instance: screen-presumptive
InstanceOf: IOPDrugScreenPresumptive
Usage: #example
Title: "Presumptive result"
Description: "A reaction of the cup: presumptively positive for buprenorphine."
* insert Screened
* code = $LNC#93494-3 "Buprenorphine:PrThr:Pt:Urine:Ord:Screen"
* valueCodeableConcept = $SCT#720735008 "Presumptive positive (qualifier value)"

Instance: screen-definitive
InstanceOf: IOPDrugScreenDefinitive
Usage: #example
Title: "Definitive result"
Description: "Mass spectrometry, with its cut-off: expected, for buprenorphine is prescribed."
* insert Screened
* basedOn = Reference(screen-request)
* code = $LNC#49752-9
* valueQuantity = 180 $UCUM#ng/mL "ng/mL"
* interpretation = $Interpretation#POS "Positive"
* note.text = "Expected: buprenorphine is prescribed."
* referenceRange.high = 5 $UCUM#ng/mL "ng/mL"
* referenceRange.text = "Cut-off 5 ng/mL"
* derivedFrom = Reference(screen-presumptive)

Instance: pdmp-check
InstanceOf: IOPPdmpCheck
Usage: #example
Title: "Check of the monitoring program"
Description: "That the state's program was asked, before the order was written."
* insert Part2(OPIOIDUD)
* extension[state].valueCode = #NY
* insert Observed(2026-03-02T15:20:00-05:00)
* code = $SCT#461621000124108 "Review of prescription drug monitoring program record (procedure)"
* performer = Reference(example-prescriber)
* valueCodeableConcept = IOPPdmpResult#reviewed "Reviewed"
