"""An export that is filed is parsed once, and its deals followed once through all exports, not anew by each notebook
that runs in this process or one forked from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import pandas as pd

from salesplaybook import filing, history
from salesplaybook.filing import Filed
from salesplaybook.history import Export
from salesplaybook.store import Store
from salesplaybook.tables.reader import Reader
from salesplaybook.tables.reading import Reading


@contextmanager
def each_file_read_once() -> Iterator[None]:
    """Within it, `filing.read_filed` and `history.versions` keep what they have made: for projects whose mapping stays
    as it is meanwhile."""
    parse, known = filing.read_filed, {}
    follow = history.versions
    # Beside each the frames that it was made of: as long as they are kept, no other has their id.
    followed: dict[tuple[tuple[date, int, frozenset[str]], ...], tuple[Sequence[Export], pd.DataFrame]] = {}

    def read_filed(store: Store, filed: Filed, reader: Reader) -> list[Reading]:
        key = (store.root, filed.path, filed.sha256)
        if key not in known:
            known[key] = parse(store, filed, reader)
        return known[key]

    def versions(exports: Sequence[Export]) -> pd.DataFrame:
        key = tuple((e.day, id(e.frame), e.unread) for e in exports)
        if key not in followed:
            followed[key] = exports, follow(exports)
        return followed[key][1].copy()

    filing.read_filed, history.versions = read_filed, versions
    try:
        yield
    finally:
        filing.read_filed, history.versions = parse, follow
