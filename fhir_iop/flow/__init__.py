"""The steps a record takes, in their order: the only place that knows it, and where the rooms meet."""

from fhir_iop.flow.delivery import Delivered
from fhir_iop.flow.flow import Flow
from fhir_iop.flow.importing import Synced
from fhir_iop.flow.records import to_resources

__all__ = ["Delivered", "Flow", "Synced", "to_resources"]
