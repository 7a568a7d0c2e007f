"""Attainment: how far a value is along the way to its target; and which rates would stand out from a team's."""

from __future__ import annotations

from markupsafe import Markup

from salesplaybook.pages.marks.basic import BLUE, DOT, HAIR, INK, INTERVAL, ORANGE, svg

LARGEST = 1.5  # of the target: what is beyond ends in an arrow


def attained(share: float | None, width: int = 150, height: int = 17) -> Markup:
    """A dot on the way to the target, the target as a tall tick; blue where it is reached, the gap dashed."""
    if share is None:
        return Markup("")
    scale, middle = (width - 10) / LARGEST, height / 2
    at, goal = 5 + scale * min(max(share, 0), LARGEST), 5 + scale
    colour = BLUE if share >= 1 else ORANGE
    out = f'<line x1="5" x2="{width - 5}" y1="{middle}" y2="{middle}" stroke="{HAIR}"/>'
    if share < 1:
        out += f'<line x1="{at:.1f}" x2="{goal:.1f}" y1="{middle}" y2="{middle}" stroke="{colour}" stroke-width="1.3" '
        out += 'stroke-dasharray="3.5 2.5"/>'
    out += f'<line x1="{goal:.1f}" x2="{goal:.1f}" y1="1" y2="{height - 1}" stroke="{INK}" stroke-width="2"/>'
    if share > LARGEST:
        out += f'<polyline points="{at - 5:.1f},{middle - 4} {at:.1f},{middle} {at - 5:.1f},{middle + 4}" fill="none" '
        return svg(width, height, out + f'stroke="{colour}" stroke-width="1.6"/>')
    return svg(width, height, out + f'<circle cx="{at:.1f}" cy="{middle}" r="4" fill="{colour}"/>')


def unseen(rate: float, low: float | None, high: float | None, width: int = 220, height: int = 17) -> Markup:
    """From 0 to 100 %: the rates that can't be told from `rate` as a bar, the rate itself as a line."""
    left, right, middle = 0.0 if low is None else low, 1.0 if high is None else high, height / 2
    out = f'<line x1="0.5" x2="{width - 0.5}" y1="{middle}" y2="{middle}" stroke="{HAIR}"/>'
    out += f'<rect x="{width * left:.1f}" y="{middle - 4}" width="{width * (right - left):.1f}" height="8" '
    out += f'fill="{INTERVAL}"/>'
    at = min(max(width * rate, 1), width - 1)
    return svg(width, height, out + f'<line x1="{at:.1f}" x2="{at:.1f}" y1="1" y2="{height - 1}" stroke="{DOT}"/>')
