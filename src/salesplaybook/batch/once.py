"""An export that is filed is parsed once, and its deals followed once through all exports, not anew by each notebook
that runs in this process or one forked from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from salesplaybook import filing, history
from salesplaybook.tables import findings, kept

# What is kept, and by what: a module's function, and the key of what it is given.
KEPT: tuple[tuple[Any, str, Callable[..., object]], ...] = (
    (filing, "read_filed", lambda store, filed, reader: (store.root, kept.key(reader, filed))),
    (findings, "alarms", id),
    (history, "versions", lambda exports: tuple((e.day, id(e.frame), e.unread) for e in exports)),
)


@contextmanager
def each_file_read_once() -> Iterator[None]:
    """Within it, the functions of `KEPT` keep what they have made, as long as what they made it of is the same."""
    before = [getattr(module, name) for module, name, _ in KEPT]
    for (module, name, key), make in zip(KEPT, before, strict=True):
        setattr(module, name, partial(_once, {}, make, key))
    try:
        yield
    finally:
        for (module, name, _), make in zip(KEPT, before, strict=True):
            setattr(module, name, make)


def _once(
    known: dict[object, tuple[object, Any]], make: Callable[..., Any], key: Callable[..., object], *of: Any
) -> Any:
    """What `make` makes of it, made once. What it was made of is kept too: so long nothing else has its id."""
    found = key(*of)
    if found not in known:
        known[found] = of, make(*of)
    return known[found][1]
