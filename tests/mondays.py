"""Mondays made up for tests of the page: its body and its record, without a project behind them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from salesplaybook import records
from salesplaybook.areas.weekly import Body
from salesplaybook.limits import RULES
from salesplaybook.results import Figure, Walk, say

MONDAY = date(2026, 9, 21)
WAN = 10_000 * 100  # cents
PEOPLE = ["陈静", "何涛", "李娜", "刘洋", "孙磊", "吴芳", "张伟", "周强"]
ENGLISH = ["Chen Jing", "He Tao", "Li Na", "Liu Yang", "Sun Lei", "Wu Fang", "Zhang Wei", "Zhou Qiang"]
LONG = "Extraordinarily Long-Named Industrial Automation and Robotics Park of the Greater Bay Area, Phase II"
COUNTS = {"new": 1, "returned": 1, "pulled_in": 1, "grown": 0, "shrunk": 0}


def figure(cents: int | None, n: int = 1, rows: dict[str, int] | None = None, what: str = "made up") -> Figure:
    reason = say("no amounts") if cents is None else None
    return Figure(definition=what, value=cents, reason=reason, n=n, rows=rows or {})


def walk(opening: tuple[int, int], steps: dict[str, tuple[int, int]], withheld: bool = False) -> Walk:
    """A walk in 万: row -> (deals, signed amount); it sums by itself."""
    n, amount, made = *opening, []
    for name, (deals, change) in steps.items():
        counts = COUNTS.get(name, -1)
        n, amount = n + counts * deals, amount + change
        size = round((change if counts == 0 else change * counts) * WAN)
        rows = {f"{name}-{i}": round(size / deals) for i in range(deals)}
        made.append({"name": name, "counts": counts, "figure": figure(size, deals, rows)})
    return Walk.model_validate(
        {
            "opening": figure(opening[1] * WAN, opening[0]),
            "steps": made,
            "closing": figure(round(amount * WAN), n),
            "withheld": say("The amounts of the opening are not known.") if withheld else None,
        }
    )


STOCK = {"new": (6, 210), "won": (2, -85), "lost": (1, -40), "void": (1, -15), "grown": (1, 12), "shrunk": (2, -25)}
DUE = {"new": (2, 48), "pulled_in": (1, 30), "won": (2, -85), "lost": (1, -40), "slipped": (3, -160), "grown": (1, 12)}
DUE |= {"shrunk": (1, -15)}


def rich(language: str = "zh_CN", **changed: Any) -> Body:
    """The invented week of the pictures, with everything."""
    zh = language == "zh_CN"
    people = PEOPLE if zh else ENGLISH
    names = (
        ["滨江一期", "云谷", "科创园二期", "港口数据中心", "地铁车辆段"]
        if zh
        else ["Riverside I", "Cloud Valley", "Science Park II", "Harbour Data Centre", "Metro Depot"]
    )
    whys = [
        [
            ("close_passed", say("Close date passed {n:count} days ago", n=9), None),
            ("pushed", say("Pushed {n:count} times", n=3), say("usual: 9 of 10 won deals were pushed at most once")),
        ],
        [
            (
                "no_activity",
                say("No activity for {n:count} days", n=32),
                say("usual: at most {n:count} days in 9 of 10 won deals", n=12),
            )
        ],
        [("no_step", say("No next step"), say("{k} of 10 won deals had one at this stage", k=8))],
        [
            (
                "stuck",
                say("{n:count} days in {stage}", n=41, stage="报价" if zh else "quotation"),
                say("usual: {n:count} days in won deals at this stage", n=18),
            )
        ],
        [("no_contact", say("No contact"), say("{k} of 10 won deals had one", k=9))],
    ]
    dos = [
        "Set a new date and a next step, or close it",
        "Meet the customer",
        "Agree on a next step",
        "Ask what the decision waits for",
        "Find out who decides",
    ]
    who = [people[i] for i in (6, 2, 1, 4, 7)]
    days = [0, 2, 1, 1, 2]
    amounts = [120, 95, 46, 42, 38]
    deals = [
        {
            "deal": f"D{i}",
            "name": names[i],
            "account": ["滨江开发集团", "云谷科技", "", "", "地铁集团"][i]
            if zh
            else ["Riverside Group", "", None, "Port", "Metro"][i],
            "owner": who[i],
            "figure": figure(amounts[i] * WAN, 1, {f"D{i}": amounts[i] * WAN}),
            "at_list_price": i == 2,
            "chance": 0.4,
            "warnings": [{"rule": r, "said": s, "usual": u} for r, s, u in whys[i]],
            "do": say(dos[i]),
            "by": MONDAY + timedelta(days=days[i]),
        }
        for i in range(5)
    ]
    promised = (
        ["云谷标书初稿", "地铁车辆段报价", "科创园踏勘"]
        if zh
        else ["Bid draft, Cloud Valley", "Quotation, Metro Depot", "Site survey, Science Park II"]
    )
    promises: list[dict[str, Any]] = [
        {
            "id": "a",
            "what": promised[0],
            "who": people[2],
            "due": date(2026, 9, 17),
            "was_due": date(2026, 9, 17),
            "state": "overdue",
            "days_late": 4,
        },
        {
            "id": "b",
            "what": promised[1],
            "who": people[7],
            "due": date(2026, 9, 18),
            "was_due": date(2026, 9, 18),
            "state": "overdue",
            "days_late": 3,
        },
        {
            "id": "c",
            "what": promised[2],
            "who": people[1],
            "due": date(2026, 9, 24),
            "was_due": date(2026, 9, 18),
            "state": "moved",
        },
    ]
    promises += [
        {"id": f"d{i}", "what": "x", "who": people[0], "due": MONDAY, "was_due": MONDAY, "state": "done"}
        for i in range(5)
    ]
    payers = ["湖滨学校", "海关货场", "华新置业"] if zh else ["Lakeside School", "Customs Yard", "Huaxin Property"]
    cash = {
        "due": figure(120 * WAN, 2),
        "overdue": figure(310 * WAN, 8),
        "newly": figure(35 * WAN, 1),
        "over_90": figure(120 * WAN, 2),
        "as_of": date(2026, 9, 20),
        "rows": [
            {
                "kind": "due",
                "account": payers[0],
                "contract": "HT-17",
                "owner": people[3],
                "amount": 75 * WAN,
                "due": date(2026, 9, 22),
            },
            {
                "kind": "due",
                "account": payers[1],
                "contract": "HT-22",
                "owner": people[5],
                "amount": 45 * WAN,
                "due": date(2026, 9, 24),
            },
            {
                "kind": "new",
                "account": payers[2],
                "contract": "HT-09",
                "owner": people[0],
                "amount": 35 * WAN,
                "due": date(2026, 9, 18),
            },
        ],
        "older_n": 7,
        "older": 275 * WAN,
    }
    said = [
        (118, 150, 150, 130),
        (96, 128, 128, 98),
        (142, 205, 215, 190),
        (131, 160, 160, 122),
        (74, 104, 110, 70),
        (109, 135, 135, 133),
        (158, 238, 272, 201),
        (87, 120, 130, 97),
    ]
    owners = [
        {"owner": p, "won": w * WAN, "commit": c * WAN, "before": b * WAN, "last_quarter": q * WAN}
        for p, (w, c, b, q) in zip(people, said, strict=True)
    ]
    forecast = {
        "period": "2026Q3",
        "last": date(2026, 9, 30),
        "made_on": MONDAY,
        "days_left": 10,
        "case": "c",
        "won": 915 * WAN,
        "p10": 1090 * WAN,
        "p50": 1215 * WAN,
        "p90": 1350 * WAN,
        "of_open": 250 * WAN,
        "of_new": 50 * WAN,
        "due": 640 * WAN,
        "due_n": 29,
        "usual_share": 0.74,
        "quarters": ["2025Q4", "2026Q1", "2026Q2"],
        "rebuilt": True,
        "benchmarks": [
            {"name": "last_quarter", "value": 1140 * WAN, "errors": [0.11, -0.2, 0.08]},
            {"name": "pace", "value": 1236 * WAN, "errors": [0.05, -0.1, 0.02]},
            {"name": "model", "value": 1215 * WAN, "errors": [0.04, -0.07, 0.02]},
        ],
        "headline": "model",
        "target": 1284 * WAN,
        "chance": 0.27,
    }
    mend = [
        ("no_amount", 3, 0.014, False, "enter it, or void"),
        ("close_passed", 11, 0.051, False, "new date, or lost"),
        ("dead", 37, 0.31, True, "close, or say why not"),
    ]
    which = {
        "stock.new": say(
            "{first} {a:money}, {second} {b:money}, {n:count} more",
            first=names[3],
            a=68 * WAN,
            second=names[4],
            b=46 * WAN,
            n=4,
        ),
        "stock.won": say(
            "{first} {a:money}, {second} {b:money}", first=payers[0], a=50 * WAN, second=payers[1], b=35 * WAN
        ),
        "stock.lost": say("{first} {a:money}", first=names[0], a=40 * WAN),
        "stock.void": say("{first} {a:money}", first=names[1], a=15 * WAN),
        "due.slipped": say(
            "{first} {a:money}, {second} {b:money}, {n:count} more",
            first=names[0],
            a=78 * WAN,
            second=names[1],
            b=52 * WAN,
            n=1,
        ),
        "due.pulled_in": say("{first} {a:money}", first=names[2], a=30 * WAN),
        "stock.grown": say("{first} {a:money}", first=names[2], a=12 * WAN),
        "stock.shrunk": say(
            "{first} {a:money}, {second} {b:money}", first=names[2], a=15 * WAN, second=names[3], b=10 * WAN
        ),
    }
    values: dict[str, Any] = {
        "title": [
            say(
                "See to {deal} today and {other} by {day:weekday}:",
                deal=names[0],
                other=names[1],
                day=date(2026, 9, 23),
            ),
            say("with what usually comes in we end {gap:money} short of target", gap=69 * WAN),
        ],
        "lead": [
            say(
                "Won **{won:money} of {target:money}** ({share:percent}; earlier quarters had {usual:percent} of "
                "theirs by now).",
                won=915 * WAN,
                target=1284 * WAN,
                share=0.7126,
                usual=0.74,
            ),
            say("**{gap:money} to go**.", gap=369 * WAN),
            say(
                "{due:money} is due this quarter; of all that is open about {part:money} usually comes in by its end.",
                due=640 * WAN,
                part=250 * WAN,
            ),
        ],
        "titles": {
            "changes": say(
                "What changed: {slipped:money} slipped out of the quarter, {won:money} was won",
                slipped=160 * WAN,
                won=85 * WAN,
            ),
            "deals": say("{n:count} deals for today hold {total:money}", n=5, total=341 * WAN),
            "promises": say(
                "Promises: {done:count} of {all:count} done, {overdue:count} overdue, {moved:count} moved",
                done=5,
                all=8,
                overdue=2,
                moved=1,
            ),
            "cash": say(
                "Cash: {due:money} due this week; {overdue:money} overdue, {new:money} of it new",
                due=120 * WAN,
                overdue=310 * WAN,
                new=35 * WAN,
            ),
            "commit": say("Commit {value:money}, down {by:money}", value=1240 * WAN, by=60 * WAN),
            "mend": say("Data to mend: {n:count} of {all:count} open deals look dead", n=37, all=214),
        },
        "monday": MONDAY,
        "told_on": MONDAY,
        "compared": date(2026, 9, 14),
        "quarter": "2026Q3",
        "quarter_last": date(2026, 9, 30),
        "days_left": 10,
        "working_days": 7,
        "holidays": {"2026-09-25": "中秋节"},
        "before_quarter": "2026Q2",
        "won": figure(915 * WAN, 18, {"W1": 500 * WAN, "W2": 415 * WAN}, "booked in the period so far"),
        "won_week": figure(85 * WAN, 2),
        "target": 1284 * WAN,
        "forecast": forecast,
        "stock": walk((212, 2783), STOCK),
        "due": walk((32, 850), DUE),
        "which": which,
        "deals": deals,
        "candidates": 23,
        "promises": promises,
        "cash": cash,
        "commit": 1240 * WAN,
        "commit_before": 1300 * WAN,
        "owners": owners,
        "open_n": 214,
        "mend": [
            {
                "rule": r,
                "figure": figure(0, n, {f"D{i}": 0 for i in range(min(n, 5))}),
                "share": s,
                "by_amount": a,
                "how": say(h),
            }
            for r, n, s, a, h in mend
        ],
        "drafts": [
            {
                "id": f"x{i}",
                "deal": f"D{i}",
                "what": say("{deal}: {do:text}", deal=names[i], do=dos[i]),
                "who": who[i],
                "due": MONDAY + timedelta(days=days[i]),
            }
            for i in range(3)
        ]
        + [
            {
                "id": "m",
                "deal": "",
                "what": say("Re-date or close the {n:count} deals past their date", n=11),
                "who": "",
                "due": date(2026, 9, 24),
            }
        ],
        "agreed": [{"id": "g", "what": promised[0], "who": people[2], "due": date(2026, 9, 22), "done": False}],
        "notes": [say("Open deals without an amount, counted 0: {n:count}.", n=3)],
    }
    return Body.model_validate(values | changed)


def empty(language: str = "zh_CN") -> Body:
    return Body(
        title=[say("No deals yet: put an export into data/")],
        notes=[
            say(
                "Export the deals from the CRM as Excel or CSV and put the file into the folder data/, under any name."
            ),
            say("Run the playbook again: salesplaybook run {playbook}", playbook="weekly"),
        ],
    )


def one_deal(language: str = "zh_CN") -> Body:
    """A first export with one open deal: nothing to compare with, no target, nothing typed."""
    body = rich(language)
    return body.model_copy(
        update={
            "title": [say("No deal needs anybody today:"), say("{value:money} won in the quarter so far", value=0)],
            "lead": [say("Won **{won:money}** in the quarter so far.", won=0)],
            "titles": {
                "changes": say("What changed: {came:count} came, {left:count} left", came=1, left=0),
                "deals": say("No deal with a warning that can be mended"),
                "promises": say("Promises: none from last week"),
                "commit": say("No commit yet this week"),
                "mend": say("Data to mend: none"),
            },
            "compared": None,
            "rebuilt": True,
            "target": None,
            "forecast": None,
            "due": None,
            "won": figure(0, 0),
            "stock": walk((0, 0), {"new": (1, 12)}),
            "which": {"stock.new": say("{first} {a:money}", first="滨江一期", a=12 * WAN)},
            "deals": [],
            "candidates": 0,
            "promises": [],
            "cash": None,
            "commit": None,
            "commit_before": None,
            "open_n": 1,
            "owners": [
                body.owners[0].model_copy(update={"won": 0, "commit": None, "before": None, "last_quarter": None})
            ],
            "mend": [],
            "drafts": [],
            "agreed": [],
            "holidays": {},
            "notes": [],
        }
    )


def thirty_owners(language: str = "zh_CN") -> Body:
    """As Maven's: eight owners by name and the rest as a line."""
    body = rich(language)
    rest = body.owners[0].model_copy(
        update={
            "owner": "",
            "people": 22,
            "won": 1514 * WAN,
            "commit": 1896 * WAN,
            "before": 1915 * WAN,
            "last_quarter": 2000 * WAN,
        }
    )
    return body.model_copy(update={"owners": [*body.owners, rest]})


def longest(language: str = "zh_CN") -> Body:
    """Everything there is, with names that nobody wants: the page that is hardest to fit."""
    body = thirty_owners(language)
    name = (
        "大湾区工业自动化与机器人产业园二期智能制造示范基地综合布线及安防系统集成改造项目"
        if language == "zh_CN"
        else LONG
    )
    every = {
        "new": (6, 210),
        "returned": (2, 31),
        "won": (2, -85),
        "lost": (1, -40),
        "void": (1, -15),
        "on_hold": (1, -8),
    }
    every |= {"vanished": (1, -3), "grown": (1, 12), "shrunk": (2, -25)}
    due = every | {"pulled_in": (1, 30), "slipped": (3, -160)}
    ordered = [
        "new",
        "returned",
        "pulled_in",
        "won",
        "lost",
        "void",
        "on_hold",
        "vanished",
        "slipped",
        "grown",
        "shrunk",
    ]
    stock = walk((212, 2783), every).model_copy(update={"listed": {"undated": figure(0, 11), "late": figure(0, 3)}})
    rules = ("no_amount", "close_passed", "no_account", "no_owner", "no_created", "dead")
    return body.model_copy(
        update={
            "title": [
                say("See to {deal} today and {other} by {day:weekday}:", deal=name, other=name, day=date(2026, 9, 23)),
                body.title[1],
            ],
            "stock": stock,
            "due": walk((32, 850), {n: due[n] for n in ordered}).model_copy(
                update={"listed": {"pushed": figure(0, 14)}}
            ),
            "which": {
                f"{p}.{n}": say(
                    "{first} {a:money}, {second} {b:money}, {n:count} more",
                    first=name,
                    a=68 * WAN,
                    second=name,
                    b=46 * WAN,
                    n=4,
                )
                for p in ("stock", "due")
                for n in ordered
            },
            "deals": [
                d.model_copy(
                    update={
                        "name": name,
                        "account": name,
                        "owner": name,
                        "at_list_price": True,
                        "do": say("{text}", text=name),
                        "warnings": [
                            w.model_copy(update={"said": say("{n:count} days in {stage}", n=41, stage=name)})
                            for w in d.warnings * 2
                        ],
                    }
                )
                for d in body.deals
            ],
            "promises": [p.model_copy(update={"what": name, "who": name}) for p in body.promises * 3],
            "owners": [o.model_copy(update={"owner": o.owner and name}) for o in body.owners],
            "mend": [body.mend[-1].model_copy(update={"rule": r}) for r in rules],
            "drafts": [
                d.model_copy(update={"what": say("{deal}: {do:text}", deal=name, do=name), "who": name})
                for d in (body.drafts * 2)[:6]
            ],
            "agreed": [a.model_copy(update={"what": name, "who": name}) for a in body.agreed * 9],
            "notes": [
                *body.notes,
                say("Won or lost deals without a closing day, in no rate: {n:count}.", n=8),
                say("Open deals without an amount, counted at list price: {n:count}.", n=9),
            ],
        }
    )


def first_week(language: str = "zh_CN") -> Body:
    """The first week of a quarter, in case b: single benchmarks, and the last quarter's final."""
    body = rich(language)
    assert body.forecast
    told = body.forecast.model_copy(
        update={
            "case": "b",
            "p10": None,
            "p50": None,
            "p90": None,
            "of_open": None,
            "of_new": None,
            "chance": None,
            "headline": "pace",
            "withheld": say("a range takes {few} complete quarters; so far: {n:count}", few=3, n=2),
            "range_from": date(2027, 1, 1),
            "benchmarks": body.forecast.benchmarks[:2],
        }
    )
    return body.model_copy(
        update={
            "forecast": told,
            "first_week": True,
            "final": figure(1140 * WAN, 21),
            "commit": None,
            "commit_skipped": True,
        }
    )


def undated(language: str = "zh_CN") -> Body:
    """Most wins have no closing day: what is won can't be told, and there is a commit."""
    body = rich(language)
    why = say("{blank:count} of {n:count} won deals have no closing day", blank=6, n=8)
    assert body.forecast
    nothing = {"p10": None, "p50": None, "p90": None, "of_open": None, "of_new": None, "chance": None, "benchmarks": []}
    return body.model_copy(
        update={
            "title": [
                body.title[0],
                say("what is won so far can't be told"),
            ],
            "lead": [
                say(
                    "**What is won can't be told**: {blank:count} of {n:count} won deals have no closing day.",
                    **why.values,
                )
            ],
            "won": Figure(definition="made up", reason=why, n=8),
            "owners": [row.model_copy(update={"won": None, "last_quarter": None}) for row in body.owners],
            "forecast": body.forecast.model_copy(
                update=nothing | {"case": "a", "headline": None, "usual_share": None, "target": None, "withheld": why}
            ),
        }
    )


def cut(language: str = "zh_CN") -> Body:
    """One person's."""
    body = rich(language)
    owner = body.owners[6].owner
    return body.model_copy(
        update={
            "owner": owner,
            "deals": body.deals[:1],
            "promises": body.promises[:2],
            "cash": None,
            "forecast": None,
            "owners": [body.owners[6]],
            "mend": [],
            "drafts": [],
            "title": [
                say("{owner}: {n:deals} to look at today,", owner=owner, n=1),
                say("{value:money} won in the quarter so far", value=158 * WAN),
            ],
        }
    )


def record(body: Body, language: str = "zh_CN", rows: int = 1234) -> records.Record:
    """A record of the body, as `project.save` makes it."""
    figures = dict(body.figures())
    keys = {key for f in figures.values() for key in f.rows}
    source = {
        "file": "商机 2026-09-21.xlsx",
        "sha256": "0",
        "table": "deals",
        "day": MONDAY,
        "dated_by": "name",
        "confirmed": True,
        "rows": rows,
    }
    paid = source | {"file": "应收 2026-09-20.xlsx", "table": "receivables", "day": date(2026, 9, 20), "rows": 139}
    project = {
        "name": "华东智慧园区" if language == "zh_CN" else "East Smart Park",
        "language": language,
        "currency": "CNY",
        "manager": "王敏",
        "tax": "excluded",
    }
    return records.Record(
        playbook="weekly",
        schema_number=1,
        project=project,
        period="2026-W39",
        first=date(2026, 9, 14),
        last=date(2026, 9, 20),
        as_of=MONDAY,
        audience="person" if body.owner else "group",
        owner=body.owner,
        read=records.Read.model_validate(
            {"sources": [source, paid] if body.stock else [], "not_used": [], "settings": "", "code": ""}
        ),
        parameters={},
        figures=figures,
        deals={key: dict.fromkeys(records.DEAL_COLUMNS) for key in keys},
        body=records.without_rows(body),
    )


ALL = {
    "rich": rich,
    "empty": empty,
    "one": one_deal,
    "thirty": thirty_owners,
    "longest": longest,
    "first week": first_week,
    "cut": cut,
    "undated": undated,
}
assert set(RULES)
