"""One Monday's export as three systems write it: Fxiaoke (.xlsx), Zoho (.csv), a hand-kept Chinese sheet.

In: canonical frames (`company.COLUMNS`; products, people). Out: files with each system's headers, words and
quirks, and the mapping.yaml that reads them back. Headers, stages, date formats are from the glossary; what
a system lacks out of the box (next step, region, competitor, cost) is a custom field, as tenants add them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from salesplaybook.demo import cells, lists
from salesplaybook.demo.company import PARKS_STAGES, numbered
from salesplaybook.demo.lists import Cells
from salesplaybook.demo.mappings import FXIAOKE_MAPPING, SHEET_MAPPING, ZOHO_MAPPING
from salesplaybook.demo.words import Stages
from salesplaybook.demo.workbooks import workbook


@dataclass(frozen=True)
class Dialect:
    """How a system exports. `files` names the files of deals, products and people, with the Monday put in.

    deals, products, people   make the cells of a table from its canonical frame
    books                     contracts, payments, receivables: the file's name and what makes its cells; where nobody
                              keeps books, there are none
    new_id                    an id such as the system gives
    mapping                   the text of mapping.yaml
    """

    name: str
    stages: Stages
    files: tuple[str, ...]
    deals: Callable[[pd.DataFrame], Cells]
    products: Callable[[pd.DataFrame], Cells]
    people: Callable[[pd.DataFrame], Cells]
    new_id: Callable[[np.random.Generator], str]
    mapping: str
    books: tuple[tuple[str, Callable[[pd.DataFrame], Cells]], ...] = ()

    def write(
        self, frames: tuple[pd.DataFrame, ...], monday: date, folder: Path, books: tuple[pd.DataFrame, ...] = ()
    ) -> list[Path]:
        """Writes deals, and products and people where they are given too, and the books (if kept), into `folder`."""
        makers = (self.deals, self.products, self.people)
        tables = [(name, of(frame)) for frame, name, of in zip(frames, self.files, makers, strict=False)]
        tables += [(name, of(frame)) for frame, (name, of) in zip(books, self.books, strict=False)]
        written = []
        for name, table in tables:
            path = folder / monday.strftime(name)
            path.write_bytes(cells.comma_separated(table) if path.suffix == ".csv" else workbook(table, monday))
            written.append(path)
        return written


# -- Fxiaoke: every cell is text; whole days of system times carry a clock time

_FXIAOKE_STATUS = {"open": "进行中", "won": "赢单", "lost": "输单", "void": "无效", "on_hold": "搁置"}


def _fxiaoke_deals(deals: pd.DataFrame) -> Cells:
    return {
        "商机名称": cells.text(deals["name"]),
        "客户名称": cells.text(deals["account"]),
        "联系人": cells.text(deals["contact"]),
        "负责人": cells.text(deals["owner"]),
        "负责人所在部门": cells.text(deals["department"]),
        "产品": cells.text(deals["product"]),
        "销售流程": ["项目型销售流程"] * len(deals),
        "商机阶段": cells.text(deals["stage"]),
        "阶段状态": deals["status"].map(_FXIAOKE_STATUS).tolist(),
        "商机金额": cells.amounts(deals["amount"]),
        "预估成本": cells.amounts(deals["cost"]),
        "预计成交日期": cells.days(deals["expected_close"]),
        "创建时间": cells.times(deals, "created", "%Y-%m-%d %H:%M"),
        "阶段变更时间": cells.times(deals, "stage_changed", "%Y-%m-%d %H:%M"),
        "最后修改时间": cells.times(deals, "modified", "%Y-%m-%d %H:%M"),
        "最后跟进时间": cells.times(deals, "last_activity", "%Y-%m-%d %H:%M"),
        "下一步计划": cells.text(deals["next_step"]),
        "下次跟进时间": cells.days(deals["next_step_date"]),
        "商机来源": cells.text(deals["source"]),
        "输单原因": cells.text(deals["loss_reason"]),
        "竞争对手": cells.text(deals["competitor"]),
        "所在区域": cells.text(deals["region"]),
        "生命状态": ["正常"] * len(deals),
        "数据ID": cells.text(deals["id"]),
    }


def _hex_id(rng: np.random.Generator) -> str:
    return "6" + rng.bytes(12).hex()[1:]


FXIAOKE = Dialect(
    "fxiaoke",
    PARKS_STAGES,
    ("商机_%Y%m%d.xlsx", "产品_%Y%m%d.xlsx", "人员_%Y%m%d.xlsx"),
    _fxiaoke_deals,
    lists.fxiaoke_products,
    lists.fxiaoke_people,
    _hex_id,
    FXIAOKE_MAPPING,
    (
        ("合同_%Y%m%d.xlsx", lists.fxiaoke_contracts),
        ("回款_%Y%m%d.xlsx", lists.fxiaoke_payments),
        ("应收款_%Y%m%d.xlsx", lists.fxiaoke_receivables),
    ),
)

# -- Zoho: the closing date of a closed deal is the day when it was closed; stages say what is won or paused

_ZOHO_STAGES = Stages(
    (
        "Qualification",
        "Needs Analysis",
        "Value Proposition",
        "Identify Decision Makers",
        "Proposal/Price Quote",
        "Negotiation/Review",
    ),
    won="Closed Won",
    lost="Closed Lost",
    void="Cancelled",
    on_hold="On Hold",
    lost_to_competitor="Closed-Lost to Competition",
)
_ZOHO_PERCENT = dict(zip(_ZOHO_STAGES.open, (10, 20, 40, 60, 75, 90), strict=True)) | {
    "Closed Won": 100,
    "On Hold": 10,
}


def _zoho_deals(deals: pd.DataFrame) -> Cells:
    closing = deals["closed"].where(deals["closed"].notna(), deals["expected_close"])
    return {
        "Record Id": cells.text(deals["id"]),
        "Deal Name": cells.text(deals["name"]),
        "Account Name.id": [lists.zoho_number(name) for name in deals["account"]],
        "Account Name": cells.text(deals["account"]),
        "Contact Name": cells.text(deals["contact"]),
        "Deal Owner.id": [lists.zoho_number(name) for name in deals["owner"]],
        "Deal Owner": cells.text(deals["owner"]),
        "Department": cells.text(deals["department"]),
        "Product": cells.text(deals["product"].replace("PalletPro 200", "Pallet Pro 200")),
        "Stage": cells.text(deals["stage"]),
        "Probability (%)": [str(_ZOHO_PERCENT.get(stage, 0)) for stage in deals["stage"]],
        "Amount": cells.amounts(deals["amount"]),
        "Estimated Cost": cells.amounts(deals["cost"]),
        "Closing Date": cells.days(closing),
        "Created Time": cells.times(deals, "created", "%Y-%m-%d %H:%M:%S"),
        "Modified Time": cells.times(deals, "modified", "%Y-%m-%d %H:%M:%S"),
        "Last Activity Time": cells.times(deals, "last_activity", "%Y-%m-%d %H:%M:%S"),
        "Next Step": cells.text(deals["next_step"]),
        "Next Step Date": cells.days(deals["next_step_date"]),
        "Lead Source": cells.text(deals["source"]),
        "Reason For Loss": cells.text(deals["loss_reason"]),
        "Competitor": cells.text(deals["competitor"]),
        "Region": cells.text(deals["region"]),
        "Currency": ["USD"] * len(deals),
    }


def _zoho_id(rng: np.random.Generator) -> str:
    return f"zcrm_5437012{rng.integers(10**11):011d}"


ZOHO = Dialect(
    "zoho",
    _ZOHO_STAGES,
    ("Deals_%Y_%m_%d.csv", "Products_%Y_%m_%d.csv", "Users_%Y_%m_%d.csv"),
    _zoho_deals,
    lists.zoho_products,
    lists.zoho_people,
    _zoho_id,
    ZOHO_MAPPING,
    (
        ("SalesOrders_%Y_%m_%d.csv", lists.zoho_contracts),
        ("Payments_%Y_%m_%d.csv", lists.zoho_payments),
        ("Invoices_%Y_%m_%d.csv", lists.zoho_receivables),
    ),
)

# -- A hand-kept sheet: no ids, 万元, real dates, one name for ever, a product written as people call it

_SHEET_STAGES = Stages(
    ("初步接洽", "需求确认", "方案报价", "商务谈判"), won="已签约", lost="丢单", void="作废", on_hold="搁置"
)


def _sheet_deals(deals: pd.DataFrame) -> Cells:
    return {
        "序号": list(range(1, len(deals) + 1)),
        "项目名称": cells.text(deals["name"]),
        "客户": cells.text(deals["account"]),
        "联系人": cells.text(deals["contact"]),
        "销售": cells.text(deals["owner"]),
        "组别": cells.text(deals["department"]),
        "产品": cells.text(deals["product"].replace("守望者 X3 Pro", "X3Pro")),
        "进度": cells.text(deals["stage"]),
        "金额(万元)": [None if pd.isna(a) else float(Decimal(int(a)) / 1_000_000) for a in deals["amount"]],
        "登记日期": cells.dates(deals["created"]),
        "预计签约时间": cells.dates(deals["expected_close"]),
        "签约日期": cells.dates(deals["closed"]),
        "最近跟进时间": cells.dates(deals["last_activity"]),
        "下一步计划": cells.text(deals["next_step"]),
        "下次联系时间": cells.dates(deals["next_step_date"]),
        "来源": cells.text(deals["source"]),
        "丢单原因": cells.text(deals["loss_reason"]),
        "竞品": cells.text(deals["competitor"]),
        "片区": cells.text(deals["region"]),
    }


SHEET = Dialect(
    "sheet",
    _SHEET_STAGES,
    ("销售台账.xlsx", "产品价目.xlsx", "销售人员.xlsx"),
    _sheet_deals,
    lists.sheet_products,
    lists.sheet_people,
    numbered,
    SHEET_MAPPING,
)
