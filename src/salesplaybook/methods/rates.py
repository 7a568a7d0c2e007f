"""Rates and how sure they are: an interval for a share, of deals or of their value, and for a product of rates."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri  # scipy.stats would take a second of each run

from salesplaybook.results import LEVEL, Figure, Message, rows_of, say

FEW = 10  # deals under which no rate is given
DRAWS = 1000
SURE = 0.95  # 19 times in 20: at 8 in 10 every fifth quarter would differ by chance


def wilson(hits: float, n: float, level: float = LEVEL) -> tuple[float, float]:
    """The interval of a share of `hits` in `n` (Wilson 1927; Newcombe 1998 found it the best of seven).

    `n` need not be whole: an effective number of observations serves too.
    """
    if n <= 0:
        raise ValueError("a share of nothing has no interval")
    z, p = float(ndtri((1 + level) / 2)), hits / n
    middle, half = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, float((middle - half) / scale)), min(1.0, float((middle + half) / scale))


def difference(now: tuple[float, float, float], before: tuple[float, float, float]) -> tuple[float, float]:
    """The interval of now - before, each given as (value, low, high): MOVER (Newcombe 1998, method 10)."""
    (p, l, u), (q, m, v) = now, before
    d = p - q
    return d - float(np.hypot(p - l, v - q)), d + float(np.hypot(u - p, q - m))


def moved(now: Figure, before: Figure) -> bool | None:
    """Whether a share differs from the one before by more than chance, 19 times in 20; None where one isn't known."""
    if now.value is None or before.value is None or not now.n or not before.n:
        return None
    ends = [(f.value, *wilson(f.value * f.n, f.n, SURE)) for f in (now, before) if f.value is not None and f.n]
    low, high = difference(*ends)
    return not low <= 0 <= high


def effective(weights: np.ndarray) -> float:
    """How many equal deals would tell as much as deals of these weights (Kish 1965): (sum w)^2 / sum w^2."""
    weights = np.asarray(weights, dtype=float)
    return float(weights.sum() ** 2 / (weights**2).sum())


def share_by_value(won: np.ndarray, amounts: np.ndarray, level: float = LEVEL) -> tuple[float, float, float]:
    """The won share of `amounts` (won: 1 or 0 a deal) with its interval: few large deals make it wide."""
    amounts = np.asarray(amounts, dtype=float)
    share, n = float((won * amounts).sum() / amounts.sum()), effective(amounts)
    low, high = wilson(share * n, n, level)
    return share, low, high


def share(definition: str, hits: pd.Series, cents: pd.Series) -> Figure:
    """The share of `hits` (a boolean a deal) with its interval, `cents` being its rows; withheld where they are few."""
    n, k = len(hits), int(hits.sum())
    if n < FEW:
        return Figure(definition=definition, unit="share", n=n, reason=too_few(n), rows=rows_of(cents))
    low, high = wilson(k, n)
    return Figure(definition=definition, unit="share", value=k / n, low=low, high=high, n=n, rows=rows_of(cents))


def too_few(n: int) -> Message:
    return say("only {n:count} decided deals; it takes {few}", n=n, few=FEW)


def velocity(open_deals: float, win_rate: float, average_won: float, cycle_days: float) -> float:
    """Open deals x win rate x average won deal / days to win: what a pipeline of this kind brings in a day."""
    return open_deals * win_rate * average_won / cycle_days


def velocity_interval(
    open_deals: int, won: np.ndarray, amounts: np.ndarray, days: np.ndarray, seed: int = 0, level: float = LEVEL
) -> tuple[float, float]:
    """The interval of `velocity` when the decided deals are drawn again (bootstrap, Efron 1979).

    won: 1 or 0 a decided deal; amounts (cents) and days to the decision count for the won ones.
    """
    draw, drawn = np.random.default_rng(seed), np.empty(DRAWS)
    for n in range(DRAWS):  # one at a time: a hundred thousand deals at once would take gigabytes
        again = draw.integers(0, len(won), size=len(won))
        # open x (hits / n) x (sum amounts / hits) / (sum days / hits)
        hits = won[again].sum()
        drawn[n] = open_deals * hits / len(won) * (won * amounts)[again].sum() / max((won * days)[again].sum(), 1)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
