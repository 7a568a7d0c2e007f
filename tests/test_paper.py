"""A page on paper: one sheet as the browser shows it, the same bytes again, and one line where it can't be made."""

from __future__ import annotations

import builtins
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from conftest import needed
from PIL import Image

import mondays
from salesplaybook.pages import page, paper
from test_page import A4

NAMES = [f"{name} {language}" for name in mondays.ALL for language in ("zh_CN", "en")]


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """What is installed is looked up once a run; here each test looks anew."""
    paper._not_installed.cache_clear()
    paper._no_chinese_font.cache_clear()
    yield
    paper._not_installed.cache_clear()
    paper._no_chinese_font.cache_clear()


def html_of(name: str) -> str:
    what, language = name.rsplit(" ", 1)
    return page.html(mondays.record(mondays.ALL[what](language), language))


@cache
def printed(name: str) -> bytes:
    needed(paper.missing(chinese=True) is None, "weasyprint, pypdfium2 or a Chinese font")
    made = paper.pdf(html_of(name))
    assert made
    return made


@pytest.mark.parametrize("name", NAMES)
def test_a_monday_is_one_sheet_of_a4(name: str):
    found = pypdfium2.PdfDocument(printed(name))
    assert len(found) == 1
    assert tuple(round(side) for side in found[0].get_size()) == A4


@pytest.mark.parametrize("name", NAMES)
def test_the_footer_stands_at_the_sheets_foot_with_a_margin_below(name: str):
    sheet = pypdfium2.PdfDocument(printed(name))[0]
    text = sheet.get_textpage()
    lowest = min(text.get_rect(n)[1] for n in range(text.count_rects()))
    assert 8 <= lowest <= 26  # points above the edge


def test_the_same_page_is_the_same_bytes():
    assert paper.pdf(html_of("rich zh_CN")) == printed("rich zh_CN")


def test_the_picture_is_of_the_sheet():
    picture = Image.open(io.BytesIO(paper.png(printed("rich zh_CN"), scale=1)))
    assert picture.format == "PNG" and abs(picture.width - 794) <= 1 and abs(picture.height - 1123) <= 1


def test_the_sheet_holds_the_pages_text_and_not_the_deals_behind_its_numbers():
    text = pypdfium2.PdfDocument(printed("rich en"))[0].get_textpage().get_text_bounded()
    assert (
        "Slipped out of Q3" in text and "Unusual" in text and "the 50 largest" not in text and "Amount here" not in text
    )


def test_without_weasyprint_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    real = builtins.__import__

    def without(name: str, *args: Any, **options: Any) -> Any:
        if name == "weasyprint":
            raise ImportError(name)
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    said = paper.missing()
    assert said and "salesplaybook[paper]" in said.text and "\n" not in said.text
    assert paper.pdf("<main></main>") is None


def test_without_pango_one_line_says_so(monkeypatch: pytest.MonkeyPatch):
    real = builtins.__import__

    def without(name: str, *args: Any, **options: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    said = paper.missing()
    assert said and "pango" in said.text
    assert paper.pdf("<main></main>") is None


@pytest.mark.parametrize("latin", [True, False])
def test_without_a_chinese_font_or_any_one_line_says_so(tmp_path: Path, latin: bool):
    needed(paper.missing() is None, "weasyprint")
    others = [font for font in Path("/usr/share/fonts").rglob("*.ttf") if "CJK" not in font.name]
    if latin and not others:
        pytest.skip("no font here that has no Chinese")
    if latin:
        (tmp_path / others[0].name).symlink_to(others[0])
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(
        f'<?xml version="1.0"?><fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}</cachedir></fontconfig>', "utf-8"
    )
    code = "from salesplaybook.pages import paper; print(paper.missing(True).text); print(paper.missing() is None)"
    environment = os.environ | {"FONTCONFIG_FILE": str(fonts)}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120)
    assert "fonts-noto-cjk" in run.stdout and "Traceback" not in run.stderr, run.stderr
    assert run.stdout.endswith(f"{latin}\n")  # without Chinese an English page can still be made
