"""What is seen of a batch: a live line on a terminal, else a plain line a notebook and project; both in the log."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from types import TracebackType
from typing import IO, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.text import Text

from salesplaybook.batch.pool import Event
from salesplaybook.batch.report import Ran, Report, State
from salesplaybook.language import translate as _
from salesplaybook.results import defined

STATES: dict[State, str] = {
    "made": defined("review made"),
    "unchanged": defined("nothing was due"),
    "gaps": defined("review with gaps"),
    "failed": defined("failed"),
    "stopped": defined("not done"),
}
RAN: dict[Ran, str] = {
    "made": defined("made"),
    "unchanged": defined("nothing was due"),
    "failed": defined("stopped with an error"),
    "stopped": defined("not done"),
}


class Progress:
    """Shows events as they come, on the error stream, and writes each as a line into the log."""

    def __init__(self, projects: int, log: IO[bytes]) -> None:
        self.all, self.done, self.log = projects, 0, log
        console = Console(stderr=True)
        self.busy: dict[str, str] = {}  # project -> the playbook that it is at
        self.bar: Bar | None = None
        if console.is_terminal:
            columns = (
                BarColumn(20),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("{task.fields[busy]}", markup=False),
            )
            self.bar = Bar(*columns, console=console, transient=True)
            self.task = self.bar.add_task("", total=projects, busy="")

    def __enter__(self) -> Self:
        if self.bar:
            self.bar.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, where: TracebackType | None) -> None:
        if self.bar:
            self.bar.stop()

    def heard(self, event: Event) -> None:
        match event["event"]:
            case "begun":
                self.busy[event["project"]] = event["playbook"]
            case "ran":
                self.busy.pop(event["project"], None)
                self.say(
                    _(
                        "{project}: {playbook} {became}, {seconds} s",
                        project=event["project"],
                        playbook=event["playbook"],
                        became=_(RAN[event["became"]]),
                        seconds=f"{event['seconds']:.1f}",
                    ),
                    quiet=event["became"] != "failed",
                )
            case "project":
                self.done += 1
                report = Report.model_validate(event["report"])
                self.busy.pop(report.project, None)
                self.say(_told(report))
        if self.bar:
            busy = ", ".join(f"{project} ({playbook})" for project, playbook in self.busy.items())
            self.bar.update(self.task, completed=self.done, busy=busy[:80])

    def say(self, text: str, quiet: bool = False) -> None:
        """A line; a `quiet` one is not shown above a live line, which told it already."""
        line = f"[{self.done}/{self.all}] {text}"
        line = line.encode(errors="backslashreplace").decode()  # of a folder's name that is no text
        self.log.write(f"{time.strftime('%H:%M:%S')} {line}\n".encode())
        with suppress(OSError):  # nobody listens any more: the batch goes on
            if self.bar and not quiet:
                self.bar.console.print(Text(line))
            elif not self.bar:
                print(line, file=sys.stderr, flush=True)


def _told(report: Report) -> str:
    said = _("{project}: {state}", project=report.project, state=_(STATES[report.state]))
    if report.seconds:
        said += _(", {seconds} s", seconds=f"{report.seconds:.1f}")
    if report.state == "failed" and report.failures:
        return f"{said}: {report.failures[-1].sentence}"
    return f"{said}: {report.review}" if report.review else said
