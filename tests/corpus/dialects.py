"""The one table as each system writes it: rows of cells, the header first."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from corpus.deals import Deal

Rows = list[list[Any]]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def us(day: date | None) -> str:
    return f"{day.month}/{day.day}/{day.year}" if day else ""


def chinese(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def slashed(day: date | None) -> str:
    return f"{day.year}/{day.month}/{day.day}" if day else ""


def milliseconds(day: date | None, hour: int = 0) -> str:
    """Midnight (or another hour) in Shanghai, as an API dump has it: late in the day before, for London."""
    return f"{int(datetime.combine(day, time(hour), SHANGHAI).timestamp())}000" if day else ""


def money(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"


def wan(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount / 10_000)


def row_id(number: int, prefix: str = "006Ax00000") -> str:
    """15 characters as Salesforce gives them."""
    return f"{prefix}{number:05d}"


def eighteen(id15: str) -> str:
    """The 18-character form: three characters more, which tell where the capitals are."""
    parts = (id15[i : i + 5] for i in (0, 5, 10))
    bits = (sum(1 << i for i, c in enumerate(part) if c.isupper()) for part in parts)
    return id15 + "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[b] for b in bits)


ZH_STATUS = {"open": "进行中", "won": "赢单", "lost": "输单", "void": "无效", "on_hold": "搁置"}
FXIAOKE_OPEN = ("验证客户", "需求确定", "方案/报价", "谈判审核")
ZH_HEADER = ["商机编号", "商机名称", "客户名称", "负责人", "商机阶段", "商机状态", "商机金额"]
ZH_HEADER += ["创建时间", "预计成交日期", "实际成交日期"]


def zh_stage(d: Deal) -> str:
    return FXIAOKE_OPEN[d.step] if d.status in ("open", "on_hold") else ZH_STATUS[d.status]


def zh(deals: Iterable[Deal]) -> Rows:
    """A plain Chinese export, all text: most files of the corpus are this one in another format."""
    rows: Rows = [list(ZH_HEADER)]
    for d in deals:
        rows.append([d.id, d.name, d.account, d.owner, zh_stage(d), ZH_STATUS[d.status], money(d.amount)])
        rows[-1] += [iso(d.created), iso(d.expected), iso(d.closed)]
    return rows


def zh_typed(deals: Iterable[Deal]) -> Rows:
    """The same with numbers and dates in place of text, as Excel keeps them."""

    def at(day: date | None) -> datetime | None:
        return datetime.combine(day, time()) if day else None

    rows = zh(deals)
    for row, d in zip(rows[1:], deals, strict=True):
        row[6:] = [None if d.amount is None else float(d.amount), at(d.created), at(d.expected), at(d.closed)]
    return rows


ZOHO_OPEN = ("Qualification", "Needs Analysis", "Proposal/Price Quote", "Negotiation/Review")
ZOHO_CLOSED = {"won": "Closed Won", "lost": "Closed Lost", "void": "Cancelled", "on_hold": "On Hold"}


def zoho(deals: Iterable[Deal]) -> Rows:
    """Zoho CRM in English: ids with a prefix, an id beside each name, the closing date both plan and fact."""
    header = "Record Id,Deal Name,Account Name.id,Account Name,Deal Owner.id,Deal Owner,Stage,Probability (%),Amount"
    rows: Rows = [(header + ",Closing Date,Created Time,Modified Time,Lead Source,Currency").split(",")]
    for n, d in enumerate(deals, 1):
        stage = ZOHO_CLOSED.get(d.status, ZOHO_OPEN[d.step])
        rows.append([f"zcrm_543701200000000{n:04d}", d.name, f"zcrm_5437012{n}7", d.account, f"zcrm_5437012{n}9"])
        rows[-1] += [d.owner, stage, "10", money(d.amount), iso(d.closed or d.expected)]
        rows[-1] += [f"{d.created} 14:56:28", "2026-09-20 09:00:00", "Trade Show", "CNY"]
    return rows


def zoho_long_dates(deals: Iterable[Deal]) -> Rows:
    """An older organisation of Zoho: Potentials, times such as Oct 7, 2025 6:55 PM."""
    rows = zoho(deals)
    named = {"Deal Name": "Potential Name", "Deal Owner": "Potential Owner"}
    rows[0] = [named.get(h, h) for h in rows[0]]
    for row, d in zip(rows[1:], deals, strict=True):
        row[10] = f"{calendar.month_abbr[d.created.month]} {d.created.day}, {d.created.year} 6:55 PM"
    return rows


def zoho_zh(plain: Iterable[Deal]) -> Rows:
    """Zoho in Chinese, without ids: account and name tell a deal."""
    stages = ("资质审查", "需求分析", "协商", "谈判/审查")
    rows: Rows = [["商机名称", "客户名称", "商机所有者", "阶段", "可能性", "金额", "预计成交日期", "创建时间"]]
    for d in plain:
        stage = {"won": "已赢得", "lost": "已丢失"}.get(d.status, stages[d.step])
        rows.append([d.name, d.account, d.owner, stage, "40", money(d.amount), iso(d.closed or d.expected)])
        rows[-1].append(f"{d.created} 10:00")
    return rows


def fxiaoke(deals: Iterable[Deal]) -> Rows:
    """Fxiaoke's own labels: a deal on hold keeps its open stage; no closing day but the last change of stage."""
    header = "商机名称,客户名称,负责人,负责人主属部门,销售流程,商机阶段,阶段状态,赢率,商机金额,预计成交日期"
    rows: Rows = [(header + ",创建时间,阶段变更时间,最后跟进时间,生命状态,输单原因,数据ID").split(",")]
    for n, d in enumerate(deals, 1):
        rows.append([d.name, d.account, d.owner, "华东一部", "项目型销售流程", zh_stage(d), ZH_STATUS[d.status]])
        rows[-1] += ["30", money(d.amount), iso(d.expected), f"{d.created} 09:30"]
        rows[-1] += [f"{d.closed or d.created} 17:05", f"{d.closed or d.created} 16:00", "正常", ""]
        rows[-1].append(f"650c{n:020x}")
    return rows


def fxiaoke_api(deals: Iterable[Deal]) -> Rows:
    """What Fxiaoke's interface gives, as people save it: API names, epoch milliseconds, labels beside codes."""
    header = "_id,name,account_id,account_id__r,owner__r,sales_stage,sales_stage__r,sales_status,sales_status__r"
    rows: Rows = [(header + ",amount,close_date,create_time,stg_changed_time,life_status").split(",")]
    codes = {"open": "1", "won": "2", "lost": "3", "void": "4", "on_hold": "1"}
    for n, d in enumerate(deals, 1):
        stage = {"won": "5", "lost": "6", "void": "7"}.get(d.status, str(d.step + 1))
        rows.append([f"650c{n:020x}", d.name, f"6400{n:020x}", d.account, d.owner, stage, zh_stage(d)])
        rows[-1] += [codes[d.status], ZH_STATUS[d.status], money(d.amount), milliseconds(d.expected)]
        rows[-1] += [milliseconds(d.created, 3), milliseconds(d.closed or d.created, 17), "normal"]
    return rows


SALESFORCE_OPEN = ("Prospecting", "Needs Analysis", "Value Proposition", "Negotiation/Review")
SALESFORCE_HEADER = "Opportunity ID,Opportunity Name,Account Name,Opportunity Owner,Stage,Amount,Probability (%)"


def salesforce(plain: Iterable[Deal]) -> Rows:
    """A Salesforce report in English: 15-character ids, month/day/year."""
    rows: Rows = [(SALESFORCE_HEADER + ",Created Date,Close Date,Type").split(",")]
    for n, d in enumerate(plain, 1):
        stage = ZOHO_CLOSED.get(d.status, SALESFORCE_OPEN[d.step])
        rows.append([row_id(n), d.name, d.account, d.owner, stage, money(d.amount), "20"])
        rows[-1] += [us(d.created), us(d.closed or d.expected), "New Business"]
    return rows


def salesforce_zh(plain: Iterable[Deal]) -> Rows:
    """A Salesforce report in Chinese: 2026/9/3."""
    stages = ("预期", "需求分析", "值建议", "协商/审核")
    rows: Rows = [["业务机会 ID", "业务机会名", "客户名", "业务机会所有人", "阶段", "金额", "创建日期", "结束日期"]]
    for n, d in enumerate(plain, 1):
        stage = {"won": "已结束并赢得客户", "lost": "已结束但客户流失"}.get(d.status, stages[d.step])
        rows.append([row_id(n), d.name, d.account, d.owner, stage, money(d.amount)])
        rows[-1] += [slashed(d.created), slashed(d.closed or d.expected)]
    return rows


def data_loader(plain: Iterable[Deal]) -> Rows:
    """Salesforce's Data Loader: API names in capitals, 18-character ids, times in UTC, flags for closed and won.

    Each was created at 1 o'clock in Shanghai, which in UTC is still the day before.
    """
    header = "ID,NAME,ACCOUNTID,OWNERID,STAGENAME,AMOUNT,PROBABILITY,CREATEDDATE,CLOSEDATE,ISCLOSED,ISWON"
    rows: Rows = [header.split(",")]
    for n, d in enumerate(plain, 1):
        made = datetime.combine(d.created, time(1), SHANGHAI).astimezone(UTC)
        stage = ZOHO_CLOSED.get(d.status, SALESFORCE_OPEN[d.step])
        rows.append([eighteen(row_id(n)), d.name, eighteen(row_id(n, "001Ax00000")), eighteen(row_id(7, "005Ax00000"))])
        rows[-1] += [stage, money(d.amount), "20", f"{made:%Y-%m-%dT%H:%M:%S}.000Z", iso(d.closed or d.expected)]
        rows[-1] += [str(d.status != "open").lower(), str(d.status == "won").lower()]
    return rows


HUBSPOT_OPEN = ("Appointment Scheduled", "Qualified To Buy", "Presentation Scheduled", "Contract Sent")


def hubspot(plain: Iterable[Deal], internal: bool = False) -> Rows:
    """HubSpot's labels; `internal`: the stages as their ids."""
    header = "Record ID,Deal Name,Associated Company,Deal owner,Pipeline,Deal Stage,Amount,Create Date,Close Date"
    rows: Rows = [(header + ',Date entered "Closed Won (Sales Pipeline)"').split(",")]
    for n, d in enumerate(plain, 1):
        stage = ZOHO_CLOSED.get(d.status, HUBSPOT_OPEN[d.step])
        stage = stage.lower().replace(" ", "") if internal else stage
        rows.append([f"97{n:08d}", d.name, d.account, d.owner, "Sales Pipeline", stage, money(d.amount)])
        rows[-1] += [f"{d.created} 09:30", f"{d.closed or d.expected} 23:59", f"{d.closed} 10:00" if d.closed else ""]
    return rows


def ledger(deals: Iterable[Deal]) -> Rows:
    """Hand-kept, in 万元, with real dates and no ids."""
    stages = ("初步接洽", "需求确认", "方案报价", "商务谈判")
    rows: Rows = [["序号", "项目名称", "客户", "销售", "进度", "金额(万元)", "登记日期", "预计签约时间", "签约日期"]]
    words = {"won": "已签约", "lost": "丢单", "void": "作废", "on_hold": "搁置"}
    for n, (d, typed) in enumerate(zip(deals, zh_typed(deals)[1:], strict=True), 1):
        stage = words.get(d.status, stages[d.step])
        rows.append([n, d.name, d.account, d.owner, stage, wan(d.amount), *typed[7:]])
    return rows


def tracker(plain: Iterable[Deal]) -> Rows:
    """Hand-kept, with negatives: 未成交 is lost though it holds 成交; Chinese dates, 元 in full-width brackets."""
    stages = ("验证客户", "需求分析", "方案/报价", "谈判审核")
    rows: Rows = [
        ["项目编号", "机会名称", "客户单位", "业务员", "销售阶段", "预计金额（元）", "立项时间", "预计下单时间"]
    ]
    for d in plain:
        stage = {"won": "成交", "lost": "未成交"}.get(d.status, stages[d.step])
        amount = "待定" if d.amount is None else f"￥{d.amount:,.2f}"
        rows.append([d.id, d.name, d.account, d.owner, stage, amount, chinese(d.created), chinese(d.expected)])
    return rows


def board(deals: Iterable[Deal]) -> Rows:
    """Hand-kept, with a column of approval beside the status, and units in the cells."""
    header = "编号,商机标题,最终客户名称,跟进人,商机状态,审批状态,预估金额,录入时间,预计成交时间"
    rows: Rows = [header.split(",")]
    words = {"open": "进行中", "won": "中标", "lost": "未中标", "void": "取消", "on_hold": "暂停"}
    for n, d in enumerate(deals):
        amount = "面议" if d.amount is None else f"{d.amount / 10_000}万" if d.amount >= 10_000 else f"{d.amount}元"
        approved = ("已通过", "审批中", "已驳回")[n % 3]
        rows.append([d.id, d.name, d.account, d.owner, words[d.status], approved, amount])
        rows[-1] += [f"{d.created:%Y.%m.%d}", f"{d.expected:%Y%m%d}"]
    return rows


def serial(day: date, since: date = date(1899, 12, 30)) -> int:
    """The number that Excel keeps a day as (`since` 1904-01-01 in old Mac workbooks)."""
    return (day - since) // timedelta(days=1)
