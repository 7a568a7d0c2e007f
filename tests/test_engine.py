"""The engine against papermill's own: the same outputs, and what a cell does to its process stays there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from papermill.exceptions import PapermillExecutionError

from salesplaybook.batch import engine

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it forks")

# What is awkward to capture: each is a cell. Both engines run all of them in one notebook, in this order.
AWKWARD = (
    "a = 1",
    "x = 2\nx",
    "print('hello')\nprint('more', end='')\nprint('!')",
    "from IPython.display import *\nHTML('<b>x</b>')",
    "display('first', display_id='q')",
    "update_display('second', display_id='q')",
    "print('gone')\nclear_output()\nprint('stays')",
    "print('gone')\nclear_output(wait=True)\nprint('stays')",
    "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "import asyncio\nawait asyncio.sleep(0.01)\n5",
    "%%capture kept\nprint('x')",
    "kept.stdout",
    "!echo shell",
    "said = !echo a b\nsaid",
    "%%bash\necho bash",
    "_",
    "Out[2], In[1]",
    "__name__",
    "import pickle\nclass A: pass\npickle.loads(pickle.dumps(A)) is A",
    "class B:\n    def _ipython_display_(self): print('self')\nB()",
    "Markdown('# x')",
    "JSON({'a': [1, None]})",
    "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
    "Image(data=b'\\x89PNG\\r\\n\\x1a\\n', format='png', width=1, height=1)",
    "5;",
    "import threading\nt = threading.Thread(target=print, args=('from a thread',)); t.start(); t.join()",
    "import logging\nlogging.warning('careful')",
    "import sys\nsys.stdout.write('abc')",
    "display(HTML('a'), metadata={'x': 1})",
    "display(1, 2)",
    "import os\nos.environ.get('JPY_SESSION_NAME')",
    "1 / 0",
)


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    engine.register()  # pytest-xdist has a thread of its own, which waits
    monkeypatch.setattr("salesplaybook.batch.engine.forked.ready", lambda: True)


def notebook(cells: tuple[str, ...]) -> Any:
    code = [new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(cells, 1)]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=[new_markdown_cell("A text", id="text"), *code], metadata={"kernelspec": spec})


def run(cells: tuple[str, ...], folder: Path, engine_name: str = engine.NAME, **options: Any) -> Any:
    """The executed notebook; its error is left in it."""
    nbformat.write(notebook(cells), folder / "in.ipynb")
    with pytest.raises(PapermillExecutionError) if "1 / 0" in cells else _nothing():
        papermill.execute_notebook(
            str(folder / "in.ipynb"),
            str(folder / "out.ipynb"),
            engine_name=engine_name,
            kernel_name="python3",
            progress_bar=False,
            request_save_on_cell_execute=False,
            **options,
        )
    return nbformat.read(folder / "out.ipynb", 4)


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def stopped(cells: tuple[str, ...], folder: Path, **options: Any) -> PapermillExecutionError:
    """The error of a notebook that must fail."""
    with pytest.raises(PapermillExecutionError) as caught:
        run(cells, folder, **options)
    return caught.value


def outputs(book: Any, number: int) -> list[Any]:
    return next(c.outputs for c in book.cells if c.id == f"cell-{number}")


def plain(cell: Any) -> dict[str, Any]:
    """A cell without ids of papermill's own cells, times, and the colours of a traceback."""
    said: dict[str, Any] = json.loads(json.dumps(cell))
    said["metadata"].pop("execution", None)
    for name in ("start_time", "end_time", "duration"):
        said["metadata"].get("papermill", {}).pop(name, None)
    for output in said.get("outputs", ()):
        output.pop("traceback", None)
    return said | {"id": said["id"] if said["id"].startswith("cell-") else ""}


def test_outputs_are_those_of_papermills_own_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("JPY_SESSION_NAME", "VOILA_KERNEL_ID"):
        monkeypatch.delenv(name, raising=False)
    ours, theirs = (run(AWKWARD, tmp_path, name) for name in (engine.NAME, "nbclient"))
    for a, b in zip(ours.cells, theirs.cells, strict=True):
        assert plain(a) == plain(b)
    assert ours.metadata.language_info == theirs.metadata.language_info


def test_a_notebook_leaves_nothing_behind(tmp_path: Path):
    run(("import os, sys\nos.environ['LEFT'] = '1'\nos.chdir('/')\nsys.left = 1\nleft = 1",), tmp_path)
    book = run(("import os, sys\n'LEFT' in os.environ, os.getcwd(), hasattr(sys, 'left'), 'left' in dir()",), tmp_path)
    assert outputs(book, 1)[0].data["text/plain"] == f"(False, {os.getcwd()!r}, False, False)"


def test_a_file_left_open_is_written(tmp_path: Path):
    run((f"file = open({str(tmp_path / 'said')!r}, 'w')\nfile.write('whole')",), tmp_path)
    assert (tmp_path / "said").read_text() == "whole"


def test_what_a_notebook_started_ends_with_it(tmp_path: Path):
    book = run(("import subprocess\nsubprocess.Popen(['sleep', '300']).pid",), tmp_path)
    pid = int(outputs(book, 1)[0].data["text/plain"])
    for _ in range(100):
        status = Path(f"/proc/{pid}/status")
        if not status.exists() or "State:\tZ" in status.read_text():
            return
        time.sleep(0.05)
    pytest.fail("the process that a cell started is still there")


@pytest.mark.parametrize("cell", ["import os\nos.kill(os.getpid(), 9)", "import os\nos._exit(3)", "exit()"])
def test_a_cell_that_ends_its_process_is_an_error_of_that_cell(tmp_path: Path, cell: str):
    error = stopped(("'first'", cell, "'never'"), tmp_path)
    assert error.ename == "ProcessDied" and error.exec_count == 2
    book = nbformat.read(tmp_path / "out.ipynb", 4)
    assert outputs(book, 1)[0].data["text/plain"] == "'first'" and outputs(book, 3) == []
    states = [c.metadata.papermill["status"] for c in book.cells if c.id.startswith("cell-")]
    assert states == ["completed", "failed", "pending"]


@pytest.mark.parametrize(
    "cell", ["import time\ntime.sleep(60)", "while True:\n  try:\n    while True: pass\n  except BaseException: pass"]
)
def test_a_cell_that_does_not_end_is_ended(tmp_path: Path, cell: str):
    began = time.monotonic()
    assert stopped((cell, "1"), tmp_path, execution_timeout=1).ename == "CellTimeout"
    assert time.monotonic() - began < 10


def test_a_child_is_not_killed_while_it_holds_what_hold_waits_for(tmp_path: Path):
    written = tmp_path / "written"

    @contextmanager
    def hold() -> Iterator[None]:
        for _ in range(100):
            if written.exists():
                break
            time.sleep(0.1)
        yield

    cell = f"import time\ntime.sleep(2)\nopen({str(written)!r}, 'w').write('whole')\ntime.sleep(60)"
    assert stopped((cell,), tmp_path, execution_timeout=1, hold=hold).ename == "CellTimeout"
    assert written.read_text() == "whole"


@pytest.mark.parametrize(
    ("cell", "ename"), [("import time\ntime.sleep(60)", "CellTimeout"), ("import os\nos._exit(3)", "ProcessDied")]
)
def test_in_a_kernel_too_a_cell_that_does_not_end_well_has_its_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str, ename: str
):
    monkeypatch.setattr("salesplaybook.batch.engine.forked.ready", lambda: False)
    error = stopped(("'first'", cell, "'never'"), tmp_path, execution_timeout=3)
    assert (error.ename, error.exec_count) == (ename, 2)
    assert outputs(nbformat.read(tmp_path / "out.ipynb", 4), 3) == []


def test_an_expected_error_that_ends_the_process_stops_the_notebook(tmp_path: Path):
    book = notebook(("import os\nos._exit(3)", "'after'"))
    book.cells[1].metadata.tags = ["raises-exception"]
    nbformat.write(book, tmp_path / "in.ipynb")
    with pytest.raises(PapermillExecutionError) as found:
        papermill.execute_notebook(
            str(tmp_path / "in.ipynb"), str(tmp_path / "out.ipynb"), engine_name=engine.NAME, progress_bar=False
        )
    assert found.value.ename == "ProcessDied"


def test_errors_that_leave_no_traceback_are_errors_too(tmp_path: Path):
    assert stopped(("%nomagic",), tmp_path).ename == "UsageError"
    assert stopped(("a b",), tmp_path).ename == "SyntaxError"
    assert stopped(("input('?')",), tmp_path).ename == "EOFError"
    assert (
        stopped(("class E:\n    def __repr__(self): raise ValueError('bad')\nE()", "1"), tmp_path).ename == "ValueError"
    )


def test_an_expected_error_does_not_stop(tmp_path: Path):
    book = notebook(("1/0", "'after'"))
    book.cells[1].metadata.tags = ["raises-exception"]
    nbformat.write(book, tmp_path / "in.ipynb")
    with pytest.raises(PapermillExecutionError):  # papermill's own engine goes on, and complains at the end
        papermill.execute_notebook(
            str(tmp_path / "in.ipynb"), str(tmp_path / "out.ipynb"), engine_name=engine.NAME, progress_bar=False
        )
    assert outputs(nbformat.read(tmp_path / "out.ipynb", 4), 2)[0].data["text/plain"] == "'after'"


def test_a_run_is_stopped_between_two_cells(tmp_path: Path):
    end, far = os.pipe()
    cells = (f"import time\ntime.sleep(1)\nopen({str(tmp_path / 'done')!r}, 'w').write('whole')", "1")
    pid = os.fork()  # whoever closes the other end: here a process, since a thread would forbid to fork
    if pid == 0:
        os.close(end)
        time.sleep(0.4)
        os._exit(0)
    os.close(far)
    with pytest.raises(engine.Stopped):
        run(cells, tmp_path, stop=end)
    os.waitpid(pid, 0)
    os.close(end)
    assert (tmp_path / "done").read_text() == "whole"


def test_a_process_with_threads_is_not_ready():
    script = """
import threading
from salesplaybook.batch import engine
print(engine.ready())
done = threading.Event()
thread = threading.Thread(target=done.wait)
thread.start()
print(engine.ready())
done.set()
"""
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    said = subprocess.run([sys.executable, "-c", script], env=alone, capture_output=True, text=True, timeout=60)
    assert said.stdout.split() == ["True", "False"], said.stderr


def test_where_nothing_can_be_forked_a_kernel_runs_the_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("salesplaybook.batch.engine.forked.ready", lambda: False)
    book = run(("get_ipython().kernel is not None",), tmp_path, stop=None)
    assert outputs(book, 1)[0].data["text/plain"] == "True"
