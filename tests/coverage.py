"""Do 80 % intervals cover 80 %? Forecasts of thousands of invented quarters, scored: `python tests/coverage.py`.

A company's deals arrive at random, grow old by Weibull hazards of winning and losing that compete, and some are never
decided. Winning has a shock a quarter, of sd 0, .3 or .6 on the logit scale, and is likelier at a quarter's end.
Amounts are lognormal. The method is told none of this: it sees 8 (or 3) past quarters and the deals open with 60 or 30
days left, of which there are about 8, 20, 60 or 200. Cycle and win rate are near Maven CRM's (48 days, .63).

Printed a cell: coverage, misses low and high (what came lies under, over the range), and the mean interval score
(Gneiting, Raftery 2007; less is better) in shares of the mean total, beside that of "as the last four quarters": their
mean +- t x sd x sqrt(1 + 1/4). Required at sd .3 with 8 quarters, or it exits with 1: coverage 72-88 %, misses 4-16 %
a side (3-18 % at 8 deals). Then other worlds: arrivals that vary by quarter too, large deals that take longer, exports
that tell no amounts of lost deals, and long cycles of which few are won (with 8 open deals there is often no win left
then: no range that starts at none can be missed below).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from scipy.special import expit, logit
from scipy.stats import t

from salesplaybook.methods import fitting, simulation
from salesplaybook.methods.fitting import Deals, Past

STEP = 3  # days
QUARTER = 90  # days
STEPS = QUARTER // STEP
WARM = 4  # quarters that nobody looks at, until as many deals are open as later
SIZES = (8, 20, 60, 200)
LEFT = (60, 30)
SIMULATED = 1000
DRAWS = 1000


@dataclass(frozen=True)
class World:
    """What the method isn't told. open: how many deals are open on average; slow: how a deal's size (in sd of its log
    amount) slows its decision; amounts: whether the past amounts of deals that were not won are known."""

    open: int = 60
    past: int = 8
    shock: float = 0.3
    arrivals: float = 0.0
    slow: float = 0.0
    amounts: bool = True
    win: float = 0.6
    days: float = 48
    shape: float = 1.2
    never: float = 0.015
    spread: float = 0.8
    rush: float = 0.7

    @property
    def name(self) -> str:
        odd = {
            "arrivals vary": self.arrivals > 0,
            "large are slow": self.slow > 0,
            "no lost amounts": not self.amounts,
            "long cycles": self.days > 60,
        }
        return ", ".join(name for name, holds in odd.items() if holds) or "as told"


@dataclass(frozen=True)
class Lives:
    """Deals of many companies in the order of companies: the steps in which each was created and ended."""

    company: np.ndarray
    created: np.ndarray
    ended: np.ndarray
    won: np.ndarray
    amount: np.ndarray


@dataclass(frozen=True)
class Score:
    """Of a cell's forecasts: shares, and interval scores in shares of the mean total."""

    world: World
    left: int
    low: float
    high: float
    score: float
    as_before: float
    open: float
    ms: float

    @property
    def covered(self) -> float:
        return 1 - self.low - self.high

    @property
    def required(self) -> bool:
        return self.world == World(open=self.world.open)

    @property
    def holds(self) -> bool:
        least, most = (0.03, 0.18) if self.world.open == 8 else (0.04, 0.16)
        return 0.72 <= self.covered <= 0.88 and least <= self.low <= most and least <= self.high <= most


def main() -> int:
    worlds = [World(n, past, shock) for past in (8, 3) for shock in (0.3, 0.0, 0.6) for n in SIZES]
    odd = ({"arrivals": 0.3}, {"slow": 0.4}, {"amounts": False}, {"days": 90, "win": 0.35})
    others = [replace(World(n), **how) for how in odd for n in SIZES]
    print("world             past  shock  left  open  covered   low  high  score  as the last four    ms")
    failed = 0
    with ProcessPoolExecutor(2) as pool:
        for scores in pool.map(scored, [*worlds, *others]):
            for s in scores:
                failed += s.required and not s.holds
                mark = "" if not s.required else "  holds" if s.holds else "  FAILS"
                world = f"{s.world.name:16}  {s.world.past:4}  {s.world.shock:5}"
                print(
                    f"{world}  {s.left:4}  {s.open:4.0f}  {s.covered:7.3f}"
                    f"  {s.low:.2f}  {s.high:.2f}  {s.score:5.2f}  {s.as_before:16.2f}  {s.ms:4.1f}{mark}",
                    flush=True,
                )
    print("all that is required holds" if not failed else f"{failed} cells fail")
    return min(failed, 1)


def scored(world: World, companies: int = SIMULATED, seed: int = 2026, draws: int = DRAWS) -> list[Score]:
    """A forecast for each of as many companies, with 60 and with 30 days left."""
    rng = np.random.default_rng(seed)
    lives = lived(world, companies, rng)
    return [_score(world, lives, companies, left, rng, draws) for left in LEFT]


def lived(world: World, companies: int, rng: np.random.Generator) -> Lives:
    """The deals of `companies` over the warm-up, the past quarters and the one to forecast, three days at a time."""
    quarters = WARM + world.past + 1
    steps = quarters * STEPS
    # Open deals: those that will be decided, for as long as that takes, and the others since the beginning. Less a
    # twelfth, for the rush at quarters' ends.
    stay = 0.92 * world.days * (1 - world.never) + world.never * (steps - STEPS / 2) * STEP
    shock = rng.normal(0, world.shock, (companies, quarters))
    rate = world.open / stay * STEP * np.exp(rng.normal(0, world.arrivals, (companies, quarters)))
    age, scale = (np.arange(steps) + 0.5) * STEP, world.days / 0.94
    hazard = np.minimum(world.shape / scale * (age / scale) ** (world.shape - 1) * STEP, 0.5)
    wins, losses = logit(hazard * world.win), hazard * (1 - world.win)
    live = [np.zeros(0, dtype=kind) for kind in (int, int, bool, float)]
    done = []
    for step in range(steps):
        quarter, within = divmod(step, STEPS)
        new = np.repeat(np.arange(companies), rng.poisson(rate[:, quarter]))
        born = [new, np.full(len(new), step), rng.random(len(new)) < world.never, rng.normal(0, 1, len(new))]
        live = [np.concatenate(pair) for pair in zip(live, born, strict=True)]
        company, created, never, size = live
        to_win = expit(wins[step - created] + shock[company, quarter] + world.rush * (within >= STEPS - 4))
        slowed = np.exp(-world.slow * size)
        u, to_win = rng.random(len(company)), np.minimum(to_win * slowed, 0.7)
        ends = ~never & (u < to_win + losses[step - created] * slowed)
        done.append((company[ends], created[ends], np.full(ends.sum(), step), (u < to_win)[ends], size[ends]))
        live = [column[~ends] for column in live]
    company, created, _, size = live
    done.append((company, created, np.full(len(company), 10**6), np.zeros(len(company), dtype=bool), size))
    company, created, ended, won, size = (np.concatenate(column) for column in zip(*done, strict=True))
    order = np.argsort(company, kind="stable")
    amount = np.exp(11 + world.spread * size)
    return Lives(company[order], created[order], ended[order], won[order], amount[order])


def seen(world: World, lives: Lives, part: slice, left: int) -> Iterator[Past]:
    """Each quarter of the company whose deals are `part`, after the warm-up, with `left` days left."""
    created, ended, won, amount = (getattr(lives, name)[part] for name in ("created", "ended", "won", "amount"))
    for quarter in range(WARM, WARM + world.past + 1):
        first, end = quarter * STEPS, (quarter + 1) * STEPS
        day = end - left // STEP
        is_open, comes = (created < day) & (ended >= day), won & (ended >= day) & (ended < end)
        known = amount if world.amounts or quarter == WARM + world.past else np.full(len(amount), np.nan)
        ages = (day - created[is_open] - 0.5) * STEP
        deals = Deals(ages, known[is_open], np.zeros(len(ages), dtype=bool), np.full(len(ages), -1))
        so_far = float(amount[won & (ended >= first) & (ended < day)].sum())
        yield Past(deals, comes[is_open], amount[is_open], amount[comes & (created >= day)], so_far)


def _score(world: World, lives: Lives, companies: int, left: int, rng: np.random.Generator, draws: int) -> Score:
    bounds = np.searchsorted(lives.company, np.arange(companies + 1))
    rows, spent = [], 0.0
    for start, stop in pairwise(bounds):
        *past, now = seen(world, lives, slice(start, stop), left)
        began = time.process_time()
        drawn = simulation.simulate(fitting.fit(past), now.open, rng, draws)
        low, high = np.quantile(drawn.open + drawn.new, [0.1, 0.9]) + now.so_far
        spent += time.process_time() - began
        came, last = now.total, np.array([p.total for p in past[-4:]])
        half = t.ppf(0.9, len(last) - 1) * last.std(ddof=1) * np.sqrt(1 + 1 / len(last))
        before = _interval_score(max(last.mean() - half, 0), last.mean() + half, came)
        rows.append((came < low, came > high, _interval_score(low, high, came), before, came, len(now.open.ages)))
    under, over, score, before, came, n = np.array(rows, dtype=float).mean(axis=0)
    return Score(world, left, under, over, score / came, before / came, n, 1000 * spent / companies)


def _interval_score(low: float, high: float, came: float, level: float = 0.8) -> float:
    """Width, and what misses cost: 2 / (1 - level) times how far off (Gneiting, Raftery 2007)."""
    return (high - low) + 2 / (1 - level) * (max(low - came, 0) + max(came - high, 0))


if __name__ == "__main__":
    sys.exit(main())
