"""`fhir-iop map`: what it reads, what it writes, what it refuses and how, and how it ends."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fhir_iop import data
from fhir_iop.cli.map import command, processes
from fhir_iop.cli.map.mapper import Mapper
from fhir_iop.definitions import Definitions
from fhir_iop.fhir.json import decode
from fhir_iop.validation import Validator

ADA = {
    "record": "patient",
    "id": "pt-1",
    "name": {"family": "Example", "given": ["Ada"]},
    "sex": "female",
    "birth_date": "1990-02-28",
}
BO = {**ADA, "id": "pt-2", "part2": True}
MISSPELT = {**ADA, "id": "pt-3", "sexx": "x"}
ANSWERS = [
    ("69725-0", 1),
    ("68509-9", 1),
    ("69733-4", 1),
    ("69734-2", 1),
    ("69735-9", 1),
    ("69689-8", 1),
    ("69736-7", 1),
]
GAD7 = {
    "record": "questionnaire",
    "id": "q-1",
    "patient": "pt-1",
    "instrument": "gad-7",
    "at": "2026-03-02T15:04:00-05:00",
    "answers": [{"item": item, "answer": "LA6569-3"} for item, _ in ANSWERS],
}


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(command, arguments, input=stdin)


def lines(text: str) -> list[dict[str, Any]]:
    return [decode(line) for line in text.splitlines()]


def write(file: Path, *records: Any) -> str:
    file.write_text("\n".join(map(json.dumps, records)), "utf-8")
    return str(file)


def test_one_record_to_a_line_a_resource(tmp_path: Path) -> None:
    result = run(write(tmp_path / "ada.json", ADA))
    (patient,) = lines(result.stdout)
    assert (patient["resourceType"], patient["birthDate"]) == ("Patient", "1990-02-28")
    assert result.stderr == "1 records mapped to 1 resources.\n"
    assert result.exit_code == 0


def test_what_is_written_is_labelled_scored_and_valid(tmp_path: Path) -> None:
    result = run(write(tmp_path / "a.ndjson", BO, GAD7))
    patient, answers, score = lines(result.stdout)
    assert patient["meta"]["security"][0]["code"] == "42CFRPart2"
    assert score["valueQuantity"]["value"] == 7
    assert score["derivedFrom"][0]["reference"] == f"QuestionnaireResponse/{answers['id']}"
    validator = Validator(Definitions.bundled(), unknown_profile="error")
    for resource in (patient, answers, score):
        assert not any(found.is_error for found in validator.validate(resource))


@pytest.mark.parametrize("form", ["array", "ndjson", "folder", "-"])
def test_all_ways_to_give_records(form: str, tmp_path: Path) -> None:
    if form == "array":
        result = run(write(tmp_path / "all.json", [ADA, BO]))
    elif form == "ndjson":
        result = run(write(tmp_path / "all.ndjson", ADA, BO))
    elif form == "folder":
        write(tmp_path / "a.json", ADA)
        write(tmp_path / "b.ndjson", BO)
        result = run(str(tmp_path))
    else:
        result = run("-", stdin=f"{json.dumps(ADA)}\n\n{json.dumps(BO)}\n")
    assert [patient["identifier"][0]["value"] for patient in lines(result.stdout)] == ["pt-1", "pt-2"]


def test_a_refused_record_is_told_and_the_good_ones_are_not_lost(tmp_path: Path) -> None:
    file = tmp_path / "mixed.ndjson"
    file.write_text(
        "\n".join([json.dumps(ADA), json.dumps(MISSPELT), "{broken", json.dumps([]), json.dumps(BO)]), "utf-8"
    )
    result = run(str(file))
    assert [patient["identifier"][0]["value"] for patient in lines(result.stdout)] == ["pt-1", "pt-2"]
    told = result.stderr.splitlines()
    assert told[0] == f"{file}:2: error: /sexx: There is no field `sexx`. Did you mean `sex`? (record-unknown)"
    assert told[1].startswith(f"{file}:3: fatal: This is not JSON: ")
    assert told[-1] == "2 records mapped to 2 resources, 2 refused."
    assert result.exit_code == 1


def test_a_broken_first_line_loses_no_other(tmp_path: Path) -> None:
    file = tmp_path / "mixed.ndjson"
    file.write_text("{broken\n" + json.dumps(ADA) + "\n", "utf-8")
    result = run(str(file))
    assert len(lines(result.stdout)) == 1
    assert result.stderr.startswith(f"{file}:1: fatal: This is not JSON")


def test_a_refused_record_of_an_array_is_told_by_its_number(tmp_path: Path) -> None:
    file = write(tmp_path / "all.json", [ADA, MISSPELT])
    assert f"{file}: record 2: error: /sexx: " in run(file).stderr


def test_a_resource_that_is_not_valid_stops_its_record(tmp_path: Path) -> None:
    """A site's mapping that writes a contact without any details, which FHIR forbids (pat-1)."""
    ours = (data.folder("mappings") / "patient.yaml").read_text("utf-8")
    (tmp_path / "patient.yaml").write_text(
        ours.replace("- sex <->", "- contact.gender = male\n      - sex <->"), "utf-8"
    )
    file = write(tmp_path / "ada.json", ADA)
    result = CliRunner().invoke(command, [file], env={"FHIR_IOP_SITE_MAPPINGS": str(tmp_path)})
    assert result.stdout == ""
    assert f"{file}:1: error: Patient.contact[0]: " in result.stderr
    assert "(pat-1)" in result.stderr
    assert result.exit_code == 1


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_many_records_keep_their_order_whoever_maps_them(jobs: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(processes, "_ALONE", 0.0)
    monkeypatch.setattr(processes, "_MANY", 7)
    many = [{**(MISSPELT if number % 50 == 7 else ADA), "id": f"pt-{number}"} for number in range(300)]
    file = write(tmp_path / "many.ndjson", *many)
    result = run("--jobs", jobs, file)
    made = [patient["identifier"][0]["value"] for patient in lines(result.stdout)]
    assert made == [record["id"] for record in many if "sexx" not in record]
    told = result.stderr.splitlines()
    assert [line.split(":")[1] for line in told[:-1]] == [str(number + 1) for number in range(7, 300, 50)]
    assert told[-1] == "294 records mapped to 294 resources, 6 refused."


def test_a_worker_that_dies_is_told(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(processes, "_ALONE", -1.0)
    monkeypatch.setattr(Mapper, "mapped", lambda *_: os._exit(1))
    result = run("--jobs", "2", write(tmp_path / "a.ndjson", ADA, BO))
    assert "A worker process ended before its work was done." in result.output
    assert result.exit_code != 0


def test_a_sites_overlay_is_named_by_a_setting(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "our-patient.yaml").write_text(
        "extends: patient.yaml\nfields: {team: {type: string}}\n"
        "to:\n  - rules:\n      - team <-> managingOrganization.display\n",
        "utf-8",
    )
    file = write(tmp_path / "ada.json", {**ADA, "team": "North"})
    assert "/team: There is no field `team`" in run(file).stderr
    result = CliRunner().invoke(command, [file], env={"FHIR_IOP_SITE_MAPPINGS": str(site)})
    (patient,) = lines(result.stdout)
    assert patient["managingOrganization"] == {"display": "North"}


def test_warnings_are_told_and_stop_nothing(tmp_path: Path) -> None:
    result = run(write(tmp_path / "a.json", {**GAD7, "instrument": "phq-2", "answers": [
        {"item": "44250-9", "answer": "LA6571-9"}, {"item": "44255-8", "answer": "LA6571-9"}]}))  # fmt: skip
    assert result.exit_code == 0
    audit = {**GAD7, "instrument": "audit-c", "answers": [{"item": "68517-2", "answer": "LA15695-2"}]}
    result = run(write(tmp_path / "b.json", audit))
    assert "warning: /answers/0: 68517-2 is not a question of AUDIT-C" in result.stderr
    assert (result.exit_code, len(lines(result.stdout))) == (0, 1)


def test_lenient_leaves_out_what_it_does_not_know(tmp_path: Path) -> None:
    result = run(write(tmp_path / "a.json", MISSPELT), "--lenient")
    assert len(lines(result.stdout)) == 1
    assert "warning: /sexx: There is no field `sexx`; it was left out." in result.stderr
    assert result.exit_code == 0


def test_a_transaction_bundle(tmp_path: Path) -> None:
    result = run(write(tmp_path / "a.ndjson", ADA, BO, {**ADA, "sex": "male"}), "--format", "bundle")
    bundle = decode(result.stdout)
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "transaction")
    assert [entry["resource"]["gender"] for entry in bundle["entry"]] == ["male", "female"], "the last one of each id"
    for entry in bundle["entry"]:
        assert entry["request"] == {"method": "PUT", "url": f"Patient/{entry['resource']['id']}"}
        assert entry["fullUrl"].endswith(entry["request"]["url"])
    assert "42CFRPart2" in [label["code"] for label in bundle["meta"]["security"]]
    assert not any(found.is_error for found in Validator(Definitions.bundled()).validate(bundle))


def test_a_bundle_of_nothing(tmp_path: Path) -> None:
    result = run(write(tmp_path / "a.json", MISSPELT), "--format", "bundle")
    assert decode(result.stdout) == {"resourceType": "Bundle", "type": "transaction"}
    assert result.exit_code == 1


def test_a_file_appears_whole(tmp_path: Path) -> None:
    out = tmp_path / "out.ndjson"
    result = run(write(tmp_path / "a.json", ADA), "-o", str(out))
    assert (result.stdout, len(lines(out.read_text("utf-8")))) == ("", 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "out.ndjson"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.json"], "nowhere.json does not exist"),
        (["{here}", "-o", "{folder}/none/out"], "can't be written"),
        (["{here}", "--format", "xml"], "is not one of"),
        ([], "Missing argument"),
    ],
)
def test_what_can_not_run_ends_with_2(arguments: list[str], words: str, tmp_path: Path) -> None:
    here = write(tmp_path / "a.json", ADA)
    result = run(*[argument.format(here=here, folder=tmp_path) for argument in arguments])
    assert words in result.output
    assert result.exit_code in {1, 2}, "click's own errors; the group makes each of them 2"


def test_no_value_of_a_record_is_repeated(tmp_path: Path) -> None:
    result = run(write(tmp_path / "a.json", {**ADA, "sex": "Secret Word", "phone": "Secret Word", "id": "Secret Word"}))
    assert "Secret Word" not in result.output
    assert result.exit_code == 1


COLUMNS = """
record: check-in
columns: {ID: id, Patient: patient, When: at, Mood: mood}
"""


def test_csv(tmp_path: Path) -> None:
    (tmp_path / "check-ins.columns.yaml").write_text(COLUMNS, "utf-8")
    file = tmp_path / "check-ins.csv"
    file.write_text("ID,Patient,When,Mood\nc-1,p-1,2026-03-02T15:04,3\nc-2,p-1,2026-03-02T15:04,x\n"
                    "c-3,p-1,2026-03-02T15:04,14\nc-4,p-1,2026-03-02T15:04,4\n", "utf-8-sig")  # fmt: skip
    result = run("--columns", str(tmp_path / "check-ins.columns.yaml"), str(file))
    assert [found["valueInteger"] for found in lines(result.stdout)] == [3, 4]
    told = result.stderr.splitlines()
    assert told[0] == f"{file}:3: error: `Mood` must be a whole number, without a point. (csv-integer)"
    assert told[1] == f"{file}:4: error: /mood: `mood` must be 10 or less. (record-maximum)"
    assert told[-1] == "2 records mapped to 2 resources, 2 refused."
    assert result.exit_code == 1


def test_csv_with_another_header(tmp_path: Path) -> None:
    (tmp_path / "check-ins.columns.yaml").write_text(COLUMNS, "utf-8")
    file = tmp_path / "check-ins.csv"
    file.write_text("ID,Patient,When,Mood,Extra\nc-1,p-1,2026-03-02T15:04,3,x\n", "utf-8")
    columns = ("--columns", str(tmp_path / "check-ins.columns.yaml"))
    result = run(*columns, str(file))
    assert (result.stdout, result.exit_code) == ("", 1)
    assert f"{file}:1: fatal: The layout knows no column `Extra`" in result.stderr
    result = run(*columns, "--lenient", str(file))
    assert (len(lines(result.stdout)), result.exit_code) == (1, 0)
    assert f"{file}:2 (check-in): warning: The layout knows no column `Extra`; it was left out." in result.stderr
    piped = run(*columns, "-", stdin="ID,Patient,When,Mood\nc-1,p-1,2026-03-02T15:04,3\n")
    assert len(lines(piped.stdout)) == 1


@pytest.mark.parametrize("form", ["ndjson", "bundle"])
def test_back(form: str, tmp_path: Path) -> None:
    ada = {**ADA, "part2": True}
    there = run(write(tmp_path / "a.ndjson", ada, GAD7), "--format", form, "-o", str(tmp_path / "made.json"))
    assert there.exit_code == 0
    result = run("--back", str(tmp_path / "made.json"))
    assert lines(result.stdout)[0] == ada
    assert [record["record"] for record in lines(result.stdout)] == ["patient", "questionnaire"]
    assert result.stderr.splitlines()[-1] == "3 resources mapped back to 2 records."
    assert result.exit_code == 0


def test_back_tells_what_the_record_has_no_place_for(tmp_path: Path) -> None:
    (patient,) = lines(run(write(tmp_path / "a.json", ADA)).stdout)
    other = {"resourceType": "Patient", "id": "x"}
    file = write(tmp_path / "b.ndjson", {**patient, "maritalStatus": {"text": "single"}}, other)
    result = run("--back", file)
    assert "warning: Patient.maritalStatus: The record has no place for this. (mapping-unread)" in result.stderr
    assert "(mapping-not-ours)" in result.stderr
    assert (lines(result.stdout), result.exit_code) == ([ADA], 0)
    file = write(tmp_path / "c.ndjson", {**patient, "modifierExtension": [{"url": "http://x", "valueCode": "x"}]})
    result = run("--back", file)
    assert (result.stdout, result.exit_code) == ("", 1)
    assert run("--back", "--format", "bundle", file).exit_code != 0


AT = {"record": "check-in", "patient": "pt-1", "mood": 3}


def test_times_that_cannot_be_meant_are_refused_each_by_its_line(tmp_path: Path, monkeypatch: Any) -> None:
    """The clocks of the program's zone, which a setting names, are set forward in March and back in November."""
    times = ["2026-11-01T01:30", "2026-03-08T02:30", "2026-02-30T03:30", "2026-03-08T03:30", "2026-03-08T02:30-05:00"]
    file = write(tmp_path / "at.ndjson", *({**AT, "id": f"c-{n}", "at": at} for n, at in enumerate(times)))
    monkeypatch.setenv("FHIR_IOP_TIME_ZONE", "America/New_York")
    result = run(file)
    assert result.exit_code == 1
    told = [line.partition("at.ndjson:")[2].partition(" ")[0] for line in result.stderr.splitlines()[:-1]]
    assert told == ["1:", "2:", "3:"]
    for words, line in zip(("comes twice", "doesn't exist", "no such day"), result.stderr.splitlines(), strict=False):
        assert words in line
    assert [one["effectiveDateTime"] for one in lines(result.stdout)] == [
        "2026-03-08T03:30:00-04:00",
        "2026-03-08T02:30:00-05:00",
    ]
    monkeypatch.setenv("FHIR_IOP_TIME_ZONE", "America/Phoenix")
    assert len(lines(run(file).stdout)) == 4, "where the clocks are never set, only the 30th of February isn't there"


LAYOUT = """
record: check-in
encoding: ENCODING
dates: DATES
empty: [n/a]
columns: {ID: id, Patient: patient, When: at, Mood: mood, Hours: sleep_hours}
ignore: {Où: for the program's own eyes}
"""


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "latin-1"])
@pytest.mark.parametrize(
    ("dates", "when"),
    [
        ("iso", "2026-03-02T15:00"),
        ("excel", "46083.625"),
        ("excel-1904", "44621.625"),
        ("month-day-year", "3/2/2026 15:00"),
    ],
)
def test_csv_as_programs_write_it(encoding: str, dates: str, when: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("FHIR_IOP_TIME_ZONE", "America/New_York")
    layout = tmp_path / "x.columns.yaml"
    layout.write_text(LAYOUT.replace("ENCODING", encoding).replace("DATES", dates), "utf-8")
    text = f"ID,Patient,When,Mood,Hours,Où\r\nc-1,pt-1,{when},n/a,7.50,à la maison\r\nc-2,pt-1,{when},11,,\r\n"
    (tmp_path / "x.csv").write_bytes(text.encode(encoding))
    result = run("--columns", str(layout), str(tmp_path / "x.csv"))
    (sleep,) = lines(result.stdout)
    assert (sleep["effectiveDateTime"], str(sleep["valueQuantity"]["value"])) == ("2026-03-02T15:00:00-05:00", "7.50")
    assert result.exit_code == 1
    assert "x.csv:3: error: `mood` must be 10 or less." in result.stderr.replace("/mood: ", "")
