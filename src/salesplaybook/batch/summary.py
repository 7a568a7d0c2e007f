"""The summary of a batch: what became of each project, as JSON for programs and as a page for people."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, computed_field

from salesplaybook.batch.report import STATES, Report, State
from salesplaybook.store import Store

JSON, PAGE, LOG = "summary.json", "summary.html", "summary.log"
SAVED = (PAGE, JSON, LOG)


class Summary(BaseModel):
    """A run: `period` is the quarter that was asked for ("": each project's last), `seconds` what the whole took."""

    period: str
    made_at: str
    workers: int
    seconds: float
    stopped: bool
    projects: list[Report]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def counts(self) -> dict[State, int]:
        """How many projects are in each state."""
        return {state: sum(report.state == state for report in self.projects) for state in STATES}

    @property
    def code(self) -> int:
        """The exit code: 0 all well, 1 something failed, 130 stopped by Ctrl-C."""
        if self.stopped:
            return 130
        return int(any(report.failures or report.state in ("failed", "stopped") for report in self.projects))


def save(summary: Summary, html: Callable[[Summary, Path], str], into: Path) -> None:
    """Writes summary.json, then the page that `html` makes, into a folder."""
    said = json.dumps(summary.model_dump(mode="json"), ensure_ascii=False, indent=1)
    Store(into).write(said + "\n", JSON)
    Store(into).write(html(summary, into), PAGE)
