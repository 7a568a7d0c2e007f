"""crm on real data: the figures that Maven's export must give, through the notebook as people run it."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from conftest import MAVEN_MAPPING

from salesplaybook import records
from salesplaybook.areas import crm
from salesplaybook.batch import due, run
from salesplaybook.errors import ExportError, PeriodError
from salesplaybook.project import Project

ROOT = Path(__file__).resolve().parents[1]


def record_of(folder: Path, period: str, as_of: str = "") -> records.Record:
    here = Project.open(folder)
    known = here.snapshot(as_of, period)
    window = here.period(period, known.on)
    here.save(crm.body(window, known), window, known)
    found = records.load(here.store, window.name, "crm")
    assert found
    return found


def in_dollars(cents: float | int | None) -> float:
    assert cents is not None
    return cents / 100


def test_the_mapping_fits_thirty_lines():
    assert len(MAVEN_MAPPING.splitlines()) <= 30


def test_maven_is_recognised_by_its_counts(maven: Path):
    figures = record_of(maven, "2017Q4").figures
    assert (figures["all.won"].n, figures["all.lost"].n, figures["all.open"].n) == (4238, 2473, 2089)
    assert in_dollars(figures["all.won"].value) == 10_005_534
    assert figures["all.undated"].n == 500


def test_the_500_deals_without_a_date_are_in_no_walk(maven: Path):
    figures = record_of(maven, "2017Q4").figures
    assert figures["pipeline"].n == 2089
    assert figures["stock.closing"].n == 1589
    assert figures["stock.undated"].n == 500


def test_five_agents_have_no_deal(maven: Path):
    body = record_of(maven, "2017Q4").body
    assert len(body["idle"]) == 5 and body["people"] == 35


@pytest.mark.parametrize("as_of", ["2017-09-30", "2017-12-31"])
def test_the_third_quarter_rebuilt_from_dates(maven: Path, as_of: str):
    figures = record_of(maven, "2017Q3", as_of).figures
    walk = [figures[f"stock.{row}"].n for row in ("opening", "new", "won", "lost", "closing")]
    assert walk == [1686, 2770, 1257, 790, 2409]
    assert in_dollars(figures["bookings"].value) == in_dollars(figures["booked.closing"].value) == 2_982_255
    assert in_dollars(figures["booked.from_open"].value) == 1_441_450
    assert round(figures["win_rate"].value or 0, 4) == 0.6141
    assert (figures["dead_after"].value, figures["dead"].n) == (131, 561)
    assert in_dollars(figures["dead"].value) == 1_477_229
    assert (figures["longest_decided"].value, figures["longest_decided"].n) == (138, 4726)
    assert (figures["never_decided"].n, in_dollars(figures["never_decided"].value)) == (530, 1_373_138)
    assert in_dollars(figures["pipeline"].value) == 5_763_490


def test_a_week_in_september(maven: Path):
    """2017-W38 tells of 11-17 September; the amounts are those that LOOK.md gives for this week."""
    record = record_of(maven, "2017-W38")
    assert (record.as_of, record.first, record.last) == (date(2017, 9, 17), date(2017, 9, 11), date(2017, 9, 17))
    walk = [record.figures[f"stock.{row}"].n for row in ("opening", "new", "won", "lost", "closing")]
    assert walk == [2320, 174, 130, 34, 2330]
    amounts = [
        round(in_dollars(record.figures[f"stock.{r}"].value) / 1000) for r in ("new", "won", "lost", "grown", "shrunk")
    ]
    assert amounts == [421, 323, 54, 13, -14]


def test_win_rates_by_quarter_are_the_published_ones(maven: Path):
    known = {"2017Q1": 0.8207, "2017Q2": 0.6171, "2017Q3": 0.6141, "2017Q4": 0.6025}
    found = {q: round(record_of(maven, q).figures["win_rate"].value or 0, 4) for q in known}
    assert found == known


def test_what_the_data_cannot_carry_is_withheld_with_its_reason(maven: Path):
    record = record_of(maven, "2017Q3")
    by_value = record.figures["win_rate_by_value"]
    assert by_value.value is None and by_value.reason and "lost deals have no amount" in by_value.reason.text
    assert not record.body["due"] and not record.body["stages"] and record.body["bands"]
    assert record.figures["age.139.win_rate"].n == 0


def test_a_list_price_is_never_in_a_won_value(tmp_path: Path):
    """A won deal without an amount counts nothing, an open one its product's list price, and the page says so."""
    make_small(
        tmp_path,
        "id,name,stage,product,created,closed,amount\n"
        "1,a,won,X,2026-07-01,2026-07-05,\n2,b,open,X,2026-07-02,,\n3,c,open,Y,2026-07-02,,\n",
    )
    (tmp_path / "data" / "prices 2026-07-06.csv").write_text("name,series,list_price\nX,S,99.90\n", "utf-8")
    (tmp_path / "mapping.yaml").write_text("deals:\n  list_price: true\n", "utf-8")
    Project.open(tmp_path).file_exports()
    figures = record_of(tmp_path, "2026Q3").figures
    assert figures["bookings"].value == 0 and figures["pipeline"].value == 9990
    notes = [n["text"] for n in record_of(tmp_path, "2026Q3").body["notes"]]
    assert any("list price" in n for n in notes) and any("counted 0" in n for n in notes)


def make_small(folder: Path, deals: str, name: str = "deals 2026-07-06.csv", language: str = "en") -> Path:
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "project.yaml").write_text(f"name: Small\nlanguage: {language}\ncurrency: CNY\n", "utf-8")
    (folder / "data" / name).write_text(deals, "utf-8")
    return folder


def test_same_inputs_same_fingerprint_and_same_page_bytes(maven: Path):
    first = record_of(maven, "2017Q2")
    page = maven / "records" / "2017Q2" / "crm.html"
    before = hashlib.sha256(page.read_bytes()).hexdigest()
    second = record_of(maven, "2017Q2")
    assert first.fingerprint == second.fingerprint
    assert hashlib.sha256(page.read_bytes()).hexdigest() == before
    saved = json.loads((maven / "records" / "2017Q2" / "crm.json").read_text("utf-8"))
    assert saved["fingerprint"] == first.fingerprint


def test_every_deal_behind_every_number_stands_in_the_csv(maven: Path):
    record = record_of(maven, "2017Q3")
    with (maven / "records" / "2017Q3" / "crm.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    won = [r for r in rows if r[0] == "stock.won"]
    assert len(won) == record.figures["stock.won"].n == 1257
    assert round(sum(float(r[2]) for r in won) * 100) == record.figures["stock.won"].value


def test_formulas_in_the_data_are_defused_in_the_csv(tmp_path: Path):
    make_small(tmp_path, "id,name,stage,created,amount\n1,=HYPERLINK(1),open,2026-07-01,5\n")
    Project.open(tmp_path).file_exports()
    record_of(tmp_path, "2026Q3")
    assert "'=HYPERLINK(1)" in (tmp_path / "records" / "2026Q3" / "crm.csv").read_text("utf-8-sig")


def test_the_notebook_by_hand(maven: Path, tmp_path: Path):
    """papermill playbooks/crm.ipynb out.ipynb -p project PATH -p period 2017Q3"""
    shutil.copytree(maven, tmp_path / "copy")
    out = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", str(ROOT / "playbooks" / "crm.ipynb"), str(out)]
    done = subprocess.run(
        [*command, "-p", "project", str(tmp_path / "copy"), "-p", "period", "2017Q3"],
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    found = records.load(Project.open(tmp_path / "copy").store, "2017Q3", "crm")
    assert found and found.figures["stock.closing"].n == 2409


def test_without_data_the_playbook_says_what_is_missing(tmp_path: Path):
    (tmp_path / "project.yaml").write_text("name: Empty\nlanguage: en\n", "utf-8")
    made = run.run(Project.open(tmp_path), "crm")
    page = made.page.read_text("utf-8")
    assert "No deals yet" in page and "into the folder data/" in page


def test_a_file_that_no_table_fits_is_named_with_its_columns(tmp_path: Path):
    make_small(tmp_path, "Opp,Stufe\n1,x\n")
    with pytest.raises(ExportError, match=r"deals 2026-07-06\.csv is not recognised.*Opp, Stufe"):
        run.run(Project.open(tmp_path), "crm")
    (tmp_path / "data" / "products.csv").write_text("name,list price\nA,5\n", "utf-8")
    page = run.run(Project.open(tmp_path), "crm").page.read_text("utf-8")
    assert "deals 2026-07-06.csv is in data/" in page and "Opp, Stufe" in page


def test_rows_that_cannot_be_read_are_said_at_the_head_of_the_page(tmp_path: Path):
    make_small(tmp_path, "id,name,stage,created,amount\n1,a,open,2026-07-01,5\n2,b,sold,2026-07-01,5\n")
    page = run.run(Project.open(tmp_path), "crm").page.read_text("utf-8")
    head = page[: page.index('<div class="strip">')]
    assert "1 of 2 rows of the newest export" in head


def test_a_period_that_has_not_begun_is_refused(maven: Path):
    with pytest.raises(PeriodError, match="2018Q3 begins on 2018-07-01, after the last day that is known"):
        run.run(Project.open(maven), "crm", "2018Q3")
    with pytest.raises(PeriodError, match="2026-W50 begins"):
        run.run(Project.open(maven), "crm", "2026-W50")


@pytest.mark.parametrize("saturday", ["2017-09-30", "2018-09-29"])
def test_an_export_of_the_weekend_before_a_quarter_runs_for_that_quarter(tmp_path: Path, saturday: str):
    """A weekend counts to its Monday: the quarter that is taken by itself may begin after the newest export."""
    make_small(tmp_path, f"id,name,stage,created,amount\n1,a,open,{saturday},5\n", f"deals {saturday}.csv")
    made = run.run(Project.open(tmp_path), "crm")
    assert made.page.parent.name == f"{saturday[:4]}Q4" and made.page.exists()


def test_a_period_before_the_data_says_where_they_begin(maven: Path):
    record = record_of(maven, "2015Q1")
    assert not record.figures and "before the data" in record.body["title"][0]["text"]
    assert "2016-10-20" in (maven / "records" / "2015Q1" / "crm.html").read_text("utf-8")


def test_status_says_why_a_playbook_is_due(tmp_path: Path):
    make_small(tmp_path, "id,name,stage,created,amount\n1,a,open,2026-07-01,5\n")
    here = Project.open(tmp_path)

    def why() -> list[str]:
        return [m.text for m in due.standing(Project.open(tmp_path), "2026Q3")[0].reasons]

    assert why() == ["not run yet"]
    run.run(here, "crm", "2026Q3", "2026-07-03")
    assert why() == ["made as of {day:iso}, and {known:iso} is known"]
    run.run(here, "crm", "2026Q3")
    assert why() == []
    make_small(tmp_path, "id,name,stage,created,amount\n1,a,won,2026-07-01,5\n", "deals 2026-07-13.csv")
    assert why() == ["{file} in data/ is not filed yet"]
    Project.open(tmp_path).file_exports()
    assert why() == ["new export: {file} ({day:iso})"]
    (tmp_path / "mapping.yaml").write_text("deals: {list_price: true}\n", "utf-8")
    assert "project.yaml or mapping.yaml has changed" in why()


def test_a_failing_run_keeps_the_last_good_record(tmp_path: Path):
    make_small(tmp_path, "id,name,stage,created,amount\n1,a,open,2026-07-01,5\n")
    (tmp_path / "playbooks").mkdir()
    good = json.loads((ROOT / "playbooks" / "crm.ipynb").read_text("utf-8"))
    copy = tmp_path / "playbooks" / "crm.ipynb"
    copy.write_text(json.dumps(good), "utf-8")
    here = Project.open(tmp_path)
    made = run.run(here, "crm", "2026Q3")
    before = made.page.read_bytes()
    good["cells"][3]["source"] = (
        "from salesplaybook.errors import ExportError\nraise ExportError('{file} is odd.', file='x.csv')"
    )
    copy.write_text(json.dumps(good), "utf-8")
    with pytest.raises(run.PlaybookFailed, match=r"crm stopped: .*x\.csv is odd\."):
        run.run(here, "crm", "2026Q3")
    assert made.page.read_bytes() == before
    assert (made.page.parent / "crm.failed.ipynb").exists()
