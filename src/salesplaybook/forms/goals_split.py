"""The parts of the goals form about who carries what: the breakdown to take over, and what is set by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from salesplaybook.entries.kinds import Target
from salesplaybook.forms.fields import Column, Note, Notes, Part, Row, Rows, Typed
from salesplaybook.language import Language, digits
from salesplaybook.language import translate as _

WIDE = "minmax(0, 2fr)"


def whole(page: Any, say: Language) -> Part:
    """One row: the breakdown as it would be made now, to be taken over for everybody at once."""
    split = page.split("bookings")

    def rows(saved: Rows) -> list[Row]:
        there = {t.owner: t.amount for t in _own(saved, page.quarter)}
        same = there == {p.owner: _whole(p.amount, say) for p in split.parts}
        said = _(
            "{whole} over {n:count} people and {m:count} months", whole=say.exact(split.whole), n=len(split.parts), m=3
        )
        return [Row("all", {"said": said, "take": bool(there) and same})]

    def put(saved: Rows, typed: Typed) -> str:
        if not typed.values["take"] or not split.parts:
            return typed.key
        people = {p.owner for p in split.parts}
        for id, row in list(saved.items()):  # who has left carries nothing any more; the old split stays in history/
            if (
                isinstance(row, Target)
                and row.owner
                and row.owner not in people
                and _is_part(row, page.quarter, split.months)
            ):
                del saved[id]
        for part in split.parts:
            for period, cents in {page.quarter: part.amount, **part.months}.items():
                _say(saved, period, part.owner, _whole(cents, say), period in part.by_hand)
        return typed.key

    columns = [
        Column("take", _("Take over"), "tick", "84px"),
        Column("said", _("Breakdown of bookings"), "said", WIDE),
    ]
    note = _("as shown above; what was set by hand stays, the rest is split again")
    return Part("targets", _("Breakdown"), columns, rows, put, note=note)


def by_hand(page: Any, say: Language) -> Part:
    """A row a person: what the breakdown gives, and an amount set by hand instead."""
    split = page.split("bookings")
    parts = {p.owner: p for p in split.parts}

    def rows(saved: Rows) -> list[Row]:
        fixed = {t.owner: t.amount for t in _own(saved, page.quarter) if t.by_hand}
        return [
            Row(owner, {"owner": owner, "days": p.days, "part": say.exact(p.amount), "amount": fixed.get(owner)})
            for owner, p in parts.items()
        ]

    def put(saved: Rows, typed: Typed) -> str:
        amount = typed.values["amount"]
        before = next((t for t in _own(saved, page.quarter) if t.owner == typed.key), None)
        if amount is not None:
            _say(saved, page.quarter, typed.key, amount, True)
        elif before and before.by_hand:
            saved[before.id] = before.model_copy(update={"by_hand": False})
        return typed.key

    def check(typed: Typed) -> Notes:
        amount = typed.values["amount"]
        if amount is not None and amount * 10 ** digits(say.currency) > split.whole:
            text = _("{part} is more than the whole of {whole}.", part=f"{amount:,}", whole=say.exact(split.whole))
            return {"amount": Note(text)}
        return {}

    def total(typed: list[Typed]) -> str:
        fixed = [t.values["amount"] for t in typed if t.values["amount"] is not None]
        if not fixed:
            return ""
        return _(
            "By hand {fixed}; make the page again, and the rest of {whole} is split over the others.",
            fixed=f"{sum(fixed, Decimal(0)):,}",
            whole=say.exact(split.whole),
        )

    columns = [
        Column("owner", _("Who"), "said", WIDE),
        Column("days", _("Working days"), "said", "110px", right=True),
        Column("part", _("By the breakdown"), "said", "150px", right=True),
        Column("amount", _("Set by hand"), "money", "160px", _("empty: by the breakdown")),
    ]
    return Part(
        "targets", _("Parts set by hand"), columns, rows, put, check, total=total, note=_("only where you know better")
    )


def _own(saved: Rows, quarter: str) -> list[Target]:
    """The parts of people in the quarter's bookings."""
    found = [t for t in saved.values() if isinstance(t, Target) and t.owner]
    return [t for t in found if (t.period, t.metric) == (quarter, "bookings")]


def _is_part(row: Target, quarter: str, months: list[str]) -> bool:
    return row.metric == "bookings" and row.period in (quarter, *months)


def _say(saved: Rows, period: str, owner: str, amount: Decimal, by_hand: bool) -> None:
    """Puts a person's part of a period into the rows."""
    same = (
        t
        for t in saved.values()
        if isinstance(t, Target) and (t.period, t.metric, t.owner) == (period, "bookings", owner)
    )
    before = next(same, None)
    id = before.id if before else f"{period}:{owner}"
    saved[id] = Target(id=id, period=period, owner=owner, amount=amount, by_hand=by_hand)


def _whole(cents: int, say: Language) -> Decimal:
    return Decimal(cents) / 10 ** digits(say.currency)
