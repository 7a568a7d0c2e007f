"""Lessons are found again by tag and by words, in Chinese and in English, each with why; and lent between projects."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.distance import cosine

from salesplaybook.entries.kinds import Lesson
from salesplaybook.language import Language
from salesplaybook.methods import similar
from salesplaybook.methods.similar import recall
from salesplaybook.project import Project
from salesplaybook.results import Message
from salesplaybook.template import make_project

CHINESE, ENGLISH = Language("zh_CN"), Language("en")
# Topic, a lesson on it, and a later goal or risk about the same in other words.
TOPICS = [
    ("forecast", "客户口头答应本季签约，预算还没批复", "预算批复晚，签约可能拖到下季"),
    ("tender", "招标前两周才拿到技术规格书", "投标时技术规格来不及吃透"),
    ("cash", "验收单没有人签字，尾款挂了半年", "尾款回收要等验收签字"),
    ("team", "售前只有一个人，三个标撞在一起", "售前人手不足，几个标同时到期"),
    ("competition", "对手报价比我们低两成", "竞争对手低价抢单"),
    ("decision_chain", "只见过采购，没见过分管副总", "没有接触到拍板的副总"),
    ("contract", "法务来回改条款用了四十天", "合同条款谈判拖延"),
    ("partners", "渠道返点太低，伙伴改卖别家", "代理商嫌返点低"),
]
IN_ENGLISH = [
    ("forecast", "The customer promised this quarter though the budget was not approved", "budget approval comes late"),
    ("tender", "The technical specification came two weeks before the tender closed", "too little time for a tender"),
    ("cash", "Nobody signed the acceptance and the last instalment waits", "instalments hang on acceptance"),
    ("team", "One presales engineer had three bids in the same week", "presales is short of people for all bids"),
    ("competition", "The rival's quotation was a fifth below ours", "a rival undercuts our quotations"),
    ("decision_chain", "We met purchasing and never the vice president", "no contact with the vice president"),
    ("contract", "Lawyers changed clauses for forty days", "clauses keep the lawyers busy"),
    ("partners", "Our rebate was too low, so resellers sold other brands", "resellers ask for a higher rebate"),
]


def lesson(id: str, situation: str, tag: str | None = None, period: str = "2026Q1", **said: str) -> Lesson:
    return Lesson.model_validate({"id": id, "period": period, "situation": situation, "tag": tag, **said})


def library(topics: list[tuple[str, str, str]], tags: bool = True) -> list[tuple[str, Lesson]]:
    return [("parks", lesson(str(n), said, tag if tags else None)) for n, (tag, said, _) in enumerate(topics)]


def told(why: Message, say: Language = ENGLISH) -> str:
    return say(why.text, **why.values)


def test_likeness_is_the_cosine_of_tf_idf_worked_by_hand():
    """Three texts: 'tender budget', 'team', and the question 'tender'. idf = ln((1 + 3) / (1 + df)) + 1."""
    tender, budget = np.log(4 / 3) + 1, np.log(4 / 2) + 1
    by_hand = tender / np.hypot(tender, budget)
    found = recall([("a", lesson("1", "tender budget")), ("a", lesson("2", "team"))], ["tender"], [])
    assert [r.id for r in found] == ["1"] and found[0].score == pytest.approx(by_hand, abs=5e-4)


def test_rows_are_of_length_one_and_the_cosine_is_scipys():
    made, terms = similar.vectors([similar.terms(said) for _, said, _ in (*TOPICS, *IN_ENGLISH)])
    assert np.allclose(np.linalg.norm(made, axis=1), 1) and len(terms) == made.shape[1]
    for a, b in ((0, 1), (3, 4), (8, 9)):
        assert made[a] @ made[b] == pytest.approx(1 - cosine(made[a], made[b]))


@pytest.mark.parametrize("topics", [TOPICS, IN_ENGLISH], ids=["zh", "en"])
def test_the_right_lesson_of_eight_is_the_first_for_a_question_in_other_words(topics: list[tuple[str, str, str]]):
    found = [recall(library(topics), [asked], [], n=1) for _, _, asked in topics]
    hits = sum(bool(r) and r[0].id == str(n) for n, r in enumerate(found))
    assert hits >= 7


def test_chinese_and_english_lessons_stand_in_one_vocabulary():
    both = [*library(TOPICS), ("harbour", lesson("en", "The tender's budget was cut", "pricing"))]
    assert recall(both, ["a tender without a budget"], [], n=1)[0].id == "en"
    assert recall(both, ["投标 ABB 技术规格"], [], n=1)[0].tag == "tender"


def test_a_shared_tag_comes_first_also_across_languages():
    for tag, _, _ in TOPICS:
        assert recall(library(TOPICS), ["something quite different"], [tag], n=5)[0].tag == tag
    found = recall(library(TOPICS), ["竞争对手低价抢单"], ["cash"])
    assert [r.tag for r in found][:2] == ["cash", "competition"]


def test_why_says_what_is_alike():
    found = recall(library(TOPICS), ["技术规格来不及吃透"], ["tender"], n=1)[0]
    assert told(found.why, CHINESE) == "标签相同：招投标；相近的词：技术规格"
    only_tag = recall(library(IN_ENGLISH), ["zzz"], ["tender"], n=1)[0]
    assert told(only_tag.why) == "same tag: tender"
    by_words = recall(library(IN_ENGLISH), ["clauses and lawyers"], [], n=1)[0]
    assert told(by_words.why) == "alike words: clauses, lawyers"


def test_of_equally_alike_lessons_the_newest_comes_first():
    old, new = lesson("old", "tender", period="2025Q4"), lesson("new", "tender", period="2026Q2")
    assert [r.id for r in recall([("a", old), ("b", new)], ["tender"], [])] == ["new", "old"]
    assert [r.project for r in recall([("a", old), ("b", new)], ["tender"], [])] == ["b", "a"]


@pytest.mark.parametrize("texts", [[], [""], ["  "], ["the and of to"], ["客户 项目 商机"], ["的了是在"], ["!?，。"]])
def test_nothing_in_common_recalls_nothing(texts: list[str]):
    assert recall(library(TOPICS) + library(IN_ENGLISH), texts, []) == []


def test_an_empty_library_or_an_empty_lesson_is_no_trouble():
    assert recall([], ["tender"], ["tender"]) == []
    assert recall([("a", lesson("x", ""))], ["tender"], []) == []
    assert [r.id for r in recall([("a", lesson("x", "", "tender"))], [], ["tender"])] == ["x"]


def test_plurals_are_one_word_and_the_score_never_passes_one():
    assert similar.terms("Tenders, companies; analysis") == ["tender", "company", "analysis"]
    found = recall([("a", lesson("1", "tender budget"))], ["tender budget"], [])
    assert found[0].score == pytest.approx(1)


# -- lessons of other projects


def with_lesson(folder: Path, text: str = "- id: x\n  period: 2026Q1\n  situation: tender\n  tag: tender\n") -> Path:
    (folder / "entries" / "lessons.yaml").write_text(text, "utf-8")
    return folder


def test_a_new_project_reads_the_lessons_of_those_that_lie_beside_it(tmp_path: Path):
    first = with_lesson(make_project("一号项目", into=tmp_path))
    make_project("Second", language="en", into=tmp_path)
    third = make_project("Third", language="en", into=tmp_path)
    here = Project.open(third)
    assert here.settings.lessons_from == ["../Second", f"../{first.name}"]
    known = here.snapshot("2026-05-01")
    assert [(project, x.id) for project, x in here.lessons(known)] == [(first.name, "x")]
    assert here.lent(known.on).missing == []


def test_a_folder_that_is_gone_and_a_file_that_cant_be_read_are_sentences(tmp_path: Path):
    broken = with_lesson(make_project("Broken", language="en", into=tmp_path), "- id: [\n")
    here = Project.open(make_project("Here", language="en", into=tmp_path))
    here.settings.lessons_from = ["../gone", f"../{broken.name}", "."]
    found = here.lent(here.snapshot("2026-05-01").on)
    sentences = [told(said) for said in found.missing]
    assert found.lessons == [] and len(sentences) == 2
    assert sentences[0].startswith("No lessons from ../gone: there is no project.")
    assert "entries/lessons.yaml, line" in sentences[1]


def test_an_earlier_day_learns_nothing_from_a_later_quarter(tmp_path: Path):
    with_lesson(make_project("First", language="en", into=tmp_path), "- id: x\n  period: 2026Q3\n  situation: tender\n")
    here = Project.open(make_project("Here", language="en", into=tmp_path))
    assert here.lessons(here.snapshot("2026-06-30")) == []
    assert len(here.lessons(here.snapshot("2026-10-05"))) == 1


def test_a_record_is_due_when_a_lesson_elsewhere_has_changed(tmp_path: Path):
    first = with_lesson(make_project("First", language="en", into=tmp_path))
    here = Project.open(make_project("Here", language="en", into=tmp_path))
    known = here.snapshot("2026-10-05")
    window = here.period("2026Q3", known.on)
    before = here.read(known, "retrospective", window).records
    assert list(before) == ["../First/lessons"]
    with_lesson(first, "- id: x\n  period: 2026Q1\n  situation: other\n")
    assert here.read(known, "retrospective", window).records != before
    assert here.read(known, "crm", window).records == {}
