"""What is known of the deals: their state at the end of a day, and all that areas may ask of a day's knowledge."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

import pandas as pd

from salesplaybook.results import Message

How = Literal["export", "rolled back", "rebuilt"]


@dataclass(frozen=True)
class State:
    """The deals at the end of a day: what walks compare.

    frame     index = deal key; the columns of `tables.schema.DEALS`, closed_by, first_seen, and
              value          what it counts in cents: its amount, else its list price if the mapping says so, else 0
              at_list_price  whether that is the list price
    how       `export` as it stands, `rolled back` from one soon after, or `rebuilt` from the dates of a later one
    export    the day of the export that it is made from
    seen      the keys that an export up to that day has shown
    undated   the keys of deals that can't be placed in time: they are in no past state and in no walk
    amounts_unknown   rebuilt, and what its open deals counted then is not known
    unplanned   the keys of open deals that have closed since, of which no export tells when they were to close
    """

    frame: pd.DataFrame
    day: date
    how: How
    export: date
    seen: set[str] = field(default_factory=set)
    undated: list[str] = field(default_factory=list)
    amounts_unknown: bool = False
    unplanned: list[str] = field(default_factory=list)

    @property
    def open(self) -> pd.DataFrame:
        return self.frame[self.frame["status"] == "open"]

    def decided(self, first: date | None = None) -> pd.DataFrame:
        """The deals that were won or lost, with a closing day, from `first` on."""
        frame = self.frame[self.frame["status"].isin(("won", "lost")) & self.frame["closed"].notna()]
        return frame if first is None else frame[frame["closed"] >= pd.Timestamp(first)]


class Known(Protocol):
    """What is known as of the day `on`, as areas want it; `history.Snapshot` is it.

    rows: each deal's versions; days: the exports' days; stages: the open ones in the order of the process;
    people: the team's list (columns name, joined, left); contracts, payments, receivables: the newest lists, and
    contracts_day, payments_day, receivables_day: of which day they are;
    at(day): the state at the end of a day; deals: the newest state; narrowed: why the newest export holds only some
    of the deals; newest, a_week_before: the days of two exports; shown(day): the deals as an export shows them;
    entries(kind, day): what people had typed.
    """

    @property
    def on(self) -> date: ...
    @property
    def empty(self) -> bool: ...
    @property
    def narrowed(self) -> Message | None: ...
    @property
    def rows(self) -> pd.DataFrame: ...
    @property
    def days(self) -> list[date]: ...
    @property
    def stages(self) -> list[str]: ...
    @property
    def people(self) -> pd.DataFrame: ...
    @property
    def deals(self) -> State: ...
    @property
    def newest(self) -> date | None: ...
    @property
    def a_week_before(self) -> date | None: ...
    @property
    def contracts(self) -> pd.DataFrame: ...
    @property
    def payments(self) -> pd.DataFrame: ...
    @property
    def receivables(self) -> pd.DataFrame: ...
    @property
    def contracts_day(self) -> date | None: ...
    @property
    def payments_day(self) -> date | None: ...
    @property
    def receivables_day(self) -> date | None: ...
    def entries(self, kind: str, day: date | None = None) -> list[Any]: ...
    def shown(self, day: date) -> State: ...
    def at(self, day: date) -> State: ...
