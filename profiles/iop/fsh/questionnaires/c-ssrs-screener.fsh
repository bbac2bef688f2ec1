// C-SSRS screener: the data of fhir_iop/instruments/data/c-ssrs-screener.toml, as a Questionnaire. A test compares the two.

RuleSet: CSsrsScreenerYesNo
* type = #choice
* answerOption[+].valueCoding = $LNC#LA33-6 "Yes"
* answerOption[+].valueCoding = $LNC#LA32-8 "No"

Instance: c-ssrs-screener
InstanceOf: IOPQuestionnaire
Usage: #definition
Title: "Columbia Suicide Severity Rating Scale, screener"
Description: "Columbia Suicide Severity Rating Scale, screener."
* insert PublishedInstance
* url = "https://example.org/fhir/iop/Questionnaire/c-ssrs-screener"
* name = "CSsrsScreener"
* title = "Columbia Suicide Severity Rating Scale, screener"
* description = "Columbia Suicide Severity Rating Scale, screener."
* copyright = "Copyright of the Research Foundation for Mental Hygiene. The wording is not carried here: a site with permission supplies it. This material contains content from LOINC (http://loinc.org), copyright © Regenstrief Institute, Inc. and the LOINC Committee, available at no cost under the licence at http://loinc.org/license."
* subjectType = #Patient
* code = $LNC#93373-9 "Columbia - suicide severity rating scale screener - recent [C-SSRS]"
* item[+].linkId = "/93246-7"
* item[=].code = $LNC#93246-7
* item[=] insert CSsrsScreenerYesNo
* item[+].linkId = "/93247-5"
* item[=].code = $LNC#93247-5
* item[=] insert CSsrsScreenerYesNo
* item[+].linkId = "/93248-3"
* item[=].code = $LNC#93248-3
* item[=].enableWhen.question = "/93247-5"
* item[=].enableWhen.operator = #=
* item[=].enableWhen.answerCoding = $LNC#LA33-6
* item[=] insert CSsrsScreenerYesNo
* item[+].linkId = "/93249-1"
* item[=].code = $LNC#93249-1
* item[=].enableWhen.question = "/93247-5"
* item[=].enableWhen.operator = #=
* item[=].enableWhen.answerCoding = $LNC#LA33-6
* item[=] insert CSsrsScreenerYesNo
* item[+].linkId = "/93250-9"
* item[=].code = $LNC#93250-9
* item[=].enableWhen.question = "/93247-5"
* item[=].enableWhen.operator = #=
* item[=].enableWhen.answerCoding = $LNC#LA33-6
* item[=] insert CSsrsScreenerYesNo
* item[+].linkId = "/93267-3"
* item[=].code = $LNC#93267-3
* item[=] insert CSsrsScreenerYesNo
* item[+].linkId = "/93269-9"
* item[=].code = $LNC#93269-9
* item[=].enableWhen.question = "/93267-3"
* item[=].enableWhen.operator = #=
* item[=].enableWhen.answerCoding = $LNC#LA33-6
* item[=] insert CSsrsScreenerYesNo
