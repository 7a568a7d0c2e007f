"""A worker: a process of its own that makes the reviews of projects, one after the other, as it is told on its input.

In: a task as a JSON line. Out: what happened, as JSON lines; the last of a task is the report. The end of the input
is the end of the worker: at once where it waits, else when the running cell is done. On Linux each notebook runs in a
process forked from here (see `engine`), elsewhere in a kernel, and is not stopped before its end.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import gc
import importlib
import json
import os
import select
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from markupsafe import escape

from salesplaybook import language
from salesplaybook.batch import lean, once
from salesplaybook.batch.report import REVIEW
from salesplaybook.pages import page, paper
from salesplaybook.share import share
from salesplaybook.store import Store


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what is running is ended in order
    lean.imports()
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # what libraries print belongs into the log
    tasks = os.fdopen(os.dup(0), "rb", buffering=0)

    def tell(kind: str, **said: Any) -> None:
        out.write(json.dumps({"event": kind} | said) + "\n")

    from salesplaybook.batch import engine, review
    from salesplaybook.batch.engine import shell  # noqa: F401 (so that a notebook's process has it)

    engine.register()

    def begin(project: str, playbook: str) -> None:
        tell("begun", project=project, playbook=playbook)
        warm()
        if playbook == REVIEW:  # it alone goes on paper
            paper.missing()

    while line := tasks.readline():
        task = json.loads(line)
        folder = Path(task["folder"])
        options = {
            "engine_name": engine.NAME,
            "request_save_on_cell_execute": False,
            "execution_timeout": task["patience"],
            "stop": tasks.fileno(),
            "hold": functools.partial(unwritten, Store(folder)),
        }
        with once.each_file_read_once():
            report = review.review(
                folder,
                task["period"],
                every=task["every"],
                options=options,
                begin=begin,
                tell=lambda project, playbook, became, seconds: tell(
                    "ran", project=project, playbook=playbook, became=became, seconds=seconds
                ),
                stopping=lambda: ended(tasks.fileno()),
            )
        tell("project", report=report.model_dump())


def ended(tasks: int) -> bool:
    """Whether the input has come to its end: while a task is being done, nothing else comes. Pipes can be asked on
    POSIX only; elsewhere a worker that doesn't end is killed."""
    return os.name == "posix" and bool(select.select([tasks], [], [], 0)[0])


@functools.cache
def warm() -> None:
    """Imports what the package's playbooks import and compiles the pages, so that a notebook's process has them: once,
    and not before a notebook is due."""
    for notebook in sorted((share() / "playbooks").glob("*.ipynb")):
        for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                for name in _imported("".join(cell["source"])):
                    with contextlib.suppress(ImportError):
                        importlib.import_module(name)
    pages = page.environment(language.current(), lambda _, text: escape(text))
    for name in pages.list_templates(extensions=["html"]):
        pages.get_template(name)
    for code in language.LANGUAGES:
        language.catalog(code)
    gc.collect()
    gc.freeze()  # what is here now is shared with each notebook's process, and not copied


def _imported(source: str) -> Iterator[str]:
    """The modules of ours that a cell imports."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("salesplaybook"):
            yield str(node.module)
            yield from (f"{node.module}.{name.name}" for name in node.names)


@contextlib.contextmanager
def unwritten(store: Store) -> Iterator[None]:
    """Within it, nobody is writing the project's files; who has not come to an end in ten seconds, never will."""
    lock = FileLock(store.path(".cache", "lock"))
    with contextlib.suppress(Timeout, OSError):
        lock.acquire(timeout=10)
    try:
        yield
    finally:
        lock.release()


if __name__ == "__main__":
    main()
