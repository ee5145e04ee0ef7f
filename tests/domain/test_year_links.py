"""Which indicator of last year an indicator goes on with."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.year_links import LinkedIndicator, line_of, predecessors


def one(number: int, year: int, name: str, unit: str = "", *continues: int) -> LinkedIndicator:
    return LinkedIndicator(RecordId(number), year, name, unit, tuple(RecordId(i) for i in continues))


def test_by_name_over_a_missing_year() -> None:
    links = predecessors([one(1, 2016, "工业投资"), one(2, 2018, "工业 投资"), one(3, 2019, "工业投资")])
    assert links == {2: (1,), 3: (2,)}
    assert line_of(RecordId(3), links) == (3, 2, 1)


def test_what_is_stated_wins_over_the_name() -> None:
    links = predecessors([
        one(1, 2018, "工业投资"), one(2, 2018, "技改投资"), one(3, 2019, "工业投资", "", 2, 1),
    ])
    assert links == {3: (2, 1)}


def test_of_two_alike_none_is_guessed() -> None:
    before = [one(1, 2018, "投资", "亿元"), one(2, 2018, "投资", "%")]
    assert predecessors([*before, one(3, 2019, "投资", "%")]) == {3: (2,)}
    assert predecessors([*before, one(3, 2019, "投资", "个")]) == {}


indicators = st.lists(
    st.tuples(
        st.integers(2015, 2020), st.sampled_from(["甲", "乙", "丙"]), st.sampled_from(["", "%"]),
        st.lists(st.integers(1, 12), max_size=3),
    ),
    max_size=12,
).map(lambda rows: [one(n, y, name, unit, *more) for n, (y, name, unit, more) in enumerate(rows, 1)])


@given(indicators)
def test_links_go_back_in_time_and_end(found: list[LinkedIndicator]) -> None:
    links = predecessors(found)
    years = {i.id: i.year for i in found}
    for record, earlier in links.items():
        assert all(years[before] < years[record] for before in earlier)
    for i in found:
        line = line_of(i.id, links)
        assert len(set(line)) == len(line)
        assert line[0] == i.id
