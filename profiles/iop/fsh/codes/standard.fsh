// The standard codes that the guide names, by purpose. A value set says of all of them how well they are known; of one, beside it.

ValueSet: IOPTherapies
Id: iop-therapies
Title: "Therapies and counselling"
Description: "Therapies, counselling and referrals of a virtual IOP; contingency management has no standard code."
* insert Published
* insert CopyrightSnomed
* $SCT#228557008 "Cognitive and behavioral therapy"
* $SCT#405780009 "Dialectical behavior therapy (regime/therapy)"
* $SCT#76168009 "Group psychotherapy (regime/therapy)"
* $SCT#28868002 "Interactive group medical psychotherapy (regime/therapy)"
* $SCT#18512000 "Individual psychotherapy (regime/therapy)"
* $SCT#108313002 "Family psychotherapy procedure (regime/therapy)"
* $SCT#720177001 "Drug relapse prevention program"
* $SCT#720176005 "Alcohol relapse prevention program (regime/therapy)"
* $SCT#405782001 "Relapse prevention (procedure)"
* $SCT#710736005 "Education about relapse prevention (procedure)"
* $SCT#266707007 "Drug addiction therapy (regime/therapy)"
* $SCT#310653000 "Drug addiction therapy using methadone (regime/therapy)"
* $SCT#60112009 "Drug addiction counseling"
* $SCT#313071005 "Substance abuse counseling"
* $SCT#24165007 "Alcoholism counseling (procedure)"
* $SCT#711281004 "Referral to support group (procedure)"
* $SCT#461481000124109 "Referral to peer support (procedure)"
* $SCT#713144002 "Motivational interviewing technique (procedure)"
* ^extension[code-verification].valueCode = #verified
* include codes from system IOPTherapy

ValueSet: IOPVisitTypes
Id: iop-visit-types
Title: "Kinds of visits"
Description: "Visits by video and by telephone, first and following."
* insert Published
* insert CopyrightSnomed
* $SCT#79094001 "Initial psychiatric interview with mental status and evaluation (procedure)"
* $SCT#88848003 "Psychiatric follow-up (procedure)"
* $SCT#448337001 "Telemedicine consultation with patient (procedure)"
* $SCT#453131000124105 "Videotelephony encounter (procedure)"
* $SCT#185317003 "Telephone encounter (procedure)"
* $SCT#76740001 "Psychiatric telephone consultation or therapy with patient (procedure)"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPReferrals
Id: iop-referrals
Title: "Referrals and discharge"
Description: "What happens at the end of treatment."
* insert Published
* insert CopyrightSnomed
* $SCT#58000006 "Patient discharge (procedure)"
* $SCT#183524004 "Referral to psychiatry service (procedure)"
* $SCT#1254709001 "Referral to substance use disorder treatment program (procedure)"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPMedicationProcedures
Id: iop-medication-procedures
Title: "Medication management"
Description: "What is done about medicines."
* insert Published
* insert CopyrightSnomed
* $SCT#430193006 "Medication reconciliation (procedure)"
* $SCT#395170001 "Medication monitoring (regime/therapy)"
* $SCT#713116003 "Monitoring adherence to medication regime (regime/therapy)"
* $SCT#410397006 "Medication action/side effects surveillance (regime/therapy)"
* $SCT#182838006 "Change of medication (procedure)"
* $SCT#396080005 "Medication side effects education (procedure)"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPAdherenceFindings
Id: iop-adherence-findings
Title: "Findings of adherence"
Description: "How SNOMED CT says that medicines are not taken."
* insert Published
* insert CopyrightSnomed
* $SCT#275928001 "Drugs - partial non-compliance (finding)"
* $SCT#275927006 "Drugs - total non-compliance (finding)"
* $SCT#129834002 "Noncompliance with medication regimen (finding)"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPSideEffectFindings
Id: iop-side-effect-findings
Title: "Findings of side effects"
Description: "How SNOMED CT says that a medicine does harm."
* insert Published
* insert CopyrightSnomed
* $SCT#401207004 "Medication side effects present (finding)"
* $SCT#62014003 "Adverse reaction caused by drug (disorder)"
* $SCT#182897004 "Drug declined by patient - side effects (situation)"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPSeverity
Id: iop-severity
Title: "Severity"
Description: "How bad something is."
* insert Published
* insert CopyrightSnomed
* $SCT#255604002 "Mild"
* $SCT#6736007 "Moderate (severity modifier) (qualifier value)"
* $SCT#24484000 "Severe"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPCravingFindings
Id: iop-craving-findings
Title: "Findings of craving"
Description: "How SNOMED CT says craving and withdrawal."
* insert Published
* insert CopyrightSnomed
* $SCT#417298001 "Abnormal craving for drugs"
* $SCT#417697003 "Irresistible craving for drugs"
* $SCT#417531009 "Excessive craving for drugs"
* $SCT#228365005 "Craving for alcohol (finding)"
* $SCT#191480000 "Alcohol withdrawal syndrome (disorder)"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPDiagnoses
Id: iop-diagnoses
Title: "Diagnoses"
Description: "Diagnoses that a virtual IOP treats, as far as they were verified."
* insert Published
* insert CopyrightSnomed
* $SCT#1336192000 "Opioid use disorder (disorder)"
* $SCT#5602001 "Opioid abuse"
* $SCT#75544000 "Opioid dependence"
* $SCT#1081000119105 "Opioid dependence, on agonist therapy"
* $SCT#66590003 "Alcohol dependence"
* $SCT#7200002 "Alcoholism"
* $SCT#441527004 "Stimulant abuse"
* $SCT#442406005 "Stimulant dependence"
* $SCT#370143000 "Major depressive disorder (disorder)"
* $SCT#21897009 "Generalized anxiety disorder (disorder)"
* $SCT#13746004 "Bipolar disorder (disorder)"
* $SCT#47505003 "Posttraumatic stress disorder (disorder)"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPSuicidePrevention
Id: iop-suicide-prevention
Title: "Suicide prevention"
Description: "What is done about a risk of suicide."
* insert Published
* insert CopyrightSnomed
* $SCT#225337009 "Suicide risk assessment (procedure)"
* $SCT#415665002 "Suicide prevention (procedure)"
* $SCT#401277000 "Completion of mental health crisis plan (procedure)"
* $SCT#5694008 "Crisis intervention with follow-up (regime/therapy)"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPCarePlanKinds
Id: iop-care-plan-kinds
Title: "Kinds of care plans"
Description: "How SNOMED CT calls plans."
* insert Published
* insert CopyrightSnomed
* $SCT#718347000 "Mental health care plan (record artifact)"
* $SCT#736254008 "Psychiatry care plan (record artifact)"
* $SCT#736372004 "Discharge care plan (record artifact)"
* $SCT#734163000 "Care plan (record artifact)"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPPdmpReview
Id: iop-pdmp-review
Title: "Review of a prescription drug monitoring program"
Description: "That a state's prescription drug monitoring program was asked."
* insert Published
* insert CopyrightSnomed
* $SCT#461621000124108 "Review of prescription drug monitoring program record (procedure)"
* $SCT#461651000124104 "Review of prescription drug monitoring program record done (situation)"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPDocuments
Id: iop-documents
Title: "Documents"
Description: "Documents that go with a treatment."
* insert Published
* insert CopyrightLoinc
* $LNC#87626-8 "Suicide prevention note"
* $LNC#75443-2 "Mental health Outpatient Note"
* $LNC#84215-3 "Mental health Telehealth Note"
* $LNC#87254-9 "Addiction medicine Consult note"
* $LNC#18776-5 "Plan of care note"
* $LNC#18842-5 "Discharge Summary"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPVitalSigns
Id: iop-vital-signs
Title: "Vital signs"
Description: "Vital signs that are taken at home."
* insert Published
* insert CopyrightLoinc
* $LNC#85354-9 "Blood pressure panel with all children optional"
* $LNC#8480-6 "Systolic Blood Pressure"
* $LNC#8462-4 "Diastolic Blood Pressure"
* $LNC#8867-4 "Heart rate"
* $LNC#9279-1 "Resp rate"
* $LNC#59408-5 "Oxygen saturation in Arterial blood by Pulse oximetry"
* $LNC#29463-7 "Body Weight"
* $LNC#8302-2 "Body height"
* $LNC#39156-5 "BMI"
* $LNC#8310-5 "Body temperature"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPAdherenceSurvey
Id: iop-adherence-survey
Title: "Question about adherence"
Description: "The observation that says how medicines are taken."
* insert Published
* insert CopyrightLoinc
* $LNC#71799-1 "Adherence to prescribed medication instructions [Reported]"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPDrugScreenPanels
Id: iop-drug-screen-panels
Title: "Drug screen panels"
Description: "Panels of drug screens."
* insert Published
* insert CopyrightLoinc
* $LNC#65750-2 "Drugs of abuse 5 panel:-:Pt:Urine:-:Screen"
* $LNC#69739-1 "Drugs of abuse panel:-:Pt:Urine:-:Screen"
* $LNC#87428-9 "Drugs of abuse screen W Reflex confirm panel:-:Pt:Urine:-:"
* $LNC#51782-1 "Drugs of abuse 7 & Alcohol & Tricyclics panel:-:Pt:Urine:-:Screen"
* $LNC#24349-3 "Drugs of abuse 5 panel:-:Pt:Urine:-:"
* $LNC#55419-6 "Home drug screening panel - Urine"
* $LNC#90890-5 "Benzodiazepines panel - Urine by Confirmatory method"
* $LNC#67822-7 "Fentanyl & Norfentanyl panel:-:Pt:Urine:-:"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPPresumptiveTests
Id: iop-presumptive-tests
Title: "Presumptive tests"
Description: "Screening tests: a reaction is presumptive until confirmed."
* insert Published
* insert CopyrightLoinc
* $LNC#19261-7 "Amphetamines:PrThr:Pt:Urine:Ord:Screen"
* $LNC#19554-5 "Methamphetamine:PrThr:Pt:Urine:Ord:Screen"
* $LNC#19270-8 "Barbiturates [Presence] in Urine by Screen method"
* $LNC#14316-4 "Benzodiazepines [Presence] in Urine by Screen method"
* $LNC#93494-3 "Buprenorphine:PrThr:Pt:Urine:Ord:Screen"
* $LNC#82371-6 "Norbuprenorphine:PrThr:Pt:Urine:Ord:Screen"
* $LNC#18282-4 "Cannabinoids:PrThr:Pt:Urine:Ord:Screen"
* $LNC#19381-3 "Carboxy tetrahydrocannabinol:PrThr:Pt:Urine:Ord:Screen"
* $LNC#14314-9 "Benzoylecgonine:PrThr:Pt:Urine:Ord:Screen"
* $LNC#59673-4 "fentaNYL:PrThr:Pt:Urine:Ord:Screen"
* $LNC#95797-7 "Norfentanyl [Presence] in Urine by Screen method"
* $LNC#19550-3 "Methadone:PrThr:Pt:Urine:Ord:Screen"
* $LNC#93495-0 "2-Ethylidene-1,5-Dimethyl-3,3-Diphenylpyrrolidine:PrThr:Pt:Urine:Ord:Screen"
* $LNC#19295-5 "Opiates:PrThr:Pt:Urine:Ord:Screen"
* $LNC#19597-4 "Morphine:PrThr:Pt:Urine:Ord:Screen"
* $LNC#19321-9 "6-Monoacetylmorphine:PrThr:Pt:Urine:Ord:Screen"
* $LNC#19659-2 "Phencyclidine:PrThr:Pt:Urine:Ord:Screen"
* $LNC#42242-8 "Ethanol [Presence] in Urine by Screen method"
* $LNC#58375-7 "Ethyl glucuronide [Presence] in Urine by Screen method"
* $LNC#19710-3 "traMADol [Presence] in Urine by Screen method"
* $LNC#19642-8 "oxyCODONE:PrThr:Pt:Urine:Ord:Screen"
* $LNC#96058-3 "Mitragynine [Presence] in Urine by Screen method"
* $LNC#19609-7 "Naltrexone:PrThr:Pt:Urine:Ord:Screen"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPDefinitiveTests
Id: iop-definitive-tests
Title: "Definitive tests"
Description: "Confirming tests."
* insert Published
* insert CopyrightLoinc
* $LNC#16369-1 "Amphetamines:PrThr:Pt:Urine:Ord:Confirm"
* $LNC#19555-2 "Methamphetamine:PrThr:Pt:Urine:Ord:Confirm"
* $LNC#16429-3 "Barbiturates [Presence] in Urine by Confirmatory method"
* $LNC#16195-0 "Benzodiazepines [Presence] in Urine by Confirmatory method"
* $LNC#16208-1 "Buprenorphine:PrThr:Pt:Urine:Ord:Confirm"
* $LNC#58362-5 "Norbuprenorphine:PrThr:Pt:Urine:Ord:Confirm"
* $LNC#19289-8 "Cannabinoids:PrThr:Pt:Urine:Ord:Confirm"
* $LNC#19382-1 "Carboxy tetrahydrocannabinol:PrThr:Pt:Urine:Ord:Confirm"
* $LNC#14315-6 "Benzoylecgonine:PrThr:Pt:Urine:Ord:Confirm"
* $LNC#40839-3 "fentaNYL:PrThr:Pt:Urine:Ord:Confirm"
* $LNC#43200-5 "Norfentanyl:PrThr:Pt:Urine:Ord:Confirm"
* $LNC#16199-2 "Methadone:PrThr:Pt:Urine:Ord:Confirm"
* $LNC#58428-4 "2-Ethylidene-1,5-Dimethyl-3,3-Diphenylpyrrolidine:PrThr:Pt:Urine:Ord:Confirm"
* $LNC#18390-5 "Opiates:PrThr:Pt:Urine:Ord:Confirm"
* $LNC#16196-8 "Morphine:PrThr:Pt:Urine:Ord:Confirm"
* $LNC#19322-7 "6-Monoacetylmorphine:PrThr:Pt:Urine:Ord:Confirm"
* $LNC#18392-1 "Phencyclidine:PrThr:Pt:Urine:Ord:Confirm"
* $LNC#34180-0 "Ethanol [Presence] in Urine by Confirmatory method"
* $LNC#58377-3 "Ethyl glucuronide [Presence] in Urine by Confirmatory method"
* $LNC#17718-8 "traMADol [Presence] in Urine by Confirmatory method"
* $LNC#19643-6 "oxyCODONE:PrThr:Pt:Urine:Ord:Confirm"
* $LNC#73995-3 "Mitragynine:PrThr:Pt:Urine:Ord:Confirm"
* $LNC#18334-3 "Naltrexone:PrThr:Pt:Urine:Ord:Confirm"
* $LNC#101809-2 "Xylazine [Presence] in Urine by Confirmatory method"
* $LNC#20410-7 "Amphetamines:MCnc:Pt:Urine:Qn:Confirm"
* $LNC#16235-4 "Methamphetamine:MCnc:Pt:Urine:Qn:Confirm"
* $LNC#20411-5 "Barbiturates [Mass/volume] in Urine by Confirmatory method"
* $LNC#20412-3 "Benzodiazepines [Mass/volume] in Urine by Confirmatory method"
* $LNC#49752-9 "Buprenorphine:MCnc:Pt:Urine:Qn:Confirm"
* $LNC#49751-1 "Norbuprenorphine:MCnc:Pt:Urine:Qn:Confirm"
* $LNC#20413-1 "Cannabinoids:MCnc:Pt:Urine:Qn:Confirm"
* $LNC#20521-1 "Carboxy tetrahydrocannabinol:MCnc:Pt:Urine:Qn:Confirm"
* $LNC#16226-3 "Benzoylecgonine:MCnc:Pt:Urine:Qn:Confirm"
* $LNC#58381-5 "fentaNYL:MCnc:Pt:Urine:Qn:Confirm"
* $LNC#58383-1 "Norfentanyl:MCnc:Pt:Urine:Qn:Confirm"
* $LNC#16246-1 "Methadone:MCnc:Pt:Urine:Qn:Confirm"
* $LNC#58429-2 "2-Ethylidene-1,5-Dimethyl-3,3-Diphenylpyrrolidine:MCnc:Pt:Urine:Qn:Confirm"
* $LNC#17384-9 "Opiates:MCnc:Pt:Urine:Qn:Confirm"
* $LNC#16251-1 "Morphine:MCnc:Pt:Urine:Qn:Confirm"
* $LNC#19593-3 "6-Monoacetylmorphine:MCnc:Pt:Urine:Qn:Confirm"
* $LNC#16254-5 "Phencyclidine:MCnc:Pt:Urine:Qn:Confirm"
* $LNC#46983-3 "Ethanol [Mass/volume] in Urine by Confirmatory method"
* $LNC#58378-1 "Ethyl glucuronide [Mass/volume] in Urine by Confirmatory method"
* $LNC#20561-7 "traMADol [Mass/volume] in Urine by Confirmatory method"
* $LNC#16249-5 "oxyCODONE:MCnc:Pt:Urine:Qn:Confirm"
* $LNC#72732-1 "Mitragynine:MCnc:Pt:Urine:Qn:Confirm"
* $LNC#19610-5 "Naltrexone:MCnc:Pt:Urine:Qn:Confirm"
* $LNC#101808-4 "Xylazine [Mass/volume] in Urine by Confirmatory method"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPDrugScreenResults
Id: iop-drug-screen-results
Title: "Results of drug tests"
Description: "What a drug test says."
* insert Published
* insert CopyrightSnomed
* $SCT#720735008 "Presumptive positive (qualifier value)"
* $SCT#10828004 "Positive (qualifier value)"
* $SCT#260385009 "Negative (qualifier value)"
* $SCT#260373001 "Detected (qualifier value)"
* $SCT#260415000 "Not detected (qualifier value)"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPSpecimens
Id: iop-specimens
Title: "Specimens"
Description: "What a drug is looked for in; oral fluid has no verified code."
* insert Published
* insert CopyrightSnomed
* $SCT#122575003 "Urine specimen (specimen)"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPDrugScreenProcedures
Id: iop-drug-screen-procedures
Title: "Drug screening"
Description: "That a drug screen was asked for."
* insert Published
* insert CopyrightSnomed
* $SCT#310627008 "Urine drug screening (procedure)"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPSeverityAttribute
Id: iop-severity-attribute
Title: "Severity, as a question"
Description: "The component that says how bad a side effect is."
* insert Published
* insert CopyrightSnomed
* $SCT#246112005 "Severity (attribute)"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPScreeningTotals
Id: iop-screening-totals
Title: "Totals of questionnaires"
Description: "Total scores. Scales without a verified code have a local one."
* insert Published
* insert CopyrightLoinc
* $LNC#44261-6 "Patient health questionnaire 9 item total score"
* $LNC#55758-7 "Patient Health Questionnaire 2 item (PHQ-2) total score [Reported]"
* $LNC#70274-6 "Generalized anxiety disorder 7 item (GAD-7) total score [Reported]"
* $LNC#75626-2 "Total score [AUDIT-C]"
* $LNC#82667-7 "Total score [DAST-10]"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPSuicideRiskCode
Id: iop-suicide-risk-code
Title: "Suicide risk level"
Description: "The observation that says how high a risk of suicide is."
* insert Published
* insert CopyrightLoinc
* $LNC#93374-7 "Suicide risk level"
* ^extension[code-verification].valueCode = #verified
* $LNC#93374-7 ^extension[code-verification].valueCode = #secondary

ValueSet: IOPSuicideRiskLevels
Id: iop-suicide-risk-levels
Title: "Levels of suicide risk"
Description: "How high a risk of suicide is: the answers that LOINC lists for its code 93374-7."
* insert Published
* insert CopyrightLoinc
* $LNC#LA9194-7 "Low"
* $LNC#LA6751-7 "Moderate"
* $LNC#LA9193-9 "High"
* ^extension[code-verification].valueCode = #verified
* $LNC#LA6751-7 ^extension[code-verification].valueCode = #secondary
* $LNC#LA9193-9 ^extension[code-verification].valueCode = #secondary

ValueSet: IOPSubstanceUseMedications
Id: iop-substance-use-medications
Title: "Medicines for substance use disorder"
Description: "Medicines whose record is labelled under 42 CFR Part 2 whatever the program: a safety net, not the rule."
* insert Published
* insert CopyrightSnomedRxNorm
* $RXNORM#351264 "Buprenorphine 2 MG Sublingual Tablet"
* $RXNORM#351265 "Buprenorphine 8 MG Sublingual Tablet"
* $RXNORM#351266 "Buprenorphine 2 MG / Naloxone 0.5 MG Sublingual Tablet"
* $RXNORM#351267 "Buprenorphine 8 MG / Naloxone 2 MG Sublingual Tablet"
* $RXNORM#1010600 "Buprenorphine 2 MG / Naloxone 0.5 MG Sublingual Film"
* $RXNORM#1010604 "Buprenorphine 8 MG / Naloxone 2 MG Sublingual Film"
* $RXNORM#1307056 "Buprenorphine 4 MG / Naloxone 1 MG Sublingual Film"
* $RXNORM#1307061 "Buprenorphine 12 MG / Naloxone 3 MG Sublingual Film"
* $RXNORM#1996184 "0.5 ML Buprenorphine 200 MG/ML Prefilled Syringe"
* $RXNORM#1996192 "1.5 ML Buprenorphine 200 MG/ML Prefilled Syringe"
* $RXNORM#637213 "naltrexone 380 MG Injection"
* $RXNORM#1483744 "Naltrexone hydrochloride 50 MG Oral Tablet"
* $RXNORM#835726 "acamprosate calcium 333 MG Delayed Release Oral Tablet"
* $RXNORM#197623 "disulfiram 250 MG Oral Tablet"
* $RXNORM#197624 "disulfiram 500 MG Oral Tablet"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPMethadone
Id: iop-methadone
Title: "Methadone"
Description: "Products of methadone, as constraint iop-cs-4 names them."
* insert Published
* insert CopyrightSnomedRxNorm
* $RXNORM#864706 "Methadone Hydrochloride 10 MG Oral Tablet"
* $RXNORM#864718 "Methadone Hydrochloride 5 MG Oral Tablet"
* $RXNORM#864761 "Methadone Hydrochloride 1 MG/ML Oral Solution"
* $RXNORM#864769
* $RXNORM#864978 "Methadone Hydrochloride 40 MG Tablet for Oral Suspension"
* $RXNORM#864984
* $RXNORM#991147 "Methadone Hydrochloride 10 MG/ML Oral Solution"
* ^extension[code-verification].valueCode = #verified
* $RXNORM#864769 ^extension[code-verification].valueCode = #secondary
* $RXNORM#864984 ^extension[code-verification].valueCode = #secondary

ValueSet: IOPOpioidUseDisorder
Id: iop-opioid-use-disorder
Title: "Opioid use disorder"
Description: "Diagnoses for which methadone is never a pharmacy's."
* insert Published
* insert CopyrightSnomed
* $SCT#5602001 "Opioid abuse"
* $SCT#75544000 "Opioid dependence"
* $SCT#1336192000 "Opioid use disorder (disorder)"
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPControlledSchedules
Id: iop-controlled-schedules
Title: "Schedules of what may be prescribed"
Description: "The DEA schedules that may be prescribed: Schedule I may not."
* insert Published
* insert CopyrightHL7
* $Schedules#II
* $Schedules#III
* $Schedules#IV
* $Schedules#V
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPMedicationIntents
Id: iop-medication-intents
Title: "Intents of medication requests"
Description: "An order, or a plan: a medicine that the patient brought along."
* insert Published
* insert CopyrightHL7
* $MedicationIntent#order
* $MedicationIntent#plan
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPReportedStatus
Id: iop-reported-status
Title: "Statuses of reported medicines"
Description: "Whether a medicine that the patient brought along is still taken."
* insert Published
* insert CopyrightHL7
* $MedicationStatus#active
* $MedicationStatus#on-hold
* $MedicationStatus#completed
* $MedicationStatus#stopped
* $MedicationStatus#entered-in-error
* $MedicationStatus#unknown
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPMedicationStatusReasons
Id: iop-medication-status-reasons
Title: "Why an order is stopped, cancelled or held"
Description: "HL7's reasons, and our own where these say too little."
* insert Published
* insert CopyrightHL7
* include codes from system $MedicationStatusReason
* include codes from system IOPMedicationReason
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPTaskStatus
Id: iop-task-status
Title: "Statuses of a prescription's task"
Description: "Where a prescription is between the program and the pharmacy."
* insert Published
* insert CopyrightHL7
* $TaskStatus#requested
* $TaskStatus#received
* $TaskStatus#accepted
* $TaskStatus#rejected
* $TaskStatus#in-progress
* $TaskStatus#completed
* $TaskStatus#cancelled
* $TaskStatus#failed
* $TaskStatus#entered-in-error
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPEndedStatus
Id: iop-ended-status
Title: "Statuses of a plan that ended"
Description: "How a plan ended; or that its end was told by mistake."
* insert Published
* insert CopyrightHL7
* $RequestStatus#completed
* $RequestStatus#revoked
* $RequestStatus#entered-in-error
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPRewardStatus
Id: iop-reward-status
Title: "Statuses of a reward"
Description: "A reward that was given, or that was recorded by mistake."
* insert Published
* insert CopyrightHL7
* $EventStatus#completed
* $EventStatus#entered-in-error
* ^extension[code-verification].valueCode = #verified

ValueSet: IOPWithdrawalScales
Id: iop-withdrawal-scales
Title: "Withdrawal scales"
Description: "Totals of withdrawal scales. No standard code was verified: 72514-3, which some take for COWS, is the severity of pain."
* insert Published
* IOPObservation#cows-total "COWS total"
* IOPObservation#ciwa-ar-total "CIWA-Ar total"
* ^extension[code-verification].valueCode = #local

ValueSet: IOPScores
Id: iop-scores
Title: "Scores"
Description: "Totals that are recorded: by their standard code, or by a local one where none was verified."
* insert Published
* insert CopyrightLoinc
* include codes from valueset IOPScreeningTotals
* IOPObservation#bam-use "BAM use"
* IOPObservation#bam-risk "BAM risk"
* IOPObservation#bam-protective "BAM protective"
* IOPObservation#aims-total "AIMS total"
* ^extension[code-verification].valueCode = #local
