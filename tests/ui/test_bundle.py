"""Programs opened from the installed one find their own libraries, its own children find its."""

from __future__ import annotations

import pytest

from ui.bundle import outside_environment


@pytest.mark.parametrize(("before", "meanwhile"), [
    ({"LD_LIBRARY_PATH": "/ours:/usr/x", "LD_LIBRARY_PATH_ORIG": "/usr/x"}, "/usr/x"),
    ({"LD_LIBRARY_PATH": "/ours", "LD_LIBRARY_PATH_ORIG": ""}, None),
])
def test_the_library_path_is_given_back_for_a_while(before: dict[str, str], meanwhile: str | None) -> None:
    environment = dict(before)
    with outside_environment(environment):
        assert environment.get("LD_LIBRARY_PATH") == meanwhile
    assert environment == before


def test_a_program_from_source_keeps_its_path() -> None:
    environment = {"LD_LIBRARY_PATH": "/own"}
    with outside_environment(environment):
        assert environment == {"LD_LIBRARY_PATH": "/own"}


def test_frozen_without_a_path_before_it_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.frozen", True, raising=False)
    environment = {"LD_LIBRARY_PATH": "/ours"}
    with outside_environment(environment):
        assert environment == {}
    assert environment == {"LD_LIBRARY_PATH": "/ours"}
