"""What the page of the retrospective says in words: title, lead, a sentence above each section, what is left out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from salesplaybook.areas import no_data
from salesplaybook.areas.retrospective_came import fallen_due
from salesplaybook.language import attained
from salesplaybook.periods import Period
from salesplaybook.results import Message, Walk, defined, say
from salesplaybook.states import Known, State

if TYPE_CHECKING:
    from salesplaybook.areas.retrospective import Body

STEP_NAMES = {
    "volume": defined("number of deals"),
    "mix": defined("mix"),
    "price": defined("average amounts"),
    "new": defined("new kinds"),
    "gone": defined("kinds no longer won"),
}
MOST = 0.5  # of the change, from which on a step is called most of it
QUESTIONS = (
    say("What did you decide by in the end, in your own words?"),
    say("When did it turn for or against us, and what happened then?"),
    say("What would we, or somebody else, have had to do for you to decide otherwise?"),
)


def title(page: Body) -> list[Message]:
    """The conclusion in two lines: what was booked of what was planned, and where the rest went."""
    if page.known_until:
        return _until(page, page.known_until)
    return [_booked(page), _why(page)]


def _until(page: Body, day: date) -> list[Message]:
    """Of a quarter whose exports end before it does."""
    first, value = (
        say("{quarter} is known up to {day:iso} only:", quarter=page.quarter, day=day),
        page.numbers[0].actual.value,
    )
    if value is None:
        return [first, say("what it brought can't be told yet")]
    return [first, say("{value:money} booked by then", value=value)]


def _booked(page: Body) -> Message:
    number = page.numbers[0]
    value = number.actual.value
    if value is None:
        return say("{quarter}: what was booked can't be told,", quarter=page.quarter)
    if number.attainment is not None:
        values = {"quarter": page.quarter, "value": value, "share": attained(number.attainment)}
        if page.running:
            return say("{quarter}: {value:money} booked so far, {share} of target,", **values)
        return say("{quarter}: {value:money} booked, {share} of target,", **values)
    if page.running:
        return say("{quarter}: {value:money} booked so far,", quarter=page.quarter, value=value)
    return say("{quarter}: {value:money} booked,", quarter=page.quarter, value=value)


def _why(page: Body) -> Message:
    slipped, lost = _of(page.outcome, "slipped"), _of(page.outcome, "lost")
    if slipped or lost:
        return say("{slipped:money} of what was due slipped and {lost:money} was lost", slipped=slipped, lost=lost)
    if largest_step(page):
        return _bridge(page)
    n = len(page.lessons)
    return (
        say("with {n:count} lessons for the next quarter", n=n)
        if n
        else say("and nobody has said yet what was learned")
    )


def largest_step(page: Body) -> tuple[str, int] | None:
    """The step of the bridge that went furthest the way that bookings went; its size in cents."""
    if page.bridge is None:
        return None
    change = int(page.bridge.now.value or 0) - int(page.bridge.before.value or 0)
    ways = {n: int(f.value or 0) for n, f in page.bridge.steps.items() if int(f.value or 0) * change > 0}
    name = max(ways, key=lambda n: abs(ways[n]), default=None)
    return (name, ways[name]) if name else None


def lead(page: Body) -> list[Message]:
    """What came of what was promised and said, and how many deals say why they were lost."""
    out = []
    if asked := fallen_due(page.promised, page.on):
        done = sum(p.state == "done" for p in asked)
        out.append(say("**{done:count} of {n:count}** promises of the last review are done.", done=done, n=len(asked)))
    if page.track.held is not None:
        out.append(
            say("The quarter's first forecast **held**.")
            if page.track.held
            else say("The quarter's first forecast **did not hold**.")
        )
    if page.review and page.review.lost.n:
        n, told = page.review.lost.n, page.review.told
        out.append(say("**{told:count} of {n:count}** lost deals have a reason.", told=told, n=n))
    if page.owed and page.owed.overdue.value:
        out.append(say("**{value:money}** is overdue.", value=page.owed.overdue.value))
    return out


def titles(page: Body) -> dict[str, Message]:
    """The sentence above each section, which its rows prove."""
    found = {
        "plan": _plan(page),
        "bridge": _bridge(page),
        "review": _review(page),
        "said": _said(page),
        "promised": _promised(page),
        "lines": _lines(page),
        "lessons": say("{n:count} lessons, found again in the next project", n=len(page.lessons))
        if len(page.lessons) > 1
        else say("1 lesson, found again in the next project")
        if page.lessons
        else say("Lessons: none yet"),
        "moves": say("Promised for {quarter}: {n:count} actions", quarter=page.following, n=len(page.moves))
        if len(page.moves) > 1
        else say("Promised for {quarter}: 1 action", quarter=page.following)
        if page.moves
        else say("Promised for {quarter}: nothing yet", quarter=page.following),
    }
    if page.outcome:
        won = page.outcome["won"]
        found["outcome"] = say(
            "Of {n:count} due at the opening, {won:count} were won in the period",
            n=page.outcome.opening.n,
            won=(won.n or 0) if won else 0,
        )
    if page.booked:
        found["booked"] = _sources(page.booked)
    return found


def _plan(page: Body) -> Message:
    told = [n.gap for n in page.numbers if n.gap is not None]
    if not told:
        return say("Plan against actual: no number has a target")
    if page.running:
        return say("Plan against actual: the quarter is still running")
    met = sum(gap >= 0 for gap in told)
    if len(told) == 1:
        return (
            say("Plan against actual: the one target was reached")
            if met
            else say("Plan against actual: the one target was missed")
        )
    return say("Plan against actual: {met:count} of {n:count} targets reached", met=met, n=len(told))


def _sources(booked: Walk) -> Message:
    """How much was opened in the period; else whether all of it was open before."""
    opened, total = booked["opened_and_won"], booked.closing
    share = (opened.value or 0) / total.value if opened and total.value else 0
    if share:
        return say("{share} of bookings came from deals opened in the period", share=f"{share:.0%}")
    if not total.n:
        return say("No bookings in the period yet")
    if opened or booked["reopened_and_won"] or booked["dated_in"]:
        return say("Not all bookings came from deals that were open before")
    return say("All bookings came from deals that were open before")


def _bridge(page: Body) -> Message:
    if page.bridge is None:
        return say("Against {before}: no bridge", before=page.before)
    change = int(page.bridge.now.value or 0) - int(page.bridge.before.value or 0)
    step = largest_step(page)
    if not change or step is None:
        return say("Against {before}: as much was booked", before=page.before)
    values = {"before": page.before, "by": abs(change), "step": STEP_NAMES[step[0]], "part": step[1]}
    if abs(step[1]) < MOST * abs(change):
        if change < 0:
            return say("{by:money} less than in {before}; the largest step: {step:text} ({part:money})", **values)
        return say("{by:money} more than in {before}; the largest step: {step:text} ({part:money})", **values)
    if change < 0:
        return say("{by:money} less than in {before}, mostly by {step:text} ({part:money})", **values)
    return say("{by:money} more than in {before}, mostly by {step:text} ({part:money})", **values)


def _review(page: Body) -> Message:
    review = page.review
    if review is None or not review.lost.n:
        return say("Won and lost: no deal was lost")
    if not review.told:
        return say("Won and lost: none of {n:count} lost deals has a reason", n=review.lost.n)
    first = review.reasons[0]
    return say(
        "{told:count} of {n:count} lost deals say why, {k:count} of them: {reason}",
        told=review.told,
        n=review.lost.n,
        k=first.figure.n,
        reason=first.name,
    )


def _said(page: Body) -> Message:
    track = page.track
    if not track.scored and not track.risks_scored:
        return say("What we said: nothing scored yet")
    if not track.risks_scored:
        return say("What we said: {inside:count} of {n:count} ranges held", inside=track.inside, n=track.scored)
    risks = {"happened": track.risks_happened, "risks": track.risks_scored}
    if not track.scored:
        return say("What we said: {happened:count} of {risks:count} risks came true", **risks)
    return say(
        "What we said: {inside:count} of {n:count} ranges held, {happened:count} of {risks:count} risks came true",
        inside=track.inside,
        n=track.scored,
        **risks,
    )


def _promised(page: Body) -> Message:
    if not page.promised:
        return say("Promised in the last review: nothing")
    asked = fallen_due(page.promised, page.on)
    values = {"done": sum(p.state == "done" for p in asked), "n": len(asked), "later": len(page.promised) - len(asked)}
    if not asked:
        return say("Promised in the last review: {later:count}, none due yet", **values)
    if values["later"]:
        return say("Promised in the last review: {done:count} of {n:count} done, {later:count} not due yet", **values)
    return say("Promised in the last review: {done:count} of {n:count} done", **values)


def _lines(page: Body) -> Message:
    n = {h: sum(line.heading == h for line in page.lines) for h in ("well", "badly")}
    if not page.lines:
        return say("What went well and badly: nothing typed yet")
    return say("{well:count} things went well, {badly:count} badly", **n)


def to_ask(lost: pd.DataFrame) -> str:
    """The customer (or deal) of the largest lost deal: whom to ask."""
    if lost.empty:
        return ""
    row = lost.sort_values("value", ascending=False, kind="stable").iloc[0]
    return next((str(v) for v in (row["account"], row["name"]) if not pd.isna(v) and v), str(row.name))


def questions(asked: str) -> list[Message]:
    """Three questions to ask a customer: open ones, about what happened and not about us."""
    return list(QUESTIONS) if asked else []


def notes(page: Body, known: Known, period: Period, ends: tuple[State, State]) -> list[Message]:
    """What the page can't tell, each with what would mend it."""
    found = no_data.gaps(*ends)
    if known.on < period.last:
        found.insert(0, say("The quarter isn't over: all of this is as of {day:iso}.", day=known.on))
    if page.no_bridge:
        found.append(
            say("No bridge: {why:text}.", why=page.no_bridge.text) if not page.no_bridge.values else page.no_bridge
        )
    found += page.bridge.notes if page.bridge else []
    found += page.review.notes if page.review else []
    if page.owed is None:
        found.append(say("No list of receivables: what is owed and overdue isn't known."))
    elif page.owed.undated:
        found.append(say("Receivables without a due day, in the total only: {n:count}.", n=page.owed.undated.n))
    return found


def _of(found: Walk | None, name: str) -> int:
    figure = found[name] if found else None
    return int(figure.value or 0) if figure else 0
