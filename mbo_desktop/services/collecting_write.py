"""Collected forms written as one undo step: figures, problems, filings with the originals, proposals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from collections.abc import Collection as Members
from datetime import date

from mbo_desktop import clock
from mbo_desktop.domain.assessment import ScoreKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.reports import CauseKind, Filing, ProgressProblem
from mbo_desktop.domain.rounds import ProposalRound, RoundSide, TargetProposal
from mbo_desktop.errors import Cancelled, NotAllowedError, ProgramError
from mbo_desktop.services import filings, rounds, sealing
from mbo_desktop.services.collected import Collection, CollectResult, FieldChange, ReturnedFile
from mbo_desktop.services.collecting_fields import KIND_OF, open_problems
from mbo_desktop.services.collecting_self import KIND_GIVEN, YEAR_END, write_evidence, write_scores
from mbo_desktop.services.importing import KeptText
from mbo_desktop.services.progress_entry import ReportEdit, ReportField, write_in
from mbo_desktop.spreadsheets.cell_text import flat
from mbo_desktop.spreadsheets.form_kinds import FormPurpose
from mbo_desktop.store import attachments
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import progress as reads
from mbo_desktop.store.queries.progress import Subject

Progress = Callable[[int, int, str], None]
_ROUND_SOURCE = "收表"
"""What a round says it was taken from when it was collected."""
FIELDS = {
    "amount": ReportField.AMOUNT, "physical": ReportField.PHYSICAL, "text": ReportField.TEXT,
    "cause": ReportField.CAUSE, "cause_text": ReportField.CAUSE_TEXT,
    "own_effort": ReportField.OWN_EFFORT, "measure": ReportField.MEASURE, "note": ReportField.NOTE,
}
"""Columns of the monthly forms as fields of a report."""
_FIELDS_OF: dict[FormPurpose, dict[str, ReportField]] = {
    FormPurpose.SELF_SCORE: {"actual": ReportField.AMOUNT}, FormPurpose.SCORES: {},
}


def apply_collection(
    store: Store, collection: Collection, *, files: Members[int] | None = None,
    take: Members[int] | None = None, received_on: date | None = None,
    progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
) -> CollectResult:
    """Write what these files bring as one undo step.

    files: places in `collection.files` (None: those that go in by themselves); take: places in
    `collection.changes` (None: all of these files that are not doubtful). Raises
    NotAllowedError in a sealed year, when data changed since the preview, and when nothing is
    to be taken; Cancelled leaves the data as it was.
    """
    chosen = sorted(collection.chosen if files is None else set(files))
    chosen = [place for place in chosen if collection.files[place].can_be_taken]
    if not chosen:
        raise NotAllowedError("没有选定要收的文件。", "请先勾选要收的文件。")
    sealing.refuse_sealed(store, collection.year)
    changes: dict[int, list[FieldChange]] = defaultdict(list)
    for place, one in enumerate(collection.changes):
        if one.file in chosen and (place in take if take is not None else not one.doubt):
            changes[one.file].append(one)

    def tell(done: int, text: str) -> None:
        if cancelled is not None and cancelled():
            raise Cancelled
        if progress is not None:
            progress(done, len(chosen) * 2, text)

    for done, place in enumerate(chosen):
        kept = collection.files[place]
        tell(done, f"保存原表 {kept.name}")
        if attachments.add(store, kept.path, kept.name) != kept.digest:
            raise NotAllowedError(f"“{kept.name}”在预览之后又被改过。", "请重新收表。")
    with store.change(f"收{collection.month}月表 {len(chosen)}份") as change:
        if collection.change_count != store.change_count:
            raise NotAllowedError("预览之后数据又有修改。", "请重新预览后再收。")
        work = _Writing(store, change, collection, received_on or clock.today())
        for done, place in enumerate(chosen):
            tell(len(chosen) + done, f"写入 {collection.files[place].name}")
            work.file(collection.files[place], changes[place])
        work.finish()
    return work.result(len(chosen))


class _Writing:
    """One change, file by file."""

    def __init__(
        self, store: Store, change: Change, collection: Collection, received_on: date
    ) -> None:
        self.store, self.change, self.received_on = store, change, received_on
        self.year, self.month = collection.year, collection.month
        self.units: set[RecordId] = set()
        self.fields = self.problems = self.proposals = self.self_scores = self.evidence = self.certified = 0
        self.refused: list[KeptText] = []
        self.doubts: list[str] = []
        self._round: RecordId | None = None
        """Opened by this collection."""
        self._filled: set[RecordId] = set()
        earlier = [
            one for one in store.all(ProposalRound, year=self.year) if one.source == _ROUND_SOURCE
        ]
        self._last = max(earlier, key=lambda one: one.number).id if earlier else None
        self._open = open_problems(store, self.year)

    def file(self, one: ReturnedFile, changes: Sequence[FieldChange]) -> None:
        """All that one file brings."""
        assert one.unit is not None
        self.units.add(one.unit)
        if one.purpose is FormPurpose.PROPOSALS:
            self._propose(one, changes)
            return
        assert one.purpose is not None
        self._figures(one, changes)
        if one.purpose in KIND_GIVEN:
            self._take_scores(one, KIND_GIVEN[one.purpose], changes)
        if one.purpose is FormPurpose.PROGRESS:
            self._note_problems(changes)
            self._file(one, one.unit)
        elif one.purpose is FormPurpose.SOURCE:
            self._file_source(one, one.unit)

    def _figures(self, one: ReturnedFile, changes: Sequence[FieldChange]) -> None:
        assert one.purpose is not None
        fields = _FIELDS_OF.get(one.purpose, FIELDS)
        month = YEAR_END if one.purpose is FormPurpose.SELF_SCORE else self.month
        edits = [
            ReportEdit(made.subject, fields[made.key], made.new)
            for made in changes if made.key in fields
        ]
        if not edits:
            return
        outcome = write_in(
            self.store, self.change, self.year, month, edits, kind=KIND_OF[one.purpose],
            source_file=one.name,
        )
        self.fields += len(edits) - len(outcome.refused)
        at = {(made.subject, fields[made.key]): made for made in changes if made.key in fields}
        for key, reason in outcome.refused.items():
            made = at[key]
            self.refused.append(_kept(one, made, reason))
        titles = {made.subject: f"{made.unit_label} {made.title}" for made in changes}
        self.doubts += [f"{titles[record]}:{said}" for record, said in outcome.doubts.items()]

    def _take_scores(self, one: ReturnedFile, kind: ScoreKind, changes: Sequence[FieldChange]) -> None:
        """Scores of a unit of itself, or of a certifying office, with reasons and the papers named."""
        who = f"{one.unit_label}({one.handed_in_by})" if one.handed_in_by else one.unit_label
        given = write_scores(self.change, changes, kind, by=who, on=self.received_on)
        noted = write_evidence(
            self.store, self.change, changes, provider=one.unit_label, on=self.received_on)
        if kind is ScoreKind.SELF:
            self.self_scores += given
        else:
            self.certified += given
        self.evidence += noted
        self.fields += given + sum(made.key == "evidence" for made in changes)

    def _note_problems(self, changes: Sequence[FieldChange]) -> None:
        """Problems as records; what is open already in the same words is not noted twice."""
        beside: dict[RecordId, dict[str, str]] = defaultdict(dict)
        for made in changes:
            beside[made.subject][made.key] = made.new
        for subject, said in beside.items():
            text = said.get("problem", "").strip()
            there = self._open.get(subject, [])
            if not text or flat(text) in map(flat, there):
                continue
            there.append(text)
            self._open[subject] = there
            self.change.put(ProgressProblem(
                id=self.change.new(ProgressProblem), subject=subject, month=self.month, text=text,
                cause=CauseKind.from_label(said.get("cause", "").removesuffix("原因")),
                own_effort=said.get("own_effort", ""),
            ))
            self.problems += 1

    def _file(self, one: ReturnedFile, unit: RecordId) -> None:
        """That the unit handed in; a corrected version keeps the day of the first."""
        record = self.change.named(Filing, self.year, self.month, unit)
        there = self.change.find(Filing, record)
        first = there.received_on if there is not None and there.received_on else self.received_on
        filings.put_filing(
            self.change, self.year, self.month, unit, received_on=first, confirmed=True,
            file_name=one.name, file_hash=one.digest, template_version=one.made,
            handed_in_by=one.handed_in_by or (there.handed_in_by if there is not None else ""),
        )

    def _file_source(self, one: ReturnedFile, unit: RecordId) -> None:
        """That a 来源部门 gave its figures; its own report of the month is another matter."""
        there = self.change.find(Filing, self.change.named(Filing, self.year, self.month, unit))
        first = None if there is None else there.source_received_on
        filings.put_filing(
            self.change, self.year, self.month, unit, source_received_on=first or self.received_on,
            source_file_name=one.name, source_file_hash=one.digest, source_template_version=one.made,
            source_handed_in_by=one.handed_in_by or (there.source_handed_in_by if there is not None else ""),
        )

    def _propose(self, one: ReturnedFile, changes: Sequence[FieldChange]) -> None:
        """A unit's proposals into the round of this collection."""
        subjects = reads.subjects(self.store, [made.subject for made in changes])
        reasons = {made.subject: made.new for made in changes if made.key == "reason"}
        for made in changes:
            if made.key != "proposed" or made.subject not in subjects:
                continue
            try:
                self._put_proposal(subjects[made.subject], made, reasons.get(made.subject, ""))
            except ProgramError as error:
                self.refused.append(_kept(one, made, f"{error.what}{error.todo}"))

    def _put_proposal(self, subject: Subject, made: FieldChange, reason: str) -> None:
        chosen = self._round_for(subject)
        rounds.put_value(
            self.store, self.change, chosen, subject.indicator, subject.unit, made.new,
            made.unit_label, self.received_on, reason,
        )
        self._filled.add(chosen)
        self.proposals += 1
        self.fields += 1

    def _round_for(self, subject: Subject) -> RecordId:
        """The last collected round while it says nothing of this cell; else one of its own.

        Units hand in one after the other; what a unit says a second time is a further round.
        """
        if self._last is not None:
            there = self.change.named(TargetProposal, self._last, subject.indicator, subject.unit)
            if self.change.find(TargetProposal, there) is None:
                return self._last
        if self._round is None:
            self._round = rounds.put_round(
                self.store, self.change, self.year, RoundSide.UNIT, on=self.received_on,
                source=_ROUND_SOURCE, note="由收回的目标建议表录入",
            )
        return self._round

    def finish(self) -> None:
        """A round into which nothing could go is not left behind."""
        if self._round is not None and self._round not in self._filled:
            self.change.delete(self._round)

    def result(self, files: int) -> CollectResult:
        """What was written."""
        return CollectResult(
            files, len(self.units), self.fields, self.problems, self.proposals,
            tuple(self.refused), tuple(self.doubts), self.self_scores, self.evidence, self.certified,
        )


def _kept(one: ReturnedFile, made: FieldChange, reason: str) -> KeptText:
    place = f"{one.name} {made.place} {made.unit_label} {made.title}"
    return KeptText(place, made.new, reason.rstrip("。"), "没有写入")
