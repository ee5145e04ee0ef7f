"""A returned workbook as a round of proposals: the import wizard with a preview of its own."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.rounds import RoundSide
from mbo_desktop.services import round_import, rounds
from mbo_desktop.services.import_matching import UnitChoice
from mbo_desktop.services.round_import import RoundPlan, RoundResult
from mbo_desktop.spreadsheets.proposal import Proposal
from ui.dialogs.import_wizard import PREVIEW, ImportWizard
from ui.grids.columns import Cell, Column, Kind, Row, Tone
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.theme import scaled
from ui.widgets.fields import DateField, TextField
from ui.workspace import Workspace


class RoundPreview(QWidget):
    """Into which round, from whom, and every value that will be written or left out."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self.plan: RoundPlan | None = None
        self.into = QComboBox()
        self.day = DateField(clock.today(), year=workspace.year)
        self.by = TextField(hint=self.tr("不填则记各单位名称"))
        self.warnings = QLabel()
        self.warnings.setWordWrap(True)
        self.warnings.setProperty("role", "error")
        self.counts = QLabel()
        self.counts.setProperty("role", "muted")
        self.source = ListSource(_COLUMNS, self._rows)
        self.grid = GridPanel(workspace, self.source)
        facts = QGridLayout()
        facts.setHorizontalSpacing(scaled(10))
        for column, (label, field) in enumerate((
            (self.tr("录入到"), self.into), (self.tr("日期"), self.day), (self.tr("提出人"), self.by),
        )):
            title = QLabel(label)
            title.setProperty("role", "muted")
            title.setBuddy(field)
            facts.addWidget(title, 0, column * 2)
            facts.addWidget(field, 0, column * 2 + 1)
            facts.setColumnStretch(column * 2 + 1, 2 if column == 0 else 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(facts)
        layout.addWidget(self.warnings)
        layout.addWidget(self.counts)
        layout.addWidget(self.grid, 1)

    def fill(self) -> None:
        """Offer a new round of each side, and the rounds there are."""
        self.into.clear()
        for side in RoundSide:
            self.into.addItem(self.tr("新的一轮:{}").format(side.label), (side.value, 0))
        for one in rounds.rounds(self._workspace.store, self._workspace.year):
            self.into.addItem(one.title, (one.side.value, int(one.id)))

    @property
    def chosen(self) -> tuple[RoundSide, RecordId | None]:
        """Whose round, and which; None: a new one."""
        side, record = self.into.currentData()
        return RoundSide(side), RecordId(record) if record else None

    def show_plan(self, plan: RoundPlan) -> None:
        """Exactly what will be written."""
        self.plan = plan
        self.warnings.setText(";".join(plan.warnings))
        self.warnings.setVisible(bool(plan.warnings))
        changed = sum(one.old != "" and one.old != one.new for one in plan.cells)
        words = [self.tr("录入 {} 个建议值").format(len(plan.cells))]
        if changed:
            words.append(self.tr("其中 {} 个与原有的不同").format(changed))
        if plan.refused:
            words.append(self.tr("不录入 {} 个,原因见下").format(len(plan.refused)))
        self.counts.setText(" · ".join(words))
        self.source.reload()
        self.grid.reload()

    def _rows(self) -> list[Row]:
        plan = self.plan
        if plan is None:
            return []
        kept = [
            {"name": one.name, "unit": one.heading, "old": one.old,
             "new": Cell(one.new, bold=True), "place": one.place,
             "note": Cell(one.problem, tone=Tone.AMBER)}
            for one in plan.cells
        ]
        left = [
            {"name": Cell(self.tr("不录入"), tone=Tone.RED), "new": Cell(one.text, tone=Tone.RED),
             "place": one.place, "note": Cell(one.reason, tone=Tone.RED)}
            for one in plan.refused
        ]
        return [Row(number, cells) for number, cells in enumerate([*left, *kept], 1)]


_COLUMNS = (
    Column("name", "指标", width=220, frozen=True),
    Column("unit", "责任单位", width=130),
    Column("old", "本轮原值", Kind.TARGET, width=100),
    Column("new", "建议值", Kind.TARGET, width=120),
    Column("place", "表中位置", width=90),
    Column("note", "说明", width=460),
)


class RoundWizard(ImportWizard):
    """The same reading and checking of columns; what is written are proposals of a round."""

    def _build(self) -> None:
        super()._build()
        self.setWindowTitle(self.tr("导入反馈表"))
        self.mapping.year.setEnabled(False)
        self.round_preview = RoundPreview(self._workspace)
        self.round_preview.fill()
        self.round_preview.into.activated.connect(self._make_plan)
        self.round_preview.day.committed.connect(self._make_plan)
        self.round_preview.by.committed.connect(self._make_plan)
        old = self.stack.widget(PREVIEW)
        self.stack.insertWidget(PREVIEW, self.round_preview)
        self.stack.removeWidget(old)

    def _make_plan(self) -> None:
        sheet = self._sheets[self._current]
        proposal, choices = self.mapping.owned(sheet.proposal)
        sheet.choices = self.mapping.units.choices()
        if proposal.has_open_target:
            self._complain(self.tr("工作簿没有写明是哪个单位的建议值。尚未写入。请在“被考核单位”中选择单位。"), "amber")
            self.mapping.owner.setFocus()
            return
        store, year = self._workspace.store, self._workspace.year
        side, into = self.round_preview.chosen
        day, by = self.round_preview.day.value(), str(self.round_preview.by.value())
        units = _known(choices)

        def work(_control: object) -> tuple[Proposal, RoundPlan]:
            return proposal, round_import.plan_round(
                store, proposal, year, side=side, on=day, by=by, into=into, units=units,  # type: ignore[arg-type]
            )

        self.line.run(self.tr("核对反馈表"), work, self._on_round_plan)

    def _on_round_plan(self, made: tuple[Proposal, RoundPlan]) -> None:
        self._planned, plan = made
        if plan.undecided:
            self._complain(
                self.tr("“{}”在单位登记中对应多个单位。尚未写入。请在下方逐个选定。").format(
                    "、".join(plan.undecided)
                ), "amber",
            )
            return
        self.messages.hide()
        self.round_preview.show_plan(plan)
        if self.stack.currentIndex() != PREVIEW:
            self._show_step(PREVIEW)
        self.next_button.setText(self.tr("录入"))
        self.next_button.setEnabled(bool(plan.cells))

    def _apply(self) -> None:
        plan, store = self.round_preview.plan, self._workspace.store
        if plan is None:
            return
        self.line.run(
            self.tr("录入建议值"), lambda _control: round_import.apply_round(store, plan),
            self._on_round_applied, writes=True,
        )

    def _on_round_applied(self, result: RoundResult) -> None:
        self._workspace.say(
            result.sentence, tone="amber" if result.refused else "green",
            actions=[(self.tr("撤销"), self._workspace.undo)],
        )
        self.accept()


def _known(choices: Mapping[str, UnitChoice]) -> dict[str, RecordId | None]:
    """Choices of units that are registered or left out; new units have no targets to talk about."""
    return {
        name: None if chosen is None else RecordId(chosen)
        for name, chosen in choices.items() if chosen is None or isinstance(chosen, int)
    }
