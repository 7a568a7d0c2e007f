"""The reviews of many projects: started, shown while they run, ended by a Ctrl-C, told in a summary."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from salesplaybook import periods
from salesplaybook.batch import sheet, which
from salesplaybook.batch.pool import Pool, Task
from salesplaybook.batch.progress import Progress
from salesplaybook.batch.report import Report
from salesplaybook.batch.summary import LOG, Summary, save
from salesplaybook.errors import PeriodError, ProjectError
from salesplaybook.language import translate as _


def make(
    folders: Sequence[Path],
    period: str = "",
    *,
    workers: int = 0,
    into: Path = Path("."),
    every: bool = False,
    patience: int = 600,
) -> Summary:
    """Makes the review of each project and saves the summary in `into`, whatever happens.

    PeriodError, ProjectError where nothing can be begun: no quarter, no project, no such folder.
    """
    if period and periods.parse(period).kind != "quarter":
        raise PeriodError("A review is of a quarter: write --period 2026Q3, and not {period}.", period=period)
    period = period.strip().upper()
    found = which.projects(folders)
    size = min(workers or cores(), len(found))
    began, at = time.monotonic(), datetime.now().astimezone().isoformat(timespec="seconds")
    stopped = False
    with ExitStack() as stack:
        log = stack.enter_context(_log(into))
        shown = stack.enter_context(Progress(len(found), log))
        pool = Pool([Task(folder, period, every, patience) for folder in found], size, log)
        try:
            for event in pool.events():
                shown.heard(event)
        except KeyboardInterrupt:
            stopped = True
            shown.say(_("Stopping when the running cells are done; press Ctrl-C again to stop at once."))
            with suppress(KeyboardInterrupt):
                for event in pool.stop():
                    shown.heard(event)
        finally:
            before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # nothing takes long from here on
            pool.end()
        summary = Summary(
            period=period,
            made_at=at,
            workers=size,
            seconds=round(time.monotonic() - began, 1),
            stopped=stopped,
            projects=[pool.reports.get(str(f)) or Report(folder=str(f), project=f.name, period=period) for f in found],
        )
        _tell_apart(summary.projects)
        save(summary, sheet.html, into)
        signal.signal(signal.SIGINT, before)
    return summary


def _tell_apart(reports: Sequence[Report]) -> None:
    """Projects of one name are called by their folder's, too."""
    known = Counter(report.project for report in reports)
    for report in reports:
        if known[report.project] > 1 and report.project != Path(report.folder).name:
            report.project += f" ({Path(report.folder).name})"


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _log(into: Path) -> IO[bytes]:
    try:
        into.mkdir(parents=True, exist_ok=True)
        return open(into / LOG, "wb", buffering=0)
    except OSError as error:
        raise ProjectError(
            "The summary can't be written into {folder}: {why}. Name another folder with --into.",
            folder=str(into),
            why=error.strerror or str(error),
        ) from None
