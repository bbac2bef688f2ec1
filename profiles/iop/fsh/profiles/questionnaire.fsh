// Questionnaires and their answers.

Profile: IOPQuestionnaire
Parent: Questionnaire
Id: iop-questionnaire
Title: "IOP questionnaire"
Description: "A questionnaire of the guide: known by canonical and version, coded, with what each answer adds to the total. SDC's own profile isn't at hand; its calculatedExpression is used by its canonical."
* insert Published
* insert CopyrightLoinc
* url 1..1 MS
* version 1..1 MS
* code 1..* MS
* copyright 1..1 MS
* copyright ^short = "The licence of the instrument, word for word where one is given"
* item 1..* MS
* item.linkId MS
* item.code MS
* item.answerOption MS

Profile: IOPQuestionnaireResponse
Parent: $us-core-questionnaireresponse
Id: iop-questionnaire-response
Title: "IOP questionnaire response"
Description: "A patient's answers to a questionnaire whose version is known."
* insert Published
* insert CanBeLabelled
* obeys iop-qr-1
* extension contains SafetyFollowup named safetyFollowup 0..* MS
* extension[safetyFollowup] ^short = "What followed an answer about self-harm"
* source MS

Profile: IOPPHQ9Response
Parent: IOPQuestionnaireResponse
Id: iop-phq9-response
Title: "IOP PHQ-9 response"
Description: "Answers to the PHQ-9: all nine, summed rightly, and nobody left alone with the ninth."
* insert Published
* insert CopyrightLoinc
* obeys iop-qr-2 and iop-qr-3 and iop-qr-4
