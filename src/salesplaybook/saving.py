"""Saves what a playbook found: record, rows, page, what goes out of the browser; what was said goes into the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from salesplaybook import __version__, ledger, records
from salesplaybook.language import Language
from salesplaybook.ledger import Line
from salesplaybook.pages import message, page, paper
from salesplaybook.periods import Period
from salesplaybook.records import Body, Deal, Read, Record
from salesplaybook.results import Forecast, Said
from salesplaybook.settings import Settings
from salesplaybook.store import Store

# Playbooks whose page leaves the browser, as PDF and as picture; the Monday page also as text for a chat.
ON_PAPER = ("weekly", "quarterly_review")


def record(
    settings: Settings, body: Body, period: Period, as_of: date, read: Read, deals: Mapping[str, Deal]
) -> Record:
    """The record of what a body found, made now; the playbook is the area's module: areas.crm.Body is crm's."""
    owner, figures = getattr(body, "owner", ""), dict(body.figures())
    return Record(
        playbook=type(body).__module__.rpartition(".")[2],
        schema_number=body.schema_number,
        project=settings.model_dump(include={"name", "manager", "language", "currency", "tax"}),
        period=period.name,
        first=period.first,
        last=period.last,
        as_of=as_of,
        audience="person" if owner else "group",
        owner=owner,
        read=read,
        parameters={"period": period.name, "as_of": as_of.isoformat()} | ({"owner": owner} if owner else {}),
        figures=figures,
        deals=records.shown(figures, dict(deals)),
        body=records.without_rows(body),
        made_at=datetime.now(settings.zone).isoformat(timespec="seconds"),
        made_by=f"salesplaybook {__version__}",
    )


def save(store: Store, record: Record, rows: bytes, said: Body | None = None) -> Path:
    """Writes all that belongs to a record, to be called under the lock; the page's path. What `said` says of quarters
    goes into the ledger.

    The record is written last: whatever ends the process before, the playbook is still due.
    """
    made = page.html(record)
    beside: dict[str, bytes | str | None] = {"csv": rows}
    if record.playbook in ON_PAPER:
        chinese = Language(record.project["language"]).chinese
        pdf = None if paper.missing(chinese) else paper.pdf(made)
        beside |= {"pdf": pdf, "png": paper.png(pdf) if pdf else None}
        if record.playbook == "weekly":
            beside["txt"] = message.text(record)
    for ending, content in beside.items():
        if content is None:  # one of an earlier run would tell something else than the page
            store.remove(*record.path(ending))
        else:
            store.write(content, *record.path(ending))
    path = store.write(made, *record.path("html"))
    if said is not None:
        enter(store, said, record.made_at)
    records.save(store, record)
    return path


def not_on_paper(page: Path, say: Language) -> str:
    """Why a saved page that leaves the browser stands there without a PDF; "" where it has one, or needs none."""
    if page.with_suffix(".pdf").exists() or not page.stem.startswith(ON_PAPER):
        return ""
    why = paper.missing(say.chinese)
    return say(why.text, **why.values) if why else ""


def enter(store: Store, body: Any, at: str) -> None:
    """Enters what a body says of quarters into the ledger: its forecast, its commits, the scores of earlier ones."""
    lines: list[Line] = []
    found: Forecast | None = getattr(body, "forecast", None)
    if found and (line := ledger.of_forecast(found)):
        lines.append(line)
    commits: list[Said] = getattr(body, "commits", [])
    scored: list[Said] = getattr(body, "scored", [])
    lines += [Line(kind="commit", **said.model_dump()) for said in commits]
    lines += [Line(kind="score", **said.model_dump()) for said in scored if said.came is not None]
    ledger.enter(store, lines, at)
