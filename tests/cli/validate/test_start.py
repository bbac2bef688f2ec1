"""The start: one file of JSON loads nothing that it doesn't need, for the first finding is to be seen at once."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from fhir_iop.cli import main
try:
    main()
finally:
    print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


def test_what_few_need_is_not_loaded_for_all(tmp_path: Path) -> None:
    file = tmp_path / "wrong.json"
    file.write_text('{"resourceType":"Patient","gender":"unclear"}')
    program = [sys.executable, "-c", PROGRAM, "validate", str(file)]
    ended = subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)
    assert "binding-required" in ended.stdout
    loaded = set(ended.stderr.split())
    assert "msgspec" in loaded
    assert not loaded & {"lxml", "rich", "multiprocessing", "requests", "sqlalchemy", "jsonschema", "flask"}
