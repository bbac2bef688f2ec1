"""QuestionnaireResponses against their Questionnaires (https://hl7.org/fhir/R4/questionnaireresponse.html#link).

``forms.py`` finds a Questionnaire and compiles it once; ``quick.py`` says whether a response passes, and only what
doesn't is walked through by ``check.py``, which tells every fault. Both ask the same checks of an answer
(``answers.py``: ``options.py`` and ``limits.py``), of a subject, of a calculation, and when a question is enabled.
"""
