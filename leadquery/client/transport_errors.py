"""What is said of a call that brings no whole answer: cut off, late, or never made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import requests

from leadquery.client.auth import LOOPBACK
from leadquery.errors import InvalidResponseError, RequestTimeoutError, TransportError

Timeouts = tuple[float, float]
"""Seconds to connect, and to wait for the next byte."""

AGAIN: Final = "try again; if it stays so, something between answers in its place"


def map_exception(where: str, error: Exception, timeouts: Timeouts) -> TransportError:
    """What happened, without the words of requests, which may hold the URL and the keys."""
    if isinstance(error, requests.Timeout):
        return timed_out(where, timeouts)
    for kind, found, advice, transient in FAILURES:
        if isinstance(error, kind):
            here = _without_tls(where) if kind is requests.exceptions.SSLError else None
            return TransportError(f"{where}: {found}", here or advice, transient=transient)
    return TransportError(
        f"{where}: no connection, or it was cut off ({type(error).__name__})",
        "see that the host is right and can be reached from here",
        transient=True,
    )


def _without_tls(where: str) -> str | None:
    """What to write for a server of this machine, which seldom has a certificate."""
    host = where.partition(" ")[2].removesuffix(">")
    if not any(f"{host}:".startswith(f"{one}:") for one in LOOPBACK):
        return None
    return f"write http://{host} for a server that has none, such as leadquery serve"


def timed_out(where: str, timeouts: Timeouts) -> RequestTimeoutError:
    """The error of a call whose answer did not come in time."""
    connect, read = timeouts
    return RequestTimeoutError(
        f"{where}: no answer in time ({connect:g} s to connect, {read:g} s to answer)",
        f"ask for less at once, or wait longer: timeout=({connect:g}, {read * 2:g})",
        transient=True,
    )


def out_of_time(where: str, seconds: float | None, attempts: int) -> RequestTimeoutError:
    """The error of a query whose deadline has passed, before or after a call was made."""
    error = RequestTimeoutError(
        f"{where}: no answer within the deadline of {seconds or 0:g} s",
        "allow more time with deadline=, or ask for less",
    )
    error.attempts = attempts
    return error


def broken_off(where: str, came: int, headers: Mapping[str, str]) -> InvalidResponseError | None:
    """The error of a body that is shorter than its head says, if it is."""
    length = headers.get("Content-Length", "")
    whole = int(length) if length.isdecimal() and "Content-Encoding" not in headers else came
    if came >= whole:
        return None
    found = f"the answer broke off after {came:,} of {whole:,} bytes"
    return InvalidResponseError(f"{where}: {found}", AGAIN, transient=True)


FAILURES: Final = (
    (
        requests.exceptions.SSLError,
        "no secure connection; the certificate does not fit",
        "see that the host is right; REQUESTS_CA_BUNDLE names a company's own certificates",
        False,
    ),
    (
        requests.exceptions.ProxyError,
        "no connection to the proxy",
        "see what HTTPS_PROXY names",
        True,
    ),
    (
        (requests.exceptions.InvalidURL, requests.exceptions.InvalidProxyURL),
        "the host cannot be called",
        "write the API host of the account, and see what HTTPS_PROXY names",
        False,
    ),
)
"""What requests raises: what was found, what to do next, whether it may pass."""
