"""The switch 与单位 | 下级单位 | 个人 of the room 责任书: the same room for every level."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.agreements import AgreementLevel, AgreementState
from mbo_desktop.services import agreements, offices, personal_agreements, session, signing
from tests.services.decomposed import Decomposed, decompose_county
from ui.dialogs.agreement_text import AgreementTextDialog
from ui.jobs import DirectRunner
from ui.pages.agreements import AgreementsPage
from ui.settings import Settings
from ui.workspace import Workspace

YEAR = 2020


@pytest.fixture
def workspace(tmp_path: Path, set_clock: None, qtbot: QtBot) -> Iterator[Workspace]:
    store = session.create_folder(
        tmp_path / "data", office_name="示例市人民政府目标管理办公室",
        government_name="示例市人民政府", operators=("刘敏",), year=YEAR,
    )
    made = Workspace(store, DirectRunner(), Settings(tmp_path / "settings.json"))
    made.set_year(YEAR)
    yield made
    store.close()


@pytest.fixture
def made(workspace: Workspace) -> Decomposed:
    store = workspace.store
    county = offices.add_unit(store, "柯城区人民政府", superior=offices.root_unit(store))
    return decompose_county(store, county, YEAR)


@pytest.fixture
def page(workspace: Workspace, made: Decomposed, qtbot: QtBot) -> AgreementsPage:
    shown = AgreementsPage(workspace)
    qtbot.addWidget(shown)
    workspace.changed.connect(shown.refresh)
    shown.resize(1200, 640)
    shown.show()
    shown.activate()
    return shown


def switch(page: AgreementsPage, level: AgreementLevel) -> None:
    page._levels.setCurrentIndex(page._levels.findData(level.value))


def names(page: AgreementsPage) -> list[str]:
    return [row.unit_name for row in page.source.units.values()]


def test_the_switch_shows_each_level(page: AgreementsPage) -> None:
    assert names(page) == ["柯城区人民政府"]
    switch(page, AgreementLevel.LOWER)
    assert names(page) == ["石梁镇人民政府", "航埠镇人民政府"]
    switch(page, AgreementLevel.PERSON)
    assert names(page)[0] == "柯城区 李敏(发改局局长)"
    assert "4 人" in page._figures.text()


def test_making_and_signing_touch_only_the_level(page: AgreementsPage, workspace: Workspace) -> None:
    store = workspace.store
    switch(page, AgreementLevel.PERSON)
    page._make_all()
    assert len(agreements.agreement_ids(store, YEAR, AgreementLevel.PERSON)) == 4
    assert agreements.agreement_ids(store, YEAR) == ()
    rows = personal_agreements.personal_board(store, YEAR)
    first = rows[0].agreement
    assert first is not None
    signing.advance(store, [first], AgreementState.PARTY_SIGNED)
    page.activate()
    assert page.source.units[int(rows[0].key)].state is AgreementState.PARTY_SIGNED
    page.grid.view.show_record(int(rows[0].key))
    assert any("李敏" in label.text() for label in page.panel.findChildren(QLabel))


def test_a_record_is_shown_on_its_own_level(
    page: AgreementsPage, workspace: Workspace, made: Decomposed
) -> None:
    switch(page, AgreementLevel.LOWER)
    page._make_all()
    (first, *_rest) = agreements.agreement_ids(workspace.store, YEAR, AgreementLevel.LOWER)
    switch(page, AgreementLevel.OWN)
    page.show_record(first, "agreement")
    assert page.level is AgreementLevel.LOWER
    assert page.grid.view.current_id() == made.units["石梁镇"]
    page.show_record(made.units["柯城区"], "unit")
    assert page.level is AgreementLevel.OWN
    switch(page, AgreementLevel.PERSON)
    page.show_hint("no_agreement")
    assert page.level is AgreementLevel.OWN, "the 工作台 counts the own units"


def test_people_have_clauses_of_their_own(page: AgreementsPage, workspace: Workspace) -> None:
    dialog = AgreementTextDialog(workspace, None, page, personal=True)
    assert "个人目标责任书" in dialog.title.text()
    dialog.title.setText("{年度}年个人责任状")
    dialog.accept()
    store = workspace.store
    assert agreements.template(store, YEAR, personal=True).title == "{年度}年个人责任状"
    assert agreements.template(store, YEAR).title == "{年度}年度目标管理责任书"
