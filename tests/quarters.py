"""Quarters made up for tests of the review: records of other playbooks, what was typed, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd

from mondays import ENGLISH, LONG, PEOPLE, WAN
from salesplaybook import records
from salesplaybook.areas import quarterly_review
from salesplaybook.areas.quarterly_review import Body, Seen
from salesplaybook.entries.kinds import Commit, Decision, Entry, Target, Verdict
from salesplaybook.limits import Rules, Warnings
from salesplaybook.periods import Period, parse
from salesplaybook.results import Figure, Message, Walk, say
from salesplaybook.workdays import Calendar

ON = date(2026, 10, 5)
QUARTER = parse("2026Q3")
RULES = Rules(Warnings(), {}, Calendar("CN", (), (), "zh_CN"))


@dataclass
class Known:
    """As much of a snapshot as the review asks for: a day, keys of deals, and what was typed."""

    keys: list[str]
    typed: dict[str, list[Entry]] = field(default_factory=dict)
    on: date = ON
    newest: date = ON

    @property
    def empty(self) -> bool:
        return not self.keys

    @property
    def rows(self) -> pd.DataFrame:
        return pd.DataFrame(index=self.keys)

    def entries(self, kind: str, day: date | None = None) -> list[Entry]:
        return self.typed.get(kind, [])


def figure(wan: float | None, n: int = 1, rows: dict[str, float] | None = None, unit: str = "money") -> Figure:
    made = {key: round(amount * WAN) for key, amount in (rows or {}).items()}
    value = None if wan is None else round(wan * WAN) if unit == "money" else wan
    reason = say("not provided: no list of payments") if wan is None else None
    return Figure(definition="made up", value=value, reason=reason, n=n, rows=made, unit=unit)  # type: ignore[arg-type]


def rate(share: float, n: int) -> Figure:
    return Figure(definition="won / (won + lost)", unit="share", value=share, low=share - 0.07, high=share + 0.07, n=n)


# Deals of the sample in PAGES.md, in 万: due 2,050 = won 905 + lost 480 + slipped 665; 1,180 = 905 - 30 + 85 + 220.
OUTCOME = {"won": {"W1": 505.0, "W2": 400.0}, "lost": {"L1": 210.0, "L2": 270.0}, "slipped": {"S1": 120.0, "S2": 545.0}}
BOOKED = {
    "won": {"W1": 505.0, "W2": 400.0},
    "pulled_in": {"P1": 85.0},
    "amount_changes": {"W1": -30.0},
    "opened_and_won": {"N1": 220.0},
}
KEYS = ["W1", "W2", "L1", "L2", "S1", "S2", "P1", "N1", *(f"D{n}" for n in range(8))]


def walk(rows: dict[str, dict[str, float]], *, down: bool) -> Walk:
    total = sum(sum(deals.values()) for deals in rows.values())
    n = sum(len(deals) for name, deals in rows.items() if name != "amount_changes")
    counts = {name: 0 if name == "amount_changes" else -1 if down else 1 for name in rows}
    steps = [
        {"name": name, "counts": counts[name], "figure": figure(sum(deals.values()), len(deals), deals)}
        for name, deals in rows.items()
    ]
    whole, none = figure(total, n, {k: v for deals in rows.values() for k, v in deals.items()}), figure(0, 0)
    ends = {"opening": whole, "closing": none} if down else {"opening": none, "closing": whole}
    return Walk.model_validate({**ends, "steps": steps})


def deciding(zh: bool, long: bool = False) -> list[dict[str, Any]]:
    names = ["滨江二期", "云谷", "科创园二期", "港口数据中心", "地铁车辆段", "湖滨学校", "海关货场", "华新置业"]
    english = [
        "Riverside II",
        "Cloud Valley",
        "Science Park II",
        "Harbour Data",
        "Metro Depot",
        "Lakeside",
        "Customs",
        "Huaxin",
    ]
    people = PEOPLE if zh else ENGLISH
    shown = names if zh else english
    return [
        {
            "deal": "S1" if i == 1 else f"D{i}",
            "name": LONG + str(i) if long else shown[i],
            "account": LONG if long else (f"{names[i][:2]}集团" if zh else ""),
            "owner": LONG if long else people[i],
            "stage": ("方案/报价" if zh else "Proposal") * (3 if long else 1),
            "amount": (320 - 30 * i) * WAN,
            "figure": figure(320 - 30 * i, 1, {f"D{i}": 320.0 - 30 * i}),
            "chance": (0.31, 0.62, 0.04, None, 0.55, 0.3, 0.2, 0.1)[i],
            "by_age": i == 4,
            "next_step": (LONG if long else "述标" if zh else "Pitch") if i != 3 else "",
            "next_step_date": date(2026, 10, 12) - timedelta(days=20 * (i == 2)) if i != 3 else None,
        }
        for i in range(8)
    ]


def forecast(**changed: Any) -> dict[str, Any]:
    said = {
        "period": "2026Q4",
        "last": date(2026, 12, 31),
        "made_on": ON,
        "days_left": 88,
        "case": "c",
        "p10": 1150 * WAN,
        "p50": 1420 * WAN,
        "p90": 1700 * WAN,
        "of_open": 860 * WAN,
        "of_new": 560 * WAN,
        "target": 1500 * WAN,
        "chance": 0.38,
        "benchmarks": [
            {"name": "last_quarter", "value": 1180 * WAN, "errors": [0.1]},
            {"name": "pace", "value": 1290 * WAN, "errors": [0.2]},
        ],
    }
    return said | changed


def measured(metric: str, *values: float | None) -> dict[str, Any]:
    """target, actual, quarter before, year before (in 万, or a share), year to date; and the verdict."""
    target, actual, before, year, to_date = values
    unit = "share" if metric == "margin" else "money"
    size = 1 if metric == "margin" else WAN
    known = target is not None and actual is not None
    return {
        "metric": metric,
        "actual": figure(actual, 9, unit=unit),
        "target": None if target is None else target * size,
        "attainment": actual / target if known and metric != "margin" else None,  # type: ignore[operator]
        "gap": (actual - target) * size if known else None,  # type: ignore[operator]
        "before": figure(before, 9, unit=unit),
        "year_before": figure(year, 9, unit=unit),
        "year_to_date": to_date,
        "verdict": {"bookings": "usual", "collected": "unusual"}.get(metric, "too_few"),
    }


def seen(body: Any, figures: dict[str, Figure] | None = None, on: date = ON) -> Seen:
    said = body if isinstance(body, dict) else body.model_dump()
    return Seen(on, records_json(said), figures or {}, {})


def records_json(value: Any) -> Any:
    """A body as a record keeps it: plain values, days as text, figures without their rows."""
    match value:
        case Figure():
            return value.model_dump(mode="json") | {"rows": {}}
        case dict():
            return {str(k): records_json(v) for k, v in value.items()}
        case list() | tuple():
            return [records_json(v) for v in value]
        case date():
            return value.isoformat()
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else value


def crm(zh: bool, long: bool = False, **changed: Any) -> Seen:
    outcome, booked = walk(OUTCOME, down=True), walk(BOOKED, down=False)
    deals = deciding(zh, long)
    figures = dict(outcome.figures("outcome")) | dict(booked.figures("booked"))
    figures |= {
        "bookings": figure(1180, 4, {"W1": 475, "W2": 400, "P1": 85, "N1": 220}),
        "before.bookings": figure(1120, 9),
    }
    figures |= {"win_rate": rate(0.41, 74), "before.win_rate": rate(0.39, 70)}
    figures |= {f"deciding.{n}": deal["figure"] for n, deal in enumerate(deals, 1)}
    body = {
        "outcome": without_rows(outcome),
        "booked": without_rows(booked),
        "closing_day": date(2026, 9, 30),
        "forecast": forecast(),
        "deciding": deals,
    }
    return seen(body | changed, figures)


def without_rows(found: Walk) -> dict[str, Any]:
    return found.model_dump(mode="json", context={"rows": False})


def retrospective(zh: bool, long: bool = False, **changed: Any) -> Seen:
    people = PEOPLE if zh else ENGLISH

    def text(chinese: str, english: str) -> str:
        return LONG if long else chinese if zh else english

    numbers = [
        measured("bookings", 1284, 1180, 1120, 1010, 0.88),
        measured("revenue", 1050, 980, 890, 870, 0.85),
        measured("collected", 1100, 840, 930, 905, 0.79),
        measured("margin", 0.31, 0.29, 0.31, 0.30, None),
    ]
    largest = [
        ("S1", text("滨江一期", "Riverside I"), 120, "slipped", text("客户预算批复晚", "the budget came late"), ""),
        ("L1", text("云谷", "Cloud Valley"), 210, "lost", text("对手低价", "price"), text("海川科技", "Haichuan")),
        ("W1", text("科创园", "Science Park"), 505, "won", "", ""),
    ]
    debtors = [
        (text("临港物流", "Harbour Logistics"), 85, 47),
        (text("海关货场", "Customs Yard"), 60, 120),
        (LONG, 30, 5),
    ]
    states = ["done", "done", "partly", "not_done", "open", "done", "done"]
    body = {
        "numbers": numbers,
        "largest": [
            {"deal": d, "name": n, "amount": a * WAN, "became": b, "why": w, "competitor": c, "said_by": "manager"}
            for d, n, a, b, w, c in largest
        ],
        "owed": {
            "total": figure(1920, 40),
            "overdue": figure(310, 9),
            "over_90": figure(120, 2),
            "due_next": figure(640, 20),
            "rows": [
                {
                    "account": a,
                    "owner": people[i],
                    "amount": amount * WAN,
                    "days_late": late,
                    "due": ON - timedelta(days=late),
                    "late": amount * WAN * (late >= 30),
                    "long": amount * WAN * (late > 90),
                }
                for i, (a, amount, late) in enumerate(debtors)
            ],
            "late": {
                "account": debtors[0][0],
                "owner": people[0],
                "amount": 85 * WAN,
                "days_late": 47,
                "due": ON - timedelta(days=47),
                "late": 80 * WAN,
            },
            "others": 6,
            "as_of": ON,
        },
        "track": {"inside": 3, "scored": 4, "bias": 0.06},
        "promised": [
            {
                "id": f"p{i}",
                "what": text("渠道协议签下两家", "Sign two channel partners"),
                "who": people[i % 8],
                "due": date(2026, 9, 15),
                "state": state,
                "why": text("对方法务", "their lawyers") if state == "not_done" else "",
                "moved_to": date(2026, 10, 31) if state == "not_done" else None,
            }
            for i, state in enumerate(states)
        ],
        "moves": [
            {
                "id": f"m{i}",
                "what": text("清理僵尸商机 37 个", "Close 37 dead deals"),
                "who": people[i],
                "due": date(2026, 10, 10),
                "measure": text("漏斗水分低于一成", "under a tenth of the pipeline is dead"),
            }
            for i in range(4 if long else 3)
        ],
    }
    return seen(body | changed, {})


def risk(zh: bool, long: bool = False) -> Seen:
    what = (
        ["单一客户占下季目标 38%", "售前只有 1 人", "竞标日期提前"]
        if zh
        else [
            "One customer holds 38% of the target",
            "Only one pre-sales engineer",
            "The tender comes early",
        ]
    )
    top = [
        {
            "id": f"r{i}",
            "what": LONG if long else what[i],
            "usual": (150 - 30 * i) * WAN,
            "severe": (420 - 60 * i) * WAN,
            "response": "reduce",
            "measure": LONG if long else "开发第二客户" if zh else "Win a second customer",
            "owner": (PEOPLE if zh else ENGLISH)[i],
            "due": date(2026, 11, 30) if i else date(2026, 9, 1),
            "trend": ("up", "same", "new")[i],
            "triggered": i == 0,
        }
        for i in range(3)
    ]
    sums = {"expected_before": 134 * WAN, "expected_after": 62 * WAN, "p90_before": 480 * WAN, "p90_after": 210 * WAN}
    return seen({"top": top, "risks": top * 2} | sums, {})


def performance() -> Seen:
    told = say("too few closed deals to tell people's win rates apart; no ranking")
    return seen(
        {"filled": 8, "posts": 9, "load": 0.96, "load_says": say("Load {load}", load="96%"), "sentence": told}, {}
    )


def decisions(zh: bool, n: int, long: bool = False) -> list[Entry]:
    matter, otherwise = (
        ("为「滨江二期」投标增派售前 1 人 6 周（9万）", "标书来不及，涉及 320万")
        if zh
        else (
            "One more pre-sales engineer for 6 weeks on Riverside II (90k)",
            "the bid is late, 3.2M at stake",
        )
    )
    options, recommend = ("增派 / 放弃", "增派") if zh else ("add / withdraw", "add")
    return [
        Decision(
            id=f"d{i}",
            period="2026Q3",
            matter=LONG * 2 if long else matter,
            options=LONG if long else options,
            recommend=LONG if long else recommend,
            by=date(2026, 10, 15),
            otherwise=LONG if long else otherwise,
        )
        for i in range(n)
    ]


def rich(language: str = "zh_CN") -> Body:
    """The sample of PAGES.md, with everything."""
    zh = language == "zh_CN"
    found = {"crm": crm(zh), "retrospective": retrospective(zh), "risk": risk(zh), "performance": performance()}
    ask = Decision(id="help:D0", period="2026Q3", deal="D0", matter="见分管副总" if zh else "see the vice president")
    typed: dict[str, list[Entry]] = {
        "decisions": [*decisions(zh, 2), ask],
        "commits": [Commit(id="c", period="2026Q4", week="2026-W41", amount=14_500_000)],
        "targets": [Target(id="t", period="2026Q4", amount=15_000_000)],
    }
    goals = {"goals": seen({"sentence": say("Goals: {n:count} complete", n=5)}), "weekly": seen({"quarter": "2026Q4"})}
    return made(found | goals, typed)


def longest(language: str = "zh_CN") -> Body:
    """Every block at its limit and beyond, every text as long as people write."""
    zh = language == "zh_CN"
    found = {
        "crm": crm(zh, long=True),
        "retrospective": retrospective(zh, long=True),
        "risk": risk(zh, long=True),
        "performance": performance(),
    }
    words = "本季签约受三个大单推迟拖累，但在手商机比上季更扎实；" * 8 if zh else "Three large deals slipped and " * 20
    typed: dict[str, list[Entry]] = {
        "decisions": decisions(zh, 5, long=True),
        "verdicts": [Verdict(id="2026Q3", period="2026Q3", text=words)],
        "commits": [Commit(id="c", period="2026Q4", week="2026-W41", amount=14_500_000)],
        "targets": [Target(id="t", period="2026Q4", amount=15_000_000)],
    }
    stale = {name: [say("new export: {file} ({day:iso})", file=LONG, day=ON)] for name in ("crm", "risk")}
    return made(found, typed, failed=["performance"], stale=stale)


def only_crm(language: str = "zh_CN") -> Body:
    """Hardly any data: one export without expected close dates, nothing typed, no other playbook run."""
    booked = walk({"from_open": {"W1": 144.1, "W2": 100.0}, "opened_and_won": {"N1": 54.0}}, down=False)
    figures = dict(booked.figures("booked")) | {"bookings": figure(298.1, 3, {"W1": 144.1, "W2": 100, "N1": 54})}
    figures |= {
        "before.bookings": figure(308.6, 9),
        "win_rate": rate(0.614, 2047),
        "before.win_rate": rate(0.617, 2032),
    }
    body = {
        "outcome": None,
        "booked": without_rows(booked),
        "closing_day": QUARTER.last,
        "forecast": None,
        "deciding": [],
    }
    return made({"crm": seen(body, figures)}, {})


def nothing(language: str = "zh_CN") -> Body:
    """A project without deals."""
    return made({}, {}, keys=[])


def made(
    found: dict[str, Seen],
    typed: dict[str, list[Entry]],
    failed: list[str] | None = None,
    stale: dict[str, list[Message]] | None = None,
    keys: list[str] | None = None,
    period: Period = QUARTER,
) -> Body:
    known = Known(KEYS if keys is None else keys, typed)
    return quarterly_review.body(period, known, RULES, found, failed or [], stale)  # type: ignore[arg-type]


ALL = {"rich": rich, "longest": longest, "only_crm": only_crm, "nothing": nothing}


def record(body: Body, language: str = "zh_CN", rejected: int = 0) -> records.Record:
    """A record of the body, as `project.save` makes it."""
    figures = dict(body.figures())
    keys = {key for f in figures.values() for key in f.rows}
    why = say("'{text}' is no day. Write it as 2026-09-30.", text="?")
    sources = [
        {
            "file": file,
            "sha256": file,
            "table": table,
            "day": day,
            "dated_by": "name",
            "confirmed": True,
            "rows": 1234,
            "rejected": [(n, "金额", "?", why) for n in range(rejected)] if table == "deals" else [],
        }
        for table, file in (
            ("deals", "商机"),
            ("products", "产品"),
            ("people", "人员"),
            ("contracts", "合同"),
            ("receivables", "应收款"),
            ("payments", "回款"),
        )
        for day in (ON - timedelta(days=7), ON)
    ]
    project = {
        "name": "华东智慧园区" if language == "zh_CN" else "East Smart Park",
        "language": language,
        "currency": "CNY",
        "manager": "王敏",
        "tax": "excluded",
    }
    read = {"sources": [] if body.empty else sources, "not_used": [], "settings": "", "code": ""}
    return records.Record(
        playbook="quarterly_review",
        schema_number=1,
        project=project,
        period="2026Q3",
        first=QUARTER.first,
        last=QUARTER.last,
        as_of=ON,
        read=records.Read.model_validate(read),
        parameters={},
        figures=figures,
        deals={key: dict.fromkeys(records.DEAL_COLUMNS) for key in keys},
        body=records.without_rows(body),
    )
