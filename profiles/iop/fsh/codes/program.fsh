// What no standard code at hand says about the program, its people and its plans: code systems of our own, each with a value set of all its codes.

CodeSystem: IOPProgram
Id: iop-program
Title: "Programs and levels of care"
Description: "Programs and levels of care."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-program"
* #iop-2.1 "Intensive outpatient program" "A program of about nine hours of treatment a week or more, level 2.1."

ValueSet: IOPProgramValues
Id: iop-program
Title: "Programs and levels of care"
Description: "Programs and levels of care."
* insert Published
* include codes from system IOPProgram

CodeSystem: IOPModality
Id: iop-modality
Title: "Means of a virtual visit"
Description: "By what means a virtual visit took place."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-modality"
* #audio-video "Audio and video" "Both could see and hear each other."
* #audio-only "Audio only" "They could hear each other only."

ValueSet: IOPModalityValues
Id: iop-modality
Title: "Means of a virtual visit"
Description: "By what means a virtual visit took place."
* insert Published
* include codes from system IOPModality

CodeSystem: IOPTherapy
Id: iop-therapy
Title: "Therapies"
Description: "Therapies that no standard code at hand says."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-therapy"
* #contingency-management "Contingency management" "Rewards for behaviour that the plan asks for, by a schedule agreed on."
* #incentive-delivered "Incentive delivered" "A reward was given, as the plan promises it for a behaviour that was observed."

ValueSet: IOPTherapyValues
Id: iop-therapy
Title: "Therapies"
Description: "Therapies that no standard code at hand says."
* insert Published
* include codes from system IOPTherapy

CodeSystem: IOPGoalMeasure
Id: iop-goal-measure
Title: "What goals are measured by"
Description: "What goals are measured by, where no standard code at hand says it."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-goal-measure"
* #negative-drug-screens "Drug screens as expected" "The number of drug screens in a row without an unexpected finding."

ValueSet: IOPGoalMeasureValues
Id: iop-goal-measure
Title: "What goals are measured by"
Description: "What goals are measured by, where no standard code at hand says it."
* insert Published
* include codes from system IOPGoalMeasure

CodeSystem: IOPDisposition
Id: iop-disposition
Title: "Where a patient goes when a plan ends"
Description: "Where a patient goes when a plan ends."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-disposition"
* #step-down-outpatient "Step-down to outpatient care" "Fewer hours of treatment suffice."
* #step-up-partial-hospitalization "Step-up to partial hospitalization" "More hours of treatment are needed."
* #step-up-residential "Step-up to residential care" "The patient needs a place to live in treatment."
* #step-up-inpatient "Step-up to inpatient care" "The patient needs a hospital."
* #against-advice "Left against advice" "The patient left against advice."
* #administrative "Administrative discharge" "The program ended the treatment."
* #lost-to-follow-up "Lost to follow-up" "The patient can’t be reached."

ValueSet: IOPDispositionValues
Id: iop-disposition
Title: "Where a patient goes when a plan ends"
Description: "Where a patient goes when a plan ends."
* insert Published
* include codes from system IOPDisposition

CodeSystem: IOPOrganization
Id: iop-organization
Title: "Kinds of organizations"
Description: "Kinds of organizations that a virtual IOP deals with."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-organization"
* #program "Intensive outpatient program" "A program itself."
* #pharmacy "Pharmacy" "A pharmacy."
* #laboratory "Laboratory" "A laboratory."
* #clinic "Clinic or practice" "Another clinic or practice."
* #payer "Payer" "Who pays."
* #other "Other" "Another kind."

ValueSet: IOPOrganizationValues
Id: iop-organization
Title: "Kinds of organizations"
Description: "Kinds of organizations that a virtual IOP deals with."
* insert Published
* include codes from system IOPOrganization

CodeSystem: IOPProfession
Id: iop-profession
Title: "Professions"
Description: "Professions of those who treat."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-profession"
* #psychiatrist "Psychiatrist" "Psychiatrist."
* #nurse-practitioner "Nurse practitioner" "Nurse practitioner."
* #physician-assistant "Physician assistant" "Physician assistant."
* #physician "Physician" "Physician."
* #psychologist "Psychologist" "Psychologist."
* #social-worker "Social worker" "Social worker."
* #counselor "Counselor" "Counselor."
* #nurse "Nurse" "Nurse."
* #peer-specialist "Peer specialist" "Peer specialist."
* #pharmacist "Pharmacist" "Pharmacist."

ValueSet: IOPProfessionValues
Id: iop-profession
Title: "Professions"
Description: "Professions of those who treat."
* insert Published
* include codes from system IOPProfession

CodeSystem: IOPTeamRole
Id: iop-team-role
Title: "Roles in a care team"
Description: "Roles in a care team."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-team-role"
* #prescriber "Prescriber" "Prescriber of the team."
* #therapist "Therapist" "Therapist of the team."
* #counselor "Counselor" "Counselor of the team."
* #case-manager "Case manager" "Case manager of the team."
* #nurse "Nurse" "Nurse of the team."
* #peer-specialist "Peer specialist" "Peer specialist of the team."
* #primary-care "Primary care provider" "Primary care provider of the team."
* #pharmacist "Pharmacist" "Pharmacist of the team."

ValueSet: IOPTeamRoleValues
Id: iop-team-role
Title: "Roles in a care team"
Description: "Roles in a care team."
* insert Published
* include codes from system IOPTeamRole

CodeSystem: RecipientClass
Id: recipient-class
Title: "Kinds of recipients"
Description: "Whom a consent means where it names a kind of recipient instead of one: Consent.provision.actor.role, beside a reference that has only a display."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/recipient-class"
* #pharmacy "Pharmacies" "Any pharmacy that the patient has a prescription filled at."
* #treating-provider "Treating providers" "Any person or organization that treats the patient."
* #health-plan "Health plans" "Any plan or insurer that pays for the patient's care."
* #operations "Program operations" "Those who help the program to run, under contract with it."

ValueSet: RecipientClassValues
Id: recipient-class
Title: "Kinds of recipients"
Description: "Whom a consent means where it names a kind of recipient instead of one: Consent.provision.actor.role, beside a reference that has only a display."
* insert Published
* include codes from system RecipientClass

CodeSystem: IOPLevel
Id: iop-level
Title: "Levels of care, by number"
Description: "Levels of care by the numbers that payers and programs call them by. The criteria behind the numbers are proprietary and not carried."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-level"
* #0.5 "Level 0.5" "Early intervention."
* #1 "Level 1" "Outpatient care."
* #2.1 "Level 2.1" "Intensive outpatient care."
* #2.5 "Level 2.5" "Partial hospitalization."
* #3.1 "Level 3.1" "Residential care, low intensity."
* #3.3 "Level 3.3" "Residential care for a particular population."
* #3.5 "Level 3.5" "Residential care, high intensity."
* #3.7 "Level 3.7" "Inpatient care, medically monitored."
* #4 "Level 4" "Inpatient care, medically managed."

ValueSet: IOPLevelValues
Id: iop-level
Title: "Levels of care, by number"
Description: "Levels of care by the numbers that payers and programs call them by."
* insert Published
* include codes from system IOPLevel

CodeSystem: IOPPlanCategory
Id: iop-plan-category
Title: "Kinds of plans"
Description: "Kinds of plans beside the treatment plan."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-plan-category"
* #relapse-prevention "Relapse-prevention plan" "What the patient does when use is near, or has happened."
* #contingency-management "Contingency-management plan" "Which behaviour earns which reward."

ValueSet: IOPPlanCategoryValues
Id: iop-plan-category
Title: "Kinds of plans"
Description: "Kinds of plans beside the treatment plan."
* insert Published
* include codes from system IOPPlanCategory

CodeSystem: SafetyPlanStep
Id: safety-plan-step
Title: "Steps of a safety plan"
Description: "The six steps of a safety plan, in neutral words of our own: no published plan's wording is carried."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/safety-plan-step"
* #warning-signs "Warning signs" "How the patient notices that a crisis may be coming."
* #internal-coping "What I can do myself" "What the patient can do alone."
* #social-distraction "People and places" "People and places that take the mind off it."
* #crisis-support "Whom I can ask" "Family and friends who can be asked for help."
* #professional-support "Professionals and lines" "Professionals, services and crisis lines, with their numbers."
* #lethal-means-safety "A safer place" "What is done so that means of harm are out of reach."

ValueSet: SafetyPlanStepValues
Id: safety-plan-step
Title: "Steps of a safety plan"
Description: "The six steps of a safety plan."
* insert Published
* include codes from system SafetyPlanStep

CodeSystem: RelapsePlanSection
Id: relapse-plan-section
Title: "Sections of a relapse-prevention plan"
Description: "The sections of a relapse-prevention plan."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/relapse-plan-section"
* #triggers "Triggers" "People, places and feelings that bring use near."
* #coping "Coping" "What the patient does then."
* #contacts "Contacts" "Who can be called."
* #lapse-steps "After a lapse" "What happens after use, so that it stays a lapse."

ValueSet: RelapsePlanSectionValues
Id: relapse-plan-section
Title: "Sections of a relapse-prevention plan"
Description: "The sections of a relapse-prevention plan."
* insert Published
* include codes from system RelapsePlanSection

CodeSystem: IOPList
Id: iop-list
Title: "Lists"
Description: "What a list is of."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-list"
* #reconciled-medications "Reconciled medications" "The medicines that were compared, each with what was decided."

ValueSet: IOPListValues
Id: iop-list
Title: "Lists"
Description: "What a list is of."
* insert Published
* include codes from system IOPList

CodeSystem: IOPContingencySchedule
Id: iop-contingency-schedule
Title: "Schedules of rewards"
Description: "How the value of a reward is found."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-contingency-schedule"
* #escalating "Escalating" "Each behaviour in a row earns more; a miss starts again at the first value."
* #fishbowl "Draws" "Each behaviour earns draws of prizes."
* #fixed "Fixed" "Each behaviour earns the same."

ValueSet: IOPContingencyScheduleValues
Id: iop-contingency-schedule
Title: "Schedules of rewards"
Description: "How the value of a reward is found."
* insert Published
* include codes from system IOPContingencySchedule

CodeSystem: IOPSessionReason
Id: iop-session-reason
Title: "Why a session did not take place"
Description: "Why a planned session did not take place for a patient."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-session-reason"
* #no-show "Not there" "The patient did not come and had not said so."
* #cancelled-by-patient "Cancelled by the patient" "The patient had said that it does not suit."
* #cancelled-by-program "Cancelled by the program" "The program called it off."
* #technical "Technical trouble" "The line or a device failed."
* #unwell "Unwell" "The patient was too unwell to take part."

ValueSet: IOPSessionReasonValues
Id: iop-session-reason
Title: "Why a session did not take place"
Description: "Why a planned session did not take place for a patient."
* insert Published
* include codes from system IOPSessionReason

CodeSystem: IOPDisclosure
Id: iop-disclosure
Title: "Disclosures"
Description: "How records left, and what is counted of it."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-disclosure"
* #search "Search" "Records left as the answer to a search or a read."
* #export "Export" "Records left in a bulk export."
* #message "Message" "Records left in a message."
* #withheld "Withheld" "How many records were left out because no consent covers them."

ValueSet: IOPDisclosureValues
Id: iop-disclosure
Title: "Disclosures"
Description: "How records left, and what is counted of it."
* insert Published
* include codes from system IOPDisclosure

CodeSystem: IOPForm
Id: iop-form
Title: "Forms"
Description: "The program's own forms."
* insert Codes
* ^valueSet = "https://example.org/fhir/iop/ValueSet/iop-form"
* #check-in "Weekly check-in" "How the week was."
* #medication-check "Medication check" "How a medicine was taken, and what it did that was not wanted."

ValueSet: IOPFormValues
Id: iop-form
Title: "Forms"
Description: "The program's own forms."
* insert Published
* include codes from system IOPForm
