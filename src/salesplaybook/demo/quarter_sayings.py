"""What the demo's managers, and their people, type into a quarter's forms, in both languages; some of it is long."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Talk:
    """What a person writes and promises, and what the manager promises."""

    own: str
    wish: str
    promise: str
    support: str


@dataclass(frozen=True)
class QuarterSays:
    """serves    what larger goal the bookings serve; task: of the first of the goals
    imagined  an answer to the pre-mortem; late: why promises weren't kept; gone: why a large deal is
    lines     heading and text; why: of what went badly; lessons: what was done, and the advice
    move      what, and how it will be known; help: what is asked of the management for a deal
    verdict   in the manager's words; talks: what people write
    """

    serves: str
    task: str
    imagined: str
    late: tuple[str, ...]
    gone: str
    lines: tuple[tuple[str, str], ...]
    why: str
    lessons: tuple[tuple[str, str], ...]
    move: tuple[str, str]
    verdict: str
    help: str
    talks: tuple[Talk, ...]


CHINESE = QuarterSays(
    serves="公司全年签约目标，以及楼宇自控与能耗平台占签约一半",
    task="给前十大在手商机各补一位能拍板的联系人，名单本周五前交齐",
    imagined="年底预算冻结，三个大单同时推到明年",
    late=(
        "客户换了财务负责人，付款计划要重新谈，已约 10 月中旬上门，由我和财务一起去",
        "清了一半，其余在等客户回复",
    ),
    gone="业主资金没有落实，项目取消，商机作废",
    lines=(
        ("well", "两位新人跟着老同事跑标，方案一次通过的比例高了"),
        ("start", "金额超过 100 万的商机，报价前先见到能拍板的人，没见到就不报最终价，回来先在周会上过一遍"),
    ),
    why="应成交日期是我们自己定的，客户没有确认过",
    lessons=(
        (
            "报价后等客户开会，等了六周",
            "成交日期要写客户自己的节点：立项、预算、招标公告、合同审批各在哪一天，缺一个就不算应成交",
        ),
        (
            "投标前一周才看到评分表，技术分写得太泛",
            "拿到招标参数就对照评分表逐条写，至少提前两周请售前评一遍",
        ),
    ),
    move=("大单报价前由经理陪同见一次拍板人", "前十大商机都有一次会面纪要"),
    verdict=(
        "签约创近两年最高，但应成交的单近一半推后：下季先把日期谈实，再谈增长。"
        "回款跟得上，逾期一半在两家客户，10 月由我带队上门。"
    ),
    help="请分管领导 10 月中旬陪同拜访一次，把立项时间定下来",
    talks=(
        Talk(
            "上半季忙于交付现场的协调，拜访少了；九月把三个老客户的二期需求都摸了一遍，有两家愿意年内立项。需要售前早一点介入。",
            "想独立带一个千万级的总包项目，从投标到验收全程走一遍",
            "11 月底前给五个重点客户各补上第二位联系人",
            "每两周陪同拜访一次重点客户",
        ),
        Talk(
            "单子多但都小，时间花在报价和合同上。希望把小单的报价交给商务，我多跑两家大客户。",
            "明年想转做大客户",
            "每周至少两次新客户首访，11 月中旬前拿到四个有预算的商机",
            "把小单报价模板化，交给商务处理",
        ),
        Talk(
            "输给对手的两单，价格都不是主因，是我进去得太晚，参数已经定了。",
            "想学一遍招投标的全流程",
            "拿到招标意向两周内提交一版技术建议",
            "请售前同事带着做两次技术交流",
        ),
    ),
)
ENGLISH = QuarterSays(
    serves="The company's bookings of the year, and half of them from robot cells and controls upgrades",
    task="A second contact who can decide, for each of the ten largest open deals",
    imagined="Budgets are frozen in November, and three large deals move into next year at once",
    late=(
        "Their new finance director wants to renegotiate the payment plan; a visit with our finance is agreed for "
        "mid-October",
        "Half of them are cleared, for the others the customers' answers are due",
    ),
    gone="The owner did not get the money, the project was called off",
    lines=(
        ("well", "Two colleagues wrote their first tenders together with senior ones, and both passed at once"),
        (
            "start",
            "No final price for a deal over 150k before we have met whoever decides; where we have not, Monday's "
            "meeting looks at it first",
        ),
    ),
    why="The closing dates were ours, no customer had confirmed them",
    lessons=(
        (
            "Quoted, and waited six weeks for their board",
            "Write the customer's own steps beside a date: budget, approval, order; where one has no day, the deal is "
            "not due",
        ),
        (
            "Saw the scoring sheet a week before the bid, and answered in general terms",
            "Answer the scoring sheet point by point, and have presales read it two weeks ahead",
        ),
    ),
    move=("Meet the decision maker of each large deal before the quote, with the manager", "Minutes of ten meetings"),
    verdict=(
        "Bookings recovered, but two in five deals that were due slipped: next quarter we settle dates with customers "
        "before we talk of growth. Cash holds; two customers owe all that is overdue."
    ),
    help="A visit of the management in mid-October, so that the budget gets its date",
    talks=(
        Talk(
            "Half of the quarter went into a site that was late, so I saw fewer customers. In September I went through "
            "the plans of three existing ones, two want to decide this year. Presales should come in earlier.",
            "Lead one large plant project from the tender to acceptance",
            "A second contact at each of my five largest customers",
            "Join one customer visit every two weeks",
        ),
        Talk(
            "Many small deals, and most of my time goes into quotes. I would rather see two more large customers.",
            "Key accounts next year",
            "Two first meetings with new customers a week, four deals with a budget by mid-November",
            "A template for small quotes, made by the back office",
        ),
        Talk(
            "Both deals that I lost were not lost by price: I came when the specification was written.",
            "Learn the whole process of a tender",
            "A technical proposal within two weeks of each tender notice",
            "Two workshops together with presales",
        ),
    ),
)
