// Scores, check-ins, vital signs and drug screens.

Profile: IOPScreeningScore
Parent: $us-core-screening
Id: iop-screening-score
Title: "IOP screening score"
Description: "The total of a questionnaire, with what it means, and the answers it was computed from."
* insert Published
* insert CopyrightLoinc
* insert CanBeLabelled
* obeys iop-obs-1 and iop-obs-2
* code from IOPScores (extensible)
* effective[x] MS
* value[x] only Quantity or integer
* value[x] MS
* interpretation MS
* interpretation ^short = "What the total means, as a band of iop-score-band"
* derivedFrom MS

Profile: IOPWithdrawalScore
Parent: $us-core-screening
Id: iop-withdrawal-score
Title: "IOP withdrawal score"
Description: "The total of a scale that looks at the body for withdrawal, with who looked and by what means: over video some of it cannot be seen."
* insert Published
* insert CanBeLabelled
* obeys iop-wd-1
* extension contains ObservedByVideo named video 1..1 MS
* code from IOPWithdrawalScales (required)
* value[x] only integer
* value[x] MS
* performer 1..*
* performer ^short = "Who looked"
* interpretation MS
* interpretation ^short = "What the total means; of CIWA-Ar between which cut-offs it lies"
* derivedFrom MS

Profile: IOPSuicideRisk
Parent: $us-core-screening
Id: iop-suicide-risk
Title: "IOP suicide risk"
Description: "How high the risk of suicide is, as a screen found it. A risk is flagged with an IOP safety flag."
* insert Published
* insert CopyrightLoinc
* insert CanBeLabelled
* code = $LNC#93374-7
* value[x] only CodeableConcept
* valueCodeableConcept from IOPSuicideRiskLevels (extensible)
* value[x] MS
* derivedFrom MS

Profile: IOPSafetyFlag
Parent: Flag
Id: iop-safety-flag
Title: "IOP safety flag"
Description: "A warning that everybody who opens the record must see."
* insert Published
* insert CopyrightHL7
* insert CanBeLabelled
* status MS
* category 1..* MS
* category ^slicing.discriminator.type = #pattern
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open
* category contains safety 1..1 MS
* category[safety] = $FlagCategory#safety
* code MS
* subject only Reference($us-core-patient)
* subject MS
* period MS

Profile: IOPLevelOfCare
Parent: $us-core-screening
Id: iop-level-of-care
Title: "IOP level-of-care assessment"
Description: "Which level of care an assessment finds the patient to need, with the risk in each of six dimensions. Numbers only: the criteria are proprietary."
* insert Published
* insert CanBeLabelled
* code = IOPObservation#level-of-care
* effective[x] 1..1
* effective[x] only dateTime
* performer 1..*
* value[x] 1..1
* value[x] only CodeableConcept
* valueCodeableConcept from IOPLevelValues (required)
* derivedFrom MS
* component 6..*
* component ^slicing.discriminator.type = #pattern
* component ^slicing.discriminator.path = "code"
* component ^slicing.rules = #open
* component contains dimension1 1..1 MS and dimension2 1..1 MS and dimension3 1..1 MS and dimension4 1..1 MS and dimension5 1..1 MS and dimension6 1..1 MS
* component[dimension1] insert Dimension(1)
* component[dimension2] insert Dimension(2)
* component[dimension3] insert Dimension(3)
* component[dimension4] insert Dimension(4)
* component[dimension5] insert Dimension(5)
* component[dimension6] insert Dimension(6)

RuleSet: Dimension(number)
* code = IOPObservation#asam-dimension-{number}
* value[x] 1..1
* value[x] only integer
* valueInteger ^minValueInteger = 0
* valueInteger ^maxValueInteger = 4
* valueInteger ^short = "Risk from 0 (none) to 4 (most severe)"

Profile: IOPCraving
Parent: $us-core-simple-observation
Id: iop-craving
Title: "IOP craving"
Description: "How strong craving was since the last check-in, as the patient rates it from 0 to 10."
* insert Published
* insert CopyrightHL7
* insert CanBeLabelled
* category 1..*
* category[us-core] 1..1
* category[us-core] = $ObservationCategory#survey
* code = IOPObservation#craving-nrs
* effective[x] 1..1
* value[x] 1..1
* value[x] only integer
* valueInteger ^minValueInteger = 0
* valueInteger ^maxValueInteger = 10
* component ^slicing.discriminator.type = #pattern
* component ^slicing.discriminator.path = "code"
* component ^slicing.rules = #open
* component contains substance 0..1 MS
* component[substance].code = IOPObservation#craving-substance
* component[substance].value[x] 1..1
* component[substance].value[x] only CodeableConcept
* component[substance].valueCodeableConcept from IOPSubstanceValues (extensible)

Profile: IOPSideEffectReport
Parent: $us-core-simple-observation
Id: iop-side-effect-report
Title: "IOP side-effect report"
Description: "An unwanted effect that the patient puts down to a medicine. A confirmed one becomes an IOP adverse event as well."
* insert Published
* insert CopyrightSnomed
* insert CanBeLabelled
* obeys iop-obs-3
* category[us-core] 1..1
* category[us-core] = $ObservationCategory#survey
* code = IOPObservation#side-effect
* focus 1..* MS
* focus only Reference(MedicationRequest or MedicationStatement or MedicationDispense or MedicationAdministration)
* focus ^short = "The medicine: the only clean link in R4"
* performer 1..*
* value[x] 1..1
* value[x] only CodeableConcept
* component ^slicing.discriminator.type = #pattern
* component ^slicing.discriminator.path = "code"
* component ^slicing.rules = #open
* component contains severity 0..1 MS and actionTaken 0..1 MS and onset 0..1 MS
* component[severity].code = $SCT#246112005
* component[severity].value[x] 1..1
* component[severity].value[x] only CodeableConcept
* component[severity].valueCodeableConcept from IOPSeverity (required)
* component[actionTaken].code = IOPObservation#side-effect-action
* component[actionTaken].value[x] 1..1
* component[actionTaken].value[x] only CodeableConcept
* component[actionTaken].valueCodeableConcept from IOPSideEffectActionValues (extensible)
* component[onset].code = IOPObservation#side-effect-onset
* component[onset].value[x] 1..1
* component[onset].value[x] only dateTime

Profile: IOPAdverseEvent
Parent: AdverseEvent
Id: iop-adverse-event
Title: "IOP adverse event"
Description: "A side effect that a clinician confirmed. R4 admits no order as what is suspected, so the Medication is; the order stays the focus of the report it comes from."
* insert Published
* insert CanBeLabelled
* actuality = #actual
* event 1..1 MS
* subject only Reference($us-core-patient)
* subject MS
* date 1..1 MS
* recorder MS
* suspectEntity 1..* MS
* suspectEntity.instance only Reference(Medication)
* suspectEntity.instance MS
* subjectMedicalHistory MS
* subjectMedicalHistory ^short = "The report it comes from"

Profile: IOPAdherence
Parent: $us-core-simple-observation
Id: iop-adherence
Title: "IOP adherence report"
Description: "How a medicine was taken since the last check-in. Of a reported medicine the extension medication-adherence says it."
* insert Published
* insert CopyrightLoinc
* insert CanBeLabelled
* category[us-core] 1..1
* category[us-core] = $ObservationCategory#survey
* code = $LNC#71799-1
* focus 1..* MS
* focus only Reference(MedicationRequest)
* value[x] 1..1
* value[x] only CodeableConcept
* valueCodeableConcept from IOPAdherenceLevelValues (extensible)
* component ^slicing.discriminator.type = #pattern
* component ^slicing.discriminator.path = "code"
* component ^slicing.rules = #open
* component contains missedDoses 0..1 MS and missedReason 0..1 MS
* component[missedDoses].code = IOPObservation#missed-doses
* component[missedDoses].value[x] 1..1
* component[missedDoses].value[x] only integer
* component[missedDoses].valueInteger ^minValueInteger = 0
* component[missedReason].code = IOPObservation#missed-doses-reason
* component[missedReason].value[x] 1..1
* component[missedReason].value[x] only string

Profile: IOPVirtualVital
Parent: $us-core-vital-signs
Id: iop-virtual-vital
Title: "IOP virtual vital sign"
Description: "A vital sign that was taken where the patient is."
* insert Published
* insert CopyrightLoinc
* insert CanBeLabelled
* obeys iop-obs-6
* performer MS
* device MS
* method MS
* method from IOPMeasurementMethodValues (extensible)

Profile: IOPDrugScreen
Parent: $us-core-observation-lab
Id: iop-drug-screen
Title: "IOP drug screen"
Description: "What panels and results of drug screens have in common."
* insert Published
* insert CopyrightLoincSnomed
* insert CanBeLabelled
* obeys iop-obs-4
* specimen MS
* hasMember MS

Profile: IOPDrugScreenPanel
Parent: IOPDrugScreen
Id: iop-drug-screen-panel
Title: "IOP drug screen panel"
Description: "A drug screen as a whole: one member for each substance that was looked for."
* insert Published
* insert CopyrightLoinc
* code from IOPDrugScreenPanels (extensible)
* value[x] 0..0
* hasMember 1..*
* hasMember only Reference(IOPDrugScreenPresumptive or IOPDrugScreenDefinitive)

Profile: IOPDrugScreenPresumptive
Parent: IOPDrugScreen
Id: iop-drug-screen-presumptive
Title: "IOP presumptive drug screen"
Description: "What a cup or an immunoassay says of one substance. It is no proof."
* insert Published
* insert CopyrightLoincSnomed
* obeys iop-obs-5
* code from IOPPresumptiveTests (extensible)
* value[x] only CodeableConcept
* valueCodeableConcept from IOPDrugScreenResults (extensible)

Profile: IOPDrugScreenDefinitive
Parent: IOPDrugScreen
Id: iop-drug-screen-definitive
Title: "IOP definitive drug screen"
Description: "What mass spectrometry says of one substance, with its cut-off. Whether it is expected depends on what is prescribed: buprenorphine is, where buprenorphine is taken."
* insert Published
* insert CopyrightLoincSnomed
* code from IOPDefinitiveTests (extensible)
* value[x] only CodeableConcept or Quantity
* interpretation MS
* basedOn MS
* derivedFrom MS
* note MS
* note ^short = "Whether it is expected, given what is prescribed"
* referenceRange 1..* MS
* referenceRange ^short = "The cut-off"

Profile: IOPPdmpCheck
Parent: Observation
Id: iop-pdmp-check
Title: "IOP check of a monitoring program"
Description: "That a state's prescription drug monitoring program was asked before an order for a controlled substance."
* insert Published
* insert CopyrightSnomed
* insert CanBeLabelled
* extension contains PdmpState named state 1..1 MS
* code from IOPPdmpReview (required)
* code MS
* subject 1..1 MS
* subject only Reference($us-core-patient)
* effective[x] 1..1 MS
* effective[x] only dateTime
* effective[x] ^short = "Before the order was written"
* performer MS
* value[x] 1..1 MS
* value[x] only CodeableConcept
* valueCodeableConcept from IOPPdmpResultValues (required)
