"""What Ctrl+K finds among the papers is shown where the log would show it."""

from __future__ import annotations

from ui.top_bar import TopBar


def test_a_paper_that_is_found_opens_where_the_log_would_show_it(qtbot, monkeypatch) -> None:
    from mbo_desktop.domain.identity import RecordId
    from mbo_desktop.services import log_places
    from mbo_desktop.services.search import Hit
    from mbo_desktop.services.search_papers import PaperKind
    from ui.grids.columns import Option

    bar = TopBar([])
    qtbot.addWidget(bar)
    went: list[tuple[str, int, str]] = []
    said: list[str] = []

    class Space:
        store = None

        def go(self, page: str, record: int, kind: str) -> None:
            went.append((page, record, kind))

        def say(self, text: str) -> None:
            said.append(text)

    bar._workspace = Space()  # type: ignore[assignment]
    monkeypatch.setattr(log_places, "place_of", lambda _store, record: log_places.Place("planning", record, "source"))
    bar._on_picked(Option(Hit(PaperKind.SOURCE, RecordId(7), "甲", "乙"), "甲"))
    bar._on_picked(Option(Hit(PaperKind.PACKAGE, RecordId(3), "甲", "乙"), "甲"))
    assert went == [("planning", 7, "source"), ("exchange", 0, "register")]
    monkeypatch.setattr(log_places, "place_of", lambda _store, _record: None)
    bar._on_picked(Option(Hit(PaperKind.NUMBER, RecordId(8), "柯目〔2020〕7号", "乙"), "甲"))
    assert len(went) == 2 and "文号期号登记" in said[0]
