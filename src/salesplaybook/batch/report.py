"""What is told of one project's review: a worker makes it, the summary shows it and keeps it as JSON."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

REVIEW = "quarterly_review"

# made        the review was made anew, and nothing is missing
# unchanged   nothing was due
# gaps        the review stands, but a playbook of it failed, or data are missing: `failures` and `gaps` say which
# failed      there is no review of what is known now; an earlier one is kept
# stopped     the run was ended before this project was done
State = Literal["made", "unchanged", "gaps", "failed", "stopped"]
STATES: tuple[State, ...] = ("made", "unchanged", "gaps", "failed", "stopped")
Ran = Literal["made", "unchanged", "failed", "stopped"]


class Failure(BaseModel):
    """What stopped: the playbook, the number that its cell shows in the notebook kept as `notebook`, the cell's id and
    the sentence. A project that can't be opened or read has the sentence alone."""

    playbook: str = ""
    cell: int | None = None
    cell_id: str = ""
    sentence: str
    notebook: str = ""

    @property
    def where(self) -> str:
        """The cell as people find it: its number in the notebook, and its id."""
        return f"[{self.cell}] {self.cell_id}" if self.cell else self.cell_id


class Report(BaseModel):
    """One project: `playbooks` says of each what became of it, `numbers` is what its review's record tells."""

    folder: str
    project: str
    manager: str = ""
    language: str = ""
    currency: str = ""
    period: str = ""
    as_of: str = ""
    state: State = "stopped"
    playbooks: dict[str, Ran] = {}
    seconds: float = 0
    failures: list[Failure] = []
    gaps: list[str] = []
    review: str = ""
    title: str = ""
    numbers: dict[str, Any] = {}
