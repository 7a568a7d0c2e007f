"""The quarterly review: from records alone, one sheet whatever it holds, in both languages; and its form."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pypdfium2
import pytest
from conftest import needed
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page, sync_playwright
from scipy.stats import fisher_exact

import quarters
from quarters import ON, WAN
from salesplaybook.areas import crm, quarterly_review, retrospective
from salesplaybook.areas import quarterly_review_words as words
from salesplaybook.areas.quarterly_review import Body, Seen
from salesplaybook.entries.kinds import Action, Commit, Decision, Target, Verdict
from salesplaybook.forms import quarterly_review as form
from salesplaybook.forms.fields import Part, Typed
from salesplaybook.language import Language
from salesplaybook.methods.deciding import deciding
from salesplaybook.methods.rates import wilson
from salesplaybook.pages import adding, blocks, page, paper, review_room
from salesplaybook.project import Project
from salesplaybook.results import Figure, Message, Walk
from test_page import A4, CHROMIUM, CLIPPED, OVERLAPPING, QUIET

EN, ZH = Language("en"), Language("zh_CN")
NAMES = [f"{name} {language}" for name in quarters.ALL for language in ("zh_CN", "en")]
each_page = pytest.mark.parametrize("name", NAMES)


@cache
def record_of(name: str) -> Any:
    what, language = name.rsplit(" ", 1)
    return quarters.record(quarters.ALL[what](language), language, rejected=12 if what == "longest" else 0)


@cache
def html_of(name: str) -> str:
    return page.html(record_of(name))


def sheet(html: str) -> str:
    """What a reader sees of the sheet."""
    return text_of(html[html.index("<main") : html.index("</main>")])


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def said(message: Message, language: Language = EN) -> str:
    return language(message.text, **message.values)


# -- the sheet


@each_page
def test_a_review_is_one_sheet_of_a4_in_pdf(name: str):
    needed(paper.missing(chinese=True) is None, "weasyprint, pypdfium2 or a Chinese font")
    made = paper.pdf(html_of(name))
    assert made
    printed = pypdfium2.PdfDocument(made)
    assert len(printed) == 1
    assert tuple(round(side) for side in printed[0].get_size()) == A4
    text = printed[0].get_textpage()
    assert 8 <= min(text.get_rect(n)[1] for n in range(text.count_rects())) <= 26  # points above the edge
    assert "the 50 largest" not in text.get_text_bounded() and "Annex" not in text.get_text_bounded()


@pytest.fixture(scope="module")
def shown() -> Iterator[Page]:
    needed(bool(shutil.which("chromium")), "chromium")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        context = browser.new_context(java_script_enabled=False, viewport={"width": 1000, "height": 1200})
        yield context.new_page()
        browser.close()


@each_page
def test_in_the_browser_too_nothing_is_clipped_or_lies_on_another(shown: Page, name: str):
    for media in ("screen", "print"):
        shown.emulate_media(media=media)  # type: ignore[arg-type]
        shown.set_content(html_of(name))
        assert shown.evaluate("document.querySelector('main').scrollHeight") <= 1123
        assert shown.evaluate(CLIPPED) == []
        assert shown.evaluate(OVERLAPPING) == []
    assert len(pypdfium2.PdfDocument(shown.pdf(prefer_css_page_size=True, print_background=True))) == 1


@each_page
def test_the_height_that_is_told_beforehand_is_not_less_than_the_page_has(shown: Page, name: str):
    record = record_of(name)
    if record.body["empty"]:
        pytest.skip("a page without data has no rows")
    shown.emulate_media(media="screen")
    shown.set_content(html_of(name).replace("</main>", "<style>main { min-height: 0 !important }</style></main>"))
    real = shown.evaluate("document.querySelector('main').getBoundingClientRect().height")
    assert real <= review_room.height(record, review_room.of(record)) + 4


@each_page
def test_a_review_can_be_read_on_a_telephone(shown: Page, name: str):
    shown.emulate_media(media="screen")
    shown.set_viewport_size({"width": 390, "height": 800})
    shown.set_content(html_of(name))
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
    shown.set_viewport_size({"width": 1000, "height": 1200})


@each_page
def test_the_record_alone_makes_the_page_the_same_bytes_again_without_a_script(name: str):
    record = record_of(name)
    again = type(record).model_validate(json.loads(record.model_dump_json()))
    assert page.html(again) == html_of(name)
    assert not re.search(r"<script|\son\w+=|url\(|\bsrc=|://", html_of(name))


def test_every_number_with_deals_opens_to_them():
    html = html_of("rich en")
    wanted = set(re.findall(r'class="n" href="#([^"]+)"', html)) - {"annex"}
    assert {"outcome.won", "outcome.slipped", "booked.opened_and_won", "booked.closing", "deciding.1"} <= wanted
    assert wanted <= set(re.findall(r'<section class="rows" id="([^"]+)"', html))


# -- what stands on it, in PAGES' order


def test_the_blocks_stand_in_the_order_of_pages():
    text = sheet(html_of("rich en"))
    order = ["Q3 booked 11.80M", "the most advanced (1.20M)", "Please decide", "The four numbers", "Due at the start"]
    order += ["Q4: target 15.00M", "Deals that decide Q4", "Cash:", "Risks:", "Promised last quarter", "three moves"]
    order += ["8 of 9 posts", "Meanings", "Read", "Stands on"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_the_verdict_says_what_would_have_closed_the_gap_and_whether_the_win_rate_moved():
    body = quarters.rich("en")
    assert [said(m) for m in body.verdict.draft] == [
        "Q3 booked 11.80M, 92% of target: 1.04M short",
        "Of the largest slipped deals, the most advanced (1.20M) would have closed the gap.",
        "The win rate, 41.0% against 39.0%, is within chance (19 in 20).",
    ]
    assert said(body.title[0], ZH) == "三季度签约 1,180.0万，完成 92%，差 104.0万"


def test_a_missed_target_is_never_rounded_up_to_reached():
    numbers = [quarters.measured("bookings", 1000, 999, 900, 800, None)]
    body = review({"retrospective": quarters.retrospective(False, numbers=numbers)})
    assert "99% of target" in said(body.title[0])


def rate(won: int, n: int) -> Figure:
    low, high = wilson(won, n)
    return Figure(definition="won / (won + lost)", unit="share", value=won / n, low=low, high=high, n=n)


@pytest.mark.parametrize("now, before, moved", [((33, 74), (29, 50), False), ((24, 74), (29, 50), True)])
def test_a_win_rate_moved_where_19_times_in_20_chance_alone_would_not_move_it_so(
    now: tuple[int, int], before: tuple[int, int], moved: bool
):
    (k, n), (j, m) = now, before
    assert (fisher_exact([[k, n - k], [j, m - j]]).pvalue < 0.05) == moved
    figures = {"win_rate": rate(*now), "before.win_rate": rate(*before)}
    text = said(review({"crm": replace(quarters.crm(False), figures=figures)}).verdict.draft[-1])
    assert ("moved beyond chance" in text) == moved and ("within chance (19 in 20)" in text) == (not moved)


def numbers_title(*numbers: dict[str, Any], **changed: Any) -> str:
    body = review({"retrospective": quarters.retrospective(False, numbers=list(numbers), **changed)})
    return said(body.titles["numbers"])


def test_a_margin_that_missed_its_target_is_no_target_reached():
    bookings = quarters.measured("bookings", 1000, 1100, 900, 800, None)
    margin, unknown = (quarters.measured("margin", 0.31, v, 0.3, 0.3, None) for v in (0.29, None))
    assert numbers_title(bookings, margin) == "The four numbers: Gross margin 2.0 points under its target"
    assert numbers_title(margin) == "The four numbers: Gross margin 2.0 points under its target"
    assert numbers_title(bookings) == "The four numbers: Bookings reached its target"
    assert numbers_title(bookings, unknown) == "The four numbers: 1 of 2 targets reached, 1 can't be told"
    good = quarters.measured("margin", 0.31, 0.33, 0.3, 0.3, None)
    assert numbers_title(bookings, good) == "The four numbers: every target was reached"


def test_a_running_quarter_is_not_judged_as_if_it_were_over():
    numbers = [quarters.measured("bookings", 1000, 190, 900, 800, None) | {"verdict": "running"}]
    body = review({"crm": quarters.crm(False), "retrospective": quarters.retrospective(False, numbers=numbers)})
    assert said(body.title[0]) == "Q3 booked 1.90M so far, 19% of target: 8.10M to go"
    assert said(body.titles["numbers"]) == "The four numbers: not of the whole quarter yet"
    assert "closed the gap" not in " ".join(map(said, body.verdict.draft))
    for language, word in (("en", "not over yet"), ("zh_CN", "本季未结束")):
        assert word in sheet(page.html(quarters.record(body, language)))


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_exports_that_end_before_the_quarter_make_no_whole_quarter(shown: Page, language: str):
    known = quarters.Known(quarters.KEYS, {}, newest=date(2026, 7, 6))
    body = quarterly_review.body(quarters.QUARTER, known, quarters.RULES, {"crm": quarters.crm(False)})  # type: ignore[arg-type]
    assert body.numbers[0].actual.value is None and body.known_until == date(2026, 7, 6)
    assert said(body.title[0]) == "Q3 is known up to 2026-07-06 only: its bookings can't be told"
    html = page.html(quarters.record(body, language))
    assert "2026-07-06" in html[html.index('class="masthead"') : html.index("<h1>")]
    title = text_of(html[html.index("<h1>") : html.index("</h1>")])
    assert "…" not in title and "2026-07-06" in title
    shown.emulate_media(media="screen")
    shown.set_content(html)
    assert shown.evaluate("document.querySelector('main').scrollHeight") <= 1123
    assert shown.evaluate(CLIPPED) == [] and shown.evaluate(OVERLAPPING) == []


money = st.integers(0, 10**13)


@settings(max_examples=60, deadline=None)
@given(money, money, st.integers(1, 10**13), st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.booleans())
def test_the_draft_keeps_to_80_characters_and_35_words(a: int, b: int, target: int, now: float, was: float, goal: bool):
    outcome = quarters.walk({"won": {"W1": a / WAN}, "lost": {"L1": b / WAN}, "slipped": {"S1": a / WAN}}, down=True)
    found = quarters.crm(False, outcome=quarters.without_rows(outcome))
    figures = found.figures | {"win_rate": quarters.rate(now, 40), "before.win_rate": quarters.rate(was, 40)}
    figures |= {"bookings": quarters.figure(a / WAN, 3)} | dict(outcome.figures("outcome"))
    typed = {"targets": [Target(id="t", period="2026Q3", amount=target)]} if goal else {}
    draft = review({"crm": replace(found, figures=figures)}, typed).verdict.draft
    assert words.length("。".join(said(m, ZH) for m in draft)).n <= words.CHARACTERS
    assert words.length(" ".join(said(m) for m in draft)).n <= words.WORDS


def test_a_verdict_of_the_manager_stands_instead_and_is_marked():
    typed = {"verdicts": [Verdict(id="2026Q3", period="2026Q3", text="推迟多，但在手更扎实。")]}
    body = review({"crm": quarters.crm(True)}, typed)
    text = sheet(page.html(quarters.record(body)))
    assert "推迟多，但在手更扎实。 经理撰写" in text and "截断" not in text
    assert said(body.title[0], ZH) in text  # the title stays what the data say


def test_a_verdict_that_is_too_long_is_cut_on_the_sheet_and_whole_below():
    html = html_of("longest en")
    whole = quarters.longest("en").verdict.text
    assert words.length(whole).over and words.length(whole).limit == 35
    assert whole not in sheet(html) and "cut here, whole below" in sheet(html)
    assert whole in text_of(html[html.index('id="annex"') :])


@pytest.mark.parametrize(
    "text, n, chinese",
    [
        ("本季签约 1,180 万，完成 92%，差 104 万。", 12, True),
        ("Bookings 11.8M, 92% of target: 1.04M short.", 7, False),
        ("", 0, False),
    ],
)
def test_a_number_counts_as_one(text: str, n: int, chinese: bool):
    found = words.length(text)
    assert (found.n, found.chinese) == (n, chinese)


@given(st.text(alphabet="签约推迟 ab1，.", max_size=300))
def test_what_is_cut_is_a_beginning_within_the_limit(text: str):
    cut = words.cut(text)
    assert words.length(text).over or cut == text
    assert text.startswith(cut.removesuffix("…")) and words.length(cut).n <= words.length(text).limit


def test_no_decision_is_said_and_more_than_three_are_counted():
    assert "请您决定 本季无" in sheet(html_of("only_crm zh_CN"))
    html = html_of("longest en")
    assert "Please decide another 2" in sheet(html)
    below = html[html.index('id="annex"') :]
    assert below.count(quarters.LONG * 2) == 5


def test_a_row_without_data_says_so_and_never_nought():
    body = quarters.only_crm("en")
    assert [m.metric for m in body.numbers] == ["bookings", "revenue", "collected", "margin"]
    assert [m.actual.value is None for m in body.numbers] == [False, True, True, True]
    text = sheet(html_of("only_crm en"))
    assert text.count("not provided: retrospective has not been run for the quarter") == 3
    assert sheet(html_of("only_crm zh_CN")).count("未提供：本季还没有运行 retrospective") == 3


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_four_numbers_are_the_samples(language: str):
    text = sheet(html_of(f"rich {language}"))
    wanted = (
        ["1,284.0 1,180.0 92% −104.0 1,120.0 1,010.0 88% 正常波动", "1,100.0 840.0 76% −260.0", "−2.0 个点"]
        if language == "zh_CN"
        else ["12.84 11.80 92% −1.04 11.20 10.10 88% normal variation", "11.00 8.40 76% −2.60", "−2.0 pt"]
    )
    assert all(part in text for part in wanted)


@pytest.mark.parametrize("name", ["rich zh_CN", "rich en"])
def test_both_lines_of_where_the_quarter_went_add_up_as_printed(name: str):
    text = sheet(html_of(name))
    heads = (("季初应成交", "签约"), ("Due at the start", "Booked"))[name.endswith("en")]
    where = text.index(heads[0])
    line, rest = text[where : where + 700].split(f" {heads[1]} ", 1)
    won = []
    for part in (line, rest[: rest.index("220.0" if name.endswith("CN") else "2.20") + 5]):
        total, *parts = re.findall(r"([=+−]?)[^\d=+−]*?([\d,]+\.\d+)", part)
        numbers = [(-1 if sign == "−" else 1) * float(n.replace(",", "")) for sign, n in parts]
        assert round(sum(numbers), 2) == float(total[1].replace(",", ""))
        won.append(numbers[0])
    assert won[0] == won[1]  # what was won of the due is the same number in both


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(1, 10**11), min_size=3, max_size=6),
    st.lists(st.integers(-(10**8), 10**11), min_size=1, max_size=5),
    st.sampled_from([EN, ZH]),
)
def test_whatever_the_amounts_both_lines_add_up_as_printed_and_share_what_was_won(
    due: list[int], more: list[int], to: Language
):
    names = ["won", "lost", "slipped", "still_due", "vanished", "won_elsewhere"]
    others = ["amount_changes", "pulled_in", "opened_and_won", "reopened_and_won", "dated_in"]
    outcome = walk_of(dict(zip(names, due, strict=False)), down=True)
    booked = walk_of({"won": due[0]} | dict(zip(others, [more[0], *map(abs, more[1:])], strict=False)), down=False)
    unit = to.unit([sum(due), due[0] + sum(more)])
    printed = [adding.adding(walk, to, unit) for walk in (outcome, booked)]
    for walk, line in zip((outcome, booked), printed, strict=True):
        numbers = {name: round(float(text.replace(",", "").replace("−", "-")) * 100) for name, text in line.items()}
        assert sum(n for name, n in numbers.items() if name != "total") == numbers["total"]
        for step in walk.steps:  # none is further off than the last place that is printed
            exact = step.amount / 100 / unit.divisor * 100
            assert abs(numbers[step.name] - exact) <= 100 / 10**unit.places + 1e-6
    assert printed[0]["won"].lstrip("−") == printed[1]["won"]


def walk_of(cents: dict[str, int], *, down: bool) -> Walk:
    none = Figure(definition="", value=0, n=0)
    whole = Figure(definition="", value=sum(cents.values()), n=sum(name != "amount_changes" for name in cents))
    counts = {name: 0 if name == "amount_changes" else -1 if down else 1 for name in cents}
    steps = [{"name": n, "counts": counts[n], "figure": Figure(definition="", value=v, n=1)} for n, v in cents.items()]
    ends = {"opening": whole, "closing": none} if down else {"opening": none, "closing": whole}
    return Walk.model_validate({**ends, "steps": steps})


def test_the_chance_of_the_target_is_said_in_words_and_tenths():
    text = sheet(html_of("rich en"))
    assert "Q4: target 15.00M, unlikely (about 2 in 5)" in text
    assert "Manager's commit 14.50" in text and "Q3, actual 11.80" in text and "11.50–17.00" in text
    assert "3 of 4 forecasts inside the range , 6% too high on average".replace(" ,", ",") in text


def test_a_chance_that_is_not_the_deals_own_is_marked():
    text = sheet(html_of("rich en"))
    assert "about 3 in 5*" in text and "* the win rate of deals decided at its age" in text
    assert "you: see the vice president" in text


def test_without_a_forecast_of_the_quarter_ahead_the_page_says_why():
    old = quarters.crm(False, forecast=quarters.forecast(period="2026Q3"))
    body = review({"crm": old})
    assert body.forecast is None and body.deals == []
    assert "No outlook for 2026Q4" in sheet(page.html(quarters.record(body, "en")))


def test_triggered_risks_and_broken_promises_stand_out():
    html = html_of("rich en")
    assert '<span class="o">coming true</span>' in html
    assert '<td class="o">not done</td>' in html and "their lawyers" in sheet(html) and "→ 31 Oct" in sheet(html)


def test_promises_are_carried_though_the_retrospective_was_not_run():
    promise = Action(id="p", what="Sign a partner", who="Li Na", review="2026Q2", dropped=True)
    typed = {"actions": [promise, Action(id="m", what="Close dead deals", review="2026Q3")]}
    body = review({"crm": quarters.crm(False)}, typed)
    assert [p.what for p in body.promised] == ["Sign a partner"] and [m.what for m in body.moves] == [
        "Close dead deals"
    ]


def test_nobody_is_named_in_the_line_on_the_team():
    text = sheet(html_of("rich en"))
    line = text[text.index("Team") : text.index("Meanings")]
    assert not any(name in line for name in quarters.ENGLISH)


def test_the_footer_says_what_is_missing_failed_and_out_of_date():
    text = sheet(html_of("longest en"))
    assert "Not run Monday page , Goals".replace(" ,", ",") in text.replace(" , ", ", ")
    assert "Failed Performance" in text and "Out of date Pipeline, Risks" in text.replace(" , ", ", ")
    assert "deals: 12 rows can't be read" in text


def test_a_record_of_a_later_day_is_not_read():
    late = replace(quarters.crm(False), as_of=date(2026, 11, 2))
    body = review({"crm": late})
    assert body.booked is None and body.deals == []
    assert [(s.area, s.state) for s in body.standing if s.area == "crm"] == [("crm", "later")]


def test_a_piece_of_another_shape_is_as_good_as_none():
    odd = quarters.crm(False, deciding=[{"deal": 1}], forecast={"period": "2026Q4"}, outcome={"opening": 3})
    body = review({"crm": odd, "risk": Seen(ON, {"top": ["x"]}, {}, {})})
    assert body.forecast is None and body.deals == [] and body.outcome is None and body.risks and body.risks.top == []


def test_without_deals_the_page_says_how_to_begin():
    assert "把文件放入 data/" in sheet(html_of("nothing zh_CN")) or "data/" in sheet(html_of("nothing zh_CN"))
    assert "salesplaybook run quarterly_review" in sheet(html_of("nothing en"))


@pytest.mark.parametrize("piece", ["verdict", "decisions", "numbers", "went", "outlook", "deals", "cash", "risks"])
@pytest.mark.parametrize("name", ["rich", "only_crm"])
def test_a_notebook_shows_the_pages_pieces(piece: str, name: str):
    assert blocks.show(quarters.ALL[name]("en"), piece)


def test_the_range_waits_for_the_commit_in_the_notebook():
    body = quarters.rich("en")
    assert "11.50" not in blocks.show(body, "outlook", False) and "11.50" in blocks.show(body, "outlook", True)


def review(found: dict[str, Seen], typed: dict[str, list[Any]] | None = None) -> Body:
    return quarters.made(found, typed or {})


# -- decisions that the data suggest


def test_a_debt_a_risk_that_comes_and_a_target_out_of_reach_are_put_to_the_management():
    told = quarters.forecast(chance=0.1)
    found = {"crm": quarters.crm(False, forecast=told), "retrospective": quarters.retrospective(False)}
    body = review(
        found | {"risk": quarters.risk(False)}, {"targets": [Target(id="t", period="2026Q4", amount=15000000)]}
    )
    assert [d.id for d in body.decision_drafts] == ["owed:Harbour Logistics:2026Q3", "risk:r0:2026Q3", "target:2026Q4"]
    assert (
        said(body.decision_drafts[0].matter)
        == "Harbour Logistics owes 800k that is at least 30 days late: stop delivering?"
    )
    assert said(body.decision_drafts[0].otherwise) == "the oldest of it is over 90 days late from 18 Nov on"
    assert body.decision_drafts[0].by > ON


def test_what_was_dropped_does_not_return_and_what_was_accepted_stands():
    found = {"crm": quarters.crm(False), "retrospective": quarters.retrospective(False)}
    id = "owed:Harbour Logistics:2026Q3"
    dropped = review(found, {"decisions": [Decision(id=id, period="2026Q3", dropped=True)]})
    assert dropped.decision_drafts == [] and dropped.decisions == []
    accepted = review(found, {"decisions": [Decision(id=id, period="2026Q3", matter="Stop delivering?")]})
    assert [d.id for d in accepted.decision_drafts] == [id] == [d.id for d in accepted.decisions]


# -- the form


def parts_of(body: Body, here: Any) -> dict[str, Part]:
    return {part.title: part for part in form.parts(here, body, quarters.QUARTER)}


class Here:
    language = EN


def test_the_form_asks_at_most_six_fields():
    body = quarters.rich("en")
    parts = parts_of(body, Here())
    typed = {"The verdict": 1, "Your own decisions": 5}
    for title, n in typed.items():
        asked = [c for c in parts[title].columns if c.kind not in ("said", "tick")]
        assert len(asked) == n
    assert sum(typed.values()) == 6 and parts["Your commit for the next quarter"].rows({}) == []


def test_the_verdicts_length_is_told_as_one_types():
    part = parts_of(quarters.rich("en"), Here())["The verdict"]
    assert part.live
    assert part.live(Typed("2026Q3", {"text": "three words here"})) == {"length": "3 of 35 words"}
    assert part.live(Typed("2026Q3", {"text": ""})) == {"length": "the draft stands"}
    assert "annex" in part.warn(Typed("2026Q3", {"text": "word " * 36}))["text"].text
    saved: dict[str, Any] = {}
    part.put(saved, Typed("2026Q3", {"text": " Ours. "}))
    assert saved["2026Q3"].text == "Ours."
    part.put(saved, Typed("2026Q3", {"text": ""}))
    assert saved == {}  # cleared: the draft stands again


def test_a_drafted_decision_is_accepted_as_it_stands_or_dropped_for_good():
    found = {"crm": quarters.crm(False), "retrospective": quarters.retrospective(False)}
    part = parts_of(review(found), Here())["Decisions that the data suggest"]
    (row,) = part.rows({})
    typed = Typed(row.key, row.values | row.filled | {"accept": True, "drop": False})
    saved: dict[str, Any] = {}
    assert part.check(typed) == {} and part.put(saved, typed) == row.key
    assert saved[row.key].recommend == "agree on instalments" and saved[row.key].by == row.filled["by"]
    assert part.check(Typed(row.key, typed.values | {"drop": True}))["drop"].text
    part.put(saved, Typed(row.key, typed.values | {"accept": False, "drop": True}))
    assert saved[row.key].dropped
    part.put(saved, Typed(row.key, typed.values | {"accept": False, "drop": False}))
    assert saved == {}


def test_a_decision_needs_its_matter_and_a_day():
    part = parts_of(quarters.rich("en"), Here())["Your own decisions"]
    blank = {"matter": "", "by": None, "options": "x", "recommend": "", "otherwise": ""}
    assert set(part.check(Typed("", blank))) == {"matter", "by"}
    saved: dict[str, Any] = {}
    id = part.put(saved, Typed("", blank | {"matter": "Hire?", "by": date(2026, 10, 15)}))
    assert saved[id].period == "2026Q3" and saved[id].matter == "Hire?"
    assert part.warn(Typed(id, blank | {"by": date(2026, 9, 1)}, changed={"by"}))["by"].text.startswith("This day")


def test_help_with_a_deal_is_no_decision_of_its_own():
    body = quarters.rich("en")
    part = parts_of(body, Here())["Help with a deal"]
    saved: dict[str, Any] = {}
    id = part.put(saved, Typed("help:D0:2026Q3", {"matter": "see the vice president"}))
    assert saved[id].deal == "D0" and part.rows(saved)[0].values["matter"] == "see the vice president"
    again = review({"crm": quarters.crm(False)}, {"decisions": list(saved.values())})
    assert again.decisions == [] and again.asks == {"D0": "see the vice president"}


def test_the_commit_is_asked_where_no_monday_had_it():
    body = review({"crm": quarters.crm(False)})
    part = parts_of(body, Here())["Your commit for the next quarter"]
    saved: dict[str, Any] = {}
    part.put(saved, Typed("commit", {"amount": 14_500_000}))
    (row,) = saved.values()
    assert isinstance(row, Commit) and (row.period, row.week) == ("2026Q4", "2026-W41")
    assert review({"crm": quarters.crm(False)}, {"commits": [row]}).commit == 1450 * WAN


# -- the deals that decide a quarter


def state_of(rows: list[dict[str, Any]], day: date = ON) -> Any:
    from salesplaybook.states import State

    columns = ["name", "account", "owner", "stage", "status", "amount", "value", "at_list_price", "created", "closed"]
    columns += ["expected_close", "next_step", "next_step_date"]
    frame = pd.DataFrame(rows, index=[r["key"] for r in rows]).reindex(columns=columns)
    for column in ("created", "closed", "expected_close", "next_step_date"):
        frame[column] = pd.to_datetime(frame[column])
    frame["at_list_price"] = frame["at_list_price"].fillna(value=False).astype(bool)
    return State(frame, day, "export", day)


def open_deal(key: str, value: int, close: str | None = "2026-11-30") -> dict[str, Any]:
    about = {"key": key, "name": key, "status": "open", "amount": value, "value": value}
    return about | {"created": "2026-08-01", "expected_close": close}


def test_deals_that_decide_are_ordered_by_amount_times_chance():
    state = state_of([open_deal("big", 1000), open_deal("likely", 500), open_deal("later", 9000, "2027-02-01")])
    chances = pd.Series({"big": 0.1, "likely": 0.6, "later": 0.9})
    found = deciding(state, chances, date(2026, 12, 31))
    assert [d.deal for d in found] == ["likely", "big"]  # one that is due after the quarter can't decide it
    assert [d.by_age for d in found] == [False, False] and found[0].figure.rows == {"likely": 500}


def test_a_deal_without_a_chance_of_its_own_counts_with_the_win_rate_at_its_age():
    closed = [
        {"key": f"c{n}", "status": "won" if n % 2 else "lost", "amount": 1, "value": 1, "created": "2026-01-01"}
        | {"closed": "2026-03-07"}
        for n in range(20)
    ]
    state = state_of([open_deal("a", 100, None), *closed])
    (only,) = deciding(state, pd.Series({"a": float("nan")}), date(2026, 12, 31))
    assert only.chance == 0.5 and only.by_age


def test_where_nothing_was_decided_no_chance_is_invented():
    state = state_of([open_deal("a", 100), open_deal("b", 300)])
    found = deciding(state, pd.Series({"a": float("nan"), "b": float("nan")}), date(2026, 12, 31))
    assert [(d.deal, d.chance, d.by_age) for d in found] == [("b", None, False), ("a", None, False)]


# -- Maven: the third quarter of 2017, from its own records


@pytest.fixture(scope="module")
def maven_quarter(maven: Path) -> dict[str, Body]:
    """The review as of the quarter's end and of the newest export, from bodies of crm and of the retrospective."""
    here, made = Project.open(maven), {}
    for day in ("2017-09-30", ""):
        known = here.snapshot(day, "2017Q3")
        window, rules = here.period("2017Q3", known.on, over=True), here.rules(known)
        bodies = {
            "crm": crm.body(window, known, targets={"2017Q4": 3_200_000_00}),
            "retrospective": retrospective.body(window, known, rules),
        }
        found = {
            n: Seen(known.on, quarters.records_json(b.model_dump()), dict(b.figures()), {}) for n, b in bodies.items()
        }
        made[day] = quarterly_review.body(window, known, rules, found)
    return made


def test_maven_booked_2982255_of_the_quarter_before_3086111(maven_quarter: dict[str, Body]):
    body = maven_quarter[""]
    assert body.numbers[0].actual.value == 298_225_500 and body.numbers[0].before
    assert body.numbers[0].before.value == 308_611_100
    assert said(body.title[0]) == "Q3 booked 2.98M, −3% on the quarter before"
    assert (
        body.bridge and body.bridge.before.value + sum(f.value or 0 for f in body.bridge.steps.values()) == 298_225_500
    )  # type: ignore[operator]
    assert len(body.numbers[0].actual.rows) == 1257


def test_maven_has_an_outlook_at_the_quarters_end_and_none_three_months_later(maven_quarter: dict[str, Body]):
    then, now = maven_quarter["2017-09-30"], maven_quarter[""]
    assert then.forecast and then.forecast.period == "2017Q4" and then.forecast.p50 is None and then.deals
    assert now.forecast is None and now.deals == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("day", ["2017-09-30", ""])
def test_maven_is_one_sheet_and_says_what_it_has_no_data_for(maven_quarter: dict[str, Body], language: str, day: str):
    record = quarters.record(maven_quarter[day], language)
    html = page.html(record)
    text = sheet(html)
    assert text.count("未提供" if language == "zh_CN" else "not provided") >= 4
    made = paper.pdf(html)
    assert made is None or len(pypdfium2.PdfDocument(made)) == 1


def test_an_open_deal_that_counts_at_list_price_says_so(maven_quarter: dict[str, Body]):
    assert all(deal.at_list_price for deal in maven_quarter["2017-09-30"].deals)
    text = sheet(page.html(quarters.record(maven_quarter["2017-09-30"], "en")))
    assert text.count("list price") >= 5 and "To compare: Q3 brought 2.98M; no commit has been said." not in text
    assert "Q4: target 3.20M" in text


def test_without_a_retrospective_cash_is_the_monday_pages():
    row = {"kind": "new", "account": "Lakeside", "owner": "Li Na", "amount": 35 * WAN, "due": "2026-09-30"}
    sums = {name: quarters.records_json(quarters.figure(310, 9)) for name in ("overdue", "over_90")}
    weekly = Seen(ON, {"cash": sums | {"as_of": "2026-10-05", "rows": [row, row | {"kind": "due"}]}}, {}, {})
    owed = review({"weekly": weekly}).owed
    assert owed and owed.total is None and [(r.account, r.days_late) for r in owed.rows] == [("Lakeside", 5)]
