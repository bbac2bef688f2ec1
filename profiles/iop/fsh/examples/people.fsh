// Who the examples are about and by. Names, numbers and times are invented.

// The label of a program under 42 CFR Part 2.
RuleSet: Part2(sensitivity)
* meta.security[+] = $ActCode#42CFRPart2
* meta.security[+] = $ActCode#{sensitivity}
* meta.security[+] = $Confidentiality#R
* meta.security[+] = $ActCode#NORDSCLCD

RuleSet: OfPatient
* subject = Reference(example-patient)

Instance: example-patient
InstanceOf: $us-core-patient
Usage: #example
Title: "Patient"
Description: "The patient of the examples."
* identifier.system = "https://iop.example/record-numbers"
* identifier.value = "INV-1000"
* active = true
* name.family = "Example"
* name.given = "Gil"
* gender = #male
* birthDate = "1988-09-30"
* telecom.system = #phone
* telecom.value = "(555) 010-0999"
* address.line = "9 Nowhere Street"
* address.city = "Sampleton"
* address.state = "NY"
* address.postalCode = "10001"

Instance: example-prescriber
InstanceOf: $us-core-practitioner
Usage: #example
Title: "Prescriber"
Description: "The psychiatrist of the examples."
* identifier[NPI].value = "1000000103"
* identifier[1].system = "http://terminology.hl7.org/NamingSystem/USDEANumber"
* identifier[1].value = "FQ9999903"
* name.family = "Quill"
* name.given = "Inventa"
* qualification.code = IOPProfession#psychiatrist "Psychiatrist"

Instance: example-therapist
InstanceOf: $us-core-practitioner
Usage: #example
Title: "Therapist"
Description: "The therapist of the examples."
* identifier[NPI].value = "1000000202"
* name.family = "Stone"
* name.given = "Madeup"

Instance: example-program
InstanceOf: http://hl7.org/fhir/us/core/StructureDefinition/us-core-organization
Usage: #example
Title: "Program"
Description: "A virtual IOP that is a program under 42 CFR Part 2."
* extension[part2-program].valueBoolean = true
* identifier[NPI].value = "1000000004"
* active = true
* type = IOPOrganization#program "Intensive outpatient program"
* name = "Example Virtual IOP"

Instance: example-pharmacy
InstanceOf: IOPPharmacy
Usage: #example
Title: "Pharmacy"
Description: "A pharmacy that prescriptions are sent to."
* identifier[NPI].value = "1000000301"
* identifier[1].system = "http://terminology.hl7.org/CodeSystem/NCPDPProviderIdentificationNumber"
* identifier[1].value = "9999901"
* active = true
* type = IOPOrganization#pharmacy "Pharmacy"
* name = "Example Corner Pharmacy"

Instance: example-laboratory
InstanceOf: http://hl7.org/fhir/us/core/StructureDefinition/us-core-organization
Usage: #example
Title: "Laboratory"
Description: "The laboratory of the examples."
* active = true
* type = IOPOrganization#laboratory "Laboratory"
* name = "Example Laboratory"

Instance: example-depression
InstanceOf: http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
Usage: #example
Title: "Depression"
Description: "A diagnosis: US Core's own profile, in SNOMED CT and ICD-10-CM."
* clinicalStatus = http://terminology.hl7.org/CodeSystem/condition-clinical#active
* verificationStatus = http://terminology.hl7.org/CodeSystem/condition-ver-status#confirmed
* category = http://terminology.hl7.org/CodeSystem/condition-category#problem-list-item
* code.coding[0] = $SCT#370143000 "Major depressive disorder (disorder)"
* code.coding[1] = http://hl7.org/fhir/sid/icd-10-cm#F33.1
* insert OfPatient

Instance: example-opioid-use
InstanceOf: http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns
Usage: #example
Title: "Opioid use disorder"
Description: "A diagnosis under 42 CFR Part 2."
* insert Part2(OPIOIDUD)
* clinicalStatus = http://terminology.hl7.org/CodeSystem/condition-clinical#active
* verificationStatus = http://terminology.hl7.org/CodeSystem/condition-ver-status#confirmed
* category = http://terminology.hl7.org/CodeSystem/condition-category#problem-list-item
* code = $SCT#1336192000 "Opioid use disorder (disorder)"
* insert OfPatient

Instance: example-care-team
InstanceOf: IOPCareTeam
Usage: #example
Title: "Care team"
Description: "A prescriber and a therapist."
* status = #active
* insert OfPatient
* participant[0].role = IOPTeamRole#prescriber "Prescriber"
* participant[0].member = Reference(example-prescriber)
* participant[1].role = IOPTeamRole#therapist "Therapist"
* participant[1].member = Reference(example-therapist)

Instance: example-episode
InstanceOf: IOPEpisode
Usage: #example
Title: "Episode"
Description: "A patient's time in the program, for substance use too."
* insert Part2(SUD)
* status = #active
* type[program] = IOPProgram#iop-2.1 "Intensive outpatient program"
* type[substanceUse] = $ServiceType#108
* diagnosis.condition = Reference(example-opioid-use)
* patient = Reference(example-patient)
* managingOrganization = Reference(example-program)
* period.start = "2026-03-02"
* careManager = Reference(example-therapist)
* team = Reference(example-care-team)

Instance: example-visit
InstanceOf: IOPTelehealthEncounter
Usage: #example
Title: "Telehealth visit"
Description: "A visit by video, with the state in which the patient was."
* extension[modality].valueCode = #audio-video
* extension[patientState].valueCode = #NY
* identifier.system = "https://iop.example/visits"
* identifier.value = "V-1000"
* status = #finished
* class = $ActCode#VR "virtual"
* type = $SCT#453131000124105 "Videotelephony encounter (procedure)"
* insert OfPatient
* participant.individual = Reference(example-prescriber)
* period.start = "2026-03-02T15:00:00-05:00"
* period.end = "2026-03-02T15:40:00-05:00"
* serviceProvider = Reference(example-program)
