"""Who is really better: which differences between people are more than chance, and how large one has to be to be seen.

In: each person's closed deals. Out: who differs from the rest, after Holm (1979), so that of teams of equal skill at
most ALPHA have anybody called different, whatever their size: a plain 5 % test accuses somebody in 32 % of teams of
eight. Whoever is found different leaves the rest with which the others are then compared: beside one who wins twice as
often, equals would else be called worse (in 26 % of teams of eight with 145 deals each; so it is 4 %).

Wins: each person's against the rest's, Fisher's exact test with mid-p (Lancaster 1961), twice the smaller tail. Plain
Fisher finds .74 of the differences of which mid-p finds .76 (145 deals each, .45 among .30, team of eight), and mid-p
stays within what is allowed: `tests/teams.py` prints it for teams of 5 to 15 with 10 to 145 deals a person.
Value: what a person's won deals bring, by permuting amounts among people, of the same product where that is known: a
normal approximation flags 7-12 % of equal teams, since a few large deals make the sum.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq
from scipy.stats import binom, hypergeom, norm

from salesplaybook.methods.rates import FEW

ALPHA = 0.05  # of teams of equals, the share in which anybody may be called different, one way or the other
ON_WINS, ON_VALUE = 0.04, 0.01  # how it is shared out
POWER = 0.8
DRAWS, BLOCK, ENOUGH = 20_000, 250, 5
CELLS = 2_000_000  # amounts dealt out at once
LEAST = 3  # people left, to say that one differs from the rest


def wins(won: np.ndarray, closed: np.ndarray, alpha: float = ON_WINS) -> np.ndarray:
    """Whose win rate differs from the rest's (see `step_down`).

    won     wins a person, or a row of them for each of many teams; closed: decided deals a person
    """
    won, closed = np.asarray(won), np.asarray(closed)

    def p_of(inside: np.ndarray) -> np.ndarray:
        others_won = (won * inside).sum(axis=-1, keepdims=True) - won
        return mid_p(won, closed, others_won, (closed * inside).sum(axis=-1, keepdims=True) - closed)

    return step_down(p_of, np.broadcast_to(comparable(closed), won.shape), alpha)


def value(amounts: np.ndarray, who: np.ndarray, kinds: np.ndarray | None = None, alpha: float = ON_VALUE) -> np.ndarray:
    """Whose won deals bring more or less than the rest's (see `step_down`), by permutation.

    amounts   of won deals, in whole cents; who: whose each is (0, 1, ...); kinds: only deals of the same kind (a
              product) change hands, so that nobody is judged by what was given to them to sell
    """
    amounts, who = np.asarray(amounts, dtype=float), np.asarray(who)
    kinds = np.zeros(len(who), dtype=int) if kinds is None else np.asarray(kinds)

    def p_of(inside: np.ndarray) -> np.ndarray:
        among = inside[who]
        p = np.ones(len(inside))
        p[np.unique(who[among])] = permuted(amounts[among], who[among], kinds[among])
        return p

    return step_down(p_of, comparable(np.bincount(who)), alpha)


def comparable(deals: np.ndarray, few: int = FEW) -> np.ndarray:
    """Who has enough deals, and enough others beside them, for anything to be said."""
    return (deals >= few) & (deals.sum() - deals >= few)


def step_down(p_of: Callable[[np.ndarray], np.ndarray], tested: np.ndarray, alpha: float) -> np.ndarray:
    """Holm's steps: the smallest p of those left against alpha / their number; who is found is left out of the rest.

    p_of     who is inside -> each one's p against the rest of those; tested: about whom anything may be said
    """
    out = np.zeros(tested.shape, dtype=bool)
    while True:
        judged = tested & ~out
        p = np.where(judged, p_of(~out), np.inf)
        bound = alpha / np.maximum(judged.sum(axis=-1, keepdims=True), 1)
        found = judged & (p <= bound) & (p == p.min(axis=-1, keepdims=True))
        found &= (~out).sum(axis=-1, keepdims=True) >= LEAST
        if not found.any():
            return out
        out |= found


def mid_p(won: np.ndarray, closed: np.ndarray, others_won: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Twice the smaller tail of Fisher's exact test, of what came only half counted."""
    all_won, everything = won + others_won, closed + others
    here = hypergeom.pmf(won, everything, all_won, closed)
    under = hypergeom.cdf(won, everything, all_won, closed) - here / 2
    found: np.ndarray = np.clip(2 * np.minimum(under, 1 - under), 0, 1)
    return found


def permuted(amounts: np.ndarray, who: np.ndarray, kinds: np.ndarray, seed: int = 0) -> np.ndarray:
    """Of each person among `who`, in their order: twice the smaller tail of their sum among sums with
    the amounts dealt out anew, itself counted (Phipson and Smyth 2010). It stops when everybody has seen ENOUGH sums as
    far out (Besag and Clifford 1991)."""
    draw, order = np.random.default_rng(seed), np.argsort(kinds, kind="stable")
    people, place = np.unique(who[order], return_inverse=True)
    amounts, owned = amounts[order], np.eye(len(people))[place]
    parts = np.flatnonzero(np.diff(np.sort(kinds))) + 1
    seen, drawn = amounts @ owned, 0
    under, over = np.zeros(len(seen)), np.zeros(len(seen))
    block = min(BLOCK, CELLS // len(amounts) + 1)
    while drawn < DRAWS and np.minimum(under, over).min() < ENOUGH:
        dealt = [draw.permuted(np.tile(part, (block, 1)), axis=1) for part in np.split(amounts, parts)]
        sums = np.concatenate(dealt, axis=1) @ owned
        under, over, drawn = under + (sums <= seen).sum(axis=0), over + (sums >= seen).sum(axis=0), drawn + block
    found: np.ndarray = np.minimum(1, 2 * (np.minimum(under, over) + 1) / (drawn + 1))
    return found


def visible(
    closed: float, others: float, rate: float, people: int, alpha: float = ON_WINS, power: float = POWER
) -> tuple[float | None, float | None]:
    """Under which win rate, and over which, a person would be told from the others in `power` of cases; None: not even
    at 0 or 1. By the normal approximation (Fleiss, Levin, Paik 2003) at Holm's first step, alpha / people."""
    under = _above(closed, others, 1 - rate, alpha / people, power)
    return None if under is None else 1 - under, _above(closed, others, rate, alpha / people, power)


def _above(n: float, others: float, rate: float, alpha: float, power: float) -> float | None:
    z, beyond = norm.ppf(1 - alpha / 2), norm.ppf(power)

    def spare(seen: float) -> float:
        pooled = (n * seen + others * rate) / (n + others)
        chance = z * np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / others))
        return float(seen - rate - chance - beyond * np.sqrt(seen * (1 - seen) / n + rate * (1 - rate) / others))

    return float(brentq(spare, rate + 1e-9, 1)) if spare(1) > 0 else None


def regression(people: int, closed: int, rate: float) -> float:
    """By how much, in shares of 1, the lowest win rate of `people` equals is expected to rise the next time, with no
    help at all: their true rate less the expected smallest of as many binomial rates."""
    hits = np.arange(closed)
    return float(rate - (binom.sf(hits, closed, rate) ** people).sum() / closed)
