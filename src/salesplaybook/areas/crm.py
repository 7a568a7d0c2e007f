"""CRM: the pipeline as it honestly is, for a quarter or a week.

In: the states at both ends of the period and what is known of the deals' way (`history.Snapshot`). Out: a Body of
walks, stages or age bands, rates and the dead share, each number with its deals, or the reason why there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd
from pydantic import BaseModel

from salesplaybook import metrics
from salesplaybook.methods import rates, walk
from salesplaybook.methods import stages as stage_methods
from salesplaybook.periods import Period
from salesplaybook.results import Figure, Known, Message, State, Walk, defined, of_deals, say

BIG = 0.1  # a share of the pipeline from which on it is the headline
STEPS = (7, 14, 30, 60, 90, 180, 365)  # widths of age bands, in days


class Stage(BaseModel):
    """A stage of the process: what is open in it, how many went on, and how long that takes."""

    name: str
    open: Figure
    onward: Figure
    still: int = 0
    won_days: Figure
    slow: Figure


class Band(BaseModel):
    """Deals by days open: what is open at that age, and the win rate of those decided at it. last: None = and over."""

    first: int
    last: int | None
    open: Figure
    rate: Figure


class Cohort(BaseModel):
    """The deals created in the period before, and what became of them."""

    period: str
    n: int
    won: Figure
    lost: Figure
    open: Figure


class Body(BaseModel):
    """All that the page of `crm` shows, beside the record's own head."""

    schema_number: int = 1
    title: list[Message]
    lead: list[Message] = []
    titles: dict[str, Message] = {}
    opening_day: date | None = None
    closing_day: date | None = None
    stock: Walk | None = None
    due: Walk | None = None
    outcome: Walk | None = None
    booked: Walk | None = None
    headline: dict[str, Figure] = {}
    before: dict[str, Figure] = {}
    changes: dict[str, Message] = {}
    evidence: dict[str, Figure] = {}
    totals: dict[str, Figure] = {}
    stages: list[Stage] = []
    bands: list[Band] = []
    cohort: Cohort | None = None
    idle: list[str] = []
    people: int = 0
    rates_from: date | None = None
    notes: list[Message] = []

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Every number of the page under its name, for the record."""
        for name in ("stock", "due", "outcome", "booked"):
            found: Walk | None = getattr(self, name)
            if found:
                yield from found.figures(name)
        yield from self.headline.items()
        yield from self.evidence.items()
        yield from ((f"before.{name}", figure) for name, figure in self.before.items())
        yield from ((f"all.{name}", figure) for name, figure in self.totals.items())
        for number, stage in enumerate(self.stages, 1):
            yield f"stage.{number}.open", stage.open
            yield f"stage.{number}.onward", stage.onward
            yield f"stage.{number}.won_days", stage.won_days
            yield f"stage.{number}.slow", stage.slow
        for band in self.bands:
            yield f"age.{band.first}.open", band.open
            yield f"age.{band.first}.win_rate", band.rate
        if self.cohort:
            yield from (("cohort.won", self.cohort.won), ("cohort.lost", self.cohort.lost), ("cohort.open", self.cohort.open))


def nothing_yet(unfit: list[tuple[str, list[str]]]) -> Body:
    """The page of a project without deals: what is missing, and how to add it."""
    notes = [say("{file} is in data/, but mapping.yaml does not say which table it is. Its columns: {headers:list}. "
                 "Write them under deals: columns: in mapping.yaml.", file=f, headers=h[:30]) for f, h in unfit]  # fmt: skip
    notes = notes or [say("Export the deals from the CRM as Excel or CSV and put the file into the folder data/, "
                          "under any name.")]  # fmt: skip
    return Body(title=[say("No deals yet: put an export into data/")], notes=notes)


def body(period: Period, known: Known, unfit: list[tuple[str, list[str]]] | None = None) -> Body:
    """The pipeline of `period`, from its opening (the end of the day before) to its closing, as far as is known.

    known: the deals and their history as of a day; unfit: files that no table fits, named where there are no deals.
    """
    if known.empty:
        return nothing_yet(unfit or [])
    opening, closing, latest = known.at(period.eve), known.at(min(period.last, known.on)), known.deals
    first, last = metrics.rate_window(period)
    window = period._replace(first=first, last=last)
    after = metrics.dead_after(closing)
    longest = metrics.longest(closing)
    evidence = {
        "dead_after": after,
        "longest_decided": longest,
        "never_decided": metrics.never_decided(closing, longest),
        "dead": metrics.dead(closing, after),
    }
    headline = _headline(closing, period, window, evidence["dead"])
    before = _before(opening, closing, period, window)
    stock, due = walk.stock(opening, closing, period), walk.due(opening, closing, period)
    outcome = walk.outcome(opening, closing, period) if period.kind != "week" else None
    booked = walk.booked(opening, closing, period)
    with_stages = stage_methods.has_history(known.rows, known.days, known.stages)
    by_stages = by_stage(known.rows, closing, known.stages) if with_stages else []
    return Body(
        title=_title(stock, evidence),
        lead=_lead(booked, headline),
        titles=_titles(stock, due, outcome, booked, by_stages, evidence),
        opening_day=opening.day,
        closing_day=closing.day,
        stock=stock,
        due=due,
        outcome=outcome,
        booked=booked,
        headline=headline,
        before=before,
        changes=_changes(headline, before),
        evidence=evidence,
        totals=totals(latest),
        stages=by_stages,
        bands=[] if with_stages else by_age(closing),
        cohort=cohort(closing, period),
        idle=idle_people(known.people, latest),
        people=len(known.people),
        rates_from=first if first != period.first else None,
        notes=_notes(opening, closing, known.people, with_stages, known.days),
    )


def by_stage(rows: pd.DataFrame, closing: State, stages: list[str]) -> list[Stage]:
    """Each open stage: its deals, how many of those that reached it went on, and days in it of deals that were won."""
    stay = stage_methods.visits(rows, stages, closing.export)
    ways = stage_methods.conversions(stay, closing.frame["status"], stages).set_index("stage")
    won = closing.frame.index[closing.frame["status"] == "won"]
    took = stage_methods.days_in_stage(stay, won)
    standing = stay[stay["left"].isna()].drop_duplicates("key", keep="last").set_index("key")
    out = []
    for stage in stages:
        here = closing.open[closing.open["stage"] == stage]
        further, ended = ways.loc[stage, "further"], ways.loc[stage, "ended"]
        keys = [*further, *ended]
        hits = pd.Series([True] * len(further) + [False] * len(ended), index=keys, dtype=bool)
        onward = metrics.share(defined("of the deals seen to reach the stage and to leave it: went further or were won"), hits,
                               metrics.amounts(closing.frame["value"].reindex(keys)))  # fmt: skip
        days = took.loc[took["stage"] == stage, "days"]
        won_days = _days(defined("median days in the stage of deals that were won"), days)
        limit = None if won_days.reason else float(days.quantile(0.9, interpolation="higher"))
        since = (pd.Timestamp(closing.day) - standing["entered"].reindex(here.index)).dt.days
        slow_text = defined("open in the stage for longer than 9 of 10 deals that were won")
        slow = (
            Figure(definition=slow_text, n=None, reason=won_days.reason)
            if limit is None
            else of_deals(slow_text, metrics.amounts(here.loc[since > limit, "value"]))
        )
        out.append(Stage(name=stage, open=of_deals(defined("open in the stage"), metrics.amounts(here["value"])), onward=onward,
                         still=len(ways.loc[stage, "still"]), won_days=won_days, slow=slow))  # fmt: skip
    return out


def by_age(closing: State) -> list[Band]:
    """Open deals by days open, beside the win rate of the deals decided at that age until then."""
    decided = closing.decided()
    decided = decided[decided["created"].notna()]
    age_open, open_deals = metrics.ages(closing), closing.open
    age_then = pd.Series(metrics.days_between(decided["created"], decided["closed"]), index=decided.index)
    top = int(age_then.max()) if len(age_then) else 0
    step = max((s for s in STEPS if 3 * s < top), default=STEPS[0])
    edges = [-1, step, 2 * step, 3 * step, max(top, 3 * step + 1)]
    out = []
    for low, high in zip(edges, [*edges[1:], None], strict=True):
        inside = (age_open > low) if high is None else (age_open > low) & (age_open <= high)
        here = open_deals.loc[age_open[inside].index, "value"]
        then = (age_then > low) if high is None else (age_then > low) & (age_then <= high)
        at_age = decided[then]
        rate = metrics.share(defined("won of the deals decided at that age"), at_age["status"] == "won", metrics.amounts(at_age["value"]))
        out.append(Band(first=low + 1, last=high, open=of_deals(defined("open for that many days"), metrics.amounts(here)), rate=rate))
    return out


def cohort(closing: State, period: Period) -> Cohort | None:
    """What became of the deals created in the period before, void ones aside; None for a week, and where there are none."""
    if period.kind == "week":
        return None
    before = period.before()
    frame = closing.frame[closing.frame["status"] != "void"]
    created = frame["created"]
    deals = frame[(created >= pd.Timestamp(before.first)) & (created <= pd.Timestamp(before.last))]
    if not len(deals):
        return None
    text = defined("of the deals created in the period before")

    def part(*statuses: str) -> Figure:
        hit = deals["status"].isin(statuses)
        rows = of_deals(text, metrics.amounts(deals.loc[hit, "value"])).rows
        return Figure(definition=text, unit="share", value=float(hit.mean()), n=len(deals), rows=rows)

    return Cohort(period=before.name, n=len(deals), won=part("won"), lost=part("lost"),
                  open=part("open", "on_hold"))  # fmt: skip


def idle_people(people: pd.DataFrame, latest: State) -> list[str]:
    """Who of the team's list owns no deal at all, in name order."""
    owners = set(latest.frame["owner"].dropna())
    return sorted(str(n) for n in people["name"].dropna().unique() if n not in owners) if len(people) else []


TOTALS = {
    "open": defined("all open deals of the newest export"),
    "won": defined("all won deals of the newest export"),
    "lost": defined("all lost deals of the newest export"),
    "void": defined("all void deals of the newest export"),
    "on_hold": defined("all deals on hold of the newest export"),
}


def totals(latest: State) -> dict[str, Figure]:
    """All deals of the newest export by status: the numbers by which people recognise their own data."""
    frame = latest.frame
    out = {
        status: of_deals(TOTALS[status], metrics.amounts(frame.loc[frame["status"] == status, column]))
        for status, column in (("open", "value"), ("won", "amount"), ("lost", "amount"), ("void", "amount"), ("on_hold", "amount"))
        if (frame["status"] == status).any()
    }
    undated = latest.open.loc[latest.open["created"].isna(), "value"]
    if len(undated):
        out["undated"] = of_deals(defined("open deals without a created day: in no past state and in no walk"),
                                  metrics.amounts(undated))  # fmt: skip
    return out


def _headline(closing: State, period: Period, window: Period, dead: Figure) -> dict[str, Figure]:
    decided = metrics.decided_in(closing, window)
    pipeline = metrics.pipeline(closing)
    return {
        "pipeline": pipeline,
        "bookings": metrics.bookings(closing, period),
        "win_rate": metrics.win_rate(decided),
        "win_rate_by_value": metrics.win_rate_by_value(decided),
        "average_won": metrics.average_won(decided),
        "velocity": metrics.velocity(closing, decided),
        "dead_share": metrics.share_of(dead, pipeline, defined("dead deals / open deals")),
    }


def _before(opening: State, closing: State, period: Period, window: Period) -> dict[str, Figure]:
    """The same figures one period earlier, as far as the closing state's dates tell."""
    length = window.last - window.first
    earlier = window._replace(first=window.first - length - pd.Timedelta(days=1), last=window.first - pd.Timedelta(days=1))
    earlier = period.before() if window.first == period.first else earlier
    first_closed = closing.decided()["closed"].min()
    out = {"pipeline": metrics.pipeline(opening)}
    if not pd.isna(first_closed) and first_closed.date() < earlier.first + pd.Timedelta(days=7):
        decided = metrics.decided_in(closing, earlier)
        out |= {"win_rate": metrics.win_rate(decided), "average_won": metrics.average_won(decided)}
    if not pd.isna(first_closed) and first_closed.date() < period.before().first + pd.Timedelta(days=7):
        out["bookings"] = metrics.bookings(closing, period.before())
    return out


def _changes(headline: dict[str, Figure], before: dict[str, Figure]) -> dict[str, Message]:
    """Each headline figure against the period before, saying whether the difference is within chance."""
    out = {}
    if (old := before["pipeline"]).value is not None:
        out["pipeline"] = say("{value:money}, {n:deals} before", value=old.value, n=old.n)
    if (old := before.get("bookings")) and old.value:
        by = (headline["bookings"].value or 0) / old.value - 1
        out["bookings"] = say("{by} on the {value:money} before", by=f"{by:+.1%}".replace("-", "−"), value=old.value)
    now, old = headline["win_rate"], before.get("win_rate")
    if old and now.value is not None and old.value is not None:
        low, high = rates.difference((now.value, now.low or 0, now.high or 1), (old.value, old.low or 0, old.high or 1))
        text = "{rate:percent} before: within chance" if low <= 0 <= high else "{rate:percent} before: more than chance"
        out["win_rate"] = Message(text=text, values={"rate": old.value})
    return out


CHANGES = (defined("{rate:percent} before: within chance"), defined("{rate:percent} before: more than chance"))


def _lead(booked: Walk, headline: dict[str, Figure]) -> list[Message]:
    """What came of it, in one or two sentences."""
    total, rate = booked.closing, headline["win_rate"]
    opened = booked["opened_and_won"]
    if not total.n:
        out = [say("Nothing was won in the period.")]
    elif opened and total.value:
        out = [say("Booked **{value:money}** from {n:deals}, **{part:money}** of it from deals opened in the period.",
                   value=total.value, n=total.n, part=opened.value)]  # fmt: skip
    else:
        out = [say("Booked **{value:money}** from {n:deals}.", value=total.value, n=total.n)]
    if rate.value is not None:
        out.append(say("Of the deals decided, **{rate:percent}** were won.", rate=rate.value))
    return out


def _titles(
    stock: Walk, due: Walk | None, outcome: Walk | None, booked: Walk, stages: list[Stage], evidence: dict[str, Figure]
) -> dict[str, Message]:
    """The sentence above each section, which its table proves."""

    def n(found: Walk, *names: str) -> int:
        return sum((f.n or 0) for name in names if (f := found[name]))

    came, left = n(stock, "new", "returned"), n(stock, "won", "lost", "void", "on_hold", "vanished")
    out = {"stock": say("All open: {came:count} came, {left:count} left", came=came, left=left)}
    if due and n(due, "slipped"):
        out["due"] = say("Due in the period: {slipped:count} slipped out, {won:count} won", slipped=n(due, "slipped"), won=n(due, "won"))
    elif due:
        out["due"] = say("Due in the period: {won:count} won, {lost:count} lost", won=n(due, "won"), lost=n(due, "lost"))
    if outcome:
        out["outcome"] = say("Of {n:count} due at the opening, {won:count} were won in the period",
                             n=outcome.opening.n, won=n(outcome, "won"))  # fmt: skip
    opened, total = booked["opened_and_won"], booked.closing
    share = (opened.value or 0) / total.value if opened and total.value else 0
    out["booked"] = (
        say("{share} of bookings came from deals opened in the period", share=f"{share:.0%}") if share
        else say("All bookings came from deals that were open before")
    )  # fmt: skip
    slow = sum(s.slow.n or 0 for s in stages)
    out["stages"] = (
        say("{n:deals} have been in their stage for longer than 9 of 10 that were won", n=slow) if slow
        else say("How far deals get, and how long it takes")
    )  # fmt: skip
    never, dead, after = evidence["never_decided"], evidence["dead"], evidence["dead_after"]
    out["ages"] = say("{n:count} open deals are older than any deal ever decided", n=never.n or 0) if never.n else say("Open deals by age")
    out["evidence"] = (
        say("{n:count} open deals are probably dead", n=dead.n, won=after.n)
        if dead.value is not None
        else say("Which deals are dead can't be told yet")
    )
    return out


def _title(stock: Walk, evidence: dict[str, Figure]) -> list[Message]:
    start, end = stock.opening.n or 0, stock.closing.n or 0
    change = (end - start) / start if start else None
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
    return [first, say("{new:count} came and {decided:count} were decided", new=(new.n or 0) if new else 0, decided=decided)]


def _days(text: str, days: pd.Series) -> Figure:
    if len(days) < metrics.FEW:
        why = say("only {n:count} won deals seen to pass it; it takes {few}", n=len(days), few=metrics.FEW)
        return Figure(definition=text, unit="days", n=len(days), reason=why)
    return Figure(definition=text, unit="days", value=float(days.median()), n=len(days))


def _notes(opening: State, closing: State, people: pd.DataFrame, with_stages: bool, days: list[date]) -> list[Message]:
    """What the data can't carry, each with what would mend it."""
    notes = []
    if opening.how == "rebuilt":
        notes.append(say("The opening is rebuilt from the dates of the export of {day:iso}: old stages, amounts and "
                         "expected dates are unknown. From the next exports on they are known.", day=opening.export))  # fmt: skip
    if not closing.open["expected_close"].notna().any() and len(closing.open):
        notes.append(say("No open deal has an expected close, so there is no walk of the deals due in the period: "
                         "export that column."))  # fmt: skip
    if not with_stages:
        notes.append(say("No stage history: a stage's conversion needs exports over four weeks ({n} so far) and stages "
                         "in mapping.yaml. Until then deals stand by their age.", n=len(days)))  # fmt: skip
    blank = int((closing.open["amount"].isna() & ~closing.open["at_list_price"]).sum())
    if blank and not closing.amounts_unknown:
        notes.append(say("{n:count} open deals have no amount and count 0.", n=blank))
    listed = int(closing.open["at_list_price"].sum())
    if listed:
        notes.append(say("{n:count} open deals have no amount and count at list price.", n=listed))
    if not len(people):
        notes.append(say("No list of the team: put one with a column of names into data/ to see who has no deal."))
    return notes
