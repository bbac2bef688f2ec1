// The guide's constraints. Each says in a prescriber's words what must be, and in `requirements` what happens otherwise.

Invariant: iop-mr-1
Description: "An active order says how to take the medicine: in words, with a dose, and with a time or what it is needed for."
* severity = #error
* expression = "(status = 'active' and intent != 'plan') implies (dosageInstruction.exists() and dosageInstruction.all(text.exists() and doseAndRate.dose.exists() and (timing.exists() or asNeeded.exists())))"
* requirements = "Risk: The pharmacy cannot label it and the patient guesses the dose."

Invariant: iop-mr-2
Description: "Every dose has a number and a coded unit (UCUM, or HL7's dose forms)."
* severity = #error
* expression = "dosageInstruction.doseAndRate.dose.ofType(Quantity).all(value.exists() and code.exists() and (system = 'http://unitsofmeasure.org' or system = 'http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm'))"
* requirements = "Risk: mg read as mL, or as tablets: a dose many times too large."

Invariant: iop-mr-3
Description: "An order names the person who prescribes: a practitioner, not an organization, a device or the patient."
* severity = #error
* expression = "intent != 'plan' implies requester.where(reference.matches('(^|.*/)Practitioner(Role)?/[A-Za-z0-9.-]+.*') or type = 'Practitioner' or type = 'PractitionerRole' or identifier.where(system = 'http://hl7.org/fhir/sid/us-npi').exists() or reference.startsWith('urn:uuid:')).exists()"
* requirements = "Risk: Nobody can be asked, and nobody answers for the order."

Invariant: iop-mr-4
Description: "A medicine taken as needed says what for, and how much at most in which time."
* severity = #error
* expression = "dosageInstruction.where(asNeeded.exists()).all(asNeeded.ofType(CodeableConcept).exists() and maxDosePerPeriod.exists())"
* requirements = "Risk: Without a limit, as needed becomes as often as wanted."

Invariant: iop-mr-5
Description: "In a titration or taper every step is numbered, and every step but the last says how long it lasts."
* severity = #error
* expression = "dosageInstruction.count() > 1 implies (dosageInstruction.all(sequence.exists()) and dosageInstruction.where(timing.repeat.bounds.empty()).all(sequence = %resource.dosageInstruction.sequence.distinct().count()))"
* requirements = "Risk: A taper without an end is taken on, or stopped at once."

Invariant: iop-mr-6
Description: "An order that takes another's place says why the medicine or its dose was changed."
* severity = #error
* expression = "priorPrescription.exists() implies extension.where(url = 'https://example.org/fhir/iop/StructureDefinition/medication-change-reason').value.ofType(CodeableConcept).exists()"
* requirements = "Risk: The next prescriber undoes the change, not knowing its reason."

Invariant: iop-mr-7
Description: "A stopped, cancelled or held order says why."
* severity = #error
* expression = "(status = 'stopped' or status = 'cancelled' or status = 'on-hold') implies statusReason.exists()"
* requirements = "Risk: A medicine that harmed is started again elsewhere."

Invariant: iop-mr-8
Description: "An order says what the medicine is for."
* severity = #error
* expression = "intent != 'plan' implies (reasonCode.exists() or reasonReference.exists())"
* requirements = "Risk: The pharmacist cannot see a wrong medicine or a wrong dose for it."

Invariant: iop-mr-9
Description: "A medicine that the patient brought along is marked as reported, and is nothing to be dispensed."
* severity = #error
* expression = "intent = 'plan' implies (reported.exists() and dispenseRequest.empty())"
* requirements = "Risk: What the patient says to take is filled as if it had been ordered."

Invariant: iop-cs-1
Description: "A Schedule II medicine has no refills."
* severity = #error
* expression = "(extension.where(url = 'https://example.org/fhir/iop/StructureDefinition/controlled-substance-schedule').value.ofType(Coding).code contains 'II') implies (dispenseRequest.numberOfRepeatsAllowed.empty() or dispenseRequest.numberOfRepeatsAllowed = 0)"
* requirements = "Risk: The pharmacy must refuse it; the patient goes without."

Invariant: iop-cs-2
Description: "A Schedule III or IV medicine has at most five refills."
* severity = #error
* expression = "((extension.where(url = 'https://example.org/fhir/iop/StructureDefinition/controlled-substance-schedule').value.ofType(Coding).code contains 'III') or (extension.where(url = 'https://example.org/fhir/iop/StructureDefinition/controlled-substance-schedule').value.ofType(Coding).code contains 'IV')) implies (dispenseRequest.numberOfRepeatsAllowed.empty() or dispenseRequest.numberOfRepeatsAllowed <= 5)"
* requirements = "Risk: More than the law allows: refused, or diverted."

Invariant: iop-cs-3
Description: "An order for a controlled substance has its date, the quantity and the days it lasts."
* severity = #error
* expression = "extension.where(url = 'https://example.org/fhir/iop/StructureDefinition/controlled-substance-schedule').value.ofType(Coding).code.exists() implies (authoredOn.exists() and dispenseRequest.quantity.value.exists() and dispenseRequest.expectedSupplyDuration.exists())"
* requirements = "Risk: An open-ended order can be filled for more than was meant."

Invariant: iop-cs-4
Description: "Methadone for opioid use disorder is never an order to a pharmacy: an opioid treatment program dispenses it."
* severity = #error
* expression = "(medication.ofType(CodeableConcept).coding.where(system = 'http://www.nlm.nih.gov/research/umls/rxnorm' and (code in ('864706'|'864718'|'864761'|'864769'|'864978'|'864984'|'991147'))).exists() and reasonCode.coding.where(system = 'http://snomed.info/sct' and (code in ('5602001'|'75544000'|'1336192000'))).exists()) implies category.coding.where(code = 'community').empty()"
* requirements = "Risk: No pharmacy may fill it; the patient goes into withdrawal while everybody waits."

Invariant: iop-p2-1
Description: "A medicine for substance use disorder carries the label of 42 CFR Part 2."
* severity = #error
* expression = "medication.ofType(CodeableConcept).coding.where(system = 'http://www.nlm.nih.gov/research/umls/rxnorm' and (code in ('351264'|'351265'|'351266'|'351267'|'1010600'|'1010604'|'1307056'|'1307061'|'1996184'|'1996192'|'637213'|'1483744'|'835726'|'197623'|'197624'))).exists() implies meta.security.where(system = 'http://terminology.hl7.org/CodeSystem/v3-ActCode' and code = '42CFRPart2').exists()"
* requirements = "Risk: An unlabelled record tells others of the treatment without consent."

Invariant: iop-p2-2
Description: "A record labelled under 42 CFR Part 2 also says of which sensitivity it is, and is restricted (R) or very restricted (V)."
* severity = #error
* expression = "meta.security.where(system = 'http://terminology.hl7.org/CodeSystem/v3-ActCode' and code = '42CFRPart2').exists() implies (meta.security.where(system = 'http://terminology.hl7.org/CodeSystem/v3-ActCode' and (code in ('SUD'|'ETH'|'OPIOIDUD'|'ETHUD'))).exists() and meta.security.where(system = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality' and (code in ('R'|'V'))).exists())"
* requirements = "Risk: Half a label is read as none by systems that look for the other half."

Invariant: iop-cp-1
Description: "A treatment plan is filed both as US Core's assessment and plan and under the program's level of care."
* severity = #error
* expression = "category.coding.where(system = 'http://hl7.org/fhir/us/core/CodeSystem/careplan-category' and code = 'assess-plan').exists() and category.coding.where(system = 'https://example.org/fhir/iop/CodeSystem/iop-program').exists()"
* requirements = "Risk: Clients that search by one of the two never find the plan."

Invariant: iop-cp-2
Description: "An active plan has a start, a diagnosis it addresses, a goal and a care team."
* severity = #error
* expression = "status = 'active' implies (period.start.exists() and addresses.exists() and goal.exists() and careTeam.exists())"
* requirements = "Risk: A plan for nothing, by nobody: no one notices when it fails."

Invariant: iop-cp-3
Description: "Each therapy in the plan is coded and has a schedule."
* severity = #error
* expression = "activity.detail.where(kind = 'ServiceRequest').all(code.exists() and scheduled.exists())"
* requirements = "Risk: Without a schedule a missed session is not missed."

Invariant: iop-cp-4
Description: "A plan that ended has an end date, and says where the patient went from here."
* severity = #error
* expression = "(status = 'completed' or status = 'revoked') implies (period.end.exists() and extension.where(url = 'https://example.org/fhir/iop/StructureDefinition/discharge-disposition').exists())"
* requirements = "Risk: The patient drops out of care between two providers."

Invariant: iop-cp-5
Description: "A safety plan has all six steps, each with something written in it."
* severity = #error
* expression = "(activity.detail.where(code.coding.where(code = 'warning-signs').exists() and description.exists()).exists() and activity.detail.where(code.coding.where(code = 'internal-coping').exists() and description.exists()).exists() and activity.detail.where(code.coding.where(code = 'social-distraction').exists() and description.exists()).exists() and activity.detail.where(code.coding.where(code = 'crisis-support').exists() and description.exists()).exists() and activity.detail.where(code.coding.where(code = 'professional-support').exists() and description.exists()).exists() and activity.detail.where(code.coding.where(code = 'lethal-means-safety').exists() and description.exists()).exists())"
* requirements = "Risk: In a crisis the missing step is the one that is needed."

Invariant: iop-obs-1
Description: "A total lies within what its questionnaire can give: PHQ-9 0 to 27, GAD-7 0 to 21, AUDIT-C 0 to 12, DAST-10 0 to 10."
* severity = #error
* expression = "(code.coding.where(system = 'http://loinc.org' and code = '44261-6').exists() and value.exists() implies (value.ofType(Quantity).all(value >= 0 and value <= 27) and value.ofType(integer).all($this >= 0 and $this <= 27))) and (code.coding.where(system = 'http://loinc.org' and code = '70274-6').exists() and value.exists() implies (value.ofType(Quantity).all(value >= 0 and value <= 21) and value.ofType(integer).all($this >= 0 and $this <= 21))) and (code.coding.where(system = 'http://loinc.org' and code = '75626-2').exists() and value.exists() implies (value.ofType(Quantity).all(value >= 0 and value <= 12) and value.ofType(integer).all($this >= 0 and $this <= 12))) and (code.coding.where(system = 'http://loinc.org' and code = '82667-7').exists() and value.exists() implies (value.ofType(Quantity).all(value >= 0 and value <= 10) and value.ofType(integer).all($this >= 0 and $this <= 10)))"
* requirements = "Risk: An impossible total is treated as severe, or as none."

Invariant: iop-obs-2
Description: "A total names the answers it was computed from."
* severity = #error
* expression = "code.coding.where(system = 'http://loinc.org' and (code in ('44261-6'|'70274-6'|'75626-2'|'82667-7'))).exists() implies derivedFrom.where(reference.contains('QuestionnaireResponse/') or reference.startsWith('urn:uuid:')).exists()"
* requirements = "Risk: Nobody can check the total, or see the answer about self-harm behind it."

Invariant: iop-obs-3
Description: "A side effect names the medicine that it is put down to."
* severity = #error
* expression = "code.coding.where(system = 'https://example.org/fhir/iop/CodeSystem/iop-observation' and code = 'side-effect').exists() implies focus.where(reference.matches('(.*/)?Medication(Request|Statement|Dispense|Administration)/[A-Za-z0-9.-]+.*') or reference.startsWith('urn:uuid:')).exists()"
* requirements = "Risk: The wrong medicine is stopped, or none."

Invariant: iop-obs-4
Description: "A drug screen's result has a specimen, a result or why there is none, and the label of 42 CFR Part 2."
* severity = #error
* expression = "category.coding.where(code = 'laboratory').exists() implies (specimen.exists() and (value.exists() or dataAbsentReason.exists() or component.exists() or hasMember.exists()) and meta.security.where(system = 'http://terminology.hl7.org/CodeSystem/v3-ActCode' and code = '42CFRPart2').exists())"
* requirements = "Risk: A result that belongs to no specimen is no evidence; an unlabelled one is disclosed."

Invariant: iop-obs-5
Description: "A screening test is never plainly positive: it is presumptively positive until it is confirmed."
* severity = #error
* expression = "code.coding.where(code in ('19261-7'|'19554-5'|'19270-8'|'14316-4'|'93494-3'|'18282-4'|'14314-9'|'59673-4'|'19550-3'|'19295-5'|'19321-9'|'19659-2'|'58375-7')).exists() implies value.ofType(CodeableConcept).coding.where(system = 'http://snomed.info/sct' and code = '10828004').empty()"
* requirements = "Risk: A cross-reaction is taken for use, and the patient is discharged for it."

Invariant: iop-obs-6
Description: "A vital sign that the patient took says by which device or method."
* severity = #error
* expression = "(category.coding.where(code = 'vital-signs').exists() and performer.reference.where(contains('Patient/')).exists()) implies (device.exists() or method.exists())"
* requirements = "Risk: A guess at home is read as a measurement by a clinician."

Invariant: iop-qr-1
Description: "A response names its questionnaire with the version; a completed one says when, by whom, and from whom it is."
* severity = #error
* expression = "questionnaire.where($this.matches('.*[|].+')).exists() and (status = 'completed' implies (authored.exists() and author.exists() and source.exists()))"
* requirements = "Risk: Answers to another version are scored by the wrong key."

Invariant: iop-qr-2
Description: "A completed PHQ-9 has all nine answers."
* severity = #error
* expression = "(status = 'completed' and questionnaire.where($this.contains('phq-9')).exists()) implies item.where((linkId in ('/44250-9'|'/44255-8'|'/44259-0'|'/44254-1'|'/44251-7'|'/44258-2'|'/44252-5'|'/44253-3'|'/44260-8')) and answer.value.exists()).count() = 9"
* requirements = "Risk: A total of eight answers looks better than the patient is."

Invariant: iop-qr-3
Description: "The total of a PHQ-9 is the sum of its nine answers."
* severity = #error
* expression = "item.where(linkId = '/44261-6').answer.exists() implies item.where(linkId = '/44261-6').answer.value.first() = item.where(linkId in ('/44250-9'|'/44255-8'|'/44259-0'|'/44254-1'|'/44251-7'|'/44258-2'|'/44252-5'|'/44253-3'|'/44260-8')).answer.value.ofType(Coding).select(iif(code = 'LA6571-9', 3, iif(code = 'LA6570-1', 2, iif(code = 'LA6569-3', 1, 0)))).aggregate($this + $total, 0)"
* requirements = "Risk: A wrong total moves the patient into another band of severity."

Invariant: iop-qr-4
Description: "Any answer but \"not at all\" about self-harm names what followed it."
* severity = #error
* expression = "item.where(linkId = '/44260-8').answer.value.ofType(Coding).where(code != 'LA6568-5').exists() implies extension.where(url = 'https://example.org/fhir/iop/StructureDefinition/safety-followup').value.exists()"
* requirements = "Risk: Somebody said it, and nobody did anything."

Invariant: iop-ses-1
Description: "A session that did not take place says why; one that did says when."
* severity = #error
* expression = "(status = 'not-done' implies statusReason.exists()) and (status = 'completed' implies performed.exists())"
* requirements = "Risk: A patient who stays away silently is noticed too late."

Invariant: iop-bdl-1
Description: "A prescription message has one patient with name and birth date, orders that each name their pharmacy, a prescriber with an NPI and a pharmacy with an NCPDP number."
* severity = #error
* expression = "entry.resource.ofType(Patient).where(name.exists() and birthDate.exists()).count() = 1 and entry.resource.ofType(MedicationRequest).exists() and entry.resource.ofType(MedicationRequest).all(dispenseRequest.performer.exists()) and entry.resource.ofType(Practitioner).identifier.where(system = 'http://hl7.org/fhir/sid/us-npi').exists() and entry.resource.ofType(Organization).identifier.where(system = 'http://terminology.hl7.org/CodeSystem/NCPDPProviderIdentificationNumber').exists()"
* requirements = "Risk: It reaches the wrong pharmacy, or is filled for the wrong person."

Invariant: iop-bdl-2
Description: "A message with a controlled substance has the patient's address and the prescriber's DEA number."
* severity = #error
* expression = "entry.resource.ofType(MedicationRequest).extension.where(url = 'https://example.org/fhir/iop/StructureDefinition/controlled-substance-schedule').exists() implies (entry.resource.ofType(Patient).address.exists() and entry.resource.ofType(Practitioner).identifier.where(system = 'http://terminology.hl7.org/NamingSystem/USDEANumber').exists())"
* requirements = "Risk: The pharmacy must refuse it."

Invariant: iop-bdl-3
Description: "A pharmacy is sent no observation but height and weight, and no answers, plans, procedures or documents."
* severity = #error
* expression = "entry.resource.ofType(QuestionnaireResponse).empty() and entry.resource.ofType(CarePlan).empty() and entry.resource.ofType(Procedure).empty() and entry.resource.ofType(DocumentReference).empty() and entry.resource.ofType(Observation).all(code.coding.where(code in ('29463-7'|'8302-2')).exists())"
* requirements = "Risk: More of a treatment is told than filling the prescription needs."

Invariant: iop-bdl-4
Description: "A bundle that holds any record under 42 CFR Part 2 is labelled so itself, and holds the consent that it is disclosed under."
* severity = #error
* expression = "entry.resource.meta.security.where(system = 'http://terminology.hl7.org/CodeSystem/v3-ActCode' and code = '42CFRPart2').exists() implies (meta.security.where(system = 'http://terminology.hl7.org/CodeSystem/v3-ActCode' and code = '42CFRPart2').exists() and entry.resource.ofType(Consent).exists())"
* requirements = "Risk: Whoever receives it cannot know that passing it on needs a consent."

// What the concepts need beyond these.

Invariant: iop-mr-10
Description: "A range of doses says how much at most, and each end has a number and a coded unit (UCUM, or HL7's dose forms)."
* severity = #error
* expression = "dosageInstruction.doseAndRate.dose.ofType(Range).all(high.exists() and (low | high).all(value.exists() and code.exists() and (system = 'http://unitsofmeasure.org' or system = 'http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm')))"
* requirements = "Risk: One to two of what, or one and as many more as wanted: a dose many times too large."

Invariant: iop-cn-1
Description: "A consent under 42 CFR Part 2 is filed as one, or as a consent to disclose information."
* severity = #error
* expression = "category.coding.where(system = 'http://terminology.hl7.org/CodeSystem/v3-ActCode' and (code in ('42CFRPart2CD'|'IDSCL'))).exists()"
* requirements = "Risk: A system that looks for consents does not find it, and denies what the patient allowed."

Invariant: iop-ct-1
Description: "A care team has a prescriber, and a therapist or counselor."
* severity = #error
* expression = "participant.role.coding.where(system = 'https://example.org/fhir/iop/CodeSystem/iop-team-role' and code = 'prescriber').exists() and participant.role.coding.where(system = 'https://example.org/fhir/iop/CodeSystem/iop-team-role' and (code in ('therapist'|'counselor'))).exists()"
* requirements = "Risk: Medicine without therapy, or therapy without anybody who may change the medicine."

Invariant: iop-gl-1
Description: "An active goal has a target that can be measured: what, how much, and by when."
* severity = #warning
* expression = "lifecycleStatus = 'active' implies target.where(measure.exists() and detail.exists() and due.exists()).exists()"
* requirements = "Risk: A goal that cannot be measured is never reached and never missed."

Invariant: iop-ph-1
Description: "A pharmacy has its NCPDP number."
* severity = #error
* expression = "identifier.where(system = 'http://terminology.hl7.org/CodeSystem/NCPDPProviderIdentificationNumber' and value.exists()).exists()"
* requirements = "Risk: Prescriptions are routed by this number; without it they reach another branch, or none."

Invariant: iop-rp-1
Description: "A relapse-prevention plan has all four sections, each with something written in it."
* severity = #error
* expression = "activity.detail.where(code.coding.where(code = 'triggers').exists() and description.exists()).exists() and activity.detail.where(code.coding.where(code = 'coping').exists() and description.exists()).exists() and activity.detail.where(code.coding.where(code = 'contacts').exists() and description.exists()).exists() and activity.detail.where(code.coding.where(code = 'lapse-steps').exists() and description.exists()).exists()"
* requirements = "Risk: An empty section is a plan only on paper."

Invariant: iop-wd-1
Description: "A total lies within what its scale can give: COWS 0 to 48, CIWA-Ar 0 to 67."
* severity = #error
* expression = "(code.coding.where(code = 'cows-total').exists() implies value.ofType(integer).all($this >= 0 and $this <= 48)) and (code.coding.where(code = 'ciwa-ar-total').exists() implies value.ofType(integer).all($this >= 0 and $this <= 67))"
* requirements = "Risk: An impossible total leads to too much medicine, or too little."
