"""One deal's life: what is entered about it in a CRM, day by day, and what is true of it.

In: a plan (who, what, when created), the market that all deals share, rates, stages, a numpy Generator.
Out: notes (deal, day, column, value), each the column's value from that evening on, and a line of truth.
Days are whole numbers since 1970-01-01. Nothing depends on who owns a deal, except how early it is promised.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from salesplaybook.demo.market import Decision, Market, Rates
from salesplaybook.demo.words import Stages, Words


@dataclass(frozen=True)
class Plan:
    """A deal as it begins. `amount` is the first price in cents; `optimism` scales the days promised."""

    number: int
    id: str
    name: str
    account: str
    owner: str
    colleague: str  # who takes over, if it is reassigned
    contact: str
    department: str
    region: str
    source: str
    product: str
    clustered: bool  # whether the first competitor is concentrated in this product
    amount: int
    cost_share: float
    created: int
    optimism: float


@dataclass
class Life:
    """Lives one plan. `notes` and `truth` are filled by `live`."""

    plan: Plan
    rng: np.random.Generator
    market: Market
    rates: Rates
    stages: Stages
    words: Words
    step: int  # prices are whole multiples of this many cents
    new_id: str  # the id, should the deal be entered anew
    notes: list[tuple[int, int, str, Any]] = field(default_factory=list)
    truth: dict[str, Any] = field(default_factory=dict)

    def live(self) -> Life:
        """From entry to a decision, to the rubbish bin, or to nothing at all."""
        plan, rates = self.plan, self.rates
        late = self.happens(rates.backdated)
        entered = self.market.workday(plan.created + (self.days(5, 25) if late else 0))
        self.truth |= {"created": plan.created, "entered": entered, "outcome": "", "chance": np.nan}
        self.truth |= dict.fromkeys(("decided", "died", "deleted", "returned", "reopened"))
        self.truth |= {"reentered_as": "", "backdated": late}
        self.enter(entered)
        if self.happens(rates.zombies):
            died = entered + self.days(12, 75)
            self.work(entered, died, depth=int(self.rng.integers(1, len(self.stages.open) + 1)))
            self.promise_to_nobody(entered, died)
            self.truth |= {"outcome": "zombie", "died": died}
            return self
        pause = None
        if self.happens(rates.on_hold):
            begin = self.market.workday(entered + self.days(15, 60))
            pause = (begin, self.market.workday(begin + self.days(21, 75)))
        decision = self.market.decision(self.rng, rates.win_rate, entered, entered - plan.created, pause)
        if pause and pause[1] >= decision.day:
            pause = None
        voided = self.market.workday(entered + self.days(10, 90)) if self.happens(rates.void) else decision.day
        if voided < decision.day:
            pause = pause if pause and pause[1] < voided else None
            self.work(entered, voided, depth=self.depth(won=False), pause=pause)
            self.promise(entered, voided, pause)
            self.note(voided, status="void", stage=self.stages.void, closed=voided)
            self.truth |= {"outcome": "void", "decided": voided}
            return self
        self.work(entered, decision.day, depth=self.depth(decision.won), pause=pause)
        self.promise(entered, decision.day, pause)
        if self.leaves_the_crm(entered, decision.day):
            self.truth["outcome"] = "deleted"
        else:
            self.end(decision)
        return self

    # -- beginning and end

    def enter(self, day: int) -> None:
        plan, rates = self.plan, self.rates
        self.note(
            day,
            listed=True,
            id=plan.id,
            name=plan.name,
            account=plan.account,
            owner=plan.owner,
            contact=plan.contact,
            product=plan.product,
            department=plan.department,
            region=plan.region,
            source=plan.source,
            status="open",
            stage=self.stages.open[0],
            created=None if self.happens(rates.unregistered) else plan.created,
        )
        self.amount = None if self.happens(rates.unpriced) else plan.amount
        self.dated = not self.happens(rates.undated)
        self.price(day, self.amount)

    def end(self, decision: Decision) -> None:
        """Won, or lost; a few lost deals are opened again and decided anew."""
        late = self.happens(self.rates.backdated)
        known = self.market.workday(decision.day + self.days(3, 14)) if late else decision.day
        self.truth |= {
            "outcome": "won" if decision.won else "lost",
            "decided": decision.day,
            "chance": decision.chance,
        }
        self.truth["backdated"] |= late
        if decision.won:
            self.price(known, self.cut(self.amount or self.plan.amount, 0, 0.1))
            self.note(known, status="won", stage=self.stages.won, closed=decision.day, last_activity=decision.day)
            return
        reason, competitor = self.reason()
        stage = self.stages.lost_to_competitor if competitor and self.stages.lost_to_competitor else self.stages.lost
        self.note(
            known,
            status="lost",
            stage=stage,
            closed=decision.day,
            last_activity=decision.day,
            loss_reason=reason,
            competitor=competitor,
        )
        if self.truth["reopened"] is None and self.happens(self.rates.reopened):
            back = self.market.workday(known + self.days(10, 45))
            self.truth["reopened"] = back
            self.note(
                back,
                status="open",
                stage=self.stages.open[-2],
                closed=None,
                loss_reason=None,
                competitor=None,
            )
            again = self.market.decision(self.rng, self.rates.win_rate, back + 1, 40)
            self.work(back, again.day, depth=2, at=len(self.stages.open) - 2)
            self.promise(back, again.day, None)
            self.end(again)

    def leaves_the_crm(self, entered: int, until: int) -> bool:
        """Deleted by mistake or in a clean-up: whether for good. Half of these come back weeks later."""
        if not self.happens(self.rates.deleted):
            return False
        gone = self.market.workday(entered + self.days(10, 70))
        back = self.market.workday(gone + self.days(7, 24))
        if back >= until:
            return False
        self.note(gone, listed=False)
        self.truth["deleted"] = gone
        if self.happens(0.5):
            return True
        self.truth["returned"] = back
        self.note(back, listed=True)
        if self.happens(0.5):
            self.note(back, id=self.new_id, created=back)
            self.truth["reentered_as"] = self.new_id
        return False

    def reason(self) -> tuple[str, str | None]:
        """Why a deal was lost, and to whom. The first competitor takes most losses of one product."""
        reasons, competitors = self.words.loss_reasons, self.words.competitors
        if self.happens(0.6 if self.plan.clustered else 0.2):
            first = self.happens(0.85) if self.plan.clustered else self.happens(1 / len(competitors))
            return reasons[0], competitors[0] if first else str(self.rng.choice(competitors[1:]))
        return str(self.rng.choice(reasons[1:])), None

    # -- the work between

    def work(self, begin: int, end: int, *, depth: int, at: int = 0, pause: tuple[int, int] | None = None) -> None:
        """Stages, prices, activities between `begin` and `end`; `depth` stages are seen, first `at`."""
        free = self.free_days(begin, end, pause)
        path = [(begin, at)]
        if depth > 1 and len(free) >= depth:
            days = sorted(self.rng.choice(free, depth - 1, replace=False).tolist())
            path += [(day, at + i + 1) for i, day in enumerate(days)]
            later = [day for day in free if day > path[-1][0] + 3]
            if later and self.happens(self.rates.stepped_back):
                path.append((int(self.rng.choice(later[:8])), path[-1][1] - 1))
        for day, stage in path[1:]:
            self.note(day, stage=self.stages.open[stage])
            if stage >= len(self.stages.open) // 2:
                self.amount = self.cut(self.amount, -0.15, 0.2) if self.amount else self.plan.amount
                self.price(day, self.amount)
        if pause:
            self.note(pause[0], status="on_hold")
            self.note(pause[1], status="open")
            if self.stages.on_hold:
                left = [stage for day, stage in path if day <= pause[0]][-1]
                self.note(pause[0], stage=self.stages.on_hold)
                self.note(pause[1], stage=self.stages.open[left])
        day = begin + self.days(0, 4)
        while day < end:
            if day in free:
                self.note(day, last_activity=day)
                if self.happens(0.6):
                    self.note(
                        day,
                        next_step=str(self.rng.choice(self.words.next_steps)),
                        next_step_date=self.market.workday(day + self.days(4, 15)),
                    )
            day = self.market.workday(day + 1 + int(self.rng.exponential(8)))
        if self.happens(self.rates.reassigned) and len(free):
            self.note(int(self.rng.choice(free)), owner=self.plan.colleague)

    def promise(self, begin: int, end: int, pause: tuple[int, int] | None) -> None:
        """Expected close dates: said at the start, revised now and then, pushed after they passed."""
        if not self.dated:
            return
        day = begin
        while day < end:
            left = max(end - day, 10) * self.plan.optimism * float(self.rng.lognormal(0.1, 0.35))
            said = self.month_end(day + max(7, int(left)))
            if not pause or not pause[0] < day < pause[1]:
                self.note(day, expected_close=said)
            review = day + self.days(20, 60) if self.happens(0.4) else said + int(self.rng.exponential(14)) + 1
            day = self.market.workday(min(review, said + 30))

    def promise_to_nobody(self, begin: int, died: int) -> None:
        """The expected close of a dead deal: perhaps pushed once or twice, then left standing."""
        if not self.dated:
            return
        said = self.month_end(begin + int(80 * self.plan.optimism * self.rng.lognormal(0, 0.3)))
        self.note(begin, expected_close=said)
        for _ in range(2):
            if self.happens(0.5):
                day = self.market.workday(max(said, died) + self.days(1, 20))
                said = self.month_end(day + self.days(25, 70))
                self.note(day, expected_close=said)

    # -- small things

    def note(self, day: int, **values: Any) -> None:
        self.notes += [(self.plan.number, day, column, value) for column, value in values.items()]

    def price(self, day: int, amount: int | None) -> None:
        """An amount, and the cost that goes with it."""
        cost = None if amount is None else self.whole(amount * self.plan.cost_share)
        self.note(day, amount=amount, cost=cost)

    def cut(self, amount: int, low: float, high: float) -> int:
        """`amount` less a discount between two shares; a third of the prices stand."""
        return amount if self.happens(1 / 3) else self.whole(amount * (1 - float(self.rng.uniform(low, high))))

    def whole(self, amount: float) -> int:
        return max(round(amount / self.step), 1) * self.step

    def depth(self, won: bool) -> int:
        """How many open stages a deal sees: a won one all, or all but one; a lost one stops somewhere."""
        count = len(self.stages.open)
        return count - self.happens(0.15) if won else int(self.rng.integers(1, count + 1))

    def free_days(self, begin: int, end: int, pause: tuple[int, int] | None) -> list[int]:
        days = range(begin + 1, end)
        away = range(*pause) if pause else ()
        return [d for d in days if self.market.lose[d - self.market.start] >= 0.5 and d not in away]

    def month_end(self, day: int) -> int:
        """A third of all promises name the last day of a month."""
        if self.happens(2 / 3):
            return day
        month = np.datetime64(day, "D").astype("datetime64[M]")
        return int(((month + 1).astype("datetime64[D]") - 1).astype(int))

    def happens(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def days(self, low: int, high: int) -> int:
        return int(self.rng.integers(low, high + 1))
