"""The validator with every rule on, bytes in, beside its peers: on plain resources and on ones with US Core claims.

The floor is `json.loads` of the same bytes: what it takes only to read them. Every finding is told and placed. A peer
checks what it checks: fhir.resources and fhirkit-rs the base form alone, pyrofile-validator profiles too. It takes so
long that it is asked about a part of the corpus only.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.corpus import resources
from bench.frame import OURS, Report, Row, measure, rows
from fhir_iop.definitions import Definitions
from fhir_iop.fhir import json as fhir_json
from fhir_iop.validation import Validator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FLOOR = "json.loads"
RESOURCES = 500
SLOW_PEER = "pyrofile-validator"
SLOW_PEERS_PART = 12
STARTS = 9
# Processor time, and of every hundred resources the best of many rounds: others use the machine meanwhile. A turn
# begins with cold caches, for the collector of garbage has been through all objects: long, so that this counts little.
CHUNK = 100
ROUNDS, SLOW_ROUNDS = 15, 2
TURN = 0.1
SLOW = frozenset({"fhir.resources"})
PACKAGES = Path(__file__).resolve().parents[2] / "shared" / "packages"
CORE, US_CORE = "hl7.fhir.r4.core-4.0.1.tgz", "hl7.fhir.us.core-6.1.0.tgz"

BROKEN = {
    "resourceType": "MedicationRequest",
    "meta": {"profile": ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-medicationrequest"]},
    "status": "begun",
    "intent": "order",
    "medicationCodeableConcept": {"text": "An invented medicine"},
    "subject": {"reference": "Patient/invented"},
    "requester": {"reference": "Practitioner/invented"},
    "authoredOn": "2026-01-05",
}
COMMAND = "import sys; from fhir_iop.cli import main; sys.argv = ['fhir-iop', 'validate', {file!r}]; main()"
MEMORY = """
from pathlib import Path
from fhir_iop.definitions import Definitions
from fhir_iop.validation import Validator
validator = Validator(Definitions.bundled())
with open({file!r}, 'rb') as lines:
    for line in lines:
        validator.validate_text(line)
status = Path('/proc/self/status').read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith('VmHWM')))
"""


def run() -> Report:
    lines: list[str] = []
    found: list[Row] = []
    for work, us_core in (("base", False), ("US Core", True)):
        made = [fhir_json.encode(each) for each in resources(RESOURCES, us_core=us_core)]
        found += _measured(f"{work}, {RESOURCES} resources", made, _peers(lines, first=not us_core))
        found += _slow_peer(found[-1].work, made, _per_resource(found, found[-1].work), us_core, lines)
    validator = Validator(Definitions.bundled())
    told = {us_core: _told(validator, us_core=us_core) for us_core in (False, True)}
    lines.append(f"findings told and placed in {RESOURCES} resources: base {told[False]}, US Core {told[True]}")
    warm, cold = _first_finding()
    lines.append(f"first finding: {warm:.2f} s from the start of `fhir-iop validate FILE` (limit 0.50)")
    lines.append(f"first finding, where nothing was kept on disk: {cold:.2f} s")
    memory = _peak_memory()
    lines.append("peak memory: not measured here" if memory is None else f"peak memory: {memory:.0f} MB (limit 150)")
    return Report(found, lines)


def _measured(work: str, made: Sequence[bytes], peers: dict[str, Callable[[bytes], Any]]) -> list[Row]:
    validator = Validator(Definitions.bundled())
    asked = {FLOOR: json.loads, OURS: validator.validate_text, **peers}
    seconds = dict.fromkeys(asked, 0.0)
    for start in range(0, len(made), CHUNK):
        chunk = made[start : start + CHUNK]
        contenders = {who: partial(_all, ask, chunk) for who, ask in asked.items()}
        quick = {who: each for who, each in contenders.items() if who not in SLOW}
        slow = {who: each for who, each in contenders.items() if who in SLOW}
        best = measure(quick, rounds=ROUNDS, turn=TURN, clock=time.process_time)
        best |= measure(slow, rounds=SLOW_ROUNDS, turn=TURN, clock=time.process_time)
        seconds = {who: seconds[who] + best[who] for who in seconds}
    return rows(work, seconds, floor=FLOOR, units=len(made))


def _all(ask: Callable[[bytes], Any], made: Sequence[bytes]) -> None:
    for each in made:
        ask(each)


def _peers(lines: list[str], *, first: bool) -> dict[str, Callable[[bytes], Any]]:
    peers: dict[str, Callable[[bytes], Any]] = {}
    if find_spec("fhir.resources"):
        from fhir.resources.R4B import get_fhir_model_class

        peers["fhir.resources"] = lambda raw: get_fhir_model_class(_type_of(raw)).model_validate_json(raw)
    if find_spec("fhirkit"):
        import fhirkit

        peers["fhirkit-rs"] = fhirkit.validate
    elif first:
        lines.append("fhirkit-rs isn't installed: pip install -e '.[bench]'")
    return peers


def _type_of(raw: bytes) -> str:
    start = raw.index(b'"resourceType":"') + 16
    return raw[start : raw.index(b'"', start)].decode()


def _per_resource(found: Sequence[Row], work: str) -> float:
    return next(1 / row.per_second for row in found if row.work == work and row.who == FLOOR)


def _slow_peer(work: str, made: Sequence[bytes], floor: float, us_core: bool, lines: list[str]) -> list[Row]:
    """Measure pyrofile once on the first resources, with the official packages that it takes profiles from."""
    if not find_spec("pyrofile_validator"):
        if not us_core:
            lines.append(f"{SLOW_PEER} isn't installed: pip install -e '.[bench]'")
        return []
    from pyrofile_validator import Validator as Pyrofile
    from pyrofile_validator.config import ValidatorConfig

    wanted = [PACKAGES / name for name in ((CORE, US_CORE) if us_core else (CORE,))]
    if not all(path.is_file() for path in wanted):
        lines.append(f"{SLOW_PEER} needs {', '.join(path.name for path in wanted)}, which isn't at hand")
        return []
    pyrofile = Pyrofile(ValidatorConfig.load_dict({"localPackagePaths": [str(path) for path in wanted]}))

    def part() -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            _all(lambda raw: pyrofile.validate_resource(json.loads(raw)), made[:SLOW_PEERS_PART])

    seconds = measure({SLOW_PEER: part}, rounds=1, turn=0, clock=time.process_time)[SLOW_PEER] / SLOW_PEERS_PART
    return [Row(work, f"{SLOW_PEER} ({SLOW_PEERS_PART} of them)", 1 / seconds, seconds / floor)]


def _told(validator: Validator, *, us_core: bool) -> int:
    made = resources(RESOURCES, us_core=us_core)
    return sum(len(validator.validate_text(fhir_json.encode(each))) for each in made)


def broken_file(folder: Path) -> str:
    """Write the resource whose first finding is waited for, and return the file's path."""
    file = folder / "order.json"
    file.write_bytes(fhir_json.encode(BROKEN))
    return str(file)


def _first_finding() -> tuple[float, float]:
    """Return the seconds with what earlier processes have left on disk, and without."""
    with tempfile.TemporaryDirectory() as folder:
        program = COMMAND.format(file=broken_file(Path(folder)))
        # Bytecode is at hand, as installed packages have it: the first start writes it, and isn't the best one.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
        kept = {cache: environment | {"FHIR_IOP_CACHE_FOLDER": cache} for cache in (str(Path(folder) / "kept"), "none")}
        warm, cold = (min(_until_a_line(program, each) for _ in range(STARTS)) for each in kept.values())
        return warm, cold


def _until_a_line(program: str, environment: dict[str, str]) -> float:
    start = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        seconds = time.perf_counter() - start
        process.stdout.read()
    assert b"binding-required" in line, line
    return seconds


def _peak_memory() -> float | None:
    """Return the MB that a process needs which validates the corpus with and without claims, line by line."""
    if not Path("/proc/self/status").is_file():
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "corpus.ndjson"
        made = [*resources(RESOURCES), *resources(RESOURCES, us_core=True)]
        file.write_bytes(b"\n".join(map(fhir_json.encode, made)))
        program = MEMORY.format(file=str(file))
        ran = subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.PIPE)
        return int(ran.stdout) / 1024
