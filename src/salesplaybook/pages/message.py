"""The Monday page as a text for a group chat, of at most 2,048 bytes.

Names are cut at `NAMES[0]` ems. Over the limit it drops, whole lines at a time, the owners' commits (all or none: a few
of them would be a choice of people), data to mend, cash, then deals 5, 4, 3; a line says how many more there are. If
that isn't enough, names are cut shorter, then lines go from the end on. No win rate and no chance of a person is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from salesplaybook.language import Language
from salesplaybook.names import ROW_NAMES
from salesplaybook.pages import page, wording
from salesplaybook.records import Record
from salesplaybook.results import Message, Walk, defined

LIMIT = 2048  # bytes in UTF-8
NAMES = (24, 16, 11, 7)  # ems of a name
DROPPED = ("owners", "mend", "cash", "deal 5", "deal 4", "deal 3")
LABELS = {"owners": defined("By owner:"), "mend": defined("Data to mend:"), "cash": defined("Cash:")}  # before "3 more"
LATE, ACTIONS, STEPS = 3, 3, 3  # overdue promises; actions; steps of a walk on a line
RULES = {
    "no_amount": defined("No amount"),
    "close_passed": defined("Close date passed"),
    "no_account": defined("No account"),
    "no_owner": defined("No owner"),
    "no_created": defined("No created day"),
    "dead": defined("Probably dead"),
}


class Piece(NamedTuple):
    """A line, or a deal's two: `part` may be dropped (of DROPPED), `items` are what stands in it."""

    text: str
    part: str = ""
    items: int = 1


def text(record: Record) -> str:
    """The text of a weekly record, in its project's language."""
    say = Language(record.project["language"], record.project["currency"])
    found = ""
    for ems in NAMES:
        found = fitted(list(_pieces(record, say, ems)), say)
        if size(found) <= LIMIT:
            return found
    lines = [wording.short(line, 40) for line in found.split("\n")]
    while size("\n".join(lines)) > LIMIT:
        lines.pop()
    return "\n".join(lines)


def size(found: str) -> int:
    return len(found.encode())


def fitted(pieces: Sequence[Piece], say: Language) -> str:
    """The pieces as a text, without the parts that it takes to keep within the limit."""
    gone: set[str] = set()
    for part in DROPPED:
        if size(_joined(pieces, gone, say)) <= LIMIT:
            break
        gone.add(part)
    return _joined(pieces, gone, say)


def _joined(pieces: Sequence[Piece], gone: set[str], say: Language) -> str:
    """The pieces; where some are gone, one line says how many more there are."""
    lines: list[str] = []
    for group, found in groupby(pieces, lambda piece: piece.part.split(" ")[0]):
        here = list(found)
        lines += [piece.text for piece in here if piece.part not in gone]
        if more := sum(piece.items for piece in here if piece.part in gone):
            lead = f"{say(LABELS[group])} " if group in LABELS else _indent(say)
            lines.append(lead + say("{n:count} more", n=more))
    return "\n".join(lines)


def _indent(say: Language) -> str:
    return "　" if say.chinese else "  "


def _pieces(record: Record, say: Language, ems: float) -> Iterator[Piece]:
    body = record.body
    yield from _head(record, say, ems)
    if not body["stock"]:
        yield from (Piece(_said(one, say, ems)) for one in [*body["title"], *body["notes"]])
        return
    if not body["owner"]:
        yield Piece("")
        told = [_said(one, say, ems) for one in [*body["lead"], *body["title"][1:]]]
        yield from (Piece(line[:1].upper() + line[1:]) for line in told)
    yield Piece("")
    yield from _changes(body, say)
    yield Piece("")
    yield from _deals(body, say, ems)
    yield Piece("")
    yield from _promises(body, say, ems)
    if not body["owner"]:
        yield from _cash(body, say, ems)
    yield from _commit(body, say, ems)
    if not body["owner"]:
        yield Piece(say("Unusual: not watched yet"))
        yield from _mend(body, say)
        yield from _actions(body, say, ems)


def _head(record: Record, say: Language, ems: float) -> Iterator[Piece]:
    body = record.body
    who = [wording.short(name, ems) for name in (record.project["name"], body["owner"]) if name]
    when = f" ({wording.day(body['monday'], say)})" if body["monday"] else ""
    yield Piece(say("[Monday page] {who:list} {week}{when}", who=who, week=record.period, when=when))
    if body["quarter"]:
        known = say("one export, rebuilt from dates") if body["rebuilt"] else ""
        if body["compared"] and not body["rebuilt"]:
            known = say("against the export of {day}", day=wording.day(body["compared"], say))
        left = say(
            "{days:count} days left in {quarter}, {n:count} working",
            days=body["days_left"],
            n=body["working_days"],
            quarter=wording.quarter(body["quarter"], say),
        )
        yield Piece(_comma(say).join(part for part in (known, left) if part))
    deals = [source for source in record.read.sources if source.table == "deals"]
    if deals and (aside := max(deals, key=lambda source: source.day)).rejected:
        n = len(aside.rejected)
        yield Piece(say("Careful: {n:count} of {all:count} rows of the export can't be read", n=n, all=n + aside.rows))


def _changes(body: Mapping[str, Any], say: Language) -> Iterator[Piece]:
    heads = {
        "stock": say("All open"),
        "due": say("Due in {quarter}", quarter=wording.quarter(body["quarter"], say)),
    }
    walks = {name: Walk.model_validate(body[name]) for name in heads if body[name]}
    units = {name: page.walk_unit(walk, say) for name, walk in walks.items()}
    own = [units[name] == say.unit([walk.opening.value, walk.closing.value]) for name, walk in walks.items()]
    for name, walk in walks.items():
        unit = units[name]
        other = walks.get("due" if name == "stock" else "stock")
        amounts = [page.plain(a) for a in page.as_printed(walk, say, unit, other)]
        ends = [
            " ".join([say.deals(end.n or 0), *([page.plain(say.money(end.value))] if amounts[0] else [])])
            for end in (walk.opening, walk.closing)
        ]
        name_of_unit = "" if all(own) else unit.name  # said in both, or in none
        yield Piece(f"{heads[name]} {ends[0]} → {ends[1]}")
        steps = [
            f"{say(ROW_NAMES[step.name])} {say.count(step.figure.n)}" + (f"({amount}{name_of_unit})" if amount else "")
            for step, amount in zip(walk.steps, amounts[1:], strict=False)
        ]
        yield from (Piece(_indent(say) + " ".join(steps[i : i + STEPS])) for i in range(0, len(steps), STEPS))


def _deals(body: Mapping[str, Any], say: Language, ems: float) -> Iterator[Piece]:
    if not body["deals"]:
        yield Piece(_title(body, "deals", say, defined("No deal with a warning that can be mended")))
        return
    yield Piece(say("Today first"))
    told: set[str] = set()  # what is usual is said once
    for n, deal in enumerate(body["deals"], 1):
        warnings = [w | {k: _cut(w[k], ems) for k in ("said", "usual")} for w in deal["warnings"]]
        why, usual = wording.reasons(warnings, 40, say)
        usual = "" if usual in told else usual
        told.add(usual)
        by = say("today") if deal["by"] == body["monday"] else say.weekday(deal["by"])
        number = "①②③④⑤"[n - 1] if say.chinese else f"{n} "
        amount = page.plain(say.money(deal["figure"]["value"]))
        if deal["at_list_price"]:
            amount = say("{amount} (list price)", amount=amount)
        first = say("{name} {amount}: {why}", name=wording.short(deal["name"], ems), amount=amount, why=why)
        who, do = wording.short(deal["owner"] or say("no owner"), ems), wording.short(_said(deal["do"], say, ems), 30)
        second = say("→ {who}, {by}: {do}", who=who, by=by, do=do)
        text = f"{number}{first}\n{_indent(say)}{usual + ' ' if usual else ''}{second}"
        yield Piece(text, f"deal {n}" if n > 2 else "")


def _promises(body: Mapping[str, Any], say: Language, ems: float) -> Iterator[Piece]:
    yield Piece(_title(body, "promises", say, defined("Promises")))
    late = [p for p in body["promises"] if p["state"] == "overdue"]
    for promise in late[:LATE]:
        who, what = wording.short(promise["who"], ems), wording.short(promise["what"], ems)
        n = promise["days_late"]
        days = say("{n:count} days late", n=n) if n != 1 else say("1 day late")
        yield Piece(f"{_indent(say)}{who} {what}{_comma(say)}{days}")
    if len(late) > LATE:
        yield Piece(_indent(say) + say("{n:count} more", n=len(late) - LATE))


def _cash(body: Mapping[str, Any], say: Language, ems: float) -> Iterator[Piece]:
    if body["cash"]:
        yield Piece(_title(body, "cash", say, defined("Cash")), "cash")
        for row in body["cash"]["rows"]:
            if row["kind"] == "new":
                account, amount = wording.short(row["account"], ems), page.plain(say.money(row["amount"]))
                yield Piece(f"{_indent(say)}{say('new overdue')} {account} {amount}", "cash")


def _commit(body: Mapping[str, Any], say: Language, ems: float) -> Iterator[Piece]:
    head = _title(body, "commit", say, defined("No commit yet this week"))
    if body["commit"] is None and body["commit_skipped"]:
        head = say("Commit skipped this week")
    told = body["forecast"]
    if told and told["p50"] is not None and not body["owner"]:
        low, high = (page.plain(say.money(told[end])) for end in ("p10", "p90"))
        head += say("; model {low}–{high}", low=low, high=high)
    yield Piece(head)
    for row in body["owners"]:
        if row["commit"] is not None and row["people"] == 1:
            name = wording.short(row["owner"] or say("no owner"), ems)
            commit, won = (page.plain(say.money(row[k])) or "–" for k in ("commit", "won"))
            if body["owner"]:
                yield Piece(f"{_indent(say)}{say('Won')} {won}")
                continue
            yield Piece(_indent(say) + say("{name} {commit}, won {won}", name=name, commit=commit, won=won), "owners")


def _mend(body: Mapping[str, Any], say: Language) -> Iterator[Piece]:
    found = [
        f"{say(RULES[m['rule']])} {say.count(m['figure']['n'])}"
        + (say(" ({share} of amount)", share=say.percent(m["share"], 0)) if m["by_amount"] else "")
        for m in body["mend"]
    ]
    pairs = [found[i : i + 2] for i in range(0, len(found), 2)]
    for n, pair in enumerate(pairs):
        lead = say("Data to mend:") + " " if n == 0 else _indent(say)
        yield Piece(lead + _comma(say).join(pair), "mend", len(pair))


def _actions(body: Mapping[str, Any], say: Language, ems: float) -> Iterator[Piece]:
    """What is agreed, and the drafts; those for what stands above, deals and overdue promises, are only counted."""
    above = {deal["deal"] for deal in body["deals"]}
    drafts, agreed = body["drafts"], [a for a in body["agreed"] if not a["done"]]
    told = [d for d in drafts if d["deal"] not in above]
    late = {p["id"] for p in body["promises"] if p["state"] == "overdue"}
    others = [a for a in agreed if _deal_of(a["id"]) not in above and a["id"] not in late]
    if agreed:
        m = len(agreed) - len(others)
        some = say("Agreed: {n:count}, of which for what is above: {m:count}", n=len(agreed), m=m)
        yield Piece(some if m else say("Agreed: {n:count}", n=len(agreed)))
        yield from _listed(others, say, ems)
    if drafts:
        m = len(drafts) - len(told)
        some = say("Drafts to accept: {n:count}, of which for the deals above: {m:count}", n=len(drafts), m=m)
        yield Piece(some if m else say("Drafts to accept: {n:count}", n=len(drafts)))
        yield from _listed(told, say, ems)


def _deal_of(action: str) -> str:
    """The deal that an accepted draft is about, of its id: rule:deal, and #n where it came again."""
    return action.partition(":")[2].partition("#")[0]


def _listed(actions: Sequence[Mapping[str, Any]], say: Language, ems: float) -> Iterator[Piece]:
    for action in actions[:ACTIONS]:
        what = action["what"]
        said = wording.short(what if isinstance(what, str) else _said(what, say, ems), 24)
        who = wording.short(action["who"] or say("no owner" if action["deal"] else "all"), ems)
        yield Piece(f"{_indent(say)}{said} {who} {wording.day(action['due'], say)}".rstrip())
    if len(actions) > ACTIONS:
        yield Piece(_indent(say) + say("{n:count} more", n=len(actions) - ACTIONS))


def _title(body: Mapping[str, Any], name: str, say: Language, otherwise: str) -> str:
    return _said(body["titles"].get(name, {"text": otherwise}), say, 40)


def _said(said: Mapping[str, Any], say: Language, ems: float) -> str:
    found = wording.spaced(wording.cut(dict(said), ems), say)
    return page.plain(say(found.text, **found.values).replace("**", ""))


def _cut(said: Mapping[str, Any] | None, ems: float) -> dict[str, Any] | None:
    return None if said is None else wording.cut(Message.model_validate(said), ems).model_dump()


def _comma(say: Language) -> str:
    return "，" if say.chinese else ", "
