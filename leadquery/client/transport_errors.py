"""Failures of the connection as the errors of `leadquery.errors`.

They do not repeat the text of requests, which may hold the URL and the keys.
"""

from __future__ import annotations

import re
from http.client import HTTPException
from typing import Final

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from leadquery.client.auth import LOOPBACK
from leadquery.client.response import SERVER_ERRORS, TRY_AGAIN
from leadquery.errors import RequestTimeoutError, TransportError

Timeouts = tuple[float, float]
"""Seconds to connect, and to wait for the next byte."""

_PROXY_AUTHENTICATION: Final = 407

_CONNECTION_ERRORS: Final = (
    (
        requests.exceptions.SSLError,
        "no secure connection; the certificate is not valid for this host",
        "check the host; REQUESTS_CA_BUNDLE names a company's own certificates",
        False,
    ),
    (
        requests.exceptions.ProxyError,
        "no connection to the proxy",
        "check the value of HTTPS_PROXY",
        True,
    ),
    (
        (requests.exceptions.InvalidURL, requests.exceptions.InvalidProxyURL),
        "the host cannot be called",
        "write the API host of the account, and check the value of HTTPS_PROXY",
        False,
    ),
)
"""Errors of requests: their class, our message and hint, and whether they may pass."""


def connection_error(client: str, error: Exception, timeouts: Timeouts) -> TransportError:
    """The error for an exception that requests or urllib3 raised during a call."""
    is_body_timeout = bool(error.args) and isinstance(error.args[0], ReadTimeoutError)
    if isinstance(error, requests.Timeout) or is_body_timeout:
        connect, read = timeouts
        return RequestTimeoutError(
            f"{client}: no response in time ({connect:g} s to connect, {read:g} s to respond)",
            f"request fewer rows at once, or wait longer: timeout=({connect:g}, {read * 2:g})",
            transient=True,
        )
    if type(error) is OSError and "TLS" in str(error):
        return TransportError(
            f"{client}: the file of certificates does not exist",
            "check the value of REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE, and verify= of the session",
        )
    if isinstance(error, requests.exceptions.ProxyError) and (match := _find_tunnel(str(error))):
        return _proxy_status_error(client, int(match[1]))
    if "SOCKS" in str(error) and isinstance(error, requests.exceptions.InvalidSchema):
        return TransportError(
            f"{client}: a SOCKS proxy needs the package PySocks, which is not installed",
            "write pip install 'leadquery[socks]', or check the value of HTTPS_PROXY",
        )
    for classes, found, hint, transient in _CONNECTION_ERRORS:
        if isinstance(error, classes):
            local_hint = _http_hint(client) if classes is requests.exceptions.SSLError else None
            return TransportError(f"{client}: {found}", local_hint or hint, transient=transient)
    if not isinstance(error, (OSError, HTTPError, HTTPException)):
        return TransportError(
            f"{client}: the response cannot be read ({type(error).__name__})",
            TRY_AGAIN,
            transient=True,
        )
    return TransportError(
        f"{client}: no connection, or it was closed ({type(error).__name__})",
        "check that the host is right and that this machine can reach it",
        transient=True,
    )


_find_tunnel = re.compile(r"Tunnel connection failed: ([1-5]\d\d)").search


def _proxy_status_error(client: str, status: int) -> TransportError:
    hint = "ask who runs the proxy to allow this host, or check the value of HTTPS_PROXY"
    if status == _PROXY_AUTHENTICATION:
        hint = "write HTTPS_PROXY with a user: http://user:password@proxy.example.com:8080"
    return TransportError(
        f"{client}: the proxy refused the connection with status {status}",
        hint,
        transient=status >= SERVER_ERRORS,
    )


def _http_hint(client: str) -> str | None:
    """What to write for a server of this machine, which seldom has a certificate."""
    host = client.partition(" ")[2].removesuffix(">")
    if not any(f"{host}:".startswith(f"{name}:") for name in LOOPBACK):
        return None
    return f"write http://{host} for a server without a certificate, such as leadquery serve"


def deadline_error(client: str, seconds: float | None, attempts: int) -> RequestTimeoutError:
    """The error for a query whose deadline has passed, before or after a call was made."""
    error = RequestTimeoutError(
        f"{client}: no response within the deadline of {seconds or 0:g} s",
        "allow more time with deadline=, or request fewer rows",
    )
    error.attempts = attempts
    return error
