"""Scenes of the manual's pictures that need more than the sample city: a ledger, a second PC, two versions of one fact."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

CITY, SECOND = "示例市", "另一台电脑"


def write_ledger(path: Path, counties: list[str]) -> Path:
    """A ledger as an office keeps it: a title, two counties that are known, a park that is not, a text among numbers."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["2020年服务业发展目标任务分解表"])
    sheet.append(["序号", "指标名称", "计量单位", "分值", *counties[:3], "示例物流园"])
    for number, row in enumerate((
        ("服务业增加值", "亿元", 5, 118.5, 96.2, 84, 12.5), ("规模以上服务业企业", "家", 3, 42, 36, 28, 9),
        ("电子商务交易额", "亿元", 4, 56, 48.5, 40, 22), ("A级物流企业", "家", 2, 3, 2, "/", 4),
        ("服务业投资占比", "%", 3, "约3成", 28.5, 26, 45),
    ), 1):
        sheet.append([number, *row])
    book.save(path)
    return path


def take_import(stage: Any, scratch: Path, counties: list[str]) -> None:
    """The wizard's second step over a ledger."""
    from ui.dialogs.import_wizard import MAPPING, ImportWizard

    stage.show("planning", "matrix", -1)
    wizard = ImportWizard(
        stage.window.workspace, stage.window, paths=[write_ledger(scratch / "服务业目标任务分解表.xlsx", counties)])
    wizard.show()
    for _turn in range(200):
        stage.settle(300)
        if wizard.stack.currentIndex() == MAPPING:
            break
    else:
        raise RuntimeError("the ledger was not read")
    stage.settle()
    stage.take("import_wizard", wizard)
    wizard.reject()
    stage.settle()


def register_certifiers(stage: Any) -> None:
    """来源部门 by the words that stand with the indicators; taken last, as the other pictures show none."""
    from mbo_desktop.services import certifiers

    workspace = stage.window.workspace
    certifiers.register_named(workspace.store, workspace.year)
    stage.settle()


def make_second_pc(scratch: Path, city: Path) -> Path:
    """The whole folder on another PC, worked in on both since; the package that the other PC makes."""
    from mbo_desktop.services import replica_packages
    from mbo_desktop.store.database import Store

    second = scratch / SECOND / CITY
    shutil.copytree(city, second)
    with Store.open(city, operator="刘敏") as here:
        _raise_targets(here, 3)
    with Store.open(second, operator="陈志远") as there:
        _raise_targets(there, 5)
        stick = scratch / "stick"
        stick.mkdir()
        return replica_packages.make(there, stick, password=replica_packages.WITHOUT).path


def _raise_targets(store: Any, percent: int) -> None:
    """Three targets of one county, changed on this PC."""
    from decimal import Decimal

    from mbo_desktop.domain.planning import Target
    from mbo_desktop.domain.targets import TargetForm, TargetPart, TargetValue

    found = [
        one for one in store.all(Target)
        if one.value is not None and one.value.counted.form is TargetForm.LEVEL and one.value.counted.amount
    ][:3]
    with store.change("修改目标值") as change:
        for target in found:
            counted = target.value.counted
            amount = (counted.amount * (100 + percent) / 100).quantize(Decimal("0.1"))
            part = TargetPart(TargetForm.LEVEL, amount=amount, unit=counted.unit)
            change.put(replace(target, value=TargetValue((part,))))


def take_merge(stage: Any, package: Path) -> None:
    """合并: both versions of what both PCs changed."""
    from ui.dialogs.exchange_replica import MergeDialog

    stage.show("exchange", "inbox", -1)
    page = stage.window.page
    page.receive([package])
    stage.settle()
    dialog = MergeDialog(stage.window.workspace, page.inbox.found, 0, stage.window)
    dialog.show()
    for _turn in range(200):
        stage.settle(300)
        if dialog.source is not None:
            break
    else:
        raise RuntimeError("the two copies were not compared")
    stage.take("exchange_merge", dialog)
    dialog.reject()
    stage.settle()


def take_both_in(store: Any, packages: tuple[Path, ...]) -> None:
    """Two packages of one office that contradict each other: what it said twice is open (未定)."""
    from mbo_desktop.domain.exchange import BindingRole
    from mbo_desktop.services import inbox, receiving, trust

    for package in packages:
        found = inbox.take(store, [package])
        for row in found.rows:
            if row.state.value == "stranger":
                trust.accept(store, row, row.suggested_unit, role=BindingRole.SUBORDINATE)
                found = inbox.judge_again(store, found)
        chosen = [place for place, row in enumerate(found.rows) if row.can_be_taken]
        receiving.apply(store, found, chosen, mass_confirmed=True)
