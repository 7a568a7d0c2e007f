"""The mapping.yaml of each dialect, as a person would confirm it."""

FXIAOKE_MAPPING = """\
# 纷享销客「商机」导出：哪一列是什么。改这里，历史上的每一周都会按新写法重读。
deals:
  columns:
    id: 数据ID
    name: 商机名称
    account: 客户名称
    contact: 联系人
    owner: 负责人
    department: 负责人所在部门
    product: 产品
    stage: 商机阶段
    status: 阶段状态
    amount: 商机金额
    cost: 预估成本
    created: 创建时间
    expected_close: 预计成交日期
    closed: 阶段变更时间        # 没有单独的成交日期：赢单、输单、无效的行取阶段变更时间
    stage_changed: 阶段变更时间
    modified: 最后修改时间
    last_activity: 最后跟进时间
    next_step: 下一步计划       # 自定义字段
    next_step_date: 下次跟进时间
    source: 商机来源
    loss_reason: 输单原因
    competitor: 竞争对手
    region: 所在区域
  unit: 1                # 金额单位：元
  stages:                # 按流程先后
    验证客户: open
    需求确定: open
    方案/报价: open
    谈判审核: open
    赢单: won
    输单: lost
    无效: void            # 既不算赢也不算输
  statuses:              # 以状态为准：搁置的商机仍停在原阶段
    进行中: open
    赢单: won
    输单: lost
    无效: void
    搁置: on_hold
  list_price: true       # 没填金额的进行中商机按产品标价计
products:
  columns: {name: 产品名称, series: 系列, list_price: 标价}
people:
  columns: {name: 姓名, department: 部门, joined: 入职日期}
contracts:               # 合同台账：收入按验收日计
  columns:
    id: 合同编号
    account: 客户名称
    deal: 商机名称
    owner: 负责人
    signed: 签订日期
    delivered: 交付日期
    accepted: 验收日期
    amount: 合同金额
  unit: 1                # 元
payments:                # 财务的回款流水
  columns:
    id: 回款编号
    contract: 合同编号
    account: 客户名称
    owner: 负责人
    day: 回款日期
    amount: 回款金额
  unit: 1                # 元
receivables:             # 财务每周一导出的应收款，一期一行
  columns:
    id: 应收编号
    contract: 合同编号
    account: 客户名称
    deal: 商机名称
    owner: 负责人
    due: 应收日期
    amount: 应收金额
    unpaid: 未收金额
  unit: 1                # 元
"""

ZOHO_MAPPING = """\
# Zoho CRM, module Deals: which column is which. A change here re-reads every week of the history.
deals:
  columns:
    id: Record Id
    name: Deal Name
    account: Account Name
    contact: Contact Name
    owner: Deal Owner
    department: Department
    product: Product             # a custom field
    stage: Stage
    amount: Amount
    cost: Estimated Cost
    created: Created Time
    expected_close: Closing Date # of a closed deal: the day on which it was closed
    modified: Modified Time
    last_activity: Last Activity Time
    next_step: Next Step
    next_step_date: Next Step Date
    source: Lead Source
    crm_probability: Probability (%)
    loss_reason: Reason For Loss
    competitor: Competitor
    region: Region
  unit: 1                        # dollars
  stages:                        # in the order of the process
    Qualification: open
    Needs Analysis: open
    Value Proposition: open
    Identify Decision Makers: open
    Proposal/Price Quote: open
    Negotiation/Review: open
    Closed Won: won
    Closed Lost: lost
    Closed-Lost to Competition: lost
    Cancelled: void              # neither won nor lost
    On Hold: on_hold             # paused: still there, but not counted as open
  values:
    product: {Pallet Pro 200: PalletPro 200}  # the product list writes it as one word
  list_price: true               # open deals without an amount count at their product's list price
products:
  columns: {name: Product Name, series: Product Category, list_price: Unit Price}
people:
  columns: {name: Full Name, department: Team, joined: Date of Joining}
contracts:                       # sales orders: revenue counts on the day of acceptance
  columns:
    id: Sales Order Number
    account: Customer Name
    deal: Deal Name
    owner: Salesperson
    signed: Order Date
    delivered: Delivery Date
    accepted: Acceptance Date
    amount: Grand Total
    currency: Currency Code
  unit: 1                        # dollars
payments:                        # what came in, from Zoho Books
  columns:
    id: Payment Number
    contract: Order Number
    account: Customer Name
    owner: Salesperson
    day: Payment Date
    amount: Amount Received
    currency: Currency Code
  unit: 1                        # dollars
receivables:                     # invoices from Zoho Books, one row each
  columns:
    id: Invoice Number
    contract: Order Number
    account: Customer Name
    deal: Deal Name
    owner: Salesperson
    due: Due Date
    amount: Invoice Amount
    unpaid: Balance Due
    currency: Currency Code
  unit: 1                        # dollars
"""

SHEET_MAPPING = """\
# 手工台账「销售台账.xlsx」：哪一列是什么。没有编号，靠「客户 + 项目名称」认一个项目。
deals:
  columns:
    name: 项目名称
    account: 客户
    contact: 联系人
    owner: 销售
    department: 组别
    product: 产品
    stage: 进度
    amount: 金额(万元)
    created: 登记日期
    expected_close: 预计签约时间
    closed: 签约日期       # 丢单、作废的日期也填在这一列
    last_activity: 最近跟进时间
    next_step: 下一步计划
    next_step_date: 下次联系时间
    source: 来源
    loss_reason: 丢单原因
    competitor: 竞品
    region: 片区
  unit: 10000            # 金额单位：万元
  stages:                # 按流程先后
    初步接洽: open
    需求确认: open
    方案报价: open
    商务谈判: open
    已签约: won
    丢单: lost
    作废: void            # 既不算赢也不算输
    搁置: on_hold         # 暂停：还在，但不算进行中
  values:
    product: {X3Pro: 守望者 X3 Pro}   # 台账里的简称
  list_price: true       # 没填金额的进行中项目按产品标价计
products:
  columns: {name: 产品名称, series: 系列, list_price: 标价(元)}
people:
  columns: {name: 姓名, department: 小组, joined: 入职日期}
"""
