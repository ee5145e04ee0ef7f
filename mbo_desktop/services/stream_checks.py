"""Whether a sender's copy of the data went back: a number of its packages used twice, or a gap in what it counts on.

Each package names the one before of its copy and recipient. A restore begins a new copy, so
nothing of this is seen then; who puts an old data file back by hand, or cuts the newest
entries of the log with the package they made, numbers the next package as the lost one.
"""

from __future__ import annotations

from collections.abc import Iterable

from mbo_desktop.domain.exchange import Manifest, PackageState
from mbo_desktop.store.queries.packages import PackageRow

NEW_COPY = "对方恢复过备份、换过电脑或用另一台电脑制包,包号从第1包重新编起。"
ADVICE = "请向对方核实:是否手工拷回过旧数据;请对方做一次数据体检。内容照常比对。"


def new_copy(known: Iterable[PackageRow], manifest: Manifest) -> str:
    """A sentence where a known office's package is the first of another copy of its data; "" otherwise."""
    before = {
        one.replica for one in known
        if one.sender == manifest.sender.office and one.state is PackageState.APPLIED
    }
    return "" if not before or manifest.replica in before else NEW_COPY


def went_back(known: Iterable[PackageRow], manifest: Manifest, identity: str) -> str:
    """A sentence where a package contradicts those taken in of the same copy before; "" otherwise."""
    stream = manifest.recipient_unit.partition("/")[2] or manifest.recipient
    before = [
        one for one in known
        if one.sender == manifest.sender.office and one.replica == manifest.replica
        and one.recipient == stream and one.state is PackageState.APPLIED
    ]
    if any(one.package == identity for one in before):
        return ""
    if any(one.seq == manifest.seq for one in before):
        return f"对方的同一份数据以前发过另一个第{manifest.seq}包:它的数据退回过较早的状态,或日志被截短。"
    last = next((one for one in before if one.seq == manifest.seq - 1), None)
    if last is not None and last.package != manifest.prev:
        return f"对方所记的第{last.seq}包不是我们收到的那一个:它的数据退回过较早的状态,或日志被截短。"
    return ""
