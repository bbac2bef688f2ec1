"""Memory: however long the lines' file is and whatever the format, no more is held than some batches of it."""

import gzip
import io
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

PROGRAM = """
import resource, sys
from fhir_iop.cli import main
try:
    main()
finally:
    with open("/proc/self/status") as status:  # getrusage would count what this process was before its program began
        (own,) = (int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss), file=sys.stderr)
"""
LINE = b'{"resourceType":"Patient","gender":"%s","name":[{"text":"' + b"x" * 20_000 + b'"}]}\n'
SHORT, LONG = 100, 4000  # lines, of which the longer file has 80 MB

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel is asked in a way of Linux")


def peak(*arguments: str) -> int:
    """Run the command, and return the most memory in kB that one of its processes had."""
    program = [sys.executable, "-c", PROGRAM, "validate", *arguments]
    ended = subprocess.run(program, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, timeout=120)
    return int(ended.stderr.split()[-1])


def compressed(content: bytes) -> bytes:
    return gzip.compress(content, 1)


def archived(content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as tar:
        info = tarfile.TarInfo("package/a.ndjson")
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))
    return packed.getvalue()


@pytest.mark.parametrize("form", ["text", "sarif"])
@pytest.mark.parametrize("kind", ["plain", "compressed", "archive"])
def test_a_file_of_any_length_takes_as_much_as_a_short_one(kind: str, form: str, tmp_path: Path) -> None:
    used = []
    for number in (SHORT, LONG):
        content = (LINE % b"male" * 9 + LINE % b"unclear") * (number // 10)
        file = tmp_path / f"{number}.ndjson"
        file.write_bytes({"plain": bytes, "compressed": compressed, "archive": archived}[kind](content))
        used.append(peak(str(file), "--format", form, "--jobs", "2"))
    assert used[1] - used[0] < 20_000
