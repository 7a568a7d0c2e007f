"""Changes a YAML list of rows in its text: only what differs is written, no other letter of a person's moves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.tokens import BlockEntryToken

from salesplaybook.entries.kinds import Entry
from salesplaybook.entries.rows import Rows, Written, value_of

# What stays a text without quotes: letters and digits of any script, and no sign that means something: ": " ends a
# key, and " #" begins a comment.
_PLAIN = re.compile(r"[^\W_](?:[\w ()（），。；、“”·%+/.*-]|:(?=[^\W_])|(?<=\S)#)*")
_UNCLEAR = re.compile(r"true|false|null|yes|no|on|off|y|n|nan|inf|[\d.:_+-]*(?:e[\d+-]*)?|0[xob].*", re.IGNORECASE)
# What YAML's quoted text can't hold as it is.
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


class Splice(NamedTuple):
    """What stands in a text from `start` to `end` becomes `text`."""

    start: int
    end: int
    text: str


def changed(text: str, before: Rows, entries: Sequence[Entry]) -> str:
    """`text`, which reads as `before`, with the fields that differ, new rows at the end, and without rows that went."""
    wanted = {row.id: row for row in entries}
    new = [row for row in entries if row.id not in {w.row.id for w in before.rows}]
    gone = [number for number, w in enumerate(before.rows) if w.row.id not in wanted]
    line_end = "\r\n" if "\r\n" in text else "\n"
    splices = [s for w in before.rows if w.row.id in wanted for s in _row(text, w, wanted[w.row.id], line_end)]
    splices += _removed(text, before.node, gone)
    splices += _added(text, before, new, emptied=len(gone) == len(before.rows), line_end=line_end)
    parts, at = [], 0
    for splice in sorted(splices, key=lambda s: s[:2]):  # of one place, the row's own end comes before a new row
        parts += [text[at : splice.start], splice.text]
        at = splice.end
    return "".join([*parts, text[at:]])


def written(value: Any) -> str:
    """A value as YAML writes it on one line, quoted only where it has to be."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case Decimal():
            said = f"{value:f}"
            return (said.rstrip("0").rstrip(".") if "." in said else said) or "0"
        case int() | float():
            return str(value)
        case list() | tuple():
            return "[" + ", ".join(written(v) for v in value) + "]"
        case dict():
            return "{" + ", ".join(f"{written(k)}: {written(v)}" for k, v in value.items()) + "}"
    said = str(value)
    if _PLAIN.fullmatch(said) and said == said.strip() and not _UNCLEAR.fullmatch(said):
        return said
    return _UNSEEN.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(said, ensure_ascii=False))


def _row(text: str, before: Written, row: Entry, line_end: str) -> Iterator[Splice]:
    """The fields of a row that differ: in their places, or else at the row's end."""
    node, was, now = before.node, before.row.model_dump(), row.model_dump()
    if value_of(node, "id") is None:
        at = node.start_mark.index + (1 if node.flow_style else 0)
        after = ", " if node.flow_style else line_end + " " * node.start_mark.column
        yield Splice(at, at, f"id: {written(row.id)}{after}")
    more = []
    for key, value in now.items():
        if key in was and was[key] == value:
            continue
        place = next((pair for pair in node.value if pair[0].value == key), None)
        if place is None:
            more.append(f"{_key(key)}: {written(value)}")
        else:
            yield _value(text, place[0], place[1], written(value))
    if more:
        yield _end_of(text, node, more, line_end)


def _value(text: str, key: Node, node: Node, said: str) -> Splice:
    if _empty(node):
        return Splice(_colon(text, key), _colon(text, key), " " + said)
    return Splice(node.start_mark.index, _last(text, node), said)


def _end_of(text: str, node: MappingNode, more: list[str], line_end: str) -> Splice:
    if node.flow_style:
        at = node.end_mark.index - 1
        return Splice(at, at, ("" if text[:at].rstrip()[-1:] in ("{", ",") else ", ") + ", ".join(more))
    at = _line_end(text, _last(text, node))
    return Splice(at, at, "".join(f"{line_end}{' ' * node.start_mark.column}{line}" for line in more))


def _removed(text: str, root: SequenceNode | None, gone: list[int]) -> Iterator[Splice]:
    if root is None or not gone:
        return
    if root.flow_style:
        for number in gone:
            last = number == len(root.value) - 1
            start = root.value[number].start_mark.index
            end = root.end_mark.index - 1 if last else root.value[number + 1].start_mark.index
            yield Splice(start, end, "")
        return
    tokens = YAML(typ="rt").scan(text)
    dashes = [
        t.start_mark.index
        for t in tokens
        if isinstance(t, BlockEntryToken) and t.start_mark.column == root.start_mark.column
    ]
    for number in gone:
        start = text.rfind("\n", 0, dashes[number]) + 1
        end = _line_end(text, _last(text, root.value[number]))
        yield Splice(start, min(len(text), end + len(_BREAK.match(text, end)[0])), "")  # type: ignore[index]


_BREAK = re.compile(r"(?:\r\n|\n|\r)?")


def _added(text: str, before: Rows, new: list[Entry], emptied: bool, line_end: str) -> Iterator[Splice]:
    if not new:
        return
    root = before.node
    if root is not None and root.flow_style and not emptied:
        at = root.end_mark.index - 1
        rows = ", ".join("{" + ", ".join(_pairs(row)) + "}" for row in new)
        yield Splice(at, at, ("" if text[:at].rstrip()[-1:] == "," else ", ") + rows)
        return
    indent = "" if root is None or root.flow_style else " " * root.start_mark.column
    lines = [
        f"{indent}{'- ' if number == 0 else '  '}{pair}{line_end}"
        for row in new
        for number, pair in enumerate(_pairs(row))
    ]
    if root is not None and root.flow_style:
        yield Splice(root.start_mark.index, root.end_mark.index, line_end + "".join(lines).rstrip())
        return
    start = line_end if text and not text.endswith(("\n", "\r")) else ""
    yield Splice(len(text), len(text), start + "".join(lines))


def _pairs(row: Entry) -> list[str]:
    """A new row's keys and values: the id, what must be said, and what isn't as it is by itself."""
    said = row.model_dump()
    fields = type(row).model_fields
    kept = [k for k, v in said.items() if k not in fields or fields[k].is_required() or v != fields[k].default]
    return [f"{_key(key)}: {written(said[key])}" for key in kept]


def _key(name: str) -> str:
    return name if re.fullmatch("[a-z_]+", name) else written(name)


def _last(text: str, node: Node) -> int:
    """Where the last letter of a node ends: without the comments and empty lines behind it."""
    if not isinstance(node, SequenceNode | MappingNode) or node.flow_style or not node.value:
        start, end = node.start_mark.index, node.end_mark.index
        return start + len(text[start:end].rstrip())
    if isinstance(node, SequenceNode):
        return _last(text, node.value[-1])
    key, value = node.value[-1]
    return _colon(text, key) if _empty(value) else _last(text, value)


def _empty(node: Node) -> bool:
    """Whether nothing stands behind the key; YAML places such a value anywhere up to the next one."""
    return isinstance(node, ScalarNode) and node.start_mark.index == node.end_mark.index


def _colon(text: str, key: Node) -> int:
    return text.index(":", key.end_mark.index) + 1


def _line_end(text: str, at: int) -> int:
    """Where the line that `at` lies in ends, before its break."""
    found = re.compile(r"[\r\n]|$").search(text, at)
    return found.start() if found else len(text)
