"""fhir-iop: virtual-IOP records to FHIR R4 and back, validated, served, exchanged, guarded by 42 CFR Part 2."""
