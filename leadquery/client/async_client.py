"""`AsyncClient`: the methods of `Client` for asyncio and trio.

They run in threads. That costs no speed, because the rate limit does not allow more calls than
threads can make, and all that `Client` is tested for holds here, too. A `CancelScope` stops the
thread of a task that is cancelled.
"""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Iterator
from contextlib import suppress
from contextvars import copy_context
from functools import partial, wraps
from threading import Thread
from types import CoroutineType
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    Final,
    Generic,
    NoReturn,
    ParamSpec,
    Self,
    TypeVar,
    Unpack,
    cast,
)

from leadquery.client.auth import NOT_PICKLED
from leadquery.client.client import Client
from leadquery.client.deadline import CancelScope
from leadquery.client.options import Options, check_options, read_environment
from leadquery.errors import QueryError, UsageError, missing_dependency_error
from leadquery.expr._guards import ExplainedMembers
from leadquery.result import Result
from leadquery.wire.enums import VARIABLES

if TYPE_CHECKING:
    from anyio import CapacityLimiter, Event

P = ParamSpec("P")
T = TypeVar("T")

THREADS: Final = 64
"""The most threads of a client. They are not those of the program, which has 40 in anyio."""


class _Call(Generic[T]):
    """A function to call in a thread, which then calls `notify`.

    It keeps the result, so that no future has it in its repr, which asyncio logs in debug mode.
    """

    def __init__(self, function: Callable[[], T], scope: CancelScope) -> None:
        self._function = function
        self._scope = scope
        self._error: BaseException | None = None
        self._result: T

    def run(self, notify: Callable[[], object]) -> None:
        try:
            with self._scope:
                self._result = self._function()
        except BaseException as error:  # noqa: BLE001 - `result` raises it.
            self._error = error
        # The event loop may be closed by now.
        with suppress(RuntimeError):
            notify()

    def result(self) -> T:
        """What the function returned. Raises what it raised."""
        if self._error is not None:
            try:
                raise self._error
            finally:
                # Its traceback has this object, too.
                self._error = None
        return self._result


def _notifier(event: Event) -> Callable[[], object]:
    """What sets an event of the current event loop from another thread."""
    trio: Any = sys.modules.get("trio")
    if trio and trio.lowlevel.in_trio_task():
        return partial(trio.lowlevel.current_trio_token().run_sync_soon, event.set)
    import asyncio

    return partial(asyncio.get_running_loop().call_soon_threadsafe, event.set)


# It returns a CoroutineType for jedi, which does not know what a Coroutine returns. mypy does not
# know that async functions return one.
def _awaited(
    method: Callable[Concatenate[Client, P], T],
) -> Callable[Concatenate[AsyncClient, P], CoroutineType[Any, Any, T]]:
    """A method of `Client`, to be awaited."""

    @wraps(method)
    async def call(self: AsyncClient, /, *args: P.args, **kwargs: P.kwargs) -> T:
        scope = CancelScope(self._clock)
        return await self._call(lambda: method(self._client, *args, **kwargs), scope)

    # Python warns of a coroutine that is not awaited by this name.
    call.__qualname__ = f"AsyncClient.{method.__name__}"
    return cast("Callable[Concatenate[AsyncClient, P], CoroutineType[Any, Any, T]]", call)


def _streamed(
    method: Callable[Concatenate[Client, P], Iterator[T]], split: Callable[[Result], Iterable[T]]
) -> Callable[Concatenate[AsyncClient, P], AsyncGenerator[T, None]]:
    """A method of `Client` that iterates over pages, or what is in them, for `async for`."""

    @wraps(method)
    def stream(self: AsyncClient, /, *args: P.args, **kwargs: P.kwargs) -> AsyncGenerator[T, None]:
        # It checks the arguments, and sends nothing before somebody iterates.
        method(self._client, *args, **kwargs)
        pages: Callable[..., Iterator[Result]] = self._client.pages
        return self._stream(pages(*args, **kwargs), split)

    return stream


class AsyncClient(ExplainedMembers):
    """Runs queries as `Client` does, without blocking the event loop of asyncio or trio.

    Takes the arguments of `Client`, all but the host and the keys by name. It needs anyio:
    `pip install 'leadquery[async]'`. The methods are those of `Client`: most are awaited; `pages`
    and `rows` are iterated over with `async for`. Tasks may share a client, also those of several
    event loops. The rate limit is that of all clients of the account, async or not.

    A task that is cancelled stops within 0.5 seconds. If it waits for the rate limit, its call is
    not made. If its call is under way, the response is dropped, and the call counts, because the
    server counts it. A file that `csv` writes is not replaced; one that `export` writes can be
    continued.

    Raises as `Client` does, and MissingDependencyError without anyio.

    >>> import anyio
    >>> from leadquery import AsyncClient, Leads
    >>> from leadquery.emulator import Emulator
    >>> async def main():
    ...     session = Emulator.demo(500).session()
    ...     async with AsyncClient("api.example.com", "key", "secret", session=session) as client:
    ...         print(await client.count(Leads))
    ...         async for page in client.pages(Leads.select("Phone").page(1, 200)):
    ...             print(len(page))
    >>> anyio.run(main)
    500
    200
    200
    100
    """

    @check_options
    def __init__(
        self,
        host: str,
        access_key: str,
        secret_key: str | Callable[[], str],
        **options: Unpack[Options],
    ) -> None:
        _check_anyio()
        try:
            self._client = Client(host, access_key, secret_key, **options)
        finally:
            # A traceback can show locals.
            del access_key, secret_key, options
        from anyio.lowlevel import RunVar

        self._limiter: RunVar[CapacityLimiter] = RunVar("leadquery_threads")
        self._clock = self._client._transport.clock

    @classmethod
    def from_env(cls, **options: Unpack[Options]) -> Self:
        """A client for the variables of `Client.from_env`. Takes the options of `Client`.

        Raises QueryError that names the variables which are not set.
        """
        read_environment(options)
        host, access_key, secret_key = VARIABLES
        return cls(os.environ[host], os.environ[access_key], os.environ[secret_key], **options)

    run = _awaited(Client.run)
    run_page = _awaited(Client.run_page)
    count = _awaited(Client.count)
    pages = _streamed(Client.pages, lambda page: (page,))
    rows = _streamed(Client.rows, lambda page: page.rows)
    plan = _awaited(Client.plan)
    csv = _awaited(Client.csv)
    export = _awaited(Client.export)
    lead_fields = _awaited(Client.lead_fields)
    users = _awaited(Client.users)
    find_user = _awaited(Client.find_user)

    async def aclose(self) -> None:
        """Close the connections that are kept open. Later calls open new ones."""
        self._client.close()

    # Type checkers know that it has none.
    if not TYPE_CHECKING:

        def __enter__(self):
            raise UsageError("an async client is used by `async with`; write async with client:")

        def __exit__(self, *_):
            """Python looks for it before it calls `__enter__`."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        client = repr(self._client) if hasattr(self, "_client") else "<Client>"
        return client.replace("<", "<Async", 1)

    def __reduce__(self) -> NoReturn:
        raise QueryError(NOT_PICKLED)

    async def _call(self, function: Callable[[], T], scope: CancelScope) -> T:
        """Call a function in a thread. If the task is cancelled, the thread is left to end."""
        from anyio import CapacityLimiter, Event

        try:
            limiter = self._limiter.get()
        except LookupError:
            limiter = CapacityLimiter(THREADS)
            self._limiter.set(limiter)
        call = _Call(function, scope)
        try:
            async with limiter:
                event = Event()
                # A daemon, unlike those of anyio: the program can end before a response arrives.
                Thread(
                    target=copy_context().run,
                    args=(call.run, _notifier(event)),
                    name="leadquery-async",
                    daemon=True,
                ).start()
                await event.wait()
        except BaseException:
            scope.cancel()
            raise
        return call.result()

    async def _stream(
        self, pages: Iterator[Result], split: Callable[[Result], Iterable[T]]
    ) -> AsyncGenerator[T, None]:
        scope = CancelScope(self._clock)
        try:
            while (page := await self._call(lambda: next(pages, None), scope)) is not None:
                for item in split(page):
                    yield item
        finally:
            # A thread of a cancelled task may still run it, and then ends it.
            with suppress(ValueError):
                cast("Generator[Result]", pages).close()


def _check_anyio() -> None:
    try:
        import anyio  # noqa: F401
    except ImportError:
        raise missing_dependency_error("AsyncClient", "anyio", extra="async") from None
