"""Walks: from one state of the pipeline to another, row by row, so that every deal's way is told and the rows sum.

What each row holds, for a deal counted a at the opening state A and b at the closing state B, stands in ROWS and is
what pages print. Each deal falls by its two statuses into exactly one way; hence the sums (`results.Walk` checks).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pandas as pd

from salesplaybook.periods import Period
from salesplaybook.results import Figure, Message, Step, Walk, defined, of_deals, say
from salesplaybook.states import State

ROWS: dict[str, tuple[Literal[-1, 0, 1], str]] = {
    "new": (+1, defined("first seen after the opening, at its closing amount")),
    "returned": (+1, defined("closed, on hold or gone at the opening and open, or won, since; at its closing amount")),
    "pulled_in": (+1, defined("open but not due at the opening, due or won at the closing; at its opening amount")),
    "won": (-1, defined("won at the closing and not at the opening, at the closing amount")),
    "lost": (-1, defined("lost since; an open deal at its opening amount")),
    "void": (-1, defined("void since; an open deal at its opening amount")),
    "on_hold": (-1, defined("on hold since; an open deal at its opening amount")),
    "vanished": (-1, defined("open at the opening and no longer in the export, at its opening amount")),
    "slipped": (-1, defined("due at the opening, open but no longer due at the closing, at its opening amount")),
    "grown": (0, defined("the amount rose between opening and closing")),
    "shrunk": (0, defined("the amount fell between opening and closing")),
}
OPENING = defined("open at the end of the day before the period")
CLOSING = defined("open at the end of the period")
STOPPED = ("lost", "void", "on_hold")


def pairs(opening: State, closing: State, due_until: pd.Timestamp, *, all_closing: bool = False) -> pd.DataFrame:
    """A row per deal of either state: a, b (cents), was, is_ (status, or `absent`), due_a, due_b, fresh, late.

    fresh: in no export up to the opening. late: first seen closed, with a closing day not after the opening.
    due: open, and expected to close by `due_until`. Deals that the opening can't place in time are left out, but
    with `all_closing`: what was won counts, wherever it came from.
    """
    left_out = [] if all_closing else [k for k in opening.undated if k in closing.frame.index]
    A, B = opening.frame, closing.frame.drop(index=left_out)
    index = A.index.union(B.index)
    out = pd.DataFrame(index=index)
    out["a"] = A["value"].reindex(index).fillna(0).astype("int64")
    out["b"] = B["value"].reindex(index).fillna(0).astype("int64")
    out["was"] = A["status"].reindex(index).fillna("absent")
    out["is_"] = B["status"].reindex(index).fillna("absent")
    out["due_a"] = (out["was"] == "open") & (A["expected_close"].reindex(index) <= due_until)
    expected = B["expected_close"].reindex(index)
    out["due_b"] = (out["is_"] == "open") & (expected <= due_until)
    # A deal that is neither open before nor after is due if it was to close by then, or did.
    out["was_due"] = (out["is_"] == "won") | (expected <= due_until)
    out["fresh"] = (out["was"] == "absent") & ~index.isin(list(opening.seen))
    closed = B["closed"].reindex(index)
    out["late"] = out["fresh"] & (closed <= pd.Timestamp(opening.day))
    out["closed"] = closed
    return out


def stock(opening: State, closing: State, period: Period) -> Walk:
    """Every open deal: opening + new + returned - won - lost - void - on hold - vanished +- amounts = closing."""
    p = pairs(opening, closing, pd.Timestamp(period.last))
    absent, was_open, is_open = p["was"] == "absent", p["was"] == "open", p["is_"] == "open"
    ended = p["is_"].isin(("won", *STOPPED))
    came = (is_open | ended) & ~p["late"]
    rows = {
        "new": p[p["fresh"] & came]["b"],
        "returned": p[_returned(p, is_open, ended)]["b"],
        "won": p[(p["is_"] == "won") & (p["was"] != "won") & ~p["late"]]["b"],
        **{s: _stopped(p[(p["is_"] == s) & (was_open | absent) & ~p["late"]]) for s in STOPPED},
        "vanished": p[was_open & (p["is_"] == "absent")]["a"],
        **_amounts(p[was_open & p["is_"].isin(("open", "won"))]),
    }
    return _walk(
        p[was_open]["a"], rows, p[is_open]["b"], _withheld(opening, closing), _listed(p, opening, closing, period)
    )


def due(opening: State, closing: State, period: Period) -> Walk | None:
    """The deals due by the period's last day; beside the stock walk's rows, pulled in and slipped.

    None where the opening is rebuilt from dates, or no open deal has an expected close at either end, or no export
    had shown when deals that have closed since were to close. Of a deal that came into no export before it closed,
    nobody knows whether it was due at the opening: it is new.
    """
    dated = pd.concat([opening.open["expected_close"], closing.open["expected_close"]]).notna().any()
    if opening.how == "rebuilt" or not dated or _unplanned(opening):
        return None
    p = pairs(opening, closing, pd.Timestamp(period.last))
    new = p.index.isin(opening.unplanned)
    p = p.assign(was=p["was"].mask(new, "absent"), fresh=p["fresh"] | new, due_a=p["due_a"] & ~new)
    absent, was_open = p["was"] == "absent", p["was"] == "open"
    ended = p["is_"].isin(("won", *STOPPED)) & p["was_due"]
    came = (p["due_b"] | ended) & ~p["late"]
    pulled = was_open & ~p["due_a"] & (p["due_b"] | (p["is_"] == "won"))
    kept = p["due_a"] & (p["due_b"] | (p["is_"] == "won"))
    rows = {
        "new": p[p["fresh"] & came]["b"],
        "returned": p[_returned(p, p["due_b"], ended)]["b"],
        "pulled_in": p[pulled]["a"],
        "won": p[(p["is_"] == "won") & (p["was"] != "won") & ~p["late"]]["b"],
        **{s: _stopped(p[(p["is_"] == s) & (p["due_a"] | (absent & ended)) & ~p["late"]]) for s in STOPPED},
        "vanished": p[p["due_a"] & (p["is_"] == "absent")]["a"],
        "slipped": p[p["due_a"] & (p["is_"] == "open") & ~p["due_b"]]["a"],
        **_amounts(p[kept | pulled]),
    }
    later = closing.frame["expected_close"].reindex(p.index) > opening.frame["expected_close"].reindex(p.index)
    pushed = p[later & was_open & (p["is_"] == "open")]["b"]
    listed = {"pushed": of_deals(defined("expected close moved later"), pushed)} if len(pushed) else {}
    return _walk(p[p["due_a"]]["a"], rows, p[p["due_b"]]["b"], None, listed)


def outcome(opening: State, closing: State, period: Period) -> Walk | None:
    """What became of the deals that were due at the opening, all at their opening amount.

    due = won in the period + lost or void + slipped + still due + vanished + won in another period. Once the period
    is over nothing is still due: what is open, or on hold, has slipped. None where the opening has no expected close,
    or lacks those of the deals that have closed since.
    """
    if not opening.open["expected_close"].notna().any() or _unplanned(opening):
        return None
    p = pairs(opening, closing, pd.Timestamp(period.last))
    p = p[p["due_a"]]
    over = closing.day >= period.last
    inside = _inside(p, period)
    is_open = p["is_"] == "open"
    ways = {
        "won": (p["is_"] == "won") & inside,
        "lost": p["is_"].isin(("lost", "void")),
        "slipped": (p["is_"] == "on_hold") | (is_open & (over | ~p["due_b"])),
        "still_due": is_open & (not over) & p["due_b"],
        "vanished": p["is_"] == "absent",
        "won_elsewhere": (p["is_"] == "won") & ~inside,
    }
    steps = [Step(name=n, counts=-1, figure=of_deals(WAYS[n], p[way]["a"])) for n, way in ways.items() if way.any()]
    return Walk(
        opening=of_deals(defined("due at the opening, at the opening amount"), p["a"]), steps=steps, closing=NOTHING
    )


def booked(opening: State, closing: State, period: Period) -> Walk:
    """What was booked in the period, by where it came from: it sums to the won amounts with a closing day in it.

    won of what was due (at a) + pulled in (open, not due, at a) + amount changes (b - a of both) + opened and won
    + reopened and won + dated into the period (won already at the opening), the last three at b. Where the opening
    has no expected close, or not that of a deal: won of what was open then, at b, instead of the first three.
    """
    p = pairs(opening, closing, pd.Timestamp(period.last), all_closing=True)
    amounts = closing.frame["amount"].reindex(p.index).fillna(0).astype("int64")
    p = p.assign(b=amounts)[(p["is_"] == "won") & _inside(p, period)]
    from_open = p["was"] == "open"
    planned = from_open & ~p.index.isin(opening.unplanned)
    came = {
        "opened_and_won": p[p["was"] == "absent"]["b"],
        "reopened_and_won": p[p["was"].isin(STOPPED)]["b"],
        "dated_in": p[p["was"] == "won"]["b"],
    }
    if opening.open["expected_close"].notna().any() and not _unplanned(opening):
        changes = (p["b"] - p["a"])[planned]
        rows = {
            "won": p[p["due_a"]]["a"],
            "pulled_in": p[planned & ~p["due_a"]]["a"],
            "amount_changes": changes[changes != 0],
            "from_open": p[from_open & ~planned]["b"],
            **came,
        }
    else:
        rows = {"from_open": p[from_open]["b"], **came}
    steps = [
        Step(name=n, counts=0 if n == "amount_changes" else 1, figure=of_deals(SOURCES[n], way))
        for n, way in rows.items()
        if len(way)
    ]
    return Walk(
        opening=NOTHING, steps=steps, closing=of_deals(defined("won amounts with a closing day in the period"), p["b"])
    )


def _unplanned(opening: State) -> bool:
    """Whether the opening lacks the expected close of its deals that have closed since, as it does where the first
    export of all shows one date alone."""
    return bool(opening.unplanned) and not opening.seen


NOTHING = Figure(definition="nothing", value=0, n=0)
WAYS = {
    "won": defined("won in the period"),
    "lost": defined("lost or void"),
    "slipped": defined("slipped: still open, or on hold, and not in the period any more"),
    "still_due": defined("still due"),
    "vanished": defined("no longer in the export"),
    "won_elsewhere": defined("won, but dated into another period"),
}
SOURCES = {
    "won": defined("won of what was due at the opening, at the opening amount"),
    "pulled_in": defined("open but not due at the opening, at the opening amount"),
    "amount_changes": defined("closing amount less opening amount of both"),
    "from_open": defined("open at the opening and won"),
    "opened_and_won": defined("opened in the period and won"),
    "reopened_and_won": defined("lost, void or on hold at the opening and won since"),
    "dated_in": defined("won at the opening already, dated into the period since"),
}
LISTED: dict[str, tuple[str, Callable[[pd.DataFrame], pd.Series]]] = {
    "entered_late": (defined("first seen closed, with a closing day before the period"), lambda p: p["late"]),
    "win_reversed": (
        defined("won at the opening and no longer"),
        lambda p: (p["was"] == "won") & p["is_"].isin(STOPPED),
    ),
    "won_amount_corrected": (
        defined("won at both ends, with another amount"),
        lambda p: (p["was"] == "won") & (p["is_"] == "won") & (p["a"] != p["b"]),
    ),
    "changed_end": (
        defined("changed among lost, void and on hold"),
        lambda p: p["was"].isin(STOPPED) & p["is_"].isin(STOPPED) & (p["was"] != p["is_"]),
    ),
}


def _listed(p: pd.DataFrame, opening: State, closing: State, period: Period) -> dict[str, Figure]:
    """The changes that belong in no row, each if there is one; and the won deals that are not booked in the period."""
    found = {name: of_deals(text, p[test(p)]["b"]) for name, (text, test) in LISTED.items() if test(p).any()}
    outside = (p["is_"] == "won") & (p["was"] != "won") & ~p["late"] & ~_inside(p, period)
    if outside.any():
        text = defined("won, but dated outside the period: not booked in it")
        found["won_outside"] = of_deals(text, p[outside]["b"])
    undated = closing.open.loc[closing.open.index.intersection(opening.undated), "value"]
    if len(undated):
        found["undated"] = of_deals(
            defined("open, but without a created day: in no past state and in no walk"), undated
        )
    return found


def _returned(p: pd.DataFrame, is_open: pd.Series, ended: pd.Series) -> pd.Series:
    absent_seen = (p["was"] == "absent") & ~p["fresh"]
    was_closed = p["was"].isin(("won", *STOPPED))
    return (
        ((was_closed | absent_seen) & is_open) | (absent_seen & ended) | (p["was"].isin(STOPPED) & (p["is_"] == "won"))
    )


def _stopped(p: pd.DataFrame) -> pd.Series:
    # Many CRMs set the amount of a lost deal to zero: an open deal leaves with what it came with.
    return p["a"].where(p["was"] == "open", p["b"])


def _amounts(p: pd.DataFrame) -> dict[str, pd.Series]:
    change = p["b"] - p["a"]
    return {"grown": change[change > 0], "shrunk": change[change < 0]}


def _inside(p: pd.DataFrame, period: Period) -> pd.Series:
    return (p["closed"] >= pd.Timestamp(period.first)) & (p["closed"] <= pd.Timestamp(period.last))


def _walk(
    start: pd.Series, rows: dict[str, pd.Series], end: pd.Series, withheld: Message | None, listed: dict[str, Figure]
) -> Walk:
    steps = [
        Step(name=name, counts=ROWS[name][0], figure=of_deals(ROWS[name][1], rows[name], withheld))
        for name in ROWS
        if name in rows and len(rows[name]) and not (withheld and name in ("grown", "shrunk"))
    ]
    return Walk(
        opening=of_deals(OPENING, start, withheld),
        steps=steps,
        closing=of_deals(CLOSING, end, withheld),
        listed=listed,
        withheld=withheld,
    )


def _withheld(opening: State, closing: State) -> Message | None:
    if not (opening.amounts_unknown or closing.amounts_unknown):
        return None
    return say("the opening is rebuilt from dates: one export can't know the amounts of an earlier day")
