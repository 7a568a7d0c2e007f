"""docs/definitions is what the code computes, in both languages."""

from __future__ import annotations

import inspect

import pytest

import definitions
from salesplaybook import metrics
from salesplaybook.limits import RULES
from salesplaybook.results import Figure


@pytest.mark.parametrize("code", definitions.FILES)
def test_the_document_is_what_the_code_says(code: str) -> None:
    assert definitions.FILES[code].read_text("utf-8") == definitions.document(code), "run: python tests/definitions.py"


def test_every_figure_and_every_warning_is_defined() -> None:
    figures = {
        f
        for name, f in inspect.getmembers(metrics, inspect.isfunction)
        if f.__module__ == metrics.__name__ and f.__annotations__.get("return") == "Figure" and not name.startswith("_")
    }
    assert Figure.__name__ == "Figure" and figures - {metrics.share_of} == set(definitions.METRICS)
    assert tuple(definitions.WHEN) == tuple(definitions.SAID) == RULES


def test_what_is_listed_below_a_walk_is_no_row() -> None:
    assert "first seen closed, with a closing day before the period" in definitions._listed()
    assert "expected close moved later" in definitions._listed()
    assert not [text for text in definitions._listed() if "at its opening amount" in text]


def test_the_chinese_document_is_in_chinese() -> None:
    text = definitions.document("zh_CN")
    plain = [line for line in text.splitlines() if line and not any("一" <= c <= "鿿" for c in line)]
    assert all(set(line) <= set("| -") for line in plain), plain
