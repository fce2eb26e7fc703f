"""The rule of the rate limiter, step by step."""

from __future__ import annotations

import math
from typing import Any

import pytest

from leadquery import Client
from leadquery.client.rate_limiter import MARGIN, RECOVERY, Rate, Window
from leadquery.errors import QueryError

FREED = 5.0 + MARGIN


def taken(calls: int, number: int, *, until: float = math.inf) -> Window:
    """A window with some permits taken."""
    slots = Window(Rate(calls, 5.0))
    for name in range(number):
        slots.start(str(name), until)
    return slots


def test_a_call_counts_for_a_window_after_its_response() -> None:
    slots = taken(2, 2)

    assert slots.wait_time(100.0) == math.inf
    slots.end("1", 100.0)
    assert slots.wait_time(100.0) == pytest.approx(FREED)
    assert slots.wait_time(104.0) == pytest.approx(FREED - 4)
    assert slots.wait_time(100.0 + FREED) == 0.0
    slots.start("2", math.inf)
    assert slots.wait_time(1e9) == math.inf


def test_a_call_that_never_ends_counts_until_its_timeout() -> None:
    """Its process may have been killed."""
    slots = taken(1, 1, until=70.0)

    assert (slots.wait_time(69.0), slots.wait_time(70.0)) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("calls", "refusals", "limit"), [(25, 1, 12), (25, 2, 6), (25, 9, 1), (1, 1, 1), (3, 1, 1)]
)
def test_each_rejection_halves_the_rate(calls: int, refusals: int, limit: int) -> None:
    """Down to one call in a window."""
    slots = taken(calls, 0)

    for place in range(refusals):
        slots.reject(started=place + 0.5, now=place + 0.9, pause=0.0)

    assert slots.limit == limit


def test_calls_in_flight_halve_the_rate_once() -> None:
    slots = taken(24, 24)

    for place in range(24):
        slots.reject(started=0.0, now=1.0 + place / 10, pause=0.0)

    assert slots.limit == 12


def test_the_halved_rate_delays_calls() -> None:
    slots = taken(4, 0)
    for name in range(4):
        slots.start(str(name), 10.0 + name)
    slots.reject(started=1.0, now=2.0, pause=0.0)

    assert [slots.wait_time(moment) for moment in (9.0, 12.0)] == [3.0, 0.0]


def test_full_rate_returns_a_minute_after_the_last_rejection() -> None:
    """Whether or not it halved the rate."""
    slots = taken(8, 0)
    slots.reject(started=0.0, now=1.0, pause=0.0)
    slots.reject(started=0.5, now=11.0, pause=0.0)

    for moment, limit in ((1 + RECOVERY, 4), (10.9 + RECOVERY, 4), (11 + RECOVERY, 8)):
        slots.wait_time(moment)
        assert slots.limit == limit


def test_the_pause_of_a_rejection_delays_calls() -> None:
    """The longest pause counts."""
    slots = taken(8, 0)
    slots.reject(started=0.0, now=1.0, pause=30.0)
    slots.reject(started=0.0, now=2.0, pause=3.0)

    assert (slots.wait_time(2.0), slots.wait_time(31.0)) == (29.0, 0.0)


def test_calls_count_after_a_change_of_rate() -> None:
    """For the longer of both windows."""
    longer, shorter = taken(2, 2, until=10.0), taken(2, 2, until=10.0)
    longer.set_rate(Rate(2, 60.0))
    shorter.set_rate(Rate(3, 1.0))

    assert (longer.wait_time(9.0), longer.limit) == (56.0, 2)
    assert (shorter.wait_time(9.0), shorter.limit) == (0.0, 3)
    assert shorter.expiries == {"0": 10.0, "1": 10.0}


@pytest.mark.parametrize("slots", [taken(2, 0), taken(2, 2, until=3.0)])
def test_expired_calls_are_forgotten(slots: Window) -> None:
    assert slots.is_idle(5.0)


@pytest.mark.parametrize("pause", [0.0, 4.5])
def test_window_is_not_idle_while_a_call_counts(pause: float) -> None:
    """Nor at half rate, nor during a pause."""
    slots = taken(2, 0)
    slots.reject(started=0.0, now=1.0, pause=pause)

    assert not slots.is_idle(5.0)
    assert slots.is_idle(61.0)
    assert not taken(2, 1).is_idle(5.0)


WRONG = (
    "is not a pair of calls and seconds; write rate=(25, 5.0), 'auto' to adopt the account's, "
    "or None for no limit"
)
NONE_GO = "allows no call; write rate=(25, 5.0)"


@pytest.mark.parametrize(
    ("rate", "message"),
    [
        (25, f"rate=25 {WRONG}"),
        ("25/5", f"rate='25/5' {WRONG}"),
        ((25,), WRONG),
        ((25, 5.0, 1), WRONG),
        ((25.0, 5.0), WRONG),
        ((True, 5.0), WRONG),
        ((25, "5"), WRONG),
        ((0, 5.0), NONE_GO),
        ((-1, 5.0), NONE_GO),
        ((25, 0), NONE_GO),
        ((25, -5.0), NONE_GO),
        ((25, math.inf), NONE_GO),
        ((25, math.nan), NONE_GO),
    ],
)
def test_invalid_rates_are_rejected(rate: Any, message: str) -> None:
    """The message shows a valid rate."""
    with pytest.raises(QueryError) as caught:
        Client("api.example.com", "access", "secret", rate=rate)

    assert str(caught.value).startswith("rate=")
    assert str(caught.value).endswith(message)


@pytest.mark.parametrize("rate", [(10, 5), [10, 5.0], Rate(10, 5.0)])
def test_a_rate_is_a_pair(rate: Any) -> None:
    """Of calls and seconds."""
    assert Rate.parse(rate) == Rate(10, 5.0)
