"""Reads the response to a call: its body as it arrives, and what it means.

`ApiResponse` has a method for each use: rows, a total number, a JSON value, a CSV file. What goes
wrong is an error of `call_errors`.
"""

from __future__ import annotations

import json
import math
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

from attrs import frozen
from requests import Response

from leadquery.client.call_errors import (
    NETWORK_ERRORS,
    REDIRECTS,
    CallErrors,
    Timeouts,
    api_message_of,
)
from leadquery.client.deadline import Deadline
from leadquery.errors import ApiError
from leadquery.wire.enums import (
    CSV_CONTENT_TYPE,
    DATE,
    ROWS,
    STATUS,
    STATUS_ERROR,
    TOTAL,
    UNDATED,
)

Rows = tuple[dict[str, Any], ...]

MAX_ERROR_BYTES: Final = 1 << 20
"""How much of the body of an error to read."""


@frozen
class RawResponse:
    """A response whose body was read completely."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed: timedelta = timedelta()
    """How long it took to come."""

    def json(self) -> Any:
        """The value of the body, or None if it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def date(self) -> datetime | None:
        """The moment in its Date header; None without one that can be read."""
        return _parse_http_date(self.headers.get(DATE, ""))

    @property
    def retry_after(self) -> float | None:
        """Retry-After in seconds. A date is relative to the response's own Date header."""
        text = self.headers.get("Retry-After", "").strip()
        if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", text):
            return float(text)
        until = _parse_http_date(text)
        if until is None:
            return None
        return max(0.0, (until - (self.date or datetime.now(UTC))).total_seconds())


@frozen
class Counted:
    """A total number of rows, the Date header of its response, and how long that took to come.

    `date` is None if the response has no Date, or one that cannot be read. `is_undated` is true
    if a mock API says that some of its leads have no CreatedOn.
    """

    total: int
    date: datetime | None
    elapsed: timedelta
    is_undated: bool = False

    @property
    def earliest(self) -> datetime | None:
        """A moment, in whole seconds by the server's clock, not after which the rows were counted.

        The response was made after the request left this machine, and its Date is cut to seconds.
        """
        if self.date is None:
            return None
        return self.date.astimezone(UTC) - timedelta(
            seconds=math.ceil(self.elapsed.total_seconds())
        )


@frozen
class ApiResponse:
    """A response of which only status and headers were read so far."""

    response: Response
    errors: CallErrors
    timeouts: Timeouts
    deadline: Deadline
    max_bytes: int | None = None

    def rows(self) -> tuple[Rows, int] | ApiError:
        """The rows of a page, and the total number of rows."""
        found = self._read_json()
        return found if isinstance(found, ApiError) else self._rows(found[1])

    def counted(self) -> Counted | ApiError:
        """The total number of rows, and when it was counted."""
        found = self._read_json()
        if isinstance(found, ApiError):
            return found
        response, value = found
        rows = self._rows(value)
        if isinstance(rows, ApiError):
            return rows
        return Counted(rows[1], response.date, response.elapsed, UNDATED in response.headers)

    def json(self) -> Any:
        """The JSON value of the body, or an ApiError."""
        found = self._read_json()
        if isinstance(found, ApiError):
            return found
        if found[1] is None:
            return self.errors.invalid("the response is not JSON", transient=True)
        return found[1]

    def csv(self) -> ApiResponse | ApiError:
        """The response itself, with its body unread, if it is a CSV file."""
        content_type = self.response.headers.get("Content-Type", "").partition(";")[0]
        is_csv = content_type.strip().lower() == CSV_CONTENT_TYPE
        if self.response.status_code == HTTPStatus.OK and is_csv:
            return self
        found = self._read_json()
        if isinstance(found, ApiError):
            return found
        text = f"the response is not {CSV_CONTENT_TYPE}"
        return self.errors.invalid(text, transient=found[1] is None)

    def _rows(self, value: object) -> tuple[Rows, int] | ApiError:
        if not isinstance(value, dict):
            found = "the response is not a JSON object"
            return self.errors.invalid(found, transient=value is None)
        rows, total = value.get(ROWS), _parse_total(value.get(TOTAL))
        if total is None:
            return self.errors.invalid(f"the response has no number in {TOTAL!r}")
        if rows is None and total == 0:
            rows = []
        if not isinstance(rows, list) or not {*map(type, rows)} <= {dict}:
            return self.errors.invalid(f"the response has no list of objects in {ROWS!r}")
        return tuple(rows), total

    def _read_json(self) -> tuple[RawResponse, Any] | ApiError:
        """The complete response with its JSON value, or the error that ends or reports it."""
        response = self._read()
        if isinstance(response, ApiError):
            return response
        value = response.json()
        if _is_error(response, value):
            return self.errors.of_status(response, value)
        return response, value

    def _read(self) -> RawResponse | ApiError:
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

    def chunks(self) -> Iterator[bytes]:
        """The body as it arrives. Raises ApiError if it is cut off or the deadline passes."""
        received = 0
        limit = math.inf if self.max_bytes is None else self.max_bytes
        error: ApiError | None = None
        chunks = read_body(self.response)
        with self.response:
            while error is None:
                try:
                    chunk = next(chunks, None)
                except EndOfStreamError:
                    error = self.errors.truncated(received)
                    break
                except NETWORK_ERRORS as network_error:
                    error = self.errors.of_network(network_error, self.timeouts)
                    if self.deadline.remaining <= 0:
                        error = self.errors.deadline(self.deadline.seconds, attempts=1)
                    break
                if chunk is None:
                    length = _known_length(self.response.headers)
                    if received < length:
                        error = self.errors.incomplete(received, length)
                    break
                received += len(chunk)
                if received > limit:
                    error = self.errors.size(self.max_bytes or 0)
                    break
                yield chunk
                if self.deadline.remaining <= 0:
                    error = self.errors.deadline(self.deadline.seconds, attempts=1)
        # Raised here so that the error of requests, which holds the URL, is not its context.
        if error:
            raise error


def _is_error(response: RawResponse, value: object) -> bool:
    """Whether the API reports an error. It also does with status 200."""
    body = value if isinstance(value, dict) else {}
    is_named = body.get(STATUS) == STATUS_ERROR or (TOTAL not in body and api_message_of(body))
    return response.status != HTTPStatus.OK or bool(is_named)


def _parse_http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _parse_total(value: object) -> int | None:
    if type(value) is int and value >= 0:
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 19 else None


def _known_length(headers: Mapping[str, str]) -> int:
    """The bytes that a body should have, or 0 if they are not known."""
    length = headers.get("Content-Length", "")
    is_known = length.isdecimal() and len(length) < 19 and "Content-Encoding" not in headers
    return int(length) if is_known else 0


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
