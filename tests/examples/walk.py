"""`examples/walk.http`: read as VS Code's REST Client reads it, sent, and held to what its comments expect.

What is read of the format: `@name = value`, requests between `###`, `# @name`, headers, a body or `< file`, and
`{{name}}`, `{{name.response.headers.X}}`, `{{name.response.body.$.path}}`. Of our own is `# expect`, of three forms:
`status N`, `header X is|ends with TEXT`, and a FHIRPath that is true of the body.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fhir_iop import fhirpath
from fhir_iop.definitions import Definitions
from fhir_iop.fhir import json
from tests.examples.stories import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import requests

WALK: Final = EXAMPLES / "walk.http"

_VARIABLE: Final = re.compile(r"\{\{([^}]+)\}\}")
_REQUEST: Final = re.compile(r"(GET|POST|PUT|DELETE) (\S+)")
_HEADER: Final = re.compile(r"header (\S+) (is|ends with) (.+)")


@dataclass(frozen=True)
class Asked:
    """One request as it is written, variables not filled in."""

    title: str
    name: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: str
    expected: tuple[str, ...]

    @property
    def status(self) -> int:
        (found,) = (int(each.removeprefix("status ")) for each in self.expected if each.startswith("status "))
        return found


def variables(text: str) -> dict[str, str]:
    """Return what the head of the file names."""
    return dict(re.findall(r"^@(\w+) = (\S+)$", text, re.MULTILINE))


def asked(text: str) -> Iterator[Asked]:
    """Yield the requests of the file."""
    for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        title, _, rest = part.partition("\n")
        head, _, body = rest.partition("\n\n")
        lines = head.splitlines()
        comments = [line.removeprefix("#").strip() for line in lines if line.startswith("#")]
        line, *headers = (line for line in lines if not line.startswith("#"))
        found = _REQUEST.fullmatch(line)
        assert found, line
        yield Asked(
            title=title,
            name=next((each.removeprefix("@name ") for each in comments if each.startswith("@name ")), ""),
            method=found[1],
            url=found[2],
            headers=dict(header.split(": ", 1) for header in headers),
            body=body.strip(),
            expected=tuple(each.removeprefix("expect ") for each in comments if each.startswith("expect ")),
        )


def filled(text: str, known: Mapping[str, str], answers: Mapping[str, requests.Response]) -> str:
    """Return ``text`` with its variables filled in, from the head of the file and from ``answers`` by their names."""

    def value(found: re.Match[str]) -> str:
        name, _, way = found[1].partition(".response.")
        if not way:
            return known[name]
        where, _, steps = way.partition(".")
        return answers[name].headers[steps] if where == "headers" else str(_at(answers[name].json(), steps))

    return _VARIABLE.sub(value, text)


def body_of(request: Asked) -> str:
    """Return the body as it is written, or what the file that it names holds."""
    if request.body.startswith("< "):
        return (EXAMPLES / request.body.removeprefix("< ")).read_text("utf-8")
    return request.body


def unmet(request: Asked, answer: requests.Response) -> list[str]:
    """Return the expectations that ``answer`` doesn't meet."""
    return [each for each in request.expected if not _met(each, answer)]


def _met(expected: str, answer: requests.Response) -> bool:
    if expected.startswith("status "):
        return answer.status_code == int(expected.removeprefix("status "))
    header = _HEADER.fullmatch(expected)
    if header:
        told = answer.headers.get(header[1], "")
        return told == header[3] if header[2] == "is" else told.endswith(header[3])
    resource = json.decode_object(answer.content)
    try:
        return fhirpath.compile(expected, resource["resourceType"], Definitions.bundled()).holds(resource)
    except fhirpath.FhirPathError:  # it is said of a resource of another type
        return False


def _at(value: Any, path: str) -> Any:
    """Return what lies at ``path`` ($.entry[0].resource.id) in ``value``."""
    for step in re.findall(r"\w+", path.removeprefix("$")):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value
