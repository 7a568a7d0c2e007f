"""Amounts that add up as printed: each rounded by itself, and what is missing then laid on those that move least."""

from __future__ import annotations

from salesplaybook.language import Language, Unit, digits
from salesplaybook.results import Walk


def adding(walk: Walk, say: Language, unit: Unit, fixed: str = "won") -> dict[str, str]:
    """The rows of a walk of whole amounts as they are printed, by name, and their `total`: they add up to it.

    `fixed` is rounded by itself, so that it reads alike in two walks that share it.
    """
    size = unit.divisor * 10 ** digits(say.currency) / 10**unit.places  # cents in the last place that is printed
    exact = {step.name: step.amount / size for step in walk.steps}
    total = sum(step.amount for step in walk.steps)
    parts = {name: round(value) for name, value in exact.items()}
    left = round(total / size) - sum(parts.values())
    sign = 1 if left > 0 else -1
    free = [name for name in parts if name != fixed] or list(parts)
    for name in sorted(free, key=lambda name: sign * (parts[name] - exact[name]))[: abs(left)]:
        parts[name] += sign
    return {name: say.money(n * size, unit) for name, n in (parts | {"total": round(total / size)}).items()}
