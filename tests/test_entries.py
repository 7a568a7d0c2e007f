"""What people type is theirs: only what differs is written, nothing unseen is overwritten, mistakes get a sentence."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from salesplaybook import language
from salesplaybook.entries import edits, keep, rows
from salesplaybook.entries.kinds import KINDS, Action, Commit, Entry, spoken
from salesplaybook.errors import EntriesChanged, EntriesError, ProjectError
from salesplaybook.store import Store

OWN = """\
# what we promised
- id:   a1   # the first

  what: |
    draft of
    the tender
  # who is still open
  colour: {blue: [1, two]}
  due:    # no day yet
  who: 'Li Na'
- {id: a2, what: "call, then mail", deal: 007}   # short
-
  id: a3
  due: 2026-09-23   # a Wednesday
  why: >-
    folded
    text

# the end
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def write(store: Store, text: str | bytes, kind: str = "actions") -> None:
    store.write(text, "entries", f"{kind}.yaml")


def text(store: Store, kind: str = "actions") -> str:
    return store.path("entries", f"{kind}.yaml").read_bytes().decode("utf-8")


def change(store: Store, number: int, **values: object) -> str:
    """Changes fields of a row of actions.yaml and returns the file's text."""
    kept = keep.load(store, "actions")
    kept.rows[number] = kept.rows[number].model_copy(update=values)
    keep.save(store, "actions", kept.rows, kept.version)
    return text(store)


def test_nothing_there_is_no_rows(store: Store):
    assert keep.load(store, "actions") == ([], "")
    assert keep.save(store, "actions", [], "") == ([], "")
    assert not store.exists("entries")


def test_the_first_save_says_what_the_file_is_in_the_projects_language(store: Store):
    language.use(language.Language("en"))
    keep.save(store, "commits", [Commit(id="c", period="2026Q3", week="2026-W39", amount=Decimal("1240.50"))], "")
    assert text(store, "commits").splitlines() == [
        "# What the manager, and each owner, commits to win in a period, week by week.",
        "# Forms write here, and you may too: a list of rows, an id each. Comments and further keys are kept.",
        "- id: c",
        "  period: 2026Q3",
        "  week: 2026-W39",
        "  amount: 1240.5",
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_has_not_changed_stays_byte_for_byte(store: Store, end: str, mark: str):
    own = (mark + OWN).replace("\n", end)
    write(store, own)
    kept = keep.load(store, "actions")
    assert keep.save(store, "actions", kept.rows, kept.version) == kept
    assert text(store) == own
    assert change(store, 2, due=date(2026, 9, 30)) == own.replace("2026-09-23", "2026-09-30")
    assert change(store, 0, who="Wang Min") == own.replace("2026-09-23", "2026-09-30").replace("'Li Na'", "Wang Min")


def test_a_value_is_put_where_its_key_stands(store: Store):
    write(store, OWN)
    assert change(store, 0, due=date(2026, 1, 2)) == OWN.replace("due:    #", "due: 2026-01-02    #")
    write(store, OWN)
    assert change(store, 0, what="the draft") == OWN.replace("|\n    draft of\n    the tender", "the draft")
    write(store, OWN)
    assert change(store, 1, who="He") == OWN.replace("deal: 007}", "deal: 007, who: He}")
    write(store, OWN)
    assert change(store, 2, done=date(2026, 9, 22)) == OWN.replace("    text\n", "    text\n  done: 2026-09-22\n")


def test_a_row_that_goes_takes_its_lines_and_no_comment_around_it(store: Store):
    write(store, OWN)
    kept = keep.load(store, "actions")
    keep.save(store, "actions", kept.rows[1:], kept.version)
    assert text(store) == "# what we promised\n" + OWN[OWN.index("- {id: a2") :]
    kept = keep.load(store, "actions")
    keep.save(store, "actions", [], kept.version)
    assert text(store) == "# what we promised\n\n# the end\n"


def test_new_rows_are_put_at_the_end(store: Store):
    write(store, "  - id: a   # as we indent\n")
    kept = keep.load(store, "actions")
    keep.save(store, "actions", [*kept.rows, Action(id="b", what="x: y", made=date(2026, 9, 21))], kept.version)
    assert text(store) == '  - id: a   # as we indent\n  - id: b\n    what: "x: y"\n    made: 2026-09-21\n'
    for empty, read in (
        ("[]\n", "\n- id: b\n"),
        ("# none\n", "# none\n- id: b\n"),
        ("[{id: a}]", "[{id: a}, {id: b}]"),
    ):
        write(store, empty)
        kept = keep.load(store, "actions")
        keep.save(store, "actions", [*kept.rows, Action(id="b")], kept.version)
        assert text(store) == read


def test_a_text_is_read_as_it_is_written(store: Store):
    write(store, "- id: 007\n  deal: 1e3\n  what: no\n  who:\n  amount: 12\n  flag: true\n  none: ~\n")
    (row,) = keep.load(store, "actions").rows
    assert (row.id, row.model_dump()["deal"], row.model_dump()["what"], row.model_dump()["who"]) == (
        "007",
        "1e3",
        "no",
        "",
    )
    assert row.model_extra == {"amount": 12, "flag": True, "none": None}


def test_a_row_without_an_id_gets_one_that_stays(store: Store):
    write(store, "- what: one\n- {what: two}\n- what: one\n")
    kept = keep.load(store, "actions")
    ids = [row.id for row in kept.rows]
    assert len(set(ids)) == 3 and [row.id for row in keep.load(store, "actions").rows] == ids
    keep.save(store, "actions", kept.rows, kept.version)
    first, second, third = ids
    assert text(store) == f"- id: {first}\n  what: one\n- {{id: {second}, what: two}}\n- id: {third}\n  what: one\n"


def test_nothing_unseen_is_overwritten(store: Store):
    write(store, OWN)
    mine, theirs = keep.load(store, "actions"), keep.load(store, "actions")
    keep.save(store, "actions", [*theirs.rows, Action(id="b", what="theirs")], theirs.version)
    now = text(store)
    with pytest.raises(EntriesChanged, match=r"entries/actions.yaml was changed elsewhere"):
        keep.save(store, "actions", [*mine.rows, Action(id="c", what="mine")], mine.version)
    assert text(store) == now
    with pytest.raises(EntriesChanged):
        keep.save(store, "handled", [], "a version that was")


def test_what_cannot_be_changed_safely_is_left_alone(store: Store):
    own = "- id: a\n  who: &boss Li\n- id: b\n  who: *boss\n"
    write(store, own)
    kept = keep.load(store, "actions")
    changed = [kept.rows[0].model_copy(update={"who": "Wang"}), kept.rows[1]]
    with pytest.raises(EntriesError, match="can't be changed safely"):
        keep.save(store, "actions", changed, kept.version)
    assert text(store) == own


WRONG = {
    "- id: a\n  id: b\n": "line 2, column 3: the key 'id' stands here a second time",
    "- id: a\n- id: a\n": "line 2, column 7: the id 'a' stands already in line 1",
    "- id: a\n  due: 2026-13-45\n": "line 2, column 8: 'due' is 2026-13-45; expected a day, as 2026-09-23",
    "- id: a\n  waht: x\n": "line 2, column 3: there is no 'waht'. Did you mean 'what'?",
    "# c\n- id： a\n": "line 2, column 5: a full-width colon",
    "- id: a\n\twhat: x\n": "line 2, column 1: the line is indented by a tab",
    "a: 1\n": "line 1, column 1: expected a list of rows",
    "- a\n": "line 1, column 3: expected a row of lines",
    "- id: [\n": "line 2, column 1: this can't be read as YAML",
    "- id: a\n  dropped: perhaps\n": "line 2, column 12: 'dropped' is perhaps; expected true or false",
    "- id: ''\n": "line 1, column 7: 'id' is ''; expected the row's id",
    "- id: a\n  what: \x07\n": "can't be read as YAML",
    "- id: a\n  who: [a, b]\n": "line 2, column 8: 'who' is ['a', 'b']; expected one person's name",
}


@pytest.mark.parametrize("said", WRONG)
def test_a_mistake_is_answered_with_its_place_and_what_was_expected(store: Store, said: str):
    write(store, said)
    with pytest.raises(EntriesError) as error:
        keep.load(store, "actions")
    assert str(error.value).startswith("entries/actions.yaml") and WRONG[said] in str(error.value)


def test_a_missing_key_is_named_with_what_it_wants(store: Store):
    write(store, "- id: c\n  week: 2026-W39\n", "commits")
    with pytest.raises(EntriesError, match=r"line 1, column 3: 'period' is missing in this row.*a quarter, as 2026Q3"):
        keep.load(store, "commits")


def test_another_encoding_is_named(store: Store):
    write(store, "- id: 李娜\n".encode("gbk"))
    with pytest.raises(ProjectError, match="this is not UTF-8 text"):
        keep.load(store, "actions")
    with pytest.raises(ProjectError, match="this is not UTF-8 text"):
        keep.save(store, "actions", [], "x")


# -- any file, any edit

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12) | st.sampled_from(
    [
        "no",
        "007",
        "1e3",
        "2026-09-21",
        "a: b",
        "#",
        "- x",
        "报价：先发",
        " x ",
        "'",
        '"',
        "a\nb",
        "~",
        "",
        "{",
        "\u2028",
    ]
)
days = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))
actions = st.builds(
    Action, id=st.just("x"), what=texts, who=texts, deal=texts, why=texts, due=days, done=days, dropped=st.booleans()
)


@given(st.lists(actions, max_size=4), st.lists(actions, max_size=4))
@settings(max_examples=150, deadline=None)
def test_what_is_saved_is_what_is_read(before: list[Action], after: list[Action]):
    old = [row.model_copy(update={"id": f"r{number}"}) for number, row in enumerate(before)]
    new = [row.model_copy(update={"id": f"r{number}"}) for number, row in enumerate(after)]
    once = edits.changed("# own\n", rows.read("# own\n", Action, "f"), old)
    twice = edits.changed(once, rows.read(once, Action, "f"), new)
    assert [w.row for w in rows.read(once, Action, "f").rows] == old
    assert [w.row for w in rows.read(twice, Action, "f").rows] == new
    plain = YAML(typ="safe").load(twice) or []  # and another reader finds the same texts
    assert [row.get("what", "") for row in plain] == [row.what for row in new]


signs = st.sampled_from([" #", "#", ": ", ":", " ", " - ", "- ", ", ", "'", '"', "{", "[", "&", "%", "（", "# "])
words = st.sampled_from(["a", "报价", "12", "no"])


@given(st.tuples(words, signs, words | signs, signs | words).map("".join))
@settings(max_examples=300, deadline=None)
def test_a_text_with_signs_reads_as_itself_in_a_row_of_lines_and_of_braces(said: str):
    for row in (f"- what: {edits.written(said)}", f"- {{what: {edits.written(said)}, who: x}}"):
        for kind in ("safe", "rt"):
            assert YAML(typ=kind).load(row)[0]["what"] == said


def test_a_number_sign_after_a_space_is_saved_and_others_need_no_quotes(store: Store):
    write(store, "- id: a\n")
    assert change(store, 0, what="Call about invoice #12") == '- id: a\n  what: "Call about invoice #12"\n'
    assert change(store, 0, what="C# offer, no#3").endswith('what: "C# offer, no#3"\n')  # for its comma
    assert change(store, 0, what="Tower#3 offer in C#").endswith("what: Tower#3 offer in C#\n")
    assert keep.load(store, "actions").rows[0].model_dump()["what"] == "Tower#3 offer in C#"


def test_an_amount_beats_a_skip_and_the_last_row_of_a_week_counts():
    def said(id: str, amount: int | None, skipped: bool = False, week: str = "2026-W39", owner: str = "") -> Commit:
        value = None if amount is None else Decimal(amount)
        return Commit(id=id, period="2026Q3", week=week, owner=owner, amount=value, skipped=skipped)

    def counts(*found: Commit) -> str | None:
        commit = spoken(found, "2026Q3", "2026-W39")
        return commit.id if commit else None

    assert counts(said("a", 5), said("b", None, skipped=True)) == "a"
    assert counts(said("a", 5), said("b", 0), said("c", None)) == "b"
    assert counts(said("a", None, skipped=True), said("b", None, skipped=True)) == "b"
    assert counts(said("a", None), said("b", 1, week="2026-W38"), said("c", 1, owner="Li Na")) is None


scalars = st.sampled_from(["x", "'x y'", '"x, y"', "2026-09-21", "[1, 2]", "{a: b}", ""])
keys = ["due", "what", "who", "zone", "note2", "made"]


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file as people write it: comments, quotes, spaces, empty lines and unknown keys, block and flow rows."""
    lines = ["# head"] if draw(st.booleans()) else []
    for number in range(draw(st.integers(1, 4))):
        pairs = [f"id: r{number}"]
        for key in draw(st.lists(st.sampled_from(keys), unique=True, max_size=4)):
            value = "2026-09-21" if key in ("due", "made") else draw(scalars)
            value = "x" if key in ("what", "who") and value[:1] in ("[", "{") else value
            pairs.append(f"{key}:{' ' * draw(st.integers(1, 3))}{value}")
        if draw(st.integers(0, 3)) == 0:
            lines.append("- {" + ", ".join(pairs) + "}  # flow")
            continue
        for place, pair in enumerate(pairs):
            remark = "   # said" if draw(st.booleans()) and pair[-1] not in " :" else ""
            lines.append(("- " if place == 0 else "  ") + pair + remark)
            if draw(st.integers(0, 4)) == 0:
                lines.append(draw(st.sampled_from(["", "  # between", "# at the edge"])))
    return "\n".join(lines) + ("\n" if draw(st.booleans()) else "")


@given(files(), st.data())
@settings(max_examples=150, deadline=None)
def test_an_edit_leaves_every_comment_and_unknown_key(own: str, data: st.DataObject):
    before = rows.read(own, Action, "f")
    entries: list[Entry] = [w.row for w in before.rows]
    assert edits.changed(own, before, entries) == own
    at = data.draw(st.integers(0, len(entries) - 1))
    field = data.draw(st.sampled_from(["what", "who", "due", "done"]))
    value = data.draw(days.filter(bool) if field in ("due", "done") else texts)
    entries[at] = entries[at].model_copy(update={field: value})
    entries.append(Action(id="new", what="more"))
    after = edits.changed(own, before, entries)
    assert [w.row for w in rows.read(after, Action, "f").rows] == entries
    gone = Counter(own.splitlines()) - Counter(after.splitlines())
    assert gone.total() <= 1  # each value stands on one line: only that of the field has changed
    assert Counter(re.findall("# (?:head|said|between|at the edge|flow)", after)) == Counter(re.findall("# .*", own))


def test_every_kind_says_what_its_file_is():
    from salesplaybook.entries.kinds import ABOUT

    assert set(ABOUT) == set(KINDS)
