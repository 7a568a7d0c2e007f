"""Reads a words.yaml, ours or a project's: what may stand in it, and how a mistake is answered, by its line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from salesplaybook import settings
from salesplaybook.errors import SettingsError
from salesplaybook.settings import Status, nearest
from salesplaybook.tables.schema import STATUSES, TABLES

FILE = "words.yaml"

_ASIDE = re.compile(
    r"[(\[【]\s*(?:单位\W*)?(?:[十百千万亿]*元?|%|¥|\$|必填|选填|rmb|cny|usd|required|optional|"
    r"y{2,4}\W?m{1,2}\W?d{1,2}[^)]*)\s*[)\]】]"
)
_TWICE = re.compile(r"(.+)\(\1\)")  # Zoho's joined exports: Created Time(Created Time)

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
    objects: dict[str, _Said] = Field({}, description="tables, each with a list of words for one of its rows")
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
        _expect(data.get("objects"), TABLES, "objects")
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
            first = found.setdefault(key(str(word), {}), column)
            if first != column:
                where = {"file": FILE, "line": said.lc.item(place)[0] + 1, "table": table}
                raise SettingsError(
                    "{file}, line {line}: '{word}' stands for two columns of {table}, {first} and {column}. Leave one.",
                    **where | {"word": str(word), "first": first, "column": column},
                )


def plain(said: str, simplified: Mapping[int, str]) -> str:
    """`said` in small letters, of usual width, with simplified characters."""
    return unicodedata.normalize("NFKC", said).casefold().translate(simplified)


def key(said: str, simplified: Mapping[int, str]) -> str:
    """What of a word is compared: its letters and digits alone."""
    bare = _ASIDE.sub("", plain(said, simplified).replace("#", "no"))
    if twice := _TWICE.fullmatch(bare):
        bare = twice[1]
    return "".join(c for c in bare if c.isalnum())


@cache
def ours() -> WordList:
    """Our own list."""
    return read(Path(__file__).with_name(FILE).read_text("utf-8"))


def read(text: str) -> WordList:
    """The list in a words.yaml. SettingsError where it is wrong."""
    return settings.read(text, WordList, FILE)  # type: ignore[type-var]
