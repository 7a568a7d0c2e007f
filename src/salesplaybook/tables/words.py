"""What headers, stages and statuses mean: words.yaml, and a project's own words.yaml before it.

Only a word that stands there is known. Letter case, spaces, marks, width, units in brackets, numbers in front of
stages and traditional characters make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from salesplaybook import settings
from salesplaybook.errors import SettingsError
from salesplaybook.settings import Status, nearest
from salesplaybook.tables.schema import STATUSES, TABLES

FILE = "words.yaml"
UNRANKED = 10_000  # the rank of a header that isn't known

_ASIDE = re.compile(
    r"[(\[【]\s*(?:单位\W*)?(?:[十百千万亿]*元?|%|¥|\$|必填|选填|rmb|cny|usd|required|optional)\s*[)\]】]"
)
_TWICE = re.compile(r"(.+)\(\1\)")  # Zoho's joined exports: Created Time(Created Time)
# 01资质审查, 1-初步接洽, 01. , S1 , 第一阶段; but not 90%赢单
_NUMBER = re.compile(
    r"^\W*(?:第|s|step|stage|阶段)?\s*(?:(\d{1,2})|([一二三四五六七八九十])(?=\s*[、.)步阶]))(?:步|阶段)?[^\w%]*_*[^\w%]*(?=[^\W\d_])"
)
_PIPELINE = re.compile(r"\([^()]*(?:pipeline|管道|流程)\)\s*$")  # HubSpot: Closed won (Sales Pipeline)
_LATIN = re.compile(r"[a-zß-ɏ]+")

_Word = Annotated[str, Field(pattern=r"[\p{L}\p{N}%]")]
# One word may stand without brackets.
_Said = Annotated[list[_Word], BeforeValidator(lambda said: [said] if isinstance(said, str) else said or [])]


class System(BaseModel):
    """How a system is told, and what it calls its view of all deals, by language."""

    model_config = ConfigDict(extra="forbid")
    views: dict[Literal["zh_CN", "en"], str] = {}
    headers: _Said = []


class WordList(BaseModel):
    """A words.yaml. Each description is what an error message says was expected."""

    model_config = ConfigDict(extra="forbid")
    columns: dict[str, dict[str, _Said]] = Field({}, description="tables, each with columns and lists of headers")
    unused: dict[str, _Said] = Field({}, description="tables or any, each with a list of headers")
    unused_beginnings: _Said = Field([], description="a list of words")
    processes: dict[str, _Said] = Field({}, description="names of processes, each with a list of stages in order")
    statuses: dict[Status, _Said] = Field({}, description="open, won, lost, void or on_hold, each with a list of words")
    guess: list[dict[Status | Literal["unknown"], _Said]] = Field(
        [], description="lines such as '- won: [...]', each with a list of words"
    )
    systems: dict[str, System] = Field({}, description="names of systems, each with views and headers")
    traditional: list[Annotated[str, Field(min_length=2, max_length=2)]] = Field(
        [], description="a list of pairs of characters, such as 業业"
    )

    @model_validator(mode="before")
    @classmethod
    def names_are_known(cls, data: Any) -> Any:
        """SettingsError, by line, where a table, column or status is none of ours, or a header means two things."""
        data = _written(data)
        _expect(data, cls.model_fields)
        for table, columns in _expect(data.get("columns"), TABLES, "columns").items():
            _expect(columns, TABLES[table].columns, "columns", table)
            _expect_one_meaning(columns, table)
        _expect(data.get("unused"), (*TABLES, "any"), "unused")
        _expect(data.get("statuses"), STATUSES, "statuses")
        lines = data.get("guess")
        for line in lines if isinstance(lines, list) else []:
            _expect(line, (*STATUSES, "unknown"), "guess")
        return data


def _written(data: Any) -> Any:
    """`data` without keys that have nothing after them; it keeps its line numbers."""
    for key in [key for key, value in data.items() if value is None]:
        del data[key]
    return data


def _expect(data: Any, known: Iterable[str], *above: str) -> dict[str, Any]:
    """`data` where it is a mapping, else nothing (pydantic says so). SettingsError for a key that isn't `known`."""
    if not isinstance(data, dict):
        return {}
    for key in _written(data):
        if key in known:
            continue
        where = {"file": FILE, "line": data.lc.key(key)[0] + 1, "key": ".".join((*above, str(key)))}  # type: ignore[attr-defined]
        if right := nearest(str(key), known):
            raise SettingsError(
                "{file}, line {line}: there is no '{key}'. Did you mean '{right}'?", **where, right=right
            )
        raise SettingsError(
            "{file}, line {line}: there is no '{key}'. It can be {known:list}.", **where, known=[*known]
        )
    return data


def _expect_one_meaning(columns: Any, table: str) -> None:
    found: dict[str, str] = {}
    for column, said in columns.items() if isinstance(columns, dict) else ():
        for place, word in enumerate(said if isinstance(said, list) else []):
            first = found.setdefault(_key(str(word), {}), column)
            if first != column:
                where = {"file": FILE, "line": said.lc.item(place)[0] + 1, "table": table}
                raise SettingsError(
                    "{file}, line {line}: '{word}' stands for two columns of {table}, {first} and {column}. Leave one.",
                    **where | {"word": str(word), "first": first, "column": column},
                )


class _Place(NamedTuple):
    """Where a header stands: under which of our columns (None: known and not used), and how far behind."""

    column: str | None
    rank: int


class Words:
    """The word lists, looked up: the first list that knows a word decides."""

    def __init__(self, lists: list[WordList]) -> None:
        self._lists = lists
        simplified = str.maketrans({pair[0]: pair[1] for words in lists for pair in words.traditional})
        self._plain, self._key = partial(_plain, simplified=simplified), partial(_key, simplified=simplified)
        self._headers: dict[str, dict[str, _Place]] = {table: {} for table in TABLES}
        for table, schema in TABLES.items():
            for words in lists:
                self._learn(table, words.columns.get(table, {}))
                self._learn(table, {None: words.unused.get(table, []) + words.unused.get("any", [])})
            self._learn(table, {column: [column] for column in schema.columns})
        self._beginnings = tuple(self._key(w) for words in lists for w in words.unused_beginnings if self._key(w))
        processes = [list(map(self._key, stages)) for words in lists for stages in words.processes.values()]
        self._processes = [{key: place for place, key in enumerate(keys)} for keys in processes]
        self._statuses: dict[str, Status] = {}
        for words in reversed(lists):  # what is learned later stands above
            for stages in words.processes.values():
                self._statuses |= dict.fromkeys(map(self._key, stages), "open")
            for status, said in words.statuses.items():
                self._statuses |= dict.fromkeys(map(self._key, said), status)
        self._guesses = [
            (status, [self._part(part) for part in parts])
            for words in lists
            for line in words.guess
            for status, parts in line.items()
        ]
        self._systems = {
            name: ([{self._key(h) for h in sign.split(" + ")} for sign in system.headers], system.views)
            for words in reversed(lists)
            for name, system in words.systems.items()
        }

    def column(self, table: str, header: str) -> str | None:
        """Our column that `header` is in `table`; None where it isn't known for certain, or is of no use."""
        if header.strip() in TABLES[table].columns:  # our own name, letter by letter: closed isn't Salesforce's Closed
            return header.strip()
        place = self._place(table, header)
        return place.column if place else None

    def known(self, header: str) -> bool:
        """Whether `header` is known for any table, be it of use or not."""
        return any(self._place(table, header) for table in TABLES)

    def unused(self, table: str, header: str) -> bool:
        """Whether `header` is known in `table` and holds nothing for us."""
        place = self._place(table, header)
        return place is not None and place.column is None and not self.column(table, header)

    def rank(self, table: str, header: str) -> int:
        """How usual `header` is for its column: 0 is the most usual one; UNRANKED where it isn't known."""
        place = self._place(table, header)
        return place.rank if place else UNRANKED

    def headers(self, table: str) -> dict[str, list[str]]:
        """Our columns of `table`, each with the headers that are known for it, as the lists write them."""
        lists = [words.columns.get(table, {}) for words in self._lists]
        return {c: [*(h for words in lists for h in words.get(c, [])), c] for c in TABLES[table].columns}

    def counts_as(self, value: str) -> Status | None:
        """What a stage or status that is known exactly counts as; None for all others, such as approvals."""
        return next((self._statuses[key] for key in self._forms(value) if key in self._statuses), None)

    def guess(self, value: str) -> Status | None:
        """What a stage or status probably counts as, by words in it; None where they say nothing. To offer only."""
        hit = self.counts_as(value) or self._hit(value)
        return None if hit == "unknown" else hit

    def says_nothing(self, value: str) -> bool:
        """Whether `value` is known to say nothing of the sale, as 审核中 or Closed: not even that it is open."""
        return not self.counts_as(value) and self._hit(value) == "unknown"

    def in_order(self, values: Iterable[str]) -> list[str]:
        """Open stages in the order of their process; those of none come after, as they came. Each stands once.

        Numbers in front of all of them (01, 02) say the order themselves; else the process that has most of them.
        """
        left = list(dict.fromkeys(values))
        numbers = {value: self._number(value) for value in left}
        if None not in numbers.values() and len(set(numbers.values())) == len(left):
            return sorted(left, key=lambda value: numbers[value] or 0)
        ordered: list[str] = []
        while left:
            found = max(({v: p[k] for v in left for k in self._forms(v) if k in p} for p in self._processes), key=len)
            if not found:
                break
            ordered += sorted(found, key=lambda value: found[value])
            left = [value for value in left if value not in found]
        return ordered + left

    def system(self, headers: Iterable[str]) -> str | None:
        """The system with most of its signs among `headers`: zoho, fxiaoke, ...; None where it can't be told."""
        there = {self._key(header) for header in headers}
        hits = {name: sum(sign <= there for sign in signs) for name, (signs, _) in self._systems.items()}
        most = max(hits.values())
        best = [name for name, count in hits.items() if count == most]
        return best[0] if most and len(best) == 1 else None

    def view(self, system: str | None, language: str) -> str:
        """What `system` calls its view of all deals, won and lost too, in `language` (zh_CN or en)."""
        code: Literal["zh_CN", "en"] = "zh_CN" if language == "zh_CN" else "en"
        views = self._systems[system][1] if system in self._systems else {}
        return views.get(code) or next(iter(views.values()), self._systems["other"][1][code])

    def _learn(self, table: str, columns: Mapping[str, list[str]] | Mapping[None, list[str]]) -> None:
        headers = self._headers[table]
        for column, said in columns.items():
            before = sum(place.column == column for place in headers.values())
            for rank, header in enumerate(said, before):
                headers.setdefault(self._key(header), _Place(column, rank))

    def _place(self, table: str, header: str) -> _Place | None:
        key = self._key(header)
        if place := self._headers[table].get(key) if key else None:
            return place
        return _Place(None, UNRANKED) if key.startswith(self._beginnings) else None

    def _hit(self, value: str) -> Status | Literal["unknown"] | None:
        plain = _NUMBER.sub("", self._plain(value), count=1)
        if "?" in plain:  # 成交? is a question
            return "unknown"
        marks = "".join(c for c in plain if c.isalnum() or c == "%")
        words = f" {' '.join(_LATIN.findall(plain))} "
        hits = (s for s, parts in self._guesses if any(p in (words if p[0] == " " else marks) for p in parts))
        return next(hits, None)

    def _part(self, part: str) -> str:
        """A part of words as `guess` looks for it: English as whole words, between spaces."""
        plain = self._plain(part)
        return f" {' '.join(_LATIN.findall(plain))} " if _LATIN.match(plain) else "".join(plain.split())

    def _forms(self, value: str) -> Iterator[str]:
        """The keys to look a stage up by: as it stands, without its number, without its pipeline."""
        plain = self._plain(value)
        if "?" in plain:
            return
        bare = _NUMBER.sub("", plain, count=1)
        for said in (plain, bare, _PIPELINE.sub("", bare)):
            yield self._key(said)

    def _number(self, value: str) -> int | None:
        found = _NUMBER.match(self._plain(value))
        return found and (int(found[1]) if found[1] else " 一二三四五六七八九十".index(found[2]))


def _plain(said: str, simplified: dict[int, str]) -> str:
    return unicodedata.normalize("NFKC", said).casefold().translate(simplified)


def _key(said: str, simplified: dict[int, str]) -> str:
    """What of a word is compared: its letters and digits alone."""
    plain = _ASIDE.sub("", _plain(said, simplified).replace("#", "no"))
    if twice := _TWICE.fullmatch(plain):
        plain = twice[1]
    return "".join(c for c in plain if c.isalnum())


@lru_cache(maxsize=8)
def load(own: str = "") -> Words:
    """Our words, those of `own` (the text of a project's words.yaml) before them. SettingsError where that is wrong."""
    return Words([_read(own), _ours()] if own.strip() else [_ours()])


@cache
def _ours() -> WordList:
    return _read(Path(__file__).with_name(FILE).read_text("utf-8"))


def _read(text: str) -> WordList:
    return settings.read(text, WordList, FILE)  # type: ignore[type-var]
