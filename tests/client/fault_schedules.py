"""Faults of servers and networks as bytes on a socket, and a server that plays them in turn."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Final

from tests.client.raw_server import RawServer, raw_server, read_request
from tests.client.stub_server import error_body

ROWS: Final = tuple({"ProspectID": f"id-{number}", "Score": str(number)} for number in range(25))

CSV: Final = "text/csv"

JSON: Final = "application/json"

SOCKET_TIMEOUT: Final = 0.5
"""Seconds to wait for the client."""

Fault = Callable[[socket.socket, bytes, str], object]
"""Gets the connection, and the body and the content type of the right response."""


def right_response(request: bytes) -> tuple[bytes, str]:
    """The body that answers a request, and its content type."""
    head, _, body = request.partition(b"\r\n\r\n")
    paging = json.loads(body)["Paging"]
    start = (paging["PageIndex"] - 1) * paging["PageSize"]
    rows = ROWS[start : start + paging["PageSize"]]
    if b"=CSV" in head.split(b"\r\n")[0]:
        lines = ["ProspectID,Score", *(",".join(row.values()) for row in rows)]
        return "".join(f"{line}\r\n" for line in lines).encode(), CSV
    return json.dumps({"TotalCount": str(len(ROWS)), "Results": rows}).encode(), JSON


def response(body: bytes, status: object = 200, headers: Mapping[str, str] | None = None) -> bytes:
    """A response with a body and its length."""
    lines = {"Content-Type": JSON, "Content-Length": f"{len(body)}", **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Something\r\n{head}\r\n".encode("latin-1") + body


def chunked(body: bytes, *, end: bytes = b"0\r\n\r\n", **headers: str) -> bytes:
    """A response in chunks."""
    chunks = [body[start : start + 100] for start in range(0, len(body), 100)]
    lines = {"Transfer-Encoding": "chunked", **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    framed = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + framed + end


def _sends(make: Callable[[bytes, str], bytes]) -> Fault:
    return lambda connection, body, kind: connection.sendall(make(body, kind))


def _says(body: object, status: object = 200, **headers: str) -> Fault:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda connection, *_: connection.sendall(response(content, status, named))


def _reset(connection: socket.socket, *_: object) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _reset_in_body(connection: socket.socket, body: bytes, kind: str) -> None:
    connection.sendall(response(body, headers={"Content-Type": kind})[:-5])
    _reset(connection)


def _fall_silent(connection: socket.socket, body: bytes, kind: str) -> None:
    connection.sendall(_right(body, kind)[:-3])
    connection.recv(1)


def _drip(make: Callable[[bytes, str], bytes]) -> Fault:
    def drip(connection: socket.socket, body: bytes, kind: str) -> None:
        content = make(body, kind)
        for index in range(len(content)):
            connection.sendall(content[index : index + 1])
            time.sleep(0.02)

    return drip


def _repeat(piece: bytes, before: bytes = b"") -> Fault:
    """Without end, until the client leaves or has had a megabyte."""

    def repeat(connection: socket.socket, *_: object) -> None:
        connection.sendall(before)
        for copy in [piece] * (1 + (1 << 20) // len(piece)):
            connection.sendall(copy)

    return repeat


def _packed(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


def _right(body: bytes, kind: str, **headers: str) -> bytes:
    return response(body, headers={"Content-Type": kind, **headers})


RIGHT: Final[dict[str, Fault]] = {
    "plain": _sends(_right),
    "closed after": _sends(lambda body, kind: _right(body, kind, Connection="close")),
    "in chunks": _sends(lambda body, kind: chunked(body, Content_Type=kind)),
    "packed": _sends(
        lambda body, kind: response(
            _packed(body), headers={"Content-Type": kind, "Content-Encoding": "gzip"}
        )
    ),
    "packed in chunks": _sends(
        lambda body, kind: chunked(_packed(body), Content_Type=kind, Content_Encoding="gzip")
    ),
    "packed in two members": _sends(
        lambda body, kind: chunked(
            _packed(body[:50]) + _packed(body[50:]), Content_Type=kind, Content_Encoding="gzip"
        )
    ),
    "after early hints": _sends(
        lambda body, kind: b"HTTP/1.1 100 Continue\r\n\r\n" + _right(body, kind)
    ),
}
"""Right responses in various forms."""

_RETRY_AFTER: Final = (
    *("0", "1", "0.5", " 2 ", "30", "7200", "-1", "nan", "inf", "1e9", "9" * 400, "soon", "\xb2"),
    *("Wed, 21 Oct 2015 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 99 Foo 2026"),
)

_LIMIT: Final = "API calls exceeded the limit of 20 in 5 second(s)"

_VALUES: Final[dict[str, object]] = {
    "empty": b"",
    "null": None,
    "a list": [],
    "a number": 3,
    "a text": "no",
    "an object": {},
    "no number": {"TotalCount": "many", "Results": []},
    "below zero": {"TotalCount": -1, "Results": []},
    "a fraction": {"TotalCount": 1.5, "Results": []},
    "true": {"TotalCount": True, "Results": []},
    "a huge number": {"TotalCount": "9" * 400, "Results": []},
    "other digits": {"TotalCount": "\xb3", "Results": []},
    "no list": {"TotalCount": "25"},
    "null list": {"TotalCount": "25", "Results": None},
    "rows as text": {"TotalCount": "25", "Results": "[]"},
    "rows of numbers": {"TotalCount": "25", "Results": [1, None]},
    "HTML": b"<html><body>Bad gateway</body></html>",
    "half of JSON": b'{"TotalCount": "25", "Results": [{"Score": "1"',
    "deep JSON": b"[" * 100_000,
    "long number": b'{"TotalCount": ' + b"9" * 10_000 + b', "Results": []}',
    "not UTF-8": b'{"TotalCount": "25", "Results": [{"Score": "\xff"}]}',
    "error": error_body("MXSomethingException", "out of luck"),
    "limit": error_body("MXAPIRateLimitExceededException", _LIMIT),
    "limit of a gateway": {"message": _LIMIT},
    "input": error_body("MXInvalidInputException", "no such field"),
    "odd error": {"Status": "Error", "ExceptionType": 7, "ExceptionMessage": ["\x1b[2J"]},
}
"""Bodies that are no page."""

_STATUSES: Final = (
    *(204, 206, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 407, 408, 410, 413),
    *(418, 421, 425, 429, 431, 451, 500, 501, 502, 503, 504, 507, 511, 520, 599, 600, 999),
)

_LOCATIONS: Final = ("/", "https://other.example.com/\x1b[2J", "//[::1", "http://\xff/", "a:b", "")

FAULTS: Final[dict[str, Fault]] = {
    **{f"200 {name}": _says(value) for name, value in _VALUES.items()},
    **{f"CSV {name}": _says(value, 200, Content_Type=CSV) for name, value in (("empty", b""),)},
    **{f"{status}": _says(b"", status) for status in _STATUSES},
    **{f"{status} HTML": _says(b"<html>no", status) for status in _STATUSES},
    **{f"{status} error": _says(error_body("MX", "no"), status) for status in _STATUSES},
    **{f"{status} limit": _says({"Message": _LIMIT}, status) for status in (403, 429, 500)},
    **{f"302 {place!r}": _says(b"", 302, Location=place) for place in _LOCATIONS},
    **{
        f"{status} Retry-After {text}": _says(b"", status, Retry_After=text)
        for status in (429, 503)
        for text in _RETRY_AFTER
    },
    "closed": lambda connection, *_: connection.close(),
    "reset": _reset,
    "reset in the body": _reset_in_body,
    "half a status line": _sends(lambda *_: b"HTTP/1."),
    "half a header": _sends(lambda *_: b"HTTP/1.1 200 OK\r\nContent-Le"),
    "half a body": _sends(lambda body, kind: _right(body, kind)[: -len(body) // 2]),
    "no body": _sends(lambda body, kind: _right(body, kind)[: -len(body)]),
    "last byte missing": _sends(lambda body, kind: _right(body, kind)[:-1]),
    "no last chunk": _sends(lambda body, kind: chunked(body, end=b"", Content_Type=kind)),
    "half the last chunk": _sends(lambda body, kind: chunked(body, Content_Type=kind)[:-40]),
    "bad chunk": _sends(lambda body, kind: chunked(body, end=b"zz\r\n", Content_Type=kind)),
    "chunk below zero": _sends(lambda body, kind: chunked(body, end=b"-1\r\n", Content_Type=kind)),
    **{
        f"packed, cut by {cut}": _sends(
            lambda body, kind, cut=cut: response(  # type: ignore[misc]
                _packed(body)[:-cut], headers={"Content-Type": kind, "Content-Encoding": "gzip"}
            )
        )
        for cut in (1, 4, 8, 9, 30)
    },
    "packed, cut in chunks": _sends(
        lambda body, kind: chunked(_packed(body)[:-9], Content_Type=kind, Content_Encoding="gzip")
    ),
    "packed, changed": _sends(
        lambda body, kind: response(
            bytes(byte ^ (index == 30) for index, byte in enumerate(_packed(body))),
            headers={"Content-Type": kind, "Content-Encoding": "gzip"},
        )
    ),
    "packed, but plain": _sends(
        lambda body, kind: response(
            body, headers={"Content-Type": kind, "Content-Encoding": "gzip"}
        )
    ),
    "deflated, but plain": _sends(
        lambda body, kind: response(
            body, headers={"Content-Type": kind, "Content-Encoding": "deflate"}
        )
    ),
    **{
        f"packed as {name}": _sends(
            lambda body, kind, name=name: response(  # type: ignore[misc]
                zlib.compress(body)[:-8], headers={"Content-Type": kind, "Content-Encoding": name}
            )
        )
        for name in ("deflate", "br", "zstd", "gzip, gzip", "deflate, gzip")
    },
    "bomb": _says(_packed(bytes(4 << 20)), Content_Encoding="gzip"),
    "bomb in a 500": _says(_packed(bytes(4 << 20)), 500, Content_Encoding="gzip"),
    "cut bomb": _says(zlib.compress(bytes(4 << 20))[:-20], Content_Encoding="deflate"),
    "no HTTP": _sends(lambda *_: b"SSH-2.0-OpenSSH_9.6\r\n"),
    "HTTP 0.9": _sends(lambda body, _: body),
    "HTTP 3.7": _sends(lambda body, kind: _right(body, kind).replace(b"1.1", b"3.7", 1)),
    "a status of letters": _says(b"", "abc"),
    "a status below zero": _says(b"", -200),
    "a status of 20 digits": _says(b"", "2" * 20),
    "lengths that differ": _sends(
        lambda body, kind: _right(body, kind).replace(b"\r\n", b"\r\nContent-Length: 3\r\n", 1)
    ),
    "length below zero": _sends(lambda body, kind: _right(body, kind, **{"Content-Length": "-5"})),
    "length too long": _sends(
        lambda body, kind: _right(body, kind, **{"Content-Length": "9" * 30})
    ),
    "long header": _repeat(b"a" * 1000, b"HTTP/1.1 200 OK\r\nX: "),
    "many headers": _repeat(b"X: y\r\n", b"HTTP/1.1 200 OK\r\n"),
    "header without a colon": _sends(
        lambda body, kind: _right(body, kind).replace(b"\r\n", b"\r\nno colon\r\n", 1)[:-3]
    ),
    "bytes in a header": _says(b"", 500, X="\x00\x1b\xff"),
    "continue without end": _repeat(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body without end": _repeat(b"x" * 1000, b"HTTP/1.1 200 OK\r\n\r\n"),
    "error without end": _repeat(b"x" * 1000, b"HTTP/1.1 500 No\r\n\r\n"),
}
"""Faults that end at once."""

SLOW: Final[dict[str, Fault]] = {
    "drips": _drip(_right),
    "drips of an error": _drip(lambda *_: response(b"x" * 500, 500)),
    "drips of chunks": _drip(lambda body, kind: chunked(body, Content_Type=kind)),
    "drips of a redirect": _drip(lambda *_: response(b"x" * 500, 302, {"Location": "/"})),
    "silence": lambda connection, *_: connection.recv(1),
    "silence in the body": _fall_silent,
}
"""Faults that last until the client leaves."""

ACTS: Final = {**RIGHT, **FAULTS, **SLOW}


class ScheduledServer:
    """Plays a schedule, one act for each call, and then responds as it should."""

    def __init__(self, schedule: Sequence[str]) -> None:
        self._acts: Iterator[str] = iter(schedule)
        self._lock = Lock()

    def respond(self, connection: socket.socket, request: bytes) -> None:
        """Play the acts of a connection until one ends it."""
        connection.settimeout(SOCKET_TIMEOUT)
        while request:
            with self._lock:
                name = next(self._acts, "plain")
            ACTS[name](connection, *right_response(request))
            if name not in RIGHT or name == "closed after":
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
                return
            request = read_request(connection)


@contextmanager
def scheduled_server(schedule: Sequence[str]) -> Iterator[RawServer]:
    """A server that plays a schedule in this block."""
    with raw_server(ScheduledServer(schedule).respond) as server:
        yield server
