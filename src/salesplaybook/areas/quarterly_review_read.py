"""What the quarterly review takes from other playbooks' records: their bodies as they were saved, each figure with the
deals behind it. A piece that an older version saved in another shape is as good as none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from salesplaybook.methods.actuals import METRICS, Measured
from salesplaybook.methods.bridge import Bridge
from salesplaybook.methods.deciding import Deciding
from salesplaybook.results import Figure, Forecast, Message, Walk, say

# The playbooks whose records it reads.
READS = ("crm", "weekly", "goals", "risk", "performance", "retrospective")
NUMBERS = METRICS[:4]  # bookings, revenue, collected, margin
Model = TypeVar("Model", bound=BaseModel)


class Found(Protocol):
    """A record, as far as the review reads it (`records.Record` is one)."""

    @property
    def as_of(self) -> date: ...
    @property
    def body(self) -> dict[str, Any]: ...
    @property
    def figures(self) -> dict[str, Figure]: ...
    @property
    def deals(self) -> dict[str, dict[str, str | None]]: ...


Records = Mapping[str, Found | None]


class Largest(BaseModel):
    """One of the quarter's largest deals and what became of it; said_by: who says why, or "" where nobody does."""

    deal: str
    name: str
    account: str = ""
    amount: int
    became: Literal["won", "lost", "slipped"]
    why: str = ""
    competitor: str = ""
    said_by: Literal["data", "manager", ""] = ""


class Debtor(BaseModel):
    """A customer's overdue amount, as `methods.owed` has it."""

    account: str
    owner: str | None = ""
    amount: int
    days_late: int = 0
    due: date
    late: int = 0
    long: int = 0


class Owed(BaseModel):
    """What customers owe: sums, the largest overdue, how many more there are, and who has most that is late."""

    total: Figure | None = None
    overdue: Figure
    over_90: Figure
    due_next: Figure | None = None
    rows: list[Debtor] = []
    late: Debtor | None = None
    others: int = 0
    as_of: date


class Risk(BaseModel):
    """A risk with what it costs if it happens, in cents: `usual` as often more as less, `severe` more in 1 of 10."""

    id: str
    what: str
    usual: int | None = None
    severe: int | None = None
    response: str = ""
    measure: str = ""
    owner: str = ""
    due: date | None = None
    late: bool = False
    cost: int | None = None
    trend: Literal["up", "down", "same", "new"] = "new"
    triggered: bool = False


class Risks(BaseModel):
    """The first risks, triggered ones first, of `all`; the sums in cents, None where none can be told."""

    top: list[Risk] = []
    all: int = 0
    expected_before: int | None = None
    expected_after: int | None = None
    p90_before: int | None = None
    p90_after: int | None = None


class Promised(BaseModel):
    """A promise of the review before, as it stands."""

    id: str
    what: str
    who: str = ""
    due: date | None = None
    state: Literal["done", "partly", "not_done", "open"]
    why: str = ""
    moved_to: date | None = None


class Move(BaseModel):
    """What is promised for the next quarter."""

    id: str
    what: str
    who: str = ""
    due: date | None = None
    measure: str = ""


class Team(BaseModel):
    """The team in one line, without names."""

    filled: int = 0
    posts: int | None = None
    load: float | None = None
    load_says: Message | None = None
    sentence: Message | None = None


class Track(BaseModel):
    """Of `scored` ranges, one a quarter, so many held what came; bias: how much too high the middle was on average."""

    inside: int = 0
    scored: int = 0
    bias: float | None = None


def piece(model: type[Model], said: Any) -> Model | None:
    """A piece of a body as a model; None where it isn't there, or has another shape."""
    try:
        return model.model_validate(said)
    except ValidationError:
        return None


def pieces(model: type[Model], found: Found | None, name: str) -> list[Model]:
    """A list of a record's body."""
    return [one for said in (found.body.get(name) or [] if found else []) if (one := piece(model, said))]


def walk(found: Found | None, name: str) -> Walk | None:
    """A walk of a record with its deals."""
    said = piece(Walk, found.body.get(name)) if found else None
    if said is None or found is None:
        return None

    def whole(row: str, figure: Figure) -> Figure:
        return found.figures.get(f"{name}.{row}", figure)

    steps = [step.model_copy(update={"figure": whole(step.name, step.figure)}) for step in said.steps]
    return said.model_copy(
        update={
            "opening": whole("opening", said.opening),
            "steps": steps,
            "closing": whole("closing", said.closing),
            "listed": {},
        }
    )


def numbers(found: Records, target: float | None, until: date | None = None) -> list[Measured]:
    """The four numbers: of the retrospective; without it, bookings as `crm` has them, unless the exports end early, on
    the day `until`. target: of bookings, in cents."""
    retro, crm = found.get("retrospective"), found.get("crm")
    said = {m.metric: _with_deals(m, retro.figures) for m in pieces(Measured, retro, "numbers") if retro}
    missing = say("not provided: retrospective has not been run for the quarter")
    out = []
    for metric in NUMBERS:
        unit: Literal["share", "money"] = "share" if metric == "margin" else "money"
        none = Measured(metric=metric, actual=Figure(definition=metric, unit=unit, reason=missing))
        out.append(said.get(metric) or (_of_crm(crm, target, until) if metric == "bookings" and crm else None) or none)
    return out


def _with_deals(measured: Measured, figures: Mapping[str, Figure]) -> Measured:
    name = f"number.{measured.metric}"
    places = {"actual": name, "before": f"{name}.before", "year_before": f"{name}.year_before"}
    return measured.model_copy(update={place: figures[at] for place, at in places.items() if at in figures})


def _of_crm(crm: Found, target: float | None, until: date | None) -> Measured | None:
    actual = crm.figures.get("bookings")
    if actual is None:
        return None
    if until:
        actual = Figure(definition=actual.definition, reason=say("known up to {day:iso} only", day=until))
    known = actual.value is not None and bool(target)
    attainment = float(actual.value) / target if known and target else None  # type: ignore[arg-type]
    gap = float(actual.value) - target if known and target else None  # type: ignore[arg-type]
    before = crm.figures.get("before.bookings")
    return Measured(metric="bookings", actual=actual, target=target, attainment=attainment, gap=gap, before=before)


def forecast(found: Records, quarter: str) -> Forecast | None:
    """What was said of `quarter`: by the newer of the records of `crm` and `weekly` that speak of it."""
    known = [record for name in ("crm", "weekly") if (record := found.get(name))]
    for record in sorted(known, key=lambda r: r.as_of, reverse=True):
        said = piece(Forecast, record.body.get("forecast"))
        if said and said.period == quarter:
            return said
    return None


def deciding(found: Records, quarter: str) -> list[Deciding]:
    """The deals that decide `quarter`, each with its figure."""
    crm = found.get("crm")
    said = piece(Forecast, crm.body.get("forecast")) if crm else None
    if crm is None or said is None or said.period != quarter:
        return []
    deals = pieces(Deciding, crm, "deciding")
    return [d.model_copy(update={"figure": crm.figures.get(f"deciding.{n}", d.figure)}) for n, d in enumerate(deals, 1)]


def owed(found: Records) -> Owed | None:
    """What is owed, by the retrospective; without it, the sums of the Monday page."""
    retro, weekly = found.get("retrospective"), found.get("weekly")
    if retro and (said := piece(Owed, retro.body.get("owed"))):
        return said
    said = piece(Owed, weekly.body["cash"] | {"rows": []}) if weekly and weekly.body.get("cash") else None
    if said is None or weekly is None:
        return None
    late = [row for row in weekly.body["cash"].get("rows", []) if row.get("kind") == "new"]
    rows = [row for one in late if (row := piece(Debtor, one))]
    aged = [row.model_copy(update={"days_late": (said.as_of - row.due).days}) for row in rows]
    return said.model_copy(update={"rows": aged})


def risks(found: Records) -> Risks | None:
    """The first three risks and the sums; None where no record has a risk."""
    record = found.get("risk")
    if record is None:
        return None
    top, body = pieces(Risk, record, "top"), record.body
    sums = {n: body.get(n) for n in ("expected_before", "expected_after", "p90_before", "p90_after")}
    return Risks(top=top, all=max(len(body.get("risks") or []), len(top)), **sums)


def track(found: Records) -> Track:
    """How right earlier forecasts were, as counts."""
    retro, weekly = found.get("retrospective"), found.get("weekly")
    said = piece(Track, retro.body.get("track")) if retro else None
    if (said is None or not said.scored) and weekly and (told := weekly.body.get("track")):
        said = piece(Track, {"inside": told.get("inside"), "scored": told.get("n"), "bias": told.get("bias")})
    return said or Track()


def bridge(found: Records) -> Bridge | None:
    """Why bookings differ from those of the quarter before, with the deals of each step."""
    retro = found.get("retrospective")
    said = piece(Bridge, retro.body.get("bridge")) if retro else None
    if said is None or retro is None:
        return None
    figures = retro.figures
    steps = {name: figures.get(f"bridge.{name}", figure) for name, figure in said.steps.items()}
    ends = {name: figures.get(f"bridge.{name}", getattr(said, name)) for name in ("before", "now")}
    return said.model_copy(update={"steps": steps, **ends})


def largest(found: Records, walks: Sequence[Walk | None]) -> list[Largest]:
    """The quarter's largest three deals with why, by the retrospective; without it, those of the walks without why."""
    said = pieces(Largest, found.get("retrospective"), "largest")[:3]
    if said:
        return said
    became: dict[str, Literal["won", "lost", "slipped"]] = {"lost": "lost", "slipped": "slipped"}
    rows: dict[str, tuple[int, Literal["won", "lost", "slipped"]]] = {}
    for step in (step for w in walks if w for step in w.steps if step.counts):
        if step.name in ("still_due", "vanished", "won_elsewhere"):
            continue
        for deal, amount in step.figure.rows.items():
            if amount and abs(amount) > rows.get(deal, (0, "won"))[0]:
                rows[deal] = (abs(amount), became.get(step.name, "won"))
    crm = found.get("crm")
    deals = crm.deals if crm else {}
    first = sorted(rows.items(), key=lambda row: (-row[1][0], row[0]))[:3]
    return [_largest(deal, deals.get(deal, {}), amount, way) for deal, (amount, way) in first]


def _largest(
    deal: str, about: Mapping[str, str | None], amount: int, became: Literal["won", "lost", "slipped"]
) -> Largest:
    name, account = about.get("name") or deal, about.get("account") or ""
    return Largest(deal=deal, name=name, account=account, amount=amount, became=became)
