"""A project from the template: whatever is answered, it opens and runs, or a sentence says why not."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from salesplaybook import copies, language, limits, settings, template
from salesplaybook.batch import run
from salesplaybook.cli import app
from salesplaybook.copies import paragraphs, translated, untouched, write_copies
from salesplaybook.demo import make
from salesplaybook.errors import PlaybookError, ProjectError, SettingsError
from salesplaybook.project import Project
from salesplaybook.settings import Mapping, Settings
from salesplaybook.tables.recognise import check_mapping
from salesplaybook.template import make_project

ROOT = Path(__file__).resolve().parents[1]
PLAYBOOKS = sorted((ROOT / "playbooks").glob("*.ipynb"))
LANGUAGES = ["zh_CN", "en"]
NAMES = [
    "华东智慧园区",
    "Harbour Automation",
    "a: b #c",
    'it\'s "quoted"',
    "''",
    "& *x !y %z @w `v`",
    "- [x] {y}",
    "~",
    "null",
    "yes",
    "2026",
    "2026-09-30",
    "0x1F",
    "ACME😀",
    "（全角）：“引号”，１２３",
    "a\\b/c",
    "x" * 300,
    "<b>&amp;</b>",
]
REFUSED = [
    ({"name": ""}, "The project needs a name"),
    ({"name": "   "}, "The project needs a name"),
    *[({"name": f"a {mark} b"}, "'{answer}' can't hold") for mark in ("{{", "{%", "{#")],
    ({"folder": "{{7*7}}"}, "'{answer}' can't hold"),
    ({"manager": "{% raw"}, "'{answer}' can't hold"),
    *[({"folder": f}, "The folder name '{folder}' can't hold") for f in ("../..", "/etc", "a\\b", "C:x", "a?", 'a"b')],
    *[({"folder": f}, "The folder name '{folder}' can't be") for f in ("  ", ".", "..", ".git", "acme.")],
    *[({"folder": f}, "'{folder}' is a name that Windows") for f in ("con", "NUL", "com1", "LPT9.txt", "aux .x")],
    ({"folder": "长" * 300}, "The folder name has"),
    ({"name": "two\nlines"}, "An answer is one line"),
    ({"manager": "bell\a"}, "An answer is one line"),
    ({"name": "broken \ud800"}, "An answer is one line"),
    ({"language": "fr"}, "There is no language"),
    ({"colour": "red"}, "The template has no"),
]


@pytest.fixture
def commanded(tmp_path: Path):
    """Runs the command `cookiecutter` in an empty home: (its result, the folder that it writes into)."""

    def command(where: str, *answers: str, typed: str | None = None) -> tuple[subprocess.CompletedProcess[str], Path]:
        out, home = tmp_path / "out", tmp_path / "home"
        out.mkdir(exist_ok=True)
        home.mkdir(exist_ok=True)
        environment = {"HOME": str(home), "LANG": "C.UTF-8", "PYTHONUTF8": "1", "PATH": os.environ["PATH"]}
        plain = ["--no-input"] if typed is None else []
        words = [sys.executable, "-m", "cookiecutter", where, *plain, "-o", str(out), *answers]
        done = subprocess.run(words, env=environment, input=typed, capture_output=True, encoding="utf-8", cwd=tmp_path)
        return done, out

    return command


def shared(into: Path) -> Path:
    """What a clone or the wheel holds of the template."""
    for folder in ("playbooks", "templates"):
        shutil.copytree(ROOT / folder, into / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "cookiecutter.json", into / "cookiecutter.json")
    return into


def project_yaml(folder: Path) -> Settings:
    return settings.read((folder / "project.yaml").read_text("utf-8"), Settings, "project.yaml")


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_answer_stands_in_project_yaml_as_it_was_given(tmp_path: Path, code: str) -> None:
    for number, name in enumerate(NAMES):
        made = make_project(name, manager=name, language=code, into=tmp_path / str(number))
        known = project_yaml(made)
        assert (known.name, known.manager, known.language) == (name, name, code)
        assert len(made.name) <= template.LONGEST and made.parent == tmp_path / str(number)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_new_project_runs_at_once_and_has_nothing_to_file(tmp_path: Path, code: str) -> None:
    here = Project.open(make_project("New", language=code, into=tmp_path))
    assert here.mapping == Mapping()
    assert here.file_exports() == []
    assert len(here.snapshot().rows) == 0
    for playbook in PLAYBOOKS:  # no data yet is no error: the page says what is missing
        if code == "zh_CN":
            assert run.run(here, playbook.stem, "", "", {}).page.exists()
        else:  # the same cells, without the seconds that a kernel takes
            period = here.period_of(playbook.stem, "", here.resolve()).name
            list(make.running(here.store.root, playbook.stem, here.resolve(), period))
            assert here.page(playbook.stem, period).exists()


def test_the_settings_suit_the_language_and_can_be_given(tmp_path: Path) -> None:
    chinese = project_yaml(make_project("一", into=tmp_path))
    english = project_yaml(make_project("one", language="en", into=tmp_path))
    assert (chinese.currency, chinese.country, chinese.timezone) == ("CNY", "CN", "Asia/Shanghai")
    assert (english.currency, english.country, english.timezone) == ("USD", "US", "America/New_York")
    assert (chinese.tax, chinese.fiscal_year_start) == ("unstated", 1)
    given = {"currency": "EUR", "tax": "excluded", "country": "DE", "timezone": "Europe/Berlin", "fiscal_year_start": 4}
    made = project_yaml(make_project("two", into=tmp_path, **given)).model_dump()
    assert made | given == made


@pytest.mark.parametrize("code", LANGUAGES)
def test_warnings_and_actions_are_explained_and_stand_as_if_they_were_not_there(tmp_path: Path, code: str) -> None:
    made = make_project("x", language=code, into=tmp_path)
    text, plain = (made / "project.yaml").read_text("utf-8"), Settings(name="x")
    known = project_yaml(made)
    assert (known.warnings, known.actions) == (plain.warnings, plain.actions)
    assert (known.days_off, known.days_on) == ([], [])
    assert set(re.findall(r"\w+", text)) >= {*limits.RULES, *limits.Warnings.model_fields}
    assert not [line for line in text.splitlines() if line != line.rstrip()]
    for example in re.findall(r"(?:actions|days_off|rates): [\[{].+?[\]}]+(?=$|[。.,\n])", text):
        settings.read(f"name: x\n{example}", Settings, "project.yaml")


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_example_of_a_target_is_one(tmp_path: Path, code: str) -> None:
    made = make_project("x", language=code, into=tmp_path)
    example = (made / "entries" / "README.md").read_text("utf-8").split("```yaml\n")[1].split("```")[0]
    (made / "entries" / "targets.yaml").write_text(example, "utf-8")
    (target,) = Project.open(made).entries("targets").rows
    assert (target.period, target.metric, target.owner, target.amount) == ("2026Q3", "bookings", "", 12840000)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_examples_of_mapping_yaml_are_a_mapping_once_uncommented(tmp_path: Path, code: str) -> None:
    text = (make_project("x", language=code, into=tmp_path) / "mapping.yaml").read_text("utf-8")
    assert all(line.startswith("#") for line in text.splitlines() if line)
    mapping = settings.read(re.sub("(?m)^# ", "", text), Mapping, "mapping.yaml")
    check_mapping(mapping)
    assert mapping.deals.model_fields_set == set(settings.TableMapping.model_fields)
    assert mapping.model_fields_set == set(Mapping.model_fields)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_texts_are_in_one_language_and_hold_no_jinja(tmp_path: Path, code: str) -> None:
    made = make_project("x", language=code, into=tmp_path)
    for path in made.rglob("*"):
        text = path.read_text("utf-8") if path.is_file() and path.suffix != ".ipynb" else ""
        assert "{%" not in text and "{{" not in text
        assert bool(re.search("[一-鿿]", text)) is (code == "zh_CN" and path.suffix in (".md", ".yaml")), path
    assert {p.name for p in made.iterdir()} == {
        ".gitignore",
        "README.md",
        "data",
        "entries",
        "mapping.yaml",
        "playbooks",
        "project.yaml",
    }


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["南岭水工阀门", "--manager", "林晓"], "zh_CN"),
        (["Valves", "--manager", "林晓"], "zh_CN"),
        (["南岭水工阀门", "--language", "en"], "en"),
        (["Valves", "--manager", "Ann"], "en"),
    ],
)
def test_a_chinese_name_makes_a_chinese_project_on_any_computer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: str
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    done = CliRunner().invoke(app, ["new", *words, "--into", str(tmp_path)])
    (made,) = tmp_path.iterdir()
    known = project_yaml(made)
    money = {"zh_CN": ("CNY", "CN", "Asia/Shanghai"), "en": ("USD", "US", "America/New_York")}
    assert (known.language, (known.currency, known.country, known.timezone)) == (code, money[code])
    assert ("已新建" in done.output) is (code == "zh_CN") and "salesplaybook check" in done.output
    assert "lessons_from" not in done.output and known.lessons_from == []


def test_new_says_whose_lessons_it_will_find_again_and_how_to_take_them_out(tmp_path: Path) -> None:
    make_project("Neighbour", language="en", into=tmp_path)
    done = CliRunner().invoke(app, ["new", "Second", "--language", "en", "--into", str(tmp_path)])
    (said,) = [line for line in done.output.splitlines() if "lessons_from" in line]
    assert "Neighbour" in said and "take out" in said


@pytest.mark.parametrize("answers, sentence", REFUSED, ids=str)
def test_what_cannot_be_taken_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, answers: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ProjectError) as error:
        make_project(**{"name": "New", **answers}, into=tmp_path)
    assert error.value.text.startswith(sentence)
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_setting_is_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="currency"):
        make_project("New", currency="rmb", into=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "mine.txt").write_text("mine")
    with pytest.raises(ProjectError, match="acme"):
        make_project("New", folder="acme", into=tmp_path)
    assert [p.name for p in tmp_path.rglob("*")] == ["acme", "mine.txt"]


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PlaybookError, match="New"):
        make_project("New", into=tmp_path / "file")


def test_nothing_is_written_into_the_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    code = (
        "import sys, pathlib; from salesplaybook.template import make_project; "
        "make_project('N', into=pathlib.Path(sys.argv[1]))"
    )
    environment = os.environ | {"HOME": str(home), "PYTHONPATH": str(ROOT / "src")}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=environment, check=True)
    assert list(home.iterdir()) == []
    assert (tmp_path / "N" / "project.yaml").exists()


def test_a_proposed_folder_can_always_be_taken() -> None:
    for name in [*NAMES, "...", "-", "a.", "a{{b", "两 个　词"]:
        proposed = template.slug(name)
        assert template.check_folder(proposed) == proposed
    assert template.slug("华东 智慧/园区") == "华东-智慧-园区"


def test_a_project_named_as_windows_keeps_for_itself_needs_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="Windows"):
        make_project("con", into=tmp_path)
    assert project_yaml(make_project("con", folder="constant", into=tmp_path)).name == "con"


def test_questions_are_asked_again_until_they_can_be_taken() -> None:
    import click
    from click.testing import CliRunner

    command = click.Command("new", callback=lambda: click.echo(json.dumps(template.ask({"manager": "M"}))))
    shown = CliRunner().invoke(command, input="{{x}}\nA/B\n..\n\nfr\nen\n").output
    assert json.loads(shown.splitlines()[-1]) == {"manager": "M", "name": "A/B", "folder": "A-B", "language": "en"}
    assert shown.count("{{") > 1


# --- the command `cookiecutter` -------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", LANGUAGES)
def test_cookiecutter_makes_the_project_from_the_path(commanded, code: str) -> None:
    name = 'it\'s: "华东" #1 😀'
    done, out = commanded(str(ROOT), f"name={name}", "folder=east", f"language={code}", "_currency=EUR")
    assert done.returncode == 0, done.stdout + done.stderr
    known = project_yaml(out / "east")
    assert (known.name, known.language, known.currency) == (name, code, "EUR")
    assert {p.name for p in (out / "east" / "playbooks").iterdir()} == {p.name for p in PLAYBOOKS}


def test_cookiecutter_asks_four_questions(commanded) -> None:
    done, out = commanded(str(ROOT), typed="1\n华东智慧园区\n\n王敏\n2\n")
    assert done.returncode == 0, done.stdout + done.stderr
    known = project_yaml(out / "华东智慧园区")
    assert (known.name, known.manager, known.language) == ("华东智慧园区", "王敏", "en")
    assert "[4/4]" in done.stdout


def test_cookiecutter_makes_the_project_from_a_git_address(commanded, tmp_path: Path) -> None:
    origin = shared(tmp_path / "origin")
    shutil.copytree(ROOT / "src", origin / "src", ignore=shutil.ignore_patterns("__pycache__"))
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", str(origin)]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        subprocess.run([*git, *words], check=True)
    done, out = commanded(f"git+file://{origin}", "name=Cloned", "language=en")
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(list((out / "Cloned" / "playbooks").iterdir())) == len(PLAYBOOKS)


def test_cookiecutter_makes_the_project_from_the_share_of_the_wheel(commanded, tmp_path: Path) -> None:
    package = tmp_path / "site" / "salesplaybook"
    shutil.copytree(ROOT / "src" / "salesplaybook", package, ignore=shutil.ignore_patterns("__pycache__"))
    done, out = commanded(str(shared(package / "_share")), "name=Packed")
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(list((out / "Packed" / "playbooks").iterdir())) == len(PLAYBOOKS)


@pytest.mark.parametrize(
    "answer, found",
    [
        ("name={{7*7}}", "{{"),
        ("name={{ unknown }}", "{{"),
        ("manager={% if", "{%"),
        ("folder={#", "{#"),
        ("name= ", "name"),
        ("folder=../..", "/"),
        ("folder=con", "Windows"),
        ("folder=" + "x" * 300, "300"),
        ("folder=acme.", "full stop"),
    ],
)
def test_cookiecutter_says_the_same_sentences(commanded, answer: str, found: str) -> None:
    done, out = commanded(str(ROOT), answer, "language=en")
    assert done.returncode == 1
    assert found in done.stdout and len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert list(out.iterdir()) == []


def test_cookiecutter_refuses_jinja_that_is_typed(commanded) -> None:
    done, out = commanded(str(ROOT), typed="1\n{{7*7}}\n\n\n2\n")
    assert done.returncode == 1 and "can't hold {{" in done.stdout and list(out.iterdir()) == []


# --- copies of the playbooks ----------------------------------------------------------------------------------------

MARKDOWN = "# Title\n\nTwo lines,\nnot translated\n  \n```python\na = 1\n\nb = 2\n```\n\nAfter *it*\n~~~\n\n~~~\n"
PARAMETERS = '# What to look at\nproject: str = "#1"  # the folder; empty: here\nseed: int = 1  #a number\nowner = ""'
FOLDED = {"source_hidden": True}
TRANSLATIONS = {
    "# Title": "# 标题",
    "After *it*\n~~~\n\n~~~": "在*它*之后",
    "the folder; empty: here": "文件夹",
    "What to look at": "看什么",
    "Load": "读取",
    "not first": "错",
    "a = 1": "错",
}


def notebook() -> dict:
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": MARKDOWN.splitlines(keepends=True)},
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {"tags": ["parameters"]},
            "source": PARAMETERS,
            "outputs": [1],
            "execution_count": 3,
        },
        {
            "cell_type": "code",
            "id": "c",
            "metadata": {},
            "source": "# Load\nx = 1  # not first\n",
            "outputs": [],
            "execution_count": None,
        },
        {
            "cell_type": "code",
            "id": "d",
            "metadata": {},
            "source": "%%time\n# not first\n",
            "outputs": [],
            "execution_count": None,
        },
        {"cell_type": "raw", "id": "e", "metadata": {}, "source": "# Title"},
    ]
    return {"cells": cells, "metadata": {"salesplaybook": {"playbook": "x"}}, "nbformat": 4, "nbformat_minor": 5}


def test_messages_are_paragraphs_and_the_comments_that_people_read() -> None:
    assert list(paragraphs(notebook())) == [
        "# Title",
        "Two lines,\nnot translated",
        "After *it*\n~~~\n\n~~~",
        "What to look at",
        "the folder; empty: here",
        "a number",
        "Load",
    ]


def test_a_translation_changes_messages_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "catalog", lambda code: TRANSLATIONS)
    sources = ["".join(cell["source"]) for cell in translated(notebook(), "zh_CN")["cells"]]
    assert sources == [
        MARKDOWN.replace("# Title", "# 标题").replace("After *it*\n~~~\n\n~~~", "在*它*之后"),
        PARAMETERS.replace("the folder; empty: here", "文件夹").replace("What to look at", "看什么"),
        "# 读取\nx = 1  # not first\n",
        "%%time\n# not first\n",
        "# Title",
    ]


def test_without_translations_a_copy_reads_like_the_original(tmp_path: Path) -> None:
    for original in [notebook(), *(json.loads(p.read_text("utf-8")) for p in PLAYBOOKS)]:
        assert copies.written(translated(original, "xx")) == copies.written(original)


def test_parameters_that_no_comment_heads_stay_in_sight(tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    original = notebook()
    original["cells"][1]["source"] = PARAMETERS.split("\n", 1)[1]
    (tmp_path / "all" / "x.ipynb").write_text(json.dumps(original), "utf-8")
    (path,) = write_copies(tmp_path / "all", tmp_path / "own", "en")
    assert "jupyter" not in json.loads(path.read_text("utf-8"))["cells"][1]["metadata"]


def test_a_copy_knows_whether_it_was_changed_and_is_only_replaced_if_not(tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "x.ipynb").write_text(json.dumps(notebook()), "utf-8")
    (path,) = write_copies(tmp_path / "all", tmp_path / "own", "en")
    copy = json.loads(path.read_text("utf-8"))
    assert untouched(copy) and not untouched(notebook())
    assert [c["metadata"].get("jupyter") for c in copy["cells"]] == [None, FOLDED, FOLDED, FOLDED, None]
    assert copy["metadata"]["salesplaybook"] | {"written": ""} == {"playbook": "x", "language": "en", "written": ""}
    assert [c["id"] for c in copy["cells"]] == list("abcde")
    assert all(c["outputs"] == [] and c["execution_count"] is None for c in copy["cells"] if c["cell_type"] == "code")
    copy["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "ran"}]
    assert untouched(copy)
    assert write_copies(tmp_path / "all", tmp_path / "own", "zh_CN") == [path]
    copy["cells"][2]["source"] = "x = 2"
    path.write_text(json.dumps(copy), "utf-8")
    assert write_copies(tmp_path / "all", tmp_path / "own", "en") == []
    assert json.loads(path.read_text("utf-8")) == copy


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_new_project_has_each_playbook_in_its_language_with_the_cells_ids(tmp_path: Path, code: str) -> None:
    made = make_project("x", language=code, into=tmp_path)
    assert [p.name for p in sorted((made / "playbooks").iterdir())] == [p.name for p in PLAYBOOKS]
    for original in PLAYBOOKS:
        source = json.loads(original.read_text("utf-8"))
        copy = json.loads((made / "playbooks" / original.name).read_text("utf-8"))
        assert [c["id"] for c in copy["cells"]] == [c["id"] for c in source["cells"]]
        assert copies.written(copy) == copies.written(translated(source, code))
        assert copy["metadata"]["salesplaybook"]["language"] == code and untouched(copy)


def test_a_copy_needs_the_standard_library_alone() -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import salesplaybook.copies, salesplaybook.template"
    subprocess.run([sys.executable, "-I", "-S", "-c", code, str(ROOT / "src")], check=True)


def test_the_template_speaks_our_languages() -> None:
    asked = json.loads((ROOT / "templates" / "sales-project" / "cookiecutter.json").read_text("utf-8"))
    assert tuple(asked["language"]) == language.LANGUAGES
    assert set(asked["__prompts__"]) == {key for key in asked if not key.startswith("_")}
