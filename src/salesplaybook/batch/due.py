"""Which playbooks are due, and why: what a record stood on has changed since."""

from __future__ import annotations

from dataclasses import dataclass

from salesplaybook import records
from salesplaybook.batch.run import names
from salesplaybook.project import Project
from salesplaybook.results import Message, say


@dataclass(frozen=True)
class Due:
    """A playbook's standing for a period: its page if there is one, and why it is to be run again (empty: it isn't)."""

    playbook: str
    period: str
    made_at: str
    reasons: list[Message]


def standing(here: Project, period: str = "") -> list[Due]:
    """Each playbook of the project for `period` (empty: the one that it would take now)."""
    on = here.resolve("", period)
    out = []
    for name in names(here):
        window = here.period_of(name, period, on)
        record = records.load(here.store, window.name, name)
        out.append(Due(name, window.name, record.made_at if record else "", reasons(here, record)))
    return out


def reasons(here: Project, record: records.Record | None) -> list[Message]:
    """Why a playbook is to be run again: what it read, its code or the settings have changed."""
    if record is None:
        return [say("not run yet")]
    window = here.period(record.period, here.resolve("", record.period))
    now = here.read(here.snapshot("", record.period), record.playbook, window)
    before = {s.sha256 for s in record.read.sources}
    new = [s for s in now.sources if s.sha256 not in before]
    waiting = [name for name in here.waiting() if name not in record.read.not_used]
    out = [say("new export: {file} ({day:iso})", file=s.file, day=s.day) for s in new]
    known = here.resolve("", record.period)
    if record.as_of < known and not new:
        out.append(say("made as of {day:iso}, and {known:iso} is known", day=record.as_of, known=known))
    out += [say("{file} in data/ is not filed yet", file=name) for name in waiting]
    if now.settings != record.read.settings:
        out.append(say("project.yaml or mapping.yaml has changed"))
    if now.typed != record.read.typed:
        out.append(say("what was typed has changed"))
    if now.records != record.read.records:
        out.append(say("a record that it reads has changed"))
    if now.code != record.read.code:
        out.append(say("the playbook's code has changed"))
    return out
