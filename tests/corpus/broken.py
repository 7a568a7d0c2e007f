"""Broken files: each is answered with one sentence, and these are the facts that it must name."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from corpus import writers
from corpus.case import Case, broken
from corpus.deals import DEALS
from corpus.dialects import zh, zh_typed
from corpus.values import AMBIGUOUS_DAYS, column
from corpus.writers import book, comma, text

ROWS = zh(DEALS)
CSV, XLSX = "deals.csv", "deals.xlsx"
RUN = ("run", "crm")


def cases() -> Iterator[Case]:
    yield from nothing_there()
    yield from damaged()
    yield from something_else()
    yield from bombs()
    yield from no_files()
    yield from not_understood()
    yield from settings()


def nothing_there() -> Iterator[Case]:
    for file in (CSV, XLSX, "deals.xls", "deals.csv.gz", "deals.parquet"):
        yield broken(f"zero-bytes-{file.partition('.')[2]}", file=file, data=b"", expects=[file, ("0 bytes", "empty")])
    yield broken("only-white-space", file=CSV, data=b"\r\n  \r\n\t\r\n", expects=[CSV])
    yield broken("only-a-mark", file=CSV, data=b"\xef\xbb\xbf", expects=[CSV])
    yield broken("only-a-header-csv", file=CSV, data=comma(ROWS[:1]), expects=[CSV, ("no rows", "header")])
    yield broken("only-a-header-xlsx", file=XLSX, data=book(ROWS[:1]), expects=[XLSX, ("no rows", "header")])
    total = ["合计", "", "", "", "", "", "0", "", "", ""]
    yield broken("only-a-header-and-a-total", file=XLSX, data=book([ROWS[0], total]), expects=[XLSX])
    yield broken("empty-workbook", file=XLSX, data=book([]), expects=[XLSX])
    yield broken("empty-gz", file="deals.csv.gz", data=writers.gzipped(b""), expects=["deals.csv.gz"])


def damaged() -> Iterator[Case]:
    whole = book(zh_typed(DEALS))
    # Names without sizes: a workbook's size changes with the time of writing, and pytest's workers compare names.
    for name, part in {"30": 30, "500": 500, "half": len(whole) // 2, "its-end": len(whole) - 40}.items():
        yield broken(f"truncated-xlsx-at-{name}", file=XLSX, data=whole[:part], expects=[XLSX])
    said = [XLSX, ("password", "encrypted", "protected")]
    yield broken("encrypted-xlsx", file=XLSX, data=writers.encrypted(), expects=said)
    cut = writers.unzipped_part(whole, "xl/worksheets/sheet1.xml", lambda sheet: sheet[: len(sheet) // 2])
    yield broken("xlsx-with-half-a-sheet", file=XLSX, data=cut, expects=[XLSX])
    yield broken(
        "truncated-gz", file="deals.csv.gz", data=writers.gzipped(comma(ROWS))[:-200], expects=["deals.csv.gz"]
    )
    try:
        old, packed = writers.old_workbook(zh_typed(DEALS)), writers.parquet(ROWS, {})
        yield broken("truncated-xls", file="deals.xls", data=old[:3000], expects=["deals.xls"])
        yield broken("truncated-parquet", file="deals.parquet", data=packed[:-300], expects=["deals.parquet"])
    except ImportError as missing:
        print(f"left out: {missing}")
    noise = bytes((i * 7919 + i // 3) % 256 for i in range(20_000))
    for file in (CSV, XLSX, "deals.xls", "deals.parquet", "deals.csv.gz"):
        yield broken(f"binary-junk-{file.partition('.')[2]}", file=file, data=noise, expects=[file])
    yield broken("nul-bytes", file=CSV, data=comma(ROWS)[:600] + bytes(4000), expects=[CSV])
    lines = text(ROWS).splitlines(keepends=True)
    mixed = b"".join(line.encode("gbk" if 9 < n < 14 else "utf-8") for n, line in enumerate(lines, 1))
    place = ("line 10", "row 9")  # the first line in GBK
    yield broken("mixed-encodings", file=CSV, data=mixed, expects=[CSV, place])
    passing = b"".join(_either(line, n) for n, line in enumerate(lines))
    passing.decode("gb18030")
    why = "it decodes as GB18030, and half of it is mojibake"
    yield broken("mixed-encodings-that-pass-as-gbk", file=CSV, data=passing, expects=[CSV], why=why)
    rows = text(ROWS).replace("\r\nD0008,锦塘", '\r\nD0008,"锦塘')
    expects = [CSV, ("line 10", "row 9"), ("quote", '"')]
    yield broken("unterminated-quote", file=CSV, data=rows.encode(), expects=expects, why="it opens in record 9")


def _either(line: str, number: int) -> bytes:
    """Every second line as UTF-8 where that can be taken for GB18030 too, the others in GBK."""
    try:
        line.encode().decode("gb18030")
    except UnicodeDecodeError:
        return line.encode("gbk")
    return line.encode("utf-8" if number % 2 else "gbk")


LOGIN = """<!DOCTYPE html>
<html lang="en"><head><title>Sign in to your account</title></head><body>
<form action="/login" method="post"><input name="user"><input type="password" name="password">
<table><tr><td>User</td><td>Password</td></tr></table></form></body></html>"""


def something_else() -> Iterator[Case]:
    page = [("web page", "HTML", "html", "log in", "login", "sign in")]
    yield broken("login-page-csv", file=CSV, data=LOGIN.encode(), expects=[CSV, *page])
    yield broken("login-page-xls", file="deals.xls", data=LOGIN.encode(), expects=["deals.xls", *page])
    records = [dict(zip(ROWS[0], r, strict=True)) for r in ROWS[1:]]
    said = json.dumps({"data": records}, ensure_ascii=False, indent=1)
    yield broken("json", file=CSV, data=said.encode(), expects=[CSV, "JSON"])
    yield broken(
        "json-list-in-one-line", file="deals.txt", data=json.dumps(records).encode(), expects=["deals.txt", "JSON"]
    )
    yield broken("json-refusal", file=CSV, data=b'{"code":"INVALID_TOKEN","status":"error"}', expects=[CSV, "JSON"])
    yield broken(
        "pdf", file="deals.xls", data=b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", expects=["deals.xls"]
    )
    yield broken("png", file=CSV, data=b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, expects=[CSV])
    document = writers.unzipped_part(book(ROWS), "xl/workbook.xml", lambda _: b"<w:document/>")
    yield broken("zip-that-is-no-workbook", file=XLSX, data=document, expects=[XLSX])
    yield broken(
        "prose", file="deals.txt", data="今天开会讨论了三个项目。\n下周继续跟进。\n".encode(), expects=["deals.txt"]
    )


def bombs() -> Iterator[Case]:
    """Made when they are put into a folder: the corpus itself stays small."""

    def gzip_bomb() -> bytes:
        return writers.gzipped(b"D1,deal,won,100\r\n" * 1_000_000) * 150

    def one_cell() -> bytes:
        return text(ROWS[:3]).encode() + b'D9,"' + "说明".encode() * 1_700_000

    made: dict[str, tuple[str, Callable[[], bytes]]] = {
        "zip-bomb": (XLSX, lambda: writers.zip_bomb(1000)),
        "gzip-bomb": ("deals.csv.gz", gzip_bomb),
        "gzip-bomb-of-zeros": ("deals.csv.gz", lambda: writers.gzipped(bytes(50_000_000)) * 40),
        "ten-megabytes-in-one-line": (CSV, lambda: b"a" * 10_000_000),
        "ten-megabytes-of-commas": (CSV, lambda: b"ab,c," * 2_000_000),
        "ten-megabytes-in-one-cell": (CSV, one_cell),
    }
    for name, (file, content) in made.items():
        yield broken(name, file=file, data=b"", expects=[file], place=_placed(file, content), limited=True)


def _placed(file: str, content: Callable[[], bytes]) -> Callable[[Path], None]:
    def place(data: Path) -> None:
        (data / file).write_bytes(content())

    return place


def no_files() -> Iterator[Case]:
    def folder(data: Path) -> None:
        (data / CSV).mkdir()

    def dangling(data: Path) -> None:
        (data / CSV).symlink_to("nowhere/deals.csv")

    def pipe(data: Path) -> None:
        os.mkfifo(data / CSV)

    def circle(data: Path) -> None:
        (data / CSV).symlink_to(CSV)

    yield broken("a-folder", file=CSV, data=b"", expects=[CSV, "folder"], place=folder)
    yield broken("a-dangling-link", file=CSV, data=b"", expects=[CSV, "link"], place=dangling)
    yield broken("a-named-pipe", file=CSV, data=b"", expects=[CSV, "pipe"], place=pipe, limited=True)
    yield broken("a-link-to-itself", file=CSV, data=b"", expects=[CSV, "link"], place=circle)


def not_understood() -> Iterator[Case]:
    rows = [["foo", "bar", "baz"], ["1", "2", "3"], ["4", "5", "6"]]
    yield broken("header-that-maps-to-nothing", file=CSV, data=comma(rows), expects=[CSV, "foo", "bar", "baz"])
    yield broken("header-that-maps-to-nothing-xlsx", file=XLSX, data=book(rows), expects=[XLSX, "foo", "bar", "baz"])
    no_stage = [[r[i] for i in (0, 1, 2, 6, 7)] for r in ROWS]
    yield broken("no-stage", file=CSV, data=comma(no_stage), expects=[CSV, ("stage", "status")])
    twice = [[*r, r[6] if n else "商机金额"] for n, r in enumerate(ROWS)]
    twice[2][-1] = "1"
    yield broken("a-header-twice", file=CSV, data=comma(twice), expects=[CSV, "商机金额"])
    mapping = "deals:\n  columns: {id: 商机编号, stage: 商机阶段, amount: 合同额}\n"
    yield broken("a-header-that-is-not-there", file=CSV, data=comma(ROWS), expects=[CSV, "合同额"], mapping=mapping)
    made = comma(column("创建时间", AMBIGUOUS_DAYS))
    expects = [CSV, "创建时间", "3/4/2026", "mdy", "dmy"]
    yield broken("days-all-ambiguous", file=CSV, data=made, expects=expects)
    strange = [[r[i] if not n or i != 4 else "stage-x" for i in (0, 1, 4, 6)] for n, r in enumerate(ROWS)]
    yield broken("stages-all-unknown", file=CSV, data=comma(strange), expects=[CSV, "商机阶段", "stage-x"])


PROJECT = "name: 华东\nlanguage: en\ncurrency: CNY\ntimezone: Asia/Shanghai\n"
YAML = {
    # project.yaml: bytes, and what the sentence names
    "open-quote": (b'name: "East\nlanguage: en\n', ["project.yaml", "line", "column"]),
    "open-bracket": (PROJECT.encode() + b"rates: {USD: 7.1\n", ["project.yaml", ("line 5", "line 6"), "column"]),
    "tab": (b"name: East\nlanguage: en\nrates:\n\tUSD: 7.1\n", ["project.yaml", "line 4", "column 1"]),
    "full-width-colon": ("name: 华东\nlanguage：en\n".encode(), ["project.yaml", "line 2", "column 9"]),
    "gbk": (PROJECT.encode("gbk"), ["project.yaml", "line 1", "column 7", "UTF-8"]),
    "gbk-further-down": (
        "name: East\nlanguage: en\nmanager: 王敏\n".encode("gbk"),
        ["project.yaml", "line 3", "column 10"],
    ),
    "no-keys": (b"East\n", ["project.yaml", "line 1"]),
    "currency": (b"name: East\nlanguage: en\ncurrency: RMB\n", ["project.yaml", "line 3", "RMB", "CNY"]),
    "zone": (b"name: East\nlanguage: en\ntimezone: Beijing\n", ["project.yaml", "line 3", "Beijing"]),
    "rate": (PROJECT.encode() + b"rates:\n  USD: seven\n", ["project.yaml", "line 6", "seven"]),
    "binary": (bytes(range(256)), ["project.yaml"]),
}
MAPPING = {
    "tab": (b"deals:\n\tcolumns: {id: x}\n", ["mapping.yaml", "line 2", "column 1"]),
    "full-width-colon": ("deals:\n  columns:\n    id：商机编号\n".encode(), ["mapping.yaml", "line 3", "column 7"]),
    "gbk": ("deals:\n  columns:\n    id: 商机编号\n".encode("gbk"), ["mapping.yaml", "line 3", "column 9"]),
    "indent": (b"deals:\n  columns:\n    id: x\n   stage: y\n", ["mapping.yaml", "line 4", "column"]),
    "status": (b"deals:\n  stages:\n    Signed: winner\n", ["mapping.yaml", "line 3", "winner"]),
    "mistyped": (b"deals:\n  colums: {id: x}\n", ["mapping.yaml", "line 2", "columns"]),
}


def settings() -> Iterator[Case]:
    for file, wrong in (("project.yaml", YAML), ("mapping.yaml", MAPPING)):
        for name, (content, expects) in wrong.items():
            yield broken(f"{file[:-5]}-{name}", file=CSV, data=comma(ROWS), expects=expects, extra={file: content})
    period = (*RUN, "--period", "2026Q5")
    yield broken("period-2026Q5", file=CSV, data=comma(ROWS), expects=["2026Q5"], words=period)
    yield broken("period-2026-13", file=CSV, data=comma(ROWS), expects=["2026-13"], words=(*RUN, "--period", "2026-13"))

    def leave(data: Path) -> None:
        (data / CSV).write_bytes(comma(ROWS))
        (data.parent / "project.yaml").unlink()

    yield broken("no-project", file=CSV, data=b"", expects=["project.yaml"], place=leave)
