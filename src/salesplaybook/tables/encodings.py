"""Bytes become text: UTF-8, UTF-16, GB18030 (which holds GBK), cp1252 last; one encoding in a file, or a sentence.

The last two read nearly any bytes as some text: signs that hardly anybody writes tell that it is another encoding.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

from salesplaybook.errors import ExportError

MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
SAMPLE = 100_000  # letters that are looked at
LINE_END = re.compile(rb"\r\n|\r|\n")
NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
CHARSET = re.compile(rb"<[^>]{0,300}(?:charset|encoding)\s*=\s*[\"']?([\w.-]+)", re.IGNORECASE)


def decoded(file: str, data: bytes) -> str:
    """The text in `data`. ExportError names the line where it stops being text, or changes its encoding."""
    text = _decoded(file, data).lstrip("\ufeff").rstrip("\x1a\x00")
    if not text.strip():
        raise ExportError("{file} holds nothing but spaces and line breaks. Export it again.", file=file)
    begin = text[:SAMPLE]
    strange = NO_TEXT.search(begin)
    if "\0" in text or (strange and len(NO_TEXT.findall(begin)) > max(3, len(begin) // 1000)):
        place = text.find("\0") if "\0" in text else strange.start()  # type: ignore[union-attr]
        raise _binary(file, text.count("\n", 0, place) + 1)
    return text


def _decoded(file: str, data: bytes) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _as(file, data, encoding)
    if b"\0" in data:
        return _as(file, data, _wide(file, data))
    said = CHARSET.search(data[:2000]) if data.lstrip()[:1] == b"<" else None
    if said and (text := _as_said(data, said[1].decode())) is not None:
        return text
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and not data[: error.start].isascii():
            raise _cut(file, data, error.start) from None
    _check_one_encoding(file, data)
    western = _is_western(data)
    text = _as(file, data, "cp1252" if western else "gb18030")
    _check_known(file, text[:SAMPLE], western)
    return text


def _as_said(data: bytes, encoding: str) -> str | None:
    """A web page names its encoding; GB2312 stands for GB18030 there."""
    try:
        return data.decode("gb18030" if encoding.lower().startswith("gb") else encoding)
    except (UnicodeError, LookupError):
        return None


def _as(file: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8-sig":
            _check_one_encoding(file, data)
        if error.end >= len(data) and error.reason != "illegal multibyte sequence" and encoding != "cp1252":
            raise _cut(file, data, error.start) from None
        if encoding in ("gb18030", "cp1252"):
            raise ExportError(
                "{file}, line {line} is neither UTF-8 nor GBK text. Export it again as CSV in UTF-8.",
                file=file,
                line=_line(data, error.start),
            ) from None
        raise ExportError(
            "{file} begins as {encoding} text, but line {line} is none. Export it again as CSV in UTF-8.",
            file=file,
            encoding=encoding.removesuffix("-sig").upper(),
            line=_line(data, error.start),
        ) from None


def _wide(file: str, data: bytes) -> str:
    """UTF-16 without its mark is told by line ends and separators: read the wrong way round, there are none."""
    sample = data[:20_000]
    marks = {}
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample.decode(encoding, "replace")
        marks[encoding] = 0 if NO_TEXT.search(text) else len(re.findall(r"[\r\n,;\t|]", text))
    best = max(marks, key=lambda encoding: marks[encoding])
    if marks[best] * 100 < len(sample) / 2:
        raise _binary(file, _line(data, data.index(b"\0")))
    return best


def _check_one_encoding(file: str, data: bytes) -> None:
    """ExportError where some lines are proven UTF-8 and others only GBK, or a letter or two of UTF-8 are broken."""
    if broken := _broken(data):
        raise ExportError(
            "{file}, line {line} is not valid UTF-8, though the rest of the file is: a character is broken. "
            "Export or copy it again.",
            file=file,
            line=broken,
        )
    first: tuple[int, str] | None = None
    for number, line in enumerate(LINE_END.split(data), 1):
        if line.isascii() or not (kind := _kind(line)):
            continue
        if first and first[1] != kind:
            raise ExportError(
                "{file} mixes two encodings: line {first} is {one}, line {line} is {other}. "
                "Export it again as CSV in UTF-8, each part by itself.",
                file=file,
                first=first[0],
                one=first[1],
                line=number,
                other=kind,
            )
        first = first or (number, kind)


def _broken(data: bytes) -> int | None:
    """The line of UTF-8 text in which a character is broken; None where more is: that is another encoding."""
    places, at = [], 0
    while at < len(data):
        try:
            codecs.utf_8_decode(memoryview(data)[at:], "strict", True)
            break
        except UnicodeDecodeError as error:
            places.append(at + error.start)
            at += error.end
        if len(places) > 2:
            return None
    if not places or sum(ord(c) >= 0x800 for c in data[:SAMPLE].decode("utf-8", "ignore")) < 5:
        return None
    around = re.search(rb"[^\r\n]*\Z", data[max(0, places[0] - 1000) : places[0]])
    line = (around[0] if around else b"") + LINE_END.split(data[places[0] : places[0] + 1000], maxsplit=1)[0]
    if any("\u0100" <= c < "\u0800" for c in line.decode("utf-8", "ignore")):  # pairs of GBK pass as Cyrillic ...
        return None
    return _line(data, places[0])


def _kind(line: bytes) -> str | None:
    """A line's encoding where it is proven: many a GBK word is UTF-8 too, by chance."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return "GBK" if _reads(line, "gb18030") else None
    if not _reads(line, "gb18030"):
        return "UTF-8"
    chinese = [c for c in text if ord(c) >= 0x800]
    usual = all(c.isascii() or _is_usual(c) for c in text)
    return "UTF-8" if len(chinese) >= 2 and usual else None


def _check_known(file: str, text: str, western: bool) -> None:
    """ExportError where too many of the letters that aren't ASCII are such as nobody writes: Shift_JIS, Big5, Mac ...

    These are a third of all; of western text a tenth, since only signs and capitals within words (MŸller) tell.
    """
    if western:
        strange = [m.start() for m in _WITHIN_WORDS.finditer(text)]
    else:
        strange = [at for at, c in enumerate(text) if not c.isascii() and not _is_written(c)]
    if len(strange) < (2 if western else 8):  # a few names may be rare
        return
    if len(strange) * (10 if western else 3) <= sum(not c.isascii() for c in text):
        return
    line = text.count("\n", 0, strange[0]) + 1
    raise ExportError(
        "{file} is in an encoding that isn't known: line {line} would read “{text}”. Export it again as CSV in UTF-8.",
        file=file,
        line=line,
        text=text.splitlines()[line - 1].strip()[:40],
    )


_WITHIN_WORDS = re.compile("(?<=[A-Za-z])[€‚ƒ„…†‡ˆ‰Š‹ŒŽ“”•˜™›Ÿ¡-¶¸-¿](?=[a-z])")


@cache
def _is_written(character: str) -> bool:
    """Whether a letter is in daily use in China or Taiwan: in GB2312, or in the first level of Big5."""
    try:
        return _is_usual(character) or 0xA1 <= character.encode("big5")[0] <= 0xC6
    except UnicodeEncodeError:
        return False


def _is_usual(character: str) -> bool:
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def _reads(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_western(data: bytes) -> bool:
    """Accented letters stand alone between ASCII ones; Chinese characters are pairs of high bytes."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", data[:1_000_000])]
    return sum(n == 1 for n in runs) > 0.6 * len(runs)


def _line(data: bytes, place: int) -> int:
    return len(LINE_END.findall(data, 0, place)) + 1


def _cut(file: str, data: bytes, place: int) -> ExportError:
    return ExportError(
        "{file} ends in the middle of a character (line {line}): it was cut off. Export or copy it again.",
        file=file,
        line=_line(data, place),
    )


def _binary(file: str, line: int) -> ExportError:
    return ExportError(
        "{file} holds bytes that are no text (line {line}), and is no workbook. Export it again as CSV or Excel.",
        file=file,
        line=line,
    )
