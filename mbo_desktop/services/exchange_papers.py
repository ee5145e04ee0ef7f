"""Papers of the room 数据交换: the own card, slips of packages, the register, old beside new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.exchange import HandOverWay
from mbo_desktop.errors import InputError
from mbo_desktop.services import session, trust
from mbo_desktop.services.issued import RegisterRow
from mbo_desktop.services.received import FieldChange
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.exchange_papers import SlipPaper
    from mbo_desktop.documents.model import Document

PER_LINE = 4
"""Groups of a fingerprint in one line of a paper."""
_CHANGES = (
    ("单位", 24, 34, False), ("内容", 20, 26, False), ("名称", 46, 76, True), ("栏目", 20, 30, False),
    ("原值", 26, 52, True), ("新值", 26, 52, True), ("变化", 16, 20, False),
)
_REGISTER = (
    ("日期", 20, 22, False), ("收发", 12, 14, False), ("机关", 34, 52, True), ("种类", 16, 20, False),
    ("年度", 12, 14, False), ("包号", 14, 22, False), ("携带人", 18, 24, False), ("介质", 20, 30, False),
    ("非涉密", 14, 16, False), ("经办", 18, 22, False), ("状态", 18, 22, False), ("回执", 20, 22, False),
)


def own_card(store: Store) -> Document:
    """本机关数据指纹卡, handed over at the first exchange and compared there."""
    from mbo_desktop.documents.exchange_papers import CardPaper, card_document

    card = trust.own_card(store)
    facts = [("机关", card.name), ("代表的单位", card.unit_name)]
    if card.code:
        facts.append(("代码", card.code))
    steps = (
        "一、本卡随首次交换的数据包当面交给对方机关,由对方在“数据交换→收件”中当面接收时核对。",
        "二、对方屏幕上显示的指纹与本卡逐组一致的,即可接收;有一组不同的,不得接收,请与本机关联系。",
        "三、指纹属于机关,不属于某台电脑;换电脑、恢复备份后不变。指纹变化时,本机关另行书面通知。",
    )
    return card_document(CardPaper(
        "机关数据指纹卡", tuple((name, text) for name, text in facts if text),
        lines_of(trust.fingerprint(card.key)), steps, card.name, show_date(clock.today()),
    ))


def lines_of(fingerprint: str) -> tuple[str, ...]:
    """A fingerprint in lines of four groups."""
    groups = fingerprint.split()
    return tuple(
        "  ".join(groups[start : start + PER_LINE]) for start in range(0, len(groups), PER_LINE)
    )


def comparison(store: Store, changes: Sequence[FieldChange], *, scope: str) -> Document:
    """新旧对照 of what packages would change; InputError when nothing would."""
    if not changes:
        raise InputError("没有变化,没有可以打印的内容。", "请勾选有变化的数据包。", "未打印。")
    rows = [
        (one.unit_label, one.type_label, one.title, one.field_label, one.old or "(空)", one.new or "(空)", one.kind)
        for one in changes
    ]
    return _register(store, "数据导入新旧对照", _CHANGES, rows, (f"共{len(rows)}处。{scope}",))


def register(store: Store, rows: Sequence[RegisterRow], *, year: int) -> Document:
    """数据交换登记簿 of these rows in this order; InputError when there is none."""
    if not rows:
        raise InputError("还没有送出或收到的数据包。", "请先发件或收件。", "未打印。")
    lines = [
        (
            _day(one.on), one.way.label, one.office, one.kind.label, str(one.year), one.number,
            one.carrier, one.medium, "已确认" if one.cleared else "", one.by, one.state,
            _day(one.receipt_on),
        )
        for one in rows
    ]
    out = sum(one.way is HandOverWay.OUT for one in rows)
    notes = (f"送出{out}包，收到{len(rows) - out}包。",)
    return _register(store, f"{year}年数据交换登记簿", _REGISTER, lines, notes)


def slips(store: Store, rows: Sequence[RegisterRow]) -> Document:
    """交接单 of packages that went out and 接收回执 of those that came, one sheet each."""
    from mbo_desktop.documents.exchange_papers import slip_document

    own, known = trust.own_card(store), {one.name: one.fingerprint for one in trust.bindings(store)}
    return slip_document([
        _slip(one, own.name, trust.fingerprint(own.key) if one.way is HandOverWay.OUT else known.get(one.office, ""))
        for one in rows
    ])


def _slip(row: RegisterRow, own_name: str, fingerprint: str) -> SlipPaper:
    from mbo_desktop.documents.exchange_papers import SlipPaper

    out = row.way is HandOverWay.OUT
    facts = (
        ("发出机关", own_name if out else row.office), ("接收机关", row.office if out else own_name),
        ("种类", f"{row.year}年度{row.kind.label}"), ("包号", row.number), ("文件", row.file),
        ("数据包校验码", " ".join(row.package[start : start + 8] for start in range(0, len(row.package), 8))),
        ("送出日期" if out else "收到日期", _day(row.on)), ("携带人", row.carrier), ("介质", row.medium),
        ("保密审查", "已确认不涉及国家秘密" if row.cleared else ""), ("备注", row.note),
    )
    notes = (
        ("接收机关导入后,程序自动带回回执;本单随数据包交接,签字后各留一份。",) if out
        else ("上述数据包已收到并核对。指纹与发出机关的指纹卡一致的,在下面签字。",)
    )
    return SlipPaper(
        "数据包交接单" if out else "数据包接收回执",
        tuple((name, text) for name, text in facts if text), lines_of(fingerprint), notes,
        "移交人：", "接收人：", own_name,
    )


def _register(
    store: Store, title: str, columns: Sequence[tuple[str, int, int, bool]],
    rows: Sequence[tuple[str, ...]], notes: tuple[str, ...],
) -> Document:
    from mbo_desktop.documents.inspection_registers import (
        RegisterColumn,
        RegisterPaper,
        register_document,
    )

    return register_document(RegisterPaper(
        title, tuple(RegisterColumn(*one) for one in columns), tuple(rows),
        session.office(store).name, show_date(clock.today()), notes,
    ))


def _day(day: date | None) -> str:
    return f"{day:%Y.%m.%d}" if day is not None else ""
