"""The page on words.yaml: its example is read by the real reader, and it names what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from salesplaybook.settings import Mapping, Settings
from salesplaybook.tables import words
from salesplaybook.tables.reader import Reader
from salesplaybook.tables.schema import TABLES

ROOT = Path(__file__).resolve().parents[1]
EXPORTS = {
    "words.md": "Deal Name,Hunter,Stage\nAlpha,Ann,Ink dry\n",
    "words.zh-CN.md": "商机名称,主攻手,阶段\n东区,王敏,已回签\n",
}
each_page = pytest.mark.parametrize("page", EXPORTS)


def text(page: str) -> str:
    return (ROOT / "docs" / page).read_text("utf-8")


def read(page: str, own: str) -> list[list[str | None]]:
    reader = Reader(Settings(name="P"), Mapping(), words.load(own), own)
    (sheet,) = reader.sheets("deals.csv", EXPORTS[page].encode())
    fit = reader.recognise(sheet)
    assert fit
    frame = reader.read(sheet, fit).frame
    return [[frame[column].iloc[0] if len(frame) else None for column in ("owner", "status")]]


@each_page
def test_the_example_is_a_whole_file_of_five_lines(page: str):
    (example,) = re.findall(r"```yaml\n(.*?)```", text(page), re.DOTALL)
    assert len(example.splitlines()) == 5
    ((owner, status),) = read(page, example)
    assert owner in ("Ann", "王敏") and status == "won"
    assert read(page, "") == [[None, None]]


@each_page
def test_it_names_our_tables_and_columns(page: str):
    named = set(re.findall(r"`(\w+)`", text(page)))
    assert set(TABLES) <= named
    helpers = {"is_closed", "is_won", "record_state", "modified", "stage_changed"}  # of CRMs, which we know
    assert set(TABLES["deals"].columns) - helpers <= named


@each_page
def test_the_mistake_and_the_object_that_it_speaks_of_are_so(page: str):
    chance, header = ("Chance", "Chance - Amount") if page == "words.md" else ("单子", "单子-金额")
    assert f"`deals: [{chance}]`" in text(page) and header in text(page)
    assert words.load(f"objects:\n  deals: [{chance}]\n").column("deals", header) == "amount"
    with pytest.raises(Exception, match=r"line 3: there is no 'columns\.deals\.ownr'. Did you mean 'owner'"):
        words.load("columns:\n  deals:\n    ownr: [a]\n")


def test_both_readmes_and_the_template_lead_there():
    template = next((ROOT / "templates").glob("*/*/mapping.yaml")).read_text("utf-8")
    assert template.count("words.yaml") == 2
    for readme, page in (("README.md", "words.md"), ("README.zh-CN.md", "words.zh-CN.md")):
        assert f"[`words.yaml`](docs/{page})" in (ROOT / readme).read_text("utf-8")
