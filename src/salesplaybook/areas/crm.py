"""CRM: the pipeline as it honestly is, for a quarter or a week.

In: the states at both ends of the period and what is known of the deals' way (`history.Snapshot`). Out: a Body of
walks, stages or age bands, rates and the dead share, each number with its deals, or the reason why there is none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pandas as pd
from pydantic import BaseModel

from salesplaybook import metrics
from salesplaybook.areas import crm_sentences as sentences
from salesplaybook.areas import no_data
from salesplaybook.methods import ages, stages, walk
from salesplaybook.methods.ages import Band, Cohort
from salesplaybook.methods.deciding import Deciding, deciding
from salesplaybook.methods.forecast import Outlook, outlook, quarter_ahead
from salesplaybook.methods.stages import Stage
from salesplaybook.periods import Period, period_of, told_until
from salesplaybook.results import Figure, Forecast, Message, Walk, defined, of_deals, say
from salesplaybook.states import Known, State

DAY, WEEK = timedelta(days=1), timedelta(days=7)


class Body(BaseModel):
    """All that the page of `crm` shows, beside the record's own head."""

    schema_number: int = 3
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
    trends: dict[str, list[float | None]] = {}
    months: list[str] = []
    evidence: dict[str, Figure] = {}
    totals: dict[str, Figure] = {}
    stages: list[Stage] = []
    bands: list[Band] = []
    cohort: Cohort | None = None
    idle: list[str] = []
    people: int = 0
    rates_from: date | None = None
    forecast: Forecast | None = None
    deciding: list[Deciding] = []
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
            yield from (
                ("cohort.won", self.cohort.won),
                ("cohort.lost", self.cohort.lost),
                ("cohort.open", self.cohort.open),
            )
        yield from ((f"deciding.{number}", deal.figure) for number, deal in enumerate(self.deciding, 1))


def nothing_yet(unfit: list[tuple[str, list[str]]]) -> Body:
    """The page of a project without deals: what is missing, and how to add it."""
    return Body(title=[say("No deals yet: put an export into data/")], notes=no_data.steps("crm", unfit))


def before_the_data(period: Period, rows: pd.DataFrame) -> Body:
    """The page of a period of which nothing is known: from which day on there is something."""
    title, note = no_data.before(period.name, rows)
    return Body(title=[title], notes=[note])


def of_a_view(latest: State, why: Message) -> Body:
    """The page of an export that holds only some of the deals: what is open in it, and what to export instead."""
    pipeline = metrics.pipeline(latest)
    withheld = say("the newest export is a narrowed view")
    unknown = {
        name: Figure(definition=metrics.definition(metric), unit=unit, reason=withheld)
        for name, metric, unit in (("bookings", metrics.bookings, "money"), ("win_rate", metrics.win_rate, "share"))
    }
    return Body(
        title=[
            say("{n:deals} are open in a view that is not the whole pipeline", n=pipeline.n),
        ],
        headline={"pipeline": pipeline, **unknown},
        notes=[why, no_data.again("crm")],
    )


def body(
    period: Period,
    known: Known,
    unfit: list[tuple[str, list[str]]] | None = None,
    targets: Mapping[str, int] | None = None,
) -> Body:
    """The pipeline of `period`, from its opening (the end of the day before) to its closing, as far as is known.

    known: the deals and their history as of a day; unfit: files that no table fits, named where there are no deals;
    targets: quarter -> what it is to bring, in cents.
    """
    if known.empty:
        return nothing_yet(unfit or [])
    if known.narrowed:
        return of_a_view(known.deals, known.narrowed)
    opening, closing, latest = known.at(period.eve), known.at(min(period.last, known.on)), known.deals
    if closing.frame.empty and not known.rows.empty:
        return before_the_data(period, known.rows)
    window = metrics.rate_window(period, closing.day)
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
    days = [day for day in known.days if day <= closing.day]
    with_stages = stages.has_history(known.rows, days, known.stages)
    months = month_ends(closing)
    trends = by_month(known, months)
    ahead = outlook_of(period, known, targets or {})
    by_stages = stages.by_stage(known.rows, closing, known.stages) if with_stages else []
    return Body(
        title=sentences.title(stock, headline["pipeline"], evidence),
        lead=sentences.lead(booked, headline, weeks=window != period),
        titles=sentences.titles(stock, due, outcome, booked, by_stages, evidence)
        | ({"forecast": sentences.forecast(ahead.forecast)} if ahead else {}),
        opening_day=opening.day,
        closing_day=closing.day,
        stock=stock,
        due=due,
        outcome=outcome,
        booked=booked,
        headline=headline,
        before=before,
        trends=trends,
        months=[f"{month:%Y-%m}" for month in months],
        changes=sentences.changes(headline, before, running=closing.day < period.last),
        evidence=evidence,
        totals=totals(latest),
        stages=by_stages,
        bands=[] if with_stages else ages.by_age(closing),
        cohort=ages.cohort(closing, period),
        idle=idle_people(known.people, latest),
        people=len(known.people),
        rates_from=window.first if window != period else None,
        forecast=ahead.forecast if ahead else None,
        deciding=deciding(latest, ahead.chances, ahead.forecast.last) if ahead else [],
        notes=sentences.notes(opening, closing, known.people, with_stages, days),
    )


def outlook_of(period: Period, known: Known, targets: Mapping[str, int]) -> Outlook | None:
    """What the running quarter will bring (the next one, where `period` has just ended); None on any other page."""
    told = told_until(min(known.on, known.newest or known.on))
    ahead = quarter_ahead(told, period.fiscal_start)
    if period.kind != "quarter" or period.name not in (ahead.name, ahead.before().name):
        return None
    return outlook(known, ahead, (ahead.last - told).days, targets.get(ahead.name))


def idle_people(people: pd.DataFrame, latest: State) -> list[str]:
    """Who of the team's list owns no deal at all, in name order; width, case and spaces make no difference."""

    def same(name: str) -> str:
        return "".join(unicodedata.normalize("NFKC", name).casefold().split())

    owners = {same(owner) for owner in latest.frame["owner"].dropna()}
    return sorted({name for name in people["name"].dropna() if same(name) not in owners})


def month_ends(closing: State) -> list[date]:
    """The last days of the months that are over at the closing, from the first with decided deals on; at most seven."""
    started = closing.decided()["closed"].min()
    month = period_of(closing.day + DAY, "month").before()
    out: list[date] = []
    while not pd.isna(started) and month.first >= started.date().replace(day=1) and len(out) < 7:
        out.insert(0, month.last)
        month = month.before()
    return out


def by_month(known: Known, months: list[date]) -> dict[str, list[float | None]]:
    """The headline figures month by month, each as known at the month's end; None where it would be withheld."""
    out: dict[str, list[float | None]] = {"pipeline": [], "bookings": [], "win_rate": [], "dead_share": []}
    for end in months:
        state, month = known.at(end), period_of(end, "month")
        pipeline = metrics.pipeline(state)
        dead = metrics.dead(state, metrics.dead_after(state))
        out["pipeline"].append(pipeline.value)
        out["bookings"].append(metrics.bookings(state, month).value)
        out["win_rate"].append(metrics.win_rate(metrics.decided_in(state, month)).value)
        out["dead_share"].append(metrics.share_of(dead, pipeline, "").value)
    return out


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
        status: of_deals(TOTALS[status], frame.loc[frame["status"] == status, column])
        for status, column in (
            ("open", "value"),
            ("won", "amount"),
            ("lost", "amount"),
            ("void", "amount"),
            ("on_hold", "amount"),
        )
        if (frame["status"] == status).any()
    }
    undated = latest.open.loc[latest.open["created"].isna(), "value"]
    if len(undated):
        out["undated"] = of_deals(defined("open deals without a created day: in no past state and in no walk"), undated)
    return out


def _headline(closing: State, period: Period, window: Period, dead: Figure) -> dict[str, Figure]:
    decided = metrics.decided_in(closing, window)
    pipeline = metrics.pipeline(closing)
    dateless = metrics.dateless(closing)
    return {
        "pipeline": pipeline,
        "bookings": metrics.bookings(closing, period),
        "win_rate": metrics.win_rate(decided, dateless),
        "win_rate_by_value": metrics.win_rate_by_value(decided, dateless),
        "average_won": metrics.average_won(decided),
        "velocity": metrics.velocity(closing, decided),
        "dead_share": metrics.share_of(dead, pipeline, defined("dead deals / open deals")),
    }


def _before(opening: State, closing: State, period: Period, window: Period) -> dict[str, Figure]:
    """The same figures one period earlier, as far as the closing state's dates tell; while the period runs, of as
    many days of the one before."""
    out = {"pipeline": metrics.pipeline(opening)}
    started = closing.decided()["closed"].min()
    days = window.last - window.first + timedelta(days=1)
    earlier = (
        period.before() if window == period else window._replace(first=window.first - days, last=window.first - DAY)
    )
    if not pd.isna(started) and started.date() < earlier.first + WEEK:
        decided = metrics.decided_in(closing, earlier)
        out |= {"win_rate": metrics.win_rate(decided), "average_won": metrics.average_won(decided)}
    same = period.before()
    same = same._replace(last=min(same.last, same.first + (closing.day - period.first)))
    if not pd.isna(started) and started.date() < same.first + WEEK:
        out["bookings"] = metrics.bookings(closing, same)
    return out
