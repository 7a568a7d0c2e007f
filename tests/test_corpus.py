"""Every file of the corpus is read as it should be, or answered with one sentence that changes nothing on disk."""

from __future__ import annotations

import json
import os
import tempfile
import unicodedata
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import make
from corpus.ask import SECONDS, Answer, asked, cells, on_disk, problems, process, tables_of
from corpus.case import Case
from salesplaybook.demo.dialects import FXIAOKE, SHEET, ZOHO, Dialect
from salesplaybook.errors import PlaybookError
from salesplaybook.project import Project

MEMORY = 1_500_000_000
CASES = {case.name: case for case in make.cases(large=bool(os.environ.get("CORPUS_LARGE")))}
READABLE = [n for n, c in CASES.items() if c.kind != "broken"]
BROKEN = [n for n, c in CASES.items() if c.kind == "broken" and not c.limited]
LIMITED = [n for n, c in CASES.items() if c.limited]


def names_all(sentence: str, fragments: list[Any]) -> bool:
    either = [(f,) if isinstance(f, str) else f for f in fragments]
    return all(any(word.casefold() in sentence.casefold() for word in words) for words in either)


def one_sentence(answer: Answer, fragments: list[Any]) -> None:
    assert answer.code == 2, answer
    assert "Traceback" not in answer.printed
    fitting = [s for s in answer.sentences if names_all(s, fragments)]
    assert fitting, f"{answer.sentences} do not name {fragments}"
    assert "\n" not in fitting[0].strip() and len(fitting[0]) < 700


# -- the tally


def test_the_corpus_is_as_large_as_promised():
    kinds = Counter(case.kind for case in CASES.values())
    assert sum(kinds.values()) >= 80 and min(kinds["good"], kinds["dirty"], kinds["broken"]) >= 20


# -- good and dirty


@pytest.mark.parametrize("name", READABLE)
def test_a_readable_file_is_read_as_it_should_be(name: str, tmp_path: Path):
    case = CASES[name]
    answer = asked(case.put(tmp_path / "project"), *case.words)
    assert answer.code == 0 and not answer.sentences, answer
    files = json.loads(answer.printed)["files"]
    (found,) = [f for f in files if f["table"] == "deals"]
    wanted = case.expects
    assert understood(found, wanted) == asked_for(wanted)
    text = json.dumps(found, ensure_ascii=False)
    assert all(notice in text for notice in wanted.get("notices", []))
    assert all(any(part in f["text"] for f in found["findings"]) for part in wanted.get("findings", []))
    if "tables" in wanted:
        rows: Counter[str] = Counter()
        for f in files:
            rows.update({f["table"]: f["rows"]} if f["table"] else {})
        assert rows == wanted["tables"]


PLAIN = ("rows", "repeated", "totals", "hidden", "header_row")


def asked_for(wanted: dict[str, Any]) -> dict[str, Any]:
    """What a case expects, without what it leaves open."""
    found = {key: wanted[key] for key in (*PLAIN, "statuses", "aside") if key in wanted}
    found |= {key: Decimal(wanted[key]) for key in ("won_amount", "open_amount") if key in wanted}
    return found | {key: wanted[key] for key in ("columns", "aside_columns") if key in wanted}


def understood(found: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The same of what `check --json` says of a file."""
    columns = {c["column"]: c["header"] for c in found["columns"] if c["how"] in ("mapping", "known")}
    aside = {r["row"]: r["column"] for r in found["aside"]}
    said = {key: found[key] for key in PLAIN} | {
        "statuses": {status: n for status, n in found["statuses"].items() if n},
        "aside": sorted(r["row"] for r in found["aside"]),
        "won_amount": Decimal(found["won_amount"]),
        "open_amount": Decimal(found["open_amount"]),
        "columns": {c: columns.get(c) for c in wanted.get("columns", {})},
        "aside_columns": {row: aside.get(row) for row in wanted.get("aside_columns", {})},
    }
    return {key: said[key] for key in asked_for(wanted)}


@pytest.mark.parametrize("name", [n for n in READABLE if "cells" in CASES[n].expects])
def test_every_cell_holds_what_was_written(name: str, tmp_path: Path):
    found = tables_of(CASES[name].put(tmp_path / "project"))
    for column, wanted in CASES[name].expects["cells"].items():
        expected = [" ".join(c.split()) if isinstance(c, str) else c for c in wanted]
        if column == "crm_probability":
            expected = [None if c is None else pytest.approx(c) for c in expected]
        assert cells(found[column]) == expected, column


# -- broken


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_one_sentence_and_changes_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # Without this, a file that slips through would start a notebook; so it fails at once.
    monkeypatch.setattr("salesplaybook.batch.run._execute", lambda *_: "it was read")
    case = CASES[name]
    folder = case.put(tmp_path / "project")
    before = on_disk(folder)
    one_sentence(asked(folder, *case.words), case.expects)
    assert on_disk(folder) == before
    one_sentence(asked(folder, "run", "crm", *case.words[2:]), case.expects)
    assert on_disk(folder) == before


@pytest.mark.parametrize("name", [n for n in BROKEN if "project.yaml" not in CASES[n].extra and n != "no-project"])
def test_the_sentence_is_in_the_projects_language(name: str, tmp_path: Path):
    folder = CASES[name].put(tmp_path / "project")
    said = (folder / "project.yaml").read_text("utf-8").replace("language: en", "language: zh_CN")
    (folder / "project.yaml").write_text(said, "utf-8")
    answer = asked(folder, *CASES[name].words)
    assert answer.code == 2 and any("。" in s for s in answer.sentences), answer


@pytest.mark.parametrize("name", LIMITED)
def test_a_bomb_is_one_sentence_within_limits(name: str, tmp_path: Path):
    case = CASES[name]
    folder = case.put(tmp_path / "project")
    before = None if name == "a-named-pipe" else on_disk(folder)
    done = process(folder, *case.words)
    assert done.seconds < SECONDS and done.memory < MEMORY, done
    assert "Traceback" not in done.err
    said = problems(done.out) if done.out else [done.err.strip()]
    one_sentence(Answer(done.code, done.out, said), case.expects)
    assert before is None or on_disk(folder) == before


@pytest.mark.parametrize("name", ["zero-bytes-csv", "encrypted-xlsx", "project-gbk", "period-2026Q5"])
def test_the_command_itself_ends_with_code_2(name: str, tmp_path: Path):
    case = CASES[name]
    done = process(case.put(tmp_path / "project"), "run", "crm", *case.words[2:])
    assert not done.out
    one_sentence(Answer(done.code, done.err, [done.err.strip()]), case.expects)


# -- round trips and damage


LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S"))
NAMES = st.text(LETTERS | st.sampled_from(" ,;|\"'\n，；滨江二期"), max_size=12).map(lambda t: composed(f"项{t}末"))
PEOPLE = st.sampled_from(["李雷", "韩梅梅", "Ann Smith", "Müller, Jürg"])
DAYS = st.dates(pd.Timestamp("2019-01-01").date(), pd.Timestamp("2027-12-31").date())


def composed(text: str) -> str:
    """The form in which letters are kept: composed (é, not e and a mark)."""
    return unicodedata.normalize("NFC", text)


@st.composite
def tables(draw: st.DrawFn, dialect: Dialect) -> pd.DataFrame:
    """Deals in the columns of the demo's company, in the dialect's stages; names differ by more than letter case."""
    counting = dialect.stages.counting()
    names = draw(st.lists(NAMES, min_size=1, max_size=6, unique_by=alike))
    rows = []
    for number, name in enumerate(names):
        stage, created = draw(st.sampled_from(sorted(counting))), pd.Timestamp(draw(DAYS))
        closed = pd.NaT if counting[stage] in ("open", "on_hold") else created + pd.Timedelta(days=20)
        amount = draw(st.none() | st.integers(0, 10**12))
        rows.append(
            {"id": f"650c{number:020x}", "name": name, "account": draw(NAMES), "owner": draw(PEOPLE), "stage": stage}
            | {"status": counting[stage], "amount": pd.NA if amount is None else amount, "created": created}
            | {"expected_close": created + pd.Timedelta(days=draw(st.integers(1, 300))), "closed": closed}
        )
    frame = pd.DataFrame(rows)
    for column in ("contact", "product", "next_step", "source", "loss_reason", "competitor", "region", "department"):
        frame[column] = None
    for column in ("stage_changed", "modified", "last_activity"):
        frame[column] = frame["created"]
    frame["next_step_date"], frame["cost"] = pd.NaT, pd.NA
    return frame.astype({"amount": "Int64", "cost": "Int64", "next_step_date": "datetime64[s]"})


def alike(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


@pytest.mark.parametrize("mapped", [True, False], ids=["mapped", "unmapped"])
@pytest.mark.parametrize("dialect", [FXIAOKE, ZOHO, SHEET], ids=lambda d: d.name)
@given(data=st.data())
@settings(max_examples=15, deadline=None, database=None, derandomize=True)
def test_a_table_written_in_a_dialect_reads_back_the_same(dialect: Dialect, mapped: bool, data: st.DataObject):
    frame = data.draw(tables(dialect))
    usual = "currency: USD\ntimezone: America/New_York" if dialect is ZOHO else ""
    case = Case("", "good", "", b"", {}, usual, dialect.mapping if mapped else "", place=lambda _: None)
    with tempfile.TemporaryDirectory() as into:
        folder = case.put(Path(into) / "project")
        dialect.write((frame,), pd.Timestamp("2026-09-21").date(), folder / "data")
        found = tables_of(folder)
    columns = ["name", "account", "owner", "stage", "status", "amount", "created"]
    for column in columns if dialect is ZOHO else [*columns, "expected_close"]:
        assert cells(found[column]) == cells(frame[column]), column


GOOD = [
    "csv-utf8-crlf",
    "csv-gbk",
    "csv-utf16-le-tab",
    "csv-gz",
    "parquet",
    "xls",
    "xlsx-typed",
    "xls-that-is-a-web-page",
]


@pytest.mark.parametrize("name", [n for n in GOOD if n in CASES])
@given(data=st.data())
@settings(max_examples=25, deadline=None, database=None, derandomize=True)
def test_damaged_bytes_are_a_table_or_a_sentence(name: str, data: st.DataObject):
    case, found = CASES[name], bytearray(CASES[name].data)
    places = st.integers(0, len(found) - 1)
    for at in data.draw(st.lists(places, max_size=8)):
        found[at] = data.draw(st.integers(0, 255))
    cut, length = data.draw(st.tuples(places, st.integers(0, 300)))
    del found[cut : cut + length]
    with tempfile.TemporaryDirectory() as into:
        folder = case.put(Path(into) / "project")
        (folder / "data" / case.file).write_bytes(found)
        before = on_disk(folder)
        try:
            here = Project.open(folder)
            here.file_exports()
            here.readings()
        except PlaybookError as error:
            assert str(error) and "\n" not in str(error).strip()
            assert on_disk(folder) == before
