"""What functions return: a Figure, a Walk. Small models that a record keeps and a page shows; they do neither."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, SerializationInfo, field_serializer, model_validator

# An 80 % interval unless its place says otherwise: 8 times in 10 inside.
LEVEL = 0.8


class Message(BaseModel):
    """A sentence that is put into the reader's language where it is shown: `text` is its English source."""

    model_config = ConfigDict(frozen=True)
    text: str
    values: dict[str, Any] = {}


def say(text: str, /, **values: Any) -> Message:
    """A Message; days are kept as ISO text, so that a record reads back as it was saved."""
    kept = {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}
    return Message(text=text, values=kept)


def defined(text: str) -> str:
    """`text` itself: marks a definition or a label for translation where it is written."""
    return text


class Figure(BaseModel):
    """A number on a page: its value, or the reason why there is none, and the deals behind it.

    value   in `unit`; money in whole cents
    n       on how many deals it rests
    low, high   its 80 % interval
    rows    deal key -> the amount in cents with which the deal counts here (None: it has none), largest first
    """

    model_config = ConfigDict(frozen=True)
    definition: str
    value: float | int | None = None
    reason: Message | None = None
    unit: Literal["money", "deals", "share", "days", "money a day", "count"] = "money"
    low: float | None = None
    high: float | None = None
    n: int | None = None
    rows: dict[str, int | None] = {}

    @field_serializer("rows")
    def rows_if_wanted(self, rows: dict[str, int | None], info: SerializationInfo) -> dict[str, int | None]:
        # A record keeps the rows once, with its figures, and not again in its body.
        return rows if (info.context or {}).get("rows", True) else {}

    @model_validator(mode="after")
    def value_or_reason(self) -> Self:
        if self.value is None and self.reason is None:
            raise ValueError("a figure without a value needs the reason")
        return self


def of_deals(definition: str, cents: pd.Series, withheld: Message | None = None) -> Figure:
    """The figure that sums `cents` (index = deal key) and counts them; `withheld` says why there is no sum."""
    rows = rows_of(cents)
    total = None if withheld else sum(a or 0 for a in rows.values())
    if withheld:
        rows = dict.fromkeys(rows)  # not known is not nothing
    return Figure(definition=definition, value=total, reason=withheld, n=len(rows), rows=rows)


def rows_of(cents: pd.Series) -> dict[str, int | None]:
    """Deal key -> cents, largest first, as figures keep their rows."""
    known = ((str(key), None if pd.isna(value) else int(value)) for key, value in cents.items())
    return dict(sorted(known, key=lambda row: (-abs(row[1] or 0), row[0])))


class Step(BaseModel):
    """A row of a walk: which way it counts (+1, -1; 0 for a change of amount), and its deals."""

    model_config = ConfigDict(frozen=True)
    name: str
    counts: Literal[-1, 0, 1]
    figure: Figure

    @property
    def deals(self) -> int:
        return self.counts * (self.figure.n or 0)

    @property
    def amount(self) -> int:
        return (self.counts or 1) * int(self.figure.value or 0)


class Walk(BaseModel):
    """From one state of the pipeline to another, row by row: it sums to the cent and by count, or it isn't made.

    opening, closing   the two ends; `steps` the rows between them that have deals
    listed             changes that belong in no row, each with its deals
    withheld           why there are no amounts (then only the counts are to be shown)
    """

    model_config = ConfigDict(frozen=True)
    opening: Figure
    steps: list[Step]
    closing: Figure
    listed: dict[str, Figure] = {}
    withheld: Message | None = None

    @model_validator(mode="after")
    def sums(self) -> Self:
        count = (self.opening.n or 0) + sum(s.deals for s in self.steps)
        if count != self.closing.n:
            raise ValueError(f"a walk of {count} deals can't end at {self.closing.n}")
        if self.withheld is None:
            amount = int(self.opening.value or 0) + sum(s.amount for s in self.steps)
            if amount != self.closing.value:
                raise ValueError(f"a walk of {amount} cents can't end at {self.closing.value}")
        return self

    def __getitem__(self, name: str) -> Figure | None:
        return next((s.figure for s in self.steps if s.name == name), None)

    def figures(self, prefix: str) -> Iterator[tuple[str, Figure]]:
        """Each end, row and listed change under the name `prefix.row`, as a record's flat figures want them."""
        yield f"{prefix}.opening", self.opening
        yield from ((f"{prefix}.{s.name}", s.figure) for s in self.steps)
        yield f"{prefix}.closing", self.closing
        yield from ((f"{prefix}.{name}", figure) for name, figure in self.listed.items())


class Benchmark(BaseModel):
    """A way to say what a quarter will bring, beside how far off it would have been.

    name     `last_quarter` (as much as the last one), `pace` (won so far / the usual share at this point), `model`
    value    cents; None where it can't be said
    errors   (said - came) / came for each past quarter in which all could be tried, oldest first
    """

    model_config = ConfigDict(frozen=True)
    name: Literal["last_quarter", "pace", "model"]
    value: int | None = None
    errors: list[float] = []

    @property
    def error(self) -> float | None:
        """The mean of the errors' sizes; None where nothing was tried."""
        return sum(map(abs, self.errors)) / len(self.errors) if self.errors else None


class Forecast(BaseModel):
    """What will be won by the end of a period, in cents, as said on a day.

    case        `a`: no decided deals with dates; `b`: single benchmarks; `c`: a range; `d`: a range in which stages
                count
    won         booked in the period so far
    p10, p50, p90   the total's range, 8 times in 10 inside; None where `withheld` says why
    of_open, of_new   the part of p50 that comes from deals open now, and from deals not yet opened
    due         what is open and due in the period, in cents
    usual_share   the share of earlier quarters' totals that was won with as many days left
    quarters    the complete quarters that it rests on, oldest first
    rebuilt     whether past states were rebuilt from dates and not seen in exports of those days
    headline    the benchmark with the smallest past error
    range_from  the day from which there will be a range, where there is none yet
    chance      of reaching `target`; None without a target or a range
    """

    model_config = ConfigDict(frozen=True)
    question: Literal["won by the end of the period"] = "won by the end of the period"
    period: str
    last: date
    made_on: date
    days_left: int
    by: Literal["model", "manager"] = "model"
    case: Literal["a", "b", "c", "d"]
    won: int = 0
    p10: int | None = None
    p50: int | None = None
    p90: int | None = None
    of_open: int | None = None
    of_new: int | None = None
    due: int | None = None
    due_n: int = 0
    usual_share: float | None = None
    quarters: list[str] = []
    rebuilt: bool = False
    benchmarks: list[Benchmark] = []
    headline: Literal["last_quarter", "pace", "model"] | None = None
    target: int | None = None
    chance: float | None = None
    withheld: Message | None = None
    range_from: date | None = None

    def benchmark(self, name: str) -> Benchmark | None:
        return next((b for b in self.benchmarks if b.name == name), None)


class Said(BaseModel):
    """What was said of a period on a day by the model or by the manager (or an owner), in cents, and what came.

    low, high   the range, of a model; came, scored_on: None until the period has closed
    """

    model_config = ConfigDict(frozen=True)
    period: str
    made_on: date
    by: Literal["model", "manager"]
    owner: str = ""
    said: int
    low: int | None = None
    high: int | None = None
    came: int | None = None
    scored_on: date | None = None

    @property
    def inside(self) -> bool | None:
        """Whether the range held; None for a single number, or before it is scored."""
        if self.came is None or self.low is None or self.high is None:
            return None
        return self.low <= self.came <= self.high
