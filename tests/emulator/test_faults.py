"""Injected faults: like those of a real connection, and reproducible."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any

import pytest
import requests
from hypothesis import given, strategies as st
from requests.exceptions import ChunkedEncodingError, ConnectionError as NoConnection, ReadTimeout

from leadquery.emulator import Emulator, Fault, Faults
from leadquery.errors import QueryError
from tests.emulator.fake_clock import FakeTime
from tests.emulator.payloads import KEYS, URL, list_of, payload

LIST = payload(list_of("ProspectID"))
LEADS = [{"ProspectID": chr(97 + place)} for place in range(6)]
EMULATOR = Emulator(LEADS)


def post(session: requests.Session, **named: Any) -> requests.Response:
    """The same call each time."""
    return session.post(URL, params=KEYS, json=LIST, **named)


def ids(session: requests.Session) -> str:
    """The ids of all leads that a call sees, in order."""
    return "".join(row["ProspectID"] for row in post(session).json()["Results"])


@pytest.mark.parametrize(
    ("fault", "status", "content_type", "body"),
    [
        (Fault.LIMITED, 429, "application/json", "MXAPIRateLimitExceededException"),
        (Fault.LIMITED_WITH_200, 200, "application/json", "MXAPIRateLimitExceededException"),
        (Fault.REJECTED, 500, "application/json", "MXInvalidInputException"),
        (Fault.FAILED, 500, None, ""),
        (Fault.UNAVAILABLE, 503, "text/html", "503 Service Temporarily Unavailable"),
    ],
)
def test_faults_that_replace_the_response(
    fault: Fault, status: int, content_type: str | None, body: str
) -> None:
    """Once; the next call succeeds."""
    session = EMULATOR.session(Faults([fault]))

    reply = post(session)

    assert (reply.status_code, reply.headers.get("Content-Type")) == (status, content_type)
    assert body in reply.text
    assert bool(reply.text) == bool(body)
    assert ids(session) == "abcdef"
    assert session.fault_log == (fault, None)


@pytest.mark.parametrize("fault", [Fault.LIMITED, Fault.REJECTED, Fault.FAILED])
def test_rejected_calls_stay_rejected(fault: Fault) -> None:
    """Invalid keys are a 401 whatever the fault."""
    assert EMULATOR.session(Faults([fault])).post(URL, json=LIST).status_code == 401


@pytest.mark.parametrize(
    ("fault", "error", "text"),
    [
        (Fault.REFUSED, NoConnection, "Max retries exceeded with url: /Leads"),
        (Fault.DROPPED, NoConnection, "Remote end closed connection without response"),
        (Fault.SLOW, ReadTimeout, "Read timed out. (read timeout=60)"),
        (Fault.TRUNCATED, ChunkedEncodingError, "IncompleteRead"),
    ],
)
def test_faults_that_lose_the_connection(fault: Fault, error: type[Exception], text: str) -> None:
    """With the errors of requests; the next call succeeds."""
    session = Emulator(LEADS, clock=FakeTime().clock).session(Faults([fault]))

    with pytest.raises(error) as caught:
        post(session, timeout=(5, 60))

    assert text in str(caught.value)
    assert ids(session) == "abcdef"


def test_errors_contain_the_url_as_real_ones_do() -> None:
    """So that tests can verify that a client hides its keys."""
    session = EMULATOR.session(Faults([Fault.REFUSED, Fault.DROPPED]))

    with pytest.raises(NoConnection) as refused:
        post(session)
    with pytest.raises(NoConnection) as dropped:
        post(session)

    assert "secretKey=s%26cret" in str(refused.value)
    assert "secretKey=s%26cret" in str(getattr(dropped.value.request, "url", None))


def test_a_truncated_body() -> None:
    """A streaming caller gets the part, then the error."""
    session = EMULATOR.session(Faults([Fault.TRUNCATED]))
    whole = post(EMULATOR.session()).content
    got: list[bytes] = []

    with post(session, stream=True) as reply, pytest.raises(ChunkedEncodingError):
        got.extend(reply.iter_content(1))

    assert reply.headers["Content-Length"] == str(len(whole))
    assert b"".join(got) == whole[: len(whole) // 2]


@pytest.mark.parametrize(
    ("fault", "counted"), [(Fault.REFUSED, 0), (Fault.DROPPED, 1), (Fault.LIMITED, 1), (None, 1)]
)
def test_calls_that_arrive_count(fault: Fault | None, counted: int) -> None:
    """The rate limit counts them whatever happens to the response."""
    emulator = Emulator(LEADS, rate=(1, 5.0), clock=FakeTime().clock)

    with suppress(NoConnection):
        post(emulator.session(Faults([fault])))

    assert post(emulator.session()).status_code == (429 if counted else 200)


@pytest.mark.parametrize(
    ("latency", "slow", "timeout", "waits", "error"),
    [
        (0.3, 90, (5, 60), [0.3, 0.3], None),
        (0.3, 90, None, [0.3, 0.3], None),
        (20, 90, 30, [20, 10], ReadTimeout),
        (40, 90, 30, [30], ReadTimeout),
        (lambda rng: 1 + rng.random() * 0, 90, None, [1, 1], None),
        (lambda _: -1, 90, None, [], None),
        (0, 90, None, [], None),
    ],
)
def test_latency(
    latency: Any, slow: float, timeout: Any, waits: list[float], error: type[Exception] | None
) -> None:
    """The caller waits for both directions."""
    time = FakeTime()
    session = Emulator(LEADS, clock=time.clock).session(Faults(latency=latency, slow=slow))

    if error is None:
        assert post(session, timeout=timeout).status_code == 200
    else:
        with pytest.raises(error):
            post(session, timeout=timeout)

    assert time.waits == waits


def test_a_slow_response() -> None:
    time = FakeTime()
    session = Emulator(LEADS, clock=time.clock).session(Faults([Fault.SLOW], slow=20, latency=1))

    assert post(session, timeout=(5, 60)).status_code == 200
    assert time.waits == [1, 21]


def test_a_call_counts_when_it_arrives() -> None:
    """Not when it is sent: two calls sent far apart may arrive together."""
    time = FakeTime()
    emulator = Emulator(LEADS, rate=(1, 5.0), clock=time.clock)
    delays = iter((4.0, 0.0, 0.0, 0.0))
    session = emulator.session(Faults(latency=lambda _: next(delays)))

    post(session)
    time.now = 8.5

    assert post(session).status_code == 429


def test_a_call_counts_after_its_caller_timed_out() -> None:
    emulator = Emulator(LEADS, rate=(1, 5.0), clock=FakeTime().clock)

    with pytest.raises(ReadTimeout):
        post(emulator.session(Faults(latency=2)), timeout=1)

    assert post(emulator.session()).status_code == 429


PLANS = st.one_of(
    st.lists(st.none() | st.sampled_from(Fault), max_size=12),
    st.dictionaries(st.sampled_from(Fault), st.floats(0, 1 / len(Fault)), max_size=len(Fault)),
)


def ends(session: requests.Session, calls: int) -> list[str]:
    """How calls end: with leads, a status or an error."""
    found = []
    for _ in range(calls):
        try:
            reply = post(session, timeout=(5, 60))
            found.append(f"{reply.status_code} {reply.text}")
        except requests.RequestException as error:
            found.append(type(error).__name__)
    return found


@given(PLANS, st.integers(0, 3))
def test_a_seed_determines_everything(plan: Any, seed: int) -> None:
    """Two sessions with the same plan and seed have the same results and waits."""
    times = FakeTime(), FakeTime()
    faults = Faults(plan, seed=seed, latency=lambda rng: rng.random())
    one, other = (Emulator(LEADS, clock=time.clock).session(faults) for time in times)

    assert ends(one, 12) == ends(other, 12)
    assert one.fault_log == other.fault_log
    assert times[0].waits == times[1].waits
    assert len(one.fault_log) == 12


def test_other_seeds_make_other_faults() -> None:
    plan = {fault: 1 / len(Fault) for fault in Fault}
    stories = set()

    for seed in range(5):
        session = Emulator(LEADS, clock=FakeTime().clock).session(Faults(plan, seed=seed))
        ends(session, 20)
        stories.add(session.fault_log)

    assert len(stories) == 5


def test_chances_are_kept() -> None:
    """Of 2,000 calls, within four standard deviations."""
    session = EMULATOR.session(Faults({Fault.FAILED: 0.1, Fault.LIMITED: 0.3}))

    for _ in range(2_000):
        post(session)

    assert session.fault_log.count(Fault.FAILED) == pytest.approx(200, abs=54)
    assert session.fault_log.count(Fault.LIMITED) == pytest.approx(600, abs=82)
    assert session.fault_log.count(None) == pytest.approx(1_200, abs=88)


def test_threads_share_the_faults() -> None:
    """Each fault of a list happens once."""
    session = EMULATOR.session(Faults([Fault.FAILED, None, Fault.LIMITED, Fault.UNAVAILABLE]))
    statuses: list[int] = []
    threads = [Thread(target=lambda: statuses.append(post(session).status_code)) for _ in range(6)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200, 200, 200, 429, 500, 503]


def test_leads_are_removed_and_added() -> None:
    """Between calls; added leads were hidden before, and TotalCount follows."""
    plan = [Fault.REMOVED, None, Fault.ADDED, Fault.ADDED, None]
    session = EMULATOR.session(Faults(plan, seed=3))

    seen = [set(ids(session)) for _ in range(6)]

    assert [len(one) for one in seen] == [3, 3, 4, 5, 5, 5]
    assert seen[0] == seen[1] < seen[2] < seen[3] == seen[4] == seen[5]
    assert post(session).json()["TotalCount"] == "5"


def test_drift_belongs_to_one_session() -> None:
    """The account and other sessions do not change."""
    session = EMULATOR.session(Faults([Fault.REMOVED, Fault.REMOVED]))

    assert [len(ids(session)) for _ in range(3)] == [5, 4, 4]
    assert ids(EMULATOR.session()) == "abcdef"
    assert EMULATOR.answer(LIST)["TotalCount"] == "6"


@pytest.mark.parametrize(
    ("leads", "plan", "counts"),
    [
        (2, [Fault.REMOVED] * 4, [1, 0, 0, 0]),
        (2, [Fault.ADDED] * 4, [2, 2, 2, 2]),
        (0, [Fault.REMOVED, Fault.ADDED, Fault.REORDERED], [0, 0, 0]),
        (4, {Fault.ADDED: 1.0}, [3, 4, 4]),
        (4, {Fault.ADDED: 0, Fault.REMOVED: 0}, [4]),
    ],
)
def test_drift_of_few_leads(leads: int, plan: Any, counts: list[int]) -> None:
    """At most half of a small account is hidden."""
    session = Emulator(LEADS[:leads]).session(Faults(plan))

    assert [len(ids(session)) for _ in counts] == counts


def test_drift_affects_groups() -> None:
    session = EMULATOR.session(Faults([Fault.REMOVED, Fault.REORDERED]))
    output = {
        "Type": "aggregate",
        "GroupBy": "OwnerId",
        "AggregateFunction": "Count",
        "AggregateField": "OwnerId",
    }

    reply = session.post(URL, params=KEYS, json={"Output": output})

    assert reply.json()["Results"] == [{"OwnerId": None, "Count": 5}]


def test_reordered_leads() -> None:
    """In one call; leads without data come first then."""
    leads = [*LEADS, {"FirstName": "without an id"}]
    session = Emulator(leads).session(Faults([None, Fault.REORDERED, None]))

    orders = [[row["ProspectID"] for row in post(session).json()["Results"]] for _ in range(3)]

    assert orders[0] == orders[2] == [*"abcdef", None]
    assert orders[1] == [None, *"fedcba"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Faults("dropped"), "faults: 'dropped' is not a plan; write a list of"),
        (lambda: Faults(3), "faults: 3 is not a plan; write a list of"),
        (lambda: Faults([None, "dropped"]), "faults[1]: 'dropped' is not a Fault; write a list of"),
        (lambda: Faults({"dropped": 0.1}), "faults: 'dropped' is not a Fault; write a list of"),
        (
            lambda: Faults({Fault.SLOW: 1.5}),
            "faults: 1.5 is not the chance of Fault.SLOW; write a number from 0 to 1",
        ),
        (lambda: Faults({Fault.SLOW: True}), "faults: true is not the chance of Fault.SLOW;"),
        (
            lambda: Faults({Fault.SLOW: 0.6, Fault.REMOVED: 0.6}),
            "faults: the chances add up to more than 1, but a call has one fault at most; ",
        ),
        (lambda: Faults(latency=-1), "faults: -1 is not a time; write seconds, 0 or more"),
        (
            lambda: Faults(latency=float("nan")),
            "faults: nan is not a time; write seconds, 0 or more",
        ),
        (lambda: Faults(slow="1"), "faults: '1' is not a time; write seconds, 0 or more"),
    ],
)
def test_invalid_plans(make: Callable[[], Faults], message: str) -> None:
    """The message shows a valid plan."""
    with pytest.raises(QueryError) as caught:
        make()

    assert str(caught.value).startswith(message)


def test_plans_from_other_iterables() -> None:
    """An iterator is read once, and a mapping is copied."""
    chances = {Fault.FAILED: 1.0}
    faults = Faults(chances)
    chances.clear()

    assert Faults(iter([Fault.SLOW])).plan == (Fault.SLOW,)
    assert faults.fault(0, faults.rng(0)) is Fault.FAILED
