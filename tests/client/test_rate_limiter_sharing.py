"""Which clients share a rate limit: those of an account, and by choice its processes."""

from __future__ import annotations

import gc
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import warnings
import weakref
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Thread, active_count
from typing import Any
from uuid import uuid4

import pytest
import requests

from leadquery import Client, Leads
from leadquery.client import rate_limiter as pacing
from leadquery.client.deadline import CancelledError, Clock, Deadline
from leadquery.client.rate_limiter import DEFAULT_RATE, Rate, RateLimiter, rate_limiter_for
from leadquery.emulator import Emulator
from leadquery.emulator.faults import Clock as MockClock
from leadquery.errors import QueryError, RateLimitError, RequestTimeoutError
from tests.client.clocks import InstantClock
from tests.client.scripted_server import Reply, Script, error_response
from tests.client.simulation import count_rejections, fixed
from tests.client.slow_server import SlowServer, client_of

AT_ONCE = fixed(0.0)


class OtherClock(Clock):
    """Another clock with the same time."""

    def __init__(self, clock: Clock) -> None:
        self.now, self.sleep, self.wait = clock.now, clock.sleep, clock.wait  # type: ignore[method-assign]


def account() -> str:
    """A new account."""
    return uuid4().hex


def moments(*clients: Client, calls: int, clock: Clock) -> list[float]:
    """When each call was made, by clients in turn."""
    made = []
    for place in range(calls):
        clients[place % len(clients)].count(Leads)
        made.append(clock.now())
    return [round(moment - made[0], 3) for moment in made]


def quick(account: str, clock: Clock, **options: object) -> Client:
    """A client of a server that answers at once, on a clock of its own."""
    return client_of(SlowServer(AT_ONCE, AT_ONCE), account, clock=clock, **options)


def test_the_default_rate_is_the_documented_one() -> None:
    """25 calls in 5 seconds."""
    clock = InstantClock()

    made = moments(quick(account(), clock), calls=51, clock=clock)

    assert (made[24], made[25], made[49], made[50]) == (0, 5.001, 5.001, 10.002)


def test_clients_of_an_account_share_its_rate() -> None:
    """Other access keys and hosts do not."""
    clock, name = InstantClock(), account()
    two = [quick(name, clock, rate=(2, 5.0)) for _ in range(2)]
    others = (
        quick(account(), clock, rate=(2, 5.0)),
        Client(
            "api2.example.com",
            name,
            "secret",
            two[0]._transport.session,
            rate=(2, 5.0),
            clock=clock,
        ),
    )

    assert moments(*two, calls=4, clock=clock) == [0, 0, 5.001, 5.001]
    assert moments(*others, calls=4, clock=clock) == [0, 0, 0, 0]


def test_the_last_rate_applies_to_the_account() -> None:
    """A client without a rate does not change it."""
    clock, name = InstantClock(), account()
    first = quick(name, clock, rate=(10, 5.0))
    quick(name, clock, rate=(2, 1.0))
    quick(name, clock)

    assert moments(first, calls=5, clock=clock) == [0, 0, 1.001, 1.001, 2.002]


def test_calls_of_a_deleted_client_still_count() -> None:
    clock, name = InstantClock(), account()
    made = []
    for _ in range(3):
        made += moments(quick(name, clock, rate=(1, 5.0)), calls=1, clock=clock)
        gc.collect()
        made.append(round(clock.now() - 1_000, 3))

    assert made[1::2] == [0, 5.001, 10.002]


def test_a_rate_limiter_is_freed_when_no_call_counts() -> None:
    """So many accounts take no memory."""
    clock, name = InstantClock(), account()
    first = rate_limiter_for(name, DEFAULT_RATE, clock)
    known = weakref.ref(first)
    with first.permit(Deadline(clock=clock), 65.0):
        pass
    del first
    gc.collect()

    assert known() is rate_limiter_for(name, DEFAULT_RATE, clock)
    clock.sleep(6.0)
    rate_limiter_for(account(), DEFAULT_RATE, clock)
    gc.collect()
    assert known() is None


def test_none_lets_every_call_go() -> None:
    """An emulator has no limit unless a rate is given."""
    clock = InstantClock()
    host, session = "api.example.com", Emulator([]).session()
    boxed = Client(host, account(), "s", session, clock=clock)
    tried = Client(host, account(), "s", session, clock=clock, rate=(2, 5.0))

    assert set(moments(quick(account(), clock, rate=None), calls=60, clock=clock)) == {0}
    assert set(moments(boxed, calls=60, clock=clock)) == {0}
    assert moments(tried, calls=3, clock=clock) == [0, 0, 5.001]


@pytest.mark.parametrize("shared", [False, True])
def test_the_rate_that_the_api_names_is_adopted_by_choice(shared: bool, tmp_path: Path) -> None:
    """After one rejection, by all clients of the account and through the lock file."""
    clock, name = InstantClock(), account()
    emulator = Emulator(
        [{"ProspectID": "a"}], rate=(4, 5.0), clock=MockClock(clock.now, clock.sleep)
    )
    options: dict[str, Any] = {"lock_file": tmp_path / "lock"} if shared else {}

    def client_on(clock: Clock) -> Client:
        session = emulator.session()
        return Client("a.example.com", name, "s", session, rate="auto", clock=clock, **options)

    made = moments(client_on(clock), calls=13, clock=clock)
    # A clock of its own stands for a process of its own.
    made_later = moments(client_on(OtherClock(clock) if shared else clock), calls=5, clock=clock)

    assert emulator.rejected_calls == 1
    assert made == [0, 0, 0, 0, *[5.001] * 4, *[10.002] * 4, 15.003]
    assert made_later == [0, 0, 0, 5.001, 5.001]


@pytest.mark.parametrize(("named", "limit"), [((6, 5.0), 6), ((1, 2.5), 1), ((100, 5.0), 12)])
def test_only_a_lower_rate_is_adopted(named: tuple[int, float], limit: int) -> None:
    """For another one, the calls may be those of another program."""
    clock, name = InstantClock(), account()
    script = Script(
        error_response(
            403, None, f"API calls exceeded the limit of {named[0]} in {named[1]} seconds"
        ),
        Reply(),
        clock=clock,
    )
    session = requests.Session()
    session.mount("https://", script)
    client = Client("a.example.com", name, "s", session, rate="auto", clock=clock, max_attempts=1)

    with pytest.raises(RateLimitError) as caught:
        client.count(Leads)

    assert caught.value.rate == named
    limiter = client._transport.rate_limiter
    assert limiter
    with limiter._store.window() as window:
        assert window.limit == limit


def test_no_rate_is_adopted_without_a_limit() -> None:
    """As with the session of an emulator that has none."""
    limit = "API calls exceeded the limit of 2 in 5 second(s)"
    script = Script(error_response(429, None, limit), Reply())
    session = requests.Session()
    session.mount("https://", script)
    session.unpaced = True  # type: ignore[attr-defined]
    client = Client("a.example.com", account(), "s", session, rate="auto", clock=script.clock)

    assert client.count(Leads) == 3
    assert client._transport.rate_limiter is None


def test_first_come_first_served() -> None:
    """Each thread gets its turn in the order of asking."""
    limiter, order, deadline = RateLimiter(Rate(1, 0.02)), [], Deadline()
    threads = []

    def call(number: int) -> None:
        with limiter.permit(deadline, 60.0):
            order.append(number)

    for number in range(12):
        threads.append(Thread(target=call, args=(number,)))
        threads[-1].start()
        while len(limiter._queue) + len(order) <= number:
            time.sleep(0.0005)
    for thread in threads:
        thread.join()

    assert order == list(range(12))


def test_waiting_threads_use_no_cpu() -> None:
    """And no additional thread."""
    limiter, deadline, running = RateLimiter(Rate(1, 0.6)), Deadline(), active_count()
    with limiter.permit(deadline, 1.0):
        pass
    began, spent = time.perf_counter(), time.thread_time()

    with limiter.permit(deadline, 1.0):
        waited, took = time.perf_counter() - began, time.thread_time() - spent

    assert waited > 0.59
    assert took < 0.05
    # Those of another test may have ended meanwhile.
    assert active_count() <= running


def test_the_deadline_applies_while_waiting() -> None:
    """The message names the limit; nothing is sent."""
    clock, name = InstantClock(), account()
    client = quick(name, clock, rate=(1, 60.0), deadline=10)
    client.count(Leads)

    with pytest.raises(RequestTimeoutError) as caught:
        client.count(Leads)

    assert clock.now() == pytest.approx(1_010.0)
    assert (caught.value.attempts, caught.value.status) == (0, None)
    assert str(caught.value) == (
        "<Client: api.example.com>: no response within the deadline of 10 s; "
        "allow more time with deadline=, or request fewer rows"
    )


def test_a_cancelled_deadline_stops_waiting() -> None:
    """The next in the queue gets the permit."""
    limiter, deadline, gone = RateLimiter(Rate(1, 30.0)), Deadline(), Event()
    with limiter.permit(deadline, 1.0):
        pass

    def call() -> None:
        with pytest.raises(CancelledError), limiter.permit(deadline, 1.0):
            raise AssertionError
        gone.set()

    thread = Thread(target=call)
    thread.start()
    while not limiter._queue:
        time.sleep(0.001)
    deadline.cancel()

    # The permit of the first call counts for half a minute.
    assert gone.wait(15)
    thread.join()
    assert not limiter._queue


INTERRUPTED = """
import sys, threading, time
from leadquery.client.rate_limiter import RateLimiter
from leadquery.client.deadline import Deadline
from leadquery.client.rate_limiter import Rate

def announce():
    while not limiter._queue:
        time.sleep(0.001)
    print("waiting", flush=True)

limiter, deadline = RateLimiter(Rate(1, 60.0)), Deadline()
with limiter.permit(deadline, 1.0):
    pass
thread = threading.Thread(target=announce)
thread.start()
try:
    with limiter.permit(deadline, 1.0):
        pass
except KeyboardInterrupt:
    thread.join()
    print(len(limiter._queue), threading.active_count())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a Windows process is not sent SIGINT alone")
def test_ctrl_c_ends_the_wait() -> None:
    """And the queue is empty."""
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, text=True
    ) as waiting:
        assert waiting.stdout
        assert waiting.stdout.readline() == "waiting\n"
        waiting.send_signal(signal.SIGINT)

        assert waiting.communicate(timeout=30)[0] == "0 1\n"


PROCESS = """
import sys
from leadquery import Leads
from tests.client.slow_server import SlowServer, client_of
from tests.client.simulation import uniform
path, account, calls = sys.argv[1:]
server = SlowServer(uniform(0.01), uniform(0.01))
client = client_of(server, account, rate=(10, 0.25), lock_file=path)
for _ in range(int(calls)):
    client.count(Leads)
print(*server.run.seen)
"""


def test_processes_share_the_rate_through_a_file(tmp_path: Path) -> None:
    """A strict server sees one account."""
    arguments = [sys.executable, "-c", PROCESS, str(tmp_path / "pace"), "some-account", "40"]
    processes = [subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    seen = sorted(
        float(one) for process in processes for one in process.communicate(timeout=60)[0].split()
    )

    assert len(seen) == 120
    assert count_rejections(seen, 10, 0.25) == 0
    # It takes 3 s; permits that are not given back, but time out, would take a minute.
    assert seen[-1] - seen[0] < 30
    assert b"some-account" not in (tmp_path / "pace").read_bytes()


def shared(path: Path, clock: Clock, name: str, rate: tuple[int, float] = (2, 5.0)) -> Client:
    """A client with a lock file, as in another process."""
    rate_limiter_for.__globals__["_limiters"].clear()
    return quick(name, clock, rate=rate, lock_file=path)


def test_a_lock_file_is_one_rate_limit(tmp_path: Path) -> None:
    """For all processes."""
    clock, name = InstantClock(), account()
    first, second = (shared(tmp_path / "pace", clock, name) for _ in range(2))
    other = shared(tmp_path / "pace", clock, account())

    assert moments(first, second, calls=4, clock=clock) == [0, 0, 5.001, 5.001]
    assert moments(other, calls=2, clock=clock) == [0, 0]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_process_does_not_wait_for_its_parents_threads() -> None:
    """Neither for locks nor in the queue; their calls still count."""
    name, rate = account(), Rate(1, 0.1)
    limiter = rate_limiter_for(name, rate)
    taken, done = Event(), Event()

    def wait(lock: Lock) -> None:
        with lock:
            taken.set()
            done.wait(30)

    with limiter.permit(Deadline(), 60.0):
        line = Thread(target=lambda: limiter.permit(Deadline(), 60.0).__enter__())
        line.start()
        while not limiter._queue:
            time.sleep(0.001)
        holders = [
            Thread(target=wait, args=(one,)) for one in (limiter._lock, pacing._limiters_lock)
        ]
        for holder in holders:
            taken.clear()
            holder.start()
            taken.wait(30)
        status = in_a_fork(lambda: take_permit(name, rate))
        done.set()
    for thread in (line, *holders):
        thread.join()

    assert status == 0


def test_a_forked_process_has_its_own_locks() -> None:
    """Tested without a fork, whose coverage is not recorded."""
    limiter = rate_limiter_for(account(), Rate(2, 5.0))
    locks = pacing._limiters_lock, limiter._lock
    pacing._reset_after_fork()

    assert pacing._limiters_lock is not locks[0]
    assert limiter._lock is not locks[1]
    assert not limiter._queue


def take_permit(name: str, rate: Rate) -> None:
    """Make a call beside the one that counts, for which there is room at a higher rate only."""
    limiter = rate_limiter_for(name, rate)
    with limiter.permit(Deadline(0.1), 60.0) as permit:
        assert permit is None
    limiter.set_rate(Rate(2, rate.seconds))
    with limiter.permit(Deadline(), 60.0) as permit:
        assert permit is not None


def in_a_fork(work: Callable[[], None]) -> int:
    """The exit status of a forked process."""
    with warnings.catch_warnings():
        # Python warns of forks beside threads, which is what is tried.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        signal.alarm(30)
        try:
            work()
        except BaseException:  # noqa: BLE001 - it must not go on as the parent does
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def test_a_file_may_join_later(tmp_path: Path) -> None:
    """Calls that count are added to the file."""
    clock, name = InstantClock(), account()
    quick(name, clock, rate=(2, 5.0)).count(Leads)
    clients = [quick(name, clock, rate=(2, 5.0), lock_file=tmp_path / "pace") for _ in range(2)]
    other = shared(tmp_path / "pace", clock, name)

    assert moments(*clients, other, calls=3, clock=clock) == [0, 5.001, 5.001]


def test_the_calls_of_a_killed_process_expire(tmp_path: Path) -> None:
    """With the timeout of the call."""
    clock, name = InstantClock(), account()
    shared(tmp_path / "pace", clock, name, (1, 5.0))._transport.rate_limiter.permit(  # type: ignore[union-attr]  # There is one.
        Deadline(clock=clock), 65.0
    ).__enter__()
    began = clock.now()

    shared(tmp_path / "pace", clock, name, (1, 5.0)).count(Leads)

    assert clock.now() - began == pytest.approx(70.0)


def test_a_lock_file_from_before_a_reboot(tmp_path: Path) -> None:
    """Its times are those of another clock."""
    clock, name = InstantClock(), account()
    client = shared(tmp_path / "pace", clock, name, (1, 5.0))
    client.count(Leads)
    clock.sleep(-900.0)
    began = clock.now()

    assert moments(client, calls=2, clock=clock) == [0, 5.001]
    assert clock.now() - began == pytest.approx(5.001)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda path: path.mkdir(), "unable to open database file"),
        (lambda path: path.write_text("no database, " * 100), "file is not a database"),
    ],
)
def test_a_file_that_cannot_be_used(
    tmp_path: Path, spoil: Callable[[Path], object], reason: str
) -> None:
    """Rejected when the client is made."""
    path = tmp_path / "pace"
    spoil(path)

    with pytest.raises(QueryError) as caught:
        quick(account(), InstantClock(), lock_file=path)

    assert str(caught.value) == (
        f"lock_file={str(path)!r} cannot be used: {reason}; "
        "name a file that this process may create and write"
    )


def test_the_lock_file_contains_times(tmp_path: Path) -> None:
    """And a hash of the account."""
    clock, name = InstantClock(), account()
    shared(tmp_path / "pace", clock, name).count(Leads)
    connection = sqlite3.connect(tmp_path / "pace")
    ((hashed, state),) = connection.execute("SELECT * FROM rate_limits").fetchall()
    connection.close()

    assert len(hashed) == 64
    assert json.loads(state)["rate"] == {"calls": 2, "seconds": 5.0}
    assert [path.name for path in tmp_path.iterdir()] == ["pace"]
