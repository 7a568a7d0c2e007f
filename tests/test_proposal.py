"""What `check` guesses is conservative, and a yes puts it into mapping.yaml without changing a letter of a person's."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ipywidgets
import pytest

from salesplaybook import proposal
from salesplaybook.errors import SettingsError
from salesplaybook.forms import confirm
from salesplaybook.project import Project
from salesplaybook.results import say
from salesplaybook.settings import Mapping, read
from salesplaybook.tables import guesses, words
from salesplaybook.tables.guesses import Guesses
from salesplaybook.tables.layout import Sheet
from salesplaybook.understood import ColumnSeen, Look, StageSeen, Understood

DAY = date(2026, 9, 21)
WORDS = words.load()
COLUMNS = {"id": "Record Id", "name": "Deal Name", "stage": "Stage"}
STAGES = {"Qualification": "open", "Closed Won": "won"}


def a_look(columns: dict[str, str] = COLUMNS, stages: Any = STAGES, table: str = "deals", **more: Any) -> Look:
    """A file in which all columns and stages are known, none of them confirmed."""
    guessed = more.pop("guessed_headers", ())
    return Look(
        **{"file": "a.csv", "day": DAY} | more,
        table=table,
        columns=[ColumnSeen(header=h, column=c, how="guess" if h in guessed else "known") for c, h in columns.items()],
        stages=[StageSeen(value=v, column="stage", counts_as=s, how="known", rows=1) for v, s in stages.items()],
    )


def confirmed(text: str, *looks: Look) -> str:
    return proposal.merged(text, Understood(looks=list(looks or [a_look()])), DAY)


def mapping(text: str) -> Mapping:
    return read(text, Mapping, "mapping.yaml")


def stands_in(own: str, text: str) -> bool:
    """Whether all lines of a person's file are there in their order, letter by letter, with what ends them."""
    lines = iter(text.splitlines(keepends=True))
    *whole, last = own.splitlines(keepends=True)
    return all(line in lines for line in whole) and any(line.startswith(last) for line in lines)


# -- several files


def test_headers_known_exactly_come_before_guessed_ones():
    kept = a_look(COLUMNS | {"stage": "Stagge"}, guessed_headers=["Stagge"], day=date(2026, 9, 28), file="b.csv")
    text = confirmed("", kept, a_look())
    assert mapping(text).deals.columns == COLUMNS | {"stage": ["Stage", "Stagge"]}
    (line,) = [line for line in text.splitlines() if "Stagge" in line]
    assert line.endswith("  # guessed: Stagge")


def test_a_name_that_is_guessed_in_two_files_is_written_once():
    one, two = (
        a_look(file=f, guesses=Guesses(values={"product": v})) for f, v in (("a", {"A": "B"}), ("b", {"C": "D"}))
    )
    text = confirmed("", one, two)
    assert text.count("product:") == 1 and mapping(text).deals.values == {"product": {"A": "B", "C": "D"}}


# -- a person's file

OWN = """\
%YAML 1.2
---
# Our own mapping, by Claire


deals:                       # the big one
    columns: &c
       id:   'Record Id'     # single quotes
       name: "Deal Name"
       stage: [Stage,   'Phase']

       # amount: not yet
    stages:
          "Qualification":   open    # early days
          # more to come

    unit:   {amount: 10000}    # a comment of its own
    note: >-
       folded
       text

# days
dates:
  2026-09-30: 2026-09-28     # exported late
complete: ['2026-08-31']
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("tail", ["", "{}", "...{}", "...{}# the end{}{}", "{}{}# the end"])
def test_no_letter_of_a_persons_is_changed(end: str, tail: str):
    own = OWN.rstrip("\n").replace("\n", end) + (end if tail.startswith(".") else "") + tail.replace("{}", end)
    text = confirmed(own, a_look(), a_look({"name": "Product Name"}, {}, "products"))
    assert stands_in(own, text)
    lines = text.splitlines()
    assert lines.count("          Closed Won: won") == 1 and "products:" in lines and "    columns:" in lines
    assert text.count("\r\n") == (text.count("\n") if end == "\r\n" else 0)
    assert text.endswith(end) == own.endswith(end)
    said = mapping(text)
    assert said.deals.stages == STAGES and said.products.columns == {"name": "Product Name"}
    assert said.deals.columns == mapping(own).deals.columns and said.dates == mapping(own).dates


def test_what_is_added_is_indented_as_the_person_does_it():
    text = confirmed("deals:\n   columns:\n      id: Record Id\n      stage: Stage\n")
    assert "\n   stages:  # the open ones in the order of your process\n      Qualification: open\n" in text


def test_a_second_time_there_is_nothing_to_add():
    once = confirmed(OWN)
    assert once != OWN and confirmed(once) == once


def test_a_byte_order_mark_stays():
    assert confirmed("\ufeff# mine\n").startswith("\ufeff# mine\n\n# ")


def test_below_a_table_with_nothing_the_comments_keep_their_place():
    own = "# top\ndeals:   # nothing yet\n  # columns: Claire fills them in\n\n  # soon\n# below\npeople:\n  # later\n"
    text = confirmed(own)
    assert text.startswith("# top\ndeals:   # nothing yet\n  # columns: Claire fills them in\n\n  # soon\n  # ")
    assert text.endswith("Closed Won: won\n# below\npeople:\n  # later\n")
    assert mapping(text).deals.columns == COLUMNS


@pytest.mark.parametrize("nothing", ["", " null", " ~", " {}", "  # none", " {}   # none"])
def test_a_table_that_is_written_as_nothing_is_filled(nothing: str):
    text = confirmed(f"deals:{nothing}\npeople:\n")
    assert mapping(text).deals.stages == STAGES
    assert ("  # none" in text) == ("none" in nothing)


def test_of_a_table_that_is_begun_only_what_is_missing_is_added():
    own = "deals:\n  unit: 1\n  values:\n    product:\n      Old: New\n"
    text = confirmed(
        own, a_look(guesses=Guesses(values={"product": {"Old": "X", "XPro": "X Pro"}, "account": {"a": "A"}}))
    )
    said = mapping(text).deals
    assert said.values == {"product": {"Old": "New", "XPro": "X Pro"}, "account": {"a": "A"}}
    assert said.columns == COLUMNS and said.stages == STAGES and text.startswith(own[:-1])


BEGUN = "columns: {id: Record Id, stage: Stage}"


@pytest.mark.parametrize(
    "own",
    [
        "deals: {columns: {id: Record Id, stage: Stage}}\n",
        f"{{deals: {{{BEGUN}}}}}\n",
        f"deals: {{\n  {BEGUN}\n}}\n",
        f"deals: &d\n  {BEGUN}\n  stages:\n    a: open\naccounts: *d\n",
        f"base: &d\n  {BEGUN}\n  stages:\n    a: open\ndeals: *d\n",
        f"base: &d\n  {BEGUN}\n  stages:\n    a: open\ndeals:\n  <<: *d\n  unit: 1\n",
        "deals:\n  null\n",
        "deals: &d\n",
        "note: |+\n  text\n\n\n",
    ],
)
def test_where_nothing_can_be_added_safely_the_lines_are_named(own: str):
    with pytest.raises(SettingsError) as caught:
        confirmed(own)
    assert "by hand" in caught.value.text and "\ndeals:\n" in str(caught.value)
    assert "    Closed Won: won" in str(caught.value)


def test_an_anchor_that_nobody_else_uses_is_no_hindrance():
    assert mapping(confirmed(f"deals: &d\n  {BEGUN}\n  stages: &s\n    Qualification: open\n")).deals.stages == STAGES


def test_in_braces_there_is_room_for_more():
    own = f"deals:\n  {BEGUN}  # mine\n  stages: {{Qualification: open }}\n"
    text = confirmed(own)
    assert text == own.replace("Qualification: open ", "Qualification: open, Closed Won: won ")


def test_to_what_a_person_has_begun_the_other_columns_are_added():
    """One line, as messages advise: it stays as it is, and goes before what is known."""
    own = "deals:\n  columns:\n    stage: Phase   # ours\n"
    text = confirmed(own)
    assert text.startswith(own) and mapping(text).deals.columns == {
        "stage": "Phase",
        "id": "Record Id",
        "name": "Deal Name",
    }
    assert mapping(text).deals.stages == STAGES and confirmed(text) == text


def test_a_mapping_that_says_all_that_its_table_needs_gets_no_further_columns():
    own = "deals:\n  columns:\n    id: Record Id\n    stage: Stage\n  stages:\n    Qualification: open\n"
    assert mapping(confirmed(own)).deals.columns == {"id": "Record Id", "stage": "Stage"}


ODD = [
    "two\nlines", "a\r\nb", "tab\there", "it's", 'say "x"', "both ' and \"", "# 1", "a # b", "yes", "No", "~", "null",
    "1", "1.50", "\x1b[31mred", "bell\x07", "\x7f", "\x85", "a\u2028b", "\ufeffmark", "\u200b", "- x", "-", "--- x",
    "...", "? x", ": x", "a: b", "a:", "[a]", "{a}", "a, b", "&a", "*a", "!a", "|", ">", "%", "100%", "@x", "`x`",
    "\\n", " lead", "trail ", "2026-09-01", "报价：已发", "<<", "=", "0x1F", "1e3", ".inf", "💰 won", "👩\u200d💻",
    "\u3000宽", "true",
]  # fmt: skip


@pytest.mark.parametrize("own", ["", "deals:\n  unit: 1\n"])
@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_any_text_reads_back_letter_by_letter(odd: str, own: str):
    columns = {"id": odd, "name": "Deal Name", "stage": odd + odd}
    more = {"product": {odd: odd + "!"}}
    one = a_look(columns, {odd: "open", odd + "?": None}, file=f"{odd}.csv", guesses=Guesses(values=more))
    one.columns.append(ColumnSeen(header=odd, how="unknown"))
    other = a_look({"name": odd}, {}, guessed_headers=[odd])
    text = confirmed(own, one, other)
    said = mapping(text).deals
    assert said.columns == columns | {"name": ["Deal Name", odd]}
    assert (said.stages, said.values) == ({odd: "open"}, more)
    assert not [c for c in text if c != "\n" and not c.isprintable() and c != "\u3000"]


# -- guesses


def sheet(columns: dict[str, Any], name: str = "s.csv") -> Sheet:
    made = SimpleNamespace(file=name, name="", header=list(columns), rows=[(2, list(columns.values()))], header_row=1)
    return made  # type: ignore[return-value]


def guess(header: str, cell: Any) -> str | None:
    """Our column that a header of deals is guessed to be."""
    for ours in ({"Record Id": "1", "Deal Status": "Won"}, {"Deal Name": "x", "Stage": "Won"}):
        found = guesses.fit(sheet(ours | {header: cell}), WORDS)
        for column, said in found.columns.items() if found else ():
            if said == header:
                return column
    return None


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        *((h, "500") for h in ("已回款金额", "未税金额", "毛利", "客户金额", "2026金额", "Net Amount", "Total")),
        *((h, "x") for h in ("客户经理电话", "项目负责人电话", "项目经理", "Owner Email", "Account Number")),
        *((h, "2026-10-01") for h in ("计划开工日期", "预计交付日期", "Delivery Date", "Close Date Old", "Some day")),
    ],
)
def test_a_header_that_says_something_else_is_not_offered(header: str, cell: str):
    assert guess(header, cell) is None


@pytest.mark.parametrize(
    ("header", "cell", "column"),
    [
        ("预计成交", "2026-10-01", "expected_close"),
        ("预计成交", "5000", "amount"),
        ("商机创建日期", "2026-10-01", "created"),
        ("商机总金额", "500", "amount"),
        ("金额（新）", "500", "amount"),
        ("Amount 1", "500", "amount"),
        ("Amountt", "500", "amount"),
        ("新的负责人", "x", "owner"),
        ("阶段名称", "x", "stage"),
        ("Close", "2026-10-01", "expected_close"),
        ("Acount Name", "x", "account"),
    ],
)
def test_a_header_with_a_harmless_word_more_or_a_slip_is_offered(header: str, cell: str, column: str):
    assert guess(header, cell) == column


def test_a_stray_sheet_is_not_guessed_to_be_what_another_file_is():
    stray = sheet({"Deal Names": "x", "Deal Stages": "Won"})
    found = guesses.fit(stray, WORDS)
    assert found and found.table == "deals"
    assert guesses.fit(stray, WORDS, without={"deals"}) is None


def test_hundreds_of_unknown_headers_cost_no_time():
    known = [h for headers in WORDS.headers("deals").values() for h in headers]
    wide = sheet({f"{known[n % len(known)]} {'额外' if n % 2 else 'extra'} {n}": "x" for n in range(300)})
    began = time.process_time()
    guesses.fit(wide, WORDS)
    assert time.process_time() - began < 1


# -- the notebook's button


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("JPY_SESSION_NAME", "a.ipynb")
    (tmp_path / "data").mkdir()
    (tmp_path / "project.yaml").write_text("name: P\nlanguage: en\ncurrency: USD\n", "utf-8")
    return Project.open(tmp_path)


BAD = Look(file="<b>.csv", problem=say("There is no such thing."))


class Asked:
    """What the notebook asks: its texts, its choices by the name of their field, its button and what that answers."""

    def __init__(self, shown: Any) -> None:
        self.shown = shown

    def every(self, kind: type) -> list[Any]:
        def below(widget: Any) -> list[Any]:
            return [widget, *(w for child in getattr(widget, "children", ()) for w in below(child))]

        return [w for w in below(self.shown) if type(w) is kind]

    @property
    def texts(self) -> list[str]:
        return [w.value for w in self.every(ipywidgets.HTML)]

    @property
    def choices(self) -> dict[str, Any]:
        return {w.description: w for w in self.every(ipywidgets.Dropdown)}

    @property
    def button(self) -> Any:
        return self.every(ipywidgets.Button)[0]

    @property
    def answer(self) -> str:
        return self.texts[-1]


def test_a_file_with_a_problem_is_named_and_the_good_ones_can_be_confirmed(here: Project):
    found = Asked(confirm.button(here, Understood(looks=[a_look(), BAD])))
    assert "&lt;b&gt;.csv is left out: There is no such thing." in found.texts
    found.button.click()
    assert found.button.disabled and found.answer
    assert mapping(here.store.text("mapping.yaml")).deals.columns == COLUMNS


def test_with_nothing_but_problems_there_is_no_button(here: Project):
    found = Asked(confirm.button(here, Understood(looks=[BAD, a_look(confirmed=True)])))
    assert "left out" in found.answer and not found.every(ipywidgets.Button)
    assert confirm.button(here, Understood(looks=[a_look(confirmed=True)])) is None


def test_what_a_click_cannot_write_is_said_beside_the_button(here: Project):
    found = Asked(confirm.button(here, Understood(looks=[a_look()])))
    here.store.write("deals: {columns: {id: Record Id, stage: Stage}}\n", "mapping.yaml")
    found.button.click()
    assert "by hand" in found.answer and "Closed Won: won" in found.answer and not found.button.disabled


def test_where_nobody_is_there_nothing_is_shown(here: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("JPY_SESSION_NAME")
    monkeypatch.delenv("VOILA_KERNEL_ID", raising=False)
    assert confirm.button(here, Understood(looks=[a_look(), BAD])) is None


def test_a_stage_that_nobody_knows_is_asked_once_and_the_answer_is_kept(here: Project):
    look = a_look()
    odd = look.stages[0].model_copy(update={"value": "Churned", "counts_as": None, "how": "unknown", "rows": 7})
    look = look.model_copy(update={"stages": [*look.stages, odd]})
    found = Asked(confirm.button(here, Understood(looks=[look])))
    assert any("count as" in text for text in found.texts) and list(found.choices) == ["Churned (7 rows)"]
    found.choices["Churned (7 rows)"].value = "lost"
    found.button.click()
    assert mapping(here.store.text("mapping.yaml")).deals.stages["Churned"] == "lost"


# -- headers that nobody knows

ODD_HEADERS = "Deal Name,Account Name,Who,Where we are,Size,Signing,Settled\n"
ODD_ROWS = [
    "a,A,Ann,Sniffing,5000,2026-10-01,",
    "b,B,Bob,Sniffing,6000,2026-10-02,",
    "c,C,Ann,Closed Won,7000,2026-09-03,2026-09-04",
    "d,D,Bob,Closed Won,8000,2026-09-05,2026-09-06",
    "e,E,Ann,Parked,9000,,",
    "f,F,Ann,Parked,9500,,",
]


@pytest.fixture
def odd(here: Project) -> Project:
    """A sheet kept by hand, whose stage has a header that nobody knows."""
    (here.store.root / "data" / "jobs 2026-09-21.csv").write_text(ODD_HEADERS + "\n".join(ODD_ROWS), "utf-8")
    return here


def test_of_a_sheet_kept_by_hand_columns_are_asked_then_at_once_its_stages(odd: Project):
    found = Asked(confirm.button(odd, odd.check()))
    assert not any("left out" in text for text in found.texts)  # it is asked for, and told once above
    choices = found.choices
    optional = ["amount", "owner", "expected close", "closed", "created", "last activity"]
    assert list(choices) == ["stage", *optional]  # what is needed comes first
    assert choices["stage"].options[1] == ("Where we are: Sniffing, Closed Won, Parked", "Where we are")
    assert (choices["stage"].value, choices["amount"].value, choices["owner"].value) == ("Where we are", "Size", "Who")
    assert choices["closed"].value == ""  # of two columns with days nobody but a person can choose
    choices["expected close"].value, choices["closed"].value = "Signing", "Settled"
    found.button.click()
    said = mapping(odd.store.text("mapping.yaml")).deals.columns
    assert said == {
        "name": "Deal Name",
        "account": "Account Name",
        "owner": "Who",
        "stage": "Where we are",
        "amount": "Size",
        "expected_close": "Signing",
        "closed": "Settled",
    }
    assert set(found.choices) == {"Sniffing (2 rows)", "Parked (2 rows)"}  # and no column is asked again
    found.choices["Sniffing (2 rows)"].value = "open"
    found.choices["Parked (2 rows)"].value = "on_hold"
    found.button.click()
    assert found.button.disabled
    (look,) = odd.check().looks
    assert look.confirmed and look.statuses == {"open": 2, "won": 2, "on_hold": 2}
    assert (look.won_amount, look.open_amount) == (1_500_000, 1_100_000)


def test_a_needed_column_must_be_chosen_and_a_header_counts_once(odd: Project):
    found = Asked(confirm.button(odd, odd.check()))
    found.choices["stage"].value = ""
    found.button.click()
    assert "Choose which column is the stage." in found.answer and not odd.store.exists("mapping.yaml")
    found.choices["stage"].value = "Who"
    found.button.click()
    assert "is chosen twice" in found.answer and not odd.store.exists("mapping.yaml")


def test_where_all_stages_of_a_chosen_column_are_odd_they_are_asked_all_the_same(here: Project):
    rows = [r.replace("Closed Won", "Sniffing") for r in ODD_ROWS]
    (here.store.root / "data" / "jobs.csv").write_text(ODD_HEADERS + "\n".join(rows), "utf-8")
    found = Asked(confirm.button(here, here.check()))
    found.choices["stage"].value, found.choices["owner"].value = "Where we are", "Who"
    found.button.click()
    assert set(found.choices) == {"Sniffing (4 rows)", "Parked (2 rows)"}


def test_a_sheet_without_one_known_header_is_asked_for_too(here: Project):
    text = "Ding,Stand,Wert\n" + "".join(f"x{n},{'Closed Won' if n % 2 else 'Sniffing'},{n}000\n" for n in range(8))
    (here.store.root / "data" / "dinge.csv").write_text(text, "utf-8")
    found = Asked(confirm.button(here, here.check()))
    assert [found.choices[c].value for c in ("name", "stage", "amount")] == ["Ding", "Stand", "Wert"]
    found.button.click()
    assert set(found.choices) == {"Sniffing (4 rows)"}


def test_what_is_known_is_not_asked(here: Project):
    head = "Deal Name,Account Name,Deal Owner,Stage,Amount,Closing Date,Who,When\n"
    (here.store.root / "data" / "d.csv").write_text(head + "a,A,Ann,Closed Won,5,2026-09-01,Bob,2026-09-02\n" * 3)
    (look,) = here.check().looks
    assert [m.column for m in look.missing] == ["closed"] and not look.problem
