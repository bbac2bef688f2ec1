"""How long a process takes to start: nothing, `import fhir_iop`, the first FHIRPath expression, the first finding.

The first finding is that of `fhir-iop validate FILE`, where earlier processes have left what they wrote from the
definitions, and where nothing was kept and it is written too.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from bench.frame import OURS, Report, Row, measure, rows
from bench.validation import broken_file

FLOOR = "python -c pass"
COLD = "fhir-iop, nothing kept"
PEER = "fhirpathpy"
ROUNDS = 15
PATIENT = "{'resourceType': 'Patient', 'name': [{'given': ['Pat']}]}"

OUR_FIRST = f"from fhir_iop.fhirpath import compile; assert compile('name.given', 'Patient')({PATIENT}) == ['Pat']"
OUR_FINDING = """
import sys
from fhir_iop.cli import main
sys.argv = ['fhir-iop', 'validate', {file!r}]
try:
    main()
except SystemExit as stop:
    assert stop.code == 1  # errors were found
"""
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
    with tempfile.TemporaryDirectory() as folder:
        finding = OUR_FINDING.format(file=broken_file(Path(folder)))
        found = [
            *_measured("import", {FLOOR: "pass", OURS: "import fhir_iop"}, folder),
            *_measured("first expression", first, folder),
            *_measured("first finding", {FLOOR: "pass", COLD: finding, OURS: finding}, folder),
        ]
    ours = {(row.work, row.who): 1 / row.per_second for row in found if row.who in {OURS, COLD}}
    lines += [f"{work}, {who}: {seconds:.3f} s" for (work, who), seconds in ours.items()]
    return Report(found, lines)


def _measured(work: str, programs: dict[str, str], folder: str) -> list[Row]:
    contenders = {who: partial(_started, program, folder, is_cold=who == COLD) for who, program in programs.items()}
    return rows(work, measure(contenders, rounds=ROUNDS, turn=0), floor=FLOOR)


def _started(program: str, folder: str, *, is_cold: bool) -> None:
    """Run a program with bytecode at hand, as installed packages have it: the warm-up writes that, and what is kept."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as nothing:
        environment["PYTHONPYCACHEPREFIX"] = folder
        environment["FHIR_IOP_CACHE_FOLDER"] = nothing if is_cold else str(Path(folder) / "kept")
        subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL, env=environment)
