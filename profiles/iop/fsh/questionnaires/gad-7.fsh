// GAD-7: the data of fhir_iop/instruments/data/gad-7.toml, as a Questionnaire. A test compares the two.

RuleSet: Gad7Frequency
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

Instance: gad-7
InstanceOf: IOPQuestionnaire
Usage: #definition
Title: "Generalized Anxiety Disorder, 7 items"
Description: "Generalized Anxiety Disorder, 7 items."
* insert PublishedInstance
* url = "https://example.org/fhir/iop/Questionnaire/gad-7"
* name = "Gad7"
* title = "Generalized Anxiety Disorder, 7 items"
* description = "Generalized Anxiety Disorder, 7 items."
* copyright = "As the PHQ-9. This material contains content from LOINC (http://loinc.org), copyright © Regenstrief Institute, Inc. and the LOINC Committee, available at no cost under the licence at http://loinc.org/license."
* subjectType = #Patient
* code = $LNC#69737-5 "Generalized anxiety disorder 7 item (GAD-7)"
* item[+].linkId = "/69725-0"
* item[=].code = $LNC#69725-0
* item[=].text = "Feeling nervous, anxious or on edge"
* item[=] insert Gad7Frequency
* item[+].linkId = "/68509-9"
* item[=].code = $LNC#68509-9
* item[=].text = "Not able to stop or control worrying"
* item[=] insert Gad7Frequency
* item[+].linkId = "/69733-4"
* item[=].code = $LNC#69733-4
* item[=].text = "Worrying too much"
* item[=] insert Gad7Frequency
* item[+].linkId = "/69734-2"
* item[=].code = $LNC#69734-2
* item[=].text = "Trouble relaxing"
* item[=] insert Gad7Frequency
* item[+].linkId = "/69735-9"
* item[=].code = $LNC#69735-9
* item[=].text = "Restless"
* item[=] insert Gad7Frequency
* item[+].linkId = "/69689-8"
* item[=].code = $LNC#69689-8
* item[=].text = "Easily annoyed or irritable"
* item[=] insert Gad7Frequency
* item[+].linkId = "/69736-7"
* item[=].code = $LNC#69736-7
* item[=].text = "Afraid something awful might happen"
* item[=] insert Gad7Frequency
* item[+].linkId = "/70274-6"
* item[=].code = $LNC#70274-6 "Generalized anxiety disorder 7 item (GAD-7) total score [Reported]"
* item[=].text = "Total"
* item[=].type = #integer
* item[=].readOnly = true
* item[=].extension[0].url = $calculatedExpression
* item[=].extension[0].valueExpression.description = "The sum of the answers, once all are given"
* item[=].extension[0].valueExpression.language = #text/fhirpath
* item[=].extension[0].valueExpression.expression = "iif(%resource.item.where((linkId in ('/69725-0'|'/68509-9'|'/69733-4'|'/69734-2'|'/69735-9'|'/69689-8'|'/69736-7')) and answer.value.exists()).count() = 7, %resource.item.where(linkId in ('/69725-0'|'/68509-9'|'/69733-4'|'/69734-2'|'/69735-9'|'/69689-8'|'/69736-7')).answer.value.ofType(Coding).select(iif(code = 'LA6571-9', 3, iif(code = 'LA6570-1', 2, iif(code = 'LA6569-3', 1, 0)))).aggregate($this + $total, 0), {})"
