"""Calls are retried if that can help, after a pause."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import pytest
import requests
from hypothesis import given, strategies as st

from leadquery import Client, Leads
from leadquery.errors import (
    ApiError,
    ApiStatusError,
    AuthenticationError,
    BadRequestError,
    InvalidResponseError,
    MethodNotAllowedError,
    NotFoundError,
    QueryError,
    RateLimitError,
    RequestTimeoutError,
    ServerError,
    TransportError,
)
from leadquery.fields import Score
from tests.client.clocks import InstantClock
from tests.client.scripted_server import INPUT, RATE, ROWS, Reply, Script, client_of, error_response
from tests.client.stub_server import SECRET

FINE = Reply()
LIMIT = "API calls exceeded the limit of 20 in 5 second(s)"
QUERY = Leads.select(Score)

# Each act, and the error that a call ends with when no other act follows.
PASSING: dict[str, tuple[Reply, type[ApiError]]] = {
    "limit as 403": (error_response(403, None, LIMIT), RateLimitError),
    "limit as 200": (error_response(200, None, LIMIT), RateLimitError),
    "limit as 500": (error_response(500, "MXOtherException", LIMIT), RateLimitError),
    "408": (Reply(408, b""), ApiStatusError),
    "limit as text": (Reply(403, LIMIT.encode(), {"Content-Type": "text/plain"}), RateLimitError),
    "limit as JSON text": (Reply(403, json.dumps(LIMIT).encode()), RateLimitError),
    "limit of a gateway": (Reply(403, b'{"message": "Limit Exceeded"}'), RateLimitError),
    "limit without status": (Reply(200, json.dumps({"Message": LIMIT}).encode()), RateLimitError),
    "429": (Reply(429, b""), RateLimitError),
    "429 with error": (error_response(429, RATE, "slow down"), RateLimitError),
    "429 as 200": (error_response(200, RATE, "slow down"), RateLimitError),
    "429 as 500": (error_response(500, RATE), RateLimitError),
    "500": (Reply(500, b""), ServerError),
    "500 with error": (error_response(500, "MXSomethingException", "out of luck"), ServerError),
    "502": (Reply(502, b"<html>"), ServerError),
    "503": (Reply(503, b""), ServerError),
    "504": (Reply(504, b""), ServerError),
    "refused": (Reply(error=requests.ConnectionError("no")), TransportError),
    "reset": (Reply(error=ConnectionResetError("no")), TransportError),
    "no connection in time": (Reply(error=requests.ConnectTimeout("no")), RequestTimeoutError),
    "no response in time": (Reply(error=requests.ReadTimeout("no")), RequestTimeoutError),
    "no proxy": (Reply(error=requests.exceptions.ProxyError("no")), TransportError),
    "502 of a proxy": (
        Reply(error=requests.exceptions.ProxyError("Tunnel connection failed: 502 no")),
        TransportError,
    ),
    "torn": (Reply(cut=20), TransportError),
    "short": (Reply(200, ROWS[:20], {"Content-Length": str(len(ROWS))}), InvalidResponseError),
    "cut": (Reply(200, ROWS[:20]), InvalidResponseError),
    "empty": (Reply(200, b""), InvalidResponseError),
    "not JSON": (Reply(200, b"<html>"), InvalidResponseError),
}
FINAL: dict[str, tuple[Reply, type[ApiError]]] = {
    "unknown attribute": (error_response(500, "MXUnknownAttributeException"), BadRequestError),
    "no attribute": (error_response(500, None, "Attribute(s) does not exist"), BadRequestError),
    "no access as 400": (
        error_response(400, "MXInvalidAccessDetailsException"),
        AuthenticationError,
    ),
    "large page": (error_response(500, None, "Page size exceeds 1000"), BadRequestError),
    "certificates": (Reply(error=OSError("no TLS CA bundle")), TransportError),
    "407 of a proxy": (
        Reply(error=requests.exceptions.ProxyError("Tunnel connection failed: 407 no")),
        TransportError,
    ),
    "403 of a proxy": (
        Reply(error=requests.exceptions.ProxyError("Tunnel connection failed: 403 no")),
        TransportError,
    ),
    "302": (Reply(302, b"", {"Location": "https://else.example.com/"}), ApiStatusError),
    "400": (error_response(400, INPUT, "no"), BadRequestError),
    "400, silent": (Reply(400, b""), BadRequestError),
    "401": (error_response(401, "MXInvalidAccessDetailsException", "no"), AuthenticationError),
    "401 as 500": (
        error_response(500, "MXInvalidAccessDetailsException", "no"),
        AuthenticationError,
    ),
    "403": (Reply(403, b""), ApiStatusError),
    "404": (Reply(404, b"<html>"), NotFoundError),
    "405": (Reply(405, b""), MethodNotAllowedError),
    "input as 200": (error_response(200, INPUT, "no"), BadRequestError),
    "input as 500": (error_response(500, INPUT, "no"), BadRequestError),
    "input as 503": (error_response(503, "MXMandatoryAttributeMissingException"), BadRequestError),
    "unseen input as 500": (error_response(500, "MXInvalidColumnException"), BadRequestError),
    "Error as 200": (error_response(200, "MXSomethingException"), ApiStatusError),
    "no total": (Reply(200, b"{}"), InvalidResponseError),
    "a list": (Reply(200, b"[]"), InvalidResponseError),
    "certificate": (Reply(error=requests.exceptions.SSLError("no")), TransportError),
    "no URL": (Reply(error=requests.exceptions.InvalidURL("no")), TransportError),
}


def failed(client: Client) -> ApiError:
    """The error of a call."""
    with pytest.raises(ApiError) as caught:
        client.run_page(QUERY)
    return caught.value


@pytest.mark.parametrize("name", PASSING)
def test_transient_errors_are_retried(name: str) -> None:
    """At most six attempts."""
    act, error = PASSING[name]
    never, once = Script(act), Script(act, FINE)

    last = failed(client_of(never))

    assert (type(last), last.attempts, len(never.calls)) == (error, 6, 6)
    assert last.transient
    assert client_of(once).run_page(QUERY).total == 3
    assert len(once.calls) == 2


@pytest.mark.parametrize("name", FINAL)
def test_lasting_errors_are_not_retried(name: str) -> None:
    act, error = FINAL[name]
    script = Script(act, FINE)

    first = failed(client_of(script))

    assert (type(first), first.attempts, len(script.calls)) == (error, 1, 1)
    assert not first.transient


REPLIES = {**PASSING, **FINAL}


@given(st.lists(st.sampled_from(sorted(REPLIES)), max_size=8), st.integers(1, 7))
def test_every_call_ends_right_or_with_the_right_error(names: list[str], attempts: int) -> None:
    """For any sequence of responses: rows, or the last error with the number of attempts."""
    script = Script(*(REPLIES[name][0] for name in names), FINE)
    ends = [place for place, name in enumerate(names) if name in FINAL]
    last = min([*ends, len(names), attempts - 1])

    if last == len(names):
        assert client_of(script, max_attempts=attempts).run_page(QUERY).total == 3
    else:
        error = failed(client_of(script, max_attempts=attempts))

        assert (type(error), error.attempts) == (REPLIES[names[last]][1], last + 1)
    assert len(script.calls) == last + 1


def test_pauses_grow_with_jitter() -> None:
    """Half a second, doubled each time, plus up to half a second."""
    runs = []
    for _ in range(20):
        script = Script(Reply(503, b""))
        began = script.clock.now()
        failed(client_of(script))
        runs.append(script.clock.now() - began)

    assert all(15.5 <= run <= 18.0 for run in runs)
    assert len(set(runs)) > 1


def test_each_attempt_is_the_same_call() -> None:
    script = Script(Reply(503, b""), Reply(error=requests.ConnectionError()), FINE)

    client_of(script).run_page(QUERY)

    assert len({(call.method, call.url, call.body) for call in script.calls}) == 1
    assert script.calls[0].body == QUERY.to_json().encode()


def pause(act: Reply) -> float:
    """The pause before the second attempt."""
    script = Script(act, FINE)
    began = script.clock.now()
    client_of(script).run_page(QUERY)
    return script.clock.now() - began


LATER = datetime(2026, 3, 1, 12, 0, 40, tzinfo=UTC)
NOW = format_datetime(LATER.replace(second=0), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"Retry-After": "40"}, 40, 40),
        ({"Retry-After": " 40 "}, 40, 40),
        ({"Retry-After": "40.5"}, 40.5, 40.5),
        ({"Retry-After": "0"}, 0.5, 1),
        ({"Retry-After": format_datetime(LATER, usegmt=True), "Date": NOW}, 40, 40),
        ({"Retry-After": "Sun, 01 Mar 2026 12:00:40 -0000", "Date": NOW}, 40, 40),
        ({"Retry-After": NOW, "Date": format_datetime(LATER, usegmt=True)}, 0.5, 1),
        ({"Retry-After": NOW}, 0.5, 1),
        ({"Retry-After": "soon"}, 0.5, 1),
        ({"Retry-After": "-3"}, 0.5, 1),
        ({"Retry-After": ""}, 0.5, 1),
        ({}, 0.5, 1),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_respected(
    status: int, headers: dict[str, str], least: float, most: float
) -> None:
    """In seconds, or as a date by the server's clock; other values are ignored."""
    assert least - 1e-6 <= pause(Reply(status, b"", headers)) <= most + 1e-6


def test_a_retry_after_of_hours_is_raised_at_once() -> None:
    """A daily limit is for the caller to handle."""
    script = Script(error_response(429, RATE, "daily limit", Retry_After="7200"), FINE)

    error = failed(client_of(script, rate=(25, 5.0)))

    assert isinstance(error, RateLimitError)
    assert (error.retry_after, error.attempts, script.clock.slept) == (7200.0, 1, [0.0])
    assert client_of(script, rate=(25, 5.0)).run_page(QUERY).total == 3


def test_a_rejection_slows_the_whole_account() -> None:
    """Every call waits for the pause, then the rate is halved."""
    script = Script(error_response(429, RATE, Retry_After="20"), FINE)
    client = client_of(script, rate=(4, 5.0), max_attempts=1)
    failed(client)
    began, made = script.clock.now(), []

    for _ in range(5):
        client.run_page(QUERY)
        made.append(round(script.clock.now() - began, 3))

    assert made == [20.0, 20.0, 25.001, 25.001, 30.002]


@pytest.mark.parametrize(
    ("deadline", "takes", "calls"), [(0.4, 0.0, 1), (60, 0.0, 6), (60, 13.5, 4), (5, 5.0, 1)]
)
def test_no_attempt_starts_that_the_deadline_would_end(
    deadline: float, takes: float, calls: int
) -> None:
    """The last error is raised immediately."""
    script = Script(Reply(503, b"", takes=takes))
    began = script.clock.now()

    error = failed(client_of(script, deadline=deadline))

    assert (type(error), error.attempts, len(script.calls)) == (ServerError, calls, calls)
    assert script.clock.now() - began <= deadline


def test_a_call_has_no_more_time_than_its_query() -> None:
    """Its timeouts are limited by the deadline."""
    timeouts: list[Any] = []

    class RecordsTimeouts(Script):
        """Records the timeouts of its calls."""

        def send(self, request: Any, *_: object, **options: Any) -> Any:
            timeouts.append(options["timeout"])
            return super().send(request)

    late = Reply(error=requests.ReadTimeout("no"), takes=30.0)
    script = RecordsTimeouts(Reply(503, b"", {"Retry-After": "3"}, takes=4.0), late)

    error = failed(client_of(script, deadline=10, timeout=(5, 60)))

    assert [tuple(round(one, 3) for one in pair) for pair in timeouts] == [(5, 10), (3, 3)]
    assert (type(error), error.attempts) == (RequestTimeoutError, 2)
    assert str(error) == (
        "<Client: api.example.com>: no response within the deadline of 10 s (2 attempts); "
        "allow more time with deadline=, or request fewer rows"
    )


@pytest.mark.parametrize(("timeout", "sent"), [(7, (7, 7)), (0.5, (0.5, 0.5)), ((5, 60), (5, 60))])
def test_timeout_is_one_number_or_a_pair(timeout: Any, sent: tuple[float, float]) -> None:
    """As in requests."""
    timeouts: list[Any] = []

    class Recording(Script):
        """Records the timeouts of its calls."""

        def send(self, request: Any, *_: object, **options: Any) -> Any:
            timeouts.append(options["timeout"])
            return super().send(request)

    client_of(Recording(FINE), timeout=timeout).run_page(QUERY)

    assert timeouts == [sent]


def test_the_deadline_applies_to_a_slow_body() -> None:
    """Even if each chunk is in time."""
    clock = InstantClock()

    class Slow(Script):
        """Sends a body in chunks."""

        def send(self, request: Any, *_: object, **__: object) -> Any:
            response = super().send(request)
            response.iter_content = lambda *_: self._pieces()  # type: ignore[method-assign]  # Its own.
            return response

        def _pieces(self) -> Any:
            while True:
                clock.sleep(1.0)
                yield b" "

    error = failed(client_of(Slow(FINE, clock=clock), deadline=30))

    assert (type(error), error.attempts, clock.now()) == (RequestTimeoutError, 1, 1_030.0)


def test_an_error_carries_the_description_of_its_query() -> None:
    """As a note of the exception."""
    error = failed(client_of(Script(Reply(400, b""))))

    assert error.query == QUERY.describe()
    assert error.__notes__ == [
        f"see {error.docs_page} in the repository",
        f"the query: {QUERY.describe()}",
    ]


def test_each_attempt_is_logged() -> None:
    """With the error and the next pause."""
    records: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: records.append(record.getMessage())  # type: ignore[method-assign]  # Of this one.
    logger = logging.getLogger("leadquery")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)

    client_of(Script(Reply(503, b"", {"Retry-After": "7"}), FINE)).run_page(QUERY)
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)

    assert records == [
        (
            "<Client: api.example.com>: status 503; the API itself failed; try again later, "
            "or request fewer rows at once; attempt 2 of 6 in 7.0 s"
        )
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_attempts": 0}, "max_attempts=0 allows no call; write max_attempts=6"),
        ({"max_attempts": True}, "max_attempts=True allows no call; write max_attempts=6"),
        ({"max_attempts": 2.0}, "max_attempts=2.0 allows no call; write max_attempts=6"),
        ({"timeout": 0}, "timeout=0 is not a number of seconds above 0, or two; "),
        ({"timeout": (5,)}, "is not a number of seconds above 0, or two; "),
        ({"timeout": (5, 0)}, "is not a number of seconds above 0, or two; "),
        ({"timeout": (5, None)}, "is not a number of seconds above 0, or two; "),
        ({"timeout": (5, float("inf"))}, "is not a number of seconds above 0, or two; "),
        (
            {"deadline": 0},
            "deadline=0 is not a number of seconds above 0; write deadline=300, or None",
        ),
        (
            {"deadline": -1},
            "deadline=-1 is not a number of seconds above 0; write deadline=300, or None",
        ),
        (
            {"deadline": "5"},
            "deadline='5' is not a number of seconds above 0; write deadline=300, or None",
        ),
        ({"deadline": 10**400}, "is not a number of seconds above 0; write deadline=300, or None"),
        ({"timeout": 1e20}, "is not a number of seconds above 0, or two; "),
        ({"rate": (25, 10**400)}, "allows no call; write rate=(25, 5.0)"),
        ({"lock_file": "a\0b"}, "is not a path; write lock_file='account.lock'"),
        ({"lock_file": 5}, "lock_file=5 is not a path; write lock_file='account.lock'"),
        (
            {"session": "requests"},
            (
                "session='requests' is not a session; write requests.Session(), "
                "or Emulator(...).session()"
            ),
        ),
        ({"auth": "body"}, "auth='body' is unknown; write 'query' or 'headers'"),
    ],
)
def test_invalid_options_are_rejected(options: dict[str, Any], message: str) -> None:
    """The error names it and one that can."""
    with pytest.raises(QueryError) as caught:
        Client("api.example.com", "access", "secret", **options)

    assert message in str(caught.value)


@pytest.mark.parametrize("broken", [KeyboardInterrupt, MemoryError, QueryError])
def test_other_exceptions_pass_through(
    broken: type[BaseException],
) -> None:
    """Without retries."""
    secret_calls = 0

    def secret() -> str:
        nonlocal secret_calls
        secret_calls += 1
        if secret_calls == 2:
            raise broken("no key")
        return "secret"

    session = requests.Session()
    session.mount("https://", script := Script(Reply(503, b""), FINE))
    client = Client("api.example.com", "access", secret, session, rate=None, clock=script.clock)

    with pytest.raises(broken):
        client.run_page(QUERY)
    assert (secret_calls, len(script.calls)) == (2, 1)


def test_stream_file_yields_chunks() -> None:
    """Errors before the first chunk are retried."""
    csv = b"Score\r\n" + b"1\r\n" * 50_000
    script = Script(Reply(503, b""), Reply(200, csv, {"Content-Type": "text/csv; charset=utf-8"}))

    pieces = list(client_of(script)._transport.stream_file(QUERY.to_json(), QUERY.describe))

    assert b"".join(pieces) == csv
    assert len(pieces) > 1
    assert "responseformat=CSV&accessKey=" in str(script.calls[1].url)


@pytest.mark.parametrize(
    ("act", "error", "attempts"),
    [
        (FINE, InvalidResponseError, 1),
        (Reply(200, b"<html>"), InvalidResponseError, 6),
        (error_response(200, INPUT, "no"), BadRequestError, 1),
        (Reply(401, b""), AuthenticationError, 1),
        (Reply(200, b"", {"Content-Type": "application/json"}, cut=0), TransportError, 6),
    ],
)
def test_stream_file_raises_errors_before_the_first_chunk(
    act: Reply, error: type[ApiError], attempts: int
) -> None:
    with pytest.raises(ApiError) as caught:
        client_of(Script(act))._transport.stream_file(QUERY.to_json(), QUERY.describe)

    assert (type(caught.value), caught.value.attempts) == (error, attempts)
    assert caught.value.query == QUERY.describe()


CSV = {"Content-Type": "text/csv"}


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (
            Reply(200, b"Score\r\n", {**CSV, "Content-Length": "1000"}),
            InvalidResponseError,
            "the response ended after 7 of 1,000 bytes",
        ),
        (Reply(200, b"Score\r\n", CSV, cut=7), TransportError, "the connection was cut off"),
    ],
)
def test_an_incomplete_file_is_an_error(act: Reply, error: type[ApiError], message: str) -> None:
    """After the last chunk."""
    pieces = client_of(Script(act))._transport.stream_file(QUERY.to_json(), QUERY.describe)

    assert next(pieces) == b"Score\r\n"
    with pytest.raises(error, match=message) as caught:
        next(pieces)
    assert caught.value.query == QUERY.describe()


def test_any_path_can_be_requested() -> None:
    """On the account's host or another."""
    script = Script(Reply(503, b""), Reply(200, b"[1]"))
    caller = client_of(script)._transport

    assert caller.fetch_json("https://api2.example.com/v2/Some.svc/Path?a=b+c") == [1]
    assert {(call.method, str(call.url).partition("&secret")[0]) for call in script.calls} == {
        (
            "GET",
            "https://api2.example.com/v2/Some.svc/Path?a=b+c&accessKey=u%24r%2Baccess%2Fkey%3D%3D",
        )
    }
    assert caller.fetch_json("https://api.example.com/v2/Some.svc/Path") == [1]
    assert str(script.calls[-1].url).startswith("https://api.example.com/v2/Some.svc/Path?accessK")


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (Reply(200, b"<html>"), InvalidResponseError),
        (error_response(200, INPUT), BadRequestError),
        (Reply(404, b""), NotFoundError),
        (Reply(200, b"[1]", cut=0), TransportError),
    ],
)
def test_fetch_json_raises_errors(act: Reply, error: type[ApiError]) -> None:
    with pytest.raises(error):
        client_of(Script(act))._transport.fetch_json("https://api.example.com/v2/Some.svc/Path")


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        (
            "use https://api-us11.leadsquared.com/v2/",
            "write 'api-us11.leadsquared.com' as the host",
        ),
        (
            "wrong region. Host: API-IN21.leadsquared.com.",
            "write 'api-in21.leadsquared.com' as the host",
        ),
        (
            "api.example.com does not know you, ask api-x.leadsquared.com",
            "write 'api-x.leadsquared.com' as the host",
        ),
        ("log in at https://leadsquared.com.example.org/", None),
        ("log in at https://notleadsquared.com/", None),
        ("no such key on api.example.com", None),
        ("version 2.0.1 says no.", None),
        ("", None),
    ],
)
def test_a_401_names_the_right_host(message: str, advice: str | None) -> None:
    """If the response does; otherwise the message says where to find it."""
    exception_type = "MXInvalidAccessDetailsException"

    error = failed(client_of(Script(error_response(401, exception_type, message))))

    assert error.hint == (advice or "copy both keys and the API host from the account's settings")


@pytest.mark.parametrize(
    ("location", "rest"),
    [
        (
            "https://Other.leadsquared.com/x",
            "; if 'other.leadsquared.com' is it, write that",
        ),
        (
            "https://Other.example.com/x",
            "; 'other.example.com' is not one of the vendor",
        ),
        ("/v2/x", ""),
        ("https://api.example.com/x", ""),
        ("", ""),
    ],
)
def test_a_redirect_names_where_it_points(location: str, rest: str) -> None:
    """It is not followed."""
    script = Script(Reply(307, b"", {"Location": location}))

    error = failed(client_of(script))

    assert len(script.calls) == 1
    assert error.hint == (
        "redirects are not followed, to keep the keys safe; "
        f"write the API host of the account{rest}"
    )


@pytest.mark.parametrize("act", [one for one, _ in REPLIES.values()])
def test_every_error_has_a_hint(act: Reply) -> None:
    error = failed(client_of(Script(act)))

    assert error.hint
    assert str(error).endswith(f"; {error.hint}")


@pytest.mark.parametrize("keep", [lambda caller: caller.start_deadline(), lambda _: None])
def test_a_cancelled_query_makes_no_call(keep: Callable[[Any], Any]) -> None:
    """Other queries continue."""
    from leadquery.client.deadline import CancelledError

    script = Script(FINE)
    caller = client_of(script)._transport
    deadline = keep(caller)
    if deadline:
        deadline.cancel()
        with pytest.raises(CancelledError):
            caller.fetch_rows(QUERY.to_json(), None, deadline)

    assert len(script.calls) == 0
    assert caller.fetch_rows(QUERY.to_json())[1] == 3


def test_the_rate_that_the_message_names_is_advised() -> None:
    """It is that of the account's plan."""
    assert "rate=(20, 5.0)" in failed(client_of(Script(error_response(200, RATE, LIMIT)))).hint
    assert "wait 24 h" in failed(client_of(Script(Reply(429, b"", {"Retry-After": "86400"})))).hint


def test_a_page_that_is_too_large_is_answered_with_a_smaller_one() -> None:
    """The largest page that the API returns."""
    act = error_response(500, "MXInvalidInputException", "Page size exceeds the maximum")

    assert "query.page(1, 1000)" in failed(client_of(Script(act))).hint


def test_a_long_message_is_cut_without_half_a_key() -> None:
    """The keys are removed first."""
    act = error_response(400, INPUT, "x" * 9_995 + SECRET + "y" * 90_000)

    text = failed(client_of(Script(act))).api_message

    assert text is not None
    assert len(text) == 10_000
    assert SECRET[:3] not in text
