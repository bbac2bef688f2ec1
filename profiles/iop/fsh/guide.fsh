// The guide itself, and what a server of a virtual IOP has to do. The list of resources is added when it is compiled.

Instance: dev.fhir-iop.guide
InstanceOf: ImplementationGuide
Usage: #definition
Title: "Virtual Intensive Outpatient Program"
* url = "https://example.org/fhir/iop/ImplementationGuide/dev.fhir-iop.guide"
* insert PublishedInstance
* name = "VirtualIOP"
* title = "Virtual Intensive Outpatient Program"
* description = "Profiles, codes and questionnaires of a virtual intensive outpatient program: medication management over video, beside therapy, under 42 CFR Part 2. Where a concept has several resources, one is profiled and the others are US Core's or the base: a session is a Procedure (its booking an Appointment, its visit an Encounter); a reconciliation is a Procedure with a List; a side effect is an Observation, and an AdverseEvent once confirmed; a discharge is the treatment plan's CarePlan with its end, or a CarePlan that replaces it; a suicide risk is an Observation with a Flag. An order for a controlled substance and a discharge derive from the guide's own order and treatment plan, so that everything said of these holds for them; a diagnosis is US Core's Condition. Of COWS, CIWA-Ar, BAM and AIMS no standard code was verified: they have local ones. COWS has bands, from 5 on. Of CIWA-Ar the cut-offs 10 and 15 have a source, and no words for what lies between them: others draw other lines. Of DAST-10 only panel and total are known; of it, BAM and AIMS no bands have a source, so a total is told without one; of C-SSRS the structure, and no wording. PCL-5, ISI, MDQ, WHODAS 2.0, MMAS-8 and ASQ lack a verified code and are left out."
* copyright = "Apache-2.0. Codes and names of LOINC, SNOMED CT, RxNorm and HL7 belong to their holders; see the copyright of each resource."
* packageId = "dev.fhir-iop.guide"
* license = #Apache-2.0
* fhirVersion = #4.0.1
* dependsOn[+].uri = "http://hl7.org/fhir/us/core/ImplementationGuide/hl7.fhir.us.core"
* dependsOn[=].packageId = "hl7.fhir.us.core"
* dependsOn[=].version = "6.1.0"
* dependsOn[=].id = "uscore"

RuleSet: Serves(type, profile)
* rest.resource[+].type = #{type}
* rest.resource[=].supportedProfile[+] = Canonical({profile})
* rest.resource[=].interaction[+].code = #read
* rest.resource[=].interaction[+].code = #vread
* rest.resource[=].interaction[+].code = #search-type
* rest.resource[=].interaction[+].code = #create
* rest.resource[=].interaction[+].code = #update

RuleSet: AndProfile(profile)
* rest.resource[=].supportedProfile[+] = Canonical({profile})

RuleSet: Searchable(name, type)
* rest.resource[=].searchParam[+].name = "{name}"
* rest.resource[=].searchParam[=].type = #{type}

RuleSet: SearchableByOurs(name, id, type)
* insert Searchable({name}, {type})
* rest.resource[=].searchParam[=].definition = "https://example.org/fhir/iop/SearchParameter/{id}"

Instance: iop-server
InstanceOf: CapabilityStatement
Usage: #definition
Title: "Server of a virtual IOP"
Description: "What a server of a virtual IOP has to do."
* url = "https://example.org/fhir/iop/CapabilityStatement/iop-server"
* insert PublishedInstance
* name = "IOPServer"
* title = "Server of a virtual IOP"
* description = "What a server of a virtual IOP has to do: US Core 6.1.0, and these profiles. No record under 42 CFR Part 2 leaves it without a consent that permits it."
* kind = #requirements
* fhirVersion = #4.0.1
* format[0] = #json
* implementationGuide[0] = "https://example.org/fhir/iop/ImplementationGuide/dev.fhir-iop.guide"
* rest.mode = #server
* rest.documentation = "US Core's searches, and what stands here."
* insert Serves(MedicationRequest, IOPMedicationRequest)
* insert AndProfile(IOPControlledSubstance)
* insert AndProfile(IOPReportedMedication)
* insert AndProfile(IOPPart2Record)
* insert Searchable(patient, reference)
* insert Searchable(status, token)
* insert Searchable(intent, token)
* insert SearchableByOurs(prior-prescription, medicationrequest-prior-prescription, reference)
* insert SearchableByOurs(schedule, medicationrequest-schedule, token)
* insert Serves(MedicationDispense, IOPDispense)
* insert Searchable(patient, reference)
* insert Serves(Task, IOPPrescriptionTask)
* insert Searchable(patient, reference)
* insert Searchable(focus, reference)
* insert Searchable(status, token)
* insert Serves(List, IOPMedicationList)
* insert Searchable(patient, reference)
* insert Searchable(code, token)
* insert Serves(Observation, IOPScreeningScore)
* insert AndProfile(IOPWithdrawalScore)
* insert AndProfile(IOPSuicideRisk)
* insert AndProfile(IOPLevelOfCare)
* insert AndProfile(IOPCraving)
* insert AndProfile(IOPSideEffectReport)
* insert AndProfile(IOPAdherence)
* insert AndProfile(IOPVirtualVital)
* insert AndProfile(IOPDrugScreenPanel)
* insert AndProfile(IOPDrugScreenPresumptive)
* insert AndProfile(IOPDrugScreenDefinitive)
* insert AndProfile(IOPPdmpCheck)
* insert Searchable(patient, reference)
* insert Searchable(category, token)
* insert Searchable(code, token)
* insert Searchable(date, date)
* insert Serves(AdverseEvent, IOPAdverseEvent)
* insert Searchable(subject, reference)
* insert Serves(Flag, IOPSafetyFlag)
* insert Searchable(patient, reference)
* insert Serves(QuestionnaireResponse, IOPQuestionnaireResponse)
* insert AndProfile(IOPPHQ9Response)
* insert Searchable(patient, reference)
* insert Searchable(questionnaire, reference)
* insert Serves(Questionnaire, IOPQuestionnaire)
* insert Searchable(url, uri)
* insert Serves(CarePlan, IOPCarePlan)
* insert AndProfile(IOPDischarge)
* insert AndProfile(IOPRelapsePreventionPlan)
* insert AndProfile(IOPSafetyPlan)
* insert AndProfile(IOPContingencyPlan)
* insert Searchable(patient, reference)
* insert Searchable(category, token)
* insert Serves(Goal, IOPGoal)
* insert Searchable(patient, reference)
* insert Serves(CareTeam, IOPCareTeam)
* insert Searchable(patient, reference)
* insert Serves(Procedure, IOPSession)
* insert AndProfile(IOPReconciliation)
* insert AndProfile(IOPIncentiveDelivery)
* insert Searchable(patient, reference)
* insert Searchable(code, token)
* insert Serves(Encounter, IOPTelehealthEncounter)
* insert Searchable(patient, reference)
* insert SearchableByOurs(modality, encounter-modality, token)
* insert Serves(EpisodeOfCare, IOPEpisode)
* insert Searchable(patient, reference)
* insert Serves(Organization, IOPPharmacy)
* insert Searchable(identifier, token)
* insert Serves(Consent, IOPPart2Consent)
* insert Searchable(patient, reference)
* insert Serves(Provenance, IOPProvenance)
* insert Searchable(target, reference)
* insert Serves(AuditEvent, IOPDisclosureAudit)
* insert Searchable(patient, reference)
