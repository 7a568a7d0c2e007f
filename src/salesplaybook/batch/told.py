"""What the summary tells of a project: how its run went, and what its records of the period say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from salesplaybook import records, saving
from salesplaybook.batch.report import REVIEW, Failure, Report
from salesplaybook.language import Language, from_environment
from salesplaybook.language import translate as _
from salesplaybook.periods import Period
from salesplaybook.project import Project
from salesplaybook.records import Record
from salesplaybook.results import Message, defined

STANDING = {
    "missing": defined("no record"),
    "stale": defined("its record is out of date"),
    "later": defined("its record is of a later day"),
}


def of(here: Project, window: Period, report: Report) -> None:
    """Completes the report of a project whose playbooks have been run: its state, its page, its numbers, its gaps."""
    record = records.load(here.store, window.name, REVIEW)
    if record is None or report.playbooks[REVIEW] == "failed":
        report.state = "failed"
        if not any(f.playbook == REVIEW for f in report.failures):
            report.failures.append(Failure(playbook=REVIEW, sentence=_("It came to its end and saved no record.")))
        return
    page = here.store.path(*record.path("html"))
    report.review, report.as_of = str(page), record.as_of.isoformat()
    report.title = _joined(record.body.get("title", []), here)
    report.numbers = numbers(record.body)
    report.gaps = [*_gaps(here, window, record), *_unused(here, page)]
    if report.failures or report.gaps:
        report.state = "gaps"
    else:
        report.state = "made" if "made" in report.playbooks.values() else "unchanged"


def numbers(body: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers by which a project is known among others, money in whole cents; what its review doesn't know is null.

    quarter      bookings, bookings_target, revenue, collected, margin (a share), win_rate (a share)
    following    the quarter after, its target, the manager's commit, the forecast's p10, p50, p90 and the chance of the
                 target
    overdue      what customers owe and should have paid
    """
    measured = {m["metric"]: m for m in body.get("numbers", [])}
    ahead, owed = body.get("forecast") or {}, body.get("owed") or {}
    out: dict[str, Any] = {name: _value(m["actual"]) for name, m in measured.items()}
    out["bookings_target"] = measured.get("bookings", {}).get("target")
    out["win_rate"], out["overdue"] = _value(body.get("win_rate")), _value(owed.get("overdue"))
    out |= {name: body.get(name) for name in ("following", "target", "commit")}
    return out | {name: ahead.get(name) for name in ("p10", "p50", "p90", "chance")}


def _value(figure: Mapping[str, Any] | None) -> Any:
    return figure.get("value") if figure else None


def _gaps(here: Project, window: Period, record: Record) -> Iterator[str]:
    """What is missing or can't be read, a sentence each, in the computer's language as the summary is."""
    _ = Language(from_environment())
    for said in record.body.get("standing", []):
        # That a playbook failed is told with its sentence; the Monday page belongs to its week.
        if said["state"] != "failed" and said["area"] != "weekly":
            yield _("{playbook}: {state}", playbook=said["area"], state=_(STANDING[said["state"]]))
    crm = records.load(here.store, window.name, "crm")
    deals = [s for s in (crm or record).read.sources if s.table == "deals"]
    if not deals:
        yield _("no deals yet")
        return
    newest = max(deals, key=lambda s: s.day)
    for row, column, _found, why in newest.rejected[:1]:
        known = {"file": newest.file, "row": row, "column": column, "why": _(why.text, **why.values)}
        if (n := len(newest.rejected) - 1) > 0:
            yield _("{file}, row {row}, {column}: {why} ({n:rows} more can't be read)", **known, n=n)
        else:
            yield _("{file}, row {row}, {column}: {why}", **known)


def _unused(here: Project, page: Path) -> Iterator[str]:
    """The files in data/ that no table fits, and why a page has no PDF, in the computer's language."""
    _ = Language(from_environment())
    for file, headers in here.unfit:
        yield _(
            "{file} in data/ was not used: no table in mapping.yaml has its columns ({headers:list}). "
            "The header must be the first row.",
            file=file,
            headers=headers[:12],
        )
    if note := saving.not_on_paper(page, _):
        yield note


def _joined(said: Any, here: Project) -> str:
    """Sentences of a record in the project's language."""
    between = "" if here.language.chinese else " "
    found = [Message.model_validate(m) for m in (said if isinstance(said, list) else [said]) if m]
    return between.join(here.language(m.text, **m.values) for m in found)
