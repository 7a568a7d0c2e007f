"""Marks: a result becomes a small SVG that looks the same in a notebook and on a page, offline, without a script.

One mark, one meaning: dot = value, hollow dot = the period before, bar behind it = interval, bars from zero = counts.
A mark of its own kind has a file of its own here; templates find all of them under `marks`.
"""

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
    "bar",
    "interval",
    "levels",
    "pace",
    "pace_axis",
    "pace_head",
    "stacked",
    "strip",
    "svg",
    "tick",
    "ticks",
    "trend",
    "walk",
]
