"""What risks may cost together: each an event with a chance and a loss that lies between two or three points.

Event i happens where sqrt(rho) Z + sqrt(1 - rho) e_i falls below the normal quantile of its chance, Z being common to
all (one-factor Gaussian copula: Vasicek 2002, Li 2000). Each keeps its own chance and the expected sum stays the same,
but bad quarters bring several at once, so that the sum spreads further: with rho 0 they are independent, with rho 1
the likelier ones happen whenever the less likely ones do. Nobody can measure rho from a register; .2 is what banks
assume for corporate loans (Basel II: .12 to .24). A loss of low, likely and high is PERT: beta with lambda 4
(Malcolm and others 1959; Vose 2008). One of low and high alone is lognormal, with these as its 90 % interval, as in
FAIR (riskquant).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import betaincinv, ndtri

RHO = 0.2
DRAWS = 20_000
TAIL = 0.9  # beyond this quantile of the sum lies its worst tenth
LAMBDA = 4
_NINETY = float(ndtri(0.95))


class Loss(NamedTuple):
    """A loss that happens with a probability; its amounts in one unit, 0 <= low <= likely <= high.

    Without a likely amount, low is above 0 unless high is 0 too.
    """

    probability: float
    low: float
    likely: float | None
    high: float

    @property
    def mean(self) -> float:
        """The mean of the loss if it happens."""
        if self.low == self.high:
            return float(self.low)
        if self.likely is None:
            return float(self._median * np.exp(self._sigma**2 / 2))
        return (self.low + LAMBDA * self.likely + self.high) / (LAMBDA + 2)

    @property
    def variance(self) -> float:
        """The variance of the loss if it happens."""
        if self.low == self.high:
            return 0.0
        if self.likely is None:
            return float(self._median**2 * np.exp(self._sigma**2) * np.expm1(self._sigma**2))
        a, b = self._shape
        return a * b / ((a + b) ** 2 * (a + b + 1)) * (self.high - self.low) ** 2

    @property
    def expected(self) -> float:
        """The chance times the mean."""
        return self.probability * self.mean

    def quantile(self, share: float | np.ndarray) -> np.ndarray:
        """What the loss stays under, if it happens, with the chance `share`."""
        share = np.asarray(share, dtype=float)
        if self.low == self.high:
            return np.full(share.shape, float(self.low))
        if self.likely is None:
            return np.asarray(self._median * np.exp(self._sigma * ndtri(share)))
        a, b = self._shape
        return np.asarray(self.low + (self.high - self.low) * betaincinv(a, b, share))

    @property
    def _shape(self) -> tuple[float, float]:
        """PERT's two shapes of a beta."""
        assert self.likely is not None
        rise = LAMBDA * (self.likely - self.low) / (self.high - self.low)
        return 1 + rise, 1 + LAMBDA - rise

    @property
    def _sigma(self) -> float:
        if self.low <= 0:
            raise ValueError("a loss from nothing to high needs its likely amount")
        return float(np.log(self.high / self.low)) / (2 * _NINETY)

    @property
    def _median(self) -> float:
        return float(np.sqrt(self.low * self.high))


class Exposure(NamedTuple):
    """What losses come to together.

    expected   the exact sum of chance times mean
    p50, p90   what the sum stays under in 5, and in 9, of 10 quarters; of draws
    tails      what each loss adds, on average, to the sum in its worst tenth: they sum to that tenth's mean, which is
               each one's part of the expected shortfall (Euler allocation: Tasche 1999)
    """

    expected: float
    p50: float
    p90: float
    tails: list[float]


def exposure(losses: Sequence[Loss], *, rho: float = RHO, draws: int = DRAWS, seed: int = 0) -> Exposure:
    """What losses come to together; the same losses at the same places and the same seed give the same."""
    drawn = simulated(losses, rho=rho, draws=draws, seed=seed)
    total = drawn.sum(axis=1)
    p50, p90 = (float(np.quantile(total, share)) for share in (0.5, TAIL))
    worst = drawn[np.argsort(total, kind="stable")[int(draws * TAIL) :]]
    return Exposure(sum(loss.expected for loss in losses), p50, p90, [float(x) for x in worst.mean(axis=0)])


def simulated(losses: Sequence[Loss], *, rho: float = RHO, draws: int = DRAWS, seed: int = 0) -> np.ndarray:
    """Draws of what each loss costs, a row a draw, 0 where it doesn't happen.

    The random numbers of a place are the same whatever loss stands there: before and after a response differ by the
    response alone.
    """
    random = np.random.default_rng(seed)
    common = random.standard_normal((draws, 1))
    own = random.standard_normal((draws, len(losses)))
    size = random.random((draws, len(losses)))
    limit = ndtri([loss.probability for loss in losses])
    happens = np.sqrt(rho) * common + np.sqrt(1 - rho) * own < limit
    found = np.zeros((draws, len(losses)))
    for place, loss in enumerate(losses):
        hit = happens[:, place]
        found[hit, place] = loss.quantile(size[hit, place])
    return found


def a_year(frequency: float, low: float, high: float) -> float:
    """FAIR's annualised loss: events a year times the mean of a lognormal loss with this 90 % interval."""
    return frequency * Loss(1.0, low, None, high).mean


def brier(probabilities: Sequence[float], outcomes: Sequence[bool | int]) -> float:
    """The mean squared distance of probabilities from what came, 0 is best (Brier 1950)."""
    return float(np.mean((np.asarray(probabilities, dtype=float) - np.asarray(outcomes, dtype=float)) ** 2))


def counts(probabilities: Sequence[float]) -> np.ndarray:
    """The chance that 0, 1, 2 ... of independent events happen (Poisson binomial, by convolution)."""
    found = np.ones(1)
    for p in probabilities:
        found = np.convolve(found, [1 - p, p])
    return found
