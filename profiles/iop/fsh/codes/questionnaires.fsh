// The questions, answers and panels of the questionnaires, each with how well it is known.

ValueSet: IOPQuestionnairePanels
Id: iop-questionnaire-panels
Title: "Questionnaires, by code"
Description: "The panels of the questionnaires."
* insert Published
* insert CopyrightLoinc
* $LNC#44249-1 "PHQ-9 quick depression assessment panel"
* $LNC#55757-9 "Patient Health Questionnaire 2 item (PHQ-2) [Reported]"
* $LNC#69737-5 "Generalized anxiety disorder 7 item (GAD-7)"
* $LNC#72109-2 "Alcohol Use Disorder Identification Test - Consumption [AUDIT-C]"
* $LNC#93373-9 "Columbia - suicide severity rating scale screener - recent [C-SSRS]"
* $LNC#96841-2 "Tobacco, Alcohol, Prescription medications, and other Substance use screen [TAPS]"
* ^extension[code-verification].valueCode = #verified
* $LNC#93373-9 ^extension[code-verification].valueCode = #secondary

ValueSet: IOPQuestions
Id: iop-questions
Title: "Questions, by code"
Description: "The questions of the questionnaires. Wording stands in the questionnaires that may carry it."
* insert Published
* insert CopyrightLoinc
* $LNC#44250-9
* $LNC#44251-7
* $LNC#44252-5
* $LNC#44253-3
* $LNC#44254-1
* $LNC#44255-8
* $LNC#44258-2
* $LNC#44259-0
* $LNC#44260-8
* $LNC#44261-6
* $LNC#55758-7
* $LNC#68509-9
* $LNC#68517-2
* $LNC#68518-0
* $LNC#68519-8
* $LNC#68520-6
* $LNC#69689-8
* $LNC#69722-7
* $LNC#69725-0
* $LNC#69733-4
* $LNC#69734-2
* $LNC#69735-9
* $LNC#69736-7
* $LNC#70274-6
* $LNC#75626-2
* $LNC#75889-6
* $LNC#88037-7
* $LNC#93246-7
* $LNC#93247-5
* $LNC#93248-3
* $LNC#93249-1
* $LNC#93250-9
* $LNC#93267-3
* $LNC#93269-9
* $LNC#96842-0
* $LNC#96843-8
* $LNC#96844-6
* ^extension[code-verification].valueCode = #verified
* $LNC#68509-9 ^extension[code-verification].valueCode = #secondary
* $LNC#68517-2 ^extension[code-verification].valueCode = #secondary
* $LNC#68518-0 ^extension[code-verification].valueCode = #secondary
* $LNC#69689-8 ^extension[code-verification].valueCode = #secondary
* $LNC#69725-0 ^extension[code-verification].valueCode = #secondary
* $LNC#69733-4 ^extension[code-verification].valueCode = #secondary
* $LNC#69734-2 ^extension[code-verification].valueCode = #secondary
* $LNC#69735-9 ^extension[code-verification].valueCode = #secondary
* $LNC#69736-7 ^extension[code-verification].valueCode = #secondary
* $LNC#93246-7 ^extension[code-verification].valueCode = #secondary
* $LNC#93247-5 ^extension[code-verification].valueCode = #secondary
* $LNC#93248-3 ^extension[code-verification].valueCode = #secondary
* $LNC#93249-1 ^extension[code-verification].valueCode = #secondary
* $LNC#93250-9 ^extension[code-verification].valueCode = #secondary
* $LNC#93267-3 ^extension[code-verification].valueCode = #secondary
* $LNC#93269-9 ^extension[code-verification].valueCode = #secondary

ValueSet: IOPAnswers
Id: iop-answers
Title: "Answers, by code"
Description: "The answers of the questionnaires, and the levels of suicide risk as far as they were verified."
* insert Published
* insert CopyrightLoinc
* $LNC#LA15694-5 "1 or 2"
* $LNC#LA15695-2 "3 or 4"
* $LNC#LA18876-5 "Monthly"
* $LNC#LA18891-4 "Weekly"
* $LNC#LA18926-8 "Monthly or less"
* $LNC#LA18927-6 "2-4 times a month"
* $LNC#LA18928-4 "2-3 times a week"
* $LNC#LA18929-2 "4 or more times a week"
* $LNC#LA18930-0 "5 or 6"
* $LNC#LA18931-8 "7 to 9"
* $LNC#LA18932-6 "10 or more"
* $LNC#LA18933-4 "Less than monthly"
* $LNC#LA18934-2 "Daily or almost daily"
* $LNC#LA32-8 "No"
* $LNC#LA33-6 "Yes"
* $LNC#LA6270-8 "Never"
* $LNC#LA6568-5 "Not at all"
* $LNC#LA6569-3 "Several days"
* $LNC#LA6570-1 "More than half the days"
* $LNC#LA6571-9 "Nearly every day"
* $LNC#LA6572-7 "Not difficult at all"
* $LNC#LA6573-5 "Somewhat difficult"
* $LNC#LA6574-3 "Extremely difficult"
* $LNC#LA6575-0 "Very difficult"
* $LNC#LA9194-7 "Low"
* ^extension[code-verification].valueCode = #verified
* $LNC#LA18926-8 ^extension[code-verification].valueCode = #secondary
* $LNC#LA18927-6 ^extension[code-verification].valueCode = #secondary
* $LNC#LA18928-4 ^extension[code-verification].valueCode = #secondary
* $LNC#LA18929-2 ^extension[code-verification].valueCode = #secondary
