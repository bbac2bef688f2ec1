"""The operators of FHIRPath, one subject a file."""
