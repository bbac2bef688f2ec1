// Plans, goals, sessions, rewards and the people.

RuleSet: PlanHasKind
* category ^slicing.discriminator.type = #pattern
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open

Profile: IOPCarePlan
Parent: $us-core-careplan
Id: iop-care-plan
Title: "IOP treatment plan"
Description: "The treatment plan: therapies with their schedule, the orders, the goals, the team."
* insert Published
* insert CopyrightSnomed
* insert CanBeLabelled
* obeys iop-cp-1 and iop-cp-2 and iop-cp-3 and iop-cp-4
* extension contains DischargeDisposition named disposition 0..1 MS
* category contains program 0..1 MS
* category[program] = IOPProgram#iop-2.1
* period MS
* careTeam MS
* addresses MS
* goal MS
* activity MS
* activity.reference MS
* activity.detail MS
* activity.detail.code MS
* activity.detail.scheduled[x] MS

Profile: IOPDischarge
Parent: IOPCarePlan
Id: iop-discharge
Title: "IOP discharge"
Description: "A treatment plan that ended, and where the patient went from here: the same CarePlan with its end, or one that replaces it. Referral, summary and discharge medication stand in their own US Core resources."
* insert Published
* extension[disposition] 1..1
* status from IOPEndedStatus (required)
* period 1..1
* period.end 1..1 MS
* note MS

Profile: IOPRelapsePreventionPlan
Parent: $us-core-careplan
Id: iop-relapse-prevention-plan
Title: "IOP relapse-prevention plan"
Description: "What brings use near, what the patient does then, who helps, and what happens after a lapse."
* insert Published
* insert CanBeLabelled
* obeys iop-rp-1
* category contains relapsePrevention 1..1 MS
* category[relapsePrevention] = IOPPlanCategory#relapse-prevention
* addresses MS
* goal MS
* activity 1..* MS
* activity.detail MS
* activity.detail.code MS
* activity.detail.code from RelapsePlanSectionValues (extensible)
* activity.detail.description MS

Profile: IOPSafetyPlan
Parent: $us-core-careplan
Id: iop-safety-plan
Title: "IOP safety plan"
Description: "What the patient does in a crisis, in six steps."
* insert Published
* insert CopyrightLoinc
* insert CanBeLabelled
* obeys iop-cp-5
* category contains safety 1..1 MS
* category[safety] = $LNC#87626-8
* period MS
* period ^short = "Ends when it has to be looked at again"
* author MS
* author ^short = "The clinician"
* contributor MS
* contributor ^short = "The patient"
* activity 6..* MS
* activity.detail MS
* activity.detail.code MS
* activity.detail.code from SafetyPlanStepValues (extensible)
* activity.detail.description MS

Profile: IOPContingencyPlan
Parent: CarePlan
Id: iop-contingency-plan
Title: "IOP contingency-management plan"
Description: "Which behaviour earns which reward, by which schedule and up to which cap."
* insert Published
* insert CanBeLabelled
* extension contains ContingencySchedule named schedule 1..1 MS and ContingencyCap named cap 0..1 MS
* category 1..* MS
* insert PlanHasKind
* category contains contingencyManagement 1..1 MS
* category[contingencyManagement] = IOPPlanCategory#contingency-management
* subject only Reference($us-core-patient)
* subject MS
* period MS
* goal MS
* activity 1..* MS
* activity.detail 1..1 MS
* activity.detail.code 1..1 MS
* activity.detail.code = IOPTherapy#contingency-management
* activity.detail.goal 1..* MS

Profile: IOPIncentiveDelivery
Parent: Procedure
Id: iop-incentive-delivery
Title: "IOP reward"
Description: "A reward that was given, for a behaviour that was observed. It never goes to a pharmacy."
* insert Published
* insert CanBeLabelled
* extension contains IncentiveValue named value 1..1 MS
* basedOn MS
* status from IOPRewardStatus (required)
* status MS
* code 1..1 MS
* code = IOPTherapy#incentive-delivered
* subject only Reference($us-core-patient)
* subject MS
* performed[x] 1..1 MS
* performed[x] only dateTime
* reasonReference 1..* MS
* reasonReference only Reference(Observation)
* reasonReference ^short = "What earned it"

Profile: IOPGoal
Parent: $us-core-goal
Id: iop-goal
Title: "IOP goal"
Description: "What treatment is to reach, so that it can be measured."
* insert Published
* insert CopyrightHL7
* insert CanBeLabelled
* obeys iop-gl-1
* achievementStatus MS
* target.measure MS
* target.detail[x] MS
* addresses MS
* outcomeReference MS

Profile: IOPSession
Parent: $us-core-procedure
Id: iop-session
Title: "IOP session"
Description: "One patient's part in a session of therapy, alone or in a group. A group is known by an opaque number and never by its members. The booking is an Appointment, the visit an IOP telehealth encounter."
* insert Published
* insert CopyrightSnomed
* insert CanBeLabelled
* obeys iop-ses-1
* extension contains SessionId named session 0..1 MS
* identifier MS
* identifier ^short = "The session's number, opaque"
* basedOn MS
* statusReason MS
* statusReason from IOPSessionReasonValues (extensible)
* code from IOPTherapies (extensible)
* encounter MS

Profile: IOPTelehealthEncounter
Parent: $us-core-encounter
Id: iop-telehealth-encounter
Title: "IOP telehealth encounter"
Description: "A visit by video or by telephone, and the state in which the patient was."
* insert Published
* insert CopyrightSnomed
* insert CanBeLabelled
* extension contains Modality named modality 1..1 MS and PatientState named patientState 1..1 MS and SessionId named session 0..1 MS
* class = $ActCode#VR
* participant 1..*
* period 1..1

Profile: IOPEpisode
Parent: EpisodeOfCare
Id: iop-episode
Title: "IOP episode"
Description: "A patient's time in the program, from the plan to admit to the end."
* insert Published
* insert CopyrightHL7
* insert CanBeLabelled
* extension contains DischargeDisposition named disposition 0..1 MS
* status MS
* type 1..* MS
* type ^slicing.discriminator.type = #pattern
* type ^slicing.discriminator.path = "$this"
* type ^slicing.rules = #open
* type contains program 1..1 MS and substanceUse 0..1 MS
* type[program] = IOPProgram#iop-2.1
* type[substanceUse] = $ServiceType#108
* diagnosis MS
* diagnosis.condition MS
* patient only Reference($us-core-patient)
* patient MS
* managingOrganization 1..1 MS
* managingOrganization ^short = "The program; the organization says whether it is under 42 CFR Part 2"
* period 1..1 MS
* careManager MS
* team MS

Profile: IOPCareTeam
Parent: $us-core-careteam
Id: iop-care-team
Title: "IOP care team"
Description: "Who treats the patient: a prescriber and a therapist at least."
* insert Published
* insert CanBeLabelled
* obeys iop-ct-1

Profile: IOPPharmacy
Parent: $us-core-organization
Id: iop-pharmacy
Title: "IOP pharmacy"
Description: "A pharmacy that prescriptions are sent to."
* insert Published
* obeys iop-ph-1
* type 1..* MS
* type from IOPOrganizationValues (extensible)
