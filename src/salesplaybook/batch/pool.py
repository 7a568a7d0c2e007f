"""Workers, each a process of its own, and what they tell: from here a batch is run, and stopped."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from salesplaybook.batch.report import Failure, Report
from salesplaybook.language import translate as _

GRACE = 30  # seconds that workers have to end when the run is stopped
Event = dict[str, Any]  # as `worker` says it


@dataclass
class Task:
    """A project to be reviewed: see `review.review`. `patience` is the seconds that a cell may take."""

    folder: Path
    period: str = ""
    every: bool = False
    patience: int = 600
    tries: int = 0

    def line(self) -> bytes:
        said = {"folder": str(self.folder), "period": self.period, "every": self.every, "patience": self.patience}
        return json.dumps(said).encode() + b"\n"


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    task: Task | None = None
    doing: str = ""  # the playbook that it runs


@dataclass
class Pool:
    """Runs tasks on a number of workers. `log` takes what they print besides; `reports` has those that are done."""

    tasks: list[Task]
    size: int
    log: IO[bytes]
    reports: dict[str, Report] = field(default_factory=dict)
    _waiting: deque[Task] = field(default_factory=deque)
    _heard: queue.Queue[tuple[_Worker, Event | None]] = field(default_factory=queue.Queue)
    _crew: list[_Worker] = field(default_factory=list)

    def events(self) -> Iterator[Event]:
        """What happens, until each task has its report: begun, ran and project, with its report."""
        self._waiting.extend(self.tasks)
        for _number in range(min(self.size, len(self.tasks))):
            self._hire()
        yield from self._listen()

    def stop(self) -> Iterator[Event]:
        """Ends the run: each worker when its running cell is done. Yields what they still tell, for half a minute."""
        self._waiting.clear()
        for worker in self._crew:
            self._dismiss(worker)
        yield from self._listen(until=time.monotonic() + GRACE)

    def end(self) -> None:
        """No worker is left after this."""
        for worker in self._crew:
            worker.process.terminate()  # it ends what its notebook has started, then itself
        for worker in self._crew:
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.process.wait(2)
            _kill(worker.process)

    def _listen(self, until: float = float("inf")) -> Iterator[Event]:
        while self._crew and time.monotonic() < until:
            try:  # with a time limit, since a wait without one can't be interrupted everywhere
                worker, event = self._heard.get(timeout=0.5)
            except queue.Empty:
                continue
            if event is None:
                yield from self._gone(worker, stopped=until < float("inf"))
                continue
            if event["event"] == "begun":
                worker.doing = event["playbook"]
            if event["event"] == "project":
                self.reports[event["report"]["folder"]] = Report.model_validate(event["report"])
                worker.task, worker.doing = None, ""
                self._next(worker)
            yield event

    def _hire(self) -> None:
        known = {k: v for k, v in os.environ.items() if k not in ("JPY_SESSION_NAME", "VOILA_KERNEL_ID")}
        single = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "salesplaybook.batch.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=known | single,
            start_new_session=True,  # a Ctrl-C is for us alone: we tell them
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        worker = _Worker(process)
        self._crew.append(worker)
        threading.Thread(target=self._hear, args=(worker,), daemon=True).start()
        self._next(worker)

    def _hear(self, worker: _Worker) -> None:
        """Puts what a worker says where `_listen` finds it; in a thread of its own."""
        assert worker.process.stdout
        for line in worker.process.stdout:
            with contextlib.suppress(ValueError):
                self._heard.put((worker, json.loads(line)))
        self._heard.put((worker, None))

    def _next(self, worker: _Worker) -> None:
        if not self._waiting:
            self._dismiss(worker)
            return
        worker.task = self._waiting.popleft()
        assert worker.process.stdin
        with contextlib.suppress(OSError):  # it is gone: `_gone` hears of it
            worker.process.stdin.write(worker.task.line())
            worker.process.stdin.flush()

    def _dismiss(self, worker: _Worker) -> None:
        assert worker.process.stdin
        with contextlib.suppress(OSError):
            worker.process.stdin.close()

    def _gone(self, worker: _Worker, stopped: bool) -> Iterator[Event]:
        """A worker has ended. Its task is given to another one, once."""
        self._crew.remove(worker)
        code, task = worker.process.wait(), worker.task
        if task is None or stopped:
            return
        if task.tries == 0:
            task.tries = 1
            self._waiting.appendleft(task)
            self._hire()
            return
        how = signal.Signals(-code).name if code < 0 else str(code)
        sentence = (
            _(
                "The process of this project ended twice ({how}): perhaps the memory is not enough. "
                "Try with --workers 1.",
                how=how,
            )
            if code < 0
            else _("The process of this project ended twice ({how}). The log says why: summary.log.", how=how)
        )
        report = Report(folder=str(task.folder), project=task.folder.name, period=task.period, state="failed")
        report.failures.append(Failure(playbook=worker.doing, sentence=sentence))
        self.reports[report.folder] = report
        yield {"event": "project", "report": report.model_dump()}
        if self._waiting:
            self._hire()


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)  # a session of its own: the group has its number
        else:
            process.kill()
    process.wait()
