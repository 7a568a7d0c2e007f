"""A company with known truth: what its CRM would show on the evening of any day, and what is really so.

`simulate(seed)` is a pure function: no clock, the same seed gives the same company. It is the demo and the
tests' simulator. Everybody in the team has the same chance to win (`skill`): any difference is noise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from salesplaybook.demo import cash
from salesplaybook.demo.lives import Life, Plan
from salesplaybook.demo.market import Days, Market, Rates, market_of
from salesplaybook.demo.notes import COLUMNS, TEXTS, by_column, dates, day_number
from salesplaybook.demo.words import PARKS, Stages, Words

CHINA_QUIET: tuple[Days, ...] = (  # two weeks around Spring Festival, the National Day week
    (date(2024, 2, 8), date(2024, 2, 18)),
    (date(2024, 10, 1), date(2024, 10, 7)),
    (date(2025, 1, 24), date(2025, 2, 7)),
    (date(2025, 10, 1), date(2025, 10, 8)),
    (date(2026, 2, 12), date(2026, 2, 26)),
    (date(2026, 10, 1), date(2026, 10, 7)),
    (date(2027, 2, 1), date(2027, 2, 15)),
)
US_QUIET: tuple[Days, ...] = tuple((date(year, 12, 23), date(year + 1, 1, 2)) for year in range(2023, 2028))

PARKS_STAGES = Stages(("验证客户", "需求确定", "方案/报价", "谈判审核"), won="赢单", lost="输单", void="无效")


def numbered(rng: np.random.Generator) -> str:
    """A plain id."""
    return f"D{rng.integers(10**8):08d}"


@dataclass(frozen=True)
class Company:
    """What `simulate` makes.

    products      name, series, list_price (cents)
    people        name, department, joined: the team; the last one is new and has no deal
    truth         a row per deal, index = the id it was first entered with:
                  name, account, owner (the first one), product
                  outcome: won, lost, void, zombie, deleted (in the end, perhaps after the last export)
                  chance: that a decision on that day is a win, given the quarter's shock and end (a reopened
                  deal's second decision; a second chance makes the share won a point higher than this)
                  days: created, entered, decided, died (last worked), deleted, returned, reopened
                  reentered_as: the new id, if it was entered anew; backdated: a day entered late
    shocks        each quarter's common shock on the logit scale, by name ("2026Q3")
    quarter_end   by how much the odds of a win are multiplied in the third month of a quarter
    skill         each person's win_rate (chance in the first two months of an average quarter): all equal
    over_promiser whose expected_close dates are too early, and pushed often
    late_payer    the account that pays a month or more after its invoices are due
    competitor, competitor_product   most deals of this product that are lost, are lost to this competitor
    quiet         days on which hardly anybody works
    notes         what was entered: a frame a column, with deal, day, value, in the order of days
    """

    first: date
    last: date
    stages: Stages
    products: pd.DataFrame
    people: pd.DataFrame
    truth: pd.DataFrame
    shocks: pd.Series
    quarter_end: float
    skill: pd.Series
    over_promiser: str
    late_payer: str
    competitor: str
    competitor_product: str
    quiet: tuple[Days, ...]
    notes: dict[str, pd.DataFrame]

    def export(self, day: date) -> pd.DataFrame:
        """The CRM on the evening of `day`: a row per deal, COLUMNS; money in cents (Int64), dates as days."""
        until = day_number(day)
        known = {}
        for column, notes in self.notes.items():
            notes = notes[: int(notes["day"].searchsorted(until, side="right"))]
            known[column] = notes.drop_duplicates("deal", keep="last").set_index("deal")["value"]
        listed = known.pop("listed")
        deals = listed.index[listed.astype(bool)].sort_values()
        frame = pd.DataFrame({c: known[c].reindex(deals) for c in COLUMNS}).reset_index(drop=True)
        return frame.assign(**{c: frame[c].where(frame[c].notna(), None) for c in TEXTS})

    def receivables(self, day: date) -> pd.DataFrame:
        """What customers owe, or owed, on the evening of `day`: see `cash.Ledger.receivables`."""
        return self.ledger.receivables(day)

    @cached_property
    def ledger(self) -> cash.Ledger:
        """The contracts of all deals won up to `last`, as they will be delivered, accepted and paid."""
        deals = self.export(self.last)
        return cash.ledger(deals[deals["status"] == "won"], self.late_payer, self.quiet)


def simulate(
    seed: int,
    *,
    first: date = date(2024, 7, 1),
    last: date = date(2026, 10, 5),
    words: Words = PARKS,
    stages: Stages = PARKS_STAGES,
    team: int | None = None,
    deals_a_month: float = 16,
    shock_sd: float = 0.3,
    quarter_end: float = 1.8,
    quiet: tuple[Days, ...] = CHINA_QUIET,
    rates: Rates | None = None,
    step: int = 10_000,
    new_id: Callable[[np.random.Generator], str] = numbered,
) -> Company:
    """A company whose deals closed since `first`, exportable for any day up to `last`.

    team           how many have deals (one more has none); all of `words.people` if None
    deals_a_month  new deals in an ordinary month
    shock_sd       spread of the quarters' common shocks on the logit scale
    quarter_end    odds of a win in the third month of a quarter against the first two
    quiet          days on which hardly anything is created or decided
    rates          how often deals die, pause, vanish, are reopened, backdated ...
    step           prices are whole multiples of this many cents
    """
    rng, rates = np.random.default_rng(seed), rates or Rates()
    start, end = day_number(first) - 270, day_number(last)
    market, shocks = market_of(rng, start, end, quiet, shock_sd, quarter_end)
    sellers = list(words.people[: team or -1][: len(words.people) - 1])
    hazy = sellers[1 % len(sellers)][0]
    plans = _plans(rng, words, sellers, hazy, market, (start, end), deals_a_month, step, new_id)
    lives = [Life(plan, rng, market, rates, stages, words, step, new_id(rng)).live() for plan in plans]
    lives = [life for life in lives if (life.truth["decided"] or end) >= day_number(first)]
    busiest = pd.Series([life.plan.account for life in lives]).value_counts(sort=True).index[0]
    return Company(
        first=first,
        last=last,
        stages=stages,
        products=_products(words),
        people=_people(words, sellers, first, last),
        truth=_truth(lives),
        shocks=shocks,
        quarter_end=quarter_end,
        skill=pd.Series(rates.win_rate, index=[name for name, _ in sellers], name="win_rate"),
        over_promiser=hazy,
        late_payer=busiest,
        competitor=words.competitors[0],
        competitor_product=words.products[0][0],
        quiet=quiet,
        notes=by_column([note for life in lives for note in life.notes]),
    )


def _plans(
    rng: np.random.Generator,
    words: Words,
    sellers: list[tuple[str, str]],
    hazy: str,
    market: Market,
    days: tuple[int, int],
    deals_a_month: float,
    step: int,
    new_id: Callable[[np.random.Generator], str],
) -> list[Plan]:
    """Deals as they begin, in the order of days. Accounts recur; each belongs to one person."""
    start, end = days
    a_day = rng.poisson(market.lose[: end - start + 1] / 1.4 * deals_a_month / 20.6)
    created = np.repeat(np.arange(start, end + 1), a_day)
    accounts = _accounts(rng, words, sellers, count=max(len(created) // 5, 5))
    weights = rng.lognormal(0, 0.7, len(accounts))
    chosen = rng.choice(len(accounts), len(created), p=weights / weights.sum())
    seen: dict[tuple[str, str], int] = {}
    plans = []
    for number, (day, at) in enumerate(zip(created.tolist(), chosen.tolist(), strict=True)):
        account, place, region, (owner, department), contacts = accounts[at]
        work = str(rng.choice(words.works))
        nth = seen[account, work] = seen.get((account, work), -1) + 1
        ordinal = words.ordinals[nth] if nth < len(words.ordinals) else str(nth + 1)
        product, _, list_price = words.products[int(rng.integers(len(words.products)))]
        amount = list_price * 100 * max(1, round(rng.lognormal(0.9, 0.7))) * rng.uniform(0.85, 1)
        colleague = sellers[int(rng.integers(len(sellers)))][0]
        plans.append(
            Plan(
                number=number,
                id=new_id(rng),
                name=words.deal.format(place=place, work=work, ordinal=ordinal),
                account=account,
                owner=owner,
                colleague=colleague,
                contact=contacts[int(rng.integers(2))],
                department=department,
                region=region,
                source=str(rng.choice(words.sources)),
                product=product,
                clustered=product == words.products[0][0],
                amount=max(round(amount / step), 1) * step,
                cost_share=float(rng.uniform(0.6, 0.75)),
                created=day,
                optimism=0.4 if owner == hazy else 0.9,
            )
        )
    return plans


def _accounts(
    rng: np.random.Generator, words: Words, sellers: list[tuple[str, str]], count: int
) -> list[tuple[str, str, str, tuple[str, str], list[str]]]:
    """Name, place, region, owner with department, and two contacts of each account."""
    pairs = [(place, body) for place in words.places for body in words.bodies]
    order, load = rng.permutation(len(pairs)), rng.dirichlet(np.full(len(sellers), 12.0))
    accounts = []
    for i in range(count):
        place, body = pairs[order[i % len(pairs)]]
        again = f" {i // len(pairs) + 1}" if i >= len(pairs) else ""
        owner = sellers[int(rng.choice(len(sellers), p=load))]
        contacts = rng.choice(words.contacts, 2, replace=False).tolist()
        name = words.account.format(place=place, body=body) + again
        accounts.append((name, place, str(rng.choice(words.regions)), owner, contacts))
    return accounts


def _products(words: Words) -> pd.DataFrame:
    frame = pd.DataFrame(words.products, columns=["name", "series", "list_price"])
    return frame.assign(list_price=(frame["list_price"] * 100).astype("Int64"))


def _people(words: Words, sellers: list[tuple[str, str]], first: date, last: date) -> pd.DataFrame:
    """The sellers, who all joined before `first`, and the newcomer, who joined five weeks before `last`."""
    joined = [day_number(first) - 200 - 90 * i for i in range(len(sellers))] + [day_number(last) - 35]
    frame = pd.DataFrame([*sellers, words.people[-1]], columns=["name", "department"])
    return frame.assign(joined=dates(joined))


def _truth(lives: list[Life]) -> pd.DataFrame:
    facts = ("id", "name", "account", "owner", "product")
    rows = [{fact: getattr(life.plan, fact) for fact in facts} | life.truth for life in lives]
    frame = pd.DataFrame(rows).set_index("id")
    for column in ("created", "entered", "decided", "died", "deleted", "returned", "reopened"):
        frame[column] = dates(frame[column].tolist()).to_numpy()
    return frame
