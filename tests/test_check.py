"""`check` shows what was understood before anything is computed, offers what it guesses, and writes it on a yes."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, _NamedTextIOWrapper
from conftest import MAVEN_MAPPING, make_maven

from corpus import writers
from corpus.ask import Answer, asked, on_disk
from salesplaybook import changes, language, records
from salesplaybook.areas import crm
from salesplaybook.cli import app
from salesplaybook.demo import DemoProject, projects
from salesplaybook.looks import Look, Understood
from salesplaybook.project import Project
from salesplaybook.results import say
from salesplaybook.settings import Mapping, read
from salesplaybook.tables.findings import Finding

DEMO = projects()
each_dialect = pytest.mark.parametrize("demo", DEMO, ids=lambda p: p.dialect.name)
ZOHO = "Record Id,Deal Name,Account Name,Deal Owner,Stage,Amount,Created Time,Closing Date\n"
DEALS = ZOHO + (
    "1,Alpha,North,Ann,Qualification,1000,2026-09-01,2026-10-30\n"
    "2,Beta,South,Bob,Closed Won,2000,2026-07-02,2026-09-01\n"
    "3,Gamma,South,Bob,Closed Lost,500,2026-07-03,2026-09-02\n"
)
DAY = "2026-09-21"
FILE = f"deals {DAY}.csv"
MAVEN_COLUMNS = ["id", "owner", "product", "account", "stage", "created", "closed", "amount"]


def project(folder: Path, text: str = DEALS, mapping: str | None = None, more: str = "", name: str = FILE) -> Path:
    (folder / "data").mkdir(parents=True)
    (folder / "project.yaml").write_text(f"name: P\nlanguage: en\ncurrency: USD\ntimezone: UTC\n{more}", "utf-8")
    if mapping is not None:
        (folder / "mapping.yaml").write_text(mapping, "utf-8")
    put(folder, text, name)
    return folder


def put(folder: Path, text: str | bytes, name: str = FILE) -> None:
    (folder / "data" / name).write_bytes(text.encode() if isinstance(text, str) else text)


def looked(folder: Path, table: str = "deals") -> Look:
    (look,) = [look for look in Project.open(folder).check().looks if look.table == table]
    return look


def check(folder: Path, *words: str) -> Answer:
    return asked(folder, "check", *words)


def as_json(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(check(folder, "--json").printed)
    return found


def found(folder: Path, kind: str) -> Finding:
    hits = [f for f in looked(folder).findings if f.kind == kind]
    assert len(hits) == 1, [f.kind for f in looked(folder).findings]
    return hits[0]


def mapping(folder: Path) -> Mapping:
    return read((folder / "mapping.yaml").read_text("utf-8"), Mapping, "mapping.yaml")


def record(folder: Path, period: str = "2026Q3") -> records.Record:
    here = Project.open(folder)
    here.file_exports()
    known = here.snapshot("", period)
    window = here.period(period, known.on)
    here.save(crm.body(window, known, here.unfit), window, known)
    made = records.load(here.store, window.name, "crm")
    assert made
    return made


# -- the demo


def demo_project(demo: DemoProject, folder: Path, mapped: bool, mondays: int = 1) -> Path:
    said = f"name: {demo.name}\nlanguage: {demo.language}\ncurrency: {demo.currency}\ntimezone: {demo.timezone}\n"
    (folder / "data").mkdir(parents=True)
    (folder / "project.yaml").write_text(said, "utf-8")
    if mapped:
        (folder / "mapping.yaml").write_text(demo.mapping, "utf-8")
    for monday in [demo.mondays[0], *demo.mondays[-mondays:]]:
        demo.write_export(monday, folder / "data")
    return folder


@each_dialect
def test_the_demo_is_read_without_a_mapping_as_with_it(demo: DemoProject, tmp_path: Path):
    both = [Project.open(demo_project(demo, tmp_path / str(m), m)) for m in (False, True)]
    plain, mapped = ({(k.file, k.sheet): k for k in here.check().looks} for here in both)
    assert plain.keys() == mapped.keys()
    for name, look in plain.items():
        other = mapped[name]
        assert (look.table, look.rows, look.statuses) == (other.table, other.rows, other.statuses)
        assert (look.won_amount, look.open_amount, look.aside) == (other.won_amount, other.open_amount, other.aside)
        assert not look.guessed and not look.confirmed and other.confirmed
    owed = {"contracts", "payments", "receivables"} if demo.dialect.books else set()
    assert {look.table for look in plain.values()} == {"deals", "products", "people"} | owed


@each_dialect
def test_a_crm_run_without_a_mapping_is_the_one_with_it(demo: DemoProject, tmp_path: Path):
    """But for what the mapping alone knows: list prices for open deals without an amount, and values renamed."""
    plain = demo_project(demo, tmp_path / "plain", False)
    mapped = demo_project(demo, tmp_path / "mapped", True)
    known = (mapped / "mapping.yaml").read_text("utf-8").replace("list_price: true", "list_price: false")
    (mapped / "mapping.yaml").write_text(re.sub(r"  values:\n    product:.*\n", "", known), "utf-8")
    one, other = record(plain), record(mapped)
    assert one.figures == other.figures
    assert one.body == other.body
    assert {s.mapping for s in one.read.sources} == {"not confirmed"}
    assert {s.mapping for s in other.read.sources} == {"confirmed"}
    page = (plain / "records" / "2026Q3" / "crm.html").read_text("utf-8")
    assert ("未确认" in page or "mapping not confirmed" in page) and "salesplaybook check" in page


@each_dialect
def test_on_a_yes_the_demo_is_confirmed_whatever_lies_in_data(demo: DemoProject, tmp_path: Path):
    folder = demo_project(demo, tmp_path / "p", False, mondays=2)
    before = {(k.file, k.sheet): (k.rows, k.statuses, k.won_amount) for k in Project.open(folder).check().looks}
    done = check(folder, "--yes")
    assert done.code == 0, done
    found = Project.open(folder).check()
    assert found.confirmed
    assert {(k.file, k.sheet): (k.rows, k.statuses, k.won_amount) for k in found.looks} == before


# -- Maven


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Maven's project without a mapping."""
    folder = make_maven(tmp_path_factory.mktemp("bare") / "maven")
    (folder / "mapping.yaml").unlink()
    return folder


@pytest.fixture(scope="module")
def proposed(bare: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Maven's project after a yes."""
    folder = tmp_path_factory.mktemp("proposed") / "maven"
    shutil.copytree(bare, folder)
    assert check(folder, "--yes").code == 0
    return folder


def test_mavens_mapping_is_proposed_but_for_what_cannot_be_known(proposed: Path):
    text, true = (proposed / "mapping.yaml").read_text("utf-8"), read(MAVEN_MAPPING, Mapping, "mapping.yaml")
    said = mapping(proposed)
    assert said.deals.columns == true.deals.columns
    assert set(said.deals.columns) == {*MAVEN_COLUMNS}
    assert (said.deals.stages, said.deals.values) == (true.deals.stages, true.deals.values)
    assert said.products.columns == true.products.columns and said.people.columns == true.people.columns
    assert not said.deals.list_price and re.search("^ *# list_price: true", text, re.MULTILINE)


def test_mavens_numbers_after_a_yes(proposed: Path):
    look = looked(proposed)
    assert look.statuses == {"open": 2089, "won": 4238, "lost": 2473} and look.rows == 8800
    assert look.won_amount == 1_000_553_400 and look.confirmed
    figures = record(proposed, "2017Q4").figures
    assert [figures[f"all.{s}"].n for s in ("won", "lost", "open")] == [4238, 2473, 2089]
    assert figures["all.won"].value == 1_000_553_400


def test_what_is_only_guessed_of_maven_is_marked_so(bare: Path):
    look = looked(bare)
    assert {c.header for c in look.columns if c.how == "guess"} == {"close_date"}
    assert look.guesses.values == {"product": {"GTXPro": "GTX Pro"}} and not look.confirmed


# -- guesses


def test_an_unknown_stage_goes_aside_until_somebody_says_yes(tmp_path: Path):
    text = DEALS + "4,Delta,North,Ann,Negotiating terms,900,2026-08-05,2026-10-01\n"
    folder = project(tmp_path, text)
    before = looked(folder)
    (stage,) = [s for s in before.stages if s.value == "Negotiating terms"]
    assert stage.how == "guess" and before.rows == 3
    assert [(a.row, a.column, a.value) for a in before.aside] == [(5, "Stage", "Negotiating terms")]
    made = record(folder)
    assert made.figures["all.open"].n == 1
    assert [r[2] for s in made.read.sources for r in s.rejected] == ["Negotiating terms"]
    check(folder, "--yes")
    after = looked(folder)
    assert stage.how == "guess" and after.rows == 4 and not after.aside
    assert mapping(folder).deals.stages["Negotiating terms"] == stage.counts_as


def test_a_stage_that_says_nothing_is_not_guessed_to_be_open(tmp_path: Path):
    """Delivered, or dropped by the customer: what is over would be counted as pipeline."""
    folder = project(tmp_path, DEALS + "4,Delta,North,Ann,Delivered,900,2026-08-05,2026-10-01\n")
    (stage,) = [s for s in looked(folder).stages if s.value == "Delivered"]
    assert (stage.how, stage.counts_as) == ("unknown", None)
    check(folder, "--yes")
    assert "Delivered" not in mapping(folder).deals.stages


def test_a_header_that_is_like_a_known_one_is_offered_and_not_used(tmp_path: Path):
    folder = project(tmp_path, DEALS.replace("Amount", "Amountt"))
    look = looked(folder)
    (column,) = [c for c in look.columns if c.header == "Amountt"]
    assert (column.column, column.how) == ("amount", "guess") and look.won_amount == 0
    assert record(folder).figures["all.won"].value in (None, 0)
    check(folder, "--yes")
    assert looked(folder).won_amount == 200_000


def test_a_table_that_is_only_guessed_is_refused_by_a_run_and_read_after_a_yes(tmp_path: Path):
    folder = project(tmp_path, "Deal Names,Deal Stages,Valuee\na,Closed Won,5\nb,Closed Lost,6\nc,Qualification,7\n")
    look = looked(folder)
    assert look.guessed and not look.confirmed
    refused = asked(folder, "run", "crm")
    assert refused.code == 2 and "check" in refused.sentences[0] and not (folder / "history").exists()
    assert check(folder, "--yes").code == 0
    after = looked(folder)
    assert after.confirmed and not after.guessed
    assert after.statuses == {"open": 1, "won": 1, "lost": 1}


def test_a_name_that_another_table_writes_otherwise_is_offered_and_not_used(tmp_path: Path):
    folder = project(tmp_path, "id,name,stage,product\n1,a,Closed Won,X-Pro\n2,b,Closed Lost,XPro\n")
    put(folder, "Product Name,Unit Price\nX Pro,5\n", "products.csv")
    assert looked(folder).guesses.values == {"product": {"X-Pro": "X Pro", "XPro": "X Pro"}}
    here = Project.open(folder)
    here.file_exports()
    assert set(here.snapshot().deals.frame["product"]) == {"X-Pro", "XPro"}
    check(folder, "--yes")
    assert set(Project.open(folder).snapshot().deals.frame["product"]) == {"X Pro"}


def test_a_name_guessed_from_two_exports_is_written_once(tmp_path: Path):
    text = "id,name,stage,product\n1,a,Closed Won,XPro\n2,b,Closed Lost,XPro\n"
    folder = project(tmp_path, text)
    put(folder, text + "3,c,Qualification,XPro\n", "deals 2026-09-28.csv")
    put(folder, "Product Name,Unit Price\nX Pro,5\n", "products.csv")
    assert check(folder, "--yes").code == 0
    assert mapping(folder).deals.values == {"product": {"XPro": "X Pro"}}


@pytest.mark.parametrize(
    "odd", ["Won: maybe", "# 1", "yes", "~x", "true", "2026-09-01", "it's", "- x", "a, b", "[a]", "100%"]
)
def test_any_stage_is_written_so_that_it_reads_back(tmp_path: Path, odd: str):
    folder = project(tmp_path, DEALS.replace("Qualification", f'"{odd}"'), "deals:\n")
    here = Project.open(folder)
    seen = here.check()
    for look in seen.looks:
        for stage in look.stages:
            stage.counts_as = stage.counts_as or "open"
    here.confirm(seen)
    assert odd in mapping(folder).deals.stages


# -- what a person wrote

OWN = """\
# Our own mapping, by Claire

deals:                       # the big one
  columns:
    id: 'Record Id'          # single quotes
    name: "Deal Name"        # double quotes
    account: Account Name
    stage: Stage
    amount: Amount           # in dollars
    created: Created Time
    expected_close: Closing Date
  unit: 1
  # a comment of its own
  stages:
    "Qualification": open    # early days
  owner_note: kept           # a key of our own
# days
dates:
  2026-09-30: 2026-09-28     # exported late
complete: ['2026-08-31']
"""


def comments(text: str) -> list[str]:
    return re.findall(r"#.*", text)


def test_what_a_person_wrote_stays_when_check_adds_to_it(tmp_path: Path):
    folder = project(tmp_path, mapping=OWN)
    put(folder, "Product Name,Unit Price\nX Pro,5\n", "products.csv")
    assert check(folder, "--yes").code == 0
    text = (folder / "mapping.yaml").read_text("utf-8")
    assert not Counter(comments(OWN)) - Counter(comments(text))
    for line in OWN.splitlines():
        assert " ".join(line.split()) in [" ".join(k.split()) for k in text.splitlines()], line
    said = mapping(folder)
    assert said.deals.stages == {"Qualification": "open", "Closed Won": "won", "Closed Lost": "lost"}
    assert said.deals.columns == read(OWN, Mapping, "mapping.yaml").deals.columns
    assert said.products.columns == {"name": "Product Name", "list_price": "Unit Price"}
    assert said.complete == ["2026-08-31"] and len(said.dates) == 1


def test_comments_below_an_empty_table_stay(tmp_path: Path):
    own = "# top\ndeals:   # nothing yet\n  # columns: to be filled in by Claire\n# below\npeople:\n  # later\n"
    folder = project(tmp_path, mapping=own)
    check(folder, "--yes")
    text = (folder / "mapping.yaml").read_text("utf-8")
    assert looked(folder).confirmed
    assert not Counter(comments(own)) - Counter(comments(text)), text


def test_only_comments_stay_as_they_are_and_what_was_understood_comes_below(tmp_path: Path):
    own = "## explained\n# deals:\n#   columns: {id: ID}\n"
    folder = project(tmp_path, mapping=own)
    check(folder, "--yes")
    assert (folder / "mapping.yaml").read_text("utf-8").startswith(own)
    assert looked(folder).confirmed


def test_names_that_are_guessed_are_added_to_a_table_that_a_person_has_begun(tmp_path: Path):
    own = "deals:\n  columns: {id: id, name: name, stage: stage, product: product}\n"
    folder = project(tmp_path, "id,name,stage,product\n1,a,Closed Won,XPro\n2,b,Closed Lost,XPro\n", own)
    put(folder, "Product Name,Unit Price\nX Pro,5\n", "products.csv")
    check(folder, "--yes")
    assert mapping(folder).deals.stages == {"Closed Won": "won", "Closed Lost": "lost"}
    assert mapping(folder).deals.values == {"product": {"XPro": "X Pro"}}


def test_a_second_yes_writes_nothing(tmp_path: Path):
    folder = project(tmp_path)
    check(folder, "--yes")
    before = (folder / "mapping.yaml").read_bytes()
    again = check(folder, "--yes")
    assert (folder / "mapping.yaml").read_bytes() == before and "Written" not in again.printed


def test_a_stage_that_comes_later_is_shown_and_added_on_a_yes(tmp_path: Path):
    folder = project(tmp_path)
    check(folder, "--yes")
    put(folder, DEALS + "4,Delta,North,Ann,Negotiation/Review,900,2026-08-05,2026-10-01\n")
    look = looked(folder)
    assert [s.how for s in look.stages if s.value == "Negotiation/Review"] == ["known"] and not look.confirmed
    assert "unconfirmed stages" in [f.kind for f in look.findings]
    check(folder, "--yes")
    assert mapping(folder).deals.stages["Negotiation/Review"] == "open" and looked(folder).confirmed


def test_without_a_yes_mapping_yaml_is_not_written(tmp_path: Path):
    folder = project(tmp_path, mapping="# mine\n")
    done = check(folder)
    assert done.code == 0 and "check --yes" in done.printed
    assert (folder / "mapping.yaml").read_text("utf-8") == "# mine\n" and not (folder / "history").exists()


# -- the second look


def signs(before: Path, text: str | bytes, name: str = FILE) -> list[tuple[str, str, str]]:
    """What has changed once the file is replaced: sign, file, sentence."""
    first = Project.open(before).check()
    put(before, text, name)
    said = changes.between(first, Project.open(before).check())
    assert said is not None
    return [(c.sign, c.file, language.translate(c.text.text, **c.text.values)) for c in said]


def test_the_second_look_shows_only_what_changed(tmp_path: Path):
    folder = project(tmp_path, DEALS + "4,Delta,North,Ann,Qualification,n.n.,2026-08-05,2026-10-01\n")
    put(folder, "Product Name,Unit Price\nX Pro,5\n", "products.csv")
    first = check(folder)
    assert "n.n." in first.printed and "Alpha" not in first.printed
    put(folder, DEALS + "4,Delta,North,Ann,Qualification,70,2026-08-05,2026-10-01\n")
    second = check(folder).printed
    assert "Since the last look" in second and "products.csv" not in second
    assert re.search(r"- row 5 put aside, Amount: n\.n\.", second) and "+ open: 2 deals" in second
    assert "Record Id" not in second and "Closed Lost" not in second
    assert "Nothing has changed" in check(folder).printed
    assert "Record Id" in check(folder, "--all").printed


def test_nothing_changed_is_nothing_shown(tmp_path: Path):
    assert signs(project(tmp_path), DEALS) == []


def test_a_changed_open_amount_is_shown(tmp_path: Path):
    assert signs(project(tmp_path), DEALS.replace(",1000,", ",1700,"))


def test_a_total_that_is_gone_is_shown(tmp_path: Path):
    assert signs(project(tmp_path, DEALS + "Total,,,,3500,,,\n"), DEALS)


def test_each_currency_that_is_mended_is_shown(tmp_path: Path):
    odd = DEALS + "4,D,N,A,Qualification,€5,2026-08-05,2026-10-01\n5,E,N,A,Qualification,£6,2026-08-05,2026-10-01\n"
    folder = project(tmp_path, odd)
    assert Counter(f.kind for f in looked(folder).findings)["foreign"] == 2
    said = signs(folder, odd.replace("€5", "$5"))
    assert any(sign == "-" and "EUR" in text for sign, _, text in said)


def test_a_file_that_is_gone_or_new_is_shown_as_such(tmp_path: Path):
    folder = project(tmp_path)
    put(folder, "Product Name,Unit Price\nX Pro,5\n", "products.csv")
    before = Project.open(folder).check()
    (folder / "data" / "products.csv").unlink()
    put(folder, "Full Name,Department\nAnn,East\nBob,West\n", "people.csv")
    said = changes.between(before, Project.open(folder).check())
    assert said and {(c.file, c.sign) for c in said} == {("products.csv", "-"), ("people.csv", "+")}


def test_of_many_rows_put_aside_three_are_named(tmp_path: Path):
    odd = DEALS + "".join(f"{n},D{n},N,A,Qualification,n.n.,2026-08-05,2026-10-01\n" for n in range(4, 14))
    said = [text for sign, _, text in signs(project(tmp_path), odd) if "put aside" in text]
    assert [re.sub(r".*(row \d+ put).*", r"\1", text) for text in said] == [
        *("row 5 put", "row 6 put", "row 7 put"),
        "7 rows more put aside",
    ]


def test_a_file_that_was_filed_since_is_a_line(tmp_path: Path):
    folder = project(tmp_path)
    before = Project.open(folder).check()
    put(folder, DEALS.replace("2000", "2500"), "deals 2026-09-28.csv")
    Project.open(folder).file_exports()
    said = changes.between(before, Project.open(folder).check())
    assert said and [str(c.text.values["day"]) for c in said if c.file == "deals 2026-09-28.csv"] == ["2026-09-28"]


def test_a_new_weeks_file_is_held_against_the_last_ones_columns_and_stages(tmp_path: Path):
    folder = project(tmp_path)
    before = Project.open(folder).check()
    put(folder, DEALS.replace("Qualification", "Proposal").replace("Amount", "Total"), "deals 2026-09-28.csv")
    said = changes.between(before, Project.open(folder).check()) or []
    of_new = [(c.sign, language.translate(c.text.text, **c.text.values)) for c in said if "28" in c.file]
    assert ("+", "Proposal counts as open") in of_new and ("-", "Qualification counts as open") in of_new
    assert any("Total" in text for _, text in of_new) and not any("Record Id" in text for _, text in of_new)
    assert any("as of 2026-09-28" in text for _, text in of_new)


def test_a_file_that_is_gone_is_a_line(tmp_path: Path):
    folder = project(tmp_path)
    put(folder, DEALS, "deals 2026-09-28.csv")
    before = Project.open(folder).check()
    (folder / "data" / FILE).unlink()
    assert [c for c in changes.between(before, Project.open(folder).check()) or [] if c.file == FILE] == [
        changes.Change(FILE, "-", say("no longer in data/"))
    ]


def test_a_last_look_of_another_version_is_as_none(tmp_path: Path):
    folder = project(tmp_path)
    check(folder)
    (folder / ".cache" / "check.json").write_text('{"looks": [{"nothing": 1}]}', "utf-8")
    done = check(folder)
    assert done.code == 0 and "Record Id" in done.printed


# -- for programs


def test_json_says_the_same_and_writes_nothing(tmp_path: Path):
    folder = project(tmp_path, DEALS + "4,Delta,North,Ann,Verbal yes,n.n.,2026-08-05,2026-10-01\n")
    before = on_disk(folder)
    said = as_json(folder)
    assert on_disk(folder) == before and not (folder / ".cache").exists()
    (look,) = said["files"]
    assert (look["table"], look["rows"], look["day"]) == ("deals", 3, DAY)
    assert look["statuses"] == {"open": 1, "won": 1, "lost": 1}
    assert (look["won_amount"], look["open_amount"]) == ("2000.00", "1000.00")
    assert not said["confirmed"] and said["problems"] == []
    assert {c["header"]: c["column"] for c in look["columns"]}["Closing Date"] == "expected_close"
    (aside,) = look["aside"]
    assert aside["row"] == 5 and isinstance(aside["why"], str)
    assert all(isinstance(f["text"], str) for f in look["findings"])


def test_json_with_a_yes_writes_nothing_either(tmp_path: Path):
    folder = project(tmp_path)
    before = on_disk(folder)
    json.loads(check(folder, "--json", "--yes").printed)
    assert on_disk(folder) == before


def test_json_counts_a_currency_without_cents_in_its_own_unit(tmp_path: Path):
    folder = project(tmp_path)
    (folder / "project.yaml").write_text("name: P\nlanguage: en\ncurrency: JPY\n", "utf-8")
    assert as_json(folder)["files"][0]["won_amount"] == "2000"


def test_json_of_a_broken_file_is_json_with_its_sentence(tmp_path: Path):
    folder = project(tmp_path)
    put(folder, b"PK\x03\x04 broken", "more.xlsx")
    before = on_disk(folder)
    done = check(folder, "--json")
    said = json.loads(done.printed)
    assert done.code == 2 and "more.xlsx" in said["problems"][0] and on_disk(folder) == before
    assert {f["file"] for f in said["files"]} == {FILE, "more.xlsx"}


# -- exit codes


def test_exit_codes(tmp_path: Path):
    good = project(tmp_path / "good")
    assert check(good).code == check(good, "--yes").code == check(good, "--json").code == 0
    bad = project(tmp_path / "bad", "")
    before = on_disk(bad)
    assert check(bad).code == check(bad, "--yes").code == check(bad, "--json").code == 2
    assert on_disk(bad) == before
    none = check(tmp_path)
    assert none.code == 2 and "is no project" in none.sentences[0]


@pytest.mark.parametrize("text", ["", ZOHO, "Recipe,Flour,Sugar\nCake,200,100\n"], ids=["empty", "header", "recipe"])
def test_a_file_that_is_no_export_gets_one_sentence_and_no_mapping(tmp_path: Path, text: str):
    folder = project(tmp_path, text)
    done = check(folder, "--yes")
    assert done.code == 2 and FILE in done.printed.replace("\n", " ") and "Traceback" not in done.printed
    assert not (folder / "mapping.yaml").exists()


def test_where_the_stage_is_not_known_check_says_which_lines_to_write(tmp_path: Path):
    rows = DEALS.removeprefix(ZOHO)
    odd = (
        (DEALS + re.sub(r"^", "9", rows, flags=re.MULTILINE)[:-1])
        .replace("Stage", "Where we are")
        .replace("Amount", "Size: net")
        .replace("Deal Owner", "Who")
    )
    folder = project(tmp_path, odd)
    done = check(folder)
    assert done.code == 2
    assert " ".join(done.printed.split()).count("not known which of its columns is the stage") == 1
    assert "  columns:\n    stage: Where we are\n    amount: 'Size: net'" in re.sub(" +\n", "\n", done.printed)
    (folder / "mapping.yaml").write_text("deals:\n  columns:\n    stage: Where we are\n", "utf-8")
    assert looked(folder).statuses == {"open": 2, "won": 2, "lost": 2}


def test_an_empty_data_folder_is_told(tmp_path: Path):
    folder = project(tmp_path)
    (folder / "data" / FILE).unlink()
    assert "data/" in check(folder).printed


def test_a_lock_file_beside_an_export_is_passed_over(tmp_path: Path):
    folder = project(tmp_path)
    for name in ("~$deals.xlsx", ".DS_Store", "Thumbs.db", "desktop.ini"):
        put(folder, b"\x05Ann", name)
    assert check(folder).code == 0 and [look.file for look in Project.open(folder).check().looks] == [FILE]


# -- what it looks like


def test_the_terminal_shows_what_people_know_their_data_by(tmp_path: Path):
    folder = project(tmp_path, DEALS.replace(",2000,", ',"1,234,567.50",'))
    shown = check(folder).printed
    assert "3 rows" in shown and f"as of {DAY}" in shown and "1,234,567.50 USD" in shown
    assert all(word in shown for word in ("Record Id", "Qualification", "Closed Won", "counts as"))


def test_what_was_typed_into_a_crm_is_no_markup(tmp_path: Path):
    text = DEALS.replace("Qualification", "[bold]x[/bold]").replace("500,", "[red]5,")
    folder = project(tmp_path, text + "9,<script>alert(1)</script>,North,Ann,<b>x</b>,1,2026-08-05,2026-10-01\n")
    shown = check(folder).printed
    assert "[bold]x[/bold]" in shown and "[red]5" in shown
    page = (folder / "records" / "check.html").read_text("utf-8")
    assert "<b>x</b>" not in page and "&lt;b&gt;x&lt;/b&gt;" in page and "<script" not in page


def test_the_page_shows_the_same_and_says_whether_it_is_confirmed(tmp_path: Path):
    folder = project(tmp_path)
    done = check(folder)
    path = folder / "records" / "check.html"
    assert str(path) in done.printed.replace("\n", "")
    page = path.read_text("utf-8")
    assert all(word in page for word in (FILE, "Record Id", "Closed Won", "2,000", "mapping not confirmed"))
    assert not re.search(r"<script|<link|@import|url\(|\bsrc=|https?://", page)
    check(folder, "--yes")
    assert "mapping not confirmed" not in path.read_text("utf-8")


def test_a_chinese_project_is_answered_in_chinese(tmp_path: Path):
    folder = project(tmp_path, "商机编号,商机名称,阶段,金额\n1,甲,赢单,500\n2,乙,输单,70\n3,丙,奇怪,x\n")
    (folder / "project.yaml").write_text("name: P\nlanguage: zh_CN\ncurrency: CNY\n", "utf-8")
    shown = check(folder, "--yes").printed
    page = (folder / "records" / "check.html").read_text("utf-8")
    written = (folder / "mapping.yaml").read_text("utf-8")
    english = r"\b(rows|columns|counts as|guessed|not used|Written|won|deals)\b"  # our column names stand beside
    assert not re.search(english, re.sub(r"/\S+|salesplaybook check|deals [\d-]+\.csv", "", shown.replace("\n", "")))
    assert 'lang="zh-CN"' in page and "counts as" not in page
    assert all(re.search("[一-鿿]", comment) for comment in comments(written))


def test_a_person_at_the_terminal_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = project(tmp_path)
    monkeypatch.setattr(_NamedTextIOWrapper, "isatty", lambda self: True, raising=False)
    said = CliRunner().invoke(app, ["check", "--project", str(folder)], input="n\n")
    assert said.exit_code == 0 and "Is this right?" in said.output and not (folder / "mapping.yaml").exists()
    said = CliRunner().invoke(app, ["check", "--project", str(folder)], input="y\n")
    assert said.exit_code == 0 and looked(folder).confirmed


# -- findings


def test_orphans_name_what_is_not_in_the_table_referred_to(tmp_path: Path):
    folder = project(tmp_path)
    put(folder, "Account Name,Industry\nNorth,Steel\n", "accounts.csv")
    hit = found(folder, "orphans")
    assert hit.rows == [3, 4] and hit.cents == 250_000 and hit.text.values["values"] == ["South"]


def test_without_the_table_referred_to_there_are_no_orphans(tmp_path: Path):
    assert "orphans" not in [f.kind for f in looked(project(tmp_path)).findings]


def test_names_that_differ_by_width_and_case_are_no_orphans(tmp_path: Path):
    folder = project(tmp_path)
    put(folder, "Account Name,Industry\nＮｏｒｔｈ,Steel\nSOUTH,Food\n", "accounts.csv")
    assert "orphans" not in [f.kind for f in looked(folder).findings]


def test_rows_that_repeat_count_once_and_rows_that_contradict_go_aside(tmp_path: Path):
    row = DEALS.splitlines(keepends=True)[2]
    folder = project(tmp_path, DEALS + row + row.replace("2000", "2500"))
    assert found(folder, "repeated").text.values["n"] == 1
    assert found(folder, "contradicting").rows == [6]
    look = looked(folder)
    assert (look.repeated, look.rows, look.won_amount) == (1, 3, 200_000)
    assert [a.row for a in look.aside] == [6]


def test_open_deals_of_one_account_and_name_are_pointed_out(tmp_path: Path):
    folder = project(tmp_path, DEALS + "4,alpha,North,Bob,Qualification,10,2026-08-02,2026-10-30\n")
    assert sorted(found(folder, "twins").rows) == [2, 5]


HAND = "id,name,stage,amount,created,expected_close,closed\n"


def hand(*rows: str) -> str:
    fixed = ["8,w,Closed Won,1,2026-09-01,,2026-09-10", "9,l,Closed Lost,1,2026-09-01,,2026-09-11"]
    return HAND + "\n".join([*rows, *fixed]) + "\n"


def test_a_deal_that_closed_before_it_was_created(tmp_path: Path):
    folder = project(
        tmp_path, hand("1,a,Closed Won,50,2026-09-05,,2026-09-04", "2,b,Closed Won,7,2026-09-05,,2026-09-05")
    )
    hit = found(folder, "closed before created")
    assert hit.rows == [2] and hit.cents == 5_000


def test_where_the_close_date_is_when_it_closed_it_counts_as_that(tmp_path: Path):
    """Zoho, Salesforce and HubSpot have one column: of a closed deal it is the day on which it closed."""
    folder = project(tmp_path, DEALS.replace("2026-07-02,2026-09-01", "2026-07-02,2026-06-01"))
    assert found(folder, "closed before created").rows == [3]


def test_an_expected_close_more_than_five_years_ahead(tmp_path: Path):
    rows = ["1,a,Qualification,50,2026-09-01,2099-12-31,", "2,b,Qualification,7,2026-09-01,2031-09-20,"]
    hit = found(project(tmp_path, hand(*rows)), "far future")
    assert hit.rows == [2] and hit.cents == 5_000


def test_a_day_after_the_exports_own(tmp_path: Path):
    rows = ["1,a,Qualification,50,2026-10-05,2026-12-31,", "2,b,Qualification,7,2026-09-21,2026-12-31,"]
    assert found(project(tmp_path, hand(*rows)), "in the future").rows == [2]


def test_a_won_deal_that_closes_in_2099_is_pointed_out(tmp_path: Path):
    folder = project(tmp_path, hand("1,a,Closed Won,50,2026-09-01,,2099-01-01"))
    assert [2] in [f.rows for f in looked(folder).findings if f.kind in ("far future", "in the future")]


@pytest.mark.parametrize(
    ("row", "kind", "cents"),
    [
        ("1,a,Qualification,50,2026-09-01,,", "no expected_close", 5_000),
        ("1,a,Closed Won,50,2026-09-01,,", "no closed", 5_000),
        ("1,a,Qualification,50,,2026-12-31,", "no created", 5_000),
    ],
)
def test_what_a_gap_costs(tmp_path: Path, row: str, kind: str, cents: int):
    hit = found(project(tmp_path, hand(row)), kind)
    assert hit.rows == [2] and hit.cents == cents


def test_what_missing_amounts_would_be_at_the_median_of_the_others(tmp_path: Path):
    rows = [f"{n},d{n},Qualification,{amount},2026-09-01,2026-12-31," for n, amount in enumerate(("", 10, 30, 500), 1)]
    hit = found(project(tmp_path, hand(*rows)), "no amount")
    assert hit.rows == [2] and hit.cents == 3_000


def test_missing_amounts_are_missing_also_beside_a_column_of_currencies(tmp_path: Path):
    text = "id,name,stage,amount,currency\n1,a,Qualification,,{c}\n2,b,Qualification,10,USD\n3,c,Closed Won,5,USD\n"
    assert found(project(tmp_path / "usd", text.format(c="USD")), "no amount").rows == [2]
    assert found(project(tmp_path / "eur", text.format(c="EUR"), more="rates: {EUR: 1.1}\n"), "no amount").rows == [2]


def test_gaps_in_owner_and_account(tmp_path: Path):
    text = DEALS.replace("1,Alpha,North,Ann", "1,Alpha,,")
    folder = project(tmp_path, text)
    assert found(folder, "no owner").rows == found(folder, "no account").rows == [2]


def test_a_column_that_the_export_does_not_have_is_no_gap(tmp_path: Path):
    kinds = [f.kind for f in looked(project(tmp_path, "id,name,stage\n1,a,Qualification\n2,b,Closed Won\n")).findings]
    assert "no owner" not in kinds and "no amount" not in kinds and "no expected_close" not in kinds


def test_another_currency_without_a_rate_is_in_no_sum_and_said_on_every_page(tmp_path: Path):
    text = DEALS + "4,D,N,A,Closed Won,€500,2026-08-05,2026-09-01\n5,E,N,A,Closed Won,€70.50,2026-08-05,2026-09-01\n"
    folder = project(tmp_path, text)
    hit = found(folder, "foreign")
    assert hit.rows == [5, 6] and hit.text.values["currency"] == "EUR" and "570.50" in str(hit.text.values["amount"])
    assert looked(folder).won_amount == 200_000
    assert any("EUR" in str(n.values) for s in record(folder).read.sources for n in s.notes)
    (folder / "project.yaml").write_text("name: P\nlanguage: en\ncurrency: USD\nrates: {EUR: 2}\n", "utf-8")
    assert looked(folder).won_amount == 200_000 + 114_100
    assert "foreign" not in [f.kind for f in looked(folder).findings]


def test_ids_that_excel_has_rounded_are_flagged_and_kept_apart(tmp_path: Path):
    text = DEALS.replace("\n1,", "\n1.23E+17,").replace("\n2,", "\n1.23E+17,")
    folder = project(tmp_path, text)
    assert found(folder, "rounded").rows == [2, 3] and looked(folder).rows == 3


def test_the_order_of_dates_taken_from_another_column_is_said(tmp_path: Path):
    rows = "1,a,Closed Won,5,03/04/2026,,25/04/2026\n2,b,Closed Lost,5,05/06/2026,,26/06/2026\n"
    folder = project(tmp_path, HAND + rows, name="deals 2026-06-30.csv")
    assert found(folder, "date order").text.values["column"] == "created"
    here = Project.open(folder)
    here.file_exports()
    assert str(here.snapshot().deals.frame["created"].min().date()) == "2026-04-03"


def test_hidden_rows_are_counted_and_read(tmp_path: Path):
    rows = [line.split(",") for line in DEALS.splitlines()]
    folder = project(tmp_path)
    (folder / "data" / FILE).unlink()
    put(folder, writers.book(rows, hidden=(3, 4)), f"deals {DAY}.xlsx")
    assert found(folder, "hidden").text.values["n"] == 2 and looked(folder).rows == 3


def test_a_clean_export_has_no_finding(tmp_path: Path):
    folder = project(tmp_path)
    assert looked(folder).findings == [] and isinstance(Project.open(folder).check(), Understood)


def test_of_many_exports_the_newest_is_shown_and_the_earlier_ones_are_a_line(tmp_path: Path):
    """Fifteen Mondays in data/ are not fifteen pages to read before the meeting."""
    folder = project(tmp_path, DEALS, name="Deals_2026_09_07.csv")
    put(folder, DEALS.replace("Alpha", "Alpha 2"), "Deals_2026_09_14.csv")
    put(folder, DEALS.replace("Alpha", "Alpha 3"), "Deals_2026_09_21.csv")
    Project.open(folder).file_exports()
    looks = Project.open(folder).check().looks
    assert [(k.file[-6:-4], k.earlier) for k in looks] == [("21", False), ("14", True), ("07", True)]
    printed = check(folder, "--all").printed
    assert printed.count("Qualification") == 1 and "Deals_2026_09_07.csv" in printed
