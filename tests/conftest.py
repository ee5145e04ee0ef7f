"""What every test shares: an offscreen window system, a set clock, quiet logs, small counts."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from mbo_desktop import clock

FULL = bool(os.environ.get("MBO_FULL"))
DATA = Path(__file__).parent / "data"

settings.register_profile(
    "quick", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "full", max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("full" if FULL else "quick")


@pytest.fixture
def data_files() -> Path:
    """The folder of published target sets."""
    return DATA


@pytest.fixture
def set_clock() -> Iterator[None]:
    """The morning of 12 March 2020, whatever the machine says."""
    moment = datetime(2020, 3, 12, 9, 0, tzinfo=UTC)
    clock.set_source(lambda: moment)
    yield
    clock.set_source(None)


@pytest.fixture(autouse=True)
def no_unexpected_warnings(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """A warning in the program's log that a test did not announce fails it."""
    yield
    if request.node.get_closest_marker("expects_warnings"):
        return
    for phase in ("setup", "call"):
        for record in caplog.get_records(phase):
            if record.name == "mbo.slow":
                # How quick the machine is at this moment is no fault of the program.
                continue
            if record.levelno >= logging.WARNING and record.name.startswith("mbo"):
                pytest.fail(f"unexpected {record.levelname}: {record.getMessage()}")
