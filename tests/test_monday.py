"""A Monday as a manager lives it in JupyterLab: the export dropped, run, filled in, the page made, opened again.

PICTURES=docs keeps pictures of the eight steps of docs/tour.md there (`make pictures`).
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import needed
from test_lab import IDLE, started
from test_lab_form import to

from salesplaybook import records
from salesplaybook.demo import make, projects
from salesplaybook.project import Project

MONDAY, WEEK = date(2026, 9, 21), "2026-W39"
BEFORE = 12  # Mondays before it
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture(params=[0, 1], ids=["zh", "en"])
def monday(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A demo project on 21 September at 8:30: the last Monday was filled in, and this week's export lies in data/."""
    found = projects()[request.param]
    folder = make.lived(found, tmp_path, 1, mondays=BEFORE)
    found.write_export(MONDAY, folder / "data")
    return folder


@pytest.fixture
def screen(monday: Path) -> Iterator[Any]:
    needed(bool(importlib.util.find_spec("jupyterlab")), "JupyterLab")
    needed(bool(shutil.which("chromium")), "Chromium")
    from playwright.sync_api import sync_playwright

    server = started(monday, "weekly")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        tongue = "zh_CN" if Project.open(monday).language.chinese else "en_GB"  # of days in fields, with chromium-l10n
        surroundings = {**os.environ, "LANGUAGE": tongue}
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments, env=surroundings)
        page = browser.new_page(viewport={"width": 1180, "height": 760}, device_scale_factor=1.25)
        page.address = server.address
        yield page
        browser.close()
    server.process.send_signal(signal.SIGINT)
    server.process.wait(30)


def run_all(screen: Any) -> None:
    """Opens the playbook and presses Run all, until the last cell has run."""
    connected: list[str] = []
    screen.on("websocket", lambda socket: connected.append(socket.url))
    screen.goto(screen.address)
    for _ in range(90):
        screen.wait_for_timeout(1000)
        if any("/channels" in url for url in connected) and screen.locator(IDLE).count():
            break
    for _ in range(3):
        screen.locator("[data-jp-item-name=salesplaybook-run]").click()
        try:
            screen.locator(".salesplaybook-again").wait_for(timeout=60_000)
            return
        except Exception:
            continue
    raise AssertionError("the playbook did not come to its end")


def picture(screen: Any, step: int, code: str, at: str) -> None:
    """Keeps a picture of the notebook from the first element that `at` finds on."""
    if not PICTURES:
        return
    screen.locator(at).first.scroll_into_view_if_needed()
    screen.locator(at).first.evaluate("e => e.scrollIntoView({block: 'start'})")
    screen.wait_for_timeout(700)
    screen.screenshot(path=Path(PICTURES) / f"tour.{step}.{code}.png")


def cell(number: int) -> str:
    return f".jp-Notebook-cell >> nth={number}"


def test_a_monday_from_the_export_to_the_page(monday: Path, screen: Any) -> None:
    here = Project.open(monday)
    say = here.language
    code = "zh" if say.chinese else "en"
    cells = json.loads((monday / "playbooks" / "weekly.ipynb").read_text("utf-8"))["cells"]
    place = {c["id"]: n for n, c in enumerate(cells)}
    run_all(screen)
    assert here.waiting() == []  # this week's export was filed
    made = records.load(here.store, WEEK, "weekly")
    assert made and made.body["commit"] is None and made.body["promises"]
    assert say("Commit first.") in screen.locator(".salesplaybook-outlook").inner_text()
    for step, name in ((2, "weekly-title"), (3, "weekly-understood"), (4, "weekly-pace"), (5, "weekly-five")):
        picture(screen, step, code, cell(place[name]))

    def field(part: str, head: str, row: int) -> Any:
        name = say("{part}: {label} {row}", part=say(part), label=say(head), row=row)
        return screen.get_by_label(name, exact=True).first

    field("Proposed actions", "Accept", 1).check()
    amount = "2150万" if say.chinese else "1.61M"
    field("Your commit", "Your commit", 1).click()
    screen.keyboard.type(amount)
    to(screen, say("Save"))
    screen.keyboard.press("Enter")
    screen.locator(".sp-saved").first.wait_for(timeout=20_000)
    picture(screen, 6, code, cell(place["weekly-form"]))
    shown = screen.locator(".salesplaybook-outlook")
    assert say("Commit first.") not in shown.inner_text()
    picture(screen, 7, code, cell(place["weekly-commit"]))

    screen.locator(".salesplaybook-again").first.click()
    screen.get_by_text(say("Made again:")).wait_for(timeout=60_000)
    again = records.load(here.store, WEEK, "weekly")
    assert again and again.body["commit"] == (2_150_000_000 if say.chinese else 161_000_000)
    assert len(again.body["agreed"]) > len(made.body["agreed"])
    accepted = made.body["drafts"][0]["id"]
    assert accepted in {a["id"] for a in again.body["agreed"]} - {d["id"] for d in again.body["drafts"]}

    run_all(screen)  # reopened: what was typed stands there
    assert field("Your commit", "Your commit", 1).input_value() in ("2,150万", "1,610,000", "1.61M")
    if PICTURES:
        tab = screen.context.browser.new_page(viewport={"width": 794, "height": 1123}, device_scale_factor=1.25)
        tab.goto((monday / "records" / WEEK / "weekly.html").as_uri())
        tab.screenshot(path=Path(PICTURES) / f"weekly.{code}.png", full_page=True)
