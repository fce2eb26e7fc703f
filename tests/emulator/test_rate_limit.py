"""The rate limit is strict: no window contains more calls than it allows."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery.emulator import Clock, Emulator
from leadquery.emulator.faults import RateWindow
from leadquery.errors import QueryError
from tests.emulator.fake_clock import FakeTime
from tests.emulator.payloads import KEYS, URL, list_of, payload

LIST = payload(list_of("ProspectID"))


@pytest.mark.parametrize(
    ("moments", "admitted"),
    [
        ([0, 1, 2], [True, True, False]),
        ([0, 4, 4.999, 5, 8.999, 9], [True, True, False, True, False, True]),
        # Who is refused is not counted.
        ([0, 0, 1, 2, 3, 4, 5, 5, 5], [True, True, *[False] * 4, True, True, False]),
        # Two at the end of one stretch of five seconds and two at the start of the next are four.
        ([4.9, 4.9, 5.1, 5.1], [True, True, False, False]),
    ],
)
def test_allowed_calls(moments: list[float], admitted: list[bool]) -> None:
    """Two calls in five seconds."""
    time = FakeTime()
    window = RateWindow((2, 5.0), time.clock)
    found = []

    for moment in moments:
        time.now = moment
        found.append(window.allow())

    assert found == admitted
    assert window.rejected == admitted.count(False)


@given(
    st.integers(1, 4),
    st.sampled_from((0.5, 1, 5.0)),
    st.lists(st.integers(0, 40), max_size=40).map(sorted),
)
def test_no_window_contains_more_calls(calls: int, seconds: float, quarters: list[int]) -> None:
    """And no call is rejected without need."""
    time = FakeTime()
    window = RateWindow((calls, seconds), time.clock)
    let_in: list[float] = []

    for time.now in (quarter / 4 for quarter in quarters):
        within = [moment for moment in let_in if time.now - moment < seconds]
        admitted = window.allow()
        let_in += [time.now] * admitted
        assert admitted == (len(within) < calls)

    assert all(
        len([one for one in let_in if start <= one < start + seconds]) <= calls for start in let_in
    )


def test_a_call_over_the_limit_gets_429() -> None:
    """With the API's error body; the session declares its rate limit."""
    time = FakeTime()
    emulator = Emulator([{"ProspectID": "a"}], rate=(2, 5.0), clock=time.clock)
    one, other = emulator.session(), emulator.session()

    replies = [each.post(URL, params=KEYS, json=LIST) for each in (one, other, one)]
    time.now = 5
    late = other.post(URL, params=KEYS, json=LIST)

    assert [reply.status_code for reply in (*replies, late)] == [200, 200, 429, 200]
    assert replies[2].json() == {
        "Status": "Error",
        "ExceptionType": "MXAPIRateLimitExceededException",
        "ExceptionMessage": "API calls exceeded the limit of 2 in 5 second(s)",
    }
    assert emulator.rejected_calls == 1
    assert one.unpaced is False


def test_without_a_limit_no_call_is_rejected() -> None:
    """The default; the session declares that it has none."""
    emulator = Emulator([])
    session = emulator.session()

    assert {session.post(URL, params=KEYS, json=LIST).status_code for _ in range(50)} == {200}
    assert session.unpaced is True
    assert emulator.rejected_calls == 0


def test_which_calls_count() -> None:
    """Calls with invalid bodies do; those without keys or to another path do not."""
    emulator = Emulator([], rate=(1, 5.0), clock=FakeTime().clock)
    session = emulator.session()

    assert session.get(URL, params=KEYS).status_code == 405
    assert session.post(URL + "x", params=KEYS, json=LIST).status_code == 404
    assert session.post(URL, json=LIST).status_code == 401
    assert session.post(URL, params=KEYS, json={}).status_code == 400
    assert session.post(URL, params=KEYS, json=LIST).status_code == 429


def test_a_demo_emulator_with_a_limit() -> None:
    """With the same parameters."""
    emulator = Emulator.demo(5, rate=(1, 5.0), clock=FakeTime().clock, keys=[("a", "b")])
    session = emulator.session()

    calls = [
        session.post(URL, params={"accessKey": "a", "secretKey": key}, json=LIST) for key in "bcb"
    ]

    assert [reply.status_code for reply in calls] == [200, 401, 429]


def test_threads_share_the_limit() -> None:
    emulator = Emulator([], rate=(25, 60.0))
    statuses: list[int] = []

    def call() -> None:
        session = emulator.session()
        statuses.extend(session.post(URL, params=KEYS, json=LIST).status_code for _ in range(10))

    threads = [Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (statuses.count(200), statuses.count(429)) == (25, 55)


@pytest.mark.parametrize(
    "rate",
    [
        25,
        "25/5",
        (25,),
        (0, 5.0),
        (2.5, 5.0),
        (25, 0),
        (25, -1),
        (25, float("inf")),
        (25, float("nan")),
    ],
)
def test_invalid_rates(rate: Any) -> None:
    """The message shows a valid rate."""
    with pytest.raises(QueryError) as caught:
        Emulator([], rate=rate)

    assert str(caught.value).startswith("rate: ")
    assert str(caught.value).endswith(
        "is not a rate; write (25, 5.0) for 25 calls in 5 seconds, or None"
    )


def test_the_default_clock() -> None:
    """It is monotonic, and sleeps."""
    clock = Clock()
    before = clock.now()

    clock.sleep(0.01)

    assert 0.01 <= clock.now() - before < 5
