"""The index of the examples, `examples/README.md`: what each file shows, which profile it claims, what is expected."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fhir_iop.definitions import Definitions
from fhir_iop.fhir import json
from tests.examples.findings import explanations, worse_than_information
from tests.examples.shown import Shown, claimed, concepts, profile_of, showing, shown
from tests.examples.stories import BY_HAND, EXAMPLES, RECORDS, STORIES, STORY, by_hand, records_of
from tests.examples.walk import WALK, asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

HERE = Path(__file__).parent


def page(stories: Mapping[Path, bytes], ndjson: Mapping[Path, bytes]) -> str:
    """Return the index of the ``stories``' files, the same as ``ndjson``, and what lies beside them."""
    told = [*_concepts(shown(stories)), *_stories(stories), *_warnings(), *_bulk(ndjson), *_walk(), *_errors()]
    parts = [_prose("about"), *told, _prose("no_code")]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _prose(name: str) -> str:
    return (HERE / f"{name}.md").read_text("utf-8")


def _concepts(among: list[Shown]) -> Iterator[str]:
    rows = []
    for concept in concepts():
        by_story: dict[Path, list[str]] = {}
        for one in showing(concept, among):
            by_story.setdefault(one.story, []).append(one.name)
        where = "; ".join(f"[{story.name[:2]}]({story.name}) {_few(names)}" for story, names in by_story.items())
        profile = profile_of(concept["own_profile"])
        rows.append(f"| {concept['concept']} | {_type(profile)} | {_short(profile)} | {where} |")
    yield "## Where each concept is shown\n"
    yield "By the id of the record and, behind it, its part; by the resource's own where it is of no record.\n"
    yield _table("| concept | resource | profile | story, and of which record |", rows)


def _stories(files: Mapping[Path, bytes]) -> Iterator[str]:
    yield "## The stories\n"
    for story in STORIES:
        title, _, happened = (story / STORY).read_text("utf-8").partition("\n")
        yield f"### {story.name}: {title.removeprefix('# ')}\n\n{happened.strip()}\n"
        count = len(records_of(story))
        rows = [_row(story, RECORDS, f"{count} records of the program", "", "maps without a finding")]
        if more := by_hand(story):
            profiles = sorted({_short(profile) for one in more for profile in claimed(one)})
            told = f"what no record says: {_types(more)}"
            rows.append(_row(story, BY_HAND, told, ", ".join(profiles), "part of resources.json"))
        held = sorted((path for path in files if path.parent == story), key=_in_turn)
        rows += [_file_row(path, json.decode_object(files[path])) for path in held]
        yield _table("| file | shows | profiles | expected |", rows)


def _table(head: str, rows: Iterable[str]) -> str:
    return "\n".join([head, "|---" * (head.count("|") - 1) + "|", *rows]) + "\n"


def _in_turn(path: Path) -> tuple[str, int]:
    """Sort a message before its answer, and that before what follows from it; the story comes first."""
    number, _, kind = path.name.removesuffix(".json").rpartition(".")
    return number, ["resources", "message", "answer", "task"].index(kind)


def _file_row(path: Path, resource: dict[str, Any]) -> str:
    what = {
        "resources": "the story as a transaction: ",
        "message": "what the pharmacy is sent: ",
        "answer": "what the pharmacy answers: ",
        "task": "where the prescription is after that",
    }[path.name.removesuffix(".json").rpartition(".")[2]]
    held = [entry["resource"] for entry in resource.get("entry", ())]
    what += _types(held)
    profiles = {_short(profile) for one in (resource, *held) for profile in claimed(one)}
    return _row(path.parent, path.name, what, ", ".join(sorted(profiles)), _expected(resource))


def _types(resources: Iterable[dict[str, Any]]) -> str:
    return _counted(Counter(one["resourceType"] for one in resources))


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" if count > 1 else name for name, count in sorted(counts.items()))


def _row(folder: Path, name: str, shows: str, profiles: str, expected: str) -> str:
    return f"| [{name}]({folder.name}/{name}) | {shows} | {profiles} | {expected} |"


def _expected(resource: dict[str, Any]) -> str:
    told = _counted(Counter(_explained(found) for found in worse_than_information(resource)))
    return f"valid; warns: {told}" if told else "valid"


def _explained(found: Any) -> str:
    """Name the explanation of a warning; what has none is shown as it is, and fails the tests."""
    return next((each.name for each in explanations() if each.explains(found)), f"{found.severity} {found.rule}")


def _bulk(files: Mapping[Path, bytes]) -> Iterator[str]:
    yield "## Bulk\n"
    yield "What the stories' `resources.json` hold, a type a file. Each line is valid; the warnings are the same.\n"
    rows = []
    for path, content in sorted(files.items()):
        lines = [json.decode_object(line) for line in content.splitlines()]
        profiles = sorted({_short(profile) for one in lines for profile in claimed(one)})
        rows.append(f"| [{path.name}](bulk/{path.name}) | {len(lines)} | {', '.join(profiles)} |")
    yield _table("| file | resources | profiles |", rows)


def _walk() -> Iterator[str]:
    yield "## The walk\n"
    rows = []
    for request in asked(WALK.read_text("utf-8")):
        rest = [each for each in request.expected if not each.startswith("status ")]
        told = "; ".join([str(request.status), *(f"`{each}`" for each in rest)]).replace("|", "\\|")
        rows.append(f"| {request.title} | {request.method} | {told} |")
    yield _table("| request of [`walk.http`](walk.http) | | expected |", rows)


def _warnings() -> Iterator[str]:
    yield "## Warnings, and why they are left\n"
    yield "From [`warnings.toml`](warnings.toml): stories and the guide's valid examples have no other, and no error.\n"
    rows = [f"| {each.name} | {each.rule} | {each.because} |" for each in explanations()]
    yield _table("| warning | rule | why |", rows)


def _errors() -> Iterator[str]:
    rows = []
    for path in sorted((EXAMPLES / "errors").glob("*.request.json")):
        request = json.decode_object(path.read_bytes())
        answer = json.decode_object(path.with_name(path.name.replace(".request.", ".answer.")).read_bytes())
        rules = ", ".join(dict.fromkeys(_rules(answer["body"])))
        asked = f"{request['method']} {request['path']}"
        name = path.name.removesuffix(".request.json")
        rows.append(
            f"| [{name}](errors/{path.name}) | {request['says']} | `{asked}` | "
            f"[{answer['status']}](errors/{path.name.replace('.request.', '.answer.')}) {rules} |"
        )
    yield "## Requests that are refused\n"
    yield _table("| request | shows | asked | expected |", rows)


def _rules(value: Any) -> Iterator[str]:
    """Yield the codes of the issues anywhere in an answer."""
    if isinstance(value, list):
        for item in value:
            yield from _rules(item)
    elif isinstance(value, dict):
        if value.get("resourceType") != "OperationOutcome":
            for inner in value.values():
                yield from _rules(inner)
            return
        for issue in value["issue"]:
            yield from (coding["code"] for coding in issue.get("details", {}).get("coding", ()))


def _type(profile: str) -> str:
    structure = Definitions.bundled().structure(profile)
    return structure.type if structure else ""


def _short(profile: str) -> str:
    return profile.rpartition("/")[2]


def _few(names: list[str]) -> str:
    kept = names[:2]
    return ", ".join(kept) + (f" and {len(names) - 2} more" if len(names) > 2 else "")
