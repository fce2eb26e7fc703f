"""`AsyncClient`, on asyncio and trio, at servers with a strict rate limit."""

from __future__ import annotations

import asyncio
import gc
import inspect
import logging
import pickle
import subprocess
import sys
import threading
import traceback
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any, cast

import anyio
import pytest
from anyio import to_thread

from leadquery import AsyncClient, Client, Leads, users
from leadquery.client import async_client
from leadquery.emulator import Clock as MockClock, Emulator, Fault, Faults
from leadquery.errors import (
    AuthenticationError,
    MissingDependencyError,
    QueryError,
    RequestTimeoutError,
)
from leadquery.fields import FirstName, OwnerId, ProspectID, ProspectStage, Score
from leadquery.testing import FakeLeadSquared
from tests.client.clocks import InstantClock, StoppedClock

QUERY = Leads.select(ProspectID, FirstName).page(1, 100)
SECRET = "s&cret-key-of-the-test"  # noqa: S105 - no real key.
LEADS = [{"ProspectID": f"lead-{number}", "FirstName": f"Zoë-{number}"} for number in range(450)]

_accounts = count()

each_backend = pytest.mark.parametrize("backend", ["asyncio", "trio"])

Main = Callable[[AsyncClient], Awaitable[Any]]


def run_client(backend: str, main: Main, emulator: Emulator | None = None, **options: Any) -> Any:
    """The result of a function with a client of an account of its own."""
    emulator = emulator or Emulator(LEADS)
    faults = options.pop("faults", Faults())

    async def run() -> Any:
        with emulator.server(faults=faults) as server:
            key = f"access-{next(_accounts)}"
            async with AsyncClient(server.url, key, SECRET, **options) as client:
                return await main(client)

    return anyio.run(run, backend=backend)


async def cancel(function: Callable[[], Awaitable[object]], seconds: float) -> None:
    """Cancel a function after some seconds."""
    with anyio.move_on_after(seconds) as scope:
        await function()
    assert scope.cancelled_caught


def waiting(client: AsyncClient) -> int:
    """How many calls wait for the rate limit."""
    limiter = client._client._transport.rate_limiter
    assert limiter is not None
    return len(limiter._queue)


async def until(is_true: Callable[[], bool]) -> None:
    """Wait until a condition is true, which it soon becomes."""
    with anyio.fail_after(30):
        while not is_true():
            await anyio.sleep(0.01)


async def until_threads_end() -> None:
    """Wait for the threads of a client, which may outlive a call that was cancelled."""

    def names() -> str:
        return " ".join(thread.name for thread in threading.enumerate())

    await until(lambda: "leadquery-async" not in names() and "_run_tasks" not in names())


async def gather(number: int, function: Callable[[], Awaitable[Any]]) -> list[Any]:
    results: list[Any] = []

    async def add() -> None:
        results.append(await function())

    async with anyio.create_task_group() as group:
        for _ in range(number):
            group.start_soon(add)
    return results


@each_backend
@pytest.mark.parametrize("rate", [(40, 0.4), pytest.param((25, 5.0), marks=pytest.mark.slow)])
def test_200_calls_are_not_refused(backend: str, rate: tuple[int, float]) -> None:
    """They take no threads of the program, and no longer than the rate does."""
    emulator = Emulator(LEADS, rate=rate)
    most = 0

    async def main(client: AsyncClient) -> list[int]:
        nonlocal most

        async def watch() -> None:
            nonlocal most
            while True:
                most = max(most, to_thread.current_default_thread_limiter().borrowed_tokens)
                await anyio.sleep(0.01)

        async with anyio.create_task_group() as group:
            group.start_soon(watch)
            counts = await gather(200, lambda: client.count(Leads))
            group.cancel_scope.cancel()
        return counts

    threads = threading.active_count()
    started = perf_counter()
    counts = run_client(backend, main, emulator, rate=rate)
    took = perf_counter() - started

    assert counts == [450] * 200
    assert emulator.rejected_calls == 0
    assert most == 0
    # The server of the test has 100 threads.
    assert threading.active_count() - threads <= async_client.THREADS + 100
    floor = (200 // rate[0] - 1) * rate[1]
    assert floor <= took < 2 * floor + 10


@each_backend
def test_the_results_are_those_of_a_client(backend: str, tmp_path: Path) -> None:
    emulator = Emulator.demo(450)
    either = (Score > 80) | (ProspectStage == "Prospect")
    plan = Leads.where(either).group_by(OwnerId).count()

    async def main(client: AsyncClient) -> None:
        with Client(client._client._transport.origin, "any", "keys", rate=None) as same:
            assert await client.run(QUERY) == same.run(QUERY)
            assert (await client.run(plan)).rows == same.run(plan).rows
            assert await client.run_page(QUERY, tz="Asia/Kolkata") == (
                same.run_page(QUERY, tz="Asia/Kolkata")
            )
            assert await client.count(Leads.where(either)) == same.count(Leads.where(either))
            assert await client.plan(plan) == same.plan(plan)
            assert await client.lead_fields() == same.lead_fields()
            managers = users.Role == "Sales_Manager"
            assert await client.users(where=managers) == same.users(where=managers)
            assert await client.find_user("aarav roy") == same.find_user("aarav roy")
            assert [page async for page in client.pages(QUERY)] == [*same.pages(QUERY)]
            assert [row async for row in client.rows(QUERY, limit=150)] == [
                *same.rows(QUERY, limit=150)
            ]
            for method in ("csv", "export"):
                await getattr(client, method)(QUERY, tmp_path / "a.csv")
                getattr(same, method)(QUERY, tmp_path / "b.csv")
                assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()

    run_client(backend, main, emulator, rate=None)


@each_backend
def test_the_event_loop_is_not_blocked(backend: str) -> None:
    """While a call is under way, and while one waits for the limit."""
    is_called, may_respond = threading.Event(), threading.Event()

    def wait(_: object) -> float:
        is_called.set()
        assert may_respond.wait(30)
        return 0.0

    async def main(client: AsyncClient) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(client.count, Leads)
            await until(is_called.is_set)
            group.start_soon(client.count, Leads)
            await until(lambda: waiting(client) == 1)
            may_respond.set()

    run_client(backend, main, rate=(1, 0.1), faults=Faults(latency=wait))


@each_backend
def test_a_task_that_waits_for_the_limit_is_cancelled(backend: str) -> None:
    """Although its permit is far away, which then goes to the next task."""
    clock = StoppedClock()
    emulator = Emulator(LEADS, rate=(1, 1.0), clock=MockClock(clock.now, clock.sleep))

    async def main(client: AsyncClient) -> None:
        await client.count(Leads)
        first, second = anyio.CancelScope(), anyio.CancelScope()
        ends = []

        async def wait(scope: anyio.CancelScope) -> None:
            with scope:
                await client.count(Leads)
            ends.append(scope)

        async with anyio.create_task_group() as group:
            group.start_soon(wait, first)
            await until(lambda: waiting(client) == 1)
            group.start_soon(wait, second)
            await until(lambda: waiting(client) == 2)
            first.cancel()
            await until(lambda: waiting(client) == 1)
            assert ends == [first]
            clock.time += 1.1
        assert ends == [first, second]
        assert not second.cancelled_caught

    run_client(backend, main, emulator, rate=(1, 1.0), clock=clock)
    assert emulator.rejected_calls == 0


@each_backend
def test_a_call_under_way_is_cancelled(backend: str) -> None:
    """Before there is a response, and it counts, because the server counts it."""
    emulator = Emulator(LEADS, rate=(1, 0.3))
    is_called, may_respond = threading.Event(), threading.Event()

    def wait(_: object) -> float:
        is_called.set()
        assert may_respond.wait(30)
        return 0.0

    async def main(client: AsyncClient) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(client.count, Leads)
            await until(is_called.is_set)
            group.cancel_scope.cancel()
        limiter = client._client._transport.rate_limiter
        assert limiter is not None
        with limiter._store.window() as window:
            assert len(window.expiries) == 1
        may_respond.set()
        assert await client.count(Leads) == 450

    run_client(backend, main, emulator, rate=(1, 0.3), faults=Faults(latency=wait))
    assert emulator.rejected_calls == 0


PROGRAM = """
import sys

import anyio

from leadquery import AsyncClient, Leads


async def main():
    async with AsyncClient(sys.argv[1], "any", "keys") as client:
        with anyio.move_on_after(0.3):
            await client.count(Leads)


anyio.run(main, backend=sys.argv[2])
print("ended", flush=True)
"""


@each_backend
def test_a_program_ends_before_a_response(backend: str) -> None:
    """It does not wait for the thread of a cancelled call."""
    with Emulator(LEADS).server(faults=Faults([Fault.SLOW], slow=60)) as server:
        command = [sys.executable, "-c", PROGRAM, server.url, backend]
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)

    assert (run.stdout, run.stderr, run.returncode) == ("ended\n", "", 0)


@each_backend
def test_a_pause_before_another_attempt_is_cancelled(backend: str) -> None:
    """However long it is; and the thread ends."""
    clock = StoppedClock()

    async def main(client: AsyncClient) -> None:
        await cancel(lambda: client.run(QUERY), 0.3)
        await until_threads_end()

    run_client(backend, main, rate=None, faults=Faults({Fault.FAILED: 1.0}), clock=clock)


@pytest.mark.parametrize(("backend", "tz"), [("asyncio", None), ("trio", "Asia/Kolkata")])
def test_pages_can_be_left(backend: str, tz: str | None) -> None:
    """By a break, and by a cancelled task. Then no other page is asked for."""
    account = FakeLeadSquared()
    account.load(LEADS)
    query = QUERY.page(1, 1)

    async def main() -> None:
        async with AsyncClient.from_env(rate=(10, 0.4)) as client:
            async with aclosing(client.pages(query, tz=tz)) as pages:
                async for page in pages:
                    assert len(page) == 1
                    left = cast("Any", pages).ag_frame.f_locals["pages"]
                    break
            assert inspect.getgeneratorstate(left) == inspect.GEN_CLOSED
            await cancel(lambda: iterate(client), 0.6)
            await until_threads_end()
            await until(lambda: waiting(client) == 0)
            received = len(account.payloads)
            await anyio.sleep(0.5)
            assert len(account.payloads) == received < 450

    async def iterate(client: AsyncClient) -> None:
        async for _ in client.rows(query, tz=tz):
            pass

    with account.patched(), pytest.MonkeyPatch.context() as patch:
        for name, value in account.environment.items():
            patch.setenv(name, value)
        anyio.run(main, backend=backend)


def test_arguments_are_checked_at_the_call() -> None:
    client = AsyncClient("api.example.com", "key", "secret", session=Emulator([]).session())

    with pytest.raises(QueryError, match=r"finish it with"):
        client.pages(Leads)  # type: ignore[arg-type]
    with pytest.raises(QueryError, match=r"rows\(Leads.where"):
        client.rows(7)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        client.pages(QUERY, limitt=3)  # type: ignore[call-arg]


@each_backend
def test_a_wrong_query_has_the_message_of_a_client(backend: str) -> None:
    async def main(client: AsyncClient) -> str:
        with pytest.raises(QueryError) as caught:
            await client.run(Leads)  # type: ignore[arg-type]
        return str(caught.value)

    with pytest.raises(QueryError) as caught:
        Client("api.example.com", "key", "secret").run(Leads)  # type: ignore[arg-type]

    assert run_client(backend, main).splitlines()[0] == str(caught.value).splitlines()[0]


@each_backend
def test_the_wait_for_a_thread_counts_for_the_deadline(
    backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second call gets the thread after 50 s, and its permit after 80 s."""
    monkeypatch.setattr(async_client, "THREADS", 1)
    clock, both_wait = InstantClock(), threading.Event()
    emulator = Emulator(LEADS, clock=MockClock(clock.now, clock.sleep))

    def respond_late(_: object) -> float:
        assert both_wait.wait(30)
        return 0.0

    async def main(client: AsyncClient) -> None:
        errors = []

        async def ask() -> None:
            try:
                await client.count(Leads)
            except RequestTimeoutError as error:
                errors.append(error)

        async with anyio.create_task_group() as group:
            for _ in range(2):
                group.start_soon(ask)
            await anyio.sleep(0.1)
            both_wait.set()
        assert len(errors) == 1

    faults = Faults([Fault.SLOW], slow=50.0, latency=respond_late)
    run_client(backend, main, emulator, faults=faults, deadline=70, rate=(1, 30.0), clock=clock)


def test_a_client_of_several_event_loops() -> None:
    client = AsyncClient("api.example.com", "key", "secret", session=Emulator(LEADS).session())

    async def main() -> int:
        return await client.count(Leads)

    assert [anyio.run(main, backend=name) for name in ("asyncio", "trio", "asyncio")] == [450] * 3


@each_backend
def test_an_export_that_is_cancelled_is_continued(backend: str, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    emulator = Emulator(LEADS)

    async def main(client: AsyncClient) -> None:
        await cancel(lambda: client.export(QUERY, file, progress=False), 0.4)
        await until_threads_end()
        assert not file.exists()
        assert (await client.export(QUERY, file, progress=False)).rows == 450

    run_client(backend, main, emulator, rate=(2, 0.6))
    assert len(file.read_text("utf-8").splitlines()) == 451


def test_no_key_and_no_row_is_logged(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """In debug mode, asyncio logs futures with their results."""
    caplog.set_level(logging.DEBUG)
    emulator = Emulator(LEADS, keys=[("k", "other")])

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.slow_callback_duration = 0.0
        users = [{"UserID": "u", "FirstName": "Zoë-user"}]
        with emulator.server() as server, Emulator(LEADS, users).server() as other:
            wrong = AsyncClient(server.url, "access-key-of-the-test", SECRET)
            task = asyncio.create_task(wrong.run(QUERY))
            await asyncio.wait([task])
            del task
            await wrong.aclose()
            client = AsyncClient(
                other.url, "access-key-of-the-test", SECRET, rate=(4, 60.0), max_attempts=1
            )
            await client.run_page(QUERY)
            await client.users()
            await client.lead_fields()
            await anext(client.rows(QUERY))
            tasks = [asyncio.create_task(client.run(QUERY)) for _ in range(3)]
            await asyncio.sleep(0.1)
            tasks[0].cancel()
            await asyncio.wait(tasks[:1])
            for one in tasks:
                one.cancel()
            await asyncio.wait(tasks)
            del tasks, one
            gc.collect()
            await until_threads_end()
            await client.aclose()

    asyncio.run(main(), debug=True)

    printed = capfd.readouterr()
    logged = caplog.text + printed.out + printed.err
    assert "Executing" in logged
    assert "Zoë" not in logged
    assert "lead-1" not in logged
    for key in ("access-key-of-the-test", SECRET, "s%26cret"):
        assert key not in logged


def test_no_key_is_in_an_error() -> None:
    with pytest.raises(QueryError) as caught:
        AsyncClient("api.example.com", "key-of-the-test", SECRET, rate=(0, 1))
    for frame, _ in traceback.walk_tb(caught.value.__traceback__):
        if frame.f_code.co_filename != __file__:
            assert SECRET not in repr(frame.f_locals)

    async def main(client: AsyncClient) -> str:
        with pytest.raises(AuthenticationError) as refused:
            await client.count(Leads)
        return "".join(traceback.format_exception(refused.value))

    printed = run_client("asyncio", main, Emulator([], keys=[("a", "b")]))
    assert SECRET not in printed


def test_a_client_shows_and_pickles_no_key() -> None:
    client = AsyncClient("api.example.com", "key-of-the-test", SECRET)

    assert repr(client) == "<AsyncClient: api.example.com>"
    assert repr(AsyncClient.__new__(AsyncClient)) == "<AsyncClient>"
    with pytest.raises(QueryError, match="cannot be pickled"):
        pickle.dumps(client)


def test_from_env_names_the_variables_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LEADQUERY_HOST", "LEADQUERY_ACCESS_KEY", "LEADQUERY_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(QueryError, match="LEADQUERY_SECRET_KEY"):
        AsyncClient.from_env()


def test_it_needs_anyio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anyio", None)

    with pytest.raises(MissingDependencyError) as caught:
        AsyncClient("api.example.com", "key", "secret")

    assert str(caught.value).splitlines()[0] == (
        "AsyncClient needs anyio, which is not installed; run pip install 'leadquery[async]'"
    )


def public(cls: type) -> set[str]:
    return {name for name in dir(cls) if not name.startswith("_")}


def test_it_has_the_methods_of_a_client() -> None:
    """With the same parameters."""
    assert public(Client) - {"close"} == public(AsyncClient) - {"aclose"}
    for name in public(Client) - {"close", "from_env"}:
        method = getattr(AsyncClient, name)
        assert inspect.signature(method).parameters == (
            inspect.signature(getattr(Client, name)).parameters
        )
        assert inspect.iscoroutinefunction(method) == (name not in ("pages", "rows"))
