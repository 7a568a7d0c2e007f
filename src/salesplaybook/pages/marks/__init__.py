"""Marks: a result becomes a small SVG that looks the same in a notebook and on a page, offline, without a script.

One mark, one meaning: dot = value, hollow dot = the period before, bar behind it = interval, bars from zero = counts.
A mark of its own kind has a file of its own here; templates find all of them under `marks`.
"""

from salesplaybook.pages.marks.against import against
from salesplaybook.pages.marks.ahead import ahead, ahead_axis, ahead_head, shares
from salesplaybook.pages.marks.attained import attained, unseen
from salesplaybook.pages.marks.basic import (
    BLUE,
    COLOURS,
    DOT,
    HAIR,
    INK,
    INTERVAL,
    LIGHT,
    ORANGE,
    PACE,
    PLAIN,
    SMALL,
    bar,
    interval,
    levels,
    pace,
    pace_axis,
    pace_head,
    stacked,
    strip,
    svg,
    tick,
    ticks,
    trend,
    walk,
)
from salesplaybook.pages.marks.bridge import bridge, bridge_head, bridge_unit
from salesplaybook.pages.marks.dumbbell import dumbbell
from salesplaybook.pages.marks.line import line

__all__ = [
    "BLUE",
    "COLOURS",
    "DOT",
    "HAIR",
    "INK",
    "INTERVAL",
    "LIGHT",
    "ORANGE",
    "PACE",
    "PLAIN",
    "SMALL",
    "against",
    "ahead",
    "ahead_axis",
    "ahead_head",
    "attained",
    "bar",
    "bridge",
    "bridge_head",
    "bridge_unit",
    "dumbbell",
    "interval",
    "levels",
    "line",
    "pace",
    "pace_axis",
    "pace_head",
    "shares",
    "stacked",
    "strip",
    "svg",
    "tick",
    "ticks",
    "trend",
    "unseen",
    "walk",
]
