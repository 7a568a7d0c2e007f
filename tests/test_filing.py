"""Exports are filed under their day, byte for byte, once; entries and mapping follow until the next one comes."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from corpus.ask import asked
from salesplaybook import records
from salesplaybook.areas import crm
from salesplaybook.dating import day_in_name
from salesplaybook.errors import ExportError, PeriodError, ProjectError
from salesplaybook.project import Project

HEAD = "id,name,owner,stage,amount,created,expected_close,closed\n"


def project(folder: Path, mapping: str = "") -> Path:
    (folder / "data").mkdir(parents=True)
    (folder / "entries").mkdir()
    (folder / "project.yaml").write_text("name: P\nlanguage: en\ncurrency: CNY\n", "utf-8")
    (folder / "mapping.yaml").write_text(mapping, "utf-8")
    return folder


def drop(folder: Path, name: str, text: str, modified: datetime | None = None) -> None:
    path = folder / "data" / name
    path.write_text(text, "utf-8")
    if modified:
        os.utime(path, (modified.timestamp(), modified.timestamp()))


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("Deals_2026_09_21.csv", "2026-09-21"),
        ("商机_20260921.xlsx", "2026-09-21"),
        ("2026年9月1日导出.xlsx", "2026-09-01"),
        ("export 2026-9-1.csv", "2026-09-01"),
        ("20260921083000.csv", "2026-09-21"),
        ("report1632012345678.csv", None),
        ("deals.csv", None),
        ("2026-13-45.csv", None),
        ("v2 2026.09.21 final.xlsx", "2026-09-21"),
    ],
)
def test_the_day_in_a_name(name: str, day: str | None):
    assert day_in_name(name) == (date.fromisoformat(day) if day else None)


def test_filed_byte_for_byte_once(tmp_path: Path):
    root = project(tmp_path)
    drop(root, "deals 2026-09-21.csv", HEAD + "1,a,x,open,5,2026-09-01,,\n")
    assert [f.day for f in Project.open(root).file_exports()] == [date(2026, 9, 21)]
    assert Project.open(root).file_exports() == []
    assert (root / "history/2026-09-21/deals 2026-09-21.csv").read_bytes() == (
        root / "data/deals 2026-09-21.csv"
    ).read_bytes()


def test_a_file_without_a_day_takes_its_time_in_the_projects_zone(tmp_path: Path):
    root = project(tmp_path)
    drop(root, "deals.csv", HEAD + "1,a,x,open,5,2026-09-10,,\n", datetime.fromisoformat("2026-09-21T23:30:00+00:00"))
    (filed,) = Project.open(root).file_exports()
    assert (filed.day, filed.dated_by) == (date(2026, 9, 22), "time")


def test_an_old_export_is_dated_by_its_newest_day_until_confirmed(tmp_path: Path):
    root = project(tmp_path)
    drop(root, "deals.csv", HEAD + "1,a,x,open,5,2026-06-10,,\n", datetime.fromisoformat("2026-09-21T08:00:00+08:00"))
    (filed,) = Project.open(root).file_exports()
    assert (filed.day, filed.dated_by) == (date(2026, 6, 10), "newest")
    here = Project.open(root)
    assert not here.read(here.snapshot(), "crm").sources[0].confirmed
    (root / "mapping.yaml").write_text("dates: {2026-06-10: 2026-06-12}\n", "utf-8")
    here = Project.open(root)
    assert here.snapshot().on == date(2026, 6, 12)
    assert here.read(here.snapshot(), "crm").sources[0].confirmed


@pytest.mark.parametrize(("quiet", "dated_by"), [(31, "name"), (32, "newest")])
def test_31_days_are_still_believed(tmp_path: Path, quiet: int, dated_by: str):
    root = project(tmp_path)
    created = date(2026, 9, 21) - timedelta(days=quiet)
    drop(root, "deals 2026-09-21.csv", HEAD + f"1,a,x,open,5,{created},,\n")
    assert Project.open(root).file_exports()[0].dated_by == dated_by


def test_parts_of_one_day_are_joined_and_a_mended_file_replaces_its_part(tmp_path: Path):
    root = project(tmp_path)
    drop(root, "north 2026-09-21.csv", HEAD + "1,a,x,open,5,2026-09-01,,\n")
    drop(root, "south 2026-09-21.csv", HEAD + "2,b,y,open,7,2026-09-01,,\n")
    Project.open(root).file_exports()
    assert Project.open(root).snapshot().deals.open["value"].sum() == 1200
    drop(root, "north 2026-09-21.csv", HEAD + "1,a,x,open,6,2026-09-01,,\n")
    (filed,) = Project.open(root).file_exports()
    assert filed.file == "north 2026-09-21 (2).csv"
    assert Project.open(root).snapshot().deals.open["value"].sum() == 1300


def test_entries_and_mapping_follow_until_the_next_export(tmp_path: Path):
    root = project(tmp_path)
    drop(root, "deals.csv", HEAD + "1,a,x,open,5,2026-09-01,,\n", datetime.fromisoformat("2026-09-14T08:00:00+08:00"))
    Project.open(root).file_exports()
    (root / "entries/actions.yaml").write_text("- what: call\n", "utf-8")
    Project.open(root).file_exports()
    drop(
        root,
        "deals.csv",
        HEAD + "1,a,x,won,5,2026-09-01,,2026-09-20\n",
        datetime.fromisoformat("2026-09-21T08:00:00+08:00"),
    )
    (root / "entries/actions.yaml").write_text("- what: visit\n", "utf-8")
    Project.open(root).file_exports()
    (root / "entries/actions.yaml").write_text("- what: sign\n", "utf-8")
    Project.open(root).file_exports()
    kept = [
        (root / "history" / day / "entries/actions.yaml").read_text("utf-8") for day in ("2026-09-14", "2026-09-21")
    ]
    assert kept == ["- what: visit\n", "- what: sign\n"]
    assert (root / "history/2026-09-14/mapping.yaml").exists()


def test_a_list_without_dates_belongs_to_the_deals_that_came_with_it(tmp_path: Path):
    root = project(tmp_path)
    drop(root, "deals 2026-09-21.csv", HEAD + "1,a,x,open,5,2026-09-01,,\n")
    drop(root, "people.csv", "name,department\nx,North\ny,South\n")
    assert {f.day for f in Project.open(root).file_exports()} == {date(2026, 9, 21)}


def weeks(count: int) -> list[tuple[str, str]]:
    """Mondays of a quarter: one deal is won in week 8, one pushed, one deleted, one new a week."""
    out = []
    for week in range(count):
        day = date(2026, 6, 29) + timedelta(days=7 * week)
        rows = [
            f"A,a,x,{'won' if week >= 8 else 'open'},100,2026-06-01,2026-08-01,{day if week >= 8 else ''}",
            f"B,b,y,open,{200 + week},2026-06-01,2026-{'09' if week < 5 else '11'}-15,",
        ]
        rows += [
            f"N{n},n,y,open,{10 + n},{date(2026, 6, 29) + timedelta(days=7 * n)},2026-09-20," for n in range(week + 1)
        ]
        rows += [] if week in (3, 4, 5) else ["V,v,x,open,50,2026-06-02,2026-09-01,"]
        out.append((f"deals {day}.csv", HEAD + "\n".join(rows) + "\n"))
    return out


def fingerprint(root: Path, period: str, as_of: str) -> str:
    here = Project.open(root)
    here.file_exports()
    known = here.snapshot(as_of, period)
    window = here.period(period, known.on)
    here.save(crm.body(window, known), window, known)
    found = records.load(here.store, window.name, "crm")
    assert found
    return found.fingerprint


def test_a_run_as_of_week_6_is_the_same_after_weeks_7_to_15(tmp_path: Path):
    root = project(tmp_path)
    for name, text in weeks(6):
        drop(root, name, text)
        Project.open(root).file_exports()
    as_of = "2026-08-03"
    before = [fingerprint(root, p, as_of) for p in ("2026Q3", "2026-W32")]
    for name, text in weeks(15)[6:]:
        drop(root, name, text)
        Project.open(root).file_exports()
    assert [fingerprint(root, p, as_of) for p in ("2026Q3", "2026-W32")] == before
    assert fingerprint(root, "2026Q3", "") != before[0]


def test_lists_and_unfit_files_that_come_later_change_no_earlier_run(tmp_path: Path):
    root = project(tmp_path, "deals: {list_price: true}\n")
    drop(root, "deals 2026-07-06.csv", "id,name,stage,product,created\n1,a,open,X,2026-07-01\n")
    before = fingerprint(root, "2026Q3", "2026-07-06")
    drop(root, "prices 2026-07-13.csv", "name,list_price\nX,5\n")
    drop(root, "other.csv", "no,table\n1,2\n")
    assert fingerprint(root, "2026Q3", "2026-07-06") == before


def test_files_that_share_a_few_deals_are_joined_and_nearly_all_make_a_mended_file(tmp_path: Path):
    root = project(tmp_path)
    rows = [f"{n},d{n},x,open,1,2026-09-01,," for n in range(10)]
    drop(root, "all 2026-09-21.csv", HEAD + "\n".join(rows) + "\n")
    Project.open(root).file_exports()
    drop(root, "mine 2026-09-21.csv", HEAD + "0,d0,x,open,5,2026-09-01,,\n99,new,x,open,1,2026-09-01,,\n")
    Project.open(root).file_exports()
    deals = Project.open(root).snapshot().deals.open
    assert len(deals) == 11 and deals.loc["0", "value"] == 500
    drop(root, "all 2026-09-21.csv", HEAD + "\n".join(rows[:9]) + "\n99,new,x,open,1,2026-09-01,,\n")
    Project.open(root).file_exports()
    assert len(Project.open(root).snapshot().deals.open) == 10
    drop(root, "some 2026-09-21.csv", HEAD + "\n".join(rows[:6]) + "\n")  # of six in ten, the others are not gone
    Project.open(root).file_exports()
    assert len(Project.open(root).snapshot().deals.open) == 10


def test_a_filed_export_that_was_edited_is_not_used(tmp_path: Path):
    root = project(tmp_path)
    drop(root, "deals 2026-09-21.csv", HEAD + "1,a,x,open,5,2026-09-01,,\n")
    Project.open(root).file_exports()
    (root / "history/2026-09-21/deals 2026-09-21.csv").write_text(HEAD + "1,a,x,open,6,2026-09-01,,\n", "utf-8")
    with pytest.raises(ExportError, match="was changed after it was filed"):
        Project.open(root).snapshot()


def test_an_absent_entries_folder_takes_nothing_from_history(tmp_path: Path):
    root = project(tmp_path)
    drop(root, "deals 2026-09-21.csv", HEAD + "1,a,x,open,5,2026-09-01,,\n")
    (root / "entries/actions.yaml").write_text("- what: call\n", "utf-8")
    Project.open(root).file_exports()
    (root / "entries/actions.yaml").unlink()
    (root / "entries").rmdir()
    Project.open(root).file_exports()
    assert (root / "history/2026-09-21/entries/actions.yaml").exists()


def test_nothing_is_filed_while_a_file_cannot_be_read(tmp_path: Path):
    root = project(tmp_path)
    drop(root, "a 2026-09-21.csv", HEAD + "1,a,x,open,5,2026-09-01,,\n")
    (root / "data" / "b 2026-09-21.xlsx").write_bytes(b"no workbook")
    with pytest.raises(ExportError, match=r"b 2026-09-21\.xlsx is no workbook"):
        Project.open(root).file_exports()
    assert not (root / "history").exists()


def test_a_named_file_that_is_absent_is_an_error(tmp_path: Path):
    root = project(tmp_path, "deals: {file: offers.csv}\n")
    with pytest.raises(ExportError, match=r"data/offers\.csv is not there"):
        Project.open(root).file_exports()


def test_nothing_leads_out_of_the_project(tmp_path: Path):
    here = Project.open(project(tmp_path / "p"))
    with pytest.raises(ProjectError):
        here.store.write(b"x", "records", "../../out.txt")
    with pytest.raises(PeriodError):
        here.period("../../x", date(2026, 1, 1))


def test_a_folder_that_is_no_project_gets_a_sentence(tmp_path: Path):
    with pytest.raises(ProjectError, match="is no project"):
        Project.open(tmp_path / "nothing")


def test_a_file_overwritten_on_the_same_day_counts_alone(tmp_path: Path):
    """A person who puts a mended file of the same name there has taken the other one back, whatever it held."""
    root = project(tmp_path)
    rows = [f"{n},d{n},x,open,1,2026-09-01,," for n in range(9)] + ["w,won,x,won,1,2026-09-01,,2026-09-02"]
    drop(root, "all 2026-09-21.csv", HEAD + "\n".join(rows) + "\n")
    Project.open(root).file_exports()
    drop(root, "all 2026-09-21.csv", HEAD + "\n".join(rows[6:]) + "\n")
    here = Project.open(root)
    assert here.check().looks[0].statuses == {"open": 3, "won": 1}
    here.file_exports()
    assert len(Project.open(root).snapshot().deals.open) == 3


# -- a file that is saved over under last week's name

SAVED_OVER = datetime.fromisoformat("2026-09-21T08:10:00+08:00")
LATER = "1,a,x,won,5,2026-09-01,,2026-09-17\n2,b,x,open,7,2026-09-18,2026-10-30,\n"


def saved_over(folder: Path, rows: str, head: str = HEAD, modified: datetime = SAVED_OVER) -> Path:
    """A week after it was filed, a file holds other rows under the same name."""
    root = project(folder)
    drop(root, "deals 2026-09-14.csv", HEAD + "1,a,x,open,5,2026-09-01,2026-09-17,\n")
    Project.open(root).file_exports()
    drop(root, "deals 2026-09-14.csv", head + rows, modified)
    return root


def test_what_is_saved_over_under_an_old_name_is_of_its_own_day_and_says_so(tmp_path: Path):
    root = saved_over(tmp_path, LATER)
    (look,) = Project.open(root).check().looks
    assert (look.day, [m.values["named"] for m in look.alarms]) == (date(2026, 9, 21), ["2026-09-14"])
    shown = asked(root, "check").printed
    assert "says 2026-09-14" in shown[:200]
    done = asked(root, "run", "weekly")
    assert "says 2026-09-14" in done.sentences[-1] and "dates: {2026-09-21: 2026-09-14}" in done.sentences[-1], done
    assert sorted(p.name for p in (root / "history").iterdir()) == ["2026-09-14", "2026-09-21"]
    assert "says 2026-09-14" in (root / "records/2026-W39/weekly.html").read_text("utf-8")
    again = asked(root, "run", "weekly")
    assert not [s for s in again.sentences if "says" in s]


@pytest.mark.parametrize(
    ("rows", "head", "modified"),
    [
        ("1,a,x,won,5,2026-09-01,,2026-09-17\n2,b,x,open,7,2026-09-02,2026-10-30,\n", HEAD, SAVED_OVER),  # one row
        ("1,a,x,open,5,2026-09-01,2026-09-18,\n2,b,x,open,7,2026-09-02,2026-09-19,\n", HEAD, SAVED_OVER),  # expected
        ("1,a,x,open,5,2026-09-01,,2026-09-18\n2,b,x,open,7,2026-09-02,,2026-09-19\n", HEAD, SAVED_OVER),  # a plan
        (LATER.replace("2026-09-18", "2026-09-15").replace("2026-09-17", "2026-09-15"), HEAD, SAVED_OVER),  # a zone
        (LATER, HEAD, SAVED_OVER - timedelta(days=6)),  # typed ahead: the file was written on the 15th
        (
            "1,a,open,2026-09-12,2026-09-17\n2,b,open,2026-09-12,2026-09-18\n",  # a CRM knows planned visits too
            "id,name,stage,modified,last_activity\n",
            SAVED_OVER,
        ),
    ],
)
def test_a_name_is_believed_that_no_row_of_what_has_happened_gainsays(
    tmp_path: Path, rows: str, head: str, modified: datetime
):
    root = saved_over(tmp_path, rows, head, modified)
    (look,) = Project.open(root).check().looks
    assert (look.day, look.dated_by, look.alarms) == (date(2026, 9, 14), "name", [])


def test_visits_tell_of_later_days_where_nothing_says_when_rows_were_changed(tmp_path: Path):
    visits = "1,a,open,2026-09-17\n2,b,open,2026-09-18\n"
    root = saved_over(tmp_path, visits, "id,name,stage,last_activity\n")
    assert Project.open(root).file_exports()[0].day == date(2026, 9, 21)


def test_a_person_who_says_the_day_is_right_whatever_the_rows_tell(tmp_path: Path):
    root = saved_over(tmp_path, LATER)
    (root / "mapping.yaml").write_text("dates: {2026-09-21: 2026-09-14}\n", "utf-8")
    Project.open(root).file_exports()
    here = Project.open(root)
    assert here.snapshot().on == date(2026, 9, 14)
    assert not [s.notes for s in here.read(here.snapshot(), "weekly").sources if s.notes]
    other = project(tmp_path / "other", "dates: {deals 2026-09-14.csv: 2026-09-14}\n")
    drop(other, "deals 2026-09-14.csv", HEAD + LATER, SAVED_OVER)
    assert Project.open(other).file_exports()[0].dated_by == "mapping"


def test_files_that_come_for_the_first_time_are_of_the_days_in_their_names(tmp_path: Path):
    """An archive is copied in one day: wins that were planned when it was made tell nothing of when that was."""
    root = project(tmp_path)
    for day in ("2026-08-31", "2026-09-07"):
        drop(root, f"deals {day}.csv", HEAD + LATER + f"{day},c,z,open,1,2026-08-01,,\n", SAVED_OVER)
    assert sorted(str(f.day) for f in Project.open(root).file_exports()) == ["2026-08-31", "2026-09-07"]


def test_a_workbook_is_not_filed_without_its_deals(tmp_path: Path):
    """Its receivables are known at once, its deals only once somebody has said which column is which: once it is filed,
    nobody would look for them again."""
    root = project(tmp_path)
    book = Workbook()
    book.active.append(["lfd", "Sache", "Lage", "Preis"])
    book.active.append([1, "Pumpe", "open", 500])
    owed = book.create_sheet("owed")
    owed.append(["Contract Number", "Customer", "Due Date", "Invoice Amount", "Amount Paid"])
    owed.append(["C1", "Harbour", date(2026, 9, 1), 1000, 400])
    owed.append(["C2", "Harbour", date(2026, 9, 1), 100, None])
    owed.append(["C3", "Harbour", date(2026, 9, 1), 30, 30])
    (root / "data").mkdir(exist_ok=True)
    book.save(root / "data" / "book 2026-09-21.xlsx")
    with pytest.raises(ExportError, match="lfd, Sache, Lage, Preis"):
        Project.open(root).file_exports()
    assert not (root / "history").exists()
    columns = "{id: lfd, name: Sache, stage: Lage, amount: Preis}"
    (root / "mapping.yaml").write_text(f"deals: {{columns: {columns}, stages: {{open: open}}}}\n", "utf-8")
    here = Project.open(root)
    assert here.file_exports()[0].tables == ["deals", "receivables"]
    assert here.snapshot().receivables["unpaid"].tolist() == [60_000, 10_000, 0]
