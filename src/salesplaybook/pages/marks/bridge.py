"""A bridge between two totals, a row a step: totals are dots on a labelled cut axis, and only the changes are bars."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from markupsafe import Markup, escape

from salesplaybook.language import Language, digits
from salesplaybook.pages.marks.basic import BLUE, DOT, HAIR, LIGHT, ORANGE, SMALL, _scale, svg, ticks


class Row(NamedTuple):
    """A row of the bridge's table: the amount as printed, so that the rows add up, and its mark."""

    amount: str
    mark: Markup


def bridge(before: int, steps: Sequence[int], say: Language, width: int = 150, height: int = 17) -> list[Row]:
    """The rows of a bridge: the total before, each step, the total after, all in one unit (see `bridge_unit`).

    The largest step the way that the whole went is coloured: blue where it rose, orange where it fell.
    """
    at = list(accumulate(steps, initial=before))
    low, high = _ends(at)
    x, middle = _scale(low, high, width), height / 2
    up = at[-1] >= at[0]
    matter = max((s for s in steps if (s > 0) == up), key=abs, default=None)
    grid = "".join(f'<line x1="{x(v):.1f}" x2="{x(v):.1f}" y1="0" y2="{height}" stroke="{HAIR}"/>' for v in _ticks(at))

    def down(level: int, y1: float, y2: float) -> str:
        return f'<line x1="{x(level):.1f}" x2="{x(level):.1f}" y1="{y1}" y2="{y2}" stroke="{SMALL}"/>'

    hollow = f'<circle cx="{x(at[0]):.1f}" cy="{middle}" r="3.8" fill="#fff" stroke="{DOT}" stroke-width="1.3"/>'
    marks = [svg(width, height, grid + down(at[0], middle + 4, height) + hollow)]
    for (start, end), step in zip(pairwise(at), steps, strict=True):
        colour = (BLUE if up else ORANGE) if step == matter else SMALL
        left, span = min(x(start), x(end)), max(abs(x(end) - x(start)), 1)
        box = f'<rect x="{left:.1f}" y="4" width="{span:.1f}" height="{height - 8}" fill="{colour}"/>'
        marks.append(svg(width, height, grid + down(start, 0, 4) + box + down(end, height - 4, height)))
    dot = f'<circle cx="{x(at[-1]):.1f}" cy="{middle}" r="4" fill="{DOT}"/>'
    marks.append(svg(width, height, grid + down(at[-1], 0, middle - 4) + dot))
    return [Row(text, mark) for text, mark in zip(printed(at, say), marks, strict=True)]


def bridge_head(before: int, steps: Sequence[int], say: Language, width: int = 150) -> Markup:
    """The scale above a bridge: a few round numbers, since it doesn't begin at zero."""
    at = list(accumulate(steps, initial=before))
    low, high = _ends(at)
    x, unit = _scale(low, high, width), say.unit(at)
    cents = unit.divisor * 10 ** digits(say.currency)
    labels = [(x(v), f"{v / cents:,.{unit.places}f}") for v in _ticks(at)]
    shown = [(at, text) for at, text in labels if 3 * len(text) < at < width - 3 * len(text)]
    font = f'text-anchor="middle" font-size="9.4" fill="{LIGHT}"'
    return svg(width, 14, "".join(f'<text x="{at:.1f}" y="10" {font}>{escape(text)}</text>' for at, text in shown))


def bridge_unit(before: int, steps: Sequence[int], say: Language) -> str:
    """The name of the unit of a bridge's amounts: 万, M."""
    return say.unit(list(accumulate(steps, initial=before))).name


def printed(at: Sequence[int], say: Language) -> list[str]:
    """The total before, each step and the total after, with one more decimal than alone, adding up as printed."""
    unit = say.unit(list(at))
    unit = unit._replace(places=unit.places + (1 if unit.name else 0))
    scale = 10**unit.places
    cents = unit.divisor * 10 ** digits(say.currency)
    rounded = [round(level / cents * scale) for level in at]

    def text(value: int, signed: bool) -> str:
        return say.money(value * cents / scale, unit, signed=signed)

    return [text(rounded[0], False), *(text(b - a, True) for a, b in pairwise(rounded)), text(rounded[-1], False)]


def _ends(at: Sequence[int]) -> tuple[float, float]:
    pad = (max(at) - min(at)) * 0.08 or abs(at[0]) * 0.1 or 1
    return min(at) - pad, max(at) + pad


def _ticks(at: Sequence[int]) -> list[float]:
    return ticks(*_ends(at), 3)
