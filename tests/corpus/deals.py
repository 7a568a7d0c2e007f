"""The one table that the corpus is written from: 24 deals, and what every good copy of them must come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple


class Deal(NamedTuple):
    id: str
    name: str
    account: str
    owner: str
    step: int  # the open stage that it has reached, 0 to 3
    status: str
    amount: Decimal | None
    created: date
    expected: date
    closed: date | None


def _deal(line: str, number: int) -> Deal:
    name, account, owner, step, status, amount, *days = (p.strip() for p in line.split("¦"))
    created, expected, closed = (date.fromisoformat(f"2026-{d}") if d else None for d in days)
    assert created and expected
    return Deal(
        f"D{number:04d}",
        name.replace("⏎", "\n"),
        account,
        owner,
        int(step),
        status,
        Decimal(amount) if amount else None,
        created,
        expected,
        closed,
    )


# Names with a comma, quotes, a line break, marks of HTML, other letters, full width; an amount is missing, one is 0.
_LINES = """\
滨江智慧园区一期          ¦滨江置业有限公司      ¦李雷        ¦3¦won    ¦1234567.89 ¦01-05¦03-31¦03-28
Harbour cell, line 2   ¦Harbour Foods, Inc.   ¦Ann Smith  ¦1¦open   ¦45000.50   ¦02-03¦10-15¦
The "Big" retrofit     ¦Dunhollow "DH" Paper  ¦Ann Smith  ¦2¦open   ¦1300000    ¦02-13¦11-30¦
华东⏎机房建设            ¦望川水务有限公司      ¦韩梅梅      ¦0¦open   ¦76543.21   ¦03-04¦12-01¦
O'Neil & Sons <pilot>  ¦O'Neil & Sons         ¦Ann Smith  ¦3¦lost   ¦88000      ¦01-15¦04-30¦04-12
Café rollout, Zürich   ¦Müller, Jürg & Co     ¦Ann Smith  ¦3¦won    ¦98765.43   ¦01-20¦05-31¦05-29
ＡＢＣ三期                ¦晴港物流园有限公司    ¦李雷        ¦2¦open   ¦500        ¦04-01¦10-08¦
锦塘停车系统              ¦锦塘城建集团          ¦韩梅梅      ¦3¦won    ¦500000     ¦02-11¦06-30¦06-30
云岫楼宇自控              ¦云岫医学中心          ¦韩梅梅      ¦1¦open   ¦           ¦05-06¦12-15¦
枫洲门禁改造              ¦枫洲职业学院          ¦李雷        ¦2¦lost   ¦230000.75  ¦02-25¦05-15¦05-20
柏溪能耗平台；二标段        ¦柏溪会展有限公司      ¦李雷        ¦0¦open   ¦0          ¦06-07¦11-11¦
Mossgate | dock         ¦Mossgate Logistics    ¦Ann Smith  ¦3¦won    ¦12000.50   ¦03-09¦07-31¦07-17
岚浦运维平台              ¦岚浦产业园管理有限公司¦李雷        ¦1¦void   ¦999999.99  ¦03-12¦08-31¦05-04
渚东弱电总包              ¦渚东置业有限公司      ¦韩梅梅      ¦2¦on_hold¦640000     ¦04-20¦12-20¦
Quillmarsh ceramics    ¦Quillmarsh Ceramics   ¦Ann Smith  ¦0¦open   ¦9.99       ¦07-08¦10-31¦
霁川安防集成              ¦霁川城建集团          ¦韩梅梅      ¦3¦won    ¦345678     ¦04-14¦08-31¦08-10
松陵渡二期                ¦松陵渡水务有限公司    ¦李雷        ¦3¦open   ¦123456789.12¦08-09¦12-31¦
Rookhaven	controls     ¦Rookhaven Dairy       ¦Ann Smith  ¦1¦lost   ¦15000      ¦05-11¦09-01¦08-21
鹭汀三期                  ¦鹭汀物流园有限公司    ¦韩梅梅      ¦2¦open   ¦60000      ¦07-22¦11-05¦
Saltney line sensors   ¦Saltney Bottling      ¦Ann Smith  ¦3¦won    ¦20000.01   ¦06-16¦09-15¦09-11
青屿一期                  ¦青屿职业学院          ¦李雷        ¦1¦void   ¦33000      ¦05-05¦09-30¦07-02
瑶溪四期                  ¦瑶溪会展有限公司      ¦韩梅梅      ¦0¦open   ¦210000.10  ¦09-10¦12-12¦
白苇样板                  ¦白苇医学中心          ¦李雷        ¦2¦lost   ¦5400.05    ¦06-30¦09-09¦09-08
Withyford cold store   ¦Withyford Storage     ¦Ann Smith  ¦2¦open   ¦71000      ¦09-01¦12-24¦"""

DEALS = [_deal(line, number) for number, line in enumerate(_LINES.splitlines(), 1)]
PLAIN = [d for d in DEALS if d.status not in ("void", "on_hold")]  # what a system knows that has only won and lost


def expected(deals: Sequence[Deal], **more: Any) -> dict[str, Any]:
    """What `deals` come to, however they are written; `more` replaces or adds."""

    def total(status: str) -> str:
        return str(sum((d.amount or Decimal(0) for d in deals if d.status == status), Decimal("0.00")))

    return {
        "rows": len(deals),
        "statuses": dict(Counter(d.status for d in deals)),
        "won_amount": total("won"),
        "open_amount": total("open"),
        "aside": [],
        "repeated": 0,
        "cells": {
            "name": [d.name for d in deals],
            "amount": [None if d.amount is None else int(d.amount * 100) for d in deals],
            "created": [d.created.isoformat() for d in deals],
        },
    } | more


# Counted by hand, so that a change to the table or to `expected` is seen.
ALL = expected(DEALS)
assert (ALL["rows"], ALL["won_amount"], ALL["open_amount"]) == (24, "2211011.83", "125219842.92")
assert ALL["statuses"] == {"open": 11, "won": 6, "lost": 4, "void": 2, "on_hold": 1}
