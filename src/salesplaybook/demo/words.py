"""The names that invented companies are told with: places, works, products, people, stages. None is real."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stages:
    """A CRM's stages: the open ones in order, and what the others are called.

    `on_hold` is empty where a paused deal keeps its open stage, `lost_to_competitor` where lost is lost.
    """

    open: tuple[str, ...]
    won: str
    lost: str
    void: str
    on_hold: str = ""
    lost_to_competitor: str = ""

    def counting(self) -> dict[str, str]:
        """Each stage's name and what it counts as, in the order of the process."""
        pairs = [(name, "open") for name in self.open]
        pairs += [(self.won, "won"), (self.lost, "lost"), (self.lost_to_competitor, "lost")]
        pairs += [(self.void, "void"), (self.on_hold, "on_hold")]
        return {name: status for name, status in pairs if name}


@dataclass(frozen=True)
class Words:
    """A company's vocabulary.

    A deal is called `deal` of place, ordinal and work; an account `account` of place and body.
    """

    deal: str
    account: str
    ordinals: tuple[str, ...]
    places: tuple[str, ...]
    bodies: tuple[str, ...]
    works: tuple[str, ...]
    products: tuple[tuple[str, str, int], ...]  # name, series, list price in whole yuan or dollars
    people: tuple[tuple[str, str], ...]  # name, department; the last one is new and has no deal
    contacts: tuple[str, ...]
    regions: tuple[str, ...]
    sources: tuple[str, ...]
    next_steps: tuple[str, ...]
    loss_reasons: tuple[str, ...]  # the first one is a competitor
    competitors: tuple[str, ...]  # the first one is concentrated in the first product


_SURNAMES = "陈林周吴徐孙胡郭何罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"

PARKS = Words(
    deal="{place}{ordinal}{work}",
    account="{place}{body}",
    ordinals=("一期", "二期", "三期", "四期", "五期", "六期"),
    places=(
        "澜湾",
        "青屿",
        "松陵渡",
        "望川",
        "鹭汀",
        "云岫",
        "柏溪",
        "沅浦",
        "霁川",
        "岚浦",
        "朔原",
        "渚东",
        "滨江坊",
        "锦塘",
        "晴港",
        "枫洲",
        "临澄",
        "泊岸",
        "瑶溪",
        "白苇",
    ),
    bodies=(
        "产业园管理有限公司",
        "置业有限公司",
        "物流园有限公司",
        "水务有限公司",
        "职业学院",
        "医学中心",
        "会展有限公司",
        "城建集团",
    ),
    works=("安防集成", "楼宇自控", "停车系统", "能耗平台", "门禁改造", "机房建设", "弱电总包", "运维平台"),
    products=(
        ("门禁通 M2", "安防", 86_000),
        ("安防一体机 S3", "安防", 168_000),
        ("车场大师 P5", "出行", 128_000),
        ("能耗云 E1", "能源", 238_000),
        ("楼宇中控 B2", "楼宇", 386_000),
    ),
    people=(
        ("李晓岚", "华东一部"),
        ("张启明", "华东一部"),
        ("赵雪晴", "华东一部"),
        ("刘志远", "华东一部"),
        ("黄嘉宁", "华东二部"),
        ("马思远", "华东二部"),
        ("高若溪", "华东二部"),
        ("方文博", "华东二部"),
        ("石静怡", "华东二部"),
    ),
    contacts=tuple(name + title for name in _SURNAMES for title in ("主任", "经理", "工", "总")),
    regions=("江北", "江南", "滨海", "湖东"),
    sources=("老客户", "展会", "招标网", "伙伴推荐", "官网"),
    next_steps=(
        "现场勘查",
        "提交方案初稿",
        "安排样机演示",
        "约见分管领导",
        "确认付款节点",
        "提交报价单",
        "核对招标参数",
        "回复合同条款",
    ),
    loss_reasons=("竞争对手中标", "价格偏高", "预算取消", "需求变更", "项目延期", "未联系上决策人"),
    competitors=("恒岳智联", "远泽集成", "博屿科技"),
)

CHANNELS = Words(
    deal="{place}{ordinal}{work}",
    account="{place}{body}",
    ordinals=("首批", "第二批", "第三批", "第四批", "第五批", "第六批"),
    places=(
        "岭汀",
        "榕津",
        "荔湾里",
        "鹏屿",
        "珠澳浦",
        "海棠坞",
        "木棉岗",
        "椰城湾",
        "南麓",
        "东涧",
        "西樵渡",
        "丰塘",
        "永泷",
        "凤岗岭",
        "碧江头",
        "三水湄",
    ),
    bodies=(
        "商贸有限公司",
        "智能科技有限公司",
        "机电有限公司",
        "建材城",
        "家居连锁",
        "五金贸易行",
        "安防工程部",
        "电子商行",
    ),
    works=("进货", "门店铺货", "连锁改造", "样板间", "公寓集采", "县域分销", "年度框架", "售后备件"),
    products=(
        ("守望者 X1", "智能锁", 42_000),
        ("守望者 X3 Pro", "智能锁", 76_000),
        ("云眼 C2", "摄像机", 35_000),
        ("网关 G5", "网关", 58_000),
        ("门店套装 T1", "套装", 118_000),
    ),
    people=(
        ("陈伟霖", "广州组"),
        ("林佩珊", "广州组"),
        ("吴俊熙", "广州组"),
        ("何秀雯", "深圳组"),
        ("罗子健", "深圳组"),
        ("梁美仪", "深圳组"),
        ("谢国栋", "深圳组"),
    ),
    contacts=tuple(name + title for name in _SURNAMES for title in ("老板", "店长", "经理", "小姐")),
    regions=("广州", "深圳", "粤西", "桂东"),
    sources=("老渠道", "地推", "展会", "厂家分配", "转介绍"),
    next_steps=("送样机", "谈返点", "确认首批数量", "签框架协议", "培训店员", "催打款", "看门店", "报政策价"),
    loss_reasons=("选了竞品", "返点太低", "资金紧张", "门店调整", "需求取消"),
    competitors=("固捷门业", "安岚智控", "铂锁电子"),
)

AUTOMATION = Words(
    deal="{place} {work} {ordinal}",
    account="{place} {body}",
    ordinals=("line 1", "line 2", "line 3", "line 4", "line 5", "line 6"),
    places=(
        "Alderquay",
        "Brinmoor",
        "Calderwick",
        "Dunhollow",
        "Eastmere",
        "Fernhaven",
        "Greyharbour",
        "Hollowbrook",
        "Ivelmouth",
        "Kestrelport",
        "Larkfen",
        "Mossgate",
        "Netherby",
        "Orrinton",
        "Pellworth",
        "Quillmarsh",
        "Rookhaven",
        "Saltney",
        "Thornwharf",
        "Withyford",
    ),
    bodies=(
        "Foods",
        "Packaging",
        "Logistics",
        "Paper Mills",
        "Ceramics",
        "Bottling",
        "Dairy",
        "Cold Storage",
    ),
    works=(
        "palletizing",
        "vision inspection",
        "conveyor retrofit",
        "robot cell",
        "line sensors",
        "case packing",
        "dock automation",
        "controls upgrade",
    ),
    products=(
        ("CellGuard", "Safety", 18_900),
        ("PalletPro 200", "Robotics", 84_500),
        ("VisionGate", "Inspection", 36_750),
        ("FlowDesk", "Software", 24_000),
        ("LineSense Plus", "Sensors", 12_480),
    ),
    people=(
        ("Maya Holt", "North"),
        ("Tom Avery", "North"),
        ("Priya Nair", "North"),
        ("Jonas Reed", "North"),
        ("Elena Marsh", "South"),
        ("Sam Okoro", "South"),
        ("Ruth Calder", "South"),
        ("Nina Voss", "South"),
    ),
    contacts=tuple(
        f"{first} {last}"
        for first in ("Alan", "Beth", "Carl", "Dora", "Evan", "Faye", "Glen", "Hana", "Ivan", "June")
        for last in ("Ashby", "Birch", "Crane", "Dovell", "Ellery", "Frome", "Gantry", "Hurst")
    ),
    regions=("Coast", "Valley", "Lakes", "Plains"),
    sources=("Existing customer", "Trade show", "Referral", "Website", "Partner"),
    next_steps=(
        "Site survey",
        "Send draft proposal",
        "Demo on their line",
        "Meet plant director",
        "Agree payment terms",
        "Send quote",
        "Confirm safety specification",
        "Answer contract questions",
    ),
    loss_reasons=("Lost to competitor", "Price", "Budget cancelled", "Requirements changed", "No decision"),
    competitors=("Northvale Controls", "Tessaly Systems", "Brightkeel Robotics"),
)
