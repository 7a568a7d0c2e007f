"""Saves what a playbook found: record, rows, page, what goes out of the browser; what was said goes into the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from salesplaybook import ledger, records
from salesplaybook.language import Language
from salesplaybook.ledger import Line
from salesplaybook.pages import message, page, paper
from salesplaybook.records import Record
from salesplaybook.results import Forecast, Said
from salesplaybook.store import Store

ON_PAPER = ("weekly",)  # playbooks whose page leaves the browser: as PDF, as picture, as text for a chat


def save(store: Store, record: Record, rows: bytes) -> Path:
    """Writes all that belongs to a record, to be called under the lock; the page's path."""
    made = page.html(record)
    beside: dict[str, bytes | str | None] = {"csv": rows}
    if record.playbook in ON_PAPER:
        chinese = Language(record.project["language"]).chinese
        pdf = None if paper.missing(chinese) else paper.pdf(made)
        beside |= {"pdf": pdf, "png": paper.png(pdf) if pdf else None}
        if record.audience != "person":
            beside["txt"] = message.text(record)
    records.save(store, record)  # when all is made: a record never stands beside an older page
    for ending, content in beside.items():
        if content is None:  # one of an earlier run would tell something else than the page
            store.remove(*record.path(ending))
        else:
            store.write(content, *record.path(ending))
    return store.write(made, *record.path("html"))


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
