"""Which playbooks are due, and why: what a record stood on has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from salesplaybook import notebooks, records
from salesplaybook.batch.run import names
from salesplaybook.history import Snapshot
from salesplaybook.periods import Period
from salesplaybook.project import Project
from salesplaybook.results import Message, say

Taken = dict[date, Snapshot]  # snapshots that were taken already: one serves all playbooks of a period


@dataclass(frozen=True)
class Due:
    """A playbook's standing for a period: its page if there is one, and why it is to be run again (empty: it isn't)."""

    playbook: str
    period: str
    made_at: str
    reasons: list[Message]


def standing(here: Project, period: str = "") -> list[Due]:
    """Each playbook of the project for `period` (empty: the one that it would take now); the weekly ones for a week."""
    on, taken = here.resolve("", period), Taken()
    found = [(name, here.period_of(name, period, on), notebooks.read(here.store, name)) for name in names(here)]
    return [
        of(here, name, window, taken)
        for name, window, notebook in found
        if window.kind == "week" or not notebook or notebook.kind != "week"
    ]


def of(here: Project, playbook: str, window: Period, taken: Taken | None = None) -> Due:
    """One playbook's standing for a period."""
    record = records.load(here.store, window.name, playbook)
    found = reasons(here, record, taken)
    if record and not here.store.exists(*record.path("html")):
        found.append(say("its page is missing"))
    if failed(here, playbook, window.name):
        found.append(say("its last run stopped"))
    return Due(playbook, window.name, record.made_at if record else "", found)


def failed(here: Project, playbook: str, period: str) -> bool:
    """Whether the last run of a playbook stopped: its notebook stands there as NAME.failed.ipynb."""
    return here.store.exists(*records.path(playbook, period, "failed.ipynb"))


def reasons(here: Project, record: records.Record | None, taken: Taken | None = None) -> list[Message]:
    """Why a playbook is to be run again: what it read, its code or the settings have changed."""
    if record is None:
        return [say("not run yet")]
    taken = {} if taken is None else taken
    known = here.resolve("", record.period)
    if known not in taken:
        taken[known] = here.snapshot("", record.period)
    now = here.read(taken[known], record.playbook, here.period(record.period, known))
    notebook = notebooks.read(here.store, record.playbook)
    before = {s.sha256 for s in record.read.sources}
    new = [s for s in now.sources if s.sha256 not in before]
    waiting = [name for name in here.waiting() if name not in record.read.not_used]
    out = [say("new export: {file} ({day:iso})", file=s.file, day=s.day) for s in new]
    if record.as_of < known and not new:
        out.append(say("made as of {day:iso}, and {known:iso} is known", day=record.as_of, known=known))
    out += [say("{file} in data/ is not filed yet", file=name) for name in waiting]
    if now.settings != record.read.settings:
        out.append(say("project.yaml or mapping.yaml has changed"))
    if now.typed != record.read.typed:
        out.append(say("what was typed has changed"))
    if now.records != record.read.records:
        out.append(say("a record that it reads has changed"))
    if notebook and notebook.schema_number not in (None, record.schema_number):
        out.append(say("its record has another form since an update"))
    if now.code != record.read.code:
        out.append(say("the playbook's code has changed"))
    return out
