"""A narrative's markup, scanned: which elements, attributes, entities, ids and links it has, and whether it is XML.

https://hl7.org/fhir/R4/narrative.html#xhtml and the invariants txt-1 and txt-2: the formatting elements of HTML 4.0's
chapters 7 to 11 and 15, images and links, nothing that is active, in one `div` of the XHTML namespace. A DOCTYPE, a
processing instruction or a CDATA section has no place in it either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

NAMESPACE: Final = "http://www.w3.org/1999/xhtml"


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


_ELEMENTS: Final = _set(
    "a abbr acronym address area b bdo big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 "
    "h4 h5 h6 hr i img kbd li map ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var"
)
_EVERYWHERE: Final = _set("class dir id idref lang style title xml:lang xml:space xmlns")
_TABLE_PART: Final = _set("abbr align axis char charoff colspan headers rowspan scope span valign width")
_ATTRIBUTES: Final[dict[str, frozenset[str]]] = {
    "a": _set("accesskey charset coords href hreflang name rel rev shape tabindex type"),
    "area": _set("accesskey alt coords href nohref shape tabindex"),
    "blockquote": _set("cite"),
    "caption": _set("align"),
    "img": _set("alt height ismap longdesc src usemap width"),
    "map": _set("name"),
    "q": _set("cite"),
    "table": _set("border cellpadding cellspacing frame rules summary width"),
    **dict.fromkeys(("col", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr"), _TABLE_PART),
}

_MARKUP: Final = (
    r"(?P<text>[^<&]+)"
    r"|<(?P<close>/)?(?P<name>[A-Za-z_][\w.:-]*)(?P<attributes>(?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)"
    r"\s*(?P<empty>/)?>"
    r"|&(?:(?P<entity>amp|lt|gt|quot|apos)|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});"
    r"|(?P<comment><!--(?:(?!--).)*-->)"
)
_ATTRIBUTE: Final = re.compile(r"([A-Za-z_][\w.:-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ENTITY_NAME: Final = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_BARE_AMPERSAND: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)")
_REFERENCE: Final = re.compile(r"&#(?:x(?P<hexadecimal>[0-9a-fA-F]{1,6})|(?P<decimal>[0-9]{1,7}));")
_IGNORED: Final = re.compile(r"[\x00-\x20]+")  # by browsers, anywhere in a scheme
_ACTIVE: Final = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
_NAMING: Final = frozenset({"urn", "oid", "uuid", "tag", "info"})
_LOADING_STYLE: Final = re.compile(r"url\s*\(|@import|expression\s*\(", re.IGNORECASE)

Fault = tuple[str, dict[str, str]]


# Most narratives are a div of plain elements, a few levels deep: one match tells that they are clean.
_PLAIN_ELEMENTS: Final = (
    "b|blockquote|caption|code|dd|div|dl|dt|em|h[1-6]|i|li|ol|p|pre|small|span|strong|sub|sup"
    "|table|tbody|td|th|thead|tr|tt|ul"
)
_CLASS: Final = r"(?: class=\"[^\"<&]*+\")?"


def _plain_content(levels: int) -> str:
    text = r"[^<&]++|<br ?/>"
    if levels == 0:
        return f"(?:{text})*+"
    inner = _plain_content(levels - 1)
    return f"(?:{text}|<(?P<name{levels}>{_PLAIN_ELEMENTS}){_CLASS}>{inner}</(?P=name{levels})>)*+"


# The two long expressions are compiled when there is a narrative: start-up time is measured.
@cache
def _token() -> re.Pattern[str]:
    return re.compile(_MARKUP, re.DOTALL)


@cache
def _plain() -> Callable[[str], re.Match[str] | None]:
    attributes = r"(?: (?:lang|xml:lang|class)=\"[^\"<&]*+\")*+"
    return re.compile(rf"<div xmlns=\"{re.escape(NAMESPACE)}\"{attributes}>{_plain_content(5)}</div>").fullmatch


_SAYS_SOMETHING: Final = re.compile(r">\s*+[^<\s]").search


def is_plain(div: str) -> bool:
    """Whether markup is of the plain kind that :func:`scan` surely finds neither faults nor links in."""
    return _plain()(div) is not None and _SAYS_SOMETHING(div) is not None


@dataclass(slots=True)
class Narrative:
    """What a scan found. ``faults`` are rules of the catalogue with their facts; ``links`` are fragments, without #."""

    faults: list[Fault] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)


def scan(div: str) -> Narrative:
    """Scan a narrative's markup to its end, or to where it is no XML."""
    found = Narrative()
    open_elements: list[str] = []
    says_something = False
    at, has_root = 0, False
    div = div.strip()
    while at < len(div):
        token = _token().match(div, at)
        if token is None:
            found.faults.append(_no_token(div, at))
            return found
        at = token.end()
        name = token["name"]
        if not open_elements and (has_root or (name or "").rpartition(":")[2] != "div"):
            found.faults.append(("narrative-root", {}))
            return found
        if name is None:
            if token["comment"] is None and _names_no_character(token[0]):
                found.faults.append(_no_token(div, token.start()))
                return found
            says_something = says_something or (token["comment"] is None and not (token["text"] or "x").isspace())
        elif token["close"]:
            if open_elements.pop() != name:
                found.faults.append(("narrative-markup", {"reason": f"an element ends as {name} that began otherwise"}))
                return found
        else:
            says_something = says_something or name == "img"
            _look_at(found, name, token["attributes"], is_root=not has_root)
            has_root = True
            if not token["empty"]:
                open_elements.append(name)
    if open_elements or not has_root:
        found.faults.append(("narrative-markup", {"reason": "an element is not closed"}))
    elif not says_something and not found.faults:
        found.faults.append(("narrative-empty", {}))
    return found


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a narrative: a child of its div (text directly in it is a part too), with its language and classes."""

    language: str | None
    classes: frozenset[str]


def sections(div: str) -> list[Section]:
    """Return the parts of a narrative that :func:`scan` finds no fault in."""
    found: list[Section] = []
    depth = 0
    for token in _token().finditer(div.strip()):
        if token["name"] is None:
            if depth == 1 and (token["text"] or token["entity"] or "").strip():
                found.append(Section(None, frozenset()))
        elif token["close"]:
            depth -= 1
        else:
            if depth == 1:
                given = _given(token["attributes"])
                language = given.get("lang") or given.get("xml:lang")
                found.append(Section(language, frozenset(given.get("class", "").split())))
            depth += not token["empty"]
    return found


def _given(attributes: str) -> dict[str, str]:
    return {match[1]: match[2] if match[2] is not None else match[3] for match in _ATTRIBUTE.finditer(attributes)}


def _no_token(div: str, at: int) -> Fault:
    entity = _ENTITY_NAME.match(div, at)
    if entity is not None:
        return "narrative-entity", {"name": entity[1]}
    if div.startswith(("<!", "<?"), at):
        return "narrative-markup", {"reason": "there is a declaration, a processing instruction or a CDATA section"}
    return "narrative-markup", {"reason": "a tag or a reference can't be read"}


def _look_at(found: Narrative, name: str, attributes: str, *, is_root: bool) -> None:
    prefix, _, local = name.rpartition(":")
    if local not in _ELEMENTS:
        found.faults.append(("narrative-element", {"name": name}))
    given = _given(attributes)
    if is_root and given.get(f"xmlns:{prefix}" if prefix else "xmlns") != NAMESPACE:
        found.faults.append(("narrative-namespace", {"namespace": NAMESPACE}))
    for attribute, value in given.items():
        if _BARE_AMPERSAND.search(value) or _names_no_character(value):
            found.faults.append(("narrative-markup", {"reason": "an attribute has a reference that can't be read"}))
        _look_at_attribute(found, local, attribute, unescape(value))
    own = {value for attribute, value in given.items() if _is_anchor(local, attribute)}
    if own & found.ids:
        found.faults.append(("narrative-id-twice", {}))
    found.ids |= own


def _names_no_character(text: str) -> bool:
    """Whether a reference by number is to none of XML's characters (https://www.w3.org/TR/xml/#NT-Char)."""
    numbers = (
        int(one["decimal"] or one["hexadecimal"], 10 if one["decimal"] else 16) for one in _REFERENCE.finditer(text)
    )
    return not all(
        number in {9, 10, 13} or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000
        for number in numbers
    )


def _is_anchor(element: str, attribute: str) -> bool:
    """Whether an attribute gives the element a name that links lead to."""
    return attribute == "id" or (attribute == "name" and element in {"a", "map"})


def _look_at_attribute(found: Narrative, element: str, name: str, value: str) -> None:
    if name not in _EVERYWHERE and name not in _ATTRIBUTES.get(element, ()) and not name.startswith("xmlns:"):
        found.faults.append(("narrative-attribute", {"name": name, "element": element}))
    elif name == "href" and _ACTIVE.match(_IGNORED.sub("", value)):
        found.faults.append(("narrative-active", {}))
    elif name == "href" and _names_only(value):
        found.faults.append(("narrative-scheme", {"scheme": value.partition(":")[0]}))
    elif _loads(name, value):
        found.faults.append(("narrative-loads", {"element": element}))
    elif name in {"href", "src"} and value.startswith("#") and len(value) > 1:
        found.links.append(value[1:])


def _names_only(address: str) -> bool:
    """Whether an address names something, and a browser can't go there."""
    scheme, colon, _ = address.partition(":")
    return bool(colon) and scheme.lower() in _NAMING


def _loads(attribute: str, value: str) -> bool:
    """Whether showing the element fetches something from elsewhere."""
    if attribute == "style":
        return _LOADING_STYLE.search(value) is not None
    return attribute in {"src", "longdesc"} and not value.startswith(("#", "data:image/"))
