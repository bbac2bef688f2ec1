// What no standard code at hand says about what is observed: code systems of our own, each with a value set of all its codes.

CodeSystem: IOPObservation
Id: iop-observation
Title: "What a virtual IOP observes"
Description: "What a virtual IOP observes and no standard code at hand says."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-observation"
* #craving-nrs "Craving, numeric rating 0-10" "The strongest craving since the last check-in, from 0 (none) to 10 (strongest), as the patient rates it."
* #craving-substance "Substance craved" "The kind of substance that a rating of craving is about."
* #mood-nrs "Low mood, numeric rating 0-10" "Low mood from 0 (none) to 10 (worst), as the patient rates it."
* #anxiety-nrs "Anxiety, numeric rating 0-10" "Anxiety from 0 (none) to 10 (worst), as the patient rates it."
* #sleep-hours "Hours slept" "Hours slept in the last night, as the patient says."
* #side-effect "Side effect reported" "An unwanted effect that the patient puts down to a medicine; the medicine is the focus."
* #side-effect-onset "Onset of a side effect" "Since when the patient has felt it."
* #side-effect-action "Action taken for a side effect" "What was done about a side effect."
* #missed-doses "Doses missed" "How many doses were missed since the last check-in."
* #missed-doses-reason "Reason for missed doses" "Why doses were missed, in the patient’s words."
* #level-of-care "Level of care needed" "The level of care that an assessment finds the patient to need."
* #asam-dimension-1 "Dimension 1" "The risk that is rated in dimension 1 of the assessment, from 0 (none) to 4 (most severe)."
* #asam-dimension-2 "Dimension 2" "The risk that is rated in dimension 2 of the assessment, from 0 (none) to 4 (most severe)."
* #asam-dimension-3 "Dimension 3" "The risk that is rated in dimension 3 of the assessment, from 0 (none) to 4 (most severe)."
* #asam-dimension-4 "Dimension 4" "The risk that is rated in dimension 4 of the assessment, from 0 (none) to 4 (most severe)."
* #asam-dimension-5 "Dimension 5" "The risk that is rated in dimension 5 of the assessment, from 0 (none) to 4 (most severe)."
* #asam-dimension-6 "Dimension 6" "The risk that is rated in dimension 6 of the assessment, from 0 (none) to 4 (most severe)."
* #cows-total "COWS total" "The total of the Clinical Opiate Withdrawal Scale, from 0 to 48."
* #ciwa-ar-total "CIWA-Ar total" "The total of the Clinical Institute Withdrawal Assessment for Alcohol, revised, from 0 to 67."
* #bam-use "BAM use" "The use score of the Brief Addiction Monitor: the sum of its items 4, 5 and 6."
* #bam-risk "BAM risk" "The risk score of the Brief Addiction Monitor: the sum of its items 1, 2, 3, 8, 11 and 15."
* #bam-protective "BAM protective" "The protective score of the Brief Addiction Monitor: the sum of its items 9, 10, 12, 13, 14 and 16."
* #aims-total "AIMS total" "The total of the Abnormal Involuntary Movement Scale."

ValueSet: IOPObservationValues
Id: iop-observation
Title: "What a virtual IOP observes"
Description: "What a virtual IOP observes and no standard code at hand says."
* insert Published
* include codes from system IOPObservation

CodeSystem: IOPScoreBand
Id: iop-score-band
Title: "What a total means"
Description: "What a questionnaire’s total means."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-score-band"
* #minimal "Minimal" "Minimal symptoms."
* #mild "Mild" "Mild symptoms."
* #moderate "Moderate" "Moderate symptoms."
* #moderately-severe "Moderately severe" "Moderately severe symptoms."
* #severe "Severe" "Severe symptoms."
* #negative "Negative screen" "Below the cut-off."
* #positive "Positive screen" "At the cut-off or above."
* #under-10 "Under 10" "A CIWA-Ar total below its lower cut-off. What is mild and what is not, sources say differently: the cut-off is told, and no word."
* #10-to-15 "10 to 15" "A CIWA-Ar total from its lower to its upper cut-off."
* #over-15 "Over 15" "A CIWA-Ar total above its upper cut-off."

ValueSet: IOPScoreBandValues
Id: iop-score-band
Title: "What a total means"
Description: "What a questionnaire’s total means."
* insert Published
* include codes from system IOPScoreBand

CodeSystem: IOPSubstance
Id: iop-substance
Title: "Kinds of substances"
Description: "Kinds of substances."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-substance"
* #opioids "Opioids" "Opioids, of whatever kind."
* #alcohol "Alcohol" "Alcohol, of whatever kind."
* #stimulants "Stimulants" "Stimulants, of whatever kind."
* #cannabis "Cannabis" "Cannabis, of whatever kind."
* #nicotine "Nicotine" "Nicotine, of whatever kind."
* #sedatives "Sedatives" "Sedatives, of whatever kind."
* #other "Other substance" "Other substance, of whatever kind."

ValueSet: IOPSubstanceValues
Id: iop-substance
Title: "Kinds of substances"
Description: "Kinds of substances."
* insert Published
* include codes from system IOPSubstance

CodeSystem: IOPSideEffectAction
Id: iop-side-effect-action
Title: "What is done about a side effect"
Description: "What was done about a side effect."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-side-effect-action"
* #none "Nothing" "Nothing was done."
* #dose-reduced "Dose reduced" "The dose was reduced."
* #paused "Paused" "The medicine was paused."
* #stopped "Stopped" "The medicine was stopped."
* #treated "Treated" "The side effect was treated."
* #prescriber-told "Prescriber told" "The prescriber was told and decides."

ValueSet: IOPSideEffectActionValues
Id: iop-side-effect-action
Title: "What is done about a side effect"
Description: "What was done about a side effect."
* insert Published
* include codes from system IOPSideEffectAction

CodeSystem: IOPMeasurementMethod
Id: iop-measurement-method
Title: "How a vital sign is measured where the patient is"
Description: "How a vital sign was measured where the patient is."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-measurement-method"
* #automatic-cuff "Automatic cuff" "An automatic blood pressure cuff."
* #manual-cuff "Manual cuff" "A blood pressure cuff and a stethoscope."
* #wearable "Wearable" "A watch, ring or band."
* #pulse-oximeter "Pulse oximeter" "A clip on the finger."
* #scale "Scale" "A scale."
* #thermometer "Thermometer" "A thermometer."
* #counted-by-patient "Counted by the patient" "The patient counted."
* #read-out-on-video "Read out on video" "The patient showed or read out a device during a visit."

ValueSet: IOPMeasurementMethodValues
Id: iop-measurement-method
Title: "How a vital sign is measured where the patient is"
Description: "How a vital sign was measured where the patient is."
* insert Published
* include codes from system IOPMeasurementMethod

CodeSystem: IOPCollection
Id: iop-collection
Title: "Ways in which a specimen is given"
Description: "How a specimen was given."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-collection"
* #observed "Observed" "Somebody watched."
* #unobserved "Not observed" "Nobody watched."
* #home "At home" "At home, with a test sent there."
* #laboratory "In a laboratory" "In a laboratory’s collection site."

ValueSet: IOPCollectionValues
Id: iop-collection
Title: "Ways in which a specimen is given"
Description: "How a specimen was given."
* insert Published
* include codes from system IOPCollection

CodeSystem: IOPPdmpResult
Id: iop-pdmp-result
Title: "Outcomes of asking a prescription drug monitoring program"
Description: "What came of asking a state's prescription drug monitoring program."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-pdmp-result"
* #reviewed "Reviewed" "The prescriber, or a delegate, read what the program has."
* #unavailable "Not available" "The program could not be asked; the reason is noted."

ValueSet: IOPPdmpResultValues
Id: iop-pdmp-result
Title: "Outcomes of asking a prescription drug monitoring program"
Description: "What came of asking a state's prescription drug monitoring program."
* insert Published
* include codes from system IOPPdmpResult
