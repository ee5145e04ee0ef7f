"""Room 单位人员: typing, pasting, renaming, moving and removing units, posts, mergers, people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole, Unit, UnitKind
from mbo_desktop.errors import InputError
from mbo_desktop.services import offices, people, session, unit_table
from mbo_desktop.services.unit_table import FieldEdit
from mbo_desktop.store.database import Store
from tests.ui.typing_chinese import commit_text
from ui.dialogs.posts import AssignDialog, EndDialog, PostDialog
from ui.dialogs.successions import MergeDialog, SplitDialog
from ui.dialogs.unit_names import HolderDialog, RenameDialog, UnitListDialog
from ui.jobs import DirectRunner
from ui.pages.offices import OfficesPage
from ui.settings import Settings
from ui.workspace import Workspace

NAMES = ("柯城区人民政府", "衢江区人民政府", "市教育局", "市财政局")


@pytest.fixture
def store(tmp_path: Path, set_clock: None) -> Iterator[Store]:
    made = session.create_folder(
        tmp_path / "数据", office_name="示例市人民政府目标管理办公室", operators=("刘敏",)
    )
    yield made
    made.close()


@pytest.fixture
def units(store: Store) -> dict[str, RecordId]:
    root = offices.root_unit(store)
    added = offices.add_units_from_list(store, "\n".join(NAMES), superior=root).added
    return dict(zip(NAMES, added, strict=True))


@pytest.fixture
def page(qtbot: QtBot, store: Store) -> OfficesPage:
    return make_page(qtbot, store)


@pytest.fixture
def full_page(qtbot: QtBot, store: Store, units: dict[str, RecordId]) -> OfficesPage:
    return make_page(qtbot, store)


def make_page(qtbot: QtBot, store: Store) -> OfficesPage:
    workspace = Workspace(store, DirectRunner(), Settings())
    workspace.set_year(2020)
    made = OfficesPage(workspace)
    # The window would do this.
    workspace.changed.connect(made.refresh)
    qtbot.addWidget(made)
    made.resize(1200, 640)
    made.show()
    made.activateWindow()
    made.activate()
    made.tree.setFocus()
    QApplication.processEvents()
    made.test_workspace = workspace  # type: ignore[attr-defined]
    return made


def go(page: OfficesPage, unit: int, section: int = 0) -> None:
    chain = [row.id for row in offices.path_of(page.store, RecordId(unit))]
    assert page.tree.show_record(chain, section)


def texts(page: OfficesPage) -> list[str]:
    model = page.tree.tree
    found: list[str] = []

    def walk(key: int) -> None:
        for child in model.children(key):
            found.append(model.cell(model.index_of(child)).text)
            walk(child)

    walk(0)
    return found


def press(qtbot: QtBot, page: OfficesPage, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    target = QApplication.focusWidget() or page.tree
    qtbot.keyClick(target, key, modifier or Qt.KeyboardModifier.NoModifier)


def test_an_empty_register_teaches(page: OfficesPage) -> None:
    assert page.main.currentWidget() is page.empty
    page.empty.buttons[1].click()
    assert page.main.currentWidget() is page.tree


def test_insert_adds_the_first_unit_of_an_empty_register(qtbot: QtBot, page: OfficesPage) -> None:
    page.set_read_only(True)
    page.empty.setFocus()
    press(qtbot, page, Qt.Key.Key_Insert)
    assert page.main.currentWidget() is page.empty, "nothing is added while reading only"
    page.set_read_only(False)
    page.empty.buttons[0].setFocus()
    press(qtbot, page, Qt.Key.Key_Insert)
    assert page.main.currentWidget() is page.tree
    assert len(texts(page)) == 2, "the government and the unit being named"


def test_units_are_typed_one_behind_the_other(qtbot: QtBot, page: OfficesPage) -> None:
    page.main.setCurrentWidget(page.tree)
    page.tree.setFocus()
    for name in ("甲县人民政府", "市民政局"):
        press(qtbot, page, Qt.Key.Key_Insert)
        editor = QApplication.focusWidget()
        assert editor is not page.tree
        assert editor is not None
        commit_text(editor, name)
        press(qtbot, page, Qt.Key.Key_Return)
    assert texts(page) == ["示例市人民政府", "甲县人民政府", "市民政局"]
    rows = offices.children_of(page.store, offices.root_unit(page.store))
    assert [(row.short_name, row.kind) for row in rows] == [
        ("甲县", UnitKind.COUNTY), ("市民政局", UnitKind.DEPARTMENT),
    ]


def test_a_name_that_is_taken_is_marked_in_its_cell(qtbot: QtBot, full_page: OfficesPage) -> None:
    page = full_page
    made = page.source.add(offices.root_unit(page.store) or 0, None)
    go(page, made)
    page.tree.tree.write_texts([(made, 0, "市教育局")], "x")
    cell = page.tree.tree.cell(page.tree.tree.index_of(made))
    assert "已有名为“市教育局”的单位" in cell.problem
    assert page.store.get(Unit, RecordId(made)).name.startswith("新单位")


def test_a_pasted_list_is_one_step(store: Store, units: dict[str, RecordId]) -> None:
    dialog = UnitListDialog(
        None, store, offices.root_unit(store), "市民政局\t\t2004\n市教育局\n江山市人民政府\t江山\n江山市人民政府"
    )
    assert "重复 1 行" in dialog.preview.text()
    assert "新增 3 个单位" in dialog.accept_button.text()
    dialog.try_to_accept()
    assert dialog.outcome is not None
    assert len(dialog.outcome.added) == 2
    assert [line.number for line in dialog.outcome.skipped] == [2, 4]
    store.undo()
    assert offices.count_units(store) == 1 + len(NAMES)


def test_typing_over_a_name_asks_and_keeps_the_old_one_with_its_date(
    qtbot: QtBot, full_page: OfficesPage, units: dict[str, RecordId], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(RenameDialog, "exec", lambda self: asked.append(self) or self.try_to_accept())
    unit = units["市教育局"]
    go(full_page, unit)
    full_page.tree.tree.write_texts([(unit, 0, "市教育体育局")], "修改名称")
    qtbot.waitUntil(lambda: bool(asked))
    kept = full_page.store.get(Unit, unit)
    assert kept.name == "市教育体育局"
    assert [(f.name, f.until) for f in kept.former_names] == [("市教育局", date(2020, 3, 12))]
    full_page.store.undo()
    assert full_page.store.get(Unit, unit).name == "市教育局"


def test_a_correction_keeps_no_former_name(store: Store, units: dict[str, RecordId]) -> None:
    unit = units["柯城区人民政府"]
    dialog = RenameDialog(None, store, [(unit, "柯诚区人民政府")])
    dialog.correct.setChecked(True)
    assert not dialog.day.isEnabled()
    dialog.try_to_accept()
    kept = store.get(Unit, unit)
    assert (kept.name, kept.short_name, kept.former_names) == ("柯诚区人民政府", "柯诚区", ())


def test_a_taken_name_keeps_the_dialog_open(store: Store, units: dict[str, RecordId], qtbot: QtBot) -> None:
    dialog = RenameDialog(None, store, [(units["市教育局"], "市财政局")])
    dialog.show()
    dialog.try_to_accept()
    assert dialog.isVisible()
    assert "已有名为“市财政局”的单位" in dialog.problem.text()
    dialog.reject()


def test_cells_of_several_units_are_one_step_and_a_taken_code_is_named(
    full_page: OfficesPage, units: dict[str, RecordId]
) -> None:
    a, b = units["市教育局"], units["市财政局"]
    outcome = full_page.tree.tree.write_texts(
        [(a, 4, "2001"), (b, 4, "2001"), (a, 2, "双管单位"), (b, 5, "王建国"), (b, 6, "李喆")], "粘贴"
    )
    assert (outcome.written, outcome.unreadable) == (4, 1)
    problem = full_page.tree.tree.cell(full_page.tree.tree.index_of(b, 4)).problem
    assert "2001" in problem
    rows = {row.id: row for row in offices.unit_rows(full_page.store, [a, b])}
    assert (rows[a].code, rows[a].kind, rows[b].principal) == ("2001", UnitKind.VERTICAL, "王建国")
    assert unit_table.role_holders(full_page.store, [b], PostRole.LIAISON)[b][0] == "李喆"
    full_page.store.undo()
    assert offices.unit_row(full_page.store, b).principal == ""
    assert offices.unit_row(full_page.store, a).code == ""


def test_another_name_in_a_held_post_is_another_person_or_a_correction(
    store: Store, units: dict[str, RecordId]
) -> None:
    unit = units["市财政局"]
    unit_table.write_units(store, [FieldEdit(unit, "principal", "王建国")], "x")
    correction = HolderDialog(None, store, [(unit, PostRole.PRINCIPAL, "王健国")])
    correction.correct.setChecked(True)
    correction.try_to_accept()
    assert [p.name for p in people.people(store)] == ["王健国"]
    change = HolderDialog(None, store, [(unit, PostRole.PRINCIPAL, "赵堃")])
    change.day.setText("2020.5.6")
    change.try_to_accept()
    post = people.posts_of(store, unit)[0]
    held = people.tenures_of(store, post.id)
    assert [(t.person_name, t.since, t.until) for t in held] == [
        ("赵堃", date(2020, 5, 6), None), ("王健国", None, date(2020, 5, 5)),
    ]


def test_leaving_a_post_needs_a_day(store: Store, units: dict[str, RecordId]) -> None:
    unit_table.write_units(store, [FieldEdit(units["市财政局"], "principal", "王建国")], "x")
    with store.change("x") as change, pytest.raises(InputError, match="离任"):
        unit_table.put_holder(store, change, units["市财政局"], PostRole.PRINCIPAL, "")


def test_an_empty_cell_of_a_pasted_block_changes_nothing_where_nobody_is(
    store: Store, units: dict[str, RecordId]
) -> None:
    unit = units["市财政局"]
    edits = [FieldEdit(unit, "principal", "王建国"), FieldEdit(unit, "liaison", "")]
    assert unit_table.write_units(store, edits, "x") == {}
    assert [post.role for post in people.posts_of(store, unit)] == [PostRole.PRINCIPAL]


def test_alt_and_arrows_move_within_and_between_levels(
    qtbot: QtBot, full_page: OfficesPage, units: dict[str, RecordId]
) -> None:
    alt = Qt.KeyboardModifier.AltModifier
    go(full_page, units["市财政局"])
    press(qtbot, full_page, Qt.Key.Key_Up, alt)
    assert texts(full_page)[1:] == ["柯城区人民政府", "衢江区人民政府", "市财政局", "市教育局"]
    press(qtbot, full_page, Qt.Key.Key_Right, alt)
    assert full_page.store.get(Unit, units["市财政局"]).superior == units["衢江区人民政府"]
    assert full_page.tree.current_id() == units["市财政局"]
    press(qtbot, full_page, Qt.Key.Key_Left, alt)
    assert full_page.store.get(Unit, units["市财政局"]).superior == offices.root_unit(full_page.store)
    press(qtbot, full_page, Qt.Key.Key_Left, alt)
    assert full_page.store.get(Unit, units["市财政局"]).superior == offices.root_unit(full_page.store)


def test_nothing_stands_below_itself(store: Store, units: dict[str, RecordId]) -> None:
    top, below = units["柯城区人民政府"], units["市教育局"]
    unit_table.move_units(store, [below], superior=top)
    with pytest.raises(Exception, match="自己"):
        unit_table.move_units(store, [top], superior=below)
    assert store.get(Unit, top).superior == offices.root_unit(store)


def test_delete_says_what_stands_below_and_can_be_undone(
    qtbot: QtBot, full_page: OfficesPage, units: dict[str, RecordId]
) -> None:
    page = full_page
    unit_table.move_units(page.store, [units["市教育局"]], superior=units["柯城区人民政府"])
    unit_table.write_units(
        page.store, [FieldEdit(units["市教育局"], "principal", "王建国")], "x"
    )
    asked: list[str] = []
    page.tree.ask = lambda question: asked.append(question) is None
    go(page, units["柯城区人民政府"])
    press(qtbot, page, Qt.Key.Key_Delete)
    assert "下级单位 1 个" in asked[0]
    assert "岗位 1 个" in asked[0]
    assert texts(page)[1:] == ["衢江区人民政府", "市财政局"]
    page.store.undo()
    assert texts(page)[1:] == [NAMES[0], "市教育局", "衢江区人民政府", "市财政局"]
    assert offices.unit_row(page.store, units["市教育局"]).principal == "王建国"


def test_the_own_government_is_not_deleted(full_page: OfficesPage) -> None:
    said: list[str] = []
    full_page.test_workspace.said.connect(lambda text, *_: said.append(text))  # type: ignore[attr-defined]
    full_page.tree.ask = lambda _question: True
    go(full_page, offices.root_unit(full_page.store) or 0)
    full_page.tree.remove_selected()
    assert "不能删除" in said[-1]
    assert len(texts(full_page)) == 1 + len(NAMES)


def test_filter_by_pinyin_shows_hits_with_what_stands_above(
    full_page: OfficesPage, units: dict[str, RecordId]
) -> None:
    full_page.filter.setText("jyj")
    full_page._on_filter_entered()
    assert texts(full_page) == ["示例市人民政府", "市教育局"]
    assert full_page.tree.current_id() == units["市教育局"]
    full_page.show_record(units["柯城区人民政府"], "unit")
    assert full_page.filter.text() == ""
    assert full_page.tree.current_id() == units["柯城区人民政府"]
    full_page.kinds.setCurrentIndex(full_page.kinds.findData(UnitKind.COUNTY.value))
    full_page._on_filter()
    assert texts(full_page)[1:] == list(NAMES[:2])


def test_the_panel_edits_in_place_and_refuses_beside_the_field(
    qtbot: QtBot, full_page: OfficesPage, units: dict[str, RecordId]
) -> None:
    offices.change_unit(full_page.store, units["市财政局"], code="2003")
    go(full_page, units["市教育局"])
    panel = full_page.unit_panel
    qtbot.waitUntil(lambda: "code" in panel.fields and panel.unit == units["市教育局"])
    QApplication.processEvents()
    field = panel.fields["code"]
    field.setText("2003")  # type: ignore[attr-defined]
    field.commit()  # type: ignore[attr-defined]
    assert field.property("wrong")
    assert "2003" in field.toolTip()
    field.setText("2002")  # type: ignore[attr-defined]
    field.commit()  # type: ignore[attr-defined]
    assert full_page.store.get(Unit, units["市教育局"]).code == "2002"


def test_posts_are_made_filled_and_left(store: Store, units: dict[str, RecordId]) -> None:
    unit = units["市教育局"]
    made = PostDialog(None, store, unit, "市教育局")
    made.title.setText("局长")
    made.person.setText("王建国")
    made.try_to_accept()
    post = people.posts_of(store, unit)[0]
    assert (post.title, post.role, post.person_name) == ("局长", PostRole.PRINCIPAL, "王建国")
    successor = AssignDialog(None, store, post, "市教育局")
    successor.person.setText("李喆")
    successor.since.setText("2020-04-01")
    successor.try_to_accept()
    day = date(2020, 4, 2)
    post = people.posts_of(store, unit, on=day)[0]
    assert post.person_name == "李喆"
    end = EndDialog(None, store, post, "市教育局")
    end.until.setText("2020-03-01")
    end.try_to_accept()
    assert "早于" in end.problem.text()
    end.until.setText("2020-06-30")
    end.try_to_accept()
    assert people.posts_of(store, unit, on=date(2020, 7, 1))[0].person_name == ""


def test_a_known_name_takes_the_known_person_unless_it_is_a_namesake(
    store: Store, units: dict[str, RecordId]
) -> None:
    for unit, namesake in (("市教育局", False), ("市财政局", False), ("柯城区人民政府", True)):
        dialog = PostDialog(None, store, units[unit], unit)
        dialog.person.setText("王建国")
        dialog.namesake.setChecked(namesake)
        dialog.try_to_accept()
    assert people.count_people(store) == 2


def test_units_are_merged_into_one_and_undone_in_one_step(
    full_page: OfficesPage, units: dict[str, RecordId]
) -> None:
    dialog = MergeDialog(None, full_page.store, [units["市教育局"], units["市财政局"]])
    dialog.fresh.setChecked(True)
    dialog.name.setText("市教育财政局")
    dialog.try_to_accept()
    assert texts(full_page)[1:] == ["柯城区人民政府", "衢江区人民政府", "市教育财政局"]
    full_page.dissolved.setChecked(True)
    assert "市教育局(已撤并 2020-03-12)" in texts(full_page)
    full_page.dissolved.setChecked(False)
    full_page.store.undo()
    assert texts(full_page)[1:] == list(NAMES)


def test_one_unit_is_no_merger(store: Store, units: dict[str, RecordId]) -> None:
    dialog = MergeDialog(None, store, [units["市教育局"]])
    dialog.try_to_accept()
    assert "至少要有两个单位" in dialog.problem.text()


def test_a_unit_is_split_and_goes_on_if_wanted(store: Store, units: dict[str, RecordId]) -> None:
    dialog = SplitDialog(None, store, units["市教育局"])
    dialog.names.setPlainText("市体育局\n")
    dialog.try_to_accept()
    assert "至少要有两个单位" in dialog.problem.text()
    dialog.keep.setChecked(True)
    dialog.try_to_accept()
    assert offices.count_units(store, text="市体育局") == 1
    assert store.get(Unit, units["市教育局"]).dissolved_on is None


def test_people_are_listed_with_posts_and_edited(
    full_page: OfficesPage, units: dict[str, RecordId]
) -> None:
    unit_table.write_units(
        full_page.store, [FieldEdit(units["市教育局"], "principal", "王建国")], "x"
    )
    full_page.tabs.setCurrentIndex(1)
    model = full_page.people.model
    assert model.rowCount() == 1
    assert model.cell_at(0, model.column_of("posts")).text == "市教育局 主要负责人"
    model.setData(model.index(0, model.column_of("phone")), "0570-1234567")
    model.setData(model.index(0, model.column_of("name")), "王健国")
    row = people.people(full_page.store)[0]
    assert (row.name, row.phone) == ("王健国", "0570-1234567")


def test_read_only_stops_every_way_to_change(
    qtbot: QtBot, full_page: OfficesPage, units: dict[str, RecordId]
) -> None:
    full_page.set_read_only(True)
    go(full_page, units["市教育局"])
    for key in (Qt.Key.Key_Insert, Qt.Key.Key_Delete):
        press(qtbot, full_page, key)
    full_page.tree.tree.write_texts([(units["市教育局"], 1, "教育局")], "x")
    assert texts(full_page)[1:] == list(NAMES)
    assert offices.unit_row(full_page.store, units["市教育局"]).short_name == "市教育局"
    assert not full_page.add_unit_button.isEnabled()


def test_f6_goes_into_the_panel_and_back(
    qtbot: QtBot, full_page: OfficesPage, units: dict[str, RecordId]
) -> None:
    go(full_page, units["市教育局"])
    panel = full_page.unit_panel
    qtbot.waitUntil(lambda: "short_name" in panel.fields and panel.fields["short_name"].isVisible())
    full_page.switch_side()
    assert QApplication.focusWidget() is full_page.unit_panel.fields["short_name"]
    full_page.switch_side()
    assert QApplication.focusWidget() is full_page.tree
