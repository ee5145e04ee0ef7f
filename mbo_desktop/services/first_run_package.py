"""First run from a superior's package: a new data folder whose office and unit the package tells."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mbo_desktop.domain.exchange import BindingRole, PackageKind
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.exchange import frame, signing
from mbo_desktop.exchange.frame import ReadPackage
from mbo_desktop.services import inbox, receiving, session, trust
from mbo_desktop.services.received import RowState
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class FirstPackage:
    """What a superior's package says for a first start."""

    path: Path
    superior_name: str
    fingerprint: str
    office_name: str
    """As the superior names the recipient; can be changed before the folder is made."""
    unit_name: str
    year: int
    targets: int
    sentence: str


def look(path: Path, *, password: str = "") -> FirstPackage:
    """Read a package before there is a data folder; the errors of packages, InputError for a kind that does not go down."""
    read = frame.read_package(path, password=password)
    said = read.manifest
    if said.kind is not PackageKind.ISSUE:
        raise InputError(
            f"“{path.name}”是{said.kind.label}包,不能用来建立数据文件夹。", "请用上级下发的数据包。",
            "没有建立任何内容。",
        )
    if said.recipient:
        raise InputError(
            f"“{path.name}”是发给已经在用本程序的“{said.recipient_name}”的。",
            "请打开本机关原来的数据文件夹再导入;原来的数据丢失的,请从备份恢复。", "没有建立任何内容。",
        )
    name, _kind, _code = _unit_of(read)
    targets = sum(line.type == "target" and not line.deleted for line in read.lines)
    return FirstPackage(
        path, said.sender.name, signing.fingerprint(said.sender.key), _office_name(name), name,
        said.year, targets,
        f"“{said.sender.name}”发给“{said.recipient_name}”的{said.year}年度数据,其中目标{targets}项。",
    )


def create(
    folder: Path, first: FirstPackage, *, office_name: str, operators: Sequence[str] = (),
    password: str = "",
) -> Store:
    """Make the data folder, accept the superior (当面接收) and take the package in; open.

    Nothing stays of the folder when any of it fails.
    """
    read = frame.read_package(first.path, password=password)
    name, kind, code = _unit_of(read)
    store = session.create_folder(
        folder, office_name=office_name, government_name=name, kind=kind, code=code,
        superior_name=first.superior_name, operators=operators, year=first.year,
        with_framework=False,
    )
    try:
        found = inbox.take(store, [first.path], passwords={"": password})
        trust.accept(store, found.rows[0], None, role=BindingRole.SUPERIOR, reason="首次使用,由上级数据包建立")
        found = inbox.judge_again(store, found)
        if not found.rows[0].can_be_taken and found.rows[0].state is not RowState.OLDER:
            raise NotAllowedError(
                f"上级的数据包不能导入:{found.rows[0].sentence}", found.rows[0].advice, "没有建立任何内容。"
            )
        if found.rows[0].can_be_taken:
            receiving.apply(store, found, [0], mass_confirmed=True)
    except BaseException:
        session.discard(store)
        raise
    return store


def _unit_of(read: ReadPackage) -> tuple[str, UnitKind, str]:
    """Name, kind and code of the unit that the package is for, from the superior's record of it."""
    wanted = read.manifest.recipient_unit
    for line in read.lines:
        if line.name == wanted and line.body is not None:
            body = json.loads(line.body)
            return body["name"], UnitKind.of(body["kind"]), body.get("code", "")
    return read.manifest.recipient_name, UnitKind.GOVERNMENT, read.manifest.recipient_code


def _office_name(unit_name: str) -> str:
    """A usual name for the office in charge: 甲县人民政府 → 甲县人民政府目标管理办公室."""
    return f"{unit_name}目标管理办公室" if unit_name.endswith("政府") else unit_name
