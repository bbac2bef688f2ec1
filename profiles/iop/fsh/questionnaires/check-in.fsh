// The program's own forms.

RuleSet: FromNoneToTen
* type = #integer
* extension[0].url = "http://hl7.org/fhir/StructureDefinition/minValue"
* extension[0].valueInteger = 0
* extension[1].url = "http://hl7.org/fhir/StructureDefinition/maxValue"
* extension[1].valueInteger = 10

Instance: iop-check-in
InstanceOf: IOPQuestionnaire
Usage: #definition
Title: "Weekly check-in"
Description: "How the week was, in a minute: mood, anxiety, sleep and craving."
* insert PublishedInstance
* url = "https://example.org/fhir/iop/Questionnaire/iop-check-in"
* name = "IOPCheckIn"
* title = "Weekly check-in"
* description = "How the week was, in a minute: mood, anxiety, sleep and craving."
* copyright = "Copyright the fhir-iop authors, Apache-2.0."
* subjectType = #Patient
* code = IOPForm#check-in "Weekly check-in"
* item[+].linkId = "mood"
* item[=].code = IOPObservation#mood-nrs
* item[=].text = "How low was your mood at its worst in the last week, from 0 (not at all) to 10 (as low as it can be)?"
* item[=].required = true
* item[=] insert FromNoneToTen
* item[+].linkId = "anxiety"
* item[=].code = IOPObservation#anxiety-nrs
* item[=].text = "How anxious were you at your worst in the last week, from 0 (not at all) to 10 (as anxious as can be)?"
* item[=].required = true
* item[=] insert FromNoneToTen
* item[+].linkId = "sleep"
* item[=].code = IOPObservation#sleep-hours
* item[=].text = "How many hours did you sleep last night?"
* item[=].type = #decimal
* item[=].extension[0].url = $questionnaireUnit
* item[=].extension[0].valueCoding = $UCUM#h "hour"
* item[+].linkId = "craving"
* item[=].code = IOPObservation#craving-nrs
* item[=].text = "How strong was your strongest craving in the last week, from 0 (none) to 10 (as strong as it can be)?"
* item[=].required = true
* item[=] insert FromNoneToTen
* item[+].linkId = "craving-substance"
* item[=].code = IOPObservation#craving-substance
* item[=].text = "What was it a craving for?"
* item[=].type = #choice
* item[=].answerValueSet = Canonical(IOPSubstanceValues)
* item[=].enableWhen.question = "craving"
* item[=].enableWhen.operator = #>
* item[=].enableWhen.answerInteger = 0
* item[+].linkId = "message"
* item[=].text = "Is there anything that your team should know today?"
* item[=].type = #text

Instance: iop-medication-check
InstanceOf: IOPQuestionnaire
Usage: #definition
Title: "Medication check"
Description: "How each medicine was taken, and what it did that was not wanted. One form for each medicine."
* insert PublishedInstance
* url = "https://example.org/fhir/iop/Questionnaire/iop-medication-check"
* name = "IOPMedicationCheck"
* title = "Medication check"
* description = "How each medicine was taken, and what it did that was not wanted. One form for each medicine."
* copyright = "Copyright the fhir-iop authors, Apache-2.0. This material contains content from LOINC (http://loinc.org), copyright © Regenstrief Institute, Inc. and the LOINC Committee, available at no cost under the licence at http://loinc.org/license. It includes content of SNOMED CT, copyright SNOMED International; its use may need a licence from SNOMED International or a member."
* subjectType = #Patient
* code = IOPForm#medication-check "Medication check"
* item[+].linkId = "medicine"
* item[=].text = "Which medicine is it?"
* item[=].type = #string
* item[=].required = true
* item[+].linkId = "adherence"
* item[=].code = $LNC#71799-1
* item[=].text = "How did you take it in the last week?"
* item[=].type = #choice
* item[=].required = true
* item[=].answerOption[+].valueCoding = IOPAdherenceLevel#all "All doses taken"
* item[=].answerOption[+].valueCoding = IOPAdherenceLevel#most "Most doses taken"
* item[=].answerOption[+].valueCoding = IOPAdherenceLevel#some "Some doses taken"
* item[=].answerOption[+].valueCoding = IOPAdherenceLevel#none "No doses taken"
* item[+].linkId = "missed"
* item[=].code = IOPObservation#missed-doses
* item[=].text = "How many doses did you miss?"
* item[=].type = #integer
* item[=].enableWhen.question = "adherence"
* item[=].enableWhen.operator = #!=
* item[=].enableWhen.answerCoding = IOPAdherenceLevel#all
* item[+].linkId = "missed-reason"
* item[=].code = IOPObservation#missed-doses-reason
* item[=].text = "What kept you from taking them?"
* item[=].type = #text
* item[=].enableWhen.question = "adherence"
* item[=].enableWhen.operator = #!=
* item[=].enableWhen.answerCoding = IOPAdherenceLevel#all
* item[+].linkId = "side-effect"
* item[=].text = "Did it do anything that you did not want?"
* item[=].type = #group
* item[=].repeats = true
* item[=].item[+].linkId = "side-effect/what"
* item[=].item[=].code = IOPObservation#side-effect
* item[=].item[=].text = "What?"
* item[=].item[=].type = #string
* item[=].item[+].linkId = "side-effect/severity"
* item[=].item[=].code = $SCT#246112005
* item[=].item[=].text = "How bad was it?"
* item[=].item[=].type = #choice
* item[=].item[=].answerValueSet = Canonical(IOPSeverity)
* item[=].item[=].enableWhen.question = "side-effect/what"
* item[=].item[=].enableWhen.operator = #exists
* item[=].item[=].enableWhen.answerBoolean = true
* item[=].item[+].linkId = "side-effect/onset"
* item[=].item[=].code = IOPObservation#side-effect-onset
* item[=].item[=].text = "Since when?"
* item[=].item[=].type = #date
* item[=].item[=].enableWhen.question = "side-effect/what"
* item[=].item[=].enableWhen.operator = #exists
* item[=].item[=].enableWhen.answerBoolean = true
