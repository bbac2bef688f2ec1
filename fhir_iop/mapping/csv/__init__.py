"""Records out of CSV: which column is which field, how cells are written, and one finding a row that can't be read."""

from fhir_iop.mapping.csv.columns import Columns, read_columns
from fhir_iop.mapping.csv.rows import Row, records

__all__ = ["Columns", "Row", "read_columns", "records"]
