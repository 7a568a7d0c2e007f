"""The kit's answers to a project of the corpus: through the command line, as a process, and as a table."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from click.testing import CliRunner

from salesplaybook import language
from salesplaybook.cli import app
from salesplaybook.errors import PlaybookError
from salesplaybook.project import Project

SECONDS = 60
COMMAND = [sys.executable, "-c", "from salesplaybook.cli import main; main()"]


class Answer(NamedTuple):
    """What a command came to: its exit code, what it printed, and the sentences that say what is wrong."""

    code: int
    printed: str
    sentences: list[str]


def asked(folder: Path, *words: str) -> Answer:
    """`salesplaybook WORDS` in this process, as `main` has it. Any other error than ours is raised."""
    language.use(language.Language("en"))
    done = CliRunner().invoke(app, [*words, "--project", str(folder)], prog_name="salesplaybook")
    if isinstance(done.exception, PlaybookError):
        return Answer(2, done.output, [str(done.exception)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Answer(done.exit_code, done.stdout, problems(done.stdout) or done.stderr.splitlines())


def problems(printed: str) -> list[str]:
    """The sentences in what `check --json` printed."""
    if not printed.startswith("{"):
        return []
    said = json.loads(printed)
    found = [f["problem"] for f in said["files"] if f["problem"]] + said["problems"]
    return list(dict.fromkeys(s if isinstance(s, str) else json.dumps(s, ensure_ascii=False) for s in found))


def on_disk(folder: Path) -> dict[str, str]:
    """Every file with its hash, every folder, link and pipe; .cache aside."""
    found = {}
    for path in sorted(folder.rglob("*")):
        place = str(path.relative_to(folder))
        if not place.startswith(".cache"):
            plain = path.is_file() and not path.is_symlink()
            found[place] = hashlib.sha256(path.read_bytes()).hexdigest() if plain else oct(path.lstat().st_mode)
    return found


def tables_of(folder: Path, name: str = "deals") -> pd.DataFrame:
    """The table as it is read from what lies in data/, in the order of the file."""
    here = Project.open(folder)
    here.file_exports()
    (found,) = [reading for _, reading in here.readings() if reading.table == name]
    return found.frame.sort_values("row")


def cells(column: pd.Series) -> list[Any]:
    """A column as the corpus states it: days as text, money as whole cents, blanks as None, spaces as one."""

    def plain(cell: Any) -> Any:
        if pd.isna(cell):
            return None
        if isinstance(cell, pd.Timestamp):
            return cell.date().isoformat()
        return " ".join(cell.split()) if isinstance(cell, str) else cell

    return [plain(cell) for cell in column]


class Done(NamedTuple):
    """How a process ended: exit code, output, the most memory it had, seconds."""

    code: int
    out: str
    err: str
    memory: int
    seconds: float


def process(folder: Path, *words: str) -> Done:
    """`salesplaybook WORDS` as a process of its own. It is killed after a minute, and can't take the whole machine."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (6_000_000_000, 6_000_000_000))

    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started, ended, status, used = time.monotonic(), 0, 0, None
        command = [*COMMAND, *words, "--project", str(folder)]
        run = subprocess.Popen(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL, preexec_fn=limit)
        while not ended:
            ended, status, used = os.wait4(run.pid, os.WNOHANG)
            if time.monotonic() - started > SECONDS:
                run.kill()
            time.sleep(0.02)
        run.returncode = os.waitstatus_to_exitcode(status)
        printed = []
        for stream in (out, err):
            stream.seek(0)
            printed.append(stream.read().decode("utf-8", "replace"))
        assert used
        # macOS counts bytes, Linux kilobytes.
        memory = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        return Done(run.returncode, *printed, memory, time.monotonic() - started)
