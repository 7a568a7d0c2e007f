"""What the page of crm says in words: title, lead, a sentence above each table, changes, and what is left out."""

from __future__ import annotations

from datetime import date

import pandas as pd

from salesplaybook.areas import no_data
from salesplaybook.methods import rates
from salesplaybook.methods.stages import Stage
from salesplaybook.results import Figure, Forecast, Message, Walk, say
from salesplaybook.states import State

BIG = 0.1  # a share of the pipeline from which on it is the headline


def title(stock: Walk, pipeline: Figure, evidence: dict[str, Figure]) -> list[Message]:
    """The conclusion in two lines: how many deals are open, and what is wrong with them."""
    start, end = stock.opening.n or 0, pipeline.n or 0
    # Deals that can't be placed in time stand in the pipeline and not in its opening: no change can be told.
    change = (end - start) / start if start and end == stock.closing.n else None
    if change is None:
        first = say("{end:count} deals are open,", end=end)
    elif abs(change) < 0.02:
        first = say("As many deals are open as before, {end:count},", end=end)
    elif change > 0:
        first = say("Open deals are up {by} to {end:count},", by=f"{change:.0%}", end=end)
    else:
        first = say("Open deals are down {by} to {end:count},", by=f"{-change:.0%}", end=end)
    never, dead = evidence["never_decided"], evidence["dead"]
    if never.n and end and never.n >= BIG * end:
        return [first, say("but {n:count} of them are older than any deal ever decided", n=never.n)]
    if dead.n and end and dead.n >= BIG * end:
        return [first, say("but {n:count} of them are probably dead", n=dead.n)]
    won, lost = stock["won"], stock["lost"]
    decided = ((won.n or 0) if won else 0) + ((lost.n or 0) if lost else 0)
    new = stock["new"]
    return [
        first,
        say("{new:count} came and {decided:count} were decided", new=(new.n or 0) if new else 0, decided=decided),
    ]


def changes(headline: dict[str, Figure], before: dict[str, Figure], *, running: bool) -> dict[str, Message]:
    """Each headline figure against the period before, saying whether the difference is within chance.

    running: the period isn't over, so its bookings stand against as many days of the one before.
    """
    out = {}
    if (old := before["pipeline"]).value is not None:
        out["pipeline"] = say("{value:money}, {n:deals} before", value=old.value, n=old.n)
    booked = before.get("bookings")
    if booked and booked.value:
        by = f"{(headline['bookings'].value or 0) / booked.value - 1:+.1%}".replace("-", "−")
        out["bookings"] = (
            say("{by} on the {value:money} in as many days before", by=by, value=booked.value)
            if running
            else say("{by} on the {value:money} before", by=by, value=booked.value)
        )
    now, rate = headline["win_rate"], before.get("win_rate")
    if rate and (moved := rates.moved(now, rate)) is not None:
        out["win_rate"] = (
            say("{rate:percent} before: more than chance (19 in 20)", rate=rate.value)
            if moved
            else say("{rate:percent} before: within chance (19 in 20)", rate=rate.value)
        )
    return out


def lead(booked: Walk, headline: dict[str, Figure], *, weeks: bool) -> list[Message]:
    """What came of it, in one or two sentences; weeks: the win rate is of the last 13 weeks, not of the period."""
    total, rate = booked.closing, headline["win_rate"]
    opened = booked["opened_and_won"]
    if why := headline["bookings"].reason:
        out = [
            say(
                "**What was booked can't be told**: {blank:count} of {n:count} won deals have no closing day.",
                **why.values,
            )
        ]
    elif not total.n:
        out = [say("Nothing was won in the period.")]
    elif opened and total.value:
        out = [
            say(
                "Booked **{value:money}** from {n:deals}, **{part:money}** of it from deals opened in the period.",
                value=total.value,
                n=total.n,
                part=opened.value,
            )
        ]
    else:
        out = [say("Booked **{value:money}** from {n:deals}.", value=total.value, n=total.n)]
    if rate.value is not None:
        out.append(
            say("Of the deals decided in 13 weeks, **{rate:percent}** were won.", rate=rate.value)
            if weeks
            else say("Of the deals decided, **{rate:percent}** were won.", rate=rate.value)
        )
    return out


def titles(
    stock: Walk, due: Walk | None, outcome: Walk | None, booked: Walk, stages: list[Stage], evidence: dict[str, Figure]
) -> dict[str, Message]:
    """The sentence above each section, which its table proves."""

    def n(found: Walk, *names: str) -> int:
        return sum((f.n or 0) for name in names if (f := found[name]))

    came, left = n(stock, "new", "returned"), n(stock, "won", "lost", "void", "on_hold", "vanished")
    out = {"stock": say("All open: {came:count} came, {left:count} left", came=came, left=left)}
    if due and n(due, "slipped"):
        out["due"] = say(
            "Due in the period: {slipped:count} slipped out, {won:count} won",
            slipped=n(due, "slipped"),
            won=n(due, "won"),
        )
    elif due:
        out["due"] = say(
            "Due in the period: {won:count} won, {lost:count} lost", won=n(due, "won"), lost=n(due, "lost")
        )
    if outcome:
        out["outcome"] = say(
            "Of {n:count} due at the opening, {won:count} were won in the period",
            n=outcome.opening.n,
            won=n(outcome, "won"),
        )
    opened, total = booked["opened_and_won"], booked.closing
    share = (opened.value or 0) / total.value if opened and total.value else 0
    out["booked"] = (
        say("{share} of bookings came from deals opened in the period", share=f"{share:.0%}")
        if share
        else say("No bookings in the period yet")
        if not total.n
        else say("Not all bookings came from deals that were open before")
        if opened or booked["reopened_and_won"] or booked["dated_in"]
        else say("All bookings came from deals that were open before")
    )
    slow = sum(s.slow.n or 0 for s in stages)
    out["stages"] = (
        say("{n:deals} have been in their stage for longer than 9 of 10 that were won", n=slow)
        if slow
        else say("How far deals get, and how long it takes")
    )
    never, dead, after = evidence["never_decided"], evidence["dead"], evidence["dead_after"]
    out["ages"] = (
        say("{n:count} open deals are older than any deal ever decided", n=never.n or 0)
        if never.n
        else say("Open deals by age")
    )
    out["evidence"] = (
        say("{n:count} open deals are probably dead", n=dead.n, won=after.n)
        if dead.value is not None
        else say("Which deals are dead can't be told yet")
    )
    return out


def forecast(found: Forecast) -> Message:
    """What the quarter ahead will bring, as far as can be said."""
    if found.p10 is not None and found.p90 is not None:
        return say(
            "{quarter}: {low:money} to {high:money} will be won, 8 times in 10",
            quarter=found.period,
            low=found.p10,
            high=found.p90,
        )
    return say("{quarter}: {n:deals} due, no range yet", quarter=found.period, n=found.due_n)


def notes(opening: State, closing: State, people: pd.DataFrame, with_stages: bool, days: list[date]) -> list[Message]:
    """What the data can't carry, each with what would mend it."""
    notes = no_data.gaps(opening, closing)
    if not with_stages:
        notes.append(
            say(
                "No stage history: a stage's conversion needs exports over four weeks ({n} so far) and stages "
                "in mapping.yaml. Until then deals stand by their age.",
                n=len(days),
            )
        )
    if not len(people):
        notes.append(say("No list of the team: put one with a column of names into data/ to see who has no deal."))
    return notes
