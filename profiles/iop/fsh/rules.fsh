// What many definitions say alike.

RuleSet: Published
* ^status = #draft
* ^experimental = true
* ^date = "2026-03-01"
* ^publisher = "fhir-iop"

RuleSet: PublishedInstance
* status = #draft
* experimental = true
* date = "2026-03-01"
* publisher = "fhir-iop"
* version = "0.1.0"

// A code system of our own: all of its codes are local, and that is said of the whole.
RuleSet: Codes
* insert Published
* ^caseSensitive = true
* ^content = #complete
* ^extension[code-verification].valueCode = #local

RuleSet: Titled(title)
* ^title = {title}

// Whose content it holds.
RuleSet: CopyrightLoinc
* ^copyright = "This material contains content from LOINC (http://loinc.org), copyright © Regenstrief Institute, Inc. and the LOINC Committee, available at no cost under the licence at http://loinc.org/license."

RuleSet: CopyrightSnomed
* ^copyright = "This material includes content of SNOMED CT, copyright SNOMED International; its use may need a licence from SNOMED International or a member."

RuleSet: CopyrightLoincSnomed
* ^copyright = "This material contains content from LOINC (http://loinc.org), copyright © Regenstrief Institute, Inc. and the LOINC Committee, available at no cost under the licence at http://loinc.org/license. It includes content of SNOMED CT, copyright SNOMED International; its use may need a licence from SNOMED International or a member."

RuleSet: CopyrightSnomedRxNorm
* ^copyright = "This material includes content of SNOMED CT, copyright SNOMED International; its use may need a licence from SNOMED International or a member. Names and codes of RxNorm are in the public domain, by courtesy of the U.S. National Library of Medicine."

RuleSet: CopyrightHL7
* ^copyright = "Codes of HL7 code systems: copyright Health Level Seven International, published under CC0-1.0."

// Every profile whose instances may carry the label of 42 CFR Part 2.
RuleSet: CanBeLabelled
* meta.security MS
* obeys iop-p2-2
