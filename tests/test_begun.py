"""A person begins mapping.yaml with the one line that is missing: it holds, the rest is still known, a yes adds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesplaybook.project import Project
from test_check import check, looked, mapping, project

ROWS = "东区,甲公司,王敏,拿下了,5,2026-09-01\n西区,乙公司,李强,磨合同,7,2026-10-30\n"
HEAD = "商机名称,客户,负责人,走到哪步,金额,预计成交日期\n"
# The one line that a message asks for, and what of it is to be found in the file.
ONE = "deals:\n  columns:\n    stage: 走到哪步\n"
REST = {"name": "商机名称", "account": "客户", "owner": "负责人", "amount": "金额", "expected_close": "预计成交日期"}


def test_one_line_holds_and_a_yes_adds_the_rest(tmp_path: Path):
    folder = project(tmp_path / "p", HEAD + ROWS, "# mine\n" + ONE)
    look = looked(folder)
    assert {c.column: c.how for c in look.columns} == {"stage": "mapping"} | dict.fromkeys(REST, "known")
    assert not look.confirmed and look.rows == 1 and [a.value for a in look.aside] == ["磨合同"]
    assert check(folder, "--yes").code == 0
    said = mapping(folder).deals
    assert said.columns == {"stage": "走到哪步"} | REST and said.stages == {"拿下了": "won"}
    assert (folder / "mapping.yaml").read_text("utf-8").startswith("# mine\n" + ONE)


def test_what_is_confirmed_takes_no_further_column(tmp_path: Path):
    text = f"{ONE}    name: 商机名称\n  stages:\n    拿下了: won\n    磨合同: open\n"
    look = looked(project(tmp_path / "p", HEAD + ROWS, text))
    assert look.confirmed and {c.column for c in look.columns if c.how == "mapping"} == {"stage", "name"}
    assert {c.how for c in look.columns if not c.column} == {"unused"}


@pytest.mark.parametrize("header", ["名头", "商机名称"])
def test_a_name_beside_it_switches_nothing_off(tmp_path: Path, header: str):
    folder = project(tmp_path / "p", HEAD.replace("商机名称", header) + ROWS, f"{ONE}    name: {header}\n")
    assert {c.column for c in looked(folder).columns} == {"stage", *REST}


def test_a_line_goes_before_a_known_header(tmp_path: Path):
    text = HEAD.replace("走到哪步", "阶段").replace("金额", "走到哪步") + "东区,甲,王敏,赢单,丢了,2026-09-01\n"
    assert looked(project(tmp_path / "p", text, ONE)).statuses == {"lost": 1}


def test_one_line_is_enough_where_the_rest_is_only_guessed(tmp_path: Path):
    """Of a file that is not recognised by known headers, the line holds too."""
    text = "Opportunty Name,Where it is,Amountt\nAlpha,Closed Won,5\nBeta,Qualification,7\n"
    look = looked(project(tmp_path / "p", text, "deals:\n  columns:\n    stage: Where it is\n"))
    assert {c.column: c.how for c in look.columns} == {"name": "guess", "stage": "mapping", "amount": "guess"}


def test_a_line_about_deals_makes_none_of_a_list_of_tasks(tmp_path: Path):
    """The header of the line isn't even in that list."""
    days = [f"2026-09-0{n}" for n in range(1, 8)]
    deals = [f"d{day},Pump {day},Li,open,100,{day}" for day in days]
    tasks = [f"t{day},n,Li,Acme,d{day},call,hi,{day},done,open" for day in days]
    text = "\n".join(["id,name,owner,stage,amount,created", *deals])
    folder = project(tmp_path / "p", text, "deals:\n  columns:\n    source: Channel\n")
    text = "\n".join(["id,name,owner,account,deal,kind,subject,date,status,stage", *tasks])
    (folder / "data" / "activities 2026-09-14.csv").write_text(text, "utf-8")
    here = Project.open(folder)
    assert sorted(f.tables[0] for f in here.file_exports()) == ["activities", "deals"]
    assert len(here.snapshot().deals.frame) == 7
