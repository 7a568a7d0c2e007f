"""Forms without a browser: what is typed becomes rows, what can't be read gets a sentence, the rest is saved."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace as Some
from typing import Any, Literal

import pytest
from markupsafe import Markup
from pydantic import BaseModel, Field
from test_lab_form import ACTIONS, PAGE, project

from salesplaybook.demo.manager import Manager
from salesplaybook.entries import keep, kinds
from salesplaybook.entries.kinds import Action, Commit, Entry, Handled, Person, Target
from salesplaybook.forms import again, cells, fields, form, monday
from salesplaybook.forms.fields import Column, Note, Notes, Part, Typed
from salesplaybook.forms.form import Form
from salesplaybook.language import Language, current, use
from salesplaybook.periods import parse
from salesplaybook.project import Project

ENGLISH, CHINESE = Language("en", "USD"), Language("zh_CN", "CNY")


class Risk(Entry):
    """A kind as a later playbook may have one."""

    what: str = Field("", description="what may happen")
    kind: Literal["market", "people", "data"] | None = Field(None, description="market, people or data")
    who: Person = Field("", description="one person's name")
    loss: Decimal | None = Field(None, description="an amount in whole currency, as 400000", ge=0)
    due: date | None = Field(None, description="a day, as 2026-10-20")
    closed: bool = Field(False, description="true or false")


LABELS = {"what": "Risk", "kind": "Kind", "who": "Owner", "loss": "Loss", "due": "Due", "closed": "Closed"}


# -- fields


def test_a_models_fields_are_a_forms_columns():
    columns = fields.columns(Risk, LABELS)
    assert [c.kind for c in columns] == ["text", "choice", "person", "money", "date", "tick"]
    assert columns[1].choices == {"market": "market", "people": "people", "data": "data"}


@pytest.mark.parametrize(
    ("said", "amount"),
    [("12400000", 12_400_000), ("12,400,000", 12_400_000), ("1240万", 12_400_000), ("1.2M", 1_200_000), ("", None),
     ("1,240 万元", 12_400_000), ("1.2亿", 120_000_000), ("950k", 950_000), ("１２４０万", 12_400_000), ("0", 0)],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(said: str, amount: int | None):
    assert fields.amount(said, CHINESE) == amount


@pytest.mark.parametrize("said", ["a lot", "-5", "1.2.3", "12 USD", "1240万 or so", "99999999999999999999"])
def test_what_is_no_amount_is_told_with_a_sentence(said: str):
    with pytest.raises(ValueError, match=r"is no amount\. Write 12400000, 12,400,000 or 12\.4M\."):
        fields.amount(said, CHINESE)


@pytest.mark.parametrize("cents", [0, 1, 999, 12_400_000, 12_401_234, 120_000_000, 1_005_534_000])
def test_an_amount_is_shown_so_that_it_reads_as_the_same(cents: int):
    for say in (ENGLISH, CHINESE):
        assert fields.amount(fields.shown_amount(Decimal(cents) / 100, say), say) == Decimal(cents) / 100
        assert fields.amount(fields.shown_amount(Decimal(cents), say), say) == cents
    assert fields.shown_amount(Decimal(12_400_000), CHINESE) == "1,240万"


SHARE = Column("chance", "Chance", "percent")
COUNT = Column("count", "Count", "number")


@pytest.mark.parametrize(
    ("said", "share"),
    [("30%", ".3"), ("30 %", ".3"), ("30", ".3"), ("0.3", ".3"), (".3", ".3"), ("３０％", ".3"), ("12.5%", ".125"),
     ("100%", "1"), ("1%", ".01"), ("0.5%", ".005"), ("0", "0"), ("0%", "0"), ("130%", "1.3"), ("-5%", "-.05")],
)  # fmt: skip
def test_a_chance_is_read_as_people_write_it_and_shown_in_percent(said: str, share: str):
    found = fields.read(SHARE, said, ENGLISH)
    assert found == Decimal(share)
    assert fields.read(SHARE, fields.shown(SHARE, found, ENGLISH), ENGLISH) == found
    assert fields.shown(SHARE, found, ENGLISH).endswith("%")


def test_a_1_may_be_1_or_100_percent_and_is_asked_back():
    with pytest.raises(ValueError, match=r"'1' may be 1% or 100%\. Write it with the sign: 1% or 100%\."):
        fields.read(SHARE, "1", ENGLISH)
    for wrong in ("a third", "30%%", "1/3", "nan", "inf"):
        with pytest.raises(ValueError, match=r"is no percentage\. Write 30 % or 0\.3\."):
            fields.read(SHARE, wrong, ENGLISH)


def test_a_number_is_read_and_shown_without_what_it_does_not_need():
    assert [fields.read(COUNT, said, ENGLISH) for said in ("42", "1,200", "-3.50", "")] == [
        42, 1200, Decimal("-3.5"), None,
    ]  # fmt: skip
    assert [fields.shown(COUNT, Decimal(n), ENGLISH) for n in ("42", "1200", "3.50", "0")] == ["42", "1200", "3.5", "0"]
    for wrong in ("30%", "many"):
        with pytest.raises(ValueError, match=r"is no number\. Write it as 42 or 1,200\."):
            fields.read(COUNT, wrong, ENGLISH)


def test_rows_from_excel_come_in_the_order_of_the_form_or_of_their_heads():
    columns = fields.columns(Risk, LABELS)
    assert fields.pasted("Fire\tdata\tLi\t40万\t2026/10/1\t是\r\n\t\t\r\n", columns, CHINESE) == [
        {"what": "Fire", "kind": "data", "who": "Li", "loss": "40万", "due": "2026/10/1", "closed": "是"}
    ]
    assert fields.pasted('Owner\tNo\tRisk\nLi\t1\t"two\nlines"\n', columns, CHINESE) == [
        {"who": "Li", "what": "two\nlines"}
    ]
    assert fields.pasted("", columns, CHINESE) == []


def test_errors_are_told_by_what_a_field_expects():
    assert fields.errors_of(Risk, {"id": "a", "loss": "-1"}) == {
        "loss": "Expected an amount in whole currency, as 400000."
    }
    assert fields.errors_of(Risk, {"id": "a"}) == {}


# -- a form of any kind


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with two promises, and a person at the notebook."""
    monkeypatch.setenv("JPY_SESSION_NAME", "form.ipynb")
    return Project.open(project(tmp_path / "en", "en"))


@pytest.fixture
def risks(here: Project, monkeypatch: pytest.MonkeyPatch) -> Form:
    monkeypatch.setitem(kinds.KINDS, "risks", Risk)
    part = fields.of_kind("risks", "Risks", fields.columns(Risk, LABELS), "Add a risk")
    return Form(here, "Risks", "What may happen", [part], ["Li Na"])


def type_into(made: Form, grid: int, row: int, **values: Any) -> None:
    for name, value in values.items():
        made.grids[grid].lines[row].fields[name].value = value


def test_a_kind_needs_its_model_and_nothing_else(here: Project, risks: Form):
    type_into(risks, 0, 0, what="Fire", kind="data", who="Li Na", loss="40k", due=date(2026, 10, 20), closed=True)
    risks.save()
    (row,) = here.entries("risks").rows
    assert row.model_dump(exclude={"id"}) == {
        "what": "Fire", "kind": "data", "who": "Li Na", "loss": 40_000, "due": date(2026, 10, 20), "closed": True,
    }  # fmt: skip
    assert "✓ Saved" in risks.mark.value and "entries/risks.yaml" in risks.mark.value


def test_faulty_rows_are_named_and_the_others_saved(here: Project, risks: Form):
    type_into(risks, 0, 0, what="Fire", loss="much")
    type_into(risks, 0, 1, what="Flood", loss="10k")
    assert len(risks.grids[0].lines) == 3  # a blank one is always there, and isn't saved
    risks.save()
    assert [row.model_dump()["what"] for row in here.entries("risks").rows] == ["Flood"]
    assert "Risks 1" in risks.mark.value and "Risks 2" not in risks.mark.value
    shown = risks.grids[0].lines[0].messages
    assert "&#39;much&#39; is no amount" in shown.children[0].children[0].value and shown.layout.display == "grid"
    type_into(risks, 0, 0, loss="5k")
    assert shown.layout.display == "none"  # once told, it goes as soon as it is mended
    risks.save()
    assert len(here.entries("risks").rows) == 2


def test_a_row_that_is_removed_goes_and_comes_back_by_undo(here: Project, risks: Form):
    type_into(risks, 0, 0, what="Fire")
    risks.save()
    risks.grids[0].lines[0].remove.click()
    risks.save()
    assert here.entries("risks").rows == []
    risks.undo()
    assert [row.model_dump()["what"] for row in here.entries("risks").rows] == ["Fire"]
    assert risks.grids[0].lines[0].fields["what"].value == "Fire" and risks.undo_button.disabled


def test_what_was_changed_on_both_sides_is_shown_beside_what_is_typed(here: Project, risks: Form):
    type_into(risks, 0, 0, what="Fire", who="Li Na")
    risks.save()
    kept = here.entries("risks")
    theirs = kept.rows[0].model_copy(update={"what": "A great fire", "closed": True})
    here.save_entries("risks", [theirs], kept.version)
    type_into(risks, 0, 0, what="Small fire")
    risks.save()
    assert here.entries("risks").rows == [theirs] and "changed elsewhere" in risks.mark.value
    risks.read_again()
    line = risks.grids[0].lines[0]
    assert (line.fields["what"].value, line.fields["closed"].value) == ("Small fire", True)
    assert "Saved elsewhere meanwhile: A great fire" in line.messages.children[0].children[0].value
    risks.save()
    assert here.entries("risks").rows == [theirs.model_copy(update={"what": "Small fire"})]


def test_an_accepted_draft_is_there_in_the_part_below_as_soon_as_it_is_saved(here: Project, filled: Form):
    whole = fields.of_kind("actions", "All", fields.columns(Action, {"what": "What", "who": "Who"}), "Add")
    both = Form(here, "Both", "", [filled.parts[DRAFTS], whole])
    type_into(both, 1, 2, what="Faulty", who="")
    type_into(both, 0, 0, accept=True)
    both.save()
    shown = [(line.number, line.fields["what"].value) for line in both.grids[1].lines]
    assert shown[2:] == [(3, "Faulty"), (4, "Riverside II: Set a new date and a next step, or close it"), (5, "")]
    both.undo()
    assert [line.fields["what"].value for line in both.grids[1].lines][2:] == [""]


def test_reading_again_leaves_what_nobody_changed_as_it_stands(here: Project, risks: Form):
    type_into(risks, 0, 0, what="Fire")
    type_into(risks, 0, 1, what="Flood")
    risks.save()
    lines, kept = list(risks.grids[0].lines), here.entries("risks")
    theirs = [kept.rows[0], kept.rows[1].model_copy(update={"who": "Li Na"})]
    theirs.append(Risk(id="new", what="Frost"))
    here.save_entries("risks", theirs, kept.version)
    type_into(risks, 0, 0, what="Small fire")
    risks.save()
    type_into(risks, 0, 2, what="Hail")
    assert "changed elsewhere" in risks.mark.value  # it stands there until it is read again
    risks.read_again()
    now = risks.grids[0].lines
    assert [line.fields["what"].value for line in now] == ["Small fire", "Flood", "Frost", "Hail", ""]
    assert now[:2] == lines[:2] and now[1].fields["who"].value == "Li Na" and now[3] is lines[2]
    assert [line.number for line in now] == [1, 2, 3, 4, 5] and now[3].fields["what"].description == "Risks: Risk 4"
    risks.save()
    names = ["Small fire", "Flood", "Frost", "Hail"]
    assert [row.model_dump()["what"] for row in here.entries("risks").rows] == names


def test_what_is_said_in_a_click_is_in_the_projects_language_in_whatever_thread_it_runs(here: Project):
    use(CHINESE)
    heard: list[Language] = []
    thread = threading.Thread(target=lambda: heard.append(current()))
    thread.start()
    thread.join()
    use(here.language)
    assert heard == [CHINESE]


def test_text_from_files_is_escaped(here: Project):
    part = fields.Part("actions", "<b>", [Column("what", "<i>", "said")],
                       lambda saved: [fields.Row("a", {"what": "<script>"})], lambda saved, typed: "")  # fmt: skip
    made = Form(here, "<u>", "", [part])
    assert "&lt;script&gt;" in made.grids[0].lines[0].said["what"].value
    assert "&lt;script&gt;" in form.table(here, [part]) and "<script>" not in form.table(here, [part])


# -- rows that open to long fields


REGISTER = {
    "what": "Risk",
    "owner": "Owner",
    "category": "Category",
    "probability": "Chance",
    "low": "Low",
    "likely": "Likely",
    "high": "High",
    "cause": "Cause",
    "measure": "Measure",
    "probability_after": "After",
}


def ordered(typed: Typed) -> Notes:
    """What a register finds wrong with a row."""
    low, likely = typed.values["low"], typed.values["likely"]
    found: Notes = {}
    if low is not None and likely is not None and low > likely:
        text = f"Low can't be above likely: {low:,} and {likely:,}."
        found["low"] = Note(text, {"low": likely, "likely": low}, "Swap the two", ("likely",))
    if typed.values["measure"] == "?":
        found["measure"] = Note("What is done?", also=("probability_after",))
    return found


def register() -> Part:
    def live(typed: Typed) -> dict[str, str | Markup]:
        chance, likely = typed.values["probability"], typed.values["likely"]
        return {"loss": Markup("<b>{}</b>").format(chance * likely) if chance and likely else ""}

    def warn(typed: Typed) -> Notes:
        return {"cause": Note("Is that all?")} if typed.values["cause"] == "so" else {}

    columns = fields.columns(kinds.Risk, REGISTER, {"category": {"Money": "cash", "People": "people"}})
    columns = [replace(c, below=c.name == "probability_after") for c in columns]
    columns.insert(7, Column("loss", "Loss", "said", "172px"))
    made = fields.of_kind("risks", "Register", columns, "Add a risk")
    return replace(made, check=ordered, warn=warn, live=live, total=lambda rows: Markup("<i>{}</i>").format(len(rows)))


@pytest.fixture
def opens(here: Project) -> Form:
    return Form(here, "Risks", "", [register()], ["Li Na"])


def told(made: Form, row: int) -> list[str]:
    """The messages in a row's line."""
    return [Markup(box.children[0].value).striptags() for box in made.grids[0].lines[row].messages.children]


def test_long_fields_stand_in_the_part_that_a_row_opens_to(opens: Form):
    part, line = opens.grids[0].part, opens.grids[0].lines[0]
    assert [c.name for c in part.line] == [*list(REGISTER)[:7], "loss"]
    assert [c.name for c in part.below] == ["cause", "measure", "probability_after"]
    assert not line.opened and not line.below.widget.children and line.below.widget.layout.display == "none"
    assert line.opener.description == "Register: open row 1"
    line.opener.click()
    assert line.opened and line.below.widget.layout.display == "grid" and len(line.below.widget.children) == 3
    assert line.opener.description == "Register: close row 1"
    line.opener.click()
    assert not line.opened


def test_a_new_row_opens_as_soon_as_something_is_typed_in_it_and_the_one_before_closes(opens: Form):
    type_into(opens, 0, 0, what="F")
    lines = opens.grids[0].lines
    assert [line.opened for line in lines] == [True, False]
    lines[0].opener.click()
    type_into(opens, 0, 0, what="Fire")
    assert not lines[0].opened  # who has closed it wants it closed
    lines[0].opener.click()
    type_into(opens, 0, 1, what="Flood")
    assert [line.opened for line in lines] == [False, True, False]
    opens.grids[0].paste("Frost\tLi Na\nHail\tLi Na\n")
    assert [line.opened for line in lines] == [False, True, False, False, False]


def test_a_row_with_an_error_in_a_long_field_opens_by_itself(opens: Form):
    type_into(opens, 0, 0, what="Fire", measure="?")
    line = opens.grids[0].lines[0]
    line.open(False)
    opens.save()
    assert line.opened and told(opens, 0) == []
    assert "What is done?" in line.below.notes["measure"].children[0].children[0].value
    wrong = {name for name, widget in line.fields.items() if "sp-wrong" in widget._dom_classes}
    assert wrong == {"measure", "probability_after"}
    line.open(False)
    assert told(opens, 0) == ["! Measure: What is done?"]  # nothing is told where nobody sees it


def test_a_warning_about_a_closed_field_stands_in_the_line_and_does_not_block(here: Project, opens: Form):
    type_into(opens, 0, 0, what="Fire", cause="so")
    opens.grids[0].lines[0].open(False)
    assert told(opens, 0) == ["? Cause: Is that all?"]
    opens.save()
    assert len(here.entries("risks").rows) == 1 and not opens.grids[0].lines[0].opened


def test_an_error_of_two_fields_marks_both_stands_once_and_is_mended_by_one_click(here: Project, opens: Form):
    type_into(opens, 0, 0, what="Fire", probability="50%", low="320k", likely="275k", high="400k")
    line = opens.grids[0].lines[0]
    assert told(opens, 0) == []  # who is still typing is left alone
    opens.save()
    assert told(opens, 0) == ["! Low can't be above likely: 320,000 and 275,000."]
    assert {n for n, w in line.fields.items() if "sp-wrong" in w._dom_classes} == {"low", "likely"}
    assert here.entries("risks").rows == []
    line.messages.children[0].children[1].click()
    assert (line.fields["low"].value, line.fields["likely"].value) == ("275,000", "320,000")
    assert told(opens, 0) == [] and not any("sp-wrong" in w._dom_classes for w in line.fields.values())
    opens.save()
    (row,) = here.entries("risks").rows
    assert isinstance(row, kinds.Risk) and (row.low, row.likely, row.probability) == (275_000, 320_000, Decimal(".5"))


def test_the_result_and_the_sum_are_told_as_one_types(opens: Form):
    type_into(opens, 0, 0, what="Fire", probability="50%", likely="300k")
    line, grid = opens.grids[0].lines[0], opens.grids[0]
    assert "<b>150000.0</b>" in line.said["loss"].value and "<i>1</i>" in grid.total.value
    type_into(opens, 0, 0, probability="10%")
    type_into(opens, 0, 1, what="Flood")
    assert "<b>30000.0</b>" in line.said["loss"].value and "<i>2</i>" in grid.total.value


def test_a_saved_number_stands_there_as_it_was_understood(opens: Form):
    type_into(opens, 0, 0, what="Fire", probability="0.3", likely="1.2M")
    opens.save()
    line = opens.grids[0].lines[0]
    assert (line.fields["probability"].value, line.fields["likely"].value) == ("30%", "1,200,000")
    assert "Saved" in opens.mark.value and not opens.unsaved


def test_rows_from_excel_may_hold_chances_choices_and_long_texts(here: Project, opens: Form):
    opens.grids[0].paste("Risk\tChance\tCategory\tCause\tHigh\nFire\t30%\t money \tdry wood\t40万\n")
    line = opens.grids[0].lines[0]
    assert (line.fields["probability"].value, line.fields["category"].value) == ("30%", "cash")
    opens.save()
    (row,) = here.entries("risks").rows
    assert isinstance(row, kinds.Risk)
    assert (row.probability, row.category, row.cause, row.high) == (Decimal(".3"), "cash", "dry wood", 400_000)


def test_what_was_pasted_and_can_t_be_taken_is_said_until_another_is_chosen(opens: Form):
    opens.grids[0].paste("Risk\tCategory\nFire\tWeather\n")
    assert told(opens, 0) == ["? 'Weather' is none of these: Money, People."]
    type_into(opens, 0, 0, what="A fire")
    assert told(opens, 0) == ["? 'Weather' is none of these: Money, People."]
    type_into(opens, 0, 0, category="people")
    assert told(opens, 0) == []


def test_where_nothing_is_typed_in_the_line_the_long_fields_stand_open(here: Project):
    columns = [Column("who", "Who", "said", "170px"), Column("own", "Own words", "long")]
    part = Part("actions", "Words", columns, lambda saved: [fields.Row("a", {"who": "Li Na"})], lambda saved, typed: "")
    line = Form(here, "Words", "", [part]).grids[0].lines[0]
    assert not part.opens and line.opened and len(line.below.widget.children) == 1
    assert line.opener not in line.widget.children
    assert cells.tracks(part) == "minmax(109px, 170px) 1fr 30px"  # all of the width is the long field's


def test_unattended_the_long_fields_stand_below_their_row(here: Project, opens: Form):
    type_into(opens, 0, 0, what="Fire", probability="30%", likely="100k", cause="<dry> wood")
    opens.save()
    shown = form.table(here, [register()])
    assert "<th>Risk</th>" in shown and "<th>Cause</th>" not in shown
    assert "Cause: &lt;dry&gt; wood" in shown and "Measure" not in shown
    assert '<td class="r">30%</td>' in shown and "<b>30000" in shown and "<i>1</i>" in shown


# -- Monday


@pytest.fixture
def page(here: Project, monkeypatch: pytest.MonkeyPatch) -> Some:
    """The page of test_lab_form's notebook."""
    monkeypatch.chdir(here.store.root)
    made: dict[str, Any] = {}
    exec(PAGE, made)
    found: Some = made["page"]
    return found


WEEK = parse("2026-W39")


@pytest.fixture
def filled(here: Project, page: Some, monkeypatch: pytest.MonkeyPatch) -> Iterator[Form]:
    """The Monday form, as made by the notebook."""
    yield reopened(here, page, monkeypatch)


def reopened(here: Project, page: Some, monkeypatch: pytest.MonkeyPatch) -> Form:
    made: list[Form] = []

    def caught(*args: Any) -> Form:
        made.append(Form(*args))
        return made[0]

    with monkeypatch.context() as patched:
        patched.setattr(form, "Form", caught)
        monday.form(here, page, WEEK)
    return made[0]


DRAFTS, OWN, PROMISES, DEALS, TARGET, COMMIT, OWNERS = range(7)


def export(here: Project, day: str) -> None:
    """Files an export of a day with deals of two owners."""
    rows = ["d1,Cloud Valley,Bo Chen", "d8,Old Port,Anna Lee", "d9,Tower,Bo Chen"]
    text = "Deal ID,Deal name,Owner,Stage,Amount,Created,Expected close\n"
    text += "".join(f"{row},Proposal,{day[4:]}000,2026-09-01,2026-09-30\n" for row in rows)
    here.store.write(text, "data", f"deals_{day}.csv")
    here.file_exports()


def said(here: Project, kind: str) -> dict[str, Entry]:
    return {row.id: row for row in here.entries(kind).rows}


def test_accepting_a_draft_is_a_tick_and_unticking_takes_it_back(here: Project, filled: Form):
    type_into(filled, DRAFTS, 0, accept=True)
    type_into(filled, DRAFTS, 1, drop=True)
    filled.save()
    assert said(here, "actions")["no_step:d0"] == Action(
        id="no_step:d0", what="Riverside II: Set a new date and a next step, or close it", who="Anna Lee",
        due=date(2026, 9, 22), made=date(2026, 9, 21), deal="d0",
    )  # fmt: skip
    assert said(here, "actions")["no_step:d1"] == Action(id="no_step:d1", dropped=True)
    assert "no_step:d2" not in said(here, "actions")
    type_into(filled, DRAFTS, 0, accept=False)
    filled.save()
    assert "no_step:d0" not in said(here, "actions")


def test_an_action_needs_what_who_and_when(here: Project, filled: Form):
    type_into(filled, OWN, 0, what="Write to the board")
    type_into(filled, DRAFTS, 0, accept=True, who="")
    type_into(filled, DRAFTS, 1, accept=True, drop=True)
    filled.save()
    assert set(said(here, "actions")) == {"p1", "p2"}
    assert "Proposed actions 1, Proposed actions 2, Agreed this week 1" in filled.mark.value


def test_a_moved_promise_has_a_new_day_and_the_reason(here: Project, filled: Form):
    type_into(filled, PROMISES, 0, done=True)
    type_into(filled, PROMISES, 1, moved=date(2026, 10, 1), why="travelling")
    filled.save()
    done, moved = said(here, "actions")["p1"], said(here, "actions")["p2"]
    assert isinstance(done, Action) and isinstance(moved, Action)
    assert (done.done, moved.due, moved.why) == (here.today, date(2026, 10, 1), "travelling")
    type_into(filled, PROMISES, 0, done=False)
    type_into(filled, PROMISES, 1, moved=None)
    filled.save()
    assert said(here, "actions")["p2"].model_dump()["due"] == date(2026, 9, 24)
    assert said(here, "actions")["p1"].model_dump()["done"] is None


def test_owners_prefilled_commits_are_said_with_the_managers_own(here: Project, filled: Form):
    type_into(filled, DEALS, 0, handled=True)
    filled.save()
    assert said(here, "commits") == {}
    type_into(filled, COMMIT, 0, amount="12.4M")
    filled.save()
    assert {c.owner: c.amount for c in said(here, "commits").values() if isinstance(c, Commit)} == {
        "": 12_400_000, "Anna Lee": 5_600_000, "Bo Chen": 4_300_000,
    }  # fmt: skip
    assert set(said(here, "commits")) == {"2026Q3:2026-W39:", "2026Q3:2026-W39:Anna Lee", "2026Q3:2026-W39:Bo Chen"}


def test_a_commit_is_found_by_what_it_says_whatever_its_id(here: Project, page: Some, monkeypatch: pytest.MonkeyPatch):
    own = Commit(id="2026-W39", period="2026Q3", week="2026-W39", amount=Decimal(12_000_000))
    here.save_entries("commits", [own], "")
    filled = reopened(here, page, monkeypatch)
    assert filled.grids[COMMIT].lines[0].fields["amount"].value == "12,000,000"
    type_into(filled, COMMIT, 0, amount="12.1M")
    filled.save()
    assert said(here, "commits")["2026-W39"] == own.model_copy(update={"amount": Decimal(12_100_000)})


def test_the_range_waits_for_the_commit_or_for_its_being_skipped(here: Project, page: Some, filled: Form):
    shown = monday.outlook(here, page, WEEK)
    assert "Commit first." in shown.value and "10.90M" not in shown.value
    type_into(filled, COMMIT, 0, skip=True)
    filled.save()
    assert "10.90M to 13.50M" in shown.value and "Your commit" not in shown.value
    assert said(here, "commits")["2026Q3:2026-W39:"].model_dump()["skipped"]
    filled.undo()
    assert "Commit first." in shown.value


def test_a_commit_in_another_unit_is_offered_to_be_mended(filled: Form):
    type_into(filled, COMMIT, 0, amount="12.5")
    line = filled.grids[COMMIT].lines[0]
    said, button = line.messages.children[0].children
    assert "less than is won already: 9.15M" in said.value
    button.click()
    assert line.fields["amount"].value == "12,500,000" and line.messages.layout.display == "none"


def test_a_target_is_asked_once_a_quarter(here: Project, page: Some, filled: Form, monkeypatch: pytest.MonkeyPatch):
    type_into(filled, TARGET, 0, amount="12.84M")
    filled.save()
    assert said(here, "targets") == {"2026Q3": Target(id="2026Q3", period="2026Q3", amount=Decimal(12_840_000))}
    page.target = 1_000
    assert reopened(here, page, monkeypatch).grids[TARGET].lines[0].fields["amount"].value == "12,840,000"


def test_on_a_monday_one_field_has_to_be_typed(here: Project, page: Some, filled: Form):
    """Drafts are accepted with the day and the person that stand there; owners' commits stand there too."""
    for grid, row, name in ((DRAFTS, 0, "accept"), (DRAFTS, 1, "accept"), (PROMISES, 0, "done"), (DEALS, 0, "handled")):
        type_into(filled, grid, row, **{name: True})
    type_into(filled, COMMIT, 0, amount="12.4M")
    filled.save()
    assert "Not saved" not in filled.mark.value
    assert {c.owner for c in here.entries("commits").rows} == {"", "Anna Lee", "Bo Chen"}
    assert "8 times in 10" in monday.outlook(here, page, WEEK).value


def test_all_that_can_be_typed_is_saved_at_once(here: Project, page: Some, filled: Form):
    typed = [
        (PROMISES, 1, "moved", date(2026, 10, 1)), (PROMISES, 1, "why", "travelling"), (DEALS, 0, "note", "met"),
        (OWN, 0, "what", "Write to the board"), (OWN, 0, "who", "Bo Chen"), (OWN, 0, "due", date(2026, 9, 25)),
        (COMMIT, 0, "amount", "12.4M"), (TARGET, 0, "amount", "12.84M"),
    ]  # fmt: skip
    for grid, row, name, value in typed:
        type_into(filled, grid, row, **{name: value})
    for grid, row, name in ((DRAFTS, 0, "accept"), (DRAFTS, 1, "drop"), (PROMISES, 0, "done"), (DEALS, 0, "handled")):
        type_into(filled, grid, row, **{name: True})
    filled.save()
    assert "Not saved" not in filled.mark.value
    counts = {kind: len(here.entries(kind).rows) for kind in ("actions", "handled", "commits", "targets")}
    assert counts == {"actions": 5, "handled": 1, "commits": 3, "targets": 1}


def test_unattended_the_same_rows_are_a_table(here: Project, page: Some, filled: Form, monkeypatch: pytest.MonkeyPatch):
    type_into(filled, DRAFTS, 0, accept=True)
    filled.save()
    monkeypatch.delenv("JPY_SESSION_NAME")
    shown = monday.form(here, page, WEEK)
    assert "Riverside II: Set a new date" in shown and "First draft of the tender" in shown and "✓" in shown
    assert "Commit first." in monday.outlook(here, page, WEEK)
    assert again.button(lambda: Path(), here) is None


def test_ones_own_cut_asks_for_no_manager_s_commit(here: Project, page: Some, monkeypatch: pytest.MonkeyPatch):
    page.owner, page.owners = "Anna Lee", page.owners[:1]
    made = reopened(here, page, monkeypatch)
    assert [grid.part.kind for grid in made.grids] == ["actions", "actions", "actions", "handled", "commits"]
    made.save()
    assert said(here, "commits") == {}


def test_nothing_to_come_is_a_commit_too(here: Project, page: Some, monkeypatch: pytest.MonkeyPatch):
    page.owners[1].before = 0
    filled = reopened(here, page, monkeypatch)
    assert filled.grids[OWNERS].lines[1].fields["amount"].value == "0"
    type_into(filled, COMMIT, 0, amount="0")
    filled.save()
    assert "Nothing new" not in filled.mark.value
    assert {row.model_dump()["owner"]: row.model_dump()["amount"] for row in here.entries("commits").rows} == {
        "": 0, "Anna Lee": 5_600_000, "Bo Chen": 0,
    }  # fmt: skip
    assert reopened(here, page, monkeypatch).grids[COMMIT].lines[0].fields["amount"].value == "0"
    type_into(filled, COMMIT, 0, amount="")
    filled.save()
    assert "2026Q3:2026-W39:" not in said(here, "commits")


def test_a_new_row_with_an_amount_of_nothing_is_not_blank(here: Project, risks: Form):
    type_into(risks, 0, 0, loss="0")
    risks.save()
    assert [row.model_dump()["loss"] for row in here.entries("risks").rows] == [0]


def test_an_amount_of_nothing_that_was_saved_elsewhere_is_pointed_out(here: Project, risks: Form):
    type_into(risks, 0, 0, what="Fire")
    risks.save()
    kept = here.entries("risks")
    here.save_entries("risks", [kept.rows[0].model_copy(update={"loss": Decimal(0)})], kept.version)
    type_into(risks, 0, 0, loss="5k")
    risks.read_again()
    assert "Saved elsewhere meanwhile: 0" in risks.grids[0].lines[0].messages.children[0].children[0].value


def test_a_skip_takes_back_every_amount_of_the_week(here: Project, page: Some, monkeypatch: pytest.MonkeyPatch):
    week = {"period": "2026Q3", "week": "2026-W39"}
    rows = [Commit(id=id, amount=Decimal(amount), **week) for id, amount in (("a", 12_000_000), ("b", 12_100_000))]
    here.save_entries("commits", rows, "")
    filled = reopened(here, page, monkeypatch)
    assert filled.grids[COMMIT].lines[0].fields["amount"].value == "12,100,000"
    type_into(filled, COMMIT, 0, amount="", skip=True)
    filled.save()
    mine = [row for row in here.entries("commits").rows if isinstance(row, Commit) and not row.owner]
    assert [(row.id, row.amount, row.skipped) for row in mine] == [("b", None, True)]


def test_one_persons_cut_has_that_persons_actions_and_ticks(here: Project, page: Some, monkeypatch: pytest.MonkeyPatch):
    export(here, "20260922")
    kept = here.entries("actions")
    new = [
        Action(id=f"{when}:{who}", what=f"{who} writes", who=who, due=date(2026, 9, 25), made=made)
        for who in ("Anna Lee", "Bo Chen")
        for when, made in (("now", page.monday), ("older", date(2026, 9, 1)))
    ]
    here.save_entries("actions", [*kept.rows, *new], kept.version)
    ticks = [Handled(id=f"{deal}:{page.monday}", deal=deal, on=page.monday) for deal in ("d7", "d8", "d9")]
    here.save_entries("handled", ticks, "")
    page.owner, page.owners, page.promises = "Anna Lee", page.owners[:1], []
    page.deals, page.drafts = page.deals[:1], []
    filled = reopened(here, page, monkeypatch)
    keys = [{line.row.key for line in grid.lines if line.row.key} for grid in filled.grids]
    assert keys[OWN] == {"now:Anna Lee"}
    assert keys[PROMISES] == {"p1", "p2", "older:Anna Lee"}
    assert keys[DEALS] == {f"d0:{page.monday}", f"d8:{page.monday}"}  # d8 is hers, d7 nobody's, d9 another's
    page.owner = ""
    everybody = [line.row.key for line in reopened(here, page, monkeypatch).grids[PROMISES].lines]
    assert set(everybody) == {"p1", "p2", "older:Anna Lee", "older:Bo Chen"}


def test_an_earlier_weeks_page_is_not_filled_in(here: Project, page: Some, monkeypatch: pytest.MonkeyPatch):
    export(here, "20260927")  # still of the page's week
    assert reopened(here, page, monkeypatch).grids
    export(here, "20260928")
    shown = monday.form(here, page, WEEK)
    assert "This is an earlier week: what is typed now belongs to the newest one." in shown
    assert "First draft of the tender" in shown and "input" not in shown
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert "earlier week" not in monday.form(here, page, WEEK)


def test_making_the_page_again_saves_what_is_typed_first(here: Project, page: Some, filled: Form):
    made: list[int] = []

    def make() -> Path:
        made.append(len(here.entries("handled").rows))
        return here.store.write("<p>the page</p>", "records", "page.html")

    shown = again.button(make, here)
    button, answer = shown.children[1].children
    type_into(filled, DEALS, 0, handled=True)
    type_into(filled, OWN, 0, what="Write to the board")
    button.click()
    assert made == [1]  # the tick was there when the page was made
    assert "Made again:" in answer.value and "Not saved, see the message below each: Agreed this week 1" in answer.value
    filled.grids[OWN].lines[0].remove.click()
    button.click()
    assert "Made again:" in answer.value and "Not saved" not in answer.value
    kept = here.entries("handled")
    here.save_entries("handled", [], kept.version)
    type_into(filled, DEALS, 0, note="met")
    button.click()
    assert "Made again:" in answer.value and "entries/handled.yaml was changed elsewhere" in answer.value


def test_from_the_ninth_on_owners_are_in_the_form_too(here: Project, page: Some, monkeypatch: pytest.MonkeyPatch):
    rest = Some(owner="", won=1, commit=None, before=None, last_quarter=None, people=2, here=True)
    page.all_owners = [Some(owner=f"Owner {n}", won=0, commit=None, before=None, last_quarter=None, people=1, here=True)
                       for n in range(10)]  # fmt: skip
    page.owners = [*page.all_owners[:8], rest]
    filled = reopened(here, page, monkeypatch)
    assert [line.row.key for line in filled.grids[OWNERS].lines] == [f"Owner {n}" for n in range(10)]
    assert {f"Owner {n}" for n in range(10)} <= set(filled.people)


def test_a_tick_says_for_how_many_days_it_holds(here: Project, page: Some, filled: Form):
    assert filled.grids[DEALS].part.note == "a tick takes a deal off the page for 14 days"
    text = here.store.text("project.yaml") + "warnings: {handled_days: 10}\n"
    here.store.write(text, "project.yaml")
    parts = monday._parts(Project.open(here.store.root), page, "2026-W39")
    assert parts[DEALS].note == "a tick takes a deal off the page for 10 days"


def test_the_demos_manager_ticks_deals_by_name(page: Some):
    body = Some(monday=page.monday, deals=[Some(deal=f"d{n}", name=f"Tower {n}") for n in range(20)])
    ticks = Manager("Claire Dawson", ENGLISH).ticks(body, [], 8)
    assert ticks and all(tick.name == f"Tower {tick.deal[1:]}" for tick in ticks)


def test_without_deals_there_is_no_form(here: Project):
    nothing = Some(monday=None, forecast=None)
    assert monday.form(here, nothing, WEEK) is None and monday.outlook(here, nothing, WEEK) is None


def test_the_file_of_the_manager_keeps_its_comments(here: Project, filled: Form):
    own = ACTIONS.format("First draft of the tender", "Arrange the site visit", "Anna Lee")
    filled.save()
    assert here.store.text("entries", "actions.yaml") == own
    type_into(filled, PROMISES, 0, why="no time")
    filled.save()
    assert here.store.text("entries", "actions.yaml") == own.replace("room: 3.14", "room: 3.14\n  why: no time")
    assert keep.load(here.store, "actions") == here.entries("actions")


def test_a_model_without_our_marks_can_be_a_form_too():
    class Plain(BaseModel):
        name: str
        on: date

    assert [c.kind for c in fields.columns(Plain, {"name": "Name", "on": "On"})] == ["text", "date"]
