// Consent, disclosure, provenance and bundles.

Profile: IOPPart2Consent
Parent: Consent
Id: iop-part2-consent
Title: "IOP consent under 42 CFR Part 2"
Description: "A patient's written consent that records under 42 CFR Part 2 be disclosed: by whom, to whom, for what and until when."
* insert Published
* insert CopyrightHL7
* insert CanBeLabelled
* obeys iop-cn-1
* status MS
* scope = $ConsentScope#patient-privacy
* scope MS
* category MS
* patient 1..1 MS
* patient only Reference($us-core-patient)
* dateTime 1..1 MS
* dateTime ^short = "When it was signed"
* performer 1..* MS
* performer ^short = "Who signed"
* organization 1..* MS
* organization ^short = "The program that discloses"
* source[x] 1..1 MS
* source[x] ^short = "The signed form"
* policy MS
* policy.uri MS
* policyRule MS
* verification MS
* provision 1..1 MS
* provision.type 1..1 MS
* provision.type = #permit
* provision.period MS
* provision.period ^short = "Until when; none is needed for treatment, payment and operations"
* provision.actor 1..* MS
* provision.actor ^short = "Whom the records may be given to"
* provision.purpose 1..* MS
* provision.securityLabel 1..* MS
* provision.provision MS
* provision.provision ^short = "What is excepted"

Profile: IOPDisclosureAudit
Parent: AuditEvent
Id: iop-disclosure-audit
Title: "IOP disclosure log"
Description: "That records left: which, to whom, for what, under which consent, and how many were withheld."
* insert Published
* insert CopyrightHL7
* type MS
* subtype 1..* MS
* subtype from IOPDisclosureValues (extensible)
* recorded MS
* agent MS
* purposeOfEvent 1..* MS
* entity 1..* MS
* entity ^short = "Whose records, which of them, and the consent"
* entity.what MS
* entity.detail MS
* entity.detail ^short = "How many were withheld"

Profile: IOPProvenance
Parent: $us-core-provenance
Id: iop-provenance
Title: "IOP provenance"
Description: "Where a record that came or left was from."
* insert Published
* insert CanBeLabelled
* entity MS
* entity.role MS
* entity.what MS
* entity.what ^short = "The message or bundle it came in"
* signature MS
* signature ^short = "Only one that was made before the record came here"

Profile: IOPPrescriptionMessage
Parent: Bundle
Id: iop-prescription-message
Title: "IOP prescription message"
Description: "What a pharmacy is sent: the orders, the patient, the prescriber, the pharmacy, the indication, and nothing more."
* insert Published
* insert CopyrightHL7
* insert CanBeLabelled
* obeys iop-bdl-1 and iop-bdl-2 and iop-bdl-3
* identifier 1..1 MS
* identifier ^short = "The message's own, the same on every try"
* type = #message
* timestamp 1..1 MS
* entry 1..* MS
* entry.fullUrl 1..1 MS
* entry.resource 1..1 MS

Profile: IOPPart2Bundle
Parent: Bundle
Id: iop-part2-bundle
Title: "IOP bundle under 42 CFR Part 2"
Description: "Records that are disclosed together: where one is under 42 CFR Part 2, all of the bundle is, and the consent goes with it."
* insert Published
* insert CopyrightHL7
* insert CanBeLabelled
* obeys iop-bdl-4
* entry MS
