"""Imports go one way: the layers of the README's picture, and each library behind its one front door."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "fhir_iop"

# A layer may use any layer to its right; the rooms inside one layer don't know each other.
LAYERS = [
    {"cli"},
    {"serving"},
    {"app", "conformance"},
    {"web"},
    {"api"},
    {"flow"},
    {"mapping", "validation", "consent", "store", "ehr", "pharmacy", "instruments"},
    {"fhirpath"},
    {"definitions"},
    {"fhir"},
    {"session"},
    {"settings"},
    {"errors"},
    {"issue"},
    {"wording"},
    {"data"},
]
RANK = {room: rank for rank, layer in enumerate(LAYERS) for room in layer}

FRONT_DOORS = {
    "flask": ("web", "app"),
    "granian": ("serving",),
    "requests": ("session",),
    "urllib3": ("session",),
    "sqlalchemy": ("store",),
    "alembic": ("store",),
    "lxml": ("fhir/xml",),
    "fhir": ("fhir/models",),
    "jsonschema": ("mapping",),
    "jsonschema_rs": ("mapping",),
    "ruamel": ("mapping",),
    "msgspec": ("fhir/json", "fhir/shapes"),
    "click": ("cli",),
    "rich": ("cli",),
}

MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(module: Path) -> str:
    return module.relative_to(PACKAGE).with_suffix("").as_posix()


def room_of(module: Path) -> str:
    return name_of(module).split("/")[0]


def imports(module: Path) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(module)}:{node.lineno}: a relative import"
            if node.module == "fhir_iop":
                found += [(node.lineno, f"fhir_iop.{alias.name}") for alias in node.names]
            else:
                found.append((node.lineno, node.module or ""))
    return found


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_imports_go_one_way(module: Path) -> None:
    room = room_of(module)
    if room == "__init__":  # the package's public names are loaded when first used
        return
    assert room in RANK, f"{room} is not in the picture: add it to LAYERS and to the README"
    for line, imported in imports(module):
        parts = imported.split(".")
        if parts[0] != "fhir_iop" or len(parts) == 1 or parts[1] == room:
            continue
        assert parts[1] in RANK, f"{name_of(module)}:{line} imports {imported}, which is not in the picture"
        allowed = RANK[parts[1]] > RANK[room] or {room, parts[1]} == {"issue", "wording"}
        assert allowed, f"{name_of(module)}:{line} imports {imported}, against the direction"


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_each_library_has_one_front_door(module: Path) -> None:
    for line, imported in imports(module):
        library = imported.split(".")[0]
        if library not in FRONT_DOORS:
            continue
        doors = FRONT_DOORS[library]
        assert any(name_of(module) == door or name_of(module).startswith(door + "/") for door in doors), (
            f"{name_of(module)}:{line} imports {library}, whose front door is {' and '.join(doors)}"
        )


@pytest.mark.parametrize("room", sorted(p.name for p in PACKAGE.iterdir() if p.is_dir() and p.name[0] != "_"))
def test_a_room_introduces_itself_in_one_sentence(room: str) -> None:
    tree = ast.parse((PACKAGE / room / "__init__.py").read_text("utf-8"))
    docstring = ast.get_docstring(tree) or ""
    assert docstring, f"{room}/__init__.py says nothing"
    assert docstring.count("\n\n") == 0, f"{room}/__init__.py says more than one sentence"
