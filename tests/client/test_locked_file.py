"""A lock file that another process holds for long."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Condition

import pytest

from leadquery.client.deadline import CLOCK, Deadline
from leadquery.client.rate_limiter import Rate, RateLimiter, Window
from leadquery.client.rate_limiter_sqlite import SqliteStore
from leadquery.errors import QueryError
from tests.client.clocks import InstantClock

RATE = Rate(5, 20.0)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process has stopped while it held the lock."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "account.lock"


def limiter_of(path: Path) -> RateLimiter:
    limiter = RateLimiter(RATE)
    limiter.use_store(SqliteStore(path, "account", RATE, CLOCK))
    return limiter


def window_of(path: Path) -> Window:
    with SqliteStore(path, "account", RATE, CLOCK).window() as window:
        return window


def test_a_permit_is_given_up_at_the_deadline(path: Path) -> None:
    """Not after 30 s, when the file is given up."""
    limiter = limiter_of(path)
    began = time.monotonic()

    with locked(path), limiter.permit(Deadline(0.3), 1) as permit:
        assert permit is None

    assert time.monotonic() - began < 20


def test_a_call_that_ends_while_the_file_is_locked_counts_until_then(path: Path) -> None:
    """Its end is saved with the next call."""
    limiter = limiter_of(path)
    with limiter.permit(Deadline(), 60) as permit, locked(path):
        assert permit
        permit.end()
        permit.reject(0.0)
    [expiry] = window_of(path).expiries.values()
    assert expiry > CLOCK.now() + 50

    with limiter.permit(Deadline(), 60):
        pass

    window = window_of(path)
    assert max(window.expiries.values()) < CLOCK.now() + 50
    assert window.limit == 2


def test_a_client_can_be_created_while_the_file_is_locked(path: Path) -> None:
    """The calls that count already are added later."""
    window_of(path)
    limiter = RateLimiter(RATE)
    with limiter.permit(Deadline(), 60):
        pass

    with locked(path):
        limiter.use_store(SqliteStore(path, "account", RATE, CLOCK))
    with limiter.permit(Deadline(), 60):
        assert len(window_of(path).expiries) == 2


class FastClock(InstantClock):
    """Each wait takes 20 s."""

    def wait(self, condition: Condition, seconds: float) -> None:
        super().wait(condition, max(seconds, 20.0))


def test_a_file_that_stays_locked_is_an_error(path: Path) -> None:
    """Somebody has to end the other process."""
    clock = FastClock()
    limiter = RateLimiter(RATE, clock)
    limiter.use_store(SqliteStore(path, "account", RATE, clock))

    with (
        locked(path),
        pytest.raises(QueryError, match="another process has locked it for 30 s"),
        limiter.permit(Deadline(None, clock), 1),
    ):
        pass


def test_a_file_that_cannot_be_used_changes_nothing(tmp_path: Path) -> None:
    """The window in memory stays in use."""
    limiter = RateLimiter(RATE)

    with pytest.raises(QueryError, match="cannot be used"):
        limiter.use_store(SqliteStore(tmp_path / "no" / "file", "account", RATE, CLOCK))

    with limiter.permit(Deadline(), 1) as permit:
        assert permit
