"""The text of an entries file as rows: a YAML list of mappings, each checked, a mistake answered with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from salesplaybook.entries.kinds import Entry
from salesplaybook.errors import EntriesError
from salesplaybook.settings import nearest
from salesplaybook.store import sha256

_NOTHING = "tag:yaml.org,2002:null"


class Written(NamedTuple):
    """A row, and where it stands in the text."""

    row: Entry
    node: MappingNode


class Rows(NamedTuple):
    """The rows of a file, and the list that they stand in (None: the file says nothing)."""

    rows: list[Written]
    node: SequenceNode | None


def read(text: str, model: type[Entry], file: str) -> Rows:
    """The rows in `text` (YAML 1.2). A row without an id gets one, by what it says.

    EntriesError names file, line and column, what was found, what was expected, and how to mend it.
    """
    _point_out_signs(text, model, file)
    root = _composed(text, file)
    if root is None or (isinstance(root, ScalarNode) and root.tag == _NOTHING):
        return Rows([], None)
    if not isinstance(root, SequenceNode):
        raise EntriesError(
            "{file}, line {line}, column {column}: expected a list of rows that begin with '- ', as '- id: a1'.",
            **_place(root, file),
        )
    found: list[Written] = []
    lines: dict[str, int] = {}
    for node in root.value:
        said = _mapping(node, model, file)
        if "id" not in said:
            said["id"] = made_id(said, lines)
        row = _checked(node, said, model, file)
        if row.id in lines:
            raise EntriesError(
                "{file}, line {line}, column {column}: the id '{id}' stands already in line {first}. Give this row "
                "another one.",
                **_place(value_of(node, "id") or node, file),
                id=row.id,
                first=lines[row.id],
            )
        lines[row.id] = node.start_mark.line + 1
        found.append(Written(row, node))
    return Rows(found, root)


def made_id(said: dict[str, Any], taken: Collection[str] = ()) -> str:
    """An id for a row by what it says: the same row gets the same one, unless it is taken."""
    plain = json.dumps(said, sort_keys=True, default=str, ensure_ascii=False)
    tries = ("r" + sha256(f"{number}{plain}".encode())[:7] for number in range(len(taken) + 1))
    return next(id for id in tries if id not in taken)


def value_of(node: MappingNode, key: str) -> Node | None:
    """The node of a key's value; None where the row has no such key."""
    return next((v for k, v in node.value if k.value == key), None)


@lru_cache(maxsize=64)  # a week reads the files of the week before again; nobody changes the nodes
def _composed(text: str, file: str) -> Node | None:
    try:
        root: Node | None = YAML(typ="rt").compose(text)
        return root
    except MarkedYAMLError as error:
        mark = error.problem_mark
        raise EntriesError(
            "{file}, line {line}, column {column}: this can't be read as YAML. Write 'key: value' with a plain colon "
            "and a space, keys of one list indented alike, each key once, and texts with signs in 'quotes'.",
            file=file,
            line=mark.line + 1 if mark else 1,
            column=mark.column + 1 if mark else 1,
        ) from None
    except (YAMLError, ValueError, RecursionError):
        raise EntriesError(
            "{file} can't be read as YAML: it holds a sign or a value that YAML doesn't know. "
            "Write lines such as 'key: value'.",
            file=file,
        ) from None


def _place(node: Node, file: str) -> dict[str, Any]:
    return {"file": file, "line": node.start_mark.line + 1, "column": node.start_mark.column + 1}


def _mapping(node: Node, model: type[Entry], file: str) -> dict[str, Any]:
    """What a row says, key by key; a key with nothing after it is as if it weren't there."""
    if not isinstance(node, MappingNode):
        raise EntriesError(
            "{file}, line {line}, column {column}: expected a row of lines such as 'key: value', the first one with "
            "'- ' before it.",
            **_place(node, file),
        )
    said: dict[str, Any] = {}
    keys: set[str] = set()
    for key, value in node.value:
        name = str(key.value) if isinstance(key, ScalarNode) else ""
        if name in keys:
            raise EntriesError(
                "{file}, line {line}, column {column}: the key '{key}' stands here a second time. Keep one of the two.",
                **_place(key, file),
                key=name,
            )
        keys.add(name)
        if (right := _meant(name, model)) and value_of(node, right) is None:
            raise EntriesError(
                "{file}, line {line}, column {column}: there is no '{key}'. Did you mean '{right}'?",
                **_place(key, file),
                key=name,
                right=right,
            )
        if name not in model.model_fields:
            said[name] = _plain(value)
        elif value.tag != _NOTHING:
            # As it is written: a deal called 007 isn't 7, and a day that doesn't exist gets our sentence.
            said[name] = value.value if isinstance(value, ScalarNode) else _plain(value)
    return said


def _meant(name: str, model: type[Entry]) -> str | None:
    """The key that `name` is a slip of: waht is one of what, but zone is none of done."""
    right = None if name in model.model_fields else nearest(name, model.model_fields)
    return right if right and (right[0] == name[:1] or sorted(right) == sorted(name)) else None


def _plain(node: Node) -> Any:
    """A value as plain lists, dictionaries and texts."""
    if isinstance(node, MappingNode):
        return {str(_plain(key)): _plain(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_plain(value) for value in node.value]
    match str(node.tag).rpartition(":")[2]:
        case "null":
            return None
        case "bool":
            return node.value.lower() == "true"
        case "int" if re.fullmatch(r"[-+]?\d+", node.value):
            return int(node.value)
    return str(node.value)


def _checked(node: MappingNode, said: dict[str, Any], model: type[Entry], file: str) -> Entry:
    try:
        return model.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    key = str(first["loc"][0])
    expected = model.model_fields[key].description or ""
    if first["type"] == "missing":
        raise EntriesError(
            "{file}, line {line}, column {column}: '{key}' is missing in this row. Add a line '{key}: ...': "
            "{expected:text}.",
            **_place(node, file),
            key=key,
            expected=expected,
        )
    raise EntriesError(
        "{file}, line {line}, column {column}: '{key}' is {found}; expected {expected:text}.",
        **_place(value_of(node, key) or node, file),
        key=key,
        found=str(first["input"]) or "''",
        expected=expected,
    )


def _point_out_signs(text: str, model: type[Entry], file: str) -> None:
    """EntriesError where a full-width colon or a tab stands: YAML takes them for text, or says nothing helpful."""
    wide = re.compile(rf"\s*(?:-\s+)?(?:{'|'.join(model.model_fields)})\s*：")
    for number, line in enumerate(text.splitlines(), 1):
        if found := wide.match(line):
            raise EntriesError(
                "{file}, line {line}, column {column}: a full-width colon (：) stands after the key. "
                "Write a plain one and a space: 'key: value'.",
                file=file,
                line=number,
                column=found.end(),
            )
        if re.match(r" *\t+ *[-\w]+:\s", line):
            raise EntriesError(
                "{file}, line {line}, column {column}: the line is indented by a tab. Indent by spaces.",
                file=file,
                line=number,
                column=line.index("\t") + 1,
            )
