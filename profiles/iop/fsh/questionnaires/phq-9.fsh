// PHQ-9: the data of fhir_iop/instruments/data/phq-9.toml, as a Questionnaire. A test compares the two.

RuleSet: Phq9Frequency
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

RuleSet: Phq9Difficulty
* type = #choice
* answerOption[+].valueCoding = $LNC#LA6572-7 "Not difficult at all"
* answerOption[+].valueCoding = $LNC#LA6573-5 "Somewhat difficult"
* answerOption[+].valueCoding = $LNC#LA6575-0 "Very difficult"
* answerOption[+].valueCoding = $LNC#LA6574-3 "Extremely difficult"

Instance: phq-9
InstanceOf: IOPQuestionnaire
Usage: #definition
Title: "Patient Health Questionnaire, 9 items: depression"
Description: "Patient Health Questionnaire, 9 items: depression."
* insert PublishedInstance
* url = "https://example.org/fhir/iop/Questionnaire/phq-9"
* name = "Phq9"
* title = "Patient Health Questionnaire, 9 items: depression"
* description = "Patient Health Questionnaire, 9 items: depression."
* copyright = "May be reproduced, translated, displayed and distributed without permission (Pfizer’s grant). This material contains content from LOINC (http://loinc.org), copyright © Regenstrief Institute, Inc. and the LOINC Committee, available at no cost under the licence at http://loinc.org/license."
* subjectType = #Patient
* code = $LNC#44249-1 "PHQ-9 quick depression assessment panel"
* item[+].linkId = "/44250-9"
* item[=].code = $LNC#44250-9
* item[=].text = "Little interest or pleasure in doing things?"
* item[=] insert Phq9Frequency
* item[+].linkId = "/44255-8"
* item[=].code = $LNC#44255-8
* item[=].text = "Feeling down, depressed, or hopeless?"
* item[=] insert Phq9Frequency
* item[+].linkId = "/44259-0"
* item[=].code = $LNC#44259-0
* item[=].text = "Trouble falling or staying asleep, or sleeping too much"
* item[=] insert Phq9Frequency
* item[+].linkId = "/44254-1"
* item[=].code = $LNC#44254-1
* item[=].text = "Feeling tired or having little energy"
* item[=] insert Phq9Frequency
* item[+].linkId = "/44251-7"
* item[=].code = $LNC#44251-7
* item[=].text = "Poor appetite or overeating"
* item[=] insert Phq9Frequency
* item[+].linkId = "/44258-2"
* item[=].code = $LNC#44258-2
* item[=].text = "Feeling bad about yourself-or that you are a failure or have let yourself or your family down"
* item[=] insert Phq9Frequency
* item[+].linkId = "/44252-5"
* item[=].code = $LNC#44252-5
* item[=].text = "Trouble concentrating on things, such as reading the newspaper or watching television"
* item[=] insert Phq9Frequency
* item[+].linkId = "/44253-3"
* item[=].code = $LNC#44253-3
* item[=].text = "Moving or speaking so slowly that other people could have noticed. Or the opposite-being so fidgety or restless that you have been moving around a lot more than usual"
* item[=] insert Phq9Frequency
* item[+].linkId = "/44260-8"
* item[=].code = $LNC#44260-8
* item[=].text = "Thoughts that you would be better off dead, or of hurting yourself in some way"
* item[=] insert Phq9Frequency
* item[+].linkId = "/69722-7"
* item[=].code = $LNC#69722-7
* item[=].text = "How difficult have these problems made it for you to do your work, take care of things at home, or get along with other people?"
* item[=] insert Phq9Difficulty
* item[+].linkId = "/44261-6"
* item[=].code = $LNC#44261-6 "Patient health questionnaire 9 item total score"
* item[=].text = "Total"
* item[=].type = #integer
* item[=].readOnly = true
* item[=].extension[0].url = $calculatedExpression
* item[=].extension[0].valueExpression.description = "The sum of the answers, once all are given"
* item[=].extension[0].valueExpression.language = #text/fhirpath
* item[=].extension[0].valueExpression.expression = "iif(%resource.item.where((linkId in ('/44250-9'|'/44255-8'|'/44259-0'|'/44254-1'|'/44251-7'|'/44258-2'|'/44252-5'|'/44253-3'|'/44260-8')) and answer.value.exists()).count() = 9, %resource.item.where(linkId in ('/44250-9'|'/44255-8'|'/44259-0'|'/44254-1'|'/44251-7'|'/44258-2'|'/44252-5'|'/44253-3'|'/44260-8')).answer.value.ofType(Coding).select(iif(code = 'LA6571-9', 3, iif(code = 'LA6570-1', 2, iif(code = 'LA6569-3', 1, 0)))).aggregate($this + $total, 0), {})"
