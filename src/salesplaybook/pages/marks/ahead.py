"""What a quarter ahead may bring: rows on one scale, each a value or a range, beside the target. And where the one
before went, as shares of a bar.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup, escape

from salesplaybook.pages.marks.basic import DOT, HAIR, INK, INTERVAL, LIGHT, PLAIN, _scale, svg, ticks
from salesplaybook.results import Walk

AHEAD = 150  # width of the marks
TINTS = {"won": "#A8C4DF", "slipped": "#F0C5A5"}  # blue and orange, light


def ahead_axis(values: Sequence[float]) -> tuple[float, float]:
    """The scale that the rows share, with a little room at both ends."""
    span = max(values) - min(values) or abs(values[0]) * 0.2 or 1
    return min(values) - span * 0.08, max(values) + span * 0.08


def ahead_head(axis: tuple[float, float], label: Callable[[float], str]) -> Markup:
    """The scale above the rows: a few round numbers."""
    x = _scale(*axis, AHEAD)
    font = f'text-anchor="middle" font-size="9.4" fill="{LIGHT}"'
    found = [(x(value), label(value)) for value in ticks(*axis, 4)]
    shown = [(at, text) for at, text in found if 2.7 * len(text) < at < AHEAD - 2.7 * len(text)]
    if len(shown) > 3:  # four numbers would touch
        shown = shown[::2]
    return svg(AHEAD, 14, "".join(f'<text x="{at:.1f}" y="10" {font}>{escape(text)}</text>' for at, text in shown))


def ahead(
    axis: tuple[float, float],
    value: float,
    *,
    low: float | None = None,
    high: float | None = None,
    target: float | None = None,
    hollow: bool = False,
    height: int = 18,
) -> Markup:
    """A row: a dot (hollow: of a quarter that is over), the range behind it, the target as a tall tick."""
    x, middle = _scale(*axis, AHEAD), height / 2
    out = "".join(
        f'<line x1="{x(v):.1f}" x2="{x(v):.1f}" y1="0" y2="{height}" stroke="{HAIR}"/>' for v in ticks(*axis, 4)
    )
    if low is not None and high is not None:
        out += f'<rect x="{x(low):.1f}" y="{middle - 4}" width="{max(x(high) - x(low), 1):.1f}" height="8" '
        out += f'fill="{INTERVAL}"/>'
    if target is not None:
        out += f'<line x1="{x(target):.1f}" x2="{x(target):.1f}" y1="0" y2="{height}" stroke="{INK}" stroke-width="2"/>'
    fill = f'fill="#fff" stroke="{DOT}" stroke-width="1.4"' if hollow else f'fill="{DOT}"'
    return svg(AHEAD, height, out + f'<circle cx="{x(value):.1f}" cy="{middle}" r="{3.6 if hollow else 4}" {fill}/>')


def shares(walk: Walk, width: int = 714, height: int = 8) -> Markup:
    """What became of a walk's opening, as parts of one bar in the order won, lost, slipped, the rest."""
    order = {name: n for n, name in enumerate(("won", "lost", "slipped"))}
    steps = sorted(walk.steps, key=lambda step: order.get(step.name, len(order)))
    total, left, out = sum(abs(s.amount) for s in steps) or 1, 0.0, ""
    for step in steps:
        span = width * abs(step.amount) / total
        fill = TINTS.get(step.name, PLAIN)
        out += f'<rect x="{left:.1f}" y="0" width="{max(span - 1, 0.5):.1f}" height="{height}" fill="{fill}"/>'
        left += span
    return svg(width, height, out)
