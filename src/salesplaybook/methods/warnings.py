"""What is amiss with open deals, each warning beside what is usual: in deals that were won, as the exports showed them
while they were open; where these are too few, in the open deals; else the limit of project.yaml; else nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from salesplaybook import metrics
from salesplaybook.limits import RULES, Rule, Warnings
from salesplaybook.methods import rates, stages
from salesplaybook.results import Figure, Message, defined, say
from salesplaybook.states import Known, State

MOST = 6  # of ten: what so many do is usual
FEW_WON = 20  # won deals under which they tell nothing usual; of a stage, as in `stages`, it takes rates.FEW
FEW_OPEN = 10  # open deals under which these tell nothing either


class Warned(BaseModel):
    """A warning on a deal: what is so, and what is usual (None where nothing tells)."""

    model_config = ConfigDict(frozen=True)
    rule: Rule
    said: Message
    usual: Message | None = None


def of_deals(known: Known, limits: Warnings, dead_after: Figure) -> dict[str, list[Warned]]:
    """Open deal -> its warnings, the gravest first (`RULES`), without the rules in `limits.off`; no deal without any.

    `dead_after` is `metrics.dead_after` of the newest state. A rule about a column stands only where the export has it
    for some open deal. A narrowed view, or no export at all, tells nothing.
    """
    if known.empty or known.narrowed:
        return {}
    deals = _Deals.of(known, limits, dead_after)
    found: dict[str, list[Warned]] = {}
    for rule in RULES:
        if rule not in limits.off:
            for key, warned in TESTS[rule](deals).items():
                found.setdefault(key, []).append(warned)
    return {key: found[key] for key in map(str, deals.open.index) if key in found}


@dataclass(frozen=True)
class _Deals:
    """The open deals, and how deals looked while they were open.

    seen    a row per version of a deal while it was open, in the order of time; `shown`: the last export that shows it
    won     those of deals that are won by now, each with the day on which it was
    """

    known: Known
    limits: Warnings
    dead_after: Figure
    state: State
    open: pd.DataFrame
    seen: pd.DataFrame
    won: pd.DataFrame

    @classmethod
    def of(cls, known: Known, limits: Warnings, dead_after: Figure) -> _Deals:
        state = known.deals
        seen = _while_open(known, pd.Timestamp(state.day))
        ends = state.frame.loc[state.frame["status"] == "won", "closed"]
        won = seen[seen.index.isin(ends.index)]
        return cls(known, limits, dead_after, state, state.open, seen, won.assign(won_on=ends.reindex(won.index)))

    @property
    def day(self) -> pd.Timestamp:
        return pd.Timestamp(self.state.day)


def _while_open(known: Known, until: pd.Timestamp) -> pd.DataFrame:
    rows = known.rows[(known.rows["known_from"] <= until) & (known.rows["status"] == "open")]
    rows = rows.rename_axis("key").reset_index().sort_values(["key", "known_from"], kind="stable").set_index("key")
    days = np.array(sorted(d for d in known.days if d <= until.date()), dtype="datetime64[s]")
    ended = rows["known_to"].where(rows["known_to"] <= until).fillna(until + pd.Timedelta(days=1))
    last = days[np.searchsorted(days, ended.to_numpy(dtype="datetime64[s]")) - 1] if len(rows) else days[:0]
    return rows.assign(shown=last)


def _close_passed(deals: _Deals) -> dict[str, Warned]:
    late = (deals.day - deals.open["expected_close"]).dt.days
    promised = deals.won[deals.won["expected_close"].notna()].groupby("key").last()
    took = (promised["won_on"] - promised["expected_close"]).dt.days.dropna()
    usual = _of_ten((late <= 0)[late.notna()], AHEAD, FEW_OPEN)
    if len(took) >= FEW_WON:
        days = nine_in_ten(took)
        usual = _counted(LATE, days) if days > 0 else say("usual: 9 of 10 won deals closed by their date")
    return _told("close_passed", late[late > 0], PASSED, usual)


def _no_activity(deals: _Deals) -> dict[str, Warned]:
    # Of the days after the export nothing is known, so they are not counted as quiet.
    quiet = (min(deals.day, pd.Timestamp(deals.state.export)) - deals.open["last_activity"]).dt.days
    gaps = (deals.won["shown"] - deals.won["last_activity"]).dt.days.dropna().clip(lower=0).groupby("key").max()
    known = len(gaps) >= FEW_WON
    limit = nine_in_ten(gaps) if known else deals.limits.quiet_days
    usual = _counted(QUIET if known else LIMIT, limit)
    return _told("no_activity", quiet[quiet > limit], SILENT, usual)


def _stuck(deals: _Deals) -> dict[str, Warned]:
    days = [d for d in deals.known.days if d <= deals.state.day]
    if not stages.has_history(deals.seen, days, deals.known.stages):
        return _slow(deals)
    stay = stages.visits(deals.known.rows, deals.known.stages, deals.state.day)
    took = stages.days_in_stage(stay, deals.won.index.unique()).groupby("stage")["days"]
    standing = stay.drop_duplicates("key", keep="last").set_index("key")
    found: dict[str, Warned] = {}
    for stage, here in standing[standing.index.isin(deals.open.index)].groupby("stage"):
        here = here[deals.open.loc[here.index, "stage"] == stage]
        won = took.get_group(stage) if stage in took.groups else pd.Series(dtype="float64")
        limit, usual = deals.limits.stuck_days, _counted(LIMIT, deals.limits.stuck_days)
        if len(won) >= rates.FEW:  # as `stages.by_stage` calls a deal slow
            limit, usual = int(won.quantile(0.9, interpolation="higher")), _counted(IN_STAGE, round(won.median()))
        since = (deals.day - here["entered"]).dt.days
        since = since[since > limit]
        found |= _told("stuck", since[here["seen"]], STOOD, usual, stage=stage)
        found |= _told("stuck", since[~here["seen"]], STOOD_AT_LEAST, usual, stage=stage)
    return found


def _slow(deals: _Deals) -> dict[str, Warned]:
    """Where no stage history tells: open for longer in all than won deals were."""
    won = deals.state.frame[deals.state.frame["status"] == "won"]
    took = (won["closed"] - won["created"]).dt.days.dropna()
    if len(took) < FEW_WON:
        return {}
    age, limit = metrics.ages(deals.state), nine_in_ten(took)
    return _told("stuck", age[age > limit], OPEN_FOR, _counted(TOOK, limit))


def _pushed(deals: _Deals) -> dict[str, Warned]:
    counts = pushes(deals.seen)
    won = counts[counts.index.isin(deals.won.index)]
    mine = counts.reindex(deals.open.index).fillna(0).astype(int)
    dated = mine[deals.open["expected_close"].notna()]
    limit = deals.limits.pushed
    usual = _of_ten(dated < limit, LESS_OFTEN, FEW_OPEN) if (dated < limit).mean() * 10 >= MOST else None
    if len(won) >= FEW_WON:
        times = nine_in_ten(won)
        usual = _counted(PUSHES, times) if times else say("usual: 9 of 10 won deals were never pushed")
    return _told("pushed", mine[mine >= deals.limits.pushed], PUSHED, usual)


def _step_overdue(deals: _Deals) -> dict[str, Warned]:
    late = (deals.day - deals.open["next_step_date"]).dt.days
    planned = deals.won[deals.won["next_step_date"].notna()]
    ahead = (planned["next_step_date"] >= planned["shown"]).groupby("key").last()
    usual = _best(_of_ten(ahead, WERE_AHEAD, FEW_WON), _of_ten((late <= 0)[late.notna()], AHEAD, FEW_OPEN))
    return _told("step_overdue", late[late > 0], STEP_LATE, usual)


def _without(rule: Rule, text: str, has: Callable[[pd.DataFrame], pd.Series]) -> Callable[[_Deals], dict[str, Warned]]:
    """The test for deals that lack what most have: in won deals at their stage, in any stage, or in open deals."""

    def test(deals: _Deals) -> dict[str, Warned]:
        having = has(deals.open)
        if not having.any():
            return {}
        had = has(deals.won)
        at_any = _best(_of_ten(had.groupby("key").last(), HAD, FEW_WON), _of_ten(having, HAVE, FEW_OPEN))
        at_stage = had.groupby(["key", deals.won["stage"]]).last().groupby("stage")
        usual = {stage: _best(_of_ten(part, HAD_AT_STAGE, FEW_WON), at_any) for stage, part in at_stage}
        found: dict[str, Warned] = {}
        lacking = deals.open.loc[~having, "stage"].fillna("")
        for stage, here in lacking.groupby(lacking):
            warned = Warned(rule=rule, said=say(text), usual=usual.get(stage, at_any))
            found |= dict.fromkeys(map(str, here.index), warned)
        return found

    return test


def _dead(deals: _Deals) -> dict[str, Warned]:
    limit = deals.dead_after.value
    if limit is None:
        return {}
    age = metrics.ages(deals.state)
    return _told("dead", age[age > limit], OPEN_FOR, _counted(DEAD, int(limit)))


def pushes(seen: pd.DataFrame) -> pd.Series:
    """How often each deal's expected close moved later, from its versions while open in the order of time (index: key).

    Deals without an expected close in any version are left out.
    """
    dates = seen["expected_close"].dropna()
    same = dates.index[1:] == dates.index[:-1]
    later = np.r_[False, same & (dates.to_numpy()[1:] > dates.to_numpy()[:-1])] if len(dates) else np.array([], bool)
    return pd.Series(later, index=dates.index).groupby(level=0).sum().astype(int)


def nine_in_ten(values: pd.Series) -> int:
    """The smallest of the values with at least nine tenths of them at or under it."""
    return int(np.sort(values.to_numpy())[(9 * len(values) + 9) // 10 - 1])


def given(text: pd.Series) -> pd.Series:
    """Which cells say something: blank text says nothing."""
    return text.notna() & (text != "")


def amounts_given(deals: pd.DataFrame) -> pd.Series:
    """Which deals have an amount, be it in a currency without a rate (then it is withheld, not missing)."""
    return deals["amount"].notna() | deals["currency"].notna()


def _told(
    rule: Rule, counts: pd.Series, texts: tuple[str, str], usual: Message | None, **values: object
) -> dict[str, Warned]:
    """A warning for each deal in `counts`, which has its days (or times)."""
    warned = {n: Warned(rule=rule, said=_counted(texts, int(n), **values), usual=usual) for n in counts.unique()}
    return {str(key): warned[n] for key, n in counts.items()}


def _counted(texts: tuple[str, str], n: int, **values: object) -> Message:
    return say(texts[n != 1], n=n, **values)


def _of_ten(hits: pd.Series, text: str, few: int) -> Message | None:
    """A share as so many of ten; ten only where all are, none where none is. None where deals are few."""
    if len(hits) < few:
        return None
    tenths = 10 * int(hits.all()) if hits.all() or not hits.any() else min(max(round(10 * float(hits.mean())), 1), 9)
    return say(text, k=tenths)


def _best(*shares: Message | None) -> Message | None:
    """The first share that is usual; where none is, the first that is known."""
    known = [share for share in shares if share]
    return next((share for share in known if share.values["k"] >= MOST), known[0] if known else None)


# What is so and what is usual, of one and of more.
PASSED = (defined("Close date passed 1 day ago"), defined("Close date passed {n:count} days ago"))
SILENT = (defined("No activity for 1 day"), defined("No activity for {n:count} days"))
STOOD = (defined("1 day in {stage}"), defined("{n:count} days in {stage}"))
STOOD_AT_LEAST = (defined("At least 1 day in {stage}"), defined("At least {n:count} days in {stage}"))
OPEN_FOR = (defined("Open for 1 day"), defined("Open for {n:count} days"))
PUSHED = (defined("Pushed once"), defined("Pushed {n:count} times"))
STEP_LATE = (defined("Next step overdue by 1 day"), defined("Next step overdue by {n:count} days"))
LIMIT = (defined("limit: 1 day"), defined("limit: {n:count} days"))
LATE = (
    defined("usual: 9 of 10 won deals closed at most 1 day after their date"),
    defined("usual: 9 of 10 won deals closed at most {n:count} days after their date"),
)
QUIET = (
    defined("usual: at most 1 day in 9 of 10 won deals"),
    defined("usual: at most {n:count} days in 9 of 10 won deals"),
)
IN_STAGE = (
    defined("usual: 1 day in won deals at this stage"),
    defined("usual: {n:count} days in won deals at this stage"),
)
TOOK = (
    defined("usual: 9 of 10 won deals took at most 1 day"),
    defined("usual: 9 of 10 won deals took at most {n:count} days"),
)
DEAD = (
    defined("usual: 99 of 100 won deals took at most 1 day"),
    defined("usual: 99 of 100 won deals took at most {n:count} days"),
)
PUSHES = (
    defined("usual: 9 of 10 won deals were pushed at most once"),
    defined("usual: 9 of 10 won deals were pushed at most {n:count} times"),
)
# What is usual, as a share in tenths.
AHEAD = defined("{k} of 10 open deals have a date ahead")
WERE_AHEAD = defined("{k} of 10 won deals had a date ahead")
LESS_OFTEN = defined("{k} of 10 open deals were pushed less often")
HAD_AT_STAGE = defined("{k} of 10 won deals had one at this stage")
HAD = defined("{k} of 10 won deals had one")
HAVE = defined("{k} of 10 open deals have one")

TESTS: Mapping[Rule, Callable[[_Deals], dict[str, Warned]]] = {
    "close_passed": _close_passed,
    "no_activity": _no_activity,
    "stuck": _stuck,
    "pushed": _pushed,
    "step_overdue": _step_overdue,
    "no_step": _without(
        "no_step", defined("No next step"), lambda deals: given(deals["next_step"]) | deals["next_step_date"].notna()
    ),
    "no_amount": _without("no_amount", defined("No amount"), amounts_given),
    "no_contact": _without("no_contact", defined("No contact"), lambda deals: given(deals["contact"])),
    "no_account": _without("no_account", defined("No account"), lambda deals: given(deals["account"])),
    "dead": _dead,
}
