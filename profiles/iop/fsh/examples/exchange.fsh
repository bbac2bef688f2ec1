// Consent, disclosure, provenance and bundles.

Instance: consent
InstanceOf: IOPPart2Consent
Usage: #example
Title: "Consent"
Description: "Consent to disclose records to the pharmacy, for treatment, payment and operations; nothing of psychotherapy notes."
* insert Part2(SUD)
* status = #active
* scope = $ConsentScope#patient-privacy
* category = $ActCode#IDSCL "information disclosure"
* patient = Reference(example-patient)
* dateTime = "2026-03-02T09:30:00-05:00"
* performer = Reference(example-patient)
* organization = Reference(example-program)
* sourceAttachment.contentType = #application/pdf
* sourceAttachment.title = "Signed consent form CF-1000"
* policy.uri = "https://www.ecfr.gov/current/title-42/part-2"
* verification.verified = true
* verification.verificationDate = "2026-03-02"
* provision.type = #permit
* provision.period.start = "2026-03-02"
* provision.period.end = "2027-03-02"
* provision.actor.role = $ParticipationType#IRCP "information recipient"
* provision.actor.reference = Reference(example-pharmacy)
* provision.purpose[0] = $ActReason#TREAT
* provision.purpose[1] = $ActReason#HPAYMT
* provision.purpose[2] = $ActReason#HOPERAT
* provision.securityLabel = $ActCode#42CFRPart2
* provision.provision.type = #deny
* provision.provision.securityLabel = $ActCode#PSYTHPN

Instance: disclosure
InstanceOf: IOPDisclosureAudit
Usage: #example
Title: "Disclosure"
Description: "That an order left in a message, whose it was, under which consent; nothing was withheld."
* type = $AuditType#rest "RESTful Operation"
* subtype = IOPDisclosure#message "Message"
* action = #R
* recorded = "2026-03-02T15:45:00-05:00"
* outcome = #0
* purposeOfEvent = $ActReason#TREAT
* agent.who = Reference(example-program)
* agent.requestor = true
* source.observer = Reference(example-program)
* entity[0].what = Reference(consent)
* entity[1].what = Reference(order-controlled)
* entity[1].detail.type = "withheld"
* entity[1].detail.valueString = "0"
* entity[2].what = Reference(example-patient)
* entity[2].type = http://terminology.hl7.org/CodeSystem/audit-entity-type#1 "Person"
* entity[2].role = http://terminology.hl7.org/CodeSystem/object-role#1 "Patient"

Instance: provenance
InstanceOf: IOPProvenance
Usage: #example
Title: "Provenance"
Description: "That a medicine came from another server, and in what."
* target = Reference(brought-along)
* recorded = "2026-03-02T15:10:00-05:00"
* agent[0].type = $ProvenanceAgent#author
* agent[0].who = Reference(example-prescriber)
* agent[0].onBehalfOf = Reference(example-program)
* agent[1].type = $USCoreAgent#transmitter
* agent[1].who = Reference(example-program)
* entity.role = #source
* entity.what.identifier.system = "urn:ietf:rfc:3986"
* entity.what.identifier.value = "urn:uuid:0c439fac-3243-5e31-85b7-9f3ad779ebfb"

Instance: provenance-of-a-signed-order
InstanceOf: IOPProvenance
Usage: #example
Title: "Provenance of a signed order"
Description: "That the order of a controlled substance was signed, by whom and when. The signature was made and is kept by a certified system; it is told here, and not made here."
* insert Part2(OPIOIDUD)
* target = Reference(order-controlled)
* recorded = "2026-03-02T15:31:00-05:00"
* agent[0].type = $ProvenanceAgent#author
* agent[0].who = Reference(example-prescriber)
* agent[0].onBehalfOf = Reference(example-program)
* agent[1].type = $USCoreAgent#transmitter
* agent[1].who = Reference(example-program)
* entity.role = #source
* entity.what.identifier.system = "https://signatures.example/orders"
* entity.what.identifier.value = "SIG-1000"
* signature.type = urn:iso-astm:E1762-95:2013#1.2.840.10065.1.12.1.1 "Author's Signature"
* signature.when = "2026-03-02T15:31:00-05:00"
* signature.who = Reference(example-prescriber)

// What a message holds: copies that refer to each other inside it.

Instance: message-header
InstanceOf: MessageHeader
Usage: #inline
* eventCoding = RxEvent#new-rx "New prescription"
* source.name = "Example Virtual IOP"
* source.endpoint = "https://iop.example/fhir"
* destination.name = "Example Corner Pharmacy"
* destination.endpoint = "https://pharmacy.example/$process-message"
* focus = Reference(urn:uuid:00000000-0000-4000-8000-000000000002)

Instance: message-order
InstanceOf: IOPControlledSubstance
Usage: #inline
* insert Part2(OPIOIDUD)
* extension[schedule].valueCoding = $Schedules#III
* extension[epcs].valueReference.identifier.system = "https://signatures.example/orders"
* extension[epcs].valueReference.identifier.value = "SIG-1000"
* identifier.system = "https://iop.example/prescriptions"
* identifier.value = "RX-6"
* status = #active
* intent = #order
* insert Community
* medicationCodeableConcept = $RXNORM#1010604 "Buprenorphine 8 MG / Naloxone 2 MG Sublingual Film"
* subject = Reference(urn:uuid:00000000-0000-4000-8000-000000000003)
* authoredOn = "2026-03-02T15:30:00-05:00"
* requester = Reference(urn:uuid:00000000-0000-4000-8000-000000000004)
* reasonCode = $SCT#1336192000 "Opioid use disorder (disorder)"
* dosageInstruction.sequence = 1
* dosageInstruction.text = "Place 1 film under the tongue once a day."
* dosageInstruction.timing.repeat.frequency = 1
* dosageInstruction.timing.repeat.period = 1
* dosageInstruction.timing.repeat.periodUnit = #d
* dosageInstruction.doseAndRate.doseQuantity = 1 $UCUM#{film} "film"
* dispenseRequest.numberOfRepeatsAllowed = 1
* dispenseRequest.quantity = 14 $UCUM#{film} "film"
* dispenseRequest.expectedSupplyDuration = 14 $UCUM#d "day"
* dispenseRequest.performer = Reference(urn:uuid:00000000-0000-4000-8000-000000000005)

Instance: message-patient
InstanceOf: $us-core-patient
Usage: #inline
* identifier.system = "https://iop.example/record-numbers"
* identifier.value = "INV-1000"
* name.family = "Example"
* name.given = "Gil"
* gender = #male
* birthDate = "1988-09-30"
* address.line = "9 Nowhere Street"
* address.city = "Sampleton"
* address.state = "NY"
* address.postalCode = "10001"

Instance: message-prescriber
InstanceOf: $us-core-practitioner
Usage: #inline
* identifier[NPI].value = "1000000103"
* identifier[1].system = "http://terminology.hl7.org/NamingSystem/USDEANumber"
* identifier[1].value = "FQ9999903"
* name.family = "Quill"
* name.given = "Inventa"

Instance: message-pharmacy
InstanceOf: IOPPharmacy
Usage: #inline
* identifier[0].system = "http://terminology.hl7.org/CodeSystem/NCPDPProviderIdentificationNumber"
* identifier[0].value = "9999901"
* active = true
* type = IOPOrganization#pharmacy "Pharmacy"
* name = "Example Corner Pharmacy"

Instance: message-consent
InstanceOf: IOPPart2Consent
Usage: #inline
* insert Part2(SUD)
* status = #active
* scope = $ConsentScope#patient-privacy
* category = $ActCode#IDSCL "information disclosure"
* patient = Reference(urn:uuid:00000000-0000-4000-8000-000000000003)
* dateTime = "2026-03-02T09:30:00-05:00"
* performer = Reference(urn:uuid:00000000-0000-4000-8000-000000000003)
* organization.display = "Example Virtual IOP"
* sourceAttachment.contentType = #application/pdf
* sourceAttachment.title = "Signed consent form CF-1000"
* policy.uri = "https://www.ecfr.gov/current/title-42/part-2"
* provision.type = #permit
* provision.period.end = "2027-03-02"
* provision.actor.role = $ParticipationType#IRCP "information recipient"
* provision.actor.reference = Reference(urn:uuid:00000000-0000-4000-8000-000000000005)
* provision.purpose = $ActReason#TREAT
* provision.securityLabel = $ActCode#42CFRPart2

Instance: prescription-message
InstanceOf: IOPPrescriptionMessage
Usage: #example
Title: "Prescription message"
Description: "One controlled order to its pharmacy, with the consent. It claims the profile of Part 2 bundles too."
* meta.profile[1] = Canonical(IOPPart2Bundle)
* insert Part2(OPIOIDUD)
* identifier.system = "urn:ietf:rfc:3986"
* identifier.value = "urn:uuid:00000000-0000-4000-8000-000000000000"
* type = #message
* timestamp = "2026-03-02T15:45:00-05:00"
* entry[0].fullUrl = "urn:uuid:00000000-0000-4000-8000-000000000001"
* entry[0].resource = message-header
* entry[1].fullUrl = "urn:uuid:00000000-0000-4000-8000-000000000002"
* entry[1].resource = message-order
* entry[2].fullUrl = "urn:uuid:00000000-0000-4000-8000-000000000003"
* entry[2].resource = message-patient
* entry[3].fullUrl = "urn:uuid:00000000-0000-4000-8000-000000000004"
* entry[3].resource = message-prescriber
* entry[4].fullUrl = "urn:uuid:00000000-0000-4000-8000-000000000005"
* entry[4].resource = message-pharmacy
* entry[5].fullUrl = "urn:uuid:00000000-0000-4000-8000-000000000006"
* entry[5].resource = message-consent

Instance: part2-bundle
InstanceOf: IOPPart2Bundle
Usage: #example
Title: "Bundle under 42 CFR Part 2"
Description: "A record that is disclosed, with the consent."
* insert Part2(SUD)
* type = #collection
* entry[0].fullUrl = "urn:uuid:00000000-0000-4000-8000-000000000003"
* entry[0].resource = message-patient
* entry[1].fullUrl = "urn:uuid:00000000-0000-4000-8000-000000000006"
* entry[1].resource = message-consent
* entry[2].fullUrl = "urn:uuid:00000000-0000-4000-8000-000000000005"
* entry[2].resource = message-pharmacy
