"""FHIRPath for R4: parsed, typed from the definitions, and compiled to Python source."""
