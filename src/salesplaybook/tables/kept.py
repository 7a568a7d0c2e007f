"""The readings of a file as bytes and back, so that a filed export is parsed once, and not again by each run."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from salesplaybook.tables.reader import Reader
from salesplaybook.tables.reading import Reading


def key(reader: Reader, *file: object) -> bytes:
    """What readings depend on besides the file's bytes: settings, mapping, words, our code, and how it was filed."""
    said = reader.settings.model_dump_json() + reader.mapping.model_dump_json() + reader.own_words + str(file)
    return hashlib.sha256(said.encode() + _code()).hexdigest().encode()


def written(readings: list[Reading], key: bytes) -> bytes:
    return key + b"\n" + _adapter().dump_json(readings)


def read(data: bytes, key: bytes) -> list[Reading] | None:
    """The readings that were `written` with this key; None where it was another one, or the bytes are damaged."""
    before, _, found = data.partition(b"\n")
    try:
        return _adapter().validate_json(found) if before == key else None
    except (ValidationError, ValueError, TypeError, KeyError):
        return None


@cache
def _adapter() -> TypeAdapter[list[Reading]]:
    return TypeAdapter(list[Reading])


@cache
def _code() -> bytes:
    """A fingerprint of this room and of the words that it knows."""
    room = sorted(p for p in Path(__file__).parent.iterdir() if p.suffix in (".py", ".yaml"))
    return hashlib.sha256(b"".join(p.read_bytes() for p in room)).digest()
