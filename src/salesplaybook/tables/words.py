"""What headers, stages and statuses mean: words.yaml, and a project's own words.yaml before it.

Only a word that stands there is known. Letter case, spaces, marks, width, units in brackets, numbers in front of
stages and traditional characters make no difference.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Literal, NamedTuple

from salesplaybook.settings import Status
from salesplaybook.tables import money, wordlist
from salesplaybook.tables.schema import TABLES
from salesplaybook.tables.wordlist import WordList

UNRANKED = 10_000  # the rank of a header that isn't known

# 01资质审查, 1-初步接洽, 01. , S1 , 第一阶段; but not 90%赢单
_NUMBER = re.compile(
    r"^\W*(?:第|s|step|stage|阶段)?\s*(?:(\d{1,2})|([一二三四五六七八九十])(?=\s*[、.)步阶]))(?:步|阶段)?[^\w%]*_*[^\w%]*(?=[^\W\d_])"
)
# 赢单(100%), 50% 报价
_SHARE = re.compile(r"^\W{0,3}\d{1,3} ?%\W{0,3}|\W{0,3}(?<!\d)(?P<behind>\d{1,3}) ?%\)?\s{0,3}$")
_SURE = {"won": "100", "lost": "0"}
_PIPELINE = re.compile(r"\([^()]*(?:pipeline|管道|流程)\)\s*$")  # HubSpot: Closed won (Sales Pipeline)
_LATIN = re.compile(r"[a-zß-ɏ]+")
_OBJECT = re.compile(r"\s*([^-–.:：/·]+?)\s*[-–.:：/·]\s*(.*\w.*)", re.DOTALL)  # Deal - Title


class _Place(NamedTuple):
    """Where a header stands: under which of our columns (None: known and not used), and how far behind."""

    column: str | None
    rank: int


class Words:
    """The word lists, looked up: the first list that knows a word decides."""

    def __init__(self, lists: list[WordList]) -> None:
        self._lists = lists
        self._known: dict[str, bool] = {}
        simplified = str.maketrans({pair[0]: pair[1] for words in lists for pair in words.traditional})
        self._plain = partial(wordlist.plain, simplified=simplified)
        self._key = partial(wordlist.key, simplified=simplified)
        self._headers: dict[str, dict[str, _Place]] = {table: {} for table in TABLES}
        for table, schema in TABLES.items():
            for words in lists:
                self._learn(table, words.columns.get(table, {}))
                self._learn(table, {None: words.unused.get(table, []) + words.unused.get("any", [])})
            self._learn(table, {column: [column] for column in schema.columns})
        self._objects = {t: {self._key(w) for words in lists for w in words.objects.get(t, ())} for t in TABLES}
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
        if header not in self._known:  # every cell of a sheet is asked about, and the next week's are mostly the same
            self._known[header] = any(self._place(table, header) for table in TABLES)
        return self._known[header]

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

    def counts_as(self, value: str, pipelines: Collection[str] = ()) -> Status | None:
        """What a stage or status that is known exactly counts as; None for all others, such as approvals.

        A percentage makes no difference, but to won and lost: these are only meant by 赢单(100%) and 输单(0%).
        `pipelines` are names that HubSpot puts behind its stages: Closed Won (Renewals).
        """
        for said in self._forms(value, pipelines):
            if status := self._statuses.get(self._key(said)):
                return status
            if share := _SHARE.search(said):
                status = self._statuses.get(self._key(said[: share.start()] + said[share.end() :]))
                if status and _SURE.get(status, share["behind"]) == share["behind"]:
                    return status
        return None

    def guess(self, value: str, pipelines: Collection[str] = ()) -> Status | None:
        """What a stage or status probably counts as, by words in it; None where they say nothing. To offer only."""
        hit = self.counts_as(value, pipelines) or self._hit(value, pipelines)
        return None if hit == "unknown" else hit

    def says_nothing(self, value: str, pipelines: Collection[str] = ()) -> bool:
        """Whether `value` is known to say nothing of the sale, as 审核中 or Closed: not even that it is open."""
        return not self.counts_as(value, pipelines) and self._hit(value, pipelines) == "unknown"

    def in_order(self, values: Iterable[str], pipelines: Collection[str] = ()) -> list[str]:
        """Open stages in the order of their process; those of none come after, as they came. Each stands once.

        Numbers in front of all of them (01, 02) say the order themselves; else the process that has most of them.
        """
        left = list(dict.fromkeys(values))
        numbers = {value: self._number(value) for value in left}
        if None not in numbers.values() and len(set(numbers.values())) == len(left):
            return sorted(left, key=lambda value: numbers[value] or 0)
        keys = {value: self._keys(value, pipelines) for value in left}
        ordered: list[str] = []
        while keys:
            found = max(({v: p[k] for v, ks in keys.items() for k in ks if k in p} for p in self._processes), key=len)
            if not found:
                break
            ordered += sorted(found, key=lambda value: found[value])
            keys = {value: ks for value, ks in keys.items() if value not in found}
        return ordered + list(keys)

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
        name, unit, currency = money.header(header)
        place = self._headers[table].get(self._key(name)) if unit or currency else None
        if place and (place.column is None or TABLES[table].columns[place.column] == "money"):
            return place  # 商机金额/千元
        if (apart := _OBJECT.fullmatch(header)) and self._key(apart[1]) in self._objects[table]:
            return self._place(table, apart[2])
        return _Place(None, UNRANKED) if key.startswith(self._beginnings) else None

    def _hit(self, value: str, pipelines: Collection[str]) -> Status | Literal["unknown"] | None:
        plain = self._bare(value, pipelines)
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

    def _bare(self, value: str, pipelines: Collection[str]) -> str:
        """A stage without its number and without the pipeline that it belongs to."""
        plain = self._plain(value).strip()
        for pipeline in pipelines:
            behind = f"({self._plain(pipeline).strip()})"
            if plain.endswith(behind) and behind != "()":
                plain = plain[: -len(behind)]
                break
        return _NUMBER.sub("", plain, count=1)

    def _forms(self, value: str, pipelines: Collection[str]) -> Iterator[str]:
        """What a stage is looked up by: as it stands, without its number and pipeline."""
        plain = self._plain(value)
        if "?" in plain:
            return
        bare = self._bare(value, pipelines)
        yield from dict.fromkeys((plain, _NUMBER.sub("", plain, count=1), bare, _PIPELINE.sub("", bare)))

    def _keys(self, value: str, pipelines: Collection[str]) -> list[str]:
        """The keys of a stage's forms, with their percentage and without."""
        forms = list(self._forms(value, pipelines))
        return [self._key(said) for form in forms for said in (form, _SHARE.sub("", form, count=1))]

    def _number(self, value: str) -> int | None:
        found = _NUMBER.match(self._plain(value))
        return found and (int(found[1]) if found[1] else " 一二三四五六七八九十".index(found[2]))


@lru_cache(maxsize=8)
def load(own: str = "") -> Words:
    """Our words, those of `own` (the text of a project's words.yaml) before them. SettingsError where that is wrong."""
    lists = [wordlist.read(own)] if own.strip() else []
    return Words([*lists, wordlist.ours()])
