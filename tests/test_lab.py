"""JupyterLab as a manager meets it: in the project's language, nothing pops up, code folded, one button to the page."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import make_maven, needed

from salesplaybook import lab
from salesplaybook.copies import write_copies
from salesplaybook.errors import PlaybookError
from salesplaybook.project import Project

PLAYBOOKS = Path(__file__).resolve().parents[1] / "playbooks"
IDLE = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'
START = "import sys; from salesplaybook import lab; from salesplaybook.project import Project; "
START += "lab.open_lab(Project.open(sys.argv[1]), browser=False)"


class Open(NamedTuple):
    folder: Path
    address: str
    playbook: str
    process: subprocess.Popen


def started(folder: Path, playbook: str) -> Open:
    process = subprocess.Popen([sys.executable, "-c", START, str(folder)], stdout=subprocess.PIPE, encoding="utf-8")
    assert process.stdout
    said = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1\S+", said)
    assert found, said
    return Open(folder, found[0], playbook, process)


def project(folder: Path, code: str, only: str = "") -> Path:
    make_maven(folder, code)
    write_copies(PLAYBOOKS, folder / "playbooks", code)
    for path in (folder / "playbooks").iterdir():
        if only and path.stem != only:
            path.unlink()
    return folder


@pytest.fixture(scope="module", params=[("zh_CN", ""), ("en", "crm")], ids=["zh_CN-all", "en-crm"])
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    needed(bool(importlib.util.find_spec("jupyterlab")), "JupyterLab")
    code, only = request.param
    found = started(project(tmp_path_factory.mktemp("lab") / code, code, only), only or lab.FIRST[0])
    yield found
    found.process.send_signal(signal.SIGINT)
    assert found.process.wait(30) == 0


@pytest.fixture(scope="module")
def screen(opened: Open) -> Iterator[Any]:
    """The page in Chromium; `asked` is what it has asked for."""
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    needed(bool(chromium), "Chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        connected: list[str] = []
        page.on("websocket", lambda socket: connected.append(socket.url))
        page.goto(opened.address)
        # It says idle before there is a kernel, too.
        for _ in range(60):
            page.wait_for_timeout(1000)
            if any("/channels" in url for url in connected) and page.locator(IDLE).count():
                break
        yield page
        browser.close()


def test_it_opens_on_the_first_playbook_in_the_projects_language(opened: Open, screen: Any) -> None:
    say = Project.open(opened.folder).language
    assert screen.locator(".jp-NotebookPanel").count() == 1
    assert f"/playbooks/{opened.playbook}.ipynb" in screen.url
    assert screen.locator(".lm-MenuBar-itemLabel").first.inner_text() == ("文件" if say.chinese else "File")
    assert screen.locator("[data-jp-item-name=salesplaybook-run]").inner_text() == say("Run all")


def test_the_files_beside_it_are_the_playbooks(opened: Open, screen: Any) -> None:
    shown = screen.locator(".jp-DirListing-itemText").all_inner_texts()
    assert shown == sorted(path.name for path in (opened.folder / "playbooks").glob("*.ipynb"))


def test_nothing_pops_up_and_nobody_else_is_asked(opened: Open, screen: Any) -> None:
    screen.wait_for_timeout(2000)
    assert screen.locator(".jp-Dialog, .Toastify__toast").count() == 0
    assert [u for u in screen.asked if not re.match(r"http://127\.0\.0\.1:|data:|blob:", u)] == []


def test_code_is_folded_and_each_fold_begins_with_words(opened: Open, screen: Any) -> None:
    notebook = json.loads((opened.folder / "playbooks" / f"{opened.playbook}.ipynb").read_text("utf-8"))
    code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    bare = [c for c in code if not "".join(c["source"]).startswith("#")]
    # What stays open are parameters, each line of which says what it is for.
    assert all("parameters" in c["metadata"].get("tags", []) for c in bare), "begin the cell with a comment"
    assert screen.locator(".jp-CodeCell .cm-content").count() == len(bare)
    assert screen.locator(".jp-CodeCell .jp-InputPlaceholder").count() == len(code) - len(bare)


def test_one_button_leads_to_the_saved_page(opened: Open, screen: Any) -> None:
    def pages() -> list[Path]:
        return list(opened.folder.glob(f"records/*/{opened.playbook}.html"))

    button = screen.locator("[data-jp-item-name=salesplaybook-run]")
    button.click()
    for second in range(120):
        if pages():
            break
        screen.wait_for_timeout(1000)
        if second == 5 and not screen.locator(".jp-OutputArea-output").count():
            button.click()  # a click before the kernel has answered is sometimes lost
    assert pages(), screen.locator(".jp-RenderedText[data-mime-type*=error]").all_inner_texts()
    link = screen.locator(".jp-OutputArea-output a").filter(has_text=f"{opened.playbook}.html").first
    link.wait_for(timeout=20_000)
    assert screen.locator(".jp-Dialog").count() == 0


def test_it_is_for_this_computer_and_asks_for_the_token(opened: Open) -> None:
    plain = re.sub("/lab.*", "/api/contents", opened.address)
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(plain, timeout=20)
    port = int(re.findall(r":(\d+)/", opened.address)[0])
    own = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in own - {"127.0.0.1"}:
        with socket.socket() as probe, pytest.raises(OSError):
            probe.settimeout(2)
            probe.connect((address, port))


def test_the_kernel_is_the_python_that_runs_us(tmp_path: Path) -> None:
    here = Project.open(project(tmp_path / "p", "en"))
    lab._settle(here)
    kernel = json.loads((here.store.root / ".cache/lab/kernels/python3/kernel.json").read_text("utf-8"))
    assert kernel["argv"][0] == sys.executable


def test_what_a_person_set_stays_and_the_language_follows_the_project(tmp_path: Path) -> None:
    folder = project(tmp_path / "p", "en")
    lab._settle(Project.open(folder))
    settings = folder / ".cache" / "lab" / "settings" / "@jupyterlab"
    bar, language = (
        settings / f"{name}.jupyterlab-settings"
        for name in ("statusbar-extension/plugin", "translation-extension/plugin")
    )
    bar.write_text('{"visible": true}')
    yaml = folder / "project.yaml"
    yaml.write_text(yaml.read_text("utf-8").replace("language: en", "language: zh_CN"), "utf-8")
    lab._settle(Project.open(folder))
    assert json.loads(bar.read_text()) == {"visible": True}
    assert json.loads(language.read_text()) == {"locale": "zh_CN"}


def test_without_jupyterlab_a_sentence_says_how_to_install_it(maven: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(PlaybookError, match="pip install") as error:
        lab.open_lab(Project.open(maven))
    assert sys.executable in str(error.value) and "\n" not in str(error.value)


def test_a_port_that_is_taken_is_a_sentence(maven: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PlaybookError, match="--port"):
            lab.open_lab(Project.open(maven), other.getsockname()[1])


@pytest.mark.parametrize("path", sorted(PLAYBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_each_code_cell_of_a_playbook_begins_with_a_comment(path: Path) -> None:
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", []):
            assert "".join(cell["source"]).startswith("# "), cell["id"]


def test_the_weeks_playbook_opens_first_then_the_quarters_in_their_order() -> None:
    wanted = ["weekly", "crm", "goals", "risk", "performance", "retrospective", "quarterly_review"]
    assert list(lab.FIRST) == wanted
    assert set(lab.FIRST) == {path.stem for path in PLAYBOOKS.glob("*.ipynb")}
