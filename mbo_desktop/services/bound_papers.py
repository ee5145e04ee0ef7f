"""All agreements of a year as one file for the printer: cover, list, every copy in official order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mbo_desktop.domain.agreements import Agreement, AgreementLevel
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.services import papers, season_papers
from mbo_desktop.services.agreements import agreement_ids
from mbo_desktop.store.database import Store


def write_bound(
    store: Store,
    year: int,
    path: Path,
    *,
    agreements: Sequence[RecordId] | None = None,
    level: AgreementLevel | None = None,
    copies: int | None = None,
    cover: bool = True,
    double_sided: bool = True,
    progress: papers.Progress | None = None,
    cancelled: papers.Cancelled | None = None,
) -> papers.PrintedFiles:
    """One PDF of all (or these) agreements by the built-in layout.

    level: of the list on the cover, and of all agreements where none are named.
    copies: of each (None: as many as its text says, 一式两份 …). double_sided: every copy begins
    on a front page. Raises InputError, Cancelled, FileWriteError; nothing is left half done.
    """
    from mbo_desktop.documents.agreement import agreement_document
    from mbo_desktop.documents.binding import bind
    from mbo_desktop.documents.child import PaperJob, PaperProcess
    from mbo_desktop.documents.output import scratch_folder

    if copies is not None and not 1 <= copies <= 20:
        raise InputError(f"份数不能是 {copies}。", "请填 1 到 20。", "未写出任何文件。")
    if agreements is None and level is not None:
        agreements = agreement_ids(store, year, level)
    named = papers.agreement_papers(store, year, agreements)
    records = store.get_many(Agreement, [record for record, _, _ in named])
    papers.make_folder(path.parent)
    with scratch_folder() as folder:
        jobs, counts = [], []
        if cover:
            jobs.append(PaperJob(season_papers.cover_document(store, year, level), folder / "0.pdf"))
            counts.append(1)
        for place, (record, _, paper) in enumerate(named, start=1):
            jobs.append(PaperJob(agreement_document(paper), folder / f"{place}.pdf"))
            counts.append(copies or len(records[record].copies) or 2)
        with PaperProcess() as process:
            batch = process.render_files(jobs, progress, cancelled)
        parts = list(zip(batch.paths, counts, strict=True))
        bind(parts, path, double_sided=double_sided, cancelled=cancelled)
    missing = [f"所有字体中都没有这些字:{'、'.join(batch.missing)}"] if batch.missing else []
    return papers.PrintedFiles((path,), tuple(missing))
