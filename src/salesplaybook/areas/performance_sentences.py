"""What a person's performance page says in words, to that person, in the second person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesplaybook.areas.performance_apart import CROWD, Team, Verdict
from salesplaybook.areas.performance_team import People
from salesplaybook.language import attained
from salesplaybook.methods import noise, rates
from salesplaybook.names import METRIC_NAMES
from salesplaybook.results import Figure, Message, say

if TYPE_CHECKING:
    from salesplaybook.areas.performance import Person


def title(page: Person, people: People) -> list[Message]:
    """What was booked, against the target, and whether it can be told from chance."""
    booked = next((m for m in page.metrics if m.metric == "bookings"), None)
    n = booked.actual.n if booked else 0
    if booked is None or booked.actual.value is None:
        first = say("Your {quarter}:", quarter=page.quarter)
    elif booked.attainment is not None:
        said = {"quarter": page.quarter, "value": booked.actual.value, "share": attained(booked.attainment)}
        first = (
            say("{quarter}: you booked {value:money} so far, {share} of your target:", **said)
            if page.running
            else say("You booked {value:money}, {share} of your target:", **said)
        )
    elif n:
        first = say("You booked {value:money} from {n:deals}:", value=booked.actual.value, n=n)
    else:
        first = say("You booked nothing in {quarter}:", quarter=page.quarter)
    return [first, _verdict_title(page.verdict, people)]


def _verdict_title(verdict: Verdict, people: People) -> Message:
    if verdict.by_wins == "above":
        return say("your win rate is higher than chance makes")
    if verdict.by_wins == "below":
        return say("your win rate is lower than chance makes")
    if verdict.by_wins == "alike":
        return say("your win rate is within what chance makes of equal skill")
    return say("too few closed deals to tell skill from chance")


def lead(page: Person) -> list[Message]:
    """Pipeline made, promises kept, data to mend, a sentence each."""
    out = []
    if page.made is not None and page.made.value is not None and page.made.n:
        out.append(say("New pipeline **{value:money}** from {n:deals}.", value=page.made.value, n=page.made.n))
    elif page.made is not None and page.made.n is not None:
        out.append(say("New pipeline: {n:deals}.", n=page.made.n))
    kept, dated, undated = _kept(page)
    if dated:
        out.append(say("**{kept:count} of {n:count} promises** done in time.", kept=kept, n=dated))
    if undated:
        out.append(say("Promises done on a day that nobody said: {n:count}.", n=undated))
    if page.open_deals is not None and page.open_deals.n:
        faulty = (page.mend_any.n if page.mend_any else 0) or 0
        out.append(
            say("Data to mend in {n:count} of {all:deals} open.", n=faulty, all=page.open_deals.n)
            if faulty
            else say("Nothing to mend in the data of {all:deals} open.", all=page.open_deals.n)
        )
    return out


def titles(page: Person, people: People) -> dict[str, Message]:
    """The sentence above each section."""
    faulty = (page.mend_any.n if page.mend_any else 0) or 0
    return {
        "before": _promised(page),
        "metrics": _reached(page),
        "made": _made(page),
        "promises": _promises(page),
        "mend": say("Data to mend in {n:count} of your {all:count} open deals", n=faulty, all=page.open_deals.n)
        if faulty and page.open_deals
        else say("Data to mend: none"),
        "rates": _rates(page.verdict),
        "score": say("Score {value} of 100, by weights that are the same for all", value=round(page.score.value))
        if page.score.value is not None
        else say("No score: under half of its weights have data"),
    }


def _reached(page: Person) -> Message:
    met = [m for m in page.metrics if m.gap is not None]
    reached = sum((m.gap or 0) >= 0 for m in met)
    if not met:
        return say("No target for you in {quarter}", quarter=page.quarter)
    if page.running:
        said = {"quarter": page.quarter, "reached": reached, "n": len(met)}
        return say("{quarter} is still running: targets reached so far {reached:count} of {n:count}", **said)
    if len(met) > 1:
        return say("{reached:count} of {n:count} targets reached", reached=reached, n=len(met))
    return say("The target was reached") if reached else say("The target was not reached")


def _kept(page: Person) -> tuple[int, int, int]:
    """Promises done in time; those of which that can be said at all; those that were done on an unknown day."""
    ways = [k.way for k in page.promises]
    return ways.count("in_time"), len(ways) - ways.count("undated"), ways.count("undated")


def _promises(page: Person) -> Message:
    kept, dated, undated = _kept(page)
    if dated:
        return say("Promises: {kept:count} of {n:count} done in time", kept=kept, n=dated)
    if undated:
        return say("Promises: {n:count} done, the day is not known", n=undated)
    return say("Promises: none was due yet") if page.running else say("Promises: none was due")


def _promised(page: Person) -> Message:
    told = [c for c in page.before if c.outcome]
    if not page.before:
        return say("Promised in {quarter}: nothing on record", quarter=page.before_quarter)
    if not told:
        return say("Promised in {quarter}: what came of it isn't said yet", quarter=page.before_quarter)
    done = sum(c.outcome == "done" for c in told)
    return say(
        "Promised in {quarter}: {done:count} of {n:count} done",
        quarter=page.before_quarter,
        done=done,
        n=len(page.before),
    )


def _made(page: Person) -> Message:
    now, before = page.made, [f for _, f in page.made_before]
    if now is not None and now.n is None and now.reason is not None:
        return say("New deals: not known")
    if now is None or not before:
        return say("New deals: {n:count}", n=(now.n if now else 0) or 0)
    usual = sum(f.n or 0 for f in before) / len(before)
    said = {"n": now.n or 0, "usual": f"{usual:.0f}" if usual >= 10 else f"{usual:.1f}"}
    if page.running:
        return say("New deals so far: {n:count}; {usual} in a whole quarter before", **said)
    return say("New deals: {n:count}, against {usual} a quarter before", **said)


def _rates(verdict: Verdict) -> Message:
    if verdict.by_wins is None:
        return say("Win rate: too few closed deals to compare")
    if verdict.by_wins == "alike":
        return say("Win rate: no difference beyond chance")
    return say("Win rate: it stands out from what chance makes")


def change(page: Person, people: People) -> tuple[Message | None, bool]:
    """How the win rate moved against the time before, and whether it was called improved."""
    now, before = page.win_rate, page.win_rate_before
    if now is None or before is None or now.value is None or before.value is None:
        return None, False
    low, high = rates.difference(_triple(now), _triple(before))
    points = round(100 * (now.value - before.value))
    said = {"points": abs(points), "before": whole(before.value), "n": before.n}
    within = low <= 0 <= high
    if not points:
        return say("As before ({before} of {n:count}).", **said), False
    if points > 0:
        return (
            say("**Improved** by {points} pt ({before} of {n:count} before): within chance.", **said)
            if within
            else say(
                "**Improved** by {points} pt ({before} of {n:count} before): more than 8 in 10 changes by chance.",
                **said,
            )
        ), True
    return (
        say("Lower by {points} pt ({before} of {n:count} before): within chance.", **said)
        if within
        else say("Lower by {points} pt ({before} of {n:count} before): more than 8 in 10 changes by chance.", **said)
    ), False


def regression(before: Team | None) -> Message | None:
    """How much of an improvement comes by itself, at the numbers that the time before had; None where too few had
    enough deals then to say how much."""
    if before is None or before.people < CROWD or not before.each or before.rate is None:
        return None
    return say(
        "Of {people:count} people of equal skill, the one with the lowest win rate improves by about {points} pt "
        "after {n:count} closed deals each, with no help at all.",
        people=before.people,
        points=round(100 * noise.regression(before.people, before.each, before.rate)),
        n=before.each,
    )


def by_itself() -> Message:
    """The same where too few had enough deals before to say how much."""
    return say("Part of an improvement on a low win rate comes by itself, with no help at all.")


def verdict(found: Verdict) -> list[Message]:
    """The noise verdict for a person: by win rate, by value, and what could have been seen."""
    out = []
    if found.by_wins is None:
        if found.others is None and found.closed >= rates.FEW:
            return [say("There are too few others, or they have too few closed deals, to compare with.")]
        return [
            say(
                "{n:count} closed deals: too few to tell skill from chance; it takes {few}.",
                n=found.closed,
                few=rates.FEW,
            )
        ]
    rate = whole(found.others.value) if found.others else ""
    out.append(
        {
            "alike": say("**Win rate: within what chance makes of equal skill.**"),
            "above": say("**Win rate: above what chance makes of equal skill.** What do you do differently?"),
            "below": say(
                "**Win rate: below what chance makes of equal skill.** Look together at the deals that were lost."
            ),
        }[found.by_wins]
    )
    said = {"n": found.closed, "low": whole(found.low), "high": whole(found.high), "rate": rate}
    if found.low is not None and found.high is not None:
        out.append(
            say(
                "With {n:count} closed deals only a win rate near {high}, or near {low}, would stand out "
                "from the others' {rate}.",
                **said,
            )
        )
    elif found.high is not None or found.low is not None:
        near = whole(found.high if found.high is not None else found.low)
        out.append(
            say(
                "With {n:count} closed deals only a win rate near {near} would stand out from the others' {rate}.",
                **said,
                near=near,
            )
        )
    else:
        out.append(
            say("With {n:count} closed deals no win rate at all would stand out from the others' {rate}.", **said)
        )
    if found.by_value:
        out.append(
            {
                "alike": say("Size of won deals, of the same products: within chance too."),
                "above": say("Size of won deals, of the same products: larger than chance makes."),
                "below": say("Size of won deals, of the same products: smaller than chance makes."),
            }[found.by_value]
        )
    return out


def own_notes(page: Person, people: People) -> list[Message]:
    """What a person's page could not take into account."""
    out = []
    nothing = [t for t in people.targets if t.owner == page.owner and t.period == page.quarter and (t.amount or 0) <= 0]
    out += [
        say(
            "Your target for {metric:text} is {amount}: it counts as none. Mend it in the goals playbook.",
            metric=METRIC_NAMES.get(t.metric, t.metric),
            amount=str(t.amount if t.amount is not None else "–"),
        )
        for t in nothing
    ]
    undated = people.closing.frame
    undated = undated[
        (undated["owner"] == page.owner) & undated["status"].isin(("won", "lost")) & undated["closed"].isna()
    ]
    if len(undated):
        out.append(say("Your won or lost deals without a closing day, in no rate: {n:count}.", n=len(undated)))
    return out


def _triple(figure: Figure) -> tuple[float, float, float]:
    assert figure.value is not None and figure.low is not None and figure.high is not None
    return float(figure.value), figure.low, figure.high


def whole(share: float | None) -> str:
    """A rate without decimals: what stands out is never known to a tenth of a point."""
    return "" if share is None else f"{share:.0%}"
