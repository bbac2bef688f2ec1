"""Published examples with one defect each, what must be found in them, and a harmless change beside each."""
