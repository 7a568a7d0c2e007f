"""A quarter's remaining days, simulated from what past quarters say (`fitting`): numpy arrays in, draws out.

A draw takes all that is uncertain anew: the shock's mean and sd, the shock, each age band's rate, the rate of deals
not yet opened; then which open deals are won and how many others; then their amounts, by the Bayesian bootstrap
(Rubin 1981) from past won deals: an open deal counts its own amount, times a ratio of won to open amounts where past
exports tell it, and a list price times the ratio of won amounts to list prices.

Without the deals not yet opened, or without the shock, 80 % intervals cover a half of what comes; that they cover
eight tenths is tried in tests/coverage.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from salesplaybook.methods.fitting import GRID, SCORES, SDS, Deals, Fitted, Floats, sizes

DRAWS = 2000
MANY = 500  # deals over which a sum is as good as normal
SURE = 0.001  # a chance comes no nearer to 0 or 1


@dataclass(frozen=True)
class Draws:
    """Simulated ends: what open deals bring, what deals not yet opened bring (cents, a draw each), and each open deal's
    chance to be won by the end."""

    open: Floats
    new: Floats
    chances: Floats


def simulate(fitted: Fitted, now: Deals, rng: np.random.Generator, draws: int = DRAWS) -> Draws:
    """The end of the quarter, `draws` times, for the deals open `now`."""
    shift = _shift(fitted, rng, draws)
    bands, rate = _relative(fitted, rng, draws)
    worth = [_Worth(pool, _factor(pool, rng, draws)) for pool in (fitted.open_amounts, *fitted.ratios)]
    total, chances = np.zeros(draws), np.zeros(len(now.ages))
    alike, members = np.unique(_groups(fitted, now), axis=0, return_inverse=True)
    for number, (stage, band, size) in enumerate(alike.tolist()):
        inside = members.ravel() == number
        middle, sd = fitted.cells.get((stage, band), (0.0, 0.0))
        of_size = fitted.lean * SCORES[size]
        p = expit(bands[:, band] + middle + sd * rng.standard_normal(draws) + of_size + shift)
        chances[inside] = p.mean()
        total += _brought(p, now.values[inside], now.listed[inside], worth, rng)
    pool = _Worth(fitted.new_amounts, _factor(fitted.new_amounts, rng, draws))
    new = pool.of_wins(rng.poisson(rate * np.exp(shift)), rng)
    return Draws(total, new, np.clip(chances, SURE, 1 - SURE))


def _shift(fitted: Fitted, rng: np.random.Generator, draws: int) -> Floats:
    """The coming quarter's shift, its mean and sd drawn too."""
    cumulated = np.cumsum(fitted.level.ravel())
    cell = np.minimum(np.searchsorted(cumulated, rng.random(draws) * cumulated[-1]), cumulated.size - 1)
    sd, mean = np.divmod(cell, len(GRID))
    within = (rng.random(draws) - 0.5) * (GRID[1] - GRID[0])
    return GRID[mean] + within + SDS[sd] * rng.standard_normal(draws)


def _relative(fitted: Fitted, rng: np.random.Generator, draws: int) -> tuple[Floats, Floats]:
    """Each band's logit (draws x bands) and the new deals' rate, drawn so that their common level stays as it is."""
    p = fitted.wins / (fitted.wins + fitted.losses)
    drawn = np.clip(rng.beta(fitted.wins, fitted.losses, (draws, len(p))), 1e-6, 1 - 1e-6)
    off = np.clip(logit(drawn) - logit(p), -3, 3)
    rate = rng.gamma(fitted.new_wins, 1 / fitted.new_wins, draws)
    off_new = np.clip(np.log(np.maximum(rate, 1e-9)), -3, 3)
    weight = (fitted.wins + fitted.losses) * p * (1 - p)
    level = (off @ weight + off_new * fitted.new_wins) / (weight.sum() + fitted.new_wins)
    return logit(p) + off - level[:, None], fitted.new_wins / fitted.quarters * np.exp(off_new - level)


@dataclass(frozen=True)
class _Worth:
    """Past won deals from which an amount, or its ratio to what was open, is drawn; and their mean's uncertainty.

    A sum over more than MANY deals is drawn from the normal of its mean and variance.
    """

    pool: Floats
    factor: Floats

    def of_wins(self, count: np.ndarray, rng: np.random.Generator) -> Floats:
        """What `count` won deals a draw bring."""
        if count.mean() > MANY:
            sums = count * self.pool.mean() + np.sqrt(count) * self.pool.std() * rng.standard_normal(len(count))
            return np.maximum(sums, 0) * self.factor
        return self._sums(np.repeat(np.arange(len(count)), count), np.ones(int(count.sum())), rng)

    def of_open(self, base: Floats, p: Floats, rng: np.random.Generator) -> Floats:
        """What open deals that count `base` bring, each won with the draw's chance `p`."""
        if len(base) > MANY:
            mean, square = self.pool.mean(), (self.pool**2).mean()
            variance = (base**2).sum() * (p * square - (p * mean) ** 2)
            sums = base.sum() * p * mean + np.sqrt(np.maximum(variance, 0)) * rng.standard_normal(len(p))
            return np.maximum(sums, 0) * self.factor
        draw, deal = np.nonzero(rng.random((len(p), len(base)), dtype=np.float32) < p[:, None])
        return self._sums(draw, base[deal], rng)

    def _sums(self, draw: np.ndarray, base: Floats, rng: np.random.Generator) -> Floats:
        drawn = base * self.pool[rng.integers(0, len(self.pool), len(draw))]
        return np.bincount(draw, drawn, len(self.factor)) * self.factor


def _brought(
    p: Floats, values: Floats, listed: np.ndarray, worth: Sequence[_Worth], rng: np.random.Generator
) -> Floats:
    """What deals bring in each draw: those without an amount, with their own, and at list price."""
    known = values > 0
    base = np.where(known, values, 1.0)
    kinds = zip((~known, known & ~listed, known & listed), worth, strict=True)
    return sum((kind.of_open(base[here], p, rng) for here, kind in kinds if here.any()), np.zeros(len(p)))


def _groups(fitted: Fitted, now: Deals) -> np.ndarray:
    """Stage, band and size class of each deal; stage -1 where it says nothing."""
    at, size = fitted.bands(now.ages), sizes(fitted.cuts, now.values)
    cells = [(s if (s, b) in fitted.cells else -1, b) for s, b in zip(now.stages.tolist(), at.tolist(), strict=True)]
    return np.column_stack([np.array(cells, dtype=int).reshape(-1, 2), size])


def _factor(pool: Floats, rng: np.random.Generator, draws: int) -> Floats:
    """The mean's Bayesian bootstrap over the mean itself, taken as the gamma of its mean and variance."""
    mean = pool.mean()
    if len(pool) < 2 or mean <= 0:
        return np.ones(draws)
    shape = (len(pool) + 1) * mean**2 / max(pool.var(), 1e-12 * mean**2)
    return rng.gamma(shape, 1 / shape, draws)
