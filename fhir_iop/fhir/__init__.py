"""What FHIR data is, apart from any definition of it: JSON, references, dates, quantities, dosage, outcomes, models."""
