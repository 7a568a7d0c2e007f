"""The summary as a page: an A4 sheet across, with what the projects' own reviews tell of them and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from markupsafe import Markup, escape

from salesplaybook import language
from salesplaybook.batch.report import Report
from salesplaybook.batch.summary import Summary
from salesplaybook.language import Language
from salesplaybook.pages import marks, page, wording
from salesplaybook.results import Message, defined, say

UNLIKELY = 0.2  # below this chance a project is orange
# What the sheet has room for: rows, and ems of a reason (three lines) and of what a review says (two). What is more
# stands below the sheet, on the screen.
ROWS, FAILURES, GAPS, REASON, SAYS = 15, 6, 4, 48, 40


class Row(NamedTuple):
    """A project as the table shows it: amounts in its own currency."""

    name: str
    link: str
    manager: str
    booked: str
    attained: str
    target: str
    mark: Markup
    chance: str
    low: bool
    title: str


def html(summary: Summary, into: Path) -> str:
    """The page, in the computer's language; links to the reviews are relative to the folder `into`."""
    said = Language(language.from_environment())
    ready = sorted((r for r in summary.projects if r.review), key=_order)
    failures = [
        (r.project, f.playbook, f.where, f.notebook and _link(str(Path(r.folder) / f.notebook), into), f.sentence)
        for r in summary.projects
        for f in r.failures
    ]
    between = "；" if said.chinese else "; "
    gaps = [(r.project, between.join(r.gaps)) for r in summary.projects if r.gaps]
    made = page.environment(said, lambda _, text: escape(text)).get_template("summary.html")
    return made.render(
        summary=summary,
        took=str(timedelta(seconds=round(summary.seconds))),
        notebooks=sum(list(r.playbooks.values()).count("made") for r in summary.projects),
        periods=sorted({r.period for r in summary.projects if r.period}),
        title=list(_title(summary, ready)),
        rows=[_row(r, into) for r in ready],
        following=sorted({r.numbers["following"] for r in ready if r.numbers.get("following")}),
        unlikely=sum(_unlikely(r) for r in ready),
        ranges=sum(r.numbers.get("chance") is not None for r in ready),
        failures=failures,
        gaps=gaps,
        long=any(wording.width(line[-1]) > REASON for line in [*failures, *gaps]),
        room={
            "rows": ROWS,
            "failures": FAILURES,
            "gaps": GAPS + max(FAILURES - len(failures), 0),
            "ems": REASON,
            "name": 13,
            "says": SAYS,
        },
    )


def _title(summary: Summary, ready: Sequence[Report]) -> Iterator[Message]:
    """The outcome: how many reviews there are, and how many projects need somebody."""
    counts, n = summary.counts, len(summary.projects)
    if summary.stopped:
        yield say("Stopped: {ready:count} of {n:count} reviews are ready", ready=len(ready), n=n)
    elif counts["failed"]:
        yield say(
            "{ready:count} of {n:count} reviews are ready, {failed:count} failed",
            ready=len(ready),
            n=n,
            failed=counts["failed"],
        )
    else:
        yield say("All {n:count} reviews are ready", n=n) if n > 1 else say("The review is ready")
    ranges = [r for r in ready if r.numbers.get("chance") is not None]
    low = sum(_unlikely(r) for r in ranges)
    if ranges and not low:
        yield say("No project with a range is very unlikely to make its target")
    elif ranges:
        yield say(
            "{low:count} of {n:count} projects with a range are very unlikely to make their target",
            low=low,
            n=len(ranges),
        )


def _unlikely(report: Report) -> bool:
    chance = report.numbers.get("chance")
    return chance is not None and chance < UNLIKELY


def _order(report: Report) -> tuple[bool, float, str]:
    """The smallest chance first; without one, the smallest part of the target that was booked."""
    known = report.numbers.get("chance")
    return (known is None, _attained(report) if known is None else known, report.project)


def _attained(report: Report) -> float:
    booked, target = report.numbers.get("bookings"), report.numbers.get("bookings_target")
    return booked / target if booked is not None and target else float("inf")


def _row(report: Report, into: Path) -> Row:
    own, said = Language(language.from_environment(), report.currency), report.numbers
    share, chance, target = _attained(report), said.get("chance"), said.get("target")
    p10, p50, p90 = (said.get(name) for name in ("p10", "p50", "p90"))
    drawn = Markup("")
    if target and p10 is not None and p50 is not None and p90 is not None:
        drawn = marks.against(p10, p50, p90, target, orange=_unlikely(report))
    return Row(
        name=report.project,
        link=_link(report.review, into),
        manager=report.manager,
        booked=_amount(own, said.get("bookings")),
        attained="" if share == float("inf") else own(defined("{share} of target"), share=f"{share:.0%}"),
        target=_amount(own, target),
        mark=drawn,
        chance="" if chance is None else wording.odds(chance, own),
        low=_unlikely(report),
        title=report.title,
    )


def _amount(own: Language, cents: int | None) -> str:
    return "" if cents is None else own.money(cents)


def _link(file: str, into: Path) -> str:
    """From the summary to a file; an address of its own where there is no way between them, as between two drives."""
    try:
        return quote(os.path.relpath(file, into.resolve()).replace(os.sep, "/"))
    except ValueError:
        return Path(file).as_uri()
