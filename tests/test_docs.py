"""What README and docs link to is there, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_link_and_picture_is_there(page: Path):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("name", ["README", "docs/tour", "docs/reading", "docs/definitions"])
def test_a_page_of_one_language_shows_as_many_pictures_as_the_other(name: str):
    english, chinese = ((ROOT / f"{name}{code}.md").read_text("utf-8") for code in ("", ".zh-CN"))
    assert english.count("![") == chinese.count("![")
