"""What the quarterly review says in words: the draft of the verdict, a sentence above each block, what is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesplaybook.language import attained
from salesplaybook.methods import rates
from salesplaybook.names import METRIC_NAMES
from salesplaybook.results import Figure, Message, Walk, defined, say

if TYPE_CHECKING:
    from salesplaybook.areas.quarterly_review import Body, Seen
    from salesplaybook.methods.actuals import Measured

CLOSING = 3  # slipped deals, at most, that the verdict names as what would have closed the gap
AREA_NAMES = {
    "crm": defined("Pipeline"),
    "weekly": defined("Monday page"),
    "goals": defined("Goals"),
    "risk": defined("Risks"),
    "performance": defined("Performance"),
    "retrospective": defined("Retrospective"),
}


def verdict(page: Body) -> list[Message]:
    """The quarter in three parts at most: what was booked, what decided it, and whether the win rate moved."""
    parts = [_booked(page), _decided(page), _rate(page.win_rate, page.win_rate_before)]
    return [part for part in parts if part]


def _booked(page: Body) -> Message:
    bookings, quarter = page.numbers[0], page.quarter[-2:]
    value = bookings.actual.value
    if day := page.known_until:
        if value is None:
            return say(
                "{quarter:text} is known up to {day:iso} only: its bookings can't be told", quarter=quarter, day=day
            )
        said = {"quarter": quarter, "day": day, "value": value}
        return say("{quarter:text} is known up to {day:iso} only: {value:money} booked by then", **said)
    if value is None:
        return say("{quarter:text}: no record of the quarter's bookings yet", quarter=quarter)
    share, gap = bookings.attainment, bookings.gap
    if share is not None and gap is not None:
        said = {"quarter": quarter, "value": value, "share": attained(share), "gap": abs(gap)}
        if page.running and gap < 0:
            return say("{quarter:text} booked {value:money} so far, {share} of target: {gap:money} to go", **said)
        return (
            say("{quarter:text} booked {value:money}, {share} of target: {gap:money} short", **said)
            if gap < 0
            else say("{quarter:text} booked {value:money}, {share} of target: {gap:money} more", **said)
        )
    if page.running:
        n = bookings.actual.n or 0
        return say("{quarter:text} booked {value:money} so far, from {n:deals}", quarter=quarter, value=value, n=n)
    before = bookings.before.value if bookings.before else None
    if before:
        by = f"{value / before - 1:+.0%}".replace("-", "−")
        return say(
            "{quarter:text} booked {value:money}, {by} on the quarter before", quarter=quarter, value=value, by=by
        )
    return say(
        "{quarter:text} booked {value:money} from {n:deals}", quarter=quarter, value=value, n=bookings.actual.n or 0
    )


def _decided(page: Body) -> Message | None:
    """What would have closed the gap; else where what was due has gone; else where the bookings came from."""
    if page.known_until:
        return None
    outcome, gap = page.outcome, page.numbers[0].gap
    slipped = outcome["slipped"] if outcome and not page.running else None
    if gap is not None and gap < 0 and slipped and (first := _closing(page, slipped, -gap)):
        n, total = first
        return (
            say(
                "Of the largest slipped deals, the most advanced ({total:money}) would have closed the gap.",
                total=total,
            )
            if n == 1
            else say(
                "Of the largest slipped deals, the {n} most advanced ({total:money}) would have closed the gap.",
                n=n,
                total=total,
            )
        )
    if outcome and outcome.opening.value:
        return say(
            "Of the {due:money} due at the start, {won:money} was won, {lost:money} lost, {slipped:money} slipped.",
            due=outcome.opening.value,
            **{name: _value(outcome, name) for name in ("won", "lost", "slipped")},
        )
    booked = page.booked
    if booked and booked.closing.value and (opened := booked["opened_and_won"]):
        share = f"{(opened.value or 0) / booked.closing.value:.0%}"
        return say("{share} of it came from deals opened in the quarter.", share=share)
    return None


def _closing(page: Body, slipped: Figure, gap: float) -> tuple[int, int] | None:
    """The fewest of the slipped deals, the most advanced first, that hold the gap: how many, and how much they hold. A
    chance is on record only of those among the largest by amount times chance."""
    known = [d for d in page.deals if d.deal in slipped.rows and d.chance is not None]
    known.sort(key=lambda d: (-(d.chance or 0), -d.amount))
    total = 0
    for n, deal in enumerate(known[:CLOSING], 1):
        total += slipped.rows[deal.deal] or 0
        if total >= gap:
            return n, total
    return None


def _value(walk: Walk, name: str) -> int:
    figure = walk[name]
    return int((figure.value if figure else 0) or 0)


def _rate(now: Figure | None, before: Figure | None) -> Message | None:
    differs = rates.moved(now, before) if now and before else None
    if differs is None or not now or not before:
        return None
    said = {"now": now.value, "before": before.value}
    return (
        say("The win rate, {now:percent} against {before:percent}, is within chance (19 in 20).", **said)
        if not differs
        else say("The win rate, {now:percent} against {before:percent}, moved beyond chance (19 in 20).", **said)
    )


def titles(page: Body) -> dict[str, Message]:
    """The sentence above each block, which it proves."""
    out = {"numbers": _numbers(page.numbers, page.running)}
    if page.outcome and page.outcome.opening.value:
        won = page.outcome["won"]
        due = {"n": page.outcome.opening.n, "won": won.n if won else 0}
        out["went"] = say("Where the quarter went: {won:count} of {n:deals} due at its start were won", **due)
    elif page.booked and page.booked.closing.n:
        out["went"] = say("Where the quarter went: {n:deals} won", n=page.booked.closing.n)
    if page.deals:
        total = sum(d.amount for d in page.deals[:5])
        out["deals"] = say("Deals that decide {quarter:text}: {total:money}", quarter=page.following[-2:], total=total)
    if page.owed:
        out["cash"] = _cash(page)
    risks = page.risks
    if risks and risks.expected_before is not None and risks.expected_after is not None:
        sums = {"before": risks.expected_before, "after": risks.expected_after}
        out["risks"] = (
            say("Risks: {before:money} expected, {after:money} with responses", **sums)
            if risks.expected_after < risks.expected_before
            else say("Risks: {before:money} expected, no response cuts it yet", before=sums["before"])
        )
    elif risks and risks.top:
        out["risks"] = say("Risks: {n:count} in the register, none with a chance and amounts", n=risks.all)
    if page.promised:
        states = [p.state for p in page.promised]
        n = {"all": len(states), "done": states.count("done"), "partly": states.count("partly")}
        out["promised"] = (
            say("Promised last quarter: {done:count} of {all:count} done, {partly:count} partly", **n)
            if n["partly"]
            else say("Promised last quarter: {done:count} of {all:count} done", all=n["all"], done=n["done"])
        )
    return out


def _numbers(numbers: list[Measured], running: bool) -> Message:
    """Which of the numbers is furthest from its target; the margin, which has no attainment, where it alone is."""
    asked = [m for m in numbers if m.target is not None]
    against = [m for m in asked if m.gap is not None]
    missed = [m for m in against if (m.gap or 0) < 0]
    if not any(m.actual.value is not None for m in numbers):
        return say("The four numbers: none is on record yet")
    if not asked:
        return say("The four numbers: no target was set")
    if running:
        return say("The four numbers: not of the whole quarter yet")
    if not missed and len(against) < len(asked):
        n = {"met": len(against), "all": len(asked), "unknown": len(asked) - len(against)}
        return say("The four numbers: {met:count} of {all:count} targets reached, {unknown:count} can't be told", **n)
    if not missed:
        return (
            say("The four numbers: every target was reached")
            if len(against) > 1
            else say("The four numbers: {metric:text} reached its target", metric=METRIC_NAMES[against[0].metric])
        )
    worst = min(missed, key=lambda m: 1.0 if m.attainment is None else m.attainment)
    name = METRIC_NAMES[worst.metric]
    if worst.attainment is None:
        points = f"{-100 * (worst.gap or 0):.1f}"
        return say("The four numbers: {metric:text} {points} points under its target", metric=name, points=points)
    return say("The four numbers: {metric:text} at {share} of target", metric=name, share=attained(worst.attainment))


def _cash(page: Body) -> Message:
    owed = page.owed
    assert owed
    sums = {"overdue": owed.overdue.value or 0, "long": owed.over_90.value or 0}
    if owed.total is None or owed.total.value is None:
        return say("Cash: {overdue:money} overdue, {long:money} of it for over 90 days", **sums)
    if not sums["overdue"]:
        return say("Cash: {total:money} owed, nothing overdue", total=owed.total.value)
    sums["total"] = owed.total.value
    return (
        say("Cash: {total:money} owed, {overdue:money} overdue ({long:money} over 90 days)", **sums)
        if sums["long"]
        else say("Cash: {total:money} owed, {overdue:money} overdue", **sums)
    )


def no_forecast(crm: Seen | None, quarter: str) -> Message:
    """Why there is no outlook: nobody has said anything of the quarter as of a day just after the one before."""
    if crm is None:
        return say("No outlook: the pipeline of the quarter has no record yet.")
    return say(
        "No outlook for {quarter}: the pipeline's record is of {day:iso}; it takes one made soon after the quarter's "
        "end.",
        quarter=quarter,
        day=crm.as_of,
    )


def notes(page: Body) -> list[Message]:
    """What the reader is to know of what stands on the page."""
    out = []
    if page.told_until:
        out.append(say("The pipeline's record tells of the quarter up to {day:iso} only.", day=page.told_until))
    return out
