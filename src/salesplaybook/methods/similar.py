"""Recall of lessons: those of this and other projects that are most like a text at hand, each with why it is alike.

Texts are compared by TF-IDF and cosine (Salton and Buckley 1988): Chinese by its signs and pairs of signs, which needs
no dictionary of words, all else by words, both in one vocabulary. A shared tag counts more than any likeness of words:
one right tag of nine brings a useful lesson among five in any language, words alone in two of three (METHODS.md).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from pydantic import BaseModel

from salesplaybook.entries.kinds import Lesson, Tag
from salesplaybook.names import TAG_NAMES
from salesplaybook.results import Message, say

SHOWN_WORDS = 3
# Words that say nothing of what a text is about.
_WORDS = (
    "a about after all also an and are as at be because been before but by can did do for from had has have he her his "
    "how if in into is it its more next no not of on one or our out she so than that the their them then there they "
    "this to up us was we were what when which who will with would you your customer customers deal deals project sales"
)
PLAIN = frozenset(_WORDS.split())
PLAIN_SIGNS = frozenset("的了是在和与及或也都就还又被把对从到为以于其这那有没不要会能可我们你他她它一个下次")
_PLAIN_RUNS = ("客户", "商机", "项目", "公司", "销售")
_CHINESE = r"\u3400-\u9fff"
_RUNS = re.compile(rf"[{_CHINESE}]+|[^\W_{_CHINESE}]+")


class Recalled(BaseModel):
    """A lesson that may be of use, of which project and quarter, and why it was recalled.

    score   cosine of its text with the most alike of the texts at hand, 0 to 1
    """

    id: str
    project: str
    period: str
    tag: Tag | None = None
    situation: str
    did: str = ""
    result: str = ""
    advice: str = ""
    why: Message
    score: float = 0.0


class _Found(NamedTuple):
    place: int
    tagged: bool
    score: float
    words: list[str]


def recall(
    lessons: Sequence[tuple[str, Lesson]], texts: Sequence[str], tags: Sequence[str], n: int = 3
) -> list[Recalled]:
    """At most `n` of the lessons (each with its project's name): those with one of `tags` first, then by likeness to
    the most alike of `texts`, of equal ones the newest. None that has neither a tag nor a word in common.
    """
    wanted = set(tags)
    found = []
    scores, alike = _compared([of_lesson(lesson) for _, lesson in lessons], [t for t in texts if t.strip()])
    for place, (_, lesson) in enumerate(lessons):
        tagged = lesson.tag is not None and lesson.tag in wanted
        if tagged or alike[place]:
            found.append(_Found(place, tagged, scores[place], alike[place]))
    found.sort(key=lambda f: lessons[f.place][1].period, reverse=True)
    found.sort(key=lambda f: (not f.tagged, -round(f.score, 6)))
    return [_recalled(*lessons[f.place], f) for f in found[:n]]


def of_lesson(lesson: Lesson) -> str:
    """What of a lesson tells whether it is about the same: all that was said."""
    return " ".join((lesson.situation, lesson.did, lesson.result, lesson.advice))


def terms(text: str) -> list[str]:
    """The terms of a text, each as often as it stands there: Chinese signs and pairs of signs, other words without
    their plural's s (Harman 1991)."""
    found: list[str] = []
    for run in _RUNS.findall(text.casefold()):
        if _chinese(run):
            found += [c for c in run if c not in PLAIN_SIGNS]
            found += [run[i : i + 2] for i in range(len(run) - 1) if not PLAIN_SIGNS.issuperset(run[i : i + 2])]
        elif run not in PLAIN and (len(run) > 1 or run.isdigit()):
            found.append(_singular(run))
    return found


def vectors(texts: Sequence[Sequence[str]]) -> tuple[np.ndarray, list[str]]:
    """A row a text over the vocabulary of all: 1 + log(tf) times ln((1 + n) / (1 + df)) + 1, each row of length 1."""
    counts = [Counter(text) for text in texts]
    vocabulary = sorted({term for c in counts for term in c})
    place = {term: i for i, term in enumerate(vocabulary)}
    tf = np.zeros((len(texts), len(vocabulary)))
    for row, c in enumerate(counts):
        for term, times in c.items():
            tf[row, place[term]] = 1 + np.log(times)
    df = (tf > 0).sum(axis=0)
    weighed = tf * (np.log((1 + len(texts)) / (1 + df)) + 1)
    length = np.linalg.norm(weighed, axis=1, keepdims=True)
    return np.divide(weighed, length, out=np.zeros_like(weighed), where=length > 0), vocabulary


def _compared(lessons: Sequence[str], texts: Sequence[str]) -> tuple[list[float], list[list[str]]]:
    """For each lesson its likeness to the most alike text, and the words that make it so, the weightiest first."""
    if not lessons or not texts:
        return [0.0] * len(lessons), [[] for _ in lessons]
    split = [terms(t) for t in (*lessons, *texts)]
    made, vocabulary = vectors(split)
    of_lessons, of_texts = made[: len(lessons)], made[len(lessons) :]
    cosines = of_lessons @ of_texts.T
    scores, alike = [], []
    for row, cosine in enumerate(cosines):
        nearest = int(cosine.argmax())
        weights = dict(zip(vocabulary, of_lessons[row] * of_texts[nearest], strict=True))
        alike.append(_words(lessons[row], texts[nearest], weights))
        scores.append(float(cosine[nearest]) if alike[-1] else 0.0)
    return scores, alike


def _words(lesson: str, text: str, weights: dict[str, float]) -> list[str]:
    """What two texts have in common, as a person would point at it: words, and the longest common runs of Chinese."""
    shared = dict.fromkeys(r for r in _RUNS.findall(lesson.casefold()) if not _chinese(r) and r not in PLAIN)
    found = {word: weights.get(_singular(word), 0.0) for word in shared}
    for run in _common_runs(lesson, text):
        found[run] = sum(weights.get(run[i : i + 2], 0.0) for i in range(len(run) - 1))
    ordered = sorted((w for w in found if found[w] > 0), key=lambda w: (-found[w], w))
    return ordered[:SHOWN_WORDS]


def _common_runs(one: str, other: str) -> Iterator[str]:
    """The Chinese runs of two or more signs that stand in both texts, none within a longer one at the same place."""
    elsewhere = [r for r in _RUNS.findall(other) if _chinese(r)]
    seen = set()
    for run in (r for r in _RUNS.findall(one) if _chinese(r)):
        start = 0
        while start < len(run) - 1:
            end = start
            while end < len(run) and any(run[start : end + 1] in e for e in elsewhere):
                end += 1
            said = run[start:end].strip("的了是在和与及或")
            if len(said) > 1 and said not in seen and said not in _PLAIN_RUNS:
                seen.add(said)
                yield said
            start = max(end, start + 1)


def _chinese(run: str) -> bool:
    return re.match(rf"[{_CHINESE}]", run) is not None


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def _recalled(project: str, lesson: Lesson, found: _Found) -> Recalled:
    tag = TAG_NAMES[lesson.tag] if lesson.tag else ""
    if found.tagged and found.words:
        why = say("same tag: {tag:text}; alike words: {words:list}", tag=tag, words=found.words)
    elif found.tagged:
        why = say("same tag: {tag:text}", tag=tag)
    else:
        why = say("alike words: {words:list}", words=found.words)
    return Recalled(
        id=lesson.id,
        project=project,
        period=lesson.period,
        tag=lesson.tag,
        situation=lesson.situation,
        did=lesson.did,
        result=lesson.result,
        advice=lesson.advice,
        why=why,
        score=round(found.score, 3),
    )
