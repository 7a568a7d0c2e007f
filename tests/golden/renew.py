"""Renews the executed notebooks of this folder: the demo's playbooks as they run today. Look at the diff.

make golden, or python tests/golden/renew.py PLAYBOOK... for some of them
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

from salesplaybook.demo import make, projects

HERE = Path(__file__).resolve().parent


class Golden(NamedTuple):
    """An executed notebook: its file here, the demo's project that it runs in, and the period."""

    file: str
    playbook: str
    project: int
    period: str

    @property
    def path(self) -> Path:
        return HERE / self.file


GOLDEN = [
    Golden("crm.zh_CN.ipynb", "crm", 0, "2026Q3"),
    Golden("crm.en.ipynb", "crm", 1, "2026Q3"),
    Golden("weekly.zh_CN.ipynb", "weekly", 0, "2026-W39"),
    Golden("weekly.en.ipynb", "weekly", 1, "2026-W39"),
]


def prepared(golden: Golden, folder: Path) -> tuple[Path, nbformat.NotebookNode]:
    """Of a demo project: (its own copy of the playbook, that notebook with the period put in)."""
    path = folder / "playbooks" / f"{golden.playbook}.ipynb"
    notebook = nbformat.read(path, 4)
    (cell,) = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    cell.source = cell.source.replace('period: str = ""', f'period: str = "{golden.period}"')
    return path, notebook


def executed(golden: Golden) -> nbformat.NotebookNode:
    """The notebook as it runs in a new demo project, without what differs from run to run."""
    with tempfile.TemporaryDirectory() as into:
        path, notebook = prepared(golden, make.live(projects()[golden.project], Path(into)))
        where = {"metadata": {"path": str(path.parent)}}
        quiet = Config(KernelManager={"transport_encryption": "auto"})  # as in batch/run.py
        NotebookClient(notebook, timeout=300, resources=where, record_timing=False, config=quiet).execute()
        text = re.sub(r"<style>.*?</style>", "", nbformat.writes(notebook))
        text = text.replace(str(Path(into).resolve()), "/demo")
    notebook = nbformat.reads(text, 4)
    notebook.metadata.pop("language_info", None)
    return notebook


if __name__ == "__main__":
    for golden in GOLDEN:
        if len(sys.argv) > 1 and golden.playbook not in sys.argv[1:]:
            continue
        nbformat.write(executed(golden), golden.path)
        print(golden.path.relative_to(HERE.parents[1]), file=sys.stderr)
