"""The rules of the house: one name in five places, notebooks that read like prose, rooms that know their place."""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
import tokenize
from pathlib import Path
from typing import Any

import pytest

from salesplaybook import records
from salesplaybook.areas import __path__ as areas
from salesplaybook.demo import make
from salesplaybook.project import Project

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "salesplaybook"
PLAYBOOKS = sorted((ROOT / "playbooks").glob("*.ipynb"))
LINES_A_FILE, LINES_A_CELL, CODE_CELLS = 300, 10, 15

each_playbook = pytest.mark.parametrize("path", PLAYBOOKS, ids=lambda p: p.stem)


def cells(path: Path, kind: str = "code") -> list[dict[str, Any]]:
    return [c for c in json.loads(path.read_text("utf-8"))["cells"] if c["cell_type"] == kind]


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def parameters(path: Path) -> dict[str, Any]:
    (found,) = [c for c in cells(path) if "parameters" in c["metadata"].get("tags", [])]
    return found


def test_there_are_playbooks():
    assert PLAYBOOKS and list(areas)


@each_playbook
def test_one_name_five_places(path: Path):
    name = path.stem
    assert json.loads(path.read_text("utf-8"))["metadata"]["salesplaybook"]["playbook"] == name
    for place in (f"areas/{name}.py", f"pages/templates/{name}.html"):
        assert (SOURCE / place).is_file(), place
    assert (ROOT / "tests" / f"test_{name}.py").is_file()


@each_playbook
def test_a_playbook_carries_no_outputs_and_its_cells_have_ids(path: Path):
    notebook = json.loads(path.read_text("utf-8"))
    assert all(c["outputs"] == [] and c["execution_count"] is None for c in cells(path))
    ids = [c["id"] for c in notebook["cells"]]
    assert len(set(ids)) == len(ids) and all(ids)
    assert "papermill" not in notebook["metadata"]
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"


@each_playbook
def test_parameters_are_typed_and_each_says_what_it_is(path: Path):
    cell = parameters(path)
    lines = ast.parse(source(cell)).body
    assert lines and all(isinstance(line, ast.AnnAssign) and line.value for line in lines)
    tokens = tokenize.generate_tokens(io.StringIO(source(cell)).readline)
    commented = {t.start[0] for t in tokens if t.type == tokenize.COMMENT}
    assert commented >= {line.lineno for line in lines}


@each_playbook
def test_no_parameter_is_reassigned_so_that_any_cell_can_run_twice(path: Path):
    cell = parameters(path)
    given = {line.target.id for line in ast.parse(source(cell)).body}
    for other in cells(path):
        if other["id"] != cell["id"]:
            assert not given & assigned(ast.parse(source(other))), other["id"]


def assigned(tree: ast.AST) -> set[str]:
    """Every name that a cell binds, in whatever way."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.alias(name=name, asname=asname):
                found.add(asname or name.partition(".")[0])
    return found


@each_playbook
def test_a_playbook_reads_like_prose(path: Path):
    kinds = [c["cell_type"] for c in json.loads(path.read_text("utf-8"))["cells"]]
    assert kinds[0] == "markdown" and "code code code" not in " ".join(kinds)
    assert len(cells(path)) <= CODE_CELLS
    for cell in cells(path):
        assert len(source(cell).splitlines()) <= LINES_A_CELL, cell["id"]
        assert "sys.path" not in source(cell) and "today()" not in source(cell), cell["id"]


@pytest.fixture(scope="module")
def parks(tmp_path_factory: pytest.TempPathFactory, filed) -> Path:
    return filed(0, tmp_path_factory.mktemp("house"))


@each_playbook
def test_a_playbook_says_what_it_looks_at(path: Path, parks: Path):
    here = Project.open(parks)
    window = here.period_of(path.stem, "", here.resolve())
    list(make.running(parks, path.stem, here.resolve(), window.name))
    record = records.load(here.store, window.name, path.stem)
    assert record
    said = json.loads(path.read_text("utf-8"))["metadata"]["salesplaybook"]
    assert said["schema"] == record.schema_number
    assert set(said["looks_at"]) == {s.table for s in record.read.sources}
    assert {name.rpartition("/")[2] for name in record.read.records} <= set(said["reads_records"])
    assert not said["reads_records"] or path.stem == "quarterly_review"


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_file_that_passes_300_lines_is_two_rooms(path: Path):
    assert len(path.read_text("utf-8").splitlines()) <= LINES_A_FILE


def test_a_name_says_what_is_in_the_room():
    assert not [p for p in SOURCE.rglob("*.py") if p.stem in ("utils", "util", "helpers", "common", "misc", "abs")]


def test_every_room_says_first_what_it_is_for():
    silent = [
        p
        for p in SOURCE.rglob("*.py")
        if p.read_text("utf-8") and not ast.get_docstring(ast.parse(p.read_text("utf-8")))
    ]
    assert not silent


def test_imports_point_one_way():
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
