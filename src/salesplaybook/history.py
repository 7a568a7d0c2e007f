"""What was known on a day: each row's versions over the exports, and the state of the deals at the end of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd

from salesplaybook.entries.kinds import Entry
from salesplaybook.results import Message
from salesplaybook.states import How, State
from salesplaybook.tables.reading import Reading
from salesplaybook.tables.schema import DEALS
from salesplaybook.tables.values import normal

MENDED = 0.8  # share of an export's rows that a later one of the same day must have to stand in its place
# An export at most this many days after a day closes it, rolled back by the deals' own dates.
NEAR = timedelta(days=10)
# Where a closed deal's day is taken from, in this order; `first_seen` is the first export that shows it closed.
CLOSED_BY = ("closed", "expected_close", "stage_changed", "first_seen", "modified")
CLOSED = ("won", "lost", "void")
# What one export can't know of an earlier day: it is left blank, not invented.
CHANGES = [
    "stage",
    "amount",
    "expected_close",
    "next_step",
    "next_step_date",
    "last_activity",
    "stage_changed",
    "modified",
    "forecast_category",
    "crm_probability",
]

TYPES = {
    c: {"date": "datetime64[s]", "money": "Int64", "percent": "float64"}.get(h, "object")
    for c, h in DEALS.columns.items()
}
TYPES |= {
    "first_seen": "datetime64[s]",
    "known_from": "datetime64[s]",
    "known_to": "datetime64[s]",
    "last_open_amount": "Int64",
}


class Export(NamedTuple):
    """A table as one day's files show it: its rows by key, and the keys of rows that can't be read."""

    day: date
    frame: pd.DataFrame
    unread: frozenset[str] = frozenset()


def exports(readings: Sequence[tuple[date, Reading]]) -> list[Export]:
    """The readings of one table, in the order of filing, as exports in the order of their days.

    Files of one day with no row in common are its parts. Of files with rows in common, a later one replaces an
    earlier one of its name, or of which it has nearly all rows (it was mended); else the two are joined, the later
    one's rows counting.
    """
    overwritten = {(day, r.file, r.sheet): place for place, (day, r) in enumerate(readings)}
    found: dict[date, Export] = {}
    for place, (day, reading) in enumerate(readings):
        if overwritten[day, reading.file, reading.sheet] != place:  # a person put another file of that name there
            continue
        before = found.get(day, Export(day, reading.frame.iloc[:0]))
        common = before.frame.index.intersection(reading.frame.index)
        kept = before.frame.iloc[:0] if len(common) > MENDED * len(before.frame) else before.frame.drop(common)
        frame = pd.concat([kept, reading.frame]) if len(kept) else reading.frame
        unread = frozenset((before.unread | reading.unread) - set(frame.index))
        found[day] = Export(day, frame, unread)
    return [found[day] for day in sorted(found)]


def newest(lists: Sequence[Export], on: date) -> Export:
    """The newest list up to `on`; where there is none, one without rows, of no day."""
    return next((e for e in reversed(lists) if e.day <= on), Export(date.min, pd.DataFrame(columns=["name"])))


def week_before(days: Sequence[date], on: date) -> date | None:
    """Of the days before the newest up to `on`, the one nearest to seven days before it; None where there is none."""
    until = [d for d in days if d <= on]
    earlier = [d for d in until if d < until[-1]]
    return min(earlier, key=lambda d: (abs((until[-1] - d).days - 7), -d.toordinal()), default=None)


def versions(exports: Sequence[Export]) -> pd.DataFrame:
    """A row per version of a deal, from exports in the order of their days. A row that can't be read changes nothing.

    Beside the columns of `tables.schema.DEALS`: known_from (the export that first shows it so), known_to (the
    export that no longer does; NaT while it stands), first_seen, closed and closed_by (see CLOSED_BY), and
    last_open_amount, what the deal counted when last seen open (many CRMs set a lost deal's amount to zero).
    """
    last = _typed(pd.DataFrame(columns=list(dict.fromkeys([*TYPES, "closed_by"]))))
    done = []
    for number, export in enumerate(exports):
        on, frame, unread = export
        day = pd.Timestamp(on)
        now = _typed(frame.reindex(columns=list(DEALS.columns)))
        now["first_seen"] = last["first_seen"].reindex(now.index).fillna(day).astype("datetime64[s]")
        now["closed"], now["closed_by"] = _closed(now, last.reindex(now.index), day, first=number == 0)
        before_amount = last["last_open_amount"].reindex(now.index)
        now["last_open_amount"] = now["amount"].where(now["status"].isin(("open", "on_hold"))).fillna(before_amount)
        now["known_from"], now["known_to"] = day, pd.NaT
        standing = last[last["known_to"].isna()]
        same = _same(standing, now)
        ended = standing.index.difference(same).difference(list(unread))
        last.loc[ended, "known_to"] = day
        replaced = last.index.intersection(now.index.difference(same))
        done.append(last.loc[replaced])
        last = pd.concat([last.drop(replaced), now.drop(same)])
    return _typed(pd.concat([*(d for d in done if len(d)), last]))


def _same(standing: pd.DataFrame, now: pd.DataFrame) -> pd.Index:
    """The keys whose row says the same as before."""
    both = standing.index.intersection(now.index)
    columns = [*DEALS.columns, "closed_by"]
    old, new = standing.loc[both, columns], now.loc[both, columns]
    equal = pd.concat([(old[c].eq(new[c]) | (old[c].isna() & new[c].isna())).fillna(False) for c in columns], axis=1)
    return both[equal.all(axis=1).to_numpy(dtype=bool)] if len(both) else both


def _closed(now: pd.DataFrame, before: pd.DataFrame, day: pd.Timestamp, first: bool) -> tuple[pd.Series, pd.Series]:
    """The day on which each closed deal closed, and by which source; the source once taken stays."""
    closed = now["status"].isin(CLOSED)
    going_on = closed & (before["status"] == now["status"]) & before["closed_by"].notna()
    sources = {c: now[c] for c in CLOSED_BY if c in now.columns and c != "first_seen"}
    # A day after the export's own is a plan, not a closing.
    days = {c: s.where(s <= day) for c, s in sources.items()}
    # Of a deal that the first export of all shows closed, or that was closed without a day, no export tells when.
    shown = before["status"] == now["status"]
    days["first_seen"] = pd.Series(pd.NaT if first else day, index=now.index, dtype="datetime64[s]").mask(shown)
    at = pd.Series(pd.NaT, index=now.index, dtype="datetime64[s]")
    by = pd.Series(None, index=now.index, dtype="object")
    for source in CLOSED_BY:
        kept = going_on & (before["closed_by"] == source)
        previous = before["closed"].astype("datetime64[s]")
        again = previous if source in ("first_seen", "modified") else days[source].fillna(previous)
        fresh = closed & ~going_on & at.isna() & days[source].notna()
        at = at.mask(kept, again).mask(fresh, days[source])
        by = by.mask(kept | fresh, source)
    return at, by


@dataclass(frozen=True)
class Snapshot:
    """What is known as of `on`: the exports up to that day, or, where there are none, the earliest after it.

    rows      the versions that those exports give (see `versions`)
    days      the days of those exports
    stages    the open stages in the order of the process
    prices    product (as `values.normal` writes it) -> list price in cents, where the mapping says that open deals
              without an amount count at it
    products, people, contracts, payments, receivables
              as listed in the newest list up to `on`; contracts_day, payments_day, receivables_day: of which day
    narrowed  why the newest export is a narrowed view (then nothing else is known), None where it isn't
    typed     what people had typed by the newest export's day and by the one of a week before, by kind
    """

    on: date
    rows: pd.DataFrame
    days: list[date]
    stages: list[str] = field(default_factory=list)
    prices: dict[str, int] = field(default_factory=dict)
    products: pd.DataFrame = field(default_factory=pd.DataFrame)
    people: pd.DataFrame = field(default_factory=pd.DataFrame)
    narrowed: Message | None = None
    contracts: pd.DataFrame = field(default_factory=pd.DataFrame)
    payments: pd.DataFrame = field(default_factory=pd.DataFrame)
    receivables: pd.DataFrame = field(default_factory=pd.DataFrame)
    contracts_day: date | None = None
    payments_day: date | None = None
    receivables_day: date | None = None
    typed: dict[date, dict[str, list[Entry]]] = field(default_factory=dict)
    _states: dict[date, State] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def empty(self) -> bool:
        return not self.days

    @property
    def deals(self) -> State:
        """The deals as the newest export shows them."""
        return self.at(self.on)

    @property
    def newest(self) -> date | None:
        """The day of the newest export up to `on`; None where there is none."""
        return max((d for d in self.days if d <= self.on), default=None)

    @property
    def a_week_before(self) -> date | None:
        """The day of the export nearest to seven days before the newest; None where there is no earlier one."""
        return week_before(self.days, self.on)

    def entries(self, kind: str, day: date | None = None) -> list[Entry]:
        """What people had typed of a kind by the export of `day`; None: by the newest."""
        until = [d for d in self.typed if d <= (day or self.on)]
        return self.typed[max(until)].get(kind, []) if until else []

    def shown(self, day: date) -> State:
        """The deals as the export of `day` shows them, nothing rolled back."""
        return self._state(self._known(day), day, "export", day)

    def at(self, day: date) -> State:
        """The deals at the end of `day`: from the first export after it, at most ten days later and not after `on`,
        rolled back by the deals' own dates; else from the latest up to it, as it stands; else rebuilt from the earliest
        of all, of which only what its dates place at or before `day` is used (old stages and amounts stay unknown)."""
        if day not in self._states:  # made once: nobody changes a state
            self._states[day] = self._at(day)
        return self._states[day]

    def _at(self, day: date) -> State:
        near = [d for d in self.days if day < d <= min(day + NEAR, self.on)]
        until = [d for d in self.days if d <= day]
        if near:
            return self._rolled_back(near[0], day, "rolled back")
        if until:
            return self._state(self._known(until[-1]), day, "export", until[-1])
        return self._rolled_back(self.days[0], day, "rebuilt")

    def until(self, day: date) -> pd.DataFrame:
        """Every deal as it stood at the end of `day` or, if it stood in no state then, as it was last known."""
        state = self.rows if self.empty else self.at(min(day, self.on)).frame
        gone = self.rows.drop(state.index, errors="ignore").sort_values("known_from", kind="stable")
        return pd.concat([state, gone[~gone.index.duplicated(keep="last")]])

    def _known(self, day: date) -> pd.DataFrame:
        """The deals that the latest export up to `day` shows."""
        rows, at = self.rows, pd.Timestamp(day)
        return rows[(rows["known_from"] <= at) & (rows["known_to"].isna() | (rows["known_to"] > at))]

    def _rolled_back(self, export: date, day: date, how: How) -> State:
        at, later = pd.Timestamp(day), self._known(export)
        seen = later["first_seen"] <= at
        known_then = self._known(day) if any(d <= day for d in self.days) else self.rows.iloc[:0]
        existed = seen | (later["created"] <= at) | (later["status"].isin(CLOSED) & (later["closed"] <= at))
        # Of a deal without a day, created or closed, the first export of all can't tell since when it has been so.
        undated = ~existed & later["created"].isna() & (later["first_seen"] == pd.Timestamp(self.days[0]))
        undated &= later["closed"].isna()
        since = later["status"].isin(CLOSED) & (later["closed"] > at)
        stands = later[existed & ~since]
        back = later[existed & since]
        before = known_then.loc[known_then.index.intersection(back.index)]
        opened = _blank(back.drop(before.index).assign(status="open", closed=None, closed_by=None))
        amounts_unknown = False
        if how == "rebuilt":
            unknown = ~stands["status"].isin(CLOSED)
            amounts_unknown = bool(stands.loc[unknown, "amount"].notna().any())
            stands = pd.concat([stands[~unknown], _blank(stands[unknown])])
        else:  # soon after, an amount is taken as it is: also that of a deal which has closed meanwhile
            own = back["amount"].where((back["status"] == "won") | (back["amount"] > 0))
            opened["amount"] = back["last_open_amount"].fillna(own).reindex(opened.index)
            # Where the day of closing comes from elsewhere, this column still holds the day that was expected.
            expected = back["expected_close"].where(back["closed_by"] != "expected_close")
            opened["expected_close"] = expected.reindex(opened.index).astype("datetime64[s]")
        state = self._state(pd.concat([stands, before, opened]), day, how, export, later[undated], amounts_unknown)
        one_date = back["closed_by"] == "expected_close"
        return replace(state, unplanned=sorted(opened.index.intersection(back.index[one_date])))

    def _state(
        self,
        frame: pd.DataFrame,
        day: date,
        how: How,
        export: date,
        undated: pd.DataFrame | None = None,
        amounts_unknown: bool = False,
    ) -> State:
        frame = _typed(frame).drop(columns=["known_from", "known_to"]).sort_index()
        seen = set(self.rows.index[self.rows["known_from"] <= pd.Timestamp(day)])
        prices = {p: self.prices.get(normal(p)) for p in frame["product"].dropna().unique()}
        listed = frame["product"].map(prices).astype("Int64")
        # An amount in a currency without a rate is withheld: no list price stands in for it.
        own = frame["amount"].isna() & frame["currency"].isna()
        frame["at_list_price"] = own & (frame["status"] == "open") & listed.notna()
        frame["value"] = frame["amount"].fillna(listed.where(frame["at_list_price"])).fillna(0).astype("int64")
        if how == "rebuilt" and len(frame[frame["status"] == "open"]) and not frame["at_list_price"].any():
            amounts_unknown = True
        return State(frame, day, how, export, seen, [] if undated is None else sorted(undated.index), amounts_unknown)


def _blank(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows without what an export can't know of an earlier day."""
    frame = frame.copy()
    for column in CHANGES:
        frame[column] = pd.Series(None, index=frame.index, dtype=TYPES.get(column, "object"))
    return frame


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    # Joining frames of which one is empty or all blank loses the types of its columns.
    frame = frame.astype({c: t for c, t in TYPES.items() if c in frame.columns})
    return frame.set_axis(frame.index.astype("object"))
