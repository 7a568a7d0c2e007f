"""A value before and after on one scale from zero: hollow before, solid after."""

from __future__ import annotations

from markupsafe import Markup

from salesplaybook.pages.marks.basic import DOT, HAIR, INTERVAL, svg

R = 3.8


def dumbbell(
    before: float, after: float, largest: float, width: int = 120, height: int = 17, line: bool = False
) -> Markup:
    """Hollow dot before, solid dot after, a bar between them; `largest` is the end of the scale that rows share.

    line   draws the scale itself, for a total that stands alone
    """
    room, middle = width - 2 * R - 2, height / 2

    def x(value: float) -> float:
        return R + 1 + room * (value / largest if largest else 0)

    out = f'<line x1="0" x2="{width}" y1="{middle}" y2="{middle}" stroke="{HAIR}"/>' if line else ""
    left, span = min(x(before), x(after)), abs(x(before) - x(after))
    out += f'<rect x="{left:.1f}" y="{middle - 2}" width="{span:.1f}" height="4" fill="{INTERVAL}"/>'
    out += f'<circle cx="{x(before):.1f}" cy="{middle}" r="{R}" fill="#fff" stroke="{DOT}" stroke-width="1.3"/>'
    # A dot in a ring where nothing has changed: both can be seen.
    small = R - 1.6 if span < 1 else R
    return svg(width, height, out + f'<circle cx="{x(after):.1f}" cy="{middle}" r="{small:.1f}" fill="{DOT}"/>')
