"""The picture of the network: nothing overlaps, children stand beside their parent, every box is drawn once."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.documents.font_files import bundled_fonts
from mbo_desktop.documents.network import (
    BOX_WIDTH,
    ROW_GAP,
    Mark,
    NetworkNode,
    Picture,
    Style,
    lay_out,
)
from mbo_desktop.documents.network_columns import lay_out_columns
from mbo_desktop.documents.network_pdf import (
    MARGIN,
    SMALLEST,
    NetworkPaper,
    network_pdf,
    plan_sheets,
)
from mbo_desktop.documents.pages import Pages

PARENTS = st.lists(st.integers(0, 1000), max_size=60).map(
    lambda picks: [-1, *(pick % (place + 1) for place, pick in enumerate(picks))]
)
"""Any tree: each node hangs under one before it."""


def nodes(parents: list[int], title: str = "规模以上工业增加值") -> list[NetworkNode]:
    return [
        NetworkNode(place + 1, parent, title + "很" * (place % 37), ("12.5亿元　6月底",),
                    "缺责任人" if place % 3 == 2 else "")
        for place, parent in enumerate(parents)
    ]


def overlapping(picture: Picture) -> list[tuple[int, int]]:
    """Pairs of boxes that come nearer than the gap."""
    pairs = []
    for column in {box.depth for box in picture.boxes}:
        boxes = sorted((b for b in picture.boxes if b.depth == column), key=lambda box: box.y)
        pairs += [
            (one.id, other.id) for one, other in pairwise(boxes)
            if other.y < one.y + one.height + ROW_GAP - 1e-6
        ]
    return pairs


@given(PARENTS)
def test_no_tree_makes_boxes_overlap(parents: list[int]) -> None:
    picture = lay_out(nodes(parents))
    assert overlapping(picture) == []
    assert all(box.y >= -1e-6 and box.y + box.height <= picture.height + 1e-6 for box in picture.boxes)


@given(PARENTS)
def test_children_stand_right_of_their_parent_in_their_order(parents: list[int]) -> None:
    picture = lay_out(nodes(parents))
    tops: dict[int, list[float]] = {}
    for box in picture.boxes:
        if box.parent >= 0:
            above = picture.boxes[box.parent]
            assert box.x > above.x + BOX_WIDTH
            assert box.depth == above.depth + 1
            tops.setdefault(box.parent, []).append(box.y + box.height / 2)
    for parent, middles in tops.items():
        box = picture.boxes[parent]
        assert middles == sorted(middles)
        assert box.y + box.height / 2 == pytest.approx((middles[0] + middles[-1]) / 2)


def test_thin_branches_use_the_room_beside_bushy_ones() -> None:
    """A leaf and a bush: the leaf stands beside the bush's parent, not below the whole bush."""
    parents = [-1, 0, 0, *[2] * 12, 0]
    picture = lay_out(nodes(parents, "短"))
    leaves = [box.height for box in picture.boxes if box.depth == 2]
    alone = sum(leaves) + ROW_GAP * (len(leaves) - 1)
    assert picture.height == pytest.approx(alone)


def test_a_text_is_broken_to_the_box_and_none_is_lost() -> None:
    words = "牵头组织实施产业集群倍增行动，推动主导产业延链补链强链，全年新签约亿元以上项目12个" * 2
    (box,) = lay_out([NetworkNode(1, -1, words, undivided="由市级直接实施", folded="下级3项")]).boxes
    assert "".join(line.text for line in box.lines if line.style is Style.TITLE) == words
    assert [line.text for line in box.lines if line.style is Style.MUTED] == [
        "◇ 不分解：由市级直接实施", "＋ 下级3项"
    ]
    assert box.mark is Mark.UNDIVIDED
    assert box.height > 8 * 4


def test_people_are_broken_between_names() -> None:
    line = "领导：王建国　责任：李建华(办公室主任)　经办：张建明"
    (box,) = lay_out([NetworkNode(1, -1, "任务", (line,))]).boxes
    plain = [one.text for one in box.lines if one.style is Style.PLAIN]
    assert plain == ["领导：王建国", "责任：李建华(办公室主任)", "经办：张建明"]


def test_a_parent_after_its_child_is_refused() -> None:
    with pytest.raises(ValueError, match="before its parent"):
        lay_out([NetworkNode(1, 1, "甲"), NetworkNode(2, -1, "乙")])


def test_nothing_gives_an_empty_picture() -> None:
    assert lay_out([]).boxes == ()


def texts(paper: NetworkPaper) -> list[str]:
    data, result = network_pdf(paper, bundled_fonts())
    with Pages(BytesIO(data).getvalue()) as pages:
        assert len(pages) == result.pages
        return [pages.text(i) for i in range(len(pages))]


def marked(count: int) -> Picture:
    """A tree whose every box carries a number of its own."""
    parents = [-1, *[0] * 6, *[place % 6 + 1 for place in range(count)]]
    return lay_out([
        NetworkNode(place + 1, parent, f"第{place:04d}号任务", warning="缺经办人" if place % 5 == 0 else "")
        for place, parent in enumerate(parents)
    ])


def test_a_small_network_is_one_sheet_with_its_key() -> None:
    (text,) = texts(NetworkPaper("示例市2020年度责任网络图", marked(6), "目标办", "2020年3月12日"))
    assert "示例市2020年度责任网络图" in text
    assert "粗框：有空白" in text
    assert text.count("缺经办人") == 3


@pytest.mark.parametrize("paper", ["A4", "A3", "A1", "whole"])
def test_every_box_is_drawn_once_on_whatever_sheets(paper: str) -> None:
    picture = marked(150)
    found: Counter[str] = Counter()
    for text in texts(NetworkPaper("网络图", picture, paper=paper)):
        found.update(part[:4] for part in text.split("第")[1:] if part[4:7] == "号任务")
    assert sorted(found) == [f"{place:04d}" for place in range(157)]
    assert set(found.values()) == {1}


def test_tiles_cover_the_picture_and_cut_as_few_boxes_as_can_be() -> None:
    picture = marked(150)
    plan = plan_sheets(picture, "A4")
    assert len(plan.tiles) > 1
    assert max(tile.bottom for tile in plan.tiles) == pytest.approx(picture.height)
    cuts = {tile.bottom for tile in plan.tiles} - {picture.height}
    for cut in cuts:
        crossed = [b for b in picture.boxes if b.y < cut < b.y + b.height]
        # Leaves stand in rows; only boxes nearer to the top of the tree may be cut through.
        assert all(box.depth < 2 for box in crossed)
        assert all(box.height / 2 < MARGIN for box in crossed)


def test_a_picture_is_made_smaller_only_as_far_as_it_can_be_read() -> None:
    plan = plan_sheets(marked(20))
    assert plan.scale >= SMALLEST
    assert len(plan.tiles) == 1


@given(PARENTS, st.floats(60, 400))
def test_columns_hold_every_node_and_stay_in_their_height(parents: list[int], height: float) -> None:
    given_nodes = nodes(parents, "任务")
    picture = lay_out_columns(given_nodes, height)
    shown = {box.id for box in picture.boxes}
    inner = {node.id for node in given_nodes}
    assert shown == inner
    assert picture.height <= height + 1e-6
    boxes = sorted(picture.boxes, key=lambda box: (box.x, box.y))
    for one, other in pairwise(boxes):
        if one.x == other.x:
            assert other.y >= one.y + one.height


def test_columns_repeat_heading_and_parent_of_a_branch_that_goes_on() -> None:
    given_nodes = [
        NetworkNode(1, -1, "全市目标", is_heading=True),
        NetworkNode(2, 0, "工业经济", is_heading=True),
        NetworkNode(3, 1, "甲县", ("12亿元",)),
        *[NetworkNode(10 + n, 2, f"任务{n}", ("1亿元",)) for n in range(12)],
    ]
    picture = lay_out_columns(given_nodes, 100)
    titles = [box.lines[0].text for box in picture.boxes]
    assert "全市目标" not in titles
    assert titles.count("工业经济") == 1
    assert titles.count("工业经济（续）") >= 1
    assert titles.count("甲县（续）") == titles.count("工业经济（续）")


def test_a_large_network_goes_in_columns_instead_of_tiles() -> None:
    parents = [-1, *[0] * 30]
    given_nodes = tuple(
        NetworkNode(place + 1, parent, f"第{place:04d}号任务", ("1亿元",), is_heading=place == 0)
        for place, parent in enumerate(parents)
    )
    picture = lay_out(given_nodes)
    tiled = texts(NetworkPaper("网络图", picture, paper="A4"))
    in_columns = texts(NetworkPaper("网络图", picture, paper="A4", nodes=given_nodes))
    assert len(in_columns) < len(tiled)
    assert sum(text.count("号任务") for text in in_columns) == 30
