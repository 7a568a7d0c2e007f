"""The command line as people type it: what works says where to look, what doesn't is one sentence and exit code 2."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

VERBS = ("new", "check", "run", "review", "status", "open", "lab", "demo")
COMMAND = [sys.executable, "-c", "from salesplaybook.cli import main; main()"]
DEALS = "id,name,stage,created,amount\n1,a,won,2026-07-01,500\n2,b,open,2026-07-02,700\n"


def typed(*words: str | Path, cwd: Path, lang: str = "C.UTF-8", timeout: int = 300) -> subprocess.CompletedProcess[str]:
    """Runs `salesplaybook WORDS` in `cwd`, nobody at the keyboard and no browser."""
    known = {k: v for k, v in os.environ.items() if not k.startswith("LC_")}
    environment = known | {"LANG": lang, "PYTHONUTF8": "1", "BROWSER": "true", "COLUMNS": "120"}
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
    )


def refused(done: subprocess.CompletedProcess[str], *said: str) -> None:
    """One sentence on stderr with all of `said` in it, exit code 2, no traceback."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert all(text in done.stderr for text in said), done.stderr
    assert not done.stdout


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of two deals, made by `new` and run."""
    into = tmp_path_factory.mktemp("cli")
    made = typed("new", "Small", "--language", "en", "--manager", "Ann", cwd=into)
    assert made.returncode == 0, made.stderr
    (into / "Small" / "data" / "deals 2026-07-06.csv").write_text(DEALS, "utf-8")
    done = typed("run", "crm", "--period", "2026Q3", cwd=into / "Small")
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()) == into / "Small" / "records" / "2026Q3" / "crm.html"
    return into / "Small"


# -- help


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_ends_with_examples(tmp_path: Path, verb: str):
    done = typed(verb, "--help", cwd=tmp_path)
    assert done.returncode == 0
    _, _, examples = done.stdout.partition("Examples:")
    assert examples.strip().startswith(f"salesplaybook {verb}")


def test_help_names_every_verb(tmp_path: Path):
    lines = typed("--help", cwd=tmp_path).stdout.splitlines()
    assert [line.split()[0] for line in lines[-len(VERBS) :]] == sorted(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_help_speaks_chinese_where_the_computer_does(tmp_path: Path, verb: str):
    shown = typed(verb, "-h", cwd=tmp_path, lang="zh_CN.UTF-8").stdout
    assert "例：" in shown and len(re.findall("[一-鿿]", shown)) > 10
    assert not re.search("[一-鿿]", re.sub("new 华东.*", "", typed(verb, "-h", cwd=tmp_path).stdout))


def test_help_is_quick(tmp_path: Path):
    def cpu() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    took = []
    for _ in range(3):
        before = cpu()
        typed("--help", cwd=tmp_path)
        took.append(cpu() - before)
    assert min(took) < 0.5


# -- what works


def test_new_says_what_to_do_next_and_its_words_work(tmp_path: Path):
    done = typed("new", "East Park", "--language", "en", cwd=tmp_path)
    assert done.returncode == 0 and "salesplaybook run weekly --project East-Park" in done.stdout
    assert typed("run", "crm", "--project", "East-Park", cwd=tmp_path).returncode == 0


def test_new_takes_the_computers_language(tmp_path: Path):
    done = typed("new", "华东", cwd=tmp_path, lang="zh_CN.UTF-8")
    assert done.returncode == 0 and "华东" in done.stdout
    assert "language: zh_CN" in (tmp_path / "华东" / "project.yaml").read_text("utf-8")


def test_parameters_are_given_by_name_too(small: Path):
    done = typed(
        "run", "crm", "-p", "project", small, "-p", "period", "2026-W28", "--as-of", "2026-07-06", cwd=small.parent
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).parts[-2:] == ("2026-W28", "crm.html")


def test_status_says_why_a_playbook_is_due(tmp_path: Path):
    typed("new", "Due", "--language", "en", cwd=tmp_path)
    here = tmp_path / "Due"
    assert "not run yet" in typed("status", cwd=here).stdout
    (here / "data" / "deals 2026-07-06.csv").write_text(DEALS, "utf-8")
    assert typed("run", "crm", cwd=here).returncode == 0
    assert "up to date" in typed("status", cwd=here).stdout
    (here / "data" / "deals 2026-07-13.csv").write_text(DEALS.replace("700", "900"), "utf-8")
    assert "deals 2026-07-13.csv in data/ is not filed yet" in typed("status", cwd=here).stdout


def test_open_prints_the_page_that_it_opens(small: Path):
    done = typed("open", "crm", "--period", "2026Q3", cwd=small / "data")
    assert done.returncode == 0 and Path(done.stdout.strip()) == small / "records" / "2026Q3" / "crm.html"


# -- what doesn't


def test_a_mistyped_word_is_answered_with_the_right_one(small: Path):
    refused(typed("run", "crm", "-p", "perod", "2026Q3", cwd=small), "'perod'", "Did you mean 'period'?")
    refused(typed("run", "cmr", cwd=small), "'cmr'", "Did you mean 'crm'?")
    refused(typed("run", "crm", "-p", "colour", "red", cwd=small), "project, period, as_of")
    refused(typed("run", "zzz", cwd=small), "zzz", "crm")
    refused(typed("rnu", "crm", cwd=small), "rnu")


def test_nothing_is_run_while_one_word_is_wrong(small: Path):
    before = sorted(p.stat().st_mtime_ns for p in (small / "records").rglob("*"))
    refused(typed("run", "crm", "cmr", cwd=small), "Did you mean 'crm'?")
    assert sorted(p.stat().st_mtime_ns for p in (small / "records").rglob("*")) == before


@pytest.mark.parametrize("verb", [["run", "crm"], ["status"], ["open", "crm"]], ids=lambda v: v[0])
def test_a_folder_that_is_no_project(tmp_path: Path, verb: list[str]):
    refused(typed(*verb, cwd=tmp_path), "is no project", "salesplaybook new")
    refused(typed(*verb, "--project", "nowhere", cwd=tmp_path), "nowhere", "is no project")


@pytest.mark.parametrize("verb", [["run", "crm"], ["status"]], ids=lambda v: v[0])
def test_a_period_that_is_none(small: Path, verb: list[str]):
    refused(typed(*verb, "--period", "2026Q5", cwd=small), "'2026Q5' is no period", "2026Q3")


def test_a_day_that_is_none(small: Path):
    refused(typed("run", "crm", "--as-of", "2026-02-30", cwd=small), "2026-02-30")


def test_a_page_that_is_not_made_yet(small: Path):
    refused(
        typed("open", "crm", "--period", "2025Q1", cwd=small), "There is no page of crm yet", "salesplaybook run crm"
    )


def test_a_new_project_over_an_old_one_or_in_no_language(small: Path):
    refused(typed("new", "Small", "--language", "en", cwd=small.parent), "is there already")
    refused(typed("new", "Other", "--language", "fr", cwd=small.parent), "'fr'", "zh_CN, en")
    refused(typed("new", "Other", "--folder", "../out", cwd=small.parent), "../out")


def test_settings_that_cannot_be_read_are_named_with_their_line(tmp_path: Path):
    (tmp_path / "project.yaml").write_text("name: X\nlanguge: en\n", "utf-8")
    refused(typed("status", cwd=tmp_path), "project.yaml, line 2", "Did you mean 'language'?")


def test_a_sentence_is_in_the_projects_language(tmp_path: Path):
    typed("new", "华东", "--language", "zh_CN", "--folder", "east", cwd=tmp_path)
    done = typed("run", "crm", "-p", "perod", "1", cwd=tmp_path / "east")
    assert done.returncode == 2 and "period" in done.stderr and re.search("[一-鿿]", done.stderr)
