// PHQ-2: the data of fhir_iop/instruments/data/phq-2.toml, as a Questionnaire. A test compares the two.

RuleSet: Phq2Frequency
* type = #choice
* answerOption[+].valueCoding = $LNC#LA6568-5 "Not at all"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 0
* answerOption[+].valueCoding = $LNC#LA6569-3 "Several days"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 1
* answerOption[+].valueCoding = $LNC#LA6570-1 "More than half the days"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 2
* answerOption[+].valueCoding = $LNC#LA6571-9 "Nearly every day"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 3

Instance: phq-2
InstanceOf: IOPQuestionnaire
Usage: #definition
Title: "Patient Health Questionnaire, first 2 items: depression"
Description: "Patient Health Questionnaire, first 2 items: depression."
* insert PublishedInstance
* url = "https://example.org/fhir/iop/Questionnaire/phq-2"
* name = "Phq2"
* title = "Patient Health Questionnaire, first 2 items: depression"
* description = "Patient Health Questionnaire, first 2 items: depression."
* copyright = "As the PHQ-9. This material contains content from LOINC (http://loinc.org), copyright © Regenstrief Institute, Inc. and the LOINC Committee, available at no cost under the licence at http://loinc.org/license."
* subjectType = #Patient
* code = $LNC#55757-9 "Patient Health Questionnaire 2 item (PHQ-2) [Reported]"
* item[+].linkId = "/44250-9"
* item[=].code = $LNC#44250-9
* item[=].text = "Little interest or pleasure in doing things?"
* item[=] insert Phq2Frequency
* item[+].linkId = "/44255-8"
* item[=].code = $LNC#44255-8
* item[=].text = "Feeling down, depressed, or hopeless?"
* item[=] insert Phq2Frequency
* item[+].linkId = "/55758-7"
* item[=].code = $LNC#55758-7 "Patient Health Questionnaire 2 item (PHQ-2) total score [Reported]"
* item[=].text = "Total"
* item[=].type = #integer
* item[=].readOnly = true
* item[=].extension[0].url = $calculatedExpression
* item[=].extension[0].valueExpression.description = "The sum of the answers, once all are given"
* item[=].extension[0].valueExpression.language = #text/fhirpath
* item[=].extension[0].valueExpression.expression = "iif(%resource.item.where((linkId in ('/44250-9'|'/44255-8')) and answer.value.exists()).count() = 2, %resource.item.where(linkId in ('/44250-9'|'/44255-8')).answer.value.ofType(Coding).select(iif(code = 'LA6571-9', 3, iif(code = 'LA6570-1', 2, iif(code = 'LA6569-3', 1, 0)))).aggregate($this + $total, 0), {})"
