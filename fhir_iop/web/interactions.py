"""Everything that the endpoint can do, in one table: what isn't in it isn't served and isn't promised."""

from __future__ import annotations

from fhir_iop.web.create import create, creation
from fhir_iop.web.delete import delete, deletion
from fhir_iop.web.exchange import Interaction
from fhir_iop.web.history import history
from fhir_iop.web.read import read
from fhir_iop.web.search import search
from fhir_iop.web.update import new_version, update
from fhir_iop.web.validate import validate
from fhir_iop.web.vread import vread

_VERSIONED = {"versioning": "versioned-update"}

PER_TYPE = (
    Interaction(("read",), "GET", "/<type>/<id>", read, features={"conditionalRead": "full-support"}),
    Interaction(("vread",), "GET", "/<type>/<id>/_history/<version>", vread, features=_VERSIONED),
    Interaction(("update",), "PUT", "/<type>/<id>", update, "resource", new_version, {"updateCreate": True}),
    Interaction(("delete",), "DELETE", "/<type>/<id>", delete, "none", deletion),
    Interaction(("history-instance",), "GET", "/<type>/<id>/_history", history, features={"readHistory": True}),
    Interaction(("create",), "POST", "/<type>", create, "resource", creation, {"conditionalCreate": True}),
    Interaction(("search-type",), "GET", "/<type>", search),
    Interaction(("search-type",), "POST", "/<type>/_search", search, "form"),
    Interaction(("$validate",), "POST", "/<type>/$validate", validate, "resource"),
    Interaction(("$validate",), "POST", "/<type>/<id>/$validate", validate, "optional"),
    Interaction(("$validate",), "GET", "/<type>/<id>/$validate", validate),
)
