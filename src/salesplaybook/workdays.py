"""Working days and holidays of a country, with the days off and on that a project adds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from salesplaybook.language import Language

if TYPE_CHECKING:
    from holidays import HolidayBase

DAY = timedelta(days=1)


class Calendar:
    """The working days of a `country` (ISO 3166, two letters), as the library `holidays` knows them: weekends, public
    holidays, and weekend days that are worked instead of another day.

    off, on     days that the project adds: nobody works, or somebody does, whatever the country says
    language    in which holidays are named, as far as the library has their names in it
    """

    def __init__(
        self, country: str, off: Iterable[date] = (), on: Iterable[date] = (), language: str = "zh_CN"
    ) -> None:
        self.country, self.off, self.on, self.language = country, frozenset(off), frozenset(on), language
        self._told: dict[date, bool] = {}  # a quarter's plan asks for the same days a thousand times

    @property
    def known(self) -> bool:
        """Whether the country's holidays are known; where they aren't, every Monday to Friday is worked."""
        return self._public is not None

    def is_working(self, day: date) -> bool:
        """Whether a day is worked."""
        if day not in self._told:
            self._told[day] = self._works(day)
        return self._told[day]

    def _works(self, day: date) -> bool:
        if day in self.on or day in self.off:
            return day in self.on
        if self._public is None:
            return day.weekday() < 5
        self._fill(day)
        return bool(self._public.is_working_day(day))

    def count(self, first: date, last: date) -> int:
        """How many days are worked from `first` to `last`, both included."""
        return sum(map(self.is_working, _days(first, last)))

    def later(self, day: date, n: int) -> date:
        """The n-th working day after `day`; with n = 0 the day itself if it is worked, else the next that is."""
        while n or not self.is_working(day):
            day += DAY
            n -= n > 0 and self.is_working(day)
        return day

    def holidays_between(self, first: date, last: date) -> dict[date, str]:
        """The days off that are no weekend, from `first` to `last`, each with its name."""
        return {day: self._name(day) for day in _days(first, last) if not (self._weekend(day) or self.is_working(day))}

    @cached_property
    def _public(self) -> HolidayBase | None:
        import holidays  # 0.1 s, and only pages that count days need it

        try:
            known = type(holidays.country_holidays(self.country))
        except NotImplementedError:
            return None
        ours = next((code for code in (self.language, "en_US") if code in known.supported_languages), None)
        return known(language=ours or known.default_language)

    def _fill(self, day: date) -> None:
        """The library learns of a year when it is asked whether a day of it is a holiday, not whether it is worked;
        and of a worked weekend in December with the year after."""
        for year in (day.year, day.year + 1):
            date(year, 1, 1) in self._public  # type: ignore[operator]  # noqa: B015

    def _weekend(self, day: date) -> bool:
        return day.weekday() in (self._public.weekend if self._public is not None else (5, 6))

    def _name(self, day: date) -> str:
        """A holiday's name; where the day is off because another is worked, just that."""
        say, public = Language(self.language), self._public
        names = public.get_list(day) if public is not None else []
        label = getattr(public, "substituted_label", None)
        swapped = re.escape(public.tr(label)).replace("%s", ".+") if public is not None and label else r"(?!)"
        named = (say("day off in lieu") if re.fullmatch(swapped, name) else name for name in names)
        return say.list(list(dict.fromkeys(named))) or say("day off")


def _days(first: date, last: date) -> Iterator[date]:
    return (first + n * DAY for n in range((last - first).days + 1))
