"""The wheel alone, in an empty environment and an empty home: what it must carry, it carries."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PIP = os.environ | {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}  # whatever pip.conf says
DEALS = "id,name,stage,created,amount\n1,一号园区,won,2026-07-01,500\n2,二号园区,open,2026-07-02,700\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", into, ROOT]
    done = subprocess.run(command, env=PIP, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    (made,) = into.glob("salesplaybook-*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment that holds the wheel; only its dependencies are borrowed from the one that runs the tests."""
    into = tmp_path_factory.mktemp("installed") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", into], check=True, timeout=120)
    python = into / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(command, env=PIP, check=True, timeout=120)
    (site,) = into.glob("lib/python*/site-packages")
    # A path in a .pth comes after the wheel on sys.path, and an editable install there is not followed.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return into


def ran(installed: Path, cwd: Path, *words: str) -> str:
    """The output of a command of the environment, with an empty home and nothing of this checkout around."""
    home = cwd / "home"
    home.mkdir(exist_ok=True)
    environment = {"HOME": str(home), "LANG": "C.UTF-8", "PATH": f"{installed / 'bin'}:{os.defpath}"}
    program = installed / "bin" / words[0]
    done = subprocess.run(
        [program, *words[1:]], cwd=cwd, env=environment, capture_output=True, encoding="utf-8", timeout=180
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def test_the_wheel_holds_what_the_program_needs_and_no_litter(wheel: Path):
    names = zipfile.ZipFile(wheel).namelist()
    for name in (
        "_share/cookiecutter.json",
        "_share/playbooks/crm.ipynb",
        "_share/templates/sales-project/cookiecutter.json",
        "_share/templates/sales-project/hooks/post_gen_project.py",
        "_share/templates/sales-project/{{cookiecutter.__folder}}/project.yaml",
        "_share/templates/sales-project/{{cookiecutter.__folder}}/.gitignore",
        "locale/zh_CN.po",
        "pages/templates/crm.html",
        "pages/templates/page.css",
    ):
        assert f"salesplaybook/{name}" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [n for n in names if re.search(r"__pycache__|\.pyc$|\.ipynb_checkpoints|\.DS_Store|(^|/)tests/", n)]
    in_checkout = {p.name for p in (ROOT / "playbooks").glob("*.ipynb")}
    assert {n.rpartition("/")[2] for n in names if "_share/playbooks/" in n} == in_checkout


def test_what_runs_is_the_wheels(installed: Path, tmp_path: Path):
    where = "import salesplaybook, salesplaybook.share as s; print(salesplaybook.__file__); print(s.share())"
    module, share = ran(installed, tmp_path, "python", "-c", where).splitlines()
    assert Path(module).is_relative_to(installed) and Path(share).is_relative_to(installed)


def test_a_project_is_made_and_runs_on_an_export(installed: Path, tmp_path: Path):
    ran(installed, tmp_path, "salesplaybook", "new", "华东", "--language", "zh_CN", "--folder", "east")
    notebook = (tmp_path / "east" / "playbooks" / "crm.ipynb").read_text("utf-8")
    assert "真实的在手商机" in notebook  # the catalog has come along
    (tmp_path / "east" / "data" / "商机 2026-07-06.csv").write_text(DEALS, "utf-8")
    page = Path(ran(installed, tmp_path, "salesplaybook", "run", "crm", "--project", "east", "--period", "2026Q3"))
    assert page == tmp_path / "east" / "records" / "2026Q3" / "crm.html"
    text = page.read_text("utf-8")
    assert "一号园区" in text and "@page { size: A4" in text and 'lang="zh-CN"' in text
