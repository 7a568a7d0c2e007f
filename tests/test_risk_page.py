"""The risk page, made from records alone: one sheet whatever the register holds, in both languages."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from conftest import needed
from playwright.sync_api import Page, sync_playwright

from salesplaybook import saving
from salesplaybook.areas import risk
from salesplaybook.entries.kinds import Entry, Lesson, Risk
from salesplaybook.language import Language
from salesplaybook.pages import blocks, page
from salesplaybook.records import Read, Record, described
from salesplaybook.settings import Settings
from test_page import A4, CHROMIUM, CLIPPED, OVERLAPPING, QUIET
from test_risk import QUARTER, RULES, TODAY, deal, known

LONG = {
    "en": "Extraordinarily long-winded description of what may happen to us in the Greater Bay Area, Phase II",
    "zh_CN": "粤港澳大湾区二期工业自动化与机器人产业园项目因客户内部机构调整而整体推迟到明年的风险",
}
WORDS = {
    "en": ("Acceptance is delayed", "Walk through the conditions a month ahead", "An item is open", "S. Sewald"),
    "zh_CN": ("验收推迟", "提前一个月与客户走一遍验收条件", "验收清单上有未关闭项", "周明"),
}


def risks(language: str, n: int, long: bool = False) -> list[Entry]:
    what, measure, trigger, owner = WORDS[language]
    out: list[Entry] = []
    for i in range(n):
        row: dict[str, Any] = {"id": f"r{i}", "what": LONG[language] if long else f"{what} {i + 1}", "owner": owner}
        row |= {
            "probability": f"0.{i % 8 + 1}",
            "low": 10_000 * (i + 1),
            "likely": 40_000 * (i + 1),
            "trigger": trigger,
            "tag": "delivery",
        }
        row |= {
            "high": 90_000 * (i + 1),
            "response": "reduce",
            "cost": 30_000,
            "due": TODAY + timedelta(days=9 * i - 9),
        }
        row |= {"probability_after": "0.05", "measure": LONG[language] if long else measure} if i % 3 else {}
        row |= {"triggered": TODAY} if i == 1 else {"low": 10**9} if i == 4 else {"owner": ""} if i == 5 else {}
        out.append(Risk.model_validate(row))
    out += [
        Risk(id=f"s{i}", what="x", probability="0.4", happened=i < 2, closed=TODAY)  # type: ignore[arg-type]
        for i in range(min(n, 6))
    ]
    return out


def body(language: str, n: int = 9, long: bool = False, data: bool = True) -> risk.Body:
    deals = {f"d{i}": deal(LONG[language] if long else f"C{i % 3}", 50_000_000, contact="Wu") for i in range(6)}
    deals["d5"]["next_step"] = None
    owed = [{"due": -40, "unpaid": 90_000_000, "account": LONG[language], "owner": "Li Na"}]
    now = known(deals if data else None, risks(language, n, long), owed if data else None)
    said = LONG[language] if long else WORDS[language][1]
    lessons = [
        (LONG[language], Lesson(id=f"l{i}", period="2026Q2", situation=said, advice=said, tag="delivery"))
        for i in range(4)
    ]
    earlier = [x for x in risks(language, max(n - 2, 0)) if isinstance(x, Risk)]
    return risk.body(QUARTER, now, RULES, lessons, earlier)


def record(made: risk.Body, language: str) -> Record:
    name = "华东智慧园区" if language == "zh_CN" else "East Smart Park"
    settings = Settings.model_validate(
        {"name": name, "manager": "王敏", "language": language, "currency": "CNY", "country": "CN", "tax": "excluded"}
    )
    now = known({f"d{i}": deal(f"C{i % 3}", 50_000_000) for i in range(6)})
    return saving.record(
        settings, made, QUARTER, TODAY, Read(sources=[], settings="", code=""), described(now.until(TODAY))
    )


CASES: dict[str, dict[str, Any]] = {
    "rich": {},
    "many": {"n": 25},
    "long": {"n": 12, "long": True},
    "one": {"n": 1},
    "none": {"n": 0},
    "nothing": {"n": 0, "data": False},
}
NAMES = [f"{case} {language}" for case in CASES for language in ("zh_CN", "en")]
each_page = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    into, found = tmp_path_factory.mktemp("risks"), {}
    for name in NAMES:
        case, language = name.split()
        found[name] = into / f"{name}.html"
        found[name].write_text(page.html(record(body(language, **CASES[case]), language)), "utf-8")
    return found


@pytest.fixture(scope="module")
def shown() -> Iterator[Page]:
    needed(bool(shutil.which("chromium")), "chromium")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        yield browser.new_context(java_script_enabled=False, viewport={"width": 1000, "height": 1200}).new_page()
        browser.close()


@each_page
def test_the_risks_print_on_one_sheet(pages: dict[str, Path], shown: Page, name: str):
    shown.goto(pages[name].as_uri())
    printed = pypdfium2.PdfDocument(shown.pdf(prefer_css_page_size=True, print_background=True))
    assert len(printed) == 1
    assert tuple(round(side) for side in printed[0].get_size()) == A4


@each_page
@pytest.mark.parametrize("media", ["screen", "print"])
def test_no_text_is_clipped_or_lies_on_another(pages: dict[str, Path], shown: Page, name: str, media: str):
    shown.emulate_media(media=media)  # type: ignore[arg-type]
    shown.goto(pages[name].as_uri())
    assert shown.evaluate("document.querySelector('main').scrollHeight") <= 1123
    assert shown.evaluate(CLIPPED) == []
    assert shown.evaluate(OVERLAPPING) == []


@each_page
def test_the_risks_can_be_read_on_a_telephone(pages: dict[str, Path], shown: Page, name: str):
    shown.emulate_media(media="screen")
    shown.set_viewport_size({"width": 390, "height": 800})
    shown.goto(pages[name].as_uri())
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
    shown.set_viewport_size({"width": 1000, "height": 1200})


@each_page
def test_a_page_is_the_same_bytes_again_and_has_no_script(pages: dict[str, Path], name: str):
    case, language = name.split()
    text = pages[name].read_text("utf-8")
    assert text == page.html(record(body(language, **CASES[case]), language))
    assert not re.search(r"<script|\son\w+=|url\(|\bsrc=|://", text)


def test_what_has_no_room_on_the_sheet_stands_below_it(pages: dict[str, Path]):
    html = pages["many en"].read_text("utf-8")
    sheet, below = html.split("</main>")
    assert sheet.count("Acceptance is delayed") >= 9 and "another 16, below this sheet" in sheet
    assert len(re.findall("<b>Acceptance is delayed", below)) == 16


def test_proposals_open_to_their_deals(pages: dict[str, Path]):
    html = pages["rich en"].read_text("utf-8")
    wanted = set(re.findall(r'class="n" href="#([^"]+)"', html))
    assert any(name.startswith("proposed.") for name in wanted)
    assert wanted <= set(re.findall(r'<section class="rows" id="([^"]+)"', html))


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("piece", ["register", "shares", "proposed", "lessons", "scores"])
def test_a_notebook_shows_the_pages_pieces(language: str, piece: str):
    from salesplaybook import language as languages

    languages.use(Language(language))
    assert len(blocks.show(body(language), piece)) > 100


def test_a_risk_closed_without_an_answer_is_named_beside_an_empty_register():
    closed = Risk(id="a", what="Fire", closed=TODAY)
    made = risk.body(QUARTER, known({}, [closed]), RULES)
    assert "Fire: closed on 2026-09-21, but whether it happened" in page.html(record(made, "en"))


def test_a_risk_in_no_sum_has_no_arrow():
    old = Risk.model_validate({"id": "a", "what": "Fire"})
    counted = Risk.model_validate({"id": "b", "what": "Flood", "probability": "0.3", "low": 1, "likely": 2, "high": 3})
    made = risk.body(QUARTER, known({}, [old, counted]), RULES, earlier=[old, counted])
    assert page.html(record(made, "en")).count('<td class="ar">→</td>') == 1
