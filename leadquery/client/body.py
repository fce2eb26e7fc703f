"""The body of a response as it arrives, within its deadline and its largest size, and what fails.

The errors of a failed connection do not repeat the text of requests, which may hold the URL and
the keys.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Callable, Iterator
from http import HTTPStatus
from http.client import HTTPException
from typing import Final, TypeVar

import requests
from attrs import frozen
from requests import Response
from urllib3.exceptions import HTTPError, ReadTimeoutError

from leadquery.client.deadline import Deadline
from leadquery.client.response import (
    REDIRECTS,
    SERVER_ERRORS,
    TRY_AGAIN,
    RawResponse,
    ResponseParser,
    incomplete_error,
    size_error,
    truncated_error,
)
from leadquery.errors import ApiError, RequestTimeoutError, TransportError

Timeouts = tuple[float, float]
"""Seconds to connect, and to wait for the next byte."""

LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")

T = TypeVar("T")

Parse = Callable[[ResponseParser, RawResponse], T | ApiError]

MAX_ERROR_BYTES: Final = 1 << 20
"""How much of the body of an error to read."""

NETWORK_ERRORS: Final = (
    OSError,
    HTTPError,
    HTTPException,
    ValueError,
    ArithmeticError,
    LookupError,
    zlib.error,
)
"""What a session raises when a call fails. The errors of requests are OSErrors, those of a number,
a URL or a text that cannot be read ValueErrors."""


@frozen
class StreamingResponse:
    """A response of which only status and headers were read so far."""

    response: Response
    parser: ResponseParser
    timeouts: Timeouts
    deadline: Deadline
    max_bytes: int | None = None

    def chunks(self) -> Iterator[bytes]:
        """The body as it arrives. Raises ApiError if it is cut off or the deadline passes."""
        client, received = self.parser.client, 0
        limit = math.inf if self.max_bytes is None else self.max_bytes
        error: ApiError | None = None
        chunks = read_body(self.response)
        with self.response:
            while error is None:
                try:
                    chunk = next(chunks, None)
                except EndOfStreamError:
                    error = truncated_error(client, received)
                    break
                except NETWORK_ERRORS as network_error:
                    error = connection_error(client, network_error, self.timeouts)
                    if self.deadline.remaining <= 0:
                        error = deadline_error(client, self.deadline.seconds, attempts=1)
                    break
                if chunk is None:
                    error = incomplete_error(client, received, self.response.headers)
                    break
                received += len(chunk)
                if received > limit:
                    error = size_error(client, self.max_bytes or 0)
                    break
                yield chunk
                if self.deadline.remaining <= 0:
                    error = deadline_error(client, self.deadline.seconds, attempts=1)
        # Raised here so that the error of requests, which holds the URL, is not its context.
        if error:
            raise error

    def read(self) -> RawResponse | ApiError:
        """The complete response, or the error that ended it."""
        status, headers = self.response.status_code, self.response.headers
        body = bytearray()
        try:
            for chunk in self.chunks():
                body += chunk
                if status != HTTPStatus.OK and len(body) >= MAX_ERROR_BYTES:
                    break
        except ApiError as error:
            # The status says what is wrong, also if its explanation cannot be read.
            if status == HTTPStatus.OK or self.deadline.remaining <= 0:
                # Its frames have the headers, in which the server may repeat the keys.
                return error.with_traceback(None)
        if status in REDIRECTS:
            self.response.close()
        return RawResponse(status, headers, bytes(body), self.response.elapsed)

    def read_as(self, parse: Parse[T]) -> T | ApiError:
        """What a method of `ResponseParser` makes of the complete response."""
        response = self.read()
        return response if isinstance(response, ApiError) else parse(self.parser, response)

    def read_file(self) -> StreamingResponse | ApiError:
        """The response itself, with its body unread, if it is a CSV file."""
        if self.parser.is_csv(self.response.status_code, self.response.headers):
            return self
        return self.read_as(ResponseParser.not_csv_error)


CHUNK_SIZE: Final = 65_536
"""Bytes to read at a time, and the most to unpack at a time."""

_GZIP_NAMES: Final = ("gzip", "x-gzip")

_GZIP: Final = 16 + zlib.MAX_WBITS

_MAGIC: Final = b"\x1f"
"""The first byte of gzip. The second one may be in the next chunk."""


class EncodingError(ValueError):
    """The body is packed in a way that was not asked for. Never leaves the package."""


class EndOfStreamError(Exception):
    """The packed body ends before its end. Never leaves the package."""


def read_body(response: Response) -> Iterator[bytes]:
    """The body in chunks. Raises EndOfStreamError, EncodingError, and the errors of requests.

    urllib3 does not tell whether gzip was cut off, so gzip is unpacked here, and in small pieces:
    a chunk may unpack to a thousand times its size. No call asks for another encoding.
    """
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", *_GZIP_NAMES):
        raise EncodingError
    if encoding in _GZIP_NAMES and hasattr(response.raw, "stream"):
        yield from _unpack(response.raw.stream(CHUNK_SIZE, decode_content=False))
    else:
        yield from response.iter_content(CHUNK_SIZE)


def _unpack(chunks: Iterator[bytes]) -> Iterator[bytes]:
    member = zlib.decompressobj(_GZIP)
    is_empty = True
    for chunk in chunks:
        data = chunk
        while data:
            is_empty = False
            if member.eof:
                if not data.startswith(_MAGIC):
                    # Bytes after the last member mean nothing.
                    return
                member = zlib.decompressobj(_GZIP)
            yield member.decompress(data, CHUNK_SIZE)
            data = member.unconsumed_tail or member.unused_data
    if not is_empty and not member.eof:
        raise EndOfStreamError


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
