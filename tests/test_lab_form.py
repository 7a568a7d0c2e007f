"""The Monday form in JupyterLab, as a person with a keyboard uses it: typed, saved, and there again when reopened."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import needed
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from salesplaybook.entries import keep
from salesplaybook.project import Project
from salesplaybook.store import Store

expect.set_options(timeout=20_000)  # a machine that does other things besides
CHROMIUM = shutil.which("chromium") or ""
PAGE = """\
# a page as the weekly playbook makes it
from datetime import date
from types import SimpleNamespace as Some

from salesplaybook.forms import again, monday
from salesplaybook.periods import parse
from salesplaybook.project import Project
from salesplaybook.results import Figure, Forecast, say

here = Project.open()
zh = here.language.chinese
names = ["李娜", "张伟", "周强"] if zh else ["Anna Lee", "Bo Chen", "Cy Dunn"]
deals = ["滨江二期智慧园区", "云谷数据中心", "科创园三期"] if zh else ["Riverside II", "Cloud Valley", "Park III"]
said = [say("Set a new date and a next step, or close it"), say("Meet the customer"), say("Agree on a next step")]


def deal(number):
    amount = Figure(definition="", value=[320_000_000, 95_000_000, 46_000_000][number])
    return Some(deal=f"d{number}", name=deals[number], owner=names[number], figure=amount, do=said[number])


def draft(number):
    what = say("{deal}: {do:text}", deal=deals[number], do=said[number].text)
    due = date(2026, 9, 22 + number)
    return Some(id=f"no_step:d{number}", deal=f"d{number}", what=what, who=names[number], due=due)


def owner(name, won, before):
    return Some(owner=name, won=won, commit=None, before=before, last_quarter=None, people=1, here=True)


promises = [
    Some(id="p1", what="", who="", due=None, was_due=date(2026, 9, 17), state="overdue", days_late=4, why=""),
    Some(id="p2", what="", who="", due=None, was_due=date(2026, 9, 24), state="open", days_late=0, why=""),
]
page = Some(
    monday=date(2026, 9, 21), quarter="2026Q3", owner="", target=None, won=Figure(definition="", value=915_000_000),
    commit_before=1_300_000_000, deals=[deal(n) for n in range(3)], drafts=[draft(n) for n in range(3)],
    promises=promises, notes=[],
    owners=[owner(names[0], 420_000_000, 560_000_000), owner(names[1], 300_000_000, 430_000_000)],
    forecast=Forecast(period="2026Q3", last=date(2026, 9, 30), made_on=date(2026, 9, 21), days_left=10, case="c",
                      p10=1_090_000_000, p50=1_215_000_000, p90=1_350_000_000),
)
week = parse("2026-W39")
"""
# A click on "Run all" before there is a kernel would be asked back which one.
RUN_ALL = """async () => {
  const app = window.jupyterapp
  await app.restored
  const session = app.shell.currentWidget.sessionContext
  await session.ready
  await session.session.kernel.info
  await app.commands.execute('notebook:run-all-cells')
}"""
CELLS = [
    PAGE,
    "# the form\nmonday.form(here, page, week)",
    "# the range\nmonday.outlook(here, page, week)",
    "# again\nagain.button(lambda: here.store.write('<p>the page</p>', 'records', 'page.html'), here)",
]
REGISTER = """\
# a register of risks, as the risk playbook has one
from dataclasses import replace

from markupsafe import Markup

from salesplaybook.entries.kinds import Risk
from salesplaybook.forms import fields
from salesplaybook.forms import form as forms
from salesplaybook.forms.fields import Column, Note
from salesplaybook.project import Project

here = Project.open()
labels = {"what": "Risk", "category": "Category", "owner": "Owner", "probability": "Chance", "low": "Low",
          "likely": "Likely", "high": "High", "response": "Response", "due": "Due", "cause": "Cause", "event": "Event",
          "effect": "Effect", "measure": "Measure", "trigger": "Sign", "probability_after": "After: chance",
          "low_after": "low", "likely_after": "likely", "high_after": "high", "cost": "Cost"}
choices = {"category": {"Money": "cash", "People": "people"}, "response": {"Reduce": "reduce", "Accept": "accept"}}
tracks = {"what": "minmax(0, 1fr)", "category": "78px", "owner": "112px", "probability": "58px", "low": "70px",
          "likely": "70px", "high": "70px", "response": "78px", "due": "124px"}
columns = fields.columns(Risk, labels, choices)
columns = [replace(c, track=tracks.get(c.name, c.track), below=c.name not in tracks) for c in columns]
columns.insert(9, Column("loss", "Expected loss", "said", "150px", right=True))


def check(typed):
    low, likely = typed.values["low"], typed.values["likely"]
    if low is None or likely is None or low <= likely:
        return {}
    said = f"'Low' can't be above 'Likely': they are {low:,} and {likely:,}."
    return {"low": Note(said, {"low": likely, "likely": low}, "Swap the two", ("likely",))}


def live(typed):
    chance, likely = typed.values["probability"], typed.values["likely"]
    mark = Markup('<svg width="60" height="16"><circle cx="8" cy="8" r="4"/></svg> <b>{}</b>')
    return {"loss": mark.format(f"{chance * likely:,.0f}") if chance and likely else ""}


def total(rows):
    both = [(t.values["probability"], t.values["likely"]) for t in rows]
    return Markup("<b>Together</b> {}").format(f"{sum(p * l for p, l in both if p and l):,.0f}")


part = fields.of_kind("risks", "Register", columns, "Add a risk", "amounts as 400k; a chance as 30% or 0.3")
part = replace(part, check=check, live=live, total=total)
"""
RISKS = [REGISTER, "# the form\nforms.make(here, 'Risks', 'A risk a row.', [part], ['Li Na'])"]
ACTIONS = """\
# our own list, kept by hand
- id: p1
  what: {0}   # since August
  who: {2}
  due: 2026-09-17
  made: 2026-09-07
  room: 3.14
- id: p2
  what: '{1}'
  who: {2}
  due: 2026-09-24
  made: 2026-09-14
"""


def project(folder: Path, language: str, sources: Sequence[str] = CELLS) -> Path:
    zh = language == "zh_CN"
    (folder / "entries").mkdir(parents=True)
    name, manager = ("华东智慧园区", "王敏") if zh else ("East Smart Park", "Min Wang")
    text = f"name: {name}\nmanager: {manager}\nlanguage: {language}\ncurrency: CNY\n"
    (folder / "project.yaml").write_text(text, "utf-8")
    said = (
        ("云谷标书初稿", "约现场勘察", "李娜")
        if zh
        else ("First draft of the tender", "Arrange the site visit", "Anna Lee")
    )
    (folder / "entries" / "actions.yaml").write_text(ACTIONS.format(*said), "utf-8")
    cells = [
        {
            "cell_type": "code",
            "id": f"c{n}",
            "metadata": {"jupyter": {"source_hidden": True}},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for n, source in enumerate(sources)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (folder / "form.ipynb").write_text(json.dumps(notebook), "utf-8")
    return folder


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """JupyterLab on a folder: its address, and the folder."""
    root = tmp_path_factory.mktemp("lab")
    needed(bool(shutil.which("jupyter-lab", path=str(Path(sys.executable).parent))), "JupyterLab")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
    command += [
        "--LabApp.expose_app_in_browser=True",
        "--IdentityProvider.token=",
        "--ServerApp.disable_check_xsrf=True",
        f"--ServerApp.root_dir={root}",
    ]
    home = root / ".home"
    env = os.environ | {"JUPYTER_CONFIG_DIR": str(home), "JUPYTER_DATA_DIR": str(home), "IPYTHONDIR": str(home)}
    started = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _try in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", root
    finally:
        started.terminate()
        started.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    needed(bool(CHROMIUM), "chromium")
    with sync_playwright() as running:
        yield running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])


def opened(browser: Browser, address: str, folder: str, last: str = ".salesplaybook-again") -> Page:
    """The notebook of a project, all of its cells run: the last of them shows `last`."""
    page = browser.new_page(viewport={"width": 1320, "height": 1900}, locale="zh-CN" if "zh" in folder else "en-US")
    page.goto(f"{address}/lab/tree/{folder}/form.ipynb?reset")
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.sessionContext", timeout=60_000)
    page.evaluate(RUN_ALL)
    page.locator(last).wait_for(timeout=60_000)
    return page


def form(page: Page) -> Locator:
    return page.locator(".salesplaybook-form").first


def to(page: Page, name: str) -> None:
    """Presses Tab until the field or button called `name` has the focus."""
    called = """() => { const e = document.activeElement
      return (e.labels?.[0]?.textContent || e.getAttribute('aria-label') || e.textContent || '').trim() }"""
    passed = []
    for _tab in range(120):
        if (now := page.evaluate(called)) == name:
            return
        passed.append(now)
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {name}, only to {passed}")


def put(page: Page, name: str, text: str) -> None:
    to(page, name)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def saved(page: Page, *files: str) -> None:
    """Waits for the mark that names what was saved."""
    page.locator(".sp-saved", has_text="Saved").first.wait_for(timeout=20_000)
    said = form(page).inner_text()
    assert all(f"entries/{file}.yaml" in said for file in files), said[-400:]


def written(root: Path, name: str) -> str:
    return (root / "en" / "entries" / f"{name}.yaml").read_text("utf-8")


@pytest.fixture(scope="module")
def filled(lab: tuple[str, Path], browser: Browser) -> Iterator[Page]:
    """A Monday filled in with the keyboard alone, and saved."""
    address, root = lab
    project(root / "en", "en")
    page = opened(browser, address, "en")
    form(page).locator("input").first.focus()
    to(page, "Proposed actions: Accept 1")
    page.keyboard.press("Space")
    to(page, "Proposed actions: Drop 2")
    page.keyboard.press("Space")
    put(page, "Agreed this week: What 1", "Ask the board about: phase 2")
    put(page, "Agreed this week: Who 1", "Anna Lee")
    to(page, "Agreed this week: By when 1")
    page.keyboard.type("09252026")
    to(page, "Promises so far: Done 1")
    page.keyboard.press("Space")
    to(page, "Promises so far: Moved to 2")
    page.keyboard.type("10012026")
    put(page, "Promises so far: Why 2", "the customer is travelling")
    to(page, "Deals of today: Handled 2")
    page.keyboard.press("Space")
    put(page, "Deals of today: Note 2", "called, meets us on Friday")
    put(page, "Your commit: Your commit 1", "12.4M")
    to(page, "Save")
    page.keyboard.press("Enter")
    saved(page, "actions", "handled", "commits")
    yield page
    page.close()


def test_what_was_typed_is_in_entries_and_no_other_letter_of_a_file_moved(lab: tuple[str, Path], filled: Page):
    today = Project.open(lab[1] / "en").today
    before = ACTIONS.format("First draft of the tender", "Arrange the site visit", "Anna Lee")
    changed = before.replace("room: 3.14", f"room: 3.14\n  done: {today}").replace("2026-09-24", "2026-10-01")
    assert (
        written(lab[1], "actions")
        == changed
        + f"""\
  was_due: 2026-09-24
  moved: {today}
  why: the customer is travelling
- id: no_step:d0
  what: "Riverside II: Set a new date and a next step, or close it"
  who: Anna Lee
  due: 2026-09-22
  made: 2026-09-21
  deal: d0
- id: no_step:d1
  dropped: true
- id: rfb793a3
  what: "Ask the board about: phase 2"
  who: Anna Lee
  due: 2026-09-25
  made: 2026-09-21
"""
    )
    handled = keep.load(Store(lab[1] / "en"), "handled").rows
    assert [row.model_dump() for row in handled] == [
        {
            "id": "d1:2026-09-21",
            "deal": "d1",
            "name": "Cloud Valley",
            "on": date(2026, 9, 21),
            "note": "called, meets us on Friday",
        }
    ]
    said = keep.load(Store(lab[1] / "en"), "commits").rows
    assert {row.owner: row.amount for row in said} == {"": 12_400_000, "Anna Lee": 5_600_000, "Bo Chen": 4_300_000}


def test_the_range_is_shown_after_the_commit_and_the_page_is_made_again(filled: Page):
    shown = filled.locator(".salesplaybook-outlook").inner_text()
    assert "10.90M to 13.50M" in shown and "12.40M lies inside" in shown
    to(filled, "Make the page again")
    filled.keyboard.press("Space")
    filled.get_by_role("link", name="records/page.html").wait_for()


def test_a_faulty_row_is_named_and_the_others_are_saved(lab: tuple[str, Path], filled: Page):
    form(filled).locator("input").first.focus()
    put(filled, "Agreed this week: What 2", "Write to the board")
    put(filled, "Deals of today: Note 2", "called twice")
    put(filled, "Your commit: Your commit 1", "a lot")
    to(filled, "Save")
    filled.keyboard.press("Space")
    filled.locator(".sp-error", has_text="Not saved, see the message below each").wait_for()
    said = form(filled).inner_text()
    assert "Agreed this week 2, Your commit 1" in said and "Who does it?" in said and "By when?" in said
    assert "'a lot' is no amount." in said
    assert "called twice" in written(lab[1], "handled")
    assert "Write to the board" not in written(lab[1], "actions") and "12400000" in written(lab[1], "commits")
    put(filled, "Your commit: Your commit 1", "12.5")
    to(filled, "Make it 12,500,000")
    filled.keyboard.press("Enter")
    put(filled, "Agreed this week: Who 2", "Bo Chen")
    to(filled, "Agreed this week: By when 2")
    filled.keyboard.type("09282026")
    to(filled, "Save")
    filled.keyboard.press("Enter")
    saved(filled, "actions", "commits")
    assert "Write to the board" in written(lab[1], "actions") and "12500000" in written(lab[1], "commits")


def test_the_last_save_can_be_undone(lab: tuple[str, Path], filled: Page):
    to(filled, "Undo the last save")
    filled.keyboard.press("Enter")
    filled.get_by_text("The last save was undone.").wait_for()
    assert "Write to the board" not in written(lab[1], "actions") and "12400000" in written(lab[1], "commits")


def test_rows_from_excel_are_pasted(lab: tuple[str, Path], filled: Page):
    form(filled).locator("input").first.focus()
    to(filled, "Paste from Excel")
    filled.keyboard.press("Enter")
    rows = "Who\tWhat\tBy when\nBo Chen\tSend the offer\t2026/9/23\nCy Dunn\tCall the partner\t2026-09-24\n"
    filled.get_by_label("Rows copied from Excel").fill(rows)
    to(filled, "Take these rows")
    filled.keyboard.press("Enter")
    expect(filled.get_by_label("Agreed this week: What 3", exact=True)).to_have_value("Call the partner")
    to(filled, "Save")
    filled.keyboard.press("Enter")
    saved(filled, "actions")
    read = {row.what: (row.who, row.due) for row in keep.load(Store(lab[1] / "en"), "actions").rows}
    assert read["Send the offer"] == ("Bo Chen", date(2026, 9, 23))
    assert read["Call the partner"] == ("Cy Dunn", date(2026, 9, 24))


def test_a_save_from_elsewhere_is_noticed_and_nothing_unseen_is_overwritten(lab: tuple[str, Path], filled: Page):
    path = lab[1] / "en" / "entries" / "handled.yaml"
    path.write_text(path.read_text("utf-8") + "- {id: x, deal: d9, on: 2026-09-20, note: elsewhere}\n", "utf-8")
    elsewhere = path.read_text("utf-8")
    put(filled, "Deals of today: Note 2", "met")
    to(filled, "Save")
    filled.keyboard.press("Enter")
    filled.locator(".sp-error", has_text="changed elsewhere").wait_for()
    assert path.read_text("utf-8") == elsewhere
    to(filled, "Read again")
    filled.keyboard.press("Enter")
    filled.get_by_text("what you typed here stands in its fields").wait_for()
    to(filled, "Save")
    filled.keyboard.press("Enter")
    saved(filled, "handled")
    assert path.read_text("utf-8") == elsewhere.replace("called twice", "met").replace(
        '"called, meets us on Friday"', "met"
    )


def test_reopened_it_shows_what_was_typed(lab: tuple[str, Path], filled: Page, browser: Browser):
    page = opened(browser, lab[0], "en")
    fields = {
        "Agreed this week: What 1": "Ask the board about: phase 2",
        "Agreed this week: By when 1": "2026-09-25",
        "Promises so far: Moved to 2": "2026-10-01",
        "Promises so far: Why 2": "the customer is travelling",
        "Deals of today: Note 2": "met",
        "Your commit: Your commit 1": "12,400,000",
    }
    assert {name: page.get_by_label(name, exact=True).input_value() for name in fields} == fields
    ticks = [
        "Proposed actions: Accept 1",
        "Proposed actions: Drop 2",
        "Promises so far: Done 1",
        "Deals of today: Handled 2",
    ]
    assert all(page.get_by_label(name, exact=True).is_checked() for name in ticks)
    assert not page.get_by_label("Proposed actions: Accept 3", exact=True).is_checked()
    page.close()


# -- a register of risks: rows that open to long fields


@pytest.fixture(scope="module")
def register(lab: tuple[str, Path], browser: Browser) -> Iterator[Page]:
    """A risk, typed with the keyboard alone, with its loss from 320k over 275k to 400k, and a press on Save."""
    address, root = lab
    project(root / "risk", "en", RISKS)
    page = opened(browser, address, "risk", ".salesplaybook-save")
    form(page).locator("input").first.focus()
    put(page, "Register: Risk 1", "Demand falls")
    expect(page.get_by_label("Register: Cause 1", exact=True)).to_be_visible()
    put(page, "Register: Owner 1", "Li Na")
    for name, said in (("Chance", "40%"), ("Low", "320k"), ("Likely", "275k"), ("High", "400k")):
        put(page, f"Register: {name} 1", said)
    put(page, "Register: Cause 1", "The new model comes in spring")
    put(page, "Register: Measure 1", "Sell the old one\nbefore the fair")
    put(page, "Register: After: chance 1", "0.2")
    yield page
    page.close()


def test_the_result_is_told_while_one_types(register: Page):
    row = form(register).locator(".sp-row").first
    expect(row.locator("b")).to_have_text("110,000")
    assert row.locator("svg").count() == 1
    put(register, "Register: Chance 1", "80%")
    expect(row.locator("b")).to_have_text("220,000")
    expect(form(register).locator(".sp-sum")).to_have_text("Together 220,000")
    put(register, "Register: Chance 1", "40%")
    expect(row.locator("b")).to_have_text("110,000")


def test_low_over_likely_is_told_below_both_and_mended_by_one_press(lab: tuple[str, Path], register: Page):
    to(register, "Save")
    register.keyboard.press("Enter")
    error = form(register).locator(".sp-error", has_text="'Low' can't be above 'Likely': they are 320,000 and 275,000.")
    error.wait_for()
    assert form(register).locator(".sp-row .sp-wrong").count() == 2
    assert not (lab[1] / "risk" / "entries" / "risks.yaml").exists()
    to(register, "Swap the two")
    register.keyboard.press("Enter")
    expect(register.get_by_label("Register: Low 1", exact=True)).to_be_focused()
    expect(register.get_by_label("Register: Low 1", exact=True)).to_have_value("275,000")
    expect(error).to_have_count(0)
    to(register, "Save")
    register.keyboard.press("Enter")
    saved(register, "risks")
    (row,) = keep.load(Store(lab[1] / "risk"), "risks").rows
    assert row.model_dump(exclude_unset=True, exclude={"id"}) == {
        "what": "Demand falls", "owner": "Li Na", "probability": Decimal("0.4"), "low": 275_000, "likely": 320_000,
        "high": 400_000, "cause": "The new model comes in spring", "measure": "Sell the old one\nbefore the fair",
        "probability_after": Decimal("0.2"),
    }  # fmt: skip


def test_a_row_is_opened_and_closed_with_the_keyboard(register: Page):
    cause = register.get_by_label("Register: Cause 1", exact=True)
    form(register).locator("button").first.focus()
    to(register, "Register: close row 1")
    register.keyboard.press("Space")
    expect(cause).to_be_hidden()
    to(register, "Register: open row 1")
    register.keyboard.press("Space")
    expect(cause).to_be_focused()
    expect(cause).to_have_value("The new model comes in spring")


@pytest.mark.parametrize("width", [1320, 1620])  # beside JupyterLab's side bar: 890 and 1,180 are left
def test_nothing_of_a_form_of_ten_columns_overflows(register: Page, width: int):
    register.set_viewport_size({"width": width, "height": 1900})
    register.wait_for_timeout(500)
    out = register.evaluate(
        """() => { const form = document.querySelector('.salesplaybook-form')
        const right = form.getBoundingClientRect().right
        return [...form.querySelectorAll('.sp-row *, .sp-head *')].filter(e => e.getClientRects().length
          && e.getBoundingClientRect().right > right - 19).map(e => e.outerHTML.slice(0, 80)) }"""
    )
    assert out == []
    what = register.get_by_label("Register: Risk 1", exact=True).bounding_box()
    assert what and what["width"] >= 110
