"""Reviews of several projects in worker processes: what fails, fails alone and is told; what is done, stays done."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from rich.console import Console
from test_cli import COMMAND, refused, typed

from salesplaybook import records
from salesplaybook.batch import due, engine, lean, once, progress, review, reviews, run, which
from salesplaybook.batch.report import REVIEW, Report
from salesplaybook.demo.many import PERIOD, many
from salesplaybook.errors import PeriodError
from salesplaybook.project import Project
from salesplaybook.store import Store

PLAYBOOKS = ("crm", "goals", "risk", "performance", "retrospective")
UNREADABLE, ENTRIES, STOPS, EMPTY, GOOD, LAST = (f"project-{n:02}" for n in range(1, 7))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the processes of pytest-xdist share, with the two below in it; made once."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own) / "batch"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            many(6, folder / "fresh")
            shutil.copytree(folder / "fresh", folder / "projects")
            words = ("review", "projects", "--period", PERIOD, "--workers", "2", "--into", "out")
            said = typed(*words, cwd=folder, timeout=600)
            (folder / "said.txt").write_text(said.stdout + said.stderr, "utf-8")
            (folder / "code.txt").write_text(str(said.returncode), "utf-8")
    return folder


@pytest.fixture(scope="module")
def fresh(shared: Path) -> Path:
    """Six projects, four of them with something wrong. Never run here: tests take copies."""
    return shared / "fresh"


@pytest.fixture(scope="module")
def done(shared: Path) -> Path:
    """The same, reviewed once by two workers: `projects`, and the summary in `out`. Tests change copies alone."""
    assert (shared / "code.txt").read_text("utf-8") == "1", (shared / "said.txt").read_text("utf-8")
    return shared


def summary(folder: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((folder / "summary.json").read_text("utf-8"))
    return said


def told(folder: Path) -> dict[str, dict[str, Any]]:
    """The summary's projects by their folders' names."""
    return {Path(p["folder"]).name: p for p in summary(folder)["projects"]}


def record(project: Path, playbook: str) -> records.Record:
    found = records.load(Store(project), PERIOD, playbook)
    assert found
    return found


def reviewed(folder: Path, tell: Callable[..., None] = lambda *_: None) -> Report:
    """The review of a project in this process, as a worker makes it."""
    lean.imports()
    engine.register()
    options = {"engine_name": engine.NAME, "request_save_on_cell_execute": False}
    return review.review(folder, PERIOD, options=options, tell=tell)


# -- what fails, fails alone


def test_a_damaged_notebook_and_an_export_that_no_table_fits_are_told_and_stop_nothing_else(
    done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    here = shutil.copytree(done / "projects" / GOOD, tmp_path / GOOD)
    (here / "playbooks").mkdir(exist_ok=True)
    (here / "playbooks" / "goals.ipynb").write_text("<<<<<<< HEAD\n{}", "utf-8")
    (here / "data" / "Deals_2026_10_12.csv").write_text("Geschaeft,Wert\nA,1\n", "utf-8")
    monkeypatch.setenv("LANG", "C.UTF-8")
    found = reviewed(here)
    assert found.state == "gaps", found
    assert found.review and found.playbooks["risk"] == "made"
    assert [f.playbook for f in found.failures] == ["goals"]
    assert "playbooks/goals.ipynb" in found.failures[0].sentence
    assert any("Deals_2026_10_12.csv in data/ was not used" in gap for gap in found.gaps), found.gaps


def test_what_is_changed_by_hand_meanwhile_is_not_stamped_with_readings_of_before(fresh: Path, tmp_path: Path):
    here = shutil.copytree(fresh / GOOD, tmp_path / GOOD)
    Project.open(here).file_exports()
    with once.each_file_read_once():
        before = Project.open(here).snapshot().deals
        mapping = (here / "mapping.yaml").read_text("utf-8")
        (here / "mapping.yaml").write_text(mapping.replace("赢单: won", "赢单: lost"), "utf-8")
        after = Project.open(here).snapshot().deals
    won = (before.frame["status"] == "won").sum()
    assert won and not (after.frame["status"] == "won").any()


def test_a_playbook_whose_page_is_gone_is_due(done: Path, tmp_path: Path):
    here = shutil.copytree(done / "projects" / GOOD, tmp_path / GOOD)
    (here / "records" / PERIOD / "crm.html").unlink()
    window = Project.open(here).period(PERIOD, Project.open(here).resolve())
    (why,) = due.of(Project.open(here), "crm", window).reasons
    assert why.text == "its page is missing"


def test_the_live_line_shows_any_name_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shown = io.StringIO()
    monkeypatch.setattr(progress, "Console", lambda stderr: Console(file=shown, force_terminal=True, width=200))
    with open(tmp_path / "log", "wb") as log, progress.Progress(2, log) as line:
        for name in ("East [/old]", "\udcb9\udcab"):
            line.heard({"event": "begun", "project": name, "playbook": "crm"})
            line.heard({"event": "ran", "project": name, "playbook": "crm", "became": "failed", "seconds": 1.0})
    assert "East [/old]: crm" in shown.getvalue()
    assert r"\udcb9\udcab: crm" in (tmp_path / "log").read_text("utf-8")


def test_projects_of_one_name_are_told_apart(tmp_path: Path):
    named = tmp_path / "华东　园区"
    named.mkdir()
    (named / "project.yaml").write_text("name: x\n", "utf-8")
    assert which.projects([tmp_path]) == [named]  # a wide space is a name like any other
    reports = [Report(folder=f"/x/{f}", project=name) for f, name in (("a", "East"), ("b", "East"), ("c", "West"))]
    reviews._tell_apart(reports)
    assert [r.project for r in reports] == ["East (a)", "East (b)", "West"]


def test_a_project_that_is_well_has_its_review(done: Path):
    found = told(done / "out")
    for name in (GOOD, LAST):
        assert found[name]["state"] == "made" and not found[name]["failures"], found[name]
        assert set(found[name]["playbooks"].items()) == {(p, "made") for p in (*PLAYBOOKS, REVIEW)}
        assert Path(found[name]["review"]) == done / "projects" / name / "records" / PERIOD / f"{REVIEW}.html"
        assert Path(found[name]["review"]).exists() and found[name]["title"]
        assert found[name]["numbers"]["bookings"] == record(done / "projects" / name, "crm").figures["bookings"].value


def test_a_row_that_cannot_be_read_is_a_gap_with_file_and_row(done: Path):
    found = told(done / "out")[UNREADABLE]
    assert found["state"] == "gaps" and not found["failures"]
    assert any("Deals_2026_10_05.csv, row " in gap and "Amount" in gap for gap in found["gaps"]), found["gaps"]


def test_entries_that_cannot_be_read_stop_their_project_alone_with_file_and_line(done: Path):
    found = told(done / "out")[ENTRIES]
    assert found["state"] == "failed" and not found["review"]
    assert [f["playbook"] for f in found["failures"]] == [""]
    assert "entries/risks.yaml" in found["failures"][0]["sentence"]


def test_a_playbook_that_stops_marks_its_projects_review(done: Path):
    found, project = told(done / "out")[STOPS], done / "projects" / STOPS
    assert found["state"] == "gaps" and found["playbooks"][REVIEW] == "made"
    assert {p for p, became in found["playbooks"].items() if became == "failed"} == {"risk"}
    failure = found["failures"][0]
    assert failure["sentence"] == "ZeroDivisionError: division by zero。"  # the project is Chinese
    assert failure["notebook"] == f"records/{PERIOD}/risk.failed.ipynb"
    book = json.loads((project / failure["notebook"]).read_text("utf-8"))
    cell = next(c for c in book["cells"] if c["id"] == failure["cell_id"])
    assert cell["execution_count"] == failure["cell"] and "1 / 0" in "".join(cell["source"])
    standing = record(project, REVIEW).body["standing"]
    assert [s["state"] for s in standing if s["area"] == "risk"] == ["failed"]


def test_a_project_without_exports_says_so(done: Path):
    found = told(done / "out")[EMPTY]
    assert found["state"] == "gaps" and not found["failures"] and "no deals yet" in found["gaps"][-1]


def test_what_failed_is_printed_with_place_and_reason(done: Path):
    said = (done / "said.txt").read_text("utf-8")
    assert "division by zero" in said and "entries/risks.yaml" in said
    assert all(str(done / "out" / f"summary.{ending}") in said for ending in ("html", "json", "log"))
    log = (done / "out" / "summary.log").read_text("utf-8")
    assert f"{told(done / 'out')[GOOD]['project']}: crm made" in log and "[6/6]" in log


def test_the_summary_page_names_what_failed_and_links_the_reviews(done: Path):
    page = (done / "out" / "summary.html").read_text("utf-8")
    assert "5 of 6 reviews are ready, 1 failed" in page
    assert f'href="../projects/{GOOD}/records/{PERIOD}/{REVIEW}.html"' in page
    assert "division by zero" in page and "entries/risks.yaml" in page and "<script" not in page


# -- the same as `run`, and only what is due


def test_a_review_is_the_same_as_run_makes_it(done: Path, fresh: Path, tmp_path: Path):
    shutil.copytree(fresh / GOOD, tmp_path / GOOD)
    ours, theirs = (folder / GOOD / "records" / PERIOD for folder in (done / "projects", tmp_path))
    theirs.mkdir(parents=True)
    for playbook in ("goals", "risk", "retrospective"):  # the others are run here, each in a kernel
        shutil.copy(ours / f"{playbook}.json", theirs)
    assert typed("run", "crm", "performance", REVIEW, "--period", PERIOD, cwd=tmp_path / GOOD).returncode == 0
    for playbook in ("crm", "performance", REVIEW):
        assert record(done / "projects" / GOOD, playbook).fingerprint == record(tmp_path / GOOD, playbook).fingerprint
        for ending in ("html", "csv"):
            file = f"{playbook}.{ending}"
            assert (ours / file).read_bytes() == (theirs / file).read_bytes(), file


def test_a_second_run_does_what_is_not_done(done: Path, tmp_path: Path):
    into = tmp_path / "again"
    shutil.copytree(done / "projects", into)
    (into / ENTRIES / "entries" / "risks.yaml").unlink()  # mended
    before = {p: p.stat().st_mtime_ns for p in into.rglob("*.json")}
    said = typed("review", into, into / GOOD, "--period", PERIOD, "--into", tmp_path, cwd=tmp_path)
    assert said.returncode == 1
    found = told(tmp_path)
    assert len(found) == 6  # one that is named twice counts once
    assert {n: p["state"] for n, p in found.items()} == {
        UNREADABLE: "gaps",
        ENTRIES: "made",
        STOPS: "gaps",
        EMPTY: "gaps",
        GOOD: "unchanged",
        LAST: "unchanged",
    }
    assert set(found[GOOD]["playbooks"].values()) == {"unchanged"}
    assert [p for p, became in found[STOPS]["playbooks"].items() if became != "unchanged"] == ["risk"]
    assert [p for p, was in before.items() if p.stat().st_mtime_ns != was and ENTRIES not in str(p)] == []


def test_a_playbook_whose_last_run_stopped_is_due(done: Path):
    here = Project.open(done / "projects" / STOPS)
    reasons = {d.playbook: [m.text for m in d.reasons] for d in due.standing(here, PERIOD)}
    assert "its last run stopped" in reasons["risk"] and reasons["crm"] == []


# -- stopped in the middle


def started(projects: Path, into: Path) -> subprocess.Popen[str]:
    """`salesplaybook review` in a process group of its own, in the folder `into`."""
    return subprocess.Popen(
        [*COMMAND, "review", str(projects), "--period", PERIOD, "--workers", "2"],
        cwd=into,
        env={**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        encoding="utf-8",
    )


def workers_in(folder: Path) -> list[str]:
    """The workers of a batch that was started in a folder."""
    found = []
    for status in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line, cwd = status.read_bytes().decode(), os.readlink(status.parent / "cwd")
        except OSError:
            continue
        if "salesplaybook.batch.worker" in line and cwd == str(folder):
            found.append(status.parent.name)
    return found


def test_ctrl_c_ends_cleanly_and_the_next_run_goes_on(fresh: Path, tmp_path: Path):
    projects = tmp_path / "projects"
    for name in (UNREADABLE, EMPTY):
        shutil.copytree(fresh / name, projects / name)
    running = started(projects, tmp_path)
    assert running.stderr
    for line in running.stderr:
        if "crm made" in line:
            break
    assert len(workers_in(tmp_path)) >= 2
    os.killpg(running.pid, signal.SIGINT)
    running.communicate(timeout=60)
    assert running.returncode == 130
    assert not workers_in(tmp_path)
    assert not [*projects.rglob(".*.part")]
    found = told(tmp_path)
    assert summary(tmp_path)["stopped"] and "stopped" in {p["state"] for p in found.values()}
    for path in projects.glob("*/records/*/*.json"):  # each record is whole, its page beside it
        assert path.with_suffix(".html").exists() and json.loads(path.read_text("utf-8"))["fingerprint"]
    finished = {(n, p) for n, said in found.items() for p, became in said["playbooks"].items() if became == "made"}
    again = typed("review", projects, "--period", PERIOD, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert finished and all(told(tmp_path)[name]["playbooks"][p] == "unchanged" for name, p in finished)


def test_workers_end_with_the_one_that_started_them(fresh: Path, tmp_path: Path):
    shutil.copytree(fresh / GOOD, tmp_path / GOOD)
    running = started(tmp_path / GOOD, tmp_path)
    assert running.stderr
    running.stderr.readline()  # the first notebook is done: more are to come
    assert workers_in(tmp_path)
    running.kill()
    running.wait()
    for _ in range(100):
        if not workers_in(tmp_path):
            return
        time.sleep(0.2)
    pytest.fail("a worker is still there")


def test_a_worker_that_is_killed_fails_its_project_alone(fresh: Path, tmp_path: Path):
    for name in (GOOD, EMPTY):
        shutil.copytree(fresh / name, tmp_path / name)
    own(tmp_path / GOOD, "crm", "import os\nos.kill(os.getppid(), 9)")
    said = typed("review", tmp_path, "--period", PERIOD, "--into", tmp_path, "--workers", "1", cwd=tmp_path)
    found = told(tmp_path)
    assert said.returncode == 1 and found[GOOD]["state"] == "failed" and found[EMPTY]["review"]
    assert "SIGKILL" in found[GOOD]["failures"][0]["sentence"] and found[GOOD]["failures"][0]["playbook"] == "crm"


def own(project: Path, playbook: str, source: str) -> None:
    """The project's own notebook of a playbook: parameters, and one cell."""
    said = 'project: str = ""\nperiod: str = ""\nas_of: str = ""'
    cell = {"cell_type": "code", "execution_count": None, "outputs": [], "metadata": {}}
    cells = [
        cell | {"id": "p", "source": said, "metadata": {"tags": ["parameters"]}},
        cell | {"id": "only", "source": source},
    ]
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    book = {"cells": cells, "metadata": spec, "nbformat": 4, "nbformat_minor": 5}
    (project / "playbooks").mkdir(exist_ok=True)
    (project / "playbooks" / f"{playbook}.ipynb").write_text(json.dumps(book), "utf-8")


# -- one project, in this process


def test_a_cell_that_never_ends_fails_its_notebook_alone(fresh: Path, tmp_path: Path):
    shutil.copytree(fresh / EMPTY, tmp_path / EMPTY)
    own(tmp_path / EMPTY, "crm", "import time\ntime.sleep(600)")
    said = typed("review", EMPTY, "--period", PERIOD, "--timeout", "10", cwd=tmp_path)
    found = told(tmp_path)[EMPTY]
    assert said.returncode == 1 and found["playbooks"]["crm"] == "failed" and found["playbooks"][REVIEW] == "made"
    assert found["failures"][0]["cell_id"] == "only" and "took too long" in found["failures"][0]["sentence"]


def test_a_locked_project_fails_with_its_sentence(fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shutil.copytree(fresh / EMPTY, tmp_path / EMPTY)
    monkeypatch.setattr("salesplaybook.store.FileLock", lambda path, timeout: FileLock(path, timeout=0.1))
    (tmp_path / EMPTY / ".cache").mkdir(exist_ok=True)
    with FileLock(tmp_path / EMPTY / ".cache" / "lock"):
        found = reviewed(tmp_path / EMPTY)
    assert found.state == "failed" and "being written by another run" in found.failures[0].sentence


def test_broken_settings_fail_with_file_and_line(fresh: Path, tmp_path: Path):
    shutil.copytree(fresh / GOOD, tmp_path / GOOD)
    (tmp_path / GOOD / "project.yaml").write_text("name: X\nlanguage: en\nlangage: en\n", "utf-8")
    found = reviewed(tmp_path / GOOD)
    assert found.state == "failed" and "project.yaml, line 3" in found.failures[0].sentence


def test_an_error_of_ours_fails_its_project_alone(tmp_path: Path, fresh: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Project, "file_exports", lambda self: 1 / 0)
    found = reviewed(fresh / GOOD)
    assert found.state == "failed" and "ZeroDivisionError" in found.failures[0].sentence


def test_nobody_is_at_the_notebook(fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shutil.copytree(fresh / GOOD, tmp_path / GOOD)
    own(tmp_path / GOOD, "crm", "from salesplaybook.attended import attended\nassert not attended()")
    monkeypatch.setenv("JPY_SESSION_NAME", "a notebook in JupyterLab")
    run.run(Project.open(tmp_path / GOOD), "crm", PERIOD)


# -- wrong use


def test_wrong_use_is_one_sentence_and_code_2(fresh: Path, tmp_path: Path):
    refused(typed("review", cwd=tmp_path), "a project's folder")
    refused(typed("review", tmp_path, cwd=tmp_path), "is no project and holds none")
    refused(typed("review", fresh, tmp_path / "nowhere", cwd=tmp_path), "nowhere")
    refused(typed("review", fresh, "--period", "2026Q5", cwd=tmp_path), "'2026Q5' is no period")
    refused(typed("review", fresh, "--period", "2026-W39", cwd=tmp_path), "A review is of a quarter")
    (tmp_path / "file").write_text("")
    refused(typed("review", fresh, "--period", PERIOD, "--into", "file", cwd=tmp_path), "--into")
    assert not [*tmp_path.rglob("summary.*")]


def test_a_folder_of_projects_is_all_of_them_each_once(fresh: Path):
    found = which.projects([fresh / GOOD, fresh, fresh / GOOD / ".." / LAST])
    assert [p.name for p in found] == [GOOD, UNREADABLE, ENTRIES, STOPS, EMPTY, LAST]


def test_a_quarter_that_has_not_begun_fails_each_project(fresh: Path, tmp_path: Path):
    shutil.copytree(fresh / GOOD, tmp_path / GOOD)
    with pytest.raises(PeriodError):
        Project.open(tmp_path / GOOD).period("2027Q2", Project.open(tmp_path / GOOD).resolve())
    said = typed("review", GOOD, "--period", "2027Q2", cwd=tmp_path)
    assert said.returncode == 1 and "2027Q2" in told(tmp_path)[GOOD]["failures"][0]["sentence"]
