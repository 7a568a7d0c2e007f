"""The engine: forks, tells the child when to begin each cell, keeps what comes back, ends a child that doesn't end.

Between the two is a socket. The child says as JSON lines which cell is done, and waits before each one for a byte:
so a run is stopped between two cells, and never in the midst of writing a record.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import logging
import os
import random
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import Engine, NBClientEngine, NotebookExecutionManager, papermill_engines

NAME = "salesplaybook"
GRACE = 10  # seconds that a cell has to end when the run is stopped
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": ".".join(map(str, sys.version_info[:3])),
}


class Stopped(Exception):
    """The run was stopped before the notebook came to its end."""


def ready() -> bool:
    """Whether this process may be forked: on Linux, and one thread only."""
    if not sys.platform.startswith("linux") or threading.active_count() > 1:
        return False
    return len(list(Path("/proc/self/task").iterdir())) == 1


def register() -> None:
    """Makes the engine known to papermill in this process, as `engine_name=NAME`."""
    papermill_engines.register(NAME, Forked)


class Forked(Engine):
    """papermill's engine by the name NAME.

    execution_timeout   the seconds that a cell may take
    stop                a file descriptor that becomes readable when the run is to stop: Stopped is raised
    hold                makes the context in which a child is killed, for instance a lock that it writes under
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        execution_timeout: float = 1800,
        stop: int | None = None,
        hold: Callable[[], AbstractContextManager[None]] = nullcontext,
        **others: Any,
    ) -> None:
        """Runs the cells in a child and keeps their outputs in `nb_man.nb`; where this process can't be forked, in a
        kernel, as papermill's own engine does."""
        if not ready():
            others |= {"execution_timeout": execution_timeout}
            _in_a_kernel(nb_man, kernel_name, **others)
            return
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            ours.close()
            _child(theirs, [(i, c.source, c.get("id", "")) for i, c in enumerate(nb_man.nb.cells) if _runs(c)])
        theirs.close()
        nb_man.nb.metadata["language_info"] = LANGUAGE
        watch = _Watch(pid, ours, execution_timeout, stop, hold)
        try:
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                if not _runs(cell) or watch.run(nb_man.nb, index):
                    nb_man.cell_complete(cell, index)
                    continue
                nb_man.cell_exception(cell, index)
                nb_man.cell_complete(cell, index)
                if "raises-exception" not in cell.metadata.get("tags", ()):
                    break
        finally:
            watch.end()


def _in_a_kernel(nb_man: NotebookExecutionManager, kernel_name: str, **others: Any) -> None:
    """As papermill's own engine does it; but a cell that doesn't end, or ends its kernel, has its error in the notebook
    as any other has."""
    try:
        NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **others)
    except (CellTimeoutError, DeadKernelError) as error:
        begun = [i for i, c in enumerate(nb_man.nb.cells) if _runs(c) and c.metadata.papermill.get("start_time")]
        if not begun:
            raise
        cell, ename = nb_man.nb.cells[begun[-1]], "CellTimeout" if isinstance(error, TimeoutError) else "ProcessDied"
        cell.outputs = [o for o in cell.outputs if o.output_type != "error"]  # the interrupt that ended it
        _fail(cell, len(begun), ename, str(error))
        nb_man.cell_exception(cell, begun[-1])


def _runs(cell: Any) -> bool:
    tagged = "skip-execution" in cell.metadata.get("tags", ())
    return cell.cell_type == "code" and bool(cell.source.strip()) and not tagged


# -- the parent's side


@dataclass
class _Watch:
    """A child that runs cells."""

    pid: int
    socket: socket.socket
    patience: float
    stop: int | None
    hold: Callable[[], AbstractContextManager[None]]
    status: int | None = None
    number: int = 0  # of the cell that ran last

    def __post_init__(self) -> None:
        self.lines = self.socket.makefile("rb")

    def run(self, nb: Any, index: int) -> bool:
        """Lets the child run the cell and keeps its outputs; whether the cell came to its end."""
        if self._stopping(0):
            raise Stopped
        began, cell = time.monotonic(), nb.cells[index]
        self.number += 1
        if self.status is not None:  # an earlier cell, whose error was expected, has ended the process
            _fail(cell, self.number, "ProcessDied", _how(self.status))
            return False
        with contextlib.suppress(OSError):  # a child that is gone says nothing more, and that is seen below
            self.socket.sendall(b">")
        line = self._answer(began + self.patience)
        if line is None:
            _fail(
                cell,
                self.number,
                "CellTimeout",
                f"The cell took longer than {self.patience:g} seconds and was stopped.",
            )
            return False
        if not line.endswith(b"\n"):
            _fail(cell, self.number, "ProcessDied", _how(self.end()))
            return False
        said = json.loads(line)
        for at, outputs in said["outputs"]:
            nb.cells[at].outputs = [_node(output) for output in outputs]
        cell.execution_count = self.number = said["number"]
        return bool(said["well"])

    def _answer(self, until: float) -> bytes | None:
        """What the child says of the cell: None if it said nothing in time and was killed, no whole line if it died."""
        while True:
            if self._readable(max(until - time.monotonic(), 0), self.stop):
                return self.lines.readline()
            if self._stopping(0):
                if not self._readable(GRACE, None):
                    self._kill()
                raise Stopped
            if time.monotonic() >= until:
                self._kill()
                return None

    def _readable(self, seconds: float, other: int | None) -> bool:
        """Whether the child says something within some seconds; no sooner where `other` has become readable."""
        waiting = [self.socket.fileno()] + ([other] if other is not None else [])
        return self.socket.fileno() in select.select(waiting, [], [], seconds)[0]

    def _stopping(self, seconds: float) -> bool:
        return self.stop is not None and bool(select.select([self.stop], [], [], seconds)[0])

    def _kill(self) -> None:
        with self.hold():  # not while it writes
            os.kill(self.pid, signal.SIGKILL)

    def end(self) -> int:
        """Ends the child and all that it has started; its status, as `os.waitpid` has it."""
        self.socket.close()
        self.lines.close()
        if self.status is None:
            self.status = _reaped(self.pid)
            with contextlib.suppress(OSError):
                os.killpg(self.pid, signal.SIGKILL)
        return self.status


def _reaped(pid: int) -> int:
    """Waits for a child that has been told to end: a second, then it is killed."""
    for _ in range(100):
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def _how(status: int) -> str:
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        return f"The cell ended its process ({name}): perhaps the memory was not enough."
    return f"The cell ended its process (exit code {os.waitstatus_to_exitcode(status)})."


def _fail(cell: Any, number: int, ename: str, evalue: str) -> None:
    cell.execution_count = number
    cell.outputs.append(_node({"output_type": "error", "ename": ename, "evalue": evalue, "traceback": [evalue]}))


def _node(output: dict[str, Any]) -> Any:
    from nbformat import from_dict

    return from_dict(output)


# -- the child's side


def _child(parent: socket.socket, cells: list[tuple[int, str, str]]) -> NoReturn:
    """Runs cells, each when the parent says so, until the parent says no more; never returns."""
    try:
        _alone(parent.fileno())
        from salesplaybook.batch.engine.shell import Shell

        shell = Shell.instance()
        shell.captured()
        for index, source, cell_id in cells:
            if parent.recv(1) != b">":
                break
            well, number = shell.run(index, source, cell_id)
            said = {"well": well, "number": number, "outputs": list(shell.outputs.take().items())}
            parent.sendall(json.dumps(said, default=str).encode() + b"\n")
        parent.recv(1)  # until the parent has read it all
        shell.user_ns.clear()  # closes the files that were left open, as the end of a kernel would
        gc.collect()
    finally:
        os._exit(0)


def _alone(keep: int) -> None:
    """A process as a kernel would find it: a group of its own, no streams, its own randomness; gone with its parent."""
    os.setsid()
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    for kind in (signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE):
        signal.signal(kind, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    for other in _open():
        if other != keep:
            with contextlib.suppress(OSError):
                os.close(other)
    sys.stdin = os.fdopen(0)
    logging.getLogger().handlers.clear()
    if "" not in sys.path:
        sys.path.insert(0, "")
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


def _open() -> Iterator[int]:
    """The file descriptors of this process that are no streams."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2:
            yield int(name)
