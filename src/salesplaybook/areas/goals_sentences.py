"""What the page of goals says in words: title, lead, a sentence above each section, how plausible a target is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from salesplaybook.names import METRIC_NAMES
from salesplaybook.results import Message, say

if TYPE_CHECKING:
    from salesplaybook.areas.goals import Body, Progress

THIN = 4  # quarters, under which history is called short
MONEY = ("bookings", "revenue", "collected")


def plausible(metric: str, target: float, history: Sequence[float]) -> Message:
    """How a target compares with what quarters have brought: within the usual, the highest, or more than ever."""
    n = len(history)
    if not n:
        return say("no earlier quarter on record to compare with")
    most = max(history)
    values: dict[str, Any] = {"n": n, "most": most, "target": target}
    if metric == "margin":
        points = f"{(target - most) * 100:.1f}"
        if target <= most:
            return say(
                "highest of the last {n:count} quarters: {most:percent}; {target:percent} has been reached", **values
            )
        return say(
            "highest of the last {n:count} quarters: {most:percent}; {target:percent} needs {points} points more",
            points=points,
            **values,
        )
    times = sum(value >= target for value in history)
    values |= {"times": times, "more": f"{(target / most - 1) * 100:.0f} %" if most else "", "thin": n}
    if metric in MONEY:
        if n < THIN:
            return say("only {thin:count} quarters on record, highest {most:money}: too few to judge by", **values)
        if times:
            return say("reached in {times:count} of the last {n:count} quarters; the highest: {most:money}", **values)
        return say(
            "highest of the last {n:count} quarters: {most:money}; {target:money} needs {more} more than ever", **values
        )
    if n < THIN:
        return say("only {thin:count} quarters on record, highest {most:count}: too few to judge by", **values)
    if times:
        return say("reached in {times:count} of the last {n:count} quarters; the highest: {most:count}", **values)
    return say(
        "highest of the last {n:count} quarters: {most:count}; {target:count} needs {more} more than ever", **values
    )


def title(page: Body) -> list[Message]:
    """The conclusion: where the main target stands, and what it would take."""
    row = _main(page)
    if row is None or row.target is None or row.actual.value is None:
        n = len([r for r in page.progress if r.target is not None])
        if not n:
            return [
                say("{quarter}: no target yet", quarter=page.quarter),
                say("enter one below, and see what it takes"),
            ]
        return [say("{quarter}: {n:count} targets, none for bookings yet", quarter=page.quarter, n=n)]
    values = {"quarter": page.quarter, "won": row.actual.value, "target": row.target}
    first = say("{quarter}: {won:money} of {target:money} booked,", **values)
    if row.actual.value >= row.target:
        return [first, say("the target is reached")]
    if page.days_left <= 0:
        return [first, say("{gap:money} short at its end", gap=row.target - row.actual.value)]
    need = page.needed
    if need and need.verdict == "never":
        return [first, say("the rest needs more new pipeline a week than ever came")]
    if need and need.verdict == "covered":
        return [first, say("what is open usually gives the rest")]
    if row.days is not None and row.days < 0:
        late = say("1 working day behind its line") if row.days == -1 else None
        return [first, late or say("{n:count} working days behind its line", n=-row.days)]
    if row.days:
        early = say("1 working day ahead of its line") if row.days == 1 else None
        return [first, early or say("{n:count} working days ahead of its line", n=row.days)]
    return [first, say("on its line")]


def lead(page: Body) -> list[Message]:
    """What stands behind the title: plausibility, what would have to be true, what lacks."""
    row, found = _main(page), []
    if row and row.plausible:
        found += [say("**Is it plausible?**"), row.plausible]
    if page.counts.get("draft") == 1:
        found.append(say("**1 goal lacks something**, and stands as a draft."))
    elif page.counts.get("draft"):
        found.append(say("**{n:count} goals lack something**, and stand as drafts.", n=page.counts["draft"]))
    return found


def titles(page: Body) -> dict[str, Message]:
    """A sentence above each section."""
    found = {}
    need = page.needed
    if need and need.a_week is not None and need.best is not None:
        values = {"a_week": need.a_week, "best": need.best, "quarter": need.best_quarter, "usual": need.usual}
        if need.verdict == "never":
            found["needed"] = say(
                "{a_week:money} of new pipeline a week are needed; the best ever was {best:money}", **values
            )
        elif need.verdict == "seen":
            found["needed"] = say(
                "{a_week:money} of new pipeline a week are needed; {best:money} came in {quarter}", **values
            )
        else:
            found["needed"] = say(
                "{a_week:money} of new pipeline a week are needed; {usual:money} usually come", **values
            )
    elif need and need.verdict == "covered":
        found["needed"] = say("Nothing new is needed: what is open usually gives the {gap:money} left", gap=need.gap)
    if page.goals:
        found["goals"] = say(
            "{n:count} of {all:count} goals are complete", n=page.counts["complete"], all=len(page.goals)
        )
    if page.promised:
        done = sum(p.state == "done" for p in page.promised)
        found["promised"] = say(
            "Promised in the review of {quarter}: {done:count} of {n:count} done",
            quarter=page.before,
            done=done,
            n=len(page.promised),
        )
    if page.tasks:
        late, open_ = (sum(t.state == s for t in page.tasks) for s in ("late", "open"))
        found["tasks"] = say("{open:count} tasks are open, {late:count} late", open=open_ + late, late=late)
    behind = [p for p in page.people if p.days is not None and p.days < 0]
    if any(p.days is not None for p in page.people):
        n = sum(p.days is not None for p in page.people)
        found["people"] = say("{behind:count} of {n:count} are behind their line", behind=len(behind), n=n)
    return found


def sentence(page: Body) -> Message:
    """One line for the review."""
    done, draft = page.counts.get("complete", 0), page.counts.get("draft", 0)
    if not done + draft:
        return say("no goals were set")
    return say("{done:count} complete goals, {draft:count} drafts", done=done, draft=draft)


def drafted(metric: str, target: float, quarter: str) -> Message:
    """A goal for a target, in one line."""
    values: dict[str, Any] = {"metric": metric_name(metric), "target": target, "quarter": quarter}
    if metric == "margin":
        return say("{metric:text} of {target:percent} in {quarter}", **values)
    if metric in MONEY:
        return say("{metric:text} of {target:money} in {quarter}", **values)
    return say("{metric:text}: {target:count} in {quarter}", **values)


def means(metric: str, deals: Sequence[str]) -> Message:
    """By which means a goal is reached, as far as the data tell."""
    if metric in ("bookings", "new_customers") and deals:
        return say("the largest open deals: {deals:list}", deals=list(deals))
    if metric == "revenue":
        return say("acceptance of what is signed, in the order of its dates")
    if metric == "collected":
        return say("overdue receivables first, the largest with a date agreed")
    if metric == "margin":
        return say("no deal under its floor price without a decision")
    return say("to be said")


def _main(page: Body) -> Progress | None:
    return next((row for row in page.progress if row.metric == "bookings"), None)


def metric_name(metric: str) -> str:
    return METRIC_NAMES.get(metric, metric)
