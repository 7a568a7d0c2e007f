"""The executed playbooks of tests/golden, run again by nbval in a new demo project: every output is the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from golden.renew import GOLDEN, HERE, Golden, prepared

each_golden = pytest.mark.parametrize("golden", GOLDEN, ids=lambda g: g.file)


@each_golden
def test_nbval_runs_it_again_and_sees_the_same(golden: Golden, tmp_path: Path, filed):
    copy, notebook = prepared(golden, filed(golden.project, tmp_path))
    kept = nbformat.read(golden.path, 4)
    assert [c.source for c in kept.cells] == [c.source for c in notebook.cells], "the playbook has changed: make golden"
    copy.write_bytes(golden.path.read_bytes())
    nbval = ["-m", "pytest", "--nbval", "--nbval-sanitize-with", HERE / "sanitize.cfg", "--nbval-cell-timeout", "120"]
    done = subprocess.run(
        [sys.executable, *nbval, "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", copy.parent, copy],
        cwd=copy.parent,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    code = [c for c in kept.cells if c.cell_type == "code"]
    assert f"{len(code)} passed" in done.stdout


@each_golden
def test_it_was_executed_and_says_nothing_of_the_machine(golden: Golden):
    text = golden.path.read_text("utf-8")
    outputs = [c["outputs"] for c in json.loads(text)["cells"] if c["cell_type"] == "code"]
    assert sum(map(bool, outputs)) >= len(outputs) - 4  # parameters, and what is asked of a person
    assert not [o for found in outputs for o in found if o["output_type"] in ("error", "stream")]
    assert "/tmp/" not in text and "/home/" not in text
