"""The parts of the goals form about what a quarter is to bring: money, and what is counted otherwise."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from markupsafe import Markup

from salesplaybook.entries.kinds import Target
from salesplaybook.entries.rows import made_id
from salesplaybook.forms.fields import Column, Note, Notes, Part, Row, Rows, Typed, shown_amount
from salesplaybook.forms.goals_split import share_out
from salesplaybook.language import Language, digits
from salesplaybook.language import translate as _
from salesplaybook.names import METRIC_NAMES, RULE_NAMES
from salesplaybook.periods import Period

MONEY = ("bookings", "revenue", "collected")
FAR = 5  # times the highest, or a fifth of it: then a target may be meant in another unit


def targets(page: Any, period: Period, say: Language) -> Part:
    """A row a metric, with what the last quarter and the one a year ago brought beside it."""

    def rows(saved: Rows) -> list[Row]:
        return [_row(metric, metric, saved, page, period, say) for metric in METRIC_NAMES]

    def put(saved: Rows, typed: Typed) -> str:
        _put(saved, typed, typed.key, page, period, say)
        return typed.key

    def warn(typed: Typed) -> Notes:
        return _other_unit(page, typed, say)

    def live(typed: Typed) -> dict[str, str | Markup]:
        return _live(page, typed, say)

    columns = [
        Column("name", _("Metric"), "said", "minmax(0, 1.4fr)"),
        *_before(),
        Column("amount", _("Target"), "money", "140px", _("such as 12.4M"), share=True),
        _rule(),
        Column("history", _("What history says"), "said", "minmax(0, 3fr)"),
    ]
    note = _("margin in percent, as 31; customers as a number; the rule shares a target out over people and months")
    return Part("targets", _("Targets"), columns, rows, put, _check, warn, note, live=live)


def own(page: Any, period: Period, say: Language) -> Part:
    """Metrics of one's own: a name and a number."""

    def rows(saved: Rows) -> list[Row]:
        mine = [t for t in _standing(saved, period).values() if t.metric not in METRIC_NAMES]
        return [_row(t.id, t.metric, saved, page, period, say) for t in mine]

    def put(saved: Rows, typed: Typed) -> str:
        before, name = saved.get(typed.key), str(typed.values["name"]).strip()
        if isinstance(before, Target) and before.metric != name:
            saved[before.id] = before.model_copy(update={"metric": name})
        return _put(saved, typed, name, page, period, say)

    def check(typed: Typed) -> Notes:
        name = str(typed.values["name"] or "").strip()
        if not name:
            return {"name": Note(_("What is counted?"))}
        if name in METRIC_NAMES or name in {_(text) for text in METRIC_NAMES.values()}:
            return {"name": Note(_("{name} has its own row above.", name=name))}
        if typed.values["amount"] is None:
            return {"amount": Note(_("How many?"))}
        return _check(typed)

    columns = [
        Column("name", _("Metric"), "text", "minmax(0, 2fr)", _("what you count yourself, as demos")),
        Column("amount", _("Target"), "number", "140px", _("a number")),
        _rule(),
    ]
    note = _("what came of it is entered below, beside its goal")
    return Part("targets", _("Metrics of your own"), columns, rows, put, check, note=note, add=_("Add a metric"))


def _row(key: str, metric: str, saved: Rows, page: Any, period: Period, say: Language) -> Row:
    target, measured = _standing(saved, period).get(metric), _measured(page, metric)
    values: dict[str, Any] = {"name": _(METRIC_NAMES[metric]) if metric in METRIC_NAMES else metric}
    for name in ("before", "year_before"):
        figure = getattr(measured, name, None)
        values[name] = "–" if figure is None or figure.value is None else _shown(metric, figure.value, say)
    if target:
        values |= {"amount": target.amount, "rule": target.rule}
    return Row(key, values)


def _put(saved: Rows, typed: Typed, metric: str, page: Any, period: Period, say: Language) -> str:
    """The target into the rows; where it is shared out by a rule, its parts too."""
    target, amount = _standing(saved, period).get(metric), typed.values["amount"]
    if amount is None:
        if target:
            del saved[target.id]
        return ""
    wanted = period.name if metric == "bookings" else f"{period.name}:{metric}"
    id = target.id if target else wanted if wanted not in saved else made_id({"metric": metric, "a": amount}, saved)
    new = target or Target(id=id, period=period.name, metric=metric)
    saved[id] = new.model_copy(update={"amount": amount, "rule": None if metric == "margin" else typed.values["rule"]})
    if typed.values["rule"] and metric != "margin":
        share_out(saved, page, metric, say)
    return id


def _check(typed: Typed) -> Notes:
    amount, metric = typed.values["amount"], typed.key
    if amount is not None and amount <= 0:
        return {"amount": Note(_("{amount} is no target: a target is more than nothing.", amount=f"{amount:f}"))}
    if metric == "margin" and amount is not None and amount >= 100:
        return {"amount": Note(_("A margin of {amount} %: expected under 100, as 31.", amount=f"{amount:f}"))}
    if metric == "margin" and typed.values["rule"]:
        text = _("A share can't be shared out over people and months.")
        return {"rule": Note(text, {"rule": None}, _("Take the rule away"))}
    if typed.values["rule"] and amount is None:
        return {"amount": Note(_("A rule shares a target out: how much is it?"))}
    return {}


def _live(page: Any, typed: Typed, say: Language) -> dict[str, str | Markup]:
    """What history says of the target, as it is typed."""
    amount = typed.values.get("amount")
    if amount is None or amount <= 0 or not typed.key:
        return {"history": ""}
    units = amount * 10 ** digits(say.currency) if typed.key in MONEY else amount
    said = page.plausible(typed.key, float(units / 100 if typed.key == "margin" else units))
    return {"history": say(said.text, **said.values) if said else ""}


def _other_unit(page: Any, typed: Typed, say: Language) -> Notes:
    """A target far off all that ever came may be meant in another unit: 12.8 for 12.8 million."""
    row, amount = _measured(page, typed.key), typed.values["amount"]
    if row is None or amount is None or not row.highest or typed.key not in MONEY:
        return {}
    ever = Decimal(round(row.highest)) / 10 ** digits(say.currency)
    if ever / FAR / 10 < amount < ever * FAR * 10:
        return {}
    for size in (10**4, 10**8) if say.chinese else (10**3, 10**6):
        for meant in (amount * size, amount / size):
            if ever / FAR < meant < ever * FAR:
                text = _("Far from all that ever came: the most was {ever}.", ever=shown_amount(round(ever), say))
                return {"amount": Note(text, meant, _("Make it {amount}", amount=shown_amount(meant, say)))}
    return {}


def _before() -> list[Column]:
    return [
        Column("year_before", _("A year ago"), "said", "84px", right=True),
        Column("before", _("Last quarter"), "said", "84px", right=True),
    ]


def _rule() -> Column:
    return Column("rule", _("Shared out by"), "choice", "118px", choices={_(v): k for k, v in RULE_NAMES.items()})


def _standing(saved: Rows, period: Period) -> dict[str, Target]:
    mine = [t for t in saved.values() if isinstance(t, Target) and t.period == period.name and not t.owner]
    return {t.metric: t for t in mine}


def _measured(page: Any, metric: str) -> Any:
    return next((row for row in page.progress if row.metric == metric), None)


def _shown(metric: str, value: float, say: Language) -> str:
    if metric == "margin":
        return say.percent(value)
    return say.money(value) if metric in MONEY else say.count(value)
