// AUDIT-C: the data of fhir_iop/instruments/data/audit-c.toml, as a Questionnaire. A test compares the two.

RuleSet: AuditCHowOften
* type = #choice
* answerOption[+].valueCoding = $LNC#LA6270-8 "Never"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 0
* answerOption[+].valueCoding = $LNC#LA18926-8 "Monthly or less"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 1
* answerOption[+].valueCoding = $LNC#LA18927-6 "2-4 times a month"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 2
* answerOption[+].valueCoding = $LNC#LA18928-4 "2-3 times a week"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 3
* answerOption[+].valueCoding = $LNC#LA18929-2 "4 or more times a week"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 4

RuleSet: AuditCHowMany
* type = #choice
* answerOption[+].valueCoding = $LNC#LA15694-5 "1 or 2"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 0
* answerOption[+].valueCoding = $LNC#LA15695-2 "3 or 4"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 1
* answerOption[+].valueCoding = $LNC#LA18930-0 "5 or 6"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 2
* answerOption[+].valueCoding = $LNC#LA18931-8 "7 to 9"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 3
* answerOption[+].valueCoding = $LNC#LA18932-6 "10 or more"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 4

RuleSet: AuditCHowOftenMany
* type = #choice
* answerOption[+].valueCoding = $LNC#LA6270-8 "Never"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 0
* answerOption[+].valueCoding = $LNC#LA18933-4 "Less than monthly"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 1
* answerOption[+].valueCoding = $LNC#LA18876-5 "Monthly"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 2
* answerOption[+].valueCoding = $LNC#LA18891-4 "Weekly"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 3
* answerOption[+].valueCoding = $LNC#LA18934-2 "Daily or almost daily"
* answerOption[=].valueCoding.extension[0].url = $ordinalValue
* answerOption[=].valueCoding.extension[0].valueDecimal = 4

Instance: audit-c
InstanceOf: IOPQuestionnaire
Usage: #definition
Title: "Alcohol Use Disorders Identification Test, consumption"
Description: "Alcohol Use Disorders Identification Test, consumption."
* insert PublishedInstance
* url = "https://example.org/fhir/iop/Questionnaire/audit-c"
* name = "AuditC"
* title = "Alcohol Use Disorders Identification Test, consumption"
* description = "Alcohol Use Disorders Identification Test, consumption."
* copyright = "An instrument of the World Health Organization, in the public domain. This material contains content from LOINC (http://loinc.org), copyright © Regenstrief Institute, Inc. and the LOINC Committee, available at no cost under the licence at http://loinc.org/license."
* subjectType = #Patient
* code = $LNC#72109-2 "Alcohol Use Disorder Identification Test - Consumption [AUDIT-C]"
* item[+].linkId = "/68518-0"
* item[=].code = $LNC#68518-0
* item[=].text = "How often do you have a drink containing alcohol"
* item[=] insert AuditCHowOften
* item[+].linkId = "/68519-8"
* item[=].code = $LNC#68519-8
* item[=].text = "How many standard drinks containing alcohol do you have on a typical day"
* item[=] insert AuditCHowMany
* item[+].linkId = "/68520-6"
* item[=].code = $LNC#68520-6
* item[=].text = "How often do you have 6 or more drinks on 1 occasion"
* item[=] insert AuditCHowOftenMany
* item[+].linkId = "/75626-2"
* item[=].code = $LNC#75626-2 "Total score [AUDIT-C]"
* item[=].text = "Total"
* item[=].type = #integer
* item[=].readOnly = true
* item[=].extension[0].url = $calculatedExpression
* item[=].extension[0].valueExpression.description = "The sum of the answers, once all are given"
* item[=].extension[0].valueExpression.language = #text/fhirpath
* item[=].extension[0].valueExpression.expression = "iif(%resource.item.where((linkId in ('/68518-0'|'/68519-8'|'/68520-6')) and answer.value.exists()).count() = 3, %resource.item.where(linkId in ('/68518-0'|'/68519-8'|'/68520-6')).answer.value.ofType(Coding).select(iif(code = 'LA18934-2', 4, iif(code = 'LA18932-6', 4, iif(code = 'LA18929-2', 4, iif(code = 'LA18891-4', 3, iif(code = 'LA18931-8', 3, iif(code = 'LA18928-4', 3, iif(code = 'LA18876-5', 2, iif(code = 'LA18930-0', 2, iif(code = 'LA18927-6', 2, iif(code = 'LA18933-4', 1, iif(code = 'LA15695-2', 1, iif(code = 'LA18926-8', 1, 0))))))))))))).aggregate($this + $total, 0), {})"
* item[+].linkId = "/68517-2"
* item[=].code = $LNC#68517-2
* item[=].text = "Not a question of this questionnaire: data from elsewhere has it in the place of 68518-0. It is kept and never scored."
* item[=].type = #open-choice
