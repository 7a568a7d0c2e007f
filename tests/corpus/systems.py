"""Good files as the systems of the glossary write them, and the other tables beside the deals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corpus import dialects
from corpus.case import Case, good
from corpus.deals import ALL, DEALS, PLAIN, expected
from corpus.dialects import Rows, eighteen, row_id, zh
from corpus.writers import book, comma, text

SYSTEM = expected(PLAIN)


def cases() -> Iterator[Case]:
    yield from vendors()
    yield from kept_by_hand()
    yield from states()
    yield from other_tables()


def vendors() -> Iterator[Case]:
    yield good("zoho", file="Deals_2026_09_21.csv", data=comma(dialects.zoho(DEALS)), expects=ALL)
    yield good("zoho-potentials", file="Potentials.csv", data=comma(dialects.zoho_long_dates(DEALS)), expects=ALL)
    yield good("zoho-zh", file="商机.csv", data=comma(dialects.zoho_zh(PLAIN)), expects=SYSTEM)
    yield good("fxiaoke", file="商机_20260921.xlsx", data=book(dialects.fxiaoke(DEALS)), expects=ALL)
    yield good("fxiaoke-api", file="NewOpportunityObj.csv", data=comma(dialects.fxiaoke_api(DEALS)), expects=ALL)
    rows = dialects.fxiaoke_api(DEALS)
    keep = [i for i, h in enumerate(rows[0]) if h not in ("sales_stage", "sales_status", "account_id")]
    labels = [[r[i] for i in keep] for r in rows]
    yield good("fxiaoke-api-labels-only", file="opportunities.xlsx", data=book(labels), expects=ALL)
    report = text(dialects.salesforce(PLAIN), end="\n", every=True).encode()
    yield good("salesforce", file="report1758412800000.csv", data=report, expects=SYSTEM)
    zh_report = text(dialects.salesforce_zh(PLAIN), every=True).encode("gbk")
    yield good("salesforce-zh", file="report.csv", data=zh_report, expects=SYSTEM)
    loaded = comma(dialects.data_loader(PLAIN))
    yield good(
        "data-loader", file="opportunity.csv", data=loaded, expects=SYSTEM, why="a time in UTC, a day in Shanghai"
    )
    yield good("hubspot", file="hubspot-crm-exports-all-deals.csv", data=comma(dialects.hubspot(PLAIN)), expects=SYSTEM)
    ids = comma(dialects.hubspot(PLAIN, internal=True))
    yield good("hubspot-internal-ids", file="deals.csv", data=ids, expects=SYSTEM)


def kept_by_hand() -> Iterator[Case]:
    yield good("ledger", file="销售台账.xlsx", data=book(dialects.ledger(DEALS)), expects=ALL)
    yield good("tracker", file="机会跟踪.csv", data=text(dialects.tracker(PLAIN)).encode("gbk"), expects=SYSTEM)
    yield good("board", file="商机看板.xlsx", data=book(dialects.board(DEALS)), expects=ALL)


def of(statuses: dict[str, int], rows: int, **more: Any) -> dict[str, Any]:
    return {"rows": rows, "statuses": statuses, "aside": []} | more


def stages(words: list[str], header: str = "商机阶段") -> bytes:
    """A deal for each word as its stage, of 100 each."""
    rows: Rows = [["商机编号", "商机名称", header, "商机金额"]]
    return comma(rows + [[f"S{n}", f"项目 {n}", word, "100"] for n, word in enumerate(words, 1)])


WON = ["赢单", "成交", "已成交", "成单", "签约", "签单", "中标", "已赢得", "成功结案"]
LOST = ["输单", "丢单", "失单", "流失", "未成交", "落标", "未中标", "已丢失", "失败", "丢失"]
VOID = ["无效", "作废", "取消"]
PAUSED = ["搁置", "暂停", "冻结"]
NO_WIN = ["待签约", "预计成交"]
UNCLEAR = ["赢单概率", "关闭", "已结束", "Closed", "没有成交", "暂未签约"]


def states() -> Iterator[Case]:
    words = WON + LOST + VOID + PAUSED
    counted = {"won": len(WON), "lost": len(LOST), "void": len(VOID), "on_hold": len(PAUSED)}
    yield good(
        "negatives-and-positives", file="deals.csv", data=stages(words), expects=of(counted, 25, won_amount="900")
    )
    aside = of({"won": 1}, 1, won_amount="100", aside=list(range(3, 9)), aside_columns={3: "商机阶段", 8: "商机阶段"})
    data = stages(["赢单", *UNCLEAR])
    yield Case("words-that-say-nothing", "dirty", "deals.csv", data, aside, why="no guess is used unasked")
    data = stages(["赢单", *NO_WIN])
    why = "open or aside, but not won"
    yield Case("words-that-say-no-win", "dirty", "deals.csv", data, {"won_amount": "100"}, why=why)
    mapped = "deals:\n  stages: {待签约: open, 预计成交: open}\n"
    data = stages(["赢单", "待签约", "预计成交", "待签约"])
    yield good("mapped-stages", file="deals.csv", data=data, expects=of({"won": 1, "open": 3}, 4), mapping=mapped)
    approvals = (("赢单", "审批中"), ("输单", "已通过"), ("进行中", "已驳回"))
    unclear = [[f"C{n}", f"客户 {n}", status, approval] for n, (status, approval) in enumerate(approvals, 1)]
    rows: Rows = [["商机编号", "商机名称", "商机状态", "审批状态"], *unclear]
    wins = of({"won": 1, "lost": 1, "open": 1}, 3, columns={"status": "商机状态"})
    yield good("approval-beside-status", file="deals.csv", data=comma(rows), expects=wins)
    rows = [
        ["商机编号", "商机名称", "商机阶段", "商机状态"],
        ["1", "a", "谈判审核", "赢单"],
        ["2", "b", "赢单", "无效"],
    ]
    rows += [["3", "c", "验证客户", ""], ["4", "d", "需求确定", "搁置"]]
    by_status = of({"won": 1, "void": 1, "open": 1, "on_hold": 1}, 4)
    yield good("status-before-stage", file="deals.csv", data=comma(rows), expects=by_status)
    header = ["Id", "Name", "StageName", "Amount", "IsClosed", "IsWon"]
    flags = [("Verbal", "false", "false"), ("Signed", "true", "true"), ("Dead", "true", "false"), ("Signed", "1", "1")]
    rows = [header, *([eighteen(row_id(n)), f"d{n}", s, "10", c, w] for n, (s, c, w) in enumerate(flags, 1))]
    expects = of({"open": 1, "won": 2, "lost": 1}, 4, won_amount="20")
    yield good(
        "closed-and-won-flags", file="extract.csv", data=comma(rows), expects=expects, why="IsClosed and IsWon decide"
    )
    rows = dialects.fxiaoke(DEALS)
    rows[1][13], rows[2][13] = "作废", "作废"  # a won deal and an open one
    dropped = expected(DEALS, statuses={"open": 10, "won": 5, "lost": 4, "void": 4, "on_hold": 1})
    dropped |= {"won_amount": "976443.94", "open_amount": "125174842.42"}
    yield good("cancelled-records", file="商机.xlsx", data=book(rows), expects=dropped, why="生命状态 作废: no win")


# Other tables: which they are, and their lines.
OTHERS: dict[str, tuple[str, str]] = {
    "accounts-fxiaoke": (
        "accounts",
        """\
客户名称,客户编号,客户级别,客户状态,1级行业,负责人,创建时间
甲公司,K1,A,有效,水务,李雷,2026-01-05
乙公司,K2,B,有效,置业,李雷,2026-02-05""",
    ),
    "accounts-zoho": (
        "accounts",
        """\
Record Id,Account Name,Account Owner,Industry,Created Time
zcrm_5437012000000000901,Harbour Foods,Ann Smith,Food,2026-01-05 08:00:00""",
    ),
    "products-zoho": (
        "products",
        """\
Record Id,Product Name,Product Category,Unit Price,Product Active
zcrm_5437012000000000801,CellGuard,Safety,18900.00,true""",
    ),
    "people": (
        "people",
        """\
姓名,部门,入职日期
李雷,华东一部,2020-03-01
韩梅梅,华东二部,2021-04-01
Ann Smith,海外,2022-05-01""",
    ),
    "payments": (
        "payments",
        """\
回款编号,回款日期,回款金额,回款方式,合同名称,客户名称
HK1,2026-08-01,5000.00,电汇,一期合同,甲公司
HK2,2026-09-01,700.50,承兑,一期合同,甲公司""",
    ),
    "receivables": (
        "receivables",
        """\
合同名称,客户名称,期数,计划回款日期,计划回款金额,未回款金额
一期合同,甲公司,1,2026-10-01,9000.00,9000.00
一期合同,甲公司,2,2026-12-01,8000.00,8000.00""",
    ),
    "activities-zoho": (
        "activities",
        """\
Record Id,Subject,Due Date,Status,Priority,Task Owner,Related To,Created Time
zcrm_5437012000000000701,Send quote,2026-09-25,Not Started,High,Ann Smith,Harbour cell,2026-09-20 08:00:00""",
    ),
    "activities-fxiaoke": (
        "activities",
        """\
跟进内容,销售记录类型,跟进方式,客户名称,商机名称,负责人,创建时间
约见分管领导,跟进,电话,甲公司,滨江智慧园区一期,李雷,2026-09-18 10:00""",
    ),
}


def other_tables() -> Iterator[Case]:
    for name, (table, lines) in OTHERS.items():
        expects = ALL | {"tables": {"deals": 24, table: lines.count("\n")}}
        extra = {f"data/{name}.csv": f"{lines}\n".encode()}
        yield good(f"beside-{name}", file="deals.csv", data=comma(zh(DEALS)), expects=expects, extra=extra)
    some = ("people", "payments", "receivables", "accounts-fxiaoke")
    every = {f"data/{name}.csv": OTHERS[name][1].encode("gbk") for name in some}
    tables = {"deals": 24, "people": 3, "payments": 2, "receivables": 2, "accounts": 2}
    yield good("five-tables", file="deals.csv", data=comma(zh(DEALS)), expects=ALL | {"tables": tables}, extra=every)
