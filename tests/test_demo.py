"""The demo company against its own truth, and its files against what it would show."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import openpyxl
import pandas as pd
import pytest

from salesplaybook.demo import Company, DemoProject, Rates, projects, simulate
from salesplaybook.demo.company import COLUMNS, DATES
from salesplaybook.settings import Mapping, read

DAY = timedelta(days=1)
LAST = date(2026, 10, 4)
PROJECTS = projects()
each_project = pytest.mark.parametrize("project", PROJECTS, ids=lambda p: p.dialect.name)


@pytest.fixture(scope="module")
def large() -> Company:
    """Twenty times the deals, so that a pattern is more than noise; no lost deal has a second chance."""
    return simulate(11, deals_a_month=320, rates=Rates(reopened=0))


def decided(company: Company) -> pd.DataFrame:
    """Won and lost deals, as exported last."""
    deals = company.export(company.last)
    return deals[deals["status"].isin(["won", "lost"])]


# -- truth


def test_everybody_has_the_same_true_chance_and_shows_it_in_a_large_sample(large: Company):
    assert large.skill.nunique() == 1
    deals = decided(large)
    won, count = (deals["status"] == "won").groupby(deals["owner"]).agg(["sum", "count"]).to_numpy().T
    rate = won.sum() / count.sum()
    chi_squared = ((won - count * rate) ** 2 / (count * rate * (1 - rate))).sum()
    assert chi_squared < 24.3  # 99.9 % of chi-squared with 7 degrees of freedom


def test_quarters_share_a_shock_of_the_spread_asked_for():
    shocks = np.concatenate([simulate(seed, deals_a_month=2).shocks for seed in range(40)])
    assert abs(shocks.std() - 0.3) < 0.03 and abs(shocks.mean()) < 0.03
    assert not simulate(1, deals_a_month=2, shock_sd=0).shocks.any()


def test_the_chance_of_a_win_is_base_rate_shock_and_quarter_end_on_the_logit_scale(large: Company):
    known = large.truth[large.truth["outcome"].isin(["won", "lost"])]
    shock = known["decided"].dt.to_period("Q").astype(str).map(large.shocks)
    base = np.log(0.33 / 0.67) + shock + np.log(large.quarter_end) * (known["decided"].dt.month % 3 == 0)
    assert np.allclose(known["chance"], 1 / (1 + np.exp(-base)))
    assert abs((known["outcome"] == "won").mean() - known["chance"].mean()) < 0.02


def test_the_third_month_of_a_quarter_wins_about_1_8_times_as_many_a_day():
    company = simulate(12, deals_a_month=320, shock_sd=0)
    won = decided(company).query("status == 'won' and closed < '2026-10-01'")
    a_month = won.groupby((won["closed"].dt.month - 1) % 3).size()
    assert 1.5 < a_month[2] / a_month[[0, 1]].mean() < 2.2


def test_hardly_anything_is_created_or_closed_around_spring_festival(large: Company):
    deals = decided(large)
    for column in ("created", "closed"):
        days = deals[column].value_counts()
        usual = days.sum() / deals[column].nunique() * 14
        for festival in ("2025-01-29", "2026-02-17"):
            begin = pd.Timestamp(festival) - 5 * DAY
            assert days[days.index.isin(pd.date_range(begin, periods=14))].sum() < 0.1 * usual


def test_dead_deals_are_never_worked_again_and_never_decided(large: Company):
    dead = large.truth.query("outcome == 'zombie'")["died"]
    deals = large.export(LAST).set_index("id")
    deals = deals[deals.index.isin(dead.index)]
    assert set(deals["status"]) == {"open"}
    assert (deals["last_activity"].dropna() <= dead[deals.index][deals["last_activity"].notna()]).all()


def test_the_over_promiser_pushes_more_often_and_the_deals_take_no_longer(large: Company):
    pushes = large.notes["expected_close"].groupby("deal").size() - 1
    owners = large.notes["owner"].drop_duplicates("deal").set_index("deal")["value"]
    mean = pushes.groupby(owners).mean()
    assert mean.idxmax() == large.over_promiser
    assert mean.max() > 1.3 * mean.drop(large.over_promiser).max()
    deals = decided(large)
    days = (deals["closed"] - deals["created"]).dt.days.groupby(deals["owner"]).mean()
    assert days.max() - days.min() < 8


def test_one_competitor_takes_most_losses_of_one_product(large: Company):
    lost = large.export(LAST).query("status == 'lost'")
    share = (lost["competitor"] == large.competitor).groupby(lost["product"]).mean()
    assert share.idxmax() == large.competitor_product
    assert share.max() > 0.4 and share.drop(large.competitor_product).max() < 0.15


def test_rates_of_zero_leave_deals_that_are_worked_won_and_lost():
    plain = replace(Rates(), **{f: 0.0 for f in Rates.__dataclass_fields__ if f != "win_rate"})
    company = simulate(5, rates=plain, team=3)
    deals = company.export(LAST)
    assert set(deals["status"]) == {"open", "won", "lost"}
    assert deals[["created", "expected_close", "amount"]].notna().all().all()
    assert len(company.skill) == 3 and len(company.people) == 4


# -- what an export shows


@each_project
def test_an_export_is_the_size_of_a_project(project: DemoProject):
    deals = project.company.export(LAST)
    count = deals["status"].value_counts()
    assert list(deals.columns) == list(COLUMNS)
    assert 60 <= count["open"] <= 120 and count["won"] + count["lost"] >= 250
    assert 0.35 <= count["won"] / (count["won"] + count["lost"]) <= 0.46
    assert 6 <= deals["owner"].nunique() <= 9
    assert deals["account"].value_counts().max() > 3
    assert deals["id"].is_unique


@each_project
def test_one_person_of_the_team_has_no_deal(project: DemoProject):
    names = set(project.company.people["name"])
    assert len(names - set(project.company.export(LAST)["owner"])) == 1
    assert set(project.company.export(LAST)["owner"]) < names


@each_project
def test_no_known_date_is_later_than_the_evening_of_the_export(project: DemoProject):
    for monday in project.mondays:
        deals = project.company.export(monday - DAY)
        for column in set(DATES) - {"expected_close", "next_step_date"}:
            assert deals[column].max() <= pd.Timestamp(monday - DAY)


@each_project
def test_closed_deals_have_a_day_and_open_ones_none(project: DemoProject):
    deals = project.company.export(LAST)
    closed = deals["status"].isin(["won", "lost", "void"])
    assert deals.loc[closed, "closed"].notna().all() and deals.loc[~closed, "closed"].isna().all()
    assert deals.loc[deals["status"] == "won", "amount"].notna().all()
    assert deals.loc[closed, "closed"].min() >= pd.Timestamp(project.company.first)
    counts_as = project.company.stages.counting()
    by_stage = deals["stage"].map(counts_as)
    assert ((by_stage == deals["status"]) | (deals["status"] == "on_hold")).all()


def transitions(project: DemoProject) -> Counter[str]:
    """How often each kind of change happens from one Monday's export to the next."""
    found: Counter[str] = Counter()
    order = {stage: i for i, stage in enumerate(project.company.stages.open)}
    frames = [project.company.export(monday - DAY).set_index("id") for monday in project.mondays]
    ever, names = set(frames[0].index), set(frames[0]["account"] + frames[0]["name"])
    for sunday, (old, new) in zip(project.mondays, pairwise(frames), strict=False):
        before = pd.Timestamp(sunday - DAY)
        fresh = new[~new.index.isin(old.index)]
        found["returned"] += fresh.index.isin(ever).sum()
        fresh = fresh[~fresh.index.isin(ever)]
        gone = old[~old.index.isin(new.index)]
        found["new"] += len(fresh)
        found["entered anew"] += (fresh["account"] + fresh["name"]).isin(names).sum()
        names |= set(new["account"] + new["name"])
        found["vanished"] += len(gone)
        found["backdated"] += (fresh["created"] <= before).sum()
        found["undated"] += fresh["expected_close"].isna().sum()
        found["unregistered"] += fresh["created"].isna().sum()
        ever |= set(new.index)
        a, b = (frame.loc[old.index.intersection(new.index)] for frame in (old, new))
        for one, other in zip(a["status"], b["status"], strict=True):
            found[f"{one} -> {other}"] += one != other
        ended = (a["status"] != b["status"]) & b["status"].isin(["won", "lost"])
        found["closed dated earlier"] += (ended & (b["closed"] <= before)).sum()
        steps = b["stage"].map(order) - a["stage"].map(order)
        found["stage forward"] += (steps > 0).sum()
        found["stage back"] += (steps < 0).sum()
        found["amount up"] += (b["amount"] > a["amount"]).sum()
        found["amount down"] += (b["amount"] < a["amount"]).sum()
        found["amount first given"] += (a["amount"].isna() & b["amount"].notna()).sum()
        found["pushed"] += (b["expected_close"] > a["expected_close"]).sum()
        found["pulled forward"] += (b["expected_close"] < a["expected_close"]).sum()
        found["reassigned"] += (a["owner"] != b["owner"]).sum()
    return found


def test_every_kind_of_change_happens_within_the_fifteen_mondays():
    found = sum((transitions(project) for project in PROJECTS), Counter())
    for kind in (
        "new",
        "vanished",
        "returned",
        "backdated",
        "undated",
        "unregistered",
        "closed dated earlier",
        "open -> won",
        "open -> lost",
        "open -> void",
        "open -> on_hold",
        "on_hold -> open",
        "lost -> open",
        "stage forward",
        "stage back",
        "amount up",
        "amount down",
        "amount first given",
        "pushed",
        "pulled forward",
        "reassigned",
        "entered anew",
    ):
        assert found[kind] >= 1, (kind, found)
    for rare in ("vanished", "returned", "backdated", "closed dated earlier", "lost -> open", "stage back"):
        assert found[rare] < 0.15 * found["new"], rare


def test_a_deal_entered_anew_has_a_new_id_and_the_same_name():
    truth = pd.concat([project.company.truth for project in PROJECTS])
    again = truth[truth["reentered_as"] != ""]
    assert len(again) >= 3
    known = pd.concat([project.company.export(LAST) for project in PROJECTS]).set_index("id")
    for old, row in again[again["returned"] <= pd.Timestamp(LAST)].iterrows():
        assert old not in known.index
        assert known.loc[row["reentered_as"], "name"] == row["name"]


def test_the_same_seed_gives_the_same_company_and_another_seed_another():
    one, two, other = simulate(3), simulate(3), simulate(4)
    pd.testing.assert_frame_equal(one.export(LAST), two.export(LAST))
    pd.testing.assert_frame_equal(one.truth, two.truth)
    assert not one.export(LAST)["id"].equals(other.export(LAST)["id"])


# -- files


def rows_of(path: Path) -> list[dict[str, object]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    header, *rows = openpyxl.load_workbook(path, read_only=True).active.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


@each_project
def test_a_file_holds_the_same_counts_and_the_same_cents(project: DemoProject, tmp_path: Path):
    how = read(project.mapping, Mapping, "mapping.yaml").deals
    for monday in (project.mondays[0], project.mondays[7], project.mondays[-1]):
        deals = project.company.export(monday - DAY)
        rows = rows_of(project.write_export(monday, tmp_path)[0])
        says, words = ("status", how.statuses) if how.statuses else ("stage", how.stages)
        assert Counter(words[row[how.columns[says]]] for row in rows) == Counter(deals["status"])
        cells = [row[how.columns["amount"]] for row in rows]
        cents = [Decimal(str(cell)) * how.unit * 100 for cell in cells if cell not in (None, "")]
        assert all(amount == int(amount) for amount in cents)
        assert int(sum(cents)) == deals["amount"].sum() and len(cents) == deals["amount"].notna().sum()


@each_project
def test_the_same_monday_gives_the_same_bytes_at_ten_past_eight(project: DemoProject, tmp_path: Path):
    monday = project.mondays[0]
    one, two = (project.write_export(monday, tmp_path / name) for name in ("one", "two"))
    assert [path.name for path in one] == [path.name for path in two] and len(one) == 3
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    local = datetime.fromtimestamp(one[0].stat().st_mtime, ZoneInfo(project.timezone))
    assert (local.date(), local.hour, local.minute) == (monday, 8, 10)


def test_files_are_named_as_each_system_names_them(tmp_path: Path):
    monday = date(2026, 9, 21)
    names = [project.write_export(monday, tmp_path)[0].name for project in PROJECTS]
    assert names == ["商机_20260921.xlsx", "Deals_2026_09_21.csv", "销售台账.xlsx"]


def test_a_day_that_is_no_monday_of_the_demo_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="none of the Mondays"):
        PROJECTS[0].write_export(date(2026, 9, 22), tmp_path)


def test_account_and_name_identify_a_deal_where_there_are_no_ids():
    sheet = PROJECTS[2]
    for monday in sheet.mondays:
        deals = sheet.company.export(monday - DAY)
        assert not deals.duplicated(["account", "name"]).any()


def test_closed_days_of_fxiaoke_are_its_stage_change_times():
    deals = PROJECTS[0].company.export(LAST)
    closed = deals[deals["closed"].notna()]
    assert closed["closed"].equals(closed["stage_changed"])


@each_project
def test_a_mapping_takes_each_file_for_its_own_table(project: DemoProject, tmp_path: Path):
    mapping = read(project.mapping, Mapping, "mapping.yaml")
    headers = [set(rows_of(path)[0]) for path in project.write_export(project.mondays[0], tmp_path)]
    for table, own in (("deals", 0), ("products", 1), ("people", 2)):
        mapped = set(getattr(mapping, table).columns.values())
        assert [mapped <= header for header in headers] == [i == own for i in range(3)]
    assert dict(mapping.deals.stages) == project.company.stages.counting()
