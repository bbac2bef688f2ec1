"""CSV to records: encodings, cells, dates, rows that can't be read, and faults of a layout, each with its place."""

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fhir_iop.errors import BadInput, Unusable
from fhir_iop.issue import Issue
from fhir_iop.mapping import Mappings
from fhir_iop.mapping.csv import Row, read_columns, records

LAYOUT = """
record: check-in
columns:
  ID: id
  Patient: patient
  When: at
  Mood: mood
  Hours: sleep_hours
  Note: side_effects[1].note
  Symptom: side_effects[1].symptom.text
  Severity: side_effects[1].severity
"""
HEADER = "ID,Patient,When,Mood,Hours,Note,Symptom,Severity"
GOOD = "c-1,pt-1,2026-03-02T15:04,3,7.50,,,"


def read(text: str | bytes, mappings: Mappings, tmp_path: Path, layout: str = LAYOUT, **options: Any) -> list[Row]:
    path = tmp_path / "check-ins.columns.yaml"
    path.write_text(layout, "utf-8")
    raw = text.encode() if isinstance(text, str) else text
    return list(records(io.BytesIO(raw), read_columns(path, mappings), **options))


def rules(issues: Any) -> list[str]:
    return [found.rule for found in issues]


def test_a_row_is_a_record(mappings: Mappings, tmp_path: Path) -> None:
    (row,) = read(f"{HEADER}\r\nc-1,pt-1,2026-03-02T15:04,3,7.50,worse at night,nausea,mild\r\n", mappings, tmp_path)
    assert row.line == 2
    assert row.record == {
        "record": "check-in",
        "id": "c-1",
        "patient": "pt-1",
        "at": "2026-03-02T15:04",
        "mood": 3,
        "sleep_hours": Decimal("7.50"),
        "side_effects": [{"note": "worse at night", "symptom": {"text": "nausea"}, "severity": "mild"}],
    }
    assert str(row.record["sleep_hours"]) == "7.50"


def test_empty_cells_are_absent(mappings: Mappings, tmp_path: Path) -> None:
    (row,) = read(f"{HEADER}\nc-1,pt-1,2026-03-02T15:04,3,  ,n/a,,\n", mappings, tmp_path, LAYOUT + "empty: [n/a]\n")
    assert row.record == {"record": "check-in", "id": "c-1", "patient": "pt-1", "at": "2026-03-02T15:04", "mood": 3}
    assert len(read(f"{HEADER}\n,,,,,,,\n\n{GOOD}\n", mappings, tmp_path)) == 1, "a row of nothing is none"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("cp1252", "cp1252"),
        ("utf-8-sig", "cp1252"),
    ],
)
def test_encodings(encoding: str, named: str, mappings: Mappings, tmp_path: Path) -> None:
    text = f"{HEADER}\nc-1,pt-1,2026-03-02T15:04,3,7,“plötzlich” – €,nausée,mild\n"
    (row,) = read(text.encode(encoding), mappings, tmp_path, LAYOUT + (f"encoding: {named}\n" if named else ""))
    assert row.record is not None
    assert row.record["side_effects"][0]["note"] == "“plötzlich” – €"
    assert row.record["side_effects"][0]["symptom"]["text"] == "nausée"


def test_bytes_of_another_encoding_are_a_finding_of_their_row(mappings: Mappings, tmp_path: Path) -> None:
    text = f"{HEADER}\nc-1,pt-1,2026-03-02T15:04,3,7,nausée,x,mild\n{GOOD}\n"
    bad, good = read(text.encode("cp1252"), mappings, tmp_path)
    assert (bad.line, bad.record, rules(bad.issues)) == (2, None, ["csv-encoding"])
    assert "`Note`" in bad.issues[0].details
    assert (good.line, good.record is not None) == (3, True)


def test_quoted_newlines_and_the_line_of_a_row(mappings: Mappings, tmp_path: Path) -> None:
    text = f'{HEADER}\nc-1,pt-1,2026-03-02T15:04,3,7,"one\ntwo, ""three""\n",x,mild\nc-2,pt-1,bad,x,7,,,\n{GOOD}\n'
    first, second, third = read(text, mappings, tmp_path)
    assert first.record is not None
    assert first.record["side_effects"][0]["note"] == 'one\ntwo, "three"'
    assert [first.line, second.line, third.line] == [2, 5, 6]
    assert rules(second.issues) == ["csv-integer"]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("c-1,pt-1,2026-03-02T15:04,3.5,7,,,", "csv-integer"),
        ("c-1,pt-1,2026-03-02T15:04,three,7,,,", "csv-integer"),
        ('c-1,pt-1,2026-03-02T15:04,3,"7,5",,,', "csv-number"),
        ("c-1,pt-1,2026-03-02T15:04,3,1e3,,,", "csv-number"),
        ("c-1,pt-1,2026-03-02T15:04,3", "csv-cells"),
        ('c-1,pt-1,2026-03-02T15:04,3,7,"a"b,,', "csv-row"),
    ],
)
def test_a_wrong_row_is_told_and_the_rest_goes_on(row: str, rule: str, mappings: Mappings, tmp_path: Path) -> None:
    bad, good = read(f"{HEADER}\n{row}\n{GOOD}\n", mappings, tmp_path)
    assert (bad.line, bad.record, rules(bad.issues)) == (2, None, [rule])
    assert (good.line, good.issues) == (3, [])
    assert good.record is not None
    assert "three" not in bad.issues[0].details, "no value is repeated"


def test_a_quote_that_is_never_closed(mappings: Mappings, tmp_path: Path) -> None:
    good, bad = read(f'{HEADER}\n{GOOD}\nc-2,"pt-1,2026\n{GOOD}\n', mappings, tmp_path)
    assert mappings.to_fhir(good.record).issues == []
    assert (bad.line, rules(bad.issues)) == (3, ["csv-row"])


@pytest.mark.parametrize(
    ("dates", "cell", "found"),
    [
        ("iso", "2026-03-02 15:04", "2026-03-02T15:04"),
        ("excel", "46083", "2026-03-02T00:00"),
        ("excel", "46083.625", "2026-03-02T15:00"),
        ("excel", "46083.6277777778", "2026-03-02T15:04"),
        ("excel", "61", "1900-03-01T00:00"),
        ("excel", "60", None),
        ("excel", "3/2/2026", None),
        ("excel-1904", "44621", "2026-03-02T00:00"),
        ("month-day-year", "3/2/2026 3:04 PM", "2026-03-02T15:04"),
        ("month-day-year", "12/31/2026 12:00 AM", "2026-12-31T00:00"),
        ("month-day-year", "03-02-2026 15:04:05", "2026-03-02T15:04:05"),
        ("month-day-year", "13/2/2026", None),
        ("month-day-year", "3/2/26", None),
        ("month-day-year", "3/2/2026 13:00 PM", None),
        ("month-day-year", "46083", None),
        ("day-month-year", "2.3.2026 15:04", "2026-03-02T15:04"),
        ("day-month-year", "31.2.2026", None),
    ],
)
def test_times(dates: str, cell: str, found: str | None, mappings: Mappings, tmp_path: Path) -> None:
    (row,) = read(f"{HEADER}\nc-1,pt-1,{cell},3,,,,\n", mappings, tmp_path, LAYOUT + f"dates: {dates}\n")
    if found is None:
        assert (row.record, rules(row.issues)) == (None, ["csv-date"])
    else:
        assert row.record is not None
        assert row.record["at"] == found


PATIENT = """
record: patient
dates: excel
delimiter: semicolon
list: "+"
columns:
  No: id
  Family: name.family
  Given: name.given
  Sex: {field: sex, words: {F: female, M: male}}
  Born: birth_date
  Part 2: part2
constants: {inactive: false}
ignore: {Comment: it is for the program's own eyes}
"""
PATIENTS = "No;Family;Given;Sex;Born;Part 2;Comment\n"


def test_days_words_lists_and_constants(mappings: Mappings, tmp_path: Path) -> None:
    (row,) = read(PATIENTS + "pt-1;Example;Ada + Lou;F;32932;yes;hush\n", mappings, tmp_path, PATIENT)
    assert row.record == {
        "record": "patient",
        "inactive": False,
        "id": "pt-1",
        "name": {"family": "Example", "given": ["Ada", "Lou"]},
        "sex": "female",
        "birth_date": "1990-02-28",
        "part2": True,
    }
    assert mappings.to_fhir(row.record).issues == []


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("pt-1;Example;Ada;X;32932;yes;", "csv-word"),
        ("pt-1;Example;Ada;F;32932.5;yes;", "csv-day-time"),
        ("pt-1;Example;Ada;F;32932;perhaps;", "csv-boolean"),
    ],
)
def test_cells_that_cannot_be_meant(row: str, rule: str, mappings: Mappings, tmp_path: Path) -> None:
    (found,) = read(PATIENTS + row + "\n", mappings, tmp_path, PATIENT)
    assert (found.record, rules(found.issues)) == (None, [rule])


def test_a_decimal_comma(mappings: Mappings, tmp_path: Path) -> None:
    layout = LAYOUT + "decimal: comma\ndelimiter: semicolon\n"
    header = HEADER.replace(",", ";")
    good, bad = read(
        f"{header}\nc;p;2026-03-02T15:04;3;7,50;;;\nc;p;2026-03-02T15:04;3;7.50;;;\n", mappings, tmp_path, layout
    )
    assert good.record is not None
    assert str(good.record["sleep_hours"]) == "7.50"
    assert rules(bad.issues) == ["csv-number"]


@pytest.mark.parametrize(
    ("header", "rule", "words"),
    [
        ("", "csv-empty", "no header"),
        (HEADER.replace("Mood", "Moood"), "csv-column-missing", "Did you mean `Moood`"),
        (HEADER + ",Extra", "csv-column", "`Extra`"),
        (HEADER + ",Mood", "csv-column-twice", "`Mood`"),
    ],
)
def test_a_header_of_another_layout(header: str, rule: str, words: str, mappings: Mappings, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as raised:
        read(f"{header}\n{GOOD}\n", mappings, tmp_path)
    assert rule in rules(raised.value.issues)
    assert any(words in found.details for found in raised.value.issues)


def test_lenient_leaves_out_a_column(mappings: Mappings, tmp_path: Path) -> None:
    first, second = read(f"{HEADER},Extra\n{GOOD},x\n{GOOD},x\n", mappings, tmp_path, lenient=True)
    assert first.record is not None
    assert [(found.rule, found.severity) for found in first.issues] == [("csv-column-ignored", "warning")]
    assert second.issues == []


@pytest.mark.parametrize(
    ("old", "new", "rule", "words"),
    [
        ("record: check-in", "record: «chek-in", "mapping-name", "Did you mean `check-in`"),
        ("Mood: mood", "Mood: «moood", "mapping-field", "Did you mean `mood`"),
        ("[1].note", "[1].«noot", "mapping-field", "Did you mean `note`"),
        ("Mood: mood", "Mood: «mood[1]", "mapping-list-field", "integer"),
        ("Mood: mood", "Mood: «craving", "csv-object", "object"),
        ("Hours: sleep_hours", "Hours: «mood", "csv-twice", "`Mood`"),
        ("  ID: id\n", "", "csv-required", "`id`"),
        ("Mood: mood", "Mood: {field: status, words: {M: «finl}}", "mapping-when", "`final`"),
        ("Mood: mood", "Mood: «side_effects[1].medicines", "csv-list", "`list:`"),
        ("record: check-in", "record: check-in\n«recrod: x", "mapping-grammar", "no `recrod`"),
        ("record: check-in", "record: check-in\nconstants: {status: «finl}", "mapping-when", "`final`"),
        ("record: check-in", "record: check-in\n«dates: us", "mapping-grammar", "month-day-year"),
    ],
)  # fmt: skip
def test_a_layout_is_checked_with_file_line_and_column(
    old: str, new: str, rule: str, words: str, mappings: Mappings, tmp_path: Path
) -> None:
    assert old in LAYOUT
    changed = LAYOUT.replace(old, new, 1)
    with pytest.raises(Unusable) as raised:
        read("", mappings, tmp_path, changed.replace("«", ""))
    told: list[Issue] = [found for found in raised.value.issues if found.rule == rule]
    assert told, raised.value.issues
    assert any(words in found.details for found in told)
    if "«" in changed:
        before = changed[: changed.index("«")]
        place = f"check-ins.columns.yaml:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
        assert place in [found.expression for found in told]


def test_columns_lie_beside_mappings_unread(mappings: Mappings, tmp_path: Path) -> None:
    from fhir_iop import data

    from .conftest import load

    (tmp_path / "check-ins.columns.yaml").write_text(LAYOUT, "utf-8")
    assert load(data.folder("mappings"), tmp_path).kinds == mappings.kinds
