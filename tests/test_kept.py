"""A filed export is parsed once; what was kept of it is what parsing it again gives, cell by cell and type by type."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

from salesplaybook import filing
from salesplaybook.errors import PlaybookError
from salesplaybook.project import Project
from salesplaybook.tables import kept
from salesplaybook.tables.reader import Reader
from salesplaybook.tables.reading import Reading
from test_corpus import CASES, READABLE


def same(one: list[Reading], other: list[Reading]) -> None:
    assert len(one) == len(other) > 0
    for a, b in zip(one, other, strict=True):
        pd.testing.assert_frame_equal(a.frame, b.frame)
        for column in a.frame:  # which takes None and NaN for one
            assert [type(v) for v in a.frame[column]] == [type(v) for v in b.frame[column]], column
        for field in dataclasses.fields(Reading):
            if field.name != "frame":
                assert getattr(a, field.name) == getattr(b, field.name), field.name


@pytest.mark.parametrize("name", READABLE)
def test_a_file_of_the_corpus_comes_back_as_it_was_read(name: str, tmp_path: Path):
    here = Project.open(CASES[name].put(tmp_path / "project"))
    try:
        here.file_exports()
    except PlaybookError:
        pytest.skip("can be looked at, and not be filed")
    for filed in filing.filed(here.store):
        parsed = filing.read_filed(here.store, filed, here.reader)
        assert here.store.exists(".cache", "readings", f"{filed.number}.json")
        same(parsed, filing.read_filed(here.store, filed, here.reader))


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_demos_exports_come_back_as_they_were_read(number: int, tmp_path: Path, filed):
    here = Project.open(filed(number, tmp_path))
    for found in filing.filed(here.store):
        data = here.store.path(found.path).read_bytes()
        parsed = here.reader.again(found.name, data, found.tables, found.sheets)
        key = kept.key(here.reader, found)
        same(parsed, kept.read(kept.written(parsed, key), key) or [])


def test_it_is_not_parsed_again_until_something_changes(tmp_path: Path, filed, monkeypatch: pytest.MonkeyPatch):
    here = Project.open(filed(2, tmp_path))
    before, parsed = here.readings(), []
    again = Reader.again
    monkeypatch.setattr(Reader, "again", lambda self, file, *rest: parsed.append(file) or again(self, file, *rest))
    other = Project.open(here.store.root)
    same([r for _, r in before], [r for _, r in other.readings()])
    assert not parsed
    mapping = here.store.path("mapping.yaml")
    mapping.write_text(mapping.read_text("utf-8").replace("list_price: true", "list_price: false"), "utf-8")
    first = filing.filed(here.store)[0]
    here.store.write(b"nonsense", ".cache", "readings", f"{first.number}.json")
    assert len(Project.open(here.store.root).readings()) == len(before) and first.name in parsed
    changed = len(parsed)
    Project.open(here.store.root).readings()
    assert len(parsed) == changed


def test_an_export_that_was_changed_by_hand_is_refused_though_it_was_kept(tmp_path: Path, filed):
    here = Project.open(filed(2, tmp_path))
    here.readings()
    first = filing.filed(here.store)[0]
    here.store.path(first.path).write_bytes(b"id,amount\n1,2\n")
    with pytest.raises(PlaybookError, match="归档后被改过"):
        Project.open(here.store.root).readings()
