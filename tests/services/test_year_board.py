"""The board of the year: its eight figures are those of the rooms they open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop import clock
from mbo_desktop.domain.blanks import Severity
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Light
from mbo_desktop.sample import build_sample
from mbo_desktop.services import (
    blanks,
    comparison,
    dockets,
    filings,
    outside_figures,
    overview,
    paper_files,
    progress_lights,
    results,
    sealing,
    session,
    year_board,
    year_board_paper,
)
from mbo_desktop.services.dockets import DocketFilter
from mbo_desktop.services.outside_figures import OutsideColumn, OutsideField
from mbo_desktop.services.year_board import Headline, RankLine, Tone, YearBoard
from mbo_desktop.store.database import Store

YEAR = 2020
DAY = date(2020, 9, 20)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    clock.set_source(lambda: datetime(YEAR, 9, 20, 9, 0, tzinfo=UTC))
    store = build_sample(
        tmp_path_factory.mktemp("board") / "示例", units=40, targets=260, year=YEAR, nodes=400, with_months=True)
    clock.set_source(None)
    yield store
    store.close()


@pytest.fixture(autouse=True)
def _the_day() -> Iterator[None]:
    clock.set_source(lambda: datetime(YEAR, 9, 20, 9, 0, tzinfo=UTC))
    yield
    clock.set_source(None)


@pytest.fixture(scope="module")
def board(made: Store) -> YearBoard:
    clock.set_source(lambda: datetime(YEAR, 9, 20, 9, 0, tzinfo=UTC))
    return year_board.year_board(made, YEAR, today=DAY)


def by_key(board: YearBoard) -> dict[str, Headline]:
    return {one.key: one for one in board.headlines}


def number(one: Headline) -> int:
    return int(one.number.replace(",", ""))


def test_eight_figures_in_the_speech_s_order(board: YearBoard) -> None:
    assert [one.key for one in board.headlines] == list(year_board.ORDER)
    assert len(board.headlines) == 8
    assert all(one.words and one.detail and one.room for one in board.headlines)


def test_what_was_signed_is_the_sentence_of_account(made: Store, board: YearBoard) -> None:
    signed = overview.signed_targets(made, YEAR)
    assert signed.targets > 0
    assert number(by_key(board)["signed"]) == signed.targets
    assert f"共签订责任目标{signed.targets}项" in overview.account_sentence(made, YEAR)


def test_lights_are_counted_once(made: Store, board: YearBoard) -> None:
    month = board.month
    assert month == max(m for m, n in year_board.progress.count_months(made, YEAR).items() if n and m <= DAY.month)
    judged = progress_lights.lights(made, YEAR, month)
    counts = Counter(one.light for one in judged.values())
    assert number(by_key(board)["behind"]) == counts[Light.RED]
    assert f"预警 {counts[Light.YELLOW]:,} 项" in by_key(board)["behind"].detail
    reached, rest = number(by_key(board)["met"]), number(by_key(board)["unmet"])
    assert reached + rest == len(judged) - counts[Light.NOT_APPLICABLE]
    assert reached == sum(one.measured.reached for one in judged.values() if one.light is not Light.NOT_APPLICABLE)


def test_a_month_that_is_still_to_come_is_not_the_last_one(made: Store) -> None:
    assert year_board.last_month(made, YEAR, date(2020, 2, 10)) <= 2
    assert year_board.last_month(made, YEAR, date(2019, 12, 31)) == 0


def test_blank_spots_and_overdue_are_those_of_their_rooms(made: Store, board: YearBoard) -> None:
    listed = blanks.all_blanks(made, YEAR)
    assert number(by_key(board)["blanks"]) == listed.by_severity[Severity.BLANK]
    assert sum(one.blanks for one in board.blanks) == listed.by_severity[Severity.BLANK]
    assert [one.blanks for one in board.blanks] == sorted((one.blanks for one in board.blanks), reverse=True)
    assert number(by_key(board)["overdue"]) == dockets.count(made, YEAR, DocketFilter(overdue_at=DAY))
    month = int(by_key(board)["unreported"].detail.split("月")[0])
    rows = filings.board(made, YEAR, month)
    assert number(by_key(board)["unreported"]) == sum(
        one.state in (filings.FilingState.MISSING, filings.FilingState.PARTLY) for one in rows)


def test_every_unit_with_a_light_stands_in_one_group(board: YearBoard) -> None:
    assert board.lights is not None
    listed = [one for group in board.group_names for one in board.units_of(group)]
    assert sorted(listed) == sorted(board.units_of(None)) == sorted(board.lights.units)


def test_places_count_from_one_and_moves_are_against_the_month_before(made: Store, board: YearBoard) -> None:
    ranked = next(one for one in board.rankings if len(one.lines) > 2)
    assert [one.rank for one in ranked.lines] == sorted(one.rank for one in ranked.lines)
    assert ranked.lines[0].rank == 1
    shares = [Decimal(one.figure) for one in ranked.lines]
    assert shares == sorted(shares, reverse=True)
    assert ranked.against == "上月"
    assert any(one.move is not None for one in ranked.lines)


@pytest.mark.parametrize(("move", "text"), [(2, "↑2"), (-1, "↓1"), (0, "—"), (None, "")])
def test_moves_are_arrows_with_numbers(move: int | None, text: str) -> None:
    assert RankLine(RecordId(1), "甲县", 1, "90.0", move).move_text == text


def test_a_year_entered_as_results_is_ranked_by_them(made: Store) -> None:
    last = year_board.year_board(made, YEAR - 1, today=DAY)
    placed = {one.unit: one for one in results.unit_results(made, YEAR - 1) if one.rank is not None}
    lines = [line for one in last.rankings for line in one.lines]
    assert {one.unit: one.rank for one in lines} == {unit: one.rank for unit, one in placed.items()}
    assert len({len(one.figure.partition(".")[2]) for one in lines}) == 1, "as many digits below each other"
    assert number(by_key(last)["met"]) == results.account(made, YEAR - 1).counts.done


def test_province_counts_by_direction(tmp_path: Path) -> None:
    store = build_sample(tmp_path / "x", units=6, targets=30, year=YEAR)
    with store:
        assert by_key_quick(store)["province"].tone is Tone.UNKNOWN
        rows = [one for one in comparison.rows(store, YEAR) if one.own and one.direction]
        for row, average in zip(rows[:3], ("0.0001", "999999999", row_own(rows[2].own)), strict=True):
            outside_figures.set_figure(
                store, row.indicator, OutsideColumn(OutsideField.PROVINCE_AVERAGE, str(YEAR)), average)
        counted = Counter(
            one.average_gap.standing.value for one in comparison.rows(store, YEAR) if one.average_gap is not None)
        found = by_key_quick(store)["province"]
        assert number(found) == counted["ahead"]
        assert f"低于 {counted['behind']} 项" in found.detail


def row_own(text: str) -> str:
    return text.replace(",", "")


def by_key_quick(store: Store) -> dict[str, Headline]:
    return {one.key: one for one in year_board.quick_headlines(store, YEAR, DAY)}


def test_an_empty_year_says_what_is_not_there_yet(tmp_path: Path) -> None:
    with session.create_folder(tmp_path / "空", office_name="某市目标办", operators=("刘敏",)) as store:
        found = year_board.year_board(store, YEAR, today=DAY)
        assert found.month == 0
        assert found.lights is None
        assert found.rankings == ()
        unknown = {one.key for one in found.headlines if one.tone is Tone.UNKNOWN}
        assert {"signed", "met", "unmet", "behind", "unreported", "province"} <= unknown
        assert by_key(found)["signed"].detail == "还没有下达目标"


def test_a_sealed_year_asks_nobody_to_fill_blanks(tmp_path: Path) -> None:
    with build_sample(tmp_path / "x", units=6, targets=30, year=YEAR) as store:
        if not sealing.is_sealed(store, YEAR - 1):
            sealing.seal_year(store, YEAR - 1, reason="年度结束")
        found = by_key(year_board.year_board(store, YEAR - 1, today=DAY))["blanks"]
        assert (found.number, found.tone) == ("—", Tone.UNKNOWN)


def test_the_sheet_is_one_page_and_says_what_it_leaves_out(made: Store, board: YearBoard) -> None:
    document = year_board_paper.year_board_document(made, board)
    text = paper_text(document)
    for one in board.headlines:
        assert one.words in text
        assert one.number in text
    assert "■滞后" in text
    import pypdfium2

    pdf = pypdfium2.PdfDocument(paper_files.pdf_of(document))
    assert len(pdf) == 1


def test_a_large_city_still_fits_one_page(made: Store, board: YearBoard) -> None:
    from dataclasses import replace

    many = tuple(
        replace(board.rankings[0], group=f"第{n}考核组市直综合经济部门") for n in range(14))
    large = replace(board, rankings=many, blanks=board.blanks * 6)
    document = year_board_paper.year_board_document(made, large)
    import pypdfium2

    assert len(pypdfium2.PdfDocument(paper_files.pdf_of(document))) == 1
    assert "个分组的位次未列出" in paper_text(document)


def paper_text(document: object) -> str:
    found = []
    for block in document.blocks:  # type: ignore[attr-defined]
        for row in getattr(block, "rows", ()) or ():
            found += [cell.text for cell in row.cells]
        for row in getattr(block, "head", ()) or ():
            found += [cell.text for cell in row.cells]
        text = getattr(block, "text", "")
        found.append(text if isinstance(text, str) else "")
    return "\n".join(found)
