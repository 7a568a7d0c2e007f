"""What the demo's manager types on a Monday, given what the page proposes: a pure function, the same for the same seed.

In: the weekly playbook's body and the entries as they stand. Out: the entries as they stand afterwards. A draft is
accepted more often than not, a promise is mostly kept, and at most `FIELDS` fields are typed (a tick is none).
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from salesplaybook.demo.sayings import CHINESE, ENGLISH, Says
from salesplaybook.entries.kinds import KINDS, Action, Commit, Entry, Handled, Target
from salesplaybook.language import Language, digits
from salesplaybook.periods import week_of

FIELDS = 8
ACCEPTED, DROPPED = 0.7, 0.1  # shares of the drafts
DONE, MOVED = 0.7, 0.6  # of the promises that are due; of those that weren't kept
TICKED = 0.3  # of the deals of the day
SKIPPED = 0.05  # of the Mondays: no commit

Rows = dict[str, list[Entry]]


@dataclass(frozen=True)
class Manager:
    """A manager by name, who types in a language; `seed` makes another one of the same name."""

    name: str
    said: Language
    seed: int = 0

    @property
    def says(self) -> Says:
        return CHINESE if self.said.chinese else ENGLISH

    def types(self, body: Any, kept: Mapping[str, Iterable[Entry]]) -> Rows:
        """The rows of each kind after this Monday (`areas.weekly.Body`): all that was there, changed and added to."""
        rows = {kind: list(kept.get(kind, ())) for kind in KINDS}
        new = self.target(body, rows["targets"])
        rows["targets"] += new
        target = body.target or next((float(row.amount or 0) * self.cents for row in new), 0.0)
        rows["commits"] += self.commit(body, rows["commits"], target)
        left = FIELDS - 1 - len(new)
        rows["actions"], typed = self.promises(body, rows["actions"], left)
        ticks = self.ticks(body, rows["handled"], left - typed)
        rows["handled"] += ticks
        rows["actions"] += self.drafts(body, {tick.deal for tick in ticks})
        left -= typed + len(ticks)
        own = self.own(body, rows["actions"]) if left >= 3 else []
        rows["actions"] += own
        rows["commits"] += self.owners(body, rows["commits"], left - 3 * len(own))
        return rows

    def target(self, body: Any, kept: Iterable[Entry]) -> list[Target]:
        """A quarter's target, once: somewhat above what the quarter before brought."""
        last = sum(row.last_quarter or 0 for row in body.owners)
        if not last or any(row.id == body.quarter for row in kept):
            return []
        amount = self.aim(body.quarter, last)
        return [Target(id=body.quarter, period=body.quarter, metric="bookings", owner="", amount=amount)]

    def aim(self, quarter: str, before: float) -> Decimal:
        """What a quarter is to bring, where the one before brought so many cents."""
        return self.round(before * self.draw(quarter).uniform(1.06, 1.16))

    def commit(self, body: Any, kept: Iterable[Entry], target: float) -> list[Entry]:
        """Near the target at first, then up to 5 % a week towards what the manager expects; now and then skipped."""
        week, draw = week_of(body.monday).name, self.draw(body.monday, "commit")
        if any(row.id == week for row in kept):
            return []
        won, before = (body.won.value or 0) if body.won else 0, body.commit_before
        expected = _expected(body, target) * draw.uniform(0.98, 1.06)
        if before is None:
            amount = target * draw.uniform(0.93, 1.0) if target else expected
        elif draw.random() < SKIPPED:
            return [Commit(id=week, period=body.quarter, week=week, owner="", amount=None, skipped=True)]
        else:
            step = min(max((expected - before) / before, -0.05), 0.05) * draw.uniform(0.2, 1)
            amount = before * (1 + step) if abs(step) > 0.01 else before
        said = max(self.round(amount), self.round(won))
        return [Commit(id=week, period=body.quarter, week=week, owner="", amount=said, skipped=False)] if said else []

    def owners(self, body: Any, kept: Iterable[Entry], left: int) -> list[Entry]:
        """Each owner's commit as it is pre-filled, by last week or last quarter; `left` at most say another."""
        week, found = week_of(body.monday).name, []
        known = {row.id for row in kept}
        for row in body.owners:
            id = f"{week}:{row.owner}"
            before = row.before if row.before is not None else row.last_quarter
            if not row.owner or before is None or id in known:
                continue
            amount, draw = Decimal(before) / self.cents, self.draw(body.monday, row.owner)
            if left > 0 and (row.won > before or draw.random() < 0.25):
                amount, left = max(self.round(before * draw.uniform(0.9, 1.05)), self.round(row.won)), left - 1
            found.append(Commit(id=id, period=body.quarter, week=week, owner=row.owner, amount=amount, skipped=False))
        return [*found]

    def promises(self, body: Any, kept: Iterable[Entry], left: int) -> tuple[list[Entry], int]:
        """The actions, those that are due done, moved with a reason, or left standing; and how many fields it took."""
        due = {p.id for p in body.promises if p.state == "overdue"}
        rows, typed = [], 0
        for row in kept:
            draw = self.draw(body.monday, row.id)
            if row.id in due and isinstance(row, Action) and row.due:
                if draw.random() < DONE:
                    last = body.monday - timedelta(days=7)
                    late = last + timedelta(days=int(draw.integers(5)))
                    row = row.model_copy(update={"done": row.due if row.due >= last else late})
                elif typed + 2 <= min(left, 4) and draw.random() < MOVED:
                    day = _workday(body.monday + timedelta(days=int(draw.integers(2, 8))), body.holidays)
                    row = row.model_copy(update={"due": day, "why": _one_of(draw, self.says.moved)})
                    typed += 2
            rows.append(row)
        return rows, typed

    def ticks(self, body: Any, kept: Iterable[Entry], left: int) -> list[Handled]:
        """One or two of the day's deals that need nobody for a while, each with a note."""
        known, ticks = {row.id for row in kept}, []
        chosen = [d for d in body.deals if self.draw(body.monday, d.deal, "tick").random() < TICKED]
        for deal in chosen[: min(left, 2)]:
            note = _one_of(self.draw(body.monday, deal.deal, "note"), self.says.handled)
            id = f"{deal.deal}:{body.monday}"
            ticks.append(Handled(id=id, deal=deal.deal, name=deal.name, on=body.monday, note=note))
        return [tick for tick in ticks if tick.id not in known]

    def drafts(self, body: Any, ticked: set[str]) -> list[Entry]:
        """The drafts that are accepted, as promises of today, and those that are dropped; the others wait."""
        found: list[Entry] = []
        for draft in body.drafts:
            choice = self.draw(body.monday, draft.id, "draft").random()
            if choice > ACCEPTED + DROPPED or draft.deal in ticked:
                continue
            found.append(
                Action(
                    id=draft.id,
                    what=self.said(draft.what.text, **draft.what.values),
                    who=draft.who or self.name,
                    due=draft.due,
                    made=body.monday,
                    deal=draft.deal,
                    dropped=choice > ACCEPTED,
                )
            )
        return found

    def own(self, body: Any, kept: Iterable[Entry]) -> list[Entry]:
        """An action of the manager's own, about every third week."""
        id, draw = f"own:{body.monday}", self.draw(body.monday, "own")
        if draw.random() > 1 / 3 or any(row.id == id for row in kept):
            return []
        due = _workday(body.monday + timedelta(days=int(draw.integers(1, 5))), body.holidays)
        what = self.says.own[body.monday.toordinal() // 7 % len(self.says.own)]
        return [Action(id=id, what=what, who=self.name, due=due, made=body.monday)]

    @property
    def cents(self) -> int:
        return int(10 ** digits(self.said.currency))

    def round(self, cents: float) -> Decimal:
        """Whole currency with three digits that count, as people say an amount; never less."""
        amount = float(cents) / self.cents
        step = 10 ** max(len(str(int(amount))) - 3, 0)
        return Decimal(-int(-amount // step) * step)

    def draw(self, *of: object) -> np.random.Generator:
        """A generator of its own for each thing, so that one more row changes no other."""
        return np.random.default_rng([self.seed, zlib.crc32("|".join(map(str, of)).encode())])


def _expected(body: Any, target: float) -> float:
    """What the quarter will bring as the page has it: the headline of the forecast, else the target."""
    forecast = body.forecast
    headline = forecast.benchmark(forecast.headline) if forecast and forecast.headline else None
    return float((headline.value if headline else None) or target or body.commit_before or 0)


def _workday(day: date, off: Collection[str]) -> date:
    """`day`, or the next one that is neither at a weekend nor `off`."""
    while day.weekday() > 4 or str(day) in off:
        day += timedelta(days=1)
    return day


def _one_of(draw: np.random.Generator, texts: tuple[str, ...]) -> str:
    return texts[int(draw.integers(len(texts)))]
