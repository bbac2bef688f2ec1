"""Words for other servers that are called."""

from fhir_iop.wording.wording import Wording

WORDINGS = {
    "peer-address": Wording(
        "fatal", "value", "This is not an address that can be called: it needs http(s):// and a host."
    ),
    "peer-plain": Wording(
        "fatal",
        "security",
        "{host} would be called without TLS; health data goes over https, or stays on this machine.",
    ),
    "peer-failed": Wording("fatal", "transient", "{host} gave no answer: {cause}."),
    "peer-redirect": Wording("fatal", "security", "{host} redirects to {target}; nothing is sent to another address."),
    "peer-large": Wording("fatal", "too-costly", "{host} answers with more than {limit} bytes."),
}
