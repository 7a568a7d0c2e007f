"""What stands inside a workbook, seen before it is read: how far its cells reach, what calamine passes over."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from salesplaybook.errors import ExportError
from salesplaybook.tables.grid import CELLS

UNPACKED = 300_000_000  # bytes in all
REPEATED = 300_000_000  # bytes of long shared texts, counted as often as cells show them
MEDIA = re.compile(r"(^|/)(media|pictures|thumbnails)/", re.IGNORECASE)
Cells = Iterator[tuple[int, int]]  # (row, column), both from 0


@dataclass
class Inside:
    """A sheet: how many rows and columns it reaches over, its hidden rows, and cells that calamine leaves blank.

    texts       (row as Excel counts, column from 0) -> an error such as #REF!, or a formula without a value
    formulas    how many of these are formulas
    """

    rows: int = 0
    columns: int = 0
    hidden: set[int] = field(default_factory=set)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: int = 0


def unpacked(file: str, data: bytes) -> dict[str, bytes]:
    """The parts of a packed workbook without pictures. ExportError where it is damaged or unpacks to too much.

    What a zip says of its sizes may be wrong: what really comes out is counted.
    """
    parts: dict[str, bytes] = {}
    left = UNPACKED
    too_large = ExportError(
        "{file} unpacks to more than {limit} MB. Export fewer columns, or a shorter period.",
        file=file,
        limit=UNPACKED // 1_000_000,
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                if MEDIA.search(entry.filename) or entry.is_dir():
                    continue
                if entry.file_size > left:
                    raise too_large
                entry.file_size = left + 1
                with archive.open(entry) as stream:
                    part = stream.read(left + 1)
                left -= len(part)
                if left < 0:
                    raise too_large
                parts[entry.filename] = part
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error, OverflowError, IndexError):
        raise ExportError("{file} is damaged or cut off. Export or copy it again.", file=file) from None
    except (RuntimeError, NotImplementedError):
        raise ExportError(
            "{file} is encrypted or packed in an unusual way. Open it in Excel, and save it without a password.",
            file=file,
        ) from None
    return parts


def sheet(xml: bytes) -> Inside:
    """A sheet of an .xlsx, by patterns: a hundred times quicker than an XML parser."""
    prefix = m[1] if (m := re.search(rb"<(\w+:)?sheetData", xml[:100_000])) and m[1] else b""
    found = Inside()
    found.rows, found.columns = _reach(xml, b"")
    cells = xml.count(b"<" + prefix + b"c ")
    unplaced = cells > xml.count(b"<" + prefix + b"c r=") and re.search(rb"<" + prefix + rb"c (?![^>]*\br=)", xml)
    if unplaced or b"<" + prefix + b"c>" in xml:
        pieces = xml.split(b"<" + prefix + b"row")
        found.rows = max(found.rows, len(pieces))
        found.columns = max(found.columns, *(piece.count(b"<" + prefix + b"c") for piece in pieces))
    elif found.rows * found.columns > CELLS:
        # Cells with a format alone don't count, but looking for those takes longer.
        found.rows, found.columns = _reach(xml, rb"[^>]*(?<!/)>\s*<(?:\w+:)?(?:v|is|f)\b")
    if cells > 1.5 * CELLS:  # more cells than places: some stand there twice
        found.rows, found.columns = max(found.rows, cells), max(found.columns, 1)
    if b"hidden" in xml:
        rows = re.findall(rb"<" + prefix + rb"row ([^>]*\bhidden=[\"'](?:1|true)[^>]*)>", xml)
        found.hidden = {int(m[1]) for row in rows if (m := re.search(rb"\br=[\"'](\d{1,7})[\"']", row))}
    _texts(xml, prefix, found)
    return found


def _reach(xml: bytes, after: bytes) -> tuple[int, int]:
    """(rows, columns) over which cells reach that are followed by what matches `after`."""
    reference = rb"r=[\"']([A-Za-z]{1,3}\d*?)\d{1,2}[\"']"
    # Without the last two digits of the row, few references differ.
    places = [_place(r if r[-1:].isdigit() else r + b"0") for r in {m[1] for m in re.finditer(reference + after, xml)}]
    if not places:
        return 0, 0
    hundreds = max(row for row, _ in places)
    last = re.findall(rb"r=[\"'][A-Za-z]{1,3}(%s\d{1,2})[\"']" % (b"%d" % hundreds if hundreds else b""), xml)
    return max(map(int, last)), max(column for _, column in places) + 1


def _texts(xml: bytes, prefix: bytes, found: Inside) -> None:
    """Notes errors, and formulas without a value. One whose result is an empty text (t="str") does have one."""
    error = rb'<Xc ([^>]*\bt="e"[^>]*)>(?:<Xf[^>]*>(?:[^<]*</Xf>)?)?<Xv>([^<]{1,20})<'
    formula = rb'<Xc ((?![^>]*t="str")[^>]*)><Xf[^>]*?(?:/>|>([^<]*)</Xf>)(?:<Xv ?/>|<Xv></Xv>)?</Xc>'
    if b't="e"' in xml:
        for match in re.finditer(error.replace(b"X", prefix), xml):
            _note(found, match[1], match[2])
    if b"<" + prefix + b"f" in xml:
        for match in re.finditer(formula.replace(b"X", prefix), xml):
            found.formulas += 1
            _note(found, match[1], b"=" + (match[2] or b"?"))


def _note(found: Inside, attributes: bytes, text: bytes) -> None:
    reference = re.search(rb"\br=[\"']([A-Za-z]{1,3}\d{1,7})[\"']", attributes)
    if reference and len(found.texts) < 200_000:
        found.texts[_place(reference[1])] = unescape(text[:1000].decode("utf-8", "replace"))


def _place(reference: bytes) -> tuple[int, int]:
    """b"B7" -> (7, 1)"""
    letters = reference.rstrip(b"0123456789")
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - 64
    return int(reference[len(letters) :]), column - 1


def repeated(shared: bytes, sheets: list[bytes]) -> bool:
    """Whether long shared texts stand in so many cells that they would fill the memory."""
    prefix = m[1] if (m := re.search(rb"<(\w+:)?sst\b", shared[:1000])) and m[1] else b""
    texts = shared.split(b"<" + prefix + b"si")[1:]
    long = {str(i).encode(): len(text) for i, text in enumerate(texts) if len(text) > 2000}
    if not long:
        return False
    total = 0
    for xml in sheets:
        used = Counter(m[1] for m in re.finditer(rb"<(?:\w+:)?v>(\d{1,9})<", xml) if m[1] in long)
        total += sum(long[i] * n for i, n in used.items())
    return total > REPEATED


def open_document(xml: bytes) -> Inside:
    """How far the cells of a content.xml (.ods) reach, with the rows and cells that it says are repeated."""
    found, row, column, rows, filled_to = Inside(), 0, 0, 1, 0
    tag = rb"<table:(table-row|table-cell|covered-table-cell|table)\b([^>]*)>"
    for match in re.finditer(tag, xml):
        name, attributes = match[1], match[2]
        times = int(m[1]) if (m := re.search(rb"repeated=[\"'](\d{1,9})", attributes)) else 1
        if name == b"table":
            row, column, rows = 0, 0, 0
        elif name == b"table-row":
            row, column, rows, filled_to = row + rows, 0, times, 0
        else:
            column += times
            if b"value-type" in attributes or not attributes.endswith(b"/"):
                filled_to = column
                found.rows, found.columns = max(found.rows, row + rows), max(found.columns, filled_to)
    return found


def binary_sheet(data: bytes) -> Inside:
    """How far the cells of a sheet of an .xlsb reach: records of a kind, a size and what they hold."""
    found, place = Inside(), 0
    row = 0
    while place + 2 < len(data):
        kind = data[place]
        if kind & 128:
            kind, place = (kind & 127) | (data[place + 1] & 127) << 7, place + 1
        place += 1
        size = shift = 0
        for byte in data[place : place + 4]:
            size, shift, place = size | (byte & 127) << shift, shift + 7, place + 1
            if not byte & 128:
                break
        if size >= 4 and place + 4 <= len(data) and kind <= 11:
            (number,) = struct.unpack_from("<I", data, place)
            if kind == 0:
                row = number + 1
            else:
                found.rows, found.columns = max(found.rows, row), max(found.columns, number + 1)
        place += size
    return found


class OldWorkbook:
    """The records of an .xls: whether it is encrypted or counts days from 1904, and its sheets in their order."""

    CELLS = frozenset((0x06, 0xBD, 0xBE, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E))

    def __init__(self, data: bytes) -> None:
        self.encrypted = self.from_1904 = False
        self.sheets: list[Inside] = []
        place = start = max(
            data.find(b"\x09\x08\x10\x00\x00\x06\x05\x00"), data.find(b"\x09\x08\x08\x00\x00\x05\x05\x00")
        )
        offsets: dict[int, Inside] = {}
        sheet = Inside()
        while 0 <= place <= len(data) - 4:
            kind, size = struct.unpack_from("<HH", data, place)
            if kind == 0x809:
                sheet = offsets.get(place - start, Inside())
            elif kind == 0x2F:
                self.encrypted = True
                return
            elif kind == 0x22:
                self.from_1904 = data[place + 4 : place + 5] == b"\x01"
            elif kind == 0x85 and size >= 4 and place + 8 <= len(data):
                self.sheets.append(Inside())
                offsets[struct.unpack_from("<I", data, place + 4)[0]] = self.sheets[-1]
            elif kind == 0x208 and size >= 16 and place + 20 <= len(data):
                if data[place + 16] & 0x20:
                    sheet.hidden.add(struct.unpack_from("<H", data, place + 4)[0] + 1)
            elif kind in self.CELLS and size >= 6 and place + 8 <= len(data):
                row, column = struct.unpack_from("<HH", data, place + 4)
                sheet.rows, sheet.columns = max(sheet.rows, row + 1), max(sheet.columns, column + 1)
            elif kind == 0 and size == 0:
                return
            place += 4 + size
