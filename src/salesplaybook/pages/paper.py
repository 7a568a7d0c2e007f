"""A page on paper: PDF by weasyprint, and its picture by pypdfium2, both of the extra `[paper]`, imported when asked.

Where one of them, weasyprint's system libraries or a Chinese font is missing, `missing` says so in one line.
"""

from __future__ import annotations

import contextlib
import io
import logging
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

from salesplaybook.results import Message, say

SHEET = 1122.5  # CSS px of an A4 page's height
END = '<p id="end" style="margin: 0"></p></main>'
# weasyprint knows no spare height of a column that flexes: sections stand one below the other, and what is left over
# is put between them in a second pass. Where a cell cuts its text, pdfium draws the line below it black.
# A mark inherits no font, and weasyprint wants the names without quotes and spaces around them.
FONT = "Source Sans 3,Noto Sans CJK SC,PingFang SC,Microsoft YaHei,sans-serif"
PLAIN = "main { display: block } @media print { main { min-height: 0 } } table.narrow td { overflow: visible }"


def pdf(html: str) -> bytes | None:
    """One A4 page as PDF, the same bytes for the same page; None where it can't be made (see `missing`)."""
    if _renderer() is not None:
        return None
    import weasyprint

    page = _only_the_sheet(html)
    first = weasyprint.HTML(string=_styled(page, PLAIN)).render()
    used = first.pages[-1].anchors.get("end", (0, SHEET))[1]
    spare = SHEET - used - _bottom(html)
    if len(first.pages) > 1 or spare < 1:
        return bytes(first.write_pdf())
    return bytes(weasyprint.HTML(string=_spread(_styled(page, PLAIN), spare)).write_pdf())


def png(paper: bytes, scale: float = 2) -> bytes:
    """The first page of a PDF as a picture, `scale` dots to a CSS pixel."""
    import pypdfium2

    picture = pypdfium2.PdfDocument(paper)[0].render(scale=scale * 96 / 72).to_pil()
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def missing(chinese: bool = False) -> Message | None:
    """What to install for PDF and PNG, in one line; None where all is there."""
    return _renderer() or (_no_chinese_font() if chinese else None)


@contextlib.contextmanager
def left_out() -> Iterator[None]:
    """Within it nothing is printed: half of the time that a page takes is its PDF."""
    global _left_out
    before, _left_out = _left_out, True
    try:
        yield
    finally:
        _left_out = before


_left_out = False


def _renderer() -> Message | None:
    return say("No PDF and PNG: left out of an earlier week.") if _left_out else _not_installed()


@cache
def _not_installed() -> Message | None:
    try:
        import pypdfium2  # noqa: F401
    except ImportError:
        return say("No PDF and PNG: install the extra with pip install 'salesplaybook[paper]'.")
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            import weasyprint  # noqa: F401
    except ImportError:
        return say("No PDF and PNG: install the extra with pip install 'salesplaybook[paper]'.")
    except OSError:  # weasyprint is there, and the libraries that it loads are not
        return say(
            "No PDF and PNG: weasyprint needs the library pango. Debian, Ubuntu: apt-get install libpango-1.0-0 "
            "libpangoft2-1.0-0; macOS: brew install pango; Windows: see weasyprint's page on installation."
        )
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
    return _no_font()


NO_FONT = say(
    "No PDF and PNG: a font for the page's text is missing. Debian, Ubuntu: apt-get install fonts-noto-cjk; elsewhere "
    "install Noto Sans SC."
)


def _no_font() -> Message | None:
    """Without any font pango would end the process."""
    from weasyprint.text.ffi import ffi, fontconfig

    config = ffi.gc(fontconfig.FcInitLoadConfigAndFonts(), fontconfig.FcConfigDestroy)
    return None if fontconfig.FcConfigGetFonts(config, fontconfig.FcSetSystem).nfont else NO_FONT


@cache
def _no_chinese_font() -> Message | None:
    """Two Chinese characters that look the same are two boxes: there is no font for them."""
    import pypdfium2
    import weasyprint

    looks = []
    for sign in "国语":
        style = "@page { size: 40px; margin: 0 } p { margin: 0; font: 30px/40px sans-serif }"
        drawn = weasyprint.HTML(string=f'<style>{style}</style><p lang="zh-CN">{sign}</p>').write_pdf()
        looks.append(pypdfium2.PdfDocument(drawn)[0].render(scale=1).to_numpy().tobytes())
    return None if looks[0] != looks[1] else NO_FONT


def _only_the_sheet(html: str) -> str:
    """The page without the deals behind its numbers, and without links to them: a sheet of paper opens nothing."""
    sheet = re.sub(r"</main>.*</body>", "</main></body>", html, flags=re.DOTALL)
    sheet = sheet.replace("<text ", f'<text font-family="{FONT}" ')
    return re.sub(r'<a class="n" href="#[^"]*">(.*?)</a>', r"\1", sheet, flags=re.DOTALL).replace("</main>", END)


def _styled(page: str, css: str) -> str:
    return page.replace("</style>", css + "</style>", 1)


def _bottom(html: str) -> float:
    """The sheet's lower margin, which stands below the end of its text."""
    tight = 14 if 'class="monday tight"' in html else 16 if 'class="review"' in html else 22
    return 18 if 'class="monday"' in html else tight


def _spread(page: str, spare: float) -> str:
    """The page with its spare height above the footer, where its rows were made to fit, else between its sections."""
    whole = ('class="monday', 'class="review"', 'class="steps"')
    parts = 0 if any(sign in page for sign in whole) else _Parts.of(page)
    if not parts:
        return page.replace("<footer", f'<div style="height: {spare:.1f}px"></div><footer', 1)
    return _styled(page, f"main > section, main > .pair {{ padding-bottom: {spare / parts:.1f}px }}")


class _Parts(HTMLParser):
    """Counts the sections, and the pairs of them, that stand directly on the sheet."""

    depth, parts = -1, 0

    @classmethod
    def of(cls, page: str) -> int:
        reader = cls()
        reader.feed(page[page.index("<main") :])
        return reader.parts

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("col", "br"):
            return
        self.depth += 1
        self.parts += self.depth == 1 and (tag == "section" or ("class", "pair") in attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """What closes itself holds nothing."""

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1
