// How well each code that the guide names is known, and the standard codes it names, by purpose.

CodeSystem: CodeVerificationCodes
Id: code-verification
Title: "Verification of codes"
Description: "How well a code is known. Nothing less certain than these is in the guide."
* insert Published
* ^caseSensitive = true
* ^content = #complete
* ^extension[code-verification].valueCode = #local
* ^valueSet = "https://example.org/fhir/iop/ValueSet/code-verification"
* #verified "Verified" "Code and display were read in a source derived from the terminology."
* #secondary "Secondary" "Code and display were read in public work that says it copied the terminology. A terminologist has to look."
* #local "Local" "No standard code was found: a code system of our own. A terminologist may know one."

ValueSet: CodeVerificationValues
Id: code-verification
Title: "Verification of codes"
Description: "How well a code is known."
* insert Published
* include codes from system CodeVerificationCodes
