"""A system's other lists as it writes them: products, people, and what customers owe. In: canonical frames."""

from __future__ import annotations

import zlib
from decimal import Decimal
from typing import Any

import pandas as pd

from salesplaybook.demo import cells

Cells = dict[str, list[Any]]  # header -> a cell per row


def fxiaoke_products(products: pd.DataFrame) -> Cells:
    count = range(1, len(products) + 1)
    return {
        "产品名称": cells.text(products["name"]),
        "产品编码": [f"P{i:04d}" for i in count],
        "系列": cells.text(products["series"]),
        "标价": cells.amounts(products["list_price"]),
        "上下架": ["已上架" for _ in count],
    }


def fxiaoke_people(people: pd.DataFrame) -> Cells:
    return {
        "姓名": cells.text(people["name"]),
        "部门": cells.text(people["department"]),
        "入职日期": cells.days(people["joined"]),
    }


def fxiaoke_receivables(receivables: pd.DataFrame) -> Cells:
    paid = receivables["amount"] - receivables["unpaid"]
    return {
        "应收编号": [f"YS{number}" for number in receivables["id"]],
        "合同编号": [f"HT{number}" for number in receivables["contract"]],
        "客户名称": cells.text(receivables["account"]),
        "商机名称": cells.text(receivables["deal"]),
        "负责人": cells.text(receivables["owner"]),
        "应收日期": cells.days(receivables["due"]),
        "应收金额": cells.amounts(receivables["amount"]),
        "已收金额": cells.amounts(paid),
        "未收金额": cells.amounts(receivables["unpaid"]),
    }


def fxiaoke_contracts(contracts: pd.DataFrame) -> Cells:
    return {
        "合同编号": [f"HT{number}" for number in contracts["contract"]],
        "客户名称": cells.text(contracts["account"]),
        "商机名称": cells.text(contracts["deal"]),
        "负责人": cells.text(contracts["owner"]),
        "签订日期": cells.days(contracts["signed"]),
        "交付日期": cells.days(contracts["delivered"]),
        "验收日期": cells.days(contracts["accepted"]),
        "合同金额": cells.amounts(contracts["amount"]),
    }


def fxiaoke_payments(payments: pd.DataFrame) -> Cells:
    return {
        "回款编号": [f"HK{number}" for number in payments["id"]],
        "合同编号": [f"HT{number}" for number in payments["contract"]],
        "客户名称": cells.text(payments["account"]),
        "负责人": cells.text(payments["owner"]),
        "回款日期": cells.days(payments["day"]),
        "回款金额": cells.amounts(payments["amount"]),
    }


def zoho_products(products: pd.DataFrame) -> Cells:
    return {
        "Record Id": [zoho_number(name) for name in products["name"]],
        "Product Name": cells.text(products["name"]),
        "Product Category": cells.text(products["series"]),
        "Unit Price": cells.amounts(products["list_price"]),
        "Product Active": ["true"] * len(products),
    }


def zoho_people(people: pd.DataFrame) -> Cells:
    return {
        "Full Name": cells.text(people["name"]),
        "Team": cells.text(people["department"]),
        "Date of Joining": cells.days(people["joined"]),
        "Status": ["active"] * len(people),
    }


def zoho_receivables(receivables: pd.DataFrame) -> Cells:
    return {
        "Invoice Number": [f"INV-{number}" for number in receivables["id"]],
        "Order Number": [f"SO-{number}" for number in receivables["contract"]],
        "Customer Name": cells.text(receivables["account"]),
        "Deal Name": cells.text(receivables["deal"]),
        "Salesperson": cells.text(receivables["owner"]),
        "Due Date": cells.days(receivables["due"]),
        "Currency Code": ["USD"] * len(receivables),
        "Invoice Amount": cells.amounts(receivables["amount"]),
        "Balance Due": cells.amounts(receivables["unpaid"]),
    }


def zoho_contracts(contracts: pd.DataFrame) -> Cells:
    return {
        "Sales Order Number": [f"SO-{number}" for number in contracts["contract"]],
        "Customer Name": cells.text(contracts["account"]),
        "Deal Name": cells.text(contracts["deal"]),
        "Salesperson": cells.text(contracts["owner"]),
        "Order Date": cells.days(contracts["signed"]),
        "Delivery Date": cells.days(contracts["delivered"]),
        "Acceptance Date": cells.days(contracts["accepted"]),
        "Currency Code": ["USD"] * len(contracts),
        "Grand Total": cells.amounts(contracts["amount"]),
    }


def zoho_payments(payments: pd.DataFrame) -> Cells:
    return {
        "Payment Number": [f"PAY-{number}" for number in payments["id"]],
        "Order Number": [f"SO-{number}" for number in payments["contract"]],
        "Customer Name": cells.text(payments["account"]),
        "Salesperson": cells.text(payments["owner"]),
        "Payment Date": cells.days(payments["day"]),
        "Currency Code": ["USD"] * len(payments),
        "Amount Received": cells.amounts(payments["amount"]),
    }


def zoho_number(name: str) -> str:
    """The record id of an account, a person or a product: always the same for the same name."""
    return f"zcrm_5437012{zlib.crc32(name.encode()):011d}"


def sheet_products(products: pd.DataFrame) -> Cells:
    prices = [float(Decimal(int(price)) / 100) for price in products["list_price"]]
    return {"产品名称": cells.text(products["name"]), "系列": cells.text(products["series"]), "标价(元)": prices}


def sheet_people(people: pd.DataFrame) -> Cells:
    return {
        "姓名": cells.text(people["name"]),
        "小组": cells.text(people["department"]),
        "入职日期": cells.dates(people["joined"]),
    }
