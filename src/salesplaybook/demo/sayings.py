"""What the demo's managers type by hand: notes, reasons and actions of their own, in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Says:
    """handled: notes beside a ticked deal; moved: why a promise is late; own: actions that no draft proposed."""

    handled: tuple[str, ...]
    moved: tuple[str, ...]
    own: tuple[str, ...]


CHINESE = Says(
    handled=(
        "通过电话，等对方月底内部审批",
        "客户周四上会，会后再跟",
        "已约下周二上门，方案带过去",
        "报价已调，等采购回复",
        "换了对接人，本周先摸清情况",
        "技术澄清做完，等招标公告",
        "负责人昨天见过，两周内有结果",
    ),
    moved=(
        "客户出差，改到下周",
        "合同还在法务",
        "样机没到，顺延",
        "对方财务月底结账，下周再约",
        "方案要补一版预算",
        "评审会推迟",
    ),
    own=(
        "和团队复盘上周输的单",
        "把本季应成交的单逐个过一遍",
        "跟财务核一遍逾期应收",
        "约伙伴谈下季度的联合拜访",
        "给新同事分三个老客户",
        "更新报价模板里的付款条款",
    ),
)
ENGLISH = Says(
    handled=(
        "Spoke on the phone, their approval comes at month end",
        "On their board's agenda for Thursday, we call after it",
        "Site visit agreed for next Tuesday",
        "New quote is out, purchasing answers this week",
        "New contact person, finding out who decides",
        "Technical questions answered, waiting for the tender",
        "Met them yesterday, answer within two weeks",
    ),
    moved=(
        "Customer is travelling, next week",
        "Still with their lawyers",
        "Demo unit has not arrived",
        "Their finance closes the month, we call again after it",
        "They want a second version of the budget",
        "Review meeting was put off",
    ),
    own=(
        "Go through last week's lost deals with the team",
        "Walk through every deal that is due this quarter",
        "Check overdue invoices with finance",
        "Agree on joint visits with the partner",
        "Hand three existing customers to the new colleague",
        "Update payment terms in the quote template",
    ),
)
