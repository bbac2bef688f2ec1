"""How long a process takes to start: nothing at all, `import fhir_iop`, and the first FHIRPath expression evaluated."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from functools import partial

from bench.frame import OURS, Report, Row, measure, rows

FLOOR = "python -c pass"
PEER = "fhirpathpy"
ROUNDS = 15
PATIENT = "{'resourceType': 'Patient', 'name': [{'given': ['Pat']}]}"

OUR_FIRST = f"from fhir_iop.fhirpath import compile; assert compile('name.given', 'Patient')({PATIENT}) == ['Pat']"
PEER_FIRST = (
    "import fhirpathpy; from fhirpathpy.models import models; "
    f"assert fhirpathpy.evaluate({PATIENT}, 'name.given', {{}}, models['r4']) == ['Pat']"
)


def run() -> Report:
    lines = ["Each is a new process, from its start to its end; the seconds are 1 / per second."]
    first = {FLOOR: "pass", OURS: OUR_FIRST}
    if importlib.util.find_spec(PEER):
        first[PEER] = PEER_FIRST
    else:
        lines.append(f"{PEER} isn't installed: pip install -e '.[bench]'")
    with tempfile.TemporaryDirectory() as bytecode:  # as installed packages have it; the warm-up writes it
        found = [
            *_measured("import", {FLOOR: "pass", OURS: "import fhir_iop"}, bytecode),
            *_measured("first expression", first, bytecode),
        ]
    ours = {row.work: 1 / row.per_second for row in found if row.who == OURS}
    lines += [f"{work}: {seconds:.3f} s" for work, seconds in ours.items()]
    return Report(found, lines)


def _measured(work: str, programs: dict[str, str], bytecode: str) -> list[Row]:
    contenders = {who: partial(_started, program, bytecode) for who, program in programs.items()}
    return rows(work, measure(contenders, rounds=ROUNDS, turn=0), floor=FLOOR)


def _started(program: str, bytecode: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment | {"PYTHONPYCACHEPREFIX": bytecode})
