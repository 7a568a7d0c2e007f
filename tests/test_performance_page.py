"""The performance pages, made from records alone: one sheet whatever they hold, in both languages; the talk's form."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from conftest import needed
from playwright.sync_api import Page, sync_playwright

from salesplaybook import records
from salesplaybook.areas import performance
from salesplaybook.areas.performance_apart import Team
from salesplaybook.areas.performance_person import DATA, Commitment, Faulty, Kept
from salesplaybook.entries.kinds import Talk
from salesplaybook.forms import form as forms
from salesplaybook.forms import performance as talks
from salesplaybook.language import Language, use
from salesplaybook.pages import page
from salesplaybook.project import Project
from salesplaybook.results import Figure, say
from test_page import A4, CHROMIUM, CLIPPED, OVERLAPPING, QUIET
from test_performance import AGREED, NAMES, ON, OWN, Q3, deals, project, typed, what_was_typed

LONG = {
    "en": "Extraordinarily long-named Automation and Instrumentation Works of the North",
    "zh_CN": "江苏省长江以北地区" * 6,
}
ALL = ("filled", "longest", "nothing", "team", "small team", "no data")
CHANGED = "**Improved** by {points} pt ({before} of {n:count} before): more than 8 in 10 changes by chance."
NAMED = [f"{what} {language}" for what in ALL for language in ("zh_CN", "en")]
each_page = pytest.mark.parametrize("name", NAMED)


@pytest.fixture(scope="module")
def pumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = project(tmp_path_factory.mktemp("pages") / "pumps", deals(), [*NAMES, ("Gus New", date(2026, 9, 1), None)])
    typed(folder, **what_was_typed())
    return folder


@pytest.fixture(scope="module")
def bodies(pumps: Path) -> dict[str, Any]:
    here = Project.open(pumps)
    known = here.snapshot()
    rules = here.rules(known)
    anna, gus = (performance.persons(Q3, known, rules, name)[0] for name in ("Anna Lee", "Gus New"))
    team = performance.body(Q3, known, rules)
    small = performance.Body(title=team.title, quarter="2026Q3", filled=2, load_says=say("Load: no deals yet"))
    none = performance.Body(title=[say("No deals yet: put an export into data/")], notes=[say("x")])
    return {"filled": anna, "nothing": gus, "team": team, "small team": small, "no data": none}


def longest(anna: performance.Person, language: str) -> performance.Person:
    """All that can stand on the page, each as long as it gets."""
    text, figure = LONG[language], Figure(definition="x", value=98_765_432_100, n=5, rows={"d": 1})
    both = [Commitment(by=by, what=text * 3, due=AGREED, outcome="not_done") for by in ("person", "manager")]
    seen = {
        "actual": figure,
        "before": figure,
        "year_before": figure,
        "target": 1.2e11,
        "attainment": 0.8,
        "gap": -2e10,
    }
    more = [anna.metrics[0].model_copy(update=seen | {"metric": m}) for m in ("bookings", "revenue", "collected")]
    own = anna.metrics[-1].model_copy(update={"metric": text, "target": 12_345})
    kept = [Kept(what=text, due=ON - timedelta(days=n), way="moved", moved_to=AGREED) for n in range(14)]
    kept[0] = Kept(what=text, due=ON, way="undated")
    verdict = anna.verdict.model_copy(update={"by_wins": "below", "by_value": "below"})
    return anna.model_copy(
        update={
            "owner": text,
            "own": text * 40,
            "wish": text * 9,
            "before": both,
            "now": both,
            "metrics": [*more, *(m for m in anna.metrics if m.metric in ("margin", "new_customers")), own],
            "promises": kept,
            "mend": [Faulty(rule=rule, figure=figure) for rule in DATA],
            "verdict": verdict,
            "verdict_says": performance.sentences.verdict(verdict),
            "change": say(CHANGED, points=23, before="38%", n=1234),
            "regression": performance.sentences.regression(Team(people=15, each=40, rate=0.4)),
            "whole": False,
            "notes": [say("Your won or lost deals without a closing day, in no rate: {n:count}.", n=8)] * 3,
        }
    )  # fmt: skip


def record(body: Any, language: str, read: bool = True) -> records.Record:
    """A record of the body, as `project.save` makes it."""
    figures, name = dict(body.figures()), LONG[language] if getattr(body, "owner", "") == LONG[language] else "Pumps"
    source = {"file": "商机 2026-10-05.xlsx", "sha256": "0", "table": "deals", "day": ON, "dated_by": "name"}
    lists = [
        source | {"table": t, "confirmed": True, "rows": 1234} for t in ("deals", "products", "people", "payments")
    ]
    return records.Record(
        playbook="performance",
        schema_number=1,
        project={"name": name, "language": language, "currency": "CNY", "manager": "王敏", "tax": "excluded"},
        period="2026Q3",
        first=Q3.first,
        last=Q3.last,
        as_of=ON,
        audience="person" if getattr(body, "owner", "") else "group",
        owner=getattr(body, "owner", ""),
        read=records.Read.model_validate({"sources": lists if read else [], "settings": "", "code": ""}),
        parameters={},
        figures=figures,
        deals={key: dict.fromkeys(records.DEAL_COLUMNS) for f in figures.values() for key in f.rows},
        body=records.without_rows(body),
    )


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, bodies: dict[str, Any]) -> dict[str, Path]:
    into, found = tmp_path_factory.mktemp("performance"), {}
    for name in NAMED:
        what, language = name.rsplit(" ", 1)
        body = longest(bodies["filled"], language) if what == "longest" else bodies[what]
        found[name] = into / f"{name}.html"
        found[name].write_text(page.html(record(body, language, what != "no data")), "utf-8")
    return found


@pytest.fixture(scope="module")
def shown() -> Iterator[Page]:
    needed(bool(shutil.which("chromium")), "chromium")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        context = browser.new_context(java_script_enabled=False, viewport={"width": 1000, "height": 1200})
        yield context.new_page()
        browser.close()


@each_page
def test_a_page_prints_on_one_sheet(pages: dict[str, Path], shown: Page, name: str):
    shown.goto(pages[name].as_uri())
    printed = pypdfium2.PdfDocument(shown.pdf(prefer_css_page_size=True, print_background=True))
    assert len(printed) == 1 and tuple(round(side) for side in printed[0].get_size()) == A4
    assert shown.evaluate("document.querySelector('main').scrollHeight") <= 1123


@each_page
def test_no_text_is_clipped_or_lies_on_another(pages: dict[str, Path], shown: Page, name: str):
    shown.goto(pages[name].as_uri())
    assert shown.evaluate(CLIPPED) == []
    assert shown.evaluate(OVERLAPPING) == []


@each_page
def test_a_page_can_be_read_on_a_telephone(pages: dict[str, Path], shown: Page, name: str):
    shown.set_viewport_size({"width": 390, "height": 800})
    shown.goto(pages[name].as_uri())
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
    shown.set_viewport_size({"width": 1000, "height": 1200})


def test_what_has_no_room_on_the_sheet_opens_below_it(pages: dict[str, Path], shown: Page):
    shown.goto(pages["longest en"].as_uri())
    shown.locator('main a.n[href="#promises"]').click()
    assert shown.locator("#promises tbody tr").count() == 14
    shown.goto(pages["longest en"].as_uri() + "#own")
    assert LONG["en"] * 40 in shown.locator("#own").inner_text()


def test_a_number_opens_to_the_deals_behind_it(pages: dict[str, Path], shown: Page):
    shown.goto(pages["filled en"].as_uri())
    number = shown.locator('main a.n[href="#win_rate"]')
    number.click()
    assert shown.locator('[id="win_rate"] tbody tr').count() > 9


def test_the_page_of_a_person_speaks_to_that_person_and_begins_with_their_words(pages: dict[str, Path]):
    text = pages["filled en"].read_text("utf-8")
    sheet = text[text.index("<main") :]
    assert "You booked" in sheet and sheet.index(OWN) < sheet.index("actual")
    assert "您签约" in pages["filled zh_CN"].read_text("utf-8")


# -- the form


@pytest.fixture
def attended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "talk")


@pytest.fixture
def fresh(tmp_path: Path, pumps: Path) -> Project:
    """The project with nothing typed of this quarter's talks."""
    folder = shutil.copytree(pumps, tmp_path / "talks", ignore=shutil.ignore_patterns("records"))
    here = Project.open(folder)
    kept = here.entries("talks")
    here.save_entries("talks", [t for t in kept.rows if isinstance(t, Talk) and t.period == "2026Q2"], kept.version)
    return here


def opened(here: Project, bodies: dict[str, Any], owner: str = "") -> tuple[Any, Any]:
    """The talks' widget, and the form that stands in it."""
    use(Language("en"))
    shown = talks.form(here, [bodies["filled"], bodies["nothing"]], owner)
    return shown, forms._open[here.store.root, "Talk with Anna Lee"]


def fill(form: Any, part: int, row: int, **values: Any) -> None:
    for name, value in values.items():
        form.grids[part].lines[row].fields[name].value = value


BEFORE, WORDS, NOW = range(3)


@pytest.mark.usefixtures("attended")
def test_own_words_come_first_and_then_the_numbers_appear(fresh: Project, bodies: dict[str, Any]):
    shown, form = opened(fresh, bodies)
    numbers = shown.children[-1]
    assert "Own words first." in numbers.value and "You booked" not in numbers.value
    fill(form, WORDS, 0, own=OWN)
    form.save()
    assert "You booked" in numbers.value and "Win rate" in numbers.value


@pytest.mark.usefixtures("attended")
def test_a_talk_costs_four_typed_fields(fresh: Project, bodies: dict[str, Any]):
    _shown, form = opened(fresh, bodies)
    typed_fields = [(WORDS, 0, "own", OWN), (WORDS, 0, "wish", "Key accounts"), (NOW, 0, "what", "Enter contacts"),
                    (NOW, 1, "what", "Read tenders")]  # fmt: skip
    for part, row, name, value in typed_fields:
        fill(form, part, row, **{name: value})
    fill(form, BEFORE, 0, outcome="partly")  # a choice
    assert form.save() == [] and len(typed_fields) <= 4
    rows = {t.period: t for t in fresh.entries("talks").rows if isinstance(t, Talk) and t.person == "Anna Lee"}
    agreed = fresh.rules(fresh.snapshot()).calendar.later(ON + timedelta(weeks=6), 0)
    assert rows["2026Q3"] == Talk(
        id="2026Q3:Anna Lee", period="2026Q3", person="Anna Lee", own=OWN, wish="Key accounts",
        promise="Enter contacts", due=agreed, support="Read tenders", support_due=agreed,
    )  # fmt: skip
    assert (rows["2026Q2"].outcome, rows["2026Q2"].support_outcome) == ("partly", "not_done")


@pytest.mark.usefixtures("attended")
def test_a_day_that_stands_there_without_a_promise_is_no_talk(fresh: Project, bodies: dict[str, Any]):
    _shown, form = opened(fresh, bodies)
    before = fresh.entries("talks").rows
    fill(form, BEFORE, 0, outcome="done")
    form.save()
    assert len(fresh.entries("talks").rows) == len(before)


@pytest.mark.usefixtures("attended")
def test_a_promise_without_a_day_is_asked_for_one_and_a_past_day_pointed_out(fresh: Project, bodies: dict[str, Any]):
    _shown, form = opened(fresh, bodies)
    fill(form, NOW, 0, what="Enter contacts", due=None)
    assert form.save() and not [t for t in fresh.entries("talks").rows if isinstance(t, Talk) and t.period == "2026Q3"]
    fill(form, NOW, 0, due=date(2020, 1, 1))
    assert "has passed" in json.dumps(_texts(form.grids[NOW].lines[0].widget))
    assert form.save() == []


@pytest.mark.usefixtures("attended")
def test_choosing_another_person_saves_what_was_typed_of_the_first(fresh: Project, bodies: dict[str, Any]):
    shown, form = opened(fresh, bodies)
    fill(form, WORDS, 0, own=OWN)
    who = next(w for w in shown.children[0].children if type(w).__name__ == "Dropdown")
    assert list(who.options) == ["Anna Lee", "Gus New"]
    who.value = "Gus New"
    assert any(isinstance(t, Talk) and t.own == OWN for t in fresh.entries("talks").rows)
    assert "Own words first." in shown.children[-1].value and "Anna" not in shown.children[-1].value


def test_unattended_a_group_sees_counts_and_one_person_the_rows(pumps: Path, bodies: dict[str, Any]):
    here = Project.open(pumps)
    group = talks.form(here, [bodies["filled"], bodies["nothing"]])
    assert "1 have written" in group.striptags() and not [n for n in NAMES if n in group] and OWN not in group
    mine = talks.form(here, [bodies["filled"]], "Anna Lee")
    assert OWN in mine and "Enter all contacts" in mine and "You booked" in mine
    assert talks.form(here, []) is None


def _texts(widget: Any) -> list[str]:
    """What a widget, and those in it, say."""
    own = [str(widget.value)] if hasattr(widget, "value") else []
    return own + [text for child in getattr(widget, "children", ()) for text in _texts(child)]
