"""The three demo projects: what a new user sees, one in each dialect, fifteen Mondays of exports each."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from salesplaybook.demo import cash
from salesplaybook.demo.company import CHINA_QUIET, US_QUIET, Company, simulate
from salesplaybook.demo.dialects import FXIAOKE, SHEET, ZOHO, Dialect
from salesplaybook.demo.market import Rates
from salesplaybook.demo.words import AUTOMATION, CHANNELS, PARKS

MONDAYS = [date(2026, 6, 29) + timedelta(weeks=week) for week in range(15)]


@dataclass(frozen=True)
class DemoProject:
    """A project on an invented company: what its project.yaml says, and its weekly exports."""

    name: str
    folder: str
    language: str
    manager: str
    currency: str
    country: str
    timezone: str
    dialect: Dialect
    company: Company
    posts: int | None = None

    @property
    def mondays(self) -> list[date]:
        """2026-06-29 to 2026-10-05: the last Monday of a quarter, a whole one, the first of the next."""
        return list(MONDAYS)

    @property
    def mapping(self) -> str:
        """The text of mapping.yaml."""
        return self.dialect.mapping

    def write_export(self, monday: date, folder: Path) -> list[Path]:
        """Writes what the manager drops into data/ on `monday` at 8:10, and returns the paths.

        The export shows what was known on Sunday evening: no date in it is later, save planned ones. The
        first Monday also brings products and people; where books are kept, each Monday brings contracts, payments
        and receivables, last.
        Each file's mtime is Monday, 8:10, local time.
        """
        if monday not in MONDAYS:
            raise ValueError(f"{monday} is none of the Mondays {MONDAYS[0]} to {MONDAYS[-1]}")
        sunday = monday - timedelta(days=1)
        deals, ledger = self.company.export(sunday), self.company.ledger
        books = (
            ledger.signed(sunday),
            ledger.received(sunday),
            cash.listed(ledger.receivables(sunday), sunday),
        )
        lists = (self.company.products, self.company.people) if monday == MONDAYS[0] else ()
        folder.mkdir(parents=True, exist_ok=True)
        paths = self.dialect.write((deals, *lists), monday, folder, books)
        dropped = datetime.combine(monday, time(8, 10), ZoneInfo(self.timezone)).timestamp()
        for path in paths:
            os.utime(path, (dropped, dropped))
        return paths


def projects() -> list[DemoProject]:
    """A new simulation of the three, the same at every call.

    Their seeds are chosen so that each kind of change between two Mondays happens: tests of methods take others.
    """
    parks = simulate(
        151,
        words=PARKS,
        stages=FXIAOKE.stages,
        new_id=FXIAOKE.new_id,
        quiet=CHINA_QUIET,
        deals_a_month=20,
        rates=Rates(backdated=0, undated=0.01),  # Fxiaoke stamps its own times
    )
    automation = simulate(
        452,
        words=AUTOMATION,
        stages=ZOHO.stages,
        new_id=ZOHO.new_id,
        quiet=US_QUIET,
        deals_a_month=19,
        step=25,
        rates=Rates(undated=0.02),
    )
    channels = simulate(
        1763,
        words=CHANNELS,
        stages=SHEET.stages,
        new_id=SHEET.new_id,
        quiet=CHINA_QUIET,
        deals_a_month=15,
        rates=Rates(unregistered=0.05, undated=0.05, unpriced=0.2),
    )
    china: dict[str, Any] = {"language": "zh_CN", "currency": "CNY", "country": "CN", "timezone": "Asia/Shanghai"}
    return [
        DemoProject(
            name="华东智慧园区",
            folder="east-china-parks",
            manager="王敏",
            dialect=FXIAOKE,
            company=parks,
            posts=len(parks.people) + 1,
            **china,
        ),
        DemoProject(
            name="Harbour Automation",
            folder="harbour-automation",
            language="en",
            manager="Claire Dawson",
            currency="USD",
            country="US",
            timezone="America/New_York",
            dialect=ZOHO,
            company=automation,
            posts=len(automation.people) + 1,
        ),
        DemoProject(
            name="华南渠道拓展",
            folder="south-china-channels",
            manager="郑海燕",
            dialect=SHEET,
            company=channels,
            **china,
        ),
    ]
