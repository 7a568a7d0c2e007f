"""Both languages say the same: every text is translated, and numbers are written as each language writes them."""

from __future__ import annotations

import io
import string
from datetime import date

import messages
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po as babel_read
from babel.messages.pofile import write_po
from hypothesis import given
from hypothesis import strategies as st

from salesplaybook import language
from salesplaybook.errors import PlaybookError
from salesplaybook.language import Language

CATALOG = messages.SOURCE / "locale" / "zh_CN.po"
TEXTS = messages.gather()
MINUS = "\N{MINUS SIGN}"


@pytest.fixture(scope="module")
def kept() -> Catalog:
    """zh_CN.po as Babel reads it, fuzzy ones included."""
    with CATALOG.open("rb") as file:
        return babel_read(file, locale="zh_CN")


def test_every_text_has_a_finished_translation(kept: Catalog):
    unfinished = [text for text in TEXTS if not (m := kept.get(text)) or not m.string or m.fuzzy]
    assert not unfinished, "translate, after: python tests/messages.py"


def test_the_catalog_holds_no_text_that_is_gone(kept: Catalog):
    assert not {str(m.id) for m in kept if m.id} - set(TEXTS), "run: python tests/messages.py"
    assert not kept.obsolete


def placeholders(text: str) -> set[tuple[str, str, str | None]]:
    """What a text puts in, and how it writes it: ('n', 'deals', None) for {n:deals}."""
    try:
        return {(name, how or "", c) for _, name, how, c in string.Formatter().parse(text) if name is not None}
    except ValueError:  # a notebook's paragraph may hold a brace; it is never filled in
        return set()


def test_a_translation_puts_in_the_same_values_in_the_same_way():
    known = language.catalog("zh_CN")
    assert not {t: known[t] for t in TEXTS if t in known and placeholders(t) != placeholders(known[t])}


def test_what_matters_is_bold_in_both_languages():
    known = language.catalog("zh_CN")
    assert not {t for t in TEXTS if t in known and t.count("**") != known[t].count("**")}


@pytest.mark.parametrize("name", ["text", "code", "value", "self"])
def test_a_text_may_call_its_values_what_it_likes(name: str):
    assert str(PlaybookError("a {" + name + "} b", **{name: "x"})) == "a x b"


# -- .po files

PLAIN = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), include_characters="\n\t\r"), min_size=1)


@given(st.dictionaries(PLAIN, st.tuples(PLAIN, st.booleans()), max_size=5), st.sampled_from([0, 20, 76]))
def test_read_po_reads_what_babel_writes(said: dict[str, tuple[str, bool]], width: int):
    catalog = Catalog(locale="zh_CN")
    for text, (translation, fuzzy) in said.items():
        catalog.add(text, translation, flags=["fuzzy"] if fuzzy else [], locations=[("a.py", 1)])
    out = io.BytesIO()
    write_po(out, catalog, width=width)
    finished = {text: translation for text, (translation, fuzzy) in said.items() if not fuzzy}
    assert language.read_po(out.getvalue().decode()) == finished


# -- numbers, as LOOK.md writes them


@pytest.mark.parametrize(
    "yuan, chinese, english",
    [
        (2_982_255, "298.2万", "2.98M"),
        (118_000, "11.8万", "118k"),
        (2_373, "2,373", "2,373"),
        (0, "0", "0"),
        (123_456_789, "1.23亿", "123.46M"),
        (2_500_000_000, "25.00亿", "2.50B"),
        (-54_000, f"{MINUS}5.4万", f"{MINUS}54k"),
    ],
)
def test_amounts_as_people_say_them(yuan: int, chinese: str, english: str):
    assert Language("zh_CN").money(yuan * 100) == chinese
    assert Language("en", "USD").money(yuan * 100) == english


def test_yen_have_no_cents():
    assert Language("en", "JPY").money(2_373) == "2,373"
    assert Language("en", "JPY").exact(2_373) == "2,373"


def test_an_exact_amount_shows_cents_only_where_there_are_any():
    say = Language("en", "USD")
    assert (say.exact(1_000_553_400), say.exact(123_450), say.exact(-5)) == ("10,005,534", "1,234.50", f"{MINUS}0.05")


def test_one_unit_a_column_and_a_sign_where_it_is_a_change():
    say = Language("zh_CN")
    column = [298_225_500, 5_400_000, -1_300_000]
    unit = say.unit(column)
    assert unit.name == "万"
    assert [say.money(c, unit, signed=True) for c in column] == ["+298.2", "+5.4", f"{MINUS}1.3"]


def test_counts_rates_and_days():
    zh, en = Language("zh_CN"), Language("en", "USD")
    assert (zh.count(2409), zh.count(-790, signed=True), zh.count(790, signed=True)) == ("2,409", f"{MINUS}790", "+790")
    assert (zh.deals(1), en.deals(1), en.deals(2409)) == ("1 单", "1 deal", "2,409 deals")
    assert zh.percent(0.6141) == en.percent(0.6141) == "61.4%"
    assert zh.percent(0.9166, 0) == "92%"
    assert (zh.date(date(2026, 10, 13)), en.date("2026-10-13")) == ("10月13日", "13 Oct")
    assert zh("{day:iso}", day=date(2026, 10, 13)) == "2026-10-13"
    assert (zh.list(["a", "b"]), en.list(["a", "b"])) == ("a、b", "a, b")


def test_what_is_not_known_is_written_as_nothing():
    say = Language("en", "USD")
    assert [say.count(None), say.money(None), say.exact(None), say.percent(None), say.date(None)] == [""] * 5
