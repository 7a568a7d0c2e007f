"""An export that is a narrowed view is filed and flagged: no walk, wins or losses come of it, and nothing before it
or after it is touched."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from salesplaybook import completeness, records
from salesplaybook.areas import crm
from salesplaybook.batch import run
from salesplaybook.history import Export
from salesplaybook.project import Project
from salesplaybook.records import Record

HEAD = "id,name,owner,stage,amount,created,expected_close,closed\n"
FIRST = date(2026, 7, 6)
WHY = {"undecided": "no won and no lost deals", "lacking": "lacks"}


def export(day: int, frame: dict[str, str], unread: tuple[str, ...] = ()) -> Export:
    """An export some days after the first: deal -> status."""
    keys = pd.Index(list(frame), dtype="object")
    statuses = pd.DataFrame({"status": list(frame.values())}, index=keys, dtype="object")
    return Export(FIRST + timedelta(days=day), statuses, frozenset(unread))


def deals(n: int, *gone: int) -> dict[str, str]:
    """`n` open deals without those that are `gone`, one won and one lost."""
    return {f"o{i}": "open" for i in range(n) if i not in gone} | {"w": "won", "l": "lost"}


def why(*exports: Export, complete: tuple[int, ...] = ()) -> dict[int, str]:
    days = {FIRST + timedelta(days=d) for d in complete}
    return {(day - FIRST).days: f.why for day, f in completeness.narrowed(exports, days).items()}


# -- what is narrowed


def test_an_export_of_open_deals_only_is_narrowed_from_the_first_on():
    assert why(export(0, {"a": "open", "b": "on_hold", "c": "void"})) == {0: "undecided"}


@pytest.mark.parametrize("status", ["won", "lost"])
def test_one_decided_deal_is_enough(status: str):
    assert why(export(0, {"a": "open", "b": status})) == {}


@pytest.mark.parametrize("n", [5, 10, 15, 35, 55, 85, 1000])
def test_exactly_a_fifth_may_be_missing_and_one_more_may_not(n: int):
    fifth = n // 5
    assert why(export(0, deals(n)), export(7, deals(n, *range(fifth)))) == {}
    assert why(export(0, deals(n)), export(7, deals(n, *range(fifth + 1)))) == {7: "lacking"}


def test_a_deal_that_was_decided_or_cannot_be_read_is_not_missing():
    closed = deals(10) | dict.fromkeys(("o0", "o1", "o2"), "won")
    assert why(export(0, deals(10)), export(7, closed)) == {}
    assert why(export(0, deals(10)), export(7, deals(10, 0, 1, 2), unread=("o0",))) == {}


def test_won_and_lost_deals_may_leave_the_view_unasked():
    before = deals(5) | {f"w{i}": "won" for i in range(50)}
    assert why(export(0, before), export(7, deals(5))) == {}


def test_an_export_is_held_against_the_last_whole_one():
    found = why(export(0, deals(10)), export(7, deals(10, *range(5))), export(14, deals(10, *range(5))))
    assert found == {7: "lacking", 14: "lacking"}
    assert why(export(0, deals(10)), export(7, deals(10, *range(5))), export(14, deals(12))) == {7: "lacking"}
    undecided = export(7, {"o0": "open"})
    assert why(export(0, deals(10)), undecided, export(14, deals(10, 1))) == {7: "undecided"}


def test_what_a_person_says_is_complete_is_the_measure_from_then_on():
    exports = [export(0, deals(10)), export(7, deals(10, *range(5))), export(14, deals(10, *range(5)))]
    assert why(*exports, complete=(7,)) == {}
    assert why(export(0, {"a": "open"}), complete=(0,)) == {}


def test_no_open_deals_before_and_none_now_lack_nothing():
    assert why(export(0, {"w": "won"}), export(7, {"w": "won"})) == {}


def test_the_sentence_says_how_many_are_missing_and_what_to_export():
    found = completeness.narrowed([export(0, deals(10)), export(7, deals(10, 0, 1, 2))], set())
    said = completeness.sentence(found[FIRST + timedelta(days=7)], "All Deals")
    assert said.values["missing"] == 3 and said.values["of"] == 10 and said.values["since"] == str(FIRST)
    assert said.values["view"] == "All Deals" and "complete:" in said.text


# -- what comes of it


def project(folder: Path, mapping: str = "", language: str = "en") -> Path:
    (folder / "data").mkdir(parents=True)
    (folder / "project.yaml").write_text(f"name: P\nlanguage: {language}\ncurrency: CNY\n", "utf-8")
    (folder / "mapping.yaml").write_text(mapping, "utf-8")
    return folder


def monday(week: int) -> date:
    return FIRST + timedelta(weeks=week)


def drop(root: Path, week: int, narrow: bool = False, head: str = HEAD, name: str = "") -> None:
    """Monday's export: ten open deals, from week 3 on one of them won, each week a new one; `narrow`: five of them."""
    rows = []
    for n in range(10):
        won = n == 0 and week >= 3
        rows.append(
            f"D{n},d{n},x,{'won' if won else 'open'},{100 + n},2026-06-01,2026-09-15,{monday(3) if won else ''}"
        )
    rows += [f"N{n},n{n},y,open,50,{monday(n)},2026-09-20," for n in range(week + 1)]
    rows += ["W,w,x,won,900,2026-05-01,,2026-06-20", "L,l,y,lost,300,2026-05-01,,2026-06-21"]
    if narrow:
        rows = [*rows[:3], rows[-2], rows[-1]]
    (root / "data" / (name or f"deals {monday(week)}.csv")).write_text(head + "\n".join(rows) + "\n", "utf-8")


def record(root: Path, period: str = "2026Q3", as_of: str = "") -> Record:
    here = Project.open(root)
    here.file_exports()
    known = here.snapshot(as_of, period)
    window = here.period(period, known.on)
    here.save(crm.body(window, known, here.unfit), window, known)
    found = records.load(here.store, window.name, "crm")
    assert found
    return found


def weeks(root: Path, *which: int, narrow: tuple[int, ...] = ()) -> Path:
    for week in which:
        drop(root, week, week in narrow)
        Project.open(root).file_exports()
    return root


def kinds(root: Path, name: str) -> list[str]:
    (look,) = [look for look in Project.open(root).check().looks if look.file == name]
    return [f.kind for f in look.findings if f.kind == "older" or f.kind.startswith("narrowed")]


def test_no_walk_wins_or_losses_are_shown_from_a_narrowed_view(tmp_path: Path):
    root = weeks(project(tmp_path), 0, 1, narrow=(1,))
    found = record(root)
    assert all(found.body[walk] is None for walk in ("stock", "due", "outcome", "booked"))
    assert found.figures["pipeline"].n == 3
    assert all(found.figures[name].value is None and found.figures[name].reason for name in ("bookings", "win_rate"))
    notes = [note["text"] for note in found.body["notes"]]
    assert any("lacks" in note for note in notes)
    assert (root / "history" / str(monday(1)) / f"deals {monday(1)}.csv").exists()


def test_not_even_the_totals_of_a_narrowed_view_tell_wins_or_losses(tmp_path: Path):
    found = record(weeks(project(tmp_path), 0, 1, narrow=(1,)))
    assert not {"all.won", "all.lost"} & {name for name, f in found.figures.items() if f.n}


def test_an_export_of_open_deals_only_names_the_view_to_export(tmp_path: Path):
    root = project(tmp_path, language="zh_CN")
    text = "商机编号,业务机会名,阶段,金额,创建时间\n1,a,需求分析,5,2026-07-01\n"
    (root / "data" / f"deals {FIRST}.csv").write_text(text, "utf-8")
    (view,) = [n["values"]["view"] for n in record(root).body["notes"] if "view" in n["values"]]
    assert view == "所有业务机会"
    page = (root / "records" / "2026Q3" / "crm.html").read_text("utf-8")
    assert "所有业务机会" in page


def test_the_week_after_a_whole_export_has_a_walk_that_knows_nothing_of_the_narrowed_one(tmp_path: Path):
    narrow = record(weeks(project(tmp_path / "a"), 0, 1, 2, 3, narrow=(1, 2)))
    without = record(weeks(project(tmp_path / "b"), 0, 3))
    assert narrow.body["stock"] and narrow.body == without.body
    assert {k: f.value for k, f in narrow.figures.items()} == {k: f.value for k, f in without.figures.items()}


def test_so_has_the_week_itself(tmp_path: Path):
    narrow = record(weeks(project(tmp_path / "a"), 0, 1, 2, narrow=(1,)), "2026-W30")
    without = record(weeks(project(tmp_path / "b"), 0, 2), "2026-W30")
    assert narrow.body["stock"] and narrow.body == without.body


def test_replayed_as_of_an_earlier_day_nothing_has_changed(tmp_path: Path):
    root = weeks(project(tmp_path), 0, 1)
    days = [monday(0), monday(1)]
    before = [record(root, as_of=str(day)).fingerprint for day in days]
    weeks(root, 2, 3, narrow=(2,))
    assert [record(root, as_of=str(day)).fingerprint for day in days] == before


def test_replayed_as_of_the_narrowed_day_it_is_the_same_narrowed_page(tmp_path: Path):
    root = weeks(project(tmp_path), 0, 1, narrow=(1,))
    before = record(root).fingerprint
    weeks(root, 2)
    assert record(root, as_of=str(monday(1))).fingerprint == before


@pytest.mark.parametrize("said", [f"[{monday(1)}]", f"['deals {monday(1)}.csv']"])
def test_a_person_lifts_the_flag_by_day_or_by_name(tmp_path: Path, said: str):
    root = weeks(project(tmp_path), 0, 1, narrow=(1,))
    assert kinds(root, f"deals {monday(1)}.csv") == ["narrowed: lacking"]
    (root / "mapping.yaml").write_text(f"complete: {said}\n", "utf-8")
    assert kinds(root, f"deals {monday(1)}.csv") == []
    found = record(root)
    assert found.body["stock"] and found.figures["pipeline"].n == 3


@pytest.mark.parametrize("said", [f"[{monday(1)}]", f"['deals {monday(1)}.csv']"])
def test_the_flag_of_an_export_that_is_not_filed_yet_is_lifted_too(tmp_path: Path, said: str):
    root = weeks(project(tmp_path), 0)
    drop(root, 1, narrow=True)
    assert kinds(root, f"deals {monday(1)}.csv") == ["narrowed: lacking"]
    (root / "mapping.yaml").write_text(f"complete: {said}\n", "utf-8")
    assert kinds(root, f"deals {monday(1)}.csv") == []


def test_the_day_that_the_sentence_names_lifts_the_flag_also_where_it_was_corrected(tmp_path: Path):
    true = monday(1) - timedelta(days=2)
    root = weeks(project(tmp_path, f"dates: {{{monday(1)}: {true}}}\n"), 0, 1, narrow=(1,))
    known = Project.open(root).snapshot()
    assert known.narrowed and known.narrowed.values["day"] == str(true)
    (root / "mapping.yaml").write_text(f"dates: {{{monday(1)}: {true}}}\ncomplete: [{true}]\n", "utf-8")
    assert Project.open(root).snapshot().narrowed is None


def test_check_flags_a_narrowed_export_before_it_is_filed(tmp_path: Path):
    root = weeks(project(tmp_path), 0)
    drop(root, 1, narrow=True)
    assert kinds(root, f"deals {monday(1)}.csv") == ["narrowed: lacking"]
    assert not (root / "history" / str(monday(1))).exists()


def test_parts_of_one_day_are_whole_together(tmp_path: Path):
    root = weeks(project(tmp_path), 0)
    drop(root, 1)
    whole = root / "data" / f"deals {monday(1)}.csv"
    head, *rows = whole.read_text("utf-8").splitlines(keepends=True)
    whole.unlink()
    for part, lines in (("north", rows[::2]), ("south", rows[1::2])):
        (root / "data" / f"{part} {monday(1)}.csv").write_text(head + "".join(lines), "utf-8")
    assert kinds(root, f"north {monday(1)}.csv") == kinds(root, f"south {monday(1)}.csv") == []
    assert record(root).body["stock"]


def test_an_export_older_than_the_last_one_is_flagged_and_filed_under_its_own_day(tmp_path: Path):
    root = weeks(project(tmp_path), 1)
    drop(root, 0)
    assert kinds(root, f"deals {monday(0)}.csv") == ["older"]
    assert kinds(root, f"deals {monday(1)}.csv") == []
    found = record(root)
    assert (root / "history" / str(monday(0)) / f"deals {monday(0)}.csv").exists()
    assert found.as_of == monday(1)


def test_the_notebook_makes_the_page_of_a_view_and_says_so(tmp_path: Path):
    root = weeks(project(tmp_path), 0, 1, narrow=(1,))
    made = run.run(Project.open(root), "crm", "2026Q3")
    page = made.page.read_text("utf-8")
    assert "lacks" in page and "complete:" in page and "all deals" in page
    said = json.loads((root / "records" / "2026Q3" / "crm.json").read_text("utf-8"))
    assert said["body"]["stock"] is None
