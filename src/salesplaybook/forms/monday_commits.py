"""The parts of the Monday form about money: the quarter's target, the manager's commit, the owners'."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from salesplaybook.entries.kinds import Commit, Target, spoken
from salesplaybook.entries.rows import made_id
from salesplaybook.forms.fields import TRACKS, Column, Note, Notes, Part, Row, Rows, Typed
from salesplaybook.forms.fields import shown_amount as shown
from salesplaybook.language import Language, digits
from salesplaybook.language import translate as _

WIDE = "minmax(0, 1fr)"


def target(page: Any) -> Part:
    def standing(saved: Rows) -> Target | None:
        mine = [t for t in saved.values() if isinstance(t, Target) and t.period == page.quarter]
        return next((t for t in mine if t.metric == "bookings" and not t.owner), None)

    def rows(saved: Rows) -> list[Row]:
        target = standing(saved)
        if page.target is not None and target is None:
            return []  # it is the sum of the owners'
        return [Row("target", {"period": page.quarter, "amount": target.amount if target else None})]

    def put(saved: Rows, typed: Typed) -> str:
        target, amount = standing(saved), typed.values["amount"]
        if target and amount is None:
            del saved[target.id]
        elif target:
            saved[target.id] = target.model_copy(update={"amount": amount})
        elif amount is not None:
            id = page.quarter if page.quarter not in saved else made_id(typed.values, saved)
            saved[id] = Target(id=id, period=page.quarter, amount=amount)
        return typed.key

    def check(typed: Typed) -> Notes:
        return {"amount": Note(_("A target is more than nothing."))} if typed.values["amount"] == 0 else {}

    columns = [
        Column("period", _("Quarter"), "said", WIDE),
        Column("amount", _("Target"), "money", "160px", _("such as 12.4M")),
    ]
    return Part("targets", _("Target"), columns, rows, put, check, note=_("once a quarter; may stay empty"))


def commit(page: Any, week: str, say: Language) -> Part:
    won = _won(page)

    def rows(saved: Rows) -> list[Row]:
        row = Row("commit", {"period": page.quarter, "won": say.money(won), "before": say.money(page.commit_before)})
        if commit := spoken(_commits(saved), page.quarter, week):
            row.values |= {"amount": commit.amount, "skip": commit.skipped and commit.amount is None}
        return [row]

    def put(saved: Rows, typed: Typed) -> str:
        skip = bool(typed.values["skip"])
        _say_commit(saved, page.quarter, week, "", typed.values["amount"], skip)
        return typed.key

    def check(typed: Typed) -> Notes:
        if typed.values["skip"] and typed.values["amount"] is not None:
            return {"skip": Note(_("Say an amount or skip it, not both."))}
        return {}

    columns = [
        Column("period", _("Quarter"), "said", WIDE),
        Column("won", _("Won so far"), "said", TRACKS["money"], right=True),
        Column("before", _("Last week"), "said", TRACKS["money"], right=True),
        Column("skip", _("Skip this week"), "tick", "112px"),
        Column("amount", _("Your commit"), "money", "160px", _("such as 12.4M")),
    ]
    note = _("your own number first; the model's range is shown below afterwards")
    return Part("commits", _("Your commit"), columns, rows, put, check, partial(_small, won, say), note)


def all_owners(page: Any) -> Sequence[Any]:
    """Every owner's row: the page itself shows from the ninth on in one."""
    return getattr(page, "all_owners", None) or page.owners


def owners(page: Any, week: str, say: Language) -> Part:
    owners = {row.owner: row for row in all_owners(page) if row.owner and row.here}

    def rows(saved: Rows) -> list[Row]:
        found = []
        for name, owner in owners.items():
            row = Row(name, {"owner": name, "won": say.money(owner.won), "before": say.money(owner.before)})
            if commit := spoken(_commits(saved), page.quarter, week, name):
                row.values["amount"] = commit.amount
            elif owner.before is not None:
                row.filled["amount"] = _whole(owner.before, say)
            found.append(row)
        return found

    def put(saved: Rows, typed: Typed) -> str:
        manager = spoken(_commits(saved), page.quarter, week)
        if not typed.edited and not (manager and manager.amount is not None):
            return ""  # pre-filled ones are said with the manager's own
        _say_commit(saved, page.quarter, week, typed.key, typed.values["amount"])
        return typed.key

    def total(typed: list[Typed]) -> str:
        amounts = [t.values["amount"] for t in typed if t.values["amount"] is not None]
        return _("Together {amount}", amount=shown(sum(amounts, Decimal(0)), say)) if len(amounts) > 1 else ""

    columns = [
        Column("owner", _("Owner"), "said", WIDE),
        Column("won", _("Won so far"), "said", TRACKS["money"], right=True),
        Column("before", _("Last week"), "said", TRACKS["money"], right=True),
        Column("amount", _("Commit"), "money", "160px"),
    ]
    note = _("last week's stand there already, and are saved with your own")
    return Part("commits", _("The owners' commits"), columns, rows, put, note=note, total=total)


def _commits(saved: Rows) -> list[Commit]:
    return [row for row in saved.values() if isinstance(row, Commit)]


def _say_commit(
    saved: Rows, quarter: str, week: str, owner: str, amount: Decimal | None, skipped: bool = False
) -> None:
    """Puts an owner's (empty: the manager's) commit of the week into the rows, or takes it out."""
    mine = [c for c in _commits(saved) if (c.period, c.week, c.owner) == (quarter, week, owner)]
    standing = spoken(mine, quarter, week, owner) or (mine[-1] if mine else None)
    said = {"amount": amount, "skipped": skipped and amount is None}
    if amount is None:
        for row in mine:  # another one of the week would speak in its place
            saved.pop(row.id)
    if standing and (skipped or amount is not None):
        saved[standing.id] = standing.model_copy(update=said)
    elif skipped or amount is not None:
        id = f"{quarter}:{week}:{owner}"
        saved[id] = Commit(id=id, period=quarter, week=week, owner=owner, **said)


def _small(won: int, say: Language, typed: Typed) -> Notes:
    """A commit below what is won may be meant; one in another unit is offered to be mended."""
    amount = typed.values["amount"]
    if amount is None or amount * 10 ** digits(say.currency) >= won:
        return {}
    note = _("This is less than is won already: {won:money}.", won=won)
    for unit in (10**4, 10**8) if say.chinese else (10**3, 10**6):
        larger = amount * unit
        if won <= larger * 10 ** digits(say.currency) < 20 * won:
            return {"amount": Note(note, larger, _("Make it {amount}", amount=shown(larger, say)))}
    return {"amount": Note(note)}


def _won(page: Any) -> int:
    return int(page.won.value or 0) if page.won else 0


def _whole(cents: int, say: Language) -> Decimal:
    return Decimal(cents) / 10 ** digits(say.currency)
