"""What each number and word of the pages means, from the code: python tests/definitions.py writes docs/definitions*.md.

What the code says of itself (definitions, names, thresholds) is translated by the catalog; the sentences around it
stand here in both languages.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import pandas as pd

from salesplaybook import metrics
from salesplaybook.areas import performance_person, risk, risk_proposed, risk_register
from salesplaybook.areas.retrospective_sentences import STEP_NAMES
from salesplaybook.language import Language
from salesplaybook.limits import ACTIONS, RULES, Rule, Warnings
from salesplaybook.methods import (
    actuals,
    bridge,
    cash,
    exposure,
    fitting,
    forecast,
    noise,
    owed,
    quarters,
    rates,
    today,
    walk,
    warnings,
)
from salesplaybook.names import ROW_NAMES
from salesplaybook.pages.wording import TENTHS, WORDS
from salesplaybook.results import LEVEL

DOCS = Path(__file__).resolve().parents[1] / "docs"
FILES = {"en": DOCS / "definitions.md", "zh_CN": DOCS / "definitions.zh-CN.md"}
METRICS = (
    metrics.pipeline,
    metrics.bookings,
    metrics.win_rate,
    metrics.win_rate_by_value,
    metrics.average_won,
    metrics.velocity,
    metrics.dead_after,
    metrics.dead,
    metrics.longest,
    metrics.never_decided,
)
LIMITS = Warnings()
Pair = tuple[str, str]  # English, Chinese
# When a deal has a warning, and as which of its sentences the page says it.
WHEN: dict[Rule, Pair] = {
    "close_passed": ("The expected close lies before the newest export's day.", "预计成交日期早于最新导出的日期。"),
    "no_activity": (
        f"No activity for longer than in 9 of 10 won deals; with fewer than {warnings.FEW_WON} of them to tell, "
        f"for over {LIMITS.quiet_days} days (`quiet_days`).",
        f"没有跟进的天数超过九成赢单；可参照的赢单不足 {warnings.FEW_WON} 单时，"
        f"超过 {LIMITS.quiet_days} 天（`quiet_days`）。",
    ),
    "stuck": (
        f"In its stage for longer than 9 of 10 won deals were; with fewer than {rates.FEW} of them "
        f"at that stage, for over {LIMITS.stuck_days} days (`stuck_days`). Where the exports don't show how stages "
        "changed: open for longer in all than 9 of 10 won deals.",
        f"在当前阶段的天数超过九成赢单；该阶段可参照的赢单不足 {rates.FEW} 单时，超过 {LIMITS.stuck_days} 天"
        "（`stuck_days`）。导出看不出阶段变化时：总的已开天数超过九成赢单。",
    ),
    "pushed": (
        f"The expected close was moved later at least {LIMITS.pushed} times (`pushed`), from export to export.",
        f"逐次导出比较，预计成交日期往后改了至少 {LIMITS.pushed} 次（`pushed`）。",
    ),
    "step_overdue": (
        "The day of the next step lies before the newest export's day.",
        "下一步的日期早于最新导出的日期。",
    ),
    "no_step": ("Neither a next step nor a day for it.", "既没有下一步，也没有下一步的日期。"),
    "no_amount": ("The amount is empty.", "金额为空。"),
    "no_contact": ("The contact is empty.", "联系人为空。"),
    "no_account": ("The account is empty.", "客户为空。"),
    "dead": (
        "Dead as defined above. Such a deal is never among the five for today.",
        "见上面的疑似僵尸。这样的商机不会进入今天的五单。",
    ),
}
SAID: dict[Rule, tuple[str, str]] = {
    "close_passed": (warnings.PASSED[1], warnings.LATE[1]),
    "no_activity": (warnings.SILENT[1], warnings.QUIET[1]),
    "stuck": (warnings.STOOD[1], warnings.IN_STAGE[1]),
    "pushed": (warnings.PUSHED[1], warnings.PUSHES[1]),
    "step_overdue": (warnings.STEP_LATE[1], warnings.WERE_AHEAD),
    "no_step": ("No next step", warnings.HAD_AT_STAGE),
    "no_amount": ("No amount", warnings.HAD_AT_STAGE),
    "no_contact": ("No contact", warnings.HAD_AT_STAGE),
    "no_account": ("No account", warnings.HAD_AT_STAGE),
    "dead": (warnings.OPEN_FOR[1], warnings.DEAD[1]),
}
BENCHMARKS: dict[forecast.Way, tuple[Pair, Pair]] = {
    "last_quarter": (
        ("Last quarter", "上个季度"),
        ("As much as the last complete quarter brought.", "与上一个完整季度签约额相同。"),
    ),
    "pace": (
        ("Usual pace", "往常进度"),
        (
            "Won so far / the share of their totals that complete quarters had won with as many days left.",
            "至今签约额 ÷ 完整季度在剩余天数相同时已签的比例。",
        ),
    ),
    "model": (
        ("Model", "模型"),
        (
            "The middle of simulated ends: won so far, what open deals bring by their age, and deals not yet opened.",
            "模拟结果的中位数：至今签约额，在手商机按已开天数的成交，加上尚未立项的商机。",
        ),
    ),
}
CASES: dict[str, Pair] = {
    "a": (
        "No won or lost deal has a closing day: no forecast, only what is open and due.",
        "没有一个已定案的商机有成交日期：不作预测，只列在手和应成交。",
    ),
    "b": (
        f"Fewer than {forecast.ENOUGH} complete quarters: last quarter and pace as single numbers, no range; the page "
        "says from which day on there will be one.",
        f"完整季度不足 {forecast.ENOUGH} 个：只给上个季度和往常进度两个数，不给区间；页面写明从哪天起会有。",
    ),
    "c": (
        f"From {forecast.ENOUGH} complete quarters on: a range, from at most the last {quarters.MOST}.",
        f"完整季度满 {forecast.ENOUGH} 个：给出区间，最多用最近 {quarters.MOST} 个季度。",
    ),
    "d": (
        f"As c, and a deal's stage counts where {fitting.CELL} deals at that stage and age were seen in exports of "
        "complete quarters.",
        f"同 c；某阶段、某天数段在完整季度的导出里见过 {fitting.CELL} 单以上时，阶段也计入。",
    ),
}

PROPOSED: tuple[tuple[Pair, Pair], ...] = (
    (
        ("One customer", "一家客户"),
        (
            f"Over {risk_proposed.CUSTOMER:.0%} of what is due in the quarter, or of the bookings.",
            f"占本季应成交、或签约额的 {risk_proposed.CUSTOMER:.0%} 以上。",
        ),
    ),
    (("Overdue cash", "逾期"), ("Any receivable past its day.", "有应收过了到期日。")),
    (
        ("One person", "一个人"),
        (
            "Over a third of the bookings of the last four quarters, by somebody who is still there, in a team of at "
            f"least {risk_proposed.SELLERS} sellers; neither a name nor an amount is said.",
            f"占近四季签约额的三分之一以上，人还在岗，且团队至少 {risk_proposed.SELLERS} 名销售；"
            "不写名字，也不写金额。",
        ),
    ),
    (
        ("Dead pipeline", "僵尸商机"),
        (
            f"Dead deals hold at least {risk_proposed.DEAD:.0%} of the open amount.",
            f"僵尸商机占在手金额的 {risk_proposed.DEAD:.0%} 以上。",
        ),
    ),
    (
        ("One contact", "一个联系人"),
        (
            f"All deals of a customer, at least {risk_proposed.FEW_CONTACT}, name one contact, and at least "
            f"{risk_proposed.CONTACT:.0%} of the open amount is theirs.",
            f"一家客户的商机（至少 {risk_proposed.FEW_CONTACT} 单）都是同一个联系人，且占在手金额的 "
            f"{risk_proposed.CONTACT:.0%} 以上。",
        ),
    ),
    (
        ("No next step", "没有下一步"),
        (
            f"Expected to close within {risk_proposed.SOON.days} days, without a next step.",
            f"{risk_proposed.SOON.days} 天内应成交，没有下一步。",
        ),
    ),
)


def document(code: str) -> str:
    """The definitions in one language, as Markdown."""
    say = Language(code)

    def own(english: str, chinese: str) -> str:
        return chinese if say.chinese else english

    def of(pair: Pair) -> str:
        return own(*pair)

    blocks = [
        own("# Definitions", "# 口径"),
        own(
            "Made from the code by `python tests/definitions.py`: what stands here is what is computed.",
            "由 `python tests/definitions.py` 从代码生成：写的就是算的。",
        ),
        own("## Figures", "## 指标"),
        _table(_named(say(metrics.definition(m))) for m in METRICS),
        own(
            f"A rate takes at least {rates.FEW} deals. Ranges hold {LEVEL * 10:.0f} times in 10. Amounts are exact to "
            "the cent; where a number can't be said, the page says why.",
            f"比率至少要有 {rates.FEW} 单。区间十次里有{'一二三四五六七八九'[round(LEVEL * 10) - 1]}次落在其中。"
            "金额精确到分；给不出的数，页面写明原因。",
        ),
        own("## What changed", "## 变化"),
        own(
            "From the opening to the closing, every deal goes exactly one way, so the rows add up, by count and to "
            "the cent.",
            "从期初到期末，每个商机只走一条路，所以各行相加，单数和金额分文不差。",
        ),
        _table(
            [
                (own("Opening", "期初"), "", say(walk.OPENING)),
                *_rows(say),
                (own("Closing", "期末"), "", say(walk.CLOSING)),
            ]
        ),
        own("Listed below the table, in no row:", "列在表下，不计入任何一行："),
        "\n".join(f"- {say(text)}" for text in _listed()),
        own("## What became of what was due", "## 期初应成交的去向"),
        _table((say(ROW_NAMES[name]), say(text)) for name, text in walk.WAYS.items()),
        own("## Where bookings came from", "## 签约额从哪里来"),
        _table((say(ROW_NAMES[name]), say(text)) for name, text in walk.SOURCES.items()),
        own("## Warnings", "## 提醒"),
        own(
            "The gravest first. A warning about a column stands only where the export has that column for some open "
            f"deal. 'Handled' hides a deal for {LIMITS.handled_days} days (`handled_days`). Thresholds stand in "
            "project.yaml under `warnings`, suggestions under `actions`.",
            f"重的在前。关于某一列的提醒，只在导出里有这一列时才有。勾了“已处理”的商机 {LIMITS.handled_days} 天内"
            "不再出现（`handled_days`）。界限在 project.yaml 的 `warnings` 里改，建议在 `actions` 里改。",
        ),
        _table(
            (
                (
                    f"`{rule}`",
                    _sample(say, SAID[rule][0], 42),
                    of(WHEN[rule]),
                    _sample(say, SAID[rule][1], 21),
                    _action(rule, say),
                )
                for rule in RULES
            ),
            own("in project.yaml", "project.yaml 里"),
            own("on the page, for example", "页面上，例如"),
            own("when", "什么时候"),
            own("beside it, what is usual", "旁边的常见值"),
            own("suggested", "建议"),
        ),
        own("## Data to mend", "## 待补数据"),
        _table((say(text), say(today.HOW[fault])) for fault, text in today.MEANS.items()),
        own("## Forecast", "## 预测"),
        own(
            "What will be won by the end of the quarter. Past quarters are looked at with as many days left as now. "
            "The headline is the one of the three that would have been nearest in past quarters.",
            "到季末一共会签多少。以往季度都看剩余天数相同的那一天。三个数里，以往季度误差最小的放在最前。",
        ),
        _table((of(name), of(text)) for name, text in BENCHMARKS.values()),
        _table((f"({case})", of(text)) for case, text in CASES.items()),
        own("Chances in words and tenths, never 0 or 1:", "把握用文字和十分之几写，不写 0 或 1："),
        _table(((_up_to(limit, say), say(word)) for limit, word in WORDS), own("chance", "概率"), own("word", "说法")),
        own(f"Tenths: {say.list([say(t) for t in TENTHS])}.", f"十分之几：{say.list([say(t) for t in TENTHS])}。"),
        own("## Cash", "## 回款"),
        _table(_cash(say, own)),
        own("## From one quarter's bookings to the next", "## 签约额从上季到本季"),
        own(
            "Volume, mix and price by product (else region, department, source): the mean over every order of the "
            "three steps (Shapley), in whole cents, so that they sum exactly.",
            "按产品（没有就按区域、部门、来源）拆成单数、结构、平均金额：取三步各种先后次序的平均（Shapley），"
            "以分为单位，相加分文不差。",
        ),
        _table((say(STEP_NAMES[step]), say(bridge.DEFINITIONS[step])) for step in STEP_NAMES),
        own("## Receivables at a quarter's end", "## 季末应收"),
        _table(
            (own(*name), say(owed.DEFINITIONS[key]))
            for key, name in (
                ("total", ("Unpaid", "未收")),
                ("overdue", ("Overdue", "逾期")),
                ("over_90", ("Over 90 days", "90 天以上")),
                ("due_next", ("Due next quarter", "下季应回")),
            )
        ),
        own("## Risks", "## 风险"),
        _table(_risks(say, own)),
        own("Proposed from the data, to accept or dismiss:", "由数据提出，供采纳或舍弃："),
        _table((own(*name), own(*text)) for name, text in PROPOSED),
        own("## What a quarter brought", "## 一个季度带来什么"),
        _table(_named(say(actuals.DEFINITIONS[name])) for name in actuals.METRICS),
        own(
            f"A number is called usual where it lies within what the quarters before let one expect of the next, 19 "
            f"times in 20 (prediction interval of a normal sample); with fewer than {actuals.FEW} of them, or while "
            "the quarter runs, nothing is said. There is no number of a quarter whose end the newest list, or export, "
            f"is more than {actuals.GRACE} days before, no margin where the cost of under {actuals.COSTED:.0%} of the "
            "won amount is known, and no new customers in the first year on record.",
            f"某数落在以往各季所能预期的下一季范围内（20 次里 19 次，正态样本的预测区间）就称“正常”；以往不足 "
            f"{actuals.FEW} 个季度、或本季未结束时不下判断。最新的清单或导出比季末早 {actuals.GRACE} 天以上时不给数字；"
            f"知道成本的不到赢单金额的 {actuals.COSTED:.0%} 时不给毛利率；记录的第一年内不给新客户数。",
        ),
        own("## Performance", "## 绩效"),
        _table(_performance(say, own)),
    ]
    return "\n\n".join(blocks) + "\n"


def _risks(say: Language, own: Callable[[str, str], str]) -> Iterator[tuple[str, str]]:
    yield from (_named(say(text)) for name, text in risk.DEFINITIONS.items() if name.startswith("expected"))
    yield (
        own("**Loss if it happens**", "**发生时的损失**"),
        own(
            "From low to high by PERT (beta, lambda 4), mean (low + 4 likely + high) / 6; of low and high alone a "
            "lognormal loss with these as its 90 % interval, as in FAIR.",
            "从低到高按 PERT（贝塔分布，λ = 4），平均为（低 + 4 × 最可能 + 高）÷ 6；只有低和高时为对数正态，"
            "两者为其 90% 区间，同 FAIR。",
        ),
    )
    yield (
        own("**1 quarter in 10 over**", "**十个季度里有一个超过**"),
        own(
            f"P90 of the sum in {exposure.DRAWS:,} draws with one common factor, correlation {exposure.RHO}: each risk "
            "keeps its chance, a bad quarter brings several at once. The worst tenth is what lies beyond.",
            f"合计的 P90，模拟 {exposure.DRAWS:,} 次，含一个共同因素，相关系数 {exposure.RHO}：各风险概率不变，"
            "坏的季度会几个一起来。“最坏一成”指超过它的部分。",
        ),
    )
    yield (
        own("**Came true**", "**是否发生**"),
        own(
            f"Of settled risks, how many came true, beside the sum of their chances; from {risk_register.FEW} on.",
            f"已了结的风险里发生了几个，旁边是各概率之和；满 {risk_register.FEW} 个才评判。",
        ),
    )


def _performance(say: Language, own: Callable[[str, str], str]) -> Iterator[tuple[str, str]]:
    yield _named(say(performance_person.CYCLE))
    yield _named(say(performance_person.MADE))
    yield own("**Open**", "**在手**"), say(performance_person.OPEN)
    yield (
        own("**Stands out**", "**高于或低于随机**"),
        own(
            f"Won deals against those of all others by Fisher's exact test (mid-p), and amounts by permutation within "
            f"a product; over the whole team, of teams of equals at most {noise.ALPHA:.0%} have anybody called "
            "different (Holm).",
            f"赢单数与其他人相比用 Fisher 精确检验（mid-p），金额在同一产品内做置换检验；就整个团队而言，"
            f"水平相同的团队里至多 {noise.ALPHA:.0%} 会有人被误认为不同（Holm）。",
        ),
    )
    yield (
        own("**The smallest difference that shows**", "**看得出来的最小差别**"),
        own(
            f"The win rate at which that test finds a person {noise.POWER * 10:.0f} times in 10.",
            f"该检验 10 次里有 {noise.POWER * 10:.0f} 次能看出来的赢单率。",
        ),
    )
    yield (
        own("**Score**", "**得分**"),
        own(
            "What was reached of each part times its weight in project.yaml, over the weights of the parts that have "
            "data (under half of all weights: no score); for oneself only, never to compare two people.",
            "各项达成乘以 project.yaml 里的权重，除以有数据各项的权重之和（不足全部权重一半时不给分）；"
            "只用来看自己，不比较两个人。",
        ),
    )


def _table(rows: Iterable[tuple[str, ...]], *heads: str) -> str:
    """A Markdown table; without heads their row stays empty."""
    cells = list(rows)
    heads = heads or ("",) * len(cells[0])
    lines = [heads, ("---",) * len(heads), *cells]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _named(definition: str) -> tuple[str, str]:
    """'Name: what it means' as two cells."""
    name, text = re.split("[:：] ?", definition, maxsplit=1)
    return f"**{name}**", text


def _rows(say: Language) -> Iterator[tuple[str, str, str]]:
    for name, (counts, text) in walk.ROWS.items():
        yield say(ROW_NAMES[name]), {1: "+", -1: "−", 0: "±"}[counts], say(text)


def _listed() -> list[str]:
    """What walks list beside their rows: LISTED, and what `due` and `_listed` define themselves."""
    found = [text for text, _ in walk.LISTED.values()]
    for function in (walk.due, walk._listed):
        for node in ast.walk(ast.parse(inspect.getsource(function))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "defined":
                found.append(ast.literal_eval(node.args[0]))
    return found


def _sample(say: Language, text: str, days: int) -> str:
    n = days // 10 if text in (warnings.PUSHED[1], warnings.PUSHES[1]) else days
    return say(text, n=n, k=8, stage=say("stage"))


def _action(rule: Rule, say: Language) -> str:
    if rule not in ACTIONS:
        return ""
    text, days = ACTIONS[rule]
    if say.chinese:
        by = f"{days} 个工作日内" if days else "当天"
        return f"{say(text)}（{by}）"
    by = "today" if not days else "within 1 working day" if days == 1 else f"within {days} working days"
    return f"{say(text)} ({by})"


def _up_to(limit: float, say: Language) -> str:
    if limit > 1:
        return "95–100%"
    return f"{'低于' if say.chinese else 'under'} {limit:.0%}"


def _cash(say: Language, own: Callable[[str, str], str]) -> Iterator[tuple[str, str]]:
    """The sums of `methods.cash`, from one invoice."""
    invoice = {"contract": "1", "account": "A", "owner": "", "due": pd.Timestamp(2026, 9, 1), "amount": 1, "unpaid": 1}
    found = cash.due(pd.DataFrame([invoice]), date(2026, 9, 21), date(2026, 9, 21))
    assert found
    yield own("Due this week", "本周应回"), say(found.due.definition)
    yield own("Overdue", "逾期"), say(found.overdue.definition)
    yield own("New", "新增逾期"), say(found.newly.definition)
    yield own("Over 90 days", "90 天以上"), say(found.over_90.definition)


if __name__ == "__main__":
    for code, path in FILES.items():
        path.write_text(document(code), "utf-8")
