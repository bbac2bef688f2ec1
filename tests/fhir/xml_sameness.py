"""When two FHIR XML documents, or two resources in JSON, say the same.

XML: the same elements in the same order with the same attributes, after XML's own normalisation of attribute values;
comments, processing instructions and white space between elements don't count. A narrative's `div` is compared in its
exclusive canonical form (https://www.w3.org/TR/xml-exc-c14n/) without comments: how a character, an empty element, a
line end or an attribute's quotes are spelt, and which unused namespaces are declared, doesn't count.

JSON: the same properties in any order and the same items in the same order, of the same JSON type; numbers by their
digits (0.50 is not 0.5); a `div` as in XML. A null only fills up an array.
"""

from decimal import Decimal
from typing import Any

from lxml import etree

DIV = "{http://www.w3.org/1999/xhtml}div"


def xml(raw: bytes | str) -> dict[str, Any]:
    """What a document says, by path."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False)
    root = etree.fromstring(raw.encode() if isinstance(raw, str) else raw, parser)
    found: dict[str, Any] = {}
    _element(root, etree.QName(root).localname, found)
    return found


def _element(element: Any, path: str, found: dict[str, Any]) -> None:
    if element.tag == DIV:
        found[path] = _div(element)
        return
    texts = [element.text, *(inner.tail for inner in element)]
    found[path] = element.tag, dict(element.attrib), [text for text in texts if text and text.strip()]
    for at, inner in enumerate(element):
        _element(inner, f"{path}/{at} {etree.QName(inner).localname}", found)


def _div(element: Any) -> bytes:
    canonical: bytes = etree.tostring(element, method="c14n", exclusive=True, with_comments=False, with_tail=False)
    return canonical.replace(b"&#xD;\n", b"\n")


def json(value: Any, path: str = "") -> dict[str, Any]:
    """What a resource says, by path."""
    if isinstance(value, dict):
        return {k: v for name, inner in value.items() for k, v in json(inner, f"{path}.{name}").items()}
    if isinstance(value, list):
        return {k: v for at, inner in enumerate(value) for k, v in json(inner, f"{path}[{at}]").items()}
    if path.endswith(".div") and isinstance(value, str):
        try:
            return {path: _div(etree.fromstring(value.encode(), etree.XMLParser(remove_comments=True)))}
        except etree.XMLSyntaxError:
            return {path: value}
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return {path: ("number", str(value))}
    return {} if value is None else {path: value}


def differences(ours: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """The paths at which two of those differ, in order."""
    return [path for path in {**ours, **theirs} if ours.get(path, "none") != theirs.get(path, "none")]
