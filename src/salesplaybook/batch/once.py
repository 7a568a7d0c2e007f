"""An export that is filed is parsed once, not anew by each notebook that runs in this process or one forked from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from salesplaybook import filing
from salesplaybook.filing import Filed
from salesplaybook.store import Store
from salesplaybook.tables.reader import Reader
from salesplaybook.tables.reading import Reading


@contextmanager
def each_file_read_once() -> Iterator[None]:
    """Within it, `filing.read_filed` keeps what it has read. For projects whose mapping doesn't change meanwhile."""
    parse, known = filing.read_filed, {}

    def read_filed(store: Store, filed: Filed, reader: Reader) -> list[Reading]:
        key = (store.root, filed.path, filed.sha256)
        if key not in known:
            known[key] = parse(store, filed, reader)
        return known[key]

    filing.read_filed = read_filed
    try:
        yield
    finally:
        filing.read_filed = parse
