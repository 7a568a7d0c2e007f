"""A number on the way to its target, beside where its plan line is on that day."""

from __future__ import annotations

from markupsafe import Markup

from salesplaybook.pages.marks.basic import BLUE, DOT, HAIR, INK, ORANGE, PLAIN, svg

LARGEST = 1.25  # of the target: what is beyond ends there


def line(share: float | None, should: float | None, width: int = 150, height: int = 17) -> Markup:
    """A bar up to the share of the target that is there, a hollow dot where the plan line is, the target as a tall
    tick; blue from the line on, orange behind it."""
    if share is None:
        return Markup("")
    middle, at = height / 2, lambda s: min(max(s, 0), LARGEST) * (width - 8) / LARGEST
    colour = PLAIN if should is None else BLUE if share >= should else ORANGE
    out = f'<line x1="0" x2="{width - 8:g}" y1="{middle}" y2="{middle}" stroke="{HAIR}"/>'
    out += f'<rect x="0" y="{middle - 3.5}" width="{at(share):.1f}" height="7" fill="{colour}"/>'
    out += f'<line x1="{at(1):.1f}" x2="{at(1):.1f}" y1="1" y2="{height - 1}" stroke="{INK}" stroke-width="2"/>'
    if should is not None:
        x = at(should)
        out += f'<circle cx="{x:.1f}" cy="{middle}" r="3.4" fill="#fff" stroke="{DOT}" stroke-width="1.3"/>'
    return svg(width, height, out)
