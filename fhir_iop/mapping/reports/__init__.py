"""What can be said of mappings without a record, and of one record on its way: the reports."""
