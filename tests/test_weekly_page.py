"""The Monday page, made from records alone: one sheet whatever it holds, in both languages; and its text for a chat."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from conftest import needed
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, sync_playwright

import mondays
from salesplaybook.areas.weekly import Body
from salesplaybook.areas.weekly_said import Agreed
from salesplaybook.language import Language, catalog
from salesplaybook.pages import blocks, marks, message, page, room, wording
from salesplaybook.results import say
from test_page import A4, CHROMIUM, CLIPPED, OVERLAPPING, QUIET

EN, ZH = Language("en"), Language("zh_CN")
NAMES = [f"{name} {language}" for name in mondays.ALL for language in ("zh_CN", "en")]
each_page = pytest.mark.parametrize("name", NAMES)


def html_of(body: Body, language: str = "en") -> str:
    return page.html(mondays.record(body, language))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    into, found = tmp_path_factory.mktemp("mondays"), {}
    for name in NAMES:
        what, language = name.rsplit(" ", 1)
        found[name] = into / f"{name}.html"
        found[name].write_text(html_of(mondays.ALL[what](language), language), "utf-8")
    return found


@pytest.fixture(scope="module")
def shown() -> Iterator[Page]:
    needed(bool(shutil.which("chromium")), "chromium")
    with sync_playwright() as started:
        browser: Browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        context = browser.new_context(java_script_enabled=False, viewport={"width": 1000, "height": 1200})
        yield context.new_page()
        browser.close()


def words(html: str) -> str:
    """What a reader sees of the sheet."""
    sheet = html[html.index("<main") : html.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", sheet))


# The sheet


@each_page
def test_a_monday_prints_on_one_sheet(pages: dict[str, Path], shown: Page, name: str):
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
def test_a_monday_can_be_read_on_a_telephone(pages: dict[str, Path], shown: Page, name: str):
    shown.emulate_media(media="screen")
    shown.set_viewport_size({"width": 390, "height": 800})
    shown.goto(pages[name].as_uri())
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
    shown.set_viewport_size({"width": 1000, "height": 1200})


@each_page
def test_the_height_that_is_told_beforehand_is_not_less_than_the_page_has(
    pages: dict[str, Path], shown: Page, name: str
):
    what, language = name.rsplit(" ", 1)
    record = mondays.record(mondays.ALL[what](language), language)
    if not record.body["stock"]:
        pytest.skip("a page without data has no rows")
    style = "<style>main { min-height: 0 !important; --gap: %dpx !important }</style></main>"
    shown.emulate_media(media="screen")
    shown.set_content(pages[name].read_text("utf-8").replace("</main>", style % room.of(record).gap))
    real = shown.evaluate("document.querySelector('main').getBoundingClientRect().height")
    assert real <= room.height(record, room.of(record)) + 4


@each_page
def test_a_monday_is_the_same_bytes_again_and_has_no_script(pages: dict[str, Path], name: str):
    what, language = name.rsplit(" ", 1)
    text = html_of(mondays.ALL[what](language), language)
    assert text == pages[name].read_text("utf-8")
    assert not re.search(r"<script|\son\w+=|url\(|\bsrc=|://", text)


def test_every_link_leads_to_deals(pages: dict[str, Path]):
    html = pages["rich en"].read_text("utf-8")
    wanted = set(re.findall(r'class="n" href="#([^"]+)"', html))
    assert {"stock.won", "due.slipped", "won", "deal.1", "mend.dead"} <= wanted
    assert wanted <= set(re.findall(r'<section class="rows" id="([^"]+)"', html))


def test_where_wins_have_no_day_nobody_has_won_nothing():
    text = words(html_of(mondays.undated("en"), "en"))
    assert "6 of 8 won deals have no closing day" in text and "Chen Jing – 1.50 same –" in text
    assert ", won –" in message.text(mondays.record(mondays.undated("en"), "en"))


@pytest.mark.parametrize("what", list(mondays.ALL))
def test_what_the_made_up_mondays_say_is_what_the_program_says(what: str):
    """Else a Chinese page that is tested would stand in English."""

    def texts(found: object) -> Iterator[str]:
        if isinstance(found, dict):
            if set(found) == {"text", "values"}:
                yield found["text"]
            for value in found.values():
                yield from texts(value)
        elif isinstance(found, list):
            for value in found:
                yield from texts(value)

    said = set(texts(mondays.ALL[what]("zh_CN").model_dump(mode="json")))
    english = {text for text in said if re.search(r"[A-Za-z]{3}", re.sub(r"{[^}]*}", "", text))}
    assert english <= set(catalog("zh_CN"))


# What stands on it


@pytest.mark.parametrize("lines", [1, 2])
@given(name=st.text("abcdefg hijk", min_size=1, max_size=80), do=st.text("改日期、写下一步 abc", max_size=60))
@settings(max_examples=50, deadline=None)
def test_of_a_name_and_what_is_to_be_done_both_are_told(lines: int, name: str, do: str):
    told = wording.told(f"{name}: {do}", 19.8, lines)
    assert wording.width(told) <= 19.8 * lines + 0.01
    if wording.width(f"{name}: {do}") > 19.8 * lines:
        assert "…" in told
        if wording.width(do) > 10:
            assert name.strip()[:3] in told and do[:3].rstrip() in told


def test_a_colon_between_digits_ends_no_name():
    assert wording.told("Call at 10: 30 about the offer of the harbour", 19.8).startswith("Call at 10: 30")


def test_an_action_keeps_its_verb_beside_a_long_name():
    told = wording.told("Withyford controls upgrade line 1: Agree on a next step", 19.8)
    assert told == "Withyford control…: Agree on a next step"
    assert wording.told("霁川医学中心 催款 3.7万", 19.8) == "霁川医学中心 催款 3.7万"


def test_both_walks_stand_in_one_table_row_by_row():
    text = words(html_of(mondays.rich("en"), "en"))
    assert "Slipped out of Q3 stay open 3 −1.60" in text
    assert "Void 1 −0.15 not due" in text
    assert "Open on 14 Sep 212 27.83 32 8.50" in text and "Open on 21 Sep 214 28.40 29 6.40" in text


@pytest.mark.parametrize("name", ["rich", "longest"])
@pytest.mark.parametrize("say", [EN, ZH], ids=["en", "zh"])
def test_the_rows_of_a_walk_add_up_as_printed(name: str, say: Language):
    walk = mondays.ALL[name]("en").stock
    assert walk
    printed = page.as_printed(walk, say, page.walk_unit(walk, say))
    numbers = [round(float(p.replace(",", "").replace("−", "-")) * 100) for p in printed]
    assert sum(numbers[:-1]) == numbers[-1]


def test_a_row_that_one_walk_lacks_keeps_its_line():
    due = mondays.rich("en").due
    assert due
    names = ["new", "won", "void", "lost"]
    pieces = marks.walk(due, names=names)
    assert len(pieces) == len(names) + 2
    assert "<rect" in pieces[2] and "<rect" not in pieces[3] and "<line" in pieces[3]


def test_without_a_range_the_page_says_why_and_from_when():
    text = words(html_of(mondays.first_week("en"), "en"))
    assert "No range: a range takes 3 complete quarters; so far: 2; there will be one from 2027-01-01 on" in text
    assert "8 times in 10" not in text


def test_the_first_week_shows_the_last_quarters_final():
    assert "2026Q2, final 11.40" in words(html_of(mondays.first_week("en"), "en"))


def test_no_owner_has_a_range_and_none_is_ranked():
    body = mondays.thirty_owners("en")
    html = html_of(body, "en")
    table = html[html.index("In name order") :]
    table = table[: table.index("</table>")]
    assert "<svg" not in table and "%" not in table
    names = [row.owner for row in body.owners if row.owner]
    assert [n for n in re.findall(r"<tr><td>([^<]+)</td>", table) if n in names] == names
    assert "22 other people" in table


@pytest.mark.parametrize("skipped, said", [(True, "Commit skipped this week"), (False, "No commit yet this week")])
def test_a_week_without_a_commit_says_so(skipped: bool, said: str):
    body = mondays.rich("en", commit=None, commit_skipped=skipped)
    body.titles["commit"] = say("No commit yet this week")
    assert said in words(html_of(body, "en"))


def test_nothing_unusual_is_not_claimed():
    assert "not watched yet" in words(html_of(mondays.rich("en"), "en"))


def test_the_usual_stands_under_the_reason_that_is_shown():
    text = words(html_of(mondays.rich("en"), "en"))
    assert "No activity for 32 days usual: at most 12 days in 9 of 10 won deals" in text


def test_one_persons_cut_has_four_blocks_and_nothing_else():
    text = words(html_of(mondays.cut("en"), "en"))
    assert "Zhang Wei: 1 deal to look at today," in text and "What changed" in text and "Promises" in text
    for other in ("Cash", "Data to mend", "Unusual", "Actions", "of target", "8 times in 10", "All 1"):
        assert other not in text


@given(st.integers(3, 8), st.integers(0, 4), st.integers(0, 4), st.integers(0, 5))
def test_the_rows_of_cash_add_up_to_its_sums_in_any_room(most: int, due: int, new: int, older: int):
    invoices = [
        {"kind": kind, "account": "A", "contract": "", "owner": None, "amount": 10**n, "due": "2026-09-22"}
        for kind, count in (("due", due), ("new", new))
        for n in range(min(count, 2), 0, -1)
    ]
    cash = {
        "rows": invoices,
        "due": {"n": due, "value": sum(10**n for n in range(1, due + 1))},
        "newly": {"n": new, "value": sum(10**n for n in range(1, new + 1))},
        "overdue": {"n": new + older, "value": sum(10**n for n in range(1, new + 1)) + 7 * older},
    }
    rows = room.Room(cash=most).invoices(cash)
    assert len(rows) <= most
    for kind, total in (("due", cash["due"]), ("new", cash["newly"]), ("older", {"n": older, "value": 7 * older})):
        mine = [row for row in rows if row["kind"] == kind]
        assert sum(row["amount"] for row in mine) == total["value"]
        assert sum(row["n"] or 1 for row in mine) == total["n"]


@each_page
def test_nothing_is_left_out_that_the_sheet_has_room_for(name: str):
    what, language = name.rsplit(" ", 1)
    record = mondays.record(mondays.ALL[what](language), language)
    if not record.body["stock"]:
        pytest.skip("a page without data has no rows")
    found = room.of(record)
    tight = min((r for r in room.ROOMS if r.row == found.row and r.deal == found.deal), key=lambda r: -r.gap)
    for kind, most in room.FULL.items():
        more = found._replace(gap=tight.gap, **{kind: getattr(found, kind) + 1})
        assert getattr(found, kind) == most or room.height(record, more) > room.SHEET


def test_without_receivables_the_page_says_what_to_put_where():
    assert "list of receivables" in words(html_of(mondays.one_deal("en"), "en"))


def test_texts_from_data_stay_texts():
    odd = '<script>alert(1)</script> **b** {x} "'
    body = mondays.rich("en")
    deals = [deal.model_copy(update={"name": odd, "account": odd, "owner": odd}) for deal in body.deals]
    html = html_of(body.model_copy(update={"deals": deals}), "en")
    assert "<script" not in html and "&lt;script&gt;" in html


@pytest.mark.parametrize("name", ["pace", "changes", "deals", "promises", "cash"])
def test_a_notebook_shows_the_pages_pieces(name: str):
    block = getattr(blocks, name)(mondays.rich("en"))
    assert block.striptags() and "<style>" in block._repr_html_()


def test_above_the_form_the_pace_has_no_range():
    assert "8 times in 10" not in blocks.pace(mondays.rich("en"))


# How it says things


@pytest.mark.parametrize(
    "share, en",
    [
        (0.0, "almost impossible (under 1 in 20)"),
        (0.049, "almost impossible (under 1 in 20)"),
        (0.05, "very unlikely (about 1 in 10)"),
        (0.2, "unlikely (about 1 in 5)"),
        (0.4, "about even (about 2 in 5)"),
        (0.64, "likely (about 3 in 5)"),
        (0.95, "very likely (about 9 in 10)"),
        (1.0, "almost certain (over 19 in 20)"),
    ],
)
def test_a_chance_is_said_in_words_and_tenths(share: float, en: str):
    assert wording.chance(share, EN) == en


@given(st.floats(0, 1))
def test_a_chance_is_never_nought_or_all(share: float):
    said = wording.chance(share, EN)
    assert "%" not in said and not re.search(r"\b0 in|10 in 10|\b(\d+) in \1\b", said)


@given(st.text(min_size=1, max_size=80), st.floats(2, 30))
def test_a_text_that_is_cut_is_no_wider_than_asked(text: str, ems: float):
    cut = wording.short(text, ems)
    assert wording.width(cut) <= max(ems, 1.01) and (cut == text or cut.endswith("…"))


def test_a_sentence_is_cut_in_its_names_and_never_in_its_numbers():
    said = say("{first} {a:money}, {n:count} more", first="A very long name of a deal indeed", a=123_456_700, n=4)
    cut = wording.trimmed(said, 14, EN)
    assert EN(cut.text, **cut.values).endswith("… 1.23M, 4 more")


def test_a_second_deal_goes_before_both_are_cut_past_telling():
    values = {"first": "Alderquay palletizing line", "a": 15_000_000, "second": "Saltney robot cell line", "n": 3}
    said = say("{first} {a:money}, {second} {b:money}, {n:count} more", **values, b=14_500_000)
    whole = wording.trimmed(said, 40, EN, 11)
    assert "Saltney" in EN(whole.text, **whole.values)
    cut = wording.trimmed(said, 22, EN, 11)
    assert EN(cut.text, **cut.values) == "Alderquay palletizing line 150k, 4 more"


def test_a_latin_name_has_a_space_beside_chinese_and_none_beside_punctuation():
    said = say("See to {deal} and {other} today:", deal="N3GVE0VP", other="云谷")
    found = wording.spaced(said, ZH)
    assert "处理 N3GVE0VP 和云谷：" in ZH(found.text, **found.values)
    assert wording.spaced(said, EN) == said


# The text for a chat


def lines_of(body: Body, language: str = "en") -> list[str]:
    return message.text(mondays.record(body, language)).split("\n")


@each_page
def test_a_text_has_at_most_2048_bytes(name: str):
    what, language = name.rsplit(" ", 1)
    found = message.text(mondays.record(mondays.ALL[what](language), language))
    assert 0 < message.size(found) <= 2048


def test_a_text_has_both_walks_with_both_ends():
    lines = lines_of(mondays.rich("en"))
    assert "All open 212 deals 27.83M → 214 deals 28.4M" in lines
    assert "Due in Q3 32 deals 8.5M → 29 deals 6.4M" in lines


def test_a_short_text_drops_nothing():
    body = mondays.rich("en", deals=[], due=None, promises=[], drafts=[])
    found = "\n".join(lines_of(body))
    assert "Zhang Wei 2.38M, won 1.58M" in found and "No amount 3" in found and "more" not in found


def test_what_is_usual_is_said_once():
    body = mondays.rich("en")
    same = [deal.model_copy(update={"warnings": body.deals[0].warnings}) for deal in body.deals]
    lines = lines_of(body.model_copy(update={"deals": same}))
    assert sum(line.startswith("  usual:") for line in lines) == 1


def test_an_agreed_action_for_a_deal_above_is_only_counted():
    body = mondays.rich("en")
    agreed = [Agreed(id=f"no_step:{body.deals[0].deal}#2", what="Visit", who="Li Na", due=None, done=False)]
    agreed += [Agreed(id="typed", what="Dinner", who="He Tao", due=None, done=False)]
    found = "\n".join(lines_of(body.model_copy(update={"agreed": agreed})))
    assert "Agreed: 2, of which for what is above: 1" in found
    assert "Dinner He Tao" in found and "Visit" not in found


def test_steps_in_another_unit_than_the_ends_say_so():
    lines = lines_of(mondays.rich("en", stock=mondays.walk((1, 940), {"new": (1, 44)})))
    assert "All open 1 deal 9.4M → 2 deals 9.84M" in lines and "  New 1(+440k)" in lines


def test_what_is_dropped_is_counted():
    lines = lines_of(mondays.longest("en"))
    assert "  3 more" in lines and "By owner: 8 more" in lines  # deals, owners
    assert "Data to mend: 6 more" in lines and "Cash: 2 more" in lines


def test_a_text_of_one_person_has_no_chance_and_no_rate():
    found = "\n".join(lines_of(mondays.cut("en")))
    assert "%" not in found and " in 10" not in found.replace("of 10", "")


name = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=90)
marks_of = {
    "owners": "OWNER",
    "mend": "Probably dead 37",
    "cash": "PAYER",
    "deal 5": "5 DEAL",
    "deal 4": "4 DEAL",
    "deal 3": "3 DEAL",
}


@settings(max_examples=80, deadline=None)
@given(st.lists(name, min_size=12, max_size=12), st.sampled_from(["zh_CN", "en"]), st.integers(0, 5), st.booleans())
def test_whatever_it_is_about_a_text_keeps_to_its_bytes_and_to_the_order_of_dropping(
    names: list[str], language: str, deals: int, everything: bool
):
    body = (mondays.longest if everything else mondays.rich)(language)
    body = body.model_copy(
        update={
            "deals": [
                d.model_copy(update={"name": f"DEAL{n}", "owner": n, "do": say("{text}", text=n)})
                for d, n in zip(body.deals[:deals], names, strict=False)
            ],
            "owners": [o.model_copy(update={"owner": f"OWNER{n}"}) for o, n in zip(body.owners, names, strict=False)],
            "promises": [
                p.model_copy(update={"what": n, "who": names[0]}) for p, n in zip(body.promises, names, strict=False)
            ],
        }
    )
    assert body.cash
    rows = [row.model_copy(update={"account": "PAYER"}) for row in body.cash.rows]
    record = mondays.record(body.model_copy(update={"cash": body.cash.model_copy(update={"rows": rows})}), language)
    found = message.text(record)
    assert message.size(found) <= 2048
    found.encode().decode()  # whole characters
    seen = {part: sign in found.replace("①②③④⑤", "") for part, sign in marks_of.items() if part in ("owners", "cash")}
    seen["mend"] = ("疑似僵尸 37" if language == "zh_CN" else "Probably dead 37") in found
    assert seen["mend"] or not seen["owners"]
    assert seen["cash"] or not seen["mend"]
    shown = found.count("DEAL")
    assert shown >= min(deals, 2)
    assert shown == deals or not seen["cash"]


def test_the_record_alone_makes_page_and_text():
    record = mondays.record(mondays.rich("en"), "en")
    again = type(record).model_validate(json.loads(record.model_dump_json()))
    assert page.html(again) == page.html(record) and message.text(again) == message.text(record)
