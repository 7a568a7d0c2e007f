"""The demo company against its own truth, and its files against what it would show."""

from __future__ import annotations

import csv
import hashlib
import re
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

from salesplaybook import filing, records
from salesplaybook.areas import weekly
from salesplaybook.demo import Company, DemoProject, Rates, make, projects, simulate
from salesplaybook.demo.manager import Manager
from salesplaybook.demo.notes import COLUMNS, DATES
from salesplaybook.entries import keep
from salesplaybook.entries.kinds import KINDS, Entry
from salesplaybook.language import Language
from salesplaybook.project import Project
from salesplaybook.results import Figure, Message
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


# -- receivables


@each_project
def test_every_won_deal_is_a_contract_whose_parts_sum_to_its_amount(project: DemoProject):
    ledger = project.company.ledger
    deals = project.company.export(project.company.last).query("status == 'won'")
    assert sorted(ledger.contracts["amount"]) == sorted(deals["amount"])
    a_contract = ledger.instalments.groupby("contract")["amount"]
    assert (a_contract.sum() == ledger.contracts["amount"]).all()
    assert set(a_contract.size()) == {2, 3} and (ledger.instalments["amount"] > 0).all()
    paid = ledger.payments.groupby("instalment")["amount"].sum()
    assert (paid == ledger.instalments["amount"]).all()


@each_project
def test_contracts_are_known_once_their_deal_is(project: DemoProject):
    for monday in project.mondays:
        deals = project.company.export(monday - DAY).query("status == 'won'")
        owed = project.company.receivables(monday - DAY)
        assert set(owed["deal"]) == set(deals["name"])
        assert set(zip(owed["deal"], owed["account"], owed["owner"], strict=True)) == set(
            zip(deals["name"], deals["account"], deals["owner"], strict=True)
        )


@each_project
def test_what_is_unpaid_only_falls_and_what_was_said_stays(project: DemoProject):
    frames = [project.company.receivables(monday - DAY).set_index("id") for monday in project.mondays]
    for old, new in pairwise(frames):
        now = new.loc[old.index]
        assert (now["unpaid"] <= old["unpaid"]).all() and (now["unpaid"] < old["unpaid"]).any()
        same = ["contract", "deal", "account", "owner", "due", "amount"]
        pd.testing.assert_frame_equal(now[same], old[same])
    assert (frames[-1]["unpaid"] >= 0).all() and (frames[-1]["unpaid"] <= frames[-1]["amount"]).all()
    assert ((frames[-1]["unpaid"] == 0) == frames[-1]["paid"].notna()).all()


@each_project
def test_the_late_payer_pays_a_month_or_more_late_and_the_others_days(project: DemoProject):
    ledger = project.company.ledger
    first = ledger.payments.drop_duplicates("instalment").set_index("instalment")["day"]
    days = (first - ledger.instalments["due"]).dt.days
    payer = ledger.instalments["contract"].map(ledger.contracts["account"])
    late = payer == project.company.late_payer
    assert late.sum() >= 5 and days[late].min() >= 30
    assert days[~late].median() <= 2 and (days[~late] > 0).mean() < 0.5


@pytest.mark.parametrize("project", PROJECTS[:2], ids=lambda p: p.dialect.name)
def test_a_mondays_invoices_look_like_a_companys(project: DemoProject):
    due, newly, overdue, late = [], [], [], []
    for monday in project.mondays:
        owed = project.company.receivables(monday - DAY).query("unpaid > 0")
        day, week = pd.Timestamp(monday), pd.Timedelta(days=7)
        due.append(owed["due"].between(day, day + week, inclusive="left").sum())
        newly.append(owed["due"].between(day - week, day, inclusive="left").sum())
        overdue.append((owed["due"] < day).sum())
        late.append(((owed["due"] < day) & (owed["account"] == project.company.late_payer)).sum())
    assert min(due) >= 1 and max(due) <= 12 and 1 <= np.mean(newly) <= 3
    assert min(overdue) >= 2 and max(overdue) <= 15 and np.mean(np.array(late) > 0) > 0.8


@pytest.mark.parametrize("project", PROJECTS[:2], ids=lambda p: p.dialect.name)
def test_a_file_of_receivables_reads_back_to_the_cent(project: DemoProject, tmp_path: Path):
    (tmp_path / "data").mkdir()
    said = f"name: {project.name}\nlanguage: {project.language}\ncurrency: {project.currency}\n"
    (tmp_path / "project.yaml").write_text(said, "utf-8")
    (tmp_path / "mapping.yaml").write_text(project.mapping, "utf-8")
    for monday in (project.mondays[0], project.mondays[-1]):
        project.write_export(monday, tmp_path / "data")
    here = Project.open(tmp_path)
    found = here.check()
    assert found.confirmed and not found.problems
    here.file_exports()
    read_back = [(day, r.frame) for day, r in here.readings() if r.table == "receivables"]
    assert [day for day, _ in read_back] == [project.mondays[0], project.mondays[-1]]
    for day, frame in read_back:
        owed = project.company.receivables(day - DAY)
        assert frame["unpaid"].sum() == owed["unpaid"].sum()
        assert frame["id"].is_unique and 50 < len(frame) < 200
        shown = owed[owed["id"].isin([n.removeprefix("YS").removeprefix("INV-") for n in frame["id"]])]
        assert frame["amount"].tolist() == shown["amount"].tolist() and frame["due"].tolist() == shown["due"].tolist()
        oldest = shown["paid"].min()
        assert pd.Timestamp(day) - oldest <= pd.Timedelta(days=121)


@pytest.mark.parametrize("project", PROJECTS[:2], ids=lambda p: p.dialect.name)
def test_contracts_and_payments_read_back_to_the_cent_and_tell_of_no_day_to_come(project: DemoProject, tmp_path: Path):
    folder = make.made(project, tmp_path)
    project.write_export(project.mondays[-1], folder / "data")
    here = Project.open(folder)
    here.file_exports()
    known, sunday = here.snapshot(), pd.Timestamp(project.mondays[-1] - DAY)
    ledger = project.company.ledger
    assert known.contracts["amount"].sum() == ledger.signed(sunday.date())["amount"].sum()
    assert known.payments["amount"].sum() == ledger.received(sunday.date())["amount"].sum()
    assert known.contracts[["signed", "delivered", "accepted"]].max().max() <= sunday
    assert known.payments["day"].max() <= sunday
    owed = known.receivables["unpaid"].sum()
    issued = ledger.instalments[ledger.instalments["issued"] <= sunday]["amount"].sum()
    assert issued - known.payments["amount"].sum() == owed


def test_a_hand_kept_sheet_comes_without_receivables(tmp_path: Path):
    assert [p.name for p in PROJECTS[2].write_export(PROJECTS[2].mondays[1], tmp_path)] == ["销售台账.xlsx"]


# -- files

# Of the rows in three Mondays' files but the receivables', as they were before there were any.
BEFORE = {
    "fxiaoke": "ef3b77296c1f3a35b58acbd5a0a8c63824d97a0d45b4c829bfd8140f815c943d",
    "zoho": "fa49e1e87176fc944cb19159135472d80a0164d75246b854eb89204544860704",
    "sheet": "bff477ea7a75b3dea720bc4894a38f8c3e5a4719833f202de02b92906e10b4bd",
}


@each_project
def test_the_deals_are_what_they_were_before_there_were_books(project: DemoProject, tmp_path: Path):
    found = hashlib.sha256()
    for monday in project.mondays[::7]:
        for path in project.write_export(monday, tmp_path):
            if not path.name.startswith(("合同", "回款", "应收款", "SalesOrders", "Payments", "Invoices")):
                found.update(f"{path.name}{rows_of(path)}".encode())
    assert found.hexdigest() == BEFORE[project.dialect.name]


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
    assert [path.name for path in one] == [path.name for path in two]
    assert len(one) == (3 if project is PROJECTS[2] else 6)
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


TABLES = ["deals", "products", "people", "contracts", "payments", "receivables"]


@each_project
def test_a_mapping_takes_each_file_for_its_own_table(project: DemoProject, tmp_path: Path):
    mapping = read(project.mapping, Mapping, "mapping.yaml")
    headers = [set(rows_of(path)[0]) for path in project.write_export(project.mondays[0], tmp_path)]
    for own, table in enumerate(TABLES[: len(headers)]):
        mapped = set(getattr(mapping, table).columns.values())
        assert [mapped <= header for header in headers] == [i == own for i in range(len(headers))]
    assert dict(mapping.deals.stages) == project.company.stages.counting()


# -- the manager


def quarter_of(monday: date) -> str:
    return f"{monday.year}Q{(monday.month - 1) // 3 + 1}"


def page(
    monday: date, kept: dict[str, list[Entry]], owners: tuple[str, ...] = ("Maya Holt", "Tom Avery")
) -> weekly.Body:
    """What a weekly page would propose: five deals, a draft for each, and the promises as they stand."""
    quarter = quarter_of(monday)

    def said(owner: str) -> int | None:
        rows = [c for c in kept.get("commits", []) if c.period == quarter and c.owner == owner and c.amount is not None]
        return int(rows[-1].amount * 100) if rows else None

    target = next((int(t.amount * 100) for t in kept.get("targets", []) if t.period == quarter), None)
    never = Message(text="Ask what the decision waits for")
    deals = [f"D{monday:%m%d}{n}" for n in range(5)]
    return weekly.Body(
        title=[],
        monday=monday,
        quarter=quarter,
        target=target,
        won=Figure(definition="won", value=(monday - date(2026, 6, 1)).days * 1_000_000, n=1),
        commit_before=said(""),
        owners=[
            weekly.OwnerRow(owner=name, won=10_000_000, commit=None, before=said(name), last_quarter=90_000_000)
            for name in owners
        ],
        promises=[
            weekly.Promise(id=a.id, what=a.what, who=a.who, due=a.due, was_due=a.due, state=state)
            for a in kept.get("actions", [])
            if not a.done and not a.dropped
            for state in ["overdue" if a.due < monday else "open"]
        ],
        deals=[
            weekly.Today(
                deal=deal,
                name=deal,
                account=None,
                owner="Maya Holt",
                figure=Figure(definition="amount", value=1_000_000),
                at_list_price=False,
                chance=None,
                warnings=[],
                do=never,
                by=monday,
            )
            for deal in deals
        ],
        drafts=[
            weekly.Draft(id=f"stuck:{deal}", deal=deal, what=never, who="Maya Holt", due=monday + n * DAY)
            for n, deal in enumerate(deals)
        ],
    )


def quarter_lived(manager: Manager) -> list[dict[str, list[Entry]]]:
    """What stands in entries/ before the first Monday, and after each of the fifteen."""
    states: list[dict[str, list[Entry]]] = [{}]
    for monday in PROJECTS[1].mondays:
        states.append(manager.types(page(monday, states[-1]), states[-1]))
    return states


CLAIRE = Manager("Claire Dawson", Language("en", "USD"))


@pytest.fixture(scope="module")
def states() -> list[dict[str, list[Entry]]]:
    return quarter_lived(CLAIRE)


def test_what_the_manager_types_is_of_a_kind_and_reads_back(states: list[dict[str, list[Entry]]]):
    assert [kind for kind, rows in states[-1].items() if rows] == ["actions", "handled", "commits", "targets"]
    for kind, rows in states[-1].items():
        assert len({row.id for row in rows}) == len(rows)
        for row in rows:
            assert type(row) is KINDS[kind]
            assert KINDS[kind].model_validate_json(row.model_dump_json()) == row


def test_the_same_page_is_answered_alike_and_by_another_seed_otherwise(states: list[dict[str, list[Entry]]]):
    assert quarter_lived(CLAIRE) == states
    assert quarter_lived(replace(CLAIRE, seed=1)) != states


def test_a_page_answered_twice_is_answered_once(states: list[dict[str, list[Entry]]]):
    monday = PROJECTS[1].mondays[3]
    body = page(monday, states[3]).model_copy(update={"promises": [], "drafts": []})
    once = CLAIRE.types(body, states[3])
    assert CLAIRE.types(body, once) == once


def test_every_promise_is_answered_in_the_end_and_some_are_moved_with_a_reason(states: list[dict[str, list[Entry]]]):
    actions = states[-1]["actions"]
    assert sum(a.done is not None for a in actions) > 0.6 * len(actions)
    assert any(a.dropped for a in actions) and any(a.id.startswith("own:") for a in actions)
    assert all(a.made <= a.done < PROJECTS[1].mondays[-1] for a in actions if a.done)
    moved = [
        (old, new)
        for before, after in pairwise(states)
        for old, new in same_actions(before, after)
        if new.due != old.due
    ]
    assert len(moved) >= 3 and all(new.why and new.due > old.due for old, new in moved)
    late = [a for a in actions if not a.done and not a.dropped and a.due < PROJECTS[1].mondays[-2]]
    assert len(late) <= 3


def same_actions(before: dict[str, list[Entry]], after: dict[str, list[Entry]]) -> list[tuple[Entry, Entry]]:
    now = {a.id: a for a in after["actions"]}
    return [(a, now[a.id]) for a in before.get("actions", [])]


def test_a_commit_starts_near_the_target_and_moves_by_a_twentieth_at_most(states: list[dict[str, list[Entry]]]):
    commits = [c for c in states[-1]["commits"] if not c.owner]
    assert len(commits) == 15 and all(c.amount is not None or c.skipped for c in commits)
    for quarter in ("2026Q2", "2026Q3", "2026Q4"):
        target = next(t.amount for t in states[-1]["targets"] if t.period == quarter)
        said = [c.amount for c in commits if c.period == quarter and c.amount is not None]
        assert target > 2 * 900_000 and 0.92 * float(target) <= said[0] <= 1.01 * float(target)
        for old, new in pairwise(said):
            assert abs(new / old - 1) < 0.06  # rounded to three digits


def test_a_monday_costs_at_most_eight_typed_fields(states: list[dict[str, list[Entry]]]):
    """Ticks, accepted drafts and the pre-filled commits of owners are none."""
    for before, after in pairwise(states):
        monday = next(c.week for c in reversed(after["commits"]))
        new = {kind: rows[len(before.get(kind, [])) :] for kind, rows in after.items()}
        fields = len(new["handled"]) + len(new["targets"]) + 3 * sum(a.id.startswith("own:") for a in new["actions"])
        fields += sum((b.due != a.due) + (b.why != a.why) for a, b in same_actions(before, after))
        standing = {c.owner: c.amount for c in before.get("commits", []) if c.period == after["commits"][-1].period}
        fields += sum(c.amount != standing.get(c.owner, 900_000) for c in new["commits"] if c.owner)
        fields += sum(not c.owner for c in new["commits"])
        assert fields <= 8, monday


def test_a_chinese_manager_types_chinese():
    rows = Manager("王敏", Language("zh_CN")).types(page(date(2026, 7, 6), {}), {})
    assert all(re.search("[一-龥]", tick.note) for tick in rows["handled"])


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The hand-kept sheet's project after three Mondays."""
    return Project.open(make.lived(PROJECTS[2], tmp_path_factory.mktemp("lived"), 3, mondays=3))


def test_a_lived_monday_leaves_a_page_that_tells_what_was_typed(lived: Project):
    commits = {c.week: c.amount for c in lived.entries("commits").rows if not c.owner}
    assert list(commits) == ["2026-W27", "2026-W28", "2026-W29"]
    for week, amount in commits.items():
        record = records.load(lived.store, week, "weekly")
        assert record and record.body["commit"] == amount * 100
        assert lived.page("weekly", week).is_file()
    assert record.body["promises"] and record.body["commit_before"] == commits["2026-W28"] * 100


def test_what_was_typed_on_a_monday_is_kept_with_that_mondays_export(lived: Project):
    for n, monday in enumerate(PROJECTS[2].mondays[:3], 1):
        kept = keep.load(lived.store, "commits", ("history", str(monday), "entries")).rows
        assert [c.week for c in kept if not c.owner] == ["2026-W27", "2026-W28", "2026-W29"][:n]
        made = [a.made for a in keep.load(lived.store, "actions", ("history", str(monday), "entries")).rows]
        assert max(made) == monday


def test_exports_are_read_anew_after_a_life(lived: Project):
    assert filing.read_filed.__module__ == "salesplaybook.filing"
