"""The commands `pack`, `inspect` and `merge`: the exchange between offices without the window."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence

from mbo_desktop.domain.exchange import PackageKind
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import inbox, issuing, receiving, session
from mbo_desktop.services.issued import Recipient
from mbo_desktop.services.received import FieldChange, Inbox, InboxRow
from mbo_desktop.store.database import Store

Say = Callable[[str], None]
_OPERATOR = "命令行"
_SHOWN = 20
KINDS = {one.label: one for one in (PackageKind.ISSUE, PackageKind.REPORT, PackageKind.RECEIPT)}


def pack(chosen: argparse.Namespace, say: Say) -> int:
    """Make packages for one recipient or for all that there is something for; 1 when something stays here."""
    with session.open_folder(chosen.folder, operator=_OPERATOR) as store:
        if store.read_only:
            raise NotAllowedError(store.read_only_reason, "请在正在使用它的窗口中制包。")
        year = chosen.year or _latest_open(store)
        wanted = _recipients(store, chosen, year)
        chosen.out.mkdir(parents=True, exist_ok=True)
        for kind, found in wanted:
            _pack_kind(store, chosen, year, kind, found, say)
    return 1 if any(one.left_out for _kind, found in wanted for one in found) else 0


def _pack_kind(
    store: Store, chosen: argparse.Namespace, year: int, kind: PackageKind, wanted: list[Recipient], say: Say
) -> None:
    files = issuing.issue(store, [one.key for one in wanted], kind, year, chosen.out, cleared=True)
    by_key = {one.key: one for one in wanted}
    for file in files:
        row = by_key[file.key] if file.key is not None else wanted[0]
        say(f"{file.name}:第{file.seq}包,{row.members}条 → {file.path}")
        for left in row.left_out:
            say(f"  未送出:{left}")
    say(f"已制出{year}年度{kind.label}包{len(files)}个,制包即确认内容非涉密。")


def _latest_open(store: Store) -> int:
    year = session.year_at_work(store)
    if not year:
        raise InputError("数据文件夹中没有年度。", "请用 --year 写明年度。", "未制出任何包。")
    return year


def _recipients(
    store: Store, chosen: argparse.Namespace, year: int
) -> list[tuple[PackageKind, list[Recipient]]]:
    """Who gets what: with --all everybody below and above; a name in the kind asked for, else down, else up."""
    if bool(chosen.to) == bool(chosen.all):
        raise InputError("没有写明给谁,或 --to 与 --all 都写了。", "请写 --to 名称 或 --all。", "未制出任何包。")
    kinds = [KINDS[chosen.kind]] if chosen.kind else [PackageKind.ISSUE, PackageKind.REPORT]
    found = {kind: issuing.recipients(store, year, kind) for kind in kinds}
    if chosen.all:
        every = [
            (kind, [one for one in rows if one.members or kind is PackageKind.RECEIPT])
            for kind, rows in found.items()
        ]
        if not any(rows for _kind, rows in every):
            raise InputError(f"{year}年度没有可以送出的内容。", "责任书印发后才能下发。", "未制出任何包。")
        return [(kind, rows) for kind, rows in every if rows]
    for kind, rows in found.items():
        named = _named(rows, chosen.to)
        if named:
            return [(kind, named)]
    listed = "、".join([one.name for rows in found.values() for one in rows][:5]) or "无"
    raise InputError(f"没有“{chosen.to}”这个接收单位(现有:{listed})。", "请核对名称。", "未制出任何包。")


def _named(rows: Sequence[Recipient], name: str) -> list[Recipient]:
    wanted = [one for one in rows if one.name == name] or [one for one in rows if name in one.name]
    if len(wanted) > 1:
        listed = "、".join(one.name for one in wanted[:5])
        raise InputError(f"“{name}”可能是:{listed}。", "请写全名称。", "未制出任何包。")
    return wanted


def inspect(chosen: argparse.Namespace, say: Say) -> int:
    """What a package says of itself and whether it is whole; needs no data folder."""
    from mbo_desktop.exchange import frame, signing
    from mbo_desktop.services.package_making import counts

    read = frame.read_package(chosen.file, password=chosen.password)
    said = read.manifest
    say(f"{said.kind.label}包,{said.year}年度,第{said.seq}包,制作于{said.made_at.replace('T', ' ')}({said.made_by})。")
    say(f"发送单位:{said.sender.name};指纹 {signing.fingerprint(said.sender.key)}")
    say(f"接收单位:{said.recipient_name or '未写明'}")
    say(f"记录{said.count}条,附件{len(said.blobs)}个,回执{len(said.receipts)}个,签名和校验无误。")
    for name, number in counts(read.lines):
        say(f"  {name} {number}")
    withheld = sum(one.body is None for one in read.lines)
    deleted = sum(one.deleted and one.body is not None for one in read.lines)
    if withheld or deleted:
        say(f"  删除{deleted}条,不再归接收单位{withheld}条")
    say(f"校验值 {read.identity}")
    return 0


def merge(chosen: argparse.Namespace, say: Say) -> int:
    """Take packages and workbooks in; 1 when some of them could not be, and each says why."""
    with session.open_folder(
        chosen.folder, operator=_OPERATOR, read_only=bool(chosen.dry_run)
    ) as store:
        if store.read_only and not chosen.dry_run:
            raise NotAllowedError(store.read_only_reason, "请在正在使用它的窗口中导入。")
        found = inbox.take(store, chosen.files, passwords={"": chosen.password})
        for row in found.rows:
            say(_told(row))
        rows = [place for place, row in enumerate(found.rows) if row.can_be_taken and not _asks(row)]
        left, refused = [row for row in found.rows if _is_left(row)], False
        if chosen.dry_run:
            _preview(store, found, rows, say)
            say("只核对,未写入。")
        elif rows:
            done = receiving.apply(store, found, rows)
            say(done.sentence)
            for text in done.refused:
                say(f"  {text}")
            refused = bool(done.refused)
        else:
            say("没有新内容可以导入。")
    return 1 if left or refused else 0


def _asks(row: InboxRow) -> bool:
    """Whether somebody has to say yes in the window: a mass change, what was withdrawn with a reason."""
    return row.is_mass or row.was_withdrawn


def _is_left(row: InboxRow) -> bool:
    from mbo_desktop.services.received import RowState

    return _asks(row) or not (
        row.can_be_taken or row.state in (RowState.REPEATED, RowState.OLDER)
    )


def _told(row: InboxRow) -> str:
    who = f" {row.unit_label or row.office_name}" if row.office_name or row.unit_label else ""
    advice = f"{row.advice}" if not row.can_be_taken else ""
    mass = row.mass_sentence if row.is_mass else ""
    return f"{row.name}:[{row.state.label}]{who} {row.sentence}{mass}{advice}"


def _preview(store: Store, found: Inbox, rows: list[int], say: Say) -> None:
    changes = receiving.preview(store, found, rows)
    for one in changes[:_SHOWN]:
        say(f"  {_line(one)}")
    if len(changes) > _SHOWN:
        rest = Counter(one.kind for one in changes[_SHOWN:])
        say("  ……另有" + "、".join(f"{kind}{number}处" for kind, number in rest.items()))


def _line(one: FieldChange) -> str:
    field = f" {one.field_label}" if one.field_label else ""
    old = f"{one.old} → " if one.old else ""
    return f"{one.unit_label} {one.type_label} {one.title}{field}:{old}{one.new}({one.kind})"
