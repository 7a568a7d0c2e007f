"""One project's review: its playbooks that are due, then the review itself; what fails, fails alone."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from salesplaybook import language, notebooks
from salesplaybook.batch import due, told
from salesplaybook.batch.engine import Stopped
from salesplaybook.batch.report import REVIEW, Failure, Ran, Report
from salesplaybook.batch.run import run
from salesplaybook.errors import PlaybookError, PlaybookFailed
from salesplaybook.language import translate as _
from salesplaybook.periods import Period
from salesplaybook.project import Project

Begin = Callable[[str, str], None]  # project, playbook
Tell = Callable[[str, str, Ran, float], None]  # and what became of it, and the seconds that it took


def review(
    folder: Path,
    period: str = "",
    *,
    every: bool = False,
    options: Mapping[str, Any] | None = None,
    begin: Begin = lambda *_: None,
    tell: Tell = lambda *_: None,
    stopping: Callable[[], bool] = lambda: False,
) -> Report:
    """Makes a project's review of a quarter (empty: its last that is over).

    every      run what isn't due, too
    options    papermill's, for each notebook
    stopping   whether the batch is to end, asked before each notebook
    """
    began = time.monotonic()
    language.use(language.Language(language.from_environment()))
    report = Report(folder=str(folder), project=folder.name, period=period)
    try:
        here = Project.open(folder)
        report.project, report.manager = here.settings.name, here.settings.manager
        report.language, report.currency = here.settings.language, here.settings.currency
        _Review(here, report, every, options or {}, begin, tell, stopping).make(period)
    except Stopped:
        report.state = "stopped"
    except PlaybookError as error:
        report.state = "failed"
        report.failures.append(Failure(sentence=str(error)))
    except Exception as error:  # one that we didn't foresee: this project's review alone
        report.state = "failed"
        report.failures.append(Failure(sentence=_unforeseen(error)))
    report.seconds = round(time.monotonic() - began, 2)
    return report


@dataclass
class _Review:
    here: Project
    report: Report
    every: bool
    options: Mapping[str, Any]
    begin: Begin
    tell: Tell
    stopping: Callable[[], bool]
    taken: due.Taken = field(default_factory=dict)

    def make(self, period: str) -> None:
        here, report = self.here, self.report
        here.file_exports()
        on = here.resolve("", period)
        window = here.period_of(REVIEW, period, on)
        report.period = window.name
        # What can't be read stops all of them: said once. And what is read here is not read again by each notebook.
        self.taken[here.resolve("", window.name)] = here.snapshot("", window.name)
        changed = False
        for name in _parts(here):
            before = due.failed(here, name, window.name)
            report.playbooks[name] = self._ran(name, window)
            changed |= report.playbooks[name] == "made" or before != due.failed(here, name, window.name)
        report.playbooks[REVIEW] = self._ran(REVIEW, window, at_any_rate=changed)
        told.of(here, window, report)

    def _ran(self, playbook: str, window: Period, at_any_rate: bool = False) -> Ran:
        """Runs a playbook where it is due; what became of it."""
        if self.stopping():
            raise Stopped
        became: Ran = "made"
        began = time.monotonic()
        try:
            if not (self.every or at_any_rate or due.of(self.here, playbook, window, self.taken).reasons):
                return "unchanged"
            self.begin(self.report.project, playbook)
            run(self.here, playbook, window.name, options=self.options)
        except Stopped:
            raise
        except Exception as error:  # also one that we didn't foresee: this playbook alone
            became = "failed"
            self.report.failures.append(_failure(playbook, error))
        self.tell(self.report.project, playbook, became, time.monotonic() - began)
        return became


def _parts(here: Project) -> list[str]:
    """The playbooks whose records the review reads, save weekly ones, which belong to their weeks."""
    read = notebooks.read(here.store, REVIEW)
    found = {name: notebooks.read(here.store, name) for name in (read.records if read else ())}
    return [name for name, notebook in found.items() if notebook and notebook.kind != "week"]


def _failure(playbook: str, error: Exception) -> Failure:
    if not isinstance(error, PlaybookFailed):
        sentence = str(error) if isinstance(error, PlaybookError) else _unforeseen(error)
        return Failure(playbook=playbook, sentence=sentence)
    said = error.values
    return Failure(
        playbook=playbook,
        cell=said["cell"],
        cell_id=said["cell_id"],
        sentence=said["problem"],
        notebook=said["file"],
    )


def _unforeseen(error: Exception) -> str:
    traceback.print_exception(error)  # a worker's error stream is the log
    what = f"{type(error).__name__}: {error}"
    return _("This is an error of the program: {what}. Please report it with the log.", what=what)
