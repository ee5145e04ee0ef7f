"""What the departments below an office are called, by its level."""

from __future__ import annotations

import pytest

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.office_words import departments_of, kind_named, stored_group
from mbo_desktop.domain.offices import Office, UnitKind


def office(government: str, kind: UnitKind = UnitKind.GOVERNMENT, name: str = "目标办") -> Office:
    return Office(id=RecordId(1), name=name, government_name=government, kind=kind)


@pytest.mark.parametrize(("government", "word"), [
    ("示例市人民政府", "市直部门"), ("示例县人民政府", "县直部门"), ("柯城区人民政府", "区直部门"),
    ("示例旗人民政府", "旗直部门"), ("示例省人民政府", "省直部门"), ("示例自治州人民政府", "州直部门"),
    ("示例经济开发区管委会", "区直部门"), ("石桥镇人民政府", "乡镇站所"), ("青河乡政府", "乡镇站所"),
    ("府山街道办事处", "街道站所"),
])
def test_the_government_s_name_tells(government: str, word: str) -> None:
    assert departments_of(office(government)) == word


def test_without_a_telling_name_the_kind_does() -> None:
    assert departments_of(office("", UnitKind.TOWNSHIP)) == "乡镇站所"
    assert departments_of(office("", UnitKind.COUNTY)) == "县直部门"
    assert departments_of(office("教育局", UnitKind.DEPARTMENT)) == "市直部门"
    assert departments_of(office("", name="示例县人民政府督查室")) == "县直部门"


@pytest.mark.parametrize("typed", ["市直部门", "县直部门", " 区直单位 ", "乡镇站所", "镇直部门", "市直单位"])
def test_words_of_every_level_are_read(typed: str) -> None:
    assert kind_named(typed) is UnitKind.DEPARTMENT
    assert stored_group(typed) == "市直部门"


def test_other_words_stay() -> None:
    assert kind_named("乡镇街道") is UnitKind.TOWNSHIP
    assert kind_named("第一组") is None
    assert stored_group(" 第一组 ") == "第一组"
