"""The parts of the goals form about who carries what: parts of people and months, by a rule or set by hand.

What is set by hand stays, the rest is split again at each save, so that the parts sum to the whole exactly; so it is
where a target changes, or somebody joins or leaves. Rows can be pasted from Excel: a person, months, the quarter.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from salesplaybook.entries.kinds import Target
from salesplaybook.forms.fields import Column, Note, Notes, Part, Row, Rows, Typed
from salesplaybook.language import Language, digits
from salesplaybook.language import translate as _
from salesplaybook.names import METRIC_NAMES, RULE_NAMES

MONEY = ("bookings", "revenue", "collected")
DEFAULT = "history"


def share_out(saved: Rows, page: Any, metric: str, say: Language) -> Any:
    """Splits a metric's target again by its rule, into the rows; what was set by hand stays. Why it can't be done, or
    None. Rows of people who are gone go too: the split before is kept in history/."""
    whole, basis = _whole(saved, page.quarter, metric), page.bases.get(metric)
    if whole is None or whole.amount is None or basis is None:
        return None
    by_hand, months = _by_hand(saved, page, metric, say)
    made, problem = basis.split(whole.rule or DEFAULT, _units(whole.amount, metric, say), by_hand, months)
    if problem:
        return problem
    for id, row in list(saved.items()):
        if isinstance(row, Target) and _is_part(row, page, metric) and row.owner not in {p.owner for p in made}:
            del saved[id]
    for part in made:
        for period, amount in {page.quarter: part.amount, **part.months}.items():
            _say(saved, metric, period, part.owner, _typed(amount, metric, say), period in part.by_hand)
    return None


def again(page: Any, say: Language) -> Part:
    """The splits that would be others by now, each to be made again by a tick."""
    changed = {one.metric: one for one in page.splits if one.changed}

    def rows(saved: Rows) -> list[Row]:
        return [Row(metric, {"name": _name(metric), "why": _why(one, say)}) for metric, one in changed.items()]

    def put(saved: Rows, typed: Typed) -> str:
        if typed.values["again"]:
            share_out(saved, page, typed.key, say)
        return typed.key

    columns = [
        Column("again", _("Split again"), "tick", "90px"),
        Column("name", _("Target"), "said", "minmax(0, 1fr)"),
        Column("why", _("What has changed since it was split"), "said", "minmax(0, 4fr)"),
    ]
    note = _("what was set by hand stays; the split before is kept in history/")
    return Part("targets", _("Who joined, who left"), columns, rows, put, note=note)


def parts(page: Any, metric: str, say: Language) -> Part:
    """A row a person: the months and the quarter, as they are saved, or as the rule would have them."""
    names, basis = page.months, page.bases[metric]
    fields = {f"m{n}": month for n, month in enumerate(names)} | {"amount": page.quarter}
    latest: dict[str, Typed] = {}  # each row as it stands in the fields
    standing: Rows = {}
    owners: dict[str, str] = {}  # key -> whose row it is

    def rows(saved: Rows) -> list[Row]:
        standing.clear()
        standing.update(saved)
        kept = _kept(saved, page, metric)
        found = [_row(owner, kept, page, metric, say, fields) for owner in _owners(kept, page, metric)]
        owners.update({row.key: row.values["owner"] for row in found})
        return found

    def put(saved: Rows, typed: Typed) -> str:
        owner, whole = _owner(typed), _whole(saved, page.quarter, metric)
        if not typed.edited and whole and not whole.rule:
            return ""  # as proposed: it is saved once a rule is chosen, or something is set by hand
        for name in typed.edited & fields.keys():
            amount = typed.values[name]
            if amount is None:
                _free(saved, metric, fields[name], owner)
            else:
                _say(saved, metric, fields[name], owner, amount, True)
        share_out(saved, page, metric, say)
        kept = _find(saved, metric, page.quarter, owner)
        return kept.id if kept else ""

    def check(typed: Typed) -> Notes:
        latest[typed.key or _owner(typed)] = typed
        owner = _owner(typed)
        if not owner:
            return {"owner": Note(_("Whose part is it?"))}
        mine = owners.get(typed.key, owner)
        if owner != mine:
            return {"owner": Note(_("This is the row of {name}: add a row for somebody else.", name=mine), mine, mine)}
        return _too_much(typed, standing, page, metric, say, fields, latest)

    def live(typed: Typed) -> dict[str, str | Markup]:
        latest[typed.key or _owner(typed)] = typed
        days = basis.days.get(_owner(typed))
        return {"days": "" if days is None else str(days), "how": _how(typed, standing, metric, fields)}

    def total(typed: list[Typed]) -> str | Markup:
        return _total(typed, standing, page, metric, say)

    kind: Any = "money" if metric in MONEY else "number"
    columns = [
        Column("owner", _("Who"), "person", "minmax(0, 1.6fr)", _("a name")),
        Column("days", _("Working days"), "said", "70px", right=True),
        *(Column(f"m{n}", month, kind, "minmax(0, 1fr)") for n, month in enumerate(names)),
        Column("amount", page.quarter, kind, "minmax(0, 1.2fr)"),
        Column("how", _("Set by hand"), "said", "minmax(0, 1fr)"),
    ]
    title = _("Who carries what: {metric}", metric=_name(metric))
    note = _(
        "change what you know better, and it stays; empty a field, and it goes by the rule again; rows from Excel too"
    )
    return Part("targets", title, columns, rows, put, check, note=note, add=_("Add a person"), total=total, live=live)


def _row(owner: str, kept: Mapping[tuple[str, str], Target], page: Any, metric: str, say: Language, fields: Any) -> Row:
    """A person's row: what is saved, else what is proposed."""
    own, proposed = kept.get((owner, page.quarter)), _proposed(page, metric, owner)
    row = Row(own.id if own else f"{page.quarter}:{metric}:{owner}", {"owner": owner})
    for name, period in fields.items():
        if (owner, period) in kept:
            row.values[name] = kept[owner, period].amount
        elif proposed is not None and not kept:
            amount = proposed.amount if period == page.quarter else proposed.months.get(period, 0)
            row.filled[name] = _typed(amount, metric, say)
    return row


def _owners(kept: Mapping[tuple[str, str], Target], page: Any, metric: str) -> list[str]:
    if kept:
        return [owner for owner, period in kept if period == page.quarter]
    split = page.split(metric)
    return [part.owner for part in split.parts] if split else []


def _proposed(page: Any, metric: str, owner: str) -> Any:
    split = page.split(metric)
    return next((part for part in split.parts if part.owner == owner), None) if split else None


def _too_much(
    typed: Typed, standing: Rows, page: Any, metric: str, say: Language, fields: Any, latest: Mapping[str, Typed]
) -> Notes:
    """That the parts set by hand exceed the whole, below the field that was changed last."""
    whole = _whole(standing, page.quarter, metric)
    if whole is None or whole.amount is None:
        return {"owner": Note(_("There is no target to share out yet: enter it above, and save."))}
    rows = dict(standing)
    for other in (*(t for key, t in latest.items() if key != (typed.key or _owner(typed))), typed):
        for name in other.edited & fields.keys():
            amount, owner = other.values.get(name), _owner(other)
            if amount is None:
                _free(rows, metric, fields[name], owner)
            else:
                _say(rows, metric, fields[name], owner, amount, True)
    by_hand, months = _by_hand(rows, page, metric, say)
    units, rule = _units(whole.amount, metric, say), whole.rule or DEFAULT
    made, problem = page.bases[metric].split(rule, units, by_hand, months)
    mine = next((part.problem for part in made if part.owner == _owner(typed)), None)
    edited, said = [name for name in fields if name in typed.edited], problem or mine
    if said is None or not edited:
        return {}
    text = say(said.text, **said.values).rstrip(".。") + ("。" if say.chinese else ".")
    return {edited[-1]: Note(text, *_mend(edited[-1], typed, said, metric, say))}


def _mend(name: str, typed: Typed, said: Any, metric: str, say: Language) -> tuple[Any, str]:
    """The amount with which it would fit, where one is."""
    over, amount = said.values.get("over", 0), typed.values[name]
    fits = None if amount is None or over <= 0 else amount - _typed(over, metric, say)
    if fits is None or fits < 0:
        return None, ""
    return fits, _("Make it {amount}", amount=f"{fits:,}")


def _how(typed: Typed, standing: Rows, metric: str, fields: Any) -> str:
    """Which of a row's fields are set by hand, or will be."""
    owner, found = _owner(typed), []
    for name, period in fields.items():
        kept = _find(standing, metric, period, owner)
        typed_now = name in typed.edited
        if typed.values.get(name) is not None and (typed_now or (kept is not None and kept.by_hand)):
            found.append(period)
    return ", ".join(found)


def _total(typed: list[Typed], standing: Rows, page: Any, metric: str, say: Language) -> str | Markup:
    whole = _whole(standing, page.quarter, metric)
    amounts = [t.values["amount"] for t in typed if t.values.get("amount") is not None]
    if whole is None or whole.amount is None or not amounts:
        return ""
    rule, asked = _(RULE_NAMES[whole.rule or DEFAULT]), f"{whole.amount:,f}"
    if sum(amounts, Decimal(0)) == whole.amount:
        if whole.rule or _kept(standing, page, metric):
            return _("The parts sum to {whole} exactly; split by {rule}.", whole=asked, rule=rule)
        return _("A proposal: it is saved once a rule is chosen above, or a part is changed. Sum {whole}.", whole=asked)
    return _(
        "{sum} of {whole} now; when you save, what is not set by hand is split again by {rule}.",
        sum=f"{sum(amounts, Decimal(0)):,f}",
        whole=asked,
        rule=rule,
    )


def _why(split: Any, say: Language) -> str:
    said = (say(one.text, **one.values) for one in split.changed)
    return ("；" if say.chinese else "; ").join(said)


def _kept(saved: Rows, page: Any, metric: str) -> dict[tuple[str, str], Target]:
    """The saved parts of a metric, by owner and period, in the order in which they are saved."""
    found = (row for row in saved.values() if isinstance(row, Target) and _is_part(row, page, metric))
    return {(row.owner, row.period): row for row in found}


def _by_hand(saved: Rows, page: Any, metric: str, say: Language) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    people: dict[str, int] = {}
    months: dict[str, dict[str, int]] = {}
    for (owner, period), row in _kept(saved, page, metric).items():
        if row.by_hand and row.amount is not None and row.amount >= 0:
            amount = _units(row.amount, metric, say)
            if period == page.quarter:
                people[owner] = amount
            else:
                months.setdefault(owner, {})[period] = amount
    return people, months


def _is_part(row: Target, page: Any, metric: str) -> bool:
    return bool(row.owner) and row.metric == metric and row.period in (page.quarter, *page.months)


def _whole(saved: Rows, quarter: str, metric: str) -> Target | None:
    return _find(saved, metric, quarter, "")


def _find(saved: Rows, metric: str, period: str, owner: str) -> Target | None:
    rows = (row for row in saved.values() if isinstance(row, Target))
    return next((row for row in rows if (row.metric, row.period, row.owner) == (metric, period, owner)), None)


def _say(saved: Rows, metric: str, period: str, owner: str, amount: Decimal, by_hand: bool) -> None:
    """Puts a person's part of a period into the rows."""
    before = _find(saved, metric, period, owner)
    id = before.id if before else f"{period}:{metric}:{owner}"
    saved[id] = Target(id=id, period=period, metric=metric, owner=owner, amount=amount, by_hand=by_hand)


def _free(saved: Rows, metric: str, period: str, owner: str) -> None:
    if before := _find(saved, metric, period, owner):
        saved[before.id] = before.model_copy(update={"by_hand": False})


def _owner(typed: Typed) -> str:
    return str(typed.values.get("owner") or "").strip()


def _units(amount: Decimal, metric: str, say: Language) -> int:
    return round(amount * 10 ** digits(say.currency)) if metric in MONEY else round(amount)


def _typed(units: int, metric: str, say: Language) -> Decimal:
    """Cents, or pieces, as a person writes them."""
    return Decimal(units) / 10 ** digits(say.currency) if metric in MONEY else Decimal(units)


def _name(metric: str) -> str:
    return _(METRIC_NAMES[metric]) if metric in METRIC_NAMES else metric
