"""这个分怎么来的: the working of the current score or total, trial vetoes, the ranking as bars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QLabel, QPushButton

from mbo_desktop.domain.grading import VetoEffect
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.scoring.item import Item, explain
from mbo_desktop.errors import InputError
from mbo_desktop.services import office_words, score_workings, scores
from mbo_desktop.services.equal_scores import equals_of
from mbo_desktop.services.score_workings import carried
from mbo_desktop.services.scores import UnitScore, Working
from ui.dialogs.assessment_counts import CountsDialog, needs_of
from ui.pages.assessment_bars import RankBars
from ui.pages.assessment_board_cells import rank_words
from ui.pages.assessment_board_source import BoardSource
from ui.theme import color
from ui.widgets.side_panel import SidePanel
from ui.widgets.tinted import RichLabel

if TYPE_CHECKING:
    from ui.pages.assessment_board import BoardView


LONGEST_LINK = 12
"""Characters of a name on a line that leads somewhere."""
MOST_LISTED = 6
"""Missing figures named in the panel."""


class BoardPanel(SidePanel):
    """Shows the place the cursor is at; its buttons print answers and try vetoes."""

    def __init__(self, view: BoardView) -> None:
        super().__init__()
        self._view = view
        self.problems: tuple[str, ...] = ()
        self.answer: Callable[[RecordId, RecordId | None], object] | None = None
        """Prints the working as an answer to a unit; the room sets it."""

    def clear(self) -> None:
        """Take everything out, the line that follows each key too."""
        self._standing: QLabel | None = None
        super().clear()

    def show_place(
        self, source: BoardSource, indicator: RecordId | None, unit: RecordId | None, of: str
    ) -> None:
        """A score, a unit's total, an indicator, or the whole group."""
        self.clear()
        if unit is None:
            self._show_group(source, indicator)
        elif indicator is not None:
            self._show_score(source, unit, indicator)
        else:
            self._show_total(source, unit)
        if source.state.trying:
            self.add_text(self.tr("试算中:这里的数按试算得出,没有写入记录。"), muted=True)

    # A score --------------------------------------------------------------------

    def _show_score(self, source: BoardSource, unit: RecordId, indicator: RecordId) -> None:
        board = source.board
        line = board.unit(unit)
        head = board.book.heads[indicator]
        cell = line.items.get(indicator)
        self.set_title(self.tr("这个分怎么来的"), f"{line.label} · {head.name}")
        if cell is None:
            self.add_text(self.tr("该单位不承担这项指标,不计入。"), muted=True)
            return
        self._figure(None if cell.used is None else f"{cell.used:f}", self.tr("分值 {}").format(canonical(cell.full)))
        self._standing = self.add_text("", muted=True)
        self.follow(source, unit)
        for one in equals_of(board):
            if one.place == indicator and unit in one.units:
                self.add_text(f"▲ {one.words}")
        self._lines(scores.working_of(self._view.store, board, unit, indicator))
        tried = source.state.what_if
        if (indicator, unit) in tried.actuals:
            self._tried(source, unit, indicator)
        if (indicator, unit) in {**tried.actuals, **tried.points}:
            self.add_buttons(((self.tr("这一格还原"), lambda: source.state.forget_figure(indicator, unit)),))
        entry = board.book.entries[indicator].get(unit)
        if not source.state.trying and any(needs_of(board.book.rules.get(indicator))) and not self._view.workspace.read_only:
            self.add_buttons(((self.tr("核报次数、等次…"), lambda: self._count(source, unit, indicator)),))
        buttons: list[tuple[str, Callable[[], object]]] = []
        if self.answer is not None and not source.state.trying:
            answer = self.answer
            buttons.append((self.tr("打印答复"), lambda: answer(unit, indicator)))
        if entry is not None and entry.row is not None:
            target = entry.row.target
            buttons.append((self.tr("进度和佐证"), lambda: self._view.workspace.go("progress", int(target), "target")))
        if buttons:
            self.add_buttons(buttons)

    def follow(self, source: BoardSource, unit: RecordId) -> None:
        """The unit's total, rank and grade, with each key: the rows of totals may be out of sight."""
        if self._standing is not None:
            line = source.lines[unit]
            self._standing.setText(self.tr("综合得分 {} · 名次 {} · {}").format(
                "—" if line.total is None or line.unscored else f"{line.total:f}{'*' if line.provisional else ''}",
                rank_words(line), (line.grade_now or self.tr("无等次")) + ("*" if source.board.grade_may_move(line) else "")))

    def _count(self, source: BoardSource, unit: RecordId, indicator: RecordId) -> None:
        CountsDialog(self._view.store, source.base, unit, indicator, self.window()).exec()

    def _tried(self, source: BoardSource, unit: RecordId, indicator: RecordId) -> None:
        """The calculation with the figure that is tried."""
        book = source.base.book
        rule, entry = book.rules.get(indicator), book.entries[indicator].get(unit)
        if rule is None or entry is None:
            return
        actuals = source.state.what_if.actuals
        group = [
            replace(facts, actual=actuals.get((indicator, RecordId(facts.unit)), facts.actual))
            for facts in carried(source.base, indicator)
        ]
        own = next((facts for facts in group if facts.unit == unit), replace(entry.facts, actual=actuals[indicator, unit]))
        item = book.items[indicator]
        self.add_heading(self.tr("试算的计算"))
        try:
            self.add_text(explain(Item(rule, item.digits, item.missing, item.cap), own, group or [own]))
        except InputError as error:
            self.add_text(f"{error.what}{error.todo}")

    # A total --------------------------------------------------------------------

    def _show_total(self, source: BoardSource, unit: RecordId) -> None:
        board = source.board
        line = board.unit(unit)
        self.set_title(self.tr("总分怎么来的"), f"{line.label} · {office_words.group(self._view.store, board.scheme.peer_group)}")
        rank = "" if line.rank is None or line.unscored else self.tr("暂列第 {} 位,共 {} 个" if line.provisional else "第 {} 位,共 {} 个").format(
            line.rank, sum(one.rank is not None for one in board.units))
        self._figure(None if line.total is None or line.unscored else f"{line.total:f}", rank)
        if source.state.trying:
            self._trial_vetoes(source, line)
        self._missing(source, line)
        working = score_workings.total_of_board(self._view.store, board, unit)
        own = [text for text in working.lines if not self._is_item(source, text)]
        self._lines(replace(working, lines=tuple(own)))
        if self.answer is not None and not source.state.trying:
            answer = self.answer
            self.add_buttons(((self.tr("打印答复"), lambda: answer(unit, None)),))
        if source.by_unit:
            self._items(source, line)
        self.add_heading(self.tr("组内排名(较上年)"))
        self._bars(source, int(unit))

    def _missing(self, source: BoardSource, line: UnitScore) -> None:
        """What a unit's total still lacks; each goes to its cell."""
        if not line.missing:
            return
        self.add_heading(self.tr("还缺 {} 项数据").format(line.missing))
        found: list[tuple[str, RecordId | None]] = [
            (head.name, head.id) for head in source.base.indicators
            if (cell := line.items.get(head.id)) is not None and cell.missing
        ]
        found += [(name, None) for name, points in line.components.items() if points is None]
        for name, indicator in found[:MOST_LISTED]:
            self._link(_short(name, LONGEST_LINK + 6), name, lambda _on=False, indicator=indicator, name=name: self._view.go_to(line.unit, indicator, name))
        if len(found) > MOST_LISTED:
            self.add_text(self.tr("……共 {} 项,按“只看缺的”列出全部。").format(len(found)), muted=True)

    def _link(self, words: str, whole: str, act: Callable[..., object]) -> None:
        """A line that leads somewhere; it never makes the panel wider."""
        button = QPushButton(_short(words, LONGEST_LINK + 12))
        button.setProperty("role", "link")
        button.setStyleSheet("text-align: left;")
        button.setToolTip(whole)
        button.clicked.connect(act)
        self.add(button)

    def _items(self, source: BoardSource, line: UnitScore) -> None:
        """Every score of the unit: across many columns they are hard to find; each goes to its cell."""
        self.add_heading(self.tr("各项得分(分值)"))
        for head in source.base.indicators:
            cell = line.items.get(head.id)
            if cell is None or not cell.counts:
                continue
            points = self.tr("缺") if cell.used is None else f"{cell.used:f}"
            self._link(
                f"{_short(head.name)}  {points}({canonical(cell.full)})", head.name,
                lambda _on=False, indicator=head.id: self._view.go_to(line.unit, indicator))

    @staticmethod
    def _is_item(source: BoardSource, text: str) -> bool:
        """The list of all items stands in the table beside the panel."""
        return any(text.startswith(f"{head.name}:") for head in source.base.indicators)

    def _trial_vetoes(self, source: BoardSource, line: UnitScore) -> None:
        self.add_heading(self.tr("试算一票否决"))
        recorded = source.base.unit(line.unit).vetoes
        for mark in recorded:
            if mark.record is None:
                continue
            off = mark.record in source.state.what_if.vetoes_off
            button = QPushButton(self.tr("恢复:{}").format(mark.subject) if off else self.tr("去掉:{}").format(mark.subject))
            button.clicked.connect(lambda _on=False, record=mark.record: source.state.switch_veto(record))
            self.add(button)
        effects = QComboBox()
        effects.addItem(self.tr("假设被否决…"), None)
        for effect in VetoEffect:
            if effect is not VetoEffect.ITEM_ZERO:
                effects.addItem(effect.label, effect)
        now = source.state.what_if.vetoes_on.get(line.unit)
        effects.setCurrentIndex(0 if now is None else [*(e for e in VetoEffect if e is not VetoEffect.ITEM_ZERO)].index(now) + 1)
        effects.activated.connect(lambda _row: source.state.try_veto(line.unit, effects.currentData()))
        self.add(effects)

    # The group ------------------------------------------------------------------

    def _show_group(self, source: BoardSource, indicator: RecordId | None) -> None:
        board = source.board
        if indicator is not None:
            head = board.book.heads[indicator]
            self.set_title(head.name, " · ".join(part for part in (head.category, head.unit_of_measure) if part))
            rule = board.book.rules.get(indicator)
            self.add_heading(self.tr("计分规则"))
            self.add_text(board.book.broken.get(indicator, "") if rule is None else rule.sentence())
            used = [cell.used for line in board.units if (cell := line.items.get(indicator)) is not None and cell.used is not None]
            lacking = [line.label for line in board.units if (cell := line.items.get(indicator)) is not None and cell.missing]
            facts = [(self.tr("最高 / 最低"), f"{max(used):f} / {min(used):f}")] if used else []
            if lacking:
                facts.append((self.tr("缺数据"), "、".join(lacking)))
            if facts:
                self.add_facts(facts)
        else:
            self.set_title(board.scheme.name or office_words.group(self._view.store, board.scheme.peer_group), self.tr("{} 个单位").format(len(board.units)))
        if self.problems:
            self.add_heading(self.tr("需要核对"))
            for problem in self.problems:
                self.add_text(f"▲ {problem}")
        self.add_heading(self.tr("组内排名(较上年)"))
        self._bars(source, 0)

    # Parts ----------------------------------------------------------------------

    def _bars(self, source: BoardSource, current: int) -> None:
        bars = RankBars(source.board, current)
        bars.unit_asked.connect(lambda unit: self._view.show_record(int(unit), "unit"))
        self.add(bars)

    def _figure(self, points: str | None, beside: str) -> None:
        label = RichLabel()
        shown = points if points is not None else self.tr("暂缺")
        label.show_rich(lambda: (
            f'<span style="font-size:20pt; font-weight:600; color:{color("accent").name()}">{shown}</span>'
            f'&nbsp;<span style="color:{color("secondary").name()}">{beside}</span>'
        ))
        self.add(label)

    def _lines(self, working: Working) -> None:
        """「目标:52亿元(按责任书)」 as a heading and its text."""
        for text in working.lines:
            name, mark, rest = text.partition(":")
            if name == "分值":
                continue  # Stands beside the large figure.
            if mark and len(name) <= 8:
                self._pair(name, rest)
            else:
                self.add_text(text)

    def _pair(self, name: str, rest: str) -> None:
        self.add_text(name, muted=True)
        self.add_text(rest)


def _short(text: str, most: int = LONGEST_LINK) -> str:
    return text if len(text) <= most else f"{text[:most - 1]}…"
