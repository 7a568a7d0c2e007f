"""What past quarters say of the one to come: P(won by its end) by age, wins of deals not yet opened, and their shock.

Each past quarter is looked at with as many days left as there are now: which deals were open, how old they were,
which of them were won by its end, and what was won beside them (deals not yet opened then). Fitted to these:

- P(won by the end) by age band, a beta-binomial each; the bands are quantiles of the ages of deals that were won, and
  beyond the oldest of these one of its own: of deals that nobody closes, hardly one is won;
- the number of wins of deals not yet opened: a Poisson rate;
- one shock a quarter for both, on the logit (log) scale: a random effect, whose mean and sd have a joint posterior on
  a grid, the sd under a half-normal prior (Gelman 2006);
- the stage, where exports of those days showed it: a rate within its band, shrunk to the band (Efron, Morris 1975);
- the amount, where those of lost deals are known too: large deals take longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import logit

CELL = 20  # deals seen in a stage at an age, under which the stage says nothing there
POOL = 10  # won deals under which no ratio of won to open amount is taken
GRID = np.linspace(-3, 3, 61)  # a quarter's shift, on the logit scale
SDS = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.4])
SD_PRIOR = 0.5  # scale of the half-normal: few quarters can't rule out a shock, nor prove a huge one
LEAN_PRIOR = 0.5
SCORES = np.array([-1.27, -0.32, 0.32, 1.27, 0.0])  # normal scores of the four quarters by amount, and of not known

Floats = np.ndarray


@dataclass(frozen=True)
class Deals:
    """Open deals, an entry each: days open, what it counts (cents; NaN or 0: nothing known), at list price or not,
    and its stage's number (-1: not known, or not seen in an export of those days)."""

    ages: Floats
    values: Floats
    listed: np.ndarray
    stages: np.ndarray


@dataclass(frozen=True)
class Past:
    """A quarter that is over, as it stood with so many days left.

    open      the deals open then; won: whether each was won by the quarter's end; amounts: its won amount
    new       the won amounts of deals won after that day that were not open then
    so_far    won in the quarter until then, in cents
    """

    open: Deals
    won: np.ndarray
    amounts: Floats
    new: Floats
    so_far: float

    @property
    def total(self) -> float:
        return self.so_far + float(self.amounts[self.won].sum() + self.new.sum())


@dataclass(frozen=True)
class Fitted:
    """What past quarters say.

    edges     the age bands' upper ends, in days; the last band is all that is older
    wins, losses   of each band, with their prior
    new_wins  wins of deals not yet opened, in all `quarters` together, with their prior
    level     the joint posterior of the shock's sd (rows: SDS) and mean (columns: GRID)
    cells     (stage, band) -> its logit less the band's, and the sd of that
    cuts, lean   the size classes' limits, and what a class's score adds to a logit
    new_amounts, open_amounts   won amounts to draw from
    ratios    won amounts over what the deals counted when open: of own amounts, of list prices
    """

    edges: Floats
    wins: Floats
    losses: Floats
    new_wins: float
    quarters: int
    level: Floats
    cells: dict[tuple[int, int], tuple[float, float]]
    cuts: Floats
    lean: float
    new_amounts: Floats
    open_amounts: Floats
    ratios: tuple[Floats, Floats]

    def bands(self, ages: Floats) -> np.ndarray:
        return np.searchsorted(self.edges, ages, side="left")

    def stages_count(self, now: Deals) -> bool:
        """Whether the stage of any of these deals says something beyond its age."""
        return any(cell in self.cells for cell in zip(now.stages.tolist(), self.bands(now.ages).tolist(), strict=True))


def fit(past: Sequence[Past]) -> Fitted:
    """Rates, shock and amounts from at least one past quarter."""
    ages, values, listed, stages = (
        np.concatenate([getattr(p.open, name) for p in past]) for name in ("ages", "values", "listed", "stages")
    )
    won = np.concatenate([p.won for p in past])
    edges = _edges(ages[won])
    at = np.searchsorted(edges, ages, side="left")
    n, k = (np.bincount(which, minlength=len(edges) + 1).astype(float) for which in (at, at[won]))
    overall = (k.sum() + 0.5) / (n.sum() + 1)
    wins, losses = k + overall, n - k + 1 - overall
    p = wins / (wins + losses)
    new = np.concatenate([q.new for q in past])
    likelihood = np.array([_likelihood(q, edges, logit(p), (len(new) + 0.5) / len(past)) for q in past])
    cuts, lean = _lean(values, won, p[at])
    of_open = np.concatenate([q.amounts for q in past])[won]
    every = np.concatenate([new, of_open, np.zeros(0 if len(new) + len(of_open) else 1)])
    return Fitted(
        edges=edges,
        wins=wins,
        losses=losses,
        new_wins=len(new) + 0.5,
        quarters=len(past),
        level=_level(likelihood),
        cells=_cells(stages, at, won, p),
        cuts=cuts,
        lean=lean,
        new_amounts=new if len(new) >= 2 * POOL else every,
        open_amounts=of_open if len(of_open) >= 2 * POOL else every,
        ratios=(_ratios(values[won], of_open, ~listed[won]), _ratios(values[won], of_open, listed[won])),
    )


def sizes(cuts: Floats, values: Floats) -> np.ndarray:
    """The size class of each amount, an index of SCORES; the last where it is not known."""
    unknown = ~(values > 0) if len(cuts) else np.ones(len(values), dtype=bool)
    return np.where(unknown, len(SCORES) - 1, np.searchsorted(cuts, values))


def _edges(ages: Floats) -> Floats:
    """Upper ends of the age bands: quantiles of the ages of deals that were won then; beyond the last, none was."""
    if not len(ages):
        return np.array([])
    inner = int(np.clip(len(ages) // 8, 0, 4) + np.clip(len(ages) // 100, 0, 8))
    cuts = np.quantile(ages, np.arange(1, inner + 1) / (inner + 1)) if inner else np.array([])
    return np.unique(np.append(np.floor(cuts), ages.max()))


def _likelihood(past: Past, edges: Floats, theta: Floats, rate: float) -> Floats:
    """Log likelihood of a quarter's wins for each shift in GRID."""
    at = np.searchsorted(edges, past.open.ages, side="left")
    n = np.bincount(at, minlength=len(theta))
    k = np.bincount(at[past.won], minlength=len(theta))
    shifted = theta[:, None] + GRID
    of_open = k @ shifted - n @ np.logaddexp(0, shifted)
    return of_open + len(past.new) * GRID - rate * np.exp(GRID)


def _level(likelihood: Floats) -> Floats:
    """The joint posterior of the shock's sd (rows: SDS) and mean (columns: GRID), from log likelihoods a quarter."""
    scaled = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    of_quarters = np.log(np.maximum(_kernel() @ scaled.T, 1e-300)).sum(axis=2)
    spacing = np.gradient(SDS)
    spacing[0] = spacing[0] / 2
    log = of_quarters + (np.log(spacing) - 0.5 * (SDS / SD_PRIOR) ** 2)[:, None]
    found = np.exp(log - log.max())
    return found / found.sum()


@cache
def _kernel() -> Floats:
    """P(a quarter's shift) for each sd, mean and shift."""
    z = (GRID[None, :] - GRID[:, None]) / np.maximum(SDS, 0.02)[:, None, None]
    weights = np.exp(-0.5 * z**2)
    return weights / weights.sum(axis=2, keepdims=True)


def _cells(
    stages: np.ndarray, at: np.ndarray, won: np.ndarray, p: Floats
) -> dict[tuple[int, int], tuple[float, float]]:
    """(stage, band) -> its logit less the band's and the sd of that, for cells of at least CELL deals seen."""
    seen = [(s, b) for s in np.unique(stages[stages >= 0]).tolist() for b in range(len(p))]
    here = {cell: (stages == cell[0]) & (at == cell[1]) for cell in seen}
    here = {cell: inside for cell, inside in here.items() if inside.sum() >= CELL}
    if not here:
        return {}
    n = np.array([inside.sum() for inside in here.values()], dtype=float)
    k = np.array([won[inside].sum() for inside in here.values()], dtype=float)
    q = p[[band for _, band in here]]
    # Beta-binomial by moments: how far the cells lie from their bands, beyond chance, sets the weight of the bands.
    beyond = ((k - n * q) ** 2 - n * q * (1 - q)).sum() / (n * (n - 1) * q * (1 - q)).sum()
    weight = 1 / np.clip(beyond, 0.002, 0.5) - 1
    rates = (k + weight * q) / (n + weight)
    middles, sds = logit(rates) - logit(q), np.minimum(1, 1 / np.sqrt((n + weight) * rates * (1 - rates)))
    return dict(zip(here, zip(middles.tolist(), sds.tolist(), strict=True), strict=True))


def _lean(values: Floats, won: np.ndarray, p: Floats) -> tuple[Floats, float]:
    """Size classes (quartiles), and by how much a deal's logit changes with its class's score: a step of Newton's
    from none, under a normal prior. Where large deals take longer, own amounts x rates would promise too much."""
    known = values > 0
    if known.sum() < 2 * CELL:
        return np.array([]), 0.0
    cuts = np.quantile(values[known], [0.25, 0.5, 0.75])
    score, p, won = SCORES[sizes(cuts, values[known])], p[known], won[known]
    return cuts, float((score * (won - p)).sum() / ((score**2 * p * (1 - p)).sum() + 1 / LEAN_PRIOR**2))


def _ratios(values: Floats, amounts: Floats, of_kind: np.ndarray) -> Floats:
    """Won amount / what the deal counted when it was open, a won deal each; 1 where they are few."""
    here = of_kind & (values > 0)
    return amounts[here] / values[here] if here.sum() >= POOL else np.ones(1)
