"""What the page of goals says in words: title, lead, a sentence above each section, how plausible a target is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from salesplaybook.names import METRIC_NAMES, TAG_NAMES
from salesplaybook.results import Message, say

if TYPE_CHECKING:
    from salesplaybook.areas.goals import Body
    from salesplaybook.areas.goals_progress import Progress
    from salesplaybook.methods.needed import Needed
    from salesplaybook.methods.similar import Recalled

THIN = 4  # quarters, under which history is called short
EARLY = 0.1  # of the line, and of the target: before that a title says whether the target is plausible
MONEY = ("bookings", "revenue", "collected")


def plausible(metric: str, target: float, history: Sequence[float]) -> Message:
    """How a target compares with what quarters have brought: reached in some, or more than the highest of them."""
    n, most = len(history), max(history, default=0.0)
    values: dict[str, Any] = {"n": n, "most": most, "target": target, "few": THIN}
    values["times"] = sum(value >= target for value in history)
    if not n:
        return say("no earlier quarter is on record to compare with")
    if most <= 0:
        return say("nothing came in the last {n:count} quarters to compare with", **values)
    if metric == "margin":
        values["points"] = f"{(target - most) * 100:.1f}"
    else:
        values["more"] = _percent(target / most - 1)
    return _plausible(metric, values, values["times"] > 0)


def _plausible(metric: str, values: dict[str, Any], reached: bool) -> Message:
    if values["n"] < THIN:
        if metric == "margin":
            return say("{n:count} of {few} quarters on record, highest {most:percent}: too few to judge by", **values)
        if metric in MONEY:
            return say("{n:count} of {few} quarters on record, highest {most:money}: too few to judge by", **values)
        return say("{n:count} of {few} quarters on record, highest {most:count}: too few to judge by", **values)
    if reached:
        if metric == "margin":
            return say("reached in {times:count} of the last {n:count} quarters; highest {most:percent}", **values)
        if metric in MONEY:
            return say("reached in {times:count} of the last {n:count} quarters; highest {most:money}", **values)
        return say("reached in {times:count} of the last {n:count} quarters; highest {most:count}", **values)
    if metric == "margin":
        return say(
            "highest of the last {n:count} quarters: {most:percent}; {target:percent} is {points} points above it",
            **values,
        )
    if metric in MONEY:
        return say("highest of the last {n:count} quarters: {most:money}; {target:money} is {more} above it", **values)
    return say("highest of the last {n:count} quarters: {most:count}; {target:count} is {more} above it", **values)


def stands(value: float, target: float, days: int, over: bool) -> Message:
    """Where a metric stands beside its line."""
    if value >= target:
        return say("the target is reached")
    if over:
        return say("the quarter is over, the target isn't reached")
    if days == 0:
        return say("on its line")
    if days < 0:
        return (
            say("1 working day behind its line")
            if days == -1
            else say("{n:count} working days behind its line", n=-days)
        )
    return (
        say("1 working day ahead of its line") if days == 1 else say("{n:count} working days ahead of its line", n=days)
    )


def title(page: Body) -> list[Message]:
    """The conclusion: where the main target stands, or whether it is plausible at all, and what it would take."""
    row = _main(page)
    if row is None or row.target is None:
        n = len([r for r in page.progress if r.target is not None])
        if not n:
            return [say("{quarter}: no target yet", quarter=page.quarter), say("enter one, and see what it takes")]
        return [
            say("{quarter}: targets for {n:count} metrics,", quarter=page.quarter, n=n),
            say("none for bookings yet"),
        ]
    values = {"quarter": page.quarter, "target": row.target, "won": row.actual.value}
    if row.actual.value is None:
        return [
            say("{quarter}: a target of {target:money},", **values),
            say("and no data yet to say how it stands"),
        ]
    first = say("{quarter}: {won:money} of {target:money} booked,", **values)
    if page.share < EARLY and row.actual.value < row.target * EARLY:
        first = say("{quarter}: a target of {target:money},", **values)
        return [first, _ever(row)]
    if page.needed and row.actual.value < row.target and page.days_left > 0:
        if page.needed.verdict == "never":
            return [first, say("the rest needs more new pipeline a week than ever came on record")]
        if page.needed.verdict == "covered":
            return [first, say("what is open usually gives the rest")]
    if row.actual.value < row.target and page.days_left <= 0:
        return [first, say("{gap:money} short at its end", gap=row.target - row.actual.value)]
    return [first, row.sentence or say("on its line")]


def _ever(row: Progress) -> Message:
    """Whether a target is plausible, for a title."""
    if len(row.history) < THIN or not row.highest or row.target is None:
        return say("too few quarters on record to judge it by")
    if row.target > row.highest:
        more = _percent(row.target / row.highest - 1)
        return say("{more} more than any of the last {n:count} quarters", more=more, n=len(row.history))
    return say("up to {highest:money} has been reached before", highest=row.highest)


def lead(page: Body) -> list[Message]:
    """What stands behind the title: plausibility, and what lacks."""
    row, found = _main(page), []
    if not any(r.target is not None for r in page.progress) and any(r.history for r in page.progress):
        found.append(
            say("With a target the page says whether it is plausible, how far along it is, and what it would take.")
        )
    if row and row.plausible:
        found += [say("**Is it plausible?**"), row.plausible]
    n = page.counts.get("draft", 0)
    if n:
        found.append(
            say("**1 goal lacks something**, and stands as a draft.")
            if n == 1
            else say("**{n:count} goals lack something**, and stand as drafts.", n=n)
        )
    return found


def titles(page: Body) -> dict[str, Message]:
    """A sentence above each section."""
    found, lines = {}, [row for row in page.progress if row.line is not None]
    if lines:
        behind = sum((row.days or 0) < 0 and (row.actual.value or 0) < (row.target or 0) for row in lines)
        found["progress"] = (
            say("{n:count} of {all:count} metrics are behind their plan line", n=behind, all=len(lines))
            if behind
            else say("No metric is behind its plan line")
        )
    if page.needed and (said := _needed(page.needed)):
        found["needed"] = said
    if page.goals:
        done = page.counts["complete"]
        found["goals"] = say("{n:count} of {all:count} goals are complete", n=done, all=len(page.goals))
    if page.promised:
        done = sum(p.state == "done" for p in page.promised)
        values = {"quarter": page.before, "done": done, "n": len(page.promised)}
        found["promised"] = say("Promised in the review of {quarter}: {done:count} of {n:count} done", **values)
    if page.tasks:
        late, open_ = (sum(t.state == s for t in page.tasks) for s in ("late", "open"))
        found["tasks"] = (
            say("Tasks: {open:count} open, {late:count} of them late", open=open_ + late, late=late)
            if late
            else say("Tasks: {open:count} open, none late", open=open_)
        )
    measured = [p.days for p in page.people if p.days is not None]
    if measured:
        behind = sum(days < 0 for days in measured)
        found["people"] = say(
            "{behind:count} of {n:count} people are behind their line", behind=behind, n=len(measured)
        )
    return found


def _needed(need: Needed) -> Message | None:
    values = {"a_week": need.a_week, "best": need.best, "usual": need.usual, "gap": need.gap}
    if need.verdict == "never":
        return say("{a_week:money} of new pipeline a week are needed; the most on record was {best:money}", **values)
    if need.verdict == "seen":
        return say("{a_week:money} of new pipeline a week are needed: more than usual, less than the best", **values)
    if need.verdict == "usual":
        return say("{a_week:money} of new pipeline a week are needed; {usual:money} usually come", **values)
    if need.verdict == "covered":
        return say("Nothing new is needed: what is open usually gives the {gap:money} left", **values)
    return None


def sentence(page: Body) -> Message:
    """One line for the review."""
    done, draft = page.counts.get("complete", 0), page.counts.get("draft", 0)
    if not done + draft:
        return say("no goals were set")
    if not draft:
        return say("{done:count} goals, all complete", done=done)
    return say("{done:count} complete goals, {draft:count} drafts", done=done, draft=draft)


def of_every_quarter(lesson: Recalled, tags: Sequence[str]) -> Recalled:
    """A lesson whose tag is one of those that stand here in any quarter, with that as the reason: no goal has a tag."""
    if lesson.tag is None or lesson.tag not in tags:
        return lesson
    values = {"tag": TAG_NAMES[lesson.tag], "words": lesson.why.values.get("words")}
    why = (
        say("about {tag:text}, which concerns every target; alike words: {words:list}", **values)
        if values["words"]
        else say("about {tag:text}, which concerns every target", tag=values["tag"])
    )
    return lesson.model_copy(update={"why": why})


def drafted(metric: str, target: float | None, quarter: str) -> Message:
    """A goal for a target, in one line."""
    values: dict[str, Any] = {"metric": METRIC_NAMES.get(metric, metric), "target": target, "quarter": quarter}
    if metric == "bookings":
        return say("Book {target:money} in {quarter}", **values)
    if metric == "revenue":
        return say("Bring {target:money} to acceptance in {quarter}", **values)
    if metric == "collected":
        return say("Collect {target:money} in {quarter}", **values)
    if metric == "margin":
        return say("Hold a gross margin of {target:percent} in {quarter}", **values)
    if metric == "new_customers":
        return say("Win {target:count} new customers in {quarter}", **values)
    return say("{metric:text}: {target:count} in {quarter}", **values)


def _main(page: Body) -> Progress | None:
    return next((row for row in page.progress if row.metric == "bookings"), None)


def _percent(share: float) -> str:
    return "under 1%" if share < 0.01 else f"{share * 100:.0f}%"
