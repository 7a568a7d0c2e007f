"""What the demo company's customers owe: each won deal is a contract, paid in two or three parts.

Every contract draws from a generator of its own, so that nothing here moves a draw of the deals. Most parts are paid
within days of their due date, the late payer's a month to three after it.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from salesplaybook.demo.market import Days

# Shares in percent, due 30 days after the signing, the delivery, and the acceptance; how many contracts say so.
TERMS: dict[tuple[int, ...], float] = {(30, 60, 10): 0.6, (40, 60): 0.25, (30, 50, 20): 0.15}
DUE_IN = pd.Timedelta(days=30)
# Within how many days of its due date a part is paid: most are in time, some days late, a few weeks late.
DELAYS: dict[tuple[int, int], float] = {(-6, 0): 0.72, (1, 9): 0.21, (10, 35): 0.07}
LATE_PAYERS = (30, 100)
HALVES = 0.12  # share of the parts that are paid in two halves
SETTLED = pd.Timedelta(days=120)  # for how long a part that is paid is still listed


@dataclass(frozen=True)
class Ledger:
    """contracts    index = number; deal, account, owner, amount, cost (cents), signed, delivered, accepted
    instalments  index = number; contract, issued, due, amount: whenever they will be
    payments     instalment, day, amount: whenever they will come in
    """

    contracts: pd.DataFrame
    instalments: pd.DataFrame
    payments: pd.DataFrame

    def receivables(self, day: date) -> pd.DataFrame:
        """The instalments issued by the evening of `day`: id, contract, deal, account, owner, due, amount, unpaid
        (cents), and paid, the day of the last payment of those that are settled; in the order of their due days."""
        until = pd.Timestamp(day)
        issued = self.instalments[self.instalments["issued"] <= until]
        known = self.payments[self.payments["day"] <= until].groupby("instalment")
        unpaid = issued["amount"] - known["amount"].sum().reindex(issued.index).fillna(0).astype("int64")
        paid = known["day"].max().reindex(issued.index).where(unpaid == 0)
        frame = issued.join(self.contracts[["deal", "account", "owner"]], on="contract")
        frame = frame.assign(unpaid=unpaid, paid=paid).sort_values("due", kind="stable").reset_index()
        return frame[["id", "contract", "deal", "account", "owner", "due", "amount", "unpaid", "paid"]]

    def signed(self, day: date) -> pd.DataFrame:
        """The contracts signed by the evening of `day`, in the order of their numbers: contract, deal, account, owner,
        amount, cost, signed; delivered and accepted where that has happened by then."""
        until = pd.Timestamp(day)
        frame = self.contracts[self.contracts["signed"] <= until].reset_index()
        return frame.assign(**{c: frame[c].where(frame[c] <= until) for c in ("delivered", "accepted")})

    def received(self, day: date) -> pd.DataFrame:
        """The payments that came in by the evening of `day`, in order: id, contract, account, owner, day, amount."""
        paid = self.payments[self.payments["day"] <= pd.Timestamp(day)].join(
            self.instalments[["contract"]], on="instalment"
        )
        paid = paid.join(self.contracts[["account", "owner"]], on="contract")
        part = paid.groupby("instalment").cumcount() + 1
        paid = paid.assign(id=paid["instalment"] + "-" + part.astype(str))
        return paid.sort_values(["day", "id"], kind="stable").reset_index(drop=True)


def listed(receivables: pd.DataFrame, day: date) -> pd.DataFrame:
    """The rows that an export of `day` holds: what is open, and what was settled in the last 120 days."""
    recent = receivables["paid"] >= pd.Timestamp(day) - SETTLED
    return receivables[(receivables["unpaid"] > 0) | recent].reset_index(drop=True)


def ledger(won: pd.DataFrame, late_payer: str, quiet: tuple[Days, ...]) -> Ledger:
    """The contracts of won deals (`notes.COLUMNS`), numbered by year in the order in which they were entered as won."""
    off = np.array([day for days in quiet for day in pd.date_range(*days).date], dtype="datetime64[D]")
    contracts, instalments, payments = [], [], []
    count: Counter[int] = Counter()
    for deal in won.sort_values(["stage_changed", "id"]).to_dict("records"):
        year = deal["stage_changed"].year
        count[year] += 1
        one = _Contract(
            f"{year}-{count[year]:03d}",
            {str(column): value for column, value in deal.items()},
            DELAYS if deal["account"] != late_payer else {LATE_PAYERS: 1.0},
            off,
            np.random.default_rng(zlib.crc32(deal["id"].encode())),
        )
        contracts.append(one.terms())
        for instalment in one.instalments(contracts[-1]):
            instalments.append(instalment)
            payments += list(one.payments(instalment))
    return Ledger(
        pd.DataFrame(contracts, columns=CONTRACT).set_index("contract"),
        pd.DataFrame(instalments, columns=INSTALMENT).set_index("id"),
        pd.DataFrame(payments, columns=PAYMENT),
    )


CONTRACT = ["contract", "deal", "account", "owner", "amount", "cost", "signed", "delivered", "accepted"]
INSTALMENT = ["id", "contract", "issued", "due", "amount"]
PAYMENT = ["instalment", "day", "amount"]


@dataclass(frozen=True)
class _Contract:
    """A contract's number, its deal, within how many days it is paid, the days off, and what it draws from."""

    number: str
    deal: dict[str, Any]
    delays: dict[tuple[int, int], float]
    off: np.ndarray
    rng: np.random.Generator

    def terms(self) -> dict[str, Any]:
        deal, signed = self.deal, self.deal["closed"]
        said = {"contract": self.number, "deal": deal["name"], "signed": signed}
        said |= {column: deal[column] for column in ("account", "owner", "amount", "cost")}
        said["delivered"] = self.workday(signed, 40, 120)
        return said | {"accepted": self.workday(said["delivered"], 15, 45)}

    def instalments(self, terms: dict[str, Any]) -> Iterator[dict[str, Any]]:
        days = (terms["signed"], terms["delivered"], terms["accepted"])
        amounts = parts(terms["amount"], self.one_of(TERMS))
        for part, (amount, day) in enumerate(zip(amounts, days, strict=False), 1):
            said = {"id": f"{self.number}-{part}", "contract": self.number, "amount": amount, "due": day + DUE_IN}
            yield said | {"issued": max(day, self.deal["stage_changed"])}

    def payments(self, instalment: dict[str, Any]) -> Iterator[dict[str, Any]]:
        day, amount = self.workday(instalment["due"], *self.one_of(self.delays)), instalment["amount"]
        first = parts(amount, (50, 50))[0] if self.rng.random() < HALVES else 0
        if first:
            yield {"instalment": instalment["id"], "day": day, "amount": first}
            day = self.workday(day, 10, 30)
        yield {"instalment": instalment["id"], "day": day, "amount": amount - first}

    def workday(self, after: pd.Timestamp, low: int, high: int) -> pd.Timestamp:
        """`low` to `high` days after a day, or the next day on which people work."""
        day = np.datetime64(after, "D") + int(self.rng.integers(low, high + 1))
        return pd.Timestamp(np.busday_offset(day, 0, roll="forward", holidays=self.off))

    def one_of(self, choices: dict[Any, float]) -> Any:
        """One of the keys, each with its chance."""
        return list(choices)[int(self.rng.choice(len(choices), p=list(choices.values())))]


def parts(amount: int, shares: tuple[int, ...]) -> list[int]:
    """`amount` (cents) in parts of whole currency by percent; the last part takes what is left, to the cent."""
    first = [amount * share // 10_000 * 100 for share in shares[:-1]]
    return [*first, amount - sum(first)]
