"""Amounts that add up as printed: each rounded by itself, and what is missing then laid on those that move least."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from salesplaybook.language import Language, Unit, digits
from salesplaybook.results import Walk


def adding(walk: Walk, say: Language, unit: Unit, fixed: str = "won") -> dict[str, str]:
    """The rows of a walk of whole amounts as they are printed, by name, and their `total`: they add up to it.

    `fixed` is rounded by itself, so that it reads alike in two walks that share it.
    """
    size = last_place(say, unit)
    total = round(sum(step.amount for step in walk.steps) / size)
    parts = rounded({step.name: step.amount / size for step in walk.steps}, total, {fixed})
    return {name: say.money(n * size, unit) for name, n in (parts | {"total": total}).items()}


def last_place(say: Language, unit: Unit) -> float:
    """How many cents a one in the last place that is printed stands for."""
    return float(unit.divisor * 10 ** digits(say.currency) / 10**unit.places)


def rounded(exact: Mapping[str, float], total: int, fixed: Collection[str] = ()) -> dict[str, int]:
    """Whole numbers that add up to `total`, none a whole one off: of those whose rounding went the other way, those
    that were nearest to the middle go by one, `fixed` ones last."""
    parts = {name: round(value) for name, value in exact.items()}
    left = total - sum(parts.values())
    sign = 1 if left > 0 else -1

    def least(name: str) -> tuple[bool, bool, float]:
        off = sign * (parts[name] - exact[name])
        return off >= 0, name in fixed, off

    for name in sorted(parts, key=least)[: abs(left)]:
        parts[name] += sign
    return parts
