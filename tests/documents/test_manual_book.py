"""The manual on paper: its Markdown as blocks, its pictures as taken, its contents with page numbers."""

from __future__ import annotations

import re
import struct
import zlib
from io import BytesIO

import docx
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from mbo_desktop.documents.font_files import bundled_fonts
from mbo_desktop.documents.manual_book import (
    CARD_PAGE,
    ManualBook,
    ManualChapter,
    card_pdf,
    manual_pdf,
)
from mbo_desktop.documents.manual_text import blocks, pictures_in, plain, runs, title_of
from mbo_desktop.documents.model import Document, Face, Paragraph, Picture, Table
from mbo_desktop.documents.pdf import render_pdf
from mbo_desktop.documents.png import read_png
from mbo_desktop.documents.word import render_docx

PAGE = """# 工作台

看**八项数字**,见[督查](inspections.md)。

![工作台](pictures/one.png)

- 亮灯
  - 位次
1. 第一
2. 第二
   续行

> 不得存储国家秘密。

| 按键 | 作用 |
|---|---|
| **F1** | 说明 |

    python -m mbo_desktop

```
封面.html
```
"""


def make_png(mode: str = "P", size: tuple[int, int] = (40, 20)) -> bytes:
    image = Image.new("RGB", size, "white")
    image.paste((200, 40, 40), (0, 0, size[0] // 2, size[1]))
    image.paste((30, 90, 160), (size[0] // 2, 0, size[0], size[1] // 2))
    buffer = BytesIO()
    # Without dithering: each part keeps one colour.
    made = image.quantize(8) if mode == "P" else image.convert(mode, dither=Image.Dither.NONE)
    made.save(buffer, "PNG")
    return buffer.getvalue()


def text_of(data: bytes, page: int) -> str:
    with pypdfium2.PdfDocument(data) as pdf:
        return str(pdf[page].get_textpage().get_text_range())


def test_a_page_becomes_blocks() -> None:
    made = blocks(PAGE, {"pictures/one.png": make_png()})
    texts = [one.text for one in made if isinstance(one, Paragraph) and one.text]
    assert texts[:3] == ["工作台", "看八项数字,见督查。", "工作台"]
    assert texts[3:7] == ["· 亮灯", "· 位次", "1. 第一", "2. 第二续行"]
    assert "不得存储国家秘密。" in texts
    assert texts[-2:] == ["python -m mbo_desktop", "封面.html"]
    (table,) = [one for one in made if isinstance(one, Table)]
    assert [cell.text for cell in table.rows[0].cells] == ["F1", "说明"]
    assert [isinstance(one, Picture) for one in made].count(True) == 1
    assert title_of(PAGE) == "工作台"
    assert pictures_in(PAGE) == ["pictures/one.png"]


def test_bold_words_are_set_in_another_face() -> None:
    made = runs("按**导入**,见[收件](a.md)和`pack`。")
    assert [(run.text, run.face) for run in made] == [
        ("按", None), ("导入", Face.HEI), (",见", None), ("收件", None), ("和", None), ("pack", None), ("。", None),
    ]
    assert plain("**[导入](a.md)**") == "导入"


@given(some.text(alphabet="#|>*-`!()[] 一1.\n", max_size=200))
def test_no_text_stops_the_reader(text: str) -> None:
    if "](" not in text:
        blocks(text, {})


def test_a_missing_picture_is_told() -> None:
    with pytest.raises(KeyError):
        blocks("![a](pictures/none.png)", {})


@pytest.mark.parametrize("mode", ["P", "RGB", "L", "1"])
def test_a_picture_stands_in_the_pdf_as_it_was(mode: str) -> None:
    png = make_png(mode)
    out = BytesIO()
    document = Document("图", (Picture(png, 60.0), Picture(png, 60.0)))
    render_pdf(document, out, bundled_fonts())
    data = out.getvalue()
    assert data.count(b"/Subtype /Image") == 1
    with pypdfium2.PdfDocument(data) as pdf:
        page = pdf[0].render(scale=2).to_pil().convert("RGB")
        wanted = Image.open(BytesIO(png)).convert("RGB")
        kinds = [one for one in pdf[0].get_objects() if one.type == 3]
        assert len(kinds) == 2
        left, bottom, right, top = kinds[0].get_bounds() if hasattr(kinds[0], "get_bounds") else kinds[0].get_pos()
        height = pdf[0].get_height()
    for across, down in ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75)):
        x = round((left + (right - left) * across) * 2)
        y = round((height - top + (top - bottom) * down) * 2)
        expected = wanted.getpixel((int(40 * across), int(20 * down)))
        assert page.getpixel((x, y)) == pytest.approx(expected, abs=3)
    assert right - left == pytest.approx(60 * 72 / 25.4, abs=0.1)


def test_a_tall_picture_is_made_smaller_until_the_page_holds_it() -> None:
    out = BytesIO()
    result = render_pdf(Document("图", (Picture(make_png("P", (20, 400)), 150.0),)), out, bundled_fonts())
    assert result.pages == 1


@pytest.mark.parametrize("broken", [
    b"", b"GIF89a", make_png("RGBA"), make_png()[:20],
    b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 1)
    + b"0000" + struct.pack(">I", 1) + b"IDAT" + zlib.compress(b"") + b"0000",
])
def test_a_picture_that_cannot_go_over_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match="PNG"):
        read_png(broken)


def test_word_shows_the_picture_too() -> None:
    out = BytesIO()
    render_docx(Document("图", (Picture(make_png(), 60.0),)), out)
    assert len(docx.Document(BytesIO(out.getvalue())).inline_shapes) == 1


def test_the_contents_lead_to_the_pages() -> None:
    chapters = tuple(
        ManualChapter(f"第{n}章", f"# 第{n}章\n\n" + "文字。" * 400 * n, {}, "上部" if n < 3 else "下部")
        for n in range(1, 5)
    )
    data, result = manual_pdf(ManualBook("系统", ("使用说明", "版本 1"), chapters), bundled_fonts())
    assert "使用说明" in text_of(data, 0)
    contents = text_of(data, 1)
    assert "上部" in contents and "下部" in contents
    with pypdfium2.PdfDocument(data) as pdf:
        marks = [mark.get_title() for mark in pdf.get_toc()]
    assert marks == ["目录", *(chapter.title for chapter in chapters)]
    numbers = [int(n) for n in re.findall(r"第\d章\s+(\d+)", contents)]
    assert len(numbers) == 4 and numbers[0] == 2 and numbers == sorted(set(numbers))
    for number, chapter in zip(numbers, chapters, strict=True):
        # The title page has no number.
        assert chapter.title in text_of(data, number)
        assert f"第 {number} 页 共 {result.pages - 1} 页" in text_of(data, number)


def test_the_card_takes_one_page_or_says_so() -> None:
    rows = "".join(f"| F{n} | 作用{n} |\n" for n in range(1, 30))
    data, result = card_pdf("按键", "# 按键\n\n| 按键 | 作用 |\n|---|---|\n" + rows, bundled_fonts())
    assert result.pages == 1 and "F29" in text_of(data, 0)
    assert CARD_PAGE.width == 210.0
    with pytest.raises(ValueError, match="one page"):
        card_pdf("按键", "# 按键\n\n" + "文字。\n\n" * 200, bundled_fonts())
