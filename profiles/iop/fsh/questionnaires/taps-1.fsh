// TAPS-1: the data of fhir_iop/instruments/data/taps-1.toml, as a Questionnaire. A test compares the two.

RuleSet: Taps1HowOften
* type = #choice
* answerOption[+].valueCoding = $LNC#LA18934-2 "Daily or almost daily"
* answerOption[+].valueCoding = $LNC#LA18891-4 "Weekly"
* answerOption[+].valueCoding = $LNC#LA18876-5 "Monthly"
* answerOption[+].valueCoding = $LNC#LA18933-4 "Less than monthly"
* answerOption[+].valueCoding = $LNC#LA6270-8 "Never"

Instance: taps-1
InstanceOf: IOPQuestionnaire
Usage: #definition
Title: "Tobacco, Alcohol, Prescription medication and other Substance use, part 1"
Description: "Tobacco, Alcohol, Prescription medication and other Substance use, part 1."
* insert PublishedInstance
* url = "https://example.org/fhir/iop/Questionnaire/taps-1"
* name = "Taps1"
* title = "Tobacco, Alcohol, Prescription medication and other Substance use, part 1"
* description = "Tobacco, Alcohol, Prescription medication and other Substance use, part 1."
* copyright = "Funded by NIDA; in the public domain in the United States. This material contains content from LOINC (http://loinc.org), copyright © Regenstrief Institute, Inc. and the LOINC Committee, available at no cost under the licence at http://loinc.org/license."
* subjectType = #Patient
* code = $LNC#96841-2 "Tobacco, Alcohol, Prescription medications, and other Substance use screen [TAPS]"
* item[+].linkId = "/96842-0"
* item[=].code = $LNC#96842-0
* item[=].text = "How often have you used any tobacco product in past 12 months"
* item[=] insert Taps1HowOften
* item[+].linkId = "/88037-7"
* item[=].code = $LNC#88037-7
* item[=].text = "How often have you had five or more drinks in one day during the past year [Reported]"
* item[=] insert Taps1HowOften
* item[+].linkId = "/75889-6"
* item[=].code = $LNC#75889-6
* item[=].text = "How often have you had four or more drinks in one day during the past year [Reported]"
* item[=] insert Taps1HowOften
* item[+].linkId = "/96843-8"
* item[=].code = $LNC#96843-8
* item[=].text = "How often have you used illegal or recreational drugs in past 12 months"
* item[=] insert Taps1HowOften
* item[+].linkId = "/96844-6"
* item[=].code = $LNC#96844-6
* item[=].text = "How often have you used any prescription medications just for the feeling, more than prescribed or that were not prescribed for you in past 12 months [TAPS]"
* item[=] insert Taps1HowOften
