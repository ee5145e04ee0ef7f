"""Files appear whole or not at all; the child process; pages as pictures."""

from __future__ import annotations

import errno
import os
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest

from mbo_desktop import clock
from mbo_desktop.documents.agreement import agreement_document
from mbo_desktop.documents.child import PaperJob, PaperProcess
from mbo_desktop.documents.font_files import bundled_fonts
from mbo_desktop.documents.model import Document, Paragraph
from mbo_desktop.documents.output import put_file, scratch_folder, sweep_scratch
from mbo_desktop.documents.pages import Pages
from mbo_desktop.documents.pdf import render_pdf
from mbo_desktop.errors import Cancelled, FileReadError, FileWriteError
from tests.documents.samples import fengtai

SMALL = Document("短文", (Paragraph.of("目标责任"),))


@pytest.mark.parametrize(
    ("number", "word"),
    [(errno.ENOSPC, "已满"), (errno.EROFS, "权限"), (errno.EBUSY, "打开"), (errno.EIO, "未能写出")],
)
def test_trouble_is_told_and_leaves_nothing(
    number: int, word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(number, "fault")

    (tmp_path / "旧.pdf").write_bytes(b"old")
    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(FileWriteError) as told:
        put_file(tmp_path / "旧.pdf" if number == errno.EBUSY else tmp_path / "新.pdf", b"new")
    assert word in told.value.what
    assert told.value.todo
    assert [one.name for one in tmp_path.iterdir()] == ["旧.pdf"]
    assert (tmp_path / "旧.pdf").read_bytes() == b"old"


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileWriteError, match="不存在"):
        render_pdf(SMALL, tmp_path / "无" / "文.pdf", bundled_fonts())


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "文.pdf").mkdir()
    with pytest.raises(FileWriteError):
        render_pdf(SMALL, tmp_path / "文.pdf", bundled_fonts())
    assert [one.name for one in tmp_path.iterdir()] == ["文.pdf"]


def test_pages_as_pictures() -> None:
    from io import BytesIO

    buffer = BytesIO()
    render_pdf(agreement_document(fengtai()), buffer, bundled_fonts())
    with Pages(buffer.getvalue()) as pages:
        assert len(pages) == 4
        assert pages.size(0) == pytest.approx((595.28, 841.89), abs=0.1)
        image = pages.image(0, 0.5)
        assert len(image.rgba) == image.stride * image.height
        pixels = {image.rgba[i : i + 4] for i in range(0, len(image.rgba), 4)}
        assert b"\xff\xff\xff\xff" in pixels
        assert any(pixel[0] < 60 and pixel[3] == 255 for pixel in pixels)
        assert all(pixel[3] == 255 for pixel in pixels)


def test_no_pdf_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileReadError):
        Pages(b"no pdf at all")
    with pytest.raises(FileReadError):
        Pages(tmp_path / "无.pdf")


def test_the_child_makes_previews_and_batches(tmp_path: Path) -> None:
    document = agreement_document(fengtai())
    seen: list[tuple[int, int, str]] = []
    with PaperProcess(bundled_fonts()) as papers:
        data, result = papers.render(document)
        assert data.startswith(b"%PDF")
        assert result.pages == 4
        jobs = [PaperJob(document, tmp_path / f"{i}.pdf") for i in range(3)]
        jobs.append(PaperJob(document, tmp_path / "3.docx"))
        batch = papers.render_files(jobs, lambda *step: seen.append(step))
        assert seen == [(i + 1, 4, document.name) for i in range(4)]
        assert [one.pages for one in batch.results] == [4, 4, 4, 0]
        assert sorted(one.name for one in tmp_path.iterdir()) == ["0.pdf", "1.pdf", "2.pdf", "3.docx"]
        assert (tmp_path / "0.pdf").read_bytes() == data

        # Cancelled after two: the folder is as it was, and the child still serves.
        (tmp_path / "0.pdf").write_bytes(b"before")
        asked = iter([False, False, True])
        with pytest.raises(Cancelled):
            papers.render_files(jobs, cancelled=lambda: next(asked))
        assert (tmp_path / "0.pdf").read_bytes() == b"before"
        assert len(list(tmp_path.iterdir())) == 4

        # One file that cannot be written: none is, and the user reads its own name.
        bad = [PaperJob(SMALL, tmp_path / "4.pdf"), PaperJob(SMALL, tmp_path / "无" / "5.pdf")]
        with pytest.raises(FileWriteError, match=r"“5\.pdf”"):
            papers.render_files(bad)
        assert not (tmp_path / "4.pdf").exists()
        assert papers.render(SMALL)[1].pages == 1


def test_a_child_that_dies_is_told_and_replaced() -> None:
    with PaperProcess(bundled_fonts()) as papers:
        papers.render(SMALL)
        child = papers._children[0].process
        child.kill()
        child.join()
        with pytest.raises(FileWriteError, match="意外退出"):
            papers.render(SMALL)
        assert papers.render(SMALL)[1].pages == 1


def test_a_large_batch_is_shared_by_two_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    jobs = [
        PaperJob(Document(f"短文{i}", (Paragraph.of(f"第{i}件"),)), tmp_path / f"{i}.pdf")
        for i in range(20)
    ]
    seen: list[tuple[int, str]] = []
    with PaperProcess(bundled_fonts()) as papers:
        batch = papers.render_files(jobs, lambda done, _total, name: seen.append((done, name)))
        assert len(papers._children) == 2
        assert [done for done, _ in seen] == list(range(1, 21))
        assert {name for _, name in seen} == {f"短文{i}" for i in range(20)}
        assert batch.paths == tuple(job.path for job in jobs)
        for number, path in enumerate(batch.paths):
            with Pages(path) as pages:
                assert f"第{number}件" in pages.text(0)

        # All or none holds for both: one bad place, and both still serve afterwards.
        bad = [*jobs, PaperJob(SMALL, tmp_path / "无" / "x.pdf")]
        for path in batch.paths:
            path.unlink()
        with pytest.raises(FileWriteError):
            papers.render_files(bad)
        assert list(tmp_path.iterdir()) == []
        papers._children[1].process.kill()
        papers._children[1].process.join()
        with pytest.raises(FileWriteError, match="意外退出"):
            papers.render_files(jobs)
        assert list(tmp_path.iterdir()) == []
        assert papers.render(SMALL)[1].pages == 1


def test_the_window_side_imports_no_reportlab() -> None:
    import subprocess
    import sys

    code = (
        "import sys, mbo_desktop.documents.child, mbo_desktop.documents.agreement, "
        "mbo_desktop.documents.allotment; print('reportlab' in sys.modules, 'docx' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "False"]


def test_scratch_folders_of_killed_programs_are_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only folders, only by our names, only after a day; what is in use or another's stays."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, young = clock.now() - timedelta(days=2), clock.now() - timedelta(hours=20)
    for name, at in (
        ("mbo-paper-ab12_xyz", old), ("mbo-k3_vq9zz", old), ("mbo-self-test-abcdefgh", old),
        ("mbo-paper-ab12_new", young), ("mbo-work-abcdefgh", old), ("mbo-reports", old), ("other-abcdefgh", old),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "责任书.pdf").write_bytes(b"%PDF")
        os.utime(tmp_path / name, (at.timestamp(), at.timestamp()))
    if os.name != "nt":
        (tmp_path / "mbo-paper-linked01").symlink_to(tmp_path / "other-abcdefgh")
    with scratch_folder() as mine:
        assert sweep_scratch() == 3
        assert {path.name for path in tmp_path.iterdir() if not path.is_symlink()} == {
            "mbo-paper-ab12_new", "mbo-work-abcdefgh", "mbo-reports", "other-abcdefgh", mine.name,
        }
    assert not mine.exists()
    assert (tmp_path / "other-abcdefgh" / "责任书.pdf").exists()
