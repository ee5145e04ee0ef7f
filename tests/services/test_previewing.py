"""Old beside new: what is new altogether is put into words when somebody looks at it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from offices_exchanging import begin_below, make_city, report, send_down, send_up, take

from mbo_desktop.errors import Cancelled
from mbo_desktop.services import previewing, receiving
from mbo_desktop.services.received import Inbox
from mbo_desktop.store.database import Store

COUNT = 260
"""Targets of each county, so that there are several lots."""


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Inbox]:
    """A city that looks at the first reports of two counties."""
    folder = tmp_path_factory.mktemp("exchange")
    with make_city(folder / "city", ["甲县", "乙县"], COUNT) as city:
        sent = []
        for name in ("甲县", "乙县"):
            with begin_below(folder / name, send_down(city, name, folder / f"down{name}")) as county:
                report(county, 3, list(range(COUNT)))
                sent.append(send_up(county, folder / f"up{name}"))
        yield city, take(city, *sent)  # type: ignore[misc]


def compared(found: Inbox) -> Inbox:
    """The same list as if nothing were known to be new: all is compared and told at once."""
    return replace(found, briefs=tuple(replace(one, fresh=False) for one in found.briefs))


def test_lazily_and_at_once_the_same_is_told(stick: tuple[Store, Inbox]) -> None:
    city, found = stick
    assert [one.fresh for one in found.briefs] == [True, True]
    lazily = receiving.preview(city, found, [0, 1])
    at_once = receiving.preview(city, compared(found), [0, 1])
    assert len(lazily) == len(at_once) == sum(row.changes for row in found.rows)
    assert list(lazily) == list(at_once)
    assert {one.new for one in lazily if one.type_label == "进度"} >= {str(one) for one in range(COUNT)}
    assert {one.unit_label for one in lazily} == {"甲县", "乙县"}


def test_any_place_can_be_asked_for(stick: tuple[Store, Inbox]) -> None:
    city, found = stick
    lazily = receiving.preview(city, found, [1, 0])
    whole = list(lazily)
    assert [lazily[place] for place in range(len(lazily))] == whole
    assert lazily[-1] == whole[-1]
    assert list(lazily[95:205]) == whole[95:205]
    assert list(lazily[::-50]) == whole[::-50]
    for place in (len(whole), -len(whole) - 1):
        with pytest.raises(IndexError):
            lazily[place]


def test_few_packages_lie_open_at_a_time(stick: tuple[Store, Inbox], monkeypatch: pytest.MonkeyPatch) -> None:
    city, found = stick
    monkeypatch.setattr(previewing, "_OPEN", 1)
    monkeypatch.setattr(previewing, "_TOLD", 1)
    assert list(receiving.preview(city, found, [0, 1])) == list(receiving.preview(city, compared(found), [0, 1]))


def test_a_preview_can_be_stopped(stick: tuple[Store, Inbox]) -> None:
    city, found = stick
    with pytest.raises(Cancelled):
        previewing.preview(city, found, [0, 1], cancelled=lambda: True)


def test_what_is_shown_stays_when_it_was_taken_in(stick: tuple[Store, Inbox]) -> None:
    """The list is still there while the import goes on; last of the tests, since it writes."""
    city, found = stick
    lazily, expected = receiving.preview(city, found, [0, 1]), list(receiving.preview(city, found, [0, 1]))
    receiving.apply(city, found, [0, 1])
    assert list(lazily) == expected
