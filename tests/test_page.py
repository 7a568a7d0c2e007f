"""The crm page as a browser shows and prints it: one sheet, no script, no request, every number opens to its deals."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from conftest import make_maven, needed
from playwright.sync_api import Browser, Page, sync_playwright

from salesplaybook.areas import crm
from salesplaybook.project import Project
from salesplaybook.records import SHOWN

CHROMIUM = shutil.which("chromium") or ""
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
QUIET += " --disable-component-update --disable-sync"
A4 = (595, 842)  # points
# What people may have typed into a CRM.
ODD = ["<script>alert(1)</script>", "{{7*7}}", '"><img src=x onerror=alert(1)>', "**bold** & {brace}", "长" * 120]


def page_of(folder: Path, period: str) -> Path:
    here = Project.open(folder)
    here.file_exports()
    known = here.snapshot("", period)
    window = here.period(period, known.on)
    return here.save(crm.body(window, known, here.unfit), window, known)


def empty(folder: Path, language: str) -> Path:
    (folder / "data").mkdir(parents=True)
    (folder / "project.yaml").write_text(f"name: Nothing yet\nlanguage: {language}\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, filed) -> dict[str, Path]:
    """The demo in Chinese, Maven in English, and projects without data in both."""
    into = tmp_path_factory.mktemp("pages")
    parks, maven = filed(0, into), make_maven(into / "maven")
    return {
        "zh quarter": page_of(parks, "2026Q3"),
        "zh week": page_of(parks, "2026-W41"),
        "en quarter": page_of(maven, "2017Q3"),
        "en week": page_of(maven, "2017-W38"),
        "zh empty": page_of(empty(into / "none", "zh_CN"), "2026Q3"),
        "en empty": page_of(empty(into / "nothing", "en"), "2026Q3"),
    }


NAMES = ["zh quarter", "zh week", "en quarter", "en week", "zh empty", "en empty"]
each_page = pytest.mark.parametrize("name", NAMES)
each_full_page = pytest.mark.parametrize("name", NAMES[:4])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    needed(bool(CHROMIUM), "chromium")
    with sync_playwright() as started:
        yield started.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())


@pytest.fixture
def shown(browser: Browser) -> Iterator[Page]:
    """A browser that runs no scripts of a page: what works here works in a mail's preview."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1000, "height": 1200})
    yield context.new_page()
    context.close()


@each_page
def test_a_page_prints_on_one_sheet(pages: dict[str, Path], shown: Page, name: str):
    shown.goto(pages[name].as_uri())
    printed = pypdfium2.PdfDocument(shown.pdf(prefer_css_page_size=True, print_background=True))
    assert len(printed) == 1
    assert tuple(round(side) for side in printed[0].get_size()) == A4


@each_page
def test_a_page_asks_nobody_and_runs_nothing(pages: dict[str, Path], browser: Browser, name: str):
    text = pages[name].read_text("utf-8")
    assert not re.search(r"<script|javascript:|\son\w+=|@import|url\(|<link|<iframe|\bsrc=", text, re.IGNORECASE)
    assert all(address.startswith("#") for address in re.findall(r'href="([^"]*)"', text))
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages[name].as_uri(), wait_until="networkidle")
    page.close()
    assert asked == [pages[name].as_uri()]


@each_full_page
def test_a_number_opens_to_its_deals_without_a_script(pages: dict[str, Path], shown: Page, name: str):
    shown.goto(pages[name].as_uri())
    number = shown.locator('main a.n[href="#stock.opening"]').first
    opened = shown.locator('[id="stock.opening"]')
    assert not opened.is_visible()
    number.click()
    assert opened.is_visible()
    deals = int(number.inner_text().replace(",", ""))
    assert opened.locator("tbody tr").count() == min(deals, SHOWN)
    opened.locator(".close").click()
    assert not opened.is_visible()


@each_page
def test_every_link_leads_to_at_most_fifty_deals(pages: dict[str, Path], shown: Page, name: str):
    shown.goto(pages[name].as_uri())
    wanted = shown.evaluate("[...document.querySelectorAll('a.n')].map(a => a.hash.slice(1))")
    rows = "[...document.querySelectorAll('.rows')].map(s => [s.id, s.querySelectorAll('tbody tr').length])"
    there = dict(shown.evaluate(rows))
    assert set(wanted) <= set(there)
    assert all(0 < count <= SHOWN for where, count in there.items() if where != "aside")


# Cells and lines that are wider inside than outside, and texts that lie on each other or outside the sheet.
CLIPPED = """() => [...document.querySelectorAll('main td, main th, main p, main h1, main h2, main h3, main div')]
  .filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1)
  .map(e => e.tagName + ': ' + e.textContent.trim().slice(0, 60))"""
OVERLAPPING = """() => {
  const sheet = document.querySelector('main').getBoundingClientRect(), found = [], boxes = []
  const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    if (!walk.currentNode.data.trim()) continue
    const range = document.createRange()
    range.selectNodeContents(walk.currentNode)
    for (const r of range.getClientRects()) if (r.width > 1) boxes.push([r, walk.currentNode])
  }
  for (const [r, node] of boxes)
    if (r.left < sheet.left || r.right > sheet.right + 1) found.push('outside: ' + node.data.trim())
  for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
    const [a, one] = boxes[i], [b, other] = boxes[j]
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left)
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
    if (one !== other && wide > 2 && high > 0.4 * Math.min(a.height, b.height))
      found.push(one.data.trim() + ' | ' + other.data.trim())
  }
  return found
}"""


@each_page
@pytest.mark.parametrize("media", ["screen", "print"])
def test_no_text_is_clipped_or_lies_on_another(pages: dict[str, Path], shown: Page, name: str, media: str):
    shown.emulate_media(media=media)  # type: ignore[arg-type]
    shown.goto(pages[name].as_uri())
    assert shown.evaluate(CLIPPED) == []
    assert shown.evaluate(OVERLAPPING) == []


@each_page
def test_a_page_can_be_read_on_a_telephone(pages: dict[str, Path], shown: Page, name: str):
    shown.set_viewport_size({"width": 390, "height": 800})
    shown.goto(pages[name].as_uri())
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("name, sentence", [("zh empty", "data/"), ("en empty", "No deals yet")])
def test_without_data_a_page_says_what_is_missing(pages: dict[str, Path], shown: Page, name: str, sentence: str):
    shown.goto(pages[name].as_uri())
    assert sentence in shown.locator("main").inner_text()


def test_text_from_data_stays_text(browser: Browser, tmp_path: Path):
    folder = empty(tmp_path / "odd", "en")
    rows = [
        f'{i},"{name.replace(chr(34), chr(34) * 2)}",open,2026-07-01,{i}00,"{ODD[0]}"' for i, name in enumerate(ODD)
    ]
    rows.append("9,past,lost,2026-07-01,1,b")  # without won and lost deals it would be a view of open ones
    text = "\n".join(["id,name,stage,created,amount,owner", *rows]) + "\n"
    (folder / "data" / "deals 2026-07-06.csv").write_text(text, "utf-8")
    page, alerts = browser.new_page(), []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.goto(page_of(folder, "2026Q3").as_uri() + "#stock.closing")
    cells = page.locator('[id="stock.closing"] tbody td:first-child').all_inner_texts()
    assert sorted(cells) == sorted(ODD)
    assert page.locator("script, img").count() == 0 and not alerts
    page.close()
