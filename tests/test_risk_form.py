"""The form of risks without a browser: what is accepted, ticked and typed becomes rows; what is wrong is mended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from test_lab_form import project

from salesplaybook.areas import risk
from salesplaybook.entries.kinds import Entry, Lesson, Risk
from salesplaybook.forms import risk as forms
from salesplaybook.forms import risk_register as registers
from salesplaybook.forms.fields import Part, Typed
from salesplaybook.forms.form import Form
from salesplaybook.language import Language
from salesplaybook.project import Project
from test_risk import QUARTER, RULES, TODAY, deal, known, of

DEALS = {"a": deal("Big", 60_000_000), "b": deal("B", 20_000_000), "c": deal("C", 20_000_000)}
EN, ZH = Language("en", "CNY"), Language("zh_CN", "CNY")


def page(*risks: Entry, lessons: list[tuple[str, Lesson]] | None = None) -> risk.Body:
    return risk.body(QUARTER, known(DEALS, list(risks)), RULES, lessons or [])


def typed(part: Part, saved: dict[str, Entry], key: str, **said: Any) -> Typed:
    """A row of a part with some of its fields changed; a new one where no row has the key."""
    row = next((row for row in part.rows(saved) if row.key == key), None)
    names = [c.name for c in part.columns if c.kind != "said"]
    values = {name: None for name in names}
    if row:
        values |= {n: row.values.get(n, row.filled.get(n)) for n in names}
    return Typed(key if row else "", values | said, changed=set(said), edited=set(said))


def put(part: Part, saved: dict[str, Entry], key: str, **said: Any) -> Risk | None:
    row = typed(part, saved, key, **said)
    assert not part.check(row)
    found = saved.get(part.put(saved, row))
    assert found is None or isinstance(found, Risk)
    return found


# -- what the data show


@pytest.fixture
def proposals() -> Part:
    return forms.proposals(page(), EN, "Min Wang")


def test_accepting_a_proposal_takes_one_tick_and_a_chance(proposals: Part):
    saved: dict[str, Entry] = {}
    made = put(proposals, saved, "customer:Big", accept=True, probability=Decimal("0.3"))
    assert made and made.what == "Much hangs on Big"  # the share of today would soon be false
    (shown,) = [row for row in proposals.rows({}) if row.key == "customer:Big"]
    assert shown.values["what"] == "Big holds 60.0% of what is due this quarter"
    assert (made.owner, made.high, made.category, made.made) == ("Li Na", 600_000, "customer", TODAY)
    assert made.due and made.measure and made.trigger and made.cause and made.tag
    assert "low and high are both needed" not in str(page(made).left_out)


def test_a_dropped_proposal_is_kept_as_dropped_and_does_not_return(proposals: Part):
    saved: dict[str, Entry] = {}
    made = put(proposals, saved, "customer:Big", drop=True)
    assert made and made.dropped and not page(made).proposed


def test_accepting_and_dropping_is_refused_and_a_chance_without_a_tick_pointed_out(proposals: Part):
    assert "drop" in proposals.check(typed(proposals, {}, "customer:Big", accept=True, drop=True))
    assert "accept" in proposals.warn(typed(proposals, {}, "customer:Big", probability=Decimal("0.3")))
    assert "probability" in proposals.warn(typed(proposals, {}, "customer:Big", accept=True))
    over = typed(proposals, {}, "customer:Big", accept=True, probability=Decimal("1.3"))
    assert "130%" in proposals.check(over)["probability"].text


def test_what_is_accepted_stands_in_the_register_and_what_is_removed_there_is_proposed_again(proposals: Part):
    saved: dict[str, Entry] = {}
    put(proposals, saved, "customer:Big", accept=True)
    assert "customer:Big" not in [row.key for row in proposals.rows(saved)]
    assert [row.key for row in registers.part(page(), EN, "Min Wang").rows(saved)] == ["customer:Big"]
    saved.pop("customer:Big")
    assert "customer:Big" in [row.key for row in proposals.rows(saved)]


def test_a_save_builds_the_form_again_so_that_what_was_accepted_can_be_filled_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("JPY_SESSION_NAME", "form.ipynb")
    here = Project.open(project(tmp_path / "en", "en"))
    body = page()
    parts = [forms.proposals(body, EN, "Min Wang"), registers.part(body, EN, "Min Wang")]
    made = Form(here, "Risks", "", parts)
    (line,) = [line for line in made.grids[0].lines if line.row.key == "customer:Big"]
    line.fields["accept"].value, line.fields["probability"].value = True, "30%"
    assert made.save() == []
    first = made.grids[1].lines[0]
    assert first.row.key == "customer:Big" and first.fields["probability"].value == "30%"
    first.fields["low"].value = "900,000"
    assert len(made.save()) == 1 and made.grids[1].lines[0].fields["low"].value == "900,000"


# -- ready ones, and the pre-mortem


@pytest.mark.parametrize(("say", "what"), [(EN, "Acceptance is delayed"), (ZH, "验收推迟")])
def test_a_tick_takes_a_ready_risk_in_the_projects_words(say: Language, what: str):
    from salesplaybook import language

    language.use(say)
    part, saved = forms.ready(page(), QUARTER, "Min Wang", say), dict[str, Entry]()
    assert len(part.rows(saved)) == 15
    made = put(part, saved, "acceptance:2026Q3", take=True)
    assert made and (made.what, made.owner, made.tag) == (what, "Min Wang", "delivery")
    assert made.probability is None and made.high is None  # no list can know them
    assert put(part, saved, "acceptance:2026Q3", take=False) is None and not saved


def test_an_answer_of_the_premortem_becomes_a_risk():
    part, saved = forms.premortem(page(), QUARTER, "Min Wang", EN), dict[str, Entry]()
    assert [row.values["minutes"] for row in part.rows(saved)] == ["3 min"] * 5
    made = put(part, saved, "premortem:2026Q3:1", what="The bid was late")
    assert made and (made.what, made.owner, made.made) == ("The bid was late", "Min Wang", TODAY)


# -- the register


@pytest.fixture
def register() -> Part:
    return registers.part(page(of()), EN, "Min Wang")


def test_a_typed_risk_is_saved_with_its_day(register: Part):
    saved: dict[str, Entry] = {}
    made = put(register, saved, "", what="Fire", probability=Decimal("0.1"), low=1000, likely=2000, high=3000)
    assert made and made.made == TODAY and (made.low, made.high, made.response) == (1000, 3000, "accept")


def test_what_is_wrong_stands_under_its_field_with_both_values_and_a_mend(register: Part):
    saved: dict[str, Entry] = {"a": of()}
    (note,) = register.check(typed(register, saved, "a", low=Decimal(250_000))).values()
    assert note.text == "'Low' can't be above 'Likely': they are 250k and 200k."
    assert note.offer == "Swap the two"
    assert note.mend == {"low": 200_000, "likely": 250_000}
    assert "what" in register.check(typed(register, saved, "", probability=Decimal("0.1")))


def test_a_warning_does_not_block(register: Part):
    saved: dict[str, Entry] = {"a": of()}
    row = typed(register, saved, "a", owner="", due=date(2026, 9, 1))
    assert not register.check(row) and set(register.warn(row)) == {"owner", "due"}


def test_what_was_saved_by_hand_and_is_wrong_is_pointed_out_before_anything_is_typed(register: Part):
    saved: dict[str, Entry] = {"a": of(low=250_000)}
    (note,) = register.warn(typed(register, saved, "a")).values()
    assert "can't be above" in note.text and note.mend


def test_the_expected_loss_is_told_as_one_types(register: Part):
    saved: dict[str, Entry] = {"a": of()}

    def live(**said: Any) -> str:
        assert register.live
        return str(register.live(typed(register, saved, "a", **said))["loss"])

    assert "60 → <b>20</b>k" in live(probability_after=Decimal("0.1"))
    assert "counted once mended" in live(low=Decimal(320_000))
    assert "chance missing" in live(probability=None)
    assert "likely missing" in live(low=Decimal(0), likely=None)
    assert "likely after missing" in live(likely=None, low_after=Decimal(0), high_after=Decimal(50_000))
    assert "60 → <b>60</b>k" in live()


def test_the_total_names_the_largest_and_what_is_in_no_sum(register: Part):
    saved: dict[str, Entry] = {"a": of(), "b": of("b", probability="0.1"), "c": of("c", high=None)}
    total: Callable[[list[Typed]], Any] | None = register.total
    assert total
    said = str(total([typed(register, saved, key) for key in saved]))
    assert "without responses 80k, with them 80k" in said
    assert "Largest: a, 75% of what is left" in said and "1 row is in no sum" in said
    assert "no risk has a chance" in str(total([]))


# -- what came true


def test_risks_of_earlier_quarters_and_triggered_ones_are_asked_for(tmp_path: Path):
    rows: list[Entry] = [
        of("old", made=date(2026, 5, 4)),
        of("new", made=TODAY),
        of("seen", made=TODAY, triggered=TODAY),
    ]
    part, saved = forms.settled(page(*rows), QUARTER), {row.id: row for row in rows}
    assert [row.key for row in part.rows(saved)] == ["old", "seen"]
    made = put(part, saved, "old", happened="no")
    assert made and (made.happened, made.closed) == (False, TODAY)
    scores = page(*saved.values()).scores
    assert scores and (scores.n, scores.happened) == (1, 0)
    back = put(part, saved, "old", happened=None)
    assert back and (back.happened, back.closed) == (None, None)


def test_a_lesson_of_this_project_is_ticked_as_used():
    learned = Lesson(id="l", period="2026Q2", situation="late", advice="early", tag="delivery")
    body = page(of(tag="delivery"), lessons=[("Here", learned), ("Elsewhere", learned.model_copy(update={"id": "m"}))])
    part, saved = forms.lessons(body, "Here", EN), dict[str, Entry]({"l": learned})
    assert [row.key for row in part.rows(saved)] == ["l"]
    part.put(saved, typed(part, saved, "l", used=True))
    assert saved["l"].used == ["2026Q3"]  # type: ignore[attr-defined]
    part.put(saved, typed(part, saved, "l", used=False))
    assert saved["l"].used == []  # type: ignore[attr-defined]


# -- the whole


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_unattended_the_form_is_a_table_of_its_rows(tmp_path: Path, language: str):
    here = Project.open(project(tmp_path / language, language))
    kept = here.entries("risks")
    here.save_entries("risks", [of("a", what="Fire & <flood>")], kept.version)
    said = str(forms.form(here, page(of()), QUARTER))
    assert "Fire &amp; &lt;flood&gt;" in said and said.count("<table>") >= 3


def test_a_quarter_of_accepting_takes_six_typed_fields():
    # three proposals, each with a chance, and what the response leaves of it: the rest comes from the data
    body = page()
    part, saved = forms.proposals(body, EN, "Min Wang"), dict[str, Entry]()
    fields = 0
    for one in body.proposed[:3]:
        put(part, saved, one.id, accept=True, probability=Decimal("0.3"))
        fields += 1
    register = registers.part(body, EN, "Min Wang")
    for key in list(saved):
        put(register, saved, key, probability_after=Decimal("0.1"))
        fields += 1
    assert fields <= 6
    found = page(*saved.values())
    assert found.before and found.after and found.after.expected < found.before.expected
