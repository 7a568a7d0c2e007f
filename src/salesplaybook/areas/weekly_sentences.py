"""What the Monday page says in words: title, lead, a sentence above each section, and what made each row."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from salesplaybook.areas.weekly_said import Promise
from salesplaybook.methods.today import Today
from salesplaybook.periods import week_of
from salesplaybook.results import Figure, Forecast, Message, Walk, say
from salesplaybook.states import State

if TYPE_CHECKING:
    from salesplaybook.areas.weekly import Body

TITLE = 42  # Latin letters that two deals' names may take in the title
NAMED = 2  # deals that stand by name beside a row


def title(
    deals: Sequence[Today], forecast: Forecast | None, won: Figure | None, monday: date, owner: str
) -> list[Message]:
    """What to do, and where the quarter ends at the usual pace."""
    return [_first(deals, monday, owner), _second(forecast, won)]


def _first(deals: Sequence[Today], monday: date, owner: str) -> Message:
    if owner:
        return say("{owner}: {n:deals} to look at today,", owner=owner, n=len(deals))
    if not deals:
        return say("No deal needs anybody today:")
    first, second = deals[0], deals[1] if len(deals) > 1 else None
    if second is None or _width(first.name) + _width(second.name) > TITLE:
        if first.by == monday:
            return say("See to {deal} today:", deal=first.name)
        return say("See to {deal} by {day:weekday}:", deal=first.name, day=first.by)
    if first.by == second.by == monday:
        return say("See to {deal} and {other} today:", deal=first.name, other=second.name)
    last = max(first.by, second.by)
    if monday in (first.by, second.by):
        now, then = (first, second) if first.by == monday else (second, first)
        return say("See to {deal} today and {other} by {day:weekday}:", deal=now.name, other=then.name, day=last)
    return say("See to {deal} and {other} by {day:weekday}:", deal=first.name, other=second.name, day=last)


def _width(text: str) -> int:
    """How wide a text is, in Latin letters: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _second(forecast: Forecast | None, won: Figure | None) -> Message:
    if won and won.reason:
        return say("what is won so far can't be told")
    so_far = int((won.value if won else 0) or 0)
    headline = forecast.benchmark(forecast.headline) if forecast and forecast.headline else None
    if forecast is None or headline is None or headline.value is None:
        return say("{value:money} won in the quarter so far", value=so_far)
    if forecast.target:
        gap = headline.value - forecast.target
        if forecast.headline == "last_quarter":
            return (
                say("a quarter like the last one ends {gap:money} short of target", gap=-gap)
                if gap < 0
                else say("a quarter like the last one passes the target by {gap:money}", gap=gap)
            )
        if forecast.headline == "pace":
            return (
                say("at the usual pace we end {gap:money} short of target", gap=-gap)
                if gap < 0
                else say("at the usual pace we pass the target by {gap:money}", gap=gap)
            )
        return (
            say("with what usually comes in we end {gap:money} short of target", gap=-gap)
            if gap < 0
            else say("with what usually comes in we pass the target by {gap:money}", gap=gap)
        )
    if forecast.headline == "last_quarter":
        return say("{won:money} won so far; the last quarter ended at {value:money}", won=so_far, value=headline.value)
    if forecast.headline == "pace":
        return say("at the usual pace the quarter ends at {value:money}", value=headline.value)
    return say("with what usually comes in the quarter ends at {value:money}", value=headline.value)


def lead(page: Body) -> list[Message]:
    """Pace first, the model second."""
    forecast, target, final, before = page.forecast, page.target, page.final, page.before_quarter
    won = page.won or Figure(definition="", value=0)
    out: list[Message] = []
    usual = forecast.usual_share if forecast else None
    value = int(won.value or 0)
    if final is not None and final.value is not None:
        out.append(
            say("{quarter} ended at **{value:money}** from {n:deals}.", quarter=before, value=final.value, n=final.n)
        )
    if won.reason:
        out.append(
            say(
                "**What is won can't be told**: {blank:count} of {n:count} won deals have no closing day.",
                **won.reason.values,
            )
        )
    elif target:
        share, gap = value / target, target - value
        so_far = {"won": value, "target": target, "share": share}
        if usual is not None:
            out.append(
                say(
                    "Won **{won:money} of {target:money}** ({share:percent}; earlier quarters had {usual:percent} of "
                    "theirs by now).",
                    **so_far,
                    usual=usual,
                )
            )
        else:
            out.append(
                say("Won **{won:money} of {target:money}** ({share:percent}).", won=value, target=target, share=share)
            )
        out.append(say("**{gap:money} to go**.", gap=gap) if gap > 0 else say("**Target reached.**"))
    elif usual is not None:
        out.append(
            say(
                "Won **{won:money}**; earlier quarters had {usual:percent} of their total by now.",
                won=value,
                usual=usual,
            )
        )
    else:
        out.append(say("Won **{won:money}** in the quarter so far.", won=value))
    if forecast and forecast.due_n:
        if forecast.of_open is not None:
            out.append(
                say(
                    "{due:money} is due this quarter; of all that is open about {part:money} usually comes in by "
                    "its end.",
                    due=forecast.due,
                    part=forecast.of_open,
                )
            )
        elif target and target > value and not won.reason:
            times = f"{(forecast.due or 0) / (target - value):.1f}"
            out.append(say("{due:money} is due this quarter, {times} times the gap.", due=forecast.due, times=times))
        else:
            out.append(say("{due:money} is due this quarter.", due=forecast.due))
    return out


def titles(page: Body) -> dict[str, Message]:
    """The sentence above each section, which its rows prove."""
    stock, due, deals, cash, mend = page.stock, page.due, page.deals, page.cash, page.mend
    out: dict[str, Message] = {}
    if due and (slipped := due["slipped"]) and slipped.value:
        won = due["won"]
        out["changes"] = (
            say(
                "What changed: {slipped:money} slipped out of the quarter, {won:money} was won",
                slipped=slipped.value,
                won=won.value,
            )
            if won and won.value
            else say("What changed: {slipped:money} slipped out of the quarter, nothing was won", slipped=slipped.value)
        )
    elif stock:
        came, left = count(stock, "new", "returned"), count(stock, "won", "lost", "void", "on_hold", "vanished")
        out["changes"] = say("What changed: {came:count} came, {left:count} left", came=came, left=left)
    if deals:
        total = sum(int(d.figure.value or 0) for d in deals)
        out["deals"] = (
            say("One deal for today, {total:money}", total=total)
            if len(deals) == 1
            else say("{n:count} deals for today hold {total:money}", n=len(deals), total=total)
        )
    else:
        out["deals"] = say("No deal with a warning that can be mended")
    out["promises"] = promised(page.promises)
    if cash:
        sums = {"due": cash.due.value, "overdue": cash.overdue.value, "new": cash.newly.value}
        listed = {"day": cash.as_of, **sums}
        out["cash"] = (
            say("Cash, by the list of {day:date}: {due:money} due this week; {overdue:money} overdue", **listed)
            if page.monday and page.monday - cash.as_of > timedelta(days=7)
            else say("Cash: {due:money} due this week; {overdue:money} overdue, {new:money} of it new", **sums)
            if cash.newly.value
            else say("Cash: {due:money} due this week; {overdue:money} overdue", **sums)
        )
    out["commit"] = committed(page)
    dead = next((m for m in mend if m.rule == "dead"), None)
    if dead:
        out["mend"] = say(
            "Data to mend: {n:count} of {all:count} open deals look dead", n=dead.figure.n, all=page.open_n
        )
    elif mend:
        out["mend"] = say("Data to mend")
    else:
        out["mend"] = say("Data to mend: none")
    return out


def promised(promises: Sequence[Promise]) -> Message:
    """How last week's promises stand, as counts."""
    told = [p for p in promises if p.state not in ("open", "won", "lost", "void")]
    n = {state: sum(p.state == state for p in told) for state in ("done", "overdue", "moved", "gone")}
    if not promises:
        return say("Promises: none from last week")
    if not told and all(p.state != "open" for p in promises):
        return say("Promises: {n:count} from last week, whose deals have closed", n=len(promises))
    if not told:
        return say("Promises: {n:count} from last week, none due yet", n=len(promises))
    counts = {"done": n["done"], "all": len(told), "overdue": n["overdue"], "moved": n["moved"]}
    if n["overdue"] and n["moved"]:
        return say("Promises: {done:count} of {all:count} done, {overdue:count} overdue, {moved:count} moved", **counts)
    if n["overdue"]:
        return say("Promises: {done:count} of {all:count} done, {overdue:count} overdue", **counts)
    if n["moved"]:
        return say("Promises: {done:count} of {all:count} done, {moved:count} moved", **counts)
    return say("Promises: {done:count} of {all:count} done", **counts)


def committed(page: Body) -> Message:
    """The manager's commit against the one before."""
    commit, before, week = page.commit, page.commit_before, page.commit_before_week
    if commit is None:
        return say("No commit yet this week")
    if before is None:
        return say("Commit {value:money}", value=commit)
    change = commit - before
    if page.monday and week != week_of(page.monday - timedelta(days=7)).name:
        return say("Commit {value:money} ({before:money} in {week})", value=commit, before=before, week=week)
    if not change:
        return say("Commit {value:money}, as last week", value=commit)
    return (
        say("Commit {value:money}, down {by:money}", value=commit, by=-change)
        if change < 0
        else say("Commit {value:money}, up {by:money}", value=commit, by=change)
    )


def which(stock: Walk | None, due: Walk | None, closing: State, opening: State) -> dict[str, Message]:
    """Beside each row of the walks, its largest deals by name: "stock.won", "due.slipped"."""
    names = pd.concat([closing.frame["name"], opening.frame["name"]])
    names = names[~names.index.duplicated()]
    out = {}
    for prefix, found in (("stock", stock), ("due", due)):
        for step in found.steps if found else []:
            out[f"{prefix}.{step.name}"] = _largest(step.figure, names, money=not (found and found.withheld))
    return out


def _largest(figure: Figure, names: pd.Series, money: bool) -> Message:
    def name(key: str) -> str:
        said = names.get(key)
        return key if said is None or pd.isna(said) else str(said)

    rows, n = list(figure.rows.items()), len(figure.rows)
    (first, a), (second, b) = rows[0], rows[1] if n > 1 else rows[0]
    left = n - NAMED
    if not money or not a:
        if n == 1:
            return say("{first}", first=name(first))
        if n == NAMED:
            return say("{first}, {second}", first=name(first), second=name(second))
        return say("{first}, {second}, {n:count} more", first=name(first), second=name(second), n=left)
    if n == 1:
        return say("{first} {a:money}", first=name(first), a=abs(a))
    values = {"first": name(first), "a": abs(a), "second": name(second), "b": abs(b or 0)}
    if n == NAMED:
        return say("{first} {a:money}, {second} {b:money}", **values)
    return say("{first} {a:money}, {second} {b:money}, {n:count} more", **values, n=left)


def count(found: Walk, *names: str) -> int:
    """How many deals stand in some rows of a walk."""
    return sum((f.n or 0) for name in names if (f := found[name]))
