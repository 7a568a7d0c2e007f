"""What was understood, as mapping.yaml says it: on a yes, lines are put in beside what a person wrote."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from salesplaybook import settings
from salesplaybook.errors import SettingsError
from salesplaybook.language import translate as _
from salesplaybook.settings import Mapping, TableMapping
from salesplaybook.tables import recognise
from salesplaybook.tables.schema import STATUSES, TABLES
from salesplaybook.understood import Look, Understood

FILE = "mapping.yaml"
UNCLEAR = ("true", "false", "null", "yes", "no", "on", "off", "~")
Path = tuple[str, ...]  # keys from the top of the file: ("deals", "columns", "id")

_NOTHING = re.compile(r"[ \t]*:(?P<value>[ \t]*(?:null|Null|NULL|~|\{[ \t]*\}))?[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|$)")
_BREAK = re.compile(r"\r\n|\n|\r")
_DOCUMENT_END = re.compile(r"^\.\.\.(?=\s|$)", re.MULTILINE)


def merged(text: str, found: Understood, today: date) -> str:
    """mapping.yaml with what is not confirmed in it yet; the same text where nothing is.

    A table that it lacks is added at its end, with comments; to one that it has only what it lacks is added: columns,
    stages, names. Lines are put in; no letter of a person's is changed. SettingsError with the lines to add, where
    they can't be put into what a person wrote.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    before = settings.read(text, Mapping, FILE)
    new = _New()
    for table in TABLES:
        looks = [look for look in found.looks if look.table == table and not look.confirmed and look.columns]
        if looks:
            _understood(new, looks, getattr(before, table), today)
    if not new.said:
        return mark + text
    try:
        out = _Edited(text, new).text()
        safe = settings.read(out, Mapping, FILE).model_dump() == _both(before.model_dump(), new.said)
    except (_Closed, SettingsError, YAMLError):
        safe = False
    if not safe:
        raise SettingsError(
            "{file} has to be completed by hand, for it is written in a way that nothing can be added to safely: put "
            "these lines in, each below the key of its name where that stands there already.{lines}",
            file=FILE,
            lines="\n\n" + "\n".join(new.lines(new.said)),
        )
    return mark + out


# -- what is new


@dataclass
class _New:
    """said: what mapping.yaml lacks; with comments behind a key, above it and at the end of what is below it."""

    said: dict[str, Any] = field(default_factory=dict)
    behind: dict[Path, str] = field(default_factory=dict)
    above: dict[Path, str] = field(default_factory=dict)
    below: dict[Path, list[str]] = field(default_factory=dict)

    def add(self, path: Path, value: Any) -> None:
        here = self.said
        for key in path[:-1]:
            here = here.setdefault(key, {})
        here[path[-1]] = value

    def lines(self, said: dict[str, Any], path: Path = (), indent: int = 0, step: int = 2) -> list[str]:
        """The lines of `said`, which stands below the keys of `path`."""
        lines, spaces = [], " " * indent
        for key, value in said.items():
            here = (*path, key)
            remark = "  " + _comment(self.behind[here]) if here in self.behind else ""
            if here in self.above:
                lines.append(spaces + _comment(self.above[here]))
            if isinstance(value, dict):
                lines.append(f"{spaces}{_quoted(key)}:{remark}")
                lines += self.lines(value, here, indent + step, step)
            else:
                lines.append(f"{spaces}{_quoted(key)}: {_quoted(value)}{remark}")
        return lines + [spaces + _comment(text) for text in self.below.get(path, ())]


def _understood(new: _New, looks: Sequence[Look], said: TableMapping, today: date) -> None:
    """Puts into `new` what mapping.yaml doesn't say yet of one table, each guess marked as one."""
    table = looks[0].table or "deals"
    first = said == TableMapping()
    if first:
        files = list(dict.fromkeys(look.file for look in looks))
        written = _("Written by salesplaybook check on {day:iso} from {files:list}.", day=today, files=files)
        new.above[table,] = written
    if recognise.by(TABLES[table], said) == "known":
        _columns(new, looks, table, said)
    for column, key, known in (("stage", "stages", said.stages), ("status", "statuses", said.statuses)):
        _stages(new, (table, key), [s for look in looks for s in look.stages if s.column == column], known, first)
    for look in looks:
        for column, renames in look.guesses.values.items():
            new.behind[table, "values", column] = _("guessed")
            for old, name in renames.items():
                if old not in said.values.get(column, {}):
                    new.add((table, "values", column, old), name)
    if first and "no amount" in {f.kind for look in looks for f in look.findings}:
        remark = _("open deals without an amount count at their product's list price")
        new.below[table,] = [f"list_price: true  # {remark}"]


def _columns(new: _New, looks: Sequence[Look], table: str, said: TableMapping) -> None:
    """Our column: the header, in our order; where files of one table differ, all headers, those known exactly first.

    Columns that a person has named stay as they are.
    """
    found: dict[str, dict[str, bool]] = {}  # our column -> header -> whether it is only guessed
    for look in sorted(looks, key=lambda look: look.day or date.min, reverse=True):
        for c in look.columns:
            if c.column and c.column not in said.columns:
                headers = found.setdefault(c.column, {})
                headers[c.header] = headers.get(c.header, True) and c.how == "guess"
    for column in filter(found.__contains__, TABLES[table].columns):
        ordered = sorted(found[column], key=found[column].__getitem__)
        new.add((table, "columns", column), ordered if len(ordered) > 1 else ordered[0])
        if guessed := [h for h in ordered if found[column][h]]:
            which = f": {', '.join(guessed)}" if len(ordered) > 1 else ""
            new.behind[table, "columns", column] = _("guessed") + which
    best = max(looks, key=lambda look: (look.day or date.min, len(look.columns)))
    if found and (left := [c.header for c in best.columns if not c.column]):
        new.below[table, "columns"] = [_("not used: {headers:list}", headers=left)]


def _stages(new: _New, path: Path, seen: Sequence[Any], known: dict[str, Any], first: bool) -> None:
    """Stages or statuses that aren't `known` yet; in a table that is written first, those that mean nothing to us as
    comments."""
    stages = {s.value: s for s in seen if s.value not in known}
    for s in sorted(stages.values(), key=lambda s: STATUSES.index(s.counts_as) if s.counts_as else len(STATUSES)):
        if s.counts_as:
            new.add((*path, s.value), s.counts_as)
            if s.how == "guess":
                new.behind[*path, s.value] = _("guessed")
        elif first:
            new.said.setdefault(path[0], {}).setdefault(path[1], {})
            remark = _("not known: open, won, lost, void or on_hold?")
            new.below.setdefault(path, []).append(f"{_quoted(s.value)}: open  # {remark}")
    if path[1] == "stages":
        new.behind[path] = _("the open ones in the order of your process")


def _both(before: dict[str, Any], added: dict[str, Any]) -> dict[str, Any]:
    """What the file says after the addition: all that it said, and what is new."""
    out = dict(before)
    for key, value in added.items():
        inner = out.get(key)
        out[key] = _both(inner if isinstance(inner, dict) else {}, value) if isinstance(value, dict) else value
    return out


# -- the person's text


class _Closed(Exception):
    """Lines can't be put in here."""


class _Edited:
    """A person's text and what is put into it, each piece in place of text[start:end]."""

    def __init__(self, text: str, new: _New) -> None:
        self._text, self._new = text, new
        found = _BREAK.search(text)
        self._break = found[0] if found else "\n"
        self._pieces: list[tuple[int, int, int, str]] = []  # start, end, -indent, piece
        root = YAML(typ="rt").compose(io.StringIO(text))
        tables = root.value if isinstance(root, MappingNode) and not root.flow_style else []
        if isinstance(root, MappingNode) and root.flow_style:
            raise _Closed
        self._step = next((s for key, value in tables if (s := _column(value) - key.start_mark.column) > 0), 2)
        there = {key.value: (key, value) for key, value in tables}
        for table, said in new.said.items():
            if table in there:
                self._into(*there[table], said, (table,))
            else:
                indent = tables[0][0].start_mark.column if tables else 0
                self._at_the_end(new.lines({table: said}, (), indent, self._step), indent)

    def text(self) -> str:
        out = self._text
        for start, end, _indent, piece in sorted(reversed(self._pieces), key=lambda p: p[:3], reverse=True):
            out = out[:start] + piece + out[end:]
        return out

    def _into(self, key: Node, value: Node, said: dict[str, Any], path: Path) -> None:
        """Puts `said` below a key that stands there already."""
        # In braces there is no room for further keys, nor for comments on guesses.
        simple = not any(isinstance(new, dict) or (*path, name) in self._new.behind for name, new in said.items())
        if isinstance(value, MappingNode) and value.flow_style and value.value and simple:
            end = self._end(*value.value[-1])
            texts = "".join(f", {_quoted(name)}: {_quoted(new)}" for name, new in said.items())
            return self._pieces.append((end, end, 0, texts))
        if isinstance(value, MappingNode) and not value.flow_style and value.start_mark.index > key.end_mark.index:
            there = {k.value: (k, v) for k, v in value.value}
            missing = {k: v for k, v in said.items() if k not in there}
            for name in filter(there.__contains__, said):
                if not isinstance(said[name], dict):
                    raise _Closed
                self._into(*there[name], said[name], (*path, name))
            self._put(self._end(key, value), missing, path, _column(value))
            return
        nothing = _NOTHING.match(self._text, key.end_mark.index) if isinstance(key, ScalarNode) else None
        if not nothing:
            raise _Closed
        if nothing["value"]:
            self._pieces.append((*nothing.span("value"), 0, ""))
        deeper = key.start_mark.column + 1
        comments = re.compile(rf"(?:(?:(?:\r\n|\n|\r)[ \t]*)*(?:\r\n|\n|\r) {{{deeper},}}#[^\r\n]*)*")
        below = comments.match(self._text, nothing.end())
        end = below.end() if below else nothing.end()
        self._put(end, said, path, key.start_mark.column + self._step, path in self._new.above)

    def _put(self, after: int, said: dict[str, Any], path: Path, indent: int, told: bool = False) -> None:
        """Puts `said` behind the line in which text[after] stands."""
        lines = [" " * indent + _comment(self._new.above[path])] if told else []
        lines += self._new.lines(said, path, indent, self._step)
        self._insert(after, lines, indent)

    def _insert(self, after: int, lines: list[str], indent: int) -> None:
        end = next(m.start() for m in re.compile(r"[\r\n]|\Z").finditer(self._text, after))
        if lines:
            self._pieces.append((end, end, -indent, "".join(self._break + line for line in lines)))

    def _at_the_end(self, lines: list[str], indent: int) -> None:
        """Puts lines at the end of the document, after an empty one."""
        end = _DOCUMENT_END.search(self._text)
        written = self._text[: end.start() if end else len(self._text)].rstrip()
        if written:
            return self._insert(len(written), ["", *lines], indent)
        before = self._break * any(piece[2] == -indent for piece in self._pieces)
        piece = before + "".join(line + self._break for line in lines)
        self._pieces.append((0, 0, -indent, piece))

    def _end(self, key: Node, value: Node) -> int:
        """Where what is written below a key ends: behind its last sign, comments left out."""
        ends = [key.end_mark.index]
        if isinstance(value, MappingNode) and not value.flow_style:
            ends += [self._end(k, v) for k, v in value.value]
        elif isinstance(value, SequenceNode) and not value.flow_style:
            ends += [self._end(v, v) for v in value.value]
        else:
            ends.append(len(self._text[: value.end_mark.index].rstrip()))
        return max(ends)


def _column(node: Node) -> int:
    """How far the keys of a mapping are indented; -1 where it isn't one of a line for each key."""
    return node.value[0][0].start_mark.column if isinstance(node, MappingNode) and not node.flow_style else -1


# -- texts as YAML


def _comment(text: str) -> str:
    """A comment on one line."""
    return "# " + re.sub(r"\s*\n\s*", " ", "".join("\n" if _hidden(c) else c for c in text)).strip()


def _hidden(sign: str) -> bool:
    """Whether a sign is none that one sees: line breaks, control characters, marks of direction."""
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _quoted(text: Any) -> str:
    """A text as YAML needs it: plain, in quotes where it holds signs or looks like something else, else escaped."""
    if isinstance(text, list):
        return "[" + ", ".join(map(_quoted, text)) + "]"
    if any(map(_hidden, text)):
        escaped = json.dumps(text, ensure_ascii=False)
        return "".join(_escape(c) if _hidden(c) else c for c in escaped)
    simple = re.fullmatch(r"[^\W\d_][\w ()/.&+（）-]*", text) and not text.endswith(" ")
    if simple and text.casefold() not in UNCLEAR:
        return str(text)
    return "'" + str(text).replace("'", "''") + "'"


def _escape(sign: str) -> str:
    return f"\\U{ord(sign):08x}" if ord(sign) > 0xFFFF else f"\\u{ord(sign):04x}"
