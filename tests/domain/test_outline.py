"""Numbered lists: the published one of 凤台县 and lists of other shapes, each entry as it must come out.

tests/domain/lists/NAME.txt is a list; NAME.expected says per entry: level, label, name, value,
points and whatever else it states, checked by eye against the text.
"""

from __future__ import annotations

import re
import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain import quantity
from mbo_desktop.domain.outline import Outline, OutlineItem, read_outline
from mbo_desktop.domain.outline_labels import read_label
from mbo_desktop.domain.targets import TargetForm, TargetPart, TargetValue

LISTS = Path(__file__).with_name("lists")
NAMES = sorted(path.stem for path in LISTS.glob("*.txt"))


def describe_part(part: TargetPart) -> str:
    amount = "" if part.amount is None else quantity.canonical(part.amount)
    upper = "" if part.upper is None else f"..{quantity.canonical(part.upper)}"
    nodes = "".join(f"[{node.due}:{node.title}]" for node in part.nodes)
    return " ".join(word for word in (part.form.value, amount + upper, part.unit, nodes) if word)


def describe_value(value: TargetValue | None) -> str:
    return "-" if value is None else " + ".join(describe_part(part) for part in value.parts)


def describe_item(item: OutlineItem) -> str:
    fields = {
        "points": "" if item.points is None else quantity.canonical(item.points),
        "lead": item.lead,
        "with": "、".join(item.supporting),
        "leader": item.leader,
        "due": item.due,
        "certifying": "、".join(item.certifying),
        "covers": "、".join(item.covers),
        "scoring": item.scoring,
        "warning": " ".join(item.warnings),
    }
    said = [f"{key}={value}" for key, value in fields.items() if value]
    kind = "heading" if item.is_heading else describe_value(item.value)
    return " | ".join([f"{item.level} {item.label}".strip(), item.name, kind, *said])


def describe(outline: Outline) -> str:
    lines = [f"title: {outline.title}"]
    if outline.declared_total is not None:
        lines.append(f"total: {quantity.canonical(outline.declared_total)}")
    lines += [describe_item(item) for item in outline.items]
    lines += [f"note: {note}" for note in outline.notes]
    lines += [f"warning: {warning}" for warning in outline.warnings]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_lists_of_other_shapes(name: str) -> None:
    text = (LISTS / f"{name}.txt").read_text(encoding="utf-8")
    assert describe(read_outline(text)) == (LISTS / f"{name}.expected").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_no_word_of_a_list_is_lost(name: str) -> None:
    text = (LISTS / f"{name}.txt").read_text(encoding="utf-8")
    outline = read_outline(text)
    kept = outline.title + "".join(outline.notes)
    for item in outline.items:
        kept += item.label + item.text + item.lead + "".join(item.supporting) + item.leader + item.due + item.scoring + "".join(item.certifying)
    # Points and the words that introduce a field are told apart from the text by design.
    words = re.findall(r"[一-鿿]{2,}", re.sub(r"[(（【][^()（）【】]*分[)）】]", "", text))
    fields = "牵头单位 责任单位 配合单位 完成时限 责任领导 分值 权重 牵头负责 牵头 负责 配合 市直有关部门配合 市营商办牵头 市教育局牵头负责 各县区政府配合 市住建局负责"
    squeezed = re.sub(r"\s|[（）()]", "", kept)
    missing = [word for word in words if word not in squeezed and word not in fields.split()]
    assert [word for word in missing if not re.search(r"^(?:分|得|扣)|牵头单位|责任单位|考核单位", word)] == []


@pytest.fixture
def fengtai(data_files: Path) -> Outline:
    return read_outline((data_files / "责任目标-凤台县-2006.txt").read_text(encoding="utf-8"))


def test_fengtai_has_eleven_targets_and_eighty_points(fengtai: Outline) -> None:
    assert fengtai.title == "凤台县政府2006年主要工作考核目标"
    assert len(fengtai.items) == len(fengtai.targets) == 11
    assert fengtai.points == 80
    assert [item.points for item in fengtai.items] == [Decimal(n) for n in (5, 10, 10, 10, 5, 5, 5, 5, 5, 5, 15)]
    assert fengtai.notes == fengtai.warnings == ()


def test_fengtai_tells_level_from_growth(fengtai: Outline) -> None:
    expected = [
        ("地区生产总值", 75, "亿元", 25), ("财政收入", 10, "亿元", 20),
        ("全社会固定资产投资(县属)", 5, "亿元", 10), ("农民人均纯收入", 3062, "元", 8),
    ]  # fmt: skip
    for item, (name, level, unit, growth) in zip(fengtai.items, expected, strict=False):
        assert item.name == name
        assert item.value is not None
        assert item.value.parts == (
            TargetPart(TargetForm.LEVEL, Decimal(level), unit),
            TargetPart(TargetForm.GROWTH, Decimal(growth), "%"),
        )
        assert item.value.counted.form is TargetForm.LEVEL


def test_fengtai_bounds_and_texts(fengtai: Outline) -> None:
    forms = [item.value.counted.form for item in fengtai.items if item.value]
    assert forms[4] is TargetForm.AT_MOST
    assert forms[8] is TargetForm.AT_LEAST
    assert all(forms[i] is TargetForm.TEXT for i in (5, 6, 7, 9, 10))
    assert fengtai.items[4].name == "人口自然增长率"
    assert fengtai.items[4].value is not None
    assert fengtai.items[4].value.parts == (TargetPart(TargetForm.AT_MOST, Decimal(7), "‰"),)
    assert fengtai.items[8].value is not None
    assert fengtai.items[8].value.parts == (TargetPart(TargetForm.AT_LEAST, Decimal("1.1"), "%"),)
    assert fengtai.items[5].text == "财政供给人员工资按时足额发放;完善农村新型合作医疗和农村低保制度;实现应保尽保"


def test_fengtai_ends_with_an_umbrella_of_nine(fengtai: Outline) -> None:
    umbrella = fengtai.items[10]
    assert umbrella.covers == (
        "招商引资", "食品安全", "新农村建设", "农村公路建设", "环境保护", "创建国家园林城市",
        "劳动就业", "社会保障", "殡葬管理工作",
    )  # fmt: skip
    assert umbrella.points == 15


def test_full_width_marks_and_line_ends_change_nothing(fengtai: Outline, data_files: Path) -> None:
    text = (data_files / "责任目标-凤台县-2006.txt").read_text(encoding="utf-8")
    wide = text.translate(str.maketrans("(),:;.", "（），：；．")).replace("．(", "。(")
    for changed in (wide, text.replace("\n", "\r\n"), "\ufeff" + text, re.sub(r"(?m)^", "\u3000\u3000", text)):
        outline = read_outline(changed)
        assert [item.points for item in outline.items] == [item.points for item in fengtai.items]
        assert [item.covers for item in outline.items] == [item.covers for item in fengtai.items]
        for item, before in zip(outline.items, fengtai.items, strict=True):
            assert item.value is not None
            assert before.value is not None
            assert [(p.form, p.amount, p.unit) for p in item.value.parts] == [(p.form, p.amount, p.unit) for p in before.value.parts]


@pytest.mark.parametrize("points", ["(分值:5分)", "(5分)", "（15分）", "【5分】", "（分值：0.5分）", "(权重5)", "  5分", "，分值5分", "(五分)", "（共10分）", "( 5 分 )"])
def test_points_however_written(points: str) -> None:
    item = read_outline(f"目标\n1.财政收入10亿元,增长20%{points}\n2.其他工作").items[0]
    wanted = re.search(r"[0-9.]+", points.replace("五", "5"))
    assert wanted is not None
    assert item.points == Decimal(wanted[0])
    assert item.text == "财政收入10亿元,增长20%"


@pytest.mark.parametrize("text", ["群众满意度达到90分以上", "每少1%扣1分", "安全评比95分"])
def test_scores_inside_a_sentence_are_no_points(text: str) -> None:
    assert read_outline(f"目标\n1.{text}").items[0].points is None


@pytest.mark.parametrize(
    ("line", "kind"),
    [("一、经济", "chinese"), ("（三）工业", "chinese_brackets"), ("12.就业", "arabic"), ("3、就业", "arabic"), ("４．就业", "arabic"), ("(2)就业", "arabic_brackets"), ("2)就业", "arabic_half"), ("①就业", "circled"), ("第十二条 就业", "article"), ("第一章 总则", "chapter"), ("1.2 就业", "dotted2"), ("一是就业", "ordinal"), ("● 就业", "bullet"), ("1.2020年底前建成", "arabic")],
)
def test_labels(line: str, kind: str) -> None:
    label = read_label(line, {})
    assert label is not None
    assert label.kind == kind


@pytest.mark.parametrize("line", ["2006年目标", "1.5亿元投资", "3.2%以上", "100万元", "二、三产业比重", "(5分)", "一季度末", "(县属)"])
def test_lines_that_only_look_like_entries(line: str) -> None:
    assert read_label(line, {"arabic": 9}) is None


@given(st.text(alphabet="一二三、.()（）123①第条章分:：，。;\n\t 5年月底前增长%亿元牵头单位市局备注合计", max_size=200))
def test_any_text_is_read(text: str) -> None:
    outline = read_outline(text)
    assert all(item.level >= 1 for item in outline.items)


def test_an_empty_text_is_an_empty_outline() -> None:
    assert read_outline("") == Outline("", ())


@pytest.mark.parametrize("text", ["1." * 20000, "一、" * 20000, "①" * 20000, "(" * 20000, "牵头单位:" * 5000, "增长" * 20000, "、" * 100000, "a" * 1_000_000, "1.财政收入10亿元(5分)\n" * 1000, "完成下达的" * 280 + "、甲、乙、丙", "财政收入1" * 290, "每" * 1400, "(" * 1400, "完成" * 700])
def test_hostile_lists_are_read_in_time(text: str) -> None:
    started = time.perf_counter()
    outline = read_outline("1." + text)
    assert outline.items or outline.notes
    assert time.perf_counter() - started < 3
