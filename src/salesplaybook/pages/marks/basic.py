"""The marks that most pages share: strips, trends, intervals, bars, walks, the pace table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, floor, log10

from markupsafe import Markup, escape

from salesplaybook.results import Figure, Walk

INK, DOT, SMALL, PLAIN, INTERVAL, HAIR, LIGHT = (
    "#16202B",
    "#3B4753",
    "#8A95A0",
    "#B9C1C9",
    "#C5CCD4",
    "#D6DBE1",
    "#66717D",
)
BLUE, ORANGE = "#14508A", "#B8480A"
PACE = 300  # width of a pace table's marks
COLOURS = {
    "won": BLUE,
    "slipped": ORANGE,
    "vanished": ORANGE,
    "new": PLAIN,
    "returned": PLAIN,
    "pulled_in": PLAIN,
    "opened_and_won": PLAIN,
    "from_open": SMALL,
}


def svg(width: float, height: float, inner: str, label: str = "") -> Markup:
    title = Markup("<title>{}</title>").format(label) if label else ""
    return Markup(
        f'<svg class="mark" width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}" '
        f'role="img" aria-hidden="{"false" if label else "true"}">{title}{inner}</svg>'
    )


def strip(figure: Figure, before: Figure | None = None, width: int = 124) -> Markup:
    """Where a value lies: dot, its interval, and a hollow dot for the period before."""
    if figure.value is None:
        return Markup("")
    earlier = before.value if before and before.value is not None else None
    points = [p for p in (figure.value, figure.low, figure.high, earlier) if p is not None]
    spread = max(points) - min(points) or abs(points[0]) * 0.2 or 1
    x = _scale(min(points) - spread * 0.25, max(points) + spread * 0.25, width)
    out = f'<line x1="0" x2="{width}" y1="7" y2="7" stroke="{HAIR}"/>'
    if figure.low is not None and figure.high is not None:
        low, span = x(figure.low), x(figure.high) - x(figure.low)
        out += f'<rect x="{low:.1f}" y="3" width="{span:.1f}" height="8" fill="{INTERVAL}"/>'
    if earlier is not None:
        out += f'<circle cx="{x(earlier):.1f}" cy="7" r="3.4" fill="#fff" stroke="{DOT}" stroke-width="1.2"/>'
    return svg(width, 14, out + f'<circle cx="{x(figure.value):.1f}" cy="7" r="4" fill="{DOT}"/>')


def trend(values: Sequence[float | None], months: Sequence[str], width: int = 124, height: int = 22) -> Markup:
    """A figure month by month, without axes: the last point marked, a hairline after each calendar quarter."""
    known = [v for v in values if v is not None]
    if len(known) < 3:
        return Markup("")
    y = _scale(max(known), min(known), height)
    step = (width - 10) / (len(values) - 1)
    points = [(5 + step * n, y(v)) for n, v in enumerate(values) if v is not None]
    quarters = (5 + step * n for n, month in enumerate(months) if month[-2:] in ("03", "06", "09", "12"))
    out = "".join(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="2" y2="{height - 2}" stroke="{HAIR}"/>' for x in quarters)
    line = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
    out += f'<polyline points="{line}" fill="none" stroke="{SMALL}" stroke-width="1.2"/>'
    return svg(width, height, out + f'<circle cx="{points[-1][0]:.1f}" cy="{points[-1][1]:.1f}" r="3" fill="{DOT}"/>')


def interval(
    figure: Figure, low: float, high: float, width: int = 90, height: int = 17, mean: float | None = None
) -> Markup:
    """A rate with its interval on a scale that the rows of a table share; `mean` is drawn as a line."""
    x, middle = _scale(low, high, width), height / 2
    out = (
        f'<line x1="{x(mean):.1f}" x2="{x(mean):.1f}" y1="0" y2="{height}" stroke="{LIGHT}" stroke-dasharray="2 2"/>'
        if mean is not None
        else ""
    )
    if figure.value is not None and figure.low is not None and figure.high is not None:
        span = max(1.0, x(figure.high) - x(figure.low))
        out += f'<rect x="{x(figure.low):.1f}" y="{middle - 3.5}" width="{span:.1f}" height="7" fill="{INTERVAL}"/>'
        out += f'<circle cx="{x(figure.value):.1f}" cy="{middle}" r="3.6" fill="{DOT}"/>'
    return svg(width, height, out)


def bar(value: float, largest: float, width: int = 90, height: int = 17, colour: str = PLAIN) -> Markup:
    """A count as a bar from zero."""
    length = width * value / largest if largest else 0
    return svg(
        max(length, 0.5),
        height,
        f'<rect x="0" y="3.5" width="{max(length, 0.5):.1f}" height="{height - 7}" fill="{colour}"/>',
    )


def levels(walk: Walk) -> list[float]:
    """Where the walk stands after its opening and after each row: in cents, or in deals where amounts are withheld."""
    at = [float((walk.opening.n if walk.withheld else walk.opening.value) or 0)]
    for step in walk.steps:
        at.append(at[-1] + (step.deals if walk.withheld else step.amount))
    return at


def walk(found: Walk, width: int = 110, height: int = 17, names: Sequence[str] | None = None) -> list[Markup]:
    """A bridge, a piece for each row of the walk's table: opening, its rows (or `names`, with a line where it has no
    such row), closing.

    The axis is cut where the ends dwarf the changes: ends are dots, only the changes are bars.
    """
    at = levels(found)
    low, high = min(at), max(at)
    pad = (high - low) * 0.06 or 1
    x, middle = _scale(low - pad, high + pad, width), height / 2
    line = f'stroke="{SMALL}" stroke-width="1"'

    def down(level: float, y1: float, y2: float) -> str:
        return f'<line x1="{x(level):.1f}" x2="{x(level):.1f}" y1="{y1}" y2="{y2}" {line}/>'

    first = f'<circle cx="{x(at[0]):.1f}" cy="{middle}" r="3.8" fill="#fff" stroke="{DOT}" stroke-width="1.3"/>'
    out = [svg(width, height, down(at[0], middle + 4, height) + first)]
    steps = {step.name: n for n, step in enumerate(found.steps)}
    now = at[0]
    for name in steps if names is None else names:
        if name not in steps:
            out.append(svg(width, height, down(now, 0, height)))
            continue
        start, now = at[steps[name]], at[steps[name] + 1]
        left, span = min(x(start), x(now)), max(abs(x(now) - x(start)), 1)
        colour = COLOURS.get(name, SMALL)
        box = f'<rect x="{left:.1f}" y="4" width="{span:.1f}" height="{height - 8}" fill="{colour}"/>'
        out.append(svg(width, height, down(start, 0, 4) + box + down(now, height - 4, height)))
    last = f'<circle cx="{x(at[-1]):.1f}" cy="{middle}" r="4" fill="{DOT}"/>'
    return [*out, svg(width, height, down(at[-1], 0, middle) + last)]


def stacked(parts: Sequence[tuple[str, float, str]], width: int = 344, height: int = 17) -> Markup:
    """Parts of a whole side by side: (label, share, dark | grey | hollow)."""
    fills = {"dark": (DOT, "#fff"), "grey": (PLAIN, INK), "hollow": ("#fff", INK)}
    out, left = "", 0.5
    for label, share, tone in parts:
        span, (fill, ink) = (width - 1) * share, fills[tone]
        box = f'x="{left:.1f}" y="0.5" width="{span:.1f}" height="{height - 1}"'
        out += f'<rect {box} fill="{fill}" stroke="{SMALL}" stroke-width="0.6"/>'
        if span > 9.5 * len(label) * 0.62 + 12:
            out += (
                f'<text x="{left + 6:.1f}" y="{height / 2 + 3.5}" fill="{ink}" font-size="9.6">{escape(label)}</text>'
            )
        left += span
    return svg(width, height, out)


def pace_axis(values: Sequence[float], target: float | None) -> tuple[float, float]:
    """The scale that the rows of a pace table share: what is told, the target, and a little room."""
    known = [*values, *([target] if target else [])]
    span = max(known) - min(known) or abs(known[0]) * 0.2 or 1
    return min(known) - span * 0.06, max(known) + span * 0.06


def ticks(low: float, high: float, wanted: int = 6) -> list[float]:
    """Round numbers between low and high, about as many as wanted."""
    rough = (high - low) / wanted
    step = next(s for s in (f * 10 ** floor(log10(rough)) for f in (1, 2, 2.5, 5, 10)) if s >= rough)
    return [n * step for n in range(ceil(low / step), floor(high / step) + 1)]


def pace_head(axis: tuple[float, float], target: str, at: float | None, label: Callable[[float], str]) -> Markup:
    """The scale above a pace table: round numbers, and the target where there is one."""
    x = _scale(*axis, PACE)
    room = 5 + 5.4 * len(target)  # what the target's name takes, in the middle of which its tick stands
    middle = min(max(x(at), room / 2), PACE - room / 2) if at is not None else None
    font = 'text-anchor="middle" font-size="9.4"'
    out = "".join(
        f'<text x="{x(v):.1f}" y="10" {font} fill="{LIGHT}">{escape(label(v))}</text>'
        for v in ticks(*axis)
        if 12 < x(v) < PACE - 12 and (middle is None or abs(x(v) - middle) > room / 2 + 14)
    )
    if middle is not None:
        out += f'<text x="{middle:.1f}" y="10" {font} font-weight="700" fill="{INK}">{escape(target)}</text>'
    return svg(PACE, 14, out)


def pace(
    axis: tuple[float, float],
    value: float,
    *,
    low: float | None = None,
    high: float | None = None,
    target: float | None = None,
    hollow: bool = True,
    colour: str = DOT,
    height: int = 18,
) -> Markup:
    """A row of a pace table: dot, its interval, the gap to the target as a dashed line, the target as a tall tick."""
    x, middle = _scale(*axis, PACE), height / 2
    out = "".join(f'<line x1="{x(v):.1f}" x2="{x(v):.1f}" y1="0" y2="{height}" stroke="{HAIR}"/>' for v in ticks(*axis))
    if low is not None and high is not None:
        out += f'<rect x="{x(low):.1f}" y="{middle - 4}" width="{max(x(high) - x(low), 1):.1f}" height="8" '
        out += f'fill="{INTERVAL}"/>'
    if target is not None:
        out += f'<line x1="{x(value):.1f}" x2="{x(target):.1f}" y1="{middle}" y2="{middle}" stroke="{colour}" '
        out += 'stroke-width="1.3" stroke-dasharray="3.5 2.5"/>'
        out += f'<line x1="{x(target):.1f}" x2="{x(target):.1f}" y1="0" y2="{height}" stroke="{INK}" stroke-width="2"/>'
    fill = f'fill="#fff" stroke="{colour}" stroke-width="1.4"' if hollow else f'fill="{colour}"'
    return svg(PACE, height, out + f'<circle cx="{x(value):.1f}" cy="{middle}" r="{3.6 if hollow else 4}" {fill}/>')


def tick(ticked: bool = False, size: int = 10) -> Markup:
    """A box to tick by hand; what is agreed is ticked."""
    out = f'<rect x="0.6" y="0.6" width="{size - 1.2:g}" height="{size - 1.2:g}" fill="#fff" stroke="{DOT}"/>'
    if ticked:
        out += f'<polyline points="2.4,5.2 4.4,7.4 7.8,2.8" fill="none" stroke="{DOT}" stroke-width="1.4"/>'
    return svg(size, size, out)


def _scale(low: float, high: float, width: float) -> Callable[[float], float]:
    """Values to pixels, with room for a dot at both ends."""
    span = (high - low) or 1
    return lambda value: 5 + (width - 10) * (value - low) / span
