"""A forecast against its target, on a scale that the rows of a table share whatever their currency."""

from __future__ import annotations

from markupsafe import Markup

from salesplaybook.pages.marks.basic import DOT, HAIR, INK, INTERVAL, ORANGE, svg

LOW, HIGH = 0.5, 1.5  # of the target, from edge to edge


def against(
    p10: int, p50: int, p90: int, target: int, orange: bool = False, width: int = 124, height: int = 17
) -> Markup:
    """The range as a bar and its middle as a dot, the target as a tall tick in the middle; what lies beyond the scale
    ends at its edge."""
    low, middle, high = (_at(value / target, width) for value in (p10, p50, p90))
    y, bar, dot = height / 2, "#F0C5A5" if orange else INTERVAL, ORANGE if orange else DOT
    out = f'<line x1="0" x2="{width}" y1="{y}" y2="{y}" stroke="{HAIR}"/>'
    out += f'<rect x="{low:.1f}" y="{y - 3.5}" width="{max(high - low, 1):.1f}" height="7" fill="{bar}"/>'
    out += f'<line x1="{width / 2}" x2="{width / 2}" y1="1" y2="{height - 1}" stroke="{INK}" stroke-width="2"/>'
    return svg(width, height, out + f'<circle cx="{middle:.1f}" cy="{y}" r="3.8" fill="{dot}"/>')


def _at(share: float, width: int) -> float:
    return 4 + (width - 8) * (min(max(share, LOW), HIGH) - LOW) / (HIGH - LOW)
