"""The built wheel holds everything: installed in a new environment, away from the checkout, it does the main job."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.served import server

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `fhir-iop` command of a new environment that has our wheel, and our dependencies from this one."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(CHECKOUT)]
    subprocess.run(build, check=True)
    (wheel,) = folder.glob("fhir_iop-*.whl")
    environment = folder / "environment"
    venv.create(environment, with_pip=False, symlinks=True)
    python = environment / "bin" / "python"
    subprocess.run([*pip, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)], check=True)
    (packages,) = (environment / "lib").glob("python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    where = subprocess.run(
        [python, "-E", "-c", "import fhir_iop; print(fhir_iop.__file__)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=folder,
    )
    assert Path(where.stdout).is_relative_to(environment)
    return environment / "bin" / "fhir-iop"


def test_the_wheel_serves_the_demo(installed: Path, tmp_path: Path) -> None:
    with server(tmp_path, "--demo", command=installed) as running:
        assert running.get("/MedicationRequest?intent=order").json()["total"] > 0


def test_the_wheel_maps_and_validates(installed: Path, tmp_path: Path) -> None:
    records = CHECKOUT / "examples" / "01-depression-titration" / "records.json"
    subprocess.run([installed, "map", records, "-o", "resources.ndjson"], check=True, cwd=tmp_path)
    subprocess.run([installed, "validate", "resources.ndjson"], check=True, cwd=tmp_path)
