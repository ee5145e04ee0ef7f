"""The panel of 发件: what a package would hold, and what stays here and why."""

from __future__ import annotations

from mbo_desktop.services.issued import Contents, Recipient
from ui.widgets.side_panel import SidePanel


class ContentsPanel(SidePanel):
    """Contents of one recipient's package against the last one."""

    def show_nothing(self) -> None:
        """No row is selected."""
        self.clear()
        self.add_text(self.tr("选中一个单位,查看要发的内容和不发的内容。"), muted=True)

    def show_waiting(self, one: Recipient) -> None:
        """The contents are being counted; what cannot be sent says why at once."""
        self.clear()
        self._head(one)
        if one.members:
            self.add_text(self.tr("正在清点内容…"), muted=True)
        else:
            self.add_text(self.tr("没有可以发的内容。"))
            self._left_out(one.left_out)

    def show_contents(self, contents: Contents) -> None:
        """Counts per type, size, what is left out."""
        self.clear()
        self._head(contents.recipient)
        self.add_text(f"{contents.sentence}。")
        self.add_heading(self.tr("要发的内容"))
        facts = []
        for row in contents.rows:
            parts = [self.tr("{}条").format(row.count)]
            for word, number in ((self.tr("新增{}"), row.new), (self.tr("修改{}"), row.changed),
                                 (self.tr("不再归对方{}"), row.withheld)):
                if number:
                    parts.append(word.format(number))
            facts.append((row.label, " · ".join(parts)))
        self.add_facts(facts)
        self.add_facts([(self.tr("大小"), size_words(contents.size))])
        self._left_out(contents.left_out)

    def _head(self, one: Recipient) -> None:
        line = self.tr("上次 {},第{}包").format(f"{one.last:%Y-%m-%d}", one.last_seq) if one.last is not None else self.tr(
            "还没有发过")
        self.set_title(one.name, line)
        if one.last is not None and one.received is None:
            self.add_text(self.tr("○ 上次的包还没有回执。丢了不要紧:这次的包带有全部内容。"), muted=True)

    def _left_out(self, sentences: tuple[str, ...]) -> None:
        if sentences:
            self.add_heading(self.tr("不发的内容"))
            for sentence in sentences:
                self.add_text(f"· {sentence}", muted=True)


def size_words(size: int) -> str:
    """「320 KB」, 「1.2 MB」."""
    if size < 1_048_576:
        return f"{max(round(size / 1024), 1):,} KB"
    return f"{size / 1_048_576:,.1f} MB"
