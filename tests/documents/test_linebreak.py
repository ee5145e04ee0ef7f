"""禁则, hanging and narrowed marks, cut words, balanced titles."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbo_desktop.documents.linebreak import (
    HANGING,
    NO_END,
    NO_START,
    balanced,
    break_lines,
    squeezable,
)

CELL = 16.0
TEXTS = st.text(alphabet="目标责任书一二三，。、；：）（《》“”—…abcXYZ0123456789.%‰ -/", max_size=150)


def widths(text: str) -> list[float]:
    return [CELL if ord(char) > 0x2000 else CELL / 2 for char in text]


def lines(text: str, cells: float = 10, **options: object) -> list[str]:
    broken = break_lines(text, widths(text), cells * CELL, **options)  # type: ignore[arg-type]
    return [text[line.start : line.end] for line in broken]


def test_pure_hanzi_fill_the_grid() -> None:
    assert lines("目" * 25, 10) == ["目" * 10, "目" * 10, "目" * 5]


def test_a_mark_at_the_edge_hangs() -> None:
    text = "目" * 10 + "，" + "标" * 3
    broken = break_lines(text, widths(text), 10 * CELL)
    assert text[: broken[0].end] == "目" * 10 + "，"
    assert broken[0].hanging
    assert broken[0].width == 10 * CELL


def test_without_hanging_marks_are_narrowed_or_a_character_moves_down() -> None:
    assert lines("目" * 10 + "，" + "标" * 3, hang=False) == ["目" * 9, "目，标标标"]
    text = "目目，目目，目目目目，标"
    broken = break_lines(text, widths(text), 10 * CELL, hang=False)
    assert text[: broken[0].end] == text[:11]
    assert broken[0].squeeze == pytest.approx(CELL)


def test_a_closing_bracket_and_full_stop_come_along() -> None:
    assert lines("（目目，目目目目目）。标", 10)[0] == "（目目，目目目目目）。"


def test_an_opening_mark_never_ends_a_line() -> None:
    assert lines("目" * 9 + "《标准》") == ["目" * 9, "《标准》"]


def test_numbers_words_and_dashes_stay_whole() -> None:
    assert lines("目" * 8 + "12,345.6万元") == ["目" * 8, "12,345.6万元"]
    assert lines("目" * 9 + "——标") == ["目" * 9, "——标"]
    assert lines("目" * 8 + "2006年度") == ["目" * 8, "2006年度"]


def test_an_endless_word_is_cut() -> None:
    broken = lines("a" * 50, 10)
    assert "".join(broken) == "a" * 50
    assert all(len(line) <= 20 for line in broken)


def test_a_line_feed_ends_a_line() -> None:
    assert lines("目标\n责任") == ["目标", "责任"]
    assert lines("目标\n\n责任") == ["目标", "", "责任"]


@settings(max_examples=300)
@given(TEXTS, st.integers(4, 30), st.booleans())
def test_laws_of_breaking(text: str, cells: int, hang: bool) -> None:
    limit = cells * CELL
    wide = widths(text)
    broken = break_lines(text, wide, limit, limit - 2 * CELL, hang=hang)
    # Nothing but spaces is lost, in order.
    kept = "".join(text[line.start : line.end] for line in broken)
    assert kept.replace(" ", "") == text.replace(" ", "")
    for number, line in enumerate(broken):
        room = limit - 2 * CELL if number == 0 else limit
        assert line.width - line.squeeze <= room + 1e-6
        slack = sum(squeezable(text[i], wide[i]) for i in range(line.start, line.end))
        assert line.squeeze <= slack + 1e-6
        if line.hanging:
            assert text[line.end - 1] in HANGING


@settings(max_examples=300)
@given(
    # Marks between hanzi as people write them: never more than three closing ones in a row.
    st.lists(st.sampled_from(["目标", "责任书", "，", "。", "（一）", "《法》", "“好”。", "2006年", "75%", "、"]), max_size=80)
    .map("".join)
    .filter(lambda text: not any(a in "，。、" and b in "，。、" for a, b in pairwise(text))),
    st.integers(8, 28),
)  # fmt: skip
def test_forbidden_marks_at_the_edges(text: str, cells: int) -> None:
    broken = break_lines(text, widths(text), cells * CELL)
    for line in broken:
        piece = text[line.start : line.end]
        if line.start and piece:
            assert piece[0] not in NO_START
        if not line.last:
            assert piece[-1] not in NO_END


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("目标管理责任书", ["目标管理责任书"]),
        ("平州市人民政府关于下达年度目标任务的通知", ["平州市人民政府关于", "下达年度目标任务的通知"]),
        ("第一行\n第二行", ["第一行", "第二行"]),
    ],
)
def test_titles_break_between_words(title: str, expected: list[str]) -> None:
    assert balanced(title, 16) == expected


@given(st.text(alphabet="目标管理责任书2006年度人民政府（）《》", min_size=1, max_size=70))
def test_title_lines_fit_and_lose_nothing(title: str) -> None:
    parts = balanced(title, 20)
    assert "".join(parts) == title
    assert all(len(part) <= 20 for part in parts)
