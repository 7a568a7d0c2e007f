"""The page of goals, made from records alone: one sheet whatever was typed and known, in both languages."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pypdfium2
import pytest
from conftest import needed
from playwright.sync_api import Page, sync_playwright
from test_walk import frame

from salesplaybook import history, language, saving
from salesplaybook.areas import goals
from salesplaybook.entries.kinds import Action, Entry, Goal, Lesson, Target
from salesplaybook.history import Export, Snapshot
from salesplaybook.language import Language
from salesplaybook.limits import Rules, Warnings
from salesplaybook.pages import blocks, page
from salesplaybook.periods import Period, parse
from salesplaybook.records import Read, Record, described
from salesplaybook.settings import Settings
from salesplaybook.workdays import Calendar
from test_page import A4, CHROMIUM, CLIPPED, OVERLAPPING, QUIET

TODAY, QUARTER = date(2026, 8, 18), parse("2026Q3")
RULES = Rules(Warnings(), {}, Calendar("CN"))
LONG = {
    "en": "Extraordinarily long-winded promise about the Greater Bay Area industrial automation park, Phase II",
    "zh_CN": "粤港澳大湾区二期工业自动化与机器人产业园项目全部在手商机逐单确认客户自己的节点并补齐第二位联系人",
}
PEOPLE = {
    "en": ("Ann Lee", "Bo Chen", "Cy Marsh", "Di Okoro", "Eve Holt", "Flo Reed", "Gus Nair", "Hal Voss", "Ida Calder"),
    "zh_CN": ("方文博", "高若溪", "黄嘉宁", "李晓岚", "刘志远", "马思远", "石静怡", "张启明", "赵雪晴"),
}
WORDS = {
    "en": ("Close the deals of the parks", "the five largest deals", "the year's plan", "Call the park"),
    "zh_CN": ("拿下园区两个大单，带动签约", "前五大商机逐单过", "全年签约目标", "约见园区负责人"),
}


@cache
def deals(language: str, people: int = 9, quarters: int = 9, long: bool = False) -> Snapshot:
    """Some 45 decided deals in each quarter before, most of them won within ten weeks, and 30 open ones."""
    draw, rows = np.random.default_rng(7), {}
    names = [LONG[language][:30] + str(n) if long else _person(language, n) for n in range(people)]
    start, days = date(2024, 7, 1), (TODAY - date(2024, 7, 1)).days
    if quarters < 9:
        start, days = date(2026, 7, 1) - timedelta(days=91 * quarters), 91 * quarters + 48
    for n in range(days // 2):
        closed = start + timedelta(days=2 * n)
        opened = closed - timedelta(days=int(draw.integers(5, 70)))
        won, amount = draw.random() < 0.5, int(draw.lognormal(12.4, 0.8)) * 100
        rows[f"d{n}"] = {"name": f"D{n}", "account": f"A{n % 60}", "owner": names[n % people], "amount": amount}
        rows[f"d{n}"] |= {"value": amount, "cost": amount * 2 // 3, "created": opened, "expected_close": closed}
        rows[f"d{n}"] |= {"status": "won" if won else "lost", "closed": closed}
    for n in range(30):
        name = LONG[language] if long else f"Park {n}"
        due = TODAY + timedelta(days=3 * n)
        rows[f"o{n}"] = {"name": name, "account": f"A{n}", "owner": names[n % people], "status": "open"}
        rows[f"o{n}"] |= {
            "amount": 30_000_000,
            "value": 30_000_000,
            "created": due - timedelta(40),
            "expected_close": due,
        }
    return Snapshot(TODAY, history.versions([Export(TODAY, frame(rows))]), [TODAY])


def _person(language: str, n: int) -> str:
    name = PEOPLE[language][n % 9]
    return name if n < 9 else f"{name} {n}"


def nothing() -> Snapshot:
    return Snapshot(TODAY, pd.DataFrame(), [])


def entries(language: str, n: int = 6, long: bool = False, **amounts: Any) -> dict[str, list[Entry]]:
    what, how, serves, call = ((LONG[language],) * 4) if long else WORDS[language]
    owner = LONG[language][:24] if long else _person(language, 0)
    asked = amounts or {"bookings": 20_000_000, "revenue": 9_000_000, "margin": 35, "new_customers": 12, "demos": 30}
    targets = [Target(id=m, period="2026Q3", metric=m, amount=Decimal(str(a))) for m, a in asked.items()]
    found: list[Entry] = []
    for i in range(n):
        full = {"owner": owner, "metric": "bookings", "how": how, "serves": serves, "due": date(2026, 9, 30)}
        lack = {1: {"owner": ""}, 2: {"due": date(2027, 1, 1)}, 3: {"metric": ""}, 4: {"how": "", "serves": ""}}.get(
            i, {}
        )
        found.append(Goal.model_validate({"id": f"g{i}", "period": "2026Q3", "what": what} | full | lack))
    tasks = [
        Action.model_validate(
            {
                "id": f"a{i}",
                "what": call,
                "who": owner,
                "goal": f"g{i % max(n, 1)}",
                "due": TODAY + timedelta(3 * i - 6),
            }
            | ({"priority": "high"} if i == 1 else {"done": TODAY} if i == 2 else {})
        )
        for i in range(2 * n)
    ]
    outcomes = ("done", "partly", "not_done", None, "done", None)
    promises = [
        Action.model_validate(
            {
                "id": f"r{i}",
                "what": call,
                "who": owner,
                "due": date(2026, 8, 3 + i),
                "review": "2026Q2",
                "outcome": outcome,
            }
        )
        for i, outcome in enumerate(outcomes[:n])
    ]
    return {"targets": [*targets], "goals": found, "actions": [*tasks, *promises]}


def body(language: str, **case: Any) -> goals.Body:
    now = case.get("known", lambda language: deals(language))(language)
    typed = entries(language, case.get("n", 6), case.get("long", False), **case.get("amounts", {}))
    typed |= case.get("typed", {})
    said = LONG[language] if case.get("long") else WORDS[language][1]
    lessons = [
        ("Parks", Lesson(id=f"l{i}", period="2026Q2", situation=said, advice=said, tag="forecast"))
        for i in range(case.get("n", 6) // 2)
    ]
    period: Period = case.get("period", QUARTER)
    return goals.body(period, replace(now, typed={now.on: typed}), RULES, lessons)


def record(made: goals.Body, language: str, now: Snapshot, period: Period = QUARTER) -> Record:
    name = "华东智慧园区" if language == "zh_CN" else "East Smart Park"
    settings = Settings.model_validate(
        {"name": name, "manager": "王敏", "language": language, "currency": "CNY", "country": "CN", "tax": "excluded"}
    )
    rows = described(now.until(TODAY)) if not now.empty else {}
    return saving.record(settings, made, period, TODAY, Read(sources=[], settings="", code=""), rows)


CIRCLE: list[Entry] = [
    Action(id="a", what="write", who="x", goal="g0", after="b"),
    Action(id="b", what="send", who="x", goal="g0", after="a"),
]
CASES: dict[str, dict[str, Any]] = {
    "rich": {},
    "many": {"n": 18, "known": lambda language: deals(language, 30)},
    "long": {"n": 8, "long": True, "known": lambda language: deals(language, 9, 9, True)},
    "never": {"amounts": {"bookings": 90_000_000}},
    "thin": {"known": lambda language: deals(language, 3, 2)},
    "untargeted": {"n": 0, "typed": {"targets": []}},
    "nothing": {"n": 0, "typed": {"targets": []}, "known": lambda language: nothing()},
    "typed only": {"known": lambda language: nothing()},
    "over": {
        "period": parse("2026Q2"),
        "typed": {"targets": [Target(id="t", period="2026Q2", amount=Decimal(30_000_000))]},
    },
    "wrong": {"amounts": {"bookings": -5, "revenue": 0, "margin": 130}, "typed": {"actions": CIRCLE}},
}
NAMES = [f"{case}|{language}" for case in CASES for language in ("zh_CN", "en")]
each_page = pytest.mark.parametrize("name", NAMES)


def made(name: str) -> str:
    case, code = name.split("|")
    now = CASES[case].get("known", lambda language: deals(language))(code)
    return page.html(record(body(code, **CASES[case]), code, now, CASES[case].get("period", QUARTER)))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    into, found = tmp_path_factory.mktemp("goals"), {}
    for name in NAMES:
        found[name] = into / f"{name.replace('|', '-')}.html"
        found[name].write_text(made(name), "utf-8")
    return found


@pytest.fixture(scope="module")
def shown() -> Iterator[Page]:
    needed(bool(shutil.which("chromium")), "chromium")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        yield browser.new_context(java_script_enabled=False, viewport={"width": 1000, "height": 1200}).new_page()
        browser.close()


@each_page
def test_the_goals_print_on_one_sheet(pages: dict[str, Path], shown: Page, name: str):
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
def test_the_goals_can_be_read_on_a_telephone(pages: dict[str, Path], shown: Page, name: str):
    shown.emulate_media(media="screen")
    shown.set_viewport_size({"width": 390, "height": 800})
    shown.goto(pages[name].as_uri())
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
    shown.set_viewport_size({"width": 1000, "height": 1200})


@pytest.mark.parametrize("name", ["rich|en", "many|zh_CN"])
def test_a_page_is_the_same_bytes_again_and_has_no_script(pages: dict[str, Path], name: str):
    text = pages[name].read_text("utf-8")
    assert text == made(name)
    assert not re.search(r"<script|\son\w+=|url\(|\bsrc=|://", text)


def test_numbers_open_to_their_deals(pages: dict[str, Path]):
    html = pages["never|en"].read_text("utf-8")
    wanted = set(re.findall(r'class="n" href="#([^"]+)"', html))
    assert {"goal.bookings", "needed.yields", "more-goals", "more-promised"} <= wanted
    assert wanted <= set(re.findall(r'<section class="[a-z]+" id="([^"]+)"', html))


def test_what_has_no_room_on_the_sheet_stands_below_it(pages: dict[str, Path]):
    sheet, below = pages["many|en"].read_text("utf-8").split("</main>")
    assert "another 13" in sheet and below.count("Close the deals of the parks") >= 18


def test_people_stand_on_the_page_without_amounts_and_who_reached_the_target_has_reached_it(pages: dict[str, Path]):
    amounts = {"targets": [Target(id=n, period="2026Q2", owner=n, amount=Decimal(a)) for n, a in
                           (("Ann Lee", 7_654_321), ("Bo Chen", 1))]}  # fmt: skip
    case = {"n": 0, "period": parse("2026Q2"), "typed": amounts}
    html = page.html(record(body("en", **case), "en", deals("en"), parse("2026Q2")))
    section = html[html.index("Ann Lee</td>") : html.index("Ida Calder</td>")]
    assert "days behind" in section and not re.search(r"\d+(\.\d+)?[kM%]", section)
    assert re.search(r"Bo Chen</td><td>reached", section)


def test_people_stand_in_the_order_of_names_and_without_colour(pages: dict[str, Path]):
    html = pages["rich|en"].read_text("utf-8")
    section = html[html.index("Ann Lee</td>") - 200 : html.index("Ida Calder</td>")]
    assert [n for n in re.findall(r"<td>([A-Z][a-z]+ [A-Z][a-z]+)</td>", section)] == list(PEOPLE["en"][:8])
    assert 'class="o"' not in section and 'class="b"' not in section


@pytest.mark.parametrize("code", ["zh_CN", "en"])
@pytest.mark.parametrize("piece", ["before", "progress", "needed", "split", "people", "checked"])
def test_a_notebook_shows_the_pages_pieces(code: str, piece: str):
    language.use(Language(code))
    for case in ("rich", "nothing"):
        assert len(blocks.show(body(code, **CASES[case]), piece)) > 30
